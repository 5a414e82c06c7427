/** The asking side of HTTP/1.1: connections that are kept and used again, requests to bytes, bytes to answers. */

import { now } from "helios:core";
import { isSystemError } from "helios:errors";
import { type Deadline, Deadlines } from "helios:http/deadlines";
import {
	type Framing,
	formatRequestHead,
	keepsAlive,
	parseResponseHead,
	type ResponseHead,
	responseFraming,
} from "helios:http/head";
import { HttpError } from "helios:http/status";
import { type Connection, transport } from "helios:http/transport";
import { Input, incomingBody, PrematureEnd, writeMessage } from "helios:http/wire";
import { lazy } from "helios:internal";
import type { AbortSignal } from "helios:web/abort";
import { Body, type ByteSource } from "helios:web/body";
import { type HeaderField, isFieldValue, isToken, valueOf } from "helios:web/header-list";
import { type Deferred, defer, quiet } from "helios:web/promises";

/** Connections to one origin at a time. What comes after waits. */
const ORIGIN_CONNECTIONS_MAX = 6;
/** Connections that are kept without work, over all origins. */
const IDLE_CONNECTIONS_MAX = 32;
/** How long a connection is kept without work. */
const IDLE_MS = 15_000;
/** How long what is left of a question may take once it was answered. */
const FINISH_MS = 1000;
/** Answers of status 1xx before the one that counts. */
const INFORMATIONAL_MAX = 16;
/** Longest body that is taken at once where all of it has come, so that its connection is free again. */
const TAKEN_BYTES_MAX = 65_536;
/** Methods that may be asked again where it is not known whether the server has seen them (RFC 9110, 9.2.2). */
const IDEMPOTENT = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"];

/** A question, as it goes out. */
export interface ClientRequest {
	method: string;
	/** The host, as a URL has it. */
	hostname: string;
	port: number;
	/** A path with a query. */
	target: string;
	/** All fields but those that frame the body. */
	fields: readonly HeaderField[];
	body: Body | undefined;
	signal: AbortSignal | undefined;
}

/** An answer, as it came. */
export interface ClientResponse {
	head: ResponseHead;
	body: Body | undefined;
}

/** A connection to an origin. */
class Link implements Deadline {
	due = Number.POSITIVE_INFINITY;
	readonly connection: Connection;
	readonly input: Input;
	readonly #origin: Origin;
	/** Requests that it has carried. */
	uses = 0;
	closed = false;

	constructor(connection: Connection, origin: Origin) {
		this.connection = connection;
		this.input = new Input(connection);
		this.#origin = origin;
	}

	expire(): void {
		this.close();
	}

	/** Gives it back when what was begun is sent; a server that answered early may never take it. */
	finish(sending: Promise<void>): void {
		this.due = now() + FINISH_MS;
		deadlines.add(this);
		sending.then(
			() => {
				deadlines.delete(this);
				this.release();
			},
			() => this.close(),
		);
	}

	/** Gives it back for others. */
	release(): void {
		if (!this.closed) this.#origin.release(this);
	}

	close(): void {
		if (this.closed) return;
		this.closed = true;
		this.connection.close().catch(() => {});
		this.#origin.closed(this);
	}
}

const deadlines = new Deadlines();
const origins = new Map<string, Origin>();
/** Connections without work, the one that waits longest first. */
const idle = new Set<Link>();

/** The connections to one host and port. */
class Origin {
	readonly #key: string;
	readonly #hostname: string;
	readonly #port: number;
	readonly #waiting: Deferred<void>[] = [];
	readonly #idle: Link[] = [];
	#count = 0;

	constructor(key: string, hostname: string, port: number) {
		this.#key = key;
		this.#hostname = hostname;
		this.#port = port;
	}

	/** A connection that nobody uses: one that was kept, else a new one. */
	async acquire(fresh: boolean, signal: AbortSignal | undefined): Promise<Link> {
		for (;;) {
			const kept = fresh ? undefined : this.#takeIdle();
			if (kept !== undefined) return kept;
			if (this.#count < ORIGIN_CONNECTIONS_MAX) return this.#open(signal);
			const spare = fresh ? this.#takeIdle() : undefined;
			if (spare !== undefined) {
				spare.close();
				continue;
			}
			const turn = defer<void>();
			this.#waiting.push(turn);
			await turn.promise;
		}
	}

	#takeIdle(): Link | undefined {
		const link = this.#idle.pop();
		if (link === undefined) return undefined;
		idle.delete(link);
		deadlines.delete(link);
		return link;
	}

	async #open(signal: AbortSignal | undefined): Promise<Link> {
		this.#count++;
		try {
			const network = transport();
			const address = await network.resolve(this.#hostname);
			return new Link(await network.connect(address, this.#port, { signal }), this);
		} catch (error) {
			this.#leave();
			throw error;
		}
	}

	release(link: Link): void {
		this.#idle.push(link);
		idle.add(link);
		link.due = now() + IDLE_MS;
		deadlines.add(link);
		this.#waiting.shift()?.resolve();
		if (idle.size <= IDLE_CONNECTIONS_MAX) return;
		const [oldest] = idle;
		oldest?.close();
	}

	closed(link: Link): void {
		const at = this.#idle.indexOf(link);
		if (at >= 0) this.#idle.splice(at, 1);
		idle.delete(link);
		deadlines.delete(link);
		this.#leave();
	}

	#leave(): void {
		this.#count--;
		const turn = this.#waiting.shift();
		if (turn !== undefined) turn.resolve();
		else if (this.#count === 0) origins.delete(this.#key);
	}
}

function originOf(hostname: string, port: number): Origin {
	const key = `${hostname}:${port}`;
	let origin = origins.get(key);
	if (origin === undefined) {
		origin = new Origin(key, hostname, port);
		origins.set(key, origin);
	}
	return origin;
}

/** Closes the connections that are kept without work. */
export function closeIdleConnections(): void {
	for (const link of [...idle]) link.close();
}

/**
 * Asks with just these fields, follows no redirection, and answers when the head of the answer has come. TypeError for
 * what is no method, target or field.
 */
export async function askOnce(request: ClientRequest): Promise<ClientResponse> {
	const { method, target, fields } = request;
	const proper = ({ name, value }: HeaderField): boolean => isToken(name) && isFieldValue(value);
	if (!isToken(method) || !/^[\x21-\x7e]+$/.test(target) || !fields.every(proper)) {
		throw new TypeError("exchange: the method, the target or a field is none");
	}
	return exchange(request);
}

/** Asks, and answers when the head of the answer has come. What aborts it closes its connection. */
export async function exchange(request: ClientRequest): Promise<ClientResponse> {
	const { body } = request;
	const replayable = (body === undefined || body.bytes !== undefined) && IDEMPOTENT.includes(request.method);
	const copy = replayable ? body?.clone() : undefined;
	const link = await acquire(originOf(request.hostname, request.port), false, request.signal);
	const wasUsed = link.uses > 0;
	try {
		return await exchangeOn(link, request);
	} catch (error) {
		link.close();
		// A server may close what it kept open just when the next request goes out.
		if (!wasUsed || !replayable || !(error instanceof StaleConnection)) throw unwrap(error);
	}
	const fresh = await acquire(originOf(request.hostname, request.port), true, request.signal);
	try {
		return await exchangeOn(fresh, { ...request, body: copy });
	} catch (error) {
		fresh.close();
		throw unwrap(error);
	}
}

async function acquire(origin: Origin, fresh: boolean, signal: AbortSignal | undefined): Promise<Link> {
	const link = await origin.acquire(fresh, signal);
	if (signal?.aborted !== true) return link;
	link.release();
	throw signal.reason;
}

/** The connection ended before a byte of the answer had come. */
class StaleConnection extends Error {}

function unwrap(error: unknown): unknown {
	return error instanceof StaleConnection ? error.cause : error;
}

/** The fields that frame a body, and how it is sent. */
function framed(request: ClientRequest): { fields: readonly HeaderField[]; length: number | "chunked" } {
	const { body, method, fields } = request;
	if (body === undefined) {
		// Where a body is usual, none has a length as well (RFC 9110, 8.6).
		if (method !== "POST" && method !== "PUT") return { fields, length: 0 };
		return { fields: [...fields, { name: "Content-Length", key: "content-length", value: "0" }], length: 0 };
	}
	const { length } = body;
	const added =
		length === undefined
			? { name: "Transfer-Encoding", key: "transfer-encoding", value: "chunked" }
			: { name: "Content-Length", key: "content-length", value: `${length}` };
	return { fields: [...fields, added], length: length ?? "chunked" };
}

function whenAborted(signal: AbortSignal, then: () => void): () => void {
	return (lazy("helios:web/abort") as typeof import("helios:web/abort")).onAbort(signal, then);
}

async function exchangeOn(link: Link, request: ClientRequest): Promise<ClientResponse> {
	const stop = request.signal === undefined ? undefined : whenAborted(request.signal, () => link.close());
	link.uses++;
	const { fields, length } = framed(request);
	const text = formatRequestHead(request.method, request.target, fields);
	const { body } = request;
	const content = body === undefined ? undefined : (body.bytes ?? body.take());
	if (body?.bytes !== undefined) body.take();
	let sent = false;
	const sending = writeMessage(link.connection, text, content, length).then(() => {
		sent = true;
	});
	quiet(sending);
	// A short message is written first; during a long one the server may answer already.
	const short = content === undefined || (content instanceof Uint8Array && content.length <= TAKEN_BYTES_MAX);
	if (short) await sending.catch((error: unknown) => stale(link, error));
	const head = await (short ? readHead(link) : Promise.race([readHead(link), failure(sending)]));
	const done = (keep: boolean): void => {
		stop?.();
		if (!keep) link.close();
		else if (sent) link.release();
		else link.finish(sending);
	};
	return { head, body: await receive(link, head, request, done) };
}

/** Fails when the body that is sent fails. Where the connection fails, reading tells what the server said before. */
function failure(sending: Promise<void>): Promise<never> {
	return new Promise((_, reject) => {
		sending.catch((error: unknown) => {
			if (!isConnectionError(error)) reject(error);
		});
	});
}

/** Whether it was the connection that failed, and not what gave the body. */
function isConnectionError(error: unknown): boolean {
	return isSystemError(error);
}

function stale(link: Link, error: unknown): never {
	if (link.input.buffered === 0) throw new StaleConnection("stale", { cause: error });
	throw error;
}

/** The head of the answer that counts. */
async function readHead(link: Link): Promise<ResponseHead> {
	for (let count = 0; count < INFORMATIONAL_MAX; count++) {
		let text: string;
		try {
			text = await link.input.head();
		} catch (error) {
			if (error instanceof PrematureEnd ? error.clean : isConnectionError(error)) stale(link, error);
			throw error;
		}
		const head = parseResponseHead(text);
		if (head.status === 101) throw new HttpError(502, "the server switches to another protocol");
		if (head.status >= 200) return head;
	}
	throw new HttpError(502, "the server sends no answer but preliminary ones");
}

/** The body that follows a head. `done` is called once, when the connection is free or of no use. */
async function receive(
	link: Link,
	head: ResponseHead,
	request: ClientRequest,
	done: (keep: boolean) => void,
): Promise<Body | undefined> {
	const framing: Framing = responseFraming(head, request.method);
	const keep = framing !== "close" && keepsAlive(head.minor, valueOf(head.fields, "connection"));
	if (framing === 0) {
		// What follows an answer without a body belongs to no question.
		done(keep && link.input.buffered === 0);
		return hasNoBody(head, request.method) ? undefined : new Body(new Uint8Array(0));
	}
	if (typeof framing === "number" && framing <= TAKEN_BYTES_MAX && link.input.buffered >= framing) {
		const bytes = link.input.take(framing).slice();
		done(keep && link.input.buffered === 0);
		return new Body(bytes);
	}
	const source = incomingBody(link.input, framing, Number.MAX_SAFE_INTEGER);
	let ended = false;
	const end = (whole: boolean): void => {
		if (ended) return;
		ended = true;
		done(whole && link.input.buffered === 0);
	};
	const guarded: ByteSource = {
		read: async () => {
			try {
				const bytes = await source.read();
				if (bytes === null) end(keep);
				else if (source.done) end(keep);
				return bytes;
			} catch (error) {
				end(false);
				throw request.signal?.aborted ? request.signal.reason : bodyError(error);
			}
		},
		cancel: async () => end(false),
	};
	return new Body(guarded, typeof framing === "number" ? framing : undefined);
}

function bodyError(error: unknown): TypeError {
	const message = error instanceof Error ? error.message : String(error);
	return new TypeError(`The body of the answer broke off: ${message}`, { cause: error });
}

/** Whether an answer never has a body. */
function hasNoBody(head: ResponseHead, method: string): boolean {
	return method === "HEAD" || head.status === 204 || head.status === 205 || head.status === 304;
}
