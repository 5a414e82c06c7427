/** Expands words: tilde, parameters, substitutions, field splitting, file names, quote removal, in this order. */

import type { List, Operation, Part, Word } from "/usr/lib/sh/ast.ts";
import { compile, expandFiles, isPattern, matches, type Piece } from "/usr/lib/sh/glob.ts";

/** What expansion needs of the shell. */
export interface Scope {
	/** Arguments, `$1` first. */
	positional: readonly string[];
	/** The working directory. */
	cwd: string;
	/** Whether file names are expanded. */
	readonly globbing: boolean;
	/** Whether an unset parameter is an error. */
	readonly strict: boolean;
	/** The value of a variable or a special parameter. */
	lookup(name: string): string | undefined;
	/** Sets a variable. */
	assign(name: string, value: string): void;
	/** Runs commands and answers what they print. */
	substitute(list: List): Promise<string>;
	/** The home directory of a user; of this one for the empty name. */
	home(user: string): Promise<string | undefined>;
}

/** A word that cannot be expanded. */
export class ExpansionError extends Error {}

const IFS = " \t\n";

/** Fields under construction. */
class Fields {
	readonly fields: Piece[][] = [];
	#open = false;

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
	split(value: string, separators: string): void {
		let text = "";
		const isBlank = (character: string): boolean => IFS.includes(character) && separators.includes(character);
		for (let at = 0; at < value.length; at++) {
			const character = value.charAt(at);
			if (!separators.includes(character)) {
				text += character;
				continue;
			}
			let hard = !isBlank(character);
			while (
				at + 1 < value.length &&
				(isBlank(value.charAt(at + 1)) || (!hard && separators.includes(value.charAt(at + 1))))
			) {
				at++;
				hard ||= !isBlank(value.charAt(at));
			}
			// A separator that is no blank ends a field even if it is empty.
			if (hard && text === "" && !this.#open) this.add("", true);
			this.add(text, false);
			text = "";
			this.cut();
		}
		this.add(text, false);
	}
}

/** Takes the shortest or longest piece of a pattern's form off the beginning or the end of a value. */
async function trim(value: string, { operator, word }: Operation, scope: Scope): Promise<string> {
	const steps = compile((await pieces(word, scope)).flat());
	const fromEnd = operator.startsWith("%");
	const cuts = Array.from({ length: value.length + 1 }, (_, index) => index);
	// The shortest piece first: at the end it begins late, at the beginning it ends early.
	if (fromEnd === (operator.length === 1)) cuts.reverse();
	for (const cut of cuts)
		if (matches(steps, fromEnd ? value.slice(cut) : value.slice(0, cut)))
			return fromEnd ? value.slice(0, cut) : value.slice(cut);
	return value;
}

async function operate(name: string, value: string | undefined, operation: Operation, scope: Scope): Promise<string> {
	const { operator, word } = operation;
	if (operator === "length") return String([...(value ?? "")].length);
	if (/[%#]/.test(operator)) return trim(value ?? "", operation, scope);
	const missing = value === undefined || (operator.startsWith(":") && value === "");
	const kind = operator.at(-1);
	if (kind === "+") return missing ? "" : expandText(word, scope);
	if (!missing) return value;
	const text = await expandText(word, scope);
	if (kind === "?") throw new ExpansionError(`${name}: ${text === "" ? "parameter not set" : text}`);
	if (kind === "=") scope.assign(name, text);
	return text;
}

async function parameter(part: Part & { type: "parameter" }, scope: Scope): Promise<string> {
	const value = scope.lookup(part.name);
	if (part.operation !== undefined) return operate(part.name, value, part.operation, scope);
	if (value === undefined && scope.strict) throw new ExpansionError(`${part.name}: parameter not set`);
	return value ?? "";
}

async function tilde(text: string, alone: boolean, scope: Scope): Promise<[home: string, rest: string] | undefined> {
	const slash = text.indexOf("/");
	if (!text.startsWith("~") || (slash < 0 && !alone)) return undefined;
	const home = await scope.home(text.slice(1, slash < 0 ? text.length : slash));
	return home === undefined ? undefined : [home, slash < 0 ? "" : text.slice(slash)];
}

async function addPart(fields: Fields, part: Part, split: boolean, scope: Scope): Promise<void> {
	if (part.type === "text") return fields.add(part.text, part.quoted);
	const all = part.type === "parameter" && part.operation === undefined && (part.name === "@" || part.name === "*");
	const separators = scope.lookup("IFS") ?? IFS;
	if (all && split && !(part.quoted && part.name === "*")) {
		for (const [index, argument] of scope.positional.entries()) {
			if (index > 0) fields.cut();
			if (part.quoted) fields.add(argument, true);
			else fields.split(argument, separators);
		}
		return;
	}
	const value = part.type === "command" ? await scope.substitute(part.list) : await parameter(part, scope);
	if (split && !part.quoted) fields.split(value, separators);
	else fields.add(value, part.quoted);
}

async function pieces(word: Word, scope: Scope, split = false): Promise<Piece[][]> {
	const fields = new Fields();
	for (const [index, part] of word.parts.entries()) {
		const found =
			index === 0 && part.type === "text" && !part.quoted
				? await tilde(part.text, word.parts.length === 1, scope)
				: undefined;
		if (found === undefined) await addPart(fields, part, split, scope);
		else {
			fields.add(found[0], true);
			fields.add(found[1], false);
		}
	}
	return fields.fields;
}

function textOf(field: readonly Piece[]): string {
	return field.map((piece) => piece.text).join("");
}

/** Expands a word to one text, neither split nor matched against files. */
export async function expandText(word: Word, scope: Scope): Promise<string> {
	return (await pieces(word, scope)).map(textOf).join(" ");
}

/** Expands words to the fields of a command. */
export async function expandWords(words: readonly Word[], scope: Scope): Promise<string[]> {
	const out: string[] = [];
	for (const word of words) {
		for (const field of await pieces(word, scope, true)) {
			const found = scope.globbing && isPattern(field) ? await expandFiles(compile(field), scope.cwd) : [];
			if (found.length > 0) out.push(...found);
			else out.push(textOf(field));
		}
	}
	return out;
}
