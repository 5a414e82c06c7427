/** The state of a writable stream and the standard's operations on it (Streams, 5.3 to 5.5). */

import { AbortController } from "helios:web/abort";
import { DOMException } from "helios:web/dom-exception";
import { type Deferred, defer, fulfilled, promised, quiet, rejectedQuietly, upon } from "helios:web/promises";
import { SizedQueue } from "helios:web/strategies";

/** Stands in the queue for the end. */
const CLOSE: unique symbol = Symbol("close");

/** What a writable stream does with its chunks. */
export interface SinkAlgorithms {
	start(): unknown;
	write(chunk: unknown): Promise<unknown>;
	close(): Promise<unknown>;
	abort(reason: unknown): Promise<unknown>;
}

/** The writer that holds a stream. */
export interface WriterState {
	stream: WritableCore | undefined;
	ready: Deferred<void>;
	readySettled: boolean;
	closed: Deferred<void>;
	closedSettled: boolean;
}

interface PendingAbort {
	deferred: Deferred<void>;
	reason: unknown;
	wasErroring: boolean;
}

/** Rejects a deferred that may have settled, by replacing it if it has. */
export function ensureReadyRejected(writer: WriterState, reason: unknown): void {
	if (writer.readySettled) writer.ready = rejectedQuietly(reason);
	else {
		writer.ready.reject(reason);
		quiet(writer.ready.promise);
		writer.readySettled = true;
	}
}

function ensureClosedRejected(writer: WriterState, reason: unknown): void {
	if (writer.closedSettled) writer.closed = rejectedQuietly(reason);
	else {
		writer.closed.reject(reason);
		quiet(writer.closed.promise);
		writer.closedSettled = true;
	}
}

/** A writable stream without its interface. */
export class WritableCore {
	state: "writable" | "erroring" | "errored" | "closed" = "writable";
	storedError: unknown;
	writer: WriterState | undefined;
	backpressure = false;
	started = false;
	readonly abortController: AbortController = new AbortController();
	#writeRequests: Deferred<void>[] = [];
	#inFlightWrite: Deferred<void> | undefined;
	#closeRequest: Deferred<void> | undefined;
	#inFlightClose: Deferred<void> | undefined;
	#pendingAbort: PendingAbort | undefined;
	readonly #queue = new SizedQueue<unknown>();
	#algorithms: SinkAlgorithms | undefined;
	#size: ((chunk: unknown) => number) | undefined;
	readonly #highWaterMark: number;

	constructor(algorithms: SinkAlgorithms, highWaterMark: number, size: (chunk: unknown) => number) {
		this.#algorithms = algorithms;
		this.#highWaterMark = highWaterMark;
		this.#size = size;
	}

	/** Starts the sink. Apart from construction, as a sink may use the controller in `start`. */
	start(): void {
		this.#updateBackpressure(this.#isFull());
		const started = (this.#algorithms as SinkAlgorithms).start();
		upon(
			Promise.resolve(started),
			() => {
				this.started = true;
				this.#advance();
			},
			(error) => {
				this.started = true;
				this.#dealWithRejection(error);
			},
		);
	}

	get locked(): boolean {
		return this.writer !== undefined;
	}

	get closeQueuedOrInFlight(): boolean {
		return this.#closeRequest !== undefined || this.#inFlightClose !== undefined;
	}

	/** What the queue still takes; `null` when it failed. */
	get desiredSize(): number | null {
		if (this.state === "errored" || this.state === "erroring") return null;
		if (this.state === "closed") return 0;
		return this.#highWaterMark - this.#queue.total;
	}

	#isFull(): boolean {
		return this.#highWaterMark - this.#queue.total <= 0;
	}

	abort(reason: unknown): Promise<void> {
		if (this.state === "closed" || this.state === "errored") return Promise.resolve();
		this.abortController.abort(reason);
		// The signal's listeners may have changed it.
		const state = this.state as string;
		if (state === "closed" || state === "errored") return Promise.resolve();
		if (this.#pendingAbort !== undefined) return this.#pendingAbort.deferred.promise;
		const wasErroring = state === "erroring";
		const deferred = defer<void>();
		this.#pendingAbort = { deferred, reason: wasErroring ? undefined : reason, wasErroring };
		if (!wasErroring) this.#startErroring(reason);
		return deferred.promise;
	}

	close(): Promise<void> {
		if (this.state === "closed" || this.state === "errored") {
			return Promise.reject(new TypeError("Cannot close a stream that is closed or failed"));
		}
		const deferred = defer<void>();
		this.#closeRequest = deferred;
		const { writer } = this;
		if (writer !== undefined && this.backpressure && this.state === "writable") {
			writer.ready.resolve(undefined);
			writer.readySettled = true;
		}
		this.#queue.push(CLOSE, 0);
		this.#advance();
		return deferred.promise;
	}

	/** Queues a chunk for `writer`. */
	write(writer: WriterState, chunk: unknown): Promise<void> {
		const size = this.#sizeOf(chunk);
		if (writer.stream !== this) return Promise.reject(new TypeError("The writer has been released"));
		if (this.state === "errored") return Promise.reject(this.storedError);
		if (this.closeQueuedOrInFlight || this.state === "closed") {
			return Promise.reject(new TypeError("Cannot write to a stream that is closing or closed"));
		}
		if (this.state === "erroring") return Promise.reject(this.storedError);
		const deferred = defer<void>();
		this.#writeRequests.push(deferred);
		this.#enqueue(chunk, size);
		return deferred.promise;
	}

	#sizeOf(chunk: unknown): number {
		if (this.#size === undefined) return 1;
		try {
			return this.#size(chunk);
		} catch (error) {
			this.errorIfNeeded(error);
			return 1;
		}
	}

	#enqueue(chunk: unknown, size: number): void {
		try {
			this.#queue.push({ chunk }, size);
		} catch (error) {
			this.errorIfNeeded(error);
			return;
		}
		if (!this.closeQueuedOrInFlight && this.state === "writable") this.#updateBackpressure(this.#isFull());
		this.#advance();
	}

	/** Fails the stream where it is still writable: the controller's `error`. */
	errorIfNeeded(error: unknown): void {
		if (this.state === "writable") this.error(error);
	}

	error(error: unknown): void {
		this.#clearAlgorithms();
		this.#startErroring(error);
	}

	#clearAlgorithms(): void {
		this.#algorithms = this.#algorithms && { ...NO_ALGORITHMS, abort: this.#algorithms.abort };
		this.#size = undefined;
	}

	#updateBackpressure(backpressure: boolean): void {
		const { writer } = this;
		if (writer !== undefined && backpressure !== this.backpressure) {
			if (backpressure) {
				writer.ready = defer<void>();
				writer.readySettled = false;
			} else {
				writer.ready.resolve(undefined);
				writer.readySettled = true;
			}
		}
		this.backpressure = backpressure;
	}

	#advance(): void {
		if (!this.started || this.#inFlightWrite !== undefined) return;
		if (this.state === "closed" || this.state === "errored") return;
		if (this.state === "erroring") {
			this.#finishErroring();
			return;
		}
		if (this.#queue.length === 0) return;
		const next = this.#queue.peek();
		if (next === CLOSE) this.#processClose();
		else this.#processWrite((next as { chunk: unknown }).chunk);
	}

	#processClose(): void {
		this.#inFlightClose = this.#closeRequest;
		this.#closeRequest = undefined;
		this.#queue.shift();
		const algorithms = this.#algorithms as SinkAlgorithms;
		const closed = algorithms.close();
		this.#clearAlgorithms();
		upon(
			closed,
			() => this.#finishClose(),
			(error) => {
				this.#inFlightClose?.reject(error);
				this.#inFlightClose = undefined;
				this.#pendingAbort?.deferred.reject(error);
				this.#pendingAbort = undefined;
				this.#dealWithRejection(error);
			},
		);
	}

	#finishClose(): void {
		this.#inFlightClose?.resolve(undefined);
		this.#inFlightClose = undefined;
		if (this.state === "erroring") {
			this.storedError = undefined;
			this.#pendingAbort?.deferred.resolve(undefined);
			this.#pendingAbort = undefined;
		}
		this.state = "closed";
		const { writer } = this;
		if (writer !== undefined) {
			writer.closed.resolve(undefined);
			writer.closedSettled = true;
		}
	}

	#processWrite(chunk: unknown): void {
		this.#inFlightWrite = this.#writeRequests.shift();
		const written = (this.#algorithms as SinkAlgorithms).write(chunk);
		upon(
			written,
			() => {
				this.#inFlightWrite?.resolve(undefined);
				this.#inFlightWrite = undefined;
				this.#queue.shift();
				if (!this.closeQueuedOrInFlight && this.state === "writable") this.#updateBackpressure(this.#isFull());
				this.#advance();
			},
			(error) => {
				if (this.state === "writable") this.#clearAlgorithms();
				this.#inFlightWrite?.reject(error);
				this.#inFlightWrite = undefined;
				this.#dealWithRejection(error);
			},
		);
	}

	#dealWithRejection(error: unknown): void {
		if (this.state === "writable") this.#startErroring(error);
		else if (this.state === "erroring") this.#finishErroring();
	}

	#startErroring(reason: unknown): void {
		this.state = "erroring";
		this.storedError = reason;
		if (this.writer !== undefined) ensureReadyRejected(this.writer, reason);
		if (this.#inFlightWrite === undefined && this.#inFlightClose === undefined && this.started) this.#finishErroring();
	}

	#finishErroring(): void {
		if (this.#inFlightWrite !== undefined || this.#inFlightClose !== undefined) return;
		this.state = "errored";
		this.#queue.clear();
		for (const request of this.#writeRequests.splice(0)) request.reject(this.storedError);
		const pending = this.#pendingAbort;
		this.#pendingAbort = undefined;
		if (pending === undefined) {
			this.#rejectCloseAndClosed();
			return;
		}
		if (pending.wasErroring) {
			pending.deferred.reject(this.storedError);
			this.#rejectCloseAndClosed();
			return;
		}
		const algorithms = this.#algorithms as SinkAlgorithms;
		this.#algorithms = undefined;
		upon(
			algorithms.abort(pending.reason),
			() => {
				pending.deferred.resolve(undefined);
				this.#rejectCloseAndClosed();
			},
			(error) => {
				pending.deferred.reject(error);
				this.#rejectCloseAndClosed();
			},
		);
	}

	#rejectCloseAndClosed(): void {
		this.#closeRequest?.reject(this.storedError);
		this.#closeRequest = undefined;
		if (this.writer !== undefined) ensureClosedRejected(this.writer, this.storedError);
	}

	/** Takes the lock. */
	acquire(): WriterState {
		if (this.locked) throw new TypeError("The stream is locked to a writer");
		const writer: WriterState = {
			stream: this,
			ready: fulfilled<void>(undefined),
			readySettled: true,
			closed: defer<void>(),
			closedSettled: false,
		};
		this.writer = writer;
		if (this.state === "writable") {
			if (!this.closeQueuedOrInFlight && this.backpressure) {
				writer.ready = defer<void>();
				writer.readySettled = false;
			}
		} else if (this.state === "closed") {
			writer.closed.resolve(undefined);
			writer.closedSettled = true;
		} else {
			writer.ready = rejectedQuietly(this.storedError);
			if (this.state === "errored") ensureClosedRejected(writer, this.storedError);
		}
		return writer;
	}

	/** Gives the lock back. */
	release(writer: WriterState): void {
		const error = new TypeError("The writer has been released");
		ensureReadyRejected(writer, error);
		ensureClosedRejected(writer, error);
		this.writer = undefined;
		writer.stream = undefined;
	}

	/** Closes and settles by how the stream stands: what `pipeTo` and `TransformStream` need. */
	closePropagating(): Promise<void> {
		if (this.closeQueuedOrInFlight || this.state === "closed") return Promise.resolve();
		if (this.state === "errored") return Promise.reject(this.storedError);
		return this.close();
	}
}

const NO_ALGORITHMS: SinkAlgorithms = {
	start: () => undefined,
	write: () => Promise.resolve(),
	close: () => Promise.resolve(),
	abort: () => Promise.resolve(),
};

/** A method of an underlying object that is called later, or `undefined`. */
export function methodOf<A extends unknown[]>(
	object: object,
	name: string,
	where: string,
): ((...args: A) => unknown) | undefined {
	const method: unknown = Reflect.get(object, name);
	if (method === undefined) return undefined;
	if (typeof method !== "function") throw new TypeError(`${where}: ${name} is not a function`);
	return (...args) => Reflect.apply(method, object, args);
}

/** Calls a method that may be absent, as a promise. */
export function callMethod<A extends unknown[]>(
	method: ((...args: A) => unknown) | undefined,
	...args: A
): Promise<unknown> {
	return method === undefined ? Promise.resolve() : promised(() => method(...args));
}

/** The error for a stream that somebody holds. */
export function lockedError(what: string): TypeError {
	return new TypeError(`Cannot ${what} a stream that is locked`);
}

/** An abort's reason where none was given. */
export function abortReason(): Error {
	return new DOMException("This operation was aborted", "AbortError");
}
