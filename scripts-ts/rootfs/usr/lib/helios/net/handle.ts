/** What every socket is: a descriptor, and the calls that wait on it. */

import { type CallName, cancel, dispatch, failure, type Reply, type Request } from "helios:core";
import { SystemError } from "helios:errors";
import type { AbortSignal } from "helios:web/abort";

/** What ends a wait early. */
export interface WaitOptions {
	/** Aborting it ends the wait. */
	signal?: AbortSignal | undefined;
}

/** The descriptor of a socket. Closing it fails what waits on it with EBADF. */
export class Handle {
	readonly fd: number;
	readonly #pending = new Set<number>();
	#closed = false;

	constructor(fd: number) {
		this.fd = fd;
	}

	get closed(): boolean {
		return this.#closed;
	}

	/** Makes a call on the socket. */
	async call<N extends CallName>(name: N, request: Request<N>, signal?: AbortSignal): Promise<Reply<N>> {
		if (this.#closed) throw closedError(name);
		signal?.throwIfAborted();
		let id = 0;
		const answer = new Promise<unknown>((resolve) => {
			id = dispatch(name, request, resolve);
		});
		this.#pending.add(id);
		const withdraw = (): void => cancel(id);
		signal?.addEventListener("abort", withdraw);
		const reply = await answer;
		signal?.removeEventListener("abort", withdraw);
		this.#pending.delete(id);
		const error = failure(reply);
		if (error === undefined) return reply as Reply<N>;
		if (error.code === "ECANCELED") {
			signal?.throwIfAborted();
			if (this.#closed) throw closedError(name);
		}
		throw error;
	}

	/** Closes it. A second time does nothing. */
	async close(): Promise<void> {
		if (this.#closed) return;
		this.#closed = true;
		for (const id of this.#pending) cancel(id);
		await new Promise<void>((resolve, reject) => {
			dispatch("close", { fd: this.fd }, (reply) => {
				const error = failure(reply);
				if (error === undefined) resolve();
				else reject(error);
			});
		});
	}

	/** Leaves the descriptor to somebody else: nothing here uses it any more. */
	detach(): number {
		this.#closed = true;
		for (const id of this.#pending) cancel(id);
		return this.fd;
	}
}

function closedError(name: string): SystemError {
	return new SystemError("EBADF", "the socket is closed", name);
}
