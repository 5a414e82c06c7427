/** Iterating over names and values, as Web IDL has it for interfaces that are `iterable<K, V>`. */

/** A name and its value. */
export type Pair<V> = [name: string, value: V];

/** Iterators over pairs, under one tag. */
export interface PairIterators<V> {
	entries(pairs: () => readonly Pair<V>[]): IterableIterator<Pair<V>, undefined, undefined>;
	keys(pairs: () => readonly Pair<V>[]): IterableIterator<string, undefined, undefined>;
	values(pairs: () => readonly Pair<V>[]): IterableIterator<V, undefined, undefined>;
}

/** `%IteratorPrototype%`, which has no name of its own. */
const ITERATOR_PROTOTYPE = Object.getPrototypeOf(Object.getPrototypeOf([].values())) as object;

/** The iterators of the interface `name`. They ask for the pairs anew at each step. */
export function pairIterators<V>(name: string): PairIterators<V> {
	class PairIterator<T> implements IterableIterator<T, undefined, undefined> {
		readonly #pairs: () => readonly Pair<V>[];
		readonly #select: (pair: Pair<V>) => T;
		#index = 0;

		constructor(pairs: () => readonly Pair<V>[], select: (pair: Pair<V>) => T) {
			this.#pairs = pairs;
			this.#select = select;
			pairs();
		}

		next(): IteratorResult<T, undefined> {
			const pair = this.#pairs()[this.#index];
			if (pair === undefined) return { value: undefined, done: true };
			this.#index++;
			return { value: this.#select(pair), done: false };
		}
		declare [Symbol.iterator]: () => this;
	}
	Object.setPrototypeOf(PairIterator.prototype, ITERATOR_PROTOTYPE);
	Object.defineProperty(PairIterator.prototype, "next", { enumerable: true });
	Object.defineProperty(PairIterator.prototype, Symbol.toStringTag, { value: `${name} Iterator`, configurable: true });
	Reflect.deleteProperty(PairIterator.prototype, "constructor");
	return {
		entries: (pairs) => new PairIterator(pairs, ([key, value]) => [key, value] as Pair<V>),
		keys: (pairs) => new PairIterator(pairs, ([key]) => key),
		values: (pairs) => new PairIterator(pairs, ([, value]) => value),
	};
}

/** Makes `entries` what a loop over an object of the interface calls. */
export function iterateEntries(constructor: { prototype: { entries: unknown } }): void {
	Object.defineProperty(constructor.prototype, Symbol.iterator, {
		value: constructor.prototype.entries,
		writable: true,
		configurable: true,
	});
}
