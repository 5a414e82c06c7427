/** Parses scripts, a line at a time: what comes after a line is not looked at before the line has run. */

import {
	type AndOr,
	type Assignment,
	type Command,
	isAssignment,
	type List,
	type Pipeline,
	type Redirection,
	ShellSyntaxError,
	type Simple,
	type Word,
} from "/usr/lib/sh/ast.ts";
import { parseCompound } from "/usr/lib/sh/compound-parser.ts";
import { type Context, Lexer, type Token } from "/usr/lib/sh/lexer.ts";

/** Deepest nesting of groups and substitutions. */
const MAX_DEPTH = 200;
/** Builtins whose arguments are assignments where they look so. */
const DECLARATIONS = new Set(["alias", "declare", "export", "local", "readonly", "typeset"]);
/** Words that mean something else than a command where one begins. */
export const RESERVED = new Set(
	"! [[ ]] { } case do done elif else esac fi for function if in select then time until while".split(" "),
);
/** Reserved words that end a list: no command begins with them. */
const CLOSING = new Set(["}", "do", "done", "elif", "else", "esac", "fi", "then", "in", "]]"]);
const NAME = /^[A-Za-z_][A-Za-z_0-9]*$/;

/** What a parser needs to know of the shell. */
export type Outside = Partial<Omit<Context, "substitution">>;

/** A parser over a whole script or a piece of one. */
export class Parser {
	readonly lexer: Lexer;
	#ahead: Token | undefined;
	#end = 0;
	/** Where the text begins that `taken` has not told yet. */
	#shown = 0;

	constructor(source: string | Lexer, outside: Outside = {}, baseLine = 1) {
		this.lexer = typeof source === "string" ? new Lexer(source, context(outside), baseLine) : source;
	}

	/** The commands of the next line that has any, or `null` at the end. */
	nextLine(): List | null {
		this.lexer.assignments = true;
		this.skipNewlines();
		if (this.peek().type === "end") return null;
		const list: List = [];
		for (let token = this.peek(); token.type !== "newline" && token.type !== "end"; token = this.peek()) {
			list.push(this.#andOr());
			token = this.peek();
			if (!this.#separator(list) && token.type !== "newline" && token.type !== "end") throw this.unexpected(token);
		}
		// The newline itself stays: what follows it may not be there yet.
		return list;
	}

	/** Whether no command follows. A mistake in what follows is found when its turn comes. */
	atEnd(): boolean {
		return /^\s*$/.test(this.lexer.text.slice(this.#ahead?.offset ?? this.lexer.offset));
	}

	/** The lines read since this was asked last, for `set -v`, with their comments and here-documents. */
	taken(): string {
		const { text, offset } = this.lexer;
		const from = this.#shown;
		this.#shown = offset;
		return text.slice(from, offset).replace(/\n$/, "");
	}

	peek(): Token {
		this.#ahead ??= this.lexer.next();
		return this.#ahead;
	}

	take(): Token {
		const token = this.peek();
		this.#ahead = undefined;
		this.#end = token.end;
		return token;
	}

	/** Whether an operator comes. */
	is(text: string): boolean {
		const token = this.peek();
		return token.type === "operator" && token.text === text;
	}

	/** Whether a reserved word comes. */
	isWord(text: string): boolean {
		const token = this.peek();
		return token.type === "word" && token.raw === text;
	}

	/** Takes a reserved word that has to come. */
	expect(text: string): void {
		if (!this.isWord(text)) throw this.unexpected();
		this.take();
	}

	skipNewlines(): void {
		while (this.peek().type === "newline") this.take();
	}

	/** The text from a place up to what was taken last. */
	sourceFrom(offset: number): string {
		return this.lexer.text.slice(offset, this.#end);
	}

	unexpected(token: Token = this.peek()): ShellSyntaxError {
		const { lexer } = this;
		if (token.type === "end") {
			const lines = lexer.line(lexer.text.length) + (lexer.text.endsWith("\n") ? 0 : 1);
			return new ShellSyntaxError("syntax error: unexpected end of file", { line: lines, column: 1 }, true);
		}
		const text = token.type === "newline" ? "newline" : lexer.text.slice(token.offset, token.end);
		return lexer.error(`syntax error near unexpected token \`${text}'`, token.offset);
	}

	/** Commands up to and with the `)` of a substitution. */
	substitution(): List {
		const { assignments } = this.lexer;
		try {
			this.enter();
			const list = this.list();
			if (this.peek().type === "end") {
				const { line } = this.unexpected().position;
				throw new ShellSyntaxError("unexpected EOF while looking for matching `)'", { line, column: 1 }, true);
			}
			if (!this.is(")")) throw this.unexpected();
			this.take();
			this.lexer.depth--;
			return list;
		} finally {
			this.lexer.assignments = assignments;
		}
	}

	enter(): void {
		if (++this.lexer.depth > MAX_DEPTH) throw this.lexer.error("nested too deeply", this.lexer.offset);
	}

	/** A list over several lines, up to a word or operator that closes something. */
	list(): List {
		const list: List = [];
		for (;;) {
			this.lexer.assignments = true;
			this.skipNewlines();
			// An alias may stand for what closes something.
			const token = this.#commandStart();
			if (token.type === "newline") continue;
			if (token.type === "end" || this.#closes(token)) return list;
			list.push(this.#andOr());
			if (!this.#separator(list) && this.peek().type !== "newline") return list;
		}
	}

	/** A list that must not be empty. */
	body(): List {
		const list = this.list();
		if (list.length === 0) throw this.unexpected();
		return list;
	}

	#closes(token: Token): boolean {
		if (token.type === "operator") return token.text === ")" || token.text.startsWith(";");
		return token.type === "word" && CLOSING.has(token.raw);
	}

	/** Takes `;` or `&`; answers whether there was one. */
	#separator(list: List): boolean {
		const background = this.is("&");
		if (!background && !this.is(";")) return false;
		this.lexer.assignments = true;
		this.take();
		const last = list.at(-1);
		if (background && last !== undefined) last.background = true;
		return true;
	}

	#andOr(): AndOr {
		this.lexer.assignments = true;
		const start = this.#commandStart().offset;
		const line = this.lexer.line(start);
		const first = this.#pipeline();
		const rest: AndOr["rest"] = [];
		while (this.is("&&") || this.is("||")) {
			const operator = this.is("&&") ? "&&" : "||";
			this.lexer.assignments = true;
			this.take();
			this.skipNewlines();
			rest.push({ operator, pipeline: this.#pipeline() });
		}
		const [only] = first.commands;
		const alone = rest.length === 0 && first.commands.length === 1 && !first.negated && first.timed === undefined;
		return {
			first,
			rest,
			background: false,
			source: this.sourceFrom(start),
			line,
			...(alone && only !== undefined ? { only } : {}),
		};
	}

	/** The token that a command begins with, aliases put in its place. */
	#commandStart(): Token {
		for (;;) {
			this.lexer.assignments = true;
			const token = this.peek();
			if (token.type !== "word" || token.assignment !== undefined || RESERVED.has(token.raw)) return token;
			if (!this.lexer.splice(token)) return token;
			this.#ahead = undefined;
		}
	}

	#pipeline(): Pipeline {
		let negated = false;
		let timed: Pipeline["timed"];
		const start = this.#commandStart().offset;
		for (;;) {
			if (this.isWord("!")) {
				this.take();
				negated = !negated;
			} else if (this.isWord("time") && timed === undefined) {
				this.take();
				timed = "default";
				if (this.isWord("-p")) {
					this.take();
					timed = "posix";
				}
			} else break;
			this.#commandStart();
		}
		const alone = this.peek();
		const nothing =
			(negated || timed !== undefined) && (alone.type === "newline" || alone.type === "end" || this.is(";"));
		const commands = nothing ? [] : [this.#command()];
		while (this.is("|") || this.is("|&")) {
			const both = this.is("|&");
			const from = commands.at(-1) as Command;
			if (both) from.redirections.push({ operator: ">&", fd: 2, target: word("1") });
			this.lexer.assignments = true;
			this.take();
			this.skipNewlines();
			commands.push(this.#command());
		}
		return { commands, negated, ...(timed === undefined ? {} : { timed }), source: this.sourceFrom(start) };
	}

	#command(): Command {
		const token = this.#commandStart();
		const compound = parseCompound(this, token);
		if (compound === undefined) return this.#simple();
		if (compound.type === "function") return compound;
		for (let more = this.redirection(); more !== undefined; more = this.redirection()) compound.redirections.push(more);
		this.#end = Math.max(this.#end, compound.redirections.at(-1) === undefined ? 0 : this.#end);
		return compound;
	}

	/** The command that is the body of a function. */
	functionBody(): Command {
		this.skipNewlines();
		const token = this.peek();
		const compound = parseCompound(this, token);
		if (compound === undefined || compound.type === "function") throw this.unexpected(token);
		for (let more = this.redirection(); more !== undefined; more = this.redirection()) compound.redirections.push(more);
		return compound;
	}

	#simple(): Command {
		const first = this.peek();
		const simple: Simple = {
			type: "simple",
			assignments: [],
			words: [],
			redirections: [],
			line: this.lexer.line(first.offset),
			source: "",
		};
		for (;;) {
			const redirection = this.redirection();
			if (redirection !== undefined) {
				simple.redirections.push(redirection);
				continue;
			}
			const token = this.peek();
			if (token.type !== "word") {
				if (simple.words.length + simple.assignments.length + simple.redirections.length === 0)
					throw this.unexpected(token);
				if (this.is("(")) return this.#function(simple, first);
				const literals = simple.words.map((word) => (isAssignment(word) ? undefined : word.literal));
				if (literals.every((text) => text !== undefined)) simple.literals = literals;
				simple.source = this.sourceFrom(first.offset);
				return simple;
			}
			if (simple.words.length > 0 && this.lexer.followsAlias(token.offset) && this.lexer.splice(token)) {
				this.#ahead = undefined;
				continue;
			}
			if (token.assignment !== undefined) {
				const list: (Word | Assignment)[] = simple.words.length === 0 ? simple.assignments : simple.words;
				list.push(token.assignment);
				this.take();
				continue;
			}
			if (simple.words.length === 0) {
				if (CLOSING.has(token.raw) && simple.assignments.length + simple.redirections.length === 0)
					throw this.unexpected(token);
				if (simple.assignments.length > 0 && this.lexer.splice(token)) {
					this.#ahead = undefined;
					continue;
				}
				this.lexer.assignments = DECLARATIONS.has(token.raw) || token.raw === "command" || token.raw === "builtin";
			}
			simple.words.push(token.word);
			this.take();
		}
	}

	/** `NAME ( ) COMMAND`. */
	#function(simple: Simple, first: Token): Command {
		const [name] = simple.words;
		const isName = first.type === "word" && name !== undefined && "literal" in name && name.literal !== undefined;
		if (!isName || simple.words.length > 1 || simple.assignments.length + simple.redirections.length > 0)
			throw this.unexpected();
		this.take();
		if (!this.is(")")) throw this.unexpected();
		this.lexer.assignments = true;
		this.take();
		return this.defineFunction(first.raw, first.offset, simple.line);
	}

	/** The rest of a function's definition. */
	defineFunction(name: string, offset: number, line: number): Command {
		const body = this.functionBody();
		return { type: "function", name, body, source: this.sourceFrom(offset), redirections: [], line };
	}

	/** A name, as `for` has it. */
	variableName(): { name: string; valid: boolean } {
		const token = this.take();
		if (token.type !== "word") throw this.unexpected(token.type === "end" ? { ...token, type: "newline" } : token);
		return { name: token.raw, valid: NAME.test(token.raw) };
	}

	/** A redirection, if one comes. */
	redirection(): Redirection | undefined {
		let token = this.peek();
		let number: number | undefined;
		let named: { variable?: string } = {};
		if (token.type === "io") {
			if (token.text.startsWith("{")) named = { variable: token.text.slice(1, -1) };
			number = Number.parseInt(token.text, 10) || 0;
			this.take();
			token = this.peek();
		}
		if (token.type !== "operator" || !/^&?[<>]/.test(token.text)) {
			if (number !== undefined) throw this.unexpected(token);
			return undefined;
		}
		const { text } = token;
		const assignments = this.lexer.assignments;
		this.lexer.assignments = false;
		this.take();
		const next = this.take();
		if (next.type !== "word") throw this.unexpected(next.type === "end" ? { ...next, type: "newline" } : next);
		this.lexer.assignments = assignments;
		const target: Word = { ...next.word, source: next.raw };
		const fd = number ?? (text.startsWith("<") ? 0 : 1);
		if (text === "<<" || text === "<<-")
			return { operator: "<<", fd, target: this.lexer.hereDocument(target, text === "<<-"), ...named };
		return { operator: text as Redirection["operator"], fd, target, ...named };
	}
}

function word(literal: string): Word {
	return { parts: [{ type: "text", text: literal, quoted: false }], offset: 0, literal };
}

function context(outside: Outside): Context {
	return {
		substitution: (lexer) => new Parser(lexer).substitution(),
		warn: () => undefined,
		partial: false,
		extglob: () => false,
		alias: () => undefined,
		...outside,
	};
}
