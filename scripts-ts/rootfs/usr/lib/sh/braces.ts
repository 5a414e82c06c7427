/** Brace expansion: `{a,b}` and `{1..9}`, which make several words of one before anything else is expanded. */

import type { Part, Word } from "/usr/lib/sh/ast.ts";

/** Most words that one may become. */
const MAX_WORDS = 200_000;

/** More words than there is room for. */
export class BraceError extends Error {}

/** Parts of a word with the characters of unquoted text on their own, so that braces can be found. */
type Atom = Part | string;

function atoms(word: Word): Atom[] {
	return word.parts.flatMap((part): Atom[] => (part.type === "text" && !part.quoted ? [...part.text] : [part]));
}

function toWord(list: readonly Atom[], offset: number): Word {
	const parts: Part[] = [];
	for (const atom of list) {
		const last = parts.at(-1);
		if (typeof atom !== "string") parts.push(atom);
		else if (last?.type === "text" && !last.quoted) parts[parts.length - 1] = { ...last, text: last.text + atom };
		else parts.push({ type: "text", text: atom, quoted: false });
	}
	return { parts, offset };
}

/** Where the brace that opens at `start` closes, and the commas between. */
function close(list: readonly Atom[], start: number): { end: number; commas: number[] } | undefined {
	let depth = 0;
	const commas: number[] = [];
	for (let at = start; at < list.length; at++) {
		const atom = list[at];
		if (atom === "{") depth++;
		else if (atom === "," && depth === 1) commas.push(at);
		else if (atom === "}" && --depth === 0) return { end: at, commas };
	}
	return undefined;
}

/** The items of `{A..B}` or `{A..B..STEP}`. */
function sequence(text: string): string[] | undefined {
	const numbers = /^([+-]?\d+)\.\.([+-]?\d+)(?:\.\.(-?\d+))?$/.exec(text);
	const letters = numbers === null ? /^([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d+))?$/.exec(text) : null;
	const found = numbers ?? letters;
	if (found === null) return undefined;
	const [, from = "", to = "", by] = found;
	const [first, last] = numbers ? [Number(from), Number(to)] : [from.charCodeAt(0), to.charCodeAt(0)];
	const step = Math.abs(Number(by ?? 1)) || 1;
	if (Math.abs(last - first) / step >= MAX_WORDS) throw new BraceError(`{${text}}: too many words`);
	// A zero in front of one of them gives all the same width.
	const padded = numbers !== null && [from, to].some((each) => /^[+-]?0\d/.test(each));
	const width = padded ? Math.max(from.length, to.length) : 0;
	const show = (value: number): string => {
		if (numbers === null) return String.fromCharCode(value);
		const digits = String(Math.abs(value));
		return value < 0 ? `-${digits.padStart(width - 1, "0")}` : digits.padStart(width, "0");
	};
	const out: string[] = [];
	if (first <= last) for (let value = first; value <= last; value += step) out.push(show(value));
	else for (let value = first; value >= last; value -= step) out.push(show(value));
	return out;
}

function expand(list: readonly Atom[], count: { words: number }): Atom[][] {
	for (let start = 0; start < list.length; start++) {
		if (list[start] !== "{") continue;
		// "${" is a parameter by now; "{}" is itself.
		const closed = close(list, start);
		if (closed === undefined) continue;
		const { end, commas } = closed;
		const inner = list.slice(start + 1, end);
		let middles: Atom[][];
		if (commas.length > 0) {
			const cuts = [start, ...commas, end];
			middles = cuts.slice(1).flatMap((cut, index) => expand(list.slice((cuts[index] as number) + 1, cut), count));
		} else {
			const items = inner.every((atom) => typeof atom === "string") ? sequence(inner.join("")) : undefined;
			if (items === undefined) continue;
			middles = items.map((item) => [...item]);
		}
		const before = list.slice(0, start);
		const tails = expand(list.slice(end + 1), count);
		count.words += middles.length * tails.length;
		if (count.words > MAX_WORDS) throw new BraceError("brace expansion: too many words");
		return middles.flatMap((middle) => tails.map((tail) => [...before, ...middle, ...tail]));
	}
	return [[...list]];
}

/** The words that a word becomes. */
export function expandBraces(word: Word): Word[] {
	const list = atoms(word);
	const words = expand(list, { words: 0 });
	return words.length === 1 && words[0]?.length === list.length
		? [word]
		: words.map((each) => toWord(each, word.offset));
}
