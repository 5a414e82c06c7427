/** Searching and replacing in a document: plain text or regular expressions, forwards and backwards, round the end. */

import { compare, type Document, type Place } from "/usr/lib/nano/document.ts";
import { escapeLiteral, PatternError, toRegExp, translate } from "/usr/lib/text/regex.ts";

/** How to search. */
export interface SearchOptions {
	caseSensitive: boolean;
	regexp: boolean;
	backward: boolean;
}

/** A mistake in a pattern. */
export class BadPattern extends Error {}

/** Something found: where, and how long. */
export interface Found {
	place: Place;
	length: number;
	/** The search went past the end of the text, or its start. */
	wrapped: boolean;
	/** What took the place of groups. */
	groups: readonly string[];
}

/** Makes a pattern of what was typed. */
export function patternOf(text: string, options: SearchOptions): RegExp {
	try {
		const source = options.regexp ? translate(text, { extended: true }).source : escapeLiteral(text);
		return toRegExp(source, options.caseSensitive ? "g" : "gi");
	} catch (error) {
		if (!(error instanceof PatternError)) throw error;
		throw new BadPattern(`Bad regex "${text}"`);
	}
}

function firstIn(line: string, pattern: RegExp, from: number): RegExpExecArray | undefined {
	for (const match of line.matchAll(pattern)) if (match[0] !== "" && match.index >= from) return match;
	return undefined;
}

function lastIn(line: string, pattern: RegExp, before: number): RegExpExecArray | undefined {
	let last: RegExpExecArray | undefined;
	for (const match of line.matchAll(pattern)) if (match[0] !== "" && match.index < before) last = match;
	return last;
}

/** The next place that fits, behind the cursor or before it. */
export function find(document: Document, pattern: RegExp, backward: boolean, from: Place): Found | undefined {
	const count = document.lines.length;
	for (let step = 0; step <= count; step++) {
		const index = (((from.line + (backward ? -step : step)) % count) + count) % count;
		const line = document.line(index);
		const here = step === 0;
		const match = backward
			? lastIn(line, pattern, here ? from.at : Number.POSITIVE_INFINITY)
			: firstIn(line, pattern, here ? from.at : 0);
		if (match === undefined) continue;
		const place = { line: index, at: match.index };
		const order = compare(place, from);
		const wrapped = backward ? order >= 0 : order < 0;
		return { place, length: match[0].length, wrapped, groups: match };
	}
	return undefined;
}

/** The text that replaces what was found: `\1` to `\9` stand for groups of a regular expression. */
export function replacement(text: string, found: Found, regexp: boolean): string {
	if (!regexp) return text;
	return text.replace(/\\(\d)/g, (_, digit: string) => found.groups[Number(digit)] ?? "");
}
