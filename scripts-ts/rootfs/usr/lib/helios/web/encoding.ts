/** `TextEncoder` and `TextDecoder` (Encoding, 7): UTF-8, UTF-16 in both orders, windows-1252. */

import { latin1Decode, utf8Decode, utf8Encode, utf16leDecode } from "helios:internal";
import { bytesOf, dictionary, usv, webInterface } from "helios:web/idl";

type EncodingName = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

const LABELS: Record<EncodingName, string> = {
	"utf-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8",
	"utf-16le": "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le",
	"utf-16be": "unicodefffe utf-16be",
	"windows-1252":
		"ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 " +
		"iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252",
};

/** What windows-1252 has at 0x80 to 0x9F; the rest is Latin-1. */
const WINDOWS_1252 =
	"\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f" +
	"\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";

function encodingOf(label: string): EncodingName | undefined {
	const wanted = label.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, "").toLowerCase();
	if (wanted.includes(" ")) return undefined;
	for (const name in LABELS) {
		if (LABELS[name as EncodingName].split(" ").includes(wanted)) return name as EncodingName;
	}
	return undefined;
}

/** How many bytes a UTF-8 sequence that begins with `lead` has; 0 where none begins so. */
function sequenceLength(lead: number): number {
	if (lead >= 0xc2 && lead <= 0xdf) return 2;
	if (lead >= 0xe0 && lead <= 0xef) return 3;
	return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/** Whether `second` may follow `lead` in well-formed UTF-8 (Unicode, table 3-7). */
function mayFollow(lead: number, second: number): boolean {
	if (lead === 0xe0) return second >= 0xa0 && second <= 0xbf;
	if (lead === 0xed) return second >= 0x80 && second <= 0x9f;
	if (lead === 0xf0) return second >= 0x90 && second <= 0xbf;
	if (lead === 0xf4) return second >= 0x80 && second <= 0x8f;
	return second >= 0x80 && second <= 0xbf;
}

/** How many bytes at the end begin a sequence that may still become whole. */
function incompleteUtf8(bytes: Uint8Array): number {
	for (let back = 1; back <= Math.min(3, bytes.length); back++) {
		const at = bytes.length - back;
		const lead = bytes[at] as number;
		if ((lead & 0xc0) === 0x80) continue;
		if (sequenceLength(lead) <= back) return 0;
		return back > 1 && !mayFollow(lead, bytes[at + 1] as number) ? 0 : back;
	}
	return 0;
}

/** Likewise for UTF-16LE: half a unit, or a high surrogate. */
function incompleteUtf16(bytes: Uint8Array): number {
	const odd = bytes.length & 1;
	const high = bytes[bytes.length - odd - 1];
	return high !== undefined && high >= 0xd8 && high <= 0xdb ? 2 + odd : odd;
}

function swapPairs(bytes: Uint8Array): Uint8Array {
	const swapped = new Uint8Array(bytes.length);
	for (let at = 0; at + 1 < bytes.length; at += 2) {
		swapped[at] = bytes[at + 1] as number;
		swapped[at + 1] = bytes[at] as number;
	}
	if (bytes.length & 1) swapped[bytes.length - 1] = bytes[bytes.length - 1] as number;
	return swapped;
}

function decodeWindows1252(bytes: Uint8Array): string {
	return latin1Decode(bytes).replace(/[\x80-\x9f]/g, (char) => WINDOWS_1252[char.charCodeAt(0) - 0x80] as string);
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
	if (first.length === 0) return second;
	const both = new Uint8Array(first.length + second.length);
	both.set(first);
	both.set(second, first.length);
	return both;
}

/** How to decode. */
export interface TextDecoderOptions {
	fatal?: boolean;
	ignoreBOM?: boolean;
}

/** How to decode one piece. */
export interface TextDecodeOptions {
	stream?: boolean;
}

/** A buffer or a view of one. */
export type BufferSource = ArrayBufferLike | ArrayBufferView;

/** Makes text of bytes. */
export class TextDecoder {
	readonly #encoding: EncodingName;
	readonly #fatal: boolean;
	readonly #ignoreBOM: boolean;
	#held: Uint8Array = new Uint8Array(0);
	#begun = false;

	constructor(label = "utf-8", options?: TextDecoderOptions) {
		const encoding = encodingOf(`${label}`);
		if (encoding === undefined) throw new RangeError(`TextDecoder: there is no encoding "${label}"`);
		const { fatal, ignoreBOM } = dictionary<TextDecoderOptions>(options, "TextDecoder");
		this.#encoding = encoding;
		this.#fatal = Boolean(fatal);
		this.#ignoreBOM = Boolean(ignoreBOM);
	}

	get encoding(): string {
		return this.#encoding;
	}
	get fatal(): boolean {
		return this.#fatal;
	}
	get ignoreBOM(): boolean {
		return this.#ignoreBOM;
	}
	decode(input?: BufferSource, options?: TextDecodeOptions): string {
		const given = input === undefined ? new Uint8Array(0) : bytesOf(input, "TextDecoder.decode");
		const stream = Boolean(dictionary<TextDecodeOptions>(options, "TextDecoder.decode").stream);
		let bytes = join(this.#held, given);
		this.#held = new Uint8Array(0);
		if (stream) {
			const kept = this.#incomplete(bytes);
			this.#held = bytes.slice(bytes.length - kept);
			bytes = bytes.subarray(0, bytes.length - kept);
		}
		const text = this.#decode(bytes);
		if (text === null) {
			this.#held = new Uint8Array(0);
			this.#begun = false;
			throw new TypeError(`The encoded data was not valid for encoding ${this.#encoding}`);
		}
		const marked = !this.#begun && !this.#ignoreBOM && this.#encoding !== "windows-1252";
		if (text.length > 0) this.#begun = true;
		if (!stream) this.#begun = false;
		return marked && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
	}

	#incomplete(bytes: Uint8Array): number {
		if (this.#encoding === "utf-8") return incompleteUtf8(bytes);
		if (this.#encoding === "utf-16le") return incompleteUtf16(bytes);
		if (this.#encoding === "utf-16be") return incompleteUtf16(swapPairs(bytes));
		return 0;
	}

	#decode(bytes: Uint8Array): string | null {
		if (this.#encoding === "utf-8") return utf8Decode(bytes, this.#fatal);
		if (this.#encoding === "utf-16le") return utf16leDecode(bytes, this.#fatal);
		if (this.#encoding === "utf-16be") return utf16leDecode(swapPairs(bytes), this.#fatal);
		return decodeWindows1252(bytes);
	}
}
webInterface(TextDecoder, "TextDecoder");

/** Makes UTF-8 of text. */
export class TextEncoder {
	get encoding(): string {
		if (!(this instanceof TextEncoder)) throw new TypeError("Illegal invocation");
		return "utf-8";
	}
	encode(input = ""): Uint8Array {
		return utf8Encode(usv(input));
	}
	encodeInto(source: string, destination: Uint8Array): { read: number; written: number } {
		if (!(destination instanceof Uint8Array)) throw new TypeError("encodeInto: the destination is not a Uint8Array");
		const text = usv(source);
		let read = 0;
		let written = 0;
		while (read < text.length) {
			const point = text.codePointAt(read) as number;
			const length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
			if (written + length > destination.length) break;
			written += length;
			read += length === 4 ? 2 : 1;
		}
		destination.set(utf8Encode(text.slice(0, read)));
		return { read, written };
	}
}
webInterface(TextEncoder, "TextEncoder");
