/** `sha256sum` and its like: digests of files, and checking them. */

import { type DigestName, digest, hex } from "helios:crypto";
import type { File } from "helios:fs";
import {
	type Command,
	Failure,
	fail,
	failedWith,
	flush,
	type Given,
	OutputError,
	openInput,
	print,
	put,
	reason,
	run,
	UsageError,
	warn,
} from "/usr/lib/sh/cli.ts";
import { overFiles, overLines } from "/usr/lib/text/filter.ts";
import { readUpTo } from "/usr/lib/text/lines.ts";

/** Largest file: a digest is made of all of it at once. */
const MAX_BYTES = 24 * 1024 * 1024;

interface Algorithm {
	/** The digest's name here, and in the lines of `--tag`. */
	name: DigestName;
	tag: string;
	hexDigits: number;
}

async function digestOf(file: File, algorithm: Algorithm): Promise<string> {
	const bytes = await readUpTo(file, MAX_BYTES);
	if (bytes === undefined) throw new Failure("memory exhausted");
	return hex(digest(algorithm.name, bytes));
}

/** A name as a line can hold it, and the backslash that says so. */
function escaped(name: string): [mark: string, name: string] {
	if (!/[\\\n\r]/.test(name)) return ["", name];
	return ["\\", name.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r")];
}

async function printDigests(given: Given, algorithm: Algorithm): Promise<void> {
	const zero = given.has("z");
	await overFiles(given.operands, async (file, path) => {
		const sum = await digestOf(file, algorithm);
		const [mark, name] = zero ? ["", path] : escaped(path);
		const end = zero ? "\0" : "\n";
		if (given.has("tag")) put(`${mark}${algorithm.tag} (${name}) = ${sum}${end}`);
		else put(`${mark}${sum} ${given.last("b", "t") === "b" ? "*" : " "}${name}${end}`);
		await flush();
	});
}

/** The digest and the name in a line of a list; `undefined` where it is none. */
function entryOf(line: string, algorithm: Algorithm): [sum: string, name: string] | undefined {
	const digits = `[0-9a-fA-F]{${algorithm.hexDigits}}`;
	const plain = new RegExp(`^\\s*(\\\\?)(${digits})(?: [ *]|\\s+)(.+)$`, "s").exec(line);
	const tagged = new RegExp(`^(\\\\?)${algorithm.tag} \\((.+)\\) = (${digits})$`, "s").exec(line);
	const match = tagged ?? plain;
	if (match === null) return undefined;
	const [mark, sum, name] = tagged === null ? match.slice(1) : [match[1], match[3], match[2]];
	const read =
		mark === "\\"
			? (name as string).replace(/\\([\\nr])/g, (_, kind: string) => ({ "\\": "\\", n: "\n", r: "\r" })[kind] as string)
			: (name as string);
	return [(sum as string).toLowerCase(), read];
}

interface Tally {
	good: number;
	malformed: number;
	unreadable: number;
	wrong: number;
}

function plural(count: number, one: string, several: string): string {
	return `${count} ${count === 1 ? one : several}`;
}

async function checkOne(sum: string, name: string, given: Given, algorithm: Algorithm, tally: Tally): Promise<void> {
	const status = given.has("status");
	const [mark, shown] = /[\n\r]/.test(name) ? escaped(name) : ["", name];
	let file: File | undefined;
	try {
		file = await openInput(name);
		const same = (await digestOf(file, algorithm)) === sum;
		if (same) tally.good++;
		else tally.wrong++;
		if (!status && !(same && given.has("quiet"))) await print(`${mark}${shown}: ${same ? "OK" : "FAILED"}\n`);
	} catch (error) {
		if (error instanceof OutputError) throw error;
		if (failedWith(error, "ENOENT") && given.has("ignore-missing")) return;
		tally.unreadable++;
		await fail(`${name}: ${reason(error)}`);
		if (!status) await print(`${mark}${shown}: FAILED open or read\n`);
	} finally {
		if (file !== undefined && file.fd !== 0) await file.close();
	}
}

async function checkList(path: string, given: Given, algorithm: Algorithm): Promise<boolean> {
	const tally: Tally = { good: 0, malformed: 0, unreadable: 0, wrong: 0 };
	const list = path === "-" ? "'standard input'" : path;
	const entries: ([string, string] | "empty" | undefined)[] = [];
	const file = await openInput(path);
	try {
		await overLines(file, (text) => {
			// Empty lines are none; a list may have been written on another system.
			const line = text.replace(/\r$/, "");
			if (line.startsWith("#")) return;
			entries.push(line === "" ? "empty" : entryOf(line, algorithm));
		});
	} finally {
		if (file.fd !== 0) await file.close();
	}
	for (const [index, entry] of entries.entries()) {
		if (entry === "empty") continue;
		if (entry !== undefined) await checkOne(entry[0], entry[1], given, algorithm, tally);
		else {
			tally.malformed++;
			if (given.has("w")) await warn(`${path}: ${index + 1}: improperly formatted ${algorithm.tag} checksum line`);
		}
	}
	const entriesFound = tally.good + tally.unreadable + tally.wrong;
	if (entriesFound === 0 && !given.has("ignore-missing")) {
		await warn(`${list}: no properly formatted checksum lines found`);
		return false;
	}
	if (!given.has("status")) {
		if (tally.malformed > 0)
			await warn(`WARNING: ${plural(tally.malformed, "line is", "lines are")} improperly formatted`);
		if (tally.unreadable > 0)
			await warn(`WARNING: ${plural(tally.unreadable, "listed file could", "listed files could")} not be read`);
		if (tally.wrong > 0)
			await warn(`WARNING: ${plural(tally.wrong, "computed checksum did", "computed checksums did")} NOT match`);
		if (given.has("ignore-missing") && tally.good === 0) await warn(`${list}: no file was verified`);
	}
	if (given.has("ignore-missing") && tally.good === 0) return false;
	return tally.wrong === 0 && tally.unreadable === 0 && !(given.has("strict") && tally.malformed > 0);
}

const ONLY_CHECKING = ["ignore-missing", "quiet", "status", "strict", "w"];

/** The whole of a command that makes and checks digests. */
export async function checksumCommand(command: string, algorithm: Algorithm): Promise<void> {
	const description: Command = {
		name: command,
		usage: ["[OPTION]... [FILE]..."],
		about: `Print or check ${algorithm.tag} digests. With no FILE, or where FILE is -, read standard input.`,
		options: {
			b: ["binary", "print * before names"],
			c: ["check", "read digests from the FILEs and check them"],
			tag: ["tag", "print lines as BSD does"],
			t: ["text", "print a space before names (this is the default)"],
			z: ["zero", "lines end with NUL instead of a newline"],
			"ignore-missing": ["ignore-missing", "with -c: leave out files that are missing"],
			quiet: ["quiet", "with -c: do not print OK for each file"],
			status: ["status", "with -c: print nothing; the status tells"],
			strict: ["strict", "with -c: fail also where a line makes no sense"],
			w: ["warn", "with -c: say which lines make no sense"],
		},
	};
	await run(description, async (given) => {
		const checking = given.has("c");
		for (const letter of ONLY_CHECKING) {
			if (given.has(letter) && !checking)
				throw new UsageError(
					`the --${letter === "w" ? "warn" : letter} option is meaningful only when verifying checksums`,
				);
		}
		if (given.has("tag") && checking) throw new UsageError("the --tag option is meaningless when verifying checksums");
		if (!checking) {
			await printDigests(given, algorithm);
			return undefined;
		}
		let all = true;
		for (const path of given.operands.length === 0 ? ["-"] : given.operands) {
			try {
				all = (await checkList(path, given, algorithm)) && all;
			} catch (error) {
				if (error instanceof OutputError) throw error;
				await fail(`${path}: ${reason(error)}`);
			}
		}
		return all ? undefined : 1;
	});
}
