/** The lines that `sed` reads, over all its files, and the files that it writes. */

import { type File, fromFd, open } from "helios:fs";
import { put } from "/usr/lib/sh/cli.ts";
import { decode, encode } from "/usr/lib/text/bytes.ts";
import { blocks, linesOf, readWhole } from "/usr/lib/text/lines.ts";

/** Where lines go. A line that had no end in the input gets one only when something follows it. */
export class Output {
	readonly #delimiter: string;
	readonly #write: (text: string) => void;
	#open = false;

	constructor(write: (text: string) => void, delimiter: string) {
		this.#write = write;
		this.#delimiter = delimiter;
	}

	/** Writes a line; `ended` says whether its end is written too. */
	line(text: string, ended = true): void {
		if (this.#open) this.#write(this.#delimiter);
		this.#write(ended ? text + this.#delimiter : text);
		this.#open = !ended;
	}

	/** Writes text as it is. */
	raw(text: string): void {
		if (this.#open) this.#write(this.#delimiter);
		this.#open = false;
		this.#write(text);
	}
}

/** The files that `w` and `s///w` write, each opened once. */
export class Written {
	readonly #files = new Map<string, { file: File; pieces: string[]; output: Output }>();

	/** Opens a file, or finds it. */
	async open(name: string, delimiter: string): Promise<void> {
		if (this.#files.has(name)) return;
		const pieces: string[] = [];
		const descriptor = name === "/dev/stdout" ? 1 : name === "/dev/stderr" ? 2 : undefined;
		const file = descriptor === undefined ? await open(name, "w") : fromFd(descriptor);
		// What goes to standard output keeps its place among the rest of it.
		const write = descriptor === 1 ? put : (text: string): void => void pieces.push(text);
		this.#files.set(name, { file, pieces, output: new Output(write, delimiter) });
	}

	output(name: string): Output {
		return this.#files.get(name)?.output as Output;
	}

	/** Writes out what waits. */
	async flush(): Promise<void> {
		for (const { file, pieces } of this.#files.values()) {
			if (pieces.length > 0) await file.write(encode(pieces.splice(0).join("")));
		}
	}
}

/** Lines of several files, one after another. */
export class Input {
	/** Number of the line read last. */
	number = 0;
	/** Whether the line read last had its end. */
	ended = true;
	/** The file that it came from. */
	name = "-";
	readonly #paths: string[];
	readonly #delimiter: string;
	readonly #separate: boolean;
	readonly #unreadable: (path: string, error: unknown) => Promise<void>;
	/** Called before the first line of each file and after its last one. */
	readonly #edge: { begin(path: string): Promise<File | undefined>; end(): Promise<void> } | undefined;
	#lines: string[] = [];
	#at = 0;
	#lastEnded = true;
	#source: AsyncGenerator<string, void, undefined> | undefined;
	#next: string | undefined;

	constructor(
		paths: readonly string[],
		delimiter: string,
		separate: boolean,
		unreadable: (path: string, error: unknown) => Promise<void>,
		edge?: { begin(path: string): Promise<File | undefined>; end(): Promise<void> },
	) {
		this.#paths = [...paths];
		this.#delimiter = delimiter;
		this.#separate = separate;
		this.#unreadable = unreadable;
		this.#edge = edge;
	}

	/** Whether a line is at hand without waiting. */
	get ready(): boolean {
		return this.#at < this.#lines.length;
	}

	/** The next line; only where `ready`. */
	take(): string {
		this.number++;
		const line = this.#lines[this.#at++] as string;
		this.ended = this.#at < this.#lines.length || this.#lastEnded;
		return line;
	}

	async #openNext(): Promise<boolean> {
		for (let path = this.#paths.shift(); path !== undefined; path = this.#paths.shift()) {
			try {
				const file = this.#edge === undefined ? await openPath(path) : await this.#edge.begin(path);
				if (file === undefined) continue;
				this.#next = path;
				this.#source = closing(file, this.#delimiter);
				return true;
			} catch (error) {
				await this.#unreadable(path, error);
			}
		}
		return false;
	}

	/** Makes a line ready, from the file under way alone where `within`; `false` where there is none. */
	async fill(within = false): Promise<boolean> {
		while (!this.ready) {
			if (this.#source === undefined) {
				if (within || !(await this.#openNext())) return false;
			}
			let block: string | undefined;
			try {
				const result = await (this.#source as AsyncGenerator<string, void, undefined>).next();
				block = result.done === true ? undefined : result.value;
			} catch (error) {
				await this.#unreadable(this.#next ?? this.name, error);
			}
			if (block === undefined) {
				if (within && this.#separate) return false;
				this.#source = undefined;
				await this.#edge?.end();
				if (within) return false;
				continue;
			}
			if (this.#next !== undefined) {
				this.name = this.#next;
				this.#next = undefined;
				if (this.#separate) this.number = 0;
			}
			const { lines, ended } = linesOf(block, this.#delimiter);
			this.#lines = lines;
			this.#lastEnded = ended;
			this.#at = 0;
		}
		return true;
	}

	/** Whether the line read last is the last one. */
	async isLast(): Promise<boolean> {
		return !this.ready && !(await this.fill(this.#separate));
	}
}

function openPath(path: string): Promise<File> {
	return path === "-" ? Promise.resolve(fromFd(0)) : open(path);
}

async function* closing(file: File, delimiter: string): AsyncGenerator<string, void, undefined> {
	try {
		yield* blocks(file, { delimiter: delimiter.charCodeAt(0) });
	} finally {
		if (file.fd !== 0) await file.close();
	}
}

/** Texts of files that `r` reads, and the lines left of those that `R` reads. */
export class Inserted {
	readonly #lines = new Map<string, string[]>();

	async #read(path: string): Promise<string> {
		try {
			const file = await openPath(path === "/dev/stdin" ? "-" : path);
			try {
				return decode(await readWhole(file));
			} finally {
				if (file.fd !== 0) await file.close();
			}
		} catch {
			// A file that cannot be read counts as empty, as POSIX has it.
			return "";
		}
	}

	/** All of a file. */
	whole(path: string): Promise<string> {
		return this.#read(path);
	}

	/** The next line of a file. */
	async line(path: string): Promise<string | undefined> {
		let lines = this.#lines.get(path);
		if (lines === undefined) {
			lines = linesOf(await this.#read(path)).lines.reverse();
			this.#lines.set(path, lines);
		}
		return lines.pop();
	}
}
