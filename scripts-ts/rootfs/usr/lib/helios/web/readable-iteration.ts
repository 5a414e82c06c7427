/** Iterating a readable stream, and streaming what is iterable (Streams, 4.2.5 and `ReadableStream.from`). */

import { after, defer, promised } from "helios:web/promises";
import { ReadableCore, type ReaderState } from "helios:web/readable-core";

type Result = IteratorResult<unknown, unknown>;

const DONE: Result = Object.freeze({ value: undefined, done: true });

class StreamIterator {
	readonly #reader: ReaderState;
	readonly #preventCancel: boolean;
	#ongoing: Promise<Result> | undefined;
	#finished = false;

	constructor(reader: ReaderState, preventCancel: boolean) {
		this.#reader = reader;
		this.#preventCancel = preventCancel;
	}

	/** Calls are answered in the order in which they are made. */
	#after(step: () => Promise<Result>): Promise<Result> {
		this.#ongoing = this.#ongoing === undefined ? step() : after(this.#ongoing, step, step);
		return this.#ongoing;
	}

	next(): Promise<Result> {
		return this.#after(() => this.#next());
	}

	return(value: unknown): Promise<Result> {
		return after(
			this.#after(() => this.#return(value)),
			() => ({ value, done: true }),
		);
	}

	#next(): Promise<Result> {
		const { stream } = this.#reader;
		if (this.#finished || stream === undefined) return Promise.resolve({ ...DONE });
		const { promise, resolve, reject } = defer<Result>();
		stream.read({
			chunk: (value) => resolve({ value, done: false }),
			close: () => {
				this.#reader.stream?.release(this.#reader);
				resolve({ ...DONE });
			},
			error: (error) => {
				this.#reader.stream?.release(this.#reader);
				reject(error);
			},
		});
		return after(
			promise,
			(result) => {
				if (result.done) this.#finished = true;
				return result;
			},
			(error) => {
				this.#finished = true;
				throw error;
			},
		);
	}

	async #return(reason: unknown): Promise<Result> {
		const { stream } = this.#reader;
		if (this.#finished || stream === undefined) return { ...DONE };
		this.#finished = true;
		if (this.#preventCancel) {
			stream.release(this.#reader);
			return { ...DONE };
		}
		const canceled = stream.cancel(reason);
		stream.release(this.#reader);
		await canceled;
		return { ...DONE };
	}
}
Object.setPrototypeOf(StreamIterator.prototype, asyncIteratorPrototype());
Reflect.deleteProperty(StreamIterator.prototype, "constructor");
for (const name of ["next", "return"]) Object.defineProperty(StreamIterator.prototype, name, { enumerable: true });
Object.defineProperty(StreamIterator.prototype, Symbol.toStringTag, {
	value: "ReadableStream AsyncIterator",
	configurable: true,
});

/** `%AsyncIteratorPrototype%`, which has no name of its own. */
function asyncIteratorPrototype(): object {
	const generator = async function* (): AsyncGenerator<never> {};
	const generatorPrototype = Object.getPrototypeOf(generator.prototype) as object;
	return Object.getPrototypeOf(generatorPrototype) as object;
}

/** An iterator over the stream that `reader` holds. */
export function iterate(reader: ReaderState, preventCancel: boolean): object {
	return new StreamIterator(reader, preventCancel);
}

interface AnyIterator {
	next(): unknown;
	return?(reason?: unknown): unknown;
}

function methodAt(object: unknown, key: PropertyKey): ((this: unknown, ...args: unknown[]) => unknown) | undefined {
	const method: unknown = object === null || object === undefined ? undefined : Reflect.get(Object(object), key);
	if (method === undefined || method === null) return undefined;
	if (typeof method !== "function") throw new TypeError(`${String(key)} of the iterable is not a function`);
	return method as (this: unknown, ...args: unknown[]) => unknown;
}

/** The iterator of an iterable; of a synchronous one, each value is waited for. */
function open(iterable: unknown): { iterator: AnyIterator; synchronous: boolean } {
	const asynchronous = methodAt(iterable, Symbol.asyncIterator);
	const method = asynchronous ?? methodAt(iterable, Symbol.iterator);
	if (method === undefined) throw new TypeError("ReadableStream.from: the argument is not iterable");
	const iterator: unknown = Reflect.apply(method, iterable, []);
	if (typeof iterator !== "object" || iterator === null) throw new TypeError("The iterator is not an object");
	return { iterator: iterator as AnyIterator, synchronous: asynchronous === undefined };
}

function checkResult(result: unknown): { done: boolean; value: unknown } {
	if (typeof result !== "object" || result === null) throw new TypeError("The iterator's result is not an object");
	const { done, value } = result as { done?: unknown; value?: unknown };
	return { done: Boolean(done), value };
}

/** The state of a stream whose chunks come from an iterable. */
export function sourceOfIterable(iterable: unknown): ReadableCore {
	const { iterator, synchronous } = open(iterable);
	const { next } = iterator;
	const core: ReadableCore = new ReadableCore(
		{
			start: () => undefined,
			pull: async () => {
				const { done, value } = checkResult(await Reflect.apply(next, iterator, []));
				if (done) core.close();
				else core.enqueue(synchronous ? await value : value);
			},
			cancel: (reason) =>
				promised(async () => {
					const method = methodAt(iterator, "return");
					if (method === undefined) return;
					checkResult(await Reflect.apply(method, iterator, [reason]));
				}),
		},
		0,
		() => 1,
	);
	return core;
}
