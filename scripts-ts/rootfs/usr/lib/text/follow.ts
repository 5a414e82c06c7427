/** `tail -f`: prints what is added to files, until somebody ends it. */

import { dup, File, isFile, open } from "helios:fs";
import { kill } from "helios:process";
import { sleep } from "helios:time";
import { fail, flush, print, printBytes, quote, reason, warn } from "/usr/lib/sh/cli.ts";
import { header } from "/usr/lib/sh/ends.ts";

/** How to follow. */
export interface FollowStyle {
	headers: boolean;
	/** Follow names, whatever file they come to stand for. */
	byName: boolean;
	retry: boolean;
	intervalMs: number;
	/** The process whose end is the end. */
	pid: number | undefined;
}

interface Followed {
	path: string;
	/** Absent while the name stands for nothing. */
	file: File | undefined;
	ino: number;
	regular: boolean;
	at: number;
}

/** Follows files. */
export class Follower {
	readonly #style: FollowStyle;
	readonly #followed: Followed[] = [];
	#shown = "";

	constructor(style: FollowStyle) {
		this.#style = style;
	}

	/** Takes a file on and answers it for reading: a duplicate, since the caller's may be closed. */
	async keep(file: File, path: string): Promise<File> {
		const about = await file.stat();
		const kept = file.fd === 0 ? file : new File(await dup(file.fd));
		this.#followed.push({ path, file: kept, ino: about.ino, regular: isFile(about), at: 0 });
		this.#shown = path;
		return new File(kept.fd === 0 ? 0 : await dup(kept.fd));
	}

	/** Follows until nothing is left to follow. */
	async follow(paths: readonly string[]): Promise<void> {
		for (const path of paths) {
			if (this.#followed.some((one) => one.path === path) || !this.#style.retry) continue;
			this.#followed.push({ path, file: undefined, ino: 0, regular: true, at: 0 });
		}
		if (this.#followed.length === 0) {
			await fail("no files remaining");
			return;
		}
		for (const one of this.#followed)
			if (one.file !== undefined && one.regular) one.at = await one.file.seek(0, "current");
		// What is no regular file has been read to its end.
		while (this.#followed.some((one) => one.regular)) {
			await flush();
			const over = this.#style.pid !== undefined && !(await this.#lives(this.#style.pid));
			for (const one of this.#followed) if (one.regular) await this.#look(one);
			if (over) return;
			await sleep(Math.max(1, this.#style.intervalMs));
		}
	}

	#lives(pid: number): Promise<boolean> {
		return kill(pid, 0).then(
			() => true,
			() => false,
		);
	}

	async #look(one: Followed): Promise<void> {
		if (this.#style.byName || one.file === undefined) await this.#lookByName(one);
		await this.#printAdded(one);
	}

	/** Prints what has been added to a file since it was last looked at. */
	async #printAdded(one: Followed): Promise<void> {
		if (one.file === undefined) return;
		const { size } = await one.file.stat();
		if (size < one.at) {
			await warn(`${one.path}: file truncated`);
			one.at = 0;
		}
		while (size > one.at) {
			const bytes = await one.file.readAt(one.at, 65_536);
			if (bytes.length === 0) return;
			one.at += bytes.length;
			if (this.#style.headers && this.#shown !== one.path) await print(header(one.path, this.#shown === ""));
			this.#shown = one.path;
			await printBytes(bytes);
		}
	}

	async #lookByName(one: Followed): Promise<void> {
		let opened: File;
		try {
			opened = await open(one.path);
		} catch (error) {
			if (one.file === undefined) return;
			await this.#printAdded(one);
			await warn(`${quote(one.path)} has become inaccessible: ${reason(error)}`);
			await one.file.close();
			one.file = undefined;
			return;
		}
		const { ino } = await opened.stat();
		if (one.file !== undefined && ino === one.ino) {
			await opened.close();
			return;
		}
		await this.#printAdded(one);
		await warn(`${quote(one.path)} has ${one.file === undefined ? "appeared" : "been replaced"};  following new file`);
		await one.file?.close();
		one.file = opened;
		one.ino = ino;
		one.at = 0;
	}
}
