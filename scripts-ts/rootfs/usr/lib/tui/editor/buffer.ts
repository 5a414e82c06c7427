/** A text under edit: a cursor, a ring of what was cut, and undo. It knows nothing of terminals. */

import { nextBoundary, previousBoundary } from "/usr/lib/tui/wcwidth.ts";

/** Most states that undo goes back through. */
const MAX_UNDO = 256;
/** Most texts that the ring of what was cut keeps. */
const MAX_KILLS = 32;

interface State {
	text: string;
	cursor: number;
}

/** What was cut, the latest last. Shared by all the lines of an editor. */
export class KillRing {
	readonly #kills: string[] = [];

	/** Adds a text, or adds to the latest where one cut follows another. */
	add(text: string, joined: "before" | "after" | undefined): void {
		if (text === "") return;
		const last = this.#kills.pop();
		if (joined === undefined && last !== undefined) this.#kills.push(last);
		const before = joined === undefined ? "" : (last ?? "");
		this.#kills.push(joined === "before" ? text + before : before + text);
		if (this.#kills.length > MAX_KILLS) this.#kills.shift();
	}

	/** The text that was cut `back` cuts ago; the ring goes round. */
	at(back: number): string {
		const count = this.#kills.length;
		return count === 0 ? "" : (this.#kills[(((count - 1 - back) % count) + count) % count] as string);
	}
}

function isWord(char: string): boolean {
	return /[\p{L}\p{N}_]/u.test(char);
}

/** The text of one line, which may hold newlines. */
export class EditBuffer {
	text = "";
	cursor = 0;
	readonly #ring: KillRing;
	#undo: State[] = [];
	/** What the last change was: changes of one kind in a row are undone together, cuts in a row are joined. */
	#last: "type" | "kill" | "yank" | "other" = "other";
	#yanked: { from: number; back: number } | undefined;

	constructor(ring: KillRing) {
		this.#ring = ring;
	}

	/** Replaces everything, as another entry of the history does. */
	replace(text: string, cursor = text.length): void {
		this.#save("other");
		this.text = text;
		this.cursor = cursor;
	}

	/** Ends what a row of equal changes would join. */
	settle(): void {
		this.#last = "other";
	}

	#save(kind: "type" | "kill" | "yank" | "other"): void {
		if (!(kind === "type" && this.#last === "type")) {
			this.#undo.push({ text: this.text, cursor: this.cursor });
			if (this.#undo.length > MAX_UNDO) this.#undo.shift();
		}
		this.#last = kind;
	}

	/** Puts the text of `from` to `to` in place of what is there. */
	splice(from: number, to: number, text: string, kind: "type" | "kill" | "yank" | "other" = "other"): void {
		this.#save(kind);
		this.text = this.text.slice(0, from) + text + this.text.slice(to);
		this.cursor = from + text.length;
	}

	/** Types text at the cursor. */
	insert(text: string): void {
		this.splice(this.cursor, this.cursor, text, text === " " ? "other" : "type");
		if (text === " ") this.#last = "type";
	}

	/** Deletes the character before the cursor. */
	deleteBack(): void {
		if (this.cursor > 0) this.splice(previousBoundary(this.text, this.cursor), this.cursor, "");
	}

	/** Deletes the character under the cursor. */
	deleteForward(): void {
		if (this.cursor < this.text.length) this.splice(this.cursor, nextBoundary(this.text, this.cursor), "");
	}

	/** Takes back the last change. */
	undo(): boolean {
		const state = this.#undo.pop();
		this.#last = "other";
		if (state === undefined) return false;
		this.text = state.text;
		this.cursor = state.cursor;
		return true;
	}

	left(): void {
		this.cursor = previousBoundary(this.text, this.cursor);
		this.settle();
	}

	right(): void {
		this.cursor = nextBoundary(this.text, this.cursor);
		this.settle();
	}

	/** The start of the line, of those in the text, that holds `at`. */
	lineStart(at = this.cursor): number {
		return this.text.lastIndexOf("\n", at - 1) + 1;
	}

	/** The end of that line. */
	lineEnd(at = this.cursor): number {
		const end = this.text.indexOf("\n", at);
		return end < 0 ? this.text.length : end;
	}

	moveTo(at: number): void {
		this.cursor = Math.max(0, Math.min(at, this.text.length));
		this.settle();
	}

	/** Moves to the line above (-1) or below (1), in the same column as far as there is one. */
	vertical(by: -1 | 1): boolean {
		const start = this.lineStart();
		const column = this.cursor - start;
		if (by < 0) {
			if (start === 0) return false;
			const above = this.lineStart(start - 1);
			this.moveTo(Math.min(above + column, start - 1));
			return true;
		}
		const end = this.lineEnd();
		if (end === this.text.length) return false;
		this.moveTo(Math.min(end + 1 + column, this.lineEnd(end + 1)));
		return true;
	}

	/** The end of the word at or after `from`. */
	wordEnd(from = this.cursor): number {
		let at = from;
		while (at < this.text.length && !isWord(this.text.charAt(at))) at++;
		while (at < this.text.length && isWord(this.text.charAt(at))) at++;
		return at;
	}

	/** The start of the word before `from`. */
	wordStart(from = this.cursor): number {
		let at = from;
		while (at > 0 && !isWord(this.text.charAt(at - 1))) at--;
		while (at > 0 && isWord(this.text.charAt(at - 1))) at--;
		return at;
	}

	/** The start of what stands between blanks before the cursor. */
	blankStart(): number {
		let at = this.cursor;
		while (at > 0 && /\s/.test(this.text.charAt(at - 1))) at--;
		while (at > 0 && !/\s/.test(this.text.charAt(at - 1))) at--;
		return at;
	}

	/** Cuts from the cursor to `to`, on either side of it. */
	killTo(to: number): void {
		const [from, end] = to < this.cursor ? [to, this.cursor] : [this.cursor, to];
		if (from === end) return;
		const joined = this.#last !== "kill" ? undefined : to < this.cursor ? "before" : "after";
		this.#ring.add(this.text.slice(from, end), joined);
		this.splice(from, end, "", "kill");
	}

	/** Puts in what was cut last. */
	yank(): void {
		const from = this.cursor;
		this.splice(from, from, this.#ring.at(0), "yank");
		this.#yanked = { from, back: 0 };
	}

	/** Right after that: what was cut before it instead. */
	yankPop(): void {
		if (this.#last !== "yank" || this.#yanked === undefined) return;
		const { from, back } = this.#yanked;
		this.splice(from, this.cursor, this.#ring.at(back + 1), "yank");
		this.#yanked = { from, back: back + 1 };
	}

	/** Exchanges the characters around the cursor; at the end, the last two. */
	transposeChars(): void {
		const middle = this.cursor === this.text.length ? previousBoundary(this.text, this.cursor) : this.cursor;
		if (middle === 0 || this.text === "") return;
		const before = previousBoundary(this.text, middle);
		const after = nextBoundary(this.text, middle);
		this.splice(before, after, this.text.slice(middle, after) + this.text.slice(before, middle));
	}

	/** Exchanges the word at or before the cursor with the one before it. */
	transposeWords(): void {
		const end = this.wordEnd();
		const second = this.wordStart(end);
		const first = this.wordStart(second);
		const firstEnd = this.wordEnd(first);
		if (first === second || firstEnd > second) return;
		const between = this.text.slice(firstEnd, second);
		this.splice(first, end, this.text.slice(second, end) + between + this.text.slice(first, firstEnd));
	}

	/** Changes the case of the word at or after the cursor, and moves behind it. */
	changeCase(change: (word: string) => string): void {
		const end = this.wordEnd();
		this.splice(this.cursor, end, change(this.text.slice(this.cursor, end)));
	}
}
