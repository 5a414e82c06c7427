/** `TransformStream` and its controller (Streams, 6). */

import { INTERNAL, onlyInternal, webInterface } from "helios:web/idl";
import { after, type Deferred, defer, promised, upon } from "helios:web/promises";
import { type ReadableStream, wrapReadable } from "helios:web/readable";
import { ReadableCore } from "helios:web/readable-core";
import { highWaterMarkOf, type QueuingStrategy, readStrategy, sizeOf } from "helios:web/strategies";
import { type WritableStream, wrapWritable } from "helios:web/writable";
import { callMethod, methodOf, WritableCore } from "helios:web/writable-core";

/** What becomes of chunks on their way. */
export interface Transformer<I = unknown, O = unknown> {
	readableType?: undefined;
	writableType?: undefined;
	start?(controller: TransformStreamDefaultController<O>): unknown;
	transform?(chunk: I, controller: TransformStreamDefaultController<O>): unknown;
	flush?(controller: TransformStreamDefaultController<O>): unknown;
	cancel?(reason: unknown): unknown;
}

interface Algorithms {
	start(): unknown;
	transform(chunk: unknown): Promise<unknown>;
	flush(): Promise<unknown>;
	cancel(reason: unknown): Promise<unknown>;
}

/** A transform stream without its interface. */
export class TransformCore {
	readonly readable: ReadableCore;
	readonly writable: WritableCore;
	backpressure = true;
	#backpressureChange: Deferred<void> = defer<void>();
	#algorithms: Algorithms | undefined;
	#finish: Promise<void> | undefined;

	constructor(
		algorithms: Algorithms,
		writableMark: number,
		writableSize: (chunk: unknown) => number,
		readableMark: number,
		readableSize: (chunk: unknown) => number,
	) {
		this.#algorithms = algorithms;
		const started = defer<unknown>();
		this.writable = new WritableCore(
			{
				start: () => started.promise,
				write: (chunk) => this.#write(chunk),
				close: () => this.#close(),
				abort: (reason) => this.#abort(reason),
			},
			writableMark,
			writableSize,
		);
		this.readable = new ReadableCore(
			{
				start: () => started.promise,
				pull: () => {
					this.#setBackpressure(false);
					return this.#backpressureChange.promise;
				},
				cancel: (reason) => this.#cancel(reason),
			},
			readableMark,
			readableSize,
		);
		this.#start = () => {
			this.writable.start();
			this.readable.start();
			started.resolve(algorithms.start());
		};
	}

	readonly #start: () => void;

	start(): void {
		this.#start();
	}

	#setBackpressure(backpressure: boolean): void {
		if (this.backpressure === backpressure) return;
		this.#backpressureChange.resolve(undefined);
		this.#backpressureChange = defer<void>();
		this.backpressure = backpressure;
	}

	enqueue(chunk: unknown): void {
		if (!this.readable.canCloseOrEnqueue) throw new TypeError("The readable side takes no chunk");
		try {
			this.readable.enqueue(chunk);
		} catch (error) {
			this.#errorWritable(error);
			throw this.readable.storedError;
		}
		if (this.readable.hasBackpressure !== this.backpressure) this.#setBackpressure(true);
	}

	error(error: unknown): void {
		this.readable.error(error);
		this.#errorWritable(error);
	}

	terminate(): void {
		this.readable.close();
		this.#errorWritable(new TypeError("The transform stream was terminated"));
	}

	#errorWritable(error: unknown): void {
		this.#algorithms = undefined;
		this.writable.errorIfNeeded(error);
		if (this.backpressure) this.#setBackpressure(false);
	}

	async #transform(chunk: unknown): Promise<void> {
		try {
			await this.#algorithms?.transform(chunk);
		} catch (error) {
			this.error(error);
			throw error;
		}
	}

	#write(chunk: unknown): Promise<void> {
		if (!this.backpressure) return this.#transform(chunk);
		return after(this.#backpressureChange.promise, () => {
			if (this.writable.state === "erroring") throw this.writable.storedError;
			return this.#transform(chunk);
		});
	}

	/** Runs the end of the stream once: `flush` or `cancel`, whoever comes first. */
	#finishWith(
		run: (algorithms: Algorithms) => Promise<unknown>,
		done: (deferred: Deferred<void>) => void,
		failed: (error: unknown) => void,
	): Promise<void> {
		if (this.#finish !== undefined) return this.#finish;
		const deferred = defer<void>();
		this.#finish = deferred.promise;
		const algorithms = this.#algorithms;
		this.#algorithms = undefined;
		upon(
			algorithms === undefined ? Promise.resolve() : run(algorithms),
			() => done(deferred),
			(error) => {
				failed(error);
				deferred.reject(error);
			},
		);
		return deferred.promise;
	}

	#abort(reason: unknown): Promise<void> {
		return this.#finishWith(
			(algorithms) => algorithms.cancel(reason),
			(deferred) => {
				if (this.readable.state === "errored") deferred.reject(this.readable.storedError);
				else {
					this.readable.error(reason);
					deferred.resolve(undefined);
				}
			},
			(error) => this.readable.error(error),
		);
	}

	#close(): Promise<void> {
		return this.#finishWith(
			(algorithms) => algorithms.flush(),
			(deferred) => {
				if (this.readable.state === "errored") deferred.reject(this.readable.storedError);
				else {
					this.readable.close();
					deferred.resolve(undefined);
				}
			},
			(error) => this.readable.error(error),
		);
	}

	#cancel(reason: unknown): Promise<void> {
		return this.#finishWith(
			(algorithms) => algorithms.cancel(reason),
			(deferred) => {
				if (this.writable.state === "errored") deferred.reject(this.writable.storedError);
				else {
					this.writable.errorIfNeeded(reason);
					if (this.backpressure) this.#setBackpressure(false);
					deferred.resolve(undefined);
				}
			},
			(error) => {
				this.writable.errorIfNeeded(error);
				if (this.backpressure) this.#setBackpressure(false);
			},
		);
	}
}

/** Gives a transformer a hand on its stream. */
export class TransformStreamDefaultController<O = unknown> {
	readonly #core: TransformCore;

	/** @internal */
	constructor(token?: unknown, core?: TransformCore) {
		onlyInternal(token);
		this.#core = core as TransformCore;
	}

	get desiredSize(): number | null {
		return this.#core.readable.desiredSize;
	}
	enqueue(chunk: O = undefined as O): void {
		this.#core.enqueue(chunk);
	}
	error(reason: unknown = undefined): void {
		this.#core.error(reason);
	}
	terminate(): void {
		this.#core.terminate();
	}
}
webInterface(TransformStreamDefaultController, "TransformStreamDefaultController");

function coreOfTransformer(
	given: unknown,
	writableStrategy: QueuingStrategy<unknown>,
	readableStrategy: QueuingStrategy<unknown>,
): TransformCore {
	const transformer = given === undefined ? {} : (given as object);
	if (transformer === null || (typeof transformer !== "object" && typeof transformer !== "function")) {
		throw new TypeError("TransformStream: the transformer is not an object");
	}
	type Controller = TransformStreamDefaultController;
	const cancel = methodOf<[unknown]>(transformer, "cancel", "TransformStream");
	const flush = methodOf<[Controller]>(transformer, "flush", "TransformStream");
	if (Reflect.get(transformer, "readableType") !== undefined) throw new RangeError("readableType is reserved");
	const start = methodOf<[Controller]>(transformer, "start", "TransformStream");
	const transform = methodOf<[unknown, Controller]>(transformer, "transform", "TransformStream");
	if (Reflect.get(transformer, "writableType") !== undefined) throw new RangeError("writableType is reserved");
	const readableMark = highWaterMarkOf(readableStrategy, 0);
	const readableSize = sizeOf(readableStrategy);
	const writableMark = highWaterMarkOf(writableStrategy, 1);
	const writableSize = sizeOf(writableStrategy);
	const core: TransformCore = new TransformCore(
		{
			start: () => start?.(controller),
			transform: (chunk) =>
				transform === undefined ? promised(() => core.enqueue(chunk)) : callMethod(transform, chunk, controller),
			flush: () => callMethod(flush, controller),
			cancel: (reason) => callMethod(cancel, reason),
		},
		writableMark,
		writableSize,
		readableMark,
		readableSize,
	);
	const controller = new TransformStreamDefaultController(INTERNAL, core);
	return core;
}

/** Two streams: what is written to one comes, transformed, out of the other. */
export class TransformStream<I = unknown, O = unknown> {
	readonly #readable: ReadableStream<O>;
	readonly #writable: WritableStream<I>;

	constructor(
		transformer?: Transformer<I, O>,
		writableStrategy?: QueuingStrategy<I>,
		readableStrategy?: QueuingStrategy<O>,
	) {
		const core = coreOfTransformer(
			transformer,
			readStrategy(writableStrategy as QueuingStrategy<never>, "TransformStream"),
			readStrategy(readableStrategy as QueuingStrategy<never>, "TransformStream"),
		);
		this.#readable = wrapReadable<O>(core.readable);
		this.#writable = wrapWritable<I>(core.writable);
		core.start();
	}

	get readable(): ReadableStream<O> {
		return this.#readable;
	}
	get writable(): WritableStream<I> {
		return this.#writable;
	}
}
webInterface(TransformStream, "TransformStream");
