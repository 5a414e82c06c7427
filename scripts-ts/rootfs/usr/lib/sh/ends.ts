/** What `head` and `tail` share: counts, headers and the walk over the files. */

import type { File } from "helios:fs";
import {
	type Command,
	Failure,
	fail,
	type Given,
	type Options,
	OutputError,
	openInput,
	print,
	quote,
	reason,
} from "/usr/lib/sh/cli.ts";
import { binary } from "/usr/lib/text/bytes.ts";
import { parseSize } from "/usr/lib/text/numbers.ts";

const DEFAULT_LINES = 10;
/** More lines than a piece of input has. */
const MOST_LINES = 2 ** 30;

/** How much is wanted, of what, and whether its sign turns the meaning round. */
export interface Amount {
	/** Lines or bytes. */
	unit: "lines" | "bytes";
	/** How many. */
	count: number;
	/** The sign that was written, or none. */
	sign: string;
	/** What ends a line. */
	delimiter: string;
}

/** The description of `head` or `tail`. */
export function describe(name: string, which: string, sign: string, opposite: string, more: Options = {}): Command {
	return {
		name,
		usage: ["[OPTION]... [FILE]..."],
		about: `Print the ${which} ${DEFAULT_LINES} lines of each FILE. With no FILE, or where FILE is -, read standard input.`,
		options: {
			c: ["bytes", `print the ${which} NUM bytes; ${sign}NUM: ${opposite}`, `[${sign}]NUM`],
			n: ["lines", `print the ${which} NUM lines; ${sign}NUM: ${opposite}`, `[${sign}]NUM`],
			q: ["quiet", "never print headers with file names"],
			silent: ["silent", "the same as -q"],
			v: ["verbose", "always print headers with file names"],
			z: ["zero-terminated", "lines end with NUL instead of a newline"],
			...more,
		},
		numberOption: "n",
	};
}

/** How much the options ask for. */
export function amountOf(given: Given): Amount {
	const letter = given.last("c", "n");
	const text = letter === undefined ? String(DEFAULT_LINES) : (given.value(letter) as string);
	const unit = letter === "c" ? "bytes" : "lines";
	const sign = /^[-+]/.exec(text)?.[0] ?? "";
	const count = parseSize(text.slice(sign.length));
	if (count === undefined) throw new Failure(`invalid number of ${unit}: ${quote(text)}`);
	return { unit, count, sign, delimiter: given.has("z") ? "\0" : "\n" };
}

/** Whether files are printed with headers. */
export function hasHeaders(given: Given): boolean {
	const verbosity = given.last("q", "silent", "v");
	return verbosity === undefined ? given.operands.length > 1 : verbosity === "v";
}

/** The header of a file. */
export function header(path: string, first: boolean): string {
	return `${first ? "" : "\n"}==> ${path === "-" ? "standard input" : path} <==\n`;
}

/** Runs `show` over every file, with a header each where there are several. */
export async function eachFile(given: Given, show: (file: File, path: string) => Promise<void>): Promise<undefined> {
	const paths = given.operands.length === 0 ? ["-"] : given.operands;
	const headers = hasHeaders(given);
	let first = true;
	for (const path of paths) {
		let file: File;
		try {
			file = await openInput(path);
		} catch (error) {
			await fail(`cannot open ${quote(path)} for reading: ${reason(error)}`);
			continue;
		}
		if (headers) await print(header(path, first));
		first = false;
		try {
			await show(file, path);
		} catch (error) {
			if (error instanceof OutputError) throw error;
			await fail(`error reading ${quote(path)}: ${reason(error)}`);
		}
	}
	return undefined;
}

/** Where the `count`-th newline of `bytes` ends, or -1, and how many there were up to there. */
export function afterNewlines(bytes: Uint8Array, count: number, delimiter = "\n"): [end: number, seen: number] {
	const lines = binary(bytes).split(delimiter, Math.min(count, MOST_LINES) + 1);
	if (lines.length <= count) return [-1, lines.length - 1];
	let end = count;
	for (let index = 0; index < count; index++) end += (lines[index] as string).length;
	return [end, count];
}
