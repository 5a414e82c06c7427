/** `s`: puts text in the place of matches. */

import { completed } from "/usr/lib/text/regex.ts";
import type { Pattern, Piece, Substitution } from "/usr/lib/text/sed/program.ts";

/** Pieces of a changed text that are kept apart. */
const MANY_PIECES = 4096;
/** Longest text that V8 looks around in. */
const MAX_SPECIAL = 4096;

/** A pattern that does not fit the text that it meets. */
export class MatchError extends Error {}

/** The expression of a pattern, ready to be used on a text. */
export function checked(pattern: Exclude<Pattern, undefined>, text: string): RegExp {
	if (pattern.special && text.length > MAX_SPECIAL)
		throw new MatchError(`a line of more than ${MAX_SPECIAL} characters cannot be matched against back-references`);
	pattern.expression.lastIndex = 0;
	return pattern.expression;
}

function changed(text: string, all: string, next: string): string {
	const base = all === "U" ? text.toUpperCase() : all === "L" ? text.toLowerCase() : text;
	if (next === "" || base === "") return base;
	const first = String.fromCodePoint(base.codePointAt(0) as number);
	return (next === "u" ? first.toUpperCase() : first.toLowerCase()) + base.slice(first.length);
}

/** What the pieces make of a match. */
function expand(pieces: readonly Piece[], match: RegExpExecArray, whole: string): string {
	let out = "";
	let all = "";
	let next = "";
	for (const piece of pieces) {
		if (typeof piece === "object" && "letters" in piece) {
			if (piece.letters === "u" || piece.letters === "l") next = piece.letters;
			else {
				all = piece.letters === "E" ? "" : piece.letters;
				next = "";
			}
			continue;
		}
		const text = typeof piece === "string" ? piece : piece.group === 0 ? whole : (match[piece.group] ?? "");
		if (text === "") continue;
		out += changed(text, all, next);
		next = "";
	}
	return out;
}

/** The text after the substitution, or `undefined` where nothing matches. */
export function substitute(text: string, by: Substitution, pattern: Exclude<Pattern, undefined>): string | undefined {
	const expression = checked(pattern, text);
	let match = expression.exec(text);
	if (match === null) return undefined;
	let out = "";
	// Pieces are joined now and then: millions of them would take far more memory than the text.
	let pieces: string[] = [];
	let copied = 0;
	let previous = -1;
	let count = 0;
	let done = false;
	while (match !== null) {
		const start = match.index;
		const end = completed(text, start + match[0].length);
		// An empty match right behind the last match is none.
		if (end > start || start !== previous) {
			count++;
			if (count >= by.nth) {
				if (start > copied) pieces.push(text.slice(copied, start));
				pieces.push(by.text ?? expand(by.pieces, match, text.slice(start, end)));
				if (pieces.length > MANY_PIECES) {
					out += pieces.join("");
					pieces = [];
				}
				copied = end;
				done = true;
				if (!by.global) break;
			}
			previous = end;
		}
		expression.lastIndex = end > start ? end : end + 1;
		if (expression.lastIndex > text.length) break;
		match = expression.exec(text);
	}
	return done ? out + pieces.join("") + text.slice(copied) : undefined;
}
