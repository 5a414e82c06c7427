/** Prints differences: in the normal, the unified, the context and the side-by-side format. */

import { put } from "/usr/lib/sh/cli.ts";
import type { Change } from "/usr/lib/text/diff/myers.ts";
import { textWidth } from "/usr/lib/tui/wcwidth.ts";

/** One side: its lines, and whether the last has its newline. */
export interface Side {
	lines: readonly string[];
	ended: boolean;
	/** What stands for it in headers. */
	label: string;
}

/** How to print. */
export interface Look {
	color: boolean;
	context: number;
	/** Columns of the side-by-side format. */
	width: number;
}

const RED = "\x1b[31m";
const GREEN = "\x1b[32m";
const CYAN = "\x1b[36m";
const BOLD = "\x1b[1m";
const RESET = "\x1b[0m";
const NO_NEWLINE = "\\ No newline at end of file\n";

function painted(look: Look, color: string, text: string): string {
	return look.color ? `${color}${text}${RESET}` : text;
}

/** Lines from one to another, each behind a mark. */
function marked(side: Side, from: number, count: number, mark: string, look: Look, color = ""): string {
	let out = "";
	for (let at = from; at < from + count; at++) {
		const text = mark + side.lines[at];
		out += `${color === "" ? text : painted(look, color, text)}\n`;
		if (at === side.lines.length - 1 && !side.ended) out += NO_NEWLINE;
	}
	return out;
}

function range(from: number, count: number): string {
	return count > 1 ? `${from + 1},${from + count}` : String(count === 0 ? from : from + 1);
}

/** `3,4c3`, and the lines behind `<` and `>`. */
export function printNormal(one: Side, two: Side, changes: readonly Change[], look: Look): void {
	for (const { a, aCount, b, bCount } of changes) {
		const kind = aCount === 0 ? "a" : bCount === 0 ? "d" : "c";
		put(`${painted(look, CYAN, range(a, aCount) + kind + range(b, bCount))}\n`);
		put(marked(one, a, aCount, "< ", look, RED));
		if (kind === "c") put("---\n");
		put(marked(two, b, bCount, "> ", look, GREEN));
	}
}

/** Changes whose lines of context touch, together. */
function hunksOf(changes: readonly Change[], context: number): Change[][] {
	const hunks: Change[][] = [];
	for (const change of changes) {
		const last = hunks.at(-1)?.at(-1);
		if (last !== undefined && change.a - (last.a + last.aCount) <= 2 * context) hunks.at(-1)?.push(change);
		else hunks.push([change]);
	}
	return hunks;
}

/** Where a hunk begins and ends on each side, with its context. */
function extent(
	hunk: readonly Change[],
	one: Side,
	two: Side,
	context: number,
): { a: [number, number]; b: [number, number] } {
	const first = hunk[0] as Change;
	const last = hunk.at(-1) as Change;
	const lead = Math.min(context, first.a, first.b);
	const tail = Math.min(context, one.lines.length - last.a - last.aCount, two.lines.length - last.b - last.bCount);
	return {
		a: [first.a - lead, last.a + last.aCount + tail],
		b: [first.b - lead, last.b + last.bCount + tail],
	};
}

function unifiedRange([from, to]: [number, number]): string {
	const count = to - from;
	if (count === 1) return String(from + 1);
	return `${count === 0 ? from : from + 1},${count}`;
}

/** `@@ -1,3 +1,4 @@`, with lines of context. */
export function printUnified(one: Side, two: Side, changes: readonly Change[], look: Look): void {
	put(`${painted(look, BOLD, `--- ${one.label}`)}\n${painted(look, BOLD, `+++ ${two.label}`)}\n`);
	for (const hunk of hunksOf(changes, look.context)) {
		const { a, b } = extent(hunk, one, two, look.context);
		put(`${painted(look, CYAN, `@@ -${unifiedRange(a)} +${unifiedRange(b)} @@`)}\n`);
		let [at] = a;
		for (const change of hunk) {
			put(marked(one, at, change.a - at, " ", look));
			put(marked(one, change.a, change.aCount, "-", look, RED));
			put(marked(two, change.b, change.bCount, "+", look, GREEN));
			at = change.a + change.aCount;
		}
		put(marked(one, at, a[1] - at, " ", look));
	}
}

function contextRange([from, to]: [number, number]): string {
	return to - from <= 1 ? String(to) : `${from + 1},${to}`;
}

/** One side of a hunk in the context format; nothing where it has no changes. */
function contextSide(
	side: Side,
	hunk: readonly Change[],
	span: [number, number],
	own: "a" | "b",
	sign: string,
	look: Look,
): string {
	const count = (change: Change): number => (own === "a" ? change.aCount : change.bCount);
	const other = (change: Change): number => (own === "a" ? change.bCount : change.aCount);
	if (hunk.every((change) => count(change) === 0)) return "";
	let out = "";
	let [at] = span;
	for (const change of hunk) {
		out += marked(side, at, change[own] - at, "  ", look);
		const mark = other(change) > 0 ? "! " : `${sign} `;
		out += marked(side, change[own], count(change), mark, look, own === "a" ? RED : GREEN);
		at = change[own] + count(change);
	}
	return out + marked(side, at, span[1] - at, "  ", look);
}

/** `*** 1,3 ****`, each side of a hunk for itself. */
export function printContext(one: Side, two: Side, changes: readonly Change[], look: Look): void {
	put(`${painted(look, BOLD, `*** ${one.label}`)}\n${painted(look, BOLD, `--- ${two.label}`)}\n`);
	for (const hunk of hunksOf(changes, look.context)) {
		const { a, b } = extent(hunk, one, two, look.context);
		put(`***************\n*** ${contextRange(a)} ****\n${contextSide(one, hunk, a, "a", "-", look)}`);
		put(`--- ${contextRange(b)} ----\n${contextSide(two, hunk, b, "b", "+", look)}`);
	}
}

/** Text cut or padded to a number of columns, its tabs made spaces. */
function cell(text: string, width: number): [text: string, width: number] {
	let out = "";
	let column = 0;
	for (const character of text) {
		const columns = character === "\t" ? 8 - (column % 8) : textWidth(character);
		if (column + columns > width) break;
		out += character === "\t" ? " ".repeat(columns) : character;
		column += columns;
	}
	return [out, column];
}

/** Both sides beside each other, with a mark between. */
export function printSideBySide(
	one: Side,
	two: Side,
	changes: readonly Change[],
	look: Look,
	onlyChanges: boolean,
): void {
	// As wide as they come out even, with the second half at a tab stop.
	const half = Math.floor((look.width + 8) / 16) * 8;
	const left = Math.min(half - 3, look.width - half);
	const row = (first: string | undefined, mark: string, second: string | undefined): void => {
		const [text, column] = cell(first ?? "", left);
		let out = text;
		let at = column;
		const pad = (to: number): void => {
			for (; (Math.floor(at / 8) + 1) * 8 <= to; at = (Math.floor(at / 8) + 1) * 8) out += "\t";
			out += " ".repeat(to - at);
			at = to;
		};
		if (mark !== " ") {
			pad(Math.floor((left + half - 1) / 2));
			out += mark;
			at++;
		}
		if (second !== undefined && second !== "") {
			pad(half);
			out += cell(second, left)[0];
		}
		put(`${out}\n`);
	};
	let [a, b] = [0, 0];
	const same = (to: number): void => {
		for (; a < to; a++, b++) if (!onlyChanges) row(one.lines[a], " ", two.lines[b]);
	};
	for (const change of changes) {
		same(change.a);
		for (let at = 0; at < Math.max(change.aCount, change.bCount); at++) {
			const [first, second] = [at < change.aCount, at < change.bCount];
			let mark = first ? (second ? "|" : "<") : ">";
			// A missing newline at the end shows as a slash that leans to its side.
			if (mark === "|" && a === one.lines.length - 1 && !one.ended) mark = "\\";
			else if (mark === "|" && b === two.lines.length - 1 && !two.ended) mark = "/";
			row(first ? one.lines[a++] : undefined, mark, second ? two.lines[b++] : undefined);
		}
	}
	same(one.lines.length);
}
