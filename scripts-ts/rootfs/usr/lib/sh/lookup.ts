/** Where commands are found. */

import { isDirectory, isFile, type Stat, stat } from "helios:fs";
import { BUILTINS } from "/usr/lib/sh/builtins.ts";
import { type Co, wait } from "/usr/lib/sh/co.ts";
import { candidates } from "/usr/lib/sh/launch.ts";
import { RESERVED } from "/usr/lib/sh/parser.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";

/** What a name is, of all that it may be, the first being what runs. */
export type Meaning =
	| { kind: "alias"; value: string }
	| { kind: "keyword" }
	| { kind: "function"; source: string }
	| { kind: "builtin" }
	| { kind: "file"; path: string; hashed: boolean };

function look(path: string): Promise<Stat | undefined> {
	return stat(path).catch(() => undefined);
}

/** Whether there is a directory at a path. */
export function* isDirectoryAt(shell: Shell, path: string): Co<boolean> {
	const about = yield* wait(look(shell.resolve(path)));
	return about !== undefined && isDirectory(about);
}

/** The programs that a name may stand for, in the order of `$PATH`. */
export function* programs(shell: Shell, name: string, path = shell.get("PATH")): Co<string[]> {
	const found: string[] = [];
	for (const candidate of name === "" ? [] : candidates(name, path)) {
		const about = yield* wait(look(shell.resolve(candidate)));
		if (about !== undefined && isFile(about) && (about.mode & 0o111) !== 0) found.push(candidate);
	}
	return found;
}

/** What a name means. With `files` only, programs alone. */
export function* meanings(shell: Shell, name: string, files = false): Co<Meaning[]> {
	const out: Meaning[] = [];
	const alias = shell.aliases.get(name);
	const definition = shell.functions.get(name);
	if (!files) {
		if (alias !== undefined && shell.shopts.has("expand_aliases")) out.push({ kind: "alias", value: alias });
		if (RESERVED.has(name)) out.push({ kind: "keyword" });
		if (definition !== undefined) out.push({ kind: "function", source: definition.source });
		if (BUILTINS.has(name) && !shell.disabled.has(name)) out.push({ kind: "builtin" });
	}
	const hashed = shell.hashed.get(name)?.path;
	for (const path of yield* programs(shell, name)) out.push({ kind: "file", path, hashed: path === hashed });
	return out;
}
