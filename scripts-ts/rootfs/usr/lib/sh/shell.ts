/** The state of a shell: variables, arguments, descriptors, directory, options, functions, traps, jobs. */

import { isSystemError } from "helios:errors";
import { fromFd } from "helios:fs";
import { env, pid, umask } from "helios:process";
import { now } from "helios:time";
import { ArithmeticError, evaluate, type Int, type Numbers } from "/usr/lib/sh/arithmetic.ts";
import type { FunctionDefinition, List, Part } from "/usr/lib/sh/ast.ts";
import { reason } from "/usr/lib/sh/cli.ts";
import { type Co, wait } from "/usr/lib/sh/co.ts";
import type { Capture, Descriptor } from "/usr/lib/sh/descriptors.ts";
import { Discard, ExpansionError, Leave, WriteError } from "/usr/lib/sh/errors.ts";
import type { History } from "/usr/lib/sh/history.ts";
import { type Job, Jobs } from "/usr/lib/sh/jobs.ts";
import { DEFAULT_PATH } from "/usr/lib/sh/launch.ts";
import { letters, SHOPTS } from "/usr/lib/sh/options.ts";
import type { Matching } from "/usr/lib/sh/pattern.ts";
import { Signals } from "/usr/lib/sh/signals.ts";
import { splitReference, VariableError, Variables } from "/usr/lib/sh/variables.ts";
import { encode } from "/usr/lib/text/bytes.ts";

/** What the executor does for a shell; it sets them. */
export interface Engine {
	execute(shell: Shell, list: List, how?: { last?: boolean }): Co<number>;
	substitute(shell: Shell, part: Part & { type: "command" }): Co<string>;
	/** Runs the commands of a trap. */
	runAction(shell: Shell, name: string, action: string): Co<number>;
	/** Makes `<(…)` or `>(…)` and answers its path. */
	process(shell: Shell, list: List, direction: "<" | ">"): Co<string>;
}

/** What an unfinished `break`, `continue` or `return` still has to leave. */
export interface Unwinding {
	what: "break" | "continue" | "return";
	levels: number;
}

/** A function or a sourced file that is running. */
export interface Frame {
	name: string;
	sourced: boolean;
	/** The line it was called from. */
	line: number;
	/** The options of `set` to put back at its end: it said `local -`. */
	options?: ReadonlySet<string>;
}

/** Who runs the shell, as far as prompts and `$UID` tell. */
export interface Identity {
	uid: number;
	euid: number;
	ppid: number;
	pgid: number;
}

/** Arrays that the shell keeps. */
export const KEPT: ReadonlySet<string> = new Set(["PIPESTATUS", "FUNCNAME", "BASH_SOURCE"]);

/** Traps that subshells have too, by the option that says so. */
const INHERITING: Record<string, string> = { ERR: "errtrace", DEBUG: "functrace", RETURN: "functrace" };

/** A shell, or a subshell in the same process. */
export class Shell {
	/** `$0`. */
	name = "sh";
	/** Where the commands come from, for messages: nothing, `-c`, or a file. */
	origin = "";
	positional: readonly string[] = [];
	/** How often `set` has given it other arguments. */
	argumentsSet = 0;
	cwd: string;
	/** What the commands' descriptors are. */
	fds: Map<number, Descriptor> = new Map<number, Descriptor>([
		[0, 0],
		[1, 1],
		[2, 2],
	]);
	/** Options of `set`, by their long names. */
	readonly options: Set<string>;
	/** Options of `shopt`. */
	readonly shopts: Set<string>;
	readonly variables: Variables;
	readonly functions: Map<string, FunctionDefinition>;
	readonly aliases: Map<string, string>;
	/** Commands by signal name, and for EXIT, ERR, DEBUG, RETURN; the empty text ignores. */
	readonly traps = new Map<string, string>();
	/** The traps of the shell that this is a subshell of, which `trap` shows until one is set here. */
	inherited: ReadonlyMap<string, string> | undefined;
	/** `$?`. */
	status = 0;
	pipeStatuses: readonly number[] = [0];
	/** The sourced file that is running. */
	file: string | undefined;
	/** `$_`. */
	lastArgument = "";
	/** The line of the command at hand. */
	line = 1;
	/** Status of the last substitution in the command at hand. */
	substituted: number | undefined;
	/** `$BASH_COMMAND`: the command at hand, where there are traps to ask for it. */
	command = "";
	/** The status that the shell is about to end with: its EXIT trap runs. */
	leaving: number | undefined;
	/** Over 0 where a failure is looked at, so that `-e` does not apply. */
	guards = 0;
	/** Loops around the command at hand. */
	loops = 0;
	/** Functions and sourced files around it, by name. */
	frames: Frame[] = [];
	unwinding: Unwinding | undefined;
	/** `$!`. */
	background: number | undefined;
	/** How many subshells this is in: it does not change the process's own directory. */
	readonly level: number;
	/** The file-creation mask to put back when the subshell ends. */
	mask: number | undefined;
	readonly jobs: Jobs;
	/** The job that what is started here belongs to. */
	job: Job | undefined;
	readonly signals: Signals;
	readonly engine: Engine;
	readonly identity: Identity;
	/** `$$`. */
	readonly pid: number;
	/** The directories of `pushd`, without the current one. */
	directories: string[] = [];
	/** Lines typed. */
	history: History | undefined;
	/** SIGINT has ended this subshell. */
	wasInterrupted = false;
	/** The command that has been told of stopped jobs: the next one may leave. */
	warned = -1;
	/** Where `getopts` is in a word of several letters. */
	getopts: { index: number; place: number } | undefined;
	/** Ends the process. */
	leave: ((status: number) => void) | undefined;
	/** Traps whose commands are running. */
	readonly #trapping = new Set<string>();
	/** Whether this is a login shell. */
	login = false;
	/** Where `$SECONDS` counts from, in milliseconds since the Unix epoch. */
	readonly startedMs: number;
	/** Descriptors of the process that `exec` opened for good. */
	readonly owned = new Set<number>();
	/** Where programs were found, by name, as long as `$PATH` is `hashedPath`. */
	readonly hashed = new Map<string, { path: string; hits: number }>();
	hashedPath: string | undefined;
	/** Builtins that `enable -n` has switched off. */
	readonly disabled: Set<string>;
	/** The descriptor of the terminal whose jobs it controls. */
	terminal = 0;
	/** Descriptors of process substitutions, until their command has ended. */
	readonly transient: number[] = [];
	/** How many substitutions, sourced files and `eval` this is in. */
	nesting = 1;
	/** The user's and the machine's names, once a prompt has asked for them. */
	facts: { user: string; host: string } | undefined;
	/** Commands typed so far. */
	commands = 1;
	/** The text of the pipeline at hand. */
	pipelineText = "";

	constructor(from: Shell | { cwd: string; engine: Engine; identity: Identity; pid?: number }) {
		this.cwd = from.cwd;
		this.engine = from.engine;
		this.identity = from.identity;
		this.pid = from.pid ?? pid;
		if (from instanceof Shell) {
			this.name = from.name;
			this.origin = from.origin;
			this.positional = from.positional;
			this.fds = new Map(from.fds);
			this.options = new Set(from.options);
			this.options.delete("monitor");
			this.shopts = new Set(from.shopts);
			this.variables = new Variables(from.variables);
			this.functions = new Map(from.functions);
			this.aliases = new Map(from.aliases);
			for (const [name, action] of from.traps)
				if (action === "" || (INHERITING[name] !== undefined && from.options.has(INHERITING[name])))
					this.traps.set(name, action);
			if (from.traps.size > 0 || from.inherited !== undefined) this.inherited = from.inherited ?? new Map(from.traps);
			this.status = from.status;
			this.pipeStatuses = from.pipeStatuses;
			this.lastArgument = from.lastArgument;
			this.line = from.line;
			this.file = from.file;
			this.guards = from.guards;
			this.frames = [...from.frames];
			this.loops = from.loops;
			this.background = from.background;
			this.level = from.level + 1;
			this.jobs = new Jobs(from.jobs);
			this.job = from.job;
			this.signals = from.signals;
			this.directories = [...from.directories];
			this.history = from.history;
			this.nesting = from.nesting;
			this.pipelineText = from.pipelineText;
			this.facts = from.facts;
			this.disabled = new Set(from.disabled);
			this.startedMs = from.startedMs;
			for (const [name, program] of from.hashed) this.hashed.set(name, program);
			this.hashedPath = from.hashedPath;
		} else {
			this.options = new Set(["braceexpand", "hashall"]);
			this.shopts = new Set(Object.keys(SHOPTS).filter((name) => SHOPTS[name]));
			this.variables = new Variables();
			this.functions = new Map();
			this.aliases = new Map();
			this.disabled = new Set();
			this.level = 0;
			this.jobs = new Jobs();
			this.signals = new Signals();
			this.startedMs = now();
			this.#begin();
		}
		this.#connect();
	}

	/** Takes the environment over. */
	#begin(): void {
		const { variables } = this;
		for (const [name, value] of Object.entries(env))
			if (/^[A-Za-z_]\w*$/.test(name)) variables.set(name, value, false, true);
		if (variables.get("PATH") === undefined) variables.set("PATH", DEFAULT_PATH);
		variables.set("IFS", " \t\n");
		variables.set("OPTIND", "1");
		variables.set("PS4", "+ ");
		if (variables.get("PWD") !== this.cwd) variables.set("PWD", this.cwd, false, true);
		variables.set("SHLVL", String((Number(env.SHLVL) || 0) + 1), false, true);
		for (const [name, value] of Object.entries({
			PPID: this.identity.ppid,
			UID: this.identity.uid,
			EUID: this.identity.euid,
		})) {
			variables.set(name, String(value));
			variables.mark(name, { readonly: true, integer: true });
		}
	}

	/** Makes values that are asked for, and arithmetic, this shell's own. */
	#connect(): void {
		this.variables.evaluate = (text) => this.evaluate(text);
		let secondsFrom = this.startedMs;
		const { dynamic } = this.variables;
		dynamic.set("RANDOM", { get: () => String(Math.floor(Math.random() * 32768)), set: () => undefined });
		dynamic.set("LINENO", { get: () => String(this.line) });
		dynamic.set("SECONDS", {
			get: () => String(Math.floor((now() - secondsFrom) / 1000)),
			set: (value) => {
				secondsFrom = now() - Number(value) * 1000;
			},
		});
		dynamic.set("EPOCHSECONDS", { get: () => String(Math.floor(now() / 1000)) });
		dynamic.set("BASH_COMMAND", { get: () => this.command });
		dynamic.set("BASH_SUBSHELL", { get: () => String(this.level) });
	}

	/** Whether a function is running. */
	get inFunction(): boolean {
		return this.frames.some((frame) => !frame.sourced);
	}

	/** Whether the commands of a trap are running. */
	get trapping(): boolean {
		return this.#trapping.size > 0;
	}

	/** Gives the shell, or the function at hand, other arguments. */
	setArguments(list: readonly string[]): void {
		this.positional = list;
		this.argumentsSet++;
	}

	get interactive(): boolean {
		return this.options.has("interactive");
	}

	/** The root of the subshells: its traps run, and its directory is the process's. */
	get root(): boolean {
		return this.level === 0;
	}

	/** How texts are compared with patterns. */
	get matching(): Matching {
		return { groups: this.shopts.has("extglob"), fold: this.shopts.has("nocasematch") };
	}

	/** What joins arguments in `$*`. */
	get separator(): string {
		return (this.get("IFS") ?? " ").charAt(0);
	}

	/** The value of a variable or a special parameter. */
	get(name: string): string | undefined {
		return name.charCodeAt(0) >= 65 ? (this.variables.get(name) ?? this.#kept(name)) : this.#special(name);
	}

	#special(name: string): string | undefined {
		switch (name) {
			case "0":
				return this.name;
			case "?":
				return String(this.status);
			case "$":
				return String(this.pid);
			case "#":
				return String(this.positional.length);
			case "!":
				return this.background === undefined ? undefined : String(this.background);
			case "-":
				return letters(this.options);
			case "@":
				return this.positional.join(" ");
			case "*":
				return this.positional.join(this.separator);
			default:
				return this.positional[Number(name) - 1];
		}
	}

	/** What the shell keeps under a name. */
	#kept(name: string): string | undefined {
		if (name === "_") return this.lastArgument;
		return KEPT.has(name) ? this.refresh(name).get(0) : undefined;
	}

	/** Brings an array up to date that the shell keeps, and answers its elements. */
	refresh(name: string): Map<number, string> {
		let texts: string[];
		if (name === "PIPESTATUS") texts = this.pipeStatuses.map(String);
		else if (name === "BASH_SOURCE") texts = this.#files();
		else texts = this.frames.map((frame) => (frame.sourced ? "source" : frame.name)).reverse();
		const list = new Map(texts.map((text, index) => [index, text]));
		if (name === "PIPESTATUS" || list.size > 0) this.variables.mark(name, { list });
		else if (this.variables.find(name) !== undefined) this.variables.unset(name);
		return list;
	}

	/** The files that what is running comes from, the innermost first. */
	#files(): string[] {
		const files = this.origin === "" || this.origin === "-c" ? [] : [this.origin];
		for (const frame of this.frames) files.push(frame.sourced ? frame.name : (files.at(-1) ?? ""));
		return files.reverse();
	}

	/** Sets a variable, and exports it under `set -a`. */
	set(name: string, value: string, append = false): void {
		this.variables.set(name, value, append, this.options.has("allexport"));
	}

	/** The value of an arithmetic expression. */
	evaluate(text: string): Int {
		try {
			return evaluate(text, this.#numbers);
		} catch (error) {
			if (error instanceof RangeError) throw new ExpansionError(`${text}: expression too deep`);
			if (error instanceof ArithmeticError)
				throw new ExpansionError(error.message, error.message.endsWith("unbound variable"));
			throw error;
		}
	}

	/** The variables as arithmetic sees them. */
	readonly #numbers: Numbers = {
		get: (name, index) => (index === undefined ? this.get(name) : this.variables.element(name, index)),
		set: (name, value, index) => {
			if (index === undefined) this.set(name, value);
			else this.variables.setElement(name, index, value);
		},
		isStrict: () => this.options.has("nounset"),
	};

	substitute(part: Part & { type: "command" }): Co<string> {
		return this.engine.substitute(this, part);
	}

	processes(list: List, direction: "<" | ">"): Co<string> {
		return this.engine.process(this, list, direction);
	}

	/** The process's own descriptor for one of the shell's, if that is a file. */
	descriptor(fd: number): number | undefined {
		const found = this.fds.get(fd);
		return typeof found === "number" ? found : undefined;
	}

	/** Whether a variable or a positional parameter is set; `NAME[INDEX]` means an element. */
	isSet(name: string): boolean {
		const [base, index] = splitReference(name);
		if (index === "@" || index === "*") return this.variables.entries(base).length > 0;
		return index === undefined ? this.get(name) !== undefined : this.variables.element(base, index) !== undefined;
	}

	/** Whether a variable stands for another one. */
	isReference(name: string): boolean {
		return this.variables.find(name)?.reference === true;
	}

	hasOption(name: string): boolean {
		return this.options.has(name);
	}

	/** Sets the options of `set` to what they were. */
	resetOptions(options: ReadonlySet<string>): void {
		this.options.clear();
		for (const option of options) this.options.add(option);
	}

	/** An absolute path. */
	resolve(path: string): string {
		return path.startsWith("/") ? path : `${this.cwd === "/" ? "" : this.cwd}/${path}`;
	}

	/** Prints for a builtin. A reader that has gone ends the shell as SIGPIPE would. */
	*print(data: string | Uint8Array): Co<void> {
		if (data.length === 0) return;
		const target = this.fds.get(1);
		if (target === undefined) throw new WriteError("write error: Bad file descriptor");
		if (typeof target !== "number" && "add" in target && !(target as Capture).shared)
			return (target as Capture).add(data);
		try {
			const fd = typeof target === "number" ? target : yield* wait(target.fd());
			yield* wait(fromFd(fd).write(typeof data === "string" ? encode(data) : data));
		} catch (error) {
			if (isSystemError(error, "EPIPE")) throw new Leave(141);
			throw new WriteError(`write error: ${reason(error)}`);
		}
	}

	/** What messages begin with: the shell's name, and outside a dialogue the line. */
	get prefix(): string {
		return this.interactive ? `${this.name}: ` : `${this.file ?? this.name}: line ${this.line}: `;
	}

	/** Says what is wrong on standard error. */
	complain(message: string): Co<void> {
		return this.say(`${this.prefix}${message}`);
	}

	/** Writes a line to standard error. */
	say(line: string): Co<void> {
		return this.write(2, `${line}\n`);
	}

	/** Writes text to a descriptor; nobody hears where that fails. */
	*write(descriptor: number, text: string): Co<void> {
		const target = this.fds.get(descriptor);
		if (target === undefined) return;
		if (typeof target !== "number" && "add" in target && !(target as Capture).shared)
			return (target as Capture).add(text);
		const fd = typeof target === "number" ? target : yield* wait(target.fd());
		yield* wait(
			fromFd(fd)
				.write(text)
				.catch(() => undefined),
		);
	}

	/** Says what is wrong with an expansion or an assignment, and drops what follows. */
	*fail(error: unknown): Co<never> {
		if (error instanceof ExpansionError) {
			yield* this.complain(error.message);
			if (error.fatal && !this.interactive) throw new Leave(this.level > 0 ? 1 : this.origin === "-c" ? 127 : 1);
			throw new Discard();
		}
		if (error instanceof VariableError) {
			yield* this.complain(error.message);
			throw new Discard();
		}
		throw error;
	}

	/** Runs the commands of a trap; `$?` stays as it was. */
	*runTrap(name: string): Co<void> {
		const action = this.traps.get(name);
		// A trap does not trap itself.
		if (action === undefined || action === "" || this.#trapping.has(name)) return;
		const { status, pipeStatuses, line } = this;
		this.#trapping.add(name);
		try {
			yield* this.engine.runAction(this, name, action);
		} finally {
			this.#trapping.delete(name);
		}
		this.status = status;
		this.pipeStatuses = pipeStatuses;
		this.line = line;
	}

	/** Puts back what a subshell changed of the process. */
	*restore(): Co<void> {
		if (this.mask !== undefined) yield* wait(umask(this.mask));
		this.mask = undefined;
	}
}
