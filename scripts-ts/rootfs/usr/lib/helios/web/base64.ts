/** `atob` and `btoa` (HTML, 8.3). */

import { base64Decode, base64Encode } from "helios:internal";
import { DOMException } from "helios:web/dom-exception";
import { need } from "helios:web/idl";

/** Most characters that one `String.fromCharCode` takes. */
const CHUNK = 4096;

/** Base64 of a string of characters up to U+00FF. */
export function btoa(data: string): string {
	need(arguments.length, 1, "btoa");
	const text = `${data}`;
	const bytes = new Uint8Array(text.length);
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code > 0xff) {
			throw new DOMException("btoa: the string has characters outside of Latin-1", "InvalidCharacterError");
		}
		bytes[at] = code;
	}
	return base64Encode(bytes);
}

/** The string that base64 stands for, a character for each byte. */
export function atob(data: string): string {
	need(arguments.length, 1, "atob");
	const bytes = base64Decode(`${data}`);
	if (bytes === null) throw new DOMException("atob: the string is not correct base64", "InvalidCharacterError");
	let text = "";
	for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
	return text;
}
