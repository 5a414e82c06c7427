/** The names of files that are of a pattern's form. */

import { lstat, readdir } from "helios:fs";
import { type Co, wait } from "/usr/lib/sh/co.ts";
import { compile, isPattern, matches, type Piece } from "/usr/lib/sh/pattern.ts";

export { compile, isPattern, matches, type Piece } from "/usr/lib/sh/pattern.ts";

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Splits pieces at slashes: the components of a path. */
function components(pieces: readonly Piece[]): Piece[][] {
	const parts: Piece[][] = [[]];
	for (const { text, quoted } of pieces) {
		for (const [index, part] of text.split("/").entries()) {
			if (index > 0) parts.push([]);
			if (part !== "") parts.at(-1)?.push({ text: part, quoted });
		}
	}
	return parts;
}

/** What a backslash in an unquoted piece quotes; a component without anything special is looked up as it is. */
function literal(pieces: readonly Piece[]): string {
	return pieces.map(({ text, quoted }) => (quoted ? text : text.replace(/\\(.)/g, "$1"))).join("");
}

function there(path: string): Promise<boolean> {
	return lstat(path).then(
		() => true,
		() => false,
	);
}

/**
 * The files whose names are of a pattern's form, sorted; paths are relative to `cwd`. A directory without access has
 * none. Names that begin with a dot are meant by patterns that do, or where `dots` says so.
 */
export function* expandFiles(pieces: readonly Piece[], cwd: string, dots = false): Co<string[]> {
	const parts = components(pieces);
	let found = [""];
	for (const [index, part] of parts.entries()) {
		const last = index === parts.length - 1;
		const next: string[] = [];
		const plain = !isPattern(part);
		const name = literal(part);
		const hidden = name.startsWith(".");
		const pattern = plain ? undefined : compile(part);
		for (const base of found) {
			const full = base.startsWith("/") ? base : `${cwd}/${base}`;
			if (pattern === undefined) {
				// A slash at the end is for directories.
				if (!last || (yield* wait(there(full + (name === "" ? "." : name)))))
					next.push(base + name + (last ? "" : "/"));
				continue;
			}
			const entries = yield* wait(readdir(full).catch(() => []));
			for (const entry of entries) {
				const dotted = entry.name.startsWith(".");
				if ((dotted && !hidden && !dots) || !matches(pattern, entry.name)) continue;
				next.push(base + entry.name + (last ? "" : "/"));
			}
		}
		found = next;
	}
	return found.sort(byName);
}
