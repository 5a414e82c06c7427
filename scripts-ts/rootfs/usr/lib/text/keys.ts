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

const FIELD = /[ \t\n]*[^ \t\n]*/g;

/** Where the fields of a line begin and end. */
function fieldsOf(line: string, separator: string | undefined): string[] {
	if (separator !== undefined) return line.split(separator);
	const fields = line.match(FIELD) ?? [];
	if (fields.at(-1) === "") fields.pop();
	return fields;
}

/** Cuts keys out of lines. */
export function extractor(key: Key, separator: string | undefined): (line: string) => string {
	const { from, to } = key;
	const gap = separator === undefined ? "" : separator;
	const offset = (fields: string[], place: Place, ends: boolean): number => {
		let at = 0;
		for (let index = 0; index < place.field - 1 && index < fields.length; index++)
			at += (fields[index] as string).length + gap.length;
		const field = fields[place.field - 1] ?? "";
		if (ends && place.character === 0) return at + field.length;
		const skipped = place.blanks ? (/^[ \t\n]*/.exec(field)?.[0].length ?? 0) : 0;
		return at + skipped + place.character - (ends ? 0 : 1);
	};
	return (line) => {
		const fields = fieldsOf(line, separator);
		if (fields.length < from.field) return "";
		const start = offset(fields, from, false);
		return to === undefined ? line.slice(start) : line.slice(start, Math.max(start, offset(fields, to, true)));
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
