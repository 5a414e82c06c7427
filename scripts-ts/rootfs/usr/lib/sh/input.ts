/** Reads from descriptors without taking what comes after: commands share them with the shell. */

import { callWith } from "helios:core";
import { type File, fromFd, isDevice, isFile } from "helios:fs";
import { concat } from "helios:io";
import { type Descriptor, Document } from "/usr/lib/sh/descriptors.ts";
import { decode } from "/usr/lib/text/bytes.ts";

const CHUNK_BYTES = 1024;
const MAX_CHUNK_BYTES = 65_536;
/** Longest line of a pipe that is read byte by byte. */
const MAX_SINGLE_BYTES = 65_536;

/** Bytes up to a delimiter, as text. */
function textOf(bytes: readonly number[]): string {
	return decode(new Uint8Array(bytes));
}

/** Lines of a descriptor. */
export class LineInput {
	readonly #document: Document | undefined;
	readonly #file: Promise<File>;
	readonly #stop: AbortSignal | undefined;
	#step: number | undefined;
	#seekable = false;
	/** What was read beyond a line. */
	#rest: Uint8Array | undefined;
	readonly #keeps: boolean;

	/**
	 * @param options `stop` withdraws a read that is under way, which then fails; with `keeps`, this reader stays, and
	 * may hold what comes after a line that is too long to be read byte by byte.
	 */
	constructor(descriptor: Descriptor, { stop, keeps = false }: { stop?: AbortSignal; keeps?: boolean } = {}) {
		this.#keeps = keeps;
		this.#stop = stop;
		const document = descriptor instanceof Document && !descriptor.shared ? descriptor : undefined;
		this.#document = document;
		this.#file =
			typeof descriptor === "number" || document !== undefined
				? Promise.resolve(fromFd(typeof descriptor === "number" ? descriptor : 0))
				: descriptor.fd().then(fromFd);
	}

	/** The text that is read from, where that needs no waiting. */
	get document(): Document | undefined {
		return this.#document;
	}

	/**
	 * How much one read asks for. A file is read ahead and its offset put back; a terminal gives one line at a time;
	 * from a pipe only single bytes can be read without taking too much.
	 */
	async #look(): Promise<number> {
		const about = await (await this.#file).stat();
		this.#seekable = isFile(about);
		return this.#seekable || (isDevice(about) && about.rdev >>> 8 !== 1) ? CHUNK_BYTES : 1;
	}

	async #read(file: File, count: number): Promise<Uint8Array | null> {
		const rest = this.#rest;
		if (rest !== undefined) {
			this.#rest = undefined;
			return rest;
		}
		const bytes = await callWith("read", { fd: file.fd, count }, this.#stop);
		return bytes.length === 0 ? null : bytes;
	}

	/** The next line with its delimiter, the last one perhaps without; `null` at the end. */
	async next(delimiter = "\n"): Promise<string | null> {
		if (this.#document !== undefined) return this.#document.take(delimiter);
		const file = await this.#file;
		this.#step ??= await this.#look();
		const byte = delimiter.charCodeAt(0) & 255;
		const chunks: Uint8Array[] = [];
		let step = this.#step;
		for (;;) {
			const chunk = await this.#read(file, step);
			if (chunk === null) break;
			const end = chunk.indexOf(byte);
			if (end < 0) {
				chunks.push(chunk);
				// A long line is read in ever larger pieces, where it may be read ahead at all.
				if (step > 1) step = Math.min(2 * step, MAX_CHUNK_BYTES);
				else if (this.#keeps && chunks.length > MAX_SINGLE_BYTES) step = CHUNK_BYTES;
				continue;
			}
			chunks.push(chunk.subarray(0, end + 1));
			if (this.#seekable && end + 1 < chunk.length) await file.seek(end + 1 - chunk.length, "current");
			else if (end + 1 < chunk.length) this.#rest = chunk.subarray(end + 1);
			break;
		}
		return chunks.length === 0 ? null : decode(concat(chunks));
	}

	/** Up to `count` characters, fewer at the end or after `delimiter`, where one is given. */
	async characters(count: number, delimiter?: string): Promise<{ text: string; ended: boolean }> {
		if (this.#document !== undefined) return this.#document.takeCharacters(count, delimiter);
		const file = await this.#file;
		const bytes: number[] = [];
		let seen = 0;
		while (seen < count || !complete(bytes)) {
			const chunk = await this.#read(file, 1);
			const byte = chunk?.[0];
			if (byte === undefined) return { text: textOf(bytes), ended: true };
			if (delimiter !== undefined && byte === (delimiter.charCodeAt(0) & 255)) break;
			bytes.push(byte);
			if ((byte & 0xc0) !== 0x80) seen++;
		}
		return { text: textOf(bytes), ended: false };
	}
}

/** Whether the last character of UTF-8 is whole. */
function complete(bytes: readonly number[]): boolean {
	for (let back = 1; back <= Math.min(4, bytes.length); back++) {
		const byte = bytes[bytes.length - back] as number;
		if ((byte & 0xc0) === 0x80) continue;
		const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
		return back >= length;
	}
	return true;
}

/** All that can be read from a descriptor. */
export async function readDescriptor(descriptor: Descriptor | undefined): Promise<Uint8Array> {
	if (descriptor === undefined) return new Uint8Array();
	return fromFd(typeof descriptor === "number" ? descriptor : await descriptor.fd()).readAll();
}
