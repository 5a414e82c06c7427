/** Names and numbers of signals, as commands are given them. */

import { signalName, signals } from "helios:process";

/** Numbers above are the statuses of programs that a signal ended. */
const STATUS_SIGNALLED = 128;

/** The signal that a word means: `9`, `KILL`, `SIGKILL`, `kill`; 0 asks only. `undefined` for what is none. */
export function signalOf(text: string): number | undefined {
	if (/^\d+$/.test(text)) {
		const number = Number(text);
		return number === 0 || signalName(number) !== undefined ? number : undefined;
	}
	const name = text.toUpperCase().replace(/^(SIG)?/, "SIG");
	return Object.hasOwn(signals, name) ? signals[name as keyof typeof signals] : undefined;
}

/** The same, and a status above 128 means the signal that ended the program. */
export function signalOrStatus(text: string): number | undefined {
	const number = /^\d+$/.test(text) ? Number(text) : 0;
	return signalOf(number > STATUS_SIGNALLED ? String(number - STATUS_SIGNALLED) : text);
}

/** The short name of a signal, as `KILL`. */
export function shortName(number: number): string {
	return number === 0 ? "EXIT" : (signalName(number)?.slice("SIG".length) ?? String(number));
}

/** Every signal's number with its short name, by number. */
export function allSignals(): [number: number, name: string][] {
	return Object.entries(signals).map(([name, number]) => [number, name.slice("SIG".length)]);
}
