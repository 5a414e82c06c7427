/** Rows of long lines that go on in the next row: how many there are, and where in them a place is. */

import type { Document } from "/usr/lib/nano/document.ts";
import { showable } from "/usr/lib/tui/showable.ts";
import { PLAIN } from "/usr/lib/tui/style.ts";
import { isPlain, textWidth } from "/usr/lib/tui/wcwidth.ts";
import { textOf, toRows } from "/usr/lib/tui/wrap.ts";

/** A row of the text: of which line it is, and the how-manieth in it. */
export interface RowPlace {
	line: number;
	row: number;
}

/** What rows are measured by. */
export interface Widths {
	/** Columns of a row. */
	width: number;
	tab: number;
	/** A longer line is measured in characters rather than columns. */
	longUnits: number;
}

/** Lines of which the rows are remembered. */
const MAX_KEPT = 512;

/** The rows of a document's lines. */
export class Wrapping {
	readonly #document: Document;
	#widths: Widths = { width: 80, tab: 8, longUnits: 4096 };
	/** The columns at which the rows of a line begin, where they are not all of the same width. */
	readonly #kept = new Map<string, number[]>();

	constructor(document: Document) {
		this.#document = document;
	}

	/** Measures like this from now on. */
	measure(widths: Widths): void {
		const { width, tab } = this.#widths;
		if (widths.width !== width || widths.tab !== tab) this.#kept.clear();
		this.#widths = widths;
	}

	#isEven(line: string): boolean {
		return line.length > this.#widths.longUnits || isPlain(line);
	}

	#starts(line: string): number[] {
		const kept = this.#kept.get(line);
		if (kept !== undefined) return kept;
		const { width, tab } = this.#widths;
		const starts = [0];
		let column = 0;
		let last = 0;
		for (const row of toRows(showable([[line, PLAIN]], tab), { columns: width, chop: false, shift: 0 })) {
			last = textWidth(textOf(row));
			column += last;
			starts.push(column);
		}
		// The end of a full row is the start of the next one.
		if (last < width) starts.pop();
		if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
		this.#kept.set(line, starts);
		return starts;
	}

	/** How many rows a line takes. */
	count(line: string): number {
		if (this.#isEven(line)) return Math.floor(line.length / this.#widths.width) + 1;
		return this.#starts(line).length;
	}

	/** The row of a line that a column is in. */
	rowOf(line: string, column: number): number {
		if (this.#isEven(line)) return Math.floor(column / this.#widths.width);
		const starts = this.#starts(line);
		let row = starts.length - 1;
		while (row > 0 && (starts[row] as number) > column) row--;
		return row;
	}

	/** The column at which a row begins. */
	start(line: string, row: number): number {
		return this.#isEven(line) ? row * this.#widths.width : (this.#starts(line)[row] ?? 0);
	}

	/** The last column that a place in a row can have. */
	last(line: string, row: number): number {
		return row + 1 < this.count(line) ? this.start(line, row + 1) - 1 : Number.POSITIVE_INFINITY;
	}

	/** The row that is `by` rows further down or up, or the last or first one. */
	step({ line, row }: RowPlace, by: number): RowPlace {
		const lines = this.#document.lines;
		let [at, left] = [line, row + by];
		for (;;) {
			if (left < 0) {
				if (at === 0) return { line: 0, row: 0 };
				left += this.count(lines[--at] as string);
				continue;
			}
			const count = this.count(lines[at] as string);
			if (left < count) return { line: at, row: left };
			if (at === lines.length - 1) return { line: at, row: count - 1 };
			left -= count;
			at++;
		}
	}

	/** How many rows `to` is below `from`, which does not come after it; at most `most`. */
	distance(from: RowPlace, to: RowPlace, most: number): number {
		let found = -from.row;
		for (let line = from.line; line < to.line && found < most; line++) found += this.count(this.#document.line(line));
		return Math.min(most, found + to.row);
	}
}

/** Which of two rows comes first. */
export function compareRows(a: RowPlace, b: RowPlace): number {
	return a.line - b.line || a.row - b.row;
}
