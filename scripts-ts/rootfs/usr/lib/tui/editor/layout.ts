/** Where on the terminal a prompt and a text under edit stand: rows, and the cursor's place among them. */

import type { Span, Style } from "/usr/lib/tui/style.ts";
import { DIM, PLAIN } from "/usr/lib/tui/style.ts";
import { caret } from "/usr/lib/tui/text.ts";
import { clusters, textWidth } from "/usr/lib/tui/wcwidth.ts";

/** What is shown. */
export interface Shown {
	/** Lines of the prompt; the text follows the last. */
	prompt: readonly (readonly Span[])[];
	/** What stands before the further lines of the text. */
	continuation: readonly Span[];
	/** The text, coloured. */
	text: readonly Span[];
	/** Units of the text before the cursor. */
	cursor: number;
	/** What may follow, in grey. */
	hint: string;
	columns: number;
}

/** Rows and the cursor. */
export interface Layout {
	rows: Span[][];
	row: number;
	column: number;
}

const TAB_STOPS = 8;

/** Fills rows from left to right. */
class Filler {
	readonly rows: Span[][] = [[]];
	column = 0;
	readonly #columns: number;
	#text = "";
	#style: Style = PLAIN;

	constructor(columns: number) {
		this.#columns = Math.max(2, columns);
	}

	#endSpan(): void {
		if (this.#text !== "") (this.rows.at(-1) as Span[]).push([this.#text, this.#style]);
		this.#text = "";
	}

	newRow(): void {
		this.#endSpan();
		this.rows.push([]);
		this.column = 0;
	}

	/** A row that is full goes on in the next one. */
	wrap(width = 1): void {
		if (this.column + width > this.#columns) this.newRow();
	}

	put(text: string, width: number, style: Style): void {
		this.wrap(width);
		if (style !== this.#style) this.#endSpan();
		this.#style = style;
		this.#text += text;
		this.column += width;
	}

	/** Spans that hold no newlines and no control characters. */
	putAll(spans: readonly Span[]): void {
		for (const [text, style] of spans)
			for (const cluster of clusters(text)) if (cluster.width > 0) this.put(cluster.text, cluster.width, style);
	}

	finish(): Span[][] {
		this.#endSpan();
		return this.rows;
	}
}

function putCharacter(filler: Filler, text: string, width: number, style: Style, continuation: readonly Span[]): void {
	if (text === "\n") {
		filler.newRow();
		filler.putAll(continuation);
	} else if (text === "\t") {
		for (let left = TAB_STOPS - (filler.column % TAB_STOPS); left > 0; left--) filler.put(" ", 1, style);
	} else if (width === 0) {
		const shown = caret(text);
		filler.put(shown, textWidth(shown), style);
	} else filler.put(text, width, style);
}

/** Lays out a prompt and a text. */
export function layOut(shown: Shown): Layout {
	const filler = new Filler(shown.columns);
	for (const [index, line] of shown.prompt.entries()) {
		if (index > 0) filler.newRow();
		filler.putAll(line);
	}
	let at = 0;
	let place: { row: number; column: number } | undefined;
	const here = (): { row: number; column: number } => {
		filler.wrap();
		return { row: filler.rows.length - 1, column: filler.column };
	};
	for (const [text, style] of shown.text) {
		for (const cluster of clusters(text)) {
			if (place === undefined && at >= shown.cursor) {
				filler.wrap(cluster.width);
				place = { row: filler.rows.length - 1, column: filler.column };
			}
			putCharacter(filler, cluster.text, cluster.width, style, shown.continuation);
			at += cluster.text.length;
		}
	}
	place ??= here();
	for (const cluster of clusters(shown.hint))
		putCharacter(filler, cluster.text, cluster.width, DIM, shown.continuation);
	return { rows: filler.finish(), ...place };
}
