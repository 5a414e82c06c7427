/** `serve`: a server, its listener and its connections. */

import { isSystemError } from "helios:errors";
import { Deadlines } from "helios:http/deadlines";
import {
	type Exchange,
	type Handler,
	type ServeLimits,
	ServerConnection,
	type ServerContext,
} from "helios:http/server";
import { type Address, type Listener, type Transport, transport } from "helios:http/transport";
import { lazy } from "helios:internal";
import type { AbortSignal } from "helios:web/abort";
import { type Deferred, defer, quiet } from "helios:web/promises";

const DEFAULT_LIMITS: ServeLimits = {
	headerTimeout: 10_000,
	idleTimeout: 60_000,
	bodyBytes: 16 * 1024 * 1024,
	connections: 256,
};

/** Errors after which a server goes on taking connections: the peer was gone already, or there is no room just now. */
const PASSING_ERRORS = ["ECONNABORTED", "EMFILE", "ENFILE", "ENOMEM", "ENOBUFS", "EAGAIN", "EPROTO"];
/** How long a server waits before it tries again to take a connection that it had no room for. */
const ACCEPT_RETRY_MS = 100;

/** Where a server listens. */
export interface ListenAddress extends Address {
	/** The name that it was given, or its address. */
	readonly hostname: string;
}

/** How to serve. */
export interface ServeOptions {
	/** The port: 80 without one, any free one for 0. */
	port?: number;
	/** The literal address to listen on: all of the machine's without one. */
	address?: string;
	/** A name in the place of an address. */
	hostname?: string;
	/** Called when the server listens. */
	onListen?: (address: ListenAddress) => void;
	/** Called with each error of the handler; without it they go to standard error. */
	onError?: (error: unknown) => void;
	/** Called for each request that was answered. */
	onExchange?: (exchange: Exchange) => void;
	/** When it aborts the server shuts down: what was begun is answered. */
	signal?: AbortSignal;
	/** Bounds that differ from the usual ones. */
	limits?: Partial<ServeLimits>;
	/** What makes connections, in the place of the machine's sockets. */
	transport?: Transport;
}

/** A server that listens. */
export class HttpServer implements AsyncDisposable {
	/** Where it listens. */
	readonly local: ListenAddress;
	/** Fulfilled when it has shut down. */
	readonly finished: Promise<void>;
	readonly #listener: Listener;
	readonly #context: ServerContext;
	readonly #connections = new Set<ServerConnection>();
	readonly #finish: Deferred<void> = defer<void>();
	readonly #connectionsMax: number;
	readonly #report: (error: unknown) => void;
	#room: Deferred<void> | undefined;
	#draining = false;
	#accepting = true;

	/** @internal */
	constructor(listener: Listener, handler: Handler, options: ServeOptions) {
		const limits = { ...DEFAULT_LIMITS, ...options.limits };
		const report = options.onError ?? ((error: unknown) => console.error(error));
		this.#listener = listener;
		this.#connectionsMax = limits.connections;
		this.#report = report;
		this.local = { ...listener.local, hostname: options.hostname ?? listener.local.address };
		this.finished = this.#finish.promise;
		const isDraining = (): boolean => this.#draining;
		this.#context = {
			handler,
			limits,
			deadlines: new Deadlines(),
			get draining() {
				return isDraining();
			},
			report,
			exchanged: options.onExchange,
			closed: (connection) => this.#closed(connection),
		};
		void this.#accept();
	}

	/** Connections that are open. */
	get connections(): number {
		return this.#connections.size;
	}

	/** Takes no more requests, answers those under way, and fulfils when the last connection is closed. */
	async shutdown(): Promise<void> {
		this.#stop();
		for (const connection of [...this.#connections]) if (connection.isIdle) connection.close();
		await this.finished;
	}

	/** Closes everything at once. */
	async close(): Promise<void> {
		this.#stop();
		for (const connection of [...this.#connections]) connection.close();
		await this.finished;
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.shutdown();
	}

	#stop(): void {
		if (this.#draining) return;
		this.#draining = true;
		this.#room?.resolve();
		this.#listener.close().catch(() => {});
	}

	#closed(connection: ServerConnection): void {
		this.#connections.delete(connection);
		this.#room?.resolve();
		this.#room = undefined;
		this.#settle();
	}

	#settle(): void {
		if (!this.#accepting && this.#connections.size === 0) this.#finish.resolve();
	}

	async #accept(): Promise<void> {
		try {
			while (!this.#draining) await this.#acceptOne();
		} catch (error) {
			if (!this.#draining) this.#finish.reject(error);
		}
		this.#accepting = false;
		this.#settle();
	}

	async #acceptOne(): Promise<void> {
		await this.#makeRoom();
		if (this.#draining) return;
		try {
			const connection = new ServerConnection(await this.#listener.accept(), this.#context);
			this.#connections.add(connection);
			void connection.run();
		} catch (error) {
			if (this.#draining || !isSystemError(error) || !PASSING_ERRORS.includes(error.code)) throw error;
			this.#report(error);
			await new Promise((resolve) => setTimeout(resolve, ACCEPT_RETRY_MS));
		}
	}

	/** Waits until there are fewer connections than there may be. The one that has been idle longest goes. */
	async #makeRoom(): Promise<void> {
		while (this.#connections.size >= this.#connectionsMax && !this.#draining) {
			const idle = [...this.#connections].find((connection) => connection.isIdle);
			if (idle !== undefined) {
				idle.close();
				continue;
			}
			this.#room ??= defer<void>();
			await this.#room.promise;
		}
	}
}

/**
 * Serves HTTP/1.1: each request goes to `handler`, and what it answers goes back. Fulfils when the server listens;
 * fails with the errors of sockets (EADDRINUSE, EACCES, EPERM).
 *
 * ```ts
 * await serve(() => new Response("hello\n"), { port: 8080 });
 * ```
 */
export async function serve(handler: Handler, options: ServeOptions = {}): Promise<HttpServer> {
	if (typeof handler !== "function") throw new TypeError("serve: the handler is not a function");
	options.signal?.throwIfAborted();
	const network = options.transport ?? transport();
	const named = options.hostname === undefined ? undefined : await network.resolve(options.hostname);
	const address = options.address ?? named;
	const listener = await network.listen(options.port ?? 80, address === undefined ? {} : { address });
	const server = new HttpServer(listener, handler, options);
	if (options.signal !== undefined) {
		const { onAbort } = lazy("helios:web/abort") as typeof import("helios:web/abort");
		onAbort(options.signal, () => quiet(server.shutdown()));
	}
	options.onListen?.(server.local);
	return server;
}
