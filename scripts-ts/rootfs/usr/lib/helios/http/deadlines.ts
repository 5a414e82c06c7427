/**
 * Deadlines that mostly do not come: one call to the machine waits for the earliest of them, and moving one later, as
 * each message does, costs nothing. They do not keep the process alive.
 */

import { abandon, dispatch, keepAlive, now } from "helios:core";

const NANOS_PER_MILLI = 1_000_000;

/** Something that is given up at some time. */
export interface Deadline {
	/** Milliseconds since the Unix epoch; infinite while there is nothing to wait for. */
	due: number;
	/** It was not moved in time. */
	expire(): void;
}

/** Deadlines that are watched together. */
export class Deadlines {
	readonly #watched = new Set<Deadline>();
	#armed: { call: number; due: number } | undefined;

	add(deadline: Deadline): void {
		this.#watched.add(deadline);
		this.#arm(deadline.due);
	}

	/** Watches one no longer. The call that waits for it goes on waiting, for the next one. */
	delete(deadline: Deadline): void {
		this.#watched.delete(deadline);
	}

	/** Moves a deadline to `milliseconds` from now. */
	move(deadline: Deadline, milliseconds: number): void {
		deadline.due = now() + milliseconds;
		if (this.#armed === undefined || deadline.due < this.#armed.due) this.#arm(deadline.due);
	}

	#arm(due: number): void {
		if (due === Number.POSITIVE_INFINITY) return;
		if (this.#armed !== undefined) {
			if (this.#armed.due <= due) return;
			abandon(this.#armed.call);
		}
		const ns = Math.max(0, due - now()) * NANOS_PER_MILLI;
		const call = dispatch("sleep", { ns }, () => this.#wake());
		keepAlive(call, false);
		this.#armed = { call, due };
	}

	#wake(): void {
		this.#armed = undefined;
		let next = Number.POSITIVE_INFINITY;
		for (const deadline of [...this.#watched]) {
			if (deadline.due <= now()) deadline.expire();
			else next = Math.min(next, deadline.due);
		}
		this.#arm(next);
	}
}
