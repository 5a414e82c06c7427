/** Builtins of control: what runs next. */

import { isSystemError } from "helios:errors";
import { readTextFile } from "helios:fs";
import { toText } from "helios:io";
import {
	complain,
	OptionError,
	type Parsed,
	parseOptions,
	STATUS_USAGE,
	showUsage,
	withOptions,
} from "/usr/lib/sh/builtins/arguments.ts";
import type { Builtin } from "/usr/lib/sh/builtins.ts";
import { reason } from "/usr/lib/sh/cli.ts";
import { type Co, wait } from "/usr/lib/sh/co.ts";
import { Discard, Leave } from "/usr/lib/sh/errors.ts";
import { readDescriptor } from "/usr/lib/sh/input.ts";
import { candidates } from "/usr/lib/sh/launch.ts";
import { runText } from "/usr/lib/sh/script.ts";
import type { Shell, Unwinding } from "/usr/lib/sh/shell.ts";
import { replace } from "/usr/lib/sh/simple.ts";

/** Sourced files and traps in one another. */
const MAX_SOURCES = 200;

/** A status, as `exit` and `return` take it: the last eight bits. */
function* statusArgument(shell: Shell, args: readonly string[], name: string): Co<number> {
	const [first, more] = args[0] === "--" ? args.slice(1) : args;
	if (first === undefined) return name === "exit" ? (shell.leaving ?? shell.status) : shell.status;
	if (!/^\s*[-+]?\d+\s*$/.test(first)) {
		yield* shell.complain(`${name}: ${first}: numeric argument required`);
		return STATUS_USAGE;
	}
	if (more !== undefined) {
		yield* shell.complain(`${name}: too many arguments`);
		throw new Discard();
	}
	return Number(BigInt.asUintN(8, BigInt(first.trim())));
}

function* exit(shell: Shell, args: readonly string[], { name }: { name: string }): Co<number> {
	const status = yield* statusArgument(shell, args, name);
	const stopped = shell.interactive && shell.root && shell.jobs.all.some((job) => job.state === "stopped");
	if (stopped && shell.warned !== shell.commands - 1) {
		shell.warned = shell.commands;
		yield* shell.say("There are stopped jobs.");
		return 1;
	}
	if (shell.interactive && shell.root) yield* shell.write(2, shell.login ? "logout\n" : "exit\n");
	throw new Leave(status);
}

function loop(what: "break" | "continue"): Builtin["run"] {
	return function* (shell, args): Co<number> {
		const [text = "1"] = args;
		if (shell.loops === 0)
			return yield* complain(shell, `${what}: only meaningful in a \`for', \`while', or \`until' loop`, 0);
		if (!/^\d+$/.test(text)) {
			yield* shell.complain(`${what}: ${text}: numeric argument required`);
			throw new Leave(128);
		}
		const levels = Math.min(Number(text), shell.loops);
		if (levels < 1) {
			yield* shell.complain(`${what}: ${text}: loop count out of range`);
			shell.unwinding = { what: "break", levels: shell.loops };
			return 1;
		}
		shell.unwinding = { what, levels } satisfies Unwinding;
		return 0;
	};
}

function* back(shell: Shell, args: readonly string[]): Co<number> {
	if (shell.frames.length === 0)
		return yield* complain(shell, "return: can only `return' from a function or sourced script", 2);
	const status = yield* statusArgument(shell, args, "return");
	shell.unwinding = { what: "return", levels: 1 };
	return status;
}

/** Runs a file in this shell. */
export function* source(shell: Shell, name: string, text: string, args: readonly string[] | undefined): Co<number> {
	const { positional, loops, frames } = shell;
	if (frames.length >= MAX_SOURCES * 5) return yield* complain(shell, `${name}: nested too deeply`);
	frames.push({ name, sourced: true, line: shell.line });
	if (args !== undefined) shell.positional = args;
	const { argumentsSet } = shell;
	const { line, file } = shell;
	shell.file = name;
	try {
		const status = yield* runText(shell, text, { origin: name, contained: true });
		if (shell.unwinding?.what === "return") shell.unwinding = undefined;
		else if (shell.unwinding === undefined) shell.status = status;
		if (shell.traps.has("RETURN")) yield* shell.runTrap("RETURN");
		return shell.status;
	} finally {
		frames.pop();
		shell.loops = loops;
		shell.line = line;
		shell.file = file;
		// `set` in it counts; its own arguments go with it.
		if (args !== undefined && shell.argumentsSet === argumentsSet) shell.positional = positional;
	}
}

function* dot(shell: Shell, args: readonly string[], { name: called }: { name: string }): Co<number> {
	const [name, ...rest] = args[0] === "--" ? args.slice(1) : args;
	if (name === undefined) {
		yield* shell.complain(`${called}: filename argument required`);
		return yield* showUsage(shell, called, "filename [arguments]");
	}
	const paths = name.includes("/") ? [name] : [...candidates(name, shell.get("PATH")), name];
	let failure: unknown;
	for (const path of paths) {
		let text: string;
		try {
			const own = /^\/dev\/(?:stdin|fd\/(\d+))$/.exec(path);
			if (own === null) text = yield* wait(readTextFile(shell.resolve(path)));
			else text = toText(yield* wait(readDescriptor(shell.fds.get(Number(own[1] ?? 0)))));
		} catch (error) {
			failure = error;
			continue;
		}
		shell.nesting++;
		try {
			return yield* source(shell, name, text, rest.length > 0 ? rest : undefined);
		} finally {
			shell.nesting--;
		}
	}
	if (isSystemError(failure, "EISDIR")) return yield* complain(shell, `${called}: ${name}: is a directory`);
	return yield* complain(shell, `${name}: ${reason(failure)}`);
}

function* evaluate(shell: Shell, args: readonly string[]): Co<number> {
	const text = (args[0] === "--" ? args.slice(1) : args).join(" ");
	const { line } = shell;
	shell.nesting++;
	try {
		return yield* runText(shell, text, { origin: "eval", contained: true, line });
	} finally {
		shell.nesting--;
	}
}

const EXEC_USAGE = "[-cl] [-a name] [command [argument ...]] [redirection ...]";

function* exec(
	shell: Shell,
	args: readonly string[],
	{ redirected }: { redirected?: { keep(): Co<void> } },
): Co<number> {
	let parsed: Parsed;
	try {
		parsed = parseOptions(args, "a:cl");
	} catch (error) {
		if (!(error instanceof OptionError)) throw error;
		yield* shell.complain(`exec: ${error.message}`);
		return yield* showUsage(shell, "exec", EXEC_USAGE);
	}
	const [name, ...rest] = parsed.operands;
	if (name === undefined) {
		if (redirected !== undefined) yield* redirected.keep();
		return 0;
	}
	const argv0 = `${parsed.has("l") ? "-" : ""}${parsed.value("a") ?? name}`;
	const status = yield* replace(shell, name, rest, "exec: ", { argv0, clean: parsed.has("c") });
	if (shell.interactive) return status;
	throw new Leave(status);
}

/** Builtins of control. */
export const FLOW: Record<string, Builtin> = {
	".": { usage: "filename [arguments]", about: "run the commands of a file in this shell", run: dot },
	":": { usage: "[arguments]", about: "do nothing; the arguments are expanded", quick: () => 0, run: () => 0 },
	break: { usage: "[n]", about: "leave a loop, or n of them", run: loop("break") },
	continue: { usage: "[n]", about: "go on with the next round of a loop", run: loop("continue") },
	eval: { usage: "[arg ...]", about: "run the arguments as a command", run: evaluate },
	exec: {
		usage: EXEC_USAGE,
		about: "put a program in the shell's place, or redirect the shell itself",
		run: exec,
	},
	exit: { usage: "[n]", about: "end the shell with status n, or that of the last command", run: exit },
	false: { usage: "", about: "fail", quick: () => 1, run: () => 1 },
	logout: withOptions("[n]", "end a login shell", "", function* (shell, { operands }, name) {
		if (!shell.login) return yield* complain(shell, "logout: not login shell: use `exit'");
		return yield* exit(shell, operands, { name });
	}),
	return: { usage: "[n]", about: "end a function or a sourced file with status n", run: back },
	source: { usage: "filename [arguments]", about: "run the commands of a file in this shell", run: dot },
	true: { usage: "", about: "succeed", quick: () => 0, run: () => 0 },
};
