/** `helios:sys`: the machine, and what other processes ask of it. */

import { call } from "helios:core";
import type { SystemInfo } from "helios-abi";

export type { SystemInfo } from "helios-abi";

/** Lines that one `trace_read` takes at most. */
const TRACE_LINES = 256;

/** The machine: name, release, uptime, memory, speed. */
export function info(): Promise<SystemInfo> {
	return call("system_info", {});
}

/** The calls that a process makes from now on, a line each, until it ends. ESRCH, EPERM, EBUSY. */
export async function* trace(pid: number): AsyncGenerator<string, void, undefined> {
	await call("trace_attach", { pid });
	for (;;) {
		const { lines, dropped, ended } = await call("trace_read", { pid, max: TRACE_LINES });
		if (dropped > 0) yield `--- ${dropped} lines lost ---`;
		yield* lines;
		if (ended) return;
	}
}
