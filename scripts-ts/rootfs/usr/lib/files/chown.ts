/** What `chown` and `chgrp` share: options, and what is said. */

import { chown, type Stat } from "helios:fs";
import { Changer } from "/usr/lib/files/changed.ts";
import type { Ownership } from "/usr/lib/files/owners.ts";
import { failedWith, type Given, type Options, print, quote, reason } from "/usr/lib/sh/cli.ts";
import { names } from "/usr/lib/users/accounts.ts";

/** The options of both. */
export const OWNER_OPTIONS: Options = {
	c: ["changes", "say what is changed"],
	dereference: ["dereference", "change what links lead to (the default)"],
	f: ["silent", "do not say what fails"],
	h: ["no-dereference", "change links themselves"],
	H: ["follow-operands", "with -R: follow links that are operands"],
	L: ["follow-all", "with -R: follow all links"],
	"no-preserve-root": ["no-preserve-root", "do not spare /"],
	P: ["follow-none", "with -R: follow no links (the default)"],
	"preserve-root": ["preserve-root", "with -R: spare /"],
	quiet: ["quiet", "the same as -f"],
	R: ["recursive", "directories with all in them"],
	reference: ["reference", "as RFILE has it", "RFILE"],
	v: ["verbose", "say what is done"],
};

/** Gives `files` away; answers the status. `what` is `ownership` or `group`. */
export async function giveAway(
	given: Given,
	files: readonly string[],
	to: Ownership,
	what: "ownership" | "group",
): Promise<number> {
	const follow = given.last("H", "L", "P");
	const recursive = given.has("R");
	const links = given.last("h", "dereference") === "h" || (recursive && follow !== "H" && follow !== "L");
	const { user, group } = await names();
	const form = (uid: number, gid: number): string =>
		what === "group"
			? group(gid)
			: to.gid === undefined
				? user(uid)
				: to.uid === undefined
					? group(gid)
					: `${user(uid)}:${group(gid)}`;
	const say = async (path: string, about: Stat): Promise<void> => {
		const [uid, gid] = [to.uid ?? about.uid, to.gid ?? about.gid];
		if (uid !== about.uid || gid !== about.gid)
			await print(`changed ${what} of ${quote(path)} from ${form(about.uid, about.gid)} to ${to.words}\n`);
		else if (given.has("v")) await print(`${what} of ${quote(path)} retained as ${to.words}\n`);
	};
	const changer = new Changer(
		{
			recursive,
			follow: { operands: follow === "H" || follow === "L", below: follow === "L" },
			dangling: "dereference",
			silent: given.last("f", "quiet") !== undefined,
			sparesRoot: given.last("preserve-root", "no-preserve-root") === "preserve-root",
		},
		async (path, about) => {
			try {
				await chown(path, to.uid, to.gid, { nofollow: links });
			} catch (error) {
				if (!failedWith(error)) throw error;
				return changer.fail(`changing ${what} of ${quote(path)}: ${reason(error)}`);
			}
			if (given.last("v", "c") !== undefined) await say(path, about);
		},
	);
	for (const path of files) await changer.operand(path, links);
	return changer.failed ? 1 : 0;
}
