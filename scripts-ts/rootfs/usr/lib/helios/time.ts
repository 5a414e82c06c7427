/** `helios:time`: the machine's virtual time. It stands still while a program computes and passes while it waits. */

import { callWith, epoch, now as slice } from "helios:core";

const NANOS_PER_MILLI = 1_000_000;

/** What ends a wait early. */
export interface SleepOptions {
	/** Aborting it rejects the wait with its reason. */
	signal?: AbortSignal;
}

/** Waits for `ns` nanoseconds. */
export async function sleepNs(ns: number, options: SleepOptions = {}): Promise<void> {
	await callWith("sleep", { ns: Math.max(0, Math.trunc(ns)) }, options.signal);
}

/** Waits for `ms` milliseconds, which need not be whole. */
export function sleep(ms: number, options: SleepOptions = {}): Promise<void> {
	return sleepNs(Math.round(ms * NANOS_PER_MILLI), options);
}

/** Milliseconds since the Unix epoch, as `Date.now()`. */
export function now(): number {
	return slice();
}

/** Nanoseconds since the world began. */
export function monotonicNs(): number {
	return (slice() - epoch()) * NANOS_PER_MILLI;
}
