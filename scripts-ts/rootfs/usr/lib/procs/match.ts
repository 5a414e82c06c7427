/** Which processes `pgrep` and `pkill` mean: by name, user, parent, terminal and age. */

import { info, pid as self } from "helios:process";
import { groupNumber, userNumber } from "/usr/lib/files/owners.ts";
import { type Process, processes, statusOf } from "/usr/lib/procs/list.ts";
import { Failure, type Given, type Options, quote, UsageError } from "/usr/lib/sh/cli.ts";

/** The options of both. */
export const MATCH_OPTIONS: Options = {
	c: ["count", "print how many there are"],
	f: ["full", "match the whole command line, not the name alone"],
	g: ["pgroup", "only those in these process groups; 0: the own one", "PGID,..."],
	G: ["group", "only those of these groups", "GROUP,..."],
	i: ["ignore-case", "letters in either case"],
	n: ["newest", "only the one that began last"],
	o: ["oldest", "only the one that began first"],
	O: ["older", "only those older than so many seconds", "SECONDS"],
	P: ["parent", "only children of these", "PPID,..."],
	r: ["runstates", "only those in these states: R, S, T, Z", "STATE,..."],
	s: ["session", "only those in these sessions; 0: the own one", "SID,..."],
	t: ["terminal", "only those on these terminals", "TTY,..."],
	u: ["euid", "only those of these users", "USER,..."],
	U: ["uid", "the same as -u", "USER,..."],
	v: ["inverse", "those that do not match"],
	x: ["exact", "the whole name has to match"],
};

/** What a mistake in the arguments ends with. */
export const STATUS_SYNTAX = 2;

function list(given: Given, letter: string): string[] | undefined {
	return given.value(letter)?.split(",");
}

function numbers(given: Given, letter: string, own: number): Set<number> | undefined {
	const words = list(given, letter);
	if (words === undefined) return undefined;
	return new Set(
		words.map((word) => {
			if (!/^\d+$/.test(word)) throw new Failure(`invalid number: ${quote(word)}`, STATUS_SYNTAX);
			return Number(word) === 0 ? own : Number(word);
		}),
	);
}

async function owners(
	given: Given,
	letter: string,
	find: (word: string) => Promise<number | undefined>,
	what: string,
): Promise<Set<number> | undefined> {
	const words = list(given, letter);
	if (words === undefined) return undefined;
	const found = new Set<number>();
	for (const word of words) {
		const number = await find(word);
		if (number === undefined) throw new Failure(`invalid ${what} name: ${word}`, STATUS_SYNTAX);
		found.add(number);
	}
	return found;
}

function patternOf(given: Given): RegExp | undefined {
	const [text, more] = given.operands;
	if (more !== undefined) throw new UsageError("only one pattern can be provided");
	if (text === undefined) {
		if (given.options.every(({ letter }) => !/^[gGPrstuU]$/.test(letter)))
			throw new UsageError("no matching criteria specified");
		return undefined;
	}
	try {
		return new RegExp(given.has("x") ? `^(?:${text})$` : text, given.has("i") ? "i" : "");
	} catch {
		throw new Failure(`invalid regular expression: ${quote(text)}`, STATUS_SYNTAX);
	}
}

/** The processes that were asked for, by number; never the asking one. */
export async function matching(given: Given): Promise<Process[]> {
	const pattern = patternOf(given);
	const own = await info();
	const users = (await owners(given, "u", userNumber, "user")) ?? (await owners(given, "U", userNumber, "user"));
	const groups = await owners(given, "G", groupNumber, "group");
	const [parents, leaders, sessions] = [
		numbers(given, "P", own.ppid),
		numbers(given, "g", own.pgid),
		numbers(given, "s", own.sid),
	];
	const terminals = list(given, "t")?.map((word) => word.replace(/^\/dev\//, ""));
	const states = list(given, "r");
	const older = given.value("O");
	const all = (await processes()).filter(({ pid }) => pid !== self);
	const latest = all.reduce((most, { startMs }) => Math.max(most, startMs), 0);
	const wanted: Process[] = [];
	for (const process of all) {
		const fits =
			(pattern === undefined || pattern.test(given.has("f") ? process.command : process.name)) &&
			(users?.has(process.uid) ?? true) &&
			(parents?.has(process.ppid) ?? true) &&
			(leaders?.has(process.pgid) ?? true) &&
			(sessions?.has(process.sid) ?? true) &&
			(terminals?.includes(process.tty) ?? true) &&
			(states?.includes(process.state) ?? true) &&
			(older === undefined || latest - process.startMs > Number(older) * 1000) &&
			(groups === undefined || groups.has(Number((await statusOf(process.pid)).get("Gid")?.split(/\s+/)[1])));
		if (fits !== given.has("v")) wanted.push(process);
	}
	return extremes(wanted, given);
}

/** With -n or -o the youngest or the oldest alone. */
function extremes(list: Process[], given: Given): Process[] {
	const which = given.last("n", "o");
	if (which === undefined || list.length === 0) return list;
	const byAge = [...list].sort((a, b) => a.startMs - b.startMs || a.pid - b.pid);
	return [which === "n" ? (byAge.at(-1) as Process) : (byAge[0] as Process)];
}
