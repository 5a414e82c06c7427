/** `structuredClone` (HTML, 2.7), with transfer of array buffers. */

import { blobClone } from "helios:web/blob-clone";
import { DOMException, isDOMException } from "helios:web/dom-exception";
import { dictionary, isPlatformObject, need } from "helios:web/idl";

/** What `structuredClone` may be told. */
export interface StructuredSerializeOptions {
	transfer?: Iterable<ArrayBuffer>;
}

const ERRORS: Record<string, ErrorConstructor> = {
	Error,
	EvalError,
	RangeError,
	ReferenceError,
	SyntaxError,
	TypeError,
	URIError,
};

function refuse(what: string): never {
	throw new DOMException(`${what} could not be cloned`, "DataCloneError");
}

function describe(value: unknown): string {
	if (typeof value === "symbol") return String(value);
	if (typeof value === "function") return value.name === "" ? "A function" : `The function ${value.name}`;
	return Object.prototype.toString.call(value);
}

/** Calls a method that only works on objects of its own class: tells the class whatever the prototype now is. */
function works(probe: () => unknown): boolean {
	try {
		probe();
		return true;
	} catch {
		return false;
	}
}

// biome-ignore lint/complexity/noBannedTypes: it is any method.
function brand(method: Function, ...args: unknown[]): (value: object) => boolean {
	return (value) => works(() => Reflect.apply(method, value, args));
}

// biome-ignore lint/complexity/noBannedTypes: it is any getter.
function getterOf(prototype: object, name: PropertyKey): Function {
	// biome-ignore lint/complexity/noBannedTypes: likewise.
	return Object.getOwnPropertyDescriptor(prototype, name)?.get as Function;
}

const isMap = brand(getterOf(Map.prototype, "size"));
const isSet = brand(getterOf(Set.prototype, "size"));
const isDate = brand(Date.prototype.valueOf);
const isRegExp = (value: object): boolean =>
	value !== RegExp.prototype && works(() => Reflect.apply(getterOf(RegExp.prototype, "source"), value, []));
const isBuffer = brand(getterOf(ArrayBuffer.prototype, "byteLength"));
const isWeakMap = brand(WeakMap.prototype.has, {});
const isWeakSet = brand(WeakSet.prototype.has, {});
const isBoxedNumber = brand(Number.prototype.valueOf);
const isBoxedString = brand(String.prototype.valueOf);
const isBoxedBoolean = brand(Boolean.prototype.valueOf);
const isBoxedBigInt = brand(BigInt.prototype.valueOf);
const isBoxedSymbol = brand(Symbol.prototype.valueOf);

function isError(value: object): value is Error {
	const native = (Error as { isError?: (value: unknown) => boolean }).isError;
	return native === undefined ? value instanceof Error : native(value);
}

/** One clone under way: what was cloned already, and the buffers that move. */
class Cloner {
	readonly #seen = new Map<object, object>();
	readonly #transferred: ReadonlySet<ArrayBuffer>;

	constructor(transferred: ReadonlySet<ArrayBuffer>) {
		this.#transferred = transferred;
	}

	clone(value: unknown): unknown {
		if (typeof value === "symbol" || typeof value === "function") refuse(describe(value));
		if (typeof value !== "object" || value === null) return value;
		const seen = this.#seen.get(value);
		return seen ?? this.#object(value);
	}

	#keep<T extends object>(from: object, to: T): T {
		this.#seen.set(from, to);
		return to;
	}

	#object(value: object): object {
		if (Array.isArray(value)) return this.#properties(value, this.#keep(value, new Array(value.length)));
		if (ArrayBuffer.isView(value)) return this.#view(value);
		if (isBuffer(value)) return this.#buffer(value as ArrayBuffer);
		if (isMap(value)) return this.#map(value as Map<unknown, unknown>);
		if (isSet(value)) return this.#set(value as Set<unknown>);
		if (isDate(value)) return this.#keep(value, new Date(Date.prototype.valueOf.call(value)));
		if (isRegExp(value)) return this.#keep(value, new RegExp((value as RegExp).source, (value as RegExp).flags));
		const boxed = this.#boxed(value);
		if (boxed !== undefined) return boxed;
		if (isDOMException(value)) return this.#exception(value as DOMException);
		if (isError(value)) return this.#error(value);
		const blob = blobClone(value);
		if (blob !== undefined) return this.#keep(value, blob);
		if (isWeakMap(value) || isWeakSet(value) || value instanceof Promise || isPlatformObject(value)) {
			refuse(describe(value));
		}
		return this.#properties(value, this.#keep(value, {}));
	}

	#boxed(value: object): object | undefined {
		if (isBoxedBoolean(value)) return this.#keep(value, Object(Boolean.prototype.valueOf.call(value)) as object);
		if (isBoxedNumber(value)) return this.#keep(value, Object(Number.prototype.valueOf.call(value)) as object);
		if (isBoxedString(value)) return this.#keep(value, Object(String.prototype.valueOf.call(value)) as object);
		if (isBoxedBigInt(value)) return this.#keep(value, Object(BigInt.prototype.valueOf.call(value as never)) as object);
		if (isBoxedSymbol(value)) refuse(describe(value));
		return undefined;
	}

	#properties<T extends object>(from: object, to: T): T {
		for (const key of Object.keys(from)) {
			if (!Object.hasOwn(from, key)) continue;
			const value = this.clone(Reflect.get(from, key));
			Object.defineProperty(to, key, { value, writable: true, enumerable: true, configurable: true });
		}
		return to;
	}

	#buffer(buffer: ArrayBuffer): ArrayBuffer {
		const { detached } = buffer as { detached?: boolean };
		if (detached === true) refuse("A detached ArrayBuffer");
		if (!buffer.resizable) return this.#keep(buffer, buffer.slice(0));
		const copy = new ArrayBuffer(buffer.byteLength, { maxByteLength: buffer.maxByteLength });
		new Uint8Array(copy).set(new Uint8Array(buffer));
		return this.#keep(buffer, copy);
	}

	#view(view: ArrayBufferView): object {
		const buffer = this.clone(view.buffer) as ArrayBuffer;
		if (!this.#transferred.has(view.buffer as ArrayBuffer) && !isBuffer(view.buffer)) refuse(describe(view));
		if (view instanceof DataView) return this.#keep(view, new DataView(buffer, view.byteOffset, view.byteLength));
		const name = getterOf(Object.getPrototypeOf(Uint8Array.prototype) as object, Symbol.toStringTag).call(
			view,
		) as string;
		const constructor = Reflect.get(globalThis, name) as typeof Uint8Array;
		return this.#keep(view, new constructor(buffer, view.byteOffset, (view as Uint8Array).length));
	}

	#map(map: Map<unknown, unknown>): object {
		const copy = this.#keep(map, new Map<unknown, unknown>());
		for (const [key, value] of [...Map.prototype.entries.call(map)]) copy.set(this.clone(key), this.clone(value));
		return copy;
	}

	#set(set: Set<unknown>): object {
		const copy = this.#keep(set, new Set<unknown>());
		for (const value of [...Set.prototype.values.call(set)]) copy.add(this.clone(value));
		return copy;
	}

	#error(error: Error): object {
		const name = `${error.name as unknown as string}`;
		const constructor = Object.hasOwn(ERRORS, name) ? (ERRORS[name] as ErrorConstructor) : Error;
		const message = Object.getOwnPropertyDescriptor(error, "message");
		const copy = message !== undefined && "value" in message ? new constructor(`${message.value}`) : new constructor();
		const { stack } = error;
		if (typeof stack === "string") {
			Object.defineProperty(copy, "stack", { value: stack, writable: true, configurable: true, enumerable: false });
		}
		return this.#keep(error, copy);
	}

	#exception(error: DOMException): object {
		const copy = new DOMException(error.message, error.name);
		Object.defineProperty(copy, "stack", { value: error.stack, writable: true, configurable: true, enumerable: false });
		return this.#keep(error, copy);
	}
}

function transferables(list: Iterable<ArrayBuffer> | undefined): Set<ArrayBuffer> {
	const buffers = new Set<ArrayBuffer>();
	for (const item of list ?? []) {
		if (typeof item !== "object" || item === null) throw new TypeError("structuredClone: not a transferable object");
		if (!isBuffer(item)) refuse("An object that cannot be transferred");
		if (buffers.has(item)) refuse("An ArrayBuffer listed twice");
		if ((item as { detached?: boolean }).detached === true) refuse("A detached ArrayBuffer");
		buffers.add(item);
	}
	return buffers;
}

/** A copy of `value` and of everything in it. Buffers in `transfer` are taken from the caller. */
export function structuredClone<T = unknown>(value: T, options?: StructuredSerializeOptions): T {
	need(arguments.length, 1, "structuredClone");
	const { transfer } = dictionary<StructuredSerializeOptions>(options, "structuredClone");
	const buffers = transferables(transfer);
	const copy = new Cloner(buffers).clone(value) as T;
	for (const buffer of buffers) buffer.transfer();
	return copy;
}
