/** The shell's syntax tree: what the parser makes and the executor runs. */

/** A place in a script, both counted from one. */
export interface Position {
	line: number;
	column: number;
}

/** A piece of a word. `quoted` pieces are neither split into fields nor matched as patterns. */
export type Part =
	| { type: "text"; text: string; quoted: boolean }
	| Parameter
	| { type: "command"; list: List; quoted: boolean; file?: Word }
	| { type: "arithmetic"; expression: Word; quoted: boolean }
	| { type: "process"; list: List; direction: "<" | ">"; quoted: false };

/** `$NAME`, `${NAME…}`, `${NAME[INDEX]…}`. */
export interface Parameter {
	type: "parameter";
	name: string;
	quoted: boolean;
	/** The element of an array; `@` and `*` are all of them. */
	index?: Word | "@" | "*";
	/** `${!NAME}`: the value names what is meant. */
	indirect?: boolean;
	operation?: Operation;
	/** Its text, for messages. */
	source: string;
}

/** What `${NAME…}` does beside telling the value. */
export type Operation =
	| { kind: "length" }
	/** `${!PREFIX*}`, `${!PREFIX@}`. */
	| { kind: "names" }
	/** `${!ARRAY[@]}`. */
	| { kind: "keys" }
	| { kind: "substitute"; operator: "-" | "=" | "+" | "?"; orEmpty: boolean; word: Word }
	| { kind: "trim"; operator: "%" | "%%" | "#" | "##"; word: Word }
	| { kind: "replace"; which: "" | "/" | "#" | "%"; pattern: Word; by: Word }
	| { kind: "slice"; offset: Word; length?: Word }
	| { kind: "case"; operator: "^" | "^^" | "," | ",,"; pattern: Word }
	| { kind: "transform"; letter: string }
	/** Not an operation at all, which is found out when it is expanded. */
	| { kind: "bad" };

/** A word before expansion. */
export interface Word {
	parts: Part[];
	/** Where it begins in the script, in UTF-16 units. */
	offset: number;
	/** What it is, where nothing in it is expanded and nothing is quoted. */
	literal?: string;
	/** An unquoted `{` is in it. */
	braces?: boolean;
	/** Its text, where that may be shown. */
	source?: string;
	/** Whether it is of texts, plain parameters and plain arithmetic alone; found out when it is first expanded. */
	quick?: boolean;
}

/** One element of `NAME=(…)`. */
export interface Item {
	index?: Word;
	append: boolean;
	value: Word;
}

/** `NAME=VALUE`, `NAME[INDEX]=VALUE`, `NAME=(…)`, each also with `+=`. */
export interface Assignment {
	name: string;
	index?: Word;
	append: boolean;
	value: Word | Item[];
	/** The text of one with elements. */
	source?: string;
}

/** A redirection of descriptor `fd`. For `<<` and `<<<` the target is the text itself. */
export interface Redirection {
	operator: "<" | ">" | ">>" | "<>" | "<&" | ">&" | ">|" | "<<" | "<<<" | "&>" | "&>>";
	fd: number;
	target: Word;
	/** `{NAME}` stands before it: the descriptor is a free one, whose number the variable gets and has. */
	variable?: string;
}

/** A command with its words. */
export interface Simple {
	type: "simple";
	assignments: Assignment[];
	/** Its words; arguments of `declare` and the like are assignments where they look so. */
	words: (Word | Assignment)[];
	redirections: Redirection[];
	line: number;
	/** Its text. */
	source: string;
	/** Its words, where nothing in them is expanded. */
	literals?: string[];
}

interface Compound {
	redirections: Redirection[];
	line: number;
}

/** `( … )`, which changes nothing outside itself, or `{ …; }`. */
export type Group = Compound & { type: "subshell" | "braces"; list: List };
export type If = Compound & { type: "if"; clauses: { condition: List; body: List }[]; otherwise?: List };
/** Without words: over the arguments. */
export type For = Compound & { type: "for" | "select"; name: string; words?: Word[]; body: List };
export type ArithmeticFor = Compound & { type: "arithmetic-for"; parts: [Word, Word, Word]; body: List };
export type While = Compound & { type: "while"; until: boolean; condition: List; body: List };
export type Case = Compound & {
	type: "case";
	word: Word;
	items: { patterns: Word[]; body: List; end: ";;" | ";&" | ";;&" }[];
};
export type FunctionDefinition = Compound & { type: "function"; name: string; body: Command; source: string };
export type Arithmetic = Compound & { type: "arithmetic"; expression: Word };
export type Conditional = Compound & { type: "conditional"; test: Test };

/** What stands in `[[ … ]]`. */
export type Test =
	| { type: "not"; test: Test }
	| { type: "and" | "or"; left: Test; right: Test }
	| { type: "unary"; operator: string; word: Word }
	| { type: "binary"; operator: string; left: Word; right: Word };

/** What a pipeline is made of. */
export type Command =
	| Simple
	| Group
	| If
	| For
	| ArithmeticFor
	| While
	| Case
	| FunctionDefinition
	| Arithmetic
	| Conditional;

/** Commands whose outputs are the next ones' inputs. */
export interface Pipeline {
	commands: Command[];
	/** `!` stands before it: its status is turned round. */
	negated: boolean;
	/** `time` stands before it; `posix`: `time -p`. */
	timed?: "default" | "posix";
	/** Its text. */
	source: string;
}

/** Pipelines joined by `&&` and `||`, both equally strong. */
export interface AndOr {
	first: Pipeline;
	rest: { operator: "&&" | "||"; pipeline: Pipeline }[];
	/** `&` stands after it. */
	background: boolean;
	/** Its text. */
	source: string;
	line: number;
	/** The one command that it is, if it is nothing more. */
	only?: Command;
}

/** Commands one after another. */
export type List = AndOr[];

/** A script that is not in order; `incomplete` where more text could mend it. */
export class ShellSyntaxError extends Error {
	readonly position: Position;
	readonly incomplete: boolean;
	/** The line it is in, where that helps. */
	readonly excerpt: string | undefined;

	constructor(message: string, position: Position, incomplete = false, excerpt?: string) {
		super(message);
		this.position = position;
		this.incomplete = incomplete;
		this.excerpt = excerpt;
	}
}

/** Whether a word of a command is an assignment. */
export function isAssignment(word: Word | Assignment): word is Assignment {
	return "append" in word;
}

/** A word of quoted text. */
export function textWord(text: string, offset = 0): Word {
	return { parts: [{ type: "text", text, quoted: true }], offset };
}
