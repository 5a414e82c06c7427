/**
 * Who is logged in (`/run/utmp`), and who was (`/var/log/wtmp`): a line of JSON each.
 *
 * `init` alone writes both, because it alone hears of the end of a session; `login` tells it of the beginning.
 */

import { exists, readTextFile } from "helios:fs";
import { failedWith } from "/usr/lib/sh/cli.ts";

/** Sessions that go on. */
export const UTMP = "/run/utmp";
/** Everything that happened. */
export const WTMP = "/var/log/wtmp";

/** A session, and the other things worth remembering: a boot, a way down. */
export interface SessionRecord {
	type: "login" | "logout" | "boot" | "down";
	/** Milliseconds since the Unix epoch. */
	timeMs: number;
	/** The process that leads the session. */
	pid?: number;
	user?: string;
	/** The terminal, without `/dev/`. */
	line?: string;
	/** Where the user comes from, if not from the machine itself. */
	host?: string;
}

const TYPES: readonly unknown[] = ["login", "logout", "boot", "down"];

/** The record of a line, or `undefined`. */
function parse(line: string): SessionRecord | undefined {
	try {
		const read = JSON.parse(line) as Partial<SessionRecord> | null;
		return read !== null && TYPES.includes(read.type) && typeof read.timeMs === "number"
			? (read as SessionRecord)
			: undefined;
	} catch {
		return undefined;
	}
}

/** The records of a file, oldest first. Lines that are none are passed over; no file is no record. */
export async function readRecords(path: string): Promise<SessionRecord[]> {
	let text: string;
	try {
		text = await readTextFile(path);
	} catch (error) {
		if (failedWith(error, "ENOENT", "ENOTDIR")) return [];
		throw error;
	}
	return text
		.split("\n")
		.map(parse)
		.filter((record) => record !== undefined);
}

/** Records as a file has them. */
export function printRecords(records: readonly SessionRecord[]): string {
	return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

/** A session that goes on. */
export type Session = SessionRecord & { user: string; line: string; pid: number };

/** Who is logged in, longest first. A session whose process is gone is over, whatever the file says. */
export async function loggedIn(): Promise<Session[]> {
	const sessions: Session[] = [];
	for (const record of await readRecords(UTMP)) {
		const { type, user, line, pid } = record;
		if (type !== "login" || user === undefined || line === undefined || pid === undefined) continue;
		if (await exists(`/proc/${pid}`)) sessions.push({ ...record, user, line, pid });
	}
	return sessions;
}
