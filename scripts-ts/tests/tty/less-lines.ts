/** Lines of a pager: forwards and backwards they are the same, and their numbers are right. */

import { Lines, type Piece } from "/usr/lib/less/lines.ts";
import { parsePattern, searchBackward, searchForward } from "/usr/lib/less/pattern.ts";
import { storeOfText } from "/usr/lib/less/store.ts";

const TEXTS: [string, string][] = [
	["nothing", ""],
	["one newline", "\n"],
	["no newline at the end", "one\ntwo\n\nthree"],
	["a long line", "x".repeat(100_000)],
	["a long line of two-byte characters", `short\n${"é".repeat(40_001)}\nend\n`],
	["lines as long as a piece", `${"l".repeat(16_384)}\n`.repeat(3)],
	["many lines", "ab\n".repeat(70_000)],
	["a newline at a cut", `${"y".repeat(32_768)}\nz`],
	["wide characters", "猫".repeat(30_000)],
];

const describe = (pieces: Piece[]): string =>
	JSON.stringify(pieces.map((piece) => [piece.at, piece.next, piece.continues]));

for (const [name, text] of TEXTS) {
	const bytes = new TextEncoder().encode(text);
	const lines = new Lines(storeOfText(bytes));
	const forward: Piece[] = [];
	for (let piece = await lines.piece(0); piece !== undefined; piece = await lines.after(piece)) forward.push(piece);
	const few = forward.length < 2000;
	const back: Piece[] = [];
	if (few)
		for (let piece = await lines.before(bytes.length); piece !== undefined; piece = await lines.before(piece.at))
			back.unshift(piece);
	const same = !few || describe(forward) === describe(back);
	console.log(`${name}: ${forward.length} pieces, ${same ? "the same backwards" : "OTHERS backwards"}`);
	console.log(
		" ",
		await lines.numberAt(bytes.length),
		await lines.place(3),
		await lines.place(69_000),
		await lines.place(1e9),
	);
}

const many = Array.from(
	{ length: 50_000 },
	(_, index) => `line ${index} ${index % 9999 === 0 ? "needle" : "hay"}`,
).join("\n");
const lines = new Lines(storeOfText(new TextEncoder().encode(many)));
const pattern = parsePattern("ne+dle$", "exact");
const never = (): boolean => false;
let at = await searchForward(lines, await lines.piece(0), pattern, never);
const found: number[] = [];
while (at !== undefined) {
	found.push(await lines.numberAt(at.at));
	at = await searchForward(lines, await lines.after(at), pattern, never);
}
console.log("forward:", found);
at = await searchBackward(lines, await lines.before(many.length), pattern, never);
found.length = 0;
while (at !== undefined) {
	found.push(await lines.numberAt(at.at));
	at = await searchBackward(lines, await lines.before(at.at), pattern, never);
}
console.log("backward:", found);
