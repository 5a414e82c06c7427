/** Bytes of a line as spans that can be shown. */

import { parseAnsi } from "/usr/lib/tui/ansi.ts";
import { decodeLossless } from "/usr/lib/tui/lossless.ts";
import { showable } from "/usr/lib/tui/showable.ts";
import { BOLD, PLAIN, type Span, UNDERLINE } from "/usr/lib/tui/style.ts";
import { isPlain } from "/usr/lib/tui/wcwidth.ts";

/** How bytes are shown. */
export interface RenderOptions {
	/** Sequences that colour do so. */
	colours: boolean;
	/** Distance of tab stops. */
	tab: number;
}

/** A character that was printed over with itself is bold, an underscore with one underlines it: as `man` pages had it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a backspace is what it is about.
const OVERSTRUCK = /(.)\x08(.)/gu;

function overstruck(text: string): Span[] {
	const spans: Span[] = [];
	let at = 0;
	for (const match of text.matchAll(OVERSTRUCK)) {
		if (match.index > at) spans.push([text.slice(at, match.index), PLAIN]);
		const [, under = "", over = ""] = match;
		if (under === over) spans.push([over, BOLD]);
		else if (under === "_") spans.push([over, UNDERLINE]);
		else if (over === "_") spans.push([under, UNDERLINE]);
		else spans.push([over, PLAIN]);
		at = match.index + match[0].length;
	}
	if (at < text.length) spans.push([text.slice(at), PLAIN]);
	return spans;
}

/** The spans of a line, everything in them can be shown. */
export function lineSpans(bytes: Uint8Array, options: RenderOptions): Span[] {
	let text = decodeLossless(bytes);
	if (text.endsWith("\r")) text = text.slice(0, -1);
	if (isPlain(text)) return text === "" ? [] : [[text, PLAIN]];
	if (text.includes("\b")) return showable(overstruck(text), options.tab);
	return showable(options.colours ? parseAnsi(text).spans : [[text, PLAIN]], options.tab);
}
