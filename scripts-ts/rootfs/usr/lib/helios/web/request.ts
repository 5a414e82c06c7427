/** `Request` (Fetch, 5.4). */

import { lazy, urlParse } from "helios:internal";
import type { AbortSignal } from "helios:web/abort";
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
import { field, type HeaderField, hasField, isToken } from "helios:web/header-list";
import {
	byteString,
	fieldsOf,
	fillHeaders,
	type Headers,
	type HeadersInit,
	isForbidden,
	wrapHeaders,
} from "helios:web/headers";
import { dictionary, INTERNAL, need, usv, webInterface } from "helios:web/idl";
import type { ReadableStream } from "helios:web/readable";
import type { URL } from "helios:web/url";

const ENUMERATIONS = {
	referrerPolicy: [
		"",
		"no-referrer",
		"no-referrer-when-downgrade",
		"same-origin",
		"origin",
		"strict-origin",
		"origin-when-cross-origin",
		"strict-origin-when-cross-origin",
		"unsafe-url",
	],
	mode: ["same-origin", "no-cors", "cors"],
	credentials: ["omit", "same-origin", "include"],
	cache: ["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"],
	redirect: ["follow", "error", "manual"],
} as const;

type EnumerationName = keyof typeof ENUMERATIONS;
type Choices = { -readonly [Name in EnumerationName]: (typeof ENUMERATIONS)[Name][number] };

/** What becomes of redirections. */
export type RequestRedirect = Choices["redirect"];

/** How a request is made. */
export interface RequestInit extends Partial<Choices> {
	method?: string;
	headers?: HeadersInit;
	body?: BodyInit | null;
	referrer?: string;
	integrity?: string;
	keepalive?: boolean;
	signal?: AbortSignal | null;
	duplex?: "half";
	/** Only `null` is allowed. */
	window?: null;
}

/** What a request is made of, within the library. */
export interface RequestParts {
	method: string;
	/** Its URL, or what makes it when somebody asks. */
	url: string | (() => string);
	headers: Headers;
	body: Body | undefined;
	/** Tells that it is given up. */
	signal?: AbortSignal | undefined;
	/** Makes that signal when somebody asks. */
	makeSignal?: (() => AbortSignal) | undefined;
}

/** Everything that a request knows. */
interface State extends RequestParts, Choices {
	referrer: string;
	integrity: string;
	keepalive: boolean;
	/** The signal that programs see: it follows that of the parts. */
	ownSignal: AbortSignal | undefined;
}

const DEFAULTS = {
	referrer: "about:client",
	referrerPolicy: "",
	mode: "cors",
	credentials: "same-origin",
	cache: "default",
	redirect: "follow",
	integrity: "",
	keepalive: false,
	ownSignal: undefined,
} as const;

const aborts = (): typeof import("helios:web/abort") => lazy("helios:web/abort") as never;

/** Methods that are written in capitals however they were given. */
const NORMALISED = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];

function methodFrom(given: unknown): string {
	const method = byteString(given, "Request");
	if (!isToken(method)) throw new TypeError(`Request: ${JSON.stringify(method)} is no method`);
	const upper = method.toUpperCase();
	if (upper === "CONNECT" || upper === "TRACE" || upper === "TRACK") {
		throw new TypeError(`Request: the method ${method} is not allowed`);
	}
	return NORMALISED.includes(upper) ? upper : method;
}

function urlFrom(given: unknown): string {
	const text = usv(given);
	const parts = urlParse(text);
	if (parts === null) throw new TypeError(`Request: Invalid URL: ${JSON.stringify(text)}`);
	if (parts.username !== "" || parts.password !== "") {
		throw new TypeError("Request: the URL carries a name or a password");
	}
	return parts.href;
}

function choice<Name extends EnumerationName>(name: Name, given: unknown): Choices[Name] {
	const value = `${given as string}`;
	if (!(ENUMERATIONS[name] as readonly string[]).includes(value)) {
		throw new TypeError(`Request: there is no ${name} "${value}"`);
	}
	return value as Choices[Name];
}

/** What `init` says of a request beside its body. */
function applyInit(state: State, init: Partial<RequestInit>): void {
	if (init.window !== undefined && init.window !== null) throw new TypeError("Request: window can only be null");
	if (init.referrer !== undefined) {
		const given = usv(init.referrer);
		const referrer = given === "" ? undefined : urlParse(given);
		if (referrer === null) throw new TypeError("Request: the referrer is not a URL");
		state.referrer = referrer === undefined ? "" : "about:client";
	}
	for (const name of Object.keys(ENUMERATIONS) as EnumerationName[]) {
		const given = init[name];
		if (given !== undefined) state[name] = choice(name, given) as never;
	}
	if (state.cache === "only-if-cached" && state.mode !== "same-origin") {
		throw new TypeError('Request: "only-if-cached" goes with the mode "same-origin" only');
	}
	if (init.integrity !== undefined) state.integrity = `${init.integrity}`;
	if (init.keepalive !== undefined) state.keepalive = Boolean(init.keepalive);
	if (init.method !== undefined) state.method = methodFrom(init.method);
	if (init.signal === undefined) return;
	state.signal = signalFrom(init.signal);
	state.makeSignal = undefined;
}

function signalFrom(given: unknown): AbortSignal | undefined {
	if (given === null) return undefined;
	if (!(given instanceof aborts().AbortSignal)) throw new TypeError("Request: the signal is not an AbortSignal");
	return given;
}

/** The headers of another request, without what framed it where it came in. */
function copyHeaders(headers: Headers): Headers {
	return wrapHeaders(
		(fieldsOf(headers) ?? []).filter(({ key }) => !isForbidden(key)),
		"request",
	);
}

/** The body of a new request: a new one, or that of the request that it is made from. */
function applyBody(state: State, init: Partial<RequestInit>, input: State | undefined): void {
	const inherits = init.body === undefined || init.body === null;
	const has = !inherits || (init.body === undefined && input?.body !== undefined);
	if (has && (state.method === "GET" || state.method === "HEAD")) {
		throw new TypeError(`Request: a request with the method ${state.method} has no body`);
	}
	if (!inherits) {
		const { body, type } = extractBody(init.body);
		if (type !== undefined && !hasField(fieldsOf(state.headers) ?? [], "content-type")) {
			(fieldsOf(state.headers) as HeaderField[]).push(field("Content-Type", type));
		}
		if (init.duplex !== undefined && init.duplex !== "half") {
			throw new TypeError(`Request: there is no duplex "${init.duplex as string}"`);
		}
		if (body.length === undefined && init.duplex === undefined) {
			throw new TypeError('Request: a stream as a body needs duplex: "half"');
		}
		state.body = body;
	} else if (init.body === undefined && input?.body !== undefined) {
		if (input.body.unusable) throw new TypeError("Request: the body was read already, or is locked");
		const { bytes, length } = input.body;
		const taken = input.body.take();
		state.body = bytes === undefined ? new Body(taken, length) : new Body(bytes);
	}
}

/** What a request is made of; `undefined` for what is none. */
export let requestState: (value: unknown) => State | undefined;
/** A request of parts that were checked already. */
export let makeRequest: (parts: RequestParts) => Request;

/** A question to a server. */
export class Request {
	readonly #state: State;

	constructor(input: Request | URL | string, init?: RequestInit) {
		if ((init as unknown) === INTERNAL) {
			this.#state = input as unknown as State;
			return;
		}
		need(arguments.length, 1, "Request");
		const dict = dictionary<RequestInit>(init, "Request");
		const from = requestState(input);
		const state: State =
			from === undefined
				? { ...DEFAULTS, method: "GET", url: urlFrom(input), headers: wrapHeaders([], "request"), body: undefined }
				: { ...from, url: (input as Request).url, headers: copyHeaders(from.headers), body: undefined };
		state.ownSignal = undefined;
		applyInit(state, dict);
		if (dict.headers !== undefined) {
			state.headers = wrapHeaders([], "request");
			fillHeaders(state.headers, dict.headers);
		}
		applyBody(state, dict, from);
		this.#state = state;
	}

	static {
		requestState = (value) =>
			typeof value === "object" && value !== null && #state in value ? value.#state : undefined;
		makeRequest = (parts) => new Request({ ...DEFAULTS, ...parts } as never, INTERNAL as never);
	}

	get method(): string {
		return this.#state.method;
	}
	get url(): string {
		const state = this.#state;
		if (typeof state.url !== "string") state.url = state.url();
		return state.url;
	}
	get headers(): Headers {
		return this.#state.headers;
	}
	/** What the answer is for: always unknown. */
	get destination(): string {
		if (!(#state in this)) throw new TypeError("Illegal invocation");
		return "";
	}
	get referrer(): string {
		return this.#state.referrer;
	}
	get referrerPolicy(): Choices["referrerPolicy"] {
		return this.#state.referrerPolicy;
	}
	get mode(): Choices["mode"] {
		return this.#state.mode;
	}
	get credentials(): Choices["credentials"] {
		return this.#state.credentials;
	}
	get cache(): Choices["cache"] {
		return this.#state.cache;
	}
	get redirect(): RequestRedirect {
		return this.#state.redirect;
	}
	get integrity(): string {
		return this.#state.integrity;
	}
	get keepalive(): boolean {
		return this.#state.keepalive;
	}
	get isReloadNavigation(): boolean {
		if (!(#state in this)) throw new TypeError("Illegal invocation");
		return false;
	}
	get isHistoryNavigation(): boolean {
		if (!(#state in this)) throw new TypeError("Illegal invocation");
		return false;
	}
	/** Made when first read. */
	get signal(): AbortSignal {
		const state = this.#state;
		if (state.ownSignal === undefined && state.signal === undefined) state.signal = state.makeSignal?.();
		state.ownSignal ??= aborts().AbortSignal.any(state.signal === undefined ? [] : [state.signal]);
		return state.ownSignal;
	}
	get duplex(): "half" {
		if (!(#state in this)) throw new TypeError("Illegal invocation");
		return "half";
	}
	get body(): ReadableStream<Uint8Array> | null {
		return this.#state.body?.stream ?? null;
	}
	get bodyUsed(): boolean {
		return this.#state.body?.used ?? false;
	}
	async arrayBuffer(): Promise<ArrayBuffer> {
		return readArrayBuffer(this.#state.body);
	}
	async blob(): Promise<Blob> {
		return readBlob(this.#state.body, fieldsOf(this.#state.headers) ?? []);
	}
	async bytes(): Promise<Uint8Array> {
		return readBytes(this.#state.body);
	}
	async formData(): Promise<FormData> {
		return readFormData(this.#state.body, fieldsOf(this.#state.headers) ?? []);
	}
	// biome-ignore lint/suspicious/noExplicitAny: JSON is whatever it is.
	async json(): Promise<any> {
		return readJson(this.#state.body);
	}
	async text(): Promise<string> {
		return readText(this.#state.body);
	}
	clone(): Request {
		const state = this.#state;
		if (state.body?.unusable) throw new TypeError("Request.clone: the body was read already, or is locked");
		const copy: State = {
			...state,
			headers: copyHeaders(state.headers),
			body: state.body?.clone(),
			signal: state.ownSignal ?? state.signal,
		};
		return new Request({ ...copy, ownSignal: undefined } as never, INTERNAL as never);
	}
}
webInterface(Request, "Request", 1);
