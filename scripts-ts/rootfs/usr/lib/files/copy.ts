/** Copying files and whole directories, for `cp`, `mv` and `install`. */

import {
	chmod,
	chown,
	type File,
	isDirectory,
	isFile,
	isSymlink,
	link,
	lstat,
	mkdir,
	open,
	readdir,
	readlink,
	rename,
	type Stat,
	stat,
	symlink,
	unlink,
	utimes,
} from "helios:fs";
import { umask } from "helios:process";
import { confirmed, look } from "/usr/lib/files/look.ts";
import { octal, permissions } from "/usr/lib/files/modes.ts";
import { showName } from "/usr/lib/files/names.ts";
import { fail, failedWith, join, OutputError, print, quote, reason } from "/usr/lib/sh/cli.ts";

/** What is kept of a file besides its contents. */
export interface Kept {
	mode: boolean;
	owner: boolean;
	times: boolean;
	/** Names of one file stay names of one file. */
	links: boolean;
}

/** How to copy. */
export interface CopyStyle {
	/** Who copies, for questions. */
	program: string;
	/** Directories too, with all in them. */
	recursive: boolean;
	/** Links that are followed: all, those that are operands, none. */
	follow: "all" | "operands" | "none";
	kept: Kept;
	/** Permissions as of a new file, whatever the original has. */
	plainMode: boolean;
	/** Where the target cannot be opened, remove it and try again. */
	force: boolean;
	/** Remove the target first. */
	removeFirst: boolean;
	/** What becomes of targets that exist: replaced, asked about, left. */
	existing: "replace" | "ask" | "leave";
	/** What a file that stands in the way is kept as; without it nothing is kept. */
	backup: ((path: string) => Promise<string>) | undefined;
	/** Leave targets that are not older. */
	update: boolean;
	/** Make links instead of copies. */
	instead: "copy" | "link" | "symlink";
	/** Attributes only. */
	empty: boolean;
	/** Say what is done. */
	verbose: boolean;
}

/** Bytes that one read asks for. */
const CHUNK_BYTES = 262_144;

/** A failure that has been put in words. */
class CopyError extends Error {}

async function orWord<T>(work: Promise<T>, word: string): Promise<T> {
	try {
		return await work;
	} catch (error) {
		if (!failedWith(error)) throw error;
		throw new CopyError(`${word}: ${reason(error)}`);
	}
}

/** What there is at a path; a file in the place of a directory on the way is an error. */
async function lookAt(path: string): Promise<Stat | undefined> {
	try {
		return await lstat(path);
	} catch (error) {
		if (failedWith(error, "ENOENT")) return undefined;
		throw error;
	}
}

/** Copies files under one style. */
export class Copier {
	readonly #style: CopyStyle;
	/** Copies of files with several names, by inode. */
	readonly #copies = new Map<number, string>();
	/** What has been made already, so that two sources do not end in one target. */
	readonly #made = new Set<string>();

	constructor(style: CopyStyle) {
		this.#style = style;
	}

	/** Copies one operand to exactly `to`. What cannot be copied is said. Answers whether all went. */
	async copy(from: string, to: string): Promise<boolean> {
		return this.#guarded(from, to, []);
	}

	/** `above` are the inodes of the directories that led to `from`; none of an operand. */
	async #guarded(from: string, to: string, above: readonly number[]): Promise<boolean> {
		try {
			return await this.#copy(from, to, above);
		} catch (error) {
			if (error instanceof CopyError) await fail(error.message);
			else if (error instanceof OutputError || !failedWith(error)) throw error;
			else await fail(`cannot copy ${quote(from)} to ${quote(to)}: ${reason(error)}`);
			return false;
		}
	}

	async #copy(from: string, to: string, above: readonly number[]): Promise<boolean> {
		const style = this.#style;
		const operand = above.length === 0;
		const follow = style.follow === "all" || (operand && style.follow === "operands");
		const about = await orWord(follow ? stat(from) : lstat(from), `cannot stat ${quote(from)}`);
		if (isDirectory(about) && !style.recursive) {
			await fail(`-r not specified; omitting directory ${quote(from)}`);
			return false;
		}
		const there = await orWord(lookAt(to), `cannot stat ${quote(to)}`);
		if (there !== undefined && !(await this.#mayReplace(from, about, to, there))) return true;
		const kept = there !== undefined && !isDirectory(there) ? await this.#setAside(to) : undefined;
		if (isDirectory(about) && above.includes(about.ino))
			throw new CopyError(`cannot copy cyclic symbolic link ${quote(from)}`);
		if (isDirectory(about)) return this.#directory(from, to, about, there, [...above, about.ino]);
		if (this.#made.has(to)) throw new CopyError(`will not overwrite just-created ${quote(to)} with ${quote(from)}`);
		if (operand) this.#made.add(to);
		return this.#file(from, to, about, kept === undefined ? there : undefined, kept);
	}

	/** Renames what is in the way, where it is kept. Answers its new name. */
	async #setAside(to: string): Promise<string | undefined> {
		const name = await this.#style.backup?.(to);
		if (name !== undefined) await orWord(rename(to, name), `cannot backup ${quote(to)}`);
		return name;
	}

	/** Whether to go on where there is something already. What stands against it is thrown. */
	async #mayReplace(from: string, about: Stat, to: string, link: Stat): Promise<boolean> {
		const style = this.#style;
		const there =
			isSymlink(link) && !isSymlink(about) ? await orWord(look(to, true), `cannot stat ${quote(to)}`) : link;
		if (there?.ino === about.ino && !isDirectory(about)) {
			const same = link.ino === about.ino || style.instead === "copy";
			if (style.instead === "link") return false;
			if (same && !(style.removeFirst && isSymlink(link)))
				throw new CopyError(`${quote(from)} and ${quote(to)} are the same file`);
		}
		if (there === undefined) {
			if (style.force || style.removeFirst || isSymlink(about) || style.instead !== "copy") return true;
			throw new CopyError(`not writing through dangling symlink ${quote(to)}`);
		}
		if (isDirectory(about) && isDirectory(there)) return true;
		if (style.existing === "leave") return false;
		if (isDirectory(there)) throw new CopyError(`cannot overwrite directory ${quote(to)} with non-directory`);
		if (isDirectory(about))
			throw new CopyError(`cannot overwrite non-directory ${quote(to)} with directory ${quote(from)}`);
		if (style.update && there.mtimeMs >= about.mtimeMs) return false;
		return style.existing !== "ask" || confirmed(await this.#question(to, there));
	}

	async #question(to: string, there: Stat): Promise<string> {
		const { program, force } = this.#style;
		const writable = (there.mode & 0o222) !== 0;
		if (writable) return `${program}: overwrite ${quote(to)}`;
		const verb = force ? "replace" : "unwritable";
		const bits = `${octal(there.mode)} (${permissions(there.mode)})`;
		if (verb === "replace") return `${program}: replace ${quote(to)}, overriding mode ${bits}`;
		return `${program}: unwritable ${quote(to)} (mode ${octal(there.mode)}, ${permissions(there.mode)}); try anyway`;
	}

	async #say(from: string, to: string, kept?: string): Promise<void> {
		const old = kept === undefined ? "" : ` (backup: ${quote(kept)})`;
		if (this.#style.verbose) await print(`${quote(from)} -> ${quote(to)}${old}\n`);
	}

	async #directory(
		from: string,
		to: string,
		about: Stat,
		there: Stat | undefined,
		above: readonly number[],
	): Promise<boolean> {
		// Writable while it is filled; what it shall be comes last.
		if (there === undefined) {
			await orWord(mkdir(to, { mode: (about.mode & 0o777) | 0o700 }), `cannot create directory ${quote(to)}`);
			await this.#say(from, to);
		}
		const entries = await orWord(readdir(from), `cannot access ${quote(from)}`);
		let all = true;
		for (const { name } of entries) all = (await this.#guarded(join(from, name), join(to, name), above)) && all;
		await this.#keep(to, about);
		if (there === undefined && !this.#style.kept.mode && (about.mode & 0o700) !== 0o700)
			await chmod(to, about.mode & 0o777 & ~(await umask()));
		return all;
	}

	/** Copies what is no directory; `set` is what the old one is called now, where it was kept. */
	async #file(from: string, to: string, about: Stat, there: Stat | undefined, set?: string): Promise<boolean> {
		const { instead, kept } = this.#style;
		const earlier = kept.links && about.nlink > 1 ? this.#copies.get(about.ino) : undefined;
		if (instead === "copy" && earlier === undefined && !isSymlink(about)) {
			if (there !== undefined && this.#style.removeFirst) await this.#clear(to);
			await this.#say(from, to, set);
			await this.#contents(from, to, about);
		} else {
			await this.#say(from, to, set);
			await this.#link(from, to, about, there, earlier);
		}
		if (kept.links && about.nlink > 1) this.#copies.set(about.ino, to);
		if (instead === "copy" && earlier === undefined) await this.#keep(to, about);
		return true;
	}

	async #clear(to: string): Promise<void> {
		await orWord(unlink(to), `cannot remove ${quote(to)}`);
		if (this.#style.verbose) await print(`removed ${quote(to)}\n`);
	}

	/** Everything that is no copy of contents: links of either kind. */
	async #link(from: string, to: string, about: Stat, there: Stat | undefined, earlier?: string): Promise<void> {
		const { instead, force, removeFirst } = this.#style;
		const copied = instead === "copy";
		if (there !== undefined && (copied || force || removeFirst)) await this.#clear(to);
		if (earlier !== undefined || instead === "link") {
			const source = earlier ?? from;
			await orWord(link(source, to), `cannot create hard link ${quote(to)} to ${quote(source)}`);
			return;
		}
		if (isSymlink(about) && copied) {
			await orWord(symlink(await readlink(from), to), `cannot create symbolic link ${quote(to)}`);
			return;
		}
		if (!from.startsWith("/") && to.includes("/") && !/^\.\/+[^/]*$/.test(to))
			throw new CopyError(`${showName(to, "shell")}: can make relative symbolic links only in current directory`);
		await orWord(symlink(from, to), `cannot create symbolic link ${quote(to)} to ${quote(from)}`);
	}

	async #target(to: string, about: Stat): Promise<File> {
		const { kept, plainMode } = this.#style;
		const mode = (plainMode ? 0o666 : about.mode & 0o777) & (kept.owner ? 0o700 : 0o777);
		try {
			return await open(to, this.#style.empty ? "a" : "w", mode);
		} catch (error) {
			if (this.#style.force && failedWith(error, "EACCES", "ENOENT") && (await look(to, false)) !== undefined) {
				await this.#clear(to);
				return orWord(open(to, "w", mode), `cannot create regular file ${quote(to)}`);
			}
			return orWord(Promise.reject(error), `cannot create regular file ${quote(to)}`);
		}
	}

	async #contents(from: string, to: string, about: Stat): Promise<void> {
		if (this.#style.recursive && !isFile(about))
			throw new CopyError(`cannot create special file ${quote(to)}: Operation not permitted`);
		const source = await orWord(open(from), `cannot open ${quote(from)} for reading`);
		try {
			const target = await this.#target(to, about);
			try {
				if (this.#style.empty) return;
				// The next piece is read while this one is written.
				const read = (): Promise<Uint8Array | null> => orWord(source.read(CHUNK_BYTES), `error reading ${quote(from)}`);
				for (let next = read(); ; ) {
					const chunk = await next;
					if (chunk === null) break;
					next = read();
					next.catch(() => undefined);
					await orWord(target.write(chunk), `error writing ${quote(to)}`);
				}
			} finally {
				await target.close();
			}
		} finally {
			await source.close();
		}
	}

	/** Gives the copy what is kept of the original. */
	async #keep(to: string, about: Stat): Promise<void> {
		const { kept } = this.#style;
		const linked = isSymlink(about);
		// Only root may give files away; everybody else keeps the copy, as POSIX has it.
		const given =
			kept.owner &&
			(await chown(to, about.uid, about.gid, { nofollow: linked }).then(
				() => true,
				() => false,
			));
		if (linked) return;
		if (kept.mode) await chmod(to, about.mode & (given || !kept.owner ? 0o7777 : 0o1777));
		else if (kept.owner) await chmod(to, (this.#style.plainMode ? 0o666 : about.mode & 0o777) & ~(await umask()));
		if (kept.times) await utimes(to, about.mtimeMs);
	}
}
