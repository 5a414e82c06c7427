/**
 * POSIX regular expressions, basic and extended (IEEE 1003.1, chapter 9) with the usual additions of GNU, as JavaScript's.
 *
 * JavaScript takes the first alternative that fits where POSIX takes the longest. Alternatives that are plain words are
 * put longest first, which is the same for them; of others the first that fits wins.
 *
 * The flag `u` is not used: with it V8 cannot go over to its linear engine, and a hostile pattern would never end. So `.`
 * may stop within a character above U+FFFF; who shows what was matched completes it with `completed`.
 */

/** A pattern that cannot be understood; the message is the one of the C library. */
export class PatternError extends Error {}

/** How a pattern is written. */
export interface Syntax {
	/** Extended rather than basic. */
	extended: boolean;
	/** `\n`, `\t`, `\xHH` and their like stand for characters, as in `sed`. */
	escapes?: boolean;
}

/** A translated pattern. */
export interface Translated {
	/** The same in JavaScript. */
	source: string;
	/** How many groups it has. */
	groups: number;
	/** Whether it says where lines begin or end, or looks around. */
	anchored: boolean;
	/** Whether it has back-references or looks around: it then fits short texts only. */
	special: boolean;
}

const MAX_REPEAT = 32_767;
/** Letters beyond ASCII, of the scripts most used. */
const LETTERS =
	"\\xaa\\xb5\\xba\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\u02af\\u0370-\\u0373\\u0376-\\u03ff\\u0400-\\u0481\\u048a-\\u0587\\u05d0-\\u05ea\\u0620-\\u064a\\u0900-\\u0e30\\u10a0-\\u10ff\\u1e00-\\u1fff\\u3041-\\u30fa\\u4e00-\\u9fff\\uac00-\\ud7a3";
const CLASSES: Record<string, string> = {
	alpha: `A-Za-z${LETTERS}`,
	digit: "0-9",
	alnum: `A-Za-z0-9${LETTERS}`,
	upper: "A-Z\\xc0-\\xd6\\xd8-\\xde\\u0391-\\u03a9\\u0400-\\u042f",
	lower: "a-z\\xdf-\\xf6\\xf8-\\xff\\u03ac-\\u03ce\\u0430-\\u045f",
	space: " \\t\\n\\v\\f\\r",
	blank: " \\t",
	punct: "!-\\/:-@\\[-`\\{-~",
	print: " -~\\xa0-\\udbff\\ue000-\\uffff",
	graph: "!-~\\xa1-\\udbff\\ue000-\\uffff",
	cntrl: "\\x00-\\x1f\\x7f",
	xdigit: "0-9A-Fa-f",
};
const CONTROLS: Record<string, string> = { a: "\x07", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** How much of a pattern is looked at behind `\<`. */
const WORD_EDGE_CONTEXT = 64;
/** A part of a pattern that begins with at least one character of a word. */
const WORD_BEGINS = /^(?:\w|\\w|\[(?:\w-\w|\w)+\])(?![*?{]|\\[?{])/;
/** A translated part that ends with one. */
const WORD_ENDS = /^(?:\w|\\w|\[(?:\w-\w|\w)+\])\+?$/;

/** A text that matches itself in an expression. */
export function escapeLiteral(text: string): string {
	return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function escapeInClass(character: string): string {
	return /[\\\]^[-]/.test(character) ? `\\${character}` : character;
}

/** What `\x41`, `\o101`, `\d065` or `\cA` stands for at `at`, the letter's place; or nothing. */
export function numericEscape(text: string, at: number): [character: string, end: number] | undefined {
	const letter = text.charAt(at);
	if (letter === "c" && at + 1 < text.length) {
		return [
			String.fromCharCode(
				text
					.charAt(at + 1)
					.toUpperCase()
					.charCodeAt(0) ^ 64,
			),
			at + 2,
		];
	}
	const form = { x: /^[0-9A-Fa-f]{1,2}/, o: /^[0-7]{1,3}/, d: /^[0-9]{1,3}/ }[letter];
	const digits = form?.exec(text.slice(at + 1, at + 4))?.[0];
	if (digits === undefined) return undefined;
	const base = letter === "x" ? 16 : letter === "o" ? 8 : 10;
	return [String.fromCharCode(Number.parseInt(digits, base) & 255), at + 1 + digits.length];
}

/** What one alternative has so far. */
interface Branch {
	atoms: string[];
	/** The text it matches, where it is a plain word. */
	word: string | undefined;
}

/** A group that is open, or the whole pattern. */
interface Level {
	/** Its number; 0: the whole pattern. */
	number: number;
	branches: Branch[];
}

class Translator {
	readonly #pattern: string;
	readonly #extended: boolean;
	readonly #escapes: boolean;
	readonly #levels: Level[] = [{ number: 0, branches: [{ atoms: [], word: "" }] }];
	readonly #closed = new Set<number>();
	#at = 0;
	#groups = 0;
	#anchored = false;
	#special = false;

	constructor(pattern: string, syntax: Syntax) {
		this.#pattern = pattern;
		this.#extended = syntax.extended;
		this.#escapes = syntax.escapes ?? false;
	}

	translate(): Translated {
		while (this.#at < this.#pattern.length) this.#step();
		if (this.#levels.length > 1) throw new PatternError("Unmatched ( or \\(");
		const source = this.#close(this.#level());
		return { source, groups: this.#groups, anchored: this.#anchored, special: this.#special };
	}

	#level(): Level {
		return this.#levels.at(-1) as Level;
	}

	#branch(): Branch {
		return this.#level().branches.at(-1) as Branch;
	}

	#literal(character: string): void {
		const branch = this.#branch();
		branch.atoms.push(escapeLiteral(character));
		if (branch.word !== undefined) branch.word += character;
	}

	#atom(source: string): void {
		const branch = this.#branch();
		branch.atoms.push(source);
		branch.word = undefined;
	}

	#step(): void {
		const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at) as number);
		this.#at += character.length;
		if (character === "\\") this.#escape();
		else if (character === "[") this.#atom(this.#bracket());
		else if (character === ".") this.#atom("[^]");
		else if (character === "^" && this.#startsHere()) this.#anchor("^");
		else if (character === "$" && this.#endsHere()) this.#anchor("$");
		else if (character === "*" || (this.#extended && "+?|(){".includes(character))) this.#operator(character);
		else this.#literal(character);
	}

	/** What has a meaning of its own: written bare in extended patterns and with a backslash in basic ones. */
	#operator(character: string): void {
		if (character === "|") this.#level().branches.push({ atoms: [], word: "" });
		else if (character === "(") this.#levels.push({ number: ++this.#groups, branches: [{ atoms: [], word: "" }] });
		else if (character === ")" && this.#extended && !this.#escapes && this.#levels.length === 1) this.#literal(")");
		else if (character === ")") this.#closeGroup();
		else if (character === "{") this.#interval();
		else this.#repeat(character);
	}

	#closeGroup(): void {
		if (this.#levels.length === 1) throw new PatternError("Unmatched ) or \\)");
		const level = this.#levels.pop() as Level;
		this.#closed.add(level.number);
		this.#atom(`(${this.#close(level)})`);
	}

	#close(level: Level): string {
		const { branches } = level;
		if (branches.length > 1 && branches.every(({ word }) => word !== undefined)) {
			branches.sort((a, b) => (b.word as string).length - (a.word as string).length);
		}
		return branches.map(({ atoms }) => atoms.join("")).join("|");
	}

	#atStart(): boolean {
		return this.#branch().atoms.length === 0;
	}

	/** Whether `^` here is an anchor. */
	#startsHere(): boolean {
		return this.#extended || this.#atStart();
	}

	/** Whether `$`, just read, is an anchor. */
	#endsHere(): boolean {
		const rest = this.#pattern.slice(this.#at, this.#at + 2);
		return this.#extended || rest === "" || rest === "\\)" || rest === "\\|";
	}

	#anchor(source: string): void {
		this.#anchored = true;
		this.#atom(source);
	}

	/** Where a repetition has nothing to repeat. Answers whether there is something. */
	#repeatable(character: string): boolean {
		const last = this.#branch().atoms.at(-1);
		if (last !== undefined && !(last === "^" && !this.#extended)) return true;
		if (!this.#extended) this.#literal(character);
		else if (this.#escapes) throw new PatternError("Invalid preceding regular expression");
		return false;
	}

	#quantify(quantifier: string): void {
		const branch = this.#branch();
		const atom = branch.atoms.pop() as string;
		const bare = /^(?:\\?.|\[.*\]|\(.*\))$/s.test(atom) && !/^[$^]$|^\\[bB]$/.test(atom);
		branch.atoms.push(`${bare ? atom : `(?:${atom})`}${quantifier}`);
		branch.word = undefined;
	}

	#repeat(character: string): void {
		if (this.#repeatable(character)) this.#quantify(character);
	}

	/** The bounds of `{least,most}` from here on and where it ends, or nothing where the brace means itself. */
	#bounds(): [least: number, most: number, end: number] | undefined {
		const closing = this.#extended ? "}" : "\\}";
		const end = this.#pattern.indexOf(closing, this.#at);
		const match = /^(\d*)(,?)(\d*)$/.exec(end < 0 ? "" : this.#pattern.slice(this.#at, end));
		const valid = match !== null && (match[1] !== "" || match[2] !== "");
		if (!valid && this.#extended && !this.#escapes) return undefined;
		if (end < 0) throw new PatternError(this.#extended ? "Unmatched { or \\{" : "Unmatched \\{");
		if (!valid) throw new PatternError("Invalid content of \\{\\}");
		const least = Number(match[1]);
		const most = match[3] === "" ? (match[2] === "" ? least : Number.POSITIVE_INFINITY) : Number(match[3]);
		if (least > MAX_REPEAT || (most > MAX_REPEAT && most !== Number.POSITIVE_INFINITY))
			throw new PatternError("Regular expression too big");
		if (most < least) throw new PatternError("Invalid content of \\{\\}");
		return [least, most, end + closing.length];
	}

	#interval(): void {
		const bounds = this.#bounds();
		if (this.#atStart() && (!this.#extended || this.#escapes))
			throw new PatternError("Invalid preceding regular expression");
		if (bounds === undefined || this.#atStart()) {
			this.#literal("{");
			return;
		}
		const [least, most, end] = bounds;
		this.#at = end;
		this.#quantify(most === Number.POSITIVE_INFINITY ? `{${least},}` : `{${least},${most}}`);
	}

	#escape(): void {
		if (this.#at >= this.#pattern.length) throw new PatternError("Trailing backslash");
		const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at) as number);
		const numeric = this.#escapes ? numericEscape(this.#pattern, this.#at) : undefined;
		this.#at += character.length;
		if (!this.#extended && "+?|(){".includes(character)) this.#operator(character);
		else if (/[1-9]/.test(character)) this.#reference(Number(character));
		else if (numeric !== undefined) {
			this.#at = numeric[1];
			this.#literal(numeric[0]);
		} else if (this.#escapes && Object.hasOwn(CONTROLS, character)) this.#literal(CONTROLS[character] as string);
		else if ("wWbB".includes(character)) this.#atom(`\\${character}`);
		else if (character === "s") this.#atom(`[${CLASSES.space}]`);
		else if (character === "S") this.#atom(`[^${CLASSES.space}]`);
		else if (character === "<" || character === ">") this.#wordEdge(character);
		else if (character === "`") this.#anchor("^");
		else if (character === "'") this.#anchor("$");
		else this.#literal(character);
	}

	/**
	 * The beginning or end of a word. Beside a letter `\b` says the same; elsewhere it takes looking around, which only
	 * short texts allow.
	 */
	#wordEdge(character: string): void {
		const rest = this.#pattern.slice(this.#at, this.#at + WORD_EDGE_CONTEXT);
		const before = this.#branch().atoms.at(-1) ?? "";
		if (character === "<" ? WORD_BEGINS.test(rest) : WORD_ENDS.test(before)) {
			this.#atom("\\b");
			return;
		}
		this.#special = true;
		this.#anchor(character === "<" ? "\\b(?=\\w)" : "\\b(?<=\\w)");
	}

	#reference(number: number): void {
		if (!this.#closed.has(number)) throw new PatternError("Invalid back reference");
		this.#special = true;
		this.#atom(`(?:\\${number})`);
	}

	/** A bracket expression, from behind its `[`. */
	#bracket(): string {
		const start = this.#at;
		const negated = this.#pattern.charAt(start) === "^";
		if (negated) this.#at++;
		let out = "";
		// A character above U+FFFF is two units: no member of a class of JavaScript's, but an alternative to it.
		const pairs: string[] = [];
		for (let first = true; ; first = false) {
			if (this.#at >= this.#pattern.length) throw new PatternError("Unmatched [, [^, [:, [., or [=");
			if (this.#pattern.charAt(this.#at) === "]" && !first) break;
			const element = this.#element();
			if (element.length === 2 && (element.codePointAt(0) as number) > 0xffff) pairs.push(element);
			else out += element;
		}
		this.#at++;
		if (!this.#escapes && this.#at - start > 3 && /^:.*:$/s.test(this.#pattern.slice(start, this.#at - 1)))
			throw new PatternError("character class syntax is [[:space:]], not [:space:]");
		if (negated) return `[^${out}]`;
		return pairs.length === 0 ? `[${out}]` : `(?:[${out}]|${pairs.join("|")})`;
	}

	/** A class, a character or a range of a bracket expression. */
	#element(): string {
		if (this.#pattern.startsWith("[:", this.#at)) {
			const end = this.#pattern.indexOf(":]", this.#at + 2);
			if (end < 0) throw new PatternError("Unmatched [, [^, [:, [., or [=");
			const name = this.#pattern.slice(this.#at + 2, end);
			if (!Object.hasOwn(CLASSES, name)) throw new PatternError("Invalid character class name");
			this.#at = end + 2;
			return CLASSES[name] as string;
		}
		const from = this.#member();
		const rest = this.#pattern.slice(this.#at, this.#at + 2);
		if (rest.length < 2 || !rest.startsWith("-") || rest === "-]") return escapeInClass(from);
		this.#at++;
		const to = this.#member();
		if ((from.codePointAt(0) as number) > (to.codePointAt(0) as number)) throw new PatternError("Invalid range end");
		return `${escapeInClass(from)}-${escapeInClass(to)}`;
	}

	/** One character of a bracket expression. */
	#member(): string {
		const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at) as number);
		const kind = this.#pattern.charAt(this.#at + 1);
		if (character === "[" && (kind === "." || kind === "=")) {
			const end = this.#pattern.indexOf(`${kind}]`, this.#at + 2);
			if (end < 0) throw new PatternError("Unmatched [, [^, [:, [., or [=");
			const name = this.#pattern.slice(this.#at + 2, end);
			if ([...name].length !== 1) throw new PatternError("Invalid collation character");
			this.#at = end + 2;
			return name;
		}
		this.#at += character.length;
		if (character !== "\\" || !this.#escapes) return character;
		const numeric = numericEscape(this.#pattern, this.#at);
		if (numeric !== undefined) {
			this.#at = numeric[1];
			return numeric[0];
		}
		if (!Object.hasOwn(CONTROLS, kind) && kind !== "]" && kind !== "\\") return character;
		if (kind === "]" || kind === "\\") return character;
		this.#at++;
		return CONTROLS[kind] as string;
	}
}

/**
 * Translates a pattern.
 *
 * @throws {PatternError} where it is none.
 */
export function translate(pattern: string, syntax: Syntax): Translated {
	return new Translator(pattern, syntax).translate();
}

/**
 * An expression of JavaScript.
 *
 * @throws {PatternError} where V8 finds it too big.
 */
export function toRegExp(source: string, flags = ""): RegExp {
	try {
		return new RegExp(source, flags);
	} catch {
		throw new PatternError("Regular expression too big");
	}
}

/** The end of a match, moved on where it would cut a character in two. */
export function completed(text: string, end: number): number {
	const before = text.charCodeAt(end - 1);
	const after = text.charCodeAt(end);
	return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff ? end + 1 : end;
}
