/** What a pager shows of one store: from which row of which line, and how it moves. It knows nothing of keys. */

import type { Lines, Piece } from "/usr/lib/less/lines.ts";
import { fits, type Pattern } from "/usr/lib/less/pattern.ts";
import { lineSpans } from "/usr/lib/less/render.ts";
import { BOLD, DIM, type Span } from "/usr/lib/tui/style.ts";
import { marked, toRows } from "/usr/lib/tui/wrap.ts";

/** Options that keys can change. */
export interface ViewOptions {
	/** Numbers before lines. */
	numbers: boolean;
	/** Long lines are cut. */
	chop: boolean;
	/** Sequences that colour do so. */
	colours: boolean;
	/** Several empty lines are shown as one. */
	squeeze: boolean;
	/** What was found is marked. */
	mark: boolean;
	tab: number;
	/** Columns that cut lines are moved to the left. */
	shift: number;
}

/** A row of a line. */
export interface Position {
	piece: Piece;
	row: number;
}

const NUMBER_COLUMNS = 8;
const PIECES_KEPT = 128;

/** A window on lines. */
export class View {
	readonly lines: Lines;
	readonly options: ViewOptions;
	/** The first row that is shown; `undefined` where there is nothing. */
	top: Position | undefined;
	/** The last row that is shown. */
	bottom: Position | undefined;
	/** Whether that is the last there is. */
	atEnd = false;
	/** Only lines that fit are shown. */
	filter: Pattern | undefined;
	/** What is marked. */
	pattern: Pattern | undefined;
	columns = 80;
	height = 23;
	readonly #rows = new Map<number, Span[][]>();
	readonly #numbers = new Map<number, number>();

	constructor(lines: Lines, options: ViewOptions) {
		this.lines = lines;
		this.options = options;
	}

	/** Forgets how lines look: options, size or pattern are others. */
	forget(): void {
		this.#rows.clear();
		if (this.top !== undefined) this.top = { piece: this.top.piece, row: 0 };
	}

	async #shows(piece: Piece): Promise<boolean> {
		if (this.filter !== undefined && !fits(this.filter, piece)) return false;
		if (!this.options.squeeze || piece.bytes.length > 0 || piece.at === 0) return true;
		const before = await this.lines.before(piece.at);
		return before === undefined || before.bytes.length > 0;
	}

	/** The piece itself or the next one that is shown. */
	async #firstShown(from: Piece | undefined): Promise<Piece | undefined> {
		let piece = from;
		while (piece !== undefined && !(await this.#shows(piece))) piece = await this.lines.after(piece);
		return piece;
	}

	async #lastShown(from: Piece | undefined): Promise<Piece | undefined> {
		let piece = from;
		while (piece !== undefined && !(await this.#shows(piece))) piece = await this.lines.before(piece.at);
		return piece;
	}

	async #number(piece: Piece): Promise<number> {
		const known = this.#numbers.get(piece.at);
		if (known !== undefined) return known;
		const number = await this.lines.numberAt(piece.at);
		if (this.#numbers.size > PIECES_KEPT) this.#numbers.clear();
		this.#numbers.set(piece.at, number);
		if (!piece.continues) this.#numbers.set(piece.next, number + 1);
		return number;
	}

	/** The rows of a piece. */
	async rowsOf(piece: Piece): Promise<Span[][]> {
		const known = this.#rows.get(piece.at);
		if (known !== undefined) return known;
		const { options } = this;
		let spans = lineSpans(piece.bytes, options);
		if (options.mark && this.pattern !== undefined && !this.pattern.inverted)
			spans = marked(spans, this.pattern.regexp);
		const columns = Math.max(1, this.columns - (options.numbers ? NUMBER_COLUMNS : 0));
		let rows = toRows(spans, { columns, chop: options.chop, shift: options.shift });
		if (options.numbers) {
			const label = piece.continues ? "" : String(await this.#number(piece));
			const blank: Span = [" ".repeat(NUMBER_COLUMNS), DIM];
			rows = rows.map((row, at) => [at === 0 ? [`${label.padStart(NUMBER_COLUMNS - 1)} `, BOLD] : blank, ...row]);
		}
		// A last piece may grow; the others stay as they are.
		if (piece.next < this.lines.store.size) {
			if (this.#rows.size > PIECES_KEPT) this.#rows.clear();
			this.#rows.set(piece.at, rows);
		}
		return rows;
	}

	/** The piece that is shown next, where all are shown and it is at hand. */
	#knownNext(piece: Piece): Piece | undefined {
		return this.filter === undefined && !this.options.squeeze ? this.lines.known(piece) : undefined;
	}

	/** The rows from a position on, at most `count`. */
	async #collect(from: Position | undefined, count: number): Promise<{ position: Position; spans: Span[] }[]> {
		const found: { position: Position; spans: Span[] }[] = [];
		let piece = from?.piece;
		let row = from?.row ?? 0;
		while (piece !== undefined && found.length < count) {
			// What is known is taken without waiting: each wait costs, and a screen has many lines.
			const rows = this.#rows.get(piece.at) ?? (await this.rowsOf(piece));
			for (; row < rows.length && found.length < count; row++)
				found.push({ position: { piece, row }, spans: rows[row] as Span[] });
			row = 0;
			if (found.length < count)
				piece = this.#knownNext(piece) ?? (await this.#firstShown(await this.lines.after(piece)));
		}
		return found;
	}

	/** The rows to show. */
	async visible(): Promise<Span[][]> {
		// The piece at the top is looked at again: it may have grown.
		const at = this.top?.piece.at ?? 0;
		const piece = await this.#firstShown(await this.lines.piece(at, this.top?.piece.continues ?? false));
		this.top = piece === undefined ? undefined : { piece, row: piece.at === at ? (this.top?.row ?? 0) : 0 };
		const rows = await this.#collect(this.top, this.height + 1);
		this.atEnd = rows.length <= this.height && this.lines.store.complete;
		const shown = rows.slice(0, this.height);
		this.bottom = shown.at(-1)?.position;
		return shown.map((each) => each.spans);
	}

	/** Moves down; answers whether that was possible. */
	async down(count: number): Promise<boolean> {
		const rows = await this.#collect(this.top, this.height + count);
		const by = Math.min(count, rows.length - this.height);
		if (by <= 0) return false;
		this.top = (rows[by] ?? rows.at(-1))?.position;
		return true;
	}

	/** Moves up. */
	async up(count: number): Promise<boolean> {
		let { top } = this;
		for (let left = count; left > 0 && top !== undefined; ) {
			if (top.row > 0) {
				const by = Math.min(left, top.row);
				top = { piece: top.piece, row: top.row - by };
				left -= by;
				continue;
			}
			const piece = await this.#lastShown(await this.lines.before(top.piece.at));
			if (piece === undefined) break;
			top = { piece, row: (await this.rowsOf(piece)).length - 1 };
			left--;
		}
		const moved = top?.piece.at !== this.top?.piece.at || top?.row !== this.top?.row;
		this.top = top;
		return moved;
	}

	/** Shows the line that begins at a place first; with `full`, not beyond where the end fills the screen. */
	async to(at: number, full = true): Promise<void> {
		const piece =
			(await this.#firstShown(await this.lines.piece(at))) ?? (await this.#lastShown(await this.lines.piece(at)));
		if (piece === undefined) return;
		this.top = { piece, row: 0 };
		if (!full) return;
		const rows = await this.#collect(this.top, this.height);
		if (rows.length < this.height) await this.up(this.height - rows.length);
	}

	/** Shows the end. */
	async end(): Promise<void> {
		const piece = await this.#lastShown(await this.lines.before(this.lines.store.size));
		if (piece === undefined) return;
		this.top = { piece, row: (await this.rowsOf(piece)).length - 1 };
		await this.up(this.height - 1);
	}

	/** How much of the whole is above the end of what is shown, in per cent. */
	percent(): number | undefined {
		const { store } = this.lines;
		if (!store.complete || this.bottom === undefined) return undefined;
		return store.size === 0 ? 100 : Math.floor((Math.min(this.bottom.piece.next, store.size) * 100) / store.size);
	}
}
