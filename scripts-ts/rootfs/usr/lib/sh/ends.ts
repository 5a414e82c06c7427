/** What `head` and `tail` share: counts, headers and the walk over the files. */

import type { File } from "helios:fs";
import {
	type Command,
	fail,
	type Given,
	OutputError,
	openInput,
	print,
	quote,
	reason,
	UsageError,
} from "/usr/lib/sh/cli.ts";

const DEFAULT_LINES = 10;
const NEWLINE = 10;
const UNITS: Record<string, number> = { "": 1, b: 512, k: 1024, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** How much is wanted, of what, and whether its sign turns the meaning round. */
export interface Amount {
	/** Lines or bytes. */
	unit: "lines" | "bytes";
	/** How many. */
	count: number;
	/** The sign that was written, or none. */
	sign: string;
}

/** The description of `head` or `tail`. */
export function describe(name: string, which: string, sign: string, opposite: string): Command {
	return {
		name,
		usage: ["[OPTION]... [FILE]..."],
		about: `Print the ${which} ${DEFAULT_LINES} lines of each FILE. With no FILE, or where FILE is -, read standard input.`,
		options: {
			c: ["bytes", `print the ${which} NUM bytes; ${sign}NUM: ${opposite}`, `[${sign}]NUM`],
			n: ["lines", `print the ${which} NUM lines; ${sign}NUM: ${opposite}`, `[${sign}]NUM`],
			q: ["quiet", "never print headers with file names"],
			v: ["verbose", "always print headers with file names"],
		},
		numberOption: "n",
	};
}

/** How much the options ask for. */
export function amountOf(given: Given): Amount {
	const letter = given.last("c", "n");
	const text = letter === undefined ? String(DEFAULT_LINES) : (given.value(letter) as string);
	const unit = letter === "c" ? "bytes" : "lines";
	const match = /^([-+]?)(\d+)([bkKMG]?)$/.exec(text);
	if (match === null) throw new UsageError(`invalid number of ${unit}: ${quote(text)}`);
	const count = Math.min(Number(match[2]) * (UNITS[match[3] as string] as number), Number.MAX_SAFE_INTEGER);
	return { unit, count, sign: match[1] as string };
}

/** Runs `show` over every file, with a header each where there are several. */
export async function eachFile(given: Given, show: (file: File) => Promise<void>): Promise<undefined> {
	const paths = given.operands.length === 0 ? ["-"] : given.operands;
	const verbosity = given.last("q", "v");
	const headers = verbosity === undefined ? paths.length > 1 : verbosity === "v";
	let first = true;
	for (const path of paths) {
		let file: File;
		try {
			file = await openInput(path);
		} catch (error) {
			await fail(`cannot open ${quote(path)} for reading: ${reason(error)}`);
			continue;
		}
		if (headers) await print(`${first ? "" : "\n"}==> ${path === "-" ? "standard input" : path} <==\n`);
		first = false;
		try {
			await show(file);
		} catch (error) {
			if (error instanceof OutputError) throw error;
			await fail(`error reading ${quote(path)}: ${reason(error)}`);
		}
	}
	return undefined;
}

/** Where the `count`-th newline of `bytes` ends, or -1, and how many there were up to there. */
export function afterNewlines(bytes: Uint8Array, count: number): [end: number, seen: number] {
	let end = 0;
	for (let seen = 0; seen < count; seen++) {
		const at = bytes.indexOf(NEWLINE, end);
		if (at < 0) return [-1, seen];
		end = at + 1;
	}
	return [end, count];
}
