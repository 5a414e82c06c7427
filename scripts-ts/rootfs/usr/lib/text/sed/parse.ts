/** Reads scripts of `sed`. */

import { numericEscape, PatternError, toRegExp, translate } from "/usr/lib/text/regex.ts";
import type { Address, Command, Pattern, Piece, Substitution } from "/usr/lib/text/sed/program.ts";

/** A mistake in a script, with the place where it is. */
export class ScriptError extends Error {}

/** A jump to a label that is not there. */
export class LabelError extends ScriptError {}

/** A part of a script: an `-e` or a file. */
export interface Part {
	text: string;
	/** The file's name, where it is one. */
	file: string | undefined;
}

const CONTROLS: Record<string, string> = { a: "\x07", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };
const ONE_ADDRESS = "=aiqQrR";
const ONE_ADDRESS_STRICT = "=qQ";
const NO_ARGUMENT = "=dDgGhHnNpPxzF";

class Parser {
	readonly #parts: readonly Part[];
	readonly #text: string;
	/** Where each part begins in the text. */
	readonly #starts: number[] = [];
	readonly #extended: boolean;
	readonly #commands: Command[] = [];
	readonly #open: number[] = [];
	readonly #labels = new Map<string, number>();
	#at = 0;

	constructor(parts: readonly Part[], extended: boolean) {
		this.#parts = parts;
		this.#extended = extended;
		let text = "";
		for (const part of parts) {
			this.#starts.push(text.length);
			text += `${part.text}\n`;
		}
		this.#text = text;
	}

	#fail(message: string, at = this.#at): never {
		const index = this.#starts.findLastIndex((start) => start < Math.max(1, at));
		const part = this.#parts[index];
		const start = this.#starts[index] ?? 0;
		if (part?.file !== undefined) {
			const line = this.#text.slice(start, Math.max(start, at - 1)).split("\n").length;
			throw new ScriptError(`file ${part.file} line ${line}: ${message}`);
		}
		const expressions = this.#parts.slice(0, index + 1).filter(({ file }) => file === undefined).length;
		const char = Math.min(at - start, part?.text.length ?? 0);
		throw new ScriptError(`-e expression #${Math.max(1, expressions)}, char ${char}: ${message}`);
	}

	get #here(): string {
		return this.#text.charAt(this.#at);
	}

	#blanks(pattern = /[ \t]/): void {
		while (pattern.test(this.#here)) this.#at++;
	}

	#number(): number | undefined {
		const digits = /^\d+/.exec(this.#text.slice(this.#at, this.#at + 20))?.[0];
		if (digits === undefined) return undefined;
		this.#at += digits.length;
		return Number(digits);
	}

	parse(): Command[] {
		for (;;) {
			this.#blanks(/[ \t\n\v\f\r;]/);
			if (this.#at >= this.#text.length) break;
			this.#command();
		}
		if (this.#open.length > 0) this.#failAtEnd("unmatched `{'");
		for (const command of this.#commands) {
			if (!"btT".includes(command.name)) continue;
			const target = command.text === "" ? this.#commands.length : this.#labels.get(command.text);
			if (target === undefined) throw new LabelError(`can't find label for jump to \`${command.text}'`);
			command.target = target;
		}
		return this.#commands;
	}

	#failAtEnd(message: string): never {
		throw new ScriptError(`-e expression #1, char 0: ${message}`);
	}

	/** The text up to `delimiter`, whose escapes lose their backslash where `literal`; `undefined` where it is open. */
	#delimited(delimiter: string, regex: boolean): string | undefined {
		let out = "";
		let bracket = false;
		for (; this.#at < this.#text.length; this.#at++) {
			const character = this.#here;
			if (character === "\\" && !bracket) {
				const next = this.#text.charAt(++this.#at);
				if (next === delimiter)
					out +=
						regex && /[*.^$[\]+?(){}|\\]/.test(delimiter) && delimiter !== "/" ? delimitedSpecial(delimiter) : next;
				else out += `\\${next}`;
				continue;
			}
			if (character === "\n" && regex) return undefined;
			if (character === delimiter && !bracket) {
				this.#at++;
				return out;
			}
			if (regex && !bracket && character === "[") {
				bracket = this.#closesBracket();
				out += character;
				if (bracket) {
					// A bracket right behind the opening is a member.
					const lead = /^\^?\]?/.exec(this.#text.slice(this.#at + 1, this.#at + 3))?.[0] ?? "";
					out += lead;
					this.#at += lead.length;
				}
				continue;
			}
			if (bracket && character === "[" && /[:.=]/.test(this.#text.charAt(this.#at + 1))) {
				const end = this.#text.indexOf(`${this.#text.charAt(this.#at + 1)}]`, this.#at + 2);
				if (end >= 0) {
					out += this.#text.slice(this.#at, end + 2);
					this.#at = end + 1;
					continue;
				}
			}
			if (bracket && character === "]") bracket = false;
			out += character;
		}
		return undefined;
	}

	/** Whether a bracket expression that begins here is closed on this line. */
	#closesBracket(): boolean {
		const rest = this.#text.slice(this.#at + 1, this.#text.indexOf("\n", this.#at));
		return /^\^?\]?[^\]]*\]/.test(rest);
	}

	#pattern(source: string, flags: string): Pattern {
		if (source === "") return undefined;
		try {
			const { source: made, special, groups } = translate(source, { extended: this.#extended, escapes: true });
			return { expression: toRegExp(made, `g${flags}`), special, groups };
		} catch (error) {
			if (error instanceof PatternError) this.#fail(error.message);
			throw error;
		}
	}

	#address(second: boolean): Address | undefined {
		const number = this.#number();
		if (number !== undefined) {
			if (this.#here !== "~" || second) return { kind: "line", number };
			this.#at++;
			return { kind: "step", first: number, step: this.#number() ?? 0 };
		}
		const character = this.#here;
		if (character === "$") {
			this.#at++;
			return { kind: "last" };
		}
		if (second && (character === "+" || character === "~")) {
			this.#at++;
			const count = this.#number();
			if (count === undefined) this.#fail("expected number");
			return character === "+" ? { kind: "more", count: count as number } : { kind: "multiple", of: count as number };
		}
		if (character !== "/" && character !== "\\") return undefined;
		this.#at++;
		const delimiter = character === "/" ? "/" : this.#text.charAt(this.#at++);
		const source = this.#delimited(delimiter, true);
		if (source === undefined) this.#fail("unterminated address regex");
		let flags = "";
		for (; /[IM]/.test(this.#here); this.#at++) flags += this.#here === "I" ? "i" : "m";
		return { kind: "pattern", pattern: this.#pattern(source as string, flags) };
	}

	#command(): void {
		const from = this.#address(false);
		let to: Address | undefined;
		if (from === undefined && /[+~]/.test(this.#here))
			this.#fail("invalid usage of +N or ~N as first address", this.#at + 2);
		if (from !== undefined) {
			this.#blanks();
			if (this.#here === ",") {
				this.#at++;
				this.#blanks();
				to = this.#address(true);
				if (to === undefined) this.#fail("unexpected `,'", this.#at + 1);
			}
		}
		if (from?.kind === "line" && from.number === 0 && to?.kind !== "pattern")
			this.#fail("invalid usage of line address 0", this.#at + 1);
		this.#blanks();
		let negated = false;
		for (; this.#here === "!"; this.#blanks()) {
			if (negated) this.#fail("multiple `!'s", this.#at + 1);
			negated = true;
			this.#at++;
		}
		const name = this.#here;
		this.#at++;
		if (name === "\n" || name === "") this.#fail("missing command", this.#at - 1);
		const command: Command = {
			name,
			from,
			to,
			negated,
			active: from?.kind === "line" && from.number === 0,
			until: Number.POSITIVE_INFINITY,
			text: "",
			number: undefined,
			target: 0,
			substitution: undefined,
			table: undefined,
		};
		this.#arguments(command);
	}

	#arguments(command: Command): void {
		const { name } = command;
		if (command.to !== undefined && ONE_ADDRESS.includes(name) && ONE_ADDRESS_STRICT.includes(name) && name !== "=")
			this.#fail("command only uses one address");
		if (name === "#") {
			if (command.from !== undefined) this.#fail("comments don't accept any addresses");
			this.#at = this.#text.indexOf("\n", this.#at);
			return;
		}
		if (name === ":") {
			if (command.from !== undefined) this.#fail(": doesn't want any addresses");
			const label = this.#label(/[;\n]/);
			if (label === "") this.#fail('":" lacks a label');
			this.#labels.set(label, this.#commands.length);
			return;
		}
		if (name === "}") {
			const start = this.#open.pop();
			if (start === undefined) this.#fail("unexpected `}'");
			if (command.from !== undefined) this.#fail("} doesn't want any addresses");
			(this.#commands[start as number] as Command).target = this.#commands.length;
			this.#end();
			return;
		}
		if (name === "{") this.#open.push(this.#commands.length);
		else if (name === "s") command.substitution = this.#substitution();
		else if (name === "y") command.table = this.#table();
		else if ("aic".includes(name)) command.text = this.#appended();
		else if ("btT".includes(name)) command.text = this.#label(/[;}\n]/);
		else if ("rRwW".includes(name)) command.text = this.#fileName();
		else if ("qQlL".includes(name)) {
			this.#blanks();
			command.number = this.#number();
		} else if (!NO_ARGUMENT.includes(name)) this.#fail(`unknown command: \`${name}'`);
		this.#commands.push(command);
		if (!"{aicrRwW".includes(name) && !(name === "s" && command.substitution?.file !== undefined)) this.#end();
	}

	/** What ends a command. */
	#end(): void {
		this.#blanks();
		if (this.#here === "}" || this.#here === "#" || this.#at >= this.#text.length) return;
		this.#at++;
		if (!/[\n;\r]/.test(this.#text.charAt(this.#at - 1))) this.#fail("extra characters after command");
	}

	#label(end: RegExp): string {
		this.#blanks();
		const start = this.#at;
		while (this.#at < this.#text.length && !end.test(this.#here)) this.#at++;
		return this.#text.slice(start, this.#at).trim();
	}

	#fileName(): string {
		this.#blanks();
		const end = this.#text.indexOf("\n", this.#at);
		const name = this.#text.slice(this.#at, end);
		if (name === "") this.#fail("missing filename in r/R/w/W commands");
		this.#at = end + 1;
		return name;
	}

	/** The text of `a`, `i` or `c`, with its newline. */
	#appended(): string {
		this.#blanks();
		if (this.#here === "\\") {
			this.#at++;
			const spaces = /^[ \t]*\n?/.exec(this.#text.slice(this.#at))?.[0] ?? "";
			// Blanks before a text on the same line belong to it.
			if (spaces.endsWith("\n")) this.#at += spaces.length;
			// A backslash at the very end begins a text that never comes.
			if (this.#at >= this.#text.length) return "";
		} else if (this.#here === "\n") this.#fail("expected \\ after `a', `c' or `i'");
		let out = "";
		for (; this.#at < this.#text.length; this.#at++) {
			const character = this.#here;
			if (character === "\n") break;
			if (character !== "\\") out += character;
			else {
				const next = this.#text.charAt(++this.#at);
				const numeric = numericEscape(this.#text, this.#at);
				if (numeric !== undefined && next !== "c") {
					out += numeric[0];
					this.#at = numeric[1] - 1;
				} else if (Object.hasOwn(CONTROLS, next)) out += CONTROLS[next];
				else if (this.#at < this.#text.length - 1 || next !== "\n") out += next;
			}
		}
		this.#at++;
		return `${out}\n`;
	}

	#substitution(): Substitution {
		const delimiter = this.#text.charAt(this.#at++);
		if (delimiter === "\n" || delimiter === "\\") this.#fail("unterminated `s' command", this.#at - 1);
		const source = this.#delimited(delimiter, true);
		const replacement = source === undefined ? undefined : this.#replacement(delimiter);
		if (source === undefined || replacement === undefined) this.#fail("unterminated `s' command");
		const made: Substitution = {
			pattern: undefined,
			pieces: replacement as Piece[],
			text: undefined,
			global: false,
			nth: 1,
			print: false,
			file: undefined,
		};
		const flags = this.#flags(made);
		made.pattern = this.#pattern(source as string, flags);
		const [only] = made.pieces;
		if (made.pieces.length === 0) made.text = "";
		else if (made.pieces.length === 1 && typeof only === "string") made.text = only;
		const most = Math.max(
			0,
			...made.pieces.map((piece) => (typeof piece === "object" && "group" in piece ? piece.group : 0)),
		);
		if (made.pattern !== undefined && most > made.pattern.groups)
			this.#fail(`invalid reference \\${most} on \`s' command's RHS`);
		return made;
	}

	#flags(made: Substitution): string {
		let flags = "";
		for (let numbered = false; ; ) {
			const character = this.#here;
			const number = this.#number();
			if (number !== undefined) {
				if (number === 0) this.#fail("number option to `s' command may not be zero");
				if (numbered) this.#fail("multiple number options to `s' command");
				numbered = true;
				made.nth = number;
				continue;
			}
			if (/[;\n}#\r]/.test(character)) return flags;
			this.#at++;
			if (character === " " || character === "\t") continue;
			if (character === "g") {
				if (made.global) this.#fail("multiple `g' options to `s' command");
				made.global = true;
			} else if (character === "p") {
				if (made.print) this.#fail("multiple `p' options to `s' command");
				made.print = true;
			} else if (character === "i" || character === "I") flags += "i";
			else if (character === "m" || character === "M") flags += "m";
			else if (character === "w") {
				made.file = this.#fileName();
				return flags;
			} else this.#fail("unknown option to `s'");
		}
	}

	/** What `s` puts in, up to the delimiter. */
	#replacement(delimiter: string): Piece[] | undefined {
		const pieces: Piece[] = [];
		const add = (text: string): void => {
			if (typeof pieces.at(-1) === "string") pieces.push(`${pieces.pop()}${text}`);
			else pieces.push(text);
		};
		for (; this.#at < this.#text.length - 1 || this.#here === delimiter; this.#at++) {
			const character = this.#here;
			if (character === delimiter) {
				this.#at++;
				return pieces;
			}
			if (character === "&") pieces.push({ group: 0 });
			else if (character !== "\\") add(character);
			else {
				const next = this.#text.charAt(++this.#at);
				const numeric = numericEscape(this.#text, this.#at);
				if (next === delimiter) add(next);
				else if (/\d/.test(next)) pieces.push({ group: Number(next) });
				else if (/[ULulE]/.test(next)) pieces.push({ letters: next as "U" });
				else if (numeric !== undefined) {
					add(numeric[0]);
					this.#at = numeric[1] - 1;
				} else add(CONTROLS[next] ?? next);
			}
		}
		return undefined;
	}

	#table(): Map<string, string> {
		const delimiter = this.#text.charAt(this.#at++);
		const from = this.#delimited(delimiter, false);
		const to = from === undefined ? undefined : this.#delimited(delimiter, false);
		if (from === undefined || to === undefined) this.#fail("unterminated `y' command");
		const plain = (text: string): string[] => [
			...text.replace(/\\([\s\S])/g, (whole, next: string) => (next === "\\" ? "\\" : (CONTROLS[next] ?? whole))),
		];
		const [before, after] = [plain(from as string), plain(to as string)];
		if (before.length !== after.length) this.#fail("strings for `y' command are different lengths");
		const table = new Map<string, string>();
		for (const [index, character] of before.entries()) {
			if (!table.has(character)) table.set(character, after[index] as string);
		}
		return table;
	}
}

/** `s|a\|b|x|`: an escaped delimiter is the plain character, whatever it means in a pattern. */
function delimitedSpecial(delimiter: string): string {
	return `[${delimiter === "^" ? "\\^" : delimiter}]`;
}

/**
 * The commands of a script.
 *
 * @throws {ScriptError} where it is none.
 */
export function parseScript(parts: readonly Part[], extended: boolean): Command[] {
	return new Parser(parts, extended).parse();
}
