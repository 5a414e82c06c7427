/** `AbortController` and `AbortSignal` (DOM, 3). */

import { dispatch, keepAlive } from "helios:core";
import { DOMException } from "helios:web/dom-exception";
import { dispatchTrusted, Event, EventTarget, handlerAttribute } from "helios:web/events";
import { INTERNAL, need, onlyInternal, toEnforcedRange, webInterface } from "helios:web/idl";

const NANOS_PER_MILLI = 1_000_000;

let makeSignal: () => AbortSignal;
let abortSignal: (signal: AbortSignal, reason: unknown) => void;

/** Runs `algorithm` when `signal` aborts, before its listeners. Answers what takes it away again. */
export let onAbort: (signal: AbortSignal, algorithm: () => void) => () => void;

/** Tells that something shall stop. */
export class AbortSignal extends EventTarget {
	declare onabort: ((event: Event) => unknown) | null;

	#aborted = false;
	#reason: unknown;
	#algorithms = new Set<() => void>();
	/** Signals that follow this one, and those that this one follows (`any`). */
	#dependents = new Set<AbortSignal>();
	#sources: Set<AbortSignal> | undefined;

	/** @internal */
	constructor(token?: unknown) {
		onlyInternal(token);
		super();
	}

	static {
		makeSignal = () => new AbortSignal(INTERNAL);
		abortSignal = (signal, reason) => signal.#abort(reason);
		onAbort = (signal, algorithm) => {
			if (!signal.#aborted) signal.#algorithms.add(algorithm);
			return () => signal.#algorithms.delete(algorithm);
		};
	}

	static abort(reason: unknown = undefined): AbortSignal {
		const signal = makeSignal();
		signal.#aborted = true;
		signal.#reason = reason === undefined ? new DOMException("This operation was aborted", "AbortError") : reason;
		return signal;
	}

	/** A signal that aborts after `milliseconds` of virtual time. It does not keep the process alive. */
	static timeout(milliseconds: number): AbortSignal {
		need(arguments.length, 1, "AbortSignal.timeout");
		const delay = toEnforcedRange(milliseconds, "AbortSignal.timeout");
		const signal = makeSignal();
		const ns = Math.min(delay * NANOS_PER_MILLI, Number.MAX_SAFE_INTEGER);
		const id = dispatch("sleep", { ns }, () => {
			signal.#abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
		});
		keepAlive(id, false);
		return signal;
	}

	/** A signal that aborts as soon as one of `signals` does. */
	static any(signals: Iterable<AbortSignal>): AbortSignal {
		need(arguments.length, 1, "AbortSignal.any");
		const sources = [...signals];
		for (const source of sources) {
			if (typeof source !== "object" || source === null || !(#aborted in source)) {
				throw new TypeError("AbortSignal.any: not an AbortSignal");
			}
		}
		const result = makeSignal();
		for (const source of sources) {
			if (!source.#aborted) continue;
			result.#aborted = true;
			result.#reason = source.#reason;
			return result;
		}
		result.#sources = new Set();
		for (const source of sources) {
			for (const root of source.#sources ?? [source]) {
				result.#sources.add(root);
				root.#dependents.add(result);
			}
		}
		return result;
	}

	get aborted(): boolean {
		return this.#aborted;
	}
	// biome-ignore lint/suspicious/noExplicitAny: a reason is whatever the program gave.
	get reason(): any {
		return this.#reason;
	}
	throwIfAborted(): void {
		if (this.#aborted) throw this.#reason;
	}

	#abort(reason: unknown): void {
		if (this.#aborted) return;
		this.#mark(reason === undefined ? new DOMException("This operation was aborted", "AbortError") : reason);
		const dependents = [...this.#dependents].filter((dependent) => !dependent.#aborted);
		for (const dependent of dependents) dependent.#mark(this.#reason);
		this.#run();
		for (const dependent of dependents) dependent.#run();
	}

	#mark(reason: unknown): void {
		this.#aborted = true;
		this.#reason = reason;
		for (const source of this.#sources ?? []) source.#dependents.delete(this);
	}

	#run(): void {
		const algorithms = [...this.#algorithms];
		this.#algorithms.clear();
		this.#dependents.clear();
		for (const algorithm of algorithms) algorithm();
		dispatchTrusted(this, new Event("abort"));
	}
}
webInterface(AbortSignal, "AbortSignal");
handlerAttribute(AbortSignal.prototype, "abort");

/** Aborts its signal. */
export class AbortController {
	readonly #signal: AbortSignal = makeSignal();

	get signal(): AbortSignal {
		return this.#signal;
	}
	abort(reason: unknown = undefined): void {
		abortSignal(this.#signal, reason);
	}
}
webInterface(AbortController, "AbortController");
