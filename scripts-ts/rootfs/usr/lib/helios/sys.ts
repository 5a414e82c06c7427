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

/** Sets the machine's host name. Needs `sys:hostname`. EINVAL, EPERM. */
export async function setHostname(name: string): Promise<void> {
	await call("sethostname", { name });
}

/** Switches the machine off at once; with `reboot` it boots at the next tick. Needs `sys:power`. EPERM. */
export async function power(action: "off" | "halt" | "reboot"): Promise<void> {
	await call("power", { action });
}

/** Writes a line to the kernel's log, which `dmesg` shows. Needs `sys:log`. EPERM. */
export async function klog(text: string): Promise<void> {
	await call("klog", { text });
}

/**
 * Hashes a password, in the PHC string format; under the salt and costs of `setting` where one is given: equal answers
 * mean equal passwords. It costs as much CPU as it should. EINVAL for a setting that is no hash.
 */
export function hashPassword(password: string, setting?: string): Promise<string> {
	return call("password_hash", { password, ...(setting === undefined ? {} : { setting }) });
}
