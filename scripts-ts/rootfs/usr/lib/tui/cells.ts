/** One row of a screen as cells, and the least that must be written to turn one row into another. */

import { PLAIN, type Span, type Style, sgr } from "/usr/lib/tui/style.ts";
import { clusters, isPlain } from "/usr/lib/tui/wcwidth.ts";

/** A row: what each cell shows (empty behind a wide character) and in which style. */
export interface Cells {
	chars: string[];
	styles: Style[];
}

/** Unchanged cells between two changes that are written again rather than jumped over. */
const JUMP_CELLS = 6;

/** Spans as cells, cut at `columns`; a wide character that does not fit whole is left out. */
export function toCells(spans: readonly Span[], columns: number): Cells {
	const cells: Cells = { chars: [], styles: [] };
	for (const [text, style] of spans) {
		const room = columns - cells.chars.length;
		if (room <= 0) break;
		if (isPlain(text)) {
			const taken = text.length > room ? text.slice(0, room) : text;
			cells.chars.push(...taken);
			for (let count = taken.length; count > 0; count--) cells.styles.push(style);
			continue;
		}
		for (const cluster of clusters(text)) {
			if (cells.chars.length + cluster.width > columns) break;
			if (cluster.width === 0) continue;
			cells.chars.push(cluster.text);
			cells.styles.push(style);
			if (cluster.width === 2) {
				cells.chars.push("");
				cells.styles.push(style);
			}
		}
	}
	trim(cells);
	return cells;
}

/** Blanks at the end are what an erased row shows anyway. */
function trim(cells: Cells): void {
	let length = cells.chars.length;
	while (length > 0 && cells.chars[length - 1] === " " && cells.styles[length - 1] === PLAIN) length--;
	cells.chars.length = length;
	cells.styles.length = length;
}

/** A name under which equal rows are equal. */
export function keyOf(spans: readonly Span[]): string {
	let key = "";
	for (const [text, style] of spans) key += `${style}\x00${text}\x01`;
	return key;
}

/** Writes what differs between two rows. Assumes the plain style on entry and leaves it so. */
export function diffRow(old: Cells, now: Cells, moveTo: (column: number) => string): string {
	const length = now.chars.length;
	let out = "";
	let style: Style = PLAIN;
	/** Where the cursor is; -1 where that is not known. */
	let at = -1;
	for (let column = 0; column < length; column++) {
		const char = now.chars[column] as string;
		if (char === old.chars[column] && now.styles[column] === old.styles[column]) continue;
		// The second half of a wide character goes with the first.
		if (char === "") continue;
		if (at < 0 || column - at > JUMP_CELLS || !replayable(now, at, column)) {
			if (at !== column) out += moveTo(column);
			at = column;
		}
		for (; at <= column; at++) {
			const text = now.chars[at] as string;
			if (text === "") continue;
			const wanted = now.styles[at] as Style;
			if (wanted !== style) out += sgr(wanted);
			style = wanted;
			out += text;
		}
		if (now.chars[at] === "") at++;
		// Terminals disagree about how wide a sequence of joined characters is: say where it goes on.
		if (char.length > 1 && Array.from(char).length > 1) at = -1;
	}
	if (old.chars.length > length) {
		if (style !== PLAIN) out += sgr(PLAIN);
		style = PLAIN;
		if (at !== length) out += moveTo(length);
		out += "\x1b[K";
	}
	return style === PLAIN ? out : out + sgr(PLAIN);
}

/** Whether the cells between may be written again: all are simple characters. */
function replayable(cells: Cells, from: number, to: number): boolean {
	for (let column = from; column < to; column++) if ((cells.chars[column] as string).length !== 1) return false;
	return true;
}
