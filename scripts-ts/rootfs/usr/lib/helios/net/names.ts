/** Names of hosts, and addresses as text. */

import { isSystemError } from "helios:errors";
import { readTextFile } from "helios:fs";

const HOSTS_FILE = "/etc/hosts";

/** Whether it is a literal IPv4 address. */
export function isIPv4(text: string): boolean {
	return /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(text);
}

/** A name that no address is known of. */
export class UnknownHostError extends TypeError {
	/** The name. */
	readonly host: string;

	constructor(host: string) {
		super(`${host}: there is no such host`);
		this.host = host;
	}
}

/** Addresses and their names, as a hosts file has them. */
export function parseHosts(text: string): { address: string; names: string[] }[] {
	const hosts: { address: string; names: string[] }[] = [];
	for (const line of text.split("\n")) {
		const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
		if (names.length > 0 && isIPv4(address)) hosts.push({ address, names });
	}
	return hosts;
}

async function readHosts(): Promise<{ address: string; names: string[] }[]> {
	try {
		return parseHosts(await readTextFile(HOSTS_FILE));
	} catch (error) {
		if (!isSystemError(error)) throw error;
		return [];
	}
}

/** The address of a host: a literal one, or a name of `/etc/hosts`. UnknownHostError. */
export async function resolve(host: string): Promise<string> {
	if (isIPv4(host)) return host;
	if (host.startsWith("[")) throw new TypeError(`${host}: addresses of IPv6 are not supported`);
	const wanted = host.toLowerCase().replace(/\.$/, "");
	for (const { address, names } of await readHosts()) {
		if (names.some((each) => each.toLowerCase() === wanted)) return address;
	}
	throw new UnknownHostError(host);
}

/** The name of an address in `/etc/hosts`, or `undefined`. */
export async function nameOf(address: string): Promise<string | undefined> {
	return (await readHosts()).find((host) => host.address === address)?.names[0];
}
