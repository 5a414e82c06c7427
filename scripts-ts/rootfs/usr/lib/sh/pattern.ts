/** Patterns with `*`, `?`, `[…]`, and `@(…)` and its like: made into regular expressions. */

/** A piece of text; in `quoted` text nothing is special. */
export interface Piece {
	text: string;
	quoted: boolean;
}

/** How patterns are read and compared. */
export interface Matching {
	/** `@(A|B)` and its like mean something. */
	groups: boolean;
	/** Upper and lower case are the same. */
	fold?: boolean;
}

/** Whether any piece has something special. */
export function isPattern(pieces: readonly Piece[], { groups }: Matching): boolean {
	const form = groups ? /[*?[]|[@!+]\(/ : /[*?[]/;
	return pieces.some((piece) => !piece.quoted && form.test(piece.text));
}

/** Which of several matches is wanted: the one that takes most, or least. */
export type Greed = "most" | "least";

const CLASSES: Record<string, string> = {
	alnum: "0-9A-Za-z",
	alpha: "A-Za-z",
	blank: " \\t",
	cntrl: "\\x00-\\x1f\\x7f",
	digit: "0-9",
	graph: "\\x21-\\x7e",
	lower: "a-z",
	print: "\\x20-\\x7e",
	punct: "!-\\/:-@\\[-`{-~",
	space: " \\t\\n\\v\\f\\r",
	upper: "A-Z",
	word: "0-9A-Za-z_",
	xdigit: "0-9A-Fa-f",
};
/** What means something in a regular expression. */
const REGEXP_SPECIAL = /[\\^$.*+?()[\]{}|/]/g;
const NEVER = "[]";

/** A text as a regular expression that is just it. */
export function escapeRegExp(text: string): string {
	return text.replace(REGEXP_SPECIAL, "\\$&");
}

function escapeInSet(character: string): string {
	return "\\]^[-".includes(character) ? `\\${character}` : character;
}

type Character = readonly [character: string, quoted: boolean];

/** Makes a regular expression of characters. */
class Translator {
	readonly #characters: readonly Character[];
	readonly #greed: Greed;
	readonly #groups: boolean;
	#at = 0;

	constructor(pieces: readonly Piece[], greed: Greed, groups: boolean) {
		this.#groups = groups;
		this.#characters = pieces.flatMap(({ text, quoted }) =>
			[...text].map((character): Character => [character, quoted]),
		);
		this.#greed = greed;
	}

	/** The source up to one of `ends`, which stays. */
	source(ends = ""): string {
		let out = "";
		for (; this.#at < this.#characters.length; ) {
			const [character, quoted] = this.#characters[this.#at] as Character;
			if (!quoted && ends.includes(character)) break;
			this.#at++;
			if (quoted) out += escapeRegExp(character);
			else if ("?*+@!".includes(character) && this.#is("(", this.#at) && this.#closes()) out += this.#group(character);
			else if (character === "*") out += `.*${this.#lazy}`;
			else if (character === "?") out += ".";
			else if (character === "[") out += this.#set() ?? "\\[";
			else if (character === "\\" && this.#at < this.#characters.length)
				out += escapeRegExp((this.#characters[this.#at++] as Character)[0]);
			else out += escapeRegExp(character);
		}
		return out;
	}

	/** What makes a repetition take as little as it can. */
	get #lazy(): string {
		return this.#greed === "least" ? "?" : "";
	}

	#is(text: string, at: number): boolean {
		const found = this.#characters[at];
		return found?.[0] === text && !found[1];
	}

	/** Whether the group that opens here means one, and is closed. */
	#closes(): boolean {
		if (!this.#groups) return false;
		let depth = 0;
		for (let at = this.#at; at < this.#characters.length; at++) {
			if (this.#is("(", at)) depth++;
			else if (this.#is(")", at) && --depth === 0) return true;
		}
		return false;
	}

	/** `@(A|B)` and its like. */
	#group(kind: string): string {
		const choices: string[] = [];
		do {
			this.#at++;
			choices.push(this.source("|)"));
		} while (this.#is("|", this.#at));
		this.#at++;
		// The first that fits is taken, so that one comes first which takes most, or least.
		choices.sort((a, b) => (this.#greed === "most" ? b.length - a.length : a.length - b.length));
		const any = `(?:${choices.join("|")})`;
		if (kind === "@") return any;
		if (kind !== "!") return any + kind + this.#lazy;
		// Anything but the choices, up to the end: what may follow the group is not looked at.
		return `(?:(?!${any}$).*)`;
	}

	/** `[…]` after its opening; `undefined` where it is not closed and so means itself. */
	#set(): string | undefined {
		let at = this.#at;
		const negated = this.#is("!", at) || this.#is("^", at);
		if (negated) at++;
		let out = "";
		for (let first = true; first || !this.#is("]", at); first = false) {
			const from = this.#characters[at];
			if (from === undefined) return undefined;
			if (this.#is("[", at) && this.#is(":", at + 1)) {
				const end = this.#characters.findIndex(
					(_, index) => index > at + 1 && this.#is(":", index) && this.#is("]", index + 1),
				);
				const name = this.#characters
					.slice(at + 2, Math.max(end, 0))
					.map(([character]) => character)
					.join("");
				if (end > 0 && /^[a-z]+$/.test(name)) {
					out += CLASSES[name] ?? "";
					at = end + 2;
					continue;
				}
			}
			if (from[0] === "\\" && !from[1] && at + 1 < this.#characters.length) at++;
			const [low] = this.#characters[at++] as Character;
			const last = this.#characters[at + 1];
			if (this.#is("-", at) && last !== undefined && !this.#is("]", at + 1)) {
				if (low <= last[0]) out += `${escapeInSet(low)}-${escapeInSet(last[0])}`;
				at += 2;
			} else out += escapeInSet(low);
		}
		this.#at = at + 1;
		if (out === "") return negated ? "." : NEVER;
		return `[${negated ? "^" : ""}${out}]`;
	}
}

/** The source of a regular expression that is a pattern, without anchors. */
export function patternSource(pieces: readonly Piece[], { groups }: Matching, greed: Greed = "most"): string {
	return new Translator(pieces, greed, groups).source();
}

const compiled = new Map<string, RegExp>();
const MAX_COMPILED = 500;

/** A regular expression, kept for the next time. */
export function regexp(source: string, flags = "su"): RegExp {
	const key = `${flags}/${source}`;
	const known = compiled.get(key);
	if (known !== undefined) {
		known.lastIndex = 0;
		return known;
	}
	const made = new RegExp(source, flags);
	if (compiled.size >= MAX_COMPILED) compiled.clear();
	compiled.set(key, made);
	return made;
}

/** A pattern for whole texts. */
export function compile(pieces: readonly Piece[], matching: Matching): RegExp {
	return regexp(`^(?:${patternSource(pieces, matching)})$`, matching.fold === true ? "sui" : "su");
}

/** Whether `text` is of a pattern's form. */
export function matches(pattern: RegExp, text: string): boolean {
	return pattern.test(text);
}
