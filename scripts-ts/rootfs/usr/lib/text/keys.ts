/** The keys of `sort`: which part of a line, and how it is compared. */

import { generalKey, humanKey, monthKey, numericKey, versionKey } from "/usr/lib/text/numbers.ts";

/** How a part is compared. */
export interface Ordering {
	/** `n h g M V`, or nothing for text. */
	kind: "" | "n" | "h" | "g" | "M" | "V";
	reverse: boolean;
	fold: boolean;
	dictionary: boolean;
	printable: boolean;
}

/** A place in a line: field and character, from 1; character 0 as an end: the end of the field. */
interface Place {
	field: number;
	character: number;
	/** Blanks before the field are skipped. */
	blanks: boolean;
}

/** A key: from where to where, and how it is compared. */
export interface Key {
	from: Place;
	to: Place | undefined;
	/** `undefined`: as the options outside of keys say. */
	ordering: Ordering | undefined;
}

/** A key that cannot be understood. */
export class KeyError extends Error {}

/** No special way of comparing. */
export const PLAIN: Ordering = { kind: "", reverse: false, fold: false, dictionary: false, printable: false };

/** Adds one option's letter to an ordering; answers whether it is one. */
export function addLetter(ordering: Ordering, letter: string): boolean {
	if ("nhgMV".includes(letter)) ordering.kind = letter as Ordering["kind"];
	else if (letter === "r") ordering.reverse = true;
	else if (letter === "f") ordering.fold = true;
	else if (letter === "d") ordering.dictionary = true;
	else if (letter === "i") ordering.printable = true;
	else return false;
	return true;
}

/** Reads `F[.C][OPTS][,F[.C][OPTS]]`. */
export function parseKey(text: string): Key {
	const match = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?(.*)$/s.exec(text);
	if (match === null) throw new KeyError(`invalid number at field start: invalid count at start of '${text}'`);
	if (match[7] !== "") throw new KeyError(`stray character in field spec: invalid field specification '${text}'`);
	const [, field, character, letters, endField, endCharacter, endLetters] = match as unknown as string[];
	if (Number(field) === 0) throw new KeyError(`field number is zero: invalid field specification '${text}'`);
	if (character !== undefined && Number(character) === 0)
		throw new KeyError(`character offset is zero: invalid field specification '${text}'`);
	if (endField !== undefined && Number(endField) === 0)
		throw new KeyError(`field number is zero: invalid field specification '${text}'`);
	const ordering = { ...PLAIN };
	const from = { field: Number(field), character: Number(character ?? 1), blanks: false };
	const to =
		endField === undefined
			? undefined
			: { field: Number(endField), character: Number(endCharacter ?? 0), blanks: false };
	const places: [string, Place | undefined][] = [
		[letters ?? "", from],
		[endLetters ?? "", to],
	];
	for (const [list, place] of places) {
		for (const letter of list) {
			if (letter === "b") (place as Place).blanks = true;
			else if (!addLetter(ordering, letter))
				throw new KeyError(`stray character in field spec: invalid field specification '${text}'`);
		}
	}
	const own = `${letters ?? ""}${endLetters ?? ""}` !== "";
	return { from, to, ordering: own ? ordering : undefined };
}

/** Most repetitions in one expression; further fields are found in several steps. */
const MAX_STEP = 200;

/** A function that says where the `count`-th field of a line ends: with fewer fields, at the line's end. */
function endOfField(count: number, separator: string | undefined): (line: string) => number {
	if (count === 0) return () => 0;
	if (separator !== undefined) {
		return (line) => {
			const fields = line.split(separator, count);
			let end = (fields.length - 1) * separator.length;
			for (const field of fields) end += field.length;
			return end;
		};
	}
	// Blanks before a field belong to it.
	const steps: RegExp[] = [];
	for (let left = count; left > 0; left -= MAX_STEP)
		steps.push(new RegExp(`(?:[ \\t\\n]*[^ \\t\\n]*){0,${Math.min(left, MAX_STEP)}}`, "y"));
	return (line) => {
		let end = 0;
		for (const step of steps) {
			step.lastIndex = end;
			end += (step.exec(line) as RegExpExecArray)[0].length;
		}
		return end;
	};
}

/** A function that says where a place is in a line. */
function offsetOf(place: Place, separator: string | undefined, ends: boolean): (line: string) => number {
	if (ends && place.character === 0) return endOfField(place.field, separator);
	const before = endOfField(place.field - 1, separator);
	const gap = place.field > 1 && separator !== undefined ? separator.length : 0;
	const further = place.character - (ends ? 0 : 1);
	if (!place.blanks) return (line) => before(line) + gap + further;
	const blanks = /[ \t\n]*/y;
	return (line) => {
		const start = before(line) + gap;
		blanks.lastIndex = Math.min(start, line.length);
		return start + (blanks.exec(line) as RegExpExecArray)[0].length + further;
	};
}

/** Cuts keys out of lines. */
export function extractor(key: Key, separator: string | undefined): (line: string) => string {
	const start = offsetOf(key.from, separator, false);
	if (key.to === undefined) return (line) => line.slice(start(line));
	const end = offsetOf(key.to, separator, true);
	return (line) => {
		const from = start(line);
		return line.slice(from, Math.max(from, end(line)));
	};
}

/** A function that makes of a part a text which compares as the part does. */
export function collation(ordering: Ordering): (part: string) => string {
	const { kind, fold, dictionary, printable } = ordering;
	if (kind === "n") return numericKey;
	if (kind === "h") return humanKey;
	if (kind === "g") return generalKey;
	if (kind === "M") return monthKey;
	if (kind === "V") return versionKey;
	if (!fold && !dictionary && !printable) return (part) => part;
	return (part) => {
		let out = part;
		if (dictionary) out = out.replace(/[^A-Za-z0-9 \t\n]/g, "");
		if (printable) out = out.replace(/[^ -~]/g, "");
		return fold ? out.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) : out;
	};
}
