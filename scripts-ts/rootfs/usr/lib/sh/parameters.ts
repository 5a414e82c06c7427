/** Expands parameters: `$x`, `${x…}`, `$@`, `${a[i]}`. */

import type { Operation, Parameter, Word } from "/usr/lib/sh/ast.ts";
import type { Co } from "/usr/lib/sh/co.ts";
import { attributeLetters, declaration } from "/usr/lib/sh/declaration.ts";
import { ExpansionError } from "/usr/lib/sh/errors.ts";
import { expandPattern, expandText } from "/usr/lib/sh/expand.ts";
import { compile, matches, patternSource, regexp } from "/usr/lib/sh/pattern.ts";
import { promptText } from "/usr/lib/sh/prompt.ts";
import { ansi, doubleQuoted, quoted, singleQuoted } from "/usr/lib/sh/quote.ts";
import { KEPT, type Shell } from "/usr/lib/sh/shell.ts";
import { splitReference } from "/usr/lib/sh/variables.ts";

/** A text, several of them, or the word that stands in for what is not there. */
export type Value = string | { list: string[]; star: boolean } | { word: Word };

/** What a parameter is before it is operated on. */
type Found = { text: string | undefined } | Several;

/** Several values; `keys` are those of an array's elements. */
interface Several {
	list: string[];
	star: boolean;
	keys?: string[];
}

/** All elements of an array. */
function elements(name: string, index: "@" | "*", shell: Shell): Several {
	const entries = shell.variables.entries(name);
	return { list: entries.map(([, value]) => value), keys: entries.map(([key]) => key), star: index === "*" };
}

function* find(part: Parameter, shell: Shell): Co<Found> {
	const { name, index } = part;
	if (KEPT.has(name)) shell.refresh(name);
	if (index === undefined) {
		if (name === "@" || name === "*") return { list: [...shell.positional], star: name === "*" };
		return { text: shell.get(name) };
	}
	if (typeof index === "string") return elements(name, index, shell);
	return { text: shell.variables.element(name, yield* subscript(name, index, shell)) };
}

/** The text of a subscript: a key where the array has keys, else arithmetic. */
export function* subscript(name: string, index: Word, shell: Shell): Co<string> {
	const text = yield* expandText(index, shell);
	if (text === "" && shell.variables.find(shell.variables.target(name))?.table === undefined)
		throw new ExpansionError(`${name}[]: bad array subscript`);
	return text;
}

/** What `${!NAME}` means: the parameter that the value names. */
function* indirect(part: Parameter, shell: Shell): Co<Found> {
	const variable = shell.variables.find(part.name);
	if (variable?.reference === true) return { text: variable.value };
	const found = yield* find(part, shell);
	const name = "list" in found ? found.list.join(" ") : found.text;
	if (name === undefined) throw new ExpansionError(`${part.name}: invalid indirect expansion`);
	const [base, index] = splitReference(name);
	if (!/^([A-Za-z_]\w*|\d+|[@*#?\-$!])$/.test(base)) throw new ExpansionError(`${name}: invalid variable name`);
	if (index === "@" || index === "*") return elements(base, index, shell);
	if (index !== undefined) return { text: shell.variables.element(base, index) };
	return yield* find({ type: "parameter", name: base, quoted: part.quoted, source: part.source }, shell);
}

/** Expands a parameter. */
export function* expandParameter(part: Parameter, shell: Shell): Co<Value> {
	const { operation } = part;
	if (operation === undefined && part.index === undefined && part.indirect === undefined) return simple(part, shell);
	if (operation?.kind === "bad") throw new ExpansionError(`${part.source}: bad substitution`);
	if (operation?.kind === "names") return { list: names(part.name, shell), star: part.index === "*" };
	if (operation?.kind === "keys")
		return { list: shell.variables.entries(part.name).map(([key]) => key), star: part.index === "*" };
	const found = part.indirect === true ? yield* indirect(part, shell) : yield* find(part, shell);
	if (operation === undefined) return "list" in found ? found : present(part, found.text, shell);
	if (operation.kind === "substitute") return yield* substitute(part, operation, found, shell);
	if (operation.kind === "length") return length(part, found, shell);
	if (operation.kind === "slice") return yield* slice(part, operation, found, shell);
	if (operation.kind === "transform" && "keys" in found) {
		const whole = transformArray(part, operation.letter, found, shell);
		if (whole !== undefined) return whole;
	}
	const one = yield* transformer(part, operation, shell);
	if ("list" in found) return { list: found.list.map(one), star: found.star };
	if (operation.kind === "transform" && found.text === undefined && operation.letter !== "a") return "";
	return one(present(part, found.text, shell));
}

function simple(part: Parameter, shell: Shell): Value {
	const { name } = part;
	if (name === "@" || name === "*") return { list: [...shell.positional], star: name === "*" };
	return present(part, shell.get(name), shell);
}

/** A value, which has to be there under `set -u`. */
function present(part: Parameter, text: string | undefined, shell: Shell): string {
	if (text === undefined && shell.options.has("nounset")) {
		const index =
			part.index === undefined || typeof part.index === "string" ? "" : part.source.replace(/^[^[]*|}$/g, "");
		const sign = /^\$[^{A-Za-z_]/.test(part.source) ? "$" : "";
		throw new ExpansionError(`${sign}${part.name}${index}: unbound variable`, true);
	}
	return text ?? "";
}

function names(prefix: string, shell: Shell): string[] {
	return shell.variables
		.all()
		.filter(([name, { value, list, table }]) => name.startsWith(prefix) && (value ?? list ?? table) !== undefined)
		.map(([name]) => name);
}

function length(part: Parameter, found: Found, shell: Shell): string {
	if ("list" in found) return String(found.list.length);
	const text = present(part, found.text, shell);
	// Characters, not UTF-16 units; most texts have no pairs of them.
	return String(/[\ud800-\udbff]/.test(text) ? [...text].length : text.length);
}

function* substitute(
	part: Parameter,
	operation: Operation & { kind: "substitute" },
	found: Found,
	shell: Shell,
): Co<Value> {
	const { operator, orEmpty, word } = operation;
	const value = "list" in found ? (found.list.length === 0 ? undefined : found.list.join(" ")) : found.text;
	const missing = value === undefined || (orEmpty && value === "");
	// Of no arguments "${@+…}" makes no field.
	if (operator === "+") return !missing ? { word } : "list" in found && !found.star ? { list: [], star: false } : "";
	if (!missing) return "list" in found ? found : value;
	if (operator === "-") return { word };
	const text = yield* expandText(word, shell);
	if (operator === "?") {
		const what = text === "" ? (orEmpty ? "parameter null or not set" : "parameter not set") : text;
		throw new ExpansionError(`${part.source.replace(/^\$\{|[:?}].*$/gs, "")}: ${what}`, true);
	}
	if (!/^[A-Za-z_]/.test(part.name)) throw new ExpansionError(`$${part.name}: cannot assign in this way`);
	if (part.index === undefined || typeof part.index === "string") shell.variables.set(part.name, text);
	else shell.variables.setElement(part.name, yield* subscript(part.name, part.index, shell), text);
	return text;
}

/** A bound of a slice. */
function* bound(part: Parameter, word: Word, shell: Shell): Co<number> {
	const text = yield* expandText(word, shell);
	try {
		return Number(shell.evaluate(text));
	} catch (error) {
		if (!(error instanceof ExpansionError) || error.fatal) throw error;
		throw new ExpansionError(`${part.name}: ${error.message}`);
	}
}

/** Where a slice of several values begins: the elements of an array are counted by their numbers, not their places. */
function sliceStart(offset: number, size: number, keys: readonly string[] | undefined): number {
	const numbers = keys?.map(Number);
	if (numbers === undefined || numbers.some(Number.isNaN)) return offset < 0 ? size + offset : offset;
	const from = offset < 0 ? (numbers.at(-1) ?? -1) + 1 + offset : offset;
	if (from < 0) return -1;
	const place = numbers.findIndex((number) => number >= from);
	return place < 0 ? size : place;
}

function* slice(part: Parameter, operation: Operation & { kind: "slice" }, found: Found, shell: Shell): Co<Value> {
	const offset = yield* bound(part, operation.offset, shell);
	const count = operation.length === undefined ? undefined : yield* bound(part, operation.length, shell);
	if ("list" in found) {
		// The arguments count from $1; with 0 comes the shell's name too.
		const list = found.keys === undefined ? [shell.name, ...found.list] : found.list;
		const start = sliceStart(offset, list.length, found.keys);
		if (count !== undefined && count < 0)
			throw new ExpansionError(
				`${part.source.replace(/^\$\{|\}$/g, "").replace(/^[^:]*:[^:]*:/, "")}: substring expression < 0`,
			);
		if (start < 0) return { list: [], star: found.star };
		return { list: list.slice(start, count === undefined ? undefined : start + count), star: found.star };
	}
	const text = present(part, found.text, shell);
	const characters = /[\ud800-\udbff]/.test(text) ? [...text] : undefined;
	const size = characters?.length ?? text.length;
	const start = offset < 0 ? size + offset : offset;
	if (start < 0 || start > size) return "";
	const end = count === undefined ? size : count < 0 ? size + count : start + count;
	if (end < start) throw new ExpansionError(`${operandText(part)}: substring expression < 0`);
	return characters === undefined ? text.slice(start, end) : characters.slice(start, end).join("");
}

/** The text of a slice's length, for messages. */
function operandText(part: Parameter): string {
	return part.source.slice(0, -1).replace(/^.*:/, "").trim();
}

type Changing = Exclude<Operation, { kind: "length" | "names" | "keys" | "substitute" | "slice" | "bad" }>;

/** What an operation does to a text. */
function* transformer(part: Parameter, operation: Changing, shell: Shell): Co<(text: string) => string> {
	switch (operation.kind) {
		case "trim":
			return yield* trimmer(operation, shell);
		case "replace":
			return yield* replacer(operation, shell);
		case "case":
			return yield* caser(operation, shell);
		case "transform":
			return (text) => transform(part, operation.letter, text, shell);
	}
}

function* trimmer({ operator, word }: Operation & { kind: "trim" }, shell: Shell): Co<(text: string) => string> {
	const pieces = yield* expandPattern(word, shell);
	const most = operator.length === 2;
	if (operator.startsWith("#")) {
		const form = regexp(`^(?:${patternSource(pieces, shell.matching, most ? "most" : "least")})`);
		return (text) => text.replace(form, "");
	}
	// What is kept is as long as it can be, or as short.
	const form = regexp(`^(.*${most ? "?" : ""})(?:${patternSource(pieces, shell.matching)})$`);
	return (text) => form.exec(text)?.[1] ?? text;
}

function* replacer(operation: Operation & { kind: "replace" }, shell: Shell): Co<(text: string) => string> {
	const { which, pattern, by } = operation;
	const source = patternSource(yield* expandPattern(pattern, shell), shell.matching);
	const pieces = yield* expandPattern(by, shell);
	// An unquoted & is what was found.
	const replacement = (found: string): string =>
		pieces
			.map(({ text, quoted: literal }) =>
				literal ? text : text.replace(/\\(.)|&/g, (all, escaped?: string) => escaped ?? (all === "&" ? found : all)),
			)
			.join("");
	if (source === "")
		return (text) => (which === "#" ? replacement("") + text : which === "%" ? text + replacement("") : text);
	if (which === "%") {
		const form = regexp(`^(.*?)((?:${source}))$`, shell.matching.fold === true ? "sui" : "su");
		return (text) => text.replace(form, (_all, kept: string, found: string) => kept + replacement(found));
	}
	const flags = shell.matching.fold === true ? "sui" : "su";
	const form = regexp(which === "#" ? `^(?:${source})` : source, which === "/" ? `g${flags}` : flags);
	// A match of nothing at the end of something is none.
	return (text) =>
		text.replace(form, (found: string, at: number) =>
			found === "" && which === "/" && text !== "" && at === text.length ? "" : replacement(found),
		);
}

function* caser({ operator, pattern }: Operation & { kind: "case" }, shell: Shell): Co<(text: string) => string> {
	const pieces = yield* expandPattern(pattern, shell);
	const form = pieces.length === 0 ? undefined : compile(pieces, shell.matching);
	const change = (character: string): string => {
		if (form !== undefined && !matches(form, character)) return character;
		return operator.startsWith("^") ? character.toUpperCase() : character.toLowerCase();
	};
	return (text) => {
		const characters = [...text];
		return characters
			.map((character, index) => (operator.length === 2 || index === 0 ? change(character) : character))
			.join("");
	};
}

/** What transforms an array as a whole; `undefined` where its elements are transformed one by one. */
function transformArray(
	part: Parameter,
	letter: string,
	{ list, keys = [] }: Several,
	shell: Shell,
): Value | undefined {
	const variable = shell.variables.find(part.name);
	if (letter === "A") return variable === undefined ? "" : declaration(shell, part.name, variable);
	if (letter === "k") return { list: keys.flatMap((key, index) => [key, list[index] ?? ""]), star: part.index === "*" };
	if (letter !== "K") return undefined;
	const pairs = keys.map((key, index) => `${key} ${doubleQuoted(list[index] ?? "")}`).join(" ");
	return variable?.table === undefined || pairs === "" ? pairs : `${pairs} `;
}

function transform(part: Parameter, letter: string, text: string, shell: Shell): string {
	switch (letter) {
		case "Q":
			return /\p{Cc}/u.test(text) ? quoted(text) : singleQuoted(text);
		case "U":
			return text.toUpperCase();
		case "u":
			return text.slice(0, 1).toUpperCase() + text.slice(1);
		case "L":
			return text.toLowerCase();
		case "a":
			return attributeLetters(shell.variables.find(part.name));
		case "A": {
			const attributes = attributeLetters(shell.variables.find(part.name));
			return `${attributes === "" ? "" : `declare -${attributes} `}${part.name}=${singleQuoted(text)}`;
		}
		case "K":
		case "k":
			return singleQuoted(text);
		case "E":
			return ansi(text);
		case "P":
			return promptText(shell, text);
		default:
			throw new ExpansionError(`${part.source}: bad substitution`);
	}
}
