/** Builtins about jobs and processes. */

import { signals as SIGNALS, kill as sendSignal, signalName, signalNumber } from "helios:process";
import { setForeground } from "helios:tty";
import { complain, type Parsed, showUsage, withOptions } from "/usr/lib/sh/builtins/arguments.ts";
import type { Builtin } from "/usr/lib/sh/builtins.ts";
import { reason } from "/usr/lib/sh/cli.ts";
import { type Co, wait } from "/usr/lib/sh/co.ts";
import { waitForeground } from "/usr/lib/sh/exec.ts";
import { type Job, STATE_WIDTH } from "/usr/lib/sh/jobs.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";
import { trapName } from "/usr/lib/sh/signals.ts";

const KILL_USAGE = "[-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]";
const SIGCONT = signalNumber("SIGCONT");

/** The job that a word means; says so where it means none. */
function* find(shell: Shell, name: string, spec: string): Co<Job | undefined> {
	const job = shell.jobs.find(spec);
	if (job === "ambiguous") {
		yield* shell.complain(`${name}: ${spec.replace(/^%/, "")}: ambiguous job spec`);
		return undefined;
	}
	if (job === undefined) yield* shell.complain(`${name}: ${spec === "" ? "current" : spec}: no such job`);
	return job;
}

/** Tells of jobs whose state has changed, and forgets those that are done. */
export function* tellJobs(shell: Shell): Co<void> {
	for (const job of [...shell.jobs.all]) {
		if (job.told) continue;
		job.told = true;
		yield* shell.say(shell.jobs.line(job, false));
		if (job.state === "done") shell.jobs.remove(job);
	}
}

function* list(shell: Shell, { operands, has }: Parsed): Co<number> {
	const chosen: Job[] = [];
	let status = 0;
	for (const spec of operands) {
		const job = yield* find(shell, "jobs", spec);
		if (job === undefined) status = 1;
		else chosen.push(job);
	}
	for (const job of operands.length === 0 ? [...shell.jobs.visible] : chosen) {
		if (has("r") && job.state !== "running") continue;
		if (has("s") && job.state !== "stopped") continue;
		if (has("n") && job.told) continue;
		job.told = true;
		yield* shell.print(`${has("p") ? (job.pgid ?? job.pids[0]) : shell.jobs.line(job, has("l"))}\n`);
		if (job.state === "done") shell.jobs.remove(job);
	}
	return status;
}

/** Sends a stopped job on. */
function* proceed(job: Job): Co<void> {
	if (job.state === "stopped") {
		yield* wait(job.kill(SIGCONT).catch(() => undefined));
		job.proceed();
	}
	job.told = true;
}

function* foreground(shell: Shell, { operands }: Parsed): Co<number> {
	if (!shell.options.has("monitor")) return yield* complain(shell, "fg: no job control");
	const job = yield* find(shell, "fg", operands[0] ?? "");
	if (job === undefined) return 1;
	yield* shell.print(`${job.text}\n`);
	if (job.state === "done") {
		shell.jobs.remove(job);
		return job.status ?? 0;
	}
	shell.jobs.touch(job);
	job.foreground = true;
	if (job.pgid !== undefined) yield* wait(setForeground(job.pgid, shell.terminal).catch(() => undefined));
	yield* proceed(job);
	return yield* waitForeground(shell, job);
}

function* background(shell: Shell, { operands }: Parsed): Co<number> {
	if (!shell.options.has("monitor")) return yield* complain(shell, "bg: no job control");
	let status = 0;
	for (const spec of operands.length === 0 ? [""] : operands) {
		const job = yield* find(shell, "bg", spec);
		if (job === undefined) status = 1;
		else if (job.state === "running") yield* shell.complain(`bg: job ${job.number} already in background`);
		else {
			yield* proceed(job);
			yield* shell.print(`[${job.number}]${shell.jobs.mark(job)} ${job.text} &\n`);
		}
	}
	return status;
}

function* disown(shell: Shell, { operands, has }: Parsed): Co<number> {
	if (operands.length === 0 && (has("a") || has("r"))) {
		for (const job of [...shell.jobs.all]) if (!has("r") || job.state === "running") drop(shell, job, has("h"));
		return 0;
	}
	let status = 0;
	for (const spec of operands.length === 0 ? [""] : operands) {
		const byPid = shell.jobs.all.find((job) => job.pids.includes(Number(spec)));
		const job = byPid ?? (yield* find(shell, "disown", spec));
		if (job === undefined) status = 1;
		else drop(shell, job, has("h"));
	}
	return status;
}

function drop(shell: Shell, job: Job, keep: boolean): void {
	job.kept = true;
	if (!keep) shell.jobs.remove(job);
}

/** Waits for a promise, or until a trapped signal comes: then answers its status. */
function* until<T>(shell: Shell, work: Promise<T>): Co<T | { interrupted: number }> {
	const answer = yield* wait(shell.signals.until(work));
	if (typeof answer === "object" && answer !== null && "signal" in answer)
		return { interrupted: 128 + signalNumber(answer.signal) };
	return answer as T;
}

function isInterrupted(answer: unknown): answer is { interrupted: number } {
	return typeof answer === "object" && answer !== null && "interrupted" in answer;
}

function* waitFor(shell: Shell, { operands, has, value }: Parsed): Co<number> {
	const { jobs } = shell;
	if (has("n")) return yield* waitForAny(shell, operands, value("p"));
	if (operands.length === 0) {
		for (const job of [...jobs.all]) {
			const answer = yield* until(shell, job.done);
			if (isInterrupted(answer)) return answer.interrupted;
			yield* reap(shell, job);
		}
		return 0;
	}
	let status = 0;
	for (const text of operands) {
		let job: Job | undefined;
		if (text.startsWith("%")) {
			job = yield* find(shell, "wait", text);
			if (job === undefined) {
				status = 127;
				continue;
			}
		} else if (/^\d+$/.test(text)) {
			job = jobs.all.find((each) => each.pids.includes(Number(text)));
			const known = jobs.statuses.get(Number(text));
			if (job === undefined) {
				if (known === undefined) yield* shell.complain(`wait: pid ${text} is not a child of this shell`);
				status = known ?? 127;
				continue;
			}
		} else {
			status = yield* complain(shell, `wait: \`${text}': not a pid or valid job spec`);
			continue;
		}
		const answer = yield* until(shell, job.done);
		if (isInterrupted(answer)) return answer.interrupted;
		status = answer;
		yield* reap(shell, job);
	}
	return status;
}

/** Signals that a script is not told of. */
const QUIET: readonly number[] = [SIGNALS.SIGINT, SIGNALS.SIGPIPE, SIGNALS.SIGTERM];

/** Forgets a job that is done. A script is told of one that a signal ended. */
function* reap(shell: Shell, job: Job): Co<void> {
	shell.jobs.remove(job);
	const quiet = job.signal === undefined || QUIET.includes(job.signal);
	if (shell.interactive || quiet) return;
	const pid = String(job.pids.at(-1) ?? "").padStart(5);
	yield* shell.complain(`${pid} ${job.description.padEnd(STATE_WIDTH)}${job.text}`);
}

function* waitForAny(shell: Shell, operands: readonly string[], into: string | undefined): Co<number> {
	const wanted = shell.jobs.all.filter(
		(job) =>
			operands.length === 0 ||
			operands.some((text) => job.pids.includes(Number(text)) || shell.jobs.find(text) === job),
	);
	if (wanted.length === 0) return 127;
	const first = Promise.race(wanted.map((job) => job.done.then(() => ({ job }))));
	const answer = yield* until(shell, first);
	if (isInterrupted(answer)) return answer.interrupted;
	const { job } = answer;
	shell.jobs.remove(job);
	if (into !== undefined) shell.set(into, String(job.pids.at(-1) ?? ""));
	return job.status ?? 0;
}

/** `kill -l`: names for numbers, numbers for names, or all of them. */
function* listSignals(shell: Shell, words: readonly string[]): Co<number> {
	if (words.length === 0) {
		const all = Object.entries(SIGNALS).map(([name, number]) => `${String(number).padStart(2)}) ${name}`);
		const lines: string[] = [];
		for (let at = 0; at < all.length; at += 5)
			lines.push(
				all
					.slice(at, at + 5)
					.map((each) => each.padEnd(13))
					.join("")
					.trimEnd(),
			);
		yield* shell.print(`${lines.join("\n")}\n`);
		return 0;
	}
	let status = 0;
	for (const word of words) {
		const number = Number(word);
		const name = /^\d+$/.test(word) ? signalName(number > 128 ? number - 128 : number) : trapName(word);
		if (word === "0" || word === "EXIT") yield* shell.print(word === "0" ? "EXIT\n" : "0\n");
		else if (name === undefined || !name.startsWith("SIG"))
			status = yield* complain(shell, `kill: ${word}: invalid signal specification`);
		else yield* shell.print(`${/^\d+$/.test(word) ? name.slice(3) : signalNumber(name as "SIGINT")}\n`);
	}
	return status;
}

function* kill(shell: Shell, args: readonly string[]): Co<number> {
	const [first, second] = args;
	if (first === undefined) return yield* showUsage(shell, "kill", KILL_USAGE);
	if (first === "-l" || first === "-L") return yield* listSignals(shell, args.slice(1));
	let signal: number | undefined = SIGNALS.SIGTERM;
	let targets = args;
	const chosen =
		first === "-s" || first === "-n" ? second : /^-./.test(first) && first !== "--" ? first.slice(1) : undefined;
	if (chosen !== undefined || first === "-s" || first === "-n") {
		if (chosen === undefined) return yield* complain(shell, `kill: ${first}: option requires an argument`);
		const name = chosen === "0" ? "0" : trapName(chosen);
		signal = name === "0" || name === "EXIT" ? 0 : name?.startsWith("SIG") ? signalNumber(name as "SIGINT") : undefined;
		if (signal === undefined) return yield* complain(shell, `kill: ${chosen}: invalid signal specification`);
		targets = args.slice(first === "-s" || first === "-n" ? 2 : 1);
	}
	if (targets[0] === "--") targets = targets.slice(1);
	if (targets.length === 0) return yield* showUsage(shell, "kill", KILL_USAGE);
	let status = 0;
	for (const target of targets) if (!(yield* killOne(shell, target, signal))) status = 1;
	return status;
}

function* killOne(shell: Shell, target: string, signal: number): Co<boolean> {
	try {
		if (target.startsWith("%")) {
			const job = yield* find(shell, "kill", target);
			if (job === undefined) return false;
			yield* wait(job.kill(signal));
			// What is stopped ends only when it goes on.
			if (job.state === "stopped" && (signal === SIGNALS.SIGTERM || signal === SIGNALS.SIGHUP))
				yield* wait(job.kill(SIGCONT).catch(() => undefined));
			return true;
		}
		if (!/^-?\d+$/.test(target)) {
			yield* shell.complain(`kill: ${target}: arguments must be process or job IDs`);
			return false;
		}
		yield* wait(sendSignal(Number(target), signal));
		return true;
	} catch (error) {
		yield* shell.complain(`kill: (${target}) - ${reason(error)}`);
		return false;
	}
}

/** Builtins about jobs. */
export const JOBS: Record<string, Builtin> = {
	bg: withOptions("[job_spec ...]", "let stopped jobs go on in the background", "", background),
	disown: withOptions(
		"[-h] [-ar] [jobspec ... | pid ...]",
		"forget jobs, or do not hang them up with the shell",
		"har",
		disown,
	),
	fg: withOptions("[job_spec]", "bring a job to the foreground", "", foreground),
	jobs: withOptions("[-lnprs] [jobspec ...]", "list the jobs", "lnprs", list),
	kill: { usage: KILL_USAGE, about: "send a signal to processes or jobs", run: kill },
	suspend: withOptions("[-f]", "stop the shell until it gets SIGCONT", "f", function* (shell, { has }) {
		if (shell.login && !has("f")) return yield* complain(shell, "suspend: cannot suspend a login shell");
		yield* wait(sendSignal(shell.pid, "SIGSTOP"));
		return 0;
	}),
	wait: withOptions("[-fn] [-p var] [id ...]", "wait for jobs or processes to end", "fnp:", waitFor),
};
