/**
 * The processes of the machine, as `/proc` tells of them: the one reader that `ps`, `pstree`, `top`, `pgrep` and
 * their like share.
 */

import { readdir, readTextFile } from "helios:fs";
import { inParallel } from "/usr/lib/files/parallel.ts";

/** A process. */
export interface Process {
	pid: number;
	/** Its arguments, joined by blanks; the program's name first. */
	command: string;
	/** The last component of the program's name. */
	name: string;
	/** `R` running or ready, `S` waiting, `T` stopped, `Z` ended and not waited for. */
	state: string;
	ppid: number;
	/** Effective user. */
	uid: number;
	/** Share of the CPU in the last second, in tenths of a per cent. */
	cpuPermille: number;
	/** Share of the machine's memory, likewise. */
	memPermille: number;
	/** Its terminal's device name, or `?`. */
	tty: string;
	/** When it began, since boot. */
	startMs: number;
	cpuMs: number;
	memBytes: number;
	threads: number;
	/** Process group. */
	pgid: number;
	/** Session. */
	sid: number;
	/** -20 (first) to 19 (last). */
	nice: number;
}

/** Reads a line of `/proc/PID/stat`. Fields that a kernel does not have are 0. */
export function parseStat(text: string): Process {
	const open = text.indexOf("(");
	// The command is whatever lies between the first and the last parenthesis.
	const close = text.lastIndexOf(")");
	const fields = text
		.slice(close + 1)
		.trim()
		.split(" ");
	const number = (at: number): number => Number(fields[at] ?? 0) || 0;
	const command = text.slice(open + 1, close);
	const [program = ""] = command.split(" ", 1);
	return {
		pid: Number(text.slice(0, open)),
		command,
		name: program.slice(program.lastIndexOf("/") + 1),
		state: fields[0] ?? "?",
		ppid: number(1),
		uid: number(2),
		cpuPermille: number(3),
		memPermille: number(4),
		tty: fields[5] ?? "?",
		startMs: number(6),
		cpuMs: number(7),
		memBytes: number(8),
		threads: number(9),
		pgid: number(10),
		sid: number(11),
		nice: number(12),
	};
}

/** One process, or `undefined` where there is none with this number. */
export async function processOf(pid: number | string): Promise<Process | undefined> {
	try {
		return parseStat(await readTextFile(`/proc/${pid}/stat`));
	} catch {
		// It ended while it was looked at, or never was.
		return undefined;
	}
}

/** Every process, by number. */
export async function processes(): Promise<Process[]> {
	const pids = (await readdir("/proc")).map((entry) => entry.name).filter((name) => /^\d+$/.test(name));
	const found = await inParallel(pids, processOf);
	return found.filter((each) => each !== undefined).sort((a, b) => a.pid - b.pid);
}

/** The children of each process, by the parent's number, in the order of `list`. */
export function childrenOf(list: readonly Process[]): Map<number, Process[]> {
	const children = new Map<number, Process[]>();
	for (const each of list) {
		const siblings = children.get(each.ppid);
		if (siblings === undefined) children.set(each.ppid, [each]);
		else siblings.push(each);
	}
	return children;
}

/** The lines of `/proc/PID/status`, by name; empty where there is no such process. */
export async function statusOf(pid: number): Promise<Map<string, string>> {
	const text = await readTextFile(`/proc/${pid}/status`).catch(() => "");
	const lines = text.split("\n").filter((line) => line.includes(":"));
	return new Map(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]));
}

/** Arguments of a process, the program's name first; none of one that ended. */
export async function argumentsOf(pid: number): Promise<string[]> {
	const text = await readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
	return text.split("\0").slice(0, -1);
}

/** Three load averages, and how many processes are ready and there are. */
export async function load(): Promise<{ averages: string[]; ready: number; all: number }> {
	const [one = "0.00", five = "0.00", fifteen = "0.00", counts = "0/0"] = (
		await readTextFile("/proc/loadavg").catch(() => "")
	).split(/\s+/);
	const [ready = 0, all = 0] = counts.split("/").map(Number);
	return { averages: [one, five, fifteen], ready, all };
}
