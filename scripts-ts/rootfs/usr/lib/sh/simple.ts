/** Runs simple commands: assignments, functions, builtins and programs. */

import { close } from "helios:fs";
import { type Child, ignore, type Signal, type WaitStatus } from "helios:process";
import { assignAll, assignFor } from "/usr/lib/sh/assign.ts";
import { type Assignment, type FunctionDefinition, isAssignment, type Simple, type Word } from "/usr/lib/sh/ast.ts";
import { describeBuiltin } from "/usr/lib/sh/builtins/information.ts";
import { BUILTINS, type Builtin, type Compounds } from "/usr/lib/sh/builtins.ts";
import { type Co, fresh, wait } from "/usr/lib/sh/co.ts";
import { realFd } from "/usr/lib/sh/descriptors.ts";
import { ExpansionError, Interrupted, Leave, WriteError } from "/usr/lib/sh/errors.ts";
import { beforeCommand, failing, type How, runCommand, waitForeground } from "/usr/lib/sh/exec.ts";
import { expandValue, expandWord, quickText } from "/usr/lib/sh/expand.ts";
import { Job, STATE_WIDTH } from "/usr/lib/sh/jobs.ts";
import { become, epitaph, LaunchError, launch, statusOf } from "/usr/lib/sh/launch.ts";
import { isDirectoryAt } from "/usr/lib/sh/lookup.ts";
import { subscript } from "/usr/lib/sh/parameters.ts";
import { Redirected, RedirectionError } from "/usr/lib/sh/redirect.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";
import { traceWords } from "/usr/lib/sh/trace.ts";
import { VariableError } from "/usr/lib/sh/variables.ts";

/** Deepest nesting of functions. */
const MAX_FRAMES = 1000;
/** Functions nested so deep that the next goes on with a stack of its own. */
const FRAMES_PER_STACK = 40;
/** What a program that nobody controls in the background does not hear. */
const BACKGROUND_IGNORES: readonly Signal[] = ["SIGINT", "SIGQUIT"];
/** What children of a dialogue get back even where they have no group of their own. */
const ALWAYS_DEFAULT: ReadonlySet<Signal> = new Set(["SIGINT", "SIGQUIT", "SIGTERM"]);

/** The words of a command, expanded, and its arguments that are arrays. */
interface Words {
	words: readonly string[];
	compounds: Compounds;
}

const NONE: Compounds = new Map();

function* expandAll(shell: Shell, list: readonly (Word | Assignment)[]): Co<Words> {
	const words: string[] = [];
	let compounds = NONE;
	for (const word of list) {
		if (!isAssignment(word)) {
			const text = quickText(word, shell, true);
			if (text === undefined) yield* expandWord(word, shell, words);
			else words.push(text);
		} else if (Array.isArray(word.value)) {
			if (compounds === NONE) compounds = new Map();
			compounds.set(words.length - 1, word);
			words.push(word.name);
		} else {
			const index = word.index === undefined ? "" : `[${yield* subscript(word.name, word.index, shell)}]`;
			words.push(`${word.name}${index}${word.append ? "+" : ""}=${yield* expandValue(word.value, shell)}`);
		}
	}
	return { words, compounds };
}

/** Runs a simple command. */
export function* runSimple(shell: Shell, simple: Simple, how: How): Co<number> {
	shell.line = simple.line;
	if (simple.redirections.length > 0 || simple.assignments.length > 0 || shell.traps.size > 0)
		return yield* runFull(shell, simple, how);
	try {
		if (simple.literals !== undefined) return yield* runWords(shell, simple.literals, NONE, undefined, how);
		const words = quickWords(shell, simple.words);
		if (words !== undefined) return yield* runWords(shell, words, NONE, undefined, how);
	} catch (error) {
		return yield* failing(shell, error);
	}
	return yield* runFull(shell, simple, how);
}

/** The words of a command, where they can be expanded at once. */
function quickWords(shell: Shell, list: readonly (Word | Assignment)[]): string[] | undefined {
	if (!list.every(isQuickWord)) return undefined;
	const words: string[] = [];
	for (const word of list) {
		const text = quickText(word as Word, shell, true);
		if (text === undefined) return undefined;
		words.push(text);
	}
	return words;
}

/** Whether a word may be expanded twice: nothing in it changes anything. */
function isQuickWord(word: Word | Assignment): boolean {
	return !isAssignment(word) && word.parts.every((part) => part.type === "text" || part.type === "parameter");
}

/** Runs a simple command with all that it may have. */
function* runFull(shell: Shell, simple: Simple, how: How): Co<number> {
	shell.substituted = undefined;
	if (shell.traps.size > 0) yield* beforeCommand(shell, simple.source);
	const redirected = simple.redirections.length === 0 ? undefined : new Redirected(shell);
	const transients = shell.transient.length;
	try {
		const { words, compounds } =
			simple.literals === undefined
				? yield* expandAll(shell, simple.words)
				: { words: simple.literals, compounds: NONE };
		if (words.length === 0) yield* assignAll(shell, simple.assignments, false);
		if (redirected !== undefined) yield* redirected.apply(simple.redirections);
		if (words.length === 0) {
			shell.lastArgument = "";
			return shell.substituted ?? 0;
		}
		if (simple.assignments.length === 0) return yield* runWords(shell, words, compounds, redirected, how);
		const restore = shell.variables.save(simple.assignments.map((assignment) => assignment.name));
		try {
			yield* assignFor(shell, simple.assignments);
			return yield* runWords(shell, words, compounds, redirected, how);
		} finally {
			restore();
		}
	} catch (error) {
		if (error instanceof RedirectionError) {
			yield* shell.complain(error.message);
			return 1;
		}
		return yield* failing(shell, error);
	} finally {
		if (redirected !== undefined) yield* redirected.undo();
		if (shell.transient.length > transients) yield* closeTransients(shell, transients);
	}
}

function* closeTransients(shell: Shell, from: number): Co<void> {
	for (const number of shell.transient.splice(from)) {
		const fd = shell.fds.get(number);
		shell.fds.delete(number);
		if (typeof fd !== "number") continue;
		// With exec it has become one of the shell's own.
		if ([...shell.fds.values()].includes(fd)) shell.owned.add(fd);
		else yield* wait(close(fd));
	}
}

function* runWords(
	shell: Shell,
	words: readonly string[],
	compounds: Compounds,
	redirected: Redirected | undefined,
	how: How,
): Co<number> {
	const name = words[0] as string;
	const args = words.slice(1);
	if (shell.options.has("xtrace")) yield* traceWords(shell, words);
	const definition = shell.functions.get(name);
	try {
		if (definition !== undefined) return yield* runFunction(shell, definition, args);
		const builtin = BUILTINS.get(name);
		if (builtin !== undefined && !shell.disabled.has(name)) {
			// What needs no waiting needs no coroutine.
			const status = builtin.quick?.(shell, args, name);
			if (status !== undefined) return status;
			return yield* runBuiltin(shell, name, builtin, args, compounds, redirected);
		}
		// A job's name by itself brings it to the foreground.
		if (name.startsWith("%") && shell.options.has("monitor"))
			return yield* runBuiltin(shell, "fg", BUILTINS.get("fg") as Builtin, [name], NONE);
		return yield* runProgram(shell, name, args, redirected, how);
	} finally {
		shell.lastArgument = words.at(-1) ?? "";
	}
}

/** Builtins to which `--help` is a word like any other. */
const VERBATIM: ReadonlySet<string> = new Set([":", "[", "echo", "false", "test", "true"]);

/** Builtins that say who they are where a value does not add up. */
const DECLARING: ReadonlySet<string> = new Set(["declare", "local", "typeset"]);

/** Runs a builtin. */
export function* runBuiltin(
	shell: Shell,
	name: string,
	builtin: Builtin,
	args: readonly string[],
	compounds: Compounds,
	redirected?: Redirected,
): Co<number> {
	try {
		if (args.length === 1 && args[0] === "--help" && !VERBATIM.has(name)) return yield* describeBuiltin(shell, name);
		const answer = builtin.run(
			shell,
			args,
			redirected === undefined ? { name, compounds } : { name, compounds, redirected },
		);
		return typeof answer === "number" ? answer : yield* answer;
	} catch (error) {
		if (error instanceof WriteError) {
			yield* shell.complain(`${name}: ${error.message}`);
			return 1;
		}
		if (error instanceof VariableError) {
			yield* shell.complain(error.message);
			return 1;
		}
		if (error instanceof ExpansionError && name === "let") {
			yield* shell.complain(`let: ${error.message}`);
			return 1;
		}
		if (error instanceof ExpansionError && DECLARING.has(name) && !error.fatal)
			throw new ExpansionError(`${name}: ${error.message}`);
		throw error;
	}
}

/** Calls a function. */
export function* runFunction(shell: Shell, definition: FunctionDefinition, args: readonly string[]): Co<number> {
	const { frames, positional, loops, line } = shell;
	const trap = shell.traps.get("RETURN");
	if (frames.length >= Math.min(MAX_FRAMES, Number(shell.get("FUNCNEST")) || MAX_FRAMES)) {
		const limit = Math.min(MAX_FRAMES, Number(shell.get("FUNCNEST")) || MAX_FRAMES);
		yield* shell.complain(`${definition.name}: maximum function nesting level exceeded (${limit})`);
		throw new Leave(1);
	}
	frames.push({ name: definition.name, sourced: false, line });
	shell.positional = args;
	shell.loops = 0;
	shell.variables.push();
	try {
		const body = runCommand(shell, definition.body, {});
		shell.status = yield* frames.length % FRAMES_PER_STACK === 0 ? fresh(body) : body;
		if (shell.unwinding?.what === "return") shell.unwinding = undefined;
		// One that the function has set is its own.
		if (shell.options.has("functrace") || shell.traps.get("RETURN") !== trap) yield* shell.runTrap("RETURN");
		return shell.status;
	} finally {
		shell.variables.pop();
		shell.positional = positional;
		shell.loops = loops;
		shell.line = line;
		const options = frames.pop()?.options;
		if (options !== undefined) shell.resetOptions(options);
	}
}

/** The descriptors of a program that is started now. */
export function* descriptors(shell: Shell): Co<{ to: number; from: number }[]> {
	const out: { to: number; from: number }[] = [];
	for (const [to, descriptor] of shell.fds) {
		const from = realFd(descriptor);
		out.push({ to, from: typeof from === "number" ? from : yield* wait(from) });
	}
	return out;
}

/** Starts a program as this shell's child, in its job. */
export function* start(
	shell: Shell,
	name: string,
	args: readonly string[],
	job: Job | undefined,
	how: How,
	{ argv0, clean }: { argv0?: string; clean?: boolean } = {},
): Co<Child> {
	const fds = yield* descriptors(shell);
	const { defaults } = shell.signals;
	const request = {
		args,
		env: clean === true ? {} : shell.variables.environment(),
		cwd: shell.cwd,
		fds,
		...(argv0 === undefined ? {} : { argv0 }),
		...(defaults.length === 0
			? {}
			: { defaults: job?.grouped === true ? defaults : defaults.filter((each) => ALWAYS_DEFAULT.has(each)) }),
		...(how.background === true && job?.grouped !== true ? { ignores: BACKGROUND_IGNORES } : {}),
	};
	const path = hashedPath(shell, name);
	const found = (where: string): void => {
		if (!name.includes("/") && shell.options.has("hashall")) {
			const known = shell.hashed.get(name);
			shell.hashed.set(name, { path: where, hits: (known?.hits ?? 0) + 1 });
		}
	};
	const attempt = async (group: { pgroup?: number; foreground?: boolean }): Promise<Child> => {
		const full = { ...request, ...group };
		if (path !== undefined) {
			try {
				return await launch(path, { argv0: name, ...full }, () => found(path));
			} catch (error) {
				// It has moved since.
				if (!(error instanceof LaunchError) || error.status !== 127) throw error;
				shell.hashed.delete(name);
			}
		}
		return launch(name, full, found);
	};
	return yield* wait(job === undefined ? attempt({}) : job.start(attempt));
}

function hashedPath(shell: Shell, name: string): string | undefined {
	const path = shell.get("PATH");
	if (path !== shell.hashedPath) {
		shell.hashed.clear();
		shell.hashedPath = path;
	}
	return shell.hashed.get(name)?.path;
}

/** Says why a program did not start, and answers the status for that. */
export function* refuse(shell: Shell, name: string, error: LaunchError, before = ""): Co<number> {
	let { message } = error;
	if (error.status === 127)
		message = before !== "" ? "not found" : name.includes("/") ? "No such file or directory" : "command not found";
	else if (name.includes("/") && (yield* isDirectoryAt(shell, name))) message = "Is a directory";
	yield* shell.complain(`${before}${name}: ${message}`);
	return error.status;
}

/** Runs a program and waits for it. */
export function* runProgram(
	shell: Shell,
	name: string,
	args: readonly string[],
	redirected: Redirected | undefined,
	how: How,
): Co<number> {
	const own = shell.options.has("monitor") && shell.job === undefined;
	const job = own ? new Job(shell.pipelineText, true, true, shell.cwd) : shell.job;
	if (how.last === true && !own && canBecome(shell)) return yield* replace(shell, name, args, "");
	let child: Child;
	try {
		child = yield* start(shell, name, args, job, how);
	} catch (error) {
		if (!(error instanceof LaunchError)) throw error;
		return yield* refuse(shell, name, error);
	}
	if (redirected !== undefined) yield* redirected.undo();
	if (how.spawned !== undefined) yield* wait(how.spawned());
	if (own && job !== undefined) {
		job.begin(job.wait(child).then(statusOf));
		return yield* waitForeground(shell, job);
	}
	const ended = yield* wait(job === undefined ? child.wait() : job.wait(child));
	return yield* conclude(shell, child, ended);
}

/** The status of a program that has ended, and what there is to say of it. */
function* conclude(shell: Shell, child: Child, ended: WaitStatus): Co<number> {
	if (ended.signal === 2 && shell.interactive) throw new Interrupted();
	if (!shell.root && shell.job?.doomed !== undefined && ended.signal === shell.job.doomed)
		throw new Leave(statusOf(ended));
	const words = epitaph(ended);
	// Of a job of its own the one who waits for the job speaks.
	if (words !== undefined && shell.job === undefined)
		yield* shell.complain(`${String(child.pid).padStart(5)} ${words.padEnd(STATE_WIDTH)}${shell.pipelineText}`);
	return statusOf(ended);
}

/** Whether nothing is left to do for this shell but a program, which may take its place. */
function canBecome(shell: Shell): boolean {
	return shell.root && !shell.interactive && shell.traps.size === 0 && shell.frames.length === 0;
}

/** Puts a program in the shell's place; in a subshell, waits for it and ends. */
export function* replace(
	shell: Shell,
	name: string,
	args: readonly string[],
	before: string,
	options: { argv0?: string; clean?: boolean } = {},
): Co<number> {
	const env = options.clean === true ? {} : shell.variables.environment();
	try {
		if (!shell.root) {
			// Nothing of this shell is left to run its trap.
			const child = yield* start(shell, name, args, shell.job, {}, options);
			shell.traps.delete("EXIT");
			throw new Leave(statusOf(yield* wait(shell.job?.wait(child) ?? child.wait())));
		}
		const fds = yield* descriptors(shell);
		for (const signal of shell.signals.defaults) yield* wait(ignore(signal, false));
		const { argv0 } = options;
		return yield* wait(become(name, { args, env, cwd: shell.cwd, fds, ...(argv0 === undefined ? {} : { argv0 }) }));
	} catch (error) {
		if (!(error instanceof LaunchError)) throw error;
		return yield* refuse(shell, name, error, before);
	}
}
