/** Names of users and groups, for archives: what is not in the files of this machine stays a number. */

import { readTextFile, type Stat } from "helios:fs";

/** Looks names and numbers up. */
export class Accounts {
	readonly #users: Map<number, string>;
	readonly #groups: Map<number, string>;

	constructor(users: Map<number, string>, groups: Map<number, string>) {
		this.#users = users;
		this.#groups = groups;
	}

	/** Who a file belongs to, or those that the options name instead: `NAME`, `NUMBER` or `NAME:NUMBER`. */
	owner(
		about: Stat,
		user: string | undefined,
		group: string | undefined,
	): { uid: number; gid: number; user: string; group: string } {
		const [uid, userName] = this.#chosen(user, about.uid, this.#users);
		const [gid, groupName] = this.#chosen(group, about.gid, this.#groups);
		return { uid, gid, user: userName, group: groupName };
	}

	#chosen(option: string | undefined, number: number, names: Map<number, string>): [number: number, name: string] {
		if (option === undefined) return [number, names.get(number) ?? ""];
		const [name, digits] = option.split(":") as [string, string?];
		if (digits !== undefined) return [Number(digits), name];
		if (/^\d+$/.test(name)) return [Number(name), ""];
		const found = [...names].find(([, one]) => one === name)?.[0];
		return [found ?? number, name];
	}

	/** The user and the group that a member is to belong to here. */
	here(member: { uid: number; gid: number; user: string; group: string }): { uid: number; gid: number } {
		const find = (name: string, number: number, names: Map<number, string>): number =>
			[...names].find(([, one]) => name !== "" && one === name)?.[0] ?? number;
		return { uid: find(member.user, member.uid, this.#users), gid: find(member.group, member.gid, this.#groups) };
	}
}

async function namesIn(path: string): Promise<Map<number, string>> {
	const names = new Map<number, string>();
	const text = await readTextFile(path).catch(() => "");
	for (const line of text.split("\n")) {
		const [name, , number] = line.split(":");
		if (name !== undefined && number !== undefined && !names.has(Number(number))) names.set(Number(number), name);
	}
	return names;
}

/** The accounts of this machine. */
export async function readAccounts(): Promise<Accounts> {
	return new Accounts(await namesIn("/etc/passwd"), await namesIn("/etc/group"));
}
