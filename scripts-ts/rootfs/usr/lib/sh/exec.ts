/** Runs syntax trees: lists, pipelines, subshells. */

import { close, pipe } from "helios:fs";
import { umask } from "helios:process";
import { setForeground } from "helios:tty";
import type { AndOr, Command, List, Part, Pipeline } from "/usr/lib/sh/ast.ts";
import { startJob } from "/usr/lib/sh/background.ts";
import { reason } from "/usr/lib/sh/cli.ts";
import { type Co, fresh, run, wait } from "/usr/lib/sh/co.ts";
import { runCompound } from "/usr/lib/sh/compound.ts";
import { Capture } from "/usr/lib/sh/descriptors.ts";
import { Discard, ExpansionError, Interrupted, Leave } from "/usr/lib/sh/errors.ts";
import type { expandText } from "/usr/lib/sh/expand.ts";
import { Job, signalText } from "/usr/lib/sh/jobs.ts";
import { Redirected, RedirectionError } from "/usr/lib/sh/redirect.ts";
import { runText } from "/usr/lib/sh/script.ts";
import { Shell } from "/usr/lib/sh/shell.ts";
import { runSimple } from "/usr/lib/sh/simple.ts";
import { reportTime, usage } from "/usr/lib/sh/timing.ts";
import { VariableError } from "/usr/lib/sh/variables.ts";

/** How a command is to be run. */
export interface How {
	/** Called when a program has been started, and its process has all the descriptors it needs. */
	spawned?: () => Promise<void>;
	/** Nothing follows it: a program may take the shell's place. */
	last?: boolean;
	/** It goes on while the shell does other things. */
	background?: boolean;
}

/** Commands after which the event loop gets its turn, so that signals are heard and stages go on. */
const COMMANDS_PER_TURN = 512;
let sinceTurn = 0;

const NOTHING: How = {};
const SUCCESS: readonly number[] = [0];

/** Gives the event loop its turn. */
function* breathe(): Co<void> {
	sinceTurn = 0;
	yield* wait(umask());
}

/** What signals want: traps, or that everything ends. */
export function* attendSignals(shell: Shell): Co<void> {
	const { signals } = shell;
	if (signals.interrupted) throw new Interrupted();
	while (shell.root && signals.pending.length > 0) {
		const signal = signals.pending.shift() as string;
		yield* shell.runTrap(signal);
	}
}

/** Runs commands one after another; answers the status of the last. */
export function* runList(shell: Shell, list: List, how: How = {}): Co<number> {
	for (let index = 0; index < list.length; index++) {
		const item = list[index] as AndOr;
		if (shell.options.has("noexec") && !shell.interactive) break;
		const last = how.last === true && index === list.length - 1;
		yield* runItem(shell, item, last ? how : NOTHING);
		if (++sinceTurn >= COMMANDS_PER_TURN) yield* breathe();
		if (shell.signals.interrupted || shell.signals.pending.length > 0) yield* attendSignals(shell);
		if (shell.unwinding !== undefined) break;
	}
	return shell.status;
}

function* runItem(shell: Shell, item: AndOr, how: How): Co<void> {
	const { only } = item;
	if (item.background) shell.status = yield* startJob(shell, item);
	else if (only === undefined || (only.type === "subshell" && shell.options.has("monitor")))
		yield* runAndOr(shell, item, how);
	else {
		shell.pipelineText = item.source;
		const status = yield* only.type === "simple" ? runSimple(shell, only, how) : runCommand(shell, only, NOTHING);
		if (hasOwnStatus(only)) shell.pipeStatuses = status === 0 ? SUCCESS : [status];
		shell.status = status;
		if (status !== 0) yield* failed(shell, item.first, status);
	}
}

/** Runs what `trap … DEBUG` asks for before a command; in a function only where that is wanted. */
export function* beforeCommand(shell: Shell, source: string): Co<void> {
	if (!shell.trapping) shell.command = source;
	if (shell.traps.has("DEBUG") && (shell.frames.length === 0 || shell.options.has("functrace")))
		yield* shell.runTrap("DEBUG");
}

/** Whether a command's status is not just that of a command inside it. */
function hasOwnStatus({ type }: Command): boolean {
	return type === "simple" || type === "subshell" || type === "arithmetic" || type === "conditional";
}

/** Whether a failure of a pipeline counts for `set -e`: that of a compound command has counted inside already. */
function counts({ commands }: Pipeline): boolean {
	const [first] = commands;
	return commands.length > 1 || (first !== undefined && hasOwnStatus(first));
}

function* runAndOr(shell: Shell, { first, rest }: AndOr, how: How): Co<void> {
	if (rest.length === 0) return yield* runLooked(shell, first, first.negated, how);
	yield* runLooked(shell, first, true, {});
	for (let index = 0; index < rest.length && shell.unwinding === undefined; index++) {
		const { operator, pipeline } = rest[index] as AndOr["rest"][number];
		if ((shell.status === 0) !== (operator === "&&")) continue;
		const last = index === rest.length - 1;
		yield* runLooked(shell, pipeline, !last || pipeline.negated, last ? how : {});
	}
}

/** Runs a pipeline; `looked`: its status is looked at, so that a failure does not end the shell. */
function* runLooked(shell: Shell, pipeline: Pipeline, looked: boolean, how: How): Co<void> {
	let status: number;
	if (looked) shell.guards++;
	try {
		status = yield* runPipeline(shell, pipeline, pipeline.negated ? {} : how);
	} finally {
		if (looked) shell.guards--;
	}
	if (pipeline.negated && shell.unwinding === undefined) status = status === 0 ? 1 : 0;
	shell.status = status;
	if (status !== 0 && !looked) yield* failed(shell, pipeline, status);
}

/** What a failure means: the ERR trap, and under `set -e` the end. */
function* failed(shell: Shell, pipeline: Pipeline, status: number): Co<void> {
	if (shell.guards > 0 || shell.unwinding !== undefined || !counts(pipeline)) return;
	if (shell.traps.has("ERR") && (!shell.inFunction || shell.options.has("errtrace"))) yield* shell.runTrap("ERR");
	if (shell.options.has("errexit")) throw new Leave(status);
}

function* runPipeline(shell: Shell, pipeline: Pipeline, how: How): Co<number> {
	if (pipeline.timed === undefined) return yield* runStages(shell, pipeline, how);
	const before = yield* wait(usage());
	try {
		return yield* runStages(shell, pipeline, {});
	} finally {
		yield* reportTime(shell, before, yield* wait(usage()), pipeline.timed === "posix");
	}
}

function* runStages(shell: Shell, pipeline: Pipeline, how: How): Co<number> {
	const { commands } = pipeline;
	const [first] = commands;
	if (first === undefined) return 0;
	const controlled = shell.options.has("monitor") && shell.job === undefined;
	shell.pipelineText = pipeline.source;
	if (commands.length === 1 && !(controlled && first.type === "subshell")) {
		const status = yield* runCommand(shell, first, how);
		if (hasOwnStatus(first)) shell.pipeStatuses = [status];
		return status;
	}
	for (const command of shell.traps.has("DEBUG") ? commands : [])
		if (command.type === "simple") yield* beforeCommand(shell, command.source);
	const job = controlled ? new Job(pipeline.source, true, true, shell.cwd) : shell.job;
	const statuses = runConcurrently(shell, commands, job, how);
	const status = statuses.then((all) => {
		shell.pipeStatuses = all;
		return overall(shell, all);
	});
	if (!controlled || job === undefined) return yield* wait(status);
	job.begin(status);
	return yield* waitForeground(shell, job);
}

function overall(shell: Shell, statuses: readonly number[]): number {
	const last = statuses.at(-1) ?? 0;
	return shell.options.has("pipefail") ? (statuses.findLast((status) => status !== 0) ?? 0) : last;
}

/** Runs commands at the same time, each in a subshell of its own, joined by pipes. */
export async function runConcurrently(
	shell: Shell,
	commands: readonly Command[],
	job: Job | undefined,
	how: How,
	spawned: () => void = () => undefined,
): Promise<number[]> {
	const running: Promise<number>[] = [];
	let input: number | undefined;
	for (const [index, command] of commands.entries()) {
		const stage = new Shell(shell);
		if (job !== undefined) stage.job = job;
		const ends = index < commands.length - 1 ? await pipe() : undefined;
		const own: number[] = [];
		if (input !== undefined) {
			stage.fds.set(0, input);
			own.push(input);
		}
		if (ends !== undefined) {
			stage.fds.set(1, ends.write);
			own.push(ends.write);
		}
		input = ends?.read;
		running.push(runStage(stage, command, own, how.background === true, spawned));
	}
	return Promise.all(running);
}

/** Runs a stage, and closes its ends of the pipes as soon as a program has them. */
async function runStage(
	shell: Shell,
	command: Command,
	own: number[],
	background: boolean,
	tell: () => void,
): Promise<number> {
	const release = async (): Promise<void> => {
		for (const fd of own.splice(0)) await close(fd);
	};
	const spawned = async (): Promise<void> => {
		tell();
		// Only a program by itself can go on without the shell's descriptors.
		if (command.type === "simple") await release();
	};
	try {
		return await run(contain(shell, runCommand(shell, command, { spawned, background })));
	} finally {
		await release();
		tell();
	}
}

/** Waits for the job in the foreground to end or to stop, and takes the terminal back. */
export function* waitForeground(shell: Shell, job: Job): Co<number> {
	yield* wait(job.settled());
	if (job.pgid !== undefined) yield* wait(setForeground(shell.identity.pgid, shell.terminal).catch(() => undefined));
	job.foreground = false;
	if (job.state === "stopped") {
		shell.jobs.add(job);
		shell.jobs.touch(job);
		yield* shell.say(`\n${shell.jobs.line(job, false)}`);
		job.told = true;
		// A loop does not go on over a command that the user has stopped.
		if (shell.loops > 0) shell.unwinding = { what: "break", levels: shell.loops };
		return 128 + (job.signal ?? 0);
	}
	job.told = true;
	shell.jobs.remove(job);
	const status = yield* wait(job.done);
	if (job.signal === 2 && shell.interactive) throw new Interrupted();
	if (job.signal !== undefined && job.signal !== 2 && job.signal !== 13) {
		const last = job.ended.get(job.pids.at(-1) as number);
		const why = last?.reason === null || last?.reason === undefined ? "" : `: ${last.reason}`;
		yield* shell.say(`${signalText(job.signal)}${why}`);
	}
	return status;
}

/** Runs one command. What it redirects is undone after it. */
export function* runCommand(shell: Shell, command: Command, how: How): Co<number> {
	if (command.type === "simple") return yield* runSimple(shell, command, how);
	if (command.redirections.length === 0) return yield* runCompound(shell, command);
	shell.line = command.line;
	const redirected = new Redirected(shell);
	try {
		yield* redirected.apply(command.redirections);
		return yield* runCompound(shell, command);
	} catch (error) {
		if (error instanceof RedirectionError) {
			yield* shell.complain(error.message);
			return 1;
		}
		return yield* failing(shell, error);
	} finally {
		yield* redirected.undo();
	}
}

/** Says what is wrong with an expansion. */
export function* failing(shell: Shell, error: unknown): Co<never> {
	if (error instanceof ExpansionError || error instanceof VariableError) return yield* shell.fail(error);
	throw error;
}

/** Runs a subshell's work and answers its status, also where it leaves the shell; its EXIT trap runs last. */
export function* contain(shell: Shell, work: Co<number>): Co<number> {
	let status = yield* ending(work, shell);
	if (shell.traps.has("EXIT")) {
		shell.status = status;
		shell.leaving = status;
		const action = shell.traps.get("EXIT") ?? "";
		shell.traps.delete("EXIT");
		const trap = (function* (): Co<number> {
			yield* runText(shell, action, { origin: shell.origin, trap: true });
			return status;
		})();
		status = yield* ending(trap, shell);
	}
	yield* shell.restore();
	for (const fd of shell.owned) yield* wait(close(fd));
	return status;
}

function* ending(work: Co<number>, shell: Shell): Co<number> {
	try {
		return yield* work;
	} catch (error) {
		if (error instanceof Leave || error instanceof Discard) return error.status;
		if (error instanceof Interrupted) {
			shell.wasInterrupted = true;
			return 130;
		}
		if (error instanceof RangeError) {
			yield* shell.complain(`nested too deeply: ${reason(error)}`);
			return 1;
		}
		throw error;
	}
}

/** Runs a list in a subshell. */
export function* runSubshell(shell: Shell, list: List): Co<number> {
	const inner = new Shell(shell);
	inner.loops = 0;
	inner.job = shell.job;
	return yield* fresh(contain(inner, runList(inner, list)));
}

/** Runs a command substitution and answers what it printed, less the newlines at its end. */
function* substitute(shell: Shell, { list, file }: Part & { type: "command" }): Co<string> {
	const capture = new Capture();
	const inner = new Shell(shell);
	inner.fds.set(1, capture);
	inner.nesting++;
	inner.loops = 0;
	if (!shell.shopts.has("inherit_errexit")) inner.options.delete("errexit");
	const work = file === undefined ? runList(inner, list) : runFile(inner, file);
	const status = yield* contain(inner, work);
	// The user meant the whole command.
	if (inner.wasInterrupted && shell.interactive) throw new Interrupted();
	shell.status = status;
	shell.substituted = status;
	const text = capture.shared ? yield* wait(capture.text()) : capture.own();
	return text.replace(/\0/g, "").replace(/\n+$/, "");
}

/** `$(< file)`. */
function* runFile(shell: Shell, file: Parameters<typeof expandText>[0]): Co<number> {
	const redirected = new Redirected(shell);
	try {
		yield* redirected.apply([{ operator: "<", fd: 0, target: file }]);
		const { readDescriptor } = yield* wait(import("/usr/lib/sh/input.ts"));
		const text = yield* wait(readDescriptor(shell.fds.get(0)));
		yield* shell.print(text);
		return 0;
	} catch (error) {
		if (!(error instanceof RedirectionError)) throw error;
		yield* shell.complain(error.message);
		return 1;
	} finally {
		yield* redirected.undo();
	}
}

/** Makes `<(…)` or `>(…)`: a pipe whose other end a subshell has, as a path for whoever is started with it. */
function* processSubstitution(shell: Shell, list: List, direction: "<" | ">"): Co<string> {
	const ends = yield* wait(pipe());
	const [own, theirs, fd] = direction === "<" ? [ends.read, ends.write, 1] : [ends.write, ends.read, 0];
	const inner = new Shell(shell);
	inner.fds.set(fd, theirs);
	let number = 63;
	while (shell.fds.has(number)) number--;
	shell.fds.set(number, own);
	shell.transient.push(number);
	void run(contain(inner, runList(inner, list)))
		.finally(() => close(theirs))
		.catch(() => undefined);
	return `/dev/fd/${number}`;
}

/** Runs the commands of a trap. Those of ERR and DEBUG tell the line that they look at. */
function runAction(shell: Shell, name: string, action: string): Co<number> {
	const line = name === "ERR" || name === "DEBUG" ? shell.line : 1;
	return runText(shell, action, { origin: shell.origin, trap: true, line });
}

/** The executor, as shells use it. */
export const engine = { execute: runList, substitute, process: processSubstitution, runAction };
