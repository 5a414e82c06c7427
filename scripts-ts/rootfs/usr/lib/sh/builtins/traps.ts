/** `trap`. */

import type { Signal } from "helios:process";
import { signalNumber } from "helios:process";
import { complain, showUsage } from "/usr/lib/sh/builtins/arguments.ts";
import { JOBS } from "/usr/lib/sh/builtins/jobs.ts";
import type { Builtin } from "/usr/lib/sh/builtins.ts";
import type { Co } from "/usr/lib/sh/co.ts";
import { singleQuoted } from "/usr/lib/sh/quote.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";
import { PSEUDO_SIGNALS, trapName } from "/usr/lib/sh/signals.ts";

const USAGE = "[-lp] [[arg] signal_spec ...]";

function order(name: string): number {
	if (name === "EXIT") return 0;
	return PSEUDO_SIGNALS.includes(name) ? 100 + PSEUDO_SIGNALS.indexOf(name) : signalNumber(name as Signal);
}

function* print(shell: Shell, names: readonly string[]): Co<number> {
	const traps = shell.inherited ?? shell.traps;
	const all = names.length === 0 ? [...traps.keys()].sort((a, b) => order(a) - order(b)) : names;
	let status = 0;
	for (const word of all) {
		const name = trapName(word);
		if (name === undefined) {
			status = yield* complain(shell, `trap: ${word}: invalid signal specification`);
			continue;
		}
		const action = traps.get(name);
		if (action !== undefined) yield* shell.print(`trap -- ${singleQuoted(action)} ${name}\n`);
	}
	return status;
}

function set(shell: Shell, name: string, action: string | undefined): void {
	if (action === undefined) shell.traps.delete(name);
	else shell.traps.set(name, action);
	shell.inherited = undefined;
	if (!name.startsWith("SIG") || !shell.root || name === "SIGKILL" || name === "SIGSTOP") return;
	shell.signals.trap(name as Signal, action === undefined ? "default" : action === "" ? "ignore" : "handle");
}

function* trap(shell: Shell, given: readonly string[]): Co<number> {
	let args = given;
	if (args[0] === "-l")
		return yield* (JOBS.kill as Builtin).run(shell, ["-l"], { name: "kill", compounds: new Map() }) as Co<number>;
	if (args[0] === "-p") return yield* print(shell, args.slice(1));
	if (args[0] === "--") args = args.slice(1);
	else if (/^-./.test(args[0] ?? "")) {
		yield* shell.complain(`trap: ${args[0]}: invalid option`);
		return yield* showUsage(shell, "trap", USAGE);
	}
	if (args.length === 0) return yield* print(shell, []);
	const [first = "", ...rest] = args;
	// A lone signal, and numbers, mean: back to the default.
	const reset = first === "-" || rest.length === 0 || /^\d+$/.test(first);
	const action = reset ? undefined : first;
	const words = reset && first !== "-" ? args : rest;
	if (words.length === 0 || (given.length === 1 && trapName(first) === undefined))
		return yield* showUsage(shell, "trap", USAGE);
	let status = 0;
	for (const word of words) {
		const name = trapName(word);
		if (name === undefined) status = yield* complain(shell, `trap: ${word}: invalid signal specification`);
		else set(shell, name, action);
	}
	return status;
}

/** `trap`. */
export const TRAPS: Record<string, Builtin> = {
	trap: { usage: USAGE, about: "run commands when a signal comes, or the shell ends", run: trap },
};
