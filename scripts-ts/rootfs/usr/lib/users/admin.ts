/** What the commands share that add, change and remove users and groups. */

import { info } from "helios:process";
import { processes, statusOf } from "/usr/lib/procs/list.ts";
import { type Command, fail, type Given, run } from "/usr/lib/sh/cli.ts";
import { type Group, parseId, type Table, type User } from "/usr/lib/users/accounts.ts";
import { isAbsolutePath, isField, isUserName } from "/usr/lib/users/check.ts";
import { AccountError, type Files } from "/usr/lib/users/edit.ts";

/** Statuses, as `useradd` and its kin have them. */
export const STATUS = { failed: 1, usage: 2, invalid: 3, idTaken: 4, missing: 6, taken: 9, inUse: 8, home: 12 };

/** Runs a command that only root may run. A change that cannot be is said, and gives the status. */
export async function runAsRoot(command: Command, main: (given: Given) => Promise<number | undefined>): Promise<void> {
	await run({ usageStatus: STATUS.usage, ...command }, async (given) => {
		if ((await info()).euid !== 0) {
			await fail("only root may do that");
			return STATUS.failed;
		}
		try {
			return await main(given);
		} catch (error) {
			if (!(error instanceof AccountError)) throw error;
			await fail(error.message);
			return error.status;
		}
	});
}

/** A name that may be given to a new user or group. */
export function checkName(name: string, what: "user" | "group"): string {
	if (isUserName(name)) return name;
	throw new AccountError(
		`invalid ${what} name '${name}': 1 to 32 characters out of a-z, 0-9, '_' and '-', not beginning with '-' or a digit`,
		STATUS.invalid,
	);
}

/** A number that an option names. */
export function checkId(text: string): number {
	const id = parseId(text);
	if (id === undefined) throw new AccountError(`invalid number '${text}'`, STATUS.invalid);
	return id;
}

/** A full name that may stand in `/etc/passwd`. */
export function checkGecos(text: string): string {
	if (isField(text)) return text;
	throw new AccountError(`invalid comment '${text}'`, STATUS.invalid);
}

/** A home or a shell that may stand in `/etc/passwd`. */
export function checkPath(text: string, what: "home directory" | "shell"): string {
	if (isAbsolutePath(text)) return text;
	throw new AccountError(`invalid ${what} '${text}'`, STATUS.invalid);
}

/** The user of a name. */
export function mustUser(users: Table<User>, name: string): User {
	const user = users.get(name);
	if (user === undefined) throw new AccountError(`user '${name}' does not exist`, STATUS.missing);
	return user;
}

/** The group of a name or a number. */
export function mustGroup(groups: Table<Group>, text: string): Group {
	const id = parseId(text);
	const group = groups.get(text) ?? groups.rows.find(({ gid }) => gid === id);
	if (group === undefined) throw new AccountError(`group '${text}' does not exist`, STATUS.missing);
	return group;
}

/** Puts a user into a group, or takes the user out of it. Answers whether that changes anything. */
export function setMember(groups: Table<Group>, group: Group, user: string, member: boolean): boolean {
	if (group.members.includes(user) === member) return false;
	const members = member ? [...group.members, user] : group.members.filter((name) => name !== user);
	groups.put({ ...group, members });
	return true;
}

/** Makes the groups that a user is in, besides the own one, exactly these, or with `keep` at least these. */
export function setGroups({ groups }: Files, user: string, names: string, keep: boolean): void {
	const wanted = names.split(",").filter((name) => name !== "");
	const chosen = new Set(wanted.map((name) => mustGroup(groups, name).name));
	for (const group of groups.rows) {
		if (chosen.has(group.name)) setMember(groups, group, user, true);
		else if (!keep) setMember(groups, group, user, false);
	}
}

/** A process of a user, if there is any. */
export async function processOf(uid: number): Promise<number | undefined> {
	for (const { pid, uid: effective } of await processes()) {
		if (effective === uid) return pid;
		const real = /^\d+/.exec((await statusOf(pid)).get("Uid") ?? "")?.[0];
		if (real !== undefined && Number(real) === uid) return pid;
	}
	return undefined;
}
