/** What commands share that ask `init`. */

import type { PowerAction } from "/usr/lib/service/power.ts";
import { ask, isRefusal, type Refusal, Unreachable } from "/usr/lib/service/protocol.ts";
import { fail, run, UsageError } from "/usr/lib/sh/cli.ts";

/** Statuses of a command that acts on services (LSB 3.2, section 22.2). */
export const STATUS = { failed: 1, denied: 4, unknown: 5 };

/** The status of a refusal. */
export function statusOf({ why }: Refusal): number {
	return why === "denied" ? STATUS.denied : why === "unknown" ? STATUS.unknown : STATUS.failed;
}

/** Asks a daemon; where it is not there, or has nothing to say, that is a refusal as well. */
export async function inquire<Reply extends object>(daemon: string, request: object): Promise<Reply | Refusal> {
	try {
		return await ask<Reply>(daemon, request);
	} catch (error) {
		if (error instanceof Unreachable) return { error: error.message };
		throw error;
	}
}

/** Asks `init` for something that needs no answer but whether it is done; says why not, and answers the status. */
export async function askInit(request: object): Promise<number> {
	const reply = await inquire("init", request);
	if (!isRefusal(reply)) return 0;
	await fail(reply.error);
	return statusOf(reply);
}

/** `halt`, `poweroff` and `reboot`. */
export async function goDownNow(name: string, about: string, action: PowerAction): Promise<void> {
	await run(
		{ name, usage: [""], about: `${about} Services are stopped first, then everything else.` },
		async (given) => {
			if (given.operands.length > 0) throw new UsageError(`extra operand '${given.operands[0]}'`);
			return askInit({ op: "shutdown", action, delayMs: 0, message: "" });
		},
	);
}
