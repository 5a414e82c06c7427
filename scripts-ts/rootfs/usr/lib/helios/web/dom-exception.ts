/** `DOMException` (Web IDL, 2.8.1). */

import { usv, webConstants, webInterface } from "helios:web/idl";

/** Legacy codes by name; other names have code 0. */
const CODES: Record<string, number> = {
	IndexSizeError: 1,
	HierarchyRequestError: 3,
	WrongDocumentError: 4,
	InvalidCharacterError: 5,
	NoModificationAllowedError: 7,
	NotFoundError: 8,
	NotSupportedError: 9,
	InUseAttributeError: 10,
	InvalidStateError: 11,
	SyntaxError: 12,
	InvalidModificationError: 13,
	NamespaceError: 14,
	InvalidAccessError: 15,
	TypeMismatchError: 17,
	SecurityError: 18,
	NetworkError: 19,
	AbortError: 20,
	URLMismatchError: 21,
	QuotaExceededError: 22,
	TimeoutError: 23,
	InvalidNodeTypeError: 24,
	DataCloneError: 25,
};

const CONSTANTS: Record<string, number> = {
	INDEX_SIZE_ERR: 1,
	DOMSTRING_SIZE_ERR: 2,
	HIERARCHY_REQUEST_ERR: 3,
	WRONG_DOCUMENT_ERR: 4,
	INVALID_CHARACTER_ERR: 5,
	NO_DATA_ALLOWED_ERR: 6,
	NO_MODIFICATION_ALLOWED_ERR: 7,
	NOT_FOUND_ERR: 8,
	NOT_SUPPORTED_ERR: 9,
	INUSE_ATTRIBUTE_ERR: 10,
	INVALID_STATE_ERR: 11,
	SYNTAX_ERR: 12,
	INVALID_MODIFICATION_ERR: 13,
	NAMESPACE_ERR: 14,
	INVALID_ACCESS_ERR: 15,
	VALIDATION_ERR: 16,
	TYPE_MISMATCH_ERR: 17,
	SECURITY_ERR: 18,
	NETWORK_ERR: 19,
	ABORT_ERR: 20,
	URL_MISMATCH_ERR: 21,
	QUOTA_EXCEEDED_ERR: 22,
	TIMEOUT_ERR: 23,
	INVALID_NODE_TYPE_ERR: 24,
	DATA_CLONE_ERR: 25,
};

/** The call sites of the caller, as an error's trace has them below its first lines. */
function traceBelow(header: string): string {
	const stack = new Error().stack ?? "";
	const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
	return [header, ...frames.slice(2)].join("\n");
}

/** An error that a web interface throws; `name` says which. */
class DOMExceptionImpl {
	readonly #message: string;
	readonly #name: string;

	constructor(message: unknown = undefined, name: unknown = undefined) {
		this.#message = message === undefined ? "" : usv(message);
		this.#name = name === undefined ? "Error" : usv(name);
		const header = this.#message === "" ? this.#name : `${this.#name}: ${this.#message}`;
		Object.defineProperty(this, "stack", { value: traceBelow(header), writable: true, configurable: true });
	}

	get name(): string {
		return this.#name;
	}

	get message(): string {
		return this.#message;
	}

	get code(): number {
		return Object.hasOwn(CODES, this.#name) ? (CODES[this.#name] as number) : 0;
	}

	static isInstance(value: unknown): boolean {
		return typeof value === "object" && value !== null && #name in value;
	}
}

/** Whether `value` is a `DOMException`, whatever its prototype now is. */
export const isDOMException: (value: unknown) => boolean = DOMExceptionImpl.isInstance;
Reflect.deleteProperty(DOMExceptionImpl, "isInstance");

Object.setPrototypeOf(DOMExceptionImpl.prototype, Error.prototype);
Object.defineProperty(DOMExceptionImpl, "name", { value: "DOMException", configurable: true });
webInterface(DOMExceptionImpl, "DOMException");
webConstants(DOMExceptionImpl, CONSTANTS);

/** An error that a web interface throws; `name` says which. */
export interface DOMException extends Error {
	readonly name: string;
	readonly message: string;
	/** The number that some names had before names were used; 0 for the others. */
	readonly code: number;
}

/** The constructor of `DOMException`, with the legacy constants. */
export interface DOMExceptionConstructor {
	new (message?: string, name?: string): DOMException;
	readonly prototype: DOMException;
	readonly [constant: `${string}_ERR`]: number;
}

export const DOMException: DOMExceptionConstructor = DOMExceptionImpl as unknown as DOMExceptionConstructor;
