/** `crypto`: random values, and digests and keyed digests of `SubtleCrypto` (Web Cryptography). */

import { type DigestName, digest, hmac } from "helios:internal";
import { fillRandom } from "helios:random";
import { DOMException } from "helios:web/dom-exception";
import { bytesOf, INTERNAL, need, onlyInternal, webInterface } from "helios:web/idl";

/** Most bytes that `getRandomValues` fills at a time. */
const MAX_RANDOM_BYTES = 65_536;

const INTEGER_ARRAYS: readonly (abstract new (...args: never[]) => ArrayBufferView)[] = [
	Int8Array,
	Uint8Array,
	Uint8ClampedArray,
	Int16Array,
	Uint16Array,
	Int32Array,
	Uint32Array,
	BigInt64Array,
	BigUint64Array,
];

/** Block sizes in bytes: the length of a generated HMAC key. */
const BLOCK_BYTES: Record<Exclude<DigestName, "MD5">, number> = {
	"SHA-1": 64,
	"SHA-256": 64,
	"SHA-384": 128,
	"SHA-512": 128,
};

/** An algorithm, or its name alone. */
export type AlgorithmIdentifier = string | { name: string };
/** HMAC under a digest. */
export type HmacAlgorithm = { name: string; hash: AlgorithmIdentifier; length?: number };
/** What a key may be used for. */
export type KeyUsage = "sign" | "verify";
/** A key as JSON Web Key has it. */
export interface JsonWebKey {
	kty?: string;
	k?: string;
	alg?: string;
	ext?: boolean;
	key_ops?: string[];
}

function nameOf(algorithm: unknown, where: string): string {
	if (typeof algorithm !== "object" || algorithm === null) return `${algorithm as string}`;
	const { name } = algorithm as { name?: unknown };
	if (name === undefined) throw new TypeError(`${where}: the algorithm has no name`);
	return `${name as string}`;
}

function hashOf(algorithm: unknown, where: string): Exclude<DigestName, "MD5"> {
	const name = nameOf(algorithm, where).toUpperCase();
	if (name in BLOCK_BYTES) return name as Exclude<DigestName, "MD5">;
	throw new DOMException(`${where}: there is no algorithm "${name}"`, "NotSupportedError");
}

function hmacHash(algorithm: unknown, where: string): Exclude<DigestName, "MD5"> {
	if (nameOf(algorithm, where).toUpperCase() !== "HMAC") {
		throw new DOMException(`${where}: only HMAC is supported`, "NotSupportedError");
	}
	const { hash } = algorithm as { hash?: unknown };
	if (hash === undefined) throw new TypeError(`${where}: the algorithm has no hash`);
	return hashOf(hash, where);
}

interface KeyState {
	bytes: Uint8Array;
	hash: Exclude<DigestName, "MD5">;
	extractable: boolean;
	usages: KeyUsage[];
}

let keyState: (key: CryptoKey) => KeyState;

/** A key of `SubtleCrypto`. */
export class CryptoKey {
	readonly #state: KeyState;

	/** @internal */
	constructor(token?: unknown, state?: KeyState) {
		onlyInternal(token);
		this.#state = state as KeyState;
	}

	static {
		keyState = (key) => key.#state;
	}

	get type(): "secret" {
		void this.#state;
		return "secret";
	}
	get extractable(): boolean {
		return this.#state.extractable;
	}
	get algorithm(): { name: "HMAC"; hash: { name: string }; length: number } {
		return { name: "HMAC", hash: { name: this.#state.hash }, length: this.#state.bytes.length * 8 };
	}
	get usages(): KeyUsage[] {
		return [...this.#state.usages];
	}
}
webInterface(CryptoKey, "CryptoKey");

function makeKey(
	bytes: Uint8Array,
	hash: KeyState["hash"],
	extractable: unknown,
	usages: Iterable<KeyUsage>,
): CryptoKey {
	const wanted = [...usages];
	for (const usage of wanted) {
		if (usage !== "sign" && usage !== "verify") throw new DOMException("Unsupported key usage", "SyntaxError");
	}
	if (wanted.length === 0) throw new DOMException("A secret key needs a usage", "SyntaxError");
	if (bytes.length === 0) throw new DOMException("The key is empty", "DataError");
	const ordered = (["sign", "verify"] as const).filter((usage) => wanted.includes(usage));
	return new CryptoKey(INTERNAL, { bytes, hash, extractable: Boolean(extractable), usages: ordered });
}

function signWith(algorithm: unknown, key: CryptoKey, usage: KeyUsage, data: unknown): Uint8Array {
	if (nameOf(algorithm, usage).toUpperCase() !== "HMAC") {
		throw new DOMException(`${usage}: only HMAC is supported`, "NotSupportedError");
	}
	const state = keyState(key);
	if (!state.usages.includes(usage)) throw new DOMException(`The key may not ${usage}`, "InvalidAccessError");
	return hmac(state.hash, state.bytes, bytesOf(data, usage).slice());
}

function equal(first: Uint8Array, second: Uint8Array): boolean {
	let difference = first.length ^ second.length;
	for (let at = 0; at < first.length; at++) difference |= (first[at] as number) ^ (second[at] ?? 0);
	return difference === 0;
}

/** Digests and HMAC. Encryption, signatures with key pairs and key derivation are absent. */
export class SubtleCrypto {
	/** @internal */
	constructor(token?: unknown) {
		onlyInternal(token);
	}

	async digest(algorithm: AlgorithmIdentifier, data: BufferSource): Promise<ArrayBuffer> {
		need(arguments.length, 2, "digest");
		return digest(hashOf(algorithm, "digest"), bytesOf(data, "digest").slice()).slice().buffer as ArrayBuffer;
	}
	async generateKey(algorithm: HmacAlgorithm, extractable: boolean, usages: Iterable<KeyUsage>): Promise<CryptoKey> {
		need(arguments.length, 3, "generateKey");
		const hash = hmacHash(algorithm, "generateKey");
		const bits = algorithm.length ?? BLOCK_BYTES[hash] * 8;
		if (bits === 0 || bits % 8 !== 0) throw new DOMException("The key's length is unsupported", "OperationError");
		const bytes = new Uint8Array(bits / 8);
		fillRandom(bytes);
		return makeKey(bytes, hash, extractable, usages);
	}
	async importKey(
		format: "raw",
		data: BufferSource,
		algorithm: HmacAlgorithm,
		extractable: boolean,
		usages: Iterable<KeyUsage>,
	): Promise<CryptoKey> {
		need(arguments.length, 5, "importKey");
		if (format !== "raw") throw new DOMException(`importKey: there is no format "${format}"`, "NotSupportedError");
		return makeKey(bytesOf(data, "importKey").slice(), hmacHash(algorithm, "importKey"), extractable, usages);
	}
	async exportKey(format: "raw", key: CryptoKey): Promise<ArrayBuffer> {
		need(arguments.length, 2, "exportKey");
		if (format !== "raw") throw new DOMException(`exportKey: there is no format "${format}"`, "NotSupportedError");
		const state = keyState(key);
		if (!state.extractable) throw new DOMException("The key is not extractable", "InvalidAccessError");
		return state.bytes.slice().buffer as ArrayBuffer;
	}
	async sign(algorithm: AlgorithmIdentifier, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer> {
		need(arguments.length, 3, "sign");
		return signWith(algorithm, key, "sign", data).slice().buffer as ArrayBuffer;
	}
	async verify(
		algorithm: AlgorithmIdentifier,
		key: CryptoKey,
		signature: BufferSource,
		data: BufferSource,
	): Promise<boolean> {
		need(arguments.length, 4, "verify");
		return equal(signWith(algorithm, key, "verify", data), bytesOf(signature, "verify"));
	}
}
webInterface(SubtleCrypto, "SubtleCrypto");

function hex(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
	return text;
}

/** Random values of the process's own stream, and `subtle`. */
export class Crypto {
	readonly #subtle = new SubtleCrypto(INTERNAL);

	/** @internal */
	constructor(token?: unknown) {
		onlyInternal(token);
	}

	get subtle(): SubtleCrypto {
		return this.#subtle;
	}
	getRandomValues<T extends ArrayBufferView>(array: T): T {
		need(arguments.length, 1, "getRandomValues");
		void this.#subtle;
		if (!ArrayBuffer.isView(array)) throw new TypeError("getRandomValues: not a typed array");
		if (!INTEGER_ARRAYS.some((constructor) => array instanceof constructor)) {
			throw new DOMException("getRandomValues: not an array of integers", "TypeMismatchError");
		}
		if (array.byteLength > MAX_RANDOM_BYTES) {
			throw new DOMException(`getRandomValues: more than ${MAX_RANDOM_BYTES} bytes`, "QuotaExceededError");
		}
		fillRandom(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
		return array;
	}
	/** A random UUID (RFC 9562, version 4). */
	randomUUID(): `${string}-${string}-${string}-${string}-${string}` {
		void this.#subtle;
		const bytes = new Uint8Array(16);
		fillRandom(bytes);
		bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
		bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
		const text = hex(bytes);
		const parts = [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)];
		return parts.join("-") as ReturnType<Crypto["randomUUID"]>;
	}
}
webInterface(Crypto, "Crypto");

type BufferSource = ArrayBufferLike | ArrayBufferView;

/** The process's own. */
export const crypto: Crypto = new Crypto(INTERNAL);
