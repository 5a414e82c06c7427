/** `FormData` (XHR, 4), and the two forms in which it travels: `multipart/form-data` and `x-www-form-urlencoded`. */

import { latin1Decode, utf8Encode } from "helios:internal";
import { concat, toText } from "helios:io";
import { random } from "helios:random";
import { type Blob, blobBytes, File } from "helios:web/blob";
import { need, usv, webInterface } from "helios:web/idl";
import { parseMimeType } from "helios:web/mime-type";
import { iterateEntries, type Pair, pairIterators } from "helios:web/pairs";
import { URLSearchParams } from "helios:web/url-search-params";

/** The value of an entry. */
export type FormDataEntryValue = File | string;

type Entry = Pair<FormDataEntryValue>;

const iterators = pairIterators<FormDataEntryValue>("FormData");

/** An entry, its blob turned into a file. */
function entryOf(given: readonly unknown[], where: string): Entry {
	need(given.length, 2, where);
	const [name, value, filename] = given;
	if (blobBytes(value) === undefined) {
		if (given.length > 2) throw new TypeError(`${where}: what has a file name must be a Blob`);
		return [usv(name), usv(value)];
	}
	const blob = value as Blob;
	if (blob instanceof File && filename === undefined) return [usv(name), blob];
	const called = filename === undefined ? "blob" : usv(filename);
	const { type } = blob;
	const options = blob instanceof File ? { type, lastModified: blob.lastModified } : { type };
	return [usv(name), new File([blob], called, options)];
}

/** The entries of a form; `undefined` for what is none. */
export let entriesOf: (value: unknown) => readonly Entry[] | undefined;

/** Names and values of a form. */
export class FormData {
	#entries: Entry[] = [];

	constructor(form: unknown = undefined) {
		if (form !== undefined) throw new TypeError("FormData: there are no forms here");
	}

	static {
		entriesOf = (value) =>
			typeof value === "object" && value !== null && #entries in value ? value.#entries : undefined;
	}

	append(name: string, value: string | Blob, filename?: string): void;
	append(...given: unknown[]): void {
		this.#entries.push(entryOf(given, "FormData.append"));
	}
	delete(name: string): void {
		need(arguments.length, 1, "FormData.delete");
		const wanted = usv(name);
		this.#entries = this.#entries.filter(([key]) => key !== wanted);
	}
	get(name: string): FormDataEntryValue | null {
		need(arguments.length, 1, "FormData.get");
		const wanted = usv(name);
		return this.#entries.find(([key]) => key === wanted)?.[1] ?? null;
	}
	getAll(name: string): FormDataEntryValue[] {
		need(arguments.length, 1, "FormData.getAll");
		const wanted = usv(name);
		return this.#entries.filter(([key]) => key === wanted).map(([, value]) => value);
	}
	has(name: string): boolean {
		need(arguments.length, 1, "FormData.has");
		const wanted = usv(name);
		return this.#entries.some(([key]) => key === wanted);
	}
	set(name: string, value: string | Blob, filename?: string): void;
	set(...given: unknown[]): void {
		const entry = entryOf(given, "FormData.set");
		const first = this.#entries.findIndex(([key]) => key === entry[0]);
		if (first < 0) {
			this.#entries.push(entry);
			return;
		}
		this.#entries[first] = entry;
		this.#entries = this.#entries.filter(([key], index) => index <= first || key !== entry[0]);
	}
	forEach(callback: (value: FormDataEntryValue, name: string, form: FormData) => void, self?: unknown): void {
		need(arguments.length, 1, "FormData.forEach");
		if (typeof callback !== "function") throw new TypeError("FormData.forEach: not a function");
		for (const [name, value] of this.entries()) callback.call(self, value, name, this);
	}
	entries(): IterableIterator<[string, FormDataEntryValue], undefined, undefined> {
		return iterators.entries(() => this.#entries);
	}
	keys(): IterableIterator<string, undefined, undefined> {
		return iterators.keys(() => this.#entries);
	}
	values(): IterableIterator<FormDataEntryValue, undefined, undefined> {
		return iterators.values(() => this.#entries);
	}
	declare [Symbol.iterator]: () => IterableIterator<[string, FormDataEntryValue], undefined, undefined>;
}
webInterface(FormData, "FormData");
for (const [name, length] of [
	["append", 2],
	["set", 2],
] as const) {
	Object.defineProperty(FormData.prototype[name], "length", { value: length, configurable: true });
}
iterateEntries(FormData);

const BOUNDARY_CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function makeBoundary(): string {
	let boundary = "----helios-form-";
	for (let count = 0; count < 22; count++) boundary += BOUNDARY_CHARS[Math.floor(random() * BOUNDARY_CHARS.length)];
	return boundary;
}

/** Line ends as CRLF. */
function normalLines(text: string): string {
	return text.replace(/\r\n?|\n/g, "\r\n");
}

/** A name within quotes (HTML, 4.10.21.8). */
function quote(name: string): string {
	return name.replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/"/g, "%22");
}

/** A form as `multipart/form-data` (RFC 7578), and its media type. */
export function encodeMultipart(form: FormData): { bytes: Uint8Array; type: string } {
	const boundary = makeBoundary();
	const pieces: Uint8Array[] = [];
	for (const [name, value] of entriesOf(form) ?? []) {
		const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quote(normalLines(name))}"`;
		if (typeof value === "string") {
			pieces.push(utf8Encode(`${head}\r\n\r\n${normalLines(value)}\r\n`));
			continue;
		}
		const type = value.type === "" ? "application/octet-stream" : value.type;
		pieces.push(utf8Encode(`${head}; filename="${quote(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`));
		pieces.push(blobBytes(value) as Uint8Array, utf8Encode("\r\n"));
	}
	pieces.push(utf8Encode(`--${boundary}--\r\n`));
	return { bytes: concat(pieces), type: `multipart/form-data; boundary=${boundary}` };
}

function refuse(why: string): never {
	throw new TypeError(`The body is not a form: ${why}`);
}

/** The parts of a `Content-Disposition`: only `form-data` will do. */
function readDisposition(value: string): { name: string; filename: string | undefined } {
	const parts = /^form-data((?:[\t ]*;[\t ]*[^\s=;"]+=(?:"[^"\r\n]*"|[^\s;"]*))*)[\t ]*;?[\t ]*$/i.exec(value);
	if (parts === null) refuse("a part has no proper Content-Disposition");
	const found = new Map<string, string>();
	for (const [, name, inQuotes, bare] of (parts[1] as string).matchAll(
		/;[\t ]*([^\s=;"]+)=(?:"([^"]*)"|([^\s;"]*))/g,
	)) {
		found.set((name as string).toLowerCase(), inQuotes ?? bare ?? "");
	}
	const unquote = (text: string): string =>
		text.replace(/%0A|%0D|%22/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
	const name = found.get("name");
	if (name === undefined) refuse("a part has no name");
	const filename = found.get("filename");
	return { name: unquote(name), filename: filename === undefined ? undefined : unquote(filename) };
}

/** Reads the head of a part and answers its entry, whose value is `content`. */
function readPart(head: Uint8Array, content: Uint8Array): Entry {
	let disposition: string | undefined;
	let type = "text/plain";
	for (const line of toText(head).split("\r\n")) {
		if (line === "") continue;
		const colon = line.indexOf(":");
		if (colon <= 0) refuse("a part has a line without a name");
		const name = line.slice(0, colon).toLowerCase();
		const value = line.slice(colon + 1).trim();
		if (name === "content-disposition") disposition = value;
		else if (name === "content-type" && parseMimeType(value) !== undefined) type = value;
	}
	if (disposition === undefined) refuse("a part has no Content-Disposition");
	const { name, filename } = readDisposition(disposition);
	if (filename === undefined) return [name, toText(content)];
	return [name, new File([content as Uint8Array<ArrayBuffer>], filename, { type })];
}

/** Reads a form that came as `multipart/form-data` with that boundary. TypeError where it is none. */
export function parseMultipart(bytes: Uint8Array, boundary: string): FormData {
	if (boundary === "" || boundary.length > 70) refuse("there is no boundary");
	// A unit for each byte, whatever it stands for: positions are those of the bytes.
	const text = latin1Decode(bytes);
	const form = new FormData();
	const entries = entriesOf(form) as Entry[];
	const delimiter = `--${boundary}`;
	// What comes before the first delimiter is no part (RFC 2046, 5.1.1).
	let at = text.startsWith(delimiter) ? 0 : text.indexOf(`\r\n${delimiter}`) + 2;
	if (at === 1) refuse("it does not begin");
	for (;;) {
		at += delimiter.length;
		if (text.startsWith("--", at)) return form;
		const line = /[\t ]*\r\n/y;
		line.lastIndex = at;
		if (!line.test(text)) refuse("a delimiter is followed by something else");
		at = line.lastIndex;
		const headEnd = text.startsWith("\r\n", at) ? at : text.indexOf("\r\n\r\n", at);
		const start = headEnd === at ? at + 2 : headEnd + 4;
		const end = headEnd < 0 ? -1 : text.indexOf(`\r\n${delimiter}`, start);
		if (end < 0) refuse("it breaks off");
		entries.push(readPart(bytes.subarray(at, headEnd), bytes.subarray(start, end)));
		at = end + 2;
	}
}

/** Reads a form that came as `application/x-www-form-urlencoded`. */
export function parseUrlencoded(text: string): FormData {
	const form = new FormData();
	const entries = entriesOf(form) as Entry[];
	// Parameters do without one question mark at their beginning.
	for (const pair of new URLSearchParams(`?${text}`)) entries.push(pair);
	return form;
}
