/**
 * Colours for source text, line by line: TypeScript and JavaScript, shell, JSON, Markdown. Each line is read from the
 * state in which the one before it ended, so that comments and templates go over many lines.
 */

import { BOLD, fg, ITALIC, PLAIN, type Span, type Style, UNDERLINE } from "/usr/lib/tui/style.ts";

/** What is known of a text at the start of a line. 0 at its beginning; else what is open. */
export type State = number;

/** Colours one line. */
export type Highlighter = (line: string, state: State) => { spans: Span[]; state: State };

/** A longer line is shown plain: nobody reads it, and it would take its time. */
const MAX_UNITS = 4000;

const COMMENT = fg(8);
const STRING = fg("green");
const NUMBER = fg("cyan");
const KEYWORD = fg("magenta");
const TYPE = fg("yellow");
const CONSTANT = fg("cyan");
const CALL = fg("blue");
const VARIABLE = fg("cyan");
const REGEXP = fg("red");

const IN_COMMENT = 1;
/** A template is open. Code within it that goes over several lines is taken for text. */
const IN_TEMPLATE = 2;

const KEYWORDS = new Set(
	(
		"abstract as async await break case catch class const continue debugger declare default delete do else enum export " +
		"extends finally for from function get if implements import in infer instanceof interface is keyof let namespace " +
		"new of override private protected public readonly return satisfies set static super switch this throw try type " +
		"typeof unique using var void while with yield"
	).split(" "),
);
const CONSTANTS = new Set(["true", "false", "null", "undefined", "NaN", "Infinity"]);
const TYPES = new Set("any bigint boolean never number object string symbol unknown".split(" "));

/** Tokens of TypeScript: comments, strings, templates, numbers, words with what follows, and single characters. */
const TYPESCRIPT =
	/(\/\/.*)|(\/\*(?:[^*]|\*+[^*/])*\*+\/)|(\/\*.*)|("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)|(`)|(\d[\w.]*)|([A-Za-z_$\u00a1-\uffff][\w$\u00a1-\uffff]*)(\s*\()?|(\s+)|(.)/g;
const TEMPLATE_PART = /(?:[^`\\$]|\\.)+/y;
const REGEXP_LITERAL = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
/** A slash after one of these divides. */
const ENDS_VALUE = /[\w$)\]}"'`]$/;
const REGEXP_AFTER_WORD = new Set([
	"return",
	"typeof",
	"case",
	"in",
	"of",
	"do",
	"else",
	"await",
	"yield",
	"void",
	"delete",
]);

function wordStyle(word: string, called: boolean): Style {
	if (KEYWORDS.has(word)) return KEYWORD;
	if (CONSTANTS.has(word)) return CONSTANT;
	if (TYPES.has(word)) return TYPE;
	if (called) return CALL;
	return /^[A-Z]/.test(word) ? TYPE : PLAIN;
}

/** Joins neighbours of one style. */
class Spans {
	readonly spans: Span[] = [];
	#text = "";
	#style: Style = PLAIN;

	add(text: string, style: Style): void {
		if (style !== this.#style && this.#text !== "") {
			this.spans.push([this.#text, this.#style]);
			this.#text = "";
		}
		this.#style = style;
		this.#text += text;
	}

	finish(): Span[] {
		if (this.#text !== "") this.spans.push([this.#text, this.#style]);
		this.#text = "";
		return this.spans;
	}
}

/** One line of TypeScript being read. */
class TypeScriptLine {
	readonly #out = new Spans();
	readonly #line: string;
	#at = 0;
	#state: State;
	/** The last word or character that was no blank: tells a division from a regular expression. */
	#before = "";
	/** Braces open within the template that is open around this code. */
	#braces = 0;

	constructor(line: string, state: State) {
		this.#line = line;
		this.#state = state;
	}

	read(): { spans: Span[]; state: State } {
		if (this.#state === IN_COMMENT) this.#comment();
		if (this.#state >= IN_TEMPLATE) this.#template();
		while (this.#at < this.#line.length) this.#token();
		return { spans: this.#out.finish(), state: this.#state };
	}

	#take(length: number, style: Style): void {
		this.#out.add(this.#line.slice(this.#at, this.#at + length), style);
		this.#at += length;
	}

	#comment(): void {
		const end = this.#line.indexOf("*/", this.#at);
		this.#state = end < 0 ? IN_COMMENT : 0;
		this.#take((end < 0 ? this.#line.length : end + 2) - this.#at, COMMENT);
	}

	/** The text of a template, up to its end or to code within it. */
	#template(): void {
		while (this.#at < this.#line.length) {
			TEMPLATE_PART.lastIndex = this.#at;
			const part = TEMPLATE_PART.exec(this.#line);
			if (part !== null) this.#take(part[0].length, STRING);
			else if (this.#line[this.#at] === "`") {
				this.#state = 0;
				this.#before = "`";
				this.#take(1, STRING);
				return;
			} else if (this.#line.startsWith("${", this.#at)) {
				// Code goes on here; the template comes back with the brace that closes it, on this line.
				this.#take(2, KEYWORD);
				this.#embedded();
			} else this.#take(1, STRING);
		}
	}

	#embedded(): void {
		const outer = this.#braces;
		this.#braces = 1;
		this.#state = 0;
		while (this.#at < this.#line.length && this.#braces > 0) this.#token();
		this.#braces = outer;
		this.#state = IN_TEMPLATE;
	}

	#token(): void {
		if (this.#line[this.#at] === "/" && this.#regexp()) return;
		TYPESCRIPT.lastIndex = this.#at;
		const match = TYPESCRIPT.exec(this.#line);
		if (match === null) this.#take(this.#line.length - this.#at, PLAIN);
		else if (match[3] !== undefined) this.#comment();
		else this.#found(match);
	}

	#found(match: RegExpExecArray): void {
		const [whole, line, block, , string, template, number, word, call, blank] = match;
		if (line !== undefined || block !== undefined) this.#take(whole.length, COMMENT);
		else if (blank !== undefined) this.#take(whole.length, PLAIN);
		else if (word !== undefined) {
			this.#take(word.length, wordStyle(word, call !== undefined));
			this.#before = word;
		} else {
			this.#before = whole.at(-1) as string;
			if (whole === "{") this.#braces++;
			else if (whole === "}") this.#braces--;
			this.#take(
				whole.length,
				string !== undefined || template !== undefined ? STRING : number !== undefined ? NUMBER : PLAIN,
			);
			if (template === undefined) return;
			this.#state = IN_TEMPLATE;
			this.#template();
		}
	}

	#regexp(): boolean {
		if (/^\/[/*]/.test(this.#line.slice(this.#at, this.#at + 2))) return false;
		if (ENDS_VALUE.test(this.#before) && !REGEXP_AFTER_WORD.has(this.#before)) return false;
		REGEXP_LITERAL.lastIndex = this.#at;
		const match = REGEXP_LITERAL.exec(this.#line);
		if (match === null) return false;
		this.#take(match[0].length, REGEXP);
		this.#before = "/x";
		return true;
	}
}

const typescript: Highlighter = (line, state) => new TypeScriptLine(line, state).read();

/** Colours by one pattern whose groups have a style each; nothing is carried from line to line. */
function byPattern(pattern: RegExp, styles: readonly (Style | ((text: string) => Style))[]): Highlighter {
	return (line) => {
		const out = new Spans();
		for (const match of line.matchAll(pattern)) {
			const group = match.findIndex((text, index) => index > 0 && text !== undefined);
			const style = styles[group - 1] ?? PLAIN;
			out.add(match[0], typeof style === "number" ? style : style(match[0]));
		}
		return { spans: out.finish(), state: 0 };
	};
}

const SHELL_WORDS = new Set(
	"if then elif else fi for while until do done case esac in function local export readonly return break continue".split(
		" ",
	),
);

const shell = byPattern(
	/(^#.*|\s#.*)|('[^']*'?)|("(?:[^"\\]|\\.)*"?)|(\$(?:\{[^}]*\}?|\w+|[@*#?$!-]))|([A-Za-z_][\w-]*)|(\d+)|(.)/g,
	[COMMENT, STRING, STRING, VARIABLE, (word) => (SHELL_WORDS.has(word) ? KEYWORD : PLAIN), PLAIN, PLAIN],
);

const json = byPattern(/("(?:[^"\\]|\\.)*"\s*:)|("(?:[^"\\]|\\.)*"?)|(-?\d[\d.eE+-]*)|([a-z]+)|(.)/g, [
	CALL,
	STRING,
	NUMBER,
	CONSTANT,
	PLAIN,
]);

const inMarkdown = byPattern(/(`[^`]*`?)|(\*\*[^*]+\*\*)|(\*[^*\s][^*]*\*|_[^_\s][^_]*_)|(\[[^\]]*\]\([^)]*\))|(.)/g, [
	STRING,
	BOLD,
	ITALIC,
	UNDERLINE | fg("blue"),
	PLAIN,
]);

const IN_FENCE = 1;

const markdown: Highlighter = (line, state) => {
	const fence = /^\s*(```|~~~)/.test(line);
	if (fence) return { spans: [[line, COMMENT]], state: state === IN_FENCE ? 0 : IN_FENCE };
	if (state === IN_FENCE) return { spans: [[line, STRING]], state };
	if (/^#{1,6}\s/.test(line)) return { spans: [[line, BOLD | fg("blue")]], state };
	return inMarkdown(line, 0);
};

const LANGUAGES: Record<string, Highlighter> = { typescript, shell, json, markdown };
const BY_EXTENSION: Record<string, keyof typeof LANGUAGES> = {
	ts: "typescript",
	mts: "typescript",
	js: "typescript",
	mjs: "typescript",
	sh: "shell",
	profile: "shell",
	json: "json",
	md: "markdown",
};

/** A highlighter that gives up on long lines. */
function bounded(highlighter: Highlighter): Highlighter {
	return (line, state) => (line.length > MAX_UNITS ? { spans: [[line, PLAIN]], state: 0 } : highlighter(line, state));
}

/** The highlighter of a language, if there is one. */
export function highlighterOf(language: string): Highlighter | undefined {
	const found = Object.hasOwn(LANGUAGES, language) ? LANGUAGES[language] : undefined;
	return found === undefined ? undefined : bounded(found);
}

/** What a file is written in, by its name or its first line; programs in `/bin` are TypeScript. */
export function languageOf(path: string, firstLine: string): string | undefined {
	const name = path.slice(path.lastIndexOf("/") + 1);
	const extension = name.includes(".") ? name.slice(name.lastIndexOf(".") + 1) : "";
	if (Object.hasOwn(BY_EXTENSION, extension)) return BY_EXTENSION[extension];
	if (firstLine.startsWith("#!")) {
		if (/\bts\b/.test(firstLine)) return "typescript";
		return /sh\b/.test(firstLine) ? "shell" : undefined;
	}
	return extension === "" && /^\/\*\*|^import\b/.test(firstLine) ? "typescript" : undefined;
}

/** A whole text in colours. */
export function highlight(text: string, language: string): Span[] {
	const highlighter = highlighterOf(language);
	if (highlighter === undefined) return [[text, PLAIN]];
	const spans: Span[] = [];
	let state: State = 0;
	for (const [index, line] of text.split("\n").entries()) {
		if (index > 0) spans.push(["\n", PLAIN]);
		const done = highlighter(line, state);
		spans.push(...done.spans);
		state = done.state;
	}
	return spans;
}
