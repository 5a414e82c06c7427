/** Patterns of file names, as `find -name`, `ls --ignore` and `tree -P` take them. */

import { compile, matches, type Piece } from "/usr/lib/sh/glob.ts";

/** Splits a pattern so that what follows a backslash is not special. */
function pieces(pattern: string): Piece[] {
	const parts: Piece[] = [];
	for (const [part] of pattern.matchAll(/\\[\s\S]|[^\\]+|\\$/g)) {
		const escaped = part.startsWith("\\") && part.length > 1;
		parts.push({ text: escaped ? part.slice(1) : part, quoted: escaped || part === "\\" });
	}
	return parts;
}

/** A test whether names are of the form of `pattern`; with `fold`, letters in either case. */
export function patternTest(pattern: string, fold = false): (name: string) => boolean {
	const form = compile(pieces(pattern), { groups: false, fold });
	return (name) => matches(form, name);
}
