/** What an editor's window shows of a document: which lines, from which column, in which colours. */

import { Colours } from "/usr/lib/nano/colours.ts";
import { compare, type Document, type Place } from "/usr/lib/nano/document.ts";
import { compareRows, type RowPlace, Wrapping } from "/usr/lib/nano/wrapping.ts";
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
	/** The first of its rows that is shown, where long lines go on in the next row. */
	topRow = 0;
	/** Long lines go on in the next row, instead of being cut. */
	softwrap = false;
	rows = 20;
	columns = 80;
	tab = 8;
	numbers = false;
	readonly #document: Document;
	#colours: Colours;
	/** Rows as they were laid out, by their text: lines move, and their looks with them. */
	readonly #kept = new Map<string, Row>();
	/** The rows of wrapped lines, likewise. */
	readonly #wrappedRows = new Map<string, { state: State; key: string; rows: Span[][] }>();
	readonly #wrapping: Wrapping;
	/** Where moving by rows has brought the cursor, and the column in a row that it tries to keep. */
	#wanted: { place: Place; column: number } | undefined;

	constructor(document: Document) {
		this.#document = document;
		this.#wrapping = new Wrapping(document);
		this.#colours = new Colours(document, undefined);
	}

	/** Colours the text so from now on. */
	colour(highlighter: Highlighter | undefined): void {
		this.#colours = new Colours(this.#document, highlighter);
		this.#kept.clear();
		this.#wrappedRows.clear();
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

	#wrapped(): Wrapping {
		this.#wrapping.measure({ width: this.#width, tab: this.tab, longUnits: LONG_UNITS });
		return this.#wrapping;
	}

	get #topPlace(): RowPlace {
		return { line: this.top, row: this.topRow };
	}

	set #topPlace({ line, row }: RowPlace) {
		this.top = line;
		this.topRow = row;
	}

	/** The row that the cursor is in. */
	#cursorRow(): RowPlace {
		const { line, at } = this.#document.cursor;
		const text = this.#document.line();
		return { line, row: this.#wrapped().rowOf(text, this.columnOf(text, at)) };
	}

	/** Brings the cursor into the window. */
	follow(centre: boolean): void {
		if (this.softwrap) {
			this.#followRows(centre);
			return;
		}
		this.topRow = 0;
		const { line } = this.#document.cursor;
		if (line >= this.top && line < this.top + this.rows) return;
		const far = line < this.top - 1 || line > this.top + this.rows;
		if (far || centre) this.top = line - Math.floor(this.rows / 2);
		else this.top = line < this.top ? line : line - this.rows + 1;
		this.clampTop();
	}

	#followRows(centre: boolean): void {
		const wrapping = this.#wrapped();
		this.clampTop();
		const at = this.#cursorRow();
		const above = compareRows(at, this.#topPlace) < 0;
		const distance = above
			? -wrapping.distance(at, this.#topPlace, this.rows + 2)
			: wrapping.distance(this.#topPlace, at, this.rows + 2);
		if (distance >= 0 && distance < this.rows) return;
		if (centre || distance < -1 || distance > this.rows) this.centre();
		else this.#topPlace = above ? at : wrapping.step(at, 1 - this.rows);
	}

	/** Puts the cursor's row into the middle of the window. */
	centre(): void {
		const half = Math.floor(this.rows / 2);
		if (this.softwrap) this.#topPlace = this.#wrapped().step(this.#cursorRow(), -half);
		else this.top = this.#document.cursor.line - half;
		this.clampTop();
	}

	clampTop(): void {
		this.top = Math.max(0, Math.min(this.top, this.#document.lines.length - 1));
		const rows = this.softwrap ? this.#wrapped().count(this.#document.line(this.top)) : 1;
		this.topRow = Math.max(0, Math.min(this.topRow, rows - 1));
	}

	/** Shows what is `by` rows further down. */
	scroll(by: number): void {
		if (this.softwrap) this.#topPlace = this.#wrapped().step(this.#topPlace, by);
		else this.top += by;
		this.clampTop();
	}

	/** Moves the cursor up or down by rows, or by lines where each has but one. */
	vertical(by: number): void {
		const document = this.#document;
		if (!this.softwrap) {
			document.vertical(by, this.columnOf, this.placeOf);
			return;
		}
		const wrapping = this.#wrapped();
		const from = this.#cursorRow();
		const text = document.line();
		const kept = this.#wanted !== undefined && compare(this.#wanted.place, document.cursor) === 0;
		const own = this.columnOf(text, document.cursor.at) - wrapping.start(text, from.row);
		const column = kept ? (this.#wanted?.column ?? own) : own;
		const to = wrapping.step(from, by);
		if (compareRows(from, to) === 0) {
			document.moveTo(from.line, by < 0 ? 0 : text.length);
			return;
		}
		const line = document.line(to.line);
		const wanted = Math.min(wrapping.start(line, to.row) + column, wrapping.last(line, to.row));
		document.moveTo(to.line, this.placeOf(line, wanted));
		this.#wanted = { place: document.cursor, column };
	}

	/** The rows of the window. */
	visible(): Span[][] {
		const region = this.#document.region();
		if (this.softwrap) return this.#visibleRows(region);
		const found: Span[][] = [];
		for (let row = 0; row < this.rows; row++) {
			const index = this.top + row;
			found.push(index < this.#document.lines.length ? this.#row(index, region) : []);
		}
		if (this.#kept.size > this.rows * 8) this.#kept.clear();
		return found;
	}

	#visibleRows(region: { from: Place; to: Place } | undefined): Span[][] {
		const found: Span[][] = [];
		for (let index = this.top; index < this.#document.lines.length && found.length < this.rows; index++) {
			found.push(...this.#rowsOf(index, index === this.top ? this.topRow : 0, this.rows - found.length, region));
		}
		while (found.length < this.rows) found.push([]);
		return found;
	}

	/** Rows of a line, at most `most` of them. */
	#rowsOf(index: number, first: number, most: number, region: { from: Place; to: Place } | undefined): Span[][] {
		const text = this.#document.line(index);
		const columns = this.#width;
		const count = Math.min(most, this.#wrapped().count(text) - first);
		const long = text.length > LONG_UNITS;
		const from = long ? first * columns : 0;
		const part = region === undefined ? undefined : partOf(index, text, region);
		const rows = long
			? this.#wrap([[text.slice(from, from + count * columns), PLAIN]], from, part)
			: this.#wholeRows(index, text, part);
		const label = (row: number): Span[] => {
			if (!this.numbers) return [];
			return row === 0
				? [[`${String(index + 1).padStart(this.margin - 1)} `, BOLD]]
				: [[" ".repeat(this.margin), PLAIN]];
		};
		const found: Span[][] = [];
		for (let row = first; row < first + count; row++) {
			found.push([...label(row), ...(rows[long ? row - first : row] ?? [])]);
		}
		return found;
	}

	#wrap(spans: Span[], from: number, part: [number, number] | undefined): Span[][] {
		const marked = part === undefined ? spans : reversed(spans, part[0] - from, part[1] - from);
		return toRows(showable(marked, this.tab), { columns: this.#width, chop: false, shift: 0 });
	}

	/** All rows of a line that is not too long. */
	#wholeRows(index: number, text: string, part: [number, number] | undefined): Span[][] {
		const state = this.#colours.state(index);
		const key = `${this.#width}:${this.tab}:${part?.join(":") ?? ""}`;
		const kept = this.#wrappedRows.get(text);
		if (kept !== undefined && kept.state === state && kept.key === key) return kept.rows;
		const rows = this.#wrap(this.#colours.spans(index, state), 0, part);
		if (this.#wrappedRows.size > this.rows * 8) this.#wrappedRows.clear();
		this.#wrappedRows.set(text, { state, key, rows });
		return rows;
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
		if (this.softwrap) {
			const wrapping = this.#wrapped();
			const at = this.#cursorRow();
			const row = wrapping.distance(this.#topPlace, at, this.rows);
			return { row, column: this.margin + column - wrapping.start(text, at.row) };
		}
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
