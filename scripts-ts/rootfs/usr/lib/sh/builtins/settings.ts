/** `set`, `shopt`, `shift`, `getopts`, `alias`, `unalias`. */

import { complain, STATUS_USAGE, showUsage, withOptions } from "/usr/lib/sh/builtins/arguments.ts";
import { printAll } from "/usr/lib/sh/builtins/variables.ts";
import type { Builtin } from "/usr/lib/sh/builtins.ts";
import type { Co } from "/usr/lib/sh/co.ts";
import { LETTERS, OPTIONS, SHOPTS } from "/usr/lib/sh/options.ts";
import { singleQuoted } from "/usr/lib/sh/quote.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";

const SET_USAGE = "[-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]";
const NAME_WIDTH = 15;

function* listOptions(shell: Shell, restorable: boolean): Co<number> {
	for (const name of OPTIONS) {
		const on = shell.options.has(name);
		yield* shell.print(
			restorable ? `set ${on ? "-" : "+"}o ${name}\n` : `${name.padEnd(NAME_WIDTH)}\t${on ? "on" : "off"}\n`,
		);
	}
	return 0;
}

/** Switches an option. */
export function setOption(shell: Shell, name: string, on: boolean): void {
	if (on) shell.options.add(name);
	else shell.options.delete(name);
}

function* set(shell: Shell, args: readonly string[]): Co<number> {
	if (args.length === 0) {
		yield* printAll(shell);
		for (const [name, { source }] of [...shell.functions].sort(([a], [b]) => (a < b ? -1 : 1)))
			yield* shell.print(`${name} () \n${source.replace(/^(function\s+)?[^\s({]+\s*(\(\s*\))?\s*/, "")}\n`);
		return 0;
	}
	let at = 0;
	for (; at < args.length; at++) {
		const word = args[at] as string;
		if (word === "--" || word === "-") {
			if (word === "-") {
				shell.options.delete("xtrace");
				shell.options.delete("verbose");
				if (at + 1 === args.length) return 0;
			}
			shell.setArguments(args.slice(at + 1));
			return 0;
		}
		if (!/^[-+]./.test(word)) break;
		const on = word.startsWith("-");
		for (const letter of word.slice(1)) {
			if (letter === "o") {
				const name = args[at + 1];
				if (name === undefined) return yield* listOptions(shell, !on);
				if (!OPTIONS.includes(name)) return yield* complain(shell, `set: ${name}: invalid option name`, STATUS_USAGE);
				setOption(shell, name, on);
				at++;
				continue;
			}
			const name = LETTERS[letter];
			if (name === undefined) {
				yield* shell.complain(`set: ${word.charAt(0)}${letter}: invalid option`);
				return yield* showUsage(shell, "set", SET_USAGE);
			}
			setOption(shell, name, on);
		}
	}
	if (at < args.length) shell.setArguments(args.slice(at));
	return 0;
}

const shopt = withOptions(
	"[-pqsu] [-o] [optname ...]",
	"show or switch options of the shell's habits",
	"pqsuo",
	function* (shell, { operands, has }) {
		const known = has("o") ? OPTIONS : Object.keys(SHOPTS).sort();
		const active = has("o") ? shell.options : shell.shopts;
		let status = 0;
		for (const name of operands.length === 0 ? known : operands) {
			if (!known.includes(name)) {
				status = yield* complain(shell, `shopt: ${name}: invalid shell option name`);
				continue;
			}
			const on = active.has(name);
			if (operands.length > 0 && (has("s") || has("u"))) {
				if (has("s")) active.add(name);
				else active.delete(name);
				continue;
			}
			if (operands.length === 0 && ((has("s") && !on) || (has("u") && on))) continue;
			if (operands.length > 0 && !on) status = 1;
			if (has("q")) continue;
			yield* shell.print(
				has("p") ? `shopt -${on ? "s" : "u"} ${name}\n` : `${name.padEnd(NAME_WIDTH)}\t${on ? "on" : "off"}\n`,
			);
		}
		return status;
	},
);

function* shift(shell: Shell, args: readonly string[]): Co<number> {
	const [text = "1"] = args[0] === "--" ? args.slice(1) : args;
	if (!/^[-+]?\d+$/.test(text)) return yield* complain(shell, `shift: ${text}: numeric argument required`);
	const count = Number(text);
	if (count < 0) return yield* complain(shell, `shift: ${text}: shift count out of range`);
	if (count > shell.positional.length) return 1;
	shell.positional = shell.positional.slice(count);
	return 0;
}

function* getopts(shell: Shell, args: readonly string[]): Co<number> {
	const [letters, name, ...given] = args[0] === "--" ? args.slice(1) : args;
	if (letters === undefined || name === undefined)
		return yield* showUsage(shell, "getopts", "optstring name [arg ...]");
	if (!/^[A-Za-z_]\w*$/.test(name)) return yield* complain(shell, `getopts: \`${name}': not a valid identifier`);
	const words = args.length > 2 ? given : shell.positional;
	const silent = letters.startsWith(":");
	let index = Number(shell.get("OPTIND")) || 1;
	// A place in a word of several letters counts only as long as nobody has set OPTIND.
	let place = shell.getopts?.index === index ? shell.getopts.place : 1;
	const end = (): number => {
		shell.set("OPTIND", String(index));
		shell.getopts = undefined;
		shell.set(name, "?");
		shell.variables.unset("OPTARG");
		return 1;
	};
	const word = words[index - 1];
	if (word === undefined || word === "-" || !word.startsWith("-")) return end();
	if (word === "--") {
		index++;
		return end();
	}
	const letter = word.charAt(place++);
	const known = letter === ":" ? -1 : letters.indexOf(letter, silent ? 1 : 0);
	const takes = known >= 0 && letters.charAt(known + 1) === ":";
	shell.variables.unset("OPTARG");
	let found = letter;
	if (known < 0) {
		found = "?";
		if (silent) shell.set("OPTARG", letter);
		else if (shell.get("OPTERR") !== "0") yield* shell.say(`${shell.name}: illegal option -- ${letter}`);
	} else if (takes) {
		const value = place < word.length ? word.slice(place) : words[index];
		if (place >= word.length && value !== undefined) index++;
		place = word.length;
		if (value !== undefined) shell.set("OPTARG", value);
		else {
			found = silent ? ":" : "?";
			if (silent) shell.set("OPTARG", letter);
			else if (shell.get("OPTERR") !== "0") yield* shell.say(`${shell.name}: option requires an argument -- ${letter}`);
		}
	}
	if (place >= word.length) {
		index++;
		place = 1;
	}
	shell.set("OPTIND", String(index));
	shell.getopts = { index, place };
	shell.set(name, found);
	return 0;
}

function* alias(shell: Shell, args: readonly string[]): Co<number> {
	const words = args[0] === "-p" || args[0] === "--" ? args.slice(1) : args;
	const show = (name: string, value: string): Co<void> => shell.print(`alias ${name}=${singleQuoted(value)}\n`);
	if (words.length === 0)
		for (const [name, value] of [...shell.aliases].sort(([a], [b]) => (a < b ? -1 : 1))) yield* show(name, value);
	let status = 0;
	for (const word of words) {
		const equals = word.indexOf("=", 1);
		const name = equals < 0 ? word : word.slice(0, equals);
		const value = shell.aliases.get(name);
		if (equals >= 0) {
			if (/[\s/$`=|&;()<>'"\\]/.test(name)) status = yield* complain(shell, `alias: \`${name}': invalid alias name`);
			else shell.aliases.set(name, word.slice(equals + 1));
		} else if (value !== undefined) yield* show(name, value);
		else status = yield* complain(shell, `alias: ${name}: not found`);
	}
	return status;
}

const unalias = withOptions("[-a] name [name ...]", "forget aliases", "a", function* (shell, { operands, has }) {
	if (has("a")) {
		shell.aliases.clear();
		return 0;
	}
	if (operands.length === 0) return yield* showUsage(shell, "unalias", "[-a] name [name ...]");
	let status = 0;
	for (const name of operands)
		if (!shell.aliases.delete(name)) status = yield* complain(shell, `unalias: ${name}: not found`);
	return status;
});

/** Builtins that set things. */
export const SETTINGS: Record<string, Builtin> = {
	alias: { usage: "[-p] [name[=value] ... ]", about: "name command lines, or show the names", run: alias },
	getopts: { usage: "optstring name [arg ...]", about: "take the next option of the arguments", run: getopts },
	set: { usage: SET_USAGE, about: "set options and arguments, or show variables", run: set },
	shift: { usage: "[n]", about: "drop the first arguments", run: shift },
	shopt,
	unalias,
};
