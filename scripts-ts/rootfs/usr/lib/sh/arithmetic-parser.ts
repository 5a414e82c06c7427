/** Parses arithmetic expressions. */

import { ArithmeticError, type Int, wrap } from "/usr/lib/sh/integers.ts";

export type Node =
	| { type: "number"; value: Int }
	| { type: "variable"; name: string; index?: string }
	| { type: "unary"; operator: string; operand: Node }
	| { type: "binary"; operator: string; left: Node; right: Node; at: number }
	| { type: "assign"; operator: string; target: Node & { type: "variable" }; value: Node; at: number }
	| { type: "step"; by: 1 | -1; before: boolean; target: Node & { type: "variable" } }
	| { type: "condition"; test: Node; yes: Node; no: Node };

const TOKEN =
	/\s*(?:([A-Za-z_][A-Za-z_0-9]*)|(\d[0-9A-Za-z#@_]*)|(<<=|>>=|\*\*|\+\+|--|&&|\|\||<<|>>|[-+*/%&|^<>=!]=|[-+*/%&|^<>=!~?:,()[\]]))/y;
const ASSIGNING = new Set(["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="]);
/** Loosest first. */
const LEVELS = [
	["||"],
	["&&"],
	["|"],
	["^"],
	["&"],
	["==", "!="],
	["<", ">", "<=", ">="],
	["<<", ">>"],
	["+", "-"],
	["*", "/", "%"],
];
const MAX_DEPTH = 500;

/** The value of a constant: decimal, `0x…`, `0…`, `BASE#…`. */
export function constant(text: string): Int | undefined {
	const based = /^(\d+)#([0-9A-Za-z@_]+)$/.exec(text);
	const hex = /^0[xX]([0-9a-fA-F]*)$/.exec(text);
	if (based === null && hex === null && /^(0|[1-9]\d{0,14})$/.test(text)) return Number(text);
	const [base, digits] = based
		? [Number(based[1]), based[2] as string]
		: hex
			? [16, hex[1] as string]
			: [text.startsWith("0") ? 8 : 10, text];
	if (base < 2 || base > 64) return undefined;
	let value = 0n;
	for (const digit of digits) {
		let worth = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_".indexOf(digit);
		if (base <= 36 && worth >= 36 && worth < 62) worth -= 26;
		if (worth < 0 || worth >= base) return undefined;
		value = value * BigInt(base) + BigInt(worth);
	}
	return wrap(value);
}

/** A parser by precedence. */
export class Parser {
	readonly #text: string;
	#at = 0;
	#token = "";
	#kind: "name" | "number" | "operator" | "end" = "end";
	#start = 0;
	/** Where the token before this one begins. */
	#before = 0;
	#depth = 0;

	constructor(text: string) {
		this.#text = text;
		this.#next();
	}

	parse(): Node {
		if (this.#token === "") return { type: "number", value: 0 };
		const node = this.#comma();
		if (this.#token !== "") throw this.#error("syntax error in expression", this.#start);
		return node;
	}

	#error(message: string, from: number): ArithmeticError {
		const rest = this.#text.slice(from).trimStart();
		return new ArithmeticError(`${this.#text.trimStart()}: ${message} (error token is "${rest}")`);
	}

	/** Goes to the next token. Only right after a variable, or before one, `++` and `--` are more than two signs. */
	#next(afterVariable = false): void {
		TOKEN.lastIndex = this.#at;
		const found = TOKEN.exec(this.#text);
		this.#before = this.#start;
		if (found === null) {
			const rest = this.#text.slice(this.#at);
			this.#start = this.#at;
			const afterOperand = this.#kind === "number" || this.#kind === "name" || this.#token === ")";
			const what = afterOperand ? "invalid arithmetic operator" : "operand expected";
			if (rest.trim() !== "") throw this.#error(`syntax error: ${what}`, this.#at);
			this.#kind = "end";
			this.#token = "";
			return;
		}
		this.#at += found[0].length;
		this.#kind = found[1] !== undefined ? "name" : found[2] !== undefined ? "number" : "operator";
		this.#token = (found[1] ?? found[2] ?? found[3]) as string;
		this.#start = this.#at - this.#token.length;
		if (this.#token !== "++" && this.#token !== "--") return;
		if (afterVariable || /^\s*[A-Za-z_]/.test(this.#text.slice(this.#at))) return;
		this.#token = this.#token.charAt(0);
		this.#at--;
	}

	#is(operator: string): boolean {
		return this.#kind === "operator" && this.#token === operator;
	}

	#comma(): Node {
		let node = this.#assignment();
		while (this.#is(",")) {
			const at = this.#start;
			this.#next();
			node = { type: "binary", operator: ",", left: node, right: this.#assignment(), at };
		}
		return node;
	}

	#assignment(): Node {
		if (++this.#depth > MAX_DEPTH) throw this.#error("expression recursion level exceeded", this.#start);
		const node = this.#condition();
		if (this.#kind === "operator" && ASSIGNING.has(this.#token)) {
			if (node.type !== "variable") throw this.#error("attempted assignment to non-variable", this.#start);
			const operator = this.#token.slice(0, -1);
			this.#next();
			const value = this.#assignment();
			this.#depth--;
			return { type: "assign", operator, target: node, value, at: this.#before };
		}
		this.#depth--;
		return node;
	}

	#condition(): Node {
		const test = this.#binary(0);
		if (!this.#is("?")) return test;
		this.#next();
		const yes = this.#assignment();
		if (!this.#is(":"))
			throw this.#error("`:' expected for conditional expression", this.#kind === "end" ? this.#before : this.#start);
		this.#next();
		return { type: "condition", test, yes, no: this.#assignment() };
	}

	#binary(level: number): Node {
		const operators = LEVELS[level];
		if (operators === undefined) return this.#power();
		let left = this.#binary(level + 1);
		while (this.#kind === "operator" && operators.includes(this.#token)) {
			const operator = this.#token;
			this.#next();
			const at = this.#start;
			left = { type: "binary", operator, left, right: this.#binary(level + 1), at };
		}
		return left;
	}

	#power(): Node {
		const left = this.#unary();
		if (!this.#is("**")) return left;
		this.#next();
		const right = this.#power();
		return { type: "binary", operator: "**", left, right, at: this.#before };
	}

	#unary(): Node {
		if (++this.#depth > MAX_DEPTH) throw this.#error("expression recursion level exceeded", this.#start);
		const node = this.#prefix();
		this.#depth--;
		return node;
	}

	#prefix(): Node {
		const operator = this.#kind === "operator" ? this.#token : "";
		if (operator === "++" || operator === "--") {
			this.#next();
			const target = this.#primary();
			if (target.type !== "variable") throw this.#error("syntax error: operand expected", this.#start);
			return { type: "step", by: operator === "++" ? 1 : -1, before: true, target };
		}
		if (operator !== "" && "+-!~".includes(operator)) {
			this.#next();
			return { type: "unary", operator, operand: this.#unary() };
		}
		return this.#postfix();
	}

	#postfix(): Node {
		const node = this.#primary();
		if (node.type !== "variable" || !(this.#is("++") || this.#is("--"))) return node;
		const by = this.#is("++") ? 1 : -1;
		this.#next();
		return { type: "step", by, before: false, target: node };
	}

	#primary(): Node {
		const [kind, token, start] = [this.#kind, this.#token, this.#start];
		if (kind === "number") {
			this.#next();
			const value = constant(token);
			if (value !== undefined) return { type: "number", value };
			const base = /^(\d+)#/.exec(token);
			const bad = base !== null && (Number(base[1]) < 2 || Number(base[1]) > 64);
			throw new ArithmeticError(
				`${this.#text.trim()}: ${bad ? "invalid arithmetic base" : "value too great for base"} (error token is "${token}")`,
			);
		}
		if (kind === "name") {
			const index = this.#text.charAt(this.#at) === "[" ? this.#subscript() : undefined;
			this.#next(true);
			return { type: "variable", name: token, ...(index === undefined ? {} : { index }) };
		}
		if (this.#is("(")) {
			this.#next();
			const node = this.#comma();
			if (!this.#is(")")) throw this.#error("missing `)'", this.#start);
			this.#next();
			return node;
		}
		// The operator before it is what cannot stand alone.
		const before = kind === "end" ? /(\S)\s*$/.exec(this.#text.slice(0, start)) : null;
		throw this.#error("syntax error: operand expected", before === null ? start : before.index);
	}

	/** Takes `[…]` as it is: it is evaluated, or a key, when the array is known. */
	#subscript(): string {
		const from = this.#at + 1;
		let depth = 0;
		for (let at = from; at < this.#text.length; at++) {
			const character = this.#text.charAt(at);
			if (character === "[") depth++;
			else if (character === "]" && depth-- === 0) {
				this.#at = at + 1;
				return this.#text.slice(from, at);
			}
		}
		throw this.#error("bad array subscript", this.#start);
	}
}
