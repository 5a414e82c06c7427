/** Connections of a server: from bytes to requests, and from answers to bytes. */

import { now } from "helios:core";
import { isSystemError } from "helios:errors";
import { httpDate } from "helios:http/dates";
import type { Deadline, Deadlines } from "helios:http/deadlines";
import type { Framing, RequestHead } from "helios:http/head";
import { formatResponseHead, hostOf, keepsAlive, parseRequestHead, requestFraming } from "helios:http/head";
import { errorPage, errorParts } from "helios:http/pages";
import { HttpError } from "helios:http/status";
import type { Address, Connection, Sink } from "helios:http/transport";
import { type IncomingBody, Input, incomingBody, writeMessage } from "helios:http/wire";
import { lazy, urlParse, utf8Encode } from "helios:internal";
import type { AbortController, AbortSignal } from "helios:web/abort";
import { Body, type ByteSource } from "helios:web/body";
import { field, type HeaderField, hasField, listOf, valueOf } from "helios:web/header-list";
import { fieldsOf, wrapHeaders } from "helios:web/headers";
import { makeRequest, type Request } from "helios:web/request";
import { isNullBodyStatus, type Response, type ResponseParts, responseParts } from "helios:web/response";

/** Most bytes of a body that nobody read which are read away so that the connection can go on. */
const DRAIN_BYTES_MAX = 65_536;
/** How long what was refused is still read, so that the peer gets to see the answer. */
const LINGER_MS = 1000;

/** Between whom a request went. */
export interface ConnectionInfo {
	readonly remote: Address;
	readonly local: Address;
}

/** Answers a request. */
export type Handler = (request: Request, info: ConnectionInfo) => Response | Promise<Response>;

/** Bounds of a server. Times are in milliseconds. */
export interface ServeLimits {
	/** From the first byte of a request to the end of its head. */
	headerTimeout: number;
	/** Without a byte: between requests, within a body, within a write. */
	idleTimeout: number;
	/** Bytes of a request's body. */
	bodyBytes: number;
	/** Connections at a time. */
	connections: number;
}

/** A request that was answered. */
export interface Exchange {
	readonly remote: Address;
	readonly method: string;
	readonly target: string;
	/** 0 for HTTP/1.0, 1 for HTTP/1.1. */
	readonly minor: 0 | 1;
	/** The request's fields. */
	readonly fields: readonly HeaderField[];
	readonly status: number;
	/** Bytes of the answer's body that were sent. */
	readonly bodyBytes: number;
	/** When the request had come, in milliseconds since the Unix epoch. */
	readonly startedMs: number;
}

/** What the connections of a server have in common. */
export interface ServerContext {
	readonly handler: Handler;
	readonly limits: ServeLimits;
	readonly deadlines: Deadlines;
	/** No more requests are taken. */
	readonly draining: boolean;
	/** An error of the handler, or of what it answered. */
	report(error: unknown): void;
	/** A request was answered. */
	exchanged: ((exchange: Exchange) => void) | undefined;
	/** A connection is gone. */
	closed(connection: ServerConnection): void;
}

/** What a connection waits for. */
type Phase = "fresh" | "idle" | "head" | "body" | "handler" | "write" | "linger";

/** One connection and its requests, one after the other. */
export class ServerConnection implements Deadline, ConnectionInfo {
	due = Number.POSITIVE_INFINITY;
	readonly remote: Address;
	readonly local: Address;
	readonly #connection: Connection;
	readonly #context: ServerContext;
	readonly #input: Input;
	readonly #out: Sink = { write: (bytes) => this.#write(bytes) };
	#phase: Phase = "fresh";
	#timedOut = false;
	#closed = false;
	/** Whether bytes of the answer under way were sent. */
	#started = false;
	#controller: AbortController | undefined;

	constructor(connection: Connection, context: ServerContext) {
		this.#connection = connection;
		this.#context = context;
		this.remote = connection.remote;
		this.local = connection.local;
		this.#input = new Input(connection);
		this.#input.onBytes = () => this.#bytesCame();
		context.deadlines.add(this);
	}

	/** Whether it waits for a request of which nothing has come. */
	get isIdle(): boolean {
		return this.#phase === "idle" || this.#phase === "fresh";
	}

	/** Takes requests until the connection ends. */
	async run(): Promise<void> {
		try {
			while (await this.#exchange()) {}
		} catch (error) {
			if (!isSystemError(error) && !(error instanceof HttpError)) this.#context.report(error);
		} finally {
			this.close();
		}
	}

	/** Closes it at once. */
	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#context.deadlines.delete(this);
		this.#context.closed(this);
		this.#controller?.abort();
		this.#connection.close().catch(() => {});
	}

	/** Nothing came or went in time. */
	expire(): void {
		const phase = this.#phase;
		if (this.#timedOut || phase === "idle" || phase === "fresh" || phase === "write" || phase === "linger") {
			this.close();
			return;
		}
		// What waits for bytes hears of their end, and answers that it took too long.
		this.#timedOut = true;
		this.#context.deadlines.move(this, LINGER_MS);
		this.#connection.shutdown("read").catch(() => {});
	}

	#enter(phase: Phase, milliseconds = Number.POSITIVE_INFINITY): void {
		this.#phase = phase;
		if (milliseconds === Number.POSITIVE_INFINITY) this.due = milliseconds;
		else this.#context.deadlines.move(this, milliseconds);
	}

	#bytesCame(): void {
		const { limits, deadlines } = this.#context;
		if (this.isIdle) this.#enter("head", limits.headerTimeout);
		else if (this.#phase === "body") deadlines.move(this, limits.idleTimeout);
	}

	async #write(bytes: Uint8Array): Promise<void> {
		const before = this.#phase;
		this.#started = true;
		this.#enter("write", this.#context.limits.idleTimeout);
		await this.#connection.write(bytes);
		this.#enter(before);
	}

	/** One request and its answer. Answers whether another may follow. */
	async #exchange(): Promise<boolean> {
		const { limits } = this.#context;
		this.#started = false;
		if (this.#input.buffered > 0) this.#enter("head", limits.headerTimeout);
		else if (this.#phase === "fresh") this.#enter("fresh", limits.headerTimeout);
		else this.#enter("idle", limits.idleTimeout);
		let head: RequestHead | undefined;
		let request: IncomingRequest;
		try {
			head = parseRequestHead(await this.#input.head());
			request = this.#accept(head);
		} catch (error) {
			return this.#refuse(error, head);
		}
		this.#enter("handler");
		return this.#answer(request);
	}

	/** Checks what the head of a request promises. */
	#accept(head: RequestHead): IncomingRequest {
		const { limits } = this.#context;
		const host = hostOf(head);
		const framing = requestFraming(head);
		if (head.method === "CONNECT") throw new HttpError(501, "this is no proxy");
		const body = framing === 0 ? undefined : incomingBody(this.#input, framing, limits.bodyBytes);
		const expects = head.minor === 1 ? valueOf(head.fields, "expect") : null;
		if (expects !== null && expects.toLowerCase() !== "100-continue") throw new HttpError(417, "");
		return new IncomingRequest(head, host, framing, body, expects !== null && body !== undefined, now());
	}

	/** Answers what was no request, and ends the connection. */
	async #refuse(error: unknown, head: RequestHead | undefined): Promise<false> {
		const nothingCame = this.#phase === "idle" || this.#phase === "fresh";
		if (this.#closed || (nothingCame && !this.#timedOut)) return false;
		const problem = this.#timedOut ? new HttpError(408, "") : error;
		if (!(problem instanceof HttpError)) return false;
		this.#timedOut = false;
		const { bytes, fields } = errorPage(problem.status, problem.message);
		const method = head?.method ?? "GET";
		fields.push(field("Date", httpDate(now())));
		fields.push(field("Content-Length", `${bytes.length}`), field("Connection", "close"));
		const text = formatResponseHead(problem.status, "", fields);
		const sent = await writeMessage(this.#out, text, method === "HEAD" ? undefined : bytes, bytes.length);
		const shown = head ?? { method: "-", target: "-", minor: 1, fields: [] };
		this.#log(shown, problem.status, sent, now());
		await this.#linger();
		return false;
	}

	#log(head: RequestHead, status: number, bodyBytes: number, startedMs: number): void {
		const { method, target, minor, fields } = head;
		this.#context.exchanged?.({ remote: this.remote, method, target, minor, fields, status, bodyBytes, startedMs });
	}

	/** Reads on for a moment: what is closed while bytes wait takes the answer along with it. */
	async #linger(): Promise<void> {
		if (this.#closed) return;
		this.#enter("linger", LINGER_MS);
		await this.#connection.shutdown("write");
		let bytes = 0;
		while (bytes < DRAIN_BYTES_MAX && !this.#closed) {
			if (this.#input.buffered === 0 && !(await this.#input.fill())) return;
			bytes += this.#input.take(DRAIN_BYTES_MAX).length;
		}
	}

	/** What the handler says, or what stands for its failure. */
	async #handle(incoming: IncomingRequest): Promise<ResponseParts> {
		try {
			const response = await this.#context.handler(this.#requestOf(incoming), this);
			const parts = responseParts(response);
			if (parts === undefined) throw new TypeError("The handler did not answer a Response");
			if (parts.status === 0) throw new TypeError("The handler answered Response.error()");
			if (parts.body?.unusable) throw new TypeError("The body of the handler's answer was read already, or is locked");
			return parts;
		} catch (error) {
			return this.#failed(error);
		}
	}

	/** The answer that stands for an error. */
	#failed(error: unknown): ResponseParts {
		const known = error instanceof HttpError;
		if (!known || error.status >= 500) this.#context.report(error);
		return known ? errorParts(error.status, error.message) : errorParts(500);
	}

	#requestOf(incoming: IncomingRequest): Request {
		const { head, host, body } = incoming;
		this.#controller = undefined;
		const source = body === undefined ? undefined : this.#bodyOf(incoming, body);
		const length = typeof incoming.framing === "number" ? incoming.framing : undefined;
		return makeRequest({
			method: head.method,
			url: () => urlOf(head.target, host, this.local),
			headers: wrapHeaders(head.fields, "immutable"),
			body: source === undefined ? undefined : new Body(source, length),
			makeSignal: () => this.#signal(),
		});
	}

	#signal(): AbortSignal {
		const { AbortController } = lazy("helios:web/abort") as typeof import("helios:web/abort");
		this.#controller ??= new AbortController();
		if (this.#closed) this.#controller.abort();
		return this.#controller.signal;
	}

	/** A body as the handler reads it. */
	#bodyOf(incoming: IncomingRequest, body: IncomingBody): ByteSource {
		return {
			read: async () => {
				incoming.touched = true;
				if (incoming.expects) {
					incoming.expects = false;
					if (!this.#started) await this.#connection.write(CONTINUE);
				}
				const before = this.#phase;
				this.#enter("body", this.#context.limits.idleTimeout);
				try {
					return await body.read();
				} catch (error) {
					incoming.failed = true;
					throw this.#timedOut ? new HttpError(408, "the body did not come in time") : error;
				} finally {
					if (!this.#timedOut) this.#enter(before);
				}
			},
			cancel: async () => {},
		};
	}

	/** Answers a request. */
	async #answer(incoming: IncomingRequest): Promise<boolean> {
		const parts = await this.#handle(incoming);
		if (this.#closed) return false;
		let sent = await this.#send(incoming, parts);
		if (sent === undefined) {
			if (this.#started) return false;
			sent = await this.#send(incoming, errorParts(500));
		}
		if (sent === undefined) return false;
		this.#log(incoming.head, sent.status, sent.bytes, incoming.startedMs);
		if (incoming.failed || this.#timedOut) sent.keep = false;
		if (sent.keep && !incoming.isDone) sent.keep = await this.#drain(incoming);
		if (!sent.keep && !incoming.isDone) await this.#linger();
		return sent.keep;
	}

	/** Reads away what nobody wanted, so that the next request can come. */
	async #drain(incoming: IncomingRequest): Promise<boolean> {
		const body = incoming.body as IncomingBody;
		this.#enter("body", this.#context.limits.idleTimeout);
		let bytes = 0;
		while (bytes <= DRAIN_BYTES_MAX) {
			const chunk = await body.read();
			if (chunk === null) return true;
			bytes += chunk.length;
		}
		return false;
	}

	/** Sends an answer. `undefined` where its body failed, which is reported. */
	async #send(incoming: IncomingRequest, parts: ResponseParts): Promise<Sent | undefined> {
		const outgoing = outgoingOf(incoming, parts, this.#context.draining);
		const { body, withBody, keep } = outgoing;
		const text = formatResponseHead(parts.status, parts.statusText, outgoing.fields);
		const content = body === undefined ? undefined : (body.bytes ?? body.take());
		try {
			if (!withBody && content !== undefined && !(content instanceof Uint8Array)) {
				await content.cancel().catch(() => {});
			}
			const bytes = await writeMessage(this.#out, text, withBody ? content : undefined, outgoing.length);
			return { status: parts.status, bytes, keep };
		} catch (error) {
			const broken = this.#phase === "write" && isSystemError(error);
			if (!broken && !this.#closed) this.#context.report(error);
			return undefined;
		}
	}
}

interface Sent {
	status: number;
	bytes: number;
	keep: boolean;
}

const CONTINUE = utf8Encode("HTTP/1.1 100 Continue\r\n\r\n");

/** A request that came in. */
class IncomingRequest {
	/** Whether its body was asked for. */
	touched = false;
	/** Whether its body broke. */
	failed = false;

	constructor(
		readonly head: RequestHead,
		readonly host: string,
		readonly framing: Framing,
		readonly body: IncomingBody | undefined,
		/** Whether the client waits to be told to send its body. */
		public expects: boolean,
		readonly startedMs: number,
	) {}

	get isDone(): boolean {
		return this.body === undefined || this.body.done;
	}

	/** Whether what is left of its body is too much to be read away. */
	get isTooLong(): boolean {
		if (this.isDone || this.touched) return false;
		return this.expects || typeof this.framing !== "number" || this.framing > DRAIN_BYTES_MAX;
	}
}

/** The URL of a request. */
function urlOf(target: string, host: string, local: Address): string {
	if (/^https?:/i.test(target)) {
		const parsed = urlParse(target);
		if (parsed !== null) return parsed.href;
	}
	const path = target.startsWith("/") ? target : "/";
	const authority = host === "" ? `${local.address}:${local.port}` : host;
	const parsed = urlParse(`http://${authority}${path}`) ?? urlParse(`http://${local.address}:${local.port}${path}`);
	return parsed?.href ?? "http://0.0.0.0/";
}

interface Outgoing {
	fields: HeaderField[];
	body: Body | undefined;
	/** Whether the body is sent. */
	withBody: boolean;
	length: number | "chunked" | "close";
	keep: boolean;
}

/** Fields that the server writes itself. */
const OWN_FIELDS = new Set(["connection", "content-length", "keep-alive", "transfer-encoding"]);

/** How many bytes an answer says that it has. */
function lengthOf(parts: ResponseParts, declared: string | null): number | undefined {
	if (parts.body?.length !== undefined) return parts.body.length;
	return declared !== null && /^\d{1,15}$/.test(declared) ? Number(declared) : undefined;
}

/** How an answer is sent (RFC 9112, 6). */
function outgoingOf(incoming: IncomingRequest, parts: ResponseParts, draining: boolean): Outgoing {
	const { head } = incoming;
	const given = fieldsOf(parts.headers) ?? [];
	const wanted = valueOf(given, "connection");
	const fields = given.filter(({ key }) => !OWN_FIELDS.has(key));
	if (!hasField(given, "date")) fields.push({ name: "Date", key: "date", value: httpDate(now()) });
	const withBody = !isNullBodyStatus(parts.status) && head.method !== "HEAD";
	// A status without a body needs no length, but for 205, whose length is zero (RFC 9110, 15.3.6).
	const bodiless = parts.status !== 205 && isNullBodyStatus(parts.status);
	let length: Outgoing["length"] = 0;
	const declared = lengthOf(parts, valueOf(given, "content-length"));
	if (declared !== undefined && (parts.body !== undefined || head.method === "HEAD")) length = declared;
	else if (parts.body !== undefined) length = head.minor === 1 ? "chunked" : "close";
	if (!bodiless && (withBody || parts.status === 205 || parts.body !== undefined || declared !== undefined)) {
		if (typeof length === "number") fields.push({ name: "Content-Length", key: "content-length", value: `${length}` });
		else if (length === "chunked") {
			fields.push({ name: "Transfer-Encoding", key: "transfer-encoding", value: "chunked" });
		}
	}
	const keep =
		!draining &&
		!incoming.isTooLong &&
		!incoming.failed &&
		!(withBody && length === "close") &&
		keepsAlive(head.minor, valueOf(head.fields, "connection")) &&
		!listOf(wanted).includes("close");
	if (!keep) fields.push({ name: "Connection", key: "connection", value: "close" });
	else if (head.minor === 0) fields.push({ name: "Connection", key: "connection", value: "keep-alive" });
	return { fields, body: parts.body, withBody, length, keep };
}
