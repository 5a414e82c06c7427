/** MIME types (MIME Sniffing, 4) and how they are read from headers (Fetch, 2.2.2, "extract a MIME type"). */

import { type HeaderField, isToken } from "helios:web/header-list";

/** A MIME type. */
export interface MimeType {
	/** Type and subtype, in lower case. */
	essence: string;
	/** Names in lower case, and values. */
	parameters: Map<string, string>;
}

function trim(text: string): string {
	return text.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
}

/** Reads a quoted string from its opening quote on. Answers its text and where it ends. */
function quoted(text: string, from: number): [value: string, end: number] {
	let value = "";
	let at = from + 1;
	while (at < text.length && text[at] !== '"') {
		if (text[at] === "\\" && at + 1 < text.length) at++;
		value += text[at];
		at++;
	}
	return [value, Math.min(at + 1, text.length)];
}

function readParameters(text: string): Map<string, string> {
	const parameters = new Map<string, string>();
	let at = 0;
	while (at < text.length) {
		at++;
		const stop = /[;=]/g;
		stop.lastIndex = at;
		const end = stop.exec(text)?.index ?? text.length;
		const name = text
			.slice(at, end)
			.replace(/^[\t\n\r ]+/, "")
			.toLowerCase();
		at = end;
		if (text[at] !== "=") continue;
		at++;
		let value = "";
		const isQuoted = text[at] === '"';
		if (isQuoted) [value, at] = quoted(text, at);
		const semicolon = text.indexOf(";", at);
		const next = semicolon < 0 ? text.length : semicolon;
		if (!isQuoted) value = text.slice(at, next).replace(/[\t\n\r ]+$/, "");
		at = next;
		if (!isQuoted && value === "") continue;
		if (isToken(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value) && !parameters.has(name)) parameters.set(name, value);
	}
	return parameters;
}

/** Reads a MIME type; `undefined` where it is none. */
export function parseMimeType(input: string): MimeType | undefined {
	const text = trim(input);
	const semicolon = text.indexOf(";");
	const essence = trim(semicolon < 0 ? text : text.slice(0, semicolon)).toLowerCase();
	const slash = essence.indexOf("/");
	if (slash < 0 || !isToken(essence.slice(0, slash)) || !isToken(essence.slice(slash + 1))) return undefined;
	return { essence, parameters: readParameters(semicolon < 0 ? "" : text.slice(semicolon)) };
}

/** The text of a MIME type. */
export function formatMimeType({ essence, parameters }: MimeType): string {
	let text = essence;
	for (const [name, value] of parameters) {
		text += `;${name}=${isToken(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`}`;
	}
	return text;
}

/** Splits at commas outside of quoted strings. */
function splitValues(value: string): string[] {
	return value.match(/(?:"(?:\\.|[^"\\])*(?:"|$)|[^",])+/g) ?? [];
}

/** The MIME type that headers declare: the last that can be read, with the charset of those before it. */
export function mimeTypeOf(fields: readonly HeaderField[]): MimeType | undefined {
	let charset: string | undefined;
	let found: MimeType | undefined;
	for (const { key, value } of fields) {
		if (key !== "content-type") continue;
		for (const part of value.includes(",") ? splitValues(value) : [value]) {
			const type = parseMimeType(part);
			if (type === undefined || type.essence === "*/*") continue;
			if (type.essence !== found?.essence) charset = type.parameters.get("charset");
			else if (charset !== undefined && !type.parameters.has("charset")) type.parameters.set("charset", charset);
			found = type;
		}
	}
	return found;
}
