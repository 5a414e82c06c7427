/**
 * A terminal's screen as a program sees it from outside: what has been written to it, interpreted as xterm does as far
 * as programs here use it. For drivers of interactive programs, and for their tests.
 */

import { applySgr, PLAIN, type Style } from "/usr/lib/tui/style.ts";
import { charWidth } from "/usr/lib/tui/wcwidth.ts";

interface Cell {
	text: string;
	style: Style;
}

const BLANK: Cell = { text: " ", style: PLAIN };

interface Page {
	cells: Cell[][];
	row: number;
	column: number;
}

/** A whole sequence at the start of what is left, or the beginning of one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const SEQUENCE = /^\x1b(?:\[([0-?]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[ -/]*([0-Z\\^-~]))/;

/** A screen. */
export class Emulator {
	rows: number;
	columns: number;
	/** Whether the cursor is shown, the alternate screen in use, and pastes are marked. */
	cursorShown = true;
	alternate = false;
	bracketed = false;
	/** How often the bell rang. */
	bells = 0;
	#page: Page;
	#main: Page | undefined;
	#saved = { row: 0, column: 0 };
	#style: Style = PLAIN;
	#top = 0;
	#bottom: number;
	/** The cursor is behind the last column: the next character goes to the next row. */
	#full = false;
	#rest = "";
	readonly #decoder = new TextDecoder();

	constructor(rows = 24, columns = 80) {
		this.rows = rows;
		this.columns = columns;
		this.#bottom = rows - 1;
		this.#page = this.#newPage();
	}

	#newPage(): Page {
		return { cells: Array.from({ length: this.rows }, () => this.#blankRow()), row: 0, column: 0 };
	}

	#blankRow(): Cell[] {
		return new Array<Cell>(this.columns).fill(BLANK);
	}

	get cursor(): [row: number, column: number] {
		return [this.#page.row, Math.min(this.#page.column, this.columns - 1)];
	}

	/** A row's text, without blanks at its end. */
	line(row: number): string {
		const cells = this.#page.cells[row] ?? [];
		return cells
			.map((cell) => cell.text)
			.join("")
			.trimEnd();
	}

	/** All rows' texts. */
	lines(): string[] {
		return this.#page.cells.map((_, row) => this.line(row));
	}

	/** The style of a cell. */
	styleAt(row: number, column: number): Style {
		return this.#page.cells[row]?.[column]?.style ?? PLAIN;
	}

	/** Takes another size, as a window does: rows and columns are cut or added at the end. */
	resize(rows: number, columns: number): void {
		this.rows = rows;
		this.columns = columns;
		for (const page of [this.#page, this.#main]) {
			if (page === undefined) continue;
			for (const [index, cells] of page.cells.entries())
				page.cells[index] = [...cells, ...this.#blankRow()].slice(0, columns);
			while (page.cells.length > rows) {
				if (page.row >= rows) {
					page.cells.shift();
					page.row--;
				} else page.cells.pop();
			}
			while (page.cells.length < rows) page.cells.push(this.#blankRow());
			page.column = Math.min(page.column, columns - 1);
		}
		this.#top = 0;
		this.#bottom = rows - 1;
	}

	/** Takes what a program wrote. */
	write(data: Uint8Array | string): void {
		this.#rest += typeof data === "string" ? data : this.#decoder.decode(data, { stream: true });
		let at = 0;
		while (at < this.#rest.length) {
			if (this.#rest[at] === "\x1b") {
				const match = SEQUENCE.exec(this.#rest.slice(at, at + 256));
				if (match === null) {
					// It may still be on its way; one that is longer than any is none.
					if (this.#rest.length - at < 256) break;
					at++;
					continue;
				}
				this.#sequence(match);
				at += match[0].length;
				continue;
			}
			const char = String.fromCodePoint(this.#rest.codePointAt(at) as number);
			this.#character(char);
			at += char.length;
		}
		this.#rest = this.#rest.slice(at);
	}

	#character(char: string): void {
		const page = this.#page;
		switch (char) {
			case "\r":
				page.column = 0;
				this.#full = false;
				return;
			case "\n":
				this.#full = false;
				this.#lineFeed();
				return;
			case "\b":
				page.column = Math.max(0, page.column - 1);
				this.#full = false;
				return;
			case "\t":
				page.column = Math.min(this.columns - 1, (Math.floor(page.column / 8) + 1) * 8);
				return;
			case "\x07":
				this.bells++;
				return;
		}
		const width = charWidth(char.codePointAt(0) as number);
		if (width !== 0) this.#put(char, width);
		else if (char >= " ") this.#join(char);
	}

	#put(text: string, width: 1 | 2): void {
		const page = this.#page;
		if (this.#full || page.column + width > this.columns) {
			page.column = 0;
			this.#lineFeed();
			this.#full = false;
		}
		const row = page.cells[page.row] as Cell[];
		row[page.column] = { text, style: this.#style };
		if (width === 2) row[page.column + 1] = { text: "", style: this.#style };
		page.column += width;
		if (page.column >= this.columns) {
			page.column = this.columns - 1;
			this.#full = true;
		}
	}

	#join(char: string): void {
		const row = this.#page.cells[this.#page.row] as Cell[];
		let at = this.#full ? this.#page.column : this.#page.column - 1;
		while (at > 0 && row[at]?.text === "") at--;
		const cell = row[at];
		if (cell !== undefined) row[at] = { text: cell.text + char, style: cell.style };
	}

	#lineFeed(): void {
		if (this.#page.row === this.#bottom) this.#scroll(1);
		else if (this.#page.row < this.rows - 1) this.#page.row++;
	}

	#scroll(by: number): void {
		const { cells } = this.#page;
		for (let count = Math.abs(by); count > 0; count--) {
			if (by > 0) {
				cells.splice(this.#top, 1);
				cells.splice(this.#bottom, 0, this.#blankRow());
			} else {
				cells.splice(this.#bottom, 1);
				cells.splice(this.#top, 0, this.#blankRow());
			}
		}
	}

	#sequence(match: RegExpExecArray): void {
		const [, parameters, final, simple] = match;
		if (final !== undefined) this.#csi(parameters ?? "", final);
		else if (simple === "7") this.#saved = { row: this.#page.row, column: this.#page.column };
		else if (simple === "8") this.#moveTo(this.#saved.row, this.#saved.column);
		else if (simple === "M" && this.#page.row === this.#top) this.#scroll(-1);
		else if (simple === "M") this.#page.row = Math.max(0, this.#page.row - 1);
	}

	#moveTo(row: number, column: number): void {
		this.#page.row = Math.max(0, Math.min(row, this.rows - 1));
		this.#page.column = Math.max(0, Math.min(column, this.columns - 1));
		this.#full = false;
	}

	#csi(parameters: string, final: string): void {
		const numbers = parameters.replace(/^\?/, "").split(";").map(Number);
		if (final === "m") this.#style = applySgr(this.#style, parameters);
		else if (final === "h" || final === "l") {
			if (parameters.startsWith("?")) this.#mode(numbers[0] ?? 0, final === "h");
		} else if (final === "r") {
			this.#top = (numbers[0] || 1) - 1;
			this.#bottom = (numbers[1] || this.rows) - 1;
			this.#moveTo(0, 0);
		} else if (final === "J" || final === "K") this.#erase(numbers[0] ?? 0, final === "J");
		else if (final === "S" || final === "T") this.#scroll((final === "S" ? 1 : -1) * (numbers[0] || 1));
		else this.#move(final, numbers[0] || 1, numbers[1] || 1);
	}

	#move(final: string, one: number, two: number): void {
		const { row, column } = this.#page;
		const to: Record<string, [row: number, column: number]> = {
			A: [row - one, column],
			B: [row + one, column],
			C: [row, column + one],
			D: [row, column - one],
			G: [row, one - 1],
			H: [one - 1, two - 1],
			d: [one - 1, column],
			f: [one - 1, two - 1],
		};
		const place = to[final];
		if (place !== undefined) this.#moveTo(...place);
	}

	#erase(how: number, page: boolean): void {
		const { cells, row, column } = this.#page;
		const blank = (at: number, from: number, to: number): void => {
			(cells[at] as Cell[]).fill(BLANK, from, to);
		};
		blank(row, how === 0 ? column : 0, how === 1 ? column + 1 : this.columns);
		if (!page) return;
		for (let at = 0; at < this.rows; at++)
			if (at !== row && (how >= 2 || at > row === (how === 0))) blank(at, 0, this.columns);
	}

	#mode(mode: number, on: boolean): void {
		if (mode === 25) this.cursorShown = on;
		else if (mode === 2004) this.bracketed = on;
		else if (mode === 1049 && on !== this.alternate) {
			this.alternate = on;
			if (on) {
				this.#main = this.#page;
				this.#page = this.#newPage();
			} else if (this.#main !== undefined) {
				this.#page = this.#main;
				this.#main = undefined;
			}
		}
	}
}
