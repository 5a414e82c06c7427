/**
 * A few rows below what the terminal shows already, redrawn in place: what a line editor needs. Its first row is where
 * the cursor was when it began; it never moves by absolute rows, since it does not know them.
 */

import { keyOf } from "/usr/lib/tui/cells.ts";
import { changeRow } from "/usr/lib/tui/rows.ts";
import type { Span } from "/usr/lib/tui/style.ts";

const NOTHING: readonly Span[] = [];

/** Rows under edit. */
export class InlineView {
	readonly #columns: number;
	#keys: string[] = [];
	#spans: (readonly Span[])[] = [];
	/** Where the cursor is, in rows from the first, and how many rows there are on the terminal. */
	#row = 0;
	#height = 1;

	constructor(columns: number) {
		this.#columns = Math.max(1, columns);
	}

	/** What must be written to show `rows` with the cursor in one of them. */
	update(rows: readonly (readonly Span[])[], row: number, column: number): string {
		let out = "";
		for (const [index, spans] of rows.entries()) {
			const key = keyOf(spans);
			if (index < this.#height && key === this.#keys[index]) continue;
			const old = this.#spans[index] ?? NOTHING;
			const text = changeRow(old, spans, this.#columns, (to) => `\x1b[${to + 1}G`);
			if (text !== "" || index >= this.#height) out += this.#moveTo(index) + text;
			this.#keys[index] = key;
			this.#spans[index] = spans;
		}
		if (rows.length < this.#keys.length) {
			out += `${this.#moveTo(rows.length)}\r\x1b[J`;
			this.#keys.length = rows.length;
			this.#spans.length = rows.length;
		}
		return `${out}${this.#moveTo(row)}\x1b[${Math.min(column, this.#columns - 1) + 1}G`;
	}

	/** Moves below the last row, where other output may go on. */
	leave(): string {
		return `${this.#moveTo(Math.max(0, this.#keys.length - 1))}\r\n`;
	}

	/** Forgets everything: the next `update` begins where the cursor then is. */
	reset(): void {
		this.#keys = [];
		this.#spans = [];
		this.#row = 0;
		this.#height = 1;
	}

	/** Moves to the first row and erases all: for a terminal that has wrapped its rows anew. */
	erase(): string {
		const out = `${this.#moveTo(0)}\r\x1b[J`;
		this.reset();
		return out;
	}

	#moveTo(row: number): string {
		const by = row - this.#row;
		if (by === 0) return "";
		this.#row = row;
		if (by < 0) return `\x1b[${-by}A`;
		// Rows that are not there yet are made by line feeds, which scroll where the screen ends.
		const made = Math.max(0, row - (this.#height - 1));
		this.#height += made;
		const down = by - made;
		return (down > 0 ? `\x1b[${down}B` : "") + (made > 0 ? `\r${"\n".repeat(made)}` : "");
	}
}
