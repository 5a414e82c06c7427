#!/usr/bin/env node
/**
 * Checks or formats every TypeScript file of this folder, programs without an extension included.
 *
 * `tsc` and `biome` know a file by its extension, but a program in `/bin` has none. So the folder is mirrored with
 * `.ts` added where a file is TypeScript without saying so, the tool runs on the mirror, and names in what it prints
 * are turned back. `check.mjs types | lint | format`.
 */

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const MIRROR = join(ROOT, ".mirror");
const TREES = ["rootfs", "types", "tests", "tools"];
const CONFIGS = ["tsconfig.json", "biome.json", "package.json"];
const PROGRAM_FOLDERS = ["rootfs/bin", "rootfs/sbin", "rootfs/usr/bin", "rootfs/usr/sbin"];

/** Whether a file without an extension holds TypeScript: by its first line, else by its folder. */
function isProgram(path, text) {
	const first = text.slice(0, 80).split("\n", 1)[0];
	if (first.startsWith("#!")) return /\bts\b/.test(first);
	return PROGRAM_FOLDERS.includes(dirname(path));
}

function* walk(folder) {
	for (const entry of readdirSync(folder, { withFileTypes: true })) {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) yield* walk(path);
		else if (entry.isFile()) yield path;
	}
}

/** The mirrored name of a file, or `undefined` where no tool looks at it. */
function mirroredName(path) {
	if (/\.(ts|mts|mjs|json)$/.test(path)) return path;
	const base = path.slice(path.lastIndexOf("/") + 1);
	if (base.includes(".")) return undefined;
	return isProgram(path, readFileSync(join(ROOT, path), "utf8")) ? `${path}.ts` : undefined;
}

function makeMirror() {
	rmSync(MIRROR, { recursive: true, force: true });
	mkdirSync(MIRROR, { recursive: true });
	for (const name of CONFIGS) copyFileSync(join(ROOT, name), join(MIRROR, name));
	const back = new Map();
	for (const tree of TREES) {
		if (!statSync(join(ROOT, tree), { throwIfNoEntry: false })) continue;
		for (const file of walk(join(ROOT, tree))) {
			const path = relative(ROOT, file);
			const mirrored = mirroredName(path);
			if (mirrored === undefined) continue;
			if (back.has(mirrored)) throw new Error(`${path} and ${back.get(mirrored)} have one name in the mirror`);
			back.set(mirrored, path);
			mkdirSync(dirname(join(MIRROR, mirrored)), { recursive: true });
			copyFileSync(file, join(MIRROR, mirrored));
		}
	}
	return back;
}

function run(tool, args, back) {
	const result = spawnSync(process.execPath, [tool, ...args], { cwd: MIRROR, encoding: "utf8", maxBuffer: 1 << 28 });
	if (result.error) throw result.error;
	let output = result.stdout + result.stderr;
	for (const [mirrored, path] of back) if (mirrored !== path) output = output.replaceAll(mirrored, path);
	process.stdout.write(output);
	return result.status ?? 1;
}

/** Copies what a formatter changed in the mirror to where it belongs. */
function copyBack(back) {
	for (const [mirrored, path] of back) {
		const text = readFileSync(join(MIRROR, mirrored));
		if (!text.equals(readFileSync(join(ROOT, path)))) writeFileSync(join(ROOT, path), text);
	}
}

const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const BIOME = join(ROOT, "node_modules/@biomejs/biome/bin/biome");

const modes = {
	types: (back) => run(TSC, ["-p", ".", "--pretty", "false"], back),
	lint: (back) => run(BIOME, ["ci", "--colors=off", "--max-diagnostics=200", "."], back),
	format: (back) => {
		const status = run(BIOME, ["check", "--write", "--colors=off", "--max-diagnostics=200", "."], back);
		copyBack(back);
		return status;
	},
};

const mode = modes[process.argv[2]];
if (mode === undefined) {
	console.error("usage: check.mjs types | lint | format");
	process.exit(2);
}
try {
	process.exitCode = mode(makeMirror());
} finally {
	rmSync(MIRROR, { recursive: true, force: true });
}
