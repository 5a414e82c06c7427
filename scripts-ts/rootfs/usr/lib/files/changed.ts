/** The walk of `chmod`, `chown` and `chgrp` over their operands and what is below them. */

import { isDirectory, isSymlink, lstat, MODE, readdir, type Stat, stat } from "helios:fs";
import { inParallel } from "/usr/lib/files/parallel.ts";
import { failedWith, join, OutputError, quote, reason, warn } from "/usr/lib/sh/cli.ts";

/** How to walk. */
export interface ChangeStyle {
	recursive: boolean;
	/** Links that are operands are followed; links below are followed. */
	follow: { operands: boolean; below: boolean };
	/** What cannot be done with a link that leads to nothing. */
	dangling: string;
	/** What is said besides of an operand that is not there. */
	missing?: ((path: string) => Promise<void>) | undefined;
	/** Do not say what fails. */
	silent: boolean;
	/** Spare `/` where all below would be changed. */
	sparesRoot: boolean;
}

/** Changes one file; what fails is thrown. */
export type Change = (path: string, about: Stat) => Promise<void>;

/** Walks over files and changes them. */
export class Changer {
	readonly #style: ChangeStyle;
	readonly #change: Change;
	/** Whether anything failed. */
	failed = false;

	constructor(style: ChangeStyle, change: Change) {
		this.#style = style;
		this.#change = change;
	}

	/** Says what failed, unless nobody wants to know. */
	async fail(message: string): Promise<void> {
		this.failed = true;
		if (!this.#style.silent) await warn(message);
	}

	async #guarded(words: string, work: () => Promise<void>): Promise<boolean> {
		try {
			await work();
			return true;
		} catch (error) {
			if (error instanceof OutputError || !failedWith(error)) throw error;
			await this.fail(`${words}: ${reason(error)}`);
			return false;
		}
	}

	async #one(path: string, about: Stat, operand: boolean, above: readonly number[]): Promise<void> {
		const { recursive, follow } = this.#style;
		await this.#change(path, about);
		if (!recursive || !isDirectory(about)) return;
		if (isSymlink(await lstat(path)) && !(operand ? follow.operands : follow.below)) return;
		if (above.includes(about.ino)) return;
		await this.#guarded(`cannot read directory ${quote(path)}`, async () => {
			const entries = await readdir(path);
			const abouts = await inParallel(entries, ({ name, kind }) => this.#look(join(path, name), kind));
			for (const [at, { name }] of entries.entries()) {
				const below = abouts[at];
				if (below !== undefined) await this.#one(join(path, name), below, false, [...above, about.ino]);
			}
		});
	}

	/** What is known of a file below: a link that is not followed is none of anybody's business. */
	async #look(path: string, kind: number): Promise<Stat | undefined> {
		try {
			return await ((kind & MODE.TYPE) === MODE.SYMLINK && this.#style.follow.below ? stat(path) : lstat(path));
		} catch (error) {
			if (!failedWith(error)) throw error;
			await this.fail(`cannot access ${quote(path)}: ${reason(error)}`);
			return undefined;
		}
	}

	/** Changes an operand, and with `recursive` all below it. */
	async operand(path: string, link: boolean): Promise<void> {
		if (this.#style.recursive && this.#style.sparesRoot && /^\/+$/.test(path)) {
			await this.fail("it is dangerous to operate recursively on '/'");
			await this.fail("use --no-preserve-root to override this failsafe");
			return;
		}
		let about: Stat | undefined;
		const found = await this.#guarded(`cannot access ${quote(path)}`, async () => {
			about = await lstat(path);
		});
		if (!found) await this.#style.missing?.(path);
		if (found && about !== undefined && isSymlink(about) && !link) about = await stat(path).catch(() => undefined);
		if (found && about === undefined) await this.fail(`cannot ${this.#style.dangling} ${quote(path)}`);
		if (found && about !== undefined) await this.#one(path, about, true, []);
	}
}
