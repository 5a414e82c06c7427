/** How a shell takes signals: the commands of `trap`, and SIGINT at a terminal. */

import { ignore, on, type Signal, signalName, signals } from "helios:process";

/** Signals that an interactive shell does not die of or stop by, and its children do. */
export const IGNORED_BY_DIALOGUE: readonly Signal[] = ["SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGQUIT", "SIGTERM"];

/** Traps that are no signals. */
export const PSEUDO_SIGNALS: readonly string[] = ["EXIT", "DEBUG", "ERR", "RETURN"];

/** The trap that a word means: `EXIT` or `0`, `INT`, `SIGINT`, `2`; `undefined` where it means none. */
export function trapName(word: string): string | undefined {
	if (/^\d+$/.test(word)) return word === "0" ? "EXIT" : signalName(Number(word));
	const upper = word.toUpperCase();
	if (PSEUDO_SIGNALS.includes(upper)) return upper;
	const name = upper.startsWith("SIG") ? upper : `SIG${upper}`;
	return Object.hasOwn(signals, name) ? name : undefined;
}

/** The signals of a process whose shells it runs. */
export class Signals {
	/** Signals that have come and whose traps wait to be run. */
	readonly pending: Signal[] = [];
	/** SIGINT has come since it was last set to `false`, and nothing traps it. */
	interrupted = false;
	/** Called at each SIGINT that nothing traps. */
	onInterrupt: (() => void) | undefined;
	/** Whether this is a dialogue, which signals do not end. */
	#dialogue = false;
	readonly #off = new Map<Signal, () => void>();
	readonly #waiters = new Set<(signal: Signal) => void>();
	readonly #trapped = new Set<Signal>();
	/** Signals that are ignored because a trap says so. */
	readonly ignored = new Set<Signal>();

	/** Begins a dialogue. */
	beginDialogue(): void {
		this.#dialogue = true;
		for (const signal of IGNORED_BY_DIALOGUE) if (!this.#trapped.has(signal)) void ignore(signal);
		this.#settle("SIGINT");
	}

	/** What children have to get back to its default. */
	get defaults(): readonly Signal[] {
		return this.#dialogue
			? ["SIGINT" as Signal, ...IGNORED_BY_DIALOGUE].filter((signal) => !this.ignored.has(signal))
			: [];
	}

	/** Has a signal noted for its trap, ignored, or taken as it is without one. */
	trap(signal: Signal, action: "handle" | "ignore" | "default"): void {
		this.#trapped.delete(signal);
		this.ignored.delete(signal);
		if (action === "handle") this.#trapped.add(signal);
		if (action === "ignore") this.ignored.add(signal);
		this.#settle(signal);
	}

	#settle(signal: Signal): void {
		this.#off.get(signal)?.();
		this.#off.delete(signal);
		const handled = this.#trapped.has(signal) || (signal === "SIGINT" && this.#dialogue && !this.ignored.has(signal));
		if (handled)
			this.#off.set(
				signal,
				on(signal, () => this.#come(signal)),
			);
		else if (this.ignored.has(signal) || (this.#dialogue && IGNORED_BY_DIALOGUE.includes(signal))) void ignore(signal);
		else if (signal === "SIGPIPE")
			this.#off.set(
				signal,
				on(signal, () => undefined),
			);
		else void ignore(signal, false);
	}

	#come(signal: Signal): void {
		if (this.#trapped.has(signal)) this.pending.push(signal);
		else this.interrupted = true;
		for (const tell of this.#waiters) tell(signal);
		if (!this.#trapped.has(signal)) this.onInterrupt?.();
	}

	/** Waits for `work`, but no longer than until a signal comes: then answers the signal. */
	async until<T>(work: Promise<T>): Promise<T | { signal: Signal }> {
		let tell = (_: Signal): void => {};
		const came = new Promise<{ signal: Signal }>((resolve) => {
			tell = (signal) => resolve({ signal });
		});
		this.#waiters.add(tell);
		try {
			return await Promise.race([work, came]);
		} finally {
			this.#waiters.delete(tell);
		}
	}
}
