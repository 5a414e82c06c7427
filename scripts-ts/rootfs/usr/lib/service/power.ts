/** Going down: when, what is said before, and in which order things end. */

import { O, open, readdir } from "helios:fs";
import { kill, pid } from "helios:process";
import { sleep } from "helios:time";
import { printable } from "/usr/lib/log/lines.ts";
import { failedWith } from "/usr/lib/sh/cli.ts";
import { loggedIn } from "/usr/lib/users/sessions.ts";

/** What happens to the machine. */
export type PowerAction = "off" | "halt" | "reboot";

/** How long processes have after SIGTERM before SIGKILL comes. */
const GRACE_MS = 2000;
const POLL_MS = 20;

/** Whether a text names an action. */
export function isPowerAction(text: unknown): text is PowerAction {
	return text === "off" || text === "halt" || text === "reboot";
}

/** Whether there is any process but this one. */
async function others(): Promise<boolean> {
	return (await readdir("/proc")).some(({ name }) => /^\d+$/.test(name) && Number(name) !== pid);
}

async function signalAll(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
	await kill(-1, signal).catch((error) => {
		if (!failedWith(error, "ESRCH")) throw error;
	});
}

/** Ends every process but this one: SIGTERM, and SIGKILL to those that are left when the grace is over. */
export async function endEverything(): Promise<void> {
	if (!(await others())) return;
	await signalAll("SIGTERM");
	for (let waited = 0; waited < GRACE_MS; waited += POLL_MS) {
		if (!(await others())) return;
		await sleep(POLL_MS);
	}
	await signalAll("SIGKILL");
}

/** Writes a message to every terminal on which somebody is logged in. One that takes nothing is not waited for. */
export async function broadcast(message: string): Promise<void> {
	const text = `\r\n${printable(message).replaceAll("\n", "\r\n")}\r\n`;
	for (const { line } of await loggedIn()) {
		const terminal = await open(`/dev/${line}`, O.WRITE | O.NONBLOCK | O.NOFOLLOW | O.CLOEXEC).catch(() => undefined);
		await terminal?.write(text).catch(() => undefined);
		await terminal?.close();
	}
}
