/**
 * Bytes as text from which the very bytes can be made again: a byte that is not UTF-8 becomes a lone surrogate, U+DC80
 * to U+DCFF, which no valid text holds.
 */

const LOW = 0xdc00;
const fatal = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** The length of the valid UTF-8 character at `at`, or 0. */
function validLength(bytes: Uint8Array, at: number): number {
	const first = bytes[at] as number;
	if (first < 0x80) return 1;
	const length =
		first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
	for (let more = 1; more < length; more++) if (((bytes[at + more] ?? 0) & 0xc0) !== 0x80) return 0;
	const second = bytes[at + 1] ?? 0;
	// Overlong forms, surrogates, and what is beyond U+10FFFF.
	if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return 0;
	if ((first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return 0;
	return length;
}

/** Text of bytes, none of which is lost. */
export function decodeLossless(bytes: Uint8Array): string {
	try {
		return fatal.decode(bytes);
	} catch {
		return decodeBroken(bytes);
	}
}

function decodeBroken(bytes: Uint8Array): string {
	const parts: string[] = [];
	let from = 0;
	for (let at = 0; at < bytes.length; ) {
		const length = validLength(bytes, at);
		if (length > 0) {
			at += length;
			continue;
		}
		if (at > from) parts.push(fatal.decode(bytes.subarray(from, at)));
		parts.push(String.fromCharCode(LOW + (bytes[at] as number)));
		from = ++at;
	}
	if (from < bytes.length) parts.push(fatal.decode(bytes.subarray(from)));
	return parts.join("");
}

/** A byte that was not UTF-8: a low surrogate without the high one before it. */
const STRAY = /[\ud800-\udbff][\udc00-\udfff]|([\udc80-\udcff])/g;

/** The bytes of such a text. */
export function encodeLossless(text: string): Uint8Array {
	if (text.isWellFormed()) return encoder.encode(text);
	const parts: Uint8Array[] = [];
	let from = 0;
	for (const match of text.matchAll(STRAY)) {
		if (match[1] === undefined) continue;
		parts.push(encoder.encode(text.slice(from, match.index)), new Uint8Array([match[1].charCodeAt(0) - LOW]));
		from = match.index + 1;
	}
	parts.push(encoder.encode(text.slice(from)));
	const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

/** Whether a character stands for a byte that is not UTF-8. */
export function isStray(char: string): boolean {
	const code = char.charCodeAt(0);
	return char.length === 1 && code >= 0xdc80 && code <= 0xdcff;
}

/** How such a byte is shown: `<FF>`. */
export function strayLabel(char: string): string {
	return `<${(char.charCodeAt(0) - LOW).toString(16).toUpperCase()}>`;
}
