/**
 * Where HTTP gets its connections from: the one place that knows of sockets. Everything else works on these
 * interfaces, so that a program's tests, or a tunnel, can put something else in their place.
 */

import { lazy } from "helios:internal";
import type { AbortSignal } from "helios:web/abort";

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

/** How to connect. */
export interface TransportConnectOptions {
	/** Aborting it ends the attempt. */
	signal?: AbortSignal | undefined;
}

/** What makes connections. */
export interface Transport {
	connect(address: string, port: number, options?: TransportConnectOptions): Promise<Connection>;
	listen(port: number, options: TransportListenOptions): Promise<Listener>;
	/** The address of a host. */
	resolve(host: string): Promise<string>;
}

/** The machine's own sockets. */
function machineTransport(): Transport {
	const { connect, listen, resolve } = lazy("helios:net") as typeof import("helios:net");
	return { connect, listen: (port, options) => listen(port, options), resolve };
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
