/** Starts programs by name: the search in `$PATH`, and what is said of one that does not start. */

import { isSystemError, strerror } from "helios:errors";
import {
	type Child,
	type ExecRequest,
	exec,
	on,
	type Signal,
	type SpawnRequest,
	signalName,
	spawn,
	type WaitStatus,
} from "helios:process";
import { signalText } from "/usr/lib/sh/jobs.ts";

export { statusOf } from "/usr/lib/sh/jobs.ts";

/** Where programs are looked for without `$PATH`. */
export const DEFAULT_PATH = "/bin:/sbin";

const STATUS_NOT_EXECUTABLE = 126;
const STATUS_NOT_FOUND = 127;

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
export type Surroundings = Omit<SpawnRequest, "path" | "code">;

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

/** Tries the paths that a name may stand for, until `start` does. */
async function search<T>(name: string, paths: readonly string[], start: (path: string) => Promise<T>): Promise<T> {
	let worst: LaunchError | undefined;
	for (const path of name === "" ? [] : paths) {
		try {
			return await start(path);
		} catch (error) {
			const found = whyNot(error);
			if (found.status !== STATUS_NOT_FOUND && worst === undefined) worst = found;
			// A program that is there and broken is not looked for any further.
			if (found.status !== STATUS_NOT_FOUND && !isSystemError(error, "EACCES")) break;
		}
	}
	throw worst ?? new LaunchError("not found", STATUS_NOT_FOUND);
}

/**
 * Starts a program.
 *
 * @param found is called with the path that it was.
 * @throws {LaunchError} when it does not start.
 */
export function launch(name: string, request: Surroundings, found?: (path: string) => void): Promise<Child> {
	const { argv0 = name } = request;
	return search(name, candidates(name, request.env?.PATH), async (path) => {
		const child = await spawn({ ...request, path, argv0 });
		found?.(path);
		return child;
	});
}

/**
 * Puts a program in this process's place.
 *
 * @throws {LaunchError} when it does not start.
 */
export function become(name: string, request: Omit<ExecRequest, "path" | "code">): Promise<never> {
	const { argv0 = name } = request;
	return search(name, candidates(name, request.env?.PATH), (path) => exec({ ...request, path, argv0 }));
}

/** Signals that a program which stands for another passes on to it. */
const PASSED_ON: readonly Signal[] = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2"];

/** Waits for a child that this process stands for, as if it had become it: signals go on to the child. */
export async function attend(child: Child): Promise<WaitStatus> {
	for (const signal of PASSED_ON) on(signal, () => void child.kill(signal).catch(() => undefined));
	return child.wait();
}

/** What there is to say of a child that ended, if anything is: not of SIGINT and SIGPIPE. */
export function epitaph({ signal, reason }: WaitStatus): string | undefined {
	if (signal === null || signal === undefined) return undefined;
	const name = signalName(signal);
	if (name === "SIGINT" || name === "SIGPIPE") return undefined;
	return signalText(signal) + (reason === null || reason === undefined ? "" : `: ${reason}`);
}
