/** Names of users and groups, from `/etc/passwd` and `/etc/group`. */

import { readTextFile } from "helios:fs";

/** A line of `/etc/passwd`. */
export interface User {
	name: string;
	uid: number;
	home: string;
	shell: string;
}

async function records(path: string): Promise<string[][]> {
	try {
		const text = await readTextFile(path);
		return text
			.split("\n")
			.filter((line) => line !== "" && !line.startsWith("#"))
			.map((line) => line.split(":"));
	} catch {
		// A machine without the file has numbers instead of names.
		return [];
	}
}

/** Every user. */
export async function users(): Promise<User[]> {
	const lines = await records("/etc/passwd");
	return lines.map(([name = "", , uid, , , home = "/", shell = "/bin/sh"]) => ({
		name,
		uid: Number(uid),
		home,
		shell,
	}));
}

/** Names of users and groups by number. */
export async function names(): Promise<{ user(uid: number): string; group(gid: number): string }> {
	const [people, groups] = [await users(), await records("/etc/group")];
	return {
		user: (uid) => people.find((user) => user.uid === uid)?.name ?? String(uid),
		group: (gid) => groups.find((fields) => Number(fields[2]) === gid)?.[0] ?? String(gid),
	};
}
