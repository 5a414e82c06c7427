/** A text under edit: lines, the cursor, a mark, what was cut, undo and redo. It knows nothing of files and screens. */

import { nextBoundary, previousBoundary } from "/usr/lib/tui/wcwidth.ts";

/** A place in the text. */
export interface Place {
	line: number;
	/** UTF-16 units from the line's start. */
	at: number;
}

/** One change: the text from `from` on was `removed` and is `inserted`. */
interface Edit {
	from: Place;
	removed: string;
	inserted: string;
	/** Where the cursor was before. */
	cursor: Place;
	/** Edits of one group are undone together. */
	group: number;
}

/** Lines that took the place of others. */
export interface Change {
	line: number;
	removed: number;
	added: number;
}

/** How edits in a row are joined. */
type Kind = "type" | "delete" | "other";

/** Units of text that undo keeps; the oldest changes go first. */
const MAX_UNDO_UNITS = 32 * 1024 * 1024;

/** Which of two places comes first. */
export function compare(a: Place, b: Place): number {
	return a.line - b.line || a.at - b.at;
}

/** The end of a text that begins at `from`. */
function endOf(from: Place, text: string): Place {
	const last = text.lastIndexOf("\n");
	if (last < 0) return { line: from.line, at: from.at + text.length };
	return { line: from.line + text.split("\n").length - 1, at: text.length - last - 1 };
}

/** A text. */
export class Document {
	lines: string[];
	cursor: Place = { line: 0, at: 0 };
	mark: Place | undefined;
	/** What has changed since somebody last looked, for what is known of each line. */
	changes: Change[] = [];
	#undo: Edit[] = [];
	#redo: Edit[] = [];
	#units = 0;
	#group = 0;
	#kind: Kind = "other";
	/** How many edits there were when the text was saved; -1: it cannot be reached any more. */
	#saved = 0;
	/** The column that moving up and down tries to keep. */
	#wanted: number | undefined;

	constructor(text = "") {
		this.lines = text.split("\n");
	}

	/** The whole text. */
	get text(): string {
		return this.lines.join("\n");
	}

	/** Whether it has changed since it was saved. */
	get modified(): boolean {
		return this.#undo.length !== this.#saved;
	}

	/** Says that it is saved as it is. */
	saved(): void {
		this.#saved = this.#undo.length;
		this.#kind = "other";
	}

	line(index = this.cursor.line): string {
		return this.lines[index] ?? "";
	}

	/** The text between two places. */
	slice(from: Place, to: Place): string {
		if (from.line === to.line) return this.line(from.line).slice(from.at, to.at);
		const middle = this.lines.slice(from.line + 1, to.line);
		return [this.line(from.line).slice(from.at), ...middle, this.line(to.line).slice(0, to.at)].join("\n");
	}

	/** Puts `text` in the place of what is between two places, and the cursor behind it. */
	replace(from: Place, to: Place, text: string, kind: Kind = "other"): void {
		const removed = this.slice(from, to);
		if (removed === "" && text === "") return;
		const joins = kind !== "other" && kind === this.#kind && this.#joins(from, to, kind);
		if (!joins) this.#group++;
		this.#kind = kind;
		if (this.#saved > this.#undo.length) this.#saved = -1;
		this.#undo.push({ from, removed, inserted: text, cursor: this.cursor, group: this.#group });
		this.#redo = [];
		this.#bound(removed.length + text.length);
		this.#apply(from, to, text);
	}

	/** Typing goes on where it was; deleting too. */
	#joins(from: Place, to: Place, kind: Kind): boolean {
		const last = this.#undo.at(-1);
		if (last === undefined) return false;
		if (kind === "type") return compare(endOf(last.from, last.inserted), from) === 0;
		return compare(last.from, to) === 0 || compare(last.from, from) === 0;
	}

	#bound(units: number): void {
		this.#units += units;
		while (this.#units > MAX_UNDO_UNITS && this.#undo.length > 1) {
			const oldest = this.#undo.shift() as Edit;
			this.#units -= oldest.removed.length + oldest.inserted.length;
			this.#saved--;
		}
	}

	#apply(from: Place, to: Place, text: string): void {
		const head = this.line(from.line).slice(0, from.at);
		const tail = this.line(to.line).slice(to.at);
		const pieces = text.split("\n");
		const end = endOf(from, text);
		if (pieces.length === 1 && from.line === to.line) this.lines[from.line] = head + text + tail;
		else {
			pieces[0] = head + (pieces[0] as string);
			pieces[pieces.length - 1] += tail;
			this.#spliceLines(from.line, to.line - from.line + 1, pieces);
		}
		this.cursor = end;
		this.#wanted = undefined;
		this.changes.push({ line: from.line, removed: to.line - from.line + 1, added: pieces.length });
	}

	/** Arguments of one call are bounded, so that many lines are put in by joining arrays. */
	#spliceLines(at: number, count: number, lines: string[]): void {
		if (lines.length < 1000) this.lines.splice(at, count, ...lines);
		else this.lines = this.lines.slice(0, at).concat(lines, this.lines.slice(at + count));
	}

	/** What follows belongs to no row of equal edits. */
	settle(): void {
		this.#kind = "other";
	}

	/** Makes all that `work` changes one step for undo. */
	together(work: () => void): void {
		const before = this.#undo.length;
		work();
		const group = ++this.#group;
		for (const edit of this.#undo.slice(before)) edit.group = group;
		this.#kind = "other";
	}

	/** Takes back the last step. */
	undo(): boolean {
		const group = this.#undo.at(-1)?.group;
		if (group === undefined) return false;
		while (this.#undo.at(-1)?.group === group) {
			const edit = this.#undo.pop() as Edit;
			this.#apply(edit.from, endOf(edit.from, edit.inserted), edit.removed);
			this.cursor = edit.cursor;
			this.#redo.push(edit);
		}
		this.#kind = "other";
		return true;
	}

	/** Does again what was taken back. */
	redo(): boolean {
		const group = this.#redo.at(-1)?.group;
		if (group === undefined) return false;
		while (this.#redo.at(-1)?.group === group) {
			const edit = this.#redo.pop() as Edit;
			this.#apply(edit.from, endOf(edit.from, edit.removed), edit.inserted);
			this.#undo.push(edit);
		}
		this.#kind = "other";
		return true;
	}

	/** Moves the cursor, to the nearest place that there is. */
	moveTo(line: number, at: number): void {
		const row = Math.max(0, Math.min(line, this.lines.length - 1));
		this.cursor = { line: row, at: Math.max(0, Math.min(at, this.line(row).length)) };
		this.#wanted = undefined;
		this.#kind = "other";
	}

	/** Moves up or down by lines; `columnOf` and `placeOf` turn places within a line to columns and back. */
	vertical(
		by: number,
		columnOf: (line: string, at: number) => number,
		placeOf: (line: string, column: number) => number,
	): void {
		const wanted = this.#wanted ?? columnOf(this.line(), this.cursor.at);
		const row = Math.max(0, Math.min(this.cursor.line + by, this.lines.length - 1));
		if (row === this.cursor.line) {
			this.moveTo(row, by < 0 ? 0 : this.line(row).length);
			return;
		}
		this.cursor = { line: row, at: placeOf(this.line(row), wanted) };
		this.#wanted = wanted;
		this.#kind = "other";
	}

	/** The place before the cursor, or the same at the start. */
	before(): Place {
		const { line, at } = this.cursor;
		if (at > 0) return { line, at: previousBoundary(this.line(), at) };
		return line > 0 ? { line: line - 1, at: this.line(line - 1).length } : this.cursor;
	}

	/** The place after the cursor, or the same at the end. */
	after(): Place {
		const { line, at } = this.cursor;
		if (at < this.line().length) return { line, at: nextBoundary(this.line(), at) };
		return line < this.lines.length - 1 ? { line: line + 1, at: 0 } : this.cursor;
	}

	/** The marked region, in order. */
	region(): { from: Place; to: Place } | undefined {
		const { mark, cursor } = this;
		if (mark === undefined) return undefined;
		const bounded = { line: Math.min(mark.line, this.lines.length - 1), at: mark.at };
		return compare(bounded, cursor) <= 0 ? { from: bounded, to: cursor } : { from: cursor, to: bounded };
	}

	/** The start of the next word, or of the one before. */
	wordPlace(by: -1 | 1): Place {
		let { line, at } = this.cursor;
		const isWord = (char: string): boolean => /[\p{L}\p{N}_]/u.test(char);
		let text = this.line(line);
		if (by > 0) {
			while (at < text.length && isWord(text.charAt(at))) at++;
			for (;;) {
				while (at < text.length && !isWord(text.charAt(at))) at++;
				if (at < text.length || line === this.lines.length - 1) return { line, at };
				text = this.line(++line);
				at = 0;
				if (text !== "" && isWord(text.charAt(0))) return { line, at };
			}
		}
		for (;;) {
			while (at > 0 && !isWord(text.charAt(at - 1))) at--;
			if (at > 0 || line === 0) break;
			text = this.line(--line);
			at = text.length;
		}
		while (at > 0 && isWord(text.charAt(at - 1))) at--;
		return { line, at };
	}
}
