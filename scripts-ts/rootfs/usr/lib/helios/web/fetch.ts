/** `fetch` (Fetch, 4 and 5.6) for `http:` and `data:`. */

import { type ClientResponse, exchange } from "helios:http/client";
import { bytesOfText } from "helios:http/wire";
import { base64Decode, lazy, type UrlParts, urlParse } from "helios:internal";
import type { AbortSignal } from "helios:web/abort";
import { Body } from "helios:web/body";
import { field, type HeaderField, hasField, listOf, valueOf } from "helios:web/header-list";
import { fieldsOf, wrapHeaders } from "helios:web/headers";
import { need } from "helios:web/idl";
import { formatMimeType, parseMimeType } from "helios:web/mime-type";
import { navigator } from "helios:web/navigator";
import { Request, type RequestInit, requestState } from "helios:web/request";
import { isNullBodyStatus, isRedirectStatus, makeResponse, type Response } from "helios:web/response";
import type { URL } from "helios:web/url";

/** Redirections that one fetch follows. */
const REDIRECTS_MAX = 20;
/** What goes when a redirection turns a question into a `GET` (Fetch, "request-body-header name"). */
const BODY_FIELDS = ["content-encoding", "content-language", "content-location", "content-type"];

type State = NonNullable<ReturnType<typeof requestState>>;

/** A fetch under way. */
interface Fetch {
	readonly request: State;
	method: string;
	url: UrlParts;
	fields: HeaderField[];
	body: Body | undefined;
	redirects: number;
	signal: AbortSignal | undefined;
}

function failure(message: string, cause?: unknown): TypeError {
	return new TypeError(`fetch: ${message}`, cause === undefined ? undefined : { cause });
}

/** Asks for `input`, and answers when the head of the answer has come. */
export function fetch(input: Request | URL | string, init?: RequestInit): Promise<Response> {
	return new Promise((resolve, reject) => {
		need(arguments.length, 1, "fetch");
		const state = requestState(new Request(input, init)) as State;
		const { signal } = state;
		if (signal?.aborted) {
			state.body?.stream.cancel(signal.reason).catch(() => {});
			reject(signal.reason);
			return;
		}
		let done = (): void => {};
		if (signal !== undefined) {
			const { onAbort } = lazy("helios:web/abort") as typeof import("helios:web/abort");
			done = onAbort(signal, () => reject(signal.reason));
		}
		start(state).then(resolve, reject).finally(done);
	});
}
Object.defineProperty(fetch, "length", { value: 1, configurable: true });

async function start(request: State): Promise<Response> {
	const url = urlParse(request.url as string) as UrlParts;
	if (url.protocol === "data:") return dataResponse(url, request.method);
	const fields = [...(fieldsOf(request.headers) ?? [])];
	const { method, body, signal } = request;
	return follow({ request, method, url, fields, body, redirects: 0, signal });
}

/** The answer, after the redirections that lead to it. */
async function follow(fetching: Fetch): Promise<Response> {
	for (;;) {
		checkScheme(fetching.url);
		// A body may be asked for again elsewhere: its bytes where they are there.
		const again = fetching.body?.bytes === undefined ? undefined : fetching.body.clone();
		const answer = await ask(fetching);
		const { status, fields } = answer.head;
		const { redirect } = fetching.request;
		if (!isRedirectStatus(status) || redirect === "manual") return responseOf(answer, fetching);
		if (redirect === "error") {
			await drop(answer);
			throw failure(`${fetching.url.href} sends elsewhere, which is not wanted`);
		}
		const location = valueOf(fields, "location");
		if (location === null) return responseOf(answer, fetching);
		await drop(answer);
		const hadBody = fetching.body !== undefined;
		fetching.body = again;
		redirectTo(fetching, location, status, hadBody);
	}
}

function checkScheme(url: UrlParts): void {
	if (url.protocol === "https:") throw failure(`${url.href}: https is not supported, ask for http`);
	if (url.protocol !== "http:") throw failure(`${url.href}: there is no scheme ${url.protocol.slice(0, -1)}`);
}

async function drop({ body }: ClientResponse): Promise<void> {
	await body?.take().cancel();
}

/** Turns a fetch to where an answer sends it (Fetch, 4.5, "HTTP-redirect fetch"). */
function redirectTo(fetching: Fetch, location: string, status: number, hadBody: boolean): void {
	const from = fetching.url;
	const url = urlParse(location, from.href);
	if (url === null) throw failure(`${from.href} sends to what is no URL`);
	if (++fetching.redirects > REDIRECTS_MAX) throw failure(`more than ${REDIRECTS_MAX} redirections`);
	checkScheme(url);
	if (url.username !== "" || url.password !== "") throw failure(`${from.href} sends to a URL with a password`);
	if (status !== 303 && hadBody && fetching.body === undefined) {
		throw failure("a redirection asks for a body that was a stream");
	}
	const { method } = fetching;
	const toGet = status === 303 ? method !== "GET" && method !== "HEAD" : status <= 302 && method === "POST";
	if (toGet) {
		fetching.method = "GET";
		fetching.body = undefined;
		fetching.fields = fetching.fields.filter(({ key }) => !BODY_FIELDS.includes(key));
	}
	if (url.origin !== from.origin) {
		fetching.fields = fetching.fields.filter(({ key }) => key !== "authorization" && key !== "cookie");
	}
	fetching.url = url.hash === "" && from.hash !== "" ? (urlParse(`${url.href}${from.hash}`) as UrlParts) : url;
}

/** The fields that a request goes out with. */
function fieldsFor({ fields, url }: Fetch): HeaderField[] {
	const out: HeaderField[] = [{ name: "Host", key: "host", value: url.host }];
	if (!hasField(fields, "accept")) out.push({ name: "Accept", key: "accept", value: "*/*" });
	if (!hasField(fields, "accept-encoding")) {
		out.push({ name: "Accept-Encoding", key: "accept-encoding", value: "gzip, deflate" });
	}
	if (!hasField(fields, "user-agent")) out.push({ name: "User-Agent", key: "user-agent", value: navigator.userAgent });
	out.push(...fields);
	return out;
}

async function ask(fetching: Fetch): Promise<ClientResponse> {
	const { url, method, body, signal } = fetching;
	const port = url.port === "" ? 80 : Number(url.port);
	const target = url.pathname + url.search;
	try {
		return await exchange({ method, hostname: url.hostname, port, target, fields: fieldsFor(fetching), body, signal });
	} catch (error) {
		if (signal?.aborted) throw signal.reason;
		const message = error instanceof Error ? error.message : String(error);
		throw failure(`${url.href}: ${message}`, error);
	}
}

function responseOf(answer: ClientResponse, fetching: Fetch): Response {
	const { head } = answer;
	const { body } = answer;
	const coded = body === undefined || isNullBodyStatus(head.status) ? undefined : decoded(body, head.fields);
	return makeResponse({
		type: "basic",
		status: head.status,
		statusText: head.reason,
		headers: wrapHeaders(head.fields, "immutable"),
		body: coded,
		url: withoutFragment(fetching.url),
		redirected: fetching.redirects > 0,
	});
}

function withoutFragment({ href, hash }: UrlParts): string {
	return hash === "" ? href : href.slice(0, href.length - hash.length);
}

/** A body without its content codings. One that is not known stays. */
function decoded(body: Body, fields: readonly HeaderField[]): Body {
	const codings = listOf(valueOf(fields, "content-encoding")).filter((coding) => coding !== "identity");
	if (codings.length === 0 || body.length === 0) return body;
	const formats: ("gzip" | "deflate")[] = [];
	for (const coding of codings) {
		if (coding === "gzip" || coding === "x-gzip") formats.unshift("gzip");
		else if (coding === "deflate") formats.unshift("deflate");
		else return body;
	}
	const { DecompressionStream } = lazy("helios:web/compression") as typeof import("helios:web/compression");
	let { stream } = body;
	for (const format of formats) stream = stream.pipeThrough(new DecompressionStream(format));
	return new Body(stream);
}

/** What a `data:` URL holds (Fetch, 6). */
function dataResponse(url: UrlParts, method: string): Response {
	const text = withoutFragment(url).slice(5);
	const comma = text.indexOf(",");
	if (comma < 0) throw failure("the data: URL has no comma");
	let type = text.slice(0, comma).trim();
	let bytes: Uint8Array | null = percentDecode(text.slice(comma + 1));
	const encoded = /; *base64$/i.exec(type);
	if (encoded !== null) {
		type = type.slice(0, encoded.index);
		bytes = base64Decode(asciiOf(bytes));
		if (bytes === null) throw failure("the data: URL is no base64");
	}
	const mime = parseMimeType(type.startsWith(";") ? `text/plain${type}` : type);
	const shown = mime === undefined ? "text/plain;charset=US-ASCII" : formatMimeType(mime);
	return makeResponse({
		type: "basic",
		status: 200,
		statusText: "OK",
		headers: wrapHeaders([field("Content-Type", shown)], "immutable"),
		body: method === "HEAD" ? undefined : new Body(bytes),
		url: withoutFragment(url),
		redirected: false,
	});
}

function asciiOf(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += String.fromCharCode(byte);
	return text;
}

/** The bytes of a text in which some are written `%XX`. */
function percentDecode(text: string): Uint8Array {
	return bytesOfText(
		text.replace(/%([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
	);
}
