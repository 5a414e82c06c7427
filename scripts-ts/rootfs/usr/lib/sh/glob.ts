/** The names of files that are of a pattern's form. */

import { isDirectory, lstat, readdir } from "helios:fs";
import { type Co, wait } from "/usr/lib/sh/co.ts";
import { compile, isPattern, type Matching, matches, type Piece } from "/usr/lib/sh/pattern.ts";

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

function absolute(base: string, cwd: string): string {
	return base.startsWith("/") ? base : `${cwd}/${base}`;
}

/** The directories below one, it itself first; links to directories are not followed. */
async function below(base: string, cwd: string, dots: boolean): Promise<string[]> {
	const out = [base];
	for (let at = 0; at < out.length; at++) {
		const from = out[at] as string;
		for (const entry of await readdir(absolute(from, cwd)).catch(() => []))
			if (isDirectory({ mode: entry.kind }) && (dots || !entry.name.startsWith("."))) out.push(`${from}${entry.name}/`);
	}
	return out;
}

/**
 * The files whose names are of a pattern's form, sorted; paths are relative to `cwd`. A directory without access has
 * none. Names that begin with a dot are meant by patterns that do, or where `dots` says so. Where `deep` says so, `**` by itself
 * is any number of directories, and at the end all that they hold.
 */
export function* expandFiles(
	pieces: readonly Piece[],
	cwd: string,
	{ dots = false, deep = false, ...matching }: Matching & { dots?: boolean; deep?: boolean },
): Co<string[]> {
	const parts = components(pieces);
	let found = [""];
	for (const [index, part] of parts.entries()) {
		const last = index === parts.length - 1;
		const next: string[] = [];
		const plain = !isPattern(part, matching);
		const name = literal(part);
		const hidden = name.startsWith(".");
		const pattern = plain ? undefined : compile(part, matching);
		const any = deep && part.length > 0 && part.every((piece) => !piece.quoted) && name === "**";
		const bases: string[] = [];
		for (const base of found) bases.push(...(any ? yield* wait(below(base, cwd, dots)) : [base]));
		if (any && !last) {
			found = bases;
			continue;
		}
		if (any) next.push(...found.filter((base) => base !== ""));
		for (const base of bases) {
			const full = absolute(base, cwd);
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
	return found.filter((path) => path !== "").sort(byName);
}
