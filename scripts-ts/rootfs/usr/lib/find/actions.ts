/** What `find` does with the files that it finds. */

import { isDirectory, isSymlink, readlink, rmdir, unlink } from "helios:fs";
import { cwd, env } from "helios:process";
import { formatDate } from "/usr/lib/dates/format.ts";
import { confirmed, directoryOf } from "/usr/lib/files/look.ts";
import { permissions, typeLetter } from "/usr/lib/files/modes.ts";
import { diskBytes } from "/usr/lib/files/sizes.ts";
import { listedTime } from "/usr/lib/files/times.ts";
import type { Node, Test } from "/usr/lib/find/node.ts";
import { endWith, Failure, fail, failedWith, flush, print, quote, reason, warn } from "/usr/lib/sh/cli.ts";
import { LaunchError, launch, statusOf } from "/usr/lib/sh/launch.ts";
import { names } from "/usr/lib/users/accounts.ts";

/** Arguments that one command of `-exec … +` gets at most, and their characters. */
const MAX_ARGUMENTS = 4096;
const MAX_CHARACTERS = 65_536;
const BLOCK_BYTES = 512;
const ESCAPES: Record<string, string> = {
	a: "\u0007",
	b: "\b",
	c: "",
	f: "\f",
	n: "\n",
	r: "\r",
	t: "\t",
	v: "\v",
	"0": "\0",
	"\\": "\\",
};

let owners: Awaited<ReturnType<typeof names>> | undefined;

async function ownerNames(): Promise<Awaited<ReturnType<typeof names>>> {
	owners ??= await names();
	return owners;
}

/** The path below the operand. */
function relative(node: Node): string {
	return node.depth === 0 ? "" : node.path.slice(node.start.length).replace(/^\/+/, "");
}

function head(node: Node): string {
	const slash = node.path.replace(/\/+$/, "").lastIndexOf("/");
	return slash < 0 ? "." : node.path.slice(0, slash);
}

type Directive = (node: Node) => string | number | Promise<string | number>;

const DIRECTIVES: Record<string, Directive> = {
	p: (node) => node.path,
	P: relative,
	f: (node) => node.name,
	h: head,
	H: (node) => node.start,
	d: (node) => node.depth,
	s: async (node) => (await node.about()).size,
	b: async (node) => diskBytes(await node.about()) / BLOCK_BYTES,
	k: async (node) => diskBytes(await node.about()) / 1024,
	m: async (node) => ((await node.about()).mode & 0o7777).toString(8),
	M: async (node) => typeLetter((await node.about()).mode) + permissions((await node.about()).mode),
	u: async (node) => (await ownerNames()).user((await node.about()).uid),
	g: async (node) => (await ownerNames()).group((await node.about()).gid),
	U: async (node) => (await node.about()).uid,
	G: async (node) => (await node.about()).gid,
	i: async (node) => (await node.about()).ino,
	n: async (node) => (await node.about()).nlink,
	y: async (node) => letterOf(await node.type()),
	Y: async (node) => letterOf(await node.otherType(), true),
	l: async (node) => (isSymlink({ mode: await node.type() }) ? readlink(node.path) : ""),
	t: async (node) => longDate((await node.about()).mtimeMs),
	c: async (node) => longDate((await node.about()).ctimeMs),
	D: () => 0,
	S: () => "1",
};

/** A type's letter; `through` links there is none left but those that lead nowhere. */
function letterOf(type: number, through = false): string {
	const letter = typeLetter(type);
	return letter === "-" ? "f" : through && letter === "l" ? "N" : letter;
}

/** A time as `%t` has it. */
function longDate(timeMs: number): string {
	return `${formatDate("%a %b %e ", timeMs)}${dated(timeMs, "T")} ${formatDate("%Y", timeMs)}`;
}

/** A time by one letter of `strftime`, with fractions where `find` has them. */
function dated(timeMs: number, letter: string): string {
	const fraction = `${String(((timeMs % 1000) + 1000) % 1000).padStart(3, "0")}0000000`;
	if (letter === "@") return `${Math.floor(timeMs / 1000)}.${fraction}`;
	if (letter === "S") return `${formatDate("%S", timeMs)}.${fraction}`;
	if (letter === "T" || letter === "X") return `${formatDate("%T", timeMs)}.${fraction}`;
	if (letter === "+") return `${formatDate("%F+%T", timeMs)}.${fraction}`;
	return formatDate(`%${letter}`, timeMs);
}

interface Part {
	flags: string;
	width: number;
	precision: string | undefined;
	show: Directive;
	/** Numbers are filled up with zeros where that is asked for; what is written as a text is not. */
	number: boolean;
}

function shown({ flags, width, precision, number }: Part, value: string): string {
	const text = precision === undefined || number ? value : value.slice(0, Number(precision));
	if (flags.includes("-")) return text.padEnd(width);
	return text.padStart(width, number && flags.includes("0") ? "0" : " ");
}

/** `-printf FORMAT`, compiled once. */
export async function printfAction(format: string, write: (text: string) => Promise<void> = print): Promise<Test> {
	const parts: (string | Part)[] = [];
	for (const match of format.matchAll(
		/\\([0-7]{1,3}|[\s\S])|%([-+ #0]*)(\d*)(?:\.(\d+))?([ABCT][\s\S]|[\s\S])|[^\\%]+|[\s\S]/g,
	)) {
		const [whole, escape, flags = "", width = "", precision, directive] = match;
		if (escape === "c") break;
		if (escape !== undefined) {
			const code = /^[0-7]/.test(escape) ? String.fromCharCode(Number.parseInt(escape, 8)) : ESCAPES[escape];
			if (code === undefined) await warn(`warning: unrecognized escape \`${whole}'`);
			parts.push(code ?? whole);
		} else if (whole === "%") throw new Failure("error: % at end of format string");
		else if (directive === undefined) parts.push(whole);
		else if (directive === "%") parts.push("%");
		else {
			const [kind, letter] = [directive.charAt(0), directive.charAt(1)];
			const timed: Directive | undefined =
				letter === ""
					? undefined
					: async (node) => dated(kind === "C" ? (await node.about()).ctimeMs : (await node.about()).mtimeMs, letter);
			const show = timed ?? DIRECTIVES[directive];
			if (show === undefined) {
				await warn(`warning: unrecognized format directive \`%${directive}'`);
				parts.push(whole);
			} else
				parts.push({ flags, width: Number(width), precision, show, number: directive === "m" || directive === "d" });
		}
	}
	return async (node) => {
		let text = "";
		for (const part of parts) {
			if (typeof part === "string") text += part;
			else {
				const octal = part.flags.includes("#") && part.show === DIRECTIVES.m ? "0" : "";
				text += shown(part, octal + String(await part.show(node)));
			}
		}
		await write(text);
		return true;
	};
}

/** `-ls`: a line as of `ls -dils`. */
export const lsAction: Test = async (node) => {
	const about = await node.about();
	const { user, group } = await ownerNames();
	const target = isSymlink(about) ? ` -> ${await readlink(node.path).catch(() => "")}` : "";
	const cells = [
		String(about.ino).padStart(9),
		String(diskBytes(about) / 1024).padStart(6),
		typeLetter(about.mode) + permissions(about.mode),
		String(about.nlink).padStart(3),
		user(about.uid).padEnd(8),
		group(about.gid).padEnd(8),
		String(about.size).padStart(8),
		listedTime(about.mtimeMs, Date.now()),
	];
	await print(
		`${cells.join(" ")} ${node.path.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll(" ", "\\ ")}${target}\n`,
	);
	return true;
};

/** `-delete`. */
export const deleteAction: Test = async (node) => {
	// The directory that the walk began in stays: nobody could go on in it.
	if (/^\.\/*$/.test(node.path)) return true;
	try {
		await (isDirectory({ mode: await node.type() }) && !isSymlink(await node.about())
			? rmdir(node.path)
			: unlink(node.path));
		return true;
	} catch (error) {
		if (!failedWith(error)) throw error;
		await fail(`cannot delete ${quote(node.path)}: ${reason(error)}`);
		return false;
	}
};

/** Runs a command to its end; whether it ended with 0. */
async function runCommand(words: readonly string[], directory: string | undefined): Promise<boolean> {
	await flush();
	const [name = "", ...args] = words;
	try {
		const child = await launch(name, { args, env, ...(directory === undefined ? {} : { cwd: directory }) });
		return statusOf(await child.wait()) === 0;
	} catch (error) {
		if (!(error instanceof LaunchError)) throw error;
		await warn(`${quote(name)}: ${error.status === 127 ? "No such file or directory" : error.message}`);
		return false;
	}
}

function directoryFor(node: Node): string {
	const directory = directoryOf(node.path);
	return directory.startsWith("/") ? directory : `${cwd()}/${directory}`;
}

/** `-exec … ;`, `-execdir … ;` and, with `asks`, `-ok … ;`. */
export function execAction(words: readonly string[], inDirectory: boolean, asks: boolean): Test {
	return async (node) => {
		const path = inDirectory ? `./${node.name}` : node.path;
		if (asks && !(await confirmed(`< ${words[0]} ... ${node.path} > `))) return false;
		return runCommand(
			words.map((word) => word.replaceAll("{}", () => path)),
			inDirectory ? directoryFor(node) : undefined,
		);
	};
}

/** `-exec … {} +`: many files at a time. Answers the test and what runs the rest. */
export function batchAction(words: readonly string[], inDirectory: boolean): [Test, () => Promise<void>] {
	let gathered: string[] = [];
	let characters = 0;
	let place: string | undefined;
	const run = async (): Promise<void> => {
		if (gathered.length === 0) return;
		const paths = gathered;
		gathered = [];
		characters = 0;
		if (!(await runCommand([...words, ...paths], place))) endWith(1);
	};
	const test: Test = async (node) => {
		const directory = inDirectory ? directoryFor(node) : undefined;
		const path = inDirectory ? `./${node.name}` : node.path;
		if (directory !== place || gathered.length >= MAX_ARGUMENTS || characters + path.length > MAX_CHARACTERS)
			await run();
		place = directory;
		gathered.push(path);
		characters += path.length;
		return true;
	};
	return [test, run];
}

/** The words of a command up to `;` or `{} +`; how many were taken, and which end it was. */
export function commandWords(
	name: string,
	words: readonly string[],
): [command: string[], taken: number, batch: boolean] {
	for (let at = 0; at < words.length; at++) {
		if (words[at] === ";") {
			if (at === 0) throw new Failure(`invalid argument \`;' to \`${name}'`);
			return [words.slice(0, at), at + 1, false];
		}
		if (words[at] === "+" && words[at - 1] === "{}" && !name.startsWith("-ok")) {
			if (at === 1) throw new Failure(`invalid argument \`{}' to \`${name}'`);
			const command = words.slice(0, at - 1);
			if (command.includes("{}")) throw new Failure(`only one instance of {} is supported with ${name} ... +`);
			return [command, at + 1, true];
		}
	}
	throw new Failure(`missing argument to \`${name}'`);
}
