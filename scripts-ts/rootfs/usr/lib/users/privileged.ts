/**
 * What a program does first that has more rights than whoever runs it: nothing that it was given is to be trusted.
 *
 * Such programs name files absolutely, start nothing by `$PATH`, and read of the environment only what is checked here.
 */

import { fromFd, open } from "helios:fs";
import { env, exit, ignore, info, type ProcessInfo, type Signal, setCredentials, stderr } from "helios:process";
import { failedWith } from "/usr/lib/sh/cli.ts";
import { type User, userById } from "/usr/lib/users/accounts.ts";

/** Signals whose ignoring a caller must not hand down. */
const DEFAULTED: readonly Signal[] = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGPIPE", "SIGCHLD", "SIGTSTP"];
const TERM = /^[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}$/;

/** Opens the standard descriptors that are closed: else the next file that is opened would be one of them. */
async function fillDescriptors(): Promise<void> {
	for (let fd = 0; fd <= 2; fd++) {
		try {
			await fromFd(fd).stat();
		} catch (error) {
			if (!failedWith(error, "EBADF")) throw error;
			// The lowest free number is this one: those below it are open.
			await open("/dev/null", "r+");
		}
	}
}

/** Who runs a privileged program. */
export interface Caller {
	/** What the kernel says. */
	info: ProcessInfo;
	/** The real user's account, where there is one. */
	user: User | undefined;
	/** The real user is root. */
	isRoot: boolean;
}

/** Makes a privileged program safe, and says who runs it. Without root's rights it cannot work: it says so and ends. */
export async function begin(name: string, otherwise = "must be setuid root to work"): Promise<Caller> {
	await fillDescriptors();
	const about = await info();
	if (about.euid !== 0) {
		await stderr.write(`${name}: ${otherwise}\n`);
		exit(1);
	}
	for (const signal of DEFAULTED) await ignore(signal, false);
	return { info: about, user: await userById(about.uid), isRoot: about.uid === 0 };
}

/** Becomes root in every respect: so that whoever runs this cannot stop or end it in the middle of a change. */
export async function becomeRoot(): Promise<void> {
	await setCredentials({ uid: 0, euid: 0, gid: 0, egid: 0 });
}

/** The terminal's kind, where what the caller says of it can be one. */
export function safeTerm(): string {
	const term = env.TERM ?? "";
	return TERM.test(term) ? term : "dumb";
}
