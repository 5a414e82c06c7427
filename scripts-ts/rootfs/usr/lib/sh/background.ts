/** Starts commands in the background. */

import { close, fromFd, open, pipe } from "helios:fs";
import type { AndOr, Command, Pipeline, Word } from "/usr/lib/sh/ast.ts";
import { textWord } from "/usr/lib/sh/ast.ts";
import { BUILTINS } from "/usr/lib/sh/builtins.ts";
import { reason } from "/usr/lib/sh/cli.ts";
import { type Co, run, wait } from "/usr/lib/sh/co.ts";
import { Leave } from "/usr/lib/sh/errors.ts";
import { runConcurrently } from "/usr/lib/sh/exec.ts";
import { Job } from "/usr/lib/sh/jobs.ts";
import { programs } from "/usr/lib/sh/lookup.ts";
import { RESUME_FD, RESUME_VARIABLE, stateOf } from "/usr/lib/sh/resume.ts";
import { Shell } from "/usr/lib/sh/shell.ts";

/** Whether a pipeline is of programs alone, whose processes can go on without the shell. */
function isPrograms(shell: Shell, { commands, negated, timed }: Pipeline): boolean {
	if (negated || timed !== undefined || commands.length === 0) return false;
	return commands.every((command) => {
		const [name] = command.type === "simple" ? command.words : [];
		const text = name !== undefined && "literal" in name ? (name as Word).literal : undefined;
		return text !== undefined && !shell.functions.has(text) && !BUILTINS.has(text);
	});
}

/** Whether all programs of a pipeline can be found: one that cannot needs a process to say so. */
function* areThere(shell: Shell, { commands }: Pipeline): Co<boolean> {
	for (const command of commands) {
		const name = command.type === "simple" ? (command.words[0] as Word).literal : undefined;
		if (name === undefined || (yield* programs(shell, name)).length === 0) return false;
	}
	return true;
}

/** Starts a command in the background: what is more than a pipeline of programs gets a shell of its own. */
export function* startJob(shell: Shell, item: AndOr): Co<number> {
	const controlled = shell.options.has("monitor");
	const job = new Job(item.source, controlled, false, shell.cwd);
	const inner = new Shell(shell);
	inner.guards = 1;
	const nothing = controlled ? undefined : yield* wait(open("/dev/null").catch(() => undefined));
	if (nothing !== undefined) inner.fds.set(0, nothing.fd);
	const alone = item.rest.length === 0 && isPrograms(shell, item.first) && (yield* areThere(shell, item.first));
	const state = alone ? undefined : yield* feedState(inner, item);
	const commands = alone ? item.first.commands : [ownShell(shell, item)];
	let left = commands.length;
	let tell = (): void => {};
	const started = new Promise<void>((resolve) => (tell = resolve));
	const work = runConcurrently(inner, commands, job, { background: true }, () => {
		if (--left <= 0) tell();
	}).then(
		(statuses) => statuses.at(-1) ?? 0,
		async (error) => {
			if (error instanceof Leave) return error.status;
			await run(shell.complain(reason(error)));
			return 1;
		},
	);
	job.begin(work);
	yield* wait(Promise.race([started, work]));
	if (nothing !== undefined) yield* wait(nothing.close());
	if (state !== undefined) yield* wait(close(state));
	const last = job.pids.at(-1);
	// A program that did not start has said so.
	if (last === undefined) return 0;
	shell.jobs.add(job);
	shell.background = last;
	if (shell.interactive) yield* shell.say(`[${job.number}] ${last}`);
	return 0;
}

/** Gives the shell to be this one's state, over a descriptor; answers this side's. */
function* feedState(inner: Shell, item: AndOr): Co<number> {
	const { read, write } = yield* wait(pipe());
	const file = fromFd(write);
	void file
		.write(stateOf(inner, item.line))
		.catch(() => undefined)
		.finally(() => file.close());
	inner.fds.set(RESUME_FD, read);
	return read;
}

/** `/bin/sh` with the command's text; it takes this shell's state over. */
function ownShell(shell: Shell, item: AndOr): Command {
	const words = ["/bin/sh", "-c", item.source, shell.name, ...shell.positional].map((text) => textWord(text));
	const assignment = { name: RESUME_VARIABLE, append: false, value: textWord(String(RESUME_FD)) };
	return { type: "simple", assignments: [assignment], words, redirections: [], line: item.line, source: item.source };
}
