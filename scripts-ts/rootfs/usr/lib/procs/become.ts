/** Programs that put another in their place: `env`, `nice`, `nohup`, `setsid`. */

import { isSystemError } from "helios:errors";
import { type ExecRequest, env, exec } from "helios:process";
import { flush, quote, warn } from "/usr/lib/sh/cli.ts";
import { candidates, LaunchError, whyNot } from "/usr/lib/sh/launch.ts";

/**
 * Puts the program of a name in this process's place.
 *
 * @throws {LaunchError} when it does not start.
 */
export async function become(name: string, request: Omit<ExecRequest, "path" | "code" | "argv0">): Promise<never> {
	await flush();
	let worst: LaunchError | undefined;
	for (const path of name === "" ? [] : candidates(name, (request.env ?? env).PATH)) {
		try {
			await exec({ ...request, path, argv0: name });
		} catch (error) {
			const found = whyNot(error);
			if (found.status !== 127 && worst === undefined) worst = found;
			// A program that is there and broken is not looked for any further.
			if (found.status !== 127 && !isSystemError(error, "EACCES")) break;
		}
	}
	throw worst ?? new LaunchError("not found", 127);
}

/** The same; where the program does not start it says so, and answers the status that tells. */
export async function becomeOrSay(
	name: string,
	request: Omit<ExecRequest, "path" | "code" | "argv0">,
	words = "",
): Promise<number> {
	try {
		return await become(name, request);
	} catch (error) {
		if (!(error instanceof LaunchError)) throw error;
		await sayLaunch(name, error, words);
		return error.status;
	}
}

/** Says why a program did not start, as `env` and its kin do. */
export function sayLaunch(name: string, error: LaunchError, words = ""): Promise<void> {
	return warn(`${words}${quote(name)}: ${error.status === 127 ? "No such file or directory" : error.message}`);
}
