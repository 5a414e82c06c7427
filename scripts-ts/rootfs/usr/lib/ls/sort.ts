/** The orders of `ls`. */

import { isDirectory, type Stat } from "helios:fs";

/** A file that is listed. */
export interface Entry {
	name: string;
	path: string;
	/** Type and permissions; only the type where nobody looked further. */
	mode: number;
	ino: number;
	/** What the machine knows of it, where that was asked for and could be told. */
	about: Stat | undefined;
	/** Mode of what a link leads to, `null` for nothing; left out where nobody looked. */
	target?: number | null;
}

/** What comes first. */
export type Order = "name" | "size" | "time" | "extension" | "version" | "width" | "none";

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

function extension(name: string): string {
	const dot = name.lastIndexOf(".");
	return dot < 0 ? "" : name.slice(dot);
}

/** Order of the characters in names with versions: `~` before the end, letters before the rest. */
function rank(character: string | undefined): number {
	if (character === undefined || /\d/.test(character)) return 0;
	if (character === "~") return -1;
	return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}

function compareText(a: string, b: string): number {
	for (let at = 0; at < Math.max(a.length, b.length); at++) {
		const difference = rank(a[at]) - rank(b[at]);
		if (difference !== 0) return difference;
	}
	return 0;
}

/** Names with numbers in them, by the numbers: `v9` before `v10`. */
export function compareVersions(a: string, b: string): number {
	const [left, right] = [a.match(/\d+|\D+/g) ?? [], b.match(/\d+|\D+/g) ?? []];
	for (let at = 0; at < Math.max(left.length, right.length); at++) {
		const [x = "", y = ""] = [left[at], right[at]];
		const numbers = /^\d/.test(x) && /^\d/.test(y);
		const difference = numbers ? Number(x) - Number(y) : compareText(x, y);
		if (difference !== 0) return difference;
	}
	return compare(a, b);
}

/** Sorts in place. `timeOf` says which time counts. */
export function sortEntries(entries: Entry[], order: Order, timeOf: (about: Stat) => number): void {
	if (order === "none") return;
	const byName = (a: Entry, b: Entry): number => compare(a.name, b.name);
	const orders: Record<Exclude<Order, "none">, (a: Entry, b: Entry) => number> = {
		name: byName,
		size: (a, b) => (b.about?.size ?? 0) - (a.about?.size ?? 0) || byName(a, b),
		time: (a, b) =>
			(b.about === undefined ? 0 : timeOf(b.about)) - (a.about === undefined ? 0 : timeOf(a.about)) || byName(a, b),
		extension: (a, b) => compare(extension(a.name), extension(b.name)) || byName(a, b),
		version: (a, b) => compareVersions(a.name, b.name),
		width: (a, b) => a.name.length - b.name.length || byName(a, b),
	};
	entries.sort(orders[order]);
}

/** Directories first, in the order that there is; links to directories count as such where somebody looked. */
export function directoriesFirst(entries: readonly Entry[]): Entry[] {
	const directory = (entry: Entry): boolean =>
		isDirectory(entry) || (typeof entry.target === "number" && isDirectory({ mode: entry.target }));
	return [...entries.filter(directory), ...entries.filter((entry) => !directory(entry))];
}
