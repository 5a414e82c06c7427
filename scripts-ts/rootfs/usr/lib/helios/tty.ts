/** `helios:tty`: terminals. */

import { call } from "helios:core";
import { isSystemError } from "helios:errors";
import { isDevice } from "helios:fs";

/** Major number of terminal devices, as on Linux. */
const TTY_MAJOR = 4;
const CONSOLE_MAJOR = 5;

/** Whether a descriptor is a terminal. A descriptor that is not open is none. */
export async function isatty(fd: number): Promise<boolean> {
	try {
		const stat = await call("fstat", { fd });
		const major = stat.rdev >>> 8;
		return isDevice(stat) && (major === TTY_MAJOR || major === CONSOLE_MAJOR);
	} catch (error) {
		if (isSystemError(error, "EBADF")) return false;
		throw error;
	}
}

/** The process's terminal as a path, as `/dev/tty0`; `null` without one. */
export async function ttyname(): Promise<string | null> {
	const { tty } = await call("process_info", {});
	if (tty === null || tty === undefined) return null;
	return tty.startsWith("/") ? tty : `/dev/${tty}`;
}
