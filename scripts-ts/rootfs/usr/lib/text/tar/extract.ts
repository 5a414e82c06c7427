/** Takes members out of an archive. */

import { chmod, chown, isDirectory, link, lstat, mkdir, open, rmdir, symlink, unlink, utimes } from "helios:fs";
import { info, umask } from "helios:process";
import { fail, failedWith, type Given, OutputError, printBytes, reason, warn } from "/usr/lib/sh/cli.ts";
import type { Accounts } from "/usr/lib/text/tar/accounts.ts";
import type { Reader } from "/usr/lib/text/tar/archive.ts";
import type { Member } from "/usr/lib/text/tar/header.ts";

const STATUS_TROUBLE = 2;

/** An extraction under way. */
export class Extraction {
	failed = false;
	readonly #given: Given;
	readonly #reader: Reader;
	readonly #accounts: Accounts;
	readonly #strip: number;
	/** Modes and times of directories: set last, since what is put into them changes both. */
	readonly #directories: [path: string, member: Member][] = [];
	/** Symbolic links that were made: nothing is extracted through them. */
	readonly #links = new Set<string>();
	#root: boolean | undefined;
	#mask = 0;
	#told = false;

	constructor(given: Given, reader: Reader, accounts: Accounts) {
		this.#given = given;
		this.#reader = reader;
		this.#accounts = accounts;
		this.#strip = Number(given.value("strip-components") ?? 0);
	}

	/** Where a member goes: nowhere above the directory, whatever its name says. */
	async #path(name: string): Promise<string | undefined> {
		let path = name;
		if (!this.#given.has("P")) {
			const lead = /^\/+/.exec(path)?.[0] ?? "";
			if (lead !== "" && !this.#told) {
				this.#told = true;
				await warn(`Removing leading \`${lead}' from member names`);
			}
			path = path.slice(lead.length);
			if (path.split("/").includes("..")) {
				this.failed = true;
				await fail(`${name}: Member name contains '..', skipping`, STATUS_TROUBLE);
				return undefined;
			}
		}
		if (this.#strip === 0) return path === "" ? "." : path;
		const parts = path.split("/").filter((part) => part !== "" && part !== ".");
		return parts.length <= this.#strip ? undefined : parts.slice(this.#strip).join("/");
	}

	/** Extracts a member. What fails is said, and the rest goes on. */
	async take(member: Member): Promise<void> {
		if (this.#given.has("O")) {
			if (member.kind === "file")
				for (let piece = await this.#reader.contents(); piece !== null; piece = await this.#reader.contents())
					await printBytes(piece);
			return;
		}
		if (this.#root === undefined) {
			this.#root = (await info()).euid === 0;
			this.#mask = await umask();
		}
		const path = await this.#path(member.name);
		if (path === undefined) return;
		try {
			await this.#make(member, path);
		} catch (error) {
			if (error instanceof OutputError || !failedWith(error)) throw error;
			this.failed = true;
			const what =
				member.kind === "directory"
					? "mkdir"
					: member.kind === "symlink"
						? `create symlink to '${member.target}'`
						: member.kind === "link"
							? `hard link to '${member.target}'`
							: "open";
			await fail(`${path}: Cannot ${what}: ${reason(error)}`, STATUS_TROUBLE);
		}
	}

	async #make(member: Member, path: string): Promise<void> {
		const bare = path.replace(/(.)\/+$/, "$1");
		const slash = bare.lastIndexOf("/");
		if (slash > 0) await this.#parents(bare.slice(0, slash));
		if (member.kind === "directory") {
			await this.#directory(member, bare);
			return;
		}
		if (!(await this.#clear(bare))) return;
		if (member.kind === "symlink") {
			await symlink(member.target, bare);
			this.#links.add(bare);
		} else if (member.kind === "link") {
			const target = await this.#path(member.target);
			if (target !== undefined) await link(target, bare);
			return;
		} else if (member.kind === "file") await this.#file(member, bare);
		else {
			this.failed = true;
			await fail(`${path}: Cannot mknod: Operation not permitted`, STATUS_TROUBLE);
			return;
		}
		await this.#own(member, bare);
		if (member.kind === "file") await this.#finish(member, bare);
	}

	/** Makes the directories above, and refuses to go through links that the archive made. */
	async #parents(path: string): Promise<void> {
		const parts = path.split("/");
		for (let count = 1; count <= parts.length; count++) {
			const part = parts.slice(0, count).join("/");
			if (!this.#links.has(part)) continue;
			await unlink(part);
			this.#links.delete(part);
		}
		await mkdir(path, { recursive: true });
	}

	async #directory(member: Member, path: string): Promise<void> {
		try {
			await mkdir(path, { mode: (member.mode & 0o777) | 0o700 });
		} catch (error) {
			if (!failedWith(error, "EEXIST")) throw error;
			// A file gives way to a directory, unless it shall be kept.
			if (!isDirectory(await lstat(path))) {
				if (!(await this.#clear(path))) return;
				await mkdir(path, { mode: (member.mode & 0o777) | 0o700 });
			}
		}
		this.#directories.push([path, member]);
	}

	/** Removes what is in the way; answers whether the member may be made. */
	async #clear(path: string): Promise<boolean> {
		const there = await lstat(path).catch(() => undefined);
		if (there === undefined) return true;
		if (this.#given.has("skip-old-files")) return false;
		if (this.#given.has("k")) {
			this.failed = true;
			await fail(`${path}: Cannot open: File exists`, STATUS_TROUBLE);
			return false;
		}
		await (isDirectory(there) ? rmdir(path) : unlink(path));
		return true;
	}

	async #file(member: Member, path: string): Promise<void> {
		const file = await open(path, "wx", member.mode & 0o777 & ~0o077);
		try {
			for (let piece = await this.#reader.contents(); piece !== null; piece = await this.#reader.contents())
				await file.write(piece);
		} finally {
			await file.close();
		}
	}

	async #own(member: Member, path: string): Promise<void> {
		if (this.#root !== true || this.#given.has("o")) return;
		const { uid, gid } = this.#accounts.here(member);
		await chown(path, uid, gid, { nofollow: true }).catch(() => undefined);
	}

	/** Sets a mode and a time: all bits with `-p` and for root, else less the umask. */
	async #finish(member: Member, path: string): Promise<void> {
		const whole = this.#given.has("p") || this.#root === true;
		await chmod(path, whole ? member.mode : member.mode & 0o777 & ~this.#mask);
		if (!this.#given.has("m")) await utimes(path, member.mtimeMs);
	}

	/** Ends the extraction: directories get their modes and times, the deepest first. */
	async finish(): Promise<void> {
		for (const [path, member] of this.#directories.reverse()) {
			try {
				await this.#own(member, path);
				await this.#finish(member, path);
			} catch (error) {
				if (!failedWith(error)) throw error;
				this.failed = true;
				await fail(`${path}: Cannot change mode: ${reason(error)}`, STATUS_TROUBLE);
			}
		}
	}
}
