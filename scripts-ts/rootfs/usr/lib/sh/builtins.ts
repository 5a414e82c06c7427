/** Commands of the shell itself: those that change its state, and a few for speed. */

import { isDirectory, isFile, readTextFile, stat } from "helios:fs";
import { chdir, umask } from "helios:process";
import { reason } from "/usr/lib/sh/cli.ts";
import { echo } from "/usr/lib/sh/echo.ts";
import { LineInput } from "/usr/lib/sh/input.ts";
import { candidates } from "/usr/lib/sh/launch.ts";
import { runText } from "/usr/lib/sh/script.ts";
import { Leave, type Shell } from "/usr/lib/sh/shell.ts";
import { evaluate, TestError } from "/usr/lib/sh/test.ts";

/** A builtin: answers its status. */
export type Builtin = (shell: Shell, args: readonly string[]) => Promise<number>;

const NAME = /^[A-Za-z_][A-Za-z_0-9]*$/;
const FLAGS: Record<string, string> = { allexport: "a", errexit: "e", noglob: "f", nounset: "u", xtrace: "x" };

/** A text as the shell would read it back. */
export function quoted(text: string): string {
	return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** An absolute path without `.` and `..`, by its text alone. */
function normal(path: string): string {
	const out: string[] = [];
	for (const part of path.split("/")) {
		if (part === "..") out.pop();
		else if (part !== "" && part !== ".") out.push(part);
	}
	return `/${out.join("/")}`;
}

async function usage(shell: Shell, message: string, status = 2): Promise<number> {
	await shell.complain(message);
	return status;
}

async function cd(shell: Shell, args: readonly string[]): Promise<number> {
	const back = args[0] === "-";
	const wanted = back ? shell.lookup("OLDPWD") : (args[0] ?? shell.lookup("HOME"));
	if (args.length > 1) return usage(shell, "cd: too many arguments");
	if (wanted === undefined) return usage(shell, `cd: ${back ? "OLDPWD" : "HOME"} not set`, 1);
	const path = normal(shell.resolve(wanted));
	try {
		if (!shell.nested) await chdir(path);
		else if (!isDirectory(await stat(path))) return usage(shell, `cd: ${wanted}: Not a directory`, 1);
	} catch (error) {
		return usage(shell, `cd: ${wanted}: ${reason(error)}`, 1);
	}
	shell.export("OLDPWD", shell.cwd);
	shell.cwd = path;
	shell.export("PWD", path);
	if (back) await shell.print(`${path}\n`);
	return 0;
}

async function dot(shell: Shell, args: readonly string[]): Promise<number> {
	const [name] = args;
	if (name === undefined) return usage(shell, ".: filename argument required");
	const paths = name.includes("/") ? [name] : [...candidates(name, shell.lookup("PATH")), name];
	let failure: unknown;
	for (const path of paths) {
		try {
			const text = await readTextFile(shell.resolve(path));
			return await runText(shell, text, name);
		} catch (error) {
			if (error instanceof Leave) throw error;
			failure ??= error;
		}
	}
	await shell.complain(`.: ${name}: ${reason(failure)}`);
	return 1;
}

async function exit(shell: Shell, args: readonly string[]): Promise<number> {
	const [text] = args;
	if (text === undefined) throw new Leave(shell.status);
	if (!/^\d+$/.test(text)) {
		await shell.complain(`exit: ${text}: bad number`);
		throw new Leave(2);
	}
	throw new Leave(Number(text) & 255);
}

async function exportNames(shell: Shell, args: readonly string[]): Promise<number> {
	const words = args[0] === "-p" ? args.slice(1) : args;
	if (words.length === 0) {
		for (const [name, value, exported] of shell.variables())
			if (exported) await shell.print(`export ${name}=${quoted(value)}\n`);
	}
	for (const word of words) {
		const equals = word.indexOf("=");
		const name = equals < 0 ? word : word.slice(0, equals);
		if (!NAME.test(name)) return usage(shell, `export: ${name}: bad variable name`);
		shell.export(name, ...(equals < 0 ? [] : [word.slice(equals + 1)]));
	}
	return 0;
}

async function jobs(shell: Shell): Promise<number> {
	for (const [index, job] of shell.jobs.entries()) {
		const state = job.status === undefined ? "Running" : job.status === 0 ? "Done" : `Done(${job.status})`;
		await shell.print(`[${index + 1}] ${state.padEnd(10)} ${job.text}\n`);
	}
	shell.jobs = shell.jobs.filter((job) => job.status === undefined);
	return 0;
}

async function read(shell: Shell, args: readonly string[]): Promise<number> {
	const raw = args[0] === "-r";
	const names = raw ? args.slice(1) : [...args];
	const bad = names.find((name) => !NAME.test(name));
	if (bad !== undefined) return usage(shell, `read: ${bad}: bad variable name`);
	const fd = shell.fds.get(0);
	if (fd === undefined) return 1;
	const input = new LineInput(fd);
	let line = "";
	let ended = false;
	for (;;) {
		const next = await input.next();
		ended = next === null || !next.endsWith("\n");
		line += (next ?? "").replace(/\n$/, "");
		if (raw || ended || !/(^|[^\\])(\\\\)*\\$/.test(line)) break;
		line = line.slice(0, -1);
	}
	let rest = (raw ? line : line.replace(/\\(.)/g, "$1")).trim();
	for (const [index, name] of names.entries()) {
		const cut = index === names.length - 1 ? -1 : rest.search(/\s/);
		shell.assign(name, cut < 0 ? rest : rest.slice(0, cut));
		rest = cut < 0 ? "" : rest.slice(cut).trimStart();
	}
	return ended ? 1 : 0;
}

async function set(shell: Shell, args: readonly string[]): Promise<number> {
	if (args.length === 0) {
		for (const [name, value] of shell.variables()) await shell.print(`${name}=${quoted(value)}\n`);
		return 0;
	}
	let at = 0;
	for (; at < args.length; at++) {
		const word = args[at] as string;
		if (word === "--") {
			at++;
			shell.positional = args.slice(at);
			return 0;
		}
		if (!/^[-+]./.test(word)) break;
		const letters = /^[-+]o$/.test(word) ? [FLAGS[args[++at] ?? ""] ?? "?"] : [...word.slice(1)];
		for (const letter of letters) {
			if (!Object.values(FLAGS).includes(letter)) return usage(shell, `set: ${args[at]}: bad option`);
			if (word.startsWith("-")) shell.flags.add(letter);
			else shell.flags.delete(letter);
		}
	}
	if (at < args.length) shell.positional = args.slice(at);
	return 0;
}

async function shift(shell: Shell, args: readonly string[]): Promise<number> {
	const count = Number(args[0] ?? 1);
	if (!Number.isInteger(count) || count < 0) return usage(shell, `shift: ${args[0]}: bad number`);
	if (count > shell.positional.length) return usage(shell, "shift: can't shift that many");
	shell.positional = shell.positional.slice(count);
	return 0;
}

async function test(shell: Shell, name: string, words: readonly string[]): Promise<number> {
	try {
		return (await evaluate(words, shell)) ? 0 : 1;
	} catch (error) {
		if (!(error instanceof TestError)) throw error;
		return usage(shell, `${name}: ${error.message}`);
	}
}

async function find(shell: Shell, name: string): Promise<string | undefined> {
	for (const path of candidates(name, shell.lookup("PATH"))) {
		const about = await stat(shell.resolve(path)).catch(() => undefined);
		if (about !== undefined && isFile(about) && (about.mode & 0o111) !== 0) return path;
	}
	return undefined;
}

async function type(shell: Shell, args: readonly string[]): Promise<number> {
	let status = 0;
	for (const name of args) {
		const path = isBuiltin(name) ? undefined : await find(shell, name);
		if (isBuiltin(name)) await shell.print(`${name} is a shell builtin\n`);
		else if (path !== undefined) await shell.print(`${name} is ${path}\n`);
		else {
			await shell.complain(`type: ${name}: not found`);
			status = 127;
		}
	}
	return status;
}

async function mask(shell: Shell, args: readonly string[]): Promise<number> {
	const [text] = args;
	if (text === undefined) {
		await shell.print(`${(await umask()).toString(8).padStart(4, "0")}\n`);
		return 0;
	}
	if (!/^[0-7]{1,4}$/.test(text)) return usage(shell, `umask: ${text}: bad mask`);
	const old = await umask(Number.parseInt(text, 8) & 0o777);
	if (shell.nested) shell.mask ??= old;
	return 0;
}

async function unset(shell: Shell, args: readonly string[]): Promise<number> {
	for (const name of args[0] === "-v" ? args.slice(1) : args) {
		if (!NAME.test(name)) return usage(shell, `unset: ${name}: bad variable name`);
		shell.unset(name);
	}
	return 0;
}

async function wait(shell: Shell, args: readonly string[]): Promise<number> {
	if (args.length === 0) {
		await Promise.all(shell.jobs.map((job) => job.done));
		shell.jobs = [];
		return 0;
	}
	let status = 0;
	for (const text of args) {
		const job = shell.jobs.find((each) => String(each.pid) === text);
		if (job === undefined) {
			status = await usage(shell, `wait: pid ${text} is not a child of this shell`, 127);
			continue;
		}
		status = await job.done;
		shell.jobs = shell.jobs.filter((each) => each !== job);
	}
	return status;
}

/** Every builtin by its name. */
export const builtins: Record<string, Builtin> = {
	".": dot,
	":": async () => 0,
	"[": async (shell, args) => {
		if (args.at(-1) !== "]") return usage(shell, "[: missing ]");
		return test(shell, "[", args.slice(0, -1));
	},
	cd,
	echo: async (shell, args) => {
		await shell.print(echo(args));
		return 0;
	},
	eval: (shell, args) => runText(shell, args.join(" "), "eval"),
	exit,
	export: exportNames,
	false: async () => 1,
	jobs,
	pwd: async (shell) => {
		await shell.print(`${shell.cwd}\n`);
		return 0;
	},
	read,
	set,
	shift,
	test: (shell, args) => test(shell, "test", args),
	true: async () => 0,
	type,
	umask: mask,
	unset,
	wait,
};

function isBuiltin(name: string): boolean {
	return name === "exec" || Object.hasOwn(builtins, name);
}
