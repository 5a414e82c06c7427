/** Runs scripts: whole texts, and lines as they come in. */

import { type List, ShellSyntaxError } from "/usr/lib/sh/ast.ts";
import type { Co } from "/usr/lib/sh/co.ts";
import { Discard, Leave } from "/usr/lib/sh/errors.ts";
import { type Outside, Parser } from "/usr/lib/sh/parser.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";

/** Status of a shell whose script is not in order. */
export const STATUS_SYNTAX = 2;

/** How a text is run. */
export interface TextStyle {
	/** What messages name before the line: `-c`, `eval`, the name of a file. */
	origin: string;
	/** It is a trap's, whose lines are not counted. */
	trap?: boolean;
	/** Nothing follows it. */
	last?: boolean;
	/** A mistake in it does not end the shell. */
	contained?: boolean;
	/** The line it begins at. */
	line?: number;
}

/** What a parser has to know of a shell. */
export function outside(shell: Shell, warnings: string[], partial = false): Outside {
	return {
		alias: (name) => (shell.shopts.has("expand_aliases") ? shell.aliases.get(name) : undefined),
		warn: (message, line) => {
			warnings.push(`${shell.interactive ? `${shell.name}: ` : `${shell.name}: line ${line}: `}warning: ${message}`);
		},
		partial,
		extglob: () => shell.shopts.has("extglob"),
	};
}

/** Says what is wrong with a script, and where. */
export function* complain(shell: Shell, error: ShellSyntaxError, origin: string): Co<void> {
	const { line, column } = error.position;
	const own = origin === "" || origin === shell.name;
	const name = own ? shell.name : origin === shell.file && !shell.interactive ? origin : `${shell.name}: ${origin}`;
	const before = shell.interactive && origin === "" ? `${shell.name}: ` : `${name}: line ${line}: `;
	yield* shell.say(before + error.message);
	if (error.excerpt === undefined) return;
	if (!shell.interactive || origin !== "") yield* shell.say(`${before}\`${error.excerpt}'`);
	else yield* shell.say(`${error.excerpt}\n${error.excerpt.slice(0, column - 1).replace(/[^\t]/g, " ")}^`);
}

/** Runs a text, a line at a time, so that what a line defines is known to the next. */
export function* runText(shell: Shell, text: string, style: TextStyle): Co<number> {
	const warnings: string[] = [];
	const parser = new Parser(text, outside(shell, warnings), style.line ?? 1);
	let status = 0;
	const { line } = shell;
	for (;;) {
		let list: List | null;
		try {
			list = parser.nextLine();
			for (const warning of warnings.splice(0)) yield* shell.say(warning);
		} catch (error) {
			if (!(error instanceof ShellSyntaxError)) throw error;
			yield* complain(shell, error, style.origin);
			if (style.contained === true) return STATUS_SYNTAX;
			throw new Leave(STATUS_SYNTAX);
		}
		const taken = parser.taken();
		if (list === null) return status;
		if (shell.options.has("verbose")) yield* shell.write(2, `${taken}\n`);
		if (shell.options.has("noexec") && !shell.interactive) continue;
		const last = style.last === true && parser.atEnd();
		try {
			status = yield* shell.engine.execute(shell, list, { last });
		} catch (error) {
			// What cannot be expanded drops the line at hand, but all of a subshell.
			if (!(error instanceof Discard) || style.trap === true || !shell.root || shell.interactive) throw error;
			status = error.status;
			shell.status = status;
		}
		if (style.trap === true) shell.line = line;
		if (shell.unwinding !== undefined) return shell.status;
	}
}

/** Commands read from a stream of lines, as many lines as each takes. */
export class CommandReader {
	readonly #shell: Shell;
	readonly #next: (continued: boolean) => Promise<string | null>;
	#lines = 0;

	/** @param next answers the next line with its newline; `null` at the end. */
	constructor(shell: Shell, next: (continued: boolean) => Promise<string | null>) {
		this.#shell = shell;
		this.#next = next;
	}

	/**
	 * The next commands with their text, none for an empty line; `null` at the end.
	 *
	 * @throws {ShellSyntaxError} with its line counted from the first one read.
	 */
	async next(): Promise<{ list: List; text: string; warnings: string[] } | null> {
		let text = "";
		const before = this.#lines;
		for (;;) {
			const line = await this.#next(text !== "");
			if (line !== null) this.#lines++;
			text += line ?? "";
			// A backslash before the newline joins the next line.
			if (line !== null && /(^|[^\\])(\\\\)*\\\n$/.test(text)) continue;
			const warnings: string[] = [];
			try {
				const list = this.#parse(text, before + 1, line !== null, warnings);
				if (list.length === 0 && line === null) return null;
				return { list, text, warnings };
			} catch (error) {
				if (!(error instanceof ShellSyntaxError)) throw error;
				if (error.incomplete && line !== null) continue;
				throw error;
			}
		}
	}

	/** Every command of a text. */
	#parse(text: string, line: number, partial: boolean, warnings: string[]): List {
		const parser = new Parser(text, outside(this.#shell, warnings, partial), line);
		const all: List = [];
		for (let list = parser.nextLine(); list !== null; list = parser.nextLine()) {
			all.push(...list);
			// The newline that ends it reads its here-documents.
			parser.skipNewlines();
		}
		return all;
	}
}
