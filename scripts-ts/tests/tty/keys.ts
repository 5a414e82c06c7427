/** The decoder of keys: every form of sequence, in one piece and byte by byte. */

import { type InputEvent, KeyDecoder } from "/usr/lib/tui/keys.ts";

function show(events: InputEvent[]): string {
	return events.map((event) => (event.kind === "paste" ? `<${JSON.stringify(event.text)}>` : event.name)).join(" ");
}

const encoder = new TextEncoder();

function decode(bytes: Uint8Array, step: number): string {
	const decoder = new KeyDecoder();
	const events: InputEvent[] = [];
	for (let at = 0; at < bytes.length; at += step) events.push(...decoder.feed(bytes.subarray(at, at + step)));
	events.push(...decoder.flush());
	return show(events);
}

const CASES: [string, string | Uint8Array][] = [
	["text", "aB é 猫 👍"],
	["controls", "\x00\x01\x03\t\n\r\x08\x7f\x1c\x1d\x1e\x1f"],
	["arrows", "\x1b[A\x1b[B\x1b[C\x1b[D\x1bOA\x1bOB\x1bOC\x1bOD"],
	["home and end", "\x1b[H\x1b[F\x1bOH\x1bOF\x1b[1~\x1b[4~\x1b[7~\x1b[8~"],
	["edit keys", "\x1b[2~\x1b[3~\x1b[5~\x1b[6~"],
	["function keys", "\x1bOP\x1bOS\x1b[15~\x1b[17~\x1b[21~\x1b[24~\x1b[11~\x1b[[A\x1b[[E"],
	["modifiers", "\x1b[1;5C\x1b[1;2A\x1b[1;3D\x1b[1;6H\x1b[3;5~\x1b[5;7~\x1b[Z\x1b[1;5P\x1bO5C"],
	["alt", "\x1bf\x1b.\x1b\x7f\x1b\r\x1b\x18\x1bé\x1b\x1b[A\x1b\x1bOB"],
	["kitty", "\x1b[97;5u\x1b[13;2u"],
	["lone escape", "\x1b"],
	["escape and bracket", "\x1b["],
	["unknown", "\x1b[99~a\x1b[?1;2cb\x1bOzc"],
	["paste", "a\x1b[200~one\r\ntwo\x1b[Athree\x1b[201~b"],
	["broken UTF-8", new Uint8Array([0x61, 0xff, 0xc3, 0x28, 0xe2, 0x82, 0x62, 0x80])],
	["cut UTF-8", new Uint8Array([0xe2, 0x82])],
];

for (const [name, input] of CASES) {
	const bytes = typeof input === "string" ? encoder.encode(input) : input;
	const whole = decode(bytes, bytes.length);
	console.log(`${name}: ${whole}`);
	const single = decode(bytes, 1);
	if (single !== whole) console.log(`  byte by byte: ${single}`);
}

// Whatever comes, the decoder neither stops nor keeps more than it must.
let seed = 7;
const random = (): number => {
	seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
	return seed >> 16;
};
const decoder = new KeyDecoder();
let count = 0;
for (let round = 0; round < 200; round++) {
	const bytes = Uint8Array.from({ length: 40 }, () => (random() % 3 === 0 ? 0x1b : random() % 256));
	count += decoder.feed(bytes).length + decoder.flush().length;
}
console.log(count > 1000 && !decoder.waiting);
