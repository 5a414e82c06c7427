/** Files as answers: types, conditions, ranges, listings. What may not be read the process may not read either. */

import { isSystemError } from "helios:errors";
import { isDirectory, isFile, MODE, open, readdir, stat } from "helios:fs";
import { type ByteRange, failedCondition, type Validators, wantedRanges } from "helios:http/conditions";
import { httpDate } from "helios:http/dates";
import { mimeTypeOfName } from "helios:http/mime";
import { errorParts } from "helios:http/pages";
import { HttpError } from "helios:http/status";
import { urlParse, utf8Encode } from "helios:internal";
import { random } from "helios:random";
import { Body, type ByteSource } from "helios:web/body";
import { field, type HeaderField } from "helios:web/header-list";
import { wrapHeaders } from "helios:web/headers";
import type { Request } from "helios:web/request";
import { makeResponse, type Response } from "helios:web/response";

/** Bytes of a file that are read at a time. */
const READ_BYTES = 65_536;

/** An open file. */
export interface ServedFile {
	stat(): Promise<{ mode: number; size: number; mtimeMs: number }>;
	readAt(offset: number, count: number): Promise<Uint8Array>;
	close(): Promise<void>;
}

/** Where files are. */
export interface FileStore {
	stat(path: string): Promise<{ mode: number }>;
	open(path: string): Promise<ServedFile>;
	readdir(path: string): Promise<{ name: string; kind: number }[]>;
}

/** The machine's own files. */
const MACHINE: FileStore = { stat, open, readdir };

/** How files are served. */
export interface FilesOptions {
	/** The file that stands for its directory. Default `index.html`. */
	index?: string;
	/** List directories that have no such file. Default `true`. */
	listing?: boolean;
	/** Where files are, in the place of the machine's own. */
	store?: FileStore;
}

function answer(status: number, fields: HeaderField[], body: Body | undefined): Response {
	return makeResponse({
		type: "default",
		status,
		statusText: "",
		headers: wrapHeaders(fields, "response"),
		body,
		url: "",
		redirected: false,
	});
}

/**
 * The path of a URL, decoded, without a step upwards. It is taken apart after it was decoded, so that no way of writing
 * `..` or `/` gets by. 400 for what is no path.
 */
export function pathOf(url: string): string {
	const pathname = urlParse(url)?.pathname ?? "/";
	let path: string;
	try {
		path = decodeURIComponent(pathname);
	} catch {
		throw new HttpError(400, "the path is no text");
	}
	if (path.includes("\0")) throw new HttpError(400, "the path has a zero byte");
	const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
	if (segments.includes("..")) throw new HttpError(400, "the path leads upwards");
	return `/${segments.join("/")}${path.endsWith("/") && segments.length > 0 ? "/" : ""}`;
}

/** The status for an error of the file system. */
function failureOf(error: unknown): unknown {
	if (isSystemError(error, "ENOENT", "ENOTDIR", "ENAMETOOLONG", "ELOOP")) return new HttpError(404, "");
	if (isSystemError(error, "EACCES", "EPERM")) return new HttpError(403, "");
	return error;
}

function joinPath(root: string, path: string): string {
	return root.endsWith("/") ? root + path.slice(1) : root + path;
}

/** Answers a request with what lies at its path below `root`. 400, 403, 404 and 405 as `HttpError`s. */
export async function serveFiles(request: Request, root: string, options: FilesOptions = {}): Promise<Response> {
	const { method } = request;
	if (method === "OPTIONS") return answer(204, [field("Allow", "GET, HEAD, OPTIONS")], undefined);
	if (method !== "GET" && method !== "HEAD") {
		return makeResponse(errorParts(405, "", [field("Allow", "GET, HEAD, OPTIONS")]));
	}
	const store = options.store ?? MACHINE;
	const path = pathOf(request.url);
	const place = joinPath(root, path);
	try {
		const found = await store.stat(place);
		if (!isDirectory(found)) {
			if (path.endsWith("/")) throw new HttpError(404, "");
			return await serveFile(request, place, options);
		}
		if (!path.endsWith("/"))
			return answer(301, [field("Location", encodePath(`${path}/`) + searchOf(request))], undefined);
		return await serveDirectory(request, place, path, options);
	} catch (error) {
		throw failureOf(error);
	}
}

function searchOf(request: Request): string {
	return urlParse(request.url)?.search ?? "";
}

async function serveDirectory(request: Request, place: string, path: string, options: FilesOptions): Promise<Response> {
	const store = options.store ?? MACHINE;
	const index = place + (options.index ?? "index.html");
	try {
		if (isFile(await store.stat(index))) return await serveFile(request, index, options);
	} catch (error) {
		if (!isSystemError(error, "ENOENT")) throw error;
	}
	if (options.listing === false) throw new HttpError(403, "");
	const page = listing(path, await store.readdir(place));
	return answer(200, [field("Content-Type", "text/html; charset=utf-8")], new Body(utf8Encode(page)));
}

function encodePath(path: string): string {
	return path.split("/").map(encodeURIComponent).join("/");
}

function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** The page that lists a directory. */
function listing(path: string, entries: readonly { name: string; kind: number }[]): string {
	const title = `Index of ${escapeHtml(path)}`;
	const names = entries.map(({ name, kind }) => (kind === MODE.DIR ? `${name}/` : name));
	if (path !== "/") names.unshift("../");
	const rows = names.map((name) => {
		const href = name === "../" ? name : encodePath(name);
		return `<li><a href="./${href}">${escapeHtml(name)}</a></li>\n`;
	});
	const head = `<!doctype html>\n<meta charset="utf-8">\n<title>${title}</title>\n<h1>${title}</h1>\n`;
	return `${head}<ul>\n${rows.join("")}</ul>\n`;
}

/** Answers a request with one file: with all of it, ranges of it, or that it has not changed. */
export async function serveFile(request: Request, place: string, options: FilesOptions = {}): Promise<Response> {
	const store = options.store ?? MACHINE;
	// What is no file is not opened: that could wait for ever, or do something.
	if (!isFile(await store.stat(place))) throw new HttpError(403, "");
	const file = await store.open(place);
	let kept = false;
	try {
		const { mode, size, mtimeMs } = await file.stat();
		if (!isFile({ mode })) throw new HttpError(403, "");
		const etag = `"${mtimeMs.toString(16)}-${size.toString(16)}"`;
		const made = await fileAnswer(request, file, mimeTypeOfName(place), size, { etag, modifiedMs: mtimeMs });
		kept = made.kept;
		return made.response;
	} finally {
		if (!kept) await file.close();
	}
}

interface Made {
	response: Response;
	/** Whether the answer reads the file, and closes it. */
	kept: boolean;
}

async function fileAnswer(
	request: Request,
	file: ServedFile,
	type: string,
	size: number,
	validators: Validators,
): Promise<Made> {
	const { headers, method } = request;
	const fields = [field("ETag", validators.etag), field("Last-Modified", httpDate(validators.modifiedMs))];
	const failed = failedCondition(headers, validators);
	if (failed !== undefined) return { response: answer(failed, fields, undefined), kept: false };
	fields.push(field("Accept-Ranges", "bytes"));
	const ranges = method === "GET" ? wantedRanges(headers, validators, size) : undefined;
	if (ranges === undefined) return whole(file, method, size, [...fields, field("Content-Type", type)]);
	if (ranges.length === 0) {
		fields.push(field("Content-Range", `bytes */${size}`));
		return { response: makeResponse(errorParts(416, "", fields)), kept: false };
	}
	if (ranges.length === 1) {
		const [range] = ranges as [ByteRange];
		fields.push(field("Content-Type", type), field("Content-Range", rangeText(range, size)));
		return { response: answer(206, fields, bodyOf(file, [range])), kept: true };
	}
	return { response: multipart(file, ranges, type, size, fields), kept: true };
}

async function whole(file: ServedFile, method: string, size: number, fields: HeaderField[]): Promise<Made> {
	if (method === "HEAD") {
		return { response: answer(200, [...fields, field("Content-Length", `${size}`)], undefined), kept: false };
	}
	if (size > READ_BYTES)
		return { response: answer(200, fields, bodyOf(file, [{ first: 0, last: size - 1 }])), kept: true };
	const bytes = size === 0 ? new Uint8Array(0) : await file.readAt(0, size);
	return { response: answer(200, fields, new Body(bytes)), kept: false };
}

function rangeText({ first, last }: ByteRange, size: number): string {
	return `bytes ${first}-${last}/${size}`;
}

/** Several ranges, each a part (RFC 9110, 14.6). */
function multipart(
	file: ServedFile,
	ranges: readonly ByteRange[],
	type: string,
	size: number,
	fields: HeaderField[],
): Response {
	const boundary = `helios-${Math.floor(random() * 2 ** 48).toString(16)}`;
	const pieces: (ByteRange | Uint8Array)[] = [];
	for (const [index, range] of ranges.entries()) {
		const head = `--${boundary}\r\nContent-Type: ${type}\r\nContent-Range: ${rangeText(range, size)}\r\n\r\n`;
		pieces.push(utf8Encode(index === 0 ? head : `\r\n${head}`), range);
	}
	pieces.push(utf8Encode(`\r\n--${boundary}--\r\n`));
	fields.push(field("Content-Type", `multipart/byteranges; boundary=${boundary}`));
	return answer(206, fields, bodyOf(file, pieces));
}

/** A body of ranges of a file and of bytes between them. It closes the file. */
function bodyOf(file: ServedFile, pieces: readonly (ByteRange | Uint8Array)[]): Body {
	const length = pieces.reduce(
		(sum, piece) => sum + (piece instanceof Uint8Array ? piece.length : piece.last - piece.first + 1),
		0,
	);
	return new Body(sourceOf(file, [...pieces]), length);
}

function sourceOf(file: ServedFile, pieces: (ByteRange | Uint8Array)[]): ByteSource {
	const close = async (): Promise<void> => {
		pieces.length = 0;
		await file.close();
	};
	return {
		read: async () => {
			const piece = pieces.shift();
			if (piece === undefined) {
				await close();
				return null;
			}
			if (piece instanceof Uint8Array) return piece;
			const wanted = Math.min(piece.last - piece.first + 1, READ_BYTES);
			const bytes = await file.readAt(piece.first, wanted);
			if (bytes.length === 0) throw new TypeError("The file became shorter while it was sent");
			if (piece.first + bytes.length <= piece.last)
				pieces.unshift({ first: piece.first + bytes.length, last: piece.last });
			return bytes;
		},
		cancel: close,
	};
}
