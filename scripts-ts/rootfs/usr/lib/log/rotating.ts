/**
 * Log files that are bounded: when one is full it becomes `FILE.1`, that becomes `FILE.2`, and the oldest goes.
 */

import { type File, O, open, rename, unlink } from "helios:fs";
import { failedWith } from "/usr/lib/sh/cli.ts";

/** How large a log may become, and who may read it. */
export interface Rotation {
	/** Bytes of one file. */
	maxBytes?: number;
	/** Files together with the one that is written. */
	files?: number;
	/** Permissions of new files. */
	mode?: number;
}

const DEFAULTS: Required<Rotation> = { maxBytes: 65_536, files: 4, mode: 0o644 };

/** Moves `path` to `path.1`, what was there to `path.2`, and so on; the last of `files` goes. */
async function shift(path: string, files: number): Promise<void> {
	const numbered = (at: number): string => (at === 0 ? path : `${path}.${at}`);
	for (let at = files - 1; at > 0; at--) {
		await rename(numbered(at - 1), numbered(at)).catch((error) => {
			if (!failedWith(error, "ENOENT")) throw error;
		});
	}
	if (files <= 1) await unlink(path);
}

/**
 * One log with a single writer. Writes go out in their order, each whole into one file.
 *
 * The file is never followed through a symbolic link: the writer is root, the directory need not be root's alone.
 */
export class RotatingLog {
	readonly path: string;
	readonly #rotation: Required<Rotation>;
	#file: File | undefined;
	#sizeBytes = 0;
	#last: Promise<void> = Promise.resolve();

	constructor(path: string, rotation: Rotation = {}) {
		this.path = path;
		this.#rotation = { ...DEFAULTS, ...rotation };
	}

	/** Adds `text` at the end. A full disk or a missing directory is the caller's to know. */
	write(text: string): Promise<void> {
		const written = this.#last.then(() => this.#write(new TextEncoder().encode(text)));
		this.#last = written.catch(() => undefined);
		return written;
	}

	/** Closes the file after everything written so far; the next write opens it again. */
	close(): Promise<void> {
		this.#last = this.#last.then(() => this.#release()).catch(() => undefined);
		return this.#last;
	}

	async #write(bytes: Uint8Array): Promise<void> {
		if (this.#file === undefined) await this.#open();
		if (this.#sizeBytes > 0 && this.#sizeBytes + bytes.length > this.#rotation.maxBytes) {
			await this.#release();
			await shift(this.path, this.#rotation.files);
			await this.#open();
		}
		await this.#file?.write(bytes);
		this.#sizeBytes += bytes.length;
	}

	async #open(): Promise<void> {
		this.#file = await open(this.path, O.WRITE | O.CREATE | O.APPEND | O.NOFOLLOW | O.CLOEXEC, this.#rotation.mode);
		this.#sizeBytes = (await this.#file.stat()).size;
	}

	async #release(): Promise<void> {
		const file = this.#file;
		this.#file = undefined;
		await file?.close();
	}
}
