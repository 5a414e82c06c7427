/** The state of a readable stream and the standard's operations on it (Streams, 4.9, without byte streams). */

import { after, type Deferred, defer, promised, quiet, rejectedQuietly, upon } from "helios:web/promises";
import { SizedQueue } from "helios:web/strategies";

/** Where a readable stream's chunks come from. */
export interface SourceAlgorithms {
	start(): unknown;
	pull(): Promise<unknown>;
	cancel(reason: unknown): Promise<unknown>;
}

/** What waits for a chunk. */
export interface ReadRequest {
	chunk(chunk: unknown): void;
	close(): void;
	error(error: unknown): void;
}

/** The reader that holds a stream. */
export interface ReaderState {
	stream: ReadableCore | undefined;
	closed: Deferred<void>;
	requests: ReadRequest[];
}

/** A readable stream without its interface. */
export class ReadableCore {
	state: "readable" | "closed" | "errored" = "readable";
	storedError: unknown;
	reader: ReaderState | undefined;
	disturbed = false;
	closeRequested = false;
	#started = false;
	#pulling = false;
	#pullAgain = false;
	readonly #queue = new SizedQueue<unknown>();
	#algorithms: SourceAlgorithms | undefined;
	#size: ((chunk: unknown) => number) | undefined;
	readonly #highWaterMark: number;

	constructor(algorithms: SourceAlgorithms, highWaterMark: number, size: (chunk: unknown) => number) {
		this.#algorithms = algorithms;
		this.#highWaterMark = highWaterMark;
		this.#size = size;
	}

	/** Starts the source. Apart from construction, as a source may use the controller in `start`. */
	start(): void {
		const started = (this.#algorithms as SourceAlgorithms).start();
		upon(
			Promise.resolve(started),
			() => {
				this.#started = true;
				this.#pullIfNeeded();
			},
			(error) => this.error(error),
		);
	}

	get locked(): boolean {
		return this.reader !== undefined;
	}

	/** What the queue still takes; `null` when it failed. */
	get desiredSize(): number | null {
		if (this.state === "errored") return null;
		if (this.state === "closed") return 0;
		return this.#highWaterMark - this.#queue.total;
	}

	get canCloseOrEnqueue(): boolean {
		return !this.closeRequested && this.state === "readable";
	}

	/** Whether the source is asked to wait. */
	get hasBackpressure(): boolean {
		return !this.#shouldPull();
	}

	#shouldPull(): boolean {
		if (!this.canCloseOrEnqueue || !this.#started) return false;
		if (this.reader !== undefined && this.reader.requests.length > 0) return true;
		return (this.desiredSize as number) > 0;
	}

	#pullIfNeeded(): void {
		if (!this.#shouldPull()) return;
		if (this.#pulling) {
			this.#pullAgain = true;
			return;
		}
		this.#pulling = true;
		upon(
			(this.#algorithms as SourceAlgorithms).pull(),
			() => {
				this.#pulling = false;
				if (!this.#pullAgain) return;
				this.#pullAgain = false;
				this.#pullIfNeeded();
			},
			(error) => this.error(error),
		);
	}

	#clearAlgorithms(): void {
		this.#algorithms = undefined;
		this.#size = undefined;
	}

	/** No more chunks; those in the queue are still read. */
	close(): void {
		if (!this.canCloseOrEnqueue) return;
		this.closeRequested = true;
		if (this.#queue.length > 0) return;
		this.#clearAlgorithms();
		this.#closeNow();
	}

	#closeNow(): void {
		this.state = "closed";
		const { reader } = this;
		if (reader === undefined) return;
		reader.closed.resolve(undefined);
		for (const request of reader.requests.splice(0)) request.close();
	}

	/** Hands a chunk to who waits, or queues it. Throws what the size function throws. */
	enqueue(chunk: unknown): void {
		if (!this.canCloseOrEnqueue) return;
		const request = this.reader?.requests.shift();
		if (request !== undefined) request.chunk(chunk);
		else {
			try {
				this.#queue.push(chunk, this.#size === undefined ? 1 : this.#size(chunk));
			} catch (error) {
				this.error(error);
				throw error;
			}
		}
		this.#pullIfNeeded();
	}

	error(error: unknown): void {
		if (this.state !== "readable") return;
		this.#queue.clear();
		this.#clearAlgorithms();
		this.state = "errored";
		this.storedError = error;
		const { reader } = this;
		if (reader === undefined) return;
		reader.closed.reject(error);
		quiet(reader.closed.promise);
		for (const request of reader.requests.splice(0)) request.error(error);
	}

	cancel(reason: unknown): Promise<void> {
		this.disturbed = true;
		if (this.state === "closed") return Promise.resolve();
		if (this.state === "errored") return Promise.reject(this.storedError);
		this.#closeNow();
		this.#queue.clear();
		const algorithms = this.#algorithms as SourceAlgorithms;
		this.#clearAlgorithms();
		return after(
			promised(() => algorithms.cancel(reason)),
			() => undefined,
		);
	}

	/** Reads for the stream's reader. */
	read(request: ReadRequest): void {
		this.disturbed = true;
		if (this.state === "closed") request.close();
		else if (this.state === "errored") request.error(this.storedError);
		else if (this.#queue.length > 0) {
			const chunk = this.#queue.shift();
			if (this.closeRequested && this.#queue.length === 0) {
				this.#clearAlgorithms();
				this.#closeNow();
			} else this.#pullIfNeeded();
			request.chunk(chunk);
		} else {
			(this.reader as ReaderState).requests.push(request);
			this.#pullIfNeeded();
		}
	}

	/** Takes the lock. */
	acquire(): ReaderState {
		if (this.locked) throw new TypeError("The stream is locked to a reader");
		const reader: ReaderState = { stream: this, closed: defer<void>(), requests: [] };
		if (this.state === "closed") reader.closed.resolve(undefined);
		else if (this.state === "errored") reader.closed = rejectedQuietly(this.storedError);
		this.reader = reader;
		return reader;
	}

	/** Gives the lock back; reads under way fail. */
	release(reader: ReaderState): void {
		const error = new TypeError("The reader has been released");
		if (this.state === "readable") {
			reader.closed.reject(error);
			quiet(reader.closed.promise);
		} else reader.closed = rejectedQuietly(error);
		this.reader = undefined;
		reader.stream = undefined;
		for (const request of reader.requests.splice(0)) request.error(error);
	}
}
