/** Removing files and whole directories, for `rm`, `mv` and `find`. */

import { isDirectory, isSymlink, lstat, MODE, readdir, rmdir, type Stat, unlink } from "helios:fs";
import { confirmed } from "/usr/lib/files/look.ts";
import { kindOf } from "/usr/lib/files/modes.ts";
import { inParallel } from "/usr/lib/files/parallel.ts";
import { fail, failedWith, join, OutputError, print, quote, reason } from "/usr/lib/sh/cli.ts";

/** How to remove. */
export interface RemoveStyle {
	/** Who removes, for questions. */
	program: string;
	/** Directories too, with all in them. */
	recursive: boolean;
	/** Empty directories too. */
	directories: boolean;
	/** What is not there is no error. */
	force: boolean;
	/** When to ask: never, before each, before what is write-protected. */
	ask: "never" | "always" | "protected";
	/** Whether a file may be written; asked only where it matters. */
	writable?: (about: Stat) => boolean;
	/** Say what is done. */
	verbose: boolean;
}

async function failed(path: string, error: unknown, style: RemoveStyle): Promise<boolean> {
	if (error instanceof OutputError || !failedWith(error)) throw error;
	if (style.force && failedWith(error, "ENOENT", "ENOTDIR")) return true;
	await fail(`cannot remove ${quote(path)}: ${reason(error)}`);
	return false;
}

/** What a question says before the name. */
function question(about: Stat, path: string, style: RemoveStyle, verb: string): string | undefined {
	const guarded = !isSymlink(about) && style.writable?.(about) === false;
	if (style.ask === "never" || (style.ask === "protected" && !guarded)) return undefined;
	const what = verb === "descend into" ? "directory" : kindOf(about);
	return `${style.program}: ${verb} ${guarded ? "write-protected " : ""}${what} ${quote(path)}`;
}

async function allows(about: Stat, path: string, style: RemoveStyle, verb = "remove"): Promise<boolean> {
	const asked = question(about, path, style, verb);
	return asked === undefined || confirmed(asked);
}

async function removeFile(path: string, style: RemoveStyle): Promise<boolean> {
	try {
		await unlink(path);
	} catch (error) {
		return failed(path, error, style);
	}
	if (style.verbose) await print(`removed ${quote(path)}\n`);
	return true;
}

/**
 * What became of a file: it is gone; it is kept, since somebody wanted that; or it is in the way of the directories above,
 * of which nobody needs to be asked any more.
 */
type Outcome = "gone" | "kept" | "in the way";

const outcome = (gone: boolean): Outcome => (gone ? "gone" : "in the way");

/** Removes what is in a directory, asking for each. */
async function emptyAsking(path: string, style: RemoveStyle): Promise<Outcome> {
	let all: Outcome = "gone";
	for (const { name } of await readdir(path)) {
		const one = await removeOne(join(path, name), style);
		if (one === "in the way" || (one === "kept" && all === "gone")) all = one;
	}
	return all;
}

/** Removes what is in a directory; whether all is gone. Files go many at a time. */
async function empty(path: string, style: RemoveStyle): Promise<boolean> {
	const entries = await readdir(path);
	let all = true;
	const directory = (kind: number): boolean => (kind & MODE.TYPE) === MODE.DIR;
	for (const { name } of entries.filter(({ kind }) => directory(kind)))
		all = (await removeDirectory(join(path, name), style)) && all;
	const files = entries.filter(({ kind }) => !directory(kind));
	const gone = await inParallel(files, ({ name }) => removeFile(join(path, name), style));
	return all && gone.every(Boolean);
}

async function removeDirectory(path: string, style: RemoveStyle, about?: Stat): Promise<boolean> {
	try {
		const asks = about !== undefined && style.ask !== "never";
		if (style.recursive) {
			const filled = asks && (await readdir(path).catch(() => [])).length > 0;
			if (filled && !(await allows(about, path, style, "descend into"))) return false;
			// A file that somebody keeps stands in the way later, if its directory shall go all the same.
			if (asks ? (await emptyAsking(path, style)) === "in the way" : !(await empty(path, style))) return false;
		}
		if (asks && !(await allows(about, path, style))) return false;
		await rmdir(path);
		if (style.verbose) await print(`removed directory ${quote(path)}\n`);
		return true;
	} catch (error) {
		return failed(path, error, style);
	}
}

async function removeOne(path: string, style: RemoveStyle): Promise<Outcome> {
	try {
		const about = await lstat(path);
		if (!isDirectory(about))
			return (await allows(about, path, style)) ? outcome(await removeFile(path, style)) : "kept";
		if (style.recursive || style.directories) return outcome(await removeDirectory(path, style, about));
		await fail(`cannot remove ${quote(path)}: Is a directory`);
		return "in the way";
	} catch (error) {
		return outcome(await failed(path, error, style));
	}
}

/** Removes a file or a directory. What cannot be removed is said; answers whether all is gone. */
export async function remove(path: string, style: RemoveStyle): Promise<boolean> {
	return (await removeOne(path, style)) === "gone";
}
