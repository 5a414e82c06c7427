/** The lines that `top` shows: a summary of the machine, and its processes in columns. */

import { percent } from "/usr/lib/procs/format.ts";
import type { Sample, Task } from "/usr/lib/top/sample.ts";
import { BOLD, PLAIN, REVERSE, type Span } from "/usr/lib/tui/style.ts";
import { clip, fit, printable } from "/usr/lib/tui/text.ts";

/** What can be sorted by, and the key that chooses it. */
export type SortKey = "P" | "M" | "N" | "T";

/** How processes are chosen and shown. */
export interface Choice {
	sort: SortKey;
	reversed: boolean;
	/** Whole command lines. */
	commands: boolean;
	/** Only processes at work. */
	busy: boolean;
	/** Only this user's, named or numbered. */
	user: string | undefined;
	/** Only these. */
	pids: readonly number[] | undefined;
}

const ORDERS: Record<SortKey, (a: Task, b: Task) => number> = {
	P: (a, b) => b.share - a.share,
	M: (a, b) => b.memBytes - a.memBytes,
	N: (a, b) => b.pid - a.pid,
	T: (a, b) => b.cpuMs - a.cpuMs,
};

const HEADING = "  PID USER      PR  NI     RES S  %CPU  %MEM     TIME+ COMMAND";
/** Where the heading of each order stands. */
const HEADING_WORDS: Record<SortKey, string> = { P: "%CPU", M: "%MEM", N: "PID", T: "TIME+" };
const MIB = 1024 * 1024;

/** The processes to show, in order. */
export function chosen(sample: Sample, choice: Choice): Task[] {
	const { user, pids } = choice;
	const shown = sample.tasks.filter((task) => {
		if (user !== undefined && task.user !== user && String(task.uid) !== user) return false;
		if (pids !== undefined && !pids.includes(task.pid)) return false;
		return !choice.busy || task.share > 0 || task.state === "R";
	});
	const order = ORDERS[choice.sort];
	shown.sort((a, b) => order(a, b) || a.pid - b.pid);
	return choice.reversed ? shown.reverse() : shown;
}

function mib(bytes: number): string {
	return (bytes / MIB).toFixed(1);
}

function size(bytes: number): string {
	const kib = Math.ceil(bytes / 1024);
	return kib < 1_000_000 ? String(kib) : `${(bytes / MIB).toFixed(0)}m`;
}

/** CPU time as `0:03.25`. */
function cpuTime(ms: number): string {
	const hundredths = Math.floor(ms / 10);
	const minutes = Math.floor(hundredths / 6000);
	return `${minutes}:${((hundredths % 6000) / 100).toFixed(2).padStart(5, "0")}`;
}

/** The lines above the processes. */
export function summary(sample: Sample): string[] {
	const count = (...states: string[]): number => sample.tasks.filter((task) => states.includes(task.state)).length;
	const tasks = [
		`${sample.tasks.length} total`,
		`${count("R")} running`,
		`${count("S", "D", "I")} sleeping`,
		`${count("T", "t")} stopped`,
		`${count("Z")} zombie`,
	];
	const used = Math.min(
		1000,
		sample.tasks.reduce((sum, task) => sum + task.share, 0),
	);
	const free = sample.memoryBytes - sample.memoryUsedBytes;
	return [
		sample.summary,
		`Tasks: ${tasks.join(", ")}`,
		`%Cpu(s): ${percent(used).padStart(5)} used, ${percent(1000 - used).padStart(5)} idle`,
		`MiB Mem : ${mib(sample.memoryBytes)} total, ${mib(free)} free, ${mib(sample.memoryUsedBytes)} used`,
	];
}

/** One process. */
export function taskLine(task: Task, choice: Choice): string {
	const command = choice.commands ? task.command : task.name;
	return [
		String(task.pid).padStart(5),
		fit(task.user, 8),
		String(20 + task.nice).padStart(3),
		String(task.nice).padStart(3),
		size(task.memBytes).padStart(7),
		task.state,
		percent(task.share).padStart(5),
		percent(task.memPermille).padStart(5),
		cpuTime(task.cpuMs).padStart(9),
		printable(command === "" ? `[${task.pid}]` : command),
	].join(" ");
}

/** The line above the columns. */
export function heading(): string {
	return HEADING;
}

/** The same for a screen, with what is sorted by in bold. */
export function headingSpans(choice: Choice, columns: number): Span[] {
	const word = HEADING_WORDS[choice.sort];
	const at = HEADING.indexOf(word);
	const rest = fit(HEADING.slice(at + word.length), Math.max(0, columns - at - word.length));
	return [
		[HEADING.slice(0, at), REVERSE],
		[word, REVERSE | BOLD],
		[rest, REVERSE],
	];
}

/** A process for a screen: those at work stand out. */
export function taskSpans(task: Task, choice: Choice, columns: number): Span[] {
	return [[clip(taskLine(task, choice), columns), task.state === "R" ? BOLD : PLAIN]];
}
