/** Patterns of names as regular expressions: `*`, `?`, `[…]` and `\`, as `fnmatch` has them. */

import { escapeLiteral } from "/usr/lib/text/regex.ts";

/** How a pattern is meant. */
export interface GlobStyle {
	/** `*`, `?` and `[…]` do not match a slash. */
	pathname?: boolean;
	/** Letters match in either case. */
	ignoreCase?: boolean;
	/** A text that begins with what the pattern says, up to a slash, matches too. */
	leading?: boolean;
}

const CLASSES: Record<string, string> = {
	alnum: "A-Za-z0-9",
	alpha: "A-Za-z",
	digit: "0-9",
	lower: "a-z",
	punct: "!-\\/:-@\\[-`{-~",
	space: "\\s",
	upper: "A-Z",
	xdigit: "0-9A-Fa-f",
};

/** The source of a set that begins at `at`, and where it ends; `undefined` where it is not closed. */
function setAt(glob: string, at: number): [source: string, end: number] | undefined {
	const negated = /[!^]/.test(glob.charAt(at + 1));
	const first = at + (negated ? 2 : 1);
	let source = "";
	for (let next = first; next < glob.length; next++) {
		const character = glob.charAt(next);
		if (character === "]" && next > first) return [`[${negated ? "^" : ""}${source}]`, next];
		const named = /^\[:(\w+):\]/.exec(glob.slice(next, next + 12));
		if (named !== null && Object.hasOwn(CLASSES, named[1] as string)) {
			source += CLASSES[named[1] as string];
			next += named[0].length - 1;
		} else if (character === "\\" && next + 1 < glob.length) source += `\\${glob.charAt(++next)}`;
		else source += /[\][^]/.test(character) ? `\\${character}` : character;
	}
	return undefined;
}

/** The expression that matches whole texts of the pattern's form. */
export function globToRegExp(glob: string, style: GlobStyle = {}): RegExp {
	const any = style.pathname === true ? "[^/]" : "[^]";
	let source = "";
	for (let at = 0; at < glob.length; at++) {
		const character = glob.charAt(at);
		const set = character === "[" ? setAt(glob, at) : undefined;
		if (character === "*") source += `${any}*`;
		else if (character === "?") source += any;
		else if (character === "\\" && at + 1 < glob.length) source += escapeLiteral(glob.charAt(++at));
		else if (set !== undefined) {
			source += set[0];
			at = set[1];
		} else source += escapeLiteral(character);
	}
	const end = style.leading === true ? "(?:/[^]*)?$" : "$";
	try {
		return new RegExp(`^(?:${source})${end}`, style.ignoreCase === true ? "i" : "");
	} catch {
		// A set that is upside down, such as `[z-a]`, matches nothing.
		return /[^\s\S]/;
	}
}
