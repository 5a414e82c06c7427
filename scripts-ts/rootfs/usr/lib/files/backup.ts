/** What stands in the way is kept under another name: `--backup` of `cp`, `mv` and `ln`. */

import { readdir } from "helios:fs";
import { env } from "helios:process";
import { directoryOf } from "/usr/lib/files/look.ts";
import { basename, type Given, type Options, oneOf, UsageError } from "/usr/lib/sh/cli.ts";

type Control = "none" | "simple" | "existing" | "numbered";

const CONTROLS = [
	["none", "none"],
	["off", "none"],
	["simple", "simple"],
	["never", "simple"],
	["existing", "existing"],
	["nil", "existing"],
	["numbered", "numbered"],
	["t", "numbered"],
] as const;

/** The options that ask for it. */
export const BACKUP_OPTIONS: Options = {
	backup: [
		"backup",
		"keep what is replaced: simple (as NAME~), numbered, existing (the default) or none",
		"[=CONTROL]",
	],
	b: ["backup", "the same as --backup"],
	S: ["suffix", "keep it as NAME followed by SUFFIX instead of ~", "SUFFIX"],
};

/** The highest number of the copies `NAME.~1~`, `NAME.~2~` that are there already; 0: none. */
async function lastNumber(path: string): Promise<number> {
	const start = `${basename(path)}.~`;
	const entries = await readdir(directoryOf(path));
	const numbers = entries
		.filter(({ name }) => name.startsWith(start) && /^\d{1,15}~$/.test(name.slice(start.length)))
		.map(({ name }) => Number.parseInt(name.slice(start.length), 10));
	return numbers.reduce((most, number) => Math.max(most, number), 0);
}

/** What the options say: what to call the old `path`, or `undefined` where nothing is kept. */
export function backupOf(given: Given): ((path: string) => Promise<string>) | undefined {
	const last = given.options.findLast(({ letter }) => letter === "backup" || letter === "b");
	if (last === undefined && !given.has("S")) return undefined;
	const word = last?.value || env.VERSION_CONTROL || "existing";
	const control: Control = oneOf("backup", word, CONTROLS, "backup type");
	if (control === "none") return undefined;
	const suffix = given.value("S") || env.SIMPLE_BACKUP_SUFFIX || "~";
	if (suffix.includes("/")) throw new UsageError("the suffix of backups cannot hold a slash");
	return async (path) => {
		const number = control === "simple" ? 0 : await lastNumber(path);
		return number > 0 || control === "numbered" ? `${path}.~${number + 1}~` : path + suffix;
	};
}
