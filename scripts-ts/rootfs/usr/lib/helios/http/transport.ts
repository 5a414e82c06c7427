/**
 * Where HTTP gets its connections from: the one place that knows of sockets. Everything else works on these
 * interfaces, so that a program's tests, or a tunnel, can put something else in their place.
 */

import { isSystemError, SystemError } from "helios:errors";
import { readTextFile } from "helios:fs";

/** One end of a connection. */
export interface Address {
	/** A literal address. */
	readonly address: string;
	readonly port: number;
}

/** Where bytes go. */
export type Sink = Pick<Connection, "write">;

/** A stream of bytes both ways. Once it is closed, what waits on it fails. */
export interface Connection {
	/** This end. */
	readonly local: Address;
	/** The other end. */
	readonly remote: Address;
	/** The next bytes, at most `max`; `null` when the peer has closed its side. */
	read(max?: number): Promise<Uint8Array | null>;
	/** Writes all of it. */
	write(bytes: Uint8Array): Promise<void>;
	/** Closes one direction, or both. */
	shutdown(how: "read" | "write" | "both"): Promise<void>;
	/** Closes it. */
	close(): Promise<void>;
}

/** Where connections come in. */
export interface Listener extends AsyncIterable<Connection> {
	/** Where it listens. */
	readonly local: Address;
	/** The next connection. Fails when it is closed. */
	accept(): Promise<Connection>;
	/** Takes no more. */
	close(): Promise<void>;
}

/** How to listen. */
export interface TransportListenOptions {
	/** The address to listen on; all of them without one. */
	address?: string;
}

/** What makes connections. */
export interface Transport {
	connect(address: string, port: number): Promise<Connection>;
	listen(port: number, options: TransportListenOptions): Promise<Listener>;
	/** The address of a host. */
	resolve(host: string): Promise<string>;
}

const HOSTS_FILE = "/etc/hosts";

/** The addresses of the names in a hosts file. */
function addressIn(hosts: string, name: string): string | undefined {
	const wanted = name.toLowerCase().replace(/\.$/, "");
	for (const line of hosts.split("\n")) {
		const [address, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
		if (names.some((each) => each.toLowerCase() === wanted) && isIPv4(address as string)) return address;
	}
	return undefined;
}

/** Whether it is a literal IPv4 address. */
export function isIPv4(text: string): boolean {
	return /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(text);
}

/** The address of a host: a literal one, or a name of `/etc/hosts`. */
export async function resolve(host: string): Promise<string> {
	if (isIPv4(host)) return host;
	if (host.startsWith("[")) throw new TypeError(`${host}: addresses of IPv6 are not supported`);
	let hosts = "";
	try {
		hosts = await readTextFile(HOSTS_FILE);
	} catch (error) {
		if (!isSystemError(error)) throw error;
	}
	const address = addressIn(hosts, host);
	if (address === undefined) throw new TypeError(`${host}: there is no such host`);
	return address;
}

/** The machine's own sockets. */
function machineTransport(): Transport {
	const missing = (): Promise<never> => Promise.reject(new SystemError("ENOSYS", "this machine has no sockets"));
	return { connect: missing, listen: missing, resolve };
}

let provider: Transport | undefined;

/** What makes connections now. */
export function transport(): Transport {
	provider ??= machineTransport();
	return provider;
}

/** Puts something else in the place of the machine's sockets; `undefined` puts them back. */
export function setTransport(replacement: Transport | undefined): void {
	provider = replacement;
}
