/** Options of builtins. */

import type { Co } from "/usr/lib/sh/co.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";

/** Status after a mistake in the arguments. */
export const STATUS_USAGE = 2;

/** Options in their order, and what is left. */
export interface Parsed {
	options: { letter: string; value: string }[];
	operands: readonly string[];
	has(letter: string): boolean;
	value(letter: string): string | undefined;
}

/** Options that are not to be had: what is wrong. */
export class OptionError extends Error {
	/** Whether the builtin's form is to be shown. */
	readonly usage: boolean;

	constructor(message: string, usage = true) {
		super(message);
		this.usage = usage;
	}
}

/**
 * Reads options. `letters` are those there are, a colon after those that take a value.
 *
 * @throws {OptionError}
 */
export function parseOptions(args: readonly string[], letters: string): Parsed {
	const options: Parsed["options"] = [];
	let at = 0;
	for (; at < args.length; at++) {
		const word = args[at] as string;
		if (word === "--") {
			at++;
			break;
		}
		if (word === "-" || !word.startsWith("-")) break;
		for (let index = 1; index < word.length; index++) {
			const letter = word.charAt(index);
			const known = letter === ":" ? -1 : letters.indexOf(letter);
			if (known < 0) throw new OptionError(`-${letter}: invalid option`);
			if (letters.charAt(known + 1) !== ":") {
				options.push({ letter, value: "" });
				continue;
			}
			const value = index + 1 < word.length ? word.slice(index + 1) : args[++at];
			if (value === undefined) throw new OptionError(`-${letter}: option requires an argument`);
			options.push({ letter, value });
			break;
		}
	}
	return {
		options,
		operands: args.slice(at),
		has: (letter) => options.some((option) => option.letter === letter),
		value: (letter) => options.findLast((option) => option.letter === letter)?.value,
	};
}

/** Makes a builtin of a function that takes parsed options. */
export function withOptions(
	usage: string,
	about: string,
	letters: string,
	run: (shell: Shell, parsed: Parsed, name: string) => Co<number>,
): {
	usage: string;
	about: string;
	run(shell: Shell, args: readonly string[], call: { name: string }): Co<number>;
} {
	return {
		usage,
		about,
		*run(shell, args, { name }) {
			let parsed: Parsed;
			try {
				parsed = parseOptions(args, letters);
			} catch (error) {
				if (!(error instanceof OptionError)) throw error;
				yield* shell.complain(`${name}: ${error.message}`);
				if (error.usage) yield* shell.say(`${name}: usage: ${name} ${usage}`);
				return STATUS_USAGE;
			}
			return yield* run(shell, parsed, name);
		},
	};
}

/** Says what is wrong and answers a status. */
export function* complain(shell: Shell, message: string, status = 1): Co<number> {
	yield* shell.complain(message);
	return status;
}

/** Shows the form of a builtin, for a call that is not of it. */
export function* showUsage(shell: Shell, name: string, usage: string): Co<number> {
	yield* shell.say(`${name}: usage: ${name} ${usage}`);
	return STATUS_USAGE;
}
