/** Parses scripts, a line at a time: what comes after a line is not looked at before the line has run. */

import type { AndOr, Command, List, Pipeline, Redirection, ShellSyntaxError, Simple, Word } from "/usr/lib/sh/ast.ts";
import { Lexer, type Token } from "/usr/lib/sh/lexer.ts";

const ASSIGNMENT = /^([A-Za-z_][A-Za-z_0-9]*)=/;
/** Deepest nesting of groups and substitutions. */
const MAX_DEPTH = 200;

/** The text of a word that is not quoted and expands nothing. */
function plain(token: Token): string | undefined {
	if (token.type !== "word" || token.word.parts.length !== 1) return undefined;
	const [part] = token.word.parts;
	return part?.type === "text" && !part.quoted ? part.text : undefined;
}

/** A parser over a whole script or a piece of one. */
export class Parser {
	readonly #lexer: Lexer;
	#ahead: Token | undefined;
	#end = 0;

	constructor(source: string | Lexer) {
		const substitution = (lexer: Lexer): List => new Parser(lexer).#until(")");
		this.#lexer = typeof source === "string" ? new Lexer(source, substitution) : source;
	}

	/** The commands of the next line that has any, or `null` at the end. */
	nextLine(): List | null {
		while (this.#peek().type === "newline") this.#take();
		if (this.#peek().type === "end") return null;
		const list: List = [];
		while (this.#peek().type !== "newline" && this.#peek().type !== "end") {
			list.push(this.#andOr());
			const token = this.#peek();
			if (!this.#separator(list) && token.type !== "newline" && token.type !== "end") throw this.#unexpected(token);
		}
		// The newline itself stays: what follows it may not be there yet.
		return list;
	}

	#peek(): Token {
		this.#ahead ??= this.#lexer.next();
		return this.#ahead;
	}

	#take(): Token {
		const token = this.#peek();
		this.#ahead = undefined;
		this.#end = token.end;
		return token;
	}

	#is(text: string): boolean {
		const token = this.#peek();
		return token.type === "operator" && token.text === text;
	}

	#unexpected(token: Token): ShellSyntaxError {
		if (token.type === "end") return this.#lexer.error("unexpected end", token.offset, true);
		const text = token.type === "newline" ? "newline" : `'${this.#lexer.text.slice(token.offset, token.end)}'`;
		return this.#lexer.error(`unexpected ${text}`, token.offset);
	}

	/** A list over several lines, up to and with the token that closes it. */
	#until(closing: ")" | "}"): List {
		if (++this.#lexer.depth > MAX_DEPTH) throw this.#lexer.error("nested too deeply", this.#lexer.offset);
		const list: List = [];
		for (;;) {
			while (this.#peek().type === "newline") this.#take();
			const token = this.#peek();
			if (closing === ")" ? this.#is(")") : plain(token) === "}") break;
			list.push(this.#andOr());
			if (!this.#separator(list) && this.#peek().type !== "newline" && !this.#is(")"))
				throw this.#unexpected(this.#peek());
		}
		this.#take();
		this.#lexer.depth--;
		return list;
	}

	/** Takes `;` or `&`; answers whether there was one. */
	#separator(list: List): boolean {
		const background = this.#is("&");
		if (!background && !this.#is(";")) return false;
		this.#take();
		const last = list.at(-1);
		if (background && last !== undefined) last.background = true;
		return true;
	}

	#andOr(): AndOr {
		const start = this.#peek().offset;
		const first = this.#pipeline();
		const rest: AndOr["rest"] = [];
		while (this.#is("&&") || this.#is("||")) {
			const operator = this.#is("&&") ? "&&" : "||";
			this.#take();
			this.#skipNewlines();
			rest.push({ operator, pipeline: this.#pipeline() });
		}
		return { first, rest, background: false, source: this.#lexer.text.slice(start, this.#end) };
	}

	#skipNewlines(): void {
		while (this.#peek().type === "newline") this.#take();
	}

	#pipeline(): Pipeline {
		let negated = false;
		while (plain(this.#peek()) === "!") {
			this.#take();
			negated = !negated;
		}
		const commands = [this.#command()];
		while (this.#is("|")) {
			this.#take();
			this.#skipNewlines();
			commands.push(this.#command());
		}
		return { commands, negated };
	}

	#command(): Command {
		if (this.#is("(")) return this.#group("subshell", ")");
		if (plain(this.#peek()) === "{") return this.#group("braces", "}");
		return this.#simple();
	}

	#group(type: "subshell" | "braces", closing: ")" | "}"): Command {
		const token = this.#take();
		const list = this.#until(closing);
		if (list.length === 0) throw this.#lexer.error("there is no command in the group", token.offset);
		const redirections: Redirection[] = [];
		for (let more = this.#redirections(); more.length > 0; more = this.#redirections()) redirections.push(...more);
		return { type, list, redirections };
	}

	#simple(): Simple {
		const simple: Simple = { type: "simple", assignments: [], words: [], redirections: [] };
		for (;;) {
			const redirections = this.#redirections();
			simple.redirections.push(...redirections);
			if (redirections.length > 0) continue;
			const token = this.#peek();
			if (token.type !== "word") {
				if (simple.words.length + simple.assignments.length + simple.redirections.length === 0)
					throw this.#unexpected(token);
				if (this.#is("(")) throw this.#unexpected(token);
				return simple;
			}
			this.#take();
			if (simple.words.length > 0 || !this.#assignment(token.word, simple)) simple.words.push(token.word);
		}
	}

	#assignment(word: Word, simple: Simple): boolean {
		const [first, ...rest] = word.parts;
		const match = first?.type === "text" && !first.quoted ? ASSIGNMENT.exec(first.text) : null;
		if (match === null || first?.type !== "text") return false;
		const value = first.text.slice(match[0].length);
		const parts = value === "" ? rest : [{ ...first, text: value }, ...rest];
		simple.assignments.push({ name: match[1] as string, value: { parts, offset: word.offset } });
		return true;
	}

	/** A redirection, if one comes: `&>` is two. */
	#redirections(): Redirection[] {
		let token = this.#peek();
		let number: number | undefined;
		if (token.type === "io") {
			number = Number(token.text);
			this.#take();
			token = this.#peek();
		}
		if (token.type !== "operator" || !/[<>]/.test(token.text)) {
			if (number !== undefined) throw this.#unexpected(token);
			return [];
		}
		this.#take();
		const next = this.#take();
		if (next.type !== "word") throw this.#unexpected(next);
		const target = next.word;
		const { text } = token;
		if (text.startsWith("&>")) {
			const output = { type: "text", text: "1", quoted: false } as const;
			const both: Redirection = { operator: ">&", fd: 2, target: { parts: [output], offset: target.offset } };
			return [{ operator: text === "&>>" ? ">>" : ">", fd: 1, target }, both];
		}
		const fd = number ?? (text.startsWith("<") ? 0 : 1);
		if (text.startsWith("<<"))
			return [{ operator: "<<", fd, target: this.#lexer.hereDocument(target, text === "<<-") }];
		return [{ operator: text === ">|" ? ">" : (text as Redirection["operator"]), fd, target }];
	}
}
