/** `Headers` (Fetch, 5.1). */

import { type HeaderField, isFieldValue, isToken, trimValue, valueOf } from "helios:web/header-list";
import { need, webInterface } from "helios:web/idl";
import { iterateEntries, type Pair, pairIterators } from "helios:web/pairs";

/** What headers are made of. */
export type HeadersInit = Headers | Iterable<readonly [string, string]> | Record<string, string>;

/** Who may change headers, and how (Fetch, 5.1, "guard"). */
export type HeadersGuard = "none" | "request" | "response" | "immutable";

/**
 * What the sender of a request decides alone: how the message is framed, where it goes, and what becomes of its
 * connection. Names that guard a browser's cookies and origins are not among them: there are neither here.
 */
const FORBIDDEN = new Set([
	"connection",
	"content-length",
	"date",
	"expect",
	"host",
	"keep-alive",
	"te",
	"trailer",
	"transfer-encoding",
	"upgrade",
	"via",
]);

/** Whether a name is for the sender of a request alone. `key` is in lower case. */
export function isForbidden(key: string): boolean {
	return FORBIDDEN.has(key);
}

const iterators = pairIterators<string>("Headers");

/** A string of which each unit is a byte (`ByteString`). */
export function byteString(value: unknown, where: string): string {
	const text = `${value as string}`;
	if (/[^\0-\xff]/.test(text)) throw new TypeError(`${where}: a character is not a byte`);
	return text;
}

function nameOf(value: unknown, where: string): string {
	const name = `${value as string}`;
	if (!isToken(name)) throw new TypeError(`${where}: ${JSON.stringify(name)} is not a name of a header`);
	return name;
}

function valueFrom(value: unknown, where: string): string {
	const trimmed = trimValue(`${value as string}`);
	if (!isFieldValue(trimmed)) throw new TypeError(`${where}: ${JSON.stringify(trimmed)} is not a value of a header`);
	return trimmed;
}

/** The pairs of an initialiser, as Web IDL converts a union of a sequence and a record. */
function pairsOf(init: unknown): Pair<string>[] {
	if (typeof init !== "object" || init === null) {
		if (typeof init !== "function") throw new TypeError("Headers: the initialiser is no object");
	}
	const method: unknown = Reflect.get(init, Symbol.iterator);
	if (method === undefined || method === null) return pairsOfRecord(init);
	if (typeof method !== "function") throw new TypeError("Headers: the iterator is not a function");
	return pairsOfSequence(init as Iterable<unknown>);
}

function pairsOfRecord(record: object): Pair<string>[] {
	const pairs = new Map<string, string>();
	for (const key of Reflect.ownKeys(record)) {
		if (Object.getOwnPropertyDescriptor(record, key)?.enumerable !== true) continue;
		if (typeof key === "symbol") throw new TypeError("Headers: a symbol is no name");
		pairs.set(key, `${Reflect.get(record, key) as string}`);
	}
	return [...pairs];
}

function pairsOfSequence(sequence: Iterable<unknown>): Pair<string>[] {
	const pairs: Pair<string>[] = [];
	for (const item of sequence) {
		if (typeof item !== "object" || item === null || typeof Reflect.get(item, Symbol.iterator) !== "function") {
			throw new TypeError("Headers: each item must be a pair");
		}
		const pair = [...(item as Iterable<unknown>)];
		if (pair.length !== 2) throw new TypeError("Headers: each pair must have exactly two items");
		pairs.push([`${pair[0] as string}`, `${pair[1] as string}`]);
	}
	return pairs;
}

/** Fields in the order of their names, those of one name joined, `Set-Cookie` apart (Fetch, "sort and combine"). */
function sortAndCombine(fields: readonly HeaderField[]): Pair<string>[] {
	const pairs: Pair<string>[] = [];
	const places = new Map<string, Pair<string>>();
	for (const { key, value } of fields) {
		const place = key === "set-cookie" ? undefined : places.get(key);
		if (place !== undefined) {
			place[1] += `, ${value}`;
			continue;
		}
		const pair: Pair<string> = [key, value];
		places.set(key, pair);
		pairs.push(pair);
	}
	return pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
}

/** The fields of headers, in the order in which they came; `undefined` for what is none. */
export let fieldsOf: (headers: unknown) => readonly HeaderField[] | undefined;
/** Headers around a list of fields, which is theirs from then on. */
export let wrapHeaders: (fields: HeaderField[], guard: HeadersGuard) => Headers;
/** Adds what an initialiser has to headers, under their guard. */
export let fillHeaders: (headers: Headers, init: unknown) => void;

/** Names and values that go with a message. */
export class Headers {
	#fields: HeaderField[] = [];
	#guard: HeadersGuard = "none";
	#sorted: Pair<string>[] | undefined;

	constructor(init?: HeadersInit) {
		if (init !== undefined) this.#fill(init);
	}

	static {
		fieldsOf = (value) => (typeof value === "object" && value !== null && #fields in value ? value.#fields : undefined);
		wrapHeaders = (fields, guard) => {
			const headers = new Headers();
			headers.#fields = fields;
			headers.#guard = guard;
			return headers;
		};
		fillHeaders = (headers, init) => headers.#fill(init);
	}

	#fill(init: unknown): void {
		for (const [name, value] of pairsOf(init)) this.#append(name, value, "Headers");
	}

	/** Whether a change of that name shall go without effect. Throws where there may be none at all. */
	#ignores(key: string): boolean {
		if (this.#guard === "immutable") throw new TypeError("These headers cannot be changed");
		return this.#guard === "request" && isForbidden(key);
	}

	#append(givenName: unknown, givenValue: unknown, where: string): void {
		const name = nameOf(givenName, where);
		const value = valueFrom(givenValue, where);
		const key = name.toLowerCase();
		if (this.#ignores(key)) return;
		this.#sorted = undefined;
		this.#fields.push({ name, key, value });
	}

	#pairs(): readonly Pair<string>[] {
		this.#sorted ??= sortAndCombine(this.#fields);
		return this.#sorted;
	}

	append(name: string, value: string): void {
		need(arguments.length, 2, "Headers.append");
		this.#append(name, value, "Headers.append");
	}
	delete(name: string): void {
		need(arguments.length, 1, "Headers.delete");
		const key = nameOf(name, "Headers.delete").toLowerCase();
		if (this.#ignores(key)) return;
		this.#sorted = undefined;
		this.#fields = this.#fields.filter((each) => each.key !== key);
	}
	get(name: string): string | null {
		need(arguments.length, 1, "Headers.get");
		return valueOf(this.#fields, nameOf(name, "Headers.get").toLowerCase());
	}
	getSetCookie(): string[] {
		return this.#fields.filter((each) => each.key === "set-cookie").map((each) => each.value);
	}
	has(name: string): boolean {
		need(arguments.length, 1, "Headers.has");
		const key = nameOf(name, "Headers.has").toLowerCase();
		return this.#fields.some((each) => each.key === key);
	}
	set(givenName: string, givenValue: string): void {
		need(arguments.length, 2, "Headers.set");
		const name = nameOf(givenName, "Headers.set");
		const value = valueFrom(givenValue, "Headers.set");
		const key = name.toLowerCase();
		if (this.#ignores(key)) return;
		this.#sorted = undefined;
		const first = this.#fields.findIndex((each) => each.key === key);
		if (first < 0) {
			this.#fields.push({ name, key, value });
			return;
		}
		// The field that was there keeps its place and its spelling.
		this.#fields[first] = { name: (this.#fields[first] as HeaderField).name, key, value };
		this.#fields = this.#fields.filter((each, index) => index <= first || each.key !== key);
	}
	forEach(callback: (value: string, name: string, headers: Headers) => void, self?: unknown): void {
		need(arguments.length, 1, "Headers.forEach");
		if (typeof callback !== "function") throw new TypeError("Headers.forEach: not a function");
		for (const [name, value] of this.entries()) callback.call(self, value, name, this);
	}
	entries(): IterableIterator<[string, string], undefined, undefined> {
		return iterators.entries(() => this.#pairs());
	}
	keys(): IterableIterator<string, undefined, undefined> {
		return iterators.keys(() => this.#pairs());
	}
	values(): IterableIterator<string, undefined, undefined> {
		return iterators.values(() => this.#pairs());
	}
	declare [Symbol.iterator]: () => IterableIterator<[string, string], undefined, undefined>;
}
webInterface(Headers, "Headers");
iterateEntries(Headers);
