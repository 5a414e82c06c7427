/** The shell's syntax tree: what the parser makes and the executor runs. */

/** A place in a script, both counted from one. */
export interface Position {
	line: number;
	column: number;
}

/** A piece of a word. `quoted` pieces are neither split into fields nor matched as patterns. */
export type Part =
	| { type: "text"; text: string; quoted: boolean }
	| { type: "parameter"; name: string; quoted: boolean; operation?: Operation }
	| { type: "command"; list: List; quoted: boolean };

/**
 * What `${NAME…}` does beside telling the value: `#` its length; `-`, `=`, `+`, `?` a substitute where it is unset, and
 * with `:` also where it is empty; `%`, `%%`, `#x`, `##x` take a pattern off its end or beginning.
 */
export interface Operation {
	operator: string;
	word: Word;
}

/** A word before expansion. */
export interface Word {
	parts: Part[];
	/** Where it begins in the script, in UTF-16 units. */
	offset: number;
}

/** `NAME=VALUE` before a command. */
export interface Assignment {
	name: string;
	value: Word;
}

/** A redirection of descriptor `fd`. For `<<` the target is the text itself. */
export interface Redirection {
	operator: "<" | ">" | ">>" | "<>" | "<&" | ">&" | "<<";
	fd: number;
	target: Word;
}

/** A command with its words. */
export interface Simple {
	type: "simple";
	assignments: Assignment[];
	words: Word[];
	redirections: Redirection[];
}

/** `( … )`, which changes nothing outside itself, or `{ …; }`. */
export interface Group {
	type: "subshell" | "braces";
	list: List;
	redirections: Redirection[];
}

/** What a pipeline is made of. */
export type Command = Simple | Group;

/** Commands whose outputs are the next ones' inputs. */
export interface Pipeline {
	commands: Command[];
	/** `!` stands before it: its status is turned round. */
	negated: boolean;
}

/** Pipelines joined by `&&` and `||`, both equally strong. */
export interface AndOr {
	first: Pipeline;
	rest: { operator: "&&" | "||"; pipeline: Pipeline }[];
	/** `&` stands after it. */
	background: boolean;
	/** Its text. */
	source: string;
}

/** Commands one after another. */
export type List = AndOr[];

/** A script that is not in order; `incomplete` where more text could mend it. */
export class ShellSyntaxError extends Error {
	readonly position: Position;
	readonly incomplete: boolean;

	constructor(message: string, position: Position, incomplete = false) {
		super(message);
		this.position = position;
		this.incomplete = incomplete;
	}
}
