/** What a shell's descriptors are: files of its process, and texts that never leave it unless a program wants them. */

import { close, fromFd, pipe } from "helios:fs";
import { concat } from "helios:io";
import { decode, encode } from "/usr/lib/text/bytes.ts";

function toBytes(data: string | Uint8Array): Uint8Array {
	return typeof data === "string" ? encode(data) : data;
}

/** The output of a command substitution. It becomes a pipe when a program is to write into it. */
export class Capture {
	#chunks: (string | Uint8Array)[] = [];
	#pipe: Promise<{ write: number; rest: Promise<Uint8Array> }> | undefined;

	/** Whether a program has got it. */
	get shared(): boolean {
		return this.#pipe !== undefined;
	}

	/** Adds output, as long as it is not shared. */
	add(data: string | Uint8Array): void {
		this.#chunks.push(data);
	}

	/** Its descriptor for programs. */
	async fd(): Promise<number> {
		this.#pipe ??= pipe().then(({ read, write }) => {
			const file = fromFd(read);
			const rest = file.readAll().finally(() => file.close());
			return { write, rest };
		});
		return (await this.#pipe).write;
	}

	/** All that was written, once nobody can write any more. */
	async text(): Promise<string> {
		if (this.#pipe !== undefined) {
			const { write, rest } = await this.#pipe;
			await close(write);
			this.#chunks.push(await rest);
		}
		return this.own();
	}

	/** All that was added, where no program got it. */
	own(): string {
		const chunks = this.#chunks;
		if (chunks.every((chunk) => typeof chunk === "string")) return chunks.join("");
		return decode(concat(chunks.map(toBytes)));
	}
}

/** The text of a here-document. It becomes a pipe when a program is to read it. */
export class Document {
	#rest: string;
	#pipe: Promise<number> | undefined;

	constructor(text: string) {
		this.#rest = text;
	}

	/** Whether a program has got it. */
	get shared(): boolean {
		return this.#pipe !== undefined;
	}

	/** Takes up to and with the next `delimiter`; `null` at the end. */
	take(delimiter: string): string | null {
		if (this.#rest === "") return null;
		const end = this.#rest.indexOf(delimiter);
		const piece = end < 0 ? this.#rest : this.#rest.slice(0, end + 1);
		this.#rest = this.#rest.slice(piece.length);
		return piece;
	}

	/** Takes up to `count` characters, fewer at the end or before `delimiter`, which goes with them. */
	takeCharacters(count: number, delimiter?: string): { text: string; ended: boolean } {
		const most = [...this.#rest.slice(0, 2 * count)].slice(0, count).join("");
		const end = delimiter === undefined ? -1 : most.indexOf(delimiter);
		const text = end < 0 ? most : most.slice(0, end);
		this.#rest = this.#rest.slice(end < 0 ? text.length : end + 1);
		return { text, ended: end < 0 && [...text].length < count };
	}

	/** Its descriptor for programs. A reader that goes early is no error. */
	async fd(): Promise<number> {
		this.#pipe ??= pipe().then(({ read, write }) => {
			const file = fromFd(write);
			void file
				.write(encode(this.#rest))
				.catch(() => undefined)
				.finally(() => file.close());
			return read;
		});
		return this.#pipe;
	}

	/** Nobody reads it any more. */
	async release(): Promise<void> {
		if (this.#pipe !== undefined) await close(await this.#pipe);
	}
}

/** A descriptor of the process, or what is none yet. */
export type Descriptor = number | Capture | Document;

/** The process's descriptor for one of the shell's. */
export function realFd(descriptor: Descriptor): number | Promise<number> {
	return typeof descriptor === "number" ? descriptor : descriptor.fd();
}
