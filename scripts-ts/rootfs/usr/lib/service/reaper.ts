/** Waits for everything that ends below `init`: its own services, and whatever lost its parent. */

import { type Child, on, type SpawnRequest, spawn, type WaitStatus, wait } from "helios:process";
import { failedWith } from "/usr/lib/sh/cli.ts";

/** A child that this reaper will tell of. */
export interface Started {
	child: Child;
	ended: Promise<WaitStatus>;
}

/** The only one in the process who calls `wait`. */
export class Reaper {
	readonly #waiting = new Map<number, (status: WaitStatus) => void>();
	/** Ends that came while a child was being started, and before it was known by its number. */
	readonly #early = new Map<number, WaitStatus>();
	readonly #strangers: (status: WaitStatus) => void;
	#starting = 0;
	#changed: () => void = () => undefined;

	/** `strangers` hears of those that nobody started here. */
	constructor(strangers: (status: WaitStatus) => void) {
		this.#strangers = strangers;
		on("SIGCHLD", () => this.#changed());
	}

	/** Starts a program; fails as `spawn` does. */
	async start(request: SpawnRequest): Promise<Started> {
		this.#starting++;
		let child: Child;
		try {
			child = await spawn(request);
		} finally {
			this.#starting--;
		}
		const early = this.#early.get(child.pid);
		const ended =
			early === undefined
				? new Promise<WaitStatus>((resolve) => this.#waiting.set(child.pid, resolve))
				: Promise.resolve(early);
		if (this.#starting === 0) this.#early.clear();
		this.#changed();
		return { child, ended };
	}

	/** Reaps for ever. Without children there is nothing to wait for but SIGCHLD, or a start. */
	async run(): Promise<never> {
		for (;;) {
			const changed = new Promise<void>((resolve) => {
				this.#changed = resolve;
			});
			try {
				const status = await wait();
				if (status !== null) this.#ended(status);
			} catch (error) {
				if (!failedWith(error, "ECHILD")) throw error;
				await changed;
			}
		}
	}

	#ended(status: WaitStatus): void {
		const resolve = this.#waiting.get(status.pid);
		this.#waiting.delete(status.pid);
		if (resolve !== undefined) resolve(status);
		else {
			if (this.#starting > 0) this.#early.set(status.pid, status);
			this.#strangers(status);
		}
	}
}
