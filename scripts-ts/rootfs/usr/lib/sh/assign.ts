/** Assigns to variables and arrays. */

import type { Assignment, Item } from "/usr/lib/sh/ast.ts";
import type { Co } from "/usr/lib/sh/co.ts";
import { expandText, expandValue, expandWord } from "/usr/lib/sh/expand.ts";
import { subscript } from "/usr/lib/sh/parameters.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";
import { assigned, traceLine } from "/usr/lib/sh/trace.ts";
import { VariableError } from "/usr/lib/sh/variables.ts";

/** Assigns for the command that follows. What cannot be assigned is said, and the command runs without it. */
export function* assignFor(shell: Shell, assignments: readonly Assignment[]): Co<void> {
	for (const assignment of assignments) {
		try {
			yield* assignAll(shell, [assignment], true);
		} catch (error) {
			if (!(error instanceof VariableError)) throw error;
			yield* shell.complain(error.message);
		}
	}
}

/** Assigns one after another; `exported`: for a command. */
export function* assignAll(shell: Shell, assignments: readonly Assignment[], exported: boolean): Co<void> {
	for (const assignment of assignments) {
		const { name, index, append, value } = assignment;
		if (Array.isArray(value)) {
			if (shell.options.has("xtrace")) yield* traceLine(shell, assignment.source ?? name);
			yield* assignItems(shell, name, value, append);
		} else {
			const text = yield* expandValue(value, shell);
			const key = index === undefined ? undefined : yield* subscript(name, index, shell);
			const place = key === undefined ? name : `${name}[${key}]`;
			// The prompt may show what is assigned: it is still as it was.
			if (shell.options.has("xtrace")) yield* traceLine(shell, assigned(place, append, text));
			if (key !== undefined) shell.variables.setElement(name, key, text, append);
			else {
				shell.set(name, text, append);
				if (exported) shell.variables.mark(name, { exported: true });
			}
		}
	}
}

/** Assigns the elements of an array. */
export function* assignItems(
	shell: Shell,
	name: string,
	items: readonly Item[],
	append: boolean,
	keyed = false,
): Co<void> {
	// What the elements refer to is what the array was before.
	const found: { index?: string; append: boolean; value: string }[] = [];
	const isTable = keyed || shell.variables.find(shell.variables.target(name))?.table !== undefined;
	for (const item of items) {
		if (item.index !== undefined)
			found.push({
				index: yield* subscript(name, item.index, shell),
				append: item.append,
				value: yield* expandValue(item.value, shell),
			});
		else if (isTable) found.push({ append: false, value: yield* expandText(item.value, shell) });
		else {
			const words: string[] = [];
			yield* expandWord(item.value, shell, words);
			for (const value of words) found.push({ append: false, value });
		}
	}
	let next = shell.variables.array(name, append, keyed);
	if (isTable) return pairs(shell, name, found);
	for (const { index, append: more, value } of found) {
		if (index !== undefined) next = shell.variables.index(index, shell.variables.find(name));
		shell.variables.setElement(name, String(next++), value, more);
	}
}

/** Elements of an array by key: `[KEY]=VALUE`, or key and value in turn. */
function pairs(shell: Shell, name: string, found: readonly { index?: string; append: boolean; value: string }[]): void {
	for (let at = 0; at < found.length; at++) {
		const { index, append, value } = found[at] as (typeof found)[number];
		if (index !== undefined) shell.variables.setElement(name, index, value, append);
		else shell.variables.setElement(name, value, found[++at]?.value ?? "");
	}
}
