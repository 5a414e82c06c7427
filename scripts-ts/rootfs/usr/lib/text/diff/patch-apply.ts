/** Puts hunks into a file's lines, near where they say and with less context where it takes that. */

import type { Hunk } from "/usr/lib/text/diff/patch-parse.ts";

/** A text as lines, and whether the last has its newline. */
export interface Text {
	lines: string[];
	ended: boolean;
}

/** What became of a hunk. */
export interface Placed {
	hunk: Hunk;
	/** The line it went to, counted from 1; absent where it found no place. */
	line: number | undefined;
	offset: number;
	fuzz: number;
}

const BLANKS = /[ \t]+/g;

/** Applies hunks in their order. */
export class Patcher {
	readonly text: Text;
	readonly #blanks: boolean;
	readonly #maxFuzz: number;
	/** How many lines further the file goes than the patch's old side, by hunks before and their offsets. */
	#drift = 0;
	#offset = 0;
	#end = 0;

	constructor(text: Text, maxFuzz: number, ignoreBlanks: boolean) {
		this.text = text;
		this.#maxFuzz = maxFuzz;
		this.#blanks = ignoreBlanks;
	}

	#same(a: string | undefined, b: string): boolean {
		if (a === b) return true;
		if (!this.#blanks || a === undefined) return false;
		return a.replace(BLANKS, " ").trimEnd() === b.replace(BLANKS, " ").trimEnd();
	}

	#fits(old: readonly string[], at: number): boolean {
		if (at < this.#end || at + old.length > this.text.lines.length) return false;
		return old.every((line, index) => this.#same(this.text.lines[at + index], line));
	}

	/** The place nearest to `wanted` where lines fit. */
	#near(old: readonly string[], wanted: number, onlyStart: boolean, onlyEnd: boolean): number | undefined {
		const last = this.text.lines.length - old.length;
		if (onlyStart) return this.#fits(old, 0) ? 0 : undefined;
		if (onlyEnd) return this.#fits(old, last) ? last : undefined;
		const most = Math.max(wanted, this.text.lines.length) + 1;
		for (let distance = 0; distance <= most; distance++) {
			if (this.#fits(old, wanted + distance)) return wanted + distance;
			if (distance > 0 && this.#fits(old, wanted - distance)) return wanted - distance;
		}
		return undefined;
	}

	/** Applies one hunk, if it finds a place. */
	apply(hunk: Hunk): Placed {
		const lead = contextLength(hunk.lines);
		const tail = contextLength([...hunk.lines].reverse());
		const old = hunk.lines.filter((line) => !line.startsWith("+")).map((line) => line.slice(1));
		const made = hunk.lines.filter((line) => !line.startsWith("-")).map((line) => line.slice(1));
		// A hunk that only adds names the line behind which it does.
		const start = old.length === 0 ? hunk.oldStart : hunk.oldStart - 1;
		const wanted = start + this.#drift + this.#offset;
		const most = Math.min(this.#maxFuzz, Math.max(lead, tail));
		for (let fuzz = 0; fuzz <= most; fuzz++) {
			const [top, bottom] = [
				Math.max(0, Math.min(lead, lead + fuzz - Math.max(lead, tail))),
				Math.max(0, Math.min(tail, tail + fuzz - Math.max(lead, tail))),
			];
			const part = old.slice(top, old.length - bottom);
			const atStart = fuzz === 0 && lead < tail && hunk.oldStart <= 1;
			const atEnd = fuzz === 0 && tail < lead && !hunk.normal;
			if (part.length === 0 && old.length > 0) break;
			const found = this.#near(part, wanted + top, atStart, atEnd);
			if (found === undefined) continue;
			this.#replace(found, part, made.slice(top, made.length - bottom), hunk);
			const place = found - top;
			const offset = place - (start + this.#drift);
			this.#offset = offset;
			this.#drift += made.length - old.length;
			return { hunk, line: place + 1, offset, fuzz };
		}
		return { hunk, line: undefined, offset: 0, fuzz: 0 };
	}

	#replace(at: number, old: readonly string[], made: readonly string[], hunk: Hunk): void {
		const { lines } = this.text;
		const reachesEnd = at + old.length === lines.length;
		// Lines of context stay as they are in the file, where only blanks differ.
		const kept = this.#blanks
			? made.map((line) => lines.slice(at, at + old.length).find((one) => this.#same(one, line)) ?? line)
			: made;
		lines.splice(at, old.length, ...kept);
		if (reachesEnd && kept.length > 0) this.text.ended = !hunk.newOpen;
		if (lines.length === 0) this.text.ended = true;
		this.#end = at + kept.length;
	}
}

function contextLength(lines: readonly string[]): number {
	const first = lines.findIndex((line) => !line.startsWith(" "));
	return first < 0 ? lines.length : first;
}
