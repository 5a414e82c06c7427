/**
 * Expands words: braces, tilde, parameters, substitutions and arithmetic, field splitting, file names, quote removal,
 * in this order.
 */

import type { Part, Word } from "/usr/lib/sh/ast.ts";
import { BraceError, expandBraces } from "/usr/lib/sh/braces.ts";
import { type Co, wait } from "/usr/lib/sh/co.ts";
import { ExpansionError } from "/usr/lib/sh/errors.ts";
import { expandFiles } from "/usr/lib/sh/glob.ts";
import { expandParameter } from "/usr/lib/sh/parameters.ts";
import { isPattern, type Piece } from "/usr/lib/sh/pattern.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";
import { users } from "/usr/lib/users/accounts.ts";

const BLANKS = " \t\n";

/** How a word is expanded. */
interface Style {
	/** What is not quoted is split into fields. */
	split: boolean;
	/** A tilde means a home also after `=` and `:`, as in assignments. */
	assignment?: boolean;
	/** Text of the word itself is split as well: it is the substitute in `${x:-a b}`. */
	splitText?: boolean;
}

/** Fields under construction. */
class Fields {
	readonly fields: Piece[][] = [];
	readonly #separators: string;
	#open = false;

	constructor(separators: string) {
		this.#separators = separators;
	}

	add(text: string, quoted: boolean): void {
		if (text === "" && !quoted) return;
		if (!this.#open) this.fields.push([]);
		this.#open = true;
		this.fields.at(-1)?.push({ text, quoted });
	}

	/** Ends the field under construction, if there is one. */
	cut(): void {
		this.#open = false;
	}

	/** Adds a value that is split: at runs of blanks, and at each other separator. */
	split(value: string): void {
		const separators = this.#separators;
		if (separators === BLANKS && !/[ \t\n]/.test(value)) {
			this.add(value, false);
			return;
		}
		let start = 0;
		const isBlank = (character: string): boolean => BLANKS.includes(character) && separators.includes(character);
		for (let at = 0; at < value.length; at++) {
			const character = value.charAt(at);
			if (!separators.includes(character)) continue;
			const text = value.slice(start, at);
			let hard = !isBlank(character);
			for (let next = value.charAt(at + 1); next !== ""; next = value.charAt(at + 1)) {
				if (!isBlank(next) && (hard || !separators.includes(next))) break;
				at++;
				hard ||= !isBlank(next);
			}
			// A separator that is no blank ends a field even if it is empty.
			if (hard && text === "" && !this.#open) this.add("", true);
			this.add(text, false);
			start = at + 1;
			this.cut();
		}
		this.add(value.slice(start), false);
	}
}

/** The home that a tilde at the beginning of `text` means, and what follows it. */
function* tilde(text: string, alone: boolean, shell: Shell): Co<[home: string, rest: string] | undefined> {
	const end = text.search(/[/:]/);
	if (end < 0 && !alone) return undefined;
	const user = text.slice(1, end < 0 ? text.length : end);
	const rest = end < 0 ? "" : text.slice(end);
	if (user === "+") return [shell.get("PWD") ?? shell.cwd, rest];
	if (user === "-") {
		const old = shell.get("OLDPWD");
		return old === undefined ? undefined : [old, rest];
	}
	if (user !== "" && !/^[\w.-]+$/.test(user)) return undefined;
	const home = user === "" ? shell.get("HOME") : (yield* wait(users())).find((each) => each.name === user)?.home;
	return home === undefined ? undefined : [home, rest];
}

/** Adds unquoted text in which a tilde may stand at the beginning, or in an assignment after a colon. */
function* addText(fields: Fields, text: string, first: boolean, last: boolean, style: Style, shell: Shell): Co<void> {
	const add = (plain: string): void => {
		if (style.splitText === true) fields.split(plain);
		else fields.add(plain, false);
	};
	if (!text.includes("~")) return add(text);
	const pieces = style.assignment === true ? (text.match(/[^:]*:|[^:]+$/g) ?? []) : [text];
	for (const [index, piece] of pieces.entries()) {
		const starts = piece.startsWith("~") && (first || index > 0);
		const alone = index < pieces.length - 1 || last;
		const found = starts ? yield* tilde(piece, alone, shell) : undefined;
		if (found === undefined) add(piece);
		else {
			fields.add(found[0], true);
			add(found[1]);
		}
	}
}

function* addPart(fields: Fields, part: Exclude<Part, { type: "text" }>, style: Style, shell: Shell): Co<void> {
	if (part.type === "parameter") {
		const value = yield* expandParameter(part, shell);
		if (typeof value === "string") {
			if (style.split && !part.quoted) fields.split(value);
			else fields.add(value, part.quoted);
			return;
		}
		if ("word" in value)
			return yield* addParts(fields, value.word, { ...style, splitText: style.split && !part.quoted }, shell);
		return addList(fields, value.list, value.star, part.quoted, style, shell);
	}
	if (part.type === "process") return fields.add(yield* shell.processes(part.list, part.direction), true);
	const text =
		part.type === "arithmetic"
			? String(shell.evaluate(yield* expandText(part.expression, shell)))
			: yield* shell.substitute(part);
	if (style.split && !part.quoted) fields.split(text);
	else fields.add(text, part.quoted);
}

/** Adds all arguments, or all elements of an array. */
function addList(
	fields: Fields,
	list: readonly string[],
	star: boolean,
	quoted: boolean,
	style: Style,
	shell: Shell,
): void {
	if (!style.split || (quoted && star)) {
		const joint = star || !style.split ? (star ? shell.separator : " ") : " ";
		fields.add(list.join(joint), quoted);
		return;
	}
	for (const [index, item] of list.entries()) {
		if (index > 0) fields.cut();
		if (quoted) fields.add(item, true);
		else fields.split(item);
	}
}

function* addParts(fields: Fields, word: Word, style: Style, shell: Shell): Co<void> {
	const { parts } = word;
	for (let index = 0; index < parts.length; index++) {
		const part = parts[index] as Part;
		if (part.type !== "text") yield* addPart(fields, part, style, shell);
		else if (part.quoted) fields.add(part.text, true);
		else yield* addText(fields, part.text, index === 0, index === parts.length - 1, style, shell);
	}
}

function* pieces(word: Word, style: Style, shell: Shell): Co<Piece[][]> {
	const fields = new Fields(shell.get("IFS") ?? BLANKS);
	const [first, ...rest] = word.parts;
	const lead = style.split && first?.type === "text" && !first.quoted ? leadingName(first.text, word) : "";
	if (lead === "" || first?.type !== "text") yield* addParts(fields, word, style, shell);
	else {
		// A tilde means a home in what looks like an assignment, whatever it is.
		fields.add(lead, false);
		const parts = [{ ...first, text: first.text.slice(lead.length) }, ...rest];
		yield* addParts(fields, { ...word, parts }, { ...style, assignment: true }, shell);
	}
	return fields.fields;
}

/** `NAME=` at the beginning of a word that has a tilde. */
function leadingName(text: string, word: Word): string {
	if (!word.parts.some((part) => part.type === "text" && !part.quoted && part.text.includes("~"))) return "";
	return /^[A-Za-z_]\w*\+?=/.exec(text)?.[0] ?? "";
}

function textOf(field: readonly Piece[]): string {
	return field.length === 1 ? (field[0] as Piece).text : field.map((piece) => piece.text).join("");
}

/** Whether a part needs neither waiting nor care. */
function isQuick(part: Part): boolean {
	switch (part.type) {
		case "text":
			return part.quoted || !/[~*?[\\@!+(]/.test(part.text);
		case "parameter":
			return (
				part.operation === undefined &&
				part.index === undefined &&
				part.indirect === undefined &&
				part.name !== "@" &&
				part.name !== "*"
			);
		case "arithmetic":
			// What cannot be expanded at once is expanded again, and so must change nothing.
			return part.expression.parts.every((each) => each.type === "text" && !/=|\+\+|--/.test(each.text));
		default:
			return false;
	}
}

/** What splits a value, or makes a pattern of it. */
const SPECIAL_IN_VALUE = /[ \t\n*?[\\(]/;

/** Expands a word at once, where it can be; `split`: as a command's word, which must come out as a single field. */
export function quickText(word: Word, shell: Shell, split: boolean): string | undefined {
	if (word.literal !== undefined) return word.literal;
	word.quick ??= word.braces !== true && word.parts.every(isQuick);
	if (!word.quick) return undefined;
	let out = "";
	for (const part of word.parts) {
		const value = quickPart(part, shell);
		// What is not set is an error under `set -u`; what is split may be several fields, or none.
		if (value === undefined || (split && !part.quoted && part.type !== "text" && isSplit(value, shell)))
			return undefined;
		out += value;
	}
	return out;
}

function quickPart(part: Part, shell: Shell): string | undefined {
	if (part.type === "text") return part.text;
	if (part.type === "parameter") return shell.get(part.name);
	if (part.type !== "arithmetic") return undefined;
	return String(shell.evaluate(part.expression.parts.map((each) => (each.type === "text" ? each.text : "")).join("")));
}

/** Whether a value is not one field just as it is. Numbers are, as long as digits separate nothing. */
function isSplit(value: string, shell: Shell): boolean {
	if (shell.get("IFS") !== BLANKS || value === "") return true;
	return String(Number(value)) !== value && SPECIAL_IN_VALUE.test(value);
}

/** Expands a word to one text, neither split nor matched against files. */
export function* expandText(word: Word, shell: Shell): Co<string> {
	const quick = quickText(word, shell, false);
	if (quick !== undefined) return quick;
	const [part, more] = word.parts;
	if (part === undefined) return "";
	if (more === undefined && part.type === "text" && (part.quoted || !part.text.startsWith("~"))) return part.text;
	return (yield* pieces(word, { split: false }, shell)).map(textOf).join(" ");
}

/** Expands the value of an assignment. */
export function* expandValue(word: Word, shell: Shell): Co<string> {
	const quick = quickText(word, shell, false);
	if (quick !== undefined) return quick;
	const [part, more] = word.parts;
	if (part === undefined) return "";
	if (more === undefined && part.type === "text" && (part.quoted || !part.text.includes("~"))) return part.text;
	return (yield* pieces(word, { split: false, assignment: true }, shell)).map(textOf).join(" ");
}

/** Expands a word to a pattern, in which quoted text means itself. */
export function* expandPattern(word: Word, shell: Shell): Co<Piece[]> {
	return (yield* pieces(word, { split: false }, shell)).flat();
}

/** What a field stands for: the files of its form, or itself. */
function* files(field: readonly Piece[], shell: Shell): Co<string[]> {
	const { shopts } = shell;
	const matching = { groups: shopts.has("extglob"), fold: shopts.has("nocaseglob") };
	if (!isPattern(field, matching) || shell.options.has("noglob")) return [textOf(field)];
	const found = yield* expandFiles(field, shell.cwd, {
		...matching,
		dots: shopts.has("dotglob"),
		deep: shopts.has("globstar"),
	});
	if (found.length > 0) return found;
	if (shopts.has("failglob")) throw new ExpansionError(`no match: ${textOf(field)}`);
	return shopts.has("nullglob") ? [] : [textOf(field)];
}

function braced(word: Word): Word[] {
	try {
		return expandBraces(word);
	} catch (error) {
		if (error instanceof BraceError) throw new ExpansionError(error.message);
		throw error;
	}
}

/** Expands words to the fields of a command. */
export function* expandWords(words: readonly Word[], shell: Shell): Co<string[]> {
	const out: string[] = [];
	for (const word of words) yield* expandWord(word, shell, out);
	return out;
}

/** Expands a word and adds its fields to `out`. */
export function* expandWord(word: Word, shell: Shell, out: string[]): Co<void> {
	if (word.literal !== undefined) {
		out.push(word.literal);
		return;
	}
	for (const each of word.braces === true && shell.options.has("braceexpand") ? braced(word) : [word])
		for (const field of yield* pieces(each, { split: true }, shell)) out.push(...(yield* files(field, shell)));
}
