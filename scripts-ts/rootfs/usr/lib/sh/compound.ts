/** Runs compound commands. */

import type { ArithmeticFor, Case, Command, For, If, List, Test, While, Word } from "/usr/lib/sh/ast.ts";
import { type Co, wait } from "/usr/lib/sh/co.ts";
import { test } from "/usr/lib/sh/conditional.ts";
import { ExpansionError } from "/usr/lib/sh/errors.ts";
import { beforeCommand, failing, runList, runSubshell } from "/usr/lib/sh/exec.ts";
import { expandPattern, expandText, expandWords } from "/usr/lib/sh/expand.ts";
import { LineInput } from "/usr/lib/sh/input.ts";
import { compile, matches } from "/usr/lib/sh/pattern.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";
import { traceLine } from "/usr/lib/sh/trace.ts";
import { VariableError } from "/usr/lib/sh/variables.ts";

/** Runs a compound command whose redirections have been made. */
export function* runCompound(shell: Shell, command: Exclude<Command, { type: "simple" }>): Co<number> {
	switch (command.type) {
		case "braces":
			return yield* runList(shell, command.list);
		case "subshell":
			return yield* runSubshell(shell, command.list);
		case "if":
			return yield* runIf(shell, command);
		case "while":
			return yield* runWhile(shell, command);
		case "function":
			shell.functions.set(command.name, command);
			return 0;
		default:
	}
	shell.line = command.line;
	const { type } = command;
	if (shell.traps.has("DEBUG") && (type === "case" || type === "arithmetic" || type === "conditional"))
		yield* beforeCommand(shell, type);
	try {
		switch (command.type) {
			case "for":
				return yield* runFor(shell, command);
			case "select":
				return yield* runSelect(shell, command);
			case "case":
				return yield* runCase(shell, command);
			case "arithmetic-for":
				return yield* runArithmeticFor(shell, command);
			case "arithmetic":
				return (yield* arithmetic(shell, command.expression)) ? 0 : 1;
			case "conditional":
				return yield* runConditional(shell, command.test);
		}
	} catch (error) {
		return yield* failing(shell, error);
	}
}

/** Runs a list whose failure is no failure of the script. */
function* condition(shell: Shell, list: List): Co<boolean> {
	shell.guards++;
	try {
		return (yield* runList(shell, list)) === 0;
	} finally {
		shell.guards--;
	}
}

function* runIf(shell: Shell, { clauses, otherwise }: If): Co<number> {
	for (const clause of clauses) {
		const holds = yield* condition(shell, clause.condition);
		if (shell.unwinding !== undefined) return shell.status;
		if (holds) return yield* runList(shell, clause.body);
	}
	return otherwise === undefined ? 0 : yield* runList(shell, otherwise);
}

/** Runs a loop's body; answers whether the loop ends. */
function* round(shell: Shell, body: List): Co<boolean> {
	yield* runList(shell, body);
	return leaves(shell);
}

/** Whether a `break`, `continue` or `return` leaves this loop; one that has reached its loop is done. */
function leaves(shell: Shell): boolean {
	const { unwinding } = shell;
	if (unwinding === undefined) return false;
	if (unwinding.what === "return") return true;
	if (unwinding.levels > 1) {
		unwinding.levels--;
		return true;
	}
	shell.unwinding = undefined;
	return unwinding.what === "break";
}

function* runWhile(shell: Shell, loop: While): Co<number> {
	let status = 0;
	shell.loops++;
	try {
		for (;;) {
			const holds = yield* condition(shell, loop.condition);
			if (shell.unwinding !== undefined) {
				status = shell.status;
				if (leaves(shell)) break;
				continue;
			}
			if (holds === loop.until) break;
			const ends = yield* round(shell, loop.body);
			status = shell.status;
			if (ends) break;
		}
	} finally {
		shell.loops--;
	}
	return status;
}

function* runFor(shell: Shell, { name, words, body, line }: For): Co<number> {
	if (!/^[A-Za-z_]\w*$/.test(name)) throw new ExpansionError(`\`${name}': not a valid identifier`);
	const items = words === undefined ? [...shell.positional] : yield* expandWords(words, shell);
	let status = 0;
	shell.loops++;
	try {
		for (const item of items) {
			shell.line = line;
			if (shell.traps.has("DEBUG")) yield* beforeCommand(shell, `for ${name}`);
			if (shell.options.has("xtrace")) {
				const list = words?.map((word) => word.source ?? "").join(" ") ?? '"$@"';
				yield* traceLine(shell, `for ${name} in ${list}`);
			}
			try {
				// A name for names gets one name after another.
				if (shell.variables.find(name)?.reference === true) shell.variables.mark(name, { value: item });
				else shell.set(name, item);
			} catch (error) {
				if (!(error instanceof VariableError)) throw error;
				yield* shell.complain(error.message);
				return 1;
			}
			const ends = yield* round(shell, body);
			status = shell.status;
			if (ends) break;
		}
	} finally {
		shell.loops--;
	}
	return status;
}

/** The menu of `select`: in columns only as far as it needs them, one entry a line. */
function* runSelect(shell: Shell, { name, words, body }: For): Co<number> {
	const items = words === undefined ? [...shell.positional] : yield* expandWords(words, shell);
	if (items.length === 0) return 0;
	const width = String(items.length).length;
	const menu = items.map((item, index) => `${String(index + 1).padStart(width)}) ${item}\n`).join("");
	let status = 0;
	let show = true;
	shell.loops++;
	try {
		for (;;) {
			yield* shell.write(2, `${show ? menu : ""}${shell.get("PS3") ?? "#? "}`);
			const input = shell.fds.get(0);
			const line = input === undefined ? null : yield* wait(new LineInput(input).next());
			if (line === null) {
				yield* shell.print("\n");
				return 1;
			}
			const reply = line.replace(/\n$/, "");
			show = reply === "";
			if (show) continue;
			shell.set("REPLY", reply);
			shell.set(name, /^\d+$/.test(reply) ? (items[Number(reply) - 1] ?? "") : "");
			const ends = yield* round(shell, body);
			status = shell.status;
			if (ends) break;
		}
	} finally {
		shell.loops--;
	}
	return status;
}

/** Whether an expression is not 0; `undefined` where it has no value, which has been said then. */
function* arithmetic(shell: Shell, word: Word): Co<boolean | undefined> {
	const text = yield* expandText(word, shell);
	if (shell.options.has("xtrace")) yield* traceLine(shell, `(( ${text.trim()} ))`);
	try {
		return Number(shell.evaluate(text)) !== 0;
	} catch (error) {
		if (error instanceof VariableError) yield* shell.complain(error.message);
		else if (error instanceof ExpansionError && !error.fatal) yield* shell.complain(`((: ${error.message}`);
		else throw error;
		return undefined;
	}
}

function* runArithmeticFor(shell: Shell, { parts, body, line }: ArithmeticFor): Co<number> {
	const [first, test, next] = parts;
	const endless = test.parts.every((part) => part.type === "text" && part.text.trim() === "");
	let status = 0;
	if ((yield* arithmetic(shell, first)) === undefined) return 1;
	shell.loops++;
	try {
		for (;;) {
			shell.line = line;
			const holds = endless || (yield* arithmetic(shell, test));
			if (holds === undefined) return 1;
			if (!holds) break;
			const ends = yield* round(shell, body);
			status = shell.status;
			if (ends) break;
			if ((yield* arithmetic(shell, next)) === undefined) return 1;
		}
	} finally {
		shell.loops--;
	}
	return status;
}

function* runCase(shell: Shell, { word, items }: Case): Co<number> {
	if (shell.options.has("xtrace")) yield* traceLine(shell, `case ${word.source} in`);
	const text = yield* expandText(word, shell);
	let status = 0;
	let through = false;
	for (const { patterns, body, end } of items) {
		let found = through;
		for (const pattern of found ? [] : patterns) {
			found =
				pattern.literal === undefined || shell.shopts.has("nocasematch")
					? matches(compile(yield* expandPattern(pattern, shell), shell.matching), text)
					: pattern.literal === text;
			if (found) break;
		}
		if (!found) continue;
		if (body.length > 0) status = yield* runList(shell, body);
		if (end === ";;" || shell.unwinding !== undefined) break;
		through = end === ";&";
	}
	return status;
}

function* runConditional(shell: Shell, expression: Test): Co<number> {
	return (yield* test(expression, shell)) ? 0 : 1;
}
