/** The bytes of frames, as `-x`, `-X` and `-A` show them. */

const ROW = 16;
/** Pairs of digits of a row with the blanks before them. */
const HEX_WIDTH = 40;

function character(byte: number): string {
	return byte > 32 && byte < 127 ? String.fromCharCode(byte) : ".";
}

/** Rows of hexadecimal digits, and with `text` of characters. */
export function hexRows(bytes: Uint8Array, text: boolean): string {
	let out = "";
	for (let at = 0; at < bytes.length; at += ROW) {
		const row = bytes.subarray(at, at + ROW);
		const digits = Array.from(
			row,
			(byte, index) => `${index % 2 === 0 ? " " : ""}${byte.toString(16).padStart(2, "0")}`,
		);
		const hex = digits.join("");
		const shown = text ? `${hex.padEnd(HEX_WIDTH)}  ${Array.from(row, character).join("")}` : hex;
		out += `\t0x${at.toString(16).padStart(4, "0")}: ${shown}\n`;
	}
	return out;
}

/** The bytes as characters; what is neither that nor white space is a dot. */
export function characters(bytes: Uint8Array): string {
	let out = "";
	for (const [at, byte] of bytes.entries()) {
		if (byte === 13 && bytes[at + 1] === 10) continue;
		out += byte === 9 || byte === 10 || byte === 32 ? String.fromCharCode(byte) : character(byte);
	}
	return `${out}\n`;
}
