/** How what is typed in a session may go on: names, properties, keywords, modules and commands. */

import { isDirectory, readdir, stat } from "helios:fs";
import type { Candidate, Completion } from "/usr/lib/tui/editor.ts";

const MODULES = ["crypto", "errors", "fs", "io", "ipc", "process", "sys", "time", "tty"].map(
	(name) => `helios:${name}`,
);
const KEYWORDS = (
	"async await break case catch class const continue debugger default delete do else enum export false finally for " +
	"function if import in instanceof interface let namespace new null of return static super switch this throw true try " +
	"type typeof undefined var void while yield"
).split(" ");
/** Commands of a session. */
export const COMMANDS = [".clear", ".exit", ".help", ".load", ".save"];

const IDENTIFIER = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;
/** Values with properties before the cursor: a chain of names, or the end of a literal. */
const CHAIN = /(?:^|[^\w$.\])}"'`])((?:[A-Za-z_$][\w$]*\??\.)+)([\w$]*)$/;
const AFTER_LITERAL = /(["'`\]])\.([\w$]*)$/;
const NAME = /(?:^|[^\w$.])([A-Za-z_$][\w$]*)$/;
const IMPORTED = /(?:\bfrom\s*|\bimport\s*\(?\s*)(["'])([^"']*)$/;

/** Names of properties, those of the value itself first, then those of its prototypes. */
function propertiesOf(value: unknown): string[] {
	const names = new Set<string>();
	let object: unknown = value;
	if (typeof value !== "object" && typeof value !== "function") object = Object.getPrototypeOf(Object(value));
	for (let depth = 0; object !== null && object !== undefined && depth < 16; depth++) {
		for (const name of Object.getOwnPropertyNames(object)) if (IDENTIFIER.test(name)) names.add(name);
		object = Object.getPrototypeOf(object);
	}
	return [...names];
}

/** A property's value, if reading it runs nothing. */
function peek(value: unknown, name: string): unknown {
	let object: unknown = Object(value);
	for (let depth = 0; object !== null && depth < 16; depth++) {
		const found = Object.getOwnPropertyDescriptor(object as object, name);
		if (found !== undefined) return found.value;
		object = Object.getPrototypeOf(object);
	}
	return undefined;
}

function globalValue(name: string): unknown {
	// Declared names and lazy globals are accessors, which do no harm.
	try {
		return Reflect.get(globalThis, name);
	} catch {
		return undefined;
	}
}

function candidates(names: readonly string[], begun: string, kind: string): Candidate[] {
	const found = names.filter((name) => name.startsWith(begun)).sort();
	return found.map((text) => ({ text, kind, suffix: "" }));
}

async function modules(begun: string): Promise<Candidate[]> {
	if (!/^[./]/.test(begun)) return candidates(MODULES, begun, "module");
	const slash = begun.lastIndexOf("/");
	const folder = begun.slice(0, slash + 1);
	const entries = await readdir(folder === "" ? "." : folder).catch(() => []);
	const found: Candidate[] = [];
	for (const { name } of entries) {
		const path = folder + name;
		if (!path.startsWith(begun) || (name.startsWith(".") && !begun.endsWith("."))) continue;
		const about = await stat(path).catch(() => undefined);
		if (about !== undefined && isDirectory(about)) found.push({ text: `${path}/`, kind: "directory", suffix: "" });
		else if (name.endsWith(".ts")) found.push({ text: path, kind: "file", suffix: "" });
	}
	return found;
}

/** Completes what is before the cursor. */
export async function complete(text: string, cursor: number): Promise<Completion> {
	const before = text.slice(0, cursor);
	const none = { from: cursor, candidates: [] };
	const file = /^\.(?:load|save)\s+(\S*)$/.exec(before);
	if (file !== null) {
		const begun = file[1] ?? "";
		const found = await modules(/^[./]/.test(begun) ? begun : `./${begun}`);
		return { from: cursor - begun.length, candidates: found };
	}
	if (/^\.\w*$/.test(before)) return { from: 0, candidates: candidates(COMMANDS, before, "command") };
	const imported = IMPORTED.exec(before);
	if (imported !== null) {
		const begun = imported[2] ?? "";
		return { from: cursor - begun.length, candidates: await modules(begun) };
	}
	const chain = CHAIN.exec(before);
	if (chain !== null) {
		const [, path = "", begun = ""] = chain;
		const [root = "", ...rest] = path.replace(/\??\.$/, "").split(/\??\./);
		let value = globalValue(root);
		for (const name of rest) if (value !== undefined && value !== null) value = peek(value, name);
		if (value === undefined || value === null) return none;
		return { from: cursor - begun.length, candidates: candidates(propertiesOf(value), begun, "property") };
	}
	const literal = AFTER_LITERAL.exec(before);
	if (literal !== null) {
		const begun = literal[2] ?? "";
		const names = propertiesOf(literal[1] === "]" ? [] : "");
		return { from: cursor - begun.length, candidates: candidates(names, begun, "property") };
	}
	const begun = NAME.exec(before)?.[1] ?? "";
	if (begun === "") return none;
	const names = [...new Set([...Object.getOwnPropertyNames(globalThis), ...KEYWORDS])].filter((name) =>
		IDENTIFIER.test(name),
	);
	return { from: cursor - begun.length, candidates: candidates(names, begun, "name") };
}
