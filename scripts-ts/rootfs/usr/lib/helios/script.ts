/**
 * `helios:script`: what a TypeScript source consists of, for programs that take sources from people: prompts, editors.
 */

import { outline as outlineSource } from "helios:internal";

/** What a statement is. `type`: nothing of it is left when types are stripped. */
export type StatementKind =
	| "const"
	| "let"
	| "var"
	| "function"
	| "class"
	| "enum"
	| "namespace"
	| "import"
	| "export"
	| "type"
	| "expression"
	| "other";

/** One statement of a module's top level. */
export interface Statement {
	/** What it is. */
	kind: StatementKind;
	/** Where it starts in the source. */
	start: number;
	/** Where it ends; of an expression without its semicolon, brackets around it included. */
	end: number;
	/** The values that it binds in the module, those of `var` in blocks too. Types are left out. */
	names: string[];
}

/** A source that parses, or what is wrong with it. */
export type Outline =
	| { ok: true; statements: Statement[] }
	| {
			ok: false;
			/** The text ends where more was wanted: an open bracket, template or comment, an operator. */
			incomplete: boolean;
			/** The compiler's words, for people. */
			message: string;
	  };

/**
 * Outlines a source: its statements in order, or why it does not parse. Types are not checked, nor names: a source with
 * an outline may still not compile. `name` is what messages call it. Charged by size; sources of up to 1 MiB.
 */
export function outline(source: string, name = "input"): Outline {
	const found = outlineSource(source, name);
	if (Array.isArray(found)) return { ok: true, statements: found as Statement[] };
	return { ok: false, incomplete: found.incomplete, message: found.message };
}
