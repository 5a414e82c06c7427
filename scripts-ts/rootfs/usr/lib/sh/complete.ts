/** Tells how a line may go on at the cursor: commands, paths, variables, users, hosts, jobs, options. */

import { isDirectory, isFile, readdir, readTextFile, stat } from "helios:fs";
import { BUILTINS } from "/usr/lib/sh/builtins.ts";
import { RESERVED } from "/usr/lib/sh/parser.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";
import { users } from "/usr/lib/users/accounts.ts";

/** One way to go on. */
export interface Candidate {
	/** What takes the place of the text from `from` to the cursor, quoted as it has to be. */
	text: string;
	kind: "command" | "path" | "variable" | "option" | "user" | "host" | "job" | "builtin";
	/** What follows it where it is the only one. */
	suffix: string;
}

/** All the ways to go on. */
export interface Completion {
	/** Where what they replace begins, in UTF-16 units. */
	from: number;
	candidates: Candidate[];
}

/** The word at the cursor, and what stands before it in its command. */
interface Place {
	/** Where the word begins. */
	from: number;
	/** The word up to the cursor, as it is written. */
	raw: string;
	/** The same without quotes. */
	plain: string;
	/** The quote that is open at the cursor, if one is. */
	quote: string;
	/** The words before it in its command, without quotes. */
	before: string[];
	/** It follows a redirection. */
	redirected: boolean;
}

const NOTHING: Place = { from: 0, raw: "", plain: "", quote: "", before: [], redirected: false };
/** After these a command begins, as after `;`. */
const BEFORE_COMMANDS = new Set(["!", "{", "do", "else", "elif", "if", "then", "time", "until", "while"]);
/** Commands whose first operand is a command. */
const PREFIXES = new Set([
	"builtin",
	"command",
	"doas",
	"env",
	"exec",
	"man",
	"nice",
	"nohup",
	"strace",
	"time",
	"type",
	"watch",
	"which",
	"xargs",
]);
const JOB_COMMANDS = new Set(["bg", "disown", "fg", "jobs", "kill", "wait"]);
const DIRECTORY_COMMANDS = new Set(["cd", "mkdir", "pushd", "rmdir"]);

/** Finds the word that ends at the cursor. */
function locate(text: string): Place {
	let place: Place = { ...NOTHING, before: [] };
	let inWord = false;
	const finish = (): void => {
		if (!inWord) return;
		const redirected = place.redirected;
		const before = redirected ? place.before : [...place.before, place.plain];
		place = { ...NOTHING, before };
		inWord = false;
	};
	for (let at = 0; at < text.length; at++) {
		const character = text.charAt(at);
		if (place.quote === "" && /[\s;&|<>()]/.test(character)) {
			finish();
			if (/[;&|(\n]/.test(character)) place = { ...NOTHING, before: [] };
			else if (character === "<" || character === ">") place.redirected = true;
			continue;
		}
		if (!inWord) {
			inWord = true;
			place.from = at;
		}
		if (place.quote === "" && (character === "'" || character === '"')) place.quote = character;
		else if (character === place.quote) place.quote = "";
		else if (character === "\\" && place.quote !== "'" && at + 1 < text.length) place.plain += text.charAt(++at);
		else place.plain += character;
	}
	if (!inWord) place.from = text.length;
	place.raw = text.slice(place.from);
	const first = place.before.findIndex((word) => !/^[A-Za-z_]\w*\+?=/.test(word) && !BEFORE_COMMANDS.has(word));
	place.before = first < 0 ? [] : place.before.slice(first);
	return place;
}

/** A text as it has to be written at the place, the quote that is open there taken into account. */
function written(text: string, { quote }: Place, directory = false): string {
	if (quote === "'") return `'${text.replaceAll("'", "'\\''")}${directory ? "" : "'"}`;
	if (quote === '"') return `"${text.replace(/["$`\\]/g, "\\$&")}${directory ? "" : '"'}`;
	return text.replace(/[ !"#$&'()*;<>?[\\\]`{|}]/g, (character, at: number) =>
		character === "#" && at > 0 ? character : `\\${character}`,
	);
}

const byText = (a: Candidate, b: Candidate): number => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);

async function paths(shell: Shell, place: Place, only: "directories" | "programs" | "all"): Promise<Candidate[]> {
	const slash = place.plain.lastIndexOf("/");
	const directory = place.plain.slice(0, slash + 1);
	const start = place.plain.slice(slash + 1);
	const home = directory.startsWith("~/") && place.quote === "" ? shell.get("HOME") : undefined;
	const full = home === undefined ? directory : home + directory.slice(1);
	const entries = await readdir(shell.resolve(full === "" ? "." : full)).catch(() => []);
	const out: Candidate[] = [];
	for (const { name } of entries) {
		if (!name.startsWith(start) || (name.startsWith(".") && !start.startsWith("."))) continue;
		const about = await stat(shell.resolve(full + name)).catch(() => undefined);
		const isDir = about !== undefined && isDirectory(about);
		if (!isDir && only === "directories") continue;
		if (!isDir && only === "programs" && (about === undefined || (about.mode & 0o111) === 0)) continue;
		const text =
			home === undefined ? written(directory + name, place, isDir) : `${directory}${written(name, place, isDir)}`;
		out.push({ text: isDir ? `${text}/` : text, kind: "path", suffix: isDir ? "" : " " });
	}
	return out;
}

/** Names that a command may have: programs in `$PATH`, builtins, functions, aliases, keywords. */
async function commands(shell: Shell, place: Place): Promise<Candidate[]> {
	if (place.plain.includes("/")) return paths(shell, place, "programs");
	const found = new Map<string, Candidate["kind"]>();
	const add = (name: string, kind: Candidate["kind"]): void => {
		if (name.startsWith(place.plain) && !found.has(name)) found.set(name, kind);
	};
	for (const name of BUILTINS.keys()) add(name, "builtin");
	for (const name of RESERVED) add(name, "builtin");
	for (const name of [...shell.functions.keys(), ...shell.aliases.keys()]) add(name, "command");
	for (const directory of (shell.get("PATH") ?? "").split(":")) {
		const base = shell.resolve(directory === "" ? "." : directory);
		for (const { name } of await readdir(base).catch(() => [])) {
			if (!name.startsWith(place.plain) || found.has(name)) continue;
			const about = await stat(`${base}/${name}`).catch(() => undefined);
			if (about !== undefined && isFile(about) && (about.mode & 0o111) !== 0) add(name, "command");
		}
	}
	return [...found].map(([name, kind]) => ({ text: written(name, place), kind, suffix: " " }));
}

/** The variables whose names begin like what follows the last `$`. */
function variables(shell: Shell, place: Place): Candidate[] | undefined {
	const found = place.quote === "'" ? null : /\$(\{?)([A-Za-z_]\w*)?$/.exec(place.raw);
	if (found === null) return undefined;
	const [whole, brace = "", start = ""] = found;
	const before = place.raw.slice(0, place.raw.length - whole.length);
	return shell.variables
		.all()
		.filter(([name]) => name.startsWith(start))
		.map(([name]) => ({ text: `${before}$${brace}${name}${brace === "" ? "" : "}"}`, kind: "variable", suffix: "" }));
}

/** The options that a command's page documents. */
async function options(name: string, place: Place): Promise<Candidate[]> {
	for (const section of [1, 8]) {
		const page = await readTextFile(`/usr/share/man/${name}.${section}.md`).catch(() => undefined);
		if (page === undefined) continue;
		const all = new Set([...page.matchAll(/\*\*(--?[A-Za-z0-9][\w-]*)\*{0,2}/g)].map((match) => match[1] as string));
		const fitting = [...all, "--help"].filter(
			(option, at, list) => option.startsWith(place.plain) && list.indexOf(option) === at,
		);
		return fitting.map((option) => ({ text: option, kind: "option", suffix: " " }));
	}
	return [];
}

async function hosts(place: Place): Promise<Candidate[]> {
	const at = place.plain.lastIndexOf("@");
	const text = await readTextFile("/etc/hosts").catch(() => "");
	const names = text.split("\n").flatMap((line) => line.replace(/#.*/, "").trim().split(/\s+/).slice(1));
	return [...new Set(names)]
		.filter((name) => name.startsWith(place.plain.slice(at + 1)))
		.map((name) => ({ text: place.plain.slice(0, at + 1) + name, kind: "host", suffix: " " }));
}

function jobs(shell: Shell, place: Place): Candidate[] {
	return shell.jobs.all
		.map((job) => `%${job.number}`)
		.filter((spec) => spec.startsWith(place.plain))
		.map((spec) => ({ text: spec, kind: "job", suffix: " " }));
}

async function candidates(shell: Shell, place: Place): Promise<Candidate[]> {
	const named = variables(shell, place);
	if (named !== undefined) return named;
	if (place.quote === "" && /^~[^/]*$/.test(place.plain))
		return (await users())
			.filter(({ name }) => `~${name}`.startsWith(place.plain))
			.map(({ name }) => ({ text: `~${name}/`, kind: "user", suffix: "" }));
	const [command] = place.before;
	if (place.redirected) return paths(shell, place, "all");
	if (command === undefined) return commands(shell, place);
	if (place.plain.startsWith("-") && place.quote === "") {
		const found = await options(command, place);
		if (found.length > 0) return found;
	}
	if (place.plain.startsWith("%") && JOB_COMMANDS.has(command)) return jobs(shell, place);
	if (PREFIXES.has(command) && place.before.slice(1).every((word) => word.startsWith("-")))
		return commands(shell, place);
	if (["export", "local", "readonly", "unset"].includes(command) && /^\w*$/.test(place.plain))
		return shell.variables
			.all()
			.filter(([name]) => name.startsWith(place.plain))
			.map(([name]) => ({ text: name, kind: "variable", suffix: command === "unset" ? " " : "" }));
	if (place.plain.includes("@")) {
		const found = await hosts(place);
		if (found.length > 0) return found;
	}
	const found = await paths(shell, place, DIRECTORY_COMMANDS.has(command) ? "directories" : "all");
	return found.length > 0 || place.plain !== "" ? found : [...jobsFor(shell, command, place)];
}

function jobsFor(shell: Shell, command: string, place: Place): Candidate[] {
	return JOB_COMMANDS.has(command) ? jobs(shell, place) : [];
}

/** How `line` may go on at `cursor`, in UTF-16 units. */
export async function complete(shell: Shell, line: string, cursor: number): Promise<Completion> {
	const place = locate(line.slice(0, cursor));
	const found = await candidates(shell, place);
	return { from: place.from, candidates: found.sort(byText) };
}
