/** Reads words: quotes, parameters, substitutions and arithmetic taken apart. */

import type { Item, Operation, Parameter, Part, Word } from "/usr/lib/sh/ast.ts";
import { isMeta, Lexer, type Target } from "/usr/lib/sh/lexer.ts";
import { addText, command } from "/usr/lib/sh/parts.ts";
import { ansi } from "/usr/lib/sh/quote.ts";

/** What a backslash quotes between double quotes. */
const QUOTED_ESCAPES = new Set('$`"\\');
const NAME = /[A-Za-z_][A-Za-z_0-9]*/y;
const SPECIAL = /[@*#?\-$!0-9]/y;
const PARAMETER = /[A-Za-z_][A-Za-z_0-9]*|\d+|[@*#?\-$!]/y;
/** A run of characters that mean themselves. */
const PLAIN = /[A-Za-z0-9_./,:%=~^-]+/y;
const PLAIN_QUOTED = /[^"$`\\]+/y;
const ASSIGNED = /[A-Za-z_][A-Za-z_0-9]*(?:\[|\+?=)/y;

/** Reads words off a lexer's text, from its offset. */
export class WordReader {
	readonly #lexer: Lexer;

	constructor(lexer: Lexer) {
		this.#lexer = lexer;
	}

	get #here(): string {
		return this.#lexer.text.charAt(this.#lexer.offset);
	}

	/** A word up to a blank, an operator or the end. */
	word(): Word {
		const word: Word = { parts: [], offset: this.#lexer.offset };
		this.#readParts(word, isMeta);
		const [part, more] = word.parts;
		// A lone bracket is no pattern, but a command.
		const plain =
			part?.type === "text" && !part.quoted && (part.text === "[" || !/^~|[=:]~|[*?[\\]|[@!+]\(/.test(part.text));
		if (more === undefined && plain && !word.braces) word.literal = part.text;
		return word;
	}

	/** `NAME=…`, `NAME+=…`, `NAME[…]=…`; `undefined`, and nothing taken, where none stands here. */
	assignment(): Target | undefined {
		const lexer = this.#lexer;
		const start = lexer.offset;
		const found = this.#match(ASSIGNED);
		if (found === undefined) return undefined;
		const name = found.replace(/[^A-Za-z_0-9].*/, "");
		lexer.offset = start + name.length;
		let index: Word | undefined;
		if (this.#here === "[") {
			index = this.#subscript();
			if (index === undefined || !/^\+?=/.test(lexer.text.slice(lexer.offset, lexer.offset + 2))) {
				lexer.offset = start;
				return undefined;
			}
		}
		const append = this.#here === "+";
		lexer.offset += append ? 2 : 1;
		const target = { name, append, ...(index === undefined ? {} : { index }) };
		if (this.#here === "(" && index === undefined) {
			const value = this.#items();
			return { ...target, value, source: lexer.text.slice(start, lexer.offset) };
		}
		const value: Word = { parts: [], offset: lexer.offset };
		this.#readParts(value, isMeta);
		return { ...target, value };
	}

	/** `[…]` with quotes and expansions; `undefined` where it is not closed. */
	#subscript(): Word | undefined {
		const lexer = this.#lexer;
		const word: Word = { parts: [], offset: ++lexer.offset };
		let depth = 0;
		this.#readParts(word, (character) => {
			if (character === "[") depth++;
			return character === "\n" || (character === "]" && depth-- === 0);
		});
		if (this.#here !== "]") return undefined;
		lexer.offset++;
		return word;
	}

	/** The elements of `NAME=( … )`. */
	#items(): Item[] {
		const lexer = this.#lexer;
		const start = lexer.offset++;
		const items: Item[] = [];
		for (;;) {
			lexer.skipBlanks();
			const character = this.#here;
			if (character === "") throw lexer.unclosed(")", start);
			if (character === "\n") {
				lexer.offset++;
				continue;
			}
			if (character === ")") break;
			const before = lexer.offset;
			if (character === "[") {
				const index = this.#subscript();
				const append = this.#here === "+";
				if (index !== undefined && lexer.text.charAt(lexer.offset + (append ? 1 : 0)) === "=") {
					lexer.offset += append ? 2 : 1;
					const value: Word = { parts: [], offset: lexer.offset };
					this.#readParts(value, isMeta);
					items.push({ index, append, value });
					continue;
				}
				lexer.offset = before;
			}
			const value = this.word();
			if (lexer.offset === before)
				throw lexer.error(`syntax error near unexpected token \`${character}'`, lexer.offset);
			items.push({ append: false, value });
		}
		lexer.offset++;
		return items;
	}

	/** A word after `=~`. */
	regularExpression(): Word {
		const word: Word = { parts: [], offset: this.#lexer.offset };
		let depth = 0;
		this.#readParts(word, (character) => {
			if (character === "(") depth++;
			else if (character === ")" && depth-- === 0) return true;
			return depth <= 0 && (character === " " || character === "\t" || character === "\n");
		});
		return word;
	}

	/** All there is, as between double quotes: the text of a here-document. */
	quotedText(parts: Part[]): void {
		this.#readQuoted(parts, "");
	}

	/** Reads parts of a word up to a character that ends it, or the end of the text. */
	#readParts(word: Word, ends: (character: string) => boolean): void {
		const lexer = this.#lexer;
		const { parts } = word;
		for (;;) {
			const plain = ends === isMeta ? this.#match(PLAIN) : undefined;
			if (plain !== undefined) addText(parts, plain, false);
			const character = this.#here;
			if (character === "") return;
			const process = (character === "<" || character === ">") && lexer.text.charAt(lexer.offset + 1) === "(";
			if (process && ends === isMeta) this.#readProcess(parts, character);
			else if (ends === isMeta && this.#opensGroup()) this.#readGroup(word);
			else if (ends(character)) return;
			else if (character === "'") this.#readSingle(parts);
			else if (character === '"') this.#readDouble(parts);
			else if (character === "$" || character === "`") this.#readExpansion(parts, false);
			else if (character === "\\") this.#readEscape(parts);
			else {
				if (character === "{") word.braces = true;
				lexer.offset++;
				addText(parts, character, false);
			}
		}
	}

	/** Whether `@(` or one of its like comes, where they are patterns. */
	#opensGroup(): boolean {
		const { text, offset } = this.#lexer;
		if (text.charAt(offset + 1) !== "(" || !"?*+@!".includes(text.charAt(offset))) return false;
		return this.#lexer.conditional || this.#lexer.context.extglob();
	}

	/** Reads `@( … )`, whose inside may have blanks and bars. */
	#readGroup(word: Word): void {
		const lexer = this.#lexer;
		const start = lexer.offset;
		addText(word.parts, lexer.text.slice(start, start + 2), false);
		lexer.offset += 2;
		let depth = 0;
		this.#readParts(word, (character) => {
			if (character === "(") depth++;
			return character === ")" && depth-- === 0;
		});
		if (this.#here !== ")") throw lexer.unclosed(")", start);
		lexer.offset++;
		addText(word.parts, ")", false);
	}

	#readProcess(parts: Part[], direction: "<" | ">"): void {
		const lexer = this.#lexer;
		lexer.offset += 2;
		parts.push({ type: "process", list: lexer.context.substitution(lexer), direction, quoted: false });
	}

	#readEscape(parts: Part[]): void {
		const next = this.#lexer.text.charAt(this.#lexer.offset + 1);
		if (next === "") {
			if (this.#lexer.context.partial) throw this.#lexer.unclosed("\\", this.#lexer.offset);
			this.#lexer.offset++;
			addText(parts, "\\", true);
			return;
		}
		this.#lexer.offset += 2;
		if (next !== "\n") addText(parts, next, true);
	}

	#readSingle(parts: Part[]): void {
		const lexer = this.#lexer;
		const end = lexer.text.indexOf("'", lexer.offset + 1);
		if (end < 0) throw lexer.unclosed("'", lexer.offset);
		addText(parts, lexer.text.slice(lexer.offset + 1, end), true);
		lexer.offset = end + 1;
	}

	#readAnsi(parts: Part[]): void {
		const lexer = this.#lexer;
		const form = /\$'((?:[^'\\]|\\[\s\S])*)'/y;
		form.lastIndex = lexer.offset;
		const found = form.exec(lexer.text);
		if (found === null) throw lexer.unclosed("'", lexer.offset);
		addText(parts, ansi(found[1] as string), true);
		lexer.offset += found[0].length;
	}

	#readDouble(parts: Part[]): void {
		const lexer = this.#lexer;
		const start = lexer.offset++;
		const before = parts.length;
		this.#readQuoted(parts, '"');
		// Nothing between the quotes is an empty text; but "$@" without arguments is nothing at all.
		if (parts.length === before) addText(parts, "", true);
		if (this.#here !== '"') throw lexer.unclosed('"', start);
		lexer.offset++;
	}

	/** Reads what stands between double quotes, or all there is where `end` is empty. */
	#readQuoted(parts: Part[], end: string): void {
		const lexer = this.#lexer;
		for (;;) {
			const plain = end === "}" ? undefined : this.#match(PLAIN_QUOTED);
			if (plain !== undefined) addText(parts, plain, true);
			const character = this.#here;
			if (character === "" || (end !== "" && character === end)) return;
			const next = lexer.text.charAt(lexer.offset + 1);
			if (character === "$" || character === "`") this.#readExpansion(parts, true);
			else if (character === '"' && end === "}") this.#readDouble(parts);
			else if (character === "\\" && next === "\n") lexer.offset += 2;
			else if (character === "\\" && end === "}" && next === "}") {
				lexer.offset += 2;
				addText(parts, next, true);
			} else if (character === "\\" && next !== "" && QUOTED_ESCAPES.has(next) && (next !== '"' || end !== "")) {
				lexer.offset += 2;
				addText(parts, next, true);
			} else {
				lexer.offset++;
				addText(parts, character, true);
			}
		}
	}

	#readExpansion(parts: Part[], quoted: boolean): void {
		const lexer = this.#lexer;
		const next = this.#here === "`" ? "`" : lexer.text.charAt(lexer.offset + 1);
		if (next === "`") this.#readBackquotes(parts, quoted);
		else if (next === "{") this.#readBraced(parts, quoted);
		else if (next === "(") this.#readSubstitution(parts, quoted);
		else if (next === "[") this.#readOldArithmetic(parts, quoted);
		else if (next === "'" && !quoted) this.#readAnsi(parts);
		else if (next === '"' && !quoted) lexer.offset++;
		else {
			const start = lexer.offset++;
			const name = this.#match(NAME) ?? this.#match(SPECIAL);
			if (name === undefined) addText(parts, "$", quoted);
			else parts.push({ type: "parameter", name, quoted, source: lexer.text.slice(start, lexer.offset) });
		}
	}

	#readSubstitution(parts: Part[], quoted: boolean): void {
		const lexer = this.#lexer;
		const start = lexer.offset;
		if (lexer.text.charAt(start + 2) === "(") {
			lexer.offset = start + 3;
			const expression = this.arithmetic();
			if (expression !== undefined) {
				parts.push({ type: "arithmetic", expression, quoted });
				return;
			}
		}
		lexer.offset = start + 2;
		parts.push(command(lexer.context.substitution(lexer), quoted));
	}

	#readOldArithmetic(parts: Part[], quoted: boolean): void {
		const lexer = this.#lexer;
		lexer.offset++;
		const start = lexer.offset;
		const expression = this.#subscript();
		if (expression === undefined) throw lexer.unclosed("]", start);
		parts.push({ type: "arithmetic", expression, quoted });
	}

	/** Reads arithmetic up to its `))`; `undefined`, with the offset where it was, where it ends otherwise. */
	arithmetic(): Word | undefined {
		const lexer = this.#lexer;
		const start = lexer.offset;
		const [word] = this.#arithmeticWords("");
		if (word !== undefined && this.#here === ")" && lexer.text.charAt(lexer.offset + 1) === ")") {
			lexer.offset += 2;
			return word;
		}
		lexer.offset = start;
		return undefined;
	}

	arithmeticParts(): Word[] | undefined {
		const lexer = this.#lexer;
		const start = lexer.offset;
		const words = this.#arithmeticWords(";");
		if (this.#here === ")" && lexer.text.charAt(lexer.offset + 1) === ")") {
			lexer.offset += 2;
			return words;
		}
		lexer.offset = start;
		return undefined;
	}

	/** Words up to a `)` that nothing opens, cut at `separator`. */
	#arithmeticWords(separator: string): Word[] {
		const lexer = this.#lexer;
		const start = lexer.offset;
		const words: Word[] = [{ parts: [], offset: start }];
		for (let depth = 0; ; ) {
			const { parts } = words.at(-1) as Word;
			const character = this.#here;
			if (character === "") throw lexer.unclosed(")", start);
			if (character === ")" && depth-- === 0) return words;
			if (character === "(") depth++;
			if (character === separator && depth === 0) {
				lexer.offset++;
				words.push({ parts: [], offset: lexer.offset });
			} else if (character === "$" || character === "`") this.#readExpansion(parts, true);
			else if (character === '"') lexer.offset++;
			else if (character === "'") this.#readSingle(parts);
			else if (character === "\\" && lexer.text.charAt(lexer.offset + 1) === "\n") lexer.offset += 2;
			else {
				lexer.offset++;
				addText(parts, character, true);
			}
		}
	}

	#readBackquotes(parts: Part[], quoted: boolean): void {
		const lexer = this.#lexer;
		const { text } = lexer;
		const start = lexer.offset;
		let inner = "";
		for (lexer.offset++; this.#here !== "`"; lexer.offset++) {
			if (this.#here === "") throw lexer.unclosed("`", start);
			const next = text.charAt(lexer.offset + 1);
			if (this.#here === "\\" && next !== "" && ("\\`$".includes(next) || (quoted && next === '"'))) lexer.offset++;
			inner += this.#here;
		}
		lexer.offset++;
		const nested = new Lexer(`${inner}\n)`, lexer.context, lexer.line(start));
		nested.depth = lexer.depth;
		parts.push(command(lexer.context.substitution(nested), quoted));
	}

	#readBraced(parts: Part[], quoted: boolean): void {
		const lexer = this.#lexer;
		const start = lexer.offset;
		lexer.offset += 2;
		const part: Parameter = { type: "parameter", name: "", quoted, source: "" };
		const rest = lexer.text.slice(lexer.offset, lexer.offset + 3);
		const length = /^#([A-Za-z_0-9@]|[*#?$!-][}[])/.test(rest);
		if (length) lexer.offset++;
		const indirect = !length && rest.startsWith("!") && /^![A-Za-z_0-9@*#]/.test(rest);
		if (indirect) {
			lexer.offset++;
			part.indirect = true;
		}
		part.name = this.#match(PARAMETER) ?? "";
		if (part.name !== "" && this.#here === "[") this.#readIndex(part, start);
		if (length) part.operation = { kind: "length" };
		else {
			const operation = this.#readOperation(part, quoted);
			if (operation !== undefined) part.operation = operation;
		}
		if (this.#here !== "}" || part.name === "") {
			// What it is meant to be only shows up when it is expanded.
			this.#skipToBrace(start);
			part.operation = { kind: "bad" };
		}
		lexer.offset++;
		part.source = lexer.text.slice(start, lexer.offset);
		parts.push(part);
	}

	#skipToBrace(start: number): void {
		const rest: Word = { parts: [], offset: this.#lexer.offset };
		this.#readParts(rest, (character) => character === "}");
		if (this.#here !== "}") throw this.#lexer.unclosed("}", start);
	}

	#readIndex(part: Parameter, start: number): void {
		const lexer = this.#lexer;
		const all = /\[([@*])\]/y;
		const whole = this.#match(all);
		if (whole !== undefined) {
			part.index = whole.charAt(1) as "@" | "*";
			return;
		}
		const index = this.#subscript();
		if (index === undefined) throw lexer.unclosed("]", start);
		part.index = index;
	}

	/** What stands in `${…}` up to a character that ends it. */
	#operand(quoted: boolean, ends: string): Word {
		const word: Word = { parts: [], offset: this.#lexer.offset };
		if (quoted) this.#readQuoted(word.parts, "}");
		else this.#readParts(word, (character) => ends.includes(character));
		return word;
	}

	#readOperation(part: Parameter, quoted: boolean): Operation | undefined {
		const lexer = this.#lexer;
		if (part.indirect === true) {
			const prefix = this.#matchLast(/[@*]\}/y);
			if (prefix !== undefined && part.index === undefined) {
				delete part.indirect;
				part.index = prefix as "@" | "*";
				return { kind: "names" };
			}
			if (typeof part.index === "string" && this.#here === "}") {
				delete part.indirect;
				return { kind: "keys" };
			}
		}
		const substitute = this.#match(/:?[-=+?]/y);
		if (substitute !== undefined) {
			const operator = substitute.slice(-1) as "-" | "=" | "+" | "?";
			return { kind: "substitute", operator, orEmpty: substitute.length > 1, word: this.#operand(quoted, "}") };
		}
		const trim = this.#match(/%%?|##?/y) as "%" | "%%" | "#" | "##" | undefined;
		if (trim !== undefined) return { kind: "trim", operator: trim, word: this.#operand(false, "}") };
		const letters = this.#match(/\^\^?|,,?/y) as "^" | "^^" | "," | ",," | undefined;
		if (letters !== undefined) return { kind: "case", operator: letters, pattern: this.#operand(false, "}") };
		const transform = this.#matchLast(/@[A-Za-z]\}/y);
		if (transform !== undefined) return { kind: "transform", letter: transform.charAt(1) };
		if (this.#match(/\//y) !== undefined) {
			const which = (this.#matchLast(/[/#%][^}]/y) ?? "") as "" | "/" | "#" | "%";
			// A slash right at the beginning is part of the pattern.
			const slash = which === "/" ? this.#match(/\//y) : undefined;
			const pattern = this.#operand(false, "/}");
			if (slash !== undefined) pattern.parts.unshift({ type: "text", text: slash, quoted: true });
			const by = this.#match(/\//y) === undefined ? { parts: [], offset: lexer.offset } : this.#operand(false, "}");
			return { kind: "replace", which, pattern, by };
		}
		if (this.#matchLast(/:[^}]/y) === undefined) return undefined;
		const offset = this.#sliceBound();
		if (this.#match(/:/y) === undefined) return { kind: "slice", offset };
		return { kind: "slice", offset, length: this.#sliceBound() };
	}

	/** Arithmetic up to `:` or `}`; a conditional's colon belongs to it. */
	#sliceBound(): Word {
		const word: Word = { parts: [], offset: this.#lexer.offset };
		let conditionals = 0;
		let depth = 0;
		this.#readParts(word, (character) => {
			if (character === "?") conditionals++;
			if (character === "(") depth++;
			if (character === ")") depth--;
			if (character === ":" && conditionals > 0) {
				conditionals--;
				return false;
			}
			return depth <= 0 && (character === ":" || character === "}");
		});
		return word;
	}

	/** Matches a pattern whose last character stays. Look-ahead is not to be had on long texts. */
	#matchLast(pattern: RegExp): string | undefined {
		const found = this.#match(pattern);
		if (found === undefined) return undefined;
		this.#lexer.offset--;
		return found.slice(0, -1);
	}

	#match(pattern: RegExp): string | undefined {
		pattern.lastIndex = this.#lexer.offset;
		const found = pattern.exec(this.#lexer.text)?.[0];
		this.#lexer.offset += found?.length ?? 0;
		return found;
	}
}
