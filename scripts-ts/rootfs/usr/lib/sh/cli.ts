/**
 * What every command shares: options, `--help`, error texts in the usual form, buffered output and exit statuses.
 */

import { type Errno, isSystemError, strerror } from "helios:errors";
import { type File, fromFd, open } from "helios:fs";
import { args, exit, stderr, stdout } from "helios:process";
import { encode } from "/usr/lib/text/bytes.ts";

/** Output that waits before it goes to standard output, in UTF-16 units. */
const BUFFER_UNITS = 16_384;
/** Most output that goes in one piece, unless it is one text. */
const WRITE_UNITS = 1_048_576;
/** Status of a command whose reader has gone, as if SIGPIPE had ended it. */
export const STATUS_BROKEN_PIPE = 141;
const HELP_COLUMN = 28;

/**
 * Options by their letter: long name, what it does, and the name of its value if it takes one. A key of several letters
 * stands for an option that has a long name only. A value named `[=NAME]` may be left out, and is then empty. Of several
 * options with one long name the first is meant by it.
 */
export type Options = Record<string, readonly [long: string, about: string, value?: string]>;

/** What a command is and takes. */
export interface Command {
	/** Its name. */
	name: string;
	/** Its forms, without the name. */
	usage: readonly string[];
	/** What it does. */
	about: string;
	/** Its options, besides `--help`. */
	options?: Options;
	/** Options end at the first operand: what follows belongs to another command. */
	stopAtOperand?: boolean;
	/** The arguments are not parsed: only a lone `--help` is an option. */
	verbatim?: boolean;
	/** `-5` is short for the option with this letter and value 5. */
	numberOption?: string;
	/** `-5` and `-.5` are operands, not options. */
	negativeNumbers?: boolean;
	/** The hint after a mistake in the arguments begins with the command's name too, as of the tools that compare. */
	namedHint?: boolean;
	/** A mistake in the arguments shows the first form too. */
	showsUsage?: boolean;
	/** Status after a mistake in the arguments; 1 by default. */
	usageStatus?: number;
}

/** A mistake in the arguments. */
export class UsageError extends Error {}

/** What ends a command at once, with a message and a status of its own. */
export class Failure extends Error {
	readonly code: number | undefined;

	/** Without `code` the status is that of a mistake in the arguments. */
	constructor(message: string, code?: number) {
		super(message);
		this.code = code;
	}
}

/** What a command was given. */
export class Given {
	/** Arguments that are no options. */
	readonly operands: string[] = [];
	/** Options in their order, by letter. */
	readonly options: { letter: string; value: string }[] = [];

	/** Whether an option was given. */
	has(letter: string): boolean {
		return this.options.some((option) => option.letter === letter);
	}

	/** The value that was given last. */
	value(letter: string): string | undefined {
		return this.options.findLast((option) => option.letter === letter)?.value;
	}

	/** Which of some letters was given last. */
	last(...letters: string[]): string | undefined {
		return this.options.findLast((option) => letters.includes(option.letter))?.letter;
	}
}

function parseLong(command: Command, text: string, next: () => string | undefined, given: Given): void {
	const equals = text.indexOf("=");
	const name = equals < 0 ? text : text.slice(0, equals);
	const entries = Object.entries(command.options ?? {});
	const exact = entries.filter(([, [long]]) => long === name);
	const found = exact.length > 0 ? exact : entries.filter(([, [long]]) => long.startsWith(name));
	const [first] = found;
	if (first === undefined) throw new UsageError(`unrecognized option '--${text}'`);
	if (found.some(([, [long]]) => long !== first[1][0])) throw new UsageError(`option '--${name}' is ambiguous`);
	const [letter, [long, , takes]] = first;
	if (takes === undefined) {
		if (equals >= 0) throw new UsageError(`option '--${long}' doesn't allow an argument`);
		given.options.push({ letter, value: "" });
		return;
	}
	const value = equals >= 0 ? text.slice(equals + 1) : takes.startsWith("[=") ? "" : next();
	if (value === undefined) throw new UsageError(`option '--${long}' requires an argument`);
	given.options.push({ letter, value });
}

function parseShort(command: Command, letters: string, next: () => string | undefined, given: Given): void {
	for (let at = 0; at < letters.length; at++) {
		const letter = letters.charAt(at);
		const option = Object.hasOwn(command.options ?? {}, letter) ? command.options?.[letter] : undefined;
		if (option === undefined) throw new UsageError(`invalid option -- '${letter}'`);
		if (option[2] === undefined) {
			given.options.push({ letter, value: "" });
			continue;
		}
		const attached = at + 1 < letters.length || option[2].startsWith("[=");
		const value = attached ? letters.slice(at + 1) : next();
		if (value === undefined) throw new UsageError(`option requires an argument -- '${letter}'`);
		given.options.push({ letter, value });
		return;
	}
}

/** Reads the arguments of a command; `null` where help is wanted. */
export function parse(command: Command, words: readonly string[]): Given | null {
	const given = new Given();
	if (command.verbatim === true) return words.length === 1 && words[0] === "--help" ? null : given;
	let at = 0;
	const next = (): string | undefined => words[at++];
	while (at < words.length) {
		const word = words[at++] as string;
		if (word === "--") {
			given.operands.push(...words.slice(at));
			break;
		}
		if (word === "--help") return null;
		if (word.startsWith("--")) parseLong(command, word.slice(2), next, given);
		else if (command.numberOption !== undefined && /^-\d+$/.test(word))
			given.options.push({ letter: command.numberOption, value: word.slice(1) });
		else if (word.length > 1 && word.startsWith("-") && !(command.negativeNumbers === true && /^-\.?\d/.test(word)))
			parseShort(command, word.slice(1), next, given);
		else {
			given.operands.push(word);
			if (!command.stopAtOperand) continue;
			given.operands.push(...words.slice(at));
			break;
		}
	}
	return given;
}

/** The text of `--help`. */
export function help(command: Command): string {
	const forms = command.usage.map((form, index) => `${index === 0 ? "Usage:" : "  or: "} ${command.name} ${form}`);
	const lines = [...forms.map((form) => form.trimEnd()), command.about, ""];
	for (const [letter, [long, about, value]] of Object.entries(command.options ?? {})) {
		const short = letter.length === 1 ? `  -${letter},` : "     ";
		const left = `${short} --${long}${value === undefined ? "" : value.startsWith("[=") ? value : `=${value}`}`;
		lines.push(`${left.padEnd(HELP_COLUMN)} ${about}`);
	}
	lines.push(`${"      --help".padEnd(HELP_COLUMN)} show this help and exit`);
	return `${lines.join("\n")}\n`;
}

/** Standard output that cannot be written: nothing that the command could go on with. */
export class OutputError extends Error {}

async function output(data: string | Uint8Array): Promise<void> {
	try {
		await stdout.write(data);
	} catch (error) {
		throw new OutputError("write error", { cause: error });
	}
}

let program = "";
let status = 0;
let buffered: string[] = [];
let bufferedUnits = 0;

/** Writes out what waits. */
export async function flush(): Promise<void> {
	if (bufferedUnits === 0) return;
	const pieces = buffered;
	buffered = [];
	bufferedUnits = 0;
	let from = 0;
	let units = 0;
	for (let at = 0; at < pieces.length; at++) {
		const { length } = pieces[at] as string;
		// Long lines are not joined with others: a text of many megabytes could not be handled.
		if (units > 0 && units + length > WRITE_UNITS) {
			await output(encode(pieces.slice(from, at).join("")));
			from = at;
			units = 0;
		}
		units += length;
	}
	await output(encode(from === pieces.length - 1 ? (pieces[from] as string) : pieces.slice(from).join("")));
}

/** Prints text without waiting: for loops, whose caller flushes now and then (`overfull` says when it should). */
export function put(text: string): void {
	buffered.push(text);
	bufferedUnits += text.length;
}

/** Whether so much waits that it wants writing out. */
export function overfull(): boolean {
	return bufferedUnits >= BUFFER_UNITS;
}

/** Prints text, in pieces of a few kilobytes. */
export async function print(text: string): Promise<void> {
	put(text);
	if (overfull()) await flush();
}

/** Prints bytes. */
export async function printBytes(bytes: Uint8Array): Promise<void> {
	await flush();
	await output(bytes);
}

/** Says something on standard error, after the command's name. */
export async function warn(message: string): Promise<void> {
	await flush();
	await stderr.write(`${program}: ${message}\n`);
}

/** The command goes on and ends with `code` at least, without a word: somebody else has said why. */
export function endWith(code: number): void {
	status = Math.max(status, code);
}

/** Says what went wrong and lets the command go on; it ends with `code`. */
export async function fail(message: string, code = 1): Promise<void> {
	endWith(code);
	await warn(message);
}

/** What an error says, in the words of `strerror`; a refused capability is named. */
export function reason(error: unknown): string {
	if (!isSystemError(error)) return error instanceof Error ? error.message : String(error);
	const text = strerror(error.code);
	return error.code === "EPERM" && error.message.includes("capab") ? `${text} (${error.message})` : text;
}

/** Whether an error is a syscall's, and with one of `codes` where any are named. */
export function failedWith(error: unknown, ...codes: Errno[]): boolean {
	return isSystemError(error, ...codes);
}

const ESCAPES: Record<string, string> = {
	"\u0007": "\\a",
	"\b": "\\b",
	"\t": "\\t",
	"\n": "\\n",
	"\v": "\\v",
	"\f": "\\f",
	"\r": "\\r",
};

/** Characters that no terminal shows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSHOWN = /[\u0000-\u001f\u007f-\u009f]+/g;

function escaped(character: string): string {
	return ESCAPES[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`;
}

/** A name in quotes, as messages have it: what a shell would read as that name, control characters as escapes. */
export function quote(text: string): string {
	if (text.includes("'") && /^[\w %+,\-./:?@\]{}'\u00a0-\uffff]*$/.test(text)) return `"${text}"`;
	const shown = text.replaceAll("'", "'\\''").replace(UNSHOWN, (run) => `'$'${Array.from(run, escaped).join("")}''`);
	// After an escape at the end no empty quotes are left open.
	return (text.at(-1) ?? "").search(UNSHOWN) === 0 ? `'${shown.slice(0, -1)}` : `'${shown}'`;
}

/** What an option's word stands for, of `words` and their meanings; a beginning does where it is clear. */
export function oneOf<T extends string>(
	option: string,
	word: string,
	words: readonly (readonly [string, T])[],
	called = `--${option}`,
): T {
	const begun = words.filter(([name]) => word !== "" && name.startsWith(word));
	const clear = new Set(begun.map(([, value]) => value)).size === 1;
	const found = words.find(([name]) => name === word) ?? (clear ? begun[0] : undefined);
	if (found !== undefined) return found[1];
	const alike = new Map<T, string[]>();
	for (const [name, value] of words) alike.set(value, [...(alike.get(value) ?? []), quote(name)]);
	const lines = [...alike.values()].map((names) => `  - ${names.join(", ")}\n`);
	const what = `${begun.length > 1 ? "ambiguous" : "invalid"} argument ${quote(word)} for ${quote(called)}`;
	const hint = `Try '${program} --help' for more information.`;
	throw new Failure(`${what}\nValid arguments are:\n${lines.join("")}${hint}`, 1);
}

/** Opens a file to read; `-` is standard input. */
export function openInput(path: string): Promise<File> {
	return path === "-" ? Promise.resolve(fromFd(0)) : open(path);
}

/** Reads `file` to its end, chunk by chunk, and closes it unless it is standard input. */
export async function* chunksOf(file: File): AsyncGenerator<Uint8Array, void, undefined> {
	try {
		for (let chunk = await file.read(); chunk !== null; chunk = await file.read()) yield chunk;
	} finally {
		if (file.fd !== 0) await file.close();
	}
}

/** The last component of a path. */
export function basename(path: string): string {
	const trimmed = path.replace(/\/+$/, "");
	return trimmed === "" ? (path === "" ? "" : "/") : trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

/** A path below a directory. */
export function join(directory: string, name: string): string {
	return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}

async function finish(command: Command, error: unknown): Promise<number> {
	if (error instanceof OutputError) {
		if (isSystemError(error.cause, "EPIPE")) return STATUS_BROKEN_PIPE;
		await stderr.write(`${program}: write error: ${reason(error.cause)}\n`);
		return command.usageStatus ?? 1;
	}
	if (error instanceof Failure) {
		await warn(error.message);
		return error.code ?? command.usageStatus ?? 1;
	}
	if (error instanceof UsageError) {
		await warn(error.message);
		if (command.showsUsage === true) await stderr.write(`Usage: ${command.name} ${command.usage[0]}\n`);
		const named = command.namedHint === true ? `${command.name}: ` : "";
		await stderr.write(`${named}Try '${command.name} --help' for more information.\n`);
		return command.usageStatus ?? 1;
	}
	// What V8 refuses, such as too long a text, is told like any error; what only a mistake in the program causes, with its place.
	const mistake = error instanceof Error && !isSystemError(error) && !(error instanceof RangeError);
	await warn(mistake ? (error.stack ?? error.message) : reason(error));
	return command.usageStatus ?? 1;
}

/** Runs a command: arguments, `--help`, output, errors and status. `main` may answer a status of its own. */
export async function run(command: Command, main: (given: Given) => Promise<number | undefined>): Promise<void> {
	program = command.name;
	let code: number;
	try {
		const given = parse(command, args);
		if (given === null) await print(help(command));
		const answer = given === null ? 0 : await main(given);
		await flush();
		code = answer ?? status;
	} catch (error) {
		code = await finish(command, error).catch(() => 1);
	}
	if (code !== 0) exit(code);
}
