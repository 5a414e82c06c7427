/** Text that holds escape sequences, as spans: prompts, and what `less -R` and `man` are given. */

import { applySgr, PLAIN, type Span, type Style } from "/usr/lib/tui/style.ts";

/** An SGR sequence, another CSI sequence, an OSC string, or another escape; each is one match. */
const ESCAPES =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
	/\x1b\[([0-9;]*)m|\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]/g;

/** The spans of a text, from the style it begins in, and the style it ends in. Sequences other than colours go. */
export function parseAnsi(text: string, from: Style = PLAIN): { spans: Span[]; style: Style } {
	if (!text.includes("\x1b")) return { spans: text === "" ? [] : [[text, from]], style: from };
	const spans: Span[] = [];
	let style = from;
	let at = 0;
	for (const match of text.matchAll(ESCAPES)) {
		if (match.index > at) spans.push([text.slice(at, match.index), style]);
		if (match[1] !== undefined) style = applySgr(style, match[1]);
		at = match.index + match[0].length;
	}
	if (at < text.length) spans.push([text.slice(at), style]);
	return { spans, style };
}

/** The spans of each line of a text. */
export function ansiLines(text: string): Span[][] {
	let style: Style = PLAIN;
	return text.split("\n").map((line) => {
		const parsed = parseAnsi(line, style);
		style = parsed.style;
		return parsed.spans;
	});
}
