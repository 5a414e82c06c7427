/** What `ps` can show of a process: columns by their keywords. */

import { clock, minutes, percent } from "/usr/lib/procs/format.ts";
import type { Process } from "/usr/lib/procs/list.ts";

/** What the columns need besides the process. */
export interface Surroundings {
	user(uid: number): string;
	nowMs: number;
	bootMs: number;
	/** The terminal that is looked from, and its foreground group; none without a terminal. */
	tty: string | undefined;
	foreground: number;
	/** What stands before a command: branches of the forest. */
	branch(process: Process): string;
}

/** A column. */
export interface Column {
	title: string;
	width: number;
	/** Numbers stand to the right. */
	right: boolean;
	show(process: Process, around: Surroundings): string;
}

const DAY_MS = 86_400_000;
/** What niceness 0 is in the priorities that people know. */
const PRIORITY = 20;

function commandOf(process: Process, words: string, around: Surroundings): string {
	return around.branch(process) + words + (process.state === "Z" ? " <defunct>" : "");
}

/** State, and what is remarkable: niceness, leading a session, being in the foreground. */
function statOf(process: Process, around: Surroundings): string {
	const nice = process.nice < 0 ? "<" : process.nice > 0 ? "N" : "";
	const leader = process.sid !== 0 && process.sid === process.pid ? "s" : "";
	const front = process.tty !== "?" && process.tty === around.tty && process.pgid === around.foreground ? "+" : "";
	return process.state + nice + leader + front;
}

/** When it began: the time of day if that is today, else the day. */
function startOf(process: Process, around: Surroundings): string {
	const began = new Date(around.bootMs + process.startMs);
	if (around.nowMs - began.getTime() < DAY_MS) return began.toISOString().slice(11, 16);
	return began.toUTCString().replace(/^\w+, (\d+) (\w+).*/, "$2$1");
}

function fullStart(process: Process, around: Surroundings): string {
	const text = new Date(around.bootMs + process.startMs).toUTCString();
	return text.replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+).*/, "$1 $3 $2 $5 $4");
}

function number(title: string, width: number, value: (process: Process, around: Surroundings) => number): Column {
	return { title, width, right: true, show: (process, around) => String(value(process, around)) };
}

function text(title: string, width: number, show: Column["show"], right = false): Column {
	return { title, width, right, show };
}

const pid = number("PID", 5, (process) => process.pid);
const user = text("USER", 8, (process, around) => around.user(process.uid));
const cpu = text("%CPU", 4, (process) => percent(process.cpuPermille), true);
const memory = text("%MEM", 4, (process) => percent(process.memPermille), true);
const size = number("VSZ", 6, (process) => Math.ceil(process.memBytes / 1024));
const resident = number("RSS", 5, (process) => Math.ceil(process.memBytes / 1024));
const group = number("PGID", 5, (process) => process.pgid);
const session = number("SID", 5, (process) => process.sid);
const time = text("TIME", 8, (process) => clock(process.cpuMs), true);
const args = text("COMMAND", 7, (process, around) => commandOf(process, process.command, around));
const name = text("COMMAND", 15, (process, around) => commandOf(process, process.name, around));
const tty = text("TT", 8, (process) => process.tty);
const elapsed = (process: Process, around: Surroundings): number =>
	Math.max(0, around.nowMs - around.bootMs - process.startMs);

/** Every column by its keywords. */
export const COLUMNS: Readonly<Record<string, Column>> = {
	pid,
	ppid: number("PPID", 5, (process) => process.ppid),
	pgid: group,
	pgrp: { ...group, title: "PGRP" },
	sid: session,
	sess: { ...session, title: "SESS" },
	session: { ...session, title: "SESS" },
	user,
	uname: user,
	euser: { ...user, title: "EUSER" },
	ruser: { ...user, title: "RUSER" },
	uid: number("UID", 5, (process) => process.uid),
	euid: number("EUID", 5, (process) => process.uid),
	"%cpu": cpu,
	pcpu: cpu,
	c: number("C", 2, (process) => Math.floor(process.cpuPermille / 10)),
	"%mem": memory,
	pmem: memory,
	vsz: size,
	vsize: size,
	rss: resident,
	rssize: resident,
	sz: number("SZ", 5, (process) => Math.ceil(process.memBytes / 4096)),
	tty: { ...tty, title: "TTY" },
	tt: tty,
	tname: { ...tty, title: "TTY" },
	state: text("S", 1, (process) => process.state),
	s: text("S", 1, (process) => process.state),
	stat: text("STAT", 4, statOf),
	start: text("STARTED", 8, startOf, true),
	start_time: text("START", 5, startOf),
	stime: text("STIME", 5, startOf),
	lstart: text("STARTED", 24, fullStart, true),
	time,
	cputime: time,
	bsdtime: text("TIME", 6, (process) => minutes(process.cpuMs), true),
	etime: text("ELAPSED", 11, (process, around) => clock(elapsed(process, around), true), true),
	etimes: number("ELAPSED", 7, (process, around) => Math.floor(elapsed(process, around) / 1000)),
	ni: number("NI", 3, (process) => process.nice),
	nice: number("NI", 3, (process) => process.nice),
	pri: number("PRI", 3, (process) => PRIORITY - 1 - process.nice),
	priority: number("PRI", 3, (process) => PRIORITY + process.nice),
	nlwp: number("NLWP", 4, (process) => process.threads),
	thcount: number("THCNT", 5, (process) => process.threads),
	args,
	command: args,
	cmd: { ...args, title: "CMD" },
	comm: name,
	ucmd: { ...name, title: "CMD" },
	ucomm: name,
};

/** The keyword by which `--sort` compares numbers. */
const NUMBERS: Readonly<Record<string, (process: Process) => number>> = {
	pid: (process) => process.pid,
	ppid: (process) => process.ppid,
	pgid: (process) => process.pgid,
	sid: (process) => process.sid,
	uid: (process) => process.uid,
	"%cpu": (process) => process.cpuPermille,
	pcpu: (process) => process.cpuPermille,
	cpu: (process) => process.cpuPermille,
	c: (process) => process.cpuPermille,
	"%mem": (process) => process.memBytes,
	pmem: (process) => process.memBytes,
	mem: (process) => process.memBytes,
	rss: (process) => process.memBytes,
	vsz: (process) => process.memBytes,
	size: (process) => process.memBytes,
	time: (process) => process.cpuMs,
	cputime: (process) => process.cpuMs,
	start: (process) => process.startMs,
	start_time: (process) => process.startMs,
	stime: (process) => process.startMs,
	etime: (process) => -process.startMs,
	etimes: (process) => -process.startMs,
	ni: (process) => process.nice,
	nice: (process) => process.nice,
	pri: (process) => -process.nice,
	nlwp: (process) => process.threads,
};

/** Compares two processes by a keyword, or `undefined` where there is no such keyword. */
export function comparison(keyword: string, around: Surroundings): ((a: Process, b: Process) => number) | undefined {
	const value = NUMBERS[keyword];
	if (value !== undefined) return (a, b) => value(a) - value(b);
	const column = Object.hasOwn(COLUMNS, keyword) ? COLUMNS[keyword] : undefined;
	if (column === undefined) return undefined;
	const plain = { ...around, branch: () => "" };
	return (a, b) => {
		const [left, right] = [column.show(a, plain), column.show(b, plain)];
		return left < right ? -1 : left > right ? 1 : 0;
	};
}

/** The lines of a table: the heading, and one for each process. Columns are as wide as what is in them. */
export function tableOf(
	list: readonly Process[],
	columns: readonly Column[],
	around: Surroundings,
	heading: boolean,
): string[] {
	const rows = list.map((process) => columns.map((column) => column.show(process, around)));
	if (heading) rows.unshift(columns.map((column) => column.title));
	const titled = columns.some((column) => column.title !== "");
	const widths = columns.map((column, at) =>
		rows.reduce((most, row) => Math.max(most, row[at]?.length ?? 0), titled ? column.width : 0),
	);
	return rows.map((row) =>
		row
			.map((cell, at) => {
				if (columns[at]?.right === true) return cell.padStart(widths[at] ?? 0);
				return at === columns.length - 1 ? cell : cell.padEnd(widths[at] ?? 0);
			})
			.join(" "),
	);
}

/** Puts children behind their parents, with branches. Those whose parents are not shown are roots. */
export function forestOf(list: readonly Process[]): [ordered: Process[], branch: (process: Process) => string] {
	const shown = new Set(list.map((process) => process.pid));
	const branches = new Map<number, string>();
	const ordered: Process[] = [];
	const put = (process: Process, prefix: string, last: boolean, root: boolean): void => {
		branches.set(process.pid, root ? "" : `${prefix} \\_ `);
		ordered.push(process);
		const children = list.filter((each) => each.ppid === process.pid && each.pid !== process.pid);
		const below = root ? "" : `${prefix}${last ? "    " : " |  "}`;
		for (const [at, child] of children.entries()) put(child, below, at === children.length - 1, false);
	};
	for (const process of list) if (!shown.has(process.ppid)) put(process, "", true, true);
	return [ordered, (process) => branches.get(process.pid) ?? ""];
}
