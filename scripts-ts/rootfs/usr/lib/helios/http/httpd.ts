/** `startHttpd`: a server with a callback in the manner of Express, and files below a root (guide, section 6). */

import { SystemError } from "helios:errors";
import { type FilesOptions, pathOf, serveFiles } from "helios:http/files";
import { mimeTypeOfName } from "helios:http/mime";
import { type HttpServer, type ServeOptions, serve } from "helios:http/serve";
import type { ConnectionInfo, Exchange } from "helios:http/server";
import { HttpError } from "helios:http/status";
import { urlParse, utf8Encode } from "helios:internal";
import { Body, type ByteSource } from "helios:web/body";
import type { FormData } from "helios:web/form-data";
import { Headers } from "helios:web/headers";
import { type Deferred, defer } from "helios:web/promises";
import type { Request } from "helios:web/request";
import { makeResponse, type Response, responseParts } from "helios:web/response";
import { URLSearchParams } from "helios:web/url-search-params";

/** Where pages are where nothing else is said. */
const DEFAULT_ROOT = "/var/www";

/** How to start a server. */
export interface HttpdOptions extends Omit<ServeOptions, "onExchange">, FilesOptions {
	/** The directory whose files are served: `/var/www` where there is no callback either. */
	root?: string;
	/** Takes a line for each request, in the common log format. */
	log?: (line: string) => void;
	/** A certificate. Not supported yet. */
	tls?: unknown;
}

/** Answers a request, or leaves it to the files by calling `next`. What it answers, where it is a `Response`, is sent. */
export type HttpdCallback = (request: HttpdRequest, response: HttpdResponse, next: () => void) => unknown;

/** A request, as a callback gets it. */
export class HttpdRequest {
	/** The request itself. */
	readonly raw: Request;
	/** The address of the client. */
	readonly ip: string;
	#query: URLSearchParams | undefined;

	/** @internal */
	constructor(raw: Request, info: ConnectionInfo) {
		this.raw = raw;
		this.ip = info.remote.address;
	}

	get method(): string {
		return this.raw.method;
	}
	get headers(): Headers {
		return this.raw.headers;
	}
	/** Path and query, as they came. */
	get url(): string {
		const parts = urlParse(this.raw.url);
		return parts === null ? "/" : parts.pathname + parts.search;
	}
	/** The path, decoded. */
	get path(): string {
		return pathOf(this.raw.url);
	}
	/** The parameters of the query. */
	get query(): URLSearchParams {
		this.#query ??= new URLSearchParams(urlParse(this.raw.url)?.search ?? "");
		return this.#query;
	}
	/** The value of a header, or nothing. */
	get(name: string): string | undefined {
		return this.raw.headers.get(name) ?? undefined;
	}
	text(): Promise<string> {
		return this.raw.text();
	}
	json(): Promise<unknown> {
		return this.raw.json();
	}
	bytes(): Promise<Uint8Array> {
		return this.raw.bytes();
	}
	formData(): Promise<FormData> {
		return this.raw.formData();
	}
}

/** A body that is written piece by piece. */
class WrittenBody implements ByteSource {
	readonly #chunks: { bytes: Uint8Array; taken: Deferred<void> }[] = [];
	#turn: Deferred<void> | undefined;
	#ended = false;
	#canceled = false;

	/** Fulfilled when it was taken. */
	write(bytes: Uint8Array): Promise<void> {
		if (this.#canceled || bytes.length === 0) return Promise.resolve();
		const taken = defer<void>();
		this.#chunks.push({ bytes, taken });
		this.#wake();
		return taken.promise;
	}

	end(): void {
		this.#ended = true;
		this.#wake();
	}

	#wake(): void {
		this.#turn?.resolve();
		this.#turn = undefined;
	}

	async read(): Promise<Uint8Array | null> {
		for (;;) {
			const next = this.#chunks.shift();
			if (next !== undefined) {
				next.taken.resolve();
				return next.bytes;
			}
			if (this.#ended) return null;
			this.#turn ??= defer<void>();
			await this.#turn.promise;
		}
	}

	async cancel(): Promise<void> {
		this.#canceled = true;
		for (const { taken } of this.#chunks.splice(0)) taken.resolve();
	}
}

/** An answer, as a callback makes it. Each of its methods answers it again. */
export class HttpdResponse {
	/** Its headers. */
	readonly headers = new Headers();
	/** @internal */
	readonly answer: Deferred<Response | undefined> = defer<Response | undefined>();
	#status = 200;
	#sent = false;
	#written: WrittenBody | undefined;

	/** Whether its head is on its way, so that it cannot be changed any more. */
	get headersSent(): boolean {
		return this.#sent;
	}
	get statusCode(): number {
		return this.#status;
	}
	/** Sets the status. */
	status(code: number): this {
		if (!Number.isInteger(code) || code < 200 || code > 599) throw new RangeError(`There is no status ${code}`);
		this.#status = code;
		return this;
	}
	/** Sets a header. */
	set(name: string, value: string): this {
		this.headers.set(name, value);
		return this;
	}
	/** Adds a header. */
	append(name: string, value: string): this {
		this.headers.append(name, value);
		return this;
	}
	/** Sets the media type: one, or the extension that has it. */
	type(type: string): this {
		return this.set("Content-Type", type.includes("/") ? type : mimeTypeOfName(`x.${type.replace(/^\./, "")}`));
	}
	/** Sends text as HTML, bytes as they are, and anything else as JSON. */
	send(body: unknown = ""): this {
		if (typeof body === "string") {
			if (!this.headers.has("content-type")) this.type("html");
			return this.end(body);
		}
		if (!(body instanceof Uint8Array)) return this.json(body);
		if (!this.headers.has("content-type")) this.type("application/octet-stream");
		return this.end(body);
	}
	/** Sends JSON. */
	json(value: unknown): this {
		if (!this.headers.has("content-type")) this.type("application/json");
		return this.end(JSON.stringify(value) ?? "null");
	}
	/** Sends one elsewhere. */
	redirect(url: string, status = 302): this {
		return this.status(status).set("Location", url).end();
	}
	/** Sends the name of a status as its body. */
	sendStatus(code: number): this {
		return this.status(code).type("txt").end(`${code}\n`);
	}
	/** Sends a piece of the body. Fulfilled when it is on its way. */
	write(piece: string | Uint8Array): Promise<void> {
		if (this.#written === undefined) {
			this.#written = new WrittenBody();
			this.#send(new Body(this.#written));
		}
		return this.#written.write(typeof piece === "string" ? utf8Encode(piece) : piece);
	}
	/** Ends the answer, with a last piece of its body where there is one. */
	end(piece: string | Uint8Array = ""): this {
		const bytes = typeof piece === "string" ? utf8Encode(piece) : piece;
		if (this.#written !== undefined) {
			void this.#written.write(bytes);
			this.#written.end();
		} else this.#send(bytes.length === 0 ? undefined : new Body(bytes));
		return this;
	}

	#send(body: Body | undefined): void {
		if (this.#sent) throw new TypeError("The answer was sent already");
		this.#sent = true;
		this.answer.resolve(
			makeResponse({
				type: "default",
				status: this.#status,
				statusText: "",
				headers: this.headers,
				body,
				url: "",
				redirected: false,
			}),
		);
	}
}

/** What a callback answers to a request; `undefined` where it left it to others. */
function callbackAnswer(
	callback: HttpdCallback,
	request: Request,
	info: ConnectionInfo,
	report: (error: unknown) => void,
): Promise<Response | undefined> {
	const response = new HttpdResponse();
	const { promise, resolve, reject } = response.answer;
	const run = async (): Promise<void> => {
		const result = await callback(new HttpdRequest(request, info), response, () => resolve(undefined));
		if (responseParts(result) !== undefined) resolve(result as Response);
	};
	run().catch((error: unknown) => {
		if (response.headersSent) report(error);
		else reject(error);
	});
	return promise;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function logDate(ms: number): string {
	const [date, time] = new Date(ms).toISOString().slice(0, 19).split("T") as [string, string];
	const [year, month, day] = date.split("-") as [string, string, string];
	return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}

/** A line of an access log, in the common log format. */
export function commonLogLine(exchange: Exchange): string {
	const { remote, method, target, minor, status, bodyBytes, startedMs } = exchange;
	const asked = method === "-" ? "-" : `${method} ${target.replace(/["\\]/g, "\\$&")} HTTP/1.${minor}`;
	return `${remote.address} - - [${logDate(startedMs)}] "${asked}" ${status} ${bodyBytes === 0 ? "-" : bodyBytes}`;
}

/**
 * Starts a server. A callback answers requests; those that it leaves to `next`, and all where there is none, get files
 * below `root`. Fulfils when the server listens.
 *
 * ```ts
 * await startHttpd({ port: 80, root: "/var/www", log: console.log });
 * await startHttpd({ port: 8080 }, (request, response) => response.json({ path: request.path }));
 * ```
 */
export function startHttpd(options: HttpdOptions = {}, callback?: HttpdCallback): Promise<HttpServer> {
	const { root: givenRoot, log, tls, ...rest } = options;
	if (tls !== undefined && tls !== false) {
		return Promise.reject(new SystemError("ENOSYS", "startHttpd: there is no TLS yet", "listen"));
	}
	const root = givenRoot ?? (callback === undefined ? DEFAULT_ROOT : undefined);
	const report = options.onError ?? ((error: unknown) => console.error(error));
	const handler = async (request: Request, info: ConnectionInfo): Promise<Response> => {
		const answer = callback === undefined ? undefined : await callbackAnswer(callback, request, info, report);
		if (answer !== undefined) return answer;
		if (root === undefined) throw new HttpError(404, "");
		return serveFiles(request, root, options);
	};
	const watched = log === undefined ? {} : { onExchange: (exchange: Exchange) => log(commonLogLine(exchange)) };
	return serve(handler, { ...rest, ...watched });
}
