/** Passwords: asking for one, comparing it, and what a new one has to be. */

import { fromFd } from "helios:fs";
import { exit, on, type Signal, signals, stderr } from "helios:process";
import { hashPassword } from "helios:sys";
import { sleep } from "helios:time";
import { getAttributes, isatty, setAttributes, T } from "helios:tty";
import { readTable, SHADOW, SHADOWS, type Shadow } from "/usr/lib/users/accounts.ts";

/** Longest line that is read, in bytes. */
const LINE_BYTES = 512;
/** Shortest password, in characters. */
export const SHORTEST = 8;
/** What a wrong password costs in time. */
export const DELAY_MS = 3000;
const NEWLINE = 10;
/** What would leave a terminal without echo. */
const ENDING: readonly Signal[] = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGTSTP"];

/**
 * Reads a line from standard input, byte by byte: what follows is somebody else's. `null` at the end. A line that is
 * longer than any password is read no further than that.
 */
export async function readLine(): Promise<string | null> {
	const input = fromFd(0);
	const bytes: number[] = [];
	while (bytes.length <= LINE_BYTES) {
		const chunk = await input.read(1);
		if (chunk === null) return bytes.length === 0 ? null : new TextDecoder().decode(new Uint8Array(bytes));
		if (chunk[0] === NEWLINE) return new TextDecoder().decode(new Uint8Array(bytes));
		bytes.push(chunk[0] as number);
	}
	return new TextDecoder().decode(new Uint8Array(bytes));
}

/**
 * Runs `use` with the terminal's echo off, and puts it back on every path: also where a signal ends the program. What
 * was typed before the question is dropped, since it answers something else.
 */
async function withoutEcho<Result>(use: () => Promise<Result>): Promise<Result> {
	const before = await getAttributes(0);
	const restore = (): Promise<void> => setAttributes(0, before);
	const handlers = ENDING.map((signal) =>
		on(signal, () => {
			const moved = stderr.write("\n").catch(() => undefined);
			void Promise.allSettled([restore(), moved]).then(() => exit(128 + signals[signal]));
		}),
	);
	await setAttributes(0, { ...before, lflag: (before.lflag & ~T.ECHO) | T.ECHONL }, true);
	try {
		return await use();
	} finally {
		await restore();
		for (const remove of handlers) remove();
	}
}

/** Asks for a password; `null` where there is none to read. */
export async function askPassword(prompt: string): Promise<string | null> {
	if (!(await isatty(0))) {
		await stderr.write(prompt);
		const line = await readLine();
		await stderr.write("\n");
		return line;
	}
	return withoutEcho(async () => {
		await stderr.write(prompt);
		return readLine();
	});
}

/** A user's line of `/etc/shadow`. */
export async function shadowOf(name: string): Promise<Shadow | undefined> {
	return (await readTable(SHADOW, SHADOWS)).get(name);
}

/** Whether no password is right: there is no hash, or something stands in front of it. */
export function isLocked(shadow: Shadow | undefined): boolean {
	return shadow === undefined || /^[!*]/.test(shadow.hash);
}

/**
 * Whether a password is the user's.
 *
 * It takes as long for one who has none, or does not exist: so nobody learns from the time which users there are.
 */
export async function isRight(shadow: Shadow | undefined, password: string): Promise<boolean> {
	if (shadow?.hash === "") return password === "";
	if (shadow === undefined || isLocked(shadow)) {
		await hashPassword(password);
		return false;
	}
	try {
		return (await hashPassword(password, shadow.hash)) === shadow.hash;
	} catch {
		// What is in the file is no hash that this machine knows: then nothing is right.
		return false;
	}
}

/** Asks for a user's password once; a wrong answer costs time. An empty hash asks for nothing. */
export async function authenticate(name: string, prompt = "Password: "): Promise<boolean> {
	const shadow = await shadowOf(name);
	if (shadow?.hash === "") return true;
	const password = await askPassword(prompt);
	if (password !== null && (await isRight(shadow, password))) return true;
	await sleep(DELAY_MS);
	return false;
}

/** What is wrong with a new password, if anything is. */
export function weakness(password: string, name: string): string | undefined {
	const length = [...password].length;
	if (length < SHORTEST) return `The password is shorter than ${SHORTEST} characters`;
	if (new TextEncoder().encode(password).length >= LINE_BYTES) return "The password is too long";
	const lower = password.toLowerCase();
	if (lower.includes(name.toLowerCase())) return "The password contains the user name in some form";
	if (new Set(lower).size < 4) return "The password does not contain enough different characters";
	return undefined;
}
