/** What a job prints, delivered to its user's mailbox file. */

import { chown, type File, isFile, O, open } from "helios:fs";
import { failedWith } from "/usr/lib/sh/cli.ts";
import type { User } from "/usr/lib/users/accounts.ts";

/** Where mail is. */
const MAIL = "/var/mail";
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The file of a user's mail. */
export function mailPath(name: string): string {
	return `${MAIL}/${name}`;
}

/** The date of a `From ` line (RFC 4155). */
function mboxDate(ms: number): string {
	const date = new Date(ms);
	const time = date.toISOString().slice(11, 19);
	const day = String(date.getUTCDate()).padStart(2);
	return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${day} ${time} ${date.getUTCFullYear()}`;
}

/**
 * Opens a user's mailbox file.
 *
 * Everybody may make files in the directory, and this runs as root: so nothing is followed or written to but a file of
 * the user's own with this one name, and a new one is made only where nothing is.
 */
async function openMailbox(user: User): Promise<File> {
	const path = mailPath(user.name);
	const flags = O.WRITE | O.APPEND | O.NOFOLLOW | O.NONBLOCK | O.CLOEXEC;
	let file: File;
	try {
		file = await open(path, flags | O.CREATE | O.EXCLUSIVE, 0o600);
		await chown(path, user.uid, user.gid, { nofollow: true });
		return file;
	} catch (error) {
		if (!failedWith(error, "EEXIST")) throw error;
		file = await open(path, flags);
	}
	const about = await file.stat();
	if (isFile(about) && about.nlink === 1 && about.uid === user.uid) return file;
	await file.close();
	throw new Error(`${path} is not ${user.name}'s own`);
}

/** Adds a message to a user's mail. */
export async function deliver(user: User, subject: string, body: string): Promise<void> {
	const now = Date.now();
	const lines = body.endsWith("\n") ? body.slice(0, -1) : body;
	const text = [
		`From cron ${mboxDate(now)}`,
		"From: cron",
		`To: ${user.name}`,
		`Subject: ${subject.replaceAll("\n", " ")}`,
		`Date: ${new Date(now).toUTCString()}`,
		"",
		lines.replaceAll(/^(>*From )/gm, ">$1"),
		"",
		"",
	].join("\n");
	const file = await openMailbox(user);
	try {
		await file.write(text);
	} finally {
		await file.close();
	}
}
