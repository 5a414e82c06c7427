/** The shell at a terminal: prompts, history, job control, news of background jobs. */

import { readTextFile } from "helios:fs";
import { on, pid, setpgid, signalNumber } from "helios:process";
import { isatty, setForeground } from "helios:tty";
import { ShellSyntaxError } from "/usr/lib/sh/ast.ts";
import { source } from "/usr/lib/sh/builtins/flow.ts";
import { tellJobs } from "/usr/lib/sh/builtins/jobs.ts";
import { run } from "/usr/lib/sh/co.ts";
import { Discard, Interrupted } from "/usr/lib/sh/errors.ts";
import { attendSignals, runList } from "/usr/lib/sh/exec.ts";
import { History, HistoryError } from "/usr/lib/sh/history.ts";
import { type LineSource, openLines } from "/usr/lib/sh/lines.ts";
import { expandPrompt } from "/usr/lib/sh/prompt.ts";
import { CommandReader, complain, runText, STATUS_SYNTAX } from "/usr/lib/sh/script.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";

const STATUS_INTERRUPTED = 130;
const STATUS_HUNG_UP = 129;
const SIGHUP = signalNumber("SIGHUP");
const SIGCONT = signalNumber("SIGCONT");
/** Ends of input in a row after which `ignoreeof` gives in. */
const MAX_ENDS = 10;

/** Takes the terminal: the shell leads a group of its own, and the terminal's foreground is that group's. */
async function controlJobs(shell: Shell): Promise<void> {
	if (!(await isatty(0))) return;
	try {
		if (shell.identity.pgid !== pid) await setpgid();
		shell.identity.pgid = pid;
		await setForeground(pid, 0);
	} catch {
		// A terminal of another session gives no control.
		return;
	}
	shell.terminal = 0;
	shell.options.add("monitor");
}

/** Runs the files that every dialogue begins with: the machine's, and the user's (`$ENV`, or `~/.shrc`). */
async function runFiles(shell: Shell): Promise<void> {
	const own = shell.get("ENV") ?? `${shell.get("HOME") ?? ""}/.shrc`;
	for (const path of ["/etc/shrc", own]) {
		const text = await readTextFile(shell.resolve(path)).catch(() => undefined);
		if (text === undefined) continue;
		try {
			await run(source(shell, path, text, undefined));
		} catch (error) {
			if (!(error instanceof Discard || error instanceof Interrupted)) throw error;
		}
	}
}

/** Tells jobs that the terminal has gone, so that they end. */
export async function hangUp(shell: Shell): Promise<void> {
	for (const job of shell.jobs.all) {
		if (job.kept || job.state === "done") continue;
		await job.kill(SIGHUP).catch(() => undefined);
		if (job.state === "stopped") await job.kill(SIGCONT).catch(() => undefined);
	}
}

/** Gives lines to the reader of commands, with prompts, history and the replacement of `!`. */
class Typed {
	readonly #shell: Shell;
	readonly #lines: LineSource;
	/** Lines read with others, which come next. */
	readonly #rest: string[] = [];
	#ends = 0;
	/** What the command at hand is made of. */
	text = "";

	constructor(shell: Shell, lines: LineSource) {
		this.#shell = shell;
		this.#lines = lines;
	}

	/** Forgets what was begun. */
	reset(): void {
		this.text = "";
		this.#rest.length = 0;
	}

	async next(continued: boolean): Promise<string | null> {
		const shell = this.#shell;
		const waiting = this.#rest.shift();
		if (waiting !== undefined) return waiting;
		const form = continued ? (shell.get("PS2") ?? "> ") : (shell.get("PS1") ?? "\\$ ");
		const line = await this.#lines.readLine(await run(expandPrompt(shell, form)), continued);
		if (line === null) {
			if (continued || !shell.options.has("ignoreeof") || ++this.#ends > MAX_ENDS) return null;
			await run(shell.say(`Use "${shell.login ? "logout" : "exit"}" to leave the shell.`));
			return "\n";
		}
		this.#ends = 0;
		const expanded = await this.#expand(line);
		this.text += `${expanded}\n`;
		const [first = "", ...more] = expanded.split("\n");
		this.#rest.push(...more.map((each) => `${each}\n`));
		return `${first}\n`;
	}

	async #expand(line: string): Promise<string> {
		const { history } = this.#shell;
		if (history === undefined || !this.#shell.options.has("histexpand")) return line;
		const { line: expanded, changed } = history.expand(line);
		if (changed) await run(this.#shell.say(expanded));
		return expanded;
	}
}

/** Says what went wrong with a command, and lets the dialogue go on; other errors are thrown again. */
async function recover(shell: Shell, error: unknown, running: boolean): Promise<void> {
	shell.unwinding = undefined;
	shell.loops = 0;
	shell.guards = 0;
	shell.job = undefined;
	shell.frames.length = 0;
	if (error instanceof Interrupted) {
		// After the terminal's ^C.
		if (running) await run(shell.say(""));
		shell.status = STATUS_INTERRUPTED;
	} else if (error instanceof Discard) shell.status = error.status;
	else if (error instanceof ShellSyntaxError) {
		await run(complain(shell, error, ""));
		shell.status = STATUS_SYNTAX;
	} else if (error instanceof HistoryError) {
		await run(shell.complain(error.message));
		shell.status = 1;
	} else throw error;
}

/** What comes before each prompt. */
async function beforePrompt(shell: Shell): Promise<void> {
	shell.signals.interrupted = false;
	await run(attendSignals(shell));
	await run(tellJobs(shell));
	const command = shell.get("PROMPT_COMMAND");
	if (command === undefined || command === "") return;
	const { status } = shell;
	await run(runText(shell, command, { origin: "PROMPT_COMMAND", contained: true }));
	shell.status = status;
}

/** Reads commands at a terminal until its end, and answers the last one's status. */
export async function interact(shell: Shell): Promise<number> {
	shell.options.add("interactive");
	shell.options.add("histexpand");
	shell.options.add("history");
	shell.signals.beginDialogue();
	await controlJobs(shell);
	shell.history = new History(shell);
	await runFiles(shell);
	await shell.history.load();
	on("SIGHUP", () => {
		// Who traps it decides what becomes of the shell; without its terminal the dialogue ends all the same.
		if (shell.traps.has("SIGHUP")) return;
		void hangUp(shell)
			.then(() => shell.history?.save())
			.finally(() => shell.leave?.(STATUS_HUNG_UP));
	});
	const typed = new Typed(shell, await openLines(shell));
	const reader = new CommandReader(shell, (continued) => typed.next(continued));
	for (;;) {
		let running = false;
		try {
			typed.reset();
			await beforePrompt(shell);
			const commands = await reader.next();
			if (commands === null) {
				await run(attendSignals(shell));
				break;
			}
			shell.history.add(typed.text);
			for (const warning of commands.warnings) await run(shell.say(warning));
			shell.signals.interrupted = false;
			if (commands.list.length > 0) shell.commands++;
			running = true;
			await run(runList(shell, commands.list));
			shell.unwinding = undefined;
		} catch (error) {
			if (typed.text !== "" && error instanceof ShellSyntaxError) shell.history.add(typed.text);
			await recover(shell, error, running);
		}
	}
	// A terminal that is gone shows no farewell.
	await run(shell.write(2, shell.login ? "logout\n" : "exit\n")).catch(() => undefined);
	return shell.status;
}
