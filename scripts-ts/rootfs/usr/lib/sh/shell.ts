/** The state of a shell: variables, arguments, descriptors, directory, flags, jobs. */

import { isSystemError } from "helios:errors";
import { close, fromFd, pipe } from "helios:fs";
import { env, ignore, on, pid, umask } from "helios:process";
import type { List } from "/usr/lib/sh/ast.ts";
import type { Scope } from "/usr/lib/sh/expand.ts";
import { DEFAULT_PATH } from "/usr/lib/sh/launch.ts";
import { users } from "/usr/lib/sh/users.ts";

/** Ends a shell, or the part of one that runs in a subshell. */
export class Leave extends Error {
	/** The status it ends with. */
	readonly status: number;

	constructor(status: number) {
		super(`exit ${status}`);
		this.status = status;
	}
}

/** A command under way in the background. */
export interface Job {
	pid: number;
	text: string;
	/** Resolves to its status. */
	done: Promise<number>;
	/** Its status, once it has ended. */
	status?: number;
}

interface Variable {
	value: string | undefined;
	exported: boolean;
}

/** How a shell takes SIGINT: what runs in the background ignores it, and inherits that. */
export class Interrupts {
	/** SIGINT has come since it was last set to `false`. */
	seen = false;
	#handler: (() => void) | undefined;
	#off: (() => void) | undefined;

	/** Takes SIGINT from now on instead of ending by it. */
	handle(handler: () => void): void {
		this.#handler = handler;
		this.#off = on("SIGINT", () => {
			this.seen = true;
			handler();
		});
	}

	/** Makes a call while SIGINT and SIGQUIT are ignored. The calls go out together: no signal comes in between. */
	shielded<T>(start: () => Promise<T>): Promise<T> {
		const handler = this.#handler;
		this.#off?.();
		void ignore("SIGINT");
		void ignore("SIGQUIT");
		const started = start();
		void ignore("SIGQUIT", false);
		void ignore("SIGINT", false);
		if (handler !== undefined) this.handle(handler);
		return started;
	}
}

/** A shell, or a subshell in the same process. */
export class Shell implements Scope {
	/** `$0`. */
	name = "sh";
	positional: readonly string[] = [];
	cwd: string;
	/** What the commands' descriptors are in this process. */
	fds = new Map([
		[0, 0],
		[1, 1],
		[2, 2],
	]);
	/** Letters of the options that are set. */
	flags = new Set<string>();
	/** `$?`. */
	status = 0;
	/** Status of the last substitution in the command at hand. */
	substituted: number | undefined;
	/** Over 0 where a failure is looked at, so that `-e` does not apply. */
	guards = 0;
	/** `$!`. */
	background: number | undefined;
	/** Whether this is a subshell: it does not change the process's own directory. */
	readonly nested: boolean;
	/** The file-creation mask to put back when the subshell ends. */
	mask: number | undefined;
	jobs: Job[] = [];
	readonly interrupts: Interrupts;
	/** Runs a list; the executor sets it. */
	readonly execute: (shell: Shell, list: List) => Promise<number>;
	#variables = new Map<string, Variable>();

	constructor(from: Shell | { cwd: string; execute: (shell: Shell, list: List) => Promise<number> }) {
		this.cwd = from.cwd;
		this.execute = from.execute;
		this.nested = from instanceof Shell;
		if (from instanceof Shell) {
			this.name = from.name;
			this.positional = from.positional;
			this.fds = new Map(from.fds);
			this.flags = new Set(from.flags);
			this.status = from.status;
			this.guards = from.guards;
			this.background = from.background;
			this.interrupts = from.interrupts;
			for (const [name, variable] of from.#variables) this.#variables.set(name, { ...variable });
			return;
		}
		this.interrupts = new Interrupts();
		for (const [name, value] of Object.entries(env)) this.#variables.set(name, { value, exported: true });
		if (this.lookup("PATH") === undefined) this.assign("PATH", DEFAULT_PATH);
		this.assign("IFS", " \t\n");
		if (this.lookup("PWD") !== this.cwd) this.export("PWD", this.cwd);
	}

	get globbing(): boolean {
		return !this.flags.has("f");
	}

	get strict(): boolean {
		return this.flags.has("u");
	}

	lookup(name: string): string | undefined {
		if (/^[A-Za-z_]/.test(name)) return this.#variables.get(name)?.value;
		switch (name) {
			case "0":
				return this.name;
			case "?":
				return String(this.status);
			case "$":
				return String(pid);
			case "#":
				return String(this.positional.length);
			case "!":
				return this.background === undefined ? undefined : String(this.background);
			case "-":
				return [...this.flags].sort().join("");
			case "@":
				return this.positional.join(" ");
			case "*":
				return this.positional.join(this.lookup("IFS")?.charAt(0) ?? " ");
			default:
				return this.positional[Number(name) - 1];
		}
	}

	assign(name: string, value: string): void {
		const exported = (this.#variables.get(name)?.exported ?? false) || this.flags.has("a");
		this.#variables.set(name, { value, exported });
	}

	/** Exports a variable, with a new value where one is given. */
	export(name: string, value = this.#variables.get(name)?.value): void {
		this.#variables.set(name, { value, exported: true });
	}

	unset(name: string): void {
		this.#variables.delete(name);
	}

	/** Every variable with a value, sorted by name. */
	variables(): [name: string, value: string, exported: boolean][] {
		const all: [string, string, boolean][] = [];
		for (const [name, { value, exported }] of this.#variables)
			if (value !== undefined) all.push([name, value, exported]);
		return all.sort(([a], [b]) => (a < b ? -1 : 1));
	}

	/** Variables to put back later. */
	save(names: readonly string[]): () => void {
		const saved = names.map((name) => [name, this.#variables.get(name)] as const);
		return () => {
			for (const [name, variable] of saved) {
				if (variable === undefined) this.#variables.delete(name);
				else this.#variables.set(name, variable);
			}
		};
	}

	/** The environment of a command. */
	environment(): Record<string, string> {
		const out: Record<string, string> = {};
		for (const [name, value, exported] of this.variables()) if (exported) out[name] = value;
		return out;
	}

	async home(user: string): Promise<string | undefined> {
		if (user === "") return this.lookup("HOME");
		return (await users()).find((each) => each.name === user)?.home;
	}

	/** An absolute path. */
	resolve(path: string): string {
		return path.startsWith("/") ? path : `${this.cwd === "/" ? "" : this.cwd}/${path}`;
	}

	/** Prints for a builtin. A reader that has gone ends the shell as SIGPIPE would. */
	async print(text: string): Promise<void> {
		const fd = this.fds.get(1);
		if (fd === undefined || text === "") return;
		try {
			await fromFd(fd).write(text);
		} catch (error) {
			if (isSystemError(error, "EPIPE")) throw new Leave(141);
			await this.complain(`write error: ${error instanceof Error ? error.message : error}`);
		}
	}

	/** Says what is wrong on standard error. */
	complain(message: string): Promise<void> {
		return this.say(`sh: ${message}`);
	}

	/** Writes a line to standard error. */
	async say(line: string): Promise<void> {
		const fd = this.fds.get(2);
		if (fd !== undefined)
			await fromFd(fd)
				.write(`${line}\n`)
				.catch(() => undefined);
	}

	/** Runs `work` and answers its status, also where it leaves the shell; for subshells. */
	async contain(work: () => Promise<number>): Promise<number> {
		try {
			return await work();
		} catch (error) {
			if (error instanceof Leave) return error.status;
			throw error;
		} finally {
			if (this.mask !== undefined) await umask(this.mask);
		}
	}

	async substitute(list: List): Promise<string> {
		const { read, write } = await pipe();
		const inner = new Shell(this);
		inner.fds.set(1, write);
		const run = async (): Promise<number> => {
			try {
				return await inner.contain(() => this.execute(inner, list));
			} finally {
				await close(write);
			}
		};
		try {
			const [status, text] = await Promise.all([run(), fromFd(read).readText()]);
			this.status = status;
			this.substituted = status;
			return text.replace(/\n+$/, "");
		} finally {
			await close(read);
		}
	}
}
