/**
 * Heads of messages (RFC 9112, 2 to 5), strictly: what is ambiguous is refused, since two programs that read one message
 * differently are what request smuggling lives on.
 */

import { HttpError, reasonOf } from "helios:http/status";
import { type HeaderField, isToken, listOf, trimValue } from "helios:web/header-list";

/** Bounds of a head. */
export const LINE_BYTES_MAX = 8192;
export const HEAD_BYTES_MAX = 65_536;
export const FIELDS_MAX = 100;

/** The head of a request. */
export interface RequestHead {
	method: string;
	/** As it came: a path with a query, an absolute URL, or `*`. */
	target: string;
	/** 0 for HTTP/1.0, 1 for HTTP/1.1. */
	minor: 0 | 1;
	fields: HeaderField[];
}

/** The head of an answer. */
export interface ResponseHead {
	minor: 0 | 1;
	status: number;
	reason: string;
	fields: HeaderField[];
}

/** How the body of a message ends: after so many bytes, with its last chunk, or with the connection. */
export type Framing = number | "chunked" | "close";

/** Fields that are whole lines each: a token, a colon, and what may stand in a value. */
const WHOLE_FIELDS = /^(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n)*$/;

/** Reads fields, each a line that ends with CR and LF. 400 for what is none, 431 for too many. */
export function parseFields(text: string): HeaderField[] {
	if (text === "") return [];
	const lines = text.split("\r\n");
	lines.pop();
	if (lines.length > FIELDS_MAX) throw new HttpError(431, `more than ${FIELDS_MAX} fields`);
	if (!WHOLE_FIELDS.test(text)) throw brokenField(lines);
	const fields: HeaderField[] = [];
	for (const line of lines) {
		if (line.length > LINE_BYTES_MAX) throw new HttpError(431, `a field is longer than ${LINE_BYTES_MAX} bytes`);
		const colon = line.indexOf(":");
		const name = line.slice(0, colon);
		fields.push({ name, key: name.toLowerCase(), value: trimValue(line.slice(colon + 1)) });
	}
	return fields;
}

/** What is wrong with fields. */
function brokenField(lines: readonly string[]): HttpError {
	for (const line of lines) {
		if (/[\r\n]/.test(line)) return new HttpError(400, "a line does not end with CR and LF");
		if (/^[\t ]/.test(line)) return new HttpError(400, "a field goes on in the next line");
		const colon = line.indexOf(":");
		if (colon < 0) return new HttpError(400, "a field has no colon");
		if (!isToken(line.slice(0, colon))) return new HttpError(400, "the name of a field is no token");
	}
	return new HttpError(400, "a field has control characters");
}

/** Refuses what may stand nowhere in a head. */
export function checkText(text: string): void {
	if (/[^\t\r\n\x20-\x7e\x80-\xff]/.test(text)) throw new HttpError(400, "the head has control characters");
}

/** The first line of a head, and its fields with the end of their last line. */
function splitHead(text: string): [line: string, fields: string] {
	const end = text.indexOf("\r\n");
	return end < 0 ? [text, ""] : [text.slice(0, end), `${text.slice(end + 2)}\r\n`];
}

function versionOf(text: string): 0 | 1 {
	const version = /^HTTP\/(\d)\.(\d)$/.exec(text);
	if (version === null) throw new HttpError(400, "the version is not one of HTTP");
	if (version[1] !== "1") throw new HttpError(505, `there is no HTTP/${version[1]}.${version[2]} here`);
	return version[2] === "0" ? 0 : 1;
}

/** Reads the head of a request, without the empty line that ends it. 400, 414, 431, 505. */
export function parseRequestHead(text: string): RequestHead {
	const [line, fields] = splitHead(text);
	if (line.length > LINE_BYTES_MAX) throw new HttpError(414, "the request line is too long");
	const parts = line.split(" ");
	const [method, target, version] = parts as [string, string, string];
	if (parts.length !== 3 || !isToken(method)) throw new HttpError(400, "the first line is no request line");
	const minor = version === "HTTP/1.1" ? 1 : versionOf(version);
	if (!isTarget(method, target)) throw new HttpError(400, "the target of the request is none");
	return { method, target, minor, fields: parseFields(fields) };
}

/** Whether the target has one of the four forms (RFC 9112, 3.2). */
function isTarget(method: string, target: string): boolean {
	if (!/^[\x21\x22\x24-\x7e]+$/.test(target)) return false;
	if (method === "CONNECT") return /^[^/?@]+:\d+$/.test(target);
	if (target.startsWith("/")) return true;
	return target === "*" ? method === "OPTIONS" : /^https?:\/\/[^/?]/i.test(target);
}

/** Reads the head of an answer, without the empty line that ends it. */
export function parseResponseHead(text: string): ResponseHead {
	const [first, fields] = splitHead(text);
	const line = /^(HTTP\/\d\.\d) (\d{3})(?: ([\t\x20-\x7e\x80-\xff]*))?$/.exec(first);
	if (line === null) throw new HttpError(502, "the first line is no status line");
	const status = Number(line[2]);
	if (status < 100 || status > 599) throw new HttpError(502, `there is no status ${status}`);
	return { minor: versionOf(line[1] as string), status, reason: line[3] ?? "", fields: parseFields(fields) };
}

interface FramingFields {
	length: string | undefined;
	codings: string | undefined;
}

/** What the fields say of the body. More than one length, or a length beside a coding, is refused. */
function framingFields(fields: readonly HeaderField[]): FramingFields {
	let length: string | undefined;
	let codings: string | undefined;
	for (const { key, value } of fields) {
		if (key === "content-length") {
			if (length !== undefined) throw new HttpError(400, "there is more than one Content-Length");
			length = value;
		} else if (key === "transfer-encoding") codings = codings === undefined ? value : `${codings},${value}`;
	}
	if (length !== undefined && codings !== undefined) {
		throw new HttpError(400, "there is a Content-Length beside a Transfer-Encoding");
	}
	if (length !== undefined && !(/^\d{1,16}$/.test(length) && Number.isSafeInteger(Number(length)))) {
		throw new HttpError(400, "the Content-Length is no number");
	}
	return { length, codings };
}

/** Refuses codings but `chunked`, once and at the end. */
function checkCodings(value: string, minor: 0 | 1): void {
	if (minor === 0) throw new HttpError(400, "HTTP/1.0 has no Transfer-Encoding");
	const codings = listOf(value);
	const chunked = codings.filter((coding) => coding === "chunked").length;
	if (codings.at(-1) !== "chunked" || chunked !== 1) throw new HttpError(400, "the last coding is not chunked");
	if (codings.length > 1) throw new HttpError(501, "there is no transfer coding but chunked");
}

/** How the body of a request ends (RFC 9112, 6.3). */
export function requestFraming(head: RequestHead): Framing {
	const { length, codings } = framingFields(head.fields);
	if (codings === undefined) return length === undefined ? 0 : Number(length);
	checkCodings(codings, head.minor);
	return "chunked";
}

/** How the body of an answer to a request with that method ends. */
export function responseFraming(head: ResponseHead, method: string): Framing {
	const { status, minor } = head;
	if (method === "HEAD" || status < 200 || status === 204 || status === 304) return 0;
	const { length, codings } = framingFields(head.fields);
	if (codings !== undefined) {
		checkCodings(codings, minor);
		return "chunked";
	}
	return length === undefined ? "close" : Number(length);
}

/** Whether the connection stays open after a message (RFC 9112, 9.3). */
export function keepsAlive(minor: 0 | 1, connection: string | null): boolean {
	const options = listOf(connection);
	if (options.includes("close")) return false;
	return minor === 1 || options.includes("keep-alive");
}

/** The host that was looked at last: mostly it is the one of the next request too. */
let knownHost = "";

/** The one `Host` of a request (RFC 9112, 3.2). 400 where it must be there and is not, or is none. */
export function hostOf(head: RequestHead): string {
	let host: string | undefined;
	for (const { key, value } of head.fields) {
		if (key !== "host") continue;
		if (host !== undefined) throw new HttpError(400, "there is more than one Host");
		host = value;
	}
	if (host === undefined) {
		if (head.minor === 1) throw new HttpError(400, "there is no Host");
		return "";
	}
	if (host !== knownHost && !isAuthority(host)) throw new HttpError(400, "the Host is none");
	knownHost = host;
	return host;
}

/** Whether it is a host, maybe with a port. */
function isAuthority(text: string): boolean {
	return /^(?:\[[\d:.a-f]+\]|[\w\-.~%!$&'()*+,;=]*)(?::\d{0,5})?$/i.test(text);
}

/** The text of an answer's head, with the empty line. */
export function formatResponseHead(status: number, reason: string, fields: readonly HeaderField[]): string {
	let text = `HTTP/1.1 ${status} ${reason === "" ? reasonOf(status) : reason}\r\n`;
	for (const { name, value } of fields) text += `${name}: ${value}\r\n`;
	return `${text}\r\n`;
}

/** The text of a request's head, with the empty line. */
export function formatRequestHead(method: string, target: string, fields: readonly HeaderField[]): string {
	let text = `${method} ${target} HTTP/1.1\r\n`;
	for (const { name, value } of fields) text += `${name}: ${value}\r\n`;
	return `${text}\r\n`;
}
