/** Text of bytes that are not UTF-8 gives the very bytes back. */

import { decodeLossless, encodeLossless, strayLabel } from "/usr/lib/tui/lossless.ts";

const CASES: number[][] = [
	[],
	[0x61, 0xff, 0x62],
	[0xc3, 0xa9, 0xc3],
	[0xed, 0xa0, 0x80, 0xed, 0xb3, 0xbf],
	[0xf0, 0x9f, 0x91, 0x8d, 0xf4, 0x90, 0x80, 0x80, 0xe0, 0x80, 0xaf],
	[0x00, 0x80, 0xc0, 0xc1, 0xf5, 0xfe, 0xef, 0xbb, 0xbf],
];
for (const bytes of CASES) {
	const text = decodeLossless(new Uint8Array(bytes));
	const back = [...encodeLossless(text)];
	const shown = Array.from(text, (char) => (char.isWellFormed() ? char : strayLabel(char))).join("");
	console.log(JSON.stringify(shown), JSON.stringify(back) === JSON.stringify(bytes) ? "same" : `OTHER ${back}`);
}
let seed = 5;
let wrong = 0;
for (let round = 0; round < 300; round++) {
	const bytes = Uint8Array.from({ length: 64 }, () => {
		seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
		return (seed >> 16) & 0xff;
	});
	if (encodeLossless(decodeLossless(bytes)).join() !== bytes.join()) wrong++;
}
console.log("wrong:", wrong);
