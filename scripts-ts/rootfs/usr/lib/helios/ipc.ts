/** `helios:ipc`: mailboxes. Each process has one, of 64 messages of up to 64 KiB. */

import { call, callWith } from "helios:core";
import { toBytes } from "helios:io";
import type { Message } from "helios-abi";

export type { Message } from "helios-abi";

/** Puts a message into a process's mailbox; text goes as UTF-8. EAGAIN when it is full, EMSGSIZE, ESRCH, EPERM. */
export async function send(pid: number, data: string | Uint8Array): Promise<void> {
	await call("mailbox_send", { pid, data: toBytes(data) });
}

/** How to receive. */
export interface ReceiveOptions {
	/** Fail with EAGAIN instead of waiting. */
	nohang?: boolean;
	/** Aborting it ends the wait. */
	signal?: AbortSignal;
}

/** Takes the oldest message; waits for one. */
export function receive(options: ReceiveOptions = {}): Promise<Message> {
	return callWith("mailbox_recv", { nohang: options.nohang ?? false }, options.signal);
}

/** Every message from now on, as it comes. */
export async function* messages(): AsyncGenerator<Message, void, undefined> {
	for (;;) yield await receive();
}
