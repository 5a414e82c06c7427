/** `URLSearchParams` (URL, 6.2) and its encoding (URL, 5). */

import { utf8Decode, utf8Encode } from "helios:internal";
import { need, usv, webInterface } from "helios:web/idl";
import { iterateEntries, type Pair as PairOf, pairIterators } from "helios:web/pairs";

type Pair = PairOf<string>;

const iterators = pairIterators<string>("URLSearchParams");

function hexValue(code: number): number {
	if (code >= 48 && code <= 57) return code - 48;
	if (code >= 65 && code <= 70) return code - 55;
	return code >= 97 && code <= 102 ? code - 87 : -1;
}

function decodeComponent(text: string): string {
	if (!/[%+]/.test(text)) return text;
	const bytes = utf8Encode(text.replaceAll("+", " "));
	const decoded = new Uint8Array(bytes.length);
	let length = 0;
	for (let at = 0; at < bytes.length; at++) {
		const byte = bytes[at] as number;
		const high = byte === 37 ? hexValue(bytes[at + 1] ?? 0) : -1;
		const low = byte === 37 ? hexValue(bytes[at + 2] ?? 0) : -1;
		if (high >= 0 && low >= 0) {
			decoded[length++] = high * 16 + low;
			at += 2;
		} else decoded[length++] = byte;
	}
	return utf8Decode(decoded.subarray(0, length), false) as string;
}

function encodeComponent(text: string): string {
	if (/^[A-Za-z0-9*\-._]*$/.test(text)) return text;
	let encoded = "";
	for (const byte of utf8Encode(text)) {
		const char = String.fromCharCode(byte);
		if (/[A-Za-z0-9*\-._]/.test(char)) encoded += char;
		else if (byte === 32) encoded += "+";
		else encoded += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
	}
	return encoded;
}

function parse(text: string): Pair[] {
	const pairs: Pair[] = [];
	for (const part of text.split("&")) {
		if (part === "") continue;
		const equals = part.indexOf("=");
		const name = equals < 0 ? part : part.slice(0, equals);
		const value = equals < 0 ? "" : part.slice(equals + 1);
		pairs.push([decodeComponent(name), decodeComponent(value)]);
	}
	return pairs;
}

function pairsOfSequence(sequence: Iterable<unknown>): Pair[] {
	const pairs: Pair[] = [];
	for (const item of sequence) {
		if (typeof item !== "object" || item === null || typeof (item as never)[Symbol.iterator] !== "function") {
			throw new TypeError("URLSearchParams: each item must be a pair");
		}
		const pair = [...(item as Iterable<unknown>)];
		if (pair.length !== 2) throw new TypeError("URLSearchParams: each pair must have exactly two items");
		pairs.push([usv(pair[0]), usv(pair[1])]);
	}
	return pairs;
}

function pairsOfRecord(record: object): Pair[] {
	const pairs = new Map<string, string>();
	for (const key of Reflect.ownKeys(record)) {
		if (Object.getOwnPropertyDescriptor(record, key)?.enumerable !== true) continue;
		if (typeof key === "symbol") throw new TypeError("Cannot convert a Symbol value to a string");
		pairs.set(usv(key), usv(Reflect.get(record, key)));
	}
	return [...pairs];
}

/** What parameters are made of. */
export type URLSearchParamsInit = string | Iterable<[string, string]> | Record<string, string> | URLSearchParams;

/** Whether `value` is parameters. */
export let isParams: (value: unknown) => value is URLSearchParams;
/** Ties parameters to a URL: `changed` takes what they have become. */
export let bindParams: (params: URLSearchParams, changed: (query: string) => void) => void;
/** Reads parameters anew, from a query without its question mark. */
export let resetParams: (params: URLSearchParams, query: string) => void;

/** The parameters of a query. */
export class URLSearchParams {
	#pairs: Pair[] = [];
	#changed: ((query: string) => void) | undefined;

	constructor(init: URLSearchParamsInit = "") {
		if (typeof init === "object" && init !== null) {
			const method: unknown = Reflect.get(init, Symbol.iterator);
			if (method === undefined || method === null) this.#pairs = pairsOfRecord(init);
			else if (typeof method === "function") this.#pairs = pairsOfSequence(init as Iterable<unknown>);
			else throw new TypeError("URLSearchParams: the iterator is not a function");
		} else if (typeof init === "function") {
			this.#pairs = pairsOfRecord(init);
		} else {
			const text = usv(init);
			this.#pairs = parse(text.startsWith("?") ? text.slice(1) : text);
		}
	}

	static {
		isParams = (value): value is URLSearchParams => typeof value === "object" && value !== null && #pairs in value;
		bindParams = (params, changed) => {
			params.#changed = changed;
		};
		resetParams = (params, query) => {
			params.#pairs = parse(query);
		};
	}

	#update(): void {
		this.#changed?.(this.toString());
	}

	get size(): number {
		return this.#pairs.length;
	}
	append(name: string, value: string): void {
		need(arguments.length, 2, "URLSearchParams.append");
		this.#pairs.push([usv(name), usv(value)]);
		this.#update();
	}
	delete(name: string, value?: string): void {
		need(arguments.length, 1, "URLSearchParams.delete");
		const wanted = usv(name);
		const only = value === undefined ? undefined : usv(value);
		this.#pairs = this.#pairs.filter((pair) => pair[0] !== wanted || (only !== undefined && pair[1] !== only));
		this.#update();
	}
	get(name: string): string | null {
		need(arguments.length, 1, "URLSearchParams.get");
		const wanted = usv(name);
		return this.#pairs.find((pair) => pair[0] === wanted)?.[1] ?? null;
	}
	getAll(name: string): string[] {
		need(arguments.length, 1, "URLSearchParams.getAll");
		const wanted = usv(name);
		return this.#pairs.filter((pair) => pair[0] === wanted).map((pair) => pair[1]);
	}
	has(name: string, value?: string): boolean {
		need(arguments.length, 1, "URLSearchParams.has");
		const wanted = usv(name);
		const only = value === undefined ? undefined : usv(value);
		return this.#pairs.some((pair) => pair[0] === wanted && (only === undefined || pair[1] === only));
	}
	set(name: string, value: string): void {
		need(arguments.length, 2, "URLSearchParams.set");
		const wanted = usv(name);
		const first = this.#pairs.find((pair) => pair[0] === wanted);
		if (first === undefined) this.#pairs.push([wanted, usv(value)]);
		else {
			first[1] = usv(value);
			this.#pairs = this.#pairs.filter((pair) => pair === first || pair[0] !== wanted);
		}
		this.#update();
	}
	sort(): void {
		this.#pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
		this.#update();
	}
	forEach(callback: (value: string, name: string, params: URLSearchParams) => void, self?: unknown): void {
		need(arguments.length, 1, "URLSearchParams.forEach");
		if (typeof callback !== "function") throw new TypeError("URLSearchParams.forEach: not a function");
		for (const [name, value] of this.entries()) callback.call(self, value, name, this);
	}
	entries(): IterableIterator<[string, string], undefined, undefined> {
		return iterators.entries(() => this.#pairs);
	}
	keys(): IterableIterator<string, undefined, undefined> {
		return iterators.keys(() => this.#pairs);
	}
	values(): IterableIterator<string, undefined, undefined> {
		return iterators.values(() => this.#pairs);
	}
	toString(): string {
		return this.#pairs.map(([name, value]) => `${encodeComponent(name)}=${encodeComponent(value)}`).join("&");
	}
	declare [Symbol.iterator]: () => IterableIterator<[string, string], undefined, undefined>;
}

webInterface(URLSearchParams, "URLSearchParams");
iterateEntries(URLSearchParams);
