/** Hosts as commands name them. */

import { isIPv4, resolve } from "helios:net";
import { Failure } from "/usr/lib/sh/cli.ts";

/** The address of a host. Where there is none the command ends with `code`. */
export async function addressOf(host: string, code = 1, message?: string): Promise<string> {
	try {
		return await resolve(host);
	} catch {
		throw new Failure(message ?? `${host}: Name or service not known`, code);
	}
}

/** A host with its address where the two differ: `home (10.0.0.2)`. */
export function named(host: string, address: string): string {
	return isIPv4(host) ? address : `${host} (${address})`;
}
