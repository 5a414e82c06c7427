/** A script of `sed` as it is executed. */

/** Where a command applies. */
export type Address =
	| { kind: "line"; number: number }
	| { kind: "last" }
	| { kind: "step"; first: number; step: number }
	| { kind: "pattern"; pattern: Pattern }
	/** As a second address: so many lines more, or up to a multiple. */
	| { kind: "more"; count: number }
	| { kind: "multiple"; of: number };

/** A regular expression; `undefined` stands for the one used last. */
export type Pattern = { expression: RegExp; special: boolean; groups: number } | undefined;

/** A piece of what `s` puts in: text, a group of the match, or a change of letters. */
export type Piece = string | { group: number } | { letters: "U" | "L" | "u" | "l" | "E" };

/** What `s` does. */
export interface Substitution {
	pattern: Pattern;
	pieces: Piece[];
	/** The text that is put in, where it is always the same. */
	text: string | undefined;
	global: boolean;
	/** The match that is replaced first, counted from 1. */
	nth: number;
	print: boolean;
	file: string | undefined;
}

/** One command. Numbers are places in the list of commands. */
export interface Command {
	name: string;
	from: Address | undefined;
	to: Address | undefined;
	negated: boolean;
	/** Within its range of lines, and the line where the range ends if that is known. */
	active: boolean;
	until: number;
	/** `a i c`, `r R w W`: text or file name; `b t T`: label; `q Q l L`: a number. */
	text: string;
	number: number | undefined;
	/** `b t T`: where it goes; `{`: behind its `}`. */
	target: number;
	substitution: Substitution | undefined;
	/** `y`: what becomes of characters. */
	table: Map<string, string> | undefined;
}
