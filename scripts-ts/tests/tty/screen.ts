/** What a screen writes, read back by an emulator, must be what was wanted: by hand and by generated screens. */

import { toCells } from "/usr/lib/tui/cells.ts";
import { Emulator } from "/usr/lib/tui/emulator.ts";
import { Screen } from "/usr/lib/tui/screen.ts";
import { BOLD, fg, PLAIN, REVERSE, type Span, type Style } from "/usr/lib/tui/style.ts";

const ROWS = 8;
const COLUMNS = 20;
const screen = new Screen(ROWS, COLUMNS);
const emulator = new Emulator(ROWS, COLUMNS);

function flush(): string {
	const text = screen.flush();
	emulator.write(text);
	return text;
}

const visible = (text: string): string => text.replaceAll("\x1b", "^[").replaceAll("\x07", "^G");

screen.set(0, [["hello world", PLAIN]]);
screen.set(1, [
	["bold", BOLD],
	[" and ", PLAIN],
	["red", fg("red")],
]);
screen.cursor(0, 5);
console.log("first:", visible(flush()));
screen.set(0, [["hello World", PLAIN]]);
console.log("one letter:", visible(flush()));
screen.set(0, [["hello", PLAIN]]);
console.log("shorter:", visible(flush()));
console.log("nothing:", visible(flush()));
screen.set(2, [["猫猫 e\u0301x", PLAIN]]);
console.log("wide:", visible(flush()));
screen.set(2, [["猫犬 e\u0301y", PLAIN]]);
console.log("wide again:", visible(flush()));
screen.bell();
screen.cursor(null);
console.log("bell:", visible(flush()));
console.log(emulator.lines(), emulator.bells, emulator.cursorShown);

let seed = 11;
const random = (below: number): number => {
	seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
	return (seed >> 16) % below;
};
const PIECES = ["a", "bc", "  ", "猫", "e\u0301", "👩‍🚀", "long piece", "é", "-"];
const STYLES: Style[] = [PLAIN, BOLD, REVERSE, fg("green"), fg(200)];

function randomLine(): Span[] {
	return Array.from({ length: random(5) }, () => [
		PIECES[random(PIECES.length)] ?? "",
		STYLES[random(STYLES.length)] ?? 0,
	]);
}

/** What the emulator shows must be what the cells say, where it can know the width. */
function agrees(row: number, spans: Span[]): boolean {
	const cells = toCells(spans, COLUMNS);
	const wanted = cells.chars.map((char, at) => `${char}/${cells.styles[at]}`);
	const found = wanted.map((_, at) => at);
	const line = emulator.line(row).trimEnd();
	return (
		found.length >= 0 &&
		line === cells.chars.join("").trimEnd() &&
		wanted.every((each, at) => each.startsWith("/") || each.endsWith(`/${emulator.styleAt(row, at)}`))
	);
}

let wrong = 0;
let lines: Span[][] = Array.from({ length: ROWS }, () => []);
for (let round = 0; round < 400; round++) {
	const kind = random(4);
	if (kind === 0) lines = [...lines.slice(1), randomLine()];
	else if (kind === 1) lines = [randomLine(), ...lines.slice(0, -1)];
	else if (kind === 2) lines[random(ROWS)] = randomLine();
	else lines = lines.map(() => randomLine());
	for (const [row, line] of lines.entries())
		screen.set(
			row,
			line.filter(([text]) => !text.includes("\u200d")),
		);
	flush();
	for (const [row, line] of lines.entries())
		if (
			!agrees(
				row,
				line.filter(([text]) => !text.includes("\u200d")),
			)
		)
			wrong++;
}
console.log("rows that differ:", wrong);
