/**
 * The shortest way from one list of lines to another (E. W. Myers, An O(ND) Difference Algorithm and Its Variations, 1986),
 * by divide and conquer, so that memory stays linear.
 */

/** Beyond so many differences in one piece the way is good rather than shortest. */
const MAX_COST = 4096;

/** Which lines of each side are not on the other. */
export interface Marks {
	removed: Uint8Array;
	added: Uint8Array;
}

class Comparison {
	readonly #a: Int32Array;
	readonly #b: Int32Array;
	readonly #removed: Uint8Array;
	readonly #added: Uint8Array;
	readonly #forward: Int32Array;
	readonly #backward: Int32Array;
	readonly #offset: number;

	constructor(a: Int32Array, b: Int32Array, marks: Marks) {
		this.#a = a;
		this.#b = b;
		this.#removed = marks.removed;
		this.#added = marks.added;
		this.#offset = b.length + 1;
		const diagonals = a.length + b.length + 3;
		this.#forward = new Int32Array(diagonals);
		this.#backward = new Int32Array(diagonals);
	}

	/** Marks the differences between two pieces. */
	compare(aFrom: number, aTo: number, bFrom: number, bTo: number): void {
		const work: [number, number, number, number][] = [[aFrom, aTo, bFrom, bTo]];
		for (let piece = work.pop(); piece !== undefined; piece = work.pop()) {
			let [x0, x1, y0, y1] = piece;
			while (x0 < x1 && y0 < y1 && this.#a[x0] === this.#b[y0]) {
				x0++;
				y0++;
			}
			while (x0 < x1 && y0 < y1 && this.#a[x1 - 1] === this.#b[y1 - 1]) {
				x1--;
				y1--;
			}
			if (x0 === x1) this.#added.fill(1, y0, y1);
			else if (y0 === y1) this.#removed.fill(1, x0, x1);
			else {
				const [x, y] = this.#middle(x0, x1, y0, y1);
				work.push([x, x1, y, y1], [x0, x, y0, y]);
			}
		}
	}

	/** A point on a shortest way, about half-way. */
	#middle(x0: number, x1: number, y0: number, y1: number): [x: number, y: number] {
		const [a, b, forward, backward, offset] = [this.#a, this.#b, this.#forward, this.#backward, this.#offset];
		const [least, most] = [x0 - y1, x1 - y0];
		const [forwardMid, backwardMid] = [x0 - y0, x1 - y1];
		let [forwardMin, forwardMax, backwardMin, backwardMax] = [forwardMid, forwardMid, backwardMid, backwardMid];
		const odd = ((forwardMid - backwardMid) & 1) !== 0;
		forward[offset + forwardMid] = x0;
		backward[offset + backwardMid] = x1;
		for (let cost = 1; ; cost++) {
			if (forwardMin > least) forward[offset + --forwardMin - 1] = -1;
			else forwardMin++;
			if (forwardMax < most) forward[offset + ++forwardMax + 1] = -1;
			else forwardMax--;
			for (let d = forwardMax; d >= forwardMin; d -= 2) {
				const below = forward[offset + d - 1] as number;
				const above = forward[offset + d + 1] as number;
				let x = below < above ? above : below + 1;
				let y = x - d;
				while (x < x1 && y < y1 && a[x] === b[y]) {
					x++;
					y++;
				}
				forward[offset + d] = x;
				if (odd && backwardMin <= d && d <= backwardMax && (backward[offset + d] as number) <= x) return [x, y];
			}
			if (backwardMin > least) backward[offset + --backwardMin - 1] = 0x7fff_ffff;
			else backwardMin++;
			if (backwardMax < most) backward[offset + ++backwardMax + 1] = 0x7fff_ffff;
			else backwardMax--;
			for (let d = backwardMax; d >= backwardMin; d -= 2) {
				const below = backward[offset + d - 1] as number;
				const above = backward[offset + d + 1] as number;
				let x = below < above ? below : above - 1;
				let y = x - d;
				while (x0 < x && y0 < y && a[x - 1] === b[y - 1]) {
					x--;
					y--;
				}
				backward[offset + d] = x;
				if (!odd && forwardMin <= d && d <= forwardMax && x <= (forward[offset + d] as number)) return [x, y];
			}
			if (cost >= MAX_COST) return this.#furthest(x0, x1, y0, y1, forwardMin, forwardMax);
		}
	}

	/** Where the way has come furthest, when looking on would cost too much. */
	#furthest(x0: number, x1: number, y0: number, y1: number, from: number, to: number): [x: number, y: number] {
		let best: [number, number] = [x0, y0];
		for (let d = from; d <= to; d += 2) {
			const x = Math.min(this.#forward[this.#offset + d] as number, x1);
			const y = Math.min(x - d, y1);
			if (y >= y0 && x + y > best[0] + best[1]) best = [y === x - d ? x : y + d, y];
		}
		return best;
	}
}

/** Lines as numbers, equal ones as equal numbers. */
function numbered(texts: readonly string[], numbers: Map<string, number>): Int32Array {
	const out = new Int32Array(texts.length);
	for (const [index, text] of texts.entries()) {
		let number = numbers.get(text);
		if (number === undefined) {
			number = numbers.size;
			numbers.set(text, number);
		}
		out[index] = number;
	}
	return out;
}

/**
 * Moves runs of changed lines as far down as they go, joining those that meet, and back to where the other side has
 * changes too. A run can move where the line behind it equals its first one.
 */
function shift(lines: Int32Array, changed: Uint8Array, other: Uint8Array): void {
	let at = 0;
	let across = 0;
	const end = lines.length;
	for (;;) {
		// Equal lines of both sides keep step; changed ones of the other side are passed over.
		while (at < end && changed[at] === 0) {
			while (other[across++] === 1);
			at++;
		}
		if (at === end) return;
		let start = at;
		while (changed[++at] === 1);
		while (other[across] === 1) across++;
		let runLength: number;
		let matching: number;
		do {
			runLength = at - start;
			while (start > 0 && lines[start - 1] === lines[at - 1]) {
				changed[--start] = 1;
				changed[--at] = 0;
				while (start > 0 && changed[start - 1] === 1) start--;
				while (other[--across] === 1);
			}
			matching = across > 0 && other[across - 1] === 1 ? at : end;
			while (at !== end && lines[start] === lines[at]) {
				changed[start++] = 0;
				changed[at++] = 1;
				while (at < end && changed[at] === 1) at++;
				while (other[++across] === 1) matching = at;
			}
		} while (runLength !== at - start);
		while (matching < at) {
			changed[--start] = 1;
			changed[--at] = 0;
			while (other[--across] === 1);
		}
	}
}

/** One change: so many lines from here in each side. */
export interface Change {
	a: number;
	aCount: number;
	b: number;
	bCount: number;
}

/** The changes that lead from one list of lines to another. */
export function changesBetween(before: readonly string[], after: readonly string[]): Change[] {
	const numbers = new Map<string, number>();
	const a = numbered(before, numbers);
	const b = numbered(after, numbers);
	const marks = { removed: new Uint8Array(a.length + 1), added: new Uint8Array(b.length + 1) };
	new Comparison(a, b, marks).compare(0, a.length, 0, b.length);
	shift(a, marks.removed, marks.added);
	shift(b, marks.added, marks.removed);
	const changes: Change[] = [];
	for (let x = 0, y = 0; x < a.length || y < b.length; ) {
		if (marks.removed[x] === 0 && marks.added[y] === 0 && x < a.length && y < b.length) {
			x++;
			y++;
			continue;
		}
		const change = { a: x, aCount: 0, b: y, bCount: 0 };
		while (marks.removed[x] === 1) x++;
		while (marks.added[y] === 1) y++;
		change.aCount = x - change.a;
		change.bCount = y - change.b;
		changes.push(change);
	}
	return changes;
}
