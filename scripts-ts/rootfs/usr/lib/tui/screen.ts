/**
 * A whole screen, kept twice: as the program wants it and as the terminal shows it. `flush` answers what must be
 * written, which is as little as can be: rows that did not change cost a comparison of two strings.
 */

import { keyOf } from "/usr/lib/tui/cells.ts";
import { changeRow } from "/usr/lib/tui/rows.ts";
import type { Span } from "/usr/lib/tui/style.ts";

interface Row {
	key: string;
	spans: readonly Span[];
}

const EMPTY_ROW: Row = { key: "", spans: [] };
/** Fewest changed rows for which moving a part of the screen is tried. */
const SCROLL_ROWS = 4;
/** Output up to this long is written with the cursor shown. */
const QUIET_UNITS = 64;

function move(row: number, column: number): string {
	return `\x1b[${row + 1};${column + 1}H`;
}

/** The rows of a terminal. */
export class Screen {
	#rows: number;
	#columns: number;
	#wanted: Row[] = [];
	#shown: Row[] = [];
	#unknown = true;
	#cursor: [row: number, column: number] | null = null;
	/** Where the last `flush` left it. */
	#at: [row: number, column: number] | null = null;
	#cursorShown: boolean | undefined;
	#bell = false;

	constructor(rows: number, columns: number) {
		this.#rows = Math.max(1, rows);
		this.#columns = Math.max(1, columns);
	}

	get rows(): number {
		return this.#rows;
	}

	get columns(): number {
		return this.#columns;
	}

	/** Says what a row shows. Spans beyond the last column are cut; the same array means the same row. */
	set(row: number, spans: readonly Span[]): void {
		if (row < 0 || row >= this.#rows || this.#wanted[row]?.spans === spans) return;
		this.#wanted[row] = { key: keyOf(spans), spans };
	}

	/** Empties all rows from `first` on. */
	clear(first = 0): void {
		for (let row = first; row < this.#rows; row++) this.#wanted[row] = EMPTY_ROW;
	}

	/** Where the cursor stands; `null`: it is not shown. */
	cursor(row: number | null, column = 0): void {
		const last = this.#columns - 1;
		this.#cursor = row === null ? null : [Math.min(row, this.#rows - 1), Math.max(0, Math.min(column, last))];
	}

	/** Rings with the next `flush`. */
	bell(): void {
		this.#bell = true;
	}

	/** Forgets what the terminal shows: the next `flush` writes everything. */
	invalidate(): void {
		this.#unknown = true;
	}

	/** Takes another size. */
	resize(rows: number, columns: number): void {
		this.#rows = Math.max(1, rows);
		this.#columns = Math.max(1, columns);
		this.#wanted.length = Math.min(this.#wanted.length, this.#rows);
		this.invalidate();
	}

	/** What must be written so that the terminal shows what is wanted. */
	flush(): string {
		let out = "";
		if (this.#unknown) {
			out += "\x1b[m\x1b[H\x1b[2J";
			this.#shown = [];
			this.#cursorShown = undefined;
			this.#unknown = false;
		}
		out += this.#scroll();
		for (let row = 0; row < this.#rows; row++) out += this.#update(row);
		// A cursor that jumps about while much is drawn is a nuisance; for a few characters it is not worth the bytes.
		if (out.length > QUIET_UNITS && this.#cursorShown !== false) {
			out = `\x1b[?25l${out}`;
			this.#cursorShown = false;
		}
		const cursor = this.#cursor;
		const stays = out === "" && this.#at !== null && this.#at[0] === cursor?.[0] && this.#at[1] === cursor[1];
		if (cursor !== null && !stays) out += move(...cursor);
		this.#at = cursor;
		if ((cursor !== null) !== this.#cursorShown) out += cursor === null ? "\x1b[?25l" : "\x1b[?25h";
		this.#cursorShown = cursor !== null;
		if (this.#bell) out += "\x07";
		this.#bell = false;
		return out;
	}

	#update(row: number): string {
		const wanted = this.#wanted[row] ?? EMPTY_ROW;
		const shown = this.#shown[row] ?? EMPTY_ROW;
		if (wanted === shown || wanted.key === shown.key) return "";
		this.#shown[row] = wanted;
		return changeRow(shown.spans, wanted.spans, this.#columns, (column) => move(row, column));
	}

	/** Moves rows up or down where that brings most of the changed ones into place. */
	#scroll(): string {
		const differs = (row: number): boolean =>
			(this.#wanted[row] ?? EMPTY_ROW).key !== (this.#shown[row] ?? EMPTY_ROW).key;
		let first = 0;
		while (first < this.#rows && !differs(first)) first++;
		let last = this.#rows - 1;
		while (last > first && !differs(last)) last--;
		if (last - first + 1 < SCROLL_ROWS) return "";
		const by = this.#shift(first, last);
		if (by === 0) return "";
		const moved = this.#shown.slice(first, last + 1);
		while (moved.length < last - first + 1) moved.push(EMPTY_ROW);
		const blank = new Array<Row>(Math.abs(by)).fill(EMPTY_ROW);
		const now = by > 0 ? [...moved.slice(by), ...blank] : [...blank, ...moved.slice(0, by)];
		for (const [index, row] of now.entries()) this.#shown[first + index] = row;
		return `\x1b[${first + 1};${last + 1}r\x1b[${Math.abs(by)}${by > 0 ? "S" : "T"}\x1b[r`;
	}

	/** By how many rows what is shown must move up (or, negative, down) to fit best; 0 where it does not help. */
	#shift(first: number, last: number): number {
		const places = new Map<string, number>();
		for (let row = first; row <= last; row++) {
			const { key } = this.#shown[row] ?? EMPTY_ROW;
			// A row that is there twice says nothing about where it went.
			if (key !== "") places.set(key, places.has(key) ? Number.NaN : row);
		}
		const votes = new Map<number, number>();
		let best = 0;
		let most = (last - first + 1) / 2;
		for (let row = first; row <= last; row++) {
			const from = places.get((this.#wanted[row] ?? EMPTY_ROW).key);
			if (from === undefined || Number.isNaN(from)) continue;
			const by = from - row;
			const count = (votes.get(by) ?? 0) + 1;
			votes.set(by, count);
			if (by !== 0 && count > most) [best, most] = [by, count];
		}
		return best;
	}
}
