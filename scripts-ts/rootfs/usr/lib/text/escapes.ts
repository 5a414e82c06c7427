/** Backslash escapes of `echo`, `printf` and `$'…'`. */

/** Escaped bytes of `/usr/lib/text/bytes.ts`, as which bytes above 0x7F travel. */
const ESCAPED_BYTE = 0xdc00;

/** The characters that letters after a backslash stand for. */
export const LETTERS: Readonly<Record<string, string>> = {
	a: "\x07",
	b: "\b",
	e: "\x1b",
	f: "\f",
	n: "\n",
	r: "\r",
	t: "\t",
	v: "\v",
};

/** Which escapes there are. */
export interface Dialect {
	/** The form of octal numbers, from behind the backslash. */
	octal: RegExp;
	/** `\"` is a quote. */
	quotes: boolean;
}

/** A character for a byte. */
export function byte(code: number): string {
	return String.fromCharCode(code < 0x80 ? code : ESCAPED_BYTE + code);
}

/** The character of a code point; what is none becomes U+FFFD. */
export function character(point: number): string {
	return point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
}

/** Bytes that were written one by one and make up UTF-8 become the text it stands for. */
export function settled(text: string): string {
	return text.replace(
		/[\udcc2-\udcdf][\udc80-\udcbf]|[\udce0-\udcef][\udc80-\udcbf]{2}|[\udcf0-\udcf4][\udc80-\udcbf]{3}/g,
		(sequence) => {
			const bytes = Uint8Array.from(sequence, (each) => each.charCodeAt(0) - ESCAPED_BYTE);
			const decoded = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
			return decoded.includes("\ufffd") ? sequence : decoded;
		},
	);
}

/** One escape from behind its backslash: what it stands for, and how long it is. */
function escapeAt(text: string, at: number, { octal, quotes }: Dialect): [made: string, length: number, cut: boolean] {
	const kind = text.charAt(at);
	const rest = text.slice(at, at + 9);
	if (kind === "c") return ["", 1, true];
	const digits = octal.exec(rest)?.[0];
	if (digits !== undefined) return [byte(Number.parseInt(digits, 8) & 255), digits.length, false];
	const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest);
	if (hex !== null) return [byte(Number.parseInt(hex[1] as string, 16)), hex[0].length, false];
	const unicode = /^(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest);
	if (unicode !== null) {
		const point = Number.parseInt((unicode[1] ?? unicode[2]) as string, 16);
		return [character(point), unicode[0].length, false];
	}
	if (kind === "\\" || (kind === '"' && quotes)) return [kind, 1, false];
	return [LETTERS[kind] ?? `\\${kind}`, kind.length, false];
}

/**
 * Resolves the escapes of a text; the second answer says that `\c` cut it short. Bytes above 0x7F that were written one
 * by one stay escaped bytes.
 */
export function unescape(text: string, dialect: Dialect): [text: string, cut: boolean] {
	let out = "";
	for (let at = 0; at < text.length; ) {
		const backslash = text.indexOf("\\", at);
		if (backslash < 0) return [out + text.slice(at), false];
		out += text.slice(at, backslash);
		const [made, length, cut] = escapeAt(text, backslash + 1, dialect);
		if (cut) return [out, true];
		out += made;
		at = backslash + 1 + length;
	}
	return [out, false];
}
