/**
 * `helios:io`: reading and writing a descriptor, as `helios:process` and `helios:fs` offer it.
 */

import { beforeExit, call, post } from "helios:core";
import { isSystemError } from "helios:errors";
import { lazy, utf8Decode, utf8Encode } from "helios:internal";

/** Bytes that one `read` asks for where the caller does not say. */
export const READ_BYTES = 65_536;
/** Longest write that goes out while others are under way: POSIX writes so many to a pipe in one piece. */
const ATOMIC_BYTES = 4096;
/** Longest write in one call. What a call may carry is bounded at 1 MiB. */
const MAX_WRITE_BYTES = 524_288;
/** Most writes under way at a time on one descriptor; what comes after waits and is joined. */
const MAX_IN_FLIGHT = 32;

/** Text as UTF-8, bytes as they are. */
export function toBytes(data: string | Uint8Array): Uint8Array {
	return typeof data === "string" ? utf8Encode(data) : data;
}

/** UTF-8 as text; what is not UTF-8 becomes U+FFFD. A leading byte order mark goes. */
export function toText(bytes: Uint8Array): string {
	const text = utf8Decode(bytes, false) as string;
	return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** All chunks as one array. */
export function concat(chunks: readonly Uint8Array[]): Uint8Array {
	if (chunks.length === 1) return chunks[0] as Uint8Array;
	let length = 0;
	for (const chunk of chunks) length += chunk.length;
	const whole = new Uint8Array(length);
	let at = 0;
	for (const chunk of chunks) {
		whole.set(chunk, at);
		at += chunk.length;
	}
	return whole;
}

async function writeAll(fd: number, data: Uint8Array): Promise<void> {
	let rest = data;
	do {
		const count = await call("write", { fd, data: rest.subarray(0, MAX_WRITE_BYTES) });
		rest = rest.subarray(count);
	} while (rest.length > 0);
}

interface QueuedWrite {
	data: Uint8Array;
	resolve(): void;
	reject(error: unknown): void;
}

/** Queues of every open writer that has something waiting, so that `exit` can hand it over. */
const waiting = new Set<WriteQueue>();
let hooked = false;

/**
 * The order of writes to one descriptor.
 *
 * Short writes go out at once, so that nothing is lost when the process ends right after. Long ones, which may go
 * in several pieces, wait for those before them, and whatever follows waits for them.
 */
class WriteQueue {
	readonly #fd: number;
	readonly #queue: QueuedWrite[] = [];
	readonly #idle: (() => void)[] = [];
	#inFlight = 0;
	#exclusive = false;

	constructor(fd: number) {
		this.#fd = fd;
	}

	write(data: Uint8Array): Promise<void> {
		if (data.length === 0) return Promise.resolve();
		if (this.#queue.length === 0 && this.#admits(data.length)) return this.#send(data);
		return new Promise((resolve, reject) => {
			this.#queue.push({ data, resolve, reject });
			waiting.add(this);
			if (!hooked) {
				hooked = true;
				beforeExit(() => {
					for (const queue of waiting) queue.#handOver();
				});
			}
		});
	}

	/** Waits until everything written so far has gone, or failed. */
	drained(): Promise<void> {
		if (this.#inFlight === 0 && this.#queue.length === 0) return Promise.resolve();
		return new Promise((resolve) => this.#idle.push(resolve));
	}

	#admits(length: number): boolean {
		if (this.#exclusive) return false;
		return length <= ATOMIC_BYTES ? this.#inFlight < MAX_IN_FLIGHT : this.#inFlight === 0;
	}

	async #send(data: Uint8Array): Promise<void> {
		this.#inFlight++;
		const exclusive = data.length > ATOMIC_BYTES;
		if (exclusive) this.#exclusive = true;
		try {
			await writeAll(this.#fd, data);
		} finally {
			this.#inFlight--;
			if (exclusive) this.#exclusive = false;
			this.#advance();
			if (this.#inFlight === 0 && this.#queue.length === 0) for (const resolve of this.#idle.splice(0)) resolve();
		}
	}

	#advance(): void {
		while (this.#queue.length > 0) {
			const batch = this.#takeBatch();
			if (batch.length === 0) return;
			const sent = this.#send(concat(batch.map((entry) => entry.data)));
			sent.then(
				() => {
					for (const entry of batch) entry.resolve();
				},
				(error: unknown) => {
					for (const entry of batch) entry.reject(error);
				},
			);
		}
		waiting.delete(this);
	}

	/** The writes that go next, joined as far as they stay short; none when they have to wait. */
	#takeBatch(): QueuedWrite[] {
		let length = 0;
		let count = 0;
		for (const entry of this.#queue) {
			if (count > 0 && length + entry.data.length > ATOMIC_BYTES) break;
			length += entry.data.length;
			count++;
		}
		return this.#admits(length) ? this.#queue.splice(0, count) : [];
	}

	#handOver(): void {
		if (this.#queue.length === 0) return;
		const data = concat(this.#queue.splice(0).map((entry) => entry.data));
		for (let at = 0; at < data.length; at += MAX_WRITE_BYTES) {
			post("write", { fd: this.#fd, data: data.subarray(at, at + MAX_WRITE_BYTES) });
		}
	}
}

/** Splits chunks into lines, without their line ends. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
	let pending: Uint8Array[] = [];
	for await (const chunk of chunks) {
		let from = 0;
		for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
			pending.push(chunk.subarray(from, at));
			yield utf8Decode(concat(pending), false) as string;
			pending = [];
			from = at + 1;
		}
		if (from < chunk.length) pending.push(chunk.subarray(from));
	}
	if (pending.length > 0) yield utf8Decode(concat(pending), false) as string;
}

/** A descriptor to read from and to write to. */
export class Stream {
	/** The descriptor. */
	readonly fd: number;
	readonly #writes: WriteQueue;
	#readable: ReadableStream<Uint8Array> | undefined;
	#writable: WritableStream<string | Uint8Array> | undefined;

	constructor(fd: number) {
		this.fd = fd;
		this.#writes = new WriteQueue(fd);
	}

	/** Reads up to `count` bytes; `null` at the end. */
	async read(count: number = READ_BYTES): Promise<Uint8Array | null> {
		const bytes = await call("read", { fd: this.fd, count });
		return bytes.length === 0 && count > 0 ? null : bytes;
	}

	/** Reads to the end. */
	async readAll(): Promise<Uint8Array> {
		const chunks: Uint8Array[] = [];
		for await (const chunk of this.chunks()) chunks.push(chunk);
		return concat(chunks);
	}

	/** Reads to the end, as UTF-8. */
	async readText(): Promise<string> {
		return toText(await this.readAll());
	}

	/** The bytes to the end, as they come. */
	async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
		for (;;) {
			const chunk = await this.read();
			if (chunk === null) return;
			yield chunk;
		}
	}

	/** The lines to the end, without their line ends. */
	lines(): AsyncGenerator<string, void, undefined> {
		return splitLines(this.chunks());
	}

	/** Writes all of `data`, after everything written before. */
	write(data: string | Uint8Array): Promise<void> {
		return this.#writes.write(toBytes(data));
	}

	/** Waits until everything written so far has gone; a write that failed has told its own caller. */
	drain(): Promise<void> {
		return this.#writes.drained();
	}

	/** The bytes as a web stream, made when first used. It does not close the descriptor. */
	get readable(): ReadableStream<Uint8Array> {
		this.#readable ??= (lazy("helios:fd-streams") as typeof import("helios:fd-streams")).readableOf(this);
		return this.#readable;
	}

	/** A web stream to write to, made when first used. It does not close the descriptor. */
	get writable(): WritableStream<string | Uint8Array> {
		this.#writable ??= (lazy("helios:fd-streams") as typeof import("helios:fd-streams")).writableOf(this);
		return this.#writable;
	}
}

/** Whether the reader of what we write has gone. */
export function isBrokenPipe(error: unknown): boolean {
	return isSystemError(error, "EPIPE");
}
