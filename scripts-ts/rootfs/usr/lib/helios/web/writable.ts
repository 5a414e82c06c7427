/** `WritableStream`, its default controller and its default writer (Streams, 5). */

import { INTERNAL, onlyInternal, webInterface } from "helios:web/idl";
import { highWaterMarkOf, type QueuingStrategy, readStrategy, sizeOf } from "helios:web/strategies";
import { callMethod, lockedError, methodOf, WritableCore, type WriterState } from "helios:web/writable-core";

/** Where chunks go. */
export interface UnderlyingSink<W = unknown> {
	type?: undefined;
	start?(controller: WritableStreamDefaultController): unknown;
	write?(chunk: W, controller: WritableStreamDefaultController): unknown;
	close?(): unknown;
	abort?(reason?: unknown): unknown;
}

/** Gives a sink a hand on its stream. */
export class WritableStreamDefaultController {
	readonly #core: WritableCore;

	/** @internal */
	constructor(token?: unknown, core?: WritableCore) {
		onlyInternal(token);
		this.#core = core as WritableCore;
	}

	get signal(): AbortSignal {
		return this.#core.abortController.signal;
	}
	error(error: unknown = undefined): void {
		this.#core.errorIfNeeded(error);
	}
}
webInterface(WritableStreamDefaultController, "WritableStreamDefaultController");

function coreOfSink(given: unknown, strategyGiven: QueuingStrategy<never> | undefined): WritableCore {
	const strategy = readStrategy(strategyGiven, "WritableStream");
	const sink = given === undefined || given === null ? {} : (given as object);
	if (typeof sink !== "object" && typeof sink !== "function") throw new TypeError("The sink is not an object");
	// Web IDL reads the members in the order of their names.
	const abort = methodOf<[unknown]>(sink, "abort", "WritableStream");
	const close = methodOf<[]>(sink, "close", "WritableStream");
	const start = methodOf<[WritableStreamDefaultController]>(sink, "start", "WritableStream");
	if (Reflect.get(sink, "type") !== undefined) throw new RangeError("WritableStream: type is reserved");
	const write = methodOf<[unknown, WritableStreamDefaultController]>(sink, "write", "WritableStream");
	const size = sizeOf(strategy);
	const mark = highWaterMarkOf(strategy, 1);
	const core: WritableCore = new WritableCore(
		{
			start: () => start?.(controller),
			write: (chunk) => callMethod(write, chunk, controller),
			close: () => callMethod(close),
			abort: (reason) => callMethod(abort, reason),
		},
		mark,
		size,
	);
	const controller = new WritableStreamDefaultController(INTERNAL, core);
	return core;
}

/** The state behind a writable stream. */
export let writableCore: (stream: unknown) => WritableCore | undefined;
/** A writable stream around a state. */
export let wrapWritable: <W>(core: WritableCore) => WritableStream<W>;

/** A place for chunks to go, one after the other. */
export class WritableStream<W = unknown> {
	readonly #core: WritableCore;

	constructor(underlyingSink?: UnderlyingSink<W> | null, strategy?: QueuingStrategy<W>) {
		if ((underlyingSink as unknown) === INTERNAL) {
			this.#core = strategy as unknown as WritableCore;
			return;
		}
		if (underlyingSink === null) throw new TypeError("WritableStream: the sink is not an object");
		this.#core = coreOfSink(underlyingSink, strategy as QueuingStrategy<never>);
		this.#core.start();
	}

	static {
		writableCore = (stream) =>
			typeof stream === "object" && stream !== null && #core in stream ? stream.#core : undefined;
		wrapWritable = <T>(core: WritableCore) => new WritableStream<T>(INTERNAL as never, core as never);
	}

	get locked(): boolean {
		return this.#core.locked;
	}
	abort(reason: unknown = undefined): Promise<void> {
		if (writableCore(this) === undefined) return Promise.reject(new TypeError("Illegal invocation"));
		return this.#core.locked ? Promise.reject(lockedError("abort")) : this.#core.abort(reason);
	}
	close(): Promise<void> {
		if (writableCore(this) === undefined) return Promise.reject(new TypeError("Illegal invocation"));
		if (this.#core.locked) return Promise.reject(lockedError("close"));
		if (this.#core.closeQueuedOrInFlight) return Promise.reject(new TypeError("The stream is already closing"));
		return this.#core.close();
	}
	getWriter(): WritableStreamDefaultWriter<W> {
		return new WritableStreamDefaultWriter<W>(this);
	}
}
webInterface(WritableStream, "WritableStream");

/** Writes to a stream, alone. */
export class WritableStreamDefaultWriter<W = unknown> {
	readonly #state: WriterState;

	constructor(stream: WritableStream<W>) {
		const core = writableCore(stream);
		if (core === undefined) throw new TypeError("WritableStreamDefaultWriter: not a WritableStream");
		this.#state = core.acquire();
	}

	get closed(): Promise<void> {
		if (!(#state in this)) return Promise.reject(new TypeError("Illegal invocation"));
		return this.#state.closed.promise;
	}
	get desiredSize(): number | null {
		const { stream } = this.#state;
		if (stream === undefined) throw new TypeError("The writer has been released");
		return stream.desiredSize;
	}
	get ready(): Promise<void> {
		if (!(#state in this)) return Promise.reject(new TypeError("Illegal invocation"));
		return this.#state.ready.promise;
	}
	abort(reason: unknown = undefined): Promise<void> {
		if (!(#state in this)) return Promise.reject(new TypeError("Illegal invocation"));
		const { stream } = this.#state;
		if (stream === undefined) return Promise.reject(new TypeError("The writer has been released"));
		return stream.abort(reason);
	}
	close(): Promise<void> {
		if (!(#state in this)) return Promise.reject(new TypeError("Illegal invocation"));
		const { stream } = this.#state;
		if (stream === undefined) return Promise.reject(new TypeError("The writer has been released"));
		if (stream.closeQueuedOrInFlight) return Promise.reject(new TypeError("The stream is already closing"));
		return stream.close();
	}
	releaseLock(): void {
		this.#state.stream?.release(this.#state);
	}
	write(chunk: W = undefined as W): Promise<void> {
		if (!(#state in this)) return Promise.reject(new TypeError("Illegal invocation"));
		const { stream } = this.#state;
		if (stream === undefined) return Promise.reject(new TypeError("The writer has been released"));
		return stream.write(this.#state, chunk);
	}
}
webInterface(WritableStreamDefaultWriter, "WritableStreamDefaultWriter", 1);
