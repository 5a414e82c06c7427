/** Lines of spans as rows of a terminal: cut or folded; and the marking of what was found in them. */

import { REVERSE, type Span } from "/usr/lib/tui/style.ts";
import { clusters, isPlain } from "/usr/lib/tui/wcwidth.ts";

/** How lines become rows. */
export interface WrapOptions {
	columns: number;
	/** Cut long lines instead of going on in the next row, from column `shift` on. */
	chop: boolean;
	shift: number;
}

/** Cuts spans into rows. */
export function toRows(spans: readonly Span[], options: WrapOptions): Span[][] {
	const { columns } = options;
	const [first] = spans;
	if (spans.length === 1 && first !== undefined && isPlain(first[0])) return plainRows(first, options);
	if (options.shift === 0 && fitsPlainly(spans, columns)) return [[...spans]];
	const rows: Span[][] = [[]];
	let used = options.chop ? -options.shift : 0;
	for (const [text, style] of spans) {
		let held = "";
		for (const cluster of clusters(text)) {
			if (used + cluster.width > columns) {
				if (options.chop) break;
				if (held !== "") (rows.at(-1) as Span[]).push([held, style]);
				held = "";
				rows.push([]);
				used = 0;
			}
			if (used >= 0) held += cluster.text;
			used += cluster.width;
		}
		if (held !== "") (rows.at(-1) as Span[]).push([held, style]);
	}
	return rows;
}

/** Whether spans are plain and no wider than the columns, so that nothing need be cut. */
function fitsPlainly(spans: readonly Span[], columns: number): boolean {
	let used = 0;
	for (const [text] of spans) {
		used += text.length;
		if (used > columns || !isPlain(text)) return false;
	}
	return true;
}

function plainRows([text, style]: Span, options: WrapOptions): Span[][] {
	if (options.chop) return [[[text.slice(options.shift, options.shift + options.columns), style]]];
	const rows: Span[][] = [];
	for (let at = 0; at < text.length; at += options.columns) rows.push([[text.slice(at, at + options.columns), style]]);
	return rows.length === 0 ? [[]] : rows;
}

/** The text that spans show. */
export function textOf(spans: readonly Span[]): string {
	return spans.map(([text]) => text).join("");
}

/** Spans with what a pattern fits in them shown in reverse. */
export function marked(spans: readonly Span[], pattern: RegExp): Span[] {
	const text = textOf(spans);
	const ranges: [from: number, to: number][] = [];
	for (const match of text.matchAll(pattern))
		if (match[0] !== "") ranges.push([match.index, match.index + match[0].length]);
	if (ranges.length === 0) return [...spans];
	const found: Span[] = [];
	let at = 0;
	let range = 0;
	for (const [piece, style] of spans) {
		let from = 0;
		while (from < piece.length) {
			while ((ranges[range]?.[1] ?? Number.POSITIVE_INFINITY) <= at + from) range++;
			const [start, end] = ranges[range] ?? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
			const inside = at + from >= start;
			const to = Math.min(piece.length, (inside ? end : start) - at);
			found.push([piece.slice(from, to), inside ? style ^ REVERSE : style]);
			from = to;
		}
		at += piece.length;
	}
	return found;
}
