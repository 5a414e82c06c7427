/** Becoming another user: surroundings, credentials, and the program that goes on in this process's place. */

import { readTextFile } from "helios:fs";
import { chdir, type ExecRequest, exec, setCredentials } from "helios:process";
import { failedWith, reason, warn } from "/usr/lib/sh/cli.ts";
import { groupIdsOf, type User } from "/usr/lib/users/accounts.ts";
import { safeTerm } from "/usr/lib/users/privileged.ts";

/** Where programs are, for users and for root. */
const USER_PATH = "/usr/local/bin:/usr/bin:/bin";
const ROOT_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
/** The shells that users may choose. */
export const SHELLS = "/etc/shells";

/** The search path of a user. */
export function pathOf(user: User): string {
	return user.uid === 0 ? ROOT_PATH : `${USER_PATH}:/usr/sbin:/sbin`;
}

/** What a user's surroundings always say. */
export function identity(user: User): Record<string, string> {
	return { HOME: user.home, SHELL: user.shell, USER: user.name, LOGNAME: user.name, PATH: pathOf(user) };
}

/** The environment of a login: nothing is left of what was. */
export function loginEnvironment(user: User): Record<string, string> {
	return { ...identity(user), MAIL: `/var/mail/${user.name}`, TERM: safeTerm() };
}

/** The shells of `/etc/shells`. */
export async function shells(): Promise<string[]> {
	const text = await readTextFile(SHELLS).catch((error) => {
		if (failedWith(error, "ENOENT")) return "";
		throw error;
	});
	return text
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line.startsWith("/"));
}

/** Gives up every right but the user's. There is no way back. */
export async function become(user: User, groups?: number[]): Promise<void> {
	const { uid, gid } = user;
	await setCredentials({ groups: groups ?? (await groupIdsOf(user)), gid, egid: gid, uid, euid: uid });
}

/**
 * Puts a program in this process's place, as the user; only the standard descriptors go along. The program is looked for
 * with the user's rights: what root may see is no matter of theirs.
 */
export async function enter(user: User, request: Omit<ExecRequest, "fds">, groups?: number[]): Promise<never> {
	await become(user, groups);
	return exec({ ...request, fds: [0, 1, 2].map((fd) => ({ from: fd, to: fd })) });
}

/** As `enter`, into the user's home; where that cannot be entered it says so, and goes to the root directory. */
export async function enterHome(user: User, request: Omit<ExecRequest, "fds">): Promise<never> {
	await become(user);
	const env = request.env ?? {};
	try {
		await chdir(user.home);
	} catch (error) {
		if (!failedWith(error, "ENOENT", "ENOTDIR", "EACCES")) throw error;
		await warn(`cannot change directory to ${user.home}: ${reason(error)}; HOME is /`);
		await chdir("/");
		env.HOME = "/";
	}
	return exec({ ...request, env, fds: [0, 1, 2].map((fd) => ({ from: fd, to: fd })) });
}

/** The name that a login shell is started by: it then reads `/etc/profile`. */
export function loginName(shell: string): string {
	return `-${shell.slice(shell.lastIndexOf("/") + 1)}`;
}
