/** What a request for a file makes depend on its state: conditions (RFC 9110, 13) and ranges (RFC 9110, 14). */

import { parseHttpDate } from "helios:http/dates";
import { trimValue } from "helios:web/header-list";
import type { Headers } from "helios:web/headers";

/** What is compared with the conditions of a request. */
export interface Validators {
	/** The entity tag, with its quotes. */
	etag: string;
	/** The last change, in milliseconds since the Unix epoch. */
	modifiedMs: number;
}

/** A range of bytes, both ends in it. */
export interface ByteRange {
	first: number;
	last: number;
}

/** Ranges that one request may ask for; one that asks for more gets everything. */
const RANGES_MAX = 16;

function seconds(ms: number): number {
	return Math.floor(ms / 1000);
}

/** Whether an entity tag is in a list. `weak` takes one of which only the meaning is the same. */
function hasTag(list: string, etag: string, weak: boolean): boolean {
	if (list.trim() === "*") return true;
	for (const [, mark, tag] of list.matchAll(/(W\/)?("[^"]*")/g)) {
		if (tag === etag && (weak || mark === undefined)) return true;
	}
	return false;
}

/** Whether the file changed after a date; `undefined` where the date is none. */
function changedSince(date: string, { modifiedMs }: Validators): boolean | undefined {
	const since = parseHttpDate(date);
	return since === undefined ? undefined : seconds(modifiedMs) > seconds(since);
}

/** 304 or 412 where the conditions of a request say so (RFC 9110, 13.2.2). */
export function failedCondition(headers: Headers, validators: Validators): 304 | 412 | undefined {
	const match = headers.get("if-match");
	const unmodified = headers.get("if-unmodified-since");
	if (match !== null) {
		if (!hasTag(match, validators.etag, false)) return 412;
	} else if (unmodified !== null && changedSince(unmodified, validators) === true) return 412;
	const noneMatch = headers.get("if-none-match");
	if (noneMatch !== null) return hasTag(noneMatch, validators.etag, true) ? 304 : undefined;
	const modified = headers.get("if-modified-since");
	return modified !== null && changedSince(modified, validators) === false ? 304 : undefined;
}

/** Whether the ranges of a request are wanted of the file as it now is (RFC 9110, 13.1.5). */
function rangeApplies(headers: Headers, validators: Validators): boolean {
	const condition = headers.get("if-range");
	if (condition === null) return true;
	if (condition.startsWith('"')) return condition === validators.etag;
	const date = parseHttpDate(condition);
	return date !== undefined && seconds(date) === seconds(validators.modifiedMs);
}

/** One range of a header; `null` where it lies outside, `undefined` where it is none. */
function readRange(text: string, size: number): ByteRange | null | undefined {
	const ends = /^(\d*)-(\d*)$/.exec(text);
	if (ends === null) return undefined;
	const [, from, to] = ends as unknown as [string, string, string];
	if (from === "") {
		if (to === "") return undefined;
		const count = Math.min(Number(to), size);
		return count === 0 ? null : { first: size - count, last: size - 1 };
	}
	const first = Number(from);
	if (to !== "" && Number(to) < first) return undefined;
	return first >= size ? null : { first, last: to === "" ? size - 1 : Math.min(Number(to), size - 1) };
}

/** The ranges that a request asks for: `undefined` for all of the file, an empty list where none lies in it. */
export function wantedRanges(headers: Headers, validators: Validators, size: number): ByteRange[] | undefined {
	const value = headers.get("range");
	if (value === null || !/^bytes=/i.test(value) || !rangeApplies(headers, validators)) return undefined;
	const ranges: ByteRange[] = [];
	let count = 0;
	let bytes = 0;
	for (const part of value.slice(6).split(",")) {
		const text = trimValue(part);
		if (text === "") continue;
		const range = readRange(text, size);
		if (range === undefined) return undefined;
		count++;
		if (range === null) continue;
		ranges.push(range);
		bytes += range.last - range.first + 1;
	}
	// Ranges that overlap until they are more than the file are a way to ask for work (RFC 9110, 14.2).
	return count === 0 || count > RANGES_MAX || (ranges.length > 1 && bytes > size) ? undefined : ranges;
}
