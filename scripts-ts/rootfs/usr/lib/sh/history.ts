/** The lines typed: their list, their file, and `!!` and its like. */

import { isSystemError } from "helios:errors";
import { readTextFile, writeFile } from "helios:fs";
import type { Shell } from "/usr/lib/sh/shell.ts";

const DEFAULT_SIZE = 500;

/** A `!` that means no line. */
export class HistoryError extends Error {}

/** Lines typed, oldest first, numbered from 1. */
export class History {
	readonly #shell: Shell;
	#lines: string[] = [];
	/** How many lines have been dropped at the beginning. */
	#dropped = 0;
	/** How many lines at the end are not in the file yet. */
	#unsaved = 0;

	constructor(shell: Shell) {
		this.#shell = shell;
	}

	/** All lines, oldest first. */
	get lines(): readonly string[] {
		return this.#lines;
	}

	/** The number that the next line gets. */
	get next(): number {
		return this.#dropped + this.#lines.length + 1;
	}

	get #file(): string | undefined {
		const file = this.#shell.get("HISTFILE");
		if (file !== undefined) return file === "" ? undefined : this.#shell.resolve(file);
		const home = this.#shell.get("HOME");
		return home === undefined ? undefined : `${home}/.sh_history`;
	}

	#size(name: string): number {
		const text = this.#shell.get(name);
		return text !== undefined && /^\d+$/.test(text) ? Number(text) : DEFAULT_SIZE;
	}

	/** Adds a line, unless `$HISTCONTROL` or `$HISTIGNORE` says not to. Lines of one command are one entry. */
	add(text: string): void {
		const line = joined(text.replace(/\n+$/, ""));
		const control = (this.#shell.get("HISTCONTROL") ?? "").split(":");
		const both = control.includes("ignoreboth");
		if (line.trim() === "") return;
		if ((both || control.includes("ignorespace")) && line.startsWith(" ")) return;
		if ((both || control.includes("ignoredups")) && this.#lines.at(-1) === line) return;
		if ((this.#shell.get("HISTIGNORE") ?? "").split(":").includes(line)) return;
		if (control.includes("erasedups")) this.#lines = this.#lines.filter((each) => each !== line);
		this.#lines.push(line);
		this.#unsaved++;
		const excess = this.#lines.length - this.#size("HISTSIZE");
		if (excess > 0) {
			this.#lines.splice(0, excess);
			this.#dropped += excess;
		}
	}

	clear(): void {
		this.#lines = [];
		this.#dropped = 0;
		this.#unsaved = 0;
	}

	/** Removes the line with a number; a negative one counts from the end. */
	remove(number: number): boolean {
		const at = number < 0 ? this.#lines.length + number : number - 1 - this.#dropped;
		if (at < 0 || at >= this.#lines.length) return false;
		this.#lines.splice(at, 1);
		return true;
	}

	dropLast(): void {
		this.#lines.pop();
		this.#unsaved = Math.max(0, this.#unsaved - 1);
	}

	numbered(): [number: number, line: string][] {
		return this.#lines.map((line, index) => [this.#dropped + index + 1, line]);
	}

	/** The line with a number. */
	line(number: number): string | undefined {
		return this.#lines[number - 1 - this.#dropped];
	}

	/** Adds the lines of a file. */
	async load(path = this.#file): Promise<boolean> {
		if (path === undefined) return false;
		try {
			const text = await readTextFile(path);
			const kept = entriesOf(text);
			this.#lines.push(...kept.slice(-this.#size("HISTSIZE")));
			return true;
		} catch {
			return false;
		}
	}

	/** Adds the new lines to the file, which keeps the last `$HISTFILESIZE`. */
	async save(path = this.#file): Promise<boolean> {
		if (path === undefined) return false;
		try {
			const before = await readTextFile(path).catch((error) => {
				if (isSystemError(error, "ENOENT")) return "";
				throw error;
			});
			const fresh = this.#unsaved === 0 ? [] : this.#lines.slice(-this.#unsaved);
			const all = [...entriesOf(before), ...fresh];
			const kept = all.slice(-this.#size("HISTFILESIZE"));
			await writeFile(path, kept.map((line) => `${line.replaceAll("\n", "\\\n")}\n`).join(""), { mode: 0o600 });
			this.#unsaved = 0;
			return true;
		} catch {
			return false;
		}
	}

	/**
	 * Replaces `!!`, `!N`, `!-N`, `!TEXT`, `!?TEXT?`, `!$`, `!^`, `!*`, `^OLD^NEW^`.
	 *
	 * @returns the line, and whether it has changed and so is to be shown.
	 * @throws {HistoryError} where there is no such line.
	 */
	expand(line: string): { line: string; changed: boolean } {
		const quick = /^\^([^^\n]*)\^([^^\n]*)\^?/.exec(line);
		if (quick !== null) {
			const last = this.#lines.at(-1);
			if (last?.includes(quick[1] as string) !== true) throw new HistoryError(`:s${quick[0]}: substitution failed`);
			return {
				line: last.replace(quick[1] as string, () => quick[2] as string) + line.slice(quick[0].length),
				changed: true,
			};
		}
		if (!line.includes("!")) return { line, changed: false };
		let out = "";
		let quote = "";
		let changed = false;
		for (let at = 0; at < line.length; at++) {
			const character = line.charAt(at);
			if (character === "\\" && quote !== "'") {
				out += character + line.charAt(++at);
				continue;
			}
			if (character === quote) quote = "";
			else if (quote === "" && (character === "'" || character === '"')) quote = character;
			const next = line.charAt(at + 1);
			// A `!` before a blank, `=`, `(` or the end means itself, and so does one within `[…]` or after `$`.
			if (
				character !== "!" ||
				quote === "'" ||
				/^$|[\s=(]/.test(next) ||
				(next === '"' && quote === '"') ||
				/[[{$]$/.test(out)
			) {
				out += character;
				continue;
			}
			const [text, length] = this.#event(line.slice(at));
			out += text;
			at += length - 1;
			changed = true;
		}
		return { line: out, changed };
	}

	/** What an event at the beginning of `text` means, and how long it is. */
	#event(text: string): [meaning: string, length: number] {
		const short = /^![$^*:]/.test(text);
		const found = short ? ["!"] : /^!(?:(!)|(-?\d+)|\?([^?\n]*)\??|([^\s:;&|<>()"'$^*!]+))/.exec(text);
		if (found === null) return ["!", 1];
		const [whole = "!", , number, within, start] = found;
		let line: string | undefined;
		if (number !== undefined) line = Number(number) < 0 ? this.#lines.at(Number(number)) : this.line(Number(number));
		else if (within !== undefined) line = this.#lines.findLast((each) => each.includes(within));
		else if (start !== undefined) line = this.#lines.findLast((each) => each.startsWith(start));
		else line = this.#lines.at(-1);
		if (line === undefined) throw new HistoryError(`${whole}: event not found`);
		const designator = /^:?([$^*])/.exec(text.slice(whole.length));
		const colon = /^:(\d+)(?:-(\d+|\$)|(\*))?/.exec(text.slice(whole.length));
		const words = splitWords(line);
		if (colon !== null) {
			const from = Number(colon[1]);
			const to = colon[3] !== undefined || colon[2] === "$" ? words.length - 1 : Number(colon[2] ?? from);
			if (from >= words.length) throw new HistoryError(`${colon[0]}: bad word specifier`);
			return [words.slice(from, to + 1).join(" "), whole.length + colon[0].length];
		}
		if (designator === null) return [line, whole.length];
		const kind = designator[1];
		const chosen = kind === "$" ? words.slice(-1) : kind === "^" ? words.slice(1, 2) : words.slice(1);
		return [chosen.join(" "), whole.length + designator[0].length];
	}
}

/** The entries of a history file: a backslash at the end of a line goes on with the next. */
function entriesOf(text: string): string[] {
	const entries: string[] = [];
	let open = "";
	for (const line of text.split("\n")) {
		if (line.endsWith("\\")) open += `${line.slice(0, -1)}\n`;
		else {
			if (open + line !== "") entries.push(open + line);
			open = "";
		}
	}
	return entries;
}

/** A command of several lines as one line, where that means the same. */
function joined(text: string): string {
	if (!text.includes("\n") || /["'`\\#]|<</.test(text)) return text;
	return text
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line !== "")
		.reduce((all, line) => `${all}${/(^|[\s;])(then|do|else|in|\{)$|[;&|({]$/.test(all) ? " " : "; "}${line}`);
}

/** The words of a line, quotes kept. */
function splitWords(line: string): string[] {
	return line.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\;&|<>()])+|[;&|<>()]+/g) ?? [];
}
