/** Splits a script into tokens: words, operators, newlines; here-documents; aliases. */

import { type Item, type List, type Position, ShellSyntaxError, type Word } from "/usr/lib/sh/ast.ts";
import { WordReader } from "/usr/lib/sh/words.ts";

/** What a word that looks like an assignment assigns to. */
export interface Target {
	name: string;
	index?: Word;
	append: boolean;
	value: Word | Item[];
	source?: string;
}

/** A token. An `io` token is the number before a redirection, or `{NAME}`. */
export type Token = { offset: number; end: number } & (
	| { type: "word"; word: Word; raw: string; assignment?: Target }
	| { type: "operator" | "io"; text: string }
	| { type: "newline" | "end" }
);

/** Longest first. */
const OPERATORS = ["&>>", "<<-", "<<<", ";;&", "&&", "||", "|&", ";;", ";&", "<<", ">>", "<&", ">&", "<>", ">|", "&>"];
const SINGLE = ";&|<>()";
const OPERATOR_START = /[;&|<>()]/;
/** Most of a line that a message shows. */
const MAX_EXCERPT = 2000;
const BLANKS = /[ \t]*/y;
const DIGITS = /\d+[<>]/y;
const NAMED = /\{[A-Za-z_][A-Za-z_0-9]*\}[<>]/y;

/** A here-document whose text comes after the line. */
interface Pending {
	delimiter: string;
	expand: boolean;
	stripTabs: boolean;
	target: Word;
	line: number;
}

/** An alias that has been put into the text, and how much of the text comes after it. */
interface Spliced {
	name: string;
	after: number;
}

/** What a lexer shares with those for texts inside its text. */
export interface Context {
	/** Parses `list` up to the `)` of a substitution, on the lexer given. */
	substitution: (lexer: Lexer) => List;
	/** Says something that is no error. */
	warn: (message: string, line: number) => void;
	/** More text may come after the end of this one. */
	partial: boolean;
	/** Whether `@(A|B)` and its like are patterns everywhere; in `[[ ]]` they always are. */
	extglob: () => boolean;
	/** The value of an alias. */
	alias: (name: string) => string | undefined;
}

/** The tokens of a script, one after another. */
export class Lexer {
	/** The script. */
	text: string;
	/** Where the next token begins. */
	offset = 0;
	/** How deep groups and substitutions are nested here. */
	depth = 0;
	/** Whether this is within `[[ ]]`. */
	conditional = false;
	/** Whether a word may be an assignment here. */
	assignments = false;
	readonly context: Context;
	/** Added to line numbers. */
	readonly baseLine: number;
	readonly #words: WordReader;
	readonly #pending: Pending[] = [];
	#spliced: Spliced[] = [];
	#countedTo = 0;
	#countedLines = 0;
	/** Lines that aliases have put in, which are none of the script's. */
	#aliasLines = 0;

	constructor(text: string, context: Context, baseLine = 1) {
		this.text = text;
		this.context = context;
		this.baseLine = baseLine;
		this.#words = new WordReader(this);
	}

	/** The line of a place; quick where places come in their order. */
	line(offset: number): number {
		if (offset < this.#countedTo) {
			this.#countedTo = 0;
			this.#countedLines = 0;
		}
		for (;;) {
			const newline = this.text.indexOf("\n", this.#countedTo);
			if (newline < 0 || newline >= offset) break;
			this.#countedLines++;
			this.#countedTo = newline + 1;
		}
		return this.baseLine + this.#countedLines - this.#aliasLines;
	}

	/** Line and column of a place. */
	position(offset: number): Position {
		return { line: this.line(offset), column: offset - this.text.lastIndexOf("\n", offset - 1) };
	}

	/** A syntax error at a place, with the line it is in. */
	error(message: string, offset: number): ShellSyntaxError {
		const start = this.text.lastIndexOf("\n", offset - 1) + 1;
		const end = this.text.indexOf("\n", start);
		const excerpt = this.text.slice(start, Math.min(end < 0 ? this.text.length : end, start + MAX_EXCERPT));
		return new ShellSyntaxError(message, this.position(offset), false, excerpt);
	}

	/** What was opened at `offset` is not closed before the end. */
	unclosed(closing: string, offset: number): ShellSyntaxError {
		const message = `unexpected EOF while looking for matching \`${closing}'`;
		return new ShellSyntaxError(message, this.position(offset), true);
	}

	/** Takes the text after the line as a here-document, once the line is at its end. */
	hereDocument(word: Word, stripTabs: boolean): Word {
		const target: Word = { parts: [], offset: word.offset };
		const { source = "" } = word;
		const delimiter = unquoted(source);
		const expand = !/['"\\]/.test(source);
		this.#pending.push({ delimiter, expand, stripTabs, target, line: this.line(word.offset) });
		return target;
	}

	/** Puts an alias's value in a word's place; answers whether it did. */
	splice(token: Token & { type: "word" }): boolean {
		const after = this.text.length - token.end;
		this.#spliced = this.#spliced.filter((each) => each.after < this.text.length - token.offset);
		if (this.#spliced.some((each) => each.name === token.raw)) return false;
		const value = this.context.alias(token.raw);
		if (value === undefined) return false;
		this.#aliasLines += value.split("\n").length - 1;
		this.text = this.text.slice(0, token.offset) + value + this.text.slice(token.end);
		this.offset = token.offset;
		this.#spliced.push({ name: token.raw, after });
		return true;
	}

	/** Whether a place comes right after an alias whose value ends with a blank: there another may stand. */
	followsAlias(offset: number): boolean {
		for (const { after } of this.#spliced) {
			const end = this.text.length - after;
			if (end <= offset && /[ \t]/.test(this.text.charAt(end - 1)) && this.text.slice(end, offset).trim() === "")
				return true;
		}
		return false;
	}

	/** The next token. */
	next(): Token {
		this.skipBlanks();
		const offset = this.offset;
		const text = this.text;
		const character = text.charAt(offset);
		if (character === "") {
			this.#readHereDocuments();
			return { type: "end", offset, end: offset };
		}
		if (character === "\n") {
			this.offset++;
			this.#readHereDocuments();
			return { type: "newline", offset, end: offset + 1 };
		}
		if (OPERATOR_START.test(character) && !this.#isProcess(offset)) {
			const operator = OPERATORS.find((each) => text.startsWith(each, offset)) ?? character;
			this.offset += operator.length;
			return { type: "operator", text: operator, offset, end: this.offset };
		}
		if (character >= "0" && character <= "9") {
			DIGITS.lastIndex = offset;
			// Look-ahead is not to be had on long texts.
			const number = DIGITS.exec(text)?.[0].slice(0, -1);
			if (number !== undefined && !this.#isProcess(offset + number.length)) {
				this.offset += number.length;
				return { type: "io", text: number, offset, end: this.offset };
			}
		}
		if (character === "{") {
			NAMED.lastIndex = offset;
			const named = NAMED.exec(text)?.[0].slice(0, -1);
			if (named !== undefined && !this.#isProcess(offset + named.length)) {
				this.offset += named.length;
				return { type: "io", text: named, offset, end: this.offset };
			}
		}
		const assignment = this.assignments ? this.#words.assignment() : undefined;
		const word: Word = assignment === undefined ? this.#words.word() : { parts: [], offset };
		const token: Token = { type: "word", word, raw: text.slice(offset, this.offset), offset, end: this.offset };
		if (assignment !== undefined) token.assignment = assignment;
		return token;
	}

	/** All of the text, read as what stands between double quotes. */
	quotedText(): Word["parts"] {
		const parts: Word["parts"] = [];
		this.#words.quotedText(parts);
		return parts;
	}

	/** The next word of a regular expression after `=~`: parentheses and bars belong to it. */
	regularExpression(): Word {
		this.skipBlanks();
		return this.#words.regularExpression();
	}

	/** Reads `(( … ))` after its opening; `undefined`, and nothing taken, where that is no arithmetic. */
	arithmetic(): Word | undefined {
		return this.#words.arithmetic();
	}

	/** Splits `(( a; b; c ))` after its opening at its semicolons. */
	arithmeticParts(): Word[] | undefined {
		return this.#words.arithmeticParts();
	}

	/** `<(` and `>(`. */
	#isProcess(offset: number): boolean {
		const character = this.text.charAt(offset);
		return (character === "<" || character === ">") && this.text.charAt(offset + 1) === "(";
	}

	skipBlanks(): void {
		for (;;) {
			BLANKS.lastIndex = this.offset;
			this.offset += BLANKS.exec(this.text)?.[0].length ?? 0;
			const character = this.text.charAt(this.offset);
			if (character === "\\" && this.text.charAt(this.offset + 1) === "\n") this.offset += 2;
			else if (character === "#") {
				const end = this.text.indexOf("\n", this.offset);
				this.offset = end < 0 ? this.text.length : end;
			} else return;
		}
	}

	#readHereDocuments(): void {
		for (const { delimiter, expand, stripTabs, target, line: opened } of this.#pending.splice(0)) {
			let body = "";
			for (;;) {
				if (this.offset >= this.text.length) {
					if (this.context.partial) throw this.unclosed(delimiter, target.offset);
					const last = this.line(this.text.length) - (this.text.endsWith("\n") ? 1 : 0);
					const words = `here-document at line ${opened} delimited by end-of-file (wanted \`${delimiter}')`;
					this.context.warn(words, last);
					break;
				}
				const end = this.text.indexOf("\n", this.offset);
				const raw = this.text.slice(this.offset, end < 0 ? this.text.length : end);
				const line = stripTabs ? raw.replace(/^\t+/, "") : raw;
				this.offset = end < 0 ? this.text.length : end + 1;
				if (line === delimiter) break;
				// A joined line is no delimiter.
				if (expand && end >= 0 && /(^|[^\\])(\\\\)*\\$/.test(line)) {
					const next = this.text.indexOf("\n", this.offset);
					body += `${line}\n${this.text.slice(this.offset, next < 0 ? this.text.length : next + 1)}`;
					this.offset = next < 0 ? this.text.length : next + 1;
				} else body += `${line}\n`;
			}
			if (expand) target.parts.push(...new Lexer(body, this.context, opened + 1).quotedText());
			else target.parts.push({ type: "text", text: body, quoted: true });
		}
	}
}

/** A word without its quotes; nothing in it is expanded. */
function unquoted(source: string): string {
	const form = /\$?'([^']*)'|\$?"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])/g;
	return source.replace(form, (_all, single?: string, double?: string, escaped?: string) => {
		return single ?? double?.replace(/\\([$`"\\])/g, "$1") ?? (escaped === "\n" ? "" : (escaped ?? ""));
	});
}

/** Characters that end a word. */
export function isMeta(character: string): boolean {
	return character === " " || character === "\t" || character === "\n" || SINGLE.includes(character);
}
