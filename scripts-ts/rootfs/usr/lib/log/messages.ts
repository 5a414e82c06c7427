/** Entries of `/var/log/messages`: what `logger` and programs send, and `logd` writes. */

import { tell, Unreachable } from "/usr/lib/service/protocol.ts";

/** The log of all programs. */
export const MESSAGES = "/var/log/messages";

const FACILITIES = [
	"auth",
	"authpriv",
	"cron",
	"daemon",
	"ftp",
	"kern",
	"lpr",
	"mail",
	"news",
	"syslog",
	"user",
	"uucp",
];
const LEVELS = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];
const TAG = /^[A-Za-z0-9_./-]{1,32}$/;
/** Other names of the same. */
const ALIASES: Record<string, string> = { panic: "emerg", error: "err", warn: "warning" };

/** Whether a value can be the name of a program in an entry. */
export function isTag(value: unknown): value is string {
	return typeof value === "string" && TAG.test(value);
}

/** Whether a value is `facility.level`. */
export function isPriority(value: unknown): value is string {
	return typeof value === "string" && parsePriority(value) === value;
}

/** `facility.level` of a text that may leave out the facility; `undefined` for what is none. */
export function parsePriority(text: string): string | undefined {
	const [first = "", second, ...more] = text.toLowerCase().split(".");
	const [facility, named] = second === undefined ? ["user", first] : [first, second];
	const level = Object.hasOwn(ALIASES, named) ? (ALIASES[named] as string) : named;
	const local = /^local[0-7]$/.test(facility);
	if (more.length > 0 || !(local || FACILITIES.includes(facility)) || !LEVELS.includes(level)) return undefined;
	return `${facility}.${level}`;
}

/** Adds an entry, where there is a `logd`: what a program does is not to fail for want of a log. */
export async function record(tag: string, priority: string, text: string): Promise<void> {
	await tell("logd", { tag, priority, text }).catch((error) => {
		if (!(error instanceof Unreachable)) throw error;
	});
}
