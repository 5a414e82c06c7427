/**
 * Lines of a store, by the place of their first byte: forwards, backwards, by number. Nothing is kept but a few counts,
 * so that a file may be as large as it likes. A line longer than 16 KiB is taken in pieces.
 */

import type { Store } from "/usr/lib/less/store.ts";

const NEWLINE = 10;
/** Longest piece of a line. */
export const PIECE_BYTES = 16_384;
const BLOCK_BYTES = 65_536;
const SHORT_BYTES = 256;
const PIECES_KEPT = 256;

/** A line, or a piece of a long one. */
export interface Piece {
	/** Place of its first byte. */
	at: number;
	/** Its bytes, without the newline. */
	bytes: Uint8Array;
	/** Place of what follows. */
	next: number;
	/** Whether it goes on with a line begun before. */
	continues: boolean;
}

const latin1 = new TextDecoder("latin1");

/** How many newlines there are among bytes. */
function newlines(bytes: Uint8Array): number {
	return latin1.decode(bytes).split("\n").length - 1;
}

/** The lines of a store. */
export class Lines {
	readonly store: Store;
	readonly #kept = new Map<number, Piece>();
	/** Newlines before each block, as far as they were counted. */
	#counts: number[] = [0];
	/** The long line that was looked at last: its start is far to seek. */
	#long: { at: number; end: number } | undefined;

	constructor(store: Store) {
		this.store = store;
	}

	/** Where the UTF-8 character at a place begins, at or after it. */
	async #boundary(at: number): Promise<number> {
		const bytes = await this.store.read(at, 4);
		let skip = 0;
		while (skip < 3 && skip < bytes.length && ((bytes[skip] as number) & 0xc0) === 0x80) skip++;
		return at + skip;
	}

	/** Where a line is cut that began at `at` and does not end before: at a multiple of the piece's length. */
	#cut(at: number, continues: boolean): number {
		const from = continues ? at + 1 : at + PIECE_BYTES;
		return Math.ceil(from / PIECE_BYTES) * PIECE_BYTES;
	}

	/** The piece that begins at `at`, which goes on with a line or not; `undefined` at the end. */
	async piece(at: number, continues = false): Promise<Piece | undefined> {
		const known = this.#kept.get(at);
		if (known !== undefined && known.continues === continues) return known;
		const piece = (await this.#short(at, continues)) ?? (await this.#whole(at, continues));
		// A last piece may grow; the others stay as they are.
		if (piece !== undefined && piece.next < this.store.size) {
			if (this.#kept.size >= PIECES_KEPT) this.#kept.clear();
			this.#kept.set(at, piece);
		}
		return piece;
	}

	/** A piece that ends soon, as most do: the search for a newline costs by what is searched. */
	async #short(at: number, continues: boolean): Promise<Piece | undefined> {
		if (at + SHORT_BYTES > this.store.size) return undefined;
		const bytes = await this.store.read(at, SHORT_BYTES);
		const end = bytes.indexOf(NEWLINE);
		return end < 0 ? undefined : { at, bytes: bytes.subarray(0, end), next: at + end + 1, continues };
	}

	async #whole(at: number, continues: boolean): Promise<Piece | undefined> {
		const cut = this.#cut(at, continues);
		await this.store.until(cut + 1);
		const bytes = await this.store.read(at, cut + 1 - at);
		if (bytes.length === 0) return undefined;
		const end = bytes.indexOf(NEWLINE);
		if (end >= 0) return { at, bytes: bytes.subarray(0, end), next: at + end + 1, continues };
		if (bytes.length <= cut - at) return { at, bytes, next: at + bytes.length, continues };
		const next = await this.#boundary(cut);
		return { at, bytes: await this.store.read(at, next - at), next, continues };
	}

	/** The piece after another one, if it is at hand. */
	known(piece: Piece): Piece | undefined {
		const next = this.#kept.get(piece.next);
		return next?.continues === (piece.next === piece.at + piece.bytes.length) ? next : undefined;
	}

	/** The piece after another one. */
	async after(piece: Piece): Promise<Piece | undefined> {
		return this.piece(piece.next, piece.next === piece.at + piece.bytes.length);
	}

	/** The piece before the one that begins at `at`. */
	async before(at: number): Promise<Piece | undefined> {
		if (at <= 0) return undefined;
		const last = (await this.store.read(at - 1, 1))[0];
		const start = await this.lineStart(last === NEWLINE ? at - 1 : at);
		const first = this.#cut(start, false);
		for (let cut = Math.floor((at - 1) / PIECE_BYTES) * PIECE_BYTES; cut >= first; cut -= PIECE_BYTES) {
			const from = await this.#boundary(cut);
			// A newline right at the cut ends the line there: no piece begins.
			if (from < at && !(from === at - 1 && last === NEWLINE)) return this.piece(from, true);
		}
		return this.piece(start);
	}

	/** The start of the line that holds the byte before `end`. */
	async lineStart(end: number): Promise<number> {
		if (this.#long !== undefined && end > this.#long.at && end <= this.#long.end) return this.#long.at;
		for (let to = end; to > 0; ) {
			const from = Math.max(0, to - BLOCK_BYTES);
			const bytes = await this.store.read(from, to - from);
			const found = bytes.lastIndexOf(NEWLINE);
			if (found >= 0 || from === 0) {
				const at = found < 0 ? 0 : from + found + 1;
				if (end - at > PIECE_BYTES) this.#long = { at, end };
				return at;
			}
			to = from;
		}
		return 0;
	}

	/** The number of the line at a place, from 1. */
	async numberAt(at: number): Promise<number> {
		const block = Math.floor(at / BLOCK_BYTES);
		await this.#count(block);
		const from = block * BLOCK_BYTES;
		const rest = at > from ? newlines(await this.store.read(from, at - from)) : 0;
		return (this.#counts[block] as number) + rest + 1;
	}

	/** Counts up to the start of a block; answers how many blocks there are counts for. */
	async #count(upTo: number, enough = Number.POSITIVE_INFINITY): Promise<number> {
		for (let index = this.#counts.length - 1; index < upTo; index++) {
			const before = this.#counts[index] as number;
			if (before >= enough) break;
			const bytes = await this.store.read(index * BLOCK_BYTES, BLOCK_BYTES);
			if (bytes.length < BLOCK_BYTES) break;
			this.#counts.push(before + newlines(bytes));
		}
		return this.#counts.length;
	}

	/** Where a line begins, by its number from 1; of those behind the last, the last. */
	async place(number: number): Promise<number> {
		if (number <= 1) return 0;
		for (;;) {
			const last = this.#counts.length - 1;
			if ((this.#counts[last] as number) >= number - 1) break;
			await this.store.until((last + 1) * BLOCK_BYTES);
			if ((await this.#count(last + 1)) === last + 1) break;
		}
		let block = this.#counts.findLastIndex((count) => count < number - 1);
		if (block < 0) block = 0;
		let left = number - 1 - (this.#counts[block] as number);
		const bytes = await this.store.read(block * BLOCK_BYTES, BLOCK_BYTES);
		let at = 0;
		while (left > 0) {
			const found = bytes.indexOf(NEWLINE, at);
			if (found < 0) break;
			at = found + 1;
			left--;
		}
		const place = block * BLOCK_BYTES + at;
		return place >= this.store.size ? ((await this.before(this.store.size))?.at ?? 0) : place;
	}

	/** Forgets what was counted: the store is another one than it was. */
	forget(): void {
		this.#counts = [0];
		this.#kept.clear();
		this.#long = undefined;
	}
}
