/**
 * What must be written to turn one row of a screen into another. Rows of plain ASCII, which most are, are compared
 * piece by piece: what they begin with and end with in common stays, what is between is written. Others are compared
 * cell by cell.
 */

import { type Cells, diffRow, toCells } from "/usr/lib/tui/cells.ts";
import { PLAIN, type Span, type Style, sgr } from "/usr/lib/tui/style.ts";
import { isPlain } from "/usr/lib/tui/wcwidth.ts";

const EMPTY: Cells = { chars: [], styles: [] };

function allPlain(spans: readonly Span[]): boolean {
	for (const [text] of spans) if (!isPlain(text)) return false;
	return true;
}

/** Spans cut at `columns`, without blanks at the end that an erased row shows anyway, and their length. */
function trimmed(spans: readonly Span[], columns: number): { spans: Span[]; length: number } {
	const kept: Span[] = [];
	let length = 0;
	for (const [text, style] of spans) {
		const room = columns - length;
		if (room <= 0) break;
		const piece = text.length > room ? text.slice(0, room) : text;
		kept.push([piece, style]);
		length += piece.length;
	}
	for (let last = kept.at(-1); last !== undefined && last[1] === PLAIN; last = kept.at(-1)) {
		const text = last[0].trimEnd();
		length -= last[0].length - text.length;
		kept.pop();
		if (text === "") continue;
		kept.push([text, PLAIN]);
		break;
	}
	return { spans: kept, length };
}

/** How many units two texts begin with in common: found by halving, since comparing texts costs little. */
function commonStart(a: string, b: string): number {
	let low = 0;
	let high = Math.min(a.length, b.length);
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (a.slice(low, middle) === b.slice(low, middle)) low = middle;
		else high = middle - 1;
	}
	return low;
}

function commonEnd(a: string, b: string): number {
	let low = 0;
	let high = Math.min(a.length, b.length);
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (a.slice(a.length - middle) === b.slice(b.length - middle)) low = middle;
		else high = middle - 1;
	}
	return low;
}

/** Columns that two rows begin with in common. */
function sameStart(old: readonly Span[], now: readonly Span[]): number {
	let columns = 0;
	for (let index = 0; ; index++) {
		const [a, b] = [old[index], now[index]];
		if (a === undefined || b === undefined || a[1] !== b[1]) return columns;
		if (a[0] !== b[0]) return columns + commonStart(a[0], b[0]);
		columns += a[0].length;
	}
}

/** Columns that two rows of one length end with in common. */
function sameEnd(old: readonly Span[], now: readonly Span[]): number {
	let columns = 0;
	for (let back = 1; ; back++) {
		const [a, b] = [old.at(-back), now.at(-back)];
		if (a === undefined || b === undefined || a[1] !== b[1]) return columns;
		if (a[0] !== b[0]) return columns + commonEnd(a[0], b[0]);
		columns += a[0].length;
	}
}

/** The text of the columns from `from` to `to`, with styles; plain on entry and at the end. */
function write(spans: readonly Span[], from: number, to: number): string {
	let out = "";
	let now: Style = PLAIN;
	let at = 0;
	for (const [text, style] of spans) {
		const [first, last] = [Math.max(0, from - at), Math.min(text.length, to - at)];
		at += text.length;
		if (last <= first) continue;
		if (style !== now) out += sgr(style);
		now = style;
		out += first === 0 && last === text.length ? text : text.slice(first, last);
	}
	return now === PLAIN ? out : out + sgr(PLAIN);
}

/** What turns one row into another. The style is plain before and after; `moveTo` moves the cursor within the row. */
export function changeRow(
	old: readonly Span[],
	now: readonly Span[],
	columns: number,
	moveTo: (column: number) => string,
): string {
	if (!allPlain(now) || !allPlain(old)) {
		return diffRow(old.length === 0 ? EMPTY : toCells(old, columns), toCells(now, columns), moveTo);
	}
	const before = trimmed(old, columns);
	const after = trimmed(now, columns);
	const from = sameStart(before.spans, after.spans);
	let to = after.length;
	if (before.length === after.length && from < to) to -= Math.min(to - from, sameEnd(before.spans, after.spans));
	if (from >= to && before.length <= after.length) return "";
	const erase = before.length > after.length ? "\x1b[K" : "";
	return moveTo(from) + write(after.spans, from, to) + erase;
}
