/** What `uname`, `arch` and `nproc` say of the machine. */

import { readTextFile } from "helios:fs";
import { info } from "helios:sys";

/** What programs are made for: there is one kind of machine. */
export const MACHINE = "v8";

/** The names of the machine, as POSIX's `uname` has them. */
export async function machineNames(): Promise<{ system: string; node: string; release: string; version: string }> {
	const { sysname, hostname, release } = await info();
	const text = await readTextFile("/proc/version").catch(() => "");
	return { system: sysname, node: hostname, release, version: /\(.*\)/.exec(text)?.[0] ?? sysname };
}

/** How many processors there are. */
export async function processors(): Promise<number> {
	const text = await readTextFile("/proc/cpuinfo").catch(() => "");
	return Math.max(1, text.split("\n").filter((line) => /^processor\s*:/.test(line)).length);
}
