/** Evaluates `[[ … ]]`. */

import type { Test } from "/usr/lib/sh/ast.ts";
import type { Co } from "/usr/lib/sh/co.ts";
import { ExpansionError } from "/usr/lib/sh/errors.ts";
import { expandPattern, expandText } from "/usr/lib/sh/expand.ts";
import { compile, escapeRegExp, matches, type Piece, regexp } from "/usr/lib/sh/pattern.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";
import { compareFiles, unary } from "/usr/lib/sh/test.ts";
import { traceLine } from "/usr/lib/sh/trace.ts";

const CLASSES: Record<string, string> = {
	"[:alnum:]": "0-9A-Za-z",
	"[:alpha:]": "A-Za-z",
	"[:blank:]": " \\t",
	"[:cntrl:]": "\\x00-\\x1f\\x7f",
	"[:digit:]": "0-9",
	"[:graph:]": "\\x21-\\x7e",
	"[:lower:]": "a-z",
	"[:print:]": "\\x20-\\x7e",
	"[:punct:]": "!-\\/:-@\\[-`{-~",
	"[:space:]": "\\s",
	"[:upper:]": "A-Z",
	"[:xdigit:]": "0-9A-Fa-f",
};

/** A POSIX extended regular expression, as JavaScript writes it. */
function toRegExp(pieces: readonly Piece[], fold: boolean | undefined): RegExp {
	const source = pieces
		.map(({ text, quoted: literal }) => (literal ? escapeRegExp(text) : text))
		.join("")
		.replace(/\[\^?\]?(?:\[:[a-z]+:\]|[^\]])*\]/g, (set) => {
			const inner = set.replace(/\[:[a-z]+:\]/g, (name) => CLASSES[name] ?? "");
			// A bracket that comes first is one of the set, and so is any other opening one.
			const body = inner.slice(1, -1).replace(/^(\^?)\]/, "$1\\]");
			return `[${body.replace(/(^|[^\\])\[/g, "$1\\[")}]`;
		});
	try {
		return regexp(source, fold === true ? "si" : "s");
	} catch {
		throw new ExpansionError("invalid regular expression");
	}
}

/** An operand as `set -x` shows it. */
function shown(text: string): string {
	return text === "" ? "''" : text;
}

/** Whether an expression is true. */
export function* test(expression: Test, shell: Shell): Co<boolean> {
	switch (expression.type) {
		case "not":
			return !(yield* test(expression.test, shell));
		case "and":
			return (yield* test(expression.left, shell)) && (yield* test(expression.right, shell));
		case "or":
			return (yield* test(expression.left, shell)) || (yield* test(expression.right, shell));
		case "unary": {
			const text = yield* expandText(expression.word, shell);
			if (shell.options.has("xtrace")) yield* traceLine(shell, `[[ ${expression.operator} ${shown(text)} ]]`);
			return yield* unary(expression.operator, text, shell);
		}
		case "binary":
			return yield* binary(expression, shell);
	}
}

function* binary({ operator, left, right }: Test & { type: "binary" }, shell: Shell): Co<boolean> {
	const one = yield* expandText(left, shell);
	const pieces = yield* expandPattern(right, shell);
	const other = pieces.map((piece) => piece.text).join("");
	if (shell.options.has("xtrace")) yield* traceLine(shell, `[[ ${shown(one)} ${operator} ${shown(other)} ]]`);
	// Groups always mean something here.
	const matching = { ...shell.matching, groups: true };
	switch (operator) {
		case "=":
		case "==":
			return matches(compile(pieces, matching), one);
		case "!=":
			return !matches(compile(pieces, matching), one);
		case "=~":
			return search(toRegExp(pieces, matching.fold), one, shell);
		case "<":
			return one < other;
		case ">":
			return one > other;
		case "-nt":
		case "-ot":
		case "-ef":
			return yield* compareFiles(one, operator, other, shell);
		default:
			return yield* compareValues(one, operator, other, shell);
	}
}

/** Compares the values of arithmetic. What has none is not equal to anything, which is said. */
function* compareValues(one: string, operator: string, other: string, shell: Shell): Co<boolean> {
	try {
		return compareNumbers(shell.evaluate(one), operator, shell.evaluate(other));
	} catch (error) {
		if (!(error instanceof ExpansionError) || error.fatal) throw error;
		yield* shell.complain(`[[: ${error.message}`);
		return false;
	}
}

function search(form: RegExp, text: string, shell: Shell): boolean {
	const found = form.exec(text);
	const list = new Map((found ?? []).map((group, index) => [index, group ?? ""]));
	shell.variables.mark("BASH_REMATCH", { list });
	return found !== null;
}

function compareNumbers(left: number | bigint, operator: string, right: number | bigint): boolean {
	switch (operator) {
		case "-eq":
			return BigInt(left) === BigInt(right);
		case "-ne":
			return BigInt(left) !== BigInt(right);
		case "-lt":
			return left < right;
		case "-le":
			return left <= right;
		case "-gt":
			return left > right;
		default:
			return left >= right;
	}
}
