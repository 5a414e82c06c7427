/** What `grep` looks for: several patterns as few regular expressions, whole words, whole lines, and where they match. */

import { completed, escapeLiteral, PatternError, toRegExp, translate } from "/usr/lib/text/regex.ts";

/** How patterns are written. */
export type Dialect = "basic" | "extended" | "fixed" | "javascript";

/** How patterns match. */
export interface MatchStyle {
	dialect: Dialect;
	ignoreCase: boolean;
	/** Only whole words. */
	words: boolean;
	/** Only whole lines. */
	lines: boolean;
}

/** Most units of source in one expression. */
const MAX_SOURCE = 20_000;
/** Longest text that V8 looks around in. */
const MAX_SPECIAL = 4096;

/** A line that patterns with back-references are not matched against. */
export class LineTooLong extends Error {
	constructor() {
		super(`a line of more than ${MAX_SPECIAL} characters cannot be matched against back-references`);
	}
}

interface Expression {
	/** Whether a line is selected. */
	test: RegExp;
	/** Where in a line it matches, from `lastIndex` on. */
	find: RegExp;
}

interface Source {
	source: string;
	anchored: boolean;
	special: boolean;
}

function sourceOf(pattern: string, dialect: Dialect): Source {
	if (dialect === "fixed") return { source: escapeLiteral(pattern), anchored: false, special: false };
	if (dialect === "javascript") {
		try {
			new RegExp(pattern);
		} catch (error) {
			throw new PatternError((error as Error).message.replace(/^Invalid regular expression: /, ""));
		}
		const special = /\\[1-9k]|\(\?<?[=!]/.test(pattern);
		return { source: pattern, anchored: special || /[$^]/.test(pattern), special };
	}
	return translate(pattern, { extended: dialect === "extended" });
}

/** Sources joined into alternatives, as many as one expression takes; those with back-references stay alone. */
function joined(sources: readonly Source[]): Source[] {
	const out: Source[] = [];
	for (const { source, anchored, special } of sources) {
		const last = out.at(-1);
		if (last === undefined || special || last.special || last.source.length + source.length > MAX_SOURCE) {
			out.push({ source: `(?:${source})`, anchored, special });
			continue;
		}
		last.source += `|(?:${source})`;
		last.anchored ||= anchored;
	}
	return out;
}

/** Most units that a pattern with repetitions looks through at once. */
const PIECE_UNITS = 8192;

/**
 * Looks through lines piece by piece. V8 turns to a far slower engine once one search has tried many ways to go on, and a
 * repetition tries some on each line.
 */
class InPieces {
	readonly #expression: RegExp;

	constructor(expression: RegExp) {
		this.#expression = expression;
	}

	test(text: string): boolean {
		for (let from = 0; from < text.length; ) {
			let piece = text.slice(from, from + PIECE_UNITS);
			// What is searched for a line's end is paid for, so that is the piece, unless one line fills it.
			if (from + PIECE_UNITS < text.length) {
				const last = piece.lastIndexOf("\n");
				const end = last >= 0 ? from + last : text.indexOf("\n", from + PIECE_UNITS);
				piece = text.slice(from, end < 0 ? text.length : end + 1);
			}
			if (this.#expression.test(piece)) return true;
			from += piece.length;
		}
		return false;
	}
}

/** Finds patterns in lines. */
export class Matcher {
	readonly #expressions: Expression[];
	readonly #words: boolean;
	/** Looks through many lines at a time: where it finds nothing, no line matches. Absent where none can. */
	readonly prefilter: { test(text: string): boolean } | undefined;
	readonly #special: boolean;

	/** @throws {PatternError} where a pattern is none. */
	constructor(patterns: readonly string[], style: MatchStyle) {
		const flags = style.ignoreCase ? "i" : "";
		this.#words = style.words && !style.lines;
		const sources = patterns.map((pattern) => sourceOf(pattern, style.dialect));
		// The longest of plain words wins where several fit.
		if (style.dialect === "fixed") sources.sort((a, b) => b.source.length - a.source.length);
		const all = joined(sources);
		this.#special = all.some(({ special }) => special);
		this.#expressions = all.map(({ source, special }) => {
			if (style.lines)
				return { test: toRegExp(`^(?:${source})$`, flags), find: toRegExp(`^(?:${source})$`, `${flags}g`) };
			if (!this.#words) return { test: toRegExp(source, flags), find: toRegExp(source, `${flags}g`) };
			// Groups keep their numbers where there are references to them.
			if (special) {
				const around = `(?<!\\w)(?:${source})(?!\\w)`;
				return { test: toRegExp(around, flags), find: toRegExp(around, `${flags}g`) };
			}
			const around = `(^|\\W)(${source})(?:\\W|$)`;
			return { test: toRegExp(around, flags), find: toRegExp(around, `${flags}g`) };
		});
		const [only] = all;
		const plain = only !== undefined && all.length === 1 && !only.special && !only.anchored;
		const whole = plain ? toRegExp(only.source, flags) : undefined;
		this.prefilter = whole !== undefined && /[*+{]/.test(only?.source ?? "") ? new InPieces(whole) : whole;
	}

	/** Whether a line matches. */
	test(line: string): boolean {
		if (this.#special && line.length > MAX_SPECIAL) throw new LineTooLong();
		for (const { test } of this.#expressions) if (test.test(line)) return true;
		return false;
	}

	/** The lines that match, or with `invert` those that do not. */
	select(lines: readonly string[], invert: boolean): string[] {
		const [only] = this.#expressions;
		// One expression, as mostly, is asked without a detour.
		if (only === undefined || this.#expressions.length > 1 || this.#special)
			return lines.filter((line) => this.test(line) !== invert);
		const { test } = only;
		return invert ? lines.filter((line) => !test.test(line)) : lines.filter((line) => test.test(line));
	}

	/** The first match at or after `from` that is not empty, the longest of those that begin there. */
	find(line: string, from: number): [start: number, end: number] | undefined {
		let best: [start: number, end: number] | undefined;
		for (const { find } of this.#expressions) {
			const found = this.#first(find, line, from);
			if (found === undefined) continue;
			if (best === undefined || found[0] < best[0] || (found[0] === best[0] && found[1] > best[1])) best = found;
		}
		return best;
	}

	#first(expression: RegExp, line: string, from: number): [number, number] | undefined {
		expression.lastIndex = from;
		for (let match = expression.exec(line); match !== null; match = expression.exec(line)) {
			const grouped = this.#words && !this.#special;
			const start = match.index + (grouped ? (match[1] as string).length : 0);
			const length = grouped ? (match[2] as string).length : match[0].length;
			if (length > 0) return [start, completed(line, start + length)];
			expression.lastIndex = Math.max(start, match.index) + 1;
			if (expression.lastIndex > line.length) return undefined;
		}
		return undefined;
	}
}
