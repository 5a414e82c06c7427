/** TCP: connections, and where they come in. */

import { callWith } from "helios:core";
import { concat, READ_BYTES, splitLines, toBytes, toText } from "helios:io";
import { Handle, type WaitOptions } from "helios:net/handle";
import { isIPv4, resolve } from "helios:net/names";
import type { SocketAddress, SocketConnection, SocketInfo } from "helios-abi";

/** Longest piece of a write in one call. What a call may carry is bounded at 1 MiB. */
const MAX_WRITE_BYTES = 524_288;

/** Options of a socket, by what they take. */
export type SocketOption =
	| "nodelay"
	| "keepalive"
	| "keepidle"
	| "keepintvl"
	| "keepcnt"
	| "congestion"
	| "sndbuf"
	| "rcvbuf"
	| "usertimeout"
	| "linger"
	| "broadcast"
	| "ttl"
	| "reuse"
	| "errors";

/** How to connect. */
export interface ConnectOptions extends WaitOptions {
	/** The address to talk from. */
	localAddress?: string;
	/** The port to talk from. */
	localPort?: number;
	/** Give up after so many milliseconds: ETIMEDOUT. */
	timeoutMs?: number;
}

/** How to listen. */
export interface ListenOptions {
	/** The address to listen on; all of them without one. */
	address?: string;
	/** Connections that may wait to be accepted: 128 by default, 4096 at most. */
	backlog?: number;
	/** Take the address while connections of an earlier socket linger: so unless it is false. */
	reuse?: boolean;
}

/** What all sockets have. */
export abstract class Socket implements AsyncDisposable {
	/** @internal */
	protected readonly handle: Handle;

	/** @internal */
	constructor(fd: number) {
		this.handle = new Handle(fd);
	}

	/** The descriptor: a child can have it as any other. */
	get fd(): number {
		return this.handle.fd;
	}

	/** Whether it was closed here. */
	get closed(): boolean {
		return this.handle.closed;
	}

	/** Sets an option. ENOPROTOOPT, EINVAL. */
	async setOption(name: SocketOption, value: number | boolean): Promise<void> {
		await this.handle.call("set_socket_option", { fd: this.fd, name, value: Number(value) });
	}

	/** What the machine knows of it. */
	info(): Promise<SocketInfo> {
		return this.handle.call("socket_info", { fd: this.fd });
	}

	/** Closes it; what waits on it fails with EBADF. A second time does nothing. */
	close(): Promise<void> {
		return this.handle.close();
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}
}

/** A connection: a stream of bytes both ways. */
export class TcpSocket extends Socket implements AsyncIterable<Uint8Array> {
	/** This end. */
	readonly local: SocketAddress;
	/** The other end. */
	readonly remote: SocketAddress;
	#readable: ReadableStream<Uint8Array> | undefined;
	#writable: WritableStream<string | Uint8Array> | undefined;
	/** Fulfilled when the writes before have gone. */
	#last: Promise<void> | undefined;

	/** @internal */
	constructor(connection: SocketConnection) {
		super(connection.fd);
		this.local = connection.local;
		this.remote = connection.remote;
	}

	/** The connection that a descriptor is, as the child of a server gets it. ENOTSOCK, ENOTCONN. */
	static async fromFd(fd: number): Promise<TcpSocket> {
		const { local, remote } = await callWith("socket_info", { fd }, undefined);
		return new TcpSocket({ fd, local, remote: remote ?? { address: "0.0.0.0", port: 0 } });
	}

	/** The next bytes, at most `max`; `null` when the peer has ended. ECONNRESET, ETIMEDOUT. */
	async read(max: number = READ_BYTES, options: WaitOptions = {}): Promise<Uint8Array | null> {
		const bytes = await this.handle.call("read", { fd: this.fd, count: max }, options.signal);
		return bytes.length === 0 && max > 0 ? null : bytes;
	}

	/** Writes all of it, after everything written before. EPIPE, ECONNRESET, ETIMEDOUT. */
	write(data: string | Uint8Array, options: WaitOptions = {}): Promise<void> {
		const before = this.#last;
		const bytes = toBytes(data);
		const sent = before === undefined ? this.#send(bytes, options) : before.then(() => this.#send(bytes, options));
		const done = (): void => {
			if (this.#last === settled) this.#last = undefined;
		};
		const settled: Promise<void> = sent.then(done, done);
		this.#last = settled;
		return sent;
	}

	async #send(data: Uint8Array, { signal }: WaitOptions): Promise<void> {
		for (let rest = data; rest.length > 0; ) {
			const piece = rest.length > MAX_WRITE_BYTES ? rest.subarray(0, MAX_WRITE_BYTES) : rest;
			rest = rest.subarray(await this.handle.call("tcp_send", { fd: this.fd, data: piece }, signal));
		}
	}

	/** Ends one direction or both, after what was written: the peer reads an end. ENOTCONN. */
	async shutdown(how: "read" | "write" | "both" = "write"): Promise<void> {
		if (how !== "read") await this.#last;
		await this.handle.call("shutdown_socket", { fd: this.fd, how });
	}

	/** The bytes to the end, as they come. */
	async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
		for (let chunk = await this.read(); chunk !== null; chunk = await this.read()) yield chunk;
	}

	[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
		return this.chunks();
	}

	/** The lines to the end, without their line ends. */
	lines(): AsyncGenerator<string, void, undefined> {
		return splitLines(this.chunks());
	}

	/** Reads to the end. */
	async readAll(): Promise<Uint8Array> {
		const chunks: Uint8Array[] = [];
		for await (const chunk of this.chunks()) chunks.push(chunk);
		return concat(chunks);
	}

	/** Reads to the end, as UTF-8. */
	async readText(): Promise<string> {
		return toText(await this.readAll());
	}

	/** The bytes as a web stream, made when first used. Cancelling it drops what still comes. */
	get readable(): ReadableStream<Uint8Array> {
		this.#readable ??= new ReadableStream<Uint8Array>(
			{
				pull: async (controller) => {
					const chunk = await this.read();
					if (chunk === null) controller.close();
					else controller.enqueue(chunk);
				},
				cancel: () => this.shutdown("read"),
			},
			{ highWaterMark: 0 },
		);
		return this.#readable;
	}

	/** A web stream to write to, made when first used. Closing it ends this direction, aborting it the connection. */
	get writable(): WritableStream<string | Uint8Array> {
		this.#writable ??= new WritableStream<string | Uint8Array>({
			write: (chunk) => this.write(chunk),
			close: () => this.shutdown("write"),
			abort: () => this.close(),
		});
		return this.#writable;
	}
}

/** Where connections come in. */
export class TcpListener extends Socket implements AsyncIterable<TcpSocket> {
	/** Where it listens. */
	readonly local: SocketAddress;

	/** @internal */
	constructor(fd: number, local: SocketAddress) {
		super(fd);
		this.local = local;
	}

	/** The connection that has waited longest. Fails with EBADF when it is closed. */
	async accept(options: WaitOptions = {}): Promise<TcpSocket> {
		return new TcpSocket(await this.handle.call("accept", { fd: this.fd }, options.signal));
	}

	/** Every connection from now on, until it is closed. */
	async *[Symbol.asyncIterator](): AsyncGenerator<TcpSocket, void, undefined> {
		while (!this.closed) {
			let socket: TcpSocket;
			try {
				socket = await this.accept();
			} catch (error) {
				if (this.closed) return;
				throw error;
			}
			yield socket;
		}
	}
}

/** Connects to a port of a host: its address, or a name of `/etc/hosts`. See `connect` of section 2 for its errors. */
export async function connectTcp(host: string, port: number, options: ConnectOptions = {}): Promise<TcpSocket> {
	const { signal, ...rest } = options;
	const address = isIPv4(host) ? host : await resolve(host);
	return new TcpSocket(await callWith("connect", { address, port, ...rest }, signal));
}

/** Listens at a port; 0 is any that is free. */
export async function listenTcp(port: number, options: ListenOptions = {}): Promise<TcpListener> {
	const fd = await callWith("listen", { port, proto: "tcp", reuse: true, ...options }, undefined);
	const { local } = await callWith("socket_info", { fd }, undefined);
	return new TcpListener(fd, local);
}
