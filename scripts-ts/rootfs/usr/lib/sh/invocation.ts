/** How the shell is called: its options and operands. */

import { help } from "/usr/lib/sh/cli.ts";
import { LETTERS, OPTIONS } from "/usr/lib/sh/options.ts";

/** What the shell was called with. */
export interface Invocation {
	/** The first operand holds the commands. */
	command: boolean;
	interactive: boolean;
	login: boolean;
	/** Commands come over standard input; operands are arguments. */
	stdin: boolean;
	/** Options of `set`, by name. */
	options: [name: string, on: boolean][];
	operands: readonly string[];
}

/** Arguments that the shell does not take. */
export class InvocationError extends Error {}

/** The text of `--help`. */
export const HELP = help({
	name: "sh",
	usage: ["[OPTION]... [FILE [ARG]...]", "[OPTION]... -c COMMANDS [NAME [ARG]...]"],
	about: "Run commands from FILE, from COMMANDS, or from standard input; with a prompt where that is a terminal.",
	options: {
		a: ["allexport", "export every variable that is set"],
		c: ["command", "run the first operand"],
		C: ["noclobber", "> does not overwrite files"],
		e: ["errexit", "end at the first command that fails"],
		f: ["noglob", "do not expand file names"],
		i: ["interactive", "prompt, whatever standard input is"],
		l: ["login", "run /etc/profile and ~/.profile first"],
		m: ["monitor", "give each pipeline a process group"],
		n: ["noexec", "read commands, but do not run them"],
		o: ["option", "set an option by its name", "NAME"],
		s: ["stdin", "read standard input; operands are arguments"],
		u: ["nounset", "an unset variable is an error"],
		v: ["verbose", "print input as it is read"],
		x: ["xtrace", "print commands before they run"],
	},
});

const LONG: Record<string, string> = { command: "c", interactive: "i", login: "l", stdin: "s" };

function option(given: Invocation, letter: string, on: boolean): void {
	if (letter === "c") given.command = true;
	else if (letter === "i") given.interactive = true;
	else if (letter === "l") given.login = true;
	else if (letter === "s") given.stdin = true;
	else {
		const name = LETTERS[letter];
		if (name === undefined) throw new InvocationError(`${on ? "-" : "+"}${letter}: invalid option`);
		given.options.push([name, on]);
	}
}

/**
 * Reads the shell's arguments; `null` where help is wanted.
 *
 * @throws {InvocationError}
 */
export function parseInvocation(args: readonly string[]): Invocation | null {
	const given: Invocation = {
		command: false,
		interactive: false,
		login: false,
		stdin: false,
		options: [],
		operands: [],
	};
	let at = 0;
	for (; at < args.length; at++) {
		const word = args[at] as string;
		if (word === "--" || word === "-") {
			at++;
			break;
		}
		if (word === "--help") return null;
		if (word.startsWith("--")) {
			const name = word.slice(2);
			if (LONG[name] !== undefined) option(given, LONG[name], true);
			else if (OPTIONS.includes(name)) given.options.push([name, true]);
			else throw new InvocationError(`${word}: invalid option`);
			continue;
		}
		if (!/^[-+]./.test(word)) break;
		const on = word.startsWith("-");
		for (const letter of word.slice(1)) {
			if (letter !== "o") {
				option(given, letter, on);
				continue;
			}
			const name = args[++at];
			if (name === undefined || !OPTIONS.includes(name))
				throw new InvocationError(`${name ?? "-o"}: invalid option name`);
			given.options.push([name, on]);
		}
	}
	given.operands = args.slice(at);
	return given;
}
