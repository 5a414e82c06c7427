/** `helios:sys`: the machine, and what other processes ask of it. */

import { call, epoch } from "helios:core";
import type { SnapshotInfo, SystemInfo } from "helios-abi";

export type { SnapshotInfo, SystemInfo } from "helios-abi";

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

/**
 * Takes an image of the machine as it is at the end of this tick, and answers its handle, which is good until the next
 * one: `saveSnapshot` keeps it. Needs `sys:snapshot`. EPERM, EFBIG, ENOSPC.
 */
export function snapshot(): Promise<SnapshotInfo> {
	return call("snapshot", {});
}

/**
 * Keeps an image of the machine in a slot, `auto` without a name: one of the end of this tick, or the one that `blob` is
 * the handle of. When the machine is put back to it this goes on once more, there, with `restored`. Needs
 * `sys:snapshot`. EINVAL, ENOENT, EDQUOT, ENOSPC, EFBIG, EPERM.
 */
export function saveSnapshot(name?: string, blob?: string): Promise<SnapshotInfo> {
	const image = blob === undefined ? {} : { blob };
	return name === undefined ? call("save_snapshot", image) : call("save_snapshot_named", { name, ...image });
}

/**
 * Puts the machine back to the image of a slot, `auto` without a name, at the next tick. Comes back only with an error.
 * Needs `sys:snapshot`. ENOENT, EINVAL, EIO, EPERM.
 */
export async function loadSnapshot(name = "auto"): Promise<never> {
	await call("load_snapshot_named", { name });
	throw new Error("the machine was put back, and this goes on");
}

/** A slot that keeps an image of the machine. */
export interface Slot {
	/** Its name. */
	name: string;
	/** The image's handle. */
	blob: string;
	/** Bytes that it takes beside the files' contents. */
	bytes: number;
	/** When it was taken, in milliseconds since the Unix epoch. */
	takenMs: number;
	/** The user who saved it. */
	uid: number;
}

/** The machine's slots, by name. Needs `sys:snapshot`. EPERM. */
export async function snapshots(): Promise<Slot[]> {
	const found = await call("list_snapshots", {});
	return found.map(({ tick, ...slot }) => ({ ...slot, takenMs: epoch() + tick }));
}

/** Empties a slot. Needs `sys:snapshot`. ENOENT, EINVAL, EPERM. */
export async function removeSnapshot(name: string): Promise<void> {
	await call("remove_snapshot", { name });
}
