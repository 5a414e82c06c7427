/** Splits a script into words and operators, with quotes, parameters and substitutions taken apart. */

import { type List, type Part, type Position, ShellSyntaxError, type Word } from "/usr/lib/sh/ast.ts";

/** A token. An `io` token is the number before a redirection. */
export type Token = { offset: number; end: number } & (
	| { type: "word"; word: Word }
	| { type: "operator" | "io"; text: string }
	| { type: "newline" | "end" }
);

/** Longest first. */
const OPERATORS = [
	"&>>",
	"<<-",
	"&&",
	"||",
	";;",
	"<<",
	">>",
	"<&",
	">&",
	"<>",
	">|",
	"&>",
	";",
	"&",
	"|",
	"<",
	">",
	"(",
	")",
];
const META = new Set(" \t\n;&|<>()");
/** What a backslash quotes between double quotes. */
const QUOTED_ESCAPES = new Set('$`"\\');
const NAME = /[A-Za-z_][A-Za-z_0-9]*/y;
const SPECIAL = /[@*#?\-$!0-9]/y;
const EXPANSION = /(:?[-=+?]|%%?|##?)/y;

/** A here-document whose text comes after the line. */
interface Pending {
	delimiter: string;
	expand: boolean;
	stripTabs: boolean;
	target: Word;
}

/** The tokens of a script, one after another. */
export class Lexer {
	/** The script. */
	readonly text: string;
	/** Where the next token begins. */
	offset = 0;
	/** How deep groups and substitutions are nested here. */
	depth = 0;
	/** Parses `list` up to the `)` of a substitution, on this lexer. */
	readonly #substitution: (lexer: Lexer) => List;
	readonly #pending: Pending[] = [];

	constructor(text: string, substitution: (lexer: Lexer) => List) {
		this.text = text;
		this.#substitution = substitution;
	}

	/** Line and column of a place. */
	position(offset: number): Position {
		const before = this.text.slice(0, offset);
		return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
	}

	/** A syntax error at a place. */
	error(message: string, offset: number, incomplete = false): ShellSyntaxError {
		return new ShellSyntaxError(message, this.position(offset), incomplete);
	}

	/** Takes the text after the line as a here-document, once the line is at its end. */
	hereDocument(word: Word, stripTabs: boolean): Word {
		const target: Word = { parts: [], offset: word.offset };
		const delimiter = word.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
		this.#pending.push({ delimiter, expand: !word.parts.some((part) => part.quoted), stripTabs, target });
		return target;
	}

	/** The next token. */
	next(): Token {
		this.#skipBlanks();
		const offset = this.offset;
		const text = this.text;
		if (offset >= text.length) {
			const [open] = this.#pending;
			if (open !== undefined) throw this.error(`here-document without its end '${open.delimiter}'`, offset, true);
			return { type: "end", offset, end: offset };
		}
		if (text[offset] === "\n") {
			this.offset++;
			this.#readHereDocuments();
			return { type: "newline", offset, end: offset + 1 };
		}
		const operator = OPERATORS.find((each) => text.startsWith(each, offset));
		if (operator !== undefined) {
			this.offset += operator.length;
			return { type: "operator", text: operator, offset, end: this.offset };
		}
		const digits = /\d+(?=[<>])/y;
		digits.lastIndex = offset;
		const number = digits.exec(text)?.[0];
		if (number !== undefined) {
			this.offset += number.length;
			return { type: "io", text: number, offset, end: this.offset };
		}
		const word: Word = { parts: [], offset };
		this.#readParts(word.parts, (character) => META.has(character));
		return { type: "word", word, offset, end: this.offset };
	}

	#skipBlanks(): void {
		for (;;) {
			const character = this.text[this.offset];
			if (character === " " || character === "\t") this.offset++;
			else if (character === "\\" && this.text[this.offset + 1] === "\n") this.offset += 2;
			else if (character === "#") {
				const end = this.text.indexOf("\n", this.offset);
				this.offset = end < 0 ? this.text.length : end;
			} else return;
		}
	}

	/** Reads parts of a word up to a character that ends it, or the end of the text. */
	#readParts(parts: Part[], ends: (character: string) => boolean): void {
		while (this.offset < this.text.length) {
			const character = this.text[this.offset] as string;
			if (ends(character)) return;
			if (character === "'") this.#readSingle(parts);
			else if (character === '"') this.#readDouble(parts);
			else if (character === "$" || character === "`") this.#readExpansion(parts, false);
			else if (character === "\\") this.#readEscape(parts);
			else {
				this.offset++;
				addText(parts, character, false);
			}
		}
	}

	#readEscape(parts: Part[]): void {
		const next = this.text[this.offset + 1];
		if (next === undefined) throw this.error("nothing after the backslash", this.offset, true);
		this.offset += 2;
		if (next !== "\n") addText(parts, next, true);
	}

	#readSingle(parts: Part[]): void {
		const end = this.text.indexOf("'", this.offset + 1);
		if (end < 0) throw this.error("the quote ' is not closed", this.offset, true);
		addText(parts, this.text.slice(this.offset + 1, end), true);
		this.offset = end + 1;
	}

	#readDouble(parts: Part[]): void {
		const start = this.offset++;
		const before = parts.length;
		this.#readQuoted(parts, '"');
		// Nothing between the quotes is an empty text; but "$@" without arguments is nothing at all.
		if (parts.length === before) addText(parts, "", true);
		if (this.text[this.offset] !== '"') throw this.error('the quote " is not closed', start, true);
		this.offset++;
	}

	/** Reads what stands between double quotes, or all there is where `end` is empty. */
	#readQuoted(parts: Part[], end: string): void {
		while (this.offset < this.text.length && (end === "" || this.text[this.offset] !== end)) {
			const character = this.text[this.offset] as string;
			const next = this.text[this.offset + 1];
			if (character === "$" || character === "`") this.#readExpansion(parts, true);
			else if (character === '"' && end === "}") this.offset++;
			else if (character === "\\" && next === "\n") this.offset += 2;
			else if (character === "\\" && next !== undefined && QUOTED_ESCAPES.has(next) && (next !== '"' || end === '"')) {
				this.offset += 2;
				addText(parts, next, true);
			} else {
				this.offset++;
				addText(parts, character, true);
			}
		}
	}

	#readExpansion(parts: Part[], quoted: boolean): void {
		const start = this.offset;
		const next = this.text[start + 1] ?? "";
		if (this.text[start] === "`") this.#readBackquotes(parts, quoted);
		else if (next === "{") this.#readBraced(parts, quoted);
		else if (next === "(") {
			if (this.text[start + 2] === "(") throw this.error("arithmetic $((…)) is not known to this shell", start);
			this.offset = start + 2;
			parts.push({ type: "command", list: this.#substitution(this), quoted });
		} else {
			this.offset++;
			const name = this.#match(NAME) ?? this.#match(SPECIAL);
			if (name === undefined) addText(parts, "$", quoted);
			else parts.push({ type: "parameter", name, quoted });
		}
	}

	#readBackquotes(parts: Part[], quoted: boolean): void {
		const start = this.offset;
		let inner = "";
		for (this.offset++; this.text[this.offset] !== "`"; this.offset++) {
			const character = this.text[this.offset];
			if (character === undefined) throw this.error("the quote ` is not closed", start, true);
			const next = this.text[this.offset + 1];
			if (character === "\\" && next !== undefined && "\\`$".includes(next)) this.offset++;
			inner += this.text[this.offset];
		}
		this.offset++;
		const lexer = new Lexer(`${inner}\n)`, this.#substitution);
		lexer.depth = this.depth;
		const list = this.#substitution(lexer);
		parts.push({ type: "command", list, quoted });
	}

	#readBraced(parts: Part[], quoted: boolean): void {
		const start = this.offset;
		const bad = (): ShellSyntaxError => this.error("bad substitution", start, this.offset >= this.text.length);
		this.offset += 2;
		const length = this.text[this.offset] === "#" && this.text[this.offset + 1] !== "}";
		if (length) this.offset++;
		const name = this.#match(NAME) ?? this.#match(/\d+|[@*#?\-$!]/y);
		if (name === undefined) throw bad();
		const operator = length ? "length" : this.#match(EXPANSION);
		const word: Word = { parts: [], offset: this.offset };
		if (operator !== undefined && !length) {
			if (quoted && !/[%#]/.test(operator)) this.#readQuoted(word.parts, "}");
			else this.#readParts(word.parts, (character) => character === "}");
		}
		if (this.text[this.offset] !== "}") throw bad();
		this.offset++;
		parts.push({
			type: "parameter",
			name,
			quoted,
			...(operator === undefined ? {} : { operation: { operator, word } }),
		});
	}

	#match(pattern: RegExp): string | undefined {
		pattern.lastIndex = this.offset;
		const found = pattern.exec(this.text)?.[0];
		this.offset += found?.length ?? 0;
		return found;
	}

	#readHereDocuments(): void {
		for (const { delimiter, expand, stripTabs, target } of this.#pending.splice(0)) {
			let body = "";
			for (;;) {
				if (this.offset >= this.text.length)
					throw this.error(`here-document without its end '${delimiter}'`, target.offset, true);
				const end = this.text.indexOf("\n", this.offset);
				const raw = this.text.slice(this.offset, end < 0 ? this.text.length : end);
				const line = stripTabs ? raw.replace(/^\t+/, "") : raw;
				this.offset = end < 0 ? this.text.length : end + 1;
				if (line === delimiter) break;
				body += `${line}\n`;
			}
			if (expand) new Lexer(body, this.#substitution).#readQuoted(target.parts, "");
			else addText(target.parts, body, true);
		}
	}
}

function addText(parts: Part[], text: string, quoted: boolean): void {
	const last = parts.at(-1);
	if (last?.type === "text" && last.quoted === quoted) last.text += text;
	else parts.push({ type: "text", text, quoted });
}
