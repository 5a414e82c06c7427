/** What was typed in sessions, kept in a file: an entry a line, newlines within it as `\n`. */

import { readTextFile, writeFile } from "helios:fs";

const MAX_ENTRIES = 1000;

function escaped(entry: string): string {
	return entry.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function unescaped(line: string): string {
	return line.replace(/\\([\\n])/g, (_, letter: string) => (letter === "n" ? "\n" : "\\"));
}

/** Entries, the oldest first. */
export class TypedHistory {
	entries: string[] = [];
	readonly #path: string | undefined;

	constructor(path: string | undefined) {
		this.#path = path;
	}

	/** Reads the file, if there is one. */
	async load(): Promise<void> {
		if (this.#path === undefined) return;
		const text = await readTextFile(this.#path).catch(() => "");
		const lines = text.split("\n").filter((line) => line !== "");
		this.entries = lines.slice(-MAX_ENTRIES).map(unescaped);
		if (lines.length > MAX_ENTRIES * 2) await this.#write(this.entries.map(escaped).join("\n").concat("\n"), false);
	}

	/** Adds an entry, to the file at once: what follows may not come back. */
	async add(entry: string): Promise<void> {
		if (entry.trim() === "" || entry === this.entries.at(-1)) return;
		this.entries.push(entry);
		if (this.entries.length > MAX_ENTRIES) this.entries.shift();
		await this.#write(`${escaped(entry)}\n`, true);
	}

	async #write(text: string, append: boolean): Promise<void> {
		if (this.#path === undefined) return;
		// A home that cannot be written to has no history.
		await writeFile(this.#path, text, { append, mode: 0o600 }).catch(() => undefined);
	}
}
