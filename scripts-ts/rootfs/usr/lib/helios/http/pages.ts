/** Pages that stand for errors. */

import { reasonOf } from "helios:http/status";
import { utf8Encode } from "helios:internal";
import { Body } from "helios:web/body";
import { field, type HeaderField } from "helios:web/header-list";
import { wrapHeaders } from "helios:web/headers";
import type { ResponseParts } from "helios:web/response";

/** The page that stands for an error. */
export function errorPage(status: number, message = ""): { bytes: Uint8Array; fields: HeaderField[] } {
	const title = `${status} ${reasonOf(status)}`.trim();
	const text = message.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`);
	const detail = text === "" ? "" : `<p>${text}</p>\n`;
	const page = `<!doctype html>\n<title>${title}</title>\n<h1>${title}</h1>\n${detail}`;
	return { bytes: utf8Encode(page), fields: [field("Content-Type", "text/html; charset=utf-8")] };
}

/** The answer that stands for an error, with fields beside its own. */
export function errorParts(status: number, message = "", added: readonly HeaderField[] = []): ResponseParts {
	const { bytes, fields } = errorPage(status, message);
	const headers = wrapHeaders([...added, ...fields], "response");
	return { type: "default", status, statusText: "", headers, body: new Body(bytes), url: "", redirected: false };
}
