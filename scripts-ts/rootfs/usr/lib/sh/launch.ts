/** Starts programs by name: the search in `$PATH`, and what is said of one that does not start. */

import { isSystemError, strerror } from "helios:errors";
import { type Child, on, type Signal, type SpawnRequest, signalName, spawn, type WaitStatus } from "helios:process";

/** Where programs are looked for without `$PATH`. */
export const DEFAULT_PATH = "/bin:/sbin";

const STATUS_NOT_EXECUTABLE = 126;
const STATUS_NOT_FOUND = 127;
const SIGNAL_TEXTS: Record<string, string> = {
	SIGABRT: "Aborted",
	SIGALRM: "Alarm clock",
	SIGHUP: "Hangup",
	SIGKILL: "Killed",
	SIGQUIT: "Quit",
	SIGTERM: "Terminated",
	SIGXCPU: "CPU time limit exceeded",
	SIGXFSZ: "File size limit exceeded",
};

/** A program that does not start. Its message does not name it. */
export class LaunchError extends Error {
	/** 127 where there is no such program, else 126. */
	readonly status: number;

	constructor(message: string, status: number) {
		super(message);
		this.status = status;
	}
}

/** What a program is started with, besides its name. */
export type Surroundings = Omit<SpawnRequest, "path" | "code" | "argv0"> & {
	/** Makes the call itself; by default it is just made. */
	around?: (start: () => Promise<Child>) => Promise<Child>;
};

/** The paths that a name may stand for. */
export function candidates(name: string, path: string | undefined): string[] {
	if (name.includes("/")) return [name];
	return (path ?? DEFAULT_PATH).split(":").map((directory) => `${directory === "" ? "." : directory}/${name}`);
}

/** What is said of a program that did not start. */
export function whyNot(error: unknown): LaunchError {
	if (!isSystemError(error)) throw error;
	// A program that is there, but imports what is not, is not missing: the message names the import.
	const broken = error.message.includes(": import ");
	if (!broken && (error.code === "ENOENT" || error.code === "ENOTDIR"))
		return new LaunchError("not found", STATUS_NOT_FOUND);
	const text = strerror(error.code);
	// The kernel says more than the name of the error: what the compiler found, which limit was reached.
	const more =
		error.message === "" || error.message === text || (error.code === "EACCES" && !broken) ? "" : error.message;
	const joint = more.includes("\n") ? "\n" : " ";
	return new LaunchError(more === "" ? text : `${text}:${joint}${more}`, STATUS_NOT_EXECUTABLE);
}

/**
 * Starts a program.
 *
 * @throws {LaunchError} when it does not start.
 */
export async function launch(name: string, request: Surroundings): Promise<Child> {
	const { around = (start: () => Promise<Child>) => start(), ...same } = request;
	let worst: LaunchError | undefined;
	for (const path of name === "" ? [] : candidates(name, request.env?.PATH)) {
		try {
			return await around(() => spawn({ ...same, path, argv0: name }));
		} catch (error) {
			const found = whyNot(error);
			if (found.status !== STATUS_NOT_FOUND && worst === undefined) worst = found;
			// A program that is there and broken is not looked for any further.
			if (found.status !== STATUS_NOT_FOUND && !isSystemError(error, "EACCES")) break;
		}
	}
	throw worst ?? new LaunchError("not found", STATUS_NOT_FOUND);
}

/** Signals that a program which stands for another passes on to it. */
const PASSED_ON: readonly Signal[] = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2"];

/**
 * Waits for a child that this process stands for, as if it had become it: signals go on to the child.
 *
 * There is no `exec` that would put a program in another's place.
 */
export async function attend(child: Child): Promise<WaitStatus> {
	for (const signal of PASSED_ON) on(signal, () => void child.kill(signal).catch(() => undefined));
	return child.wait();
}

/** The status of a child that ended, as `$?` has it. */
export function statusOf(ended: WaitStatus): number {
	return ended.code ?? 128 + (ended.signal ?? 0);
}

/** What there is to say of a child that ended, if anything is: not of SIGINT and SIGPIPE. */
export function epitaph({ signal, reason }: WaitStatus): string | undefined {
	if (signal === null || signal === undefined) return undefined;
	const name = signalName(signal) ?? `signal ${signal}`;
	if (name === "SIGINT" || name === "SIGPIPE") return undefined;
	return (SIGNAL_TEXTS[name] ?? name) + (reason === null || reason === undefined ? "" : `: ${reason}`);
}
