/** Queuing strategies (Streams, 7), and the queue with sizes (8.1). */

import { dictionary, need, webInterface } from "helios:web/idl";

/** How much a stream may hold before it asks its source to wait. */
export interface QueuingStrategy<T = unknown> {
	highWaterMark?: number;
	size?: (chunk: T) => number;
}

/** What the standard strategies are made with. */
export interface QueuingStrategyInit {
	highWaterMark: number;
}

const countSize = { size: (): number => 1 }.size;
const byteSize = { size: (chunk: { byteLength: number }): number => chunk.byteLength }.size;

function markOf(init: QueuingStrategyInit, where: string): number {
	if (typeof init !== "object" || init === null || init.highWaterMark === undefined) {
		throw new TypeError(`${where}: highWaterMark is required`);
	}
	return Number(init.highWaterMark);
}

/** Counts chunks. */
export class CountQueuingStrategy {
	readonly #highWaterMark: number;

	constructor(init: QueuingStrategyInit) {
		need(arguments.length, 1, "CountQueuingStrategy");
		this.#highWaterMark = markOf(init, "CountQueuingStrategy");
	}
	get highWaterMark(): number {
		return this.#highWaterMark;
	}
	get size(): () => number {
		if (!(#highWaterMark in this)) throw new TypeError("Illegal invocation");
		return countSize;
	}
}
webInterface(CountQueuingStrategy, "CountQueuingStrategy", 1);

/** Counts bytes. */
export class ByteLengthQueuingStrategy {
	readonly #highWaterMark: number;

	constructor(init: QueuingStrategyInit) {
		need(arguments.length, 1, "ByteLengthQueuingStrategy");
		this.#highWaterMark = markOf(init, "ByteLengthQueuingStrategy");
	}
	get highWaterMark(): number {
		return this.#highWaterMark;
	}
	get size(): (chunk: { byteLength: number }) => number {
		if (!(#highWaterMark in this)) throw new TypeError("Illegal invocation");
		return byteSize;
	}
}
webInterface(ByteLengthQueuingStrategy, "ByteLengthQueuingStrategy", 1);

/** Reads a strategy's members, once and in the order of their names, as Web IDL converts a dictionary. */
export function readStrategy(
	given: QueuingStrategy<never> | null | undefined,
	where: string,
): QueuingStrategy<unknown> {
	const dict = dictionary<QueuingStrategy<never>>(given, where);
	const { highWaterMark } = dict;
	const mark = highWaterMark === undefined ? {} : { highWaterMark: Number(highWaterMark) };
	const { size } = dict as QueuingStrategy<unknown>;
	if (size === undefined) return mark;
	if (typeof size !== "function") throw new TypeError(`${where}: the size of the strategy is not a function`);
	return { ...mark, size };
}

/** The mark of a strategy, or `fallback`. RangeError below 0 and on what is not a number. */
export function highWaterMarkOf(strategy: QueuingStrategy<never>, fallback: number): number {
	const { highWaterMark = fallback } = strategy;
	if (Number.isNaN(highWaterMark) || highWaterMark < 0) {
		throw new RangeError("The highWaterMark is not a number from 0 on");
	}
	return highWaterMark;
}

/** The size function of a strategy; without one every chunk counts 1. */
export function sizeOf({ size }: QueuingStrategy<unknown>): (chunk: unknown) => number {
	return size === undefined ? () => 1 : (chunk) => Number(size(chunk));
}

/** A queue of chunks that knows its size. */
export class SizedQueue<T> {
	#items: { value: T; size: number }[] = [];
	#head = 0;
	/** The sum of the sizes. */
	total = 0;

	get length(): number {
		return this.#items.length - this.#head;
	}

	push(value: T, size: number): void {
		if (Number.isNaN(size) || size < 0 || size === Number.POSITIVE_INFINITY) {
			throw new RangeError("The size of a chunk is a finite number from 0 on");
		}
		this.#items.push({ value, size });
		this.total += size;
	}

	shift(): T {
		const item = this.#items[this.#head] as { value: T; size: number };
		this.#head++;
		if (this.#head * 2 > this.#items.length) {
			this.#items = this.#items.slice(this.#head);
			this.#head = 0;
		}
		this.total = Math.max(0, this.total - item.size);
		return item.value;
	}

	peek(): T {
		return (this.#items[this.#head] as { value: T }).value;
	}

	clear(): void {
		this.#items = [];
		this.#head = 0;
		this.total = 0;
	}
}
