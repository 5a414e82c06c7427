/**
 * What every web interface has in common (Web IDL): the attributes of its properties, its tag, argument checks and
 * conversions.
 */

/** Passed to a constructor by the library itself, where programs may not construct. */
export const INTERNAL: unique symbol = Symbol("internal");

// biome-ignore lint/suspicious/noExplicitAny: any class at all may be an interface.
type AnyClass = abstract new (...args: any[]) => object;

function makeEnumerable(target: object, skip: readonly string[]): void {
	for (const name of Object.getOwnPropertyNames(target)) {
		if (!skip.includes(name)) Object.defineProperty(target, name, { enumerable: true });
	}
}

const interfaces: AnyClass[] = [];

/** Whether `value` is an object of one of the interfaces that are in use. */
export function isPlatformObject(value: object): boolean {
	return interfaces.some((constructor) => value instanceof constructor && value !== constructor.prototype);
}

/** Gives a class the shape of a Web IDL interface. `length` is the number of arguments its constructor needs. */
export function webInterface(constructor: AnyClass, name: string, length = 0): void {
	interfaces.push(constructor);
	makeEnumerable(constructor.prototype, ["constructor"]);
	makeEnumerable(constructor, ["prototype", "length", "name"]);
	Object.defineProperty(constructor, "length", { value: length, configurable: true });
	Object.defineProperty(constructor.prototype, Symbol.toStringTag, { value: name, configurable: true });
}

/** Defines constants of an interface, on it and on its prototype. */
export function webConstants(constructor: AnyClass, constants: Record<string, number>): void {
	for (const target of [constructor, constructor.prototype]) {
		for (const [name, value] of Object.entries(constants)) {
			Object.defineProperty(target, name, { value, enumerable: true });
		}
	}
}

/** Throws where a constructor was called by somebody else than the library. */
export function onlyInternal(token: unknown): void {
	if (token !== INTERNAL) throw new TypeError("Illegal constructor");
}

/** Throws where there are fewer arguments than needed. */
export function need(given: number, needed: number, where: string): void {
	if (given >= needed) return;
	const plural = needed === 1 ? "argument" : "arguments";
	throw new TypeError(`${where}: ${needed} ${plural} required, but only ${given} present`);
}

/** A string without lone surrogates (`USVString`). */
export function usv(value: unknown): string {
	return `${value as string}`.toWellFormed();
}

/** A dictionary: an object, or `undefined` and `null` for an empty one. */
export function dictionary<T extends object>(value: T | null | undefined, where: string): Partial<T> {
	if (value === undefined || value === null) return {};
	if (typeof value !== "object" && typeof value !== "function") {
		throw new TypeError(`${where}: the dictionary is not an object`);
	}
	return value;
}

/** A whole number of 32 bits, as `long` converts. */
export function toLong(value: unknown): number {
	return Number(value) | 0;
}

/** A whole number from 0 to 2^53 - 1; throws a TypeError outside of it (`[EnforceRange] unsigned long long`). */
export function toEnforcedRange(value: unknown, where: string): number {
	const number = Math.trunc(Number(value));
	if (!Number.isFinite(number) || number < 0 || number > Number.MAX_SAFE_INTEGER) {
		throw new TypeError(`${where}: the value is outside the range of unsigned integers`);
	}
	return number + 0;
}

/** Whether `value` is an `ArrayBuffer` proper. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
	return value instanceof ArrayBuffer || Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}

/** The bytes of a `BufferSource`, not copied; throws a TypeError on anything else. */
export function bytesOf(source: unknown, where: string): Uint8Array {
	if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
	if (isArrayBuffer(source)) return new Uint8Array(source);
	throw new TypeError(`${where}: the value is neither an ArrayBuffer nor a view of one`);
}
