/** Names of files as terminals can show them. */

import { quote } from "/usr/lib/sh/cli.ts";

/** What a shell would take for something else, or a terminal would not show. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const PLAIN = /^[^\s\u0000-\u001f\u007f-\u009f!"$&'()*;<=>?[\\^`|]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;
/** Characters that take two columns: East Asian scripts and emoji. */
const WIDE =
	/^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;
const MARK = /^[\p{M}\u200b-\u200d]$/u;
const ASCII = /^[ -~]*$/;

/** How names are shown. */
export type NameStyle = "literal" | "hide" | "shell" | "shell-always" | "c" | "escape";

/** Whether a shell reads a name as it is. */
function isPlain(name: string): boolean {
	return PLAIN.test(name) && !name.startsWith("#") && !name.startsWith("~") && name !== "{" && name !== "}";
}

function cEscaped(name: string, within: string): string {
	const backslashed = name.replaceAll("\\", "\\\\").replaceAll(within, `\\${within}`);
	return backslashed.replace(CONTROL, (character) => {
		const known = "\u0007a\bb\tt\nn\vv\ff\rr";
		const at = known.indexOf(character);
		if (at >= 0 && at % 2 === 0) return `\\${known.charAt(at + 1)}`;
		return `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`;
	});
}

/** A name in one of the styles of `ls`. */
export function showName(name: string, style: NameStyle): string {
	if (style === "literal") return name;
	if (style === "hide") return name.replace(CONTROL, "?");
	if (style === "c") return `"${cEscaped(name, '"')}"`;
	if (style === "escape") return cEscaped(name, " ");
	return style === "shell" && isPlain(name) ? name : quote(name);
}

/** Columns that a text takes on a terminal. */
export function displayWidth(text: string): number {
	if (ASCII.test(text)) return text.length;
	let width = 0;
	for (const character of text) width += MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
	return width;
}

/** `text`, filled up to `width` columns. */
export function padTo(text: string, width: number): string {
	return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}
