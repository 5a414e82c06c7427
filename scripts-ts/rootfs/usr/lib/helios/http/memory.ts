/**
 * Connections within one process. With them a program tries its handlers without a network, and the library's tests
 * decide where each message is cut.
 */

import { SystemError } from "helios:errors";
import type { Address, Connection, Listener, Transport } from "helios:http/transport";
import { type Deferred, defer } from "helios:web/promises";

/** How connections behave. */
export interface MemoryOptions {
	/** Most bytes that one read answers. */
	chunkBytes?: number;
	/** Bytes that a direction holds before its writer waits. */
	bufferBytes?: number;
}

const BUFFER_BYTES = 65_536;

function closedError(): SystemError {
	return new SystemError("EBADF", "the connection is closed");
}

/** One direction of a connection. */
class Pipe {
	readonly #chunks: Uint8Array[] = [];
	readonly #chunkBytes: number;
	readonly #bufferBytes: number;
	#held = 0;
	#ended = false;
	#readerGone = false;
	#waitingReader: Deferred<void> | undefined;
	#waitingWriters: Deferred<void>[] = [];

	constructor(options: MemoryOptions) {
		this.#chunkBytes = options.chunkBytes ?? Number.MAX_SAFE_INTEGER;
		this.#bufferBytes = options.bufferBytes ?? BUFFER_BYTES;
	}

	async read(max: number): Promise<Uint8Array | null> {
		while (this.#chunks.length === 0) {
			if (this.#readerGone) throw closedError();
			if (this.#ended) return null;
			this.#waitingReader ??= defer<void>();
			await this.#waitingReader.promise;
		}
		const first = this.#chunks[0] as Uint8Array;
		const taken = first.subarray(0, Math.min(max, this.#chunkBytes));
		if (taken.length === first.length) this.#chunks.shift();
		else this.#chunks[0] = first.subarray(taken.length);
		this.#held -= taken.length;
		this.#wakeWriters();
		return taken;
	}

	async write(bytes: Uint8Array): Promise<void> {
		let rest = bytes.slice();
		while (rest.length > 0) {
			if (this.#readerGone || this.#ended) throw new SystemError("EPIPE", "", "tcp_send");
			const room = this.#bufferBytes - this.#held;
			if (room <= 0) {
				const turn = defer<void>();
				this.#waitingWriters.push(turn);
				await turn.promise;
				continue;
			}
			const part = rest.subarray(0, room);
			this.#chunks.push(part);
			this.#held += part.length;
			rest = rest.subarray(part.length);
			this.#wakeReader();
		}
	}

	/** The writer's end. */
	end(): void {
		this.#ended = true;
		this.#wakeReader();
		this.#wakeWriters();
	}

	/** The reader is gone: what is written from now on fails. */
	leave(): void {
		this.#readerGone = true;
		this.#chunks.length = 0;
		this.#wakeReader();
		this.#wakeWriters();
	}

	#wakeReader(): void {
		this.#waitingReader?.resolve();
		this.#waitingReader = undefined;
	}

	#wakeWriters(): void {
		for (const turn of this.#waitingWriters.splice(0)) turn.resolve();
	}
}

class MemoryConnection implements Connection {
	readonly local: Address;
	readonly remote: Address;
	readonly #incoming: Pipe;
	readonly #outgoing: Pipe;
	#closed = false;

	constructor(local: Address, remote: Address, incoming: Pipe, outgoing: Pipe) {
		this.local = local;
		this.remote = remote;
		this.#incoming = incoming;
		this.#outgoing = outgoing;
	}

	read(max = 65_536): Promise<Uint8Array | null> {
		return this.#closed ? Promise.reject(closedError()) : this.#incoming.read(max);
	}
	write(bytes: Uint8Array): Promise<void> {
		return this.#closed ? Promise.reject(closedError()) : this.#outgoing.write(bytes);
	}
	async shutdown(how: "read" | "write" | "both"): Promise<void> {
		if (how !== "read") this.#outgoing.end();
		if (how !== "write") this.#incoming.leave();
	}
	async close(): Promise<void> {
		this.#closed = true;
		this.#outgoing.end();
		this.#incoming.leave();
	}
}

/** Both ends of a connection. */
export function memoryPair(
	options: MemoryOptions = {},
	client: Address = { address: "127.0.0.1", port: 49_152 },
	server: Address = { address: "127.0.0.1", port: 80 },
): [client: Connection, server: Connection] {
	const up = new Pipe(options);
	const down = new Pipe(options);
	return [new MemoryConnection(client, server, down, up), new MemoryConnection(server, client, up, down)];
}

class MemoryListener implements Listener {
	readonly local: Address;
	readonly #closeHook: () => void;
	readonly #waiting: Connection[] = [];
	#turn: Deferred<void> | undefined;
	#closed = false;

	constructor(local: Address, closeHook: () => void) {
		this.local = local;
		this.#closeHook = closeHook;
	}

	/** A connection comes in. */
	push(connection: Connection): void {
		this.#waiting.push(connection);
		this.#turn?.resolve();
		this.#turn = undefined;
	}
	async accept(): Promise<Connection> {
		for (;;) {
			if (this.#closed) throw closedError();
			const next = this.#waiting.shift();
			if (next !== undefined) return next;
			this.#turn ??= defer<void>();
			await this.#turn.promise;
		}
	}
	async close(): Promise<void> {
		this.#closed = true;
		this.#closeHook();
		this.#turn?.resolve();
		for (const connection of this.#waiting.splice(0)) await connection.close();
	}
	async *[Symbol.asyncIterator](): AsyncGenerator<Connection, void, undefined> {
		while (!this.#closed) yield await this.accept();
	}
}

/** A network of this process alone. `hosts` are the names in it. */
export function memoryTransport(options: MemoryOptions = {}, hosts: Record<string, string> = {}): Transport {
	const listeners = new Map<number, MemoryListener>();
	let lastPort = 49_151;
	return {
		async connect(address, port) {
			const listener = listeners.get(port);
			if (listener === undefined) throw new SystemError("ECONNREFUSED", "Connection refused", "connect");
			const [client, server] = memoryPair(options, { address: "127.0.0.1", port: ++lastPort }, { address, port });
			listener.push(server);
			return client;
		},
		async listen(port, { address = "127.0.0.1" }) {
			const chosen = port === 0 ? ++lastPort : port;
			if (listeners.has(chosen)) throw new SystemError("EADDRINUSE", "Address already in use", "listen");
			const listener = new MemoryListener({ address, port: chosen }, () => listeners.delete(chosen));
			listeners.set(chosen, listener);
			return listener;
		},
		async resolve(host) {
			const found = Object.hasOwn(hosts, host) ? hosts[host] : undefined;
			if (found !== undefined) return found;
			if (/^[\d.]+$/.test(host)) return host;
			throw new TypeError(`${host}: there is no such host`);
		},
	};
}
