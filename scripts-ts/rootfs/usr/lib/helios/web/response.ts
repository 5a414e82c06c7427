/** `Response` (Fetch, 5.5). */

import { urlParse, utf8Encode } from "helios:internal";
import type { Blob } from "helios:web/blob";
import {
	Body,
	type BodyInit,
	extractBody,
	readArrayBuffer,
	readBlob,
	readBytes,
	readFormData,
	readJson,
	readText,
} from "helios:web/body";
import type { FormData } from "helios:web/form-data";
import { field, type HeaderField, hasField } from "helios:web/header-list";
import { byteString, fieldsOf, fillHeaders, type Headers, type HeadersInit, wrapHeaders } from "helios:web/headers";
import { dictionary, INTERNAL, need, usv, webInterface } from "helios:web/idl";
import type { ReadableStream } from "helios:web/readable";
import type { URL } from "helios:web/url";

/** How an answer is made. */
export interface ResponseInit {
	status?: number;
	statusText?: string;
	headers?: HeadersInit;
}

/** Where an answer comes from. */
export type ResponseType = "basic" | "default" | "error";

/** What an answer is made of, within the library. */
export interface ResponseParts {
	type: ResponseType;
	status: number;
	statusText: string;
	headers: Headers;
	body: Body | undefined;
	/** Where it came from, without a fragment. */
	url: string;
	redirected: boolean;
}

/** Whether an answer of that status has no body (Fetch, "null body status"). */
export function isNullBodyStatus(status: number): boolean {
	return status === 101 || status === 103 || status === 204 || status === 205 || status === 304;
}

/** Whether that status sends one elsewhere. */
export function isRedirectStatus(status: number): boolean {
	return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

function partsOf(status: number, headers: Headers, body: Body | undefined): ResponseParts {
	return { type: "default", status, statusText: "", headers, body, url: "", redirected: false };
}

/** `unsigned short`. */
function toShort(value: unknown): number {
	return Number(value) & 0xffff;
}

/** An answer with what `init` says (Fetch, "initialize a response"). */
function initialise(init: unknown, body: Body | undefined, type: string | undefined, where: string): ResponseParts {
	const { headers, status: givenStatus, statusText: givenText } = dictionary<ResponseInit>(init as ResponseInit, where);
	const status = givenStatus === undefined ? 200 : toShort(givenStatus);
	const statusText = givenText === undefined ? "" : byteString(givenText, where);
	if (status < 200 || status > 599) throw new RangeError(`${where}: ${status} is no status from 200 to 599`);
	if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(statusText))
		throw new TypeError(`${where}: the text of the status has line ends`);
	const made = wrapHeaders([], "response");
	if (headers !== undefined) fillHeaders(made, headers);
	if (body !== undefined && isNullBodyStatus(status)) {
		throw new TypeError(`${where}: an answer of the status ${status} has no body`);
	}
	if (type !== undefined && !hasField(fieldsOf(made) ?? [], "content-type")) {
		(fieldsOf(made) as HeaderField[]).push(field("Content-Type", type));
	}
	return { ...partsOf(status, made, body), statusText };
}

/** What an answer is made of; `undefined` for what is none. */
export let responseParts: (value: unknown) => ResponseParts | undefined;
/** An answer of parts that were checked already. */
export let makeResponse: (parts: ResponseParts) => Response;

/** A server's answer. */
export class Response {
	readonly #parts: ResponseParts;

	constructor(body?: BodyInit | null, init?: ResponseInit) {
		if ((init as unknown) === INTERNAL) {
			this.#parts = body as unknown as ResponseParts;
			return;
		}
		const extracted = body === undefined || body === null ? undefined : extractBody(body);
		this.#parts = initialise(init, extracted?.body, extracted?.type, "Response");
	}

	static {
		responseParts = (value) =>
			typeof value === "object" && value !== null && #parts in value ? value.#parts : undefined;
		makeResponse = (parts) => new Response(parts as never, INTERNAL as never);
	}

	/** The answer that stands for a failure of the network. */
	static error(): Response {
		return makeResponse({ ...partsOf(0, wrapHeaders([], "immutable"), undefined), type: "error" });
	}
	/** An answer that sends one to `url`. */
	static redirect(url: string | URL, status = 302): Response {
		need(arguments.length, 1, "Response.redirect");
		const text = usv(url);
		const target = urlParse(text);
		if (target === null) throw new TypeError(`Response.redirect: Invalid URL: ${JSON.stringify(text)}`);
		const code = toShort(status);
		if (!isRedirectStatus(code)) throw new RangeError(`Response.redirect: the status ${code} sends nobody elsewhere`);
		return makeResponse(partsOf(code, wrapHeaders([field("Location", target.href)], "immutable"), undefined));
	}
	/** An answer whose body is JSON. */
	static json(data: unknown, init?: ResponseInit): Response {
		need(arguments.length, 1, "Response.json");
		const text: unknown = JSON.stringify(data);
		if (typeof text !== "string") throw new TypeError("Response.json: the value has no JSON");
		return makeResponse(initialise(init, new Body(utf8Encode(text)), "application/json", "Response.json"));
	}

	get type(): ResponseType {
		return this.#parts.type;
	}
	get url(): string {
		return this.#parts.url;
	}
	get redirected(): boolean {
		return this.#parts.redirected;
	}
	get status(): number {
		return this.#parts.status;
	}
	get ok(): boolean {
		return this.#parts.status >= 200 && this.#parts.status <= 299;
	}
	get statusText(): string {
		return this.#parts.statusText;
	}
	get headers(): Headers {
		return this.#parts.headers;
	}
	get body(): ReadableStream<Uint8Array> | null {
		return this.#parts.body?.stream ?? null;
	}
	get bodyUsed(): boolean {
		return this.#parts.body?.used ?? false;
	}
	async arrayBuffer(): Promise<ArrayBuffer> {
		return readArrayBuffer(this.#parts.body);
	}
	async blob(): Promise<Blob> {
		return readBlob(this.#parts.body, fieldsOf(this.#parts.headers) ?? []);
	}
	async bytes(): Promise<Uint8Array> {
		return readBytes(this.#parts.body);
	}
	async formData(): Promise<FormData> {
		return readFormData(this.#parts.body, fieldsOf(this.#parts.headers) ?? []);
	}
	// biome-ignore lint/suspicious/noExplicitAny: JSON is whatever it is.
	async json(): Promise<any> {
		return readJson(this.#parts.body);
	}
	async text(): Promise<string> {
		return readText(this.#parts.body);
	}
	clone(): Response {
		const parts = this.#parts;
		if (parts.body?.unusable) throw new TypeError("Response.clone: the body was read already, or is locked");
		const guard = parts.type === "default" ? "response" : "immutable";
		const headers = wrapHeaders([...(fieldsOf(parts.headers) ?? [])], guard);
		return makeResponse({ ...parts, headers, body: parts.body?.clone() });
	}
}
webInterface(Response, "Response");
