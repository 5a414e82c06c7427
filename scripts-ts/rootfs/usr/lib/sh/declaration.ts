/** Variables as texts that declare them again. */

import { doubleQuoted } from "/usr/lib/sh/quote.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";
import type { Variable } from "/usr/lib/sh/variables.ts";

/** Letters of a variable's attributes. */
export function attributeLetters(variable: Variable | undefined): string {
	const { list, table, integer, reference, readonly, exported, lower, upper } = variable ?? {};
	const flags: [boolean | undefined, string][] = [
		[list !== undefined, "a"],
		[table !== undefined, "A"],
		[integer, "i"],
		[reference, "n"],
		[readonly, "r"],
		[exported, "x"],
		[lower, "l"],
		[upper, "u"],
	];
	return flags.map(([on, letter]) => (on === true ? letter : "")).join("");
}

/** The elements of an array, as they can be read back. */
export function elements(shell: Shell, name: string): string {
	const keyed = shell.variables.find(name)?.table !== undefined;
	const show = ([key, value]: [string, string]): string => {
		const shown = keyed && !/^[\w.,:%@+/-]+$/.test(key) ? doubleQuoted(key) : key;
		return `[${shown}]=${doubleQuoted(value)}`;
	};
	const all = shell.variables.entries(name).map(show);
	return `(${all.join(" ")}${keyed && all.length > 0 ? " " : ""})`;
}

/** A variable as `declare -p` prints it. */
export function declaration(shell: Shell, name: string, variable: Variable): string {
	const letters = attributeLetters(variable);
	const before = `declare -${letters === "" ? "-" : letters} ${name}`;
	const size = variable.list?.size ?? variable.table?.size;
	if (size !== undefined) return size === 0 && variable.bare ? before : `${before}=${elements(shell, name)}`;
	return variable.value === undefined ? before : `${before}=${doubleQuoted(variable.value)}`;
}
