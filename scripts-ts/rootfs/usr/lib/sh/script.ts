/** Runs scripts: whole texts, and lines as they come in. */

import { type List, ShellSyntaxError } from "/usr/lib/sh/ast.ts";
import type { LineInput } from "/usr/lib/sh/input.ts";
import { Parser } from "/usr/lib/sh/parser.ts";
import { Leave, type Shell } from "/usr/lib/sh/shell.ts";

/** Status of a shell whose script is not in order. */
export const STATUS_SYNTAX = 2;

/** Says what is wrong with a script, and where. */
export async function complain(shell: Shell, error: ShellSyntaxError, name: string): Promise<void> {
	const where = `${error.position.line}:${error.position.column}`;
	await shell.complain(`${name === "" ? "" : `${name}:`}${where}: syntax error: ${error.message}`);
}

/** Runs a text, a line at a time; a syntax error ends the shell, after what stands before it has run. */
export async function runText(shell: Shell, text: string, name: string): Promise<number> {
	const parser = new Parser(text);
	let status = 0;
	for (;;) {
		let list: List | null;
		try {
			list = parser.nextLine();
		} catch (error) {
			if (!(error instanceof ShellSyntaxError)) throw error;
			await complain(shell, error, name);
			throw new Leave(STATUS_SYNTAX);
		}
		if (list === null) return status;
		status = await shell.execute(shell, list);
	}
}

/** Every command of a text; `null` where there is none. */
function parse(text: string): List | null {
	const parser = new Parser(text);
	const all: List = [];
	for (let list = parser.nextLine(); list !== null; list = parser.nextLine()) all.push(...list);
	return all.length === 0 ? null : all;
}

/** Reads commands from `input`, as many lines as each takes. */
export class CommandReader {
	readonly #input: LineInput;
	#lines = 0;

	constructor(input: LineInput) {
		this.#input = input;
	}

	/**
	 * The next commands; `null` at the end.
	 *
	 * @param prompt is called before each line, with whether it continues a command.
	 * @throws {ShellSyntaxError} with its line counted from the first one read.
	 */
	async next(prompt: (continued: boolean) => Promise<void>): Promise<List | null> {
		let text = "";
		let before = this.#lines;
		for (;;) {
			await prompt(text !== "");
			const line = await this.#input.next();
			if (line !== null) this.#lines++;
			text += line ?? "";
			// A backslash before the newline joins the next line.
			if (line !== null && /(^|[^\\])(\\\\)*\\\n$/.test(text)) continue;
			try {
				const list = parse(text);
				if (list !== null || line === null) return list;
			} catch (error) {
				if (!(error instanceof ShellSyntaxError)) throw error;
				if (error.incomplete && line !== null) continue;
				throw new ShellSyntaxError(error.message, { ...error.position, line: error.position.line + before });
			}
			text = "";
			before = this.#lines;
		}
	}
}
