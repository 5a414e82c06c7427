/** Where the lines of a dialogue come from: the line editor, or the terminal's own lines. */

import { isSystemError } from "helios:errors";
import { isatty } from "helios:tty";
import { ShellSyntaxError } from "/usr/lib/sh/ast.ts";
import { run } from "/usr/lib/sh/co.ts";
import { complete } from "/usr/lib/sh/complete.ts";
import { Interrupted } from "/usr/lib/sh/errors.ts";
import { LineInput } from "/usr/lib/sh/input.ts";
import { Parser } from "/usr/lib/sh/parser.ts";
import { outside } from "/usr/lib/sh/script.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";

/** Reads the lines of a dialogue. */
export interface LineSource {
	/**
	 * The next line, or several that belong together, without the last newline; `null` at the end.
	 *
	 * @throws {Interrupted} where the line was abandoned.
	 */
	readLine(prompt: string, continuation: boolean): Promise<string | null>;
}

/** Lines as the terminal edits them. */
class PlainLines implements LineSource {
	readonly #shell: Shell;
	readonly #input = new LineInput(0);
	/** A read that an interrupt has left behind: its line is the next one. */
	#pending: Promise<string | null> | undefined;

	constructor(shell: Shell) {
		this.#shell = shell;
	}

	async readLine(prompt: string): Promise<string | null> {
		await run(this.#shell.write(2, prompt));
		this.#pending ??= this.#input.next();
		const answer = await this.#shell.signals.until(this.#pending);
		if (answer !== null && typeof answer === "object") {
			// A trapped signal is none of the line's business, but its trap runs before the next prompt.
			await run(this.#shell.write(2, "\n"));
			throw new Interrupted();
		}
		this.#pending = undefined;
		return answer === null ? null : answer.replace(/\n$/, "");
	}
}

/** Whether more lines have to follow before a text can run. */
export function isIncomplete(shell: Shell, text: string): boolean {
	if (/(^|[^\\])(\\\\)*\\\n?$/.test(text)) return true;
	try {
		const parser = new Parser(`${text}\n`, outside(shell, [], true));
		while (parser.nextLine() !== null) parser.skipNewlines();
		return false;
	} catch (error) {
		return error instanceof ShellSyntaxError && error.incomplete;
	}
}

/** The line editor as a source of lines; `undefined` on a terminal that cannot show it. */
async function editor(shell: Shell): Promise<LineSource | undefined> {
	const term = shell.get("TERM") ?? "dumb";
	if (term === "dumb" || !(await isatty(0)) || !(await isatty(1))) return undefined;
	// Loaded where it is wanted: a shell that runs a script edits no lines.
	const { LineEditor, LineInterrupted } = await import("/usr/lib/tui/editor.ts");
	const lines = new LineEditor({
		history: () => shell.history?.lines ?? [],
		complete: (text, cursor) => complete(shell, text, cursor),
		isComplete: (text) => !isIncomplete(shell, text),
		continuation: shell.get("PS2") ?? "> ",
		ownSignals: true,
	});
	return {
		async readLine(prompt, continuation) {
			try {
				return await lines.readLine(prompt, continuation);
			} catch (error) {
				// The terminal is gone: that is the end of the lines.
				if (isSystemError(error, "EIO")) return null;
				throw error instanceof LineInterrupted ? new Interrupted() : error;
			}
		},
	};
}

/** The lines of a dialogue at standard input. */
export async function openLines(shell: Shell): Promise<LineSource> {
	return (await editor(shell)) ?? new PlainLines(shell);
}
