/** Copying and removing files and whole directories, for `cp`, `mv` and `rm`. */

import {
	chmod,
	chown,
	isDirectory,
	isFile,
	isSymlink,
	lstat,
	mkdir,
	open,
	readdir,
	readlink,
	rmdir,
	type Stat,
	stat,
	symlink,
	unlink,
	utimes,
} from "helios:fs";
import {
	basename,
	chunksOf,
	fail,
	failedWith,
	join,
	OutputError,
	print,
	quote,
	reason,
	warn,
} from "/usr/lib/sh/cli.ts";

/** How to copy. */
export interface CopyStyle {
	/** Directories too, with all in them; symbolic links as such. */
	recursive: boolean;
	/** Keep permissions, owner and times. */
	preserve: boolean;
	/** Where the target cannot be opened, remove it and try again. */
	force: boolean;
	/** Leave what is there. */
	noClobber: boolean;
	/** Say what is done. */
	verbose: boolean;
}

/** What there is at a path, or `undefined` if there is nothing. */
export async function look(path: string, follow: boolean): Promise<Stat | undefined> {
	try {
		return await (follow ? stat(path) : lstat(path));
	} catch (error) {
		if (failedWith(error, "ENOENT", "ENOTDIR")) return undefined;
		throw error;
	}
}

async function keepAttributes(path: string, about: Stat): Promise<void> {
	// Only root may give files away; everybody else keeps the copy, as POSIX has it.
	const given = await chown(path, about.uid, about.gid).then(
		() => true,
		() => false,
	);
	await chmod(path, about.mode & (given ? 0o7777 : 0o1777));
	await utimes(path, about.mtimeMs);
}

async function copyContents(from: string, to: string, about: Stat, style: CopyStyle): Promise<void> {
	const source = await open(from);
	let target: Awaited<ReturnType<typeof open>>;
	try {
		target = await open(to, "w", about.mode & 0o777);
	} catch (error) {
		if (!style.force || !failedWith(error, "EACCES")) {
			await source.close();
			await fail(`cannot create regular file ${quote(to)}: ${reason(error)}`);
			return;
		}
		await unlink(to);
		target = await open(to, "w", about.mode & 0o777);
	}
	try {
		for await (const chunk of chunksOf(source)) await target.write(chunk);
	} finally {
		await target.close();
	}
	if (style.preserve) await keepAttributes(to, about);
}

async function copyDirectory(from: string, to: string, about: Stat, there: boolean, style: CopyStyle): Promise<void> {
	// Writable while it is filled; what it shall be comes last.
	if (!there) await mkdir(to, { mode: (about.mode & 0o777) | 0o700 });
	for (const entry of await readdir(from)) await copy(join(from, entry.name), join(to, entry.name), style);
	if (style.preserve) await keepAttributes(to, about);
}

async function copyOne(from: string, to: string, style: CopyStyle): Promise<void> {
	const about = await (style.recursive ? lstat(from) : stat(from));
	const there = await look(to, !style.recursive || !isSymlink(about));
	if (isDirectory(about) && !style.recursive) return fail(`-r not specified; omitting directory ${quote(from)}`);
	if (there?.ino === about.ino && !isDirectory(about)) return fail(`${quote(from)} and ${quote(to)} are the same file`);
	if (there !== undefined && isDirectory(about) !== isDirectory(there)) {
		const [kept, other] = isDirectory(about) ? ["non-directory", "directory"] : ["directory", "non-directory"];
		return fail(`cannot overwrite ${kept} ${quote(to)} with ${other}${other === "directory" ? ` ${quote(from)}` : ""}`);
	}
	if (there !== undefined && style.noClobber && !isDirectory(about)) return;
	if (style.verbose) await print(`${quote(from)} -> ${quote(to)}\n`);
	if (isDirectory(about)) return copyDirectory(from, to, about, there !== undefined, style);
	if (!isSymlink(about)) return copyContents(from, to, about, style);
	if (there !== undefined) await unlink(to);
	await symlink(await readlink(from), to);
}

/** Copies one file or directory to exactly `to`. What cannot be copied is said, and the rest goes on. */
export async function copy(from: string, to: string, style: CopyStyle): Promise<void> {
	try {
		await copyOne(from, to, style);
	} catch (error) {
		if (error instanceof OutputError) throw error;
		const what = failedWith(error, "ENOENT") && (await look(from, false)) === undefined ? "stat" : "copy";
		await fail(`cannot ${what} ${quote(from)}: ${reason(error)}`);
	}
}

/** How to remove. */
export interface RemoveStyle {
	/** Directories too, with all in them. */
	recursive: boolean;
	/** Empty directories too. */
	directories: boolean;
	/** What is not there is no error. */
	force: boolean;
	/** Say what is done. */
	verbose: boolean;
}

/** Removes a file or a directory. What cannot be removed is said; answers whether all is gone. */
export async function remove(path: string, style: RemoveStyle): Promise<boolean> {
	try {
		const directory = isDirectory(await lstat(path));
		if (!directory) await unlink(path);
		else {
			if (!style.recursive && !style.directories) {
				await fail(`cannot remove ${quote(path)}: Is a directory`);
				return false;
			}
			let all = true;
			if (style.recursive)
				for (const entry of await readdir(path)) all = (await remove(join(path, entry.name), style)) && all;
			if (!all) return false;
			await rmdir(path);
		}
		if (style.verbose) await print(`removed ${directory ? "directory " : ""}${quote(path)}\n`);
		return true;
	} catch (error) {
		if (style.force && failedWith(error, "ENOENT", "ENOTDIR")) return true;
		if (error instanceof OutputError) throw error;
		await fail(`cannot remove ${quote(path)}: ${reason(error)}`);
		return false;
	}
}

/**
 * Where each source of `cp` or `mv` goes: into the last operand if that is a directory, else to that very name.
 *
 * `null` after a mistake, which has been said.
 */
export async function destinations(operands: readonly string[], exact: boolean): Promise<[string, string][] | null> {
	const target = operands.at(-1) as string;
	const sources = operands.slice(0, -1);
	const there = await look(target, true);
	const into = !exact && there !== undefined && isDirectory(there);
	if (sources.length > 1 && !into) {
		await fail(`target ${quote(target)}: ${there === undefined ? "No such file or directory" : "Not a directory"}`);
		return null;
	}
	if (!into && target.endsWith("/") && there !== undefined && isFile(there)) {
		await warn(`target ${quote(target)}: Not a directory`);
		return null;
	}
	return sources.map((source) => [source, into ? join(target, basename(source)) : target]);
}
