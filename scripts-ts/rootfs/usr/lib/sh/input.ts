/** Reads lines from a descriptor without taking what comes after them: commands share it with the shell. */

import { type File, fromFd, isDevice, isFile } from "helios:fs";

const CHUNK_BYTES = 1024;
const NEWLINE = 10;

/** Lines of a descriptor. */
export class LineInput {
	readonly #file: File;
	#step: number | undefined;
	#seekable = false;

	constructor(fd: number) {
		this.#file = fromFd(fd);
	}

	/**
	 * How much one read asks for. A file is read ahead and its offset put back; a terminal gives one line at a time;
	 * from a pipe only single bytes can be read without taking too much.
	 */
	async #look(): Promise<number> {
		const about = await this.#file.stat();
		this.#seekable = isFile(about);
		return this.#seekable || (isDevice(about) && about.rdev >>> 8 !== 1) ? CHUNK_BYTES : 1;
	}

	/** The next line with its newline, the last one perhaps without; `null` at the end. */
	async next(): Promise<string | null> {
		this.#step ??= await this.#look();
		const bytes: number[] = [];
		for (;;) {
			const chunk = await this.#file.read(this.#step);
			if (chunk === null) break;
			const end = chunk.indexOf(NEWLINE);
			if (end < 0) {
				bytes.push(...chunk);
				continue;
			}
			bytes.push(...chunk.subarray(0, end + 1));
			if (this.#seekable && end + 1 < chunk.length) await this.#file.seek(end + 1 - chunk.length, "current");
			break;
		}
		return bytes.length === 0 ? null : new TextDecoder().decode(new Uint8Array(bytes));
	}
}
