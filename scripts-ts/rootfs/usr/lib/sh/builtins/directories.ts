/** Builtins about the working directory. */

import { isDirectory, realpath, stat } from "helios:fs";
import { chdir } from "helios:process";
import { complain, withOptions } from "/usr/lib/sh/builtins/arguments.ts";
import type { Builtin } from "/usr/lib/sh/builtins.ts";
import { reason } from "/usr/lib/sh/cli.ts";
import { type Co, wait } from "/usr/lib/sh/co.ts";
import { tildePath } from "/usr/lib/sh/prompt.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";

/** An absolute path without `.` and `..`, by its text alone. */
export function normal(path: string): string {
	const out: string[] = [];
	for (const part of path.split("/")) {
		if (part === "..") out.pop();
		else if (part !== "" && part !== ".") out.push(part);
	}
	return `/${out.join("/")}`;
}

/** Goes to a directory; answers an error's text, or nothing. */
function* go(shell: Shell, path: string, physical: boolean): Co<string | undefined> {
	try {
		let target = normal(shell.resolve(path));
		if (physical) target = yield* wait(realpath(shell.resolve(path)));
		const about = yield* wait(stat(target));
		if (!isDirectory(about)) return "Not a directory";
		if (shell.root) yield* wait(chdir(target));
		shell.variables.set("OLDPWD", shell.cwd, false, true);
		shell.cwd = target;
		shell.variables.set("PWD", target, false, true);
		return undefined;
	} catch (error) {
		return reason(error);
	}
}

const cd = withOptions("[-L|[-P [-e]] [-@]] [dir]", "change the working directory", "LPe@", function* (shell, parsed) {
	const [given, more] = parsed.operands;
	if (more !== undefined) return yield* complain(shell, "cd: too many arguments");
	const back = given === "-";
	const wanted = back ? shell.get("OLDPWD") : (given ?? shell.get("HOME"));
	if (wanted === undefined) return yield* complain(shell, `cd: ${back ? "OLDPWD" : "HOME"} not set`);
	const physical = parsed.options.findLast(({ letter }) => letter === "L" || letter === "P")?.letter === "P";
	const own = physical || (shell.options.has("physical") && !parsed.has("L"));
	// $CDPATH is for names that do not say where they begin.
	const placed = /^(\.{0,2}\/|\.\.?$|$)/.test(wanted) || back;
	for (const prefix of placed ? [] : (shell.get("CDPATH") ?? "").split(":")) {
		if (prefix === "") continue;
		if ((yield* go(shell, `${prefix}/${wanted}`, own)) !== undefined) continue;
		yield* shell.print(`${shell.cwd}\n`);
		return 0;
	}
	const failure = yield* go(shell, wanted === "" ? "." : wanted, own);
	if (failure !== undefined) return yield* complain(shell, `cd: ${wanted}: ${failure}`);
	if (back) yield* shell.print(`${shell.cwd}\n`);
	return 0;
});

const pwd = withOptions("[-LP]", "print the working directory", "LP", function* (shell, { options }) {
	const physical = options.at(-1)?.letter === "P" || (options.length === 0 && shell.options.has("physical"));
	yield* shell.print(`${physical ? yield* wait(realpath(shell.cwd).catch(() => shell.cwd)) : shell.cwd}\n`);
	return 0;
});

function* show(shell: Shell, how: { long?: boolean; lines?: boolean; numbers?: boolean } = {}): Co<number> {
	const all = [shell.cwd, ...shell.directories].map((path) => (how.long === true ? path : tildePath(shell, path)));
	const shown = how.numbers === true ? all.map((path, index) => `${String(index).padStart(2)}  ${path}`) : all;
	yield* shell.print(`${shown.join(how.lines === true || how.numbers === true ? "\n" : " ")}\n`);
	return 0;
}

/** The place in the stack that `+N` or `-N` means. */
function place(shell: Shell, word: string): number | undefined {
	if (!/^[-+]\d+$/.test(word)) return undefined;
	const count = Number(word.slice(1));
	const size = shell.directories.length + 1;
	return word.startsWith("+") ? count : size - 1 - count;
}

function* pushd(shell: Shell, args: readonly string[]): Co<number> {
	const quiet = args[0] === "-n";
	const [word] = quiet ? args.slice(1) : args;
	const all = [shell.cwd, ...shell.directories];
	const at = word === undefined ? 1 : place(shell, word);
	if (at !== undefined) {
		if (word === undefined && all.length < 2) return yield* complain(shell, "pushd: no other directory");
		if (at < 0 || at >= all.length) return yield* complain(shell, `pushd: ${word}: directory stack index out of range`);
		const turned =
			word === undefined
				? [all[1] as string, all[0] as string, ...all.slice(2)]
				: [...all.slice(at), ...all.slice(0, at)];
		const failure = quiet ? undefined : yield* go(shell, turned[0] as string, false);
		if (failure !== undefined) return yield* complain(shell, `pushd: ${turned[0]}: ${failure}`);
		shell.directories = turned.slice(1);
		return yield* show(shell);
	}
	const before = shell.cwd;
	if (quiet) shell.directories = [shell.resolve(word as string), ...shell.directories];
	else {
		const failure = yield* go(shell, word as string, false);
		if (failure !== undefined) return yield* complain(shell, `pushd: ${word}: ${failure}`);
		shell.directories = [before, ...shell.directories];
	}
	return yield* show(shell);
}

function* popd(shell: Shell, args: readonly string[]): Co<number> {
	const quiet = args[0] === "-n";
	const [word = "+0"] = quiet ? args.slice(1) : args;
	const all = [shell.cwd, ...shell.directories];
	const at = place(shell, word);
	if (at === undefined) return yield* complain(shell, `popd: ${word}: invalid argument`);
	if (all.length < 2) return yield* complain(shell, "popd: directory stack empty");
	if (at < 0 || at >= all.length) return yield* complain(shell, `popd: ${word}: directory stack index out of range`);
	if (at === 0 && !quiet) {
		const failure = yield* go(shell, all[1] as string, false);
		if (failure !== undefined) return yield* complain(shell, `popd: ${all[1]}: ${failure}`);
		shell.directories = all.slice(2);
	} else shell.directories = all.filter((_, index) => index !== Math.max(at, 1)).slice(1);
	return yield* show(shell);
}

/** Builtins about the working directory. */
export const DIRECTORIES: Record<string, Builtin> = {
	cd,
	dirs: {
		usage: "[-clpv]",
		about: "print the stack of directories",
		*run(shell, args) {
			if (args.includes("-c")) {
				shell.directories = [];
				return 0;
			}
			const letters = args.join("");
			return yield* show(shell, {
				long: letters.includes("l"),
				lines: letters.includes("p"),
				numbers: letters.includes("v"),
			});
		},
	},
	popd: { usage: "[-n] [+N | -N]", about: "go back to the directory below on the stack", run: popd },
	pushd: { usage: "[-n] [+N | -N | dir]", about: "go to a directory and remember this one on the stack", run: pushd },
	pwd,
};
