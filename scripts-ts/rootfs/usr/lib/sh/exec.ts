/** Runs syntax trees. */

import { close, open, pipe } from "helios:fs";
import type { Child, WaitStatus } from "helios:process";
import type { AndOr, Command, Group, List, Pipeline, Simple } from "/usr/lib/sh/ast.ts";
import { builtins, quoted } from "/usr/lib/sh/builtins.ts";
import { reason } from "/usr/lib/sh/cli.ts";
import { ExpansionError, expandText, expandWords } from "/usr/lib/sh/expand.ts";
import { attend, epitaph, LaunchError, launch, statusOf } from "/usr/lib/sh/launch.ts";
import { Redirected, RedirectionError } from "/usr/lib/sh/redirect.ts";
import { type Job, Leave, Shell } from "/usr/lib/sh/shell.ts";

/** SIGINT has come: the interactive shell goes back to its prompt. */
export class Interrupted extends Error {}

/** What a stage of a pipeline tells while it runs. */
interface Stage {
	/** A program has been started, and its process has all the descriptors it needs. */
	spawned(child: Child): Promise<void>;
	/** It runs in the background. */
	background: boolean;
}

/** Runs commands one after another; answers the status of the last. */
export async function runList(shell: Shell, list: List): Promise<number> {
	for (const item of list) {
		shell.status = item.background ? await startJob(shell, item) : await runAndOr(shell, item);
		if (shell.interrupts.seen) throw new Interrupted();
	}
	return shell.status;
}

async function runAndOr(shell: Shell, { first, rest }: AndOr): Promise<number> {
	const pipelines = [{ operator: "&&", pipeline: first }, ...rest];
	let status = 0;
	for (const [index, { operator, pipeline }] of pipelines.entries()) {
		if (index > 0 && (status === 0) !== (operator === "&&")) continue;
		const looked = index < pipelines.length - 1 || pipeline.negated;
		if (looked) shell.guards++;
		try {
			status = await runPipeline(shell, pipeline);
		} finally {
			if (looked) shell.guards--;
		}
		if (pipeline.negated) status = status === 0 ? 1 : 0;
		shell.status = status;
		if (status !== 0 && !looked && shell.guards === 0 && shell.flags.has("e")) throw new Leave(status);
	}
	return status;
}

async function runPipeline(shell: Shell, { commands }: Pipeline, stages: readonly Stage[] = []): Promise<number> {
	const [first] = commands;
	if (commands.length === 1 && first !== undefined && stages.length === 0) return runCommand(shell, first);
	const running: Promise<number>[] = [];
	let input: number | undefined;
	for (const [index, command] of commands.entries()) {
		const stage = new Shell(shell);
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
		running.push(runStage(stage, command, own, stages[index]));
	}
	const statuses = await Promise.all(running);
	return statuses.at(-1) ?? 0;
}

/** Runs a stage in a subshell of its own, and closes its ends of the pipes as soon as a program has them. */
async function runStage(shell: Shell, command: Command, own: number[], outer?: Stage): Promise<number> {
	const release = async (): Promise<void> => {
		for (const fd of own.splice(0)) await close(fd);
	};
	const spawned = async (child: Child): Promise<void> => {
		await release();
		await outer?.spawned(child);
	};
	try {
		const stage = { spawned, background: outer?.background ?? false };
		return await shell.contain(() => runCommand(shell, command, stage));
	} finally {
		await release();
	}
}

/** Runs one command. What it redirects is undone after it. */
async function runCommand(shell: Shell, command: Command, stage?: Stage): Promise<number> {
	const redirected = new Redirected(shell.fds);
	try {
		if (command.type === "simple") return await runSimple(shell, command, redirected, stage);
		await redirected.apply(command.redirections, shell);
		return await runGroup(shell, command, redirected);
	} catch (error) {
		if (error instanceof RedirectionError) {
			await shell.complain(error.message);
			return 1;
		}
		if (error instanceof ExpansionError) {
			await shell.complain(error.message);
			throw new Leave(2);
		}
		throw error;
	} finally {
		await redirected.release();
	}
}

async function runGroup(shell: Shell, group: Group, redirected: Redirected): Promise<number> {
	if (group.type === "subshell") {
		const inner = new Shell(shell);
		inner.fds = redirected.fds;
		return inner.contain(() => runList(inner, group.list));
	}
	const saved = shell.fds;
	shell.fds = redirected.fds;
	try {
		return await runList(shell, group.list);
	} finally {
		shell.fds = saved;
	}
}

async function assign(shell: Shell, { assignments }: Simple, exported: boolean): Promise<string[]> {
	for (const { name, value } of assignments) {
		const text = await expandText(value, shell);
		if (exported) shell.export(name, text);
		else shell.assign(name, text);
	}
	return assignments.map((assignment) => assignment.name);
}

async function runSimple(shell: Shell, simple: Simple, redirected: Redirected, stage?: Stage): Promise<number> {
	shell.substituted = undefined;
	const [name, ...args] = await expandWords(simple.words, shell);
	await redirected.apply(simple.redirections, shell);
	if (name === undefined) {
		await assign(shell, simple, false);
		if (shell.flags.has("x")) await trace(shell, simple, []);
		return shell.substituted ?? 0;
	}
	const restore = shell.save(simple.assignments.map((assignment) => assignment.name));
	try {
		await assign(shell, simple, true);
		if (shell.flags.has("x")) await trace(shell, simple, [name, ...args]);
		if (name === "exec") return await replace(shell, args, redirected);
		const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
		if (builtin === undefined) return await runProgram(shell, name, args, redirected, stage);
		const saved = shell.fds;
		shell.fds = redirected.fds;
		try {
			return await builtin(shell, args);
		} finally {
			shell.fds = saved;
		}
	} finally {
		restore();
	}
}

async function trace(shell: Shell, { assignments }: Simple, words: readonly string[]): Promise<void> {
	const set = assignments.map(({ name }) => `${name}=${quoted(shell.lookup(name) ?? "")}`);
	await shell.say(`+ ${[...set, ...words.map(quoted)].join(" ")}`);
}

/** `exec`: redirects the shell itself, or runs a program in its place. */
async function replace(shell: Shell, args: readonly string[], redirected: Redirected): Promise<number> {
	const [name, ...rest] = args;
	if (name !== undefined) throw new Leave(await runProgram(shell, name, rest, redirected, undefined, attend));
	shell.fds = new Map(redirected.fds);
	redirected.keep();
	return 0;
}

async function runProgram(
	shell: Shell,
	name: string,
	args: readonly string[],
	redirected: Redirected,
	stage?: Stage,
	wait: (child: Child) => Promise<WaitStatus> = (child) => child.wait(),
): Promise<number> {
	let child: Child;
	try {
		child = await launch(name, {
			args,
			env: shell.environment(),
			cwd: shell.cwd,
			fds: [...redirected.fds].map(([to, from]) => ({ to, from })),
			...(stage?.background === true ? { around: (start) => shell.interrupts.shielded(start) } : {}),
		});
	} catch (error) {
		if (!(error instanceof LaunchError)) throw error;
		const saved = shell.fds;
		shell.fds = redirected.fds;
		await shell.complain(`${name}: ${error.message}`);
		shell.fds = saved;
		return error.status;
	}
	await redirected.release();
	await stage?.spawned(child);
	const ended = await wait(child);
	const words = epitaph(ended);
	if (words !== undefined) await shell.complain(`${name}: ${words}`);
	return statusOf(ended);
}

/** Whether a pipeline is of programs alone, whose processes can go on without the shell. */
function isPrograms(pipeline: Pipeline): boolean {
	return pipeline.commands.every((command) => {
		const [part, more] = command.type === "simple" ? (command.words[0]?.parts ?? []) : [];
		return part?.type === "text" && more === undefined && part.text !== "exec" && !Object.hasOwn(builtins, part.text);
	});
}

/** Starts a command in the background: what is more than a pipeline of programs gets a shell of its own. */
async function startJob(shell: Shell, item: AndOr): Promise<number> {
	const inner = new Shell(shell);
	inner.guards = 1;
	const nothing = await open("/dev/null").catch(() => undefined);
	if (nothing !== undefined) inner.fds.set(0, nothing.fd);
	const pipeline =
		isPrograms(item.first) && item.rest.length === 0 && !item.first.negated ? item.first : ownShell(shell, item);
	let last = 0;
	const started: Promise<void>[] = [];
	const stages = pipeline.commands.map((): Stage => {
		let tell = (): void => {};
		started.push(new Promise((resolve) => (tell = resolve)));
		const spawned = async (child: Child): Promise<void> => {
			last = child.pid;
			tell();
		};
		return { spawned, background: true };
	});
	const done = runPipeline(inner, pipeline, stages).catch(async (error) => {
		if (error instanceof Leave) return error.status;
		await shell.complain(reason(error));
		return 1;
	});
	// A program that does not start ends its stage without having been started.
	await Promise.race([Promise.all(started), done]);
	await nothing?.close();
	if (last === 0) return 0;
	const job: Job = { pid: last, text: item.source, done };
	void done.then((status) => {
		job.status = status;
	});
	shell.jobs.push(job);
	shell.background = last;
	if (shell.flags.has("i")) await shell.say(`[${shell.jobs.length}] ${last}`);
	return 0;
}

/** `/bin/sh` with the command's text and this shell's state. */
function ownShell(shell: Shell, item: AndOr): Pipeline {
	const state = shell.variables().filter(([name, , exported]) => !exported && name !== "IFS");
	const script = [...state.map(([name, value]) => `${name}=${quoted(value)}`), item.source].join("\n");
	const flags = [..."efux"].filter((flag) => shell.flags.has(flag)).map((flag) => `-${flag}`);
	const words = ["/bin/sh", ...flags, "-c", script, shell.name, ...shell.positional].map((text) => ({
		parts: [{ type: "text" as const, text, quoted: true }],
		offset: 0,
	}));
	return { commands: [{ type: "simple", assignments: [], words, redirections: [] }], negated: false };
}
