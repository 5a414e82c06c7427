/** Lists of positions such as `1,3-5,7-`, as `cut` has them. */

import { quote, UsageError } from "/usr/lib/sh/cli.ts";

/** From one position to another, both counted from 1 and included. */
export type Range = [from: number, to: number];

/** Reads a list; ranges come out in order, joined where they meet. `what` names the things counted. */
export function parseList(text: string, what: "byte/character" | "field"): Range[] {
	const ranges: Range[] = [];
	const noun = what === "field" ? "fields" : "byte/character positions";
	for (const part of text.split(/[,\s]/)) {
		const match = /^(\d*)(-?)(\d*)$/.exec(part);
		if (match === null) {
			if (/^[\d-]*$/.test(part))
				throw new UsageError(what === "field" ? "invalid field range" : "invalid byte or character range");
			const bad = /[^\d-].*$/s.exec(part)?.[0] ?? part;
			throw new UsageError(`invalid ${what === "field" ? "field value" : "byte/character position"} ${quote(bad)}`);
		}
		const [, from, dash, to] = match as unknown as string[];
		if (from === "" && to === "") {
			if (dash === "-") throw new UsageError("invalid range with no endpoint: -");
			throw new UsageError(`${noun} are numbered from 1`);
		}
		const first = from === "" ? 1 : Number(from);
		const last = dash === "" ? first : to === "" ? Number.POSITIVE_INFINITY : Number(to);
		if (first === 0 || (dash === "" && last === 0)) throw new UsageError(`${noun} are numbered from 1`);
		for (const digits of [from, to]) {
			if (Number(digits) <= Number.MAX_SAFE_INTEGER) continue;
			const name = what === "field" ? "field number" : "byte/character offset";
			throw new UsageError(`${name} ${quote(digits as string)} is too large`);
		}
		if (last < first) throw new UsageError("invalid decreasing range");
		ranges.push([first, last]);
	}
	return joined(ranges);
}

function joined(ranges: Range[]): Range[] {
	ranges.sort((a, b) => a[0] - b[0]);
	const out: Range[] = [];
	for (const [from, to] of ranges) {
		const last = out.at(-1);
		if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
		else out.push([from, to]);
	}
	return out;
}

/** What is not in ranges. */
export function complement(ranges: readonly Range[]): Range[] {
	const out: Range[] = [];
	let from = 1;
	for (const [first, last] of ranges) {
		if (first > from) out.push([from, first - 1]);
		from = last + 1;
	}
	if (from !== Number.POSITIVE_INFINITY) out.push([from, Number.POSITIVE_INFINITY]);
	return out;
}
