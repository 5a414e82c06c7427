/** Builtins about commands: what they are, and how to run them otherwise. */

import { complain, OptionError, parseOptions, withOptions } from "/usr/lib/sh/builtins/arguments.ts";
import { BUILTINS, type Builtin, type Call } from "/usr/lib/sh/builtins.ts";
import type { Co } from "/usr/lib/sh/co.ts";
import { DEFAULT_PATH } from "/usr/lib/sh/launch.ts";
import { type Meaning, meanings, programs } from "/usr/lib/sh/lookup.ts";
import { singleQuoted } from "/usr/lib/sh/quote.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";
import { runBuiltin, runProgram } from "/usr/lib/sh/simple.ts";

/** A function as it can be read back. */
export function functionText(name: string, source: string): string {
	const body = source.replace(/^function\s+/, "").replace(/^[^\s({]+\s*(\(\s*\))?\s*/, "");
	return `${name} () \n${body}`;
}

/** What `type` says of a meaning. */
function describe(name: string, meaning: Meaning): string {
	switch (meaning.kind) {
		case "alias":
			return `${name} is aliased to \`${meaning.value}'`;
		case "keyword":
			return `${name} is a shell keyword`;
		case "function":
			return `${name} is a function\n${functionText(name, meaning.source)}`;
		case "builtin":
			return `${name} is a shell builtin`;
		case "file":
			return meaning.hashed ? `${name} is hashed (${meaning.path})` : `${name} is ${meaning.path}`;
	}
}

/** What `command -v` says of a meaning. */
function brief(name: string, meaning: Meaning): string {
	if (meaning.kind === "alias") return `alias ${name}=${singleQuoted(meaning.value)}`;
	return meaning.kind === "file" ? meaning.path : name;
}

const type = withOptions(
	"[-afptP] name [name ...]",
	"say what commands are",
	"afptP",
	function* (shell, { operands, has }) {
		let status = 0;
		for (const name of operands) {
			const all = yield* meanings(shell, name, has("P"));
			const found = all.filter(({ kind }) => kind !== "function" || !has("f"));
			const chosen = has("a") ? found : found.slice(0, 1);
			if (chosen.length === 0) {
				status = 1;
				if (!has("t") && !has("p") && !has("P")) yield* shell.complain(`type: ${name}: not found`);
			}
			for (const meaning of chosen) {
				if (has("t")) yield* shell.print(`${meaning.kind}\n`);
				else if (!has("p") && !has("P")) yield* shell.print(`${describe(name, meaning)}\n`);
				else if (meaning.kind === "file") yield* shell.print(`${meaning.path}\n`);
			}
		}
		return status;
	},
);

function* command(shell: Shell, args: readonly string[], { compounds: given }: Call): Co<number> {
	let parsed: ReturnType<typeof parseOptions>;
	try {
		parsed = parseOptions(args, "pvV");
	} catch (error) {
		if (!(error instanceof OptionError)) throw error;
		yield* shell.complain(`command: ${error.message}`);
		yield* shell.say(`command: usage: command [-pVv] command [arg ...]`);
		return 2;
	}
	const { operands, has } = parsed;
	const [name, ...rest] = operands;
	if (name === undefined) return 0;
	if (has("v") || has("V")) {
		let status = 1;
		for (const each of operands) {
			const [meaning] = yield* meanings(shell, each);
			if (meaning === undefined) {
				if (has("V")) yield* shell.complain(`command: ${each}: not found`);
				continue;
			}
			status = 0;
			yield* shell.print(`${has("V") ? describe(each, meaning) : brief(each, meaning)}\n`);
		}
		return status;
	}
	const builtin = shell.disabled.has(name) ? undefined : BUILTINS.get(name);
	const shift = args.length - rest.length;
	const compounds = new Map([...given].map(([at, value]) => [at - shift, value]));
	if (builtin !== undefined) return yield* runBuiltin(shell, name, builtin, rest, compounds);
	if (!has("p")) return yield* runProgram(shell, name, rest, undefined, {});
	const [path] = yield* programs(shell, name, DEFAULT_PATH);
	return yield* runProgram(shell, path ?? name, rest, undefined, {});
}

function* builtin(shell: Shell, args: readonly string[], { compounds: given }: Call): Co<number> {
	const [name, ...rest] = args[0] === "--" ? args.slice(1) : args;
	if (name === undefined) return 0;
	const found = BUILTINS.get(name);
	if (found === undefined) return yield* complain(shell, `builtin: ${name}: not a shell builtin`);
	const shift = args.length - rest.length;
	const compounds = new Map([...given].map(([at, value]) => [at - shift, value]));
	return yield* runBuiltin(shell, name, found, rest, compounds);
}

const hash = withOptions(
	"[-lr] [-p pathname] [-dt] [name ...]",
	"remember or show where programs are",
	"lrdtp:",
	function* (shell, { operands, has, value }) {
		if (has("r")) shell.hashed.clear();
		if (operands.length === 0) {
			if (has("r")) return 0;
			if (shell.hashed.size === 0) {
				yield* shell.print("hash: hash table empty\n");
				return 0;
			}
			if (!has("l")) yield* shell.print("hits\tcommand\n");
			for (const [name, { path, hits }] of shell.hashed)
				yield* shell.print(has("l") ? `builtin hash -p ${path} ${name}\n` : `${String(hits).padStart(4)}\t${path}\n`);
			return 0;
		}
		let status = 0;
		shell.hashedPath = shell.get("PATH");
		for (const name of operands) {
			const given = value("p");
			if (has("d")) shell.hashed.delete(name);
			else if (has("t")) {
				const path = shell.hashed.get(name)?.path;
				if (path === undefined) status = yield* complain(shell, `hash: ${name}: not found`);
				else yield* shell.print(operands.length > 1 ? `${name}\t${path}\n` : `${path}\n`);
			} else if (given !== undefined) shell.hashed.set(name, { path: given, hits: 0 });
			else if (!BUILTINS.has(name)) {
				const [path] = yield* programs(shell, name);
				if (path === undefined) status = yield* complain(shell, `hash: ${name}: not found`);
				else if (!name.includes("/")) shell.hashed.set(name, { path, hits: 0 });
			}
		}
		return status;
	},
);

const HELP_COLUMN = 12;

/** Tells how a builtin is called and what it does; answers the status that `--help` has in bash. */
export function* describeBuiltin(shell: Shell, name: string): Co<number> {
	const { usage = "", about = "" } = BUILTINS.get(name) ?? {};
	const form = `${name}: ${name} ${usage}`.trimEnd();
	yield* shell.print(`${form}\n    ${about.charAt(0).toUpperCase()}${about.slice(1)}.\n    See sh-builtins(7).\n`);
	return 2;
}

const help = withOptions(
	"[-ds] [pattern ...]",
	"tell of the shell's builtins",
	"ds",
	function* (shell, { operands, has }) {
		if (operands.length === 0) {
			const lines = [...BUILTINS].map(([name, { about }]) => `${name.padEnd(HELP_COLUMN)} ${about}`);
			const before = "These commands are the shell's own. 'help NAME' tells more, 'man sh' of its language.\n\n";
			yield* shell.print(`${before}${lines.join("\n")}\n`);
			return 0;
		}
		let status = 0;
		for (const name of operands) {
			const found = [...BUILTINS].filter(([each]) => each === name);
			const all = found.length > 0 ? found : [...BUILTINS].filter(([each]) => each.startsWith(name));
			if (all.length === 0) {
				const why = `no help topics match \`${name}'.  Try \`help help' or \`man -k ${name}' or \`info ${name}'.`;
				status = yield* complain(shell, `help: ${why}`);
			}
			for (const [each, { usage, about }] of all) {
				if (has("s")) yield* shell.print(`${`${each}: ${each} ${usage}`.trimEnd()}\n`);
				else if (has("d")) yield* shell.print(`${each} - ${about}\n`);
				else yield* describeBuiltin(shell, each);
			}
		}
		return status;
	},
);

const enable = withOptions(
	"[-a] [-n] [name ...]",
	"switch builtins on or off",
	"anps",
	function* (shell, { operands, has }) {
		if (operands.length === 0) {
			for (const name of BUILTINS.keys()) {
				const off = shell.disabled.has(name);
				if (has("a") || off === has("n")) yield* shell.print(`enable ${off ? "-n " : ""}${name}\n`);
			}
			return 0;
		}
		let status = 0;
		for (const name of operands) {
			if (!BUILTINS.has(name)) status = yield* complain(shell, `enable: ${name}: not a shell builtin`);
			else if (has("n")) shell.disabled.add(name);
			else shell.disabled.delete(name);
		}
		return status;
	},
);

/** Builtins about commands. */
export const INFORMATION: Record<string, Builtin> = {
	builtin: {
		usage: "[shell-builtin [arg ...]]",
		about: "run a builtin, even where a function has its name",
		run: builtin,
	},
	command: {
		usage: "[-pVv] command [arg ...]",
		about: "run a command, even where a function has its name, or say what it is",
		run: command,
	},
	enable,
	hash,
	help,
	type,
};
