/**
 * How commands speak to a daemon: a message of JSON to its mailbox, and one back. The kernel says who sent a message,
 * so a daemon knows the user without asking, and nobody but the daemon can answer for it.
 */

import { readTextFile, writeFile } from "helios:fs";
import { type Message, receive, send } from "helios:ipc";
import { pid } from "helios:process";
import { info } from "helios:sys";
import { sleep } from "helios:time";
import { failedWith } from "/usr/lib/sh/cli.ts";

/** Where daemons say which process they are. */
const RUN = "/run";
/** How often a full mailbox is tried, and how long apart. */
const TRIES = 20;
const TRY_MS = 50;
/** How long after power-on a daemon that is not there may still be on its way. */
const BOOT_MS = 1000;
/** Longest text in a message: a mailbox takes 64 KiB, and JSON makes some characters six. */
export const MESSAGE_BYTES = 65_536;

/** A daemon that is not there, or does not answer. */
export class Unreachable extends Error {}

/** What a daemon answers that did not do what it was asked to. */
export interface Refusal {
	error: string;
	/** Why: a class that a command turns into its status. */
	why?: string;
}

/** A request as it comes to a daemon. */
export interface Asked<Request> {
	/** The sending process. */
	from: number;
	/** Its effective user. */
	uid: number;
	/** What it asks; not looked at yet. */
	request: Request;
	/** Answers it. A sender that is gone, or whose mailbox is full, gets nothing. */
	answer(reply: object): Promise<void>;
}

/** The file that says which process a daemon is. */
export function pidFile(daemon: string): string {
	return `${RUN}/${daemon}.pid`;
}

/** Says that this process is the daemon of a name; nobody but root may. */
export async function announce(daemon: string): Promise<void> {
	await writeFile(pidFile(daemon), `${pid}\n`, { mode: 0o644 });
}

/** The process of a daemon; `undefined` where none has said that it is one. */
async function daemonPid(daemon: string): Promise<number | undefined> {
	const text = await readTextFile(pidFile(daemon)).catch((error) => {
		if (failedWith(error, "ENOENT", "ENOTDIR")) return "";
		throw error;
	});
	const found = Number(text.trim());
	return Number.isSafeInteger(found) && found > 0 ? found : undefined;
}

/** What became of one try: the receiver, or what to say if it is the last. */
async function trySend(daemon: string, text: string): Promise<number | { why: string; coming: boolean }> {
	const absent = { why: `${daemon} does not run`, coming: true };
	const to = await daemonPid(daemon);
	if (to === undefined) return absent;
	try {
		await send(to, text);
		return to;
	} catch (error) {
		if (failedWith(error, "ESRCH")) return absent;
		if (failedWith(error, "EMSGSIZE")) throw new Unreachable(`more than ${daemon} takes`);
		if (failedWith(error, "EAGAIN")) return { why: `${daemon} is busy`, coming: false };
		throw error;
	}
}

/** Sends a message and answers to whom. A full mailbox is tried again; so is a daemon of a machine that comes up. */
async function sendPatiently(daemon: string, text: string): Promise<number> {
	for (let left = TRIES; ; left--) {
		const tried = await trySend(daemon, text);
		if (typeof tried === "number") return tried;
		const hopeless = tried.coming && (await info()).uptimeMs > BOOT_MS;
		if (hopeless || left <= 1) throw new Unreachable(tried.why);
		await sleep(TRY_MS);
	}
}

/** Sends a daemon a message that it does not answer. */
export async function tell(daemon: string, request: object): Promise<void> {
	await sendPatiently(daemon, JSON.stringify(request));
}

/**
 * Asks a daemon, and waits for its answer.
 *
 * @throws {Unreachable} when it is not there, or says nothing in time.
 */
export async function ask<Reply>(daemon: string, request: object, timeoutMs = 30_000): Promise<Reply | Refusal> {
	const id = `${pid}.${++asked}`;
	const to = await sendPatiently(daemon, JSON.stringify({ ...request, id }));
	const late = AbortSignal.timeout(timeoutMs);
	for (;;) {
		let message: Message;
		try {
			message = await receive({ signal: late });
		} catch (error) {
			if (late.aborted) throw new Unreachable(`${daemon} does not answer`);
			throw error;
		}
		if (message.from !== to) continue;
		const reply = parse(message.data);
		if (reply?.id === id) return reply as Reply | Refusal;
	}
}
let asked = 0;

/** Whether an answer is a refusal. */
export function isRefusal(reply: object): reply is Refusal {
	return typeof (reply as Partial<Refusal>).error === "string";
}

function parse(data: Uint8Array): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(new TextDecoder().decode(data));
		return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}

/** The requests that come to this process. What is not JSON is dropped: there is nobody to tell. */
export async function* requests(): AsyncGenerator<Asked<Record<string, unknown>>, never, undefined> {
	for (;;) {
		const { from, uid, data } = await receive();
		const request = parse(data);
		if (request === undefined) continue;
		const { id } = request;
		const answer = async (reply: object): Promise<void> => {
			if (typeof id === "string") await send(from, JSON.stringify({ ...reply, id })).catch(() => undefined);
		};
		yield { from, uid, request, answer };
	}
}
