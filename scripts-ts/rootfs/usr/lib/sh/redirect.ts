/** Redirections: which of the shell's descriptors a command gets as its own. */

import { close, fromFd, O, type OpenMode, open, pipe } from "helios:fs";
import type { Redirection } from "/usr/lib/sh/ast.ts";
import { reason } from "/usr/lib/sh/cli.ts";
import { expandText } from "/usr/lib/sh/expand.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";

const MODES: Record<string, OpenMode | number> = { "<": "r", ">": "w", ">>": "a", "<>": O.READ | O.WRITE | O.CREATE };

/** A redirection that cannot be made. */
export class RedirectionError extends Error {}

/** Descriptors of a command, and which of them were opened for it alone. */
export class Redirected {
	/** What the command's descriptors are in this process. */
	readonly fds: Map<number, number>;
	readonly #opened: number[] = [];

	constructor(fds: ReadonlyMap<number, number>) {
		this.fds = new Map(fds);
	}

	/** Makes redirections, from left to right. */
	async apply(redirections: readonly Redirection[], shell: Shell): Promise<void> {
		for (const redirection of redirections) {
			const target = await expandText(redirection.target, shell);
			if (redirection.operator === "<<") await this.#feed(redirection.fd, target);
			else if (redirection.operator.endsWith("&")) this.#duplicate(redirection.fd, target);
			else await this.#open(redirection, target, shell);
		}
	}

	async #open({ operator, fd }: Redirection, path: string, shell: Shell): Promise<void> {
		try {
			const file = await open(path === "" ? "" : shell.resolve(path), MODES[operator]);
			this.#opened.push(file.fd);
			this.fds.set(fd, file.fd);
		} catch (error) {
			throw new RedirectionError(`${path}: ${reason(error)}`);
		}
	}

	#duplicate(fd: number, target: string): void {
		if (target === "-") {
			this.fds.delete(fd);
			return;
		}
		const source = /^\d+$/.test(target) ? this.fds.get(Number(target)) : undefined;
		if (source === undefined) throw new RedirectionError(`${target}: Bad file descriptor`);
		this.fds.set(fd, source);
	}

	/** A here-document is a pipe that somebody writes it into; a reader that goes early is no error. */
	async #feed(fd: number, text: string): Promise<void> {
		const { read, write } = await pipe();
		this.#opened.push(read);
		this.fds.set(fd, read);
		const feed = async (): Promise<void> => {
			await fromFd(write)
				.write(text)
				.catch(() => undefined);
			await close(write);
		};
		void feed();
	}

	/** Leaves open what was opened: the shell itself goes on with it. */
	keep(): void {
		this.#opened.length = 0;
	}

	/** Closes what was opened. */
	async release(): Promise<void> {
		for (const fd of this.#opened.splice(0)) await close(fd);
	}
}
