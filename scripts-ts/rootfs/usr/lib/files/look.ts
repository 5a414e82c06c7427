/** What there is at a path, and what to ask before it is lost. */

import { isDirectory, isSymlink, lstat, realpath, type Stat, stat } from "helios:fs";
import { stderr } from "helios:process";
import { failedWith, flush } from "/usr/lib/sh/cli.ts";
import { LineInput } from "/usr/lib/sh/input.ts";

/** What there is at a path, or `undefined` if there is nothing. */
export async function look(path: string, follow: boolean): Promise<Stat | undefined> {
	try {
		return await (follow ? stat(path) : lstat(path));
	} catch (error) {
		if (failedWith(error, "ENOENT", "ENOTDIR")) return undefined;
		throw error;
	}
}

/** Whether a path, or what its link leads to, is a directory. */
export async function leadsToDirectory(path: string): Promise<boolean> {
	const there = await look(path, true).catch(() => undefined);
	return there !== undefined && isDirectory(there);
}

let answers: LineInput | undefined;

/** Asks on standard error and reads the answer from standard input: yes begins with y. */
export async function confirmed(question: string): Promise<boolean> {
	await flush();
	await stderr.write(`${question}? `);
	answers ??= new LineInput(0);
	return /^[yY]/.test((await answers.next()) ?? "");
}

/** A path without slashes at its end, unless it is nothing else. */
export function withoutSlashes(path: string): string {
	let end = path.length;
	while (end > 1 && path.charAt(end - 1) === "/") end--;
	return path.slice(0, end);
}

/** The directory that a path is in, as it is written. */
export function directoryOf(path: string): string {
	const trimmed = path.replace(/\/+$/, "");
	const slash = trimmed.lastIndexOf("/");
	if (slash < 0) return trimmed === "" && path !== "" ? "/" : ".";
	return trimmed.slice(0, slash).replace(/\/+$/, "") || "/";
}

/** Whether `to` would lie in the directory `from`, so that copying would never end. */
export async function liesWithin(from: string, to: string): Promise<boolean> {
	const about = await look(from, false);
	if (about === undefined || isSymlink(about) || !isDirectory(about)) return false;
	const parent = directoryOf(to);
	if ((await look(parent, true)) === undefined) return false;
	const [source, target] = [await realpath(from), `${await realpath(parent)}/`];
	return source === "/" || target.startsWith(`${source}/`);
}
