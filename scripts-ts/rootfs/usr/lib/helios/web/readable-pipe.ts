/** Piping a readable stream into a writable one (Streams, 4.9.1, `ReadableStreamPipeTo`). */

import { AbortSignal, onAbort } from "helios:web/abort";
import { dictionary } from "helios:web/idl";
import { all, defer, quiet, settled, upon } from "helios:web/promises";
import type { ReadableCore } from "helios:web/readable-core";
import type { WritableCore } from "helios:web/writable-core";

/** What a pipe does at its ends. */
export interface PipeOptions {
	preventAbort?: boolean;
	preventCancel?: boolean;
	preventClose?: boolean;
	signal?: AbortSignal;
}

/** Reads and checks the options, in the order in which Web IDL does. */
export function pipeOptions(given: PipeOptions | undefined): PipeOptions {
	const options = dictionary<PipeOptions>(given, "pipeTo");
	const preventAbort = Boolean(options.preventAbort);
	const preventCancel = Boolean(options.preventCancel);
	const preventClose = Boolean(options.preventClose);
	const { signal } = options;
	if (signal !== undefined && !(signal instanceof AbortSignal)) throw new TypeError("signal is not an AbortSignal");
	return { preventAbort, preventCancel, preventClose, ...(signal === undefined ? {} : { signal }) };
}

/** One pipe under way. */
class Pipe {
	readonly #source: ReadableCore;
	readonly #target: WritableCore;
	readonly #reader;
	readonly #writer;
	readonly #done = defer<void>();
	#shuttingDown = false;
	#lastWrite: Promise<void> = Promise.resolve();
	#unlisten: (() => void) | undefined;

	constructor(source: ReadableCore, target: WritableCore) {
		this.#source = source;
		this.#target = target;
		this.#reader = source.acquire();
		this.#writer = target.acquire();
		source.disturbed = true;
	}

	run(options: PipeOptions): Promise<void> {
		if (options.signal !== undefined && !this.#watchSignal(options.signal, options)) return this.#done.promise;
		this.#watchEnds(options);
		void this.#pump();
		return this.#done.promise;
	}

	/** Answers whether the pipe begins at all. */
	#watchSignal(signal: AbortSignal, options: PipeOptions): boolean {
		const abort = (): void => {
			const error: unknown = signal.reason;
			const actions: (() => Promise<unknown>)[] = [];
			if (options.preventAbort !== true) {
				actions.push(() => (this.#target.state === "writable" ? this.#target.abort(error) : Promise.resolve()));
			}
			if (options.preventCancel !== true) {
				actions.push(() => (this.#source.state === "readable" ? this.#source.cancel(error) : Promise.resolve()));
			}
			this.#shutdown(() => all(actions.map((action) => action())), { error });
		};
		if (signal.aborted) {
			abort();
			return false;
		}
		this.#unlisten = onAbort(signal, abort);
		return true;
	}

	/** Watches how either end closes or fails; the conditions are the standard's, in its order. */
	#watchEnds(options: PipeOptions): void {
		const source = this.#source;
		const target = this.#target;
		const sourceFailed = (): void => {
			const error = source.storedError;
			this.#shutdown(options.preventAbort === true ? undefined : () => target.abort(error), { error });
		};
		const targetFailed = (): void => {
			const error = target.storedError;
			this.#shutdown(options.preventCancel === true ? undefined : () => source.cancel(error), { error });
		};
		const sourceClosed = (): void => {
			this.#shutdown(options.preventClose === true ? undefined : () => target.closePropagating());
		};
		if (source.state === "errored") sourceFailed();
		else upon(this.#reader.closed.promise, () => {}, sourceFailed);
		if (target.state === "errored") targetFailed();
		else upon(this.#writer.closed.promise, () => {}, targetFailed);
		if (source.state === "closed") sourceClosed();
		else upon(this.#reader.closed.promise, sourceClosed);
		if (target.closeQueuedOrInFlight || target.state === "closed") {
			const error = new TypeError("The destination closed before the source");
			this.#shutdown(options.preventCancel === true ? undefined : () => source.cancel(error), { error });
		}
	}

	async #pump(): Promise<void> {
		while (!this.#shuttingDown) {
			await settled(this.#writer.ready.promise);
			if (this.#shuttingDown || !(await this.#step())) return;
		}
	}

	/** Moves one chunk. Answers whether there may be more. */
	#step(): Promise<boolean> {
		const { promise, resolve } = defer<boolean>();
		if (this.#reader.stream === undefined) return Promise.resolve(false);
		this.#source.read({
			chunk: (chunk) => {
				this.#lastWrite = this.#target.write(this.#writer, chunk);
				quiet(this.#lastWrite);
				resolve(true);
			},
			close: () => resolve(false),
			error: () => resolve(false),
		});
		return promise;
	}

	async #allWritten(): Promise<void> {
		for (;;) {
			const last = this.#lastWrite;
			await settled(last);
			if (last === this.#lastWrite) return;
		}
	}

	#shutdown(action: (() => Promise<unknown>) | undefined, failed?: { error: unknown }): void {
		if (this.#shuttingDown) return;
		this.#shuttingDown = true;
		const act = (): void => {
			if (action === undefined) {
				this.#finalize(failed);
				return;
			}
			upon(
				action(),
				() => this.#finalize(failed),
				(error) => this.#finalize({ error }),
			);
		};
		if (this.#target.state === "writable" && !this.#target.closeQueuedOrInFlight) {
			upon(this.#allWritten(), act);
		} else act();
	}

	#finalize(failed: { error: unknown } | undefined): void {
		this.#target.release(this.#writer);
		this.#source.release(this.#reader);
		this.#unlisten?.();
		if (failed === undefined) this.#done.resolve(undefined);
		else this.#done.reject(failed.error);
	}
}

/** Pipes `source` into `target`; both are locked until it ends. */
export function pipe(source: ReadableCore, target: WritableCore, options: PipeOptions): Promise<void> {
	return new Pipe(source, target).run(options);
}
