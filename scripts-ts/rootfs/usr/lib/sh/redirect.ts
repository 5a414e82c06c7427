/** Redirections: what a command's descriptors are while it runs. */

import { isSystemError } from "helios:errors";
import { close, isFile, O, open, stat } from "helios:fs";
import type { Redirection } from "/usr/lib/sh/ast.ts";
import { reason } from "/usr/lib/sh/cli.ts";
import { type Co, wait } from "/usr/lib/sh/co.ts";
import { type Descriptor, Document } from "/usr/lib/sh/descriptors.ts";
import { expandText, expandWords } from "/usr/lib/sh/expand.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";

const WRITE = O.WRITE | O.CREATE;
const FLAGS: Record<string, number> = {
	"<": O.READ,
	">": WRITE | O.TRUNCATE,
	">|": WRITE | O.TRUNCATE,
	"&>": WRITE | O.TRUNCATE,
	">>": WRITE | O.APPEND,
	"&>>": WRITE | O.APPEND,
	"<>": O.READ | O.WRITE | O.CREATE,
};

/** The least number that `{NAME}>…` may get. */
const FIRST_NAMED = 10;

/** A redirection that cannot be made. */
export class RedirectionError extends Error {}

/** Changes of a shell's descriptors, which can be undone. */
export class Redirected {
	readonly #shell: Shell;
	readonly #before = new Map<number, Descriptor | undefined>();
	readonly #opened: Descriptor[] = [];

	constructor(shell: Shell) {
		this.#shell = shell;
	}

	/** Makes redirections, from left to right. */
	*apply(redirections: readonly Redirection[]): Co<void> {
		for (const redirection of redirections) {
			if (redirection.variable === undefined) yield* this.#one(redirection);
			else yield* this.#named(redirection, redirection.variable);
		}
	}

	/** `{NAME}>…`, which outlasts the command, and `{NAME}>&-`. */
	*#named(redirection: Redirection, name: string): Co<void> {
		const shell = this.#shell;
		const closes = redirection.operator.endsWith("&") && redirection.target.literal === "-";
		let fd = FIRST_NAMED;
		if (closes) fd = Number(shell.get(name) || Number.NaN);
		else while (shell.fds.has(fd)) fd++;
		if (Number.isNaN(fd)) throw new RedirectionError(`${name}: ambiguous redirect`);
		const lasting = new Redirected(shell);
		yield* lasting.#one({ ...redirection, fd });
		yield* lasting.keep();
		if (!closes) shell.set(name, String(fd));
	}

	*#one(redirection: Redirection): Co<void> {
		const { operator, fd, target } = redirection;
		const shell = this.#shell;
		if (operator === "<<" || operator === "<<<") {
			const text = yield* expandText(target, shell);
			return this.#opens(fd, new Document(operator === "<<" ? text : `${text}\n`));
		}
		const words = yield* expandWords([target], shell);
		const [word = ""] = words;
		if (words.length !== 1) throw new RedirectionError(`${target.source ?? word}: ambiguous redirect`);
		if (operator === "<&" || operator === ">&") {
			if (/^\d*-?$/.test(word) && word !== "") return this.#duplicate(fd, word);
			if (operator === "<&") throw new RedirectionError(`${word}: ambiguous redirect`);
		}
		const both = operator.startsWith("&") || operator === ">&";
		const special = this.#special(word);
		if (special !== undefined) {
			// A process substitution lasts as long as what is redirected to it.
			if (this.#takeOver(word)) this.#opened.push(special);
			this.#set(both ? 1 : fd, special);
			if (both) this.#set(2, special);
			return;
		}
		const file = yield* this.#open(operator === ">&" ? "&>" : operator, word);
		this.#opens(both ? 1 : fd, file);
		if (both) this.#set(2, file);
	}

	/** The descriptor that `/dev/fd/N`, `/dev/stdin` and their like are here: the shell's own, not the process's. */
	#special(path: string): Descriptor | undefined {
		const found = /^\/dev\/(?:fd\/(\d+)|std(in|out|err))$/.exec(path);
		if (found === null) return undefined;
		const number = found[1] === undefined ? ["in", "out", "err"].indexOf(found[2] as string) : Number(found[1]);
		const descriptor = this.#shell.fds.get(number);
		if (descriptor === undefined) throw new RedirectionError(`${path}: No such file or directory`);
		return descriptor;
	}

	/** Takes the descriptor of a process substitution from the command at hand; answers whether it is one. */
	#takeOver(path: string): boolean {
		const { transient, fds } = this.#shell;
		const number = Number(/^\/dev\/fd\/(\d+)$/.exec(path)?.[1]);
		const at = transient.indexOf(number);
		if (at < 0) return false;
		transient.splice(at, 1);
		fds.delete(number);
		return true;
	}

	*#open(operator: string, path: string): Co<number> {
		const shell = this.#shell;
		const full = path === "" ? "" : shell.resolve(path);
		const flags = FLAGS[operator] as number;
		try {
			if (shell.options.has("noclobber") && (operator === ">" || operator === "&>"))
				return yield* wait(this.#create(full, flags));
			return (yield* wait(open(full, flags))).fd;
		} catch (error) {
			if (error instanceof RedirectionError) throw new RedirectionError(`${path}: ${error.message}`);
			throw new RedirectionError(`${path}: ${reason(error)}`);
		}
	}

	/** Opens a file that must not be there yet; what is no regular file may be. */
	async #create(path: string, flags: number): Promise<number> {
		try {
			return (await open(path, flags | O.EXCLUSIVE)).fd;
		} catch (error) {
			if (!isSystemError(error, "EEXIST")) throw error;
		}
		const there = await stat(path).catch(() => undefined);
		if (there === undefined || isFile(there)) throw new RedirectionError("cannot overwrite existing file");
		return (await open(path, flags)).fd;
	}

	#duplicate(fd: number, word: string): void {
		const moved = word.endsWith("-");
		const number = moved ? word.slice(0, -1) : word;
		if (number !== "") {
			const source = this.#shell.fds.get(Number(number));
			if (source === undefined) throw new RedirectionError(`${number}: Bad file descriptor`);
			this.#set(fd, source);
			if (!moved || Number(number) === fd) return;
		}
		this.#set(number === "" ? fd : Number(number), undefined);
	}

	#opens(fd: number, descriptor: Descriptor): void {
		this.#opened.push(descriptor);
		this.#set(fd, descriptor);
	}

	#set(fd: number, descriptor: Descriptor | undefined): void {
		const { fds } = this.#shell;
		if (!this.#before.has(fd)) this.#before.set(fd, fds.get(fd));
		if (descriptor === undefined) fds.delete(fd);
		else fds.set(fd, descriptor);
	}

	/** Leaves things as they are now: the shell itself goes on with them. */
	*keep(): Co<void> {
		const { owned, fds } = this.#shell;
		for (const descriptor of this.#opened.splice(0)) {
			// A here-document of the shell's own is a pipe from now on, so that it can be closed.
			const fd = typeof descriptor === "number" ? descriptor : yield* wait(descriptor.fd());
			for (const [number, each] of fds) if (each === descriptor) fds.set(number, fd);
			owned.add(fd);
		}
		this.#before.clear();
		const used = new Set(fds.values());
		for (const fd of owned) {
			if (used.has(fd)) continue;
			owned.delete(fd);
			yield* wait(close(fd));
		}
	}

	/** Puts everything back, and closes what was opened. */
	*undo(): Co<void> {
		const { fds } = this.#shell;
		for (const [fd, descriptor] of this.#before) {
			if (descriptor === undefined) fds.delete(fd);
			else fds.set(fd, descriptor);
		}
		this.#before.clear();
		for (const descriptor of this.#opened.splice(0)) {
			if (typeof descriptor === "number") yield* wait(close(descriptor));
			else if (descriptor instanceof Document && descriptor.shared) yield* wait(descriptor.release());
		}
	}
}
