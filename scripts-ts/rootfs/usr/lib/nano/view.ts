/** What an editor's window shows of a document: which lines, from which column, in which colours. */

import { Colours } from "/usr/lib/nano/colours.ts";
import { compare, type Document, type Place } from "/usr/lib/nano/document.ts";
import type { Highlighter, State } from "/usr/lib/tui/highlight.ts";
import { showable, shownWidth } from "/usr/lib/tui/showable.ts";
import { BOLD, PLAIN, REVERSE, type Span } from "/usr/lib/tui/style.ts";
import { clusters, isPlain, textWidth } from "/usr/lib/tui/wcwidth.ts";
import { toRows } from "/usr/lib/tui/wrap.ts";

/** A longer line is measured in characters rather than columns: nobody waits for ten million to be counted. */
const LONG_UNITS = 4096;

interface Row {
	state: State;
	key: string;
	spans: Span[];
}

/** A window on a document. */
export class EditView {
	/** The first line that is shown. */
	top = 0;
	rows = 20;
	columns = 80;
	tab = 8;
	numbers = false;
	readonly #document: Document;
	#colours: Colours;
	/** Rows as they were laid out, by their text: lines move, and their looks with them. */
	readonly #kept = new Map<string, Row>();

	constructor(document: Document) {
		this.#document = document;
		this.#colours = new Colours(document, undefined);
	}

	/** Colours the text so from now on. */
	colour(highlighter: Highlighter | undefined): void {
		this.#colours = new Colours(this.#document, highlighter);
		this.#kept.clear();
	}

	/** Columns of line numbers and the blank behind them. */
	get margin(): number {
		return this.numbers ? Math.max(3, String(this.#document.lines.length).length) + 1 : 0;
	}

	get #width(): number {
		return Math.max(4, this.columns - this.margin);
	}

	/** The column of a place in a line. */
	columnOf = (line: string, at: number): number => {
		if (line.length > LONG_UNITS) return at;
		return shownWidth(line.slice(0, at), this.tab);
	};

	/** The place in a line nearest to a column. */
	placeOf = (line: string, column: number): number => {
		if (line.length > LONG_UNITS || isPlain(line)) return Math.min(column, line.length);
		let at = 0;
		let used = 0;
		for (const { text, width } of clusters(line)) {
			const own =
				text === "\t"
					? this.tab - (used % this.tab)
					: width > 0
						? width
						: textWidth(showable([[text, PLAIN]], this.tab)[0]?.[0] ?? "");
			if (used + own > column) break;
			used += own;
			at += text.length;
		}
		return at;
	};

	/** The column from which a line with the cursor at `column` is shown. */
	#pageStart(column: number): number {
		const width = this.#width;
		if (column + 2 <= width) return 0;
		return width > 8 ? column - 6 - ((column - 6) % (width - 8)) : column - (width - 2);
	}

	/** Brings the cursor into the window; answers whether it was not. */
	follow(centre: boolean): void {
		const { line } = this.#document.cursor;
		if (line >= this.top && line < this.top + this.rows) return;
		const far = line < this.top - 1 || line > this.top + this.rows;
		if (far || centre) this.top = line - Math.floor(this.rows / 2);
		else this.top = line < this.top ? line : line - this.rows + 1;
		this.clampTop();
	}

	clampTop(): void {
		this.top = Math.max(0, Math.min(this.top, this.#document.lines.length - 1));
	}

	/** The rows of the window. */
	visible(): Span[][] {
		const region = this.#document.region();
		const found: Span[][] = [];
		for (let row = 0; row < this.rows; row++) {
			const index = this.top + row;
			found.push(index < this.#document.lines.length ? this.#row(index, region) : []);
		}
		if (this.#kept.size > this.rows * 8) this.#kept.clear();
		return found;
	}

	#row(index: number, region: { from: Place; to: Place } | undefined): Span[] {
		const text = this.#document.line(index);
		const state = this.#colours.state(index);
		const current = index === this.#document.cursor.line;
		const at = current ? this.#document.cursor.at : 0;
		const start = current ? this.#pageStart(this.columnOf(text, at)) : 0;
		const part = region === undefined ? undefined : partOf(index, text, region);
		const number = this.numbers ? index : -1;
		const key = `${number}:${start}:${this.columns}:${this.margin}:${this.tab}:${part?.join(":") ?? ""}`;
		const kept = this.#kept.get(text);
		if (kept !== undefined && kept.state === state && kept.key === key) return kept.spans;
		const spans = this.#render(index, text, state, start, part);
		if (text.length <= LONG_UNITS) this.#kept.set(text, { state, key, spans });
		return spans;
	}

	#render(index: number, text: string, state: State, start: number, part: [number, number] | undefined): Span[] {
		const width = this.#width;
		const label: Span[] = this.numbers ? [[`${String(index + 1).padStart(this.margin - 1)} `, BOLD]] : [];
		const long = text.length > LONG_UNITS;
		const from = long ? start : 0;
		const piece = long ? text.slice(from, from + width + 8) : text;
		let spans: Span[] = long ? [[piece, PLAIN]] : this.#colours.spans(index, state);
		if (part !== undefined) spans = reversed(spans, part[0] - from, part[1] - from);
		const [cut = []] = toRows(showable(spans, this.tab), { columns: width, chop: true, shift: long ? 0 : start });
		const ends = long ? text.length - from > width : shownWidth(text, this.tab) - start > width;
		const [row = []] = ends ? toRows(cut, { columns: width - 1, chop: true, shift: 0 }) : [cut];
		const more: Span[] = ends ? [[">", REVERSE]] : [];
		if (start === 0) return [...label, ...row, ...more];
		const [behind = []] = toRows(row, { columns: width, chop: true, shift: 1 });
		return [...label, ["<", REVERSE], ...behind, ...more];
	}

	/** Where the cursor is in the window. */
	cursor(): { row: number; column: number } {
		const { cursor } = this.#document;
		const text = this.#document.line();
		const column = this.columnOf(text, cursor.at);
		const start = this.#pageStart(column);
		const within = text.length > LONG_UNITS ? shownWidth(text.slice(start, cursor.at), this.tab) : column - start;
		return { row: cursor.line - this.top, column: this.margin + within };
	}
}

/** The part of a line that lies in a region. */
function partOf(index: number, text: string, { from, to }: { from: Place; to: Place }): [number, number] | undefined {
	if (compare(from, to) === 0 || index < from.line || index > to.line) return undefined;
	return [index === from.line ? from.at : 0, index === to.line ? to.at : text.length];
}

/** Spans with a part of their text in reverse. */
function reversed(spans: readonly Span[], from: number, to: number): Span[] {
	const found: Span[] = [];
	let at = 0;
	for (const [text, style] of spans) {
		const [first, last] = [Math.max(0, from - at), Math.max(0, to - at)];
		if (first > 0) found.push([text.slice(0, first), style]);
		if (last > first) found.push([text.slice(first, last), style ^ REVERSE]);
		if (last < text.length) found.push([text.slice(Math.max(first, last)), style]);
		at += text.length;
	}
	return found.filter(([text]) => text !== "");
}
