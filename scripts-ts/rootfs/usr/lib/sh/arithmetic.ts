/**
 * Arithmetic, as C has it, in 64 bits: `$(( ))`, `(( ))`, `let`, subscripts. An expression is made into functions once,
 * and kept.
 */

import { constant, type Node, Parser } from "/usr/lib/sh/arithmetic-parser.ts";
import { ArithmeticError, type Int, OPERATIONS, truth, wrap } from "/usr/lib/sh/integers.ts";

export { ArithmeticError, type Int } from "/usr/lib/sh/integers.ts";

/** Variables, as arithmetic sees them. */
export interface Numbers {
	/** The text of a variable or of an element of an array. */
	get(name: string, index?: string): string | undefined;
	set(name: string, value: string, index?: string): void;
	/** Whether an unset variable is an error. */
	isStrict(): boolean;
}

/** What an expression is evaluated with. */
interface Context {
	numbers: Numbers;
	/** How many variables' values have led here. */
	level: number;
}

type Code = (context: Context) => Int;
type VariableNode = Node & { type: "variable" };

/** Variables whose values name variables, one in the other. */
const MAX_INDIRECTION = 100;
/** Expressions that are kept. */
const MAX_COMPILED = 500;

/** The value of a variable whose text is no plain number. */
function indirect(name: string, index: string | undefined, text: string | undefined, { numbers, level }: Context): Int {
	if (text === undefined && index === undefined && numbers.isStrict())
		throw new ArithmeticError(`${name}: unbound variable`);
	if (text === undefined || text === "") return 0;
	const value = constant(text);
	if (value !== undefined) return value;
	if (level >= MAX_INDIRECTION)
		throw new ArithmeticError(`${text}: expression recursion level exceeded (error token is "${text}")`);
	return evaluate(text, numbers, level + 1);
}

function reading({ name, index }: VariableNode): Code {
	return (context) => {
		const text = context.numbers.get(name, index);
		const number = Number(text);
		// Only the usual form of a number is read at once.
		if (Number.isSafeInteger(number) && String(number) === text) return number;
		return indirect(name, index, text, context);
	};
}

function writing({ name, index }: VariableNode): (context: Context, value: Int) => Int {
	return ({ numbers }, value) => {
		numbers.set(name, String(value), index);
		return value;
	};
}

/** An operation that says where in its text it went wrong. */
function placed(text: string, operator: string, at: number): (left: Int, right: Int) => Int {
	const operation = OPERATIONS[operator] as (left: Int, right: Int) => Int;
	return (left, right) => {
		try {
			return operation(left, right);
		} catch (error) {
			if (!(error instanceof ArithmeticError)) throw error;
			throw new ArithmeticError(
				`${text.trimStart()}: ${error.message} (error token is "${text.slice(at).trimStart()}")`,
			);
		}
	};
}

/** An operation that never goes wrong needs no place. */
function operationOf(text: string, operator: string, at: number): (left: Int, right: Int) => Int {
	const fails = operator === "/" || operator === "%" || operator === "**";
	return fails ? placed(text, operator, at) : (OPERATIONS[operator] as (left: Int, right: Int) => Int);
}

function binary(text: string, { operator, left, right, at }: Node & { type: "binary" }): Code {
	const one = compile(text, left);
	const two = compile(text, right);
	if (operator === "&&") return (context) => (truth(one(context)) && truth(two(context)) ? 1 : 0);
	if (operator === "||") return (context) => (truth(one(context)) || truth(two(context)) ? 1 : 0);
	const operation = operationOf(text, operator, at);
	return (context) => operation(one(context), two(context));
}

function unary(text: string, operator: string, operand: Node): Code {
	const code = compile(text, operand);
	switch (operator) {
		case "!":
			return (context) => (truth(code(context)) ? 0 : 1);
		case "+":
			return code;
		case "-":
			return (context) => wrap(-BigInt(code(context)));
		default:
			return (context) => wrap(~BigInt(code(context)));
	}
}

function assigning(text: string, { operator, target, value, at }: Node & { type: "assign" }): Code {
	const code = compile(text, value);
	const write = writing(target);
	if (operator === "") return (context) => write(context, code(context));
	const read = reading(target);
	const operation = operationOf(text, operator, at);
	return (context) => {
		const by = code(context);
		return write(context, operation(read(context), by));
	};
}

function stepping({ by, before, target }: Node & { type: "step" }): Code {
	const read = reading(target);
	const write = writing(target);
	const add = OPERATIONS["+"] as (left: Int, right: Int) => Int;
	return (context) => {
		const old = read(context);
		const next = write(context, add(old, by));
		return before ? next : old;
	};
}

function choosing(text: string, { test, yes, no }: Node & { type: "condition" }): Code {
	const [condition, one, other] = [compile(text, test), compile(text, yes), compile(text, no)];
	return (context) => (truth(condition(context)) ? one(context) : other(context));
}

function compile(text: string, node: Node): Code {
	switch (node.type) {
		case "number":
			return () => node.value;
		case "variable":
			return reading(node);
		case "unary":
			return unary(text, node.operator, node.operand);
		case "binary":
			return binary(text, node);
		case "assign":
			return assigning(text, node);
		case "step":
			return stepping(node);
		case "condition":
			return choosing(text, node);
	}
}

const compiled = new Map<string, Code>();

function codeOf(text: string): Code {
	const code = compile(text, new Parser(text).parse());
	if (compiled.size >= MAX_COMPILED) compiled.clear();
	compiled.set(text, code);
	return code;
}

/**
 * The value of an expression; nothing is 0.
 *
 * @throws {ArithmeticError}
 */
export function evaluate(text: string, numbers: Numbers, level = 0): Int {
	const code = compiled.get(text) ?? codeOf(text);
	return code({ numbers, level });
}
