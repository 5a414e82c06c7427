/** Where a pager's bytes come from: a file, read where it is needed, or a pipe, of which everything read so far is kept. */

import type { File } from "helios:fs";
import { isFile } from "helios:fs";

/** Bytes that can be read at any place. */
export interface Store {
	/** How many bytes there are, as far as is known. */
	readonly size: number;
	/** Whether `size` is final. */
	readonly complete: boolean;
	/** Up to `count` bytes at `at`; fewer only at the end of what there is. */
	read(at: number, count: number): Promise<Uint8Array>;
	/** Waits until there are `size` bytes, or no more come. */
	until(size: number): Promise<void>;
	/** Looks how long a file is by now. */
	refresh(): Promise<void>;
	/** Ends a wait that goes on in `until`, which then comes back with less. */
	giveUp(): void;
	/** Closes it. */
	close(): Promise<void>;
}

const BLOCK_BYTES = 65_536;
const BLOCKS_KEPT = 8;
/** Most bytes of a pipe that are kept. */
export const MAX_PIPE_BYTES = 64 * 1024 * 1024;

/** A regular file: blocks of it, the last used ones kept. */
class FileStore implements Store {
	size: number;
	readonly complete = true;
	readonly #file: File;
	readonly #blocks = new Map<number, Uint8Array>();

	constructor(file: File, size: number) {
		this.#file = file;
		this.size = size;
	}

	async #block(index: number): Promise<Uint8Array> {
		const known = this.#blocks.get(index);
		if (known !== undefined) {
			this.#blocks.delete(index);
			this.#blocks.set(index, known);
			return known;
		}
		const block = await this.#file.readAt(index * BLOCK_BYTES, BLOCK_BYTES);
		this.#blocks.set(index, block);
		const [oldest] = this.#blocks.keys();
		if (this.#blocks.size > BLOCKS_KEPT && oldest !== undefined) this.#blocks.delete(oldest);
		return block;
	}

	async read(at: number, count: number): Promise<Uint8Array> {
		const end = Math.min(at + count, this.size);
		if (end <= at) return new Uint8Array(0);
		const first = Math.floor(at / BLOCK_BYTES);
		const last = Math.floor((end - 1) / BLOCK_BYTES);
		const block = await this.#block(first);
		if (first === last) return block.subarray(at - first * BLOCK_BYTES, end - first * BLOCK_BYTES);
		const whole = new Uint8Array(end - at);
		let filled = 0;
		for (let index = first; index <= last; index++) {
			const bytes = await this.#block(index);
			const from = Math.max(0, at - index * BLOCK_BYTES);
			const part = bytes.subarray(from, Math.min(BLOCK_BYTES, end - index * BLOCK_BYTES));
			whole.set(part, filled);
			filled += part.length;
			if (bytes.length < BLOCK_BYTES) break;
		}
		return whole.subarray(0, filled);
	}

	async until(): Promise<void> {
		// All of it is there.
	}

	async refresh(): Promise<void> {
		const { size } = await this.#file.stat();
		if (size === this.size) return;
		// The last block has grown; a file that was cut is another file.
		this.#blocks.clear();
		this.size = size;
	}

	giveUp(): void {
		// A file does not keep anybody waiting.
	}

	close(): Promise<void> {
		return this.#file.close();
	}
}

/** What comes through a pipe or from a device. */
class PipeStore implements Store {
	size = 0;
	complete = false;
	readonly #file: File;
	readonly #chunks: { at: number; bytes: Uint8Array }[] = [];
	#reading: Promise<void> | undefined;
	#release: (() => void) | undefined;

	constructor(file: File) {
		this.#file = file;
	}

	async read(at: number, count: number): Promise<Uint8Array> {
		const end = Math.min(at + count, this.size);
		if (end <= at) return new Uint8Array(0);
		let index = this.#find(at);
		const first = this.#chunks[index] as { at: number; bytes: Uint8Array };
		if (end <= first.at + first.bytes.length) return first.bytes.subarray(at - first.at, end - first.at);
		const whole = new Uint8Array(end - at);
		for (let filled = 0; filled < whole.length; index++) {
			const chunk = this.#chunks[index] as { at: number; bytes: Uint8Array };
			const part = chunk.bytes.subarray(at + filled - chunk.at, end - chunk.at);
			whole.set(part, filled);
			filled += part.length;
		}
		return whole;
	}

	/** The chunk that holds a place. */
	#find(at: number): number {
		let low = 0;
		let high = this.#chunks.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if ((this.#chunks[middle] as { at: number }).at <= at) low = middle;
			else high = middle - 1;
		}
		return low;
	}

	async until(size: number): Promise<void> {
		let waiting = true;
		while (waiting && !this.complete && this.size < size) {
			this.#reading ??= this.#more();
			const given = new Promise<boolean>((resolve) => {
				this.#release = () => resolve(true);
			});
			waiting = (await Promise.race([this.#reading, given])) !== true;
		}
		this.#release = undefined;
	}

	async refresh(): Promise<void> {
		// What has come is known.
	}

	giveUp(): void {
		this.#release?.();
	}

	async #more(): Promise<void> {
		let chunk: Uint8Array | null;
		try {
			chunk = await this.#file.read(BLOCK_BYTES);
		} catch {
			// What cannot be read any further ends here.
			chunk = null;
		}
		this.#reading = undefined;
		if (chunk === null) {
			this.complete = true;
			return;
		}
		this.#chunks.push({ at: this.size, bytes: chunk });
		this.size += chunk.length;
		if (this.size >= MAX_PIPE_BYTES) this.complete = true;
	}

	close(): Promise<void> {
		return this.#file.fd === 0 ? Promise.resolve() : this.#file.close();
	}
}

/** The bytes of an open file. */
export async function storeOf(file: File): Promise<Store> {
	const about = await file.stat();
	// A file without a size, as those of `/proc`, is read to its end like a pipe.
	return isFile(about) && about.size > 0 ? new FileStore(file, about.size) : new PipeStore(file);
}

/** A text that is there already. */
export function storeOfText(bytes: Uint8Array): Store {
	return {
		size: bytes.length,
		complete: true,
		read: async (at, count) => bytes.subarray(at, at + count),
		until: async () => undefined,
		refresh: async () => undefined,
		giveUp: () => undefined,
		close: async () => undefined,
	};
}
