/** Paths as texts, and the canonical form of paths whose files need not all be there. */

import { SystemError } from "helios:errors";
import { isDirectory, isSymlink, lstat, readlink } from "helios:fs";
import { cwd } from "helios:process";
import { failedWith } from "/usr/lib/sh/cli.ts";

/** Links that one path may lead through. */
const MAX_LINKS = 40;

/** An absolute path without `.`, `..`, and slashes that do not matter; nobody looks whether it is there. */
export function normalPath(path: string): string {
	const parts: string[] = [];
	for (const part of (path.startsWith("/") ? path : `${cwd()}/${path}`).split("/")) {
		if (part === "..") parts.pop();
		else if (part !== "" && part !== ".") parts.push(part);
	}
	return `/${parts.join("/")}`;
}

/** The way from a directory to a path; both are absolute and normal. */
export function relativePath(from: string, to: string): string {
	const [start, end] = [from, to].map((path) => path.split("/").filter((part) => part !== "")) as [string[], string[]];
	let same = 0;
	while (same < start.length && same < end.length && start[same] === end[same]) same++;
	return [...start.slice(same).map(() => ".."), ...end.slice(same)].join("/") || ".";
}

/** Whether one absolute path is another or lies below it. */
export function isBelow(path: string, directory: string): boolean {
	return path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

/** What may be missing of a path: nothing, the last component, all. */
export type Missing = "nothing" | "last" | "all";

/** The absolute path without links. ENOENT, ENOTDIR, ELOOP, EACCES. */
export async function canonicalPath(path: string, missing: Missing): Promise<string> {
	if (path === "") throw new SystemError("ENOENT");
	const rest = (path.startsWith("/") ? path : `${cwd()}/${path}`).split("/").reverse();
	const directory = path.endsWith("/");
	let done = "";
	let links = 0;
	while (rest.length > 0) {
		const part = rest.pop() as string;
		if (part === "" || part === ".") continue;
		if (part === "..") {
			done = done.slice(0, Math.max(0, done.lastIndexOf("/")));
			continue;
		}
		const next = `${done}/${part}`;
		const last = rest.every((each) => each === "" || each === ".");
		const about = await lstat(next).catch((error: unknown) => {
			const gone = failedWith(error, "ENOENT") || (missing === "all" && failedWith(error, "ENOTDIR", "ELOOP"));
			if (gone && (missing === "all" || (missing === "last" && last))) return undefined;
			throw error;
		});
		if (about === undefined || !isSymlink(about)) {
			const needed = rest.some((each) => each !== "") || (last && directory);
			if (about !== undefined && needed && !isDirectory(about) && missing !== "all") throw new SystemError("ENOTDIR");
			done = next;
			continue;
		}
		if (++links > MAX_LINKS) {
			if (missing !== "all") throw new SystemError("ELOOP");
			done = next;
			continue;
		}
		const said = await readlink(next);
		if (said.startsWith("/")) done = "";
		rest.push(...said.split("/").reverse());
	}
	return done === "" ? "/" : done;
}
