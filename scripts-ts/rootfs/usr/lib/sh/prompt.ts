/** Prompts: their backslash escapes, and the parameters and substitutions in them. */

import { info as machine } from "helios:sys";
import { now } from "helios:time";
import type { Part, Word } from "/usr/lib/sh/ast.ts";
import { type Co, wait } from "/usr/lib/sh/co.ts";
import { expandText } from "/usr/lib/sh/expand.ts";
import { Parser } from "/usr/lib/sh/parser.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";
import { users } from "/usr/lib/users/accounts.ts";

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function two(value: number): string {
	return String(value).padStart(2, "0");
}

/** A directory with `~` for the home it is in. */
export function tildePath(shell: Shell, path: string): string {
	const home = shell.get("HOME");
	if (home === undefined || home === "" || home === "/") return path;
	return path === home || path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** What the letter after a backslash stands for; `undefined` where it means nothing. */
function escape(shell: Shell, letter: string): string | undefined {
	const date = new Date(now());
	const directory = tildePath(shell, shell.cwd);
	const hours = date.getUTCHours();
	const minutes = two(date.getUTCMinutes());
	const seconds = two(date.getUTCSeconds());
	switch (letter) {
		case "$":
			return shell.identity.euid === 0 ? "#" : "$";
		case "!":
		case "#":
			return String(letter === "!" && shell.history !== undefined ? shell.history.next : shell.commands);
		case "@":
			return `${two(hours % 12 || 12)}:${minutes} ${hours < 12 ? "AM" : "PM"}`;
		case "A":
			return `${two(hours)}:${minutes}`;
		case "H":
			return shell.facts?.host ?? "";
		case "T":
			return `${two(hours % 12 || 12)}:${minutes}:${seconds}`;
		case "W":
			return directory === "/" ? "/" : directory.slice(directory.lastIndexOf("/") + 1);
		case "[":
		case "]":
			return "";
		case "\\":
			return "\\";
		case "a":
			return "\x07";
		case "d":
			return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${two(date.getUTCDate())}`;
		case "e":
			return "\x1b";
		case "h":
			return (shell.facts?.host ?? "").replace(/\..*/, "");
		case "j":
			return String(shell.jobs.all.length);
		case "n":
			return "\n";
		case "r":
			return "\r";
		case "s":
			return shell.name.replace(/^.*\/|^-/g, "");
		case "t":
			return `${two(hours)}:${minutes}:${seconds}`;
		case "u":
			return shell.facts?.user ?? "";
		case "w":
			return directory;
		default:
			return undefined;
	}
}

/** A prompt with its backslash escapes replaced. */
export function promptText(shell: Shell, form: string): string {
	return form.replace(/\\(?:([0-7]{3})|([\s\S]))/g, (all, octal: string | undefined, letter: string) =>
		octal === undefined ? (escape(shell, letter) ?? all) : String.fromCharCode(Number.parseInt(octal, 8) & 255),
	);
}

/** Finds out who and where this is, for prompts. */
export function* learnFacts(shell: Shell): Co<void> {
	if (shell.facts !== undefined) return;
	const [{ hostname }, people] = yield* wait(Promise.all([machine(), users()]));
	const { euid } = shell.identity;
	shell.facts = { user: people.find((user) => user.uid === euid)?.name ?? String(euid), host: hostname };
}

/** A prompt as it is shown. */
export function* expandPrompt(shell: Shell, form: string): Co<string> {
	if (/\\[uhH]/.test(form)) yield* learnFacts(shell);
	// What an escape stands for is not expanded a second time.
	const text = form.replace(/\\(?:[0-7]{3}|[\s\S])/g, (all) => {
		const shown = promptText(shell, all);
		return shown === all ? all : shown.replace(/[\\$`]/g, "\\$&");
	});
	if (!/[$`\\]/.test(text)) return text;
	const word: Word = { parts: quotedParts(text), offset: 0 };
	const { status, substituted } = shell;
	const out = yield* expandText(word, shell);
	shell.status = status;
	shell.substituted = substituted;
	return out;
}

/** The parts of a text as they are between double quotes; one that cannot be read is itself. */
function quotedParts(text: string): Part[] {
	try {
		return new Parser(text).lexer.quotedText();
	} catch {
		return [{ type: "text", text, quoted: true }];
	}
}
