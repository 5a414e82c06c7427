/** Text as it fits on a terminal: cutting by columns, wrapping, and showing what cannot be shown. */

import { PLAIN, type Span, type Style } from "/usr/lib/tui/style.ts";
import { clusters, isPlain, textWidth } from "/usr/lib/tui/wcwidth.ts";

/** As much of the beginning of `text` as fits into `columns`. */
export function clip(text: string, columns: number): string {
	if (isPlain(text)) return text.slice(0, Math.max(0, columns));
	let width = 0;
	let kept = "";
	for (const cluster of clusters(text)) {
		width += cluster.width;
		if (width > columns) break;
		kept += cluster.text;
	}
	return kept;
}

/** `text` in exactly `columns`: cut, or with blanks behind it. */
export function fit(text: string, columns: number): string {
	const cut = clip(text, columns);
	return cut + " ".repeat(Math.max(0, columns - textWidth(cut)));
}

/** A control character as it is shown: `^A`, `^?`; the C1 ones as `<85>`. */
export function caret(char: string): string {
	const code = char.charCodeAt(0);
	if (code < 0x80) return `^${String.fromCharCode(code ^ 0x40)}`;
	return `<${code.toString(16).toUpperCase()}>`;
}

/** Text with its control characters made visible, and tabs as blanks up to the next of the `tab` stops. */
export function printable(text: string, tab = 8, column = 0): string {
	if (isPlain(text)) return text;
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
	const parts = text.split(/([\x00-\x1f\x7f-\x9f])/);
	let shown = "";
	let width = column;
	for (const [index, part] of parts.entries()) {
		const piece = index % 2 === 0 ? part : part === "\t" ? " ".repeat(tab - (width % tab)) : caret(part);
		shown += piece;
		width += textWidth(piece);
	}
	return shown;
}

/** One word, and the blank that goes before it within a line. */
interface Word {
	spans: Span[];
	width: number;
}

function words(spans: readonly Span[]): Word[] {
	const found: Word[] = [];
	let word: Word = { spans: [], width: 0 };
	for (const [text, style] of spans) {
		const parts = text.split(/[ \n]+/);
		for (const [index, part] of parts.entries()) {
			if (index > 0 && word.width > 0) {
				found.push(word);
				word = { spans: [], width: 0 };
			}
			if (part === "") continue;
			word.spans.push([part, style]);
			word.width += textWidth(part);
		}
	}
	if (word.width > 0) found.push(word);
	return found;
}

/** Fills lines of at most `columns` with words; one that is longer stands alone, cut into pieces. */
export function wrapWords(spans: readonly Span[], columns: number): Span[][] {
	const lines: Span[][] = [];
	let line: Span[] = [];
	let used = 0;
	for (const word of words(spans)) {
		if (used > 0 && used + 1 + word.width > columns) {
			lines.push(line);
			line = [];
			used = 0;
		}
		if (used > 0) line.push([" ", blankStyle(line.at(-1)?.[1] ?? PLAIN, word.spans[0]?.[1] ?? PLAIN)]);
		line.push(...word.spans);
		used += word.width + (used > 0 ? 1 : 0);
	}
	if (line.length > 0) lines.push(line);
	return lines.length === 0 ? [[]] : lines;
}

/** A blank between two words has what both have, so that underlined text is underlined throughout. */
function blankStyle(before: Style, after: Style): Style {
	return before === after ? before : PLAIN;
}

/** Names in columns, filled downwards, as `ls` shows them. */
export function inColumns(names: readonly string[], columns: number): string[] {
	if (names.length === 0) return [];
	const widths = names.map(textWidth);
	const cell = Math.max(...widths) + 2;
	const across = Math.max(1, Math.floor((columns + 1) / cell));
	const rows = Math.ceil(names.length / across);
	const lines: string[] = [];
	for (let row = 0; row < rows; row++) {
		let line = "";
		for (let at = row; at < names.length; at += rows) {
			const last = at + rows >= names.length;
			line += last ? names[at] : fit(names[at] as string, cell);
		}
		lines.push(line);
	}
	return lines;
}
