/** Makes whatever a file holds fit to be shown: tabs as blanks, control characters and stray bytes by their names. */

import { isStray, strayLabel } from "/usr/lib/tui/lossless.ts";
import { REVERSE, type Span, type Style } from "/usr/lib/tui/style.ts";
import { caret } from "/usr/lib/tui/text.ts";
import { isPlain, textWidth } from "/usr/lib/tui/wcwidth.ts";

/** Characters that are not shown as they are. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const SPECIAL = /([\x00-\x1f\x7f-\x9f\ud800-\udfff])/u;

function special(part: string, style: Style, column: number, tab: number): Span {
	if (part === "\t") return [" ".repeat(tab - (column % tab)), style];
	if (part === "\x1b") return ["ESC", style | REVERSE];
	if (isStray(part)) return [strayLabel(part), style | REVERSE];
	return SPECIAL.test(part) ? [caret(part), style | REVERSE] : [part, style];
}

/** Spans in which everything can be shown. */
export function showable(spans: readonly Span[], tab: number): Span[] {
	const shown: Span[] = [];
	let column = 0;
	for (const [text, style] of spans) {
		if (isPlain(text)) {
			if (text !== "") shown.push([text, style]);
			column += text.length;
			continue;
		}
		for (const part of text.split(SPECIAL)) {
			if (part === "") continue;
			const span = special(part, style, column, tab);
			shown.push(span);
			column += textWidth(span[0]);
		}
	}
	return shown;
}

/** Columns that a text takes when it is shown so. */
export function shownWidth(text: string, tab: number): number {
	if (isPlain(text)) return text.length;
	let width = 0;
	for (const [piece] of showable([[text, 0]], tab)) width += textWidth(piece);
	return width;
}
