/**
 * Bytes that are not UTF-8, as programs at a terminal show them. In text they are lone surrogates, U+DC80 to U+DCFF: see
 * `/usr/lib/text/bytes.ts`, which decodes and encodes them.
 */

export { decode as decodeLossless, encode as encodeLossless } from "/usr/lib/text/bytes.ts";

const LOW = 0xdc00;

/** Whether a character stands for a byte that is not UTF-8. */
export function isStray(char: string): boolean {
	const code = char.charCodeAt(0);
	return char.length === 1 && code >= 0xdc80 && code <= 0xdcff;
}

/** How such a byte is shown: `<FF>`. */
export function strayLabel(char: string): string {
	return `<${(char.charCodeAt(0) - LOW).toString(16).toUpperCase()}>`;
}
