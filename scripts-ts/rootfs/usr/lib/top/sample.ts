/** What `top` shows at one moment: the machine's processes, and what they did since the moment before. */

import { info } from "helios:sys";
import { now } from "helios:time";
import { bootMs, upFor } from "/usr/lib/procs/format.ts";
import { load, type Process, processes } from "/usr/lib/procs/list.ts";
import { users } from "/usr/lib/users/accounts.ts";

/** A process, with its share of the CPU since the last look. */
export interface Task extends Process {
	user: string;
	/** Tenths of a per cent. */
	share: number;
}

/** One look. */
export interface Sample {
	atMs: number;
	tasks: Task[];
	/** What the first line says. */
	summary: string;
	memoryBytes: number;
	memoryUsedBytes: number;
}

function clockTime(ms: number): string {
	return new Date(ms).toISOString().slice(11, 19);
}

/** Looks at the machine. The first time shares are those of the last second. */
export async function sample(before: Sample | undefined): Promise<Sample> {
	const [list, people, machine, loads, boot] = await Promise.all([processes(), users(), info(), load(), bootMs()]);
	const atMs = now();
	const names = new Map(people.map((user) => [user.uid, user.name]));
	const then = new Map(before?.tasks.map((task) => [task.pid, task]));
	const elapsed = atMs - (before?.atMs ?? atMs);
	const tasks = list.map((process): Task => {
		const old = then.get(process.pid);
		const known = old !== undefined && old.startMs === process.startMs && elapsed > 0;
		const share = known ? Math.round(((process.cpuMs - old.cpuMs) * 1000) / elapsed) : process.cpuPermille;
		return { ...process, user: names.get(process.uid) ?? String(process.uid), share: Math.max(0, share) };
	});
	const sessions = list.filter((process) => process.tty !== "?" && process.sid === process.pid).length;
	const who = `${sessions} user${sessions === 1 ? "" : "s"}`;
	return {
		atMs,
		tasks,
		summary: `top - ${clockTime(atMs)} up ${upFor(atMs - boot)},  ${who},  load average: ${loads.averages.join(", ")}`,
		memoryBytes: machine.memoryBytes,
		memoryUsedBytes: machine.memoryUsedBytes,
	};
}
