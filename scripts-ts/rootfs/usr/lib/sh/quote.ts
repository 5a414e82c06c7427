/** Texts as the shell would read them back, and `$'…'` read. */

import { byte, character, LETTERS, settled } from "/usr/lib/text/escapes.ts";

/** Between single quotes, as `alias`, `trap` and `export` print; `'` is put outside them. */
export function singleQuoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Escapes by the characters they stand for. */
const NAMED: ReadonlyMap<string, string> = new Map([
	...Object.entries(LETTERS).map(([letter, made]): [string, string] => [made, `\\${letter === "e" ? "E" : letter}`]),
	["\\", "\\\\"],
	["'", "\\'"],
]);

function ansiQuoted(text: string): string {
	const inner = text.replace(/[\p{Cc}\\']/gu, (character) => {
		const code = character.charCodeAt(0).toString(8).padStart(3, "0");
		return NAMED.get(character) ?? `\\${code}`;
	});
	return `$'${inner}'`;
}

/** As it needs to be: plain, in single quotes, or in `$'…'` where it has control characters. */
export function quoted(text: string): string {
	if (text === "") return "''";
	if (/\p{Cc}/u.test(text)) return ansiQuoted(text);
	const special = /[\s'"\\|&;()<>!{}*[\]?^$`]|^#|(?:^|[=:])~/.test(text);
	return special ? singleQuoted(text) : text;
}

/** As `set -x` shows it: tabs and newlines as they are. */
export function traced(text: string): string {
	return /[\t\n]/.test(text) && !/\p{Cc}/u.test(text.replace(/[\t\n]/g, "")) ? singleQuoted(text) : quoted(text);
}

/** Between double quotes, as `declare -p` prints. */
export function doubleQuoted(text: string): string {
	if (/\p{Cc}/u.test(text)) return ansiQuoted(text);
	return `"${text.replace(/["$`\\]/g, "\\$&")}"`;
}

/** With a backslash before each character that means something, as `printf %q` has it. */
export function backslashed(text: string): string {
	if (text === "") return "''";
	if (/\p{Cc}/u.test(text)) return ansiQuoted(text);
	return text.replace(/[ !"#$&'()*,;<>?[\\\]^`{|}~]/g, (character, at: number) =>
		"#~".includes(character) && at > 0 ? character : `\\${character}`,
	);
}

/** The text of `$'…'` without its quotes. */
export function ansi(text: string): string {
	const form = /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|c([\s\S])|([\s\S]))/g;
	const made = text.replace(form, (all, hex, short, long, octal, control, letter) => {
		if (hex !== undefined) return byte(Number.parseInt(hex, 16));
		const code = short ?? long;
		if (code !== undefined) {
			return character(Number.parseInt(code, 16));
		}
		if (octal !== undefined) return byte(Number.parseInt(octal, 8) & 255);
		if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 31);
		return LETTERS[letter.toLowerCase() === "e" ? "e" : letter] ?? ("\\'\"?".includes(letter) ? letter : all);
	});
	// Texts have no NUL: what comes after one is lost.
	return settled(made).split("\0", 1)[0] as string;
}
