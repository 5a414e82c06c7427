/** Crontabs: the jobs of one user. */

import { parseSchedule, type Schedule, ScheduleError } from "/usr/lib/cron/schedule.ts";

/** Where they are, a file per user. */
export const SPOOL = "/var/spool/cron";
/** Longest crontab in bytes: it goes to `crond` in one message. */
export const TABLE_BYTES = 30_000;
/** Most jobs in one. */
const MAX_JOBS = 256;
const FIELD_COUNT = 5;

/** A line of a crontab that is to be run. */
export interface Job {
	/** When; or when the machine has come up. */
	schedule: Schedule | "reboot";
	/** What the shell runs. */
	command: string;
	/** What it reads on standard input. */
	input: string;
	/** Variables of the lines above it. */
	env: Record<string, string>;
	/** Its line, from 1. */
	line: number;
}

/** A crontab that is refused. The message names the line. */
export class TableError extends Error {}

function unquote(text: string): string {
	const quoted = /^(["'])(.*)\1$/.exec(text);
	return quoted?.[2] ?? text;
}

/** The command, and the input after the first `%`; further ones are line ends, and `\%` is a per cent sign. */
function splitCommand(text: string): { command: string; input: string } {
	const parts = text.replaceAll("\\%", "\0").split("%");
	const [command = "", ...lines] = parts.map((part) => part.replaceAll("\0", "%"));
	return { command, input: lines.length === 0 ? "" : `${lines.join("\n")}\n` };
}

function parseJob(text: string, line: number, env: Record<string, string>): Job {
	const words = text.split(/[ \t]+/);
	const count = text.startsWith("@") ? 1 : FIELD_COUNT;
	if (words.length <= count) throw new ScheduleError(count === 1 ? "no command" : "five fields and a command expected");
	const schedule = words[0] === "@reboot" ? "reboot" : parseSchedule(words.slice(0, count));
	let rest = text;
	for (let field = 0; field < count; field++) rest = rest.replace(/^[^ \t]+[ \t]+/, "");
	return { schedule, ...splitCommand(rest), env: { ...env }, line };
}

/**
 * Reads a crontab.
 *
 * @throws {TableError} when a line means nothing.
 */
export function parseTable(text: string): Job[] {
	const fail = (line: number, why: string): never => {
		throw new TableError(`line ${line}: ${why}`);
	};
	const jobs: Job[] = [];
	const env: Record<string, string> = {};
	for (const [at, raw] of text.split("\n").entries()) {
		const line = raw.trim();
		// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
		if (/[\x00-\x08\x0b-\x1f\x7f]/.test(raw)) fail(at + 1, "control characters");
		if (line === "" || line.startsWith("#")) continue;
		const variable = /^([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)$/.exec(line);
		if (variable !== null) {
			env[variable[1] as string] = unquote(variable[2] as string);
			continue;
		}
		try {
			jobs.push(parseJob(line, at + 1, env));
		} catch (error) {
			if (!(error instanceof ScheduleError)) throw error;
			fail(at + 1, error.message);
		}
		if (jobs.length > MAX_JOBS) fail(at + 1, `more than ${MAX_JOBS} jobs`);
	}
	return jobs;
}
