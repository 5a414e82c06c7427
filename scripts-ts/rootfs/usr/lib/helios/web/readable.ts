/** `ReadableStream`, its default controller and its default reader (Streams, 4). Byte streams are absent. */

import { DOMException } from "helios:web/dom-exception";
import { dictionary, INTERNAL, onlyInternal, webInterface } from "helios:web/idl";
import { defer, promised, quiet } from "helios:web/promises";
import { ReadableCore, type ReaderState } from "helios:web/readable-core";
import { iterate, sourceOfIterable } from "helios:web/readable-iteration";
import { type PipeOptions, pipe, pipeOptions } from "helios:web/readable-pipe";
import { tee } from "helios:web/readable-tee";
import { highWaterMarkOf, type QueuingStrategy, readStrategy, sizeOf } from "helios:web/strategies";
import { type WritableStream, writableCore } from "helios:web/writable";
import { callMethod, lockedError, methodOf } from "helios:web/writable-core";

/** Where chunks come from. */
export interface UnderlyingSource<R = unknown> {
	type?: undefined;
	start?(controller: ReadableStreamDefaultController<R>): unknown;
	pull?(controller: ReadableStreamDefaultController<R>): unknown;
	cancel?(reason?: unknown): unknown;
}

/** What a read answers. */
export type ReadableStreamReadResult<R> = { done: false; value: R } | { done: true; value: undefined };

/** Two streams that belong together: what goes into one comes out of the other. */
export interface ReadableWritablePair<R = unknown, W = unknown> {
	readable: ReadableStream<R>;
	writable: WritableStream<W>;
}

/** Options of `pipeTo` and `pipeThrough`. */
export type StreamPipeOptions = PipeOptions;

/** Gives a source a hand on its stream. */
export class ReadableStreamDefaultController<R = unknown> {
	readonly #core: ReadableCore;

	/** @internal */
	constructor(token?: unknown, core?: ReadableCore) {
		onlyInternal(token);
		this.#core = core as ReadableCore;
	}

	get desiredSize(): number | null {
		return this.#core.desiredSize;
	}
	close(): void {
		if (!this.#core.canCloseOrEnqueue) throw new TypeError("The stream cannot be closed: it is closed or failed");
		this.#core.close();
	}
	enqueue(chunk: R = undefined as R): void {
		if (!this.#core.canCloseOrEnqueue) throw new TypeError("The stream takes no chunk: it is closed or failed");
		this.#core.enqueue(chunk);
	}
	error(error: unknown = undefined): void {
		this.#core.error(error);
	}
}
webInterface(ReadableStreamDefaultController, "ReadableStreamDefaultController");

function coreOfSource(given: unknown, strategyGiven: QueuingStrategy<never> | undefined): ReadableCore {
	const strategy = readStrategy(strategyGiven, "ReadableStream");
	const source = given === undefined ? {} : (given as object);
	if (source === null || (typeof source !== "object" && typeof source !== "function")) {
		throw new TypeError("ReadableStream: the source is not an object");
	}
	const cancel = methodOf<[unknown]>(source, "cancel", "ReadableStream");
	const pull = methodOf<[ReadableStreamDefaultController]>(source, "pull", "ReadableStream");
	const start = methodOf<[ReadableStreamDefaultController]>(source, "start", "ReadableStream");
	const type: unknown = Reflect.get(source, "type");
	if (type !== undefined) {
		if (`${type as string}` !== "bytes") throw new TypeError(`ReadableStream: there is no type "${type as string}"`);
		throw new DOMException("ReadableStream: byte streams are not supported", "NotSupportedError");
	}
	const size = sizeOf(strategy);
	const mark = highWaterMarkOf(strategy, 1);
	const core: ReadableCore = new ReadableCore(
		{
			start: () => start?.(controller),
			pull: () => callMethod(pull, controller),
			cancel: (reason) => callMethod(cancel, reason),
		},
		mark,
		size,
	);
	const controller = new ReadableStreamDefaultController(INTERNAL, core);
	return core;
}

/** The state behind a readable stream. */
export let readableCore: (stream: unknown) => ReadableCore | undefined;
/** A readable stream around a state. */
export let wrapReadable: <R>(core: ReadableCore) => ReadableStream<R>;

/** A place where chunks come from. */
export class ReadableStream<R = unknown> {
	readonly #core: ReadableCore;

	constructor(underlyingSource?: UnderlyingSource<R>, strategy?: QueuingStrategy<R>) {
		if ((underlyingSource as unknown) === INTERNAL) {
			this.#core = strategy as unknown as ReadableCore;
			return;
		}
		this.#core = coreOfSource(underlyingSource, strategy as QueuingStrategy<never>);
		this.#core.start();
	}

	static {
		readableCore = (stream) =>
			typeof stream === "object" && stream !== null && #core in stream ? stream.#core : undefined;
		wrapReadable = <T>(core: ReadableCore) => new ReadableStream<T>(INTERNAL as never, core as never);
	}

	/** A stream of what an iterable, synchronous or not, gives. */
	static from<T>(iterable: Iterable<T | PromiseLike<T>> | AsyncIterable<T>): ReadableStream<T> {
		const core = sourceOfIterable(iterable);
		core.start();
		return wrapReadable<T>(core);
	}

	get locked(): boolean {
		return this.#core.locked;
	}
	cancel(reason: unknown = undefined): Promise<void> {
		if (!(#core in this)) return Promise.reject(new TypeError("Illegal invocation"));
		return this.#core.locked ? Promise.reject(lockedError("cancel")) : this.#core.cancel(reason);
	}
	getReader(options?: { mode?: undefined }): ReadableStreamDefaultReader<R> {
		const { mode } = dictionary<{ mode?: unknown }>(options, "getReader");
		if (mode !== undefined) {
			throw new TypeError(
				`${mode as string}` === "byob"
					? "getReader: the stream is not a byte stream"
					: `getReader: there is no mode "${mode as string}"`,
			);
		}
		return new ReadableStreamDefaultReader<R>(this);
	}
	pipeThrough<T>(transform: ReadableWritablePair<T, R>, options?: StreamPipeOptions): ReadableStream<T> {
		const readable: unknown = transform?.readable;
		if (readableCore(readable) === undefined) throw new TypeError("pipeThrough: readable is not a ReadableStream");
		const target = writableCore(transform?.writable);
		if (target === undefined) throw new TypeError("pipeThrough: writable is not a WritableStream");
		const checked = pipeOptions(options);
		if (this.#core.locked) throw lockedError("pipe");
		if (target.locked) throw new TypeError("pipeThrough: the writable stream is locked");
		quiet(pipe(this.#core, target, checked));
		return readable as ReadableStream<T>;
	}
	pipeTo(destination: WritableStream<R>, options?: StreamPipeOptions): Promise<void> {
		return promised(() => {
			if (!(#core in this)) throw new TypeError("Illegal invocation");
			const target = writableCore(destination);
			if (target === undefined) throw new TypeError("pipeTo: the destination is not a WritableStream");
			const checked = pipeOptions(options);
			if (this.#core.locked) throw lockedError("pipe");
			if (target.locked) throw new TypeError("pipeTo: the destination is locked");
			return pipe(this.#core, target, checked);
		});
	}
	tee(): [ReadableStream<R>, ReadableStream<R>] {
		const [first, second] = tee(this.#core);
		return [wrapReadable<R>(first), wrapReadable<R>(second)];
	}
	values(options?: { preventCancel?: boolean }): AsyncIterableIterator<R, void, undefined> {
		const preventCancel = Boolean(dictionary<{ preventCancel?: boolean }>(options, "values").preventCancel);
		return iterate(this.#core.acquire(), preventCancel) as AsyncIterableIterator<R, void, undefined>;
	}
	declare [Symbol.asyncIterator]: (options?: { preventCancel?: boolean }) => AsyncIterableIterator<R, void, undefined>;
}
webInterface(ReadableStream, "ReadableStream");
Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, {
	value: ReadableStream.prototype.values,
	writable: true,
	configurable: true,
});

/** Reads a stream, alone. */
export class ReadableStreamDefaultReader<R = unknown> {
	readonly #state: ReaderState;

	constructor(stream: ReadableStream<R>) {
		const core = readableCore(stream);
		if (core === undefined) throw new TypeError("ReadableStreamDefaultReader: not a ReadableStream");
		this.#state = core.acquire();
	}

	get closed(): Promise<void> {
		if (!(#state in this)) return Promise.reject(new TypeError("Illegal invocation"));
		return this.#state.closed.promise;
	}
	cancel(reason: unknown = undefined): Promise<void> {
		if (!(#state in this)) return Promise.reject(new TypeError("Illegal invocation"));
		const { stream } = this.#state;
		if (stream === undefined) return Promise.reject(new TypeError("The reader has been released"));
		return stream.cancel(reason);
	}
	read(): Promise<ReadableStreamReadResult<R>> {
		if (!(#state in this)) return Promise.reject(new TypeError("Illegal invocation"));
		const { stream } = this.#state;
		if (stream === undefined) return Promise.reject(new TypeError("The reader has been released"));
		const { promise, resolve, reject } = defer<ReadableStreamReadResult<R>>();
		stream.read({
			chunk: (value) => resolve({ value: value as R, done: false }),
			close: () => resolve({ value: undefined, done: true }),
			error: reject,
		});
		return promise;
	}
	releaseLock(): void {
		this.#state.stream?.release(this.#state);
	}
}
webInterface(ReadableStreamDefaultReader, "ReadableStreamDefaultReader", 1);
