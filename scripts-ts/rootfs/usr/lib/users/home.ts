/** Home directories: made from `/etc/skel`, and removed. */

import {
	chmod,
	chown,
	copyFile,
	isDirectory,
	isSymlink,
	lstat,
	mkdir,
	readdir,
	readlink,
	remove,
	symlink,
} from "helios:fs";
import { failedWith, join } from "/usr/lib/sh/cli.ts";
import type { User } from "/usr/lib/users/accounts.ts";

/** What every new home begins with. */
const SKEL = "/etc/skel";
const HOME_MODE = 0o755;

async function copyTree(from: string, to: string, user: User): Promise<void> {
	const about = await lstat(from);
	if (isSymlink(about)) await symlink(await readlink(from), to);
	else if (isDirectory(about)) {
		await mkdir(to, { mode: about.mode & 0o777 });
		for (const { name } of await readdir(from)) await copyTree(join(from, name), join(to, name), user);
	} else await copyFile(from, to);
	await chown(to, user.uid, user.gid, { nofollow: true });
}

/** Makes a user's home. One that is there already stays as it is; answers whether this made it. */
export async function makeHome(user: User): Promise<boolean> {
	const parent = user.home.slice(0, user.home.lastIndexOf("/"));
	if (parent !== "") await mkdir(parent, { recursive: true });
	try {
		await mkdir(user.home, { mode: 0o700 });
	} catch (error) {
		if (failedWith(error, "EEXIST")) return false;
		throw error;
	}
	const skeleton = await readdir(SKEL).catch((error) => {
		if (failedWith(error, "ENOENT")) return [];
		throw error;
	});
	for (const { name } of skeleton) await copyTree(join(SKEL, name), join(user.home, name), user);
	// Not the user's before everything is in it: what is copied could not be swapped on the way.
	await chown(user.home, user.uid, user.gid);
	await chmod(user.home, HOME_MODE);
	return true;
}

/** Removes a user's home with all in it. What is not the user's own directory is left alone; answers why. */
export async function removeHome(user: User): Promise<string | undefined> {
	const { home } = user;
	if (home === "/" || !home.startsWith("/")) return `${home} is no home`;
	const about = await lstat(home).catch((error) => {
		if (failedWith(error, "ENOENT", "ENOTDIR")) return undefined;
		throw error;
	});
	if (about === undefined) return undefined;
	if (!isDirectory(about) || about.uid !== user.uid) return `${home} is not owned by ${user.name}`;
	const parent = home.replace(/\/+[^/]+\/*$/, "") || "/";
	if ((await lstat(parent)).uid !== 0) return `${parent} is not root's: what is in it may change on the way`;
	// From here on nobody but root gets into it: a process that is left could otherwise put a link where a directory was.
	await chown(home, 0, 0, { nofollow: true });
	await chmod(home, 0o700);
	await remove(home, { recursive: true });
	return undefined;
}
