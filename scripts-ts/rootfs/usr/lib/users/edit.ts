/**
 * Changes of `/etc/passwd`, `/etc/group` and `/etc/shadow`: one at a time, and each file all or nothing.
 *
 * New files are written beside the old ones and renamed over them, so that a reader sees the one or the other. Where one
 * cannot be written, as on a full disk, none is replaced.
 */

import { chmod, link, O, open, readTextFile, rename, unlink, writeFile } from "helios:fs";
import { kill, mask, pid, type Signal, umask } from "helios:process";
import { sleep } from "helios:time";
import { failedWith } from "/usr/lib/sh/cli.ts";
import {
	GROUP,
	GROUPS,
	type Group,
	PASSWD,
	readTable,
	SHADOW,
	SHADOWS,
	type Shadow,
	type Table,
	USERS,
	type User,
} from "/usr/lib/users/accounts.ts";

/** Held while the files are changed; says which process holds it. */
const LOCK = "/etc/.pwd.lock";
const TRIES = 150;
const TRY_MS = 100;
/** What must not end a change halfway, or leave the lock behind. */
const HELD_BACK: readonly Signal[] = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGTSTP"];

/** The files while they are changed. */
export interface Files {
	users: Table<User>;
	groups: Table<Group>;
	shadows: Table<Shadow>;
}

/** A change that cannot be: the message says why, and the status goes with it. */
export class AccountError extends Error {
	readonly status: number;

	constructor(message: string, status = 1) {
		super(message);
		this.status = status;
	}
}

async function isAlive(process: number): Promise<boolean> {
	try {
		await kill(process, 0);
		return true;
	} catch (error) {
		return !failedWith(error, "ESRCH");
	}
}

/**
 * Takes away a lock whose holder has ended. It is renamed first: had another process taken it meanwhile, that one's lock
 * would be recognised, and put back.
 */
async function breakStale(): Promise<void> {
	const holder = Number(await readTextFile(LOCK).catch(() => "0"));
	if (!(holder > 0) || (await isAlive(holder))) return;
	const aside = `${LOCK}.${pid}.stale`;
	try {
		await rename(LOCK, aside);
	} catch (error) {
		if (failedWith(error, "ENOENT")) return;
		throw error;
	}
	if (Number(await readTextFile(aside)) !== holder) await link(aside, LOCK).catch(() => undefined);
	await unlink(aside);
}

/** Makes the lock with its contents at once: a name that appears already says whose it is. */
async function lock(): Promise<void> {
	const own = `${LOCK}.${pid}`;
	try {
		await writeFile(own, `${pid}\n`, { mode: 0o600 });
		for (let left = TRIES; ; left--) {
			try {
				await link(own, LOCK);
				return;
			} catch (error) {
				if (!failedWith(error, "EEXIST")) throw error;
			}
			if (left <= 1) throw new AccountError("cannot lock /etc/passwd; try again later");
			await breakStale();
			await sleep(TRY_MS);
		}
	} finally {
		// On a full disk it may not have been made at all.
		await unlink(own).catch(() => undefined);
	}
}

/** Writes a file's new contents beside it; answers the name. */
async function prepare(path: string, text: string, mode: number): Promise<string> {
	const fresh = `${path}+`;
	await unlink(fresh).catch((error) => {
		if (!failedWith(error, "ENOENT")) throw error;
	});
	const file = await open(fresh, O.WRITE | O.CREATE | O.EXCLUSIVE | O.NOFOLLOW | O.CLOEXEC, mode);
	try {
		await file.write(text);
	} catch (error) {
		await unlink(fresh);
		throw error;
	} finally {
		await file.close();
	}
	// The umask may have taken from the mode.
	await chmod(fresh, mode);
	return fresh;
}

async function replace(files: readonly { path: string; text: string; mode: number }[]): Promise<void> {
	const ready: { fresh: string; path: string }[] = [];
	try {
		for (const { path, text, mode } of files) ready.push({ fresh: await prepare(path, text, mode), path });
	} catch (error) {
		for (const { fresh } of ready) await unlink(fresh).catch(() => undefined);
		throw error;
	}
	for (const { fresh, path } of ready) await rename(fresh, path);
}

/** Changes the files; where `change` fails they stay as they are. Only for root. */
export async function edit<T>(change: (files: Files) => T | Promise<T>): Promise<T> {
	await mask({ block: HELD_BACK });
	await umask(0o022);
	try {
		await lock();
		try {
			const files: Files = {
				users: await readTable(PASSWD, USERS),
				groups: await readTable(GROUP, GROUPS),
				shadows: await readTable(SHADOW, SHADOWS),
			};
			const before = [files.shadows, files.groups, files.users].map(String);
			const answer = await change(files);
			// Passwords and groups first: a user who appears is whole.
			const after = [
				{ path: SHADOW, text: String(files.shadows), mode: 0o600 },
				{ path: GROUP, text: String(files.groups), mode: 0o644 },
				{ path: PASSWD, text: String(files.users), mode: 0o644 },
			];
			await replace(after.filter(({ text }, at) => text !== before[at]));
			return answer;
		} finally {
			await unlink(LOCK);
		}
	} finally {
		await mask({ unblock: HELD_BACK });
	}
}

/** Ids of ordinary users and groups, and of those that daemons have. */
export const ORDINARY: readonly [number, number] = [1000, 59_999];
export const SYSTEM: readonly [number, number] = [100, 999];

/** The lowest id of a range that is above all that are taken in it, or else the lowest free one. */
export function nextId(taken: readonly number[], [low, high]: readonly [number, number]): number {
	const inside = new Set(taken.filter((id) => id >= low && id <= high));
	const above = inside.size === 0 ? low : Math.max(...inside) + 1;
	if (above <= high) return above;
	for (let id = low; id <= high; id++) if (!inside.has(id)) return id;
	throw new AccountError("no id is free", 4);
}

/** Days since the Unix epoch, as `/etc/shadow` has dates. */
export function today(): string {
	return String(Math.floor(Date.now() / 86_400_000));
}

/** Sets the hash of a user, who need not have had a line. */
export function setHash(shadows: Table<Shadow>, name: string, hash: string, changed = today()): void {
	const rest = shadows.get(name)?.rest ?? ["0", "99999", "7", "", "", ""];
	shadows.put({ name, hash, changed, rest });
}
