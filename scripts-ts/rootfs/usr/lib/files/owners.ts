/** Owners: words like `player:staff`, and what the bits of a mode mean for somebody. */

import type { Stat } from "helios:fs";
import { groups, names, users } from "/usr/lib/users/accounts.ts";

/** Who somebody is. */
export interface Credentials {
	euid: number;
	egid: number;
	groups: readonly number[];
}

/** A test whether somebody may do with a file what the bit (4 read, 2 write, 1 execute) says. */
export function permits(who: Credentials, bit: 4 | 2 | 1): (about: Stat) => boolean {
	return (about) => {
		// Root may do anything but execute what nobody may.
		if (who.euid === 0) return bit !== 1 || (about.mode & 0o111) !== 0 || (about.mode & 0o040000) !== 0;
		if (about.uid === who.euid) return (about.mode & (bit << 6)) !== 0;
		if (about.gid === who.egid || who.groups.includes(about.gid)) return (about.mode & (bit << 3)) !== 0;
		return (about.mode & bit) !== 0;
	};
}

/** A test whether somebody may write a file. */
export function writableBy(who: Credentials): (about: Stat) => boolean {
	return permits(who, 2);
}

/** The number of a user that is named or numbered. */
export async function userNumber(text: string): Promise<number | undefined> {
	const found = (await users()).find((user) => user.name === text);
	return found?.uid ?? (/^\d+$/.test(text) && Number(text) < 2 ** 32 - 1 ? Number(text) : undefined);
}

/** The number of a group that is named or numbered. */
export async function groupNumber(text: string): Promise<number | undefined> {
	const found = (await groups()).find((group) => group.name === text);
	return found?.gid ?? (/^\d+$/.test(text) && Number(text) < 2 ** 32 - 1 ? Number(text) : undefined);
}

/** A new owner and a new group; what is absent stays. */
export interface Ownership {
	uid: number | undefined;
	gid: number | undefined;
	/** As messages have it. */
	words: string;
}

/** A word that means no owner. */
export class OwnerError extends Error {}

/** Reads `USER`, `USER:GROUP`, `USER:` (the user's own group) and `:GROUP`. */
export async function parseOwnership(text: string, quoted: string): Promise<Ownership> {
	const colon = text.indexOf(":");
	const [user, group] = colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
	const uid = user === "" ? undefined : await userNumber(user);
	if (user !== "" && uid === undefined) throw new OwnerError(`invalid user: ${quoted}`);
	if (group === undefined) return { uid, gid: undefined, words: user };
	if (group === "") {
		if (uid === undefined) return { uid, gid: undefined, words: "" };
		const own = (await users()).find((each) => each.uid === uid)?.gid;
		if (own === undefined) throw new OwnerError(`invalid spec: ${quoted}`);
		return { uid, gid: own, words: `${user}:${(await names()).group(own)}` };
	}
	const gid = await groupNumber(group);
	if (gid === undefined) throw new OwnerError(`invalid group: ${quoted}`);
	return { uid, gid, words: text };
}
