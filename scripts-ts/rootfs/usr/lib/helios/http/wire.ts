/** The bytes of a connection, read in the pieces that messages are made of, and written. */

import { checkText, FIELDS_MAX, type Framing, HEAD_BYTES_MAX, LINE_BYTES_MAX, parseFields } from "helios:http/head";
import { HttpError } from "helios:http/status";
import type { Connection, Sink } from "helios:http/transport";
import { latin1Decode, utf8Encode } from "helios:internal";
import { concat } from "helios:io";
import type { ByteSource } from "helios:web/body";
import type { HeaderField } from "helios:web/header-list";

/** Bytes that one read asks for. */
const READ_BYTES = 65_536;
/** Bytes of a buffer that are looked at for a head at a time. */
const LOOK_BYTES = 1024;
/** Longest line before a chunk: its size and its extensions. */
const CHUNK_LINE_BYTES_MAX = 4096;
/** Most bytes of extensions in one message. */
const EXTENSION_BYTES_MAX = 65_536;
/** Empty lines before a message that are overlooked (RFC 9112, 2.2). */
const EMPTY_LINES_MAX = 4;

/** What windows-1252 puts in the place of the bytes 0x80 to 0x9F. */
const WINDOWS_1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

/** Text with a unit for each byte. */
export function textOfBytes(bytes: Uint8Array): string {
	const text = latin1Decode(bytes);
	if (!/[^\0-\xff]/.test(text)) return text;
	return text.replace(/[^\0-\xff]/g, (char) => String.fromCharCode(0x80 + WINDOWS_1252.indexOf(char)));
}

/** The bytes of text of which each unit is one. */
export function bytesOfText(text: string): Uint8Array {
	const encoded = utf8Encode(text);
	if (encoded.length === text.length) return encoded;
	const bytes = new Uint8Array(text.length);
	for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
	return bytes;
}

/** The peer closed its side in the middle of a message. */
export class PrematureEnd extends HttpError {
	/** Whether not a byte of the message had come. */
	readonly clean: boolean;

	constructor(clean: boolean) {
		super(400, clean ? "the connection was closed" : "the connection was closed in the middle of a message");
		this.clean = clean;
	}
}

/** What was read of a connection and nobody has taken yet. */
export class Input {
	readonly #connection: Connection;
	#bytes: Uint8Array = new Uint8Array(0);
	#ended = false;
	/** Called when bytes have come. */
	onBytes: (() => void) | undefined;

	constructor(connection: Connection) {
		this.#connection = connection;
	}

	/** How many bytes wait. */
	get buffered(): number {
		return this.#bytes.length;
	}

	/** Waits for more bytes. Answers whether any came. */
	async fill(): Promise<boolean> {
		if (this.#ended) return false;
		const chunk = await this.#connection.read(READ_BYTES);
		if (chunk === null) {
			this.#ended = true;
			return false;
		}
		this.#bytes = this.#bytes.length === 0 ? chunk : concat([this.#bytes, chunk]);
		this.onBytes?.();
		return true;
	}

	/** Takes up to `max` bytes that are there. */
	take(max: number): Uint8Array {
		const taken = this.#bytes.subarray(0, max);
		this.#bytes = this.#bytes.subarray(taken.length);
		return taken;
	}

	/**
	 * The head of the next message, without the empty line that ends it. 400 for lines that end otherwise, 414 and 431 for
	 * what is too long.
	 */
	async head(): Promise<string> {
		let text = "";
		let skipped = 0;
		for (;;) {
			if (text === "") skipped += this.#skipEmptyLines(EMPTY_LINES_MAX - skipped);
			// Half of an empty line that may still be skipped is not looked at.
			const waits = text === "" && this.#bytes.length < 2 && (this.#bytes[0] ?? 13) === 13;
			const more = waits ? text : this.#moreOfHead(text);
			const end = more.indexOf("\r\n\r\n", Math.max(0, text.length - 3));
			if (end >= 0) {
				this.#bytes = this.#bytes.subarray(end + 4);
				return more.slice(0, end);
			}
			const looked = more.length > text.length;
			if (looked) checkUnfinished(more, text.length);
			text = more;
			if (looked && text.length < this.#bytes.length) continue;
			if (!(await this.fill())) throw new PrematureEnd(this.#bytes.length === 0);
		}
	}

	/** Drops up to `max` empty lines. Answers how many. */
	#skipEmptyLines(max: number): number {
		let count = 0;
		while (count < max && this.#bytes[0] === 13 && this.#bytes[1] === 10) {
			this.#bytes = this.#bytes.subarray(2);
			count++;
		}
		return count;
	}

	/** What was looked at, and some of what follows. */
	#moreOfHead(text: string): string {
		const end = Math.min(this.#bytes.length, text.length === 0 ? LOOK_BYTES : text.length * 4);
		return end <= text.length ? text : text + textOfBytes(this.#bytes.subarray(text.length, end));
	}

	/** The next line of at most `max` bytes, without its end. */
	async line(max: number, status: number): Promise<string> {
		let looked = 0;
		for (;;) {
			const end = this.#bytes.indexOf(10, looked);
			if (end >= 0 && end <= max) {
				if (this.#bytes[end - 1] !== 13) throw new HttpError(400, "a line does not end with CR and LF");
				const text = textOfBytes(this.#bytes.subarray(0, end - 1));
				this.#bytes = this.#bytes.subarray(end + 1);
				return text;
			}
			looked = this.#bytes.length;
			if (end >= 0 || looked > max) throw new HttpError(status, "a line is too long");
			if (!(await this.fill())) throw new PrematureEnd(false);
		}
	}
}

/** Refuses a head early that will not become one. What is before `from` was looked at. */
function checkUnfinished(text: string, from: number): void {
	checkText(text.slice(from));
	if (text.length > HEAD_BYTES_MAX) throw new HttpError(431, `the head is longer than ${HEAD_BYTES_MAX} bytes`);
	const firstEnd = text.indexOf("\n");
	if (firstEnd < 0 && text.length > LINE_BYTES_MAX) throw new HttpError(414, "the first line is too long");
	if (firstEnd === 0 || (firstEnd > 0 && text[text.lastIndexOf("\n") - 1] !== "\r")) {
		throw new HttpError(400, "a line does not end with CR and LF");
	}
}

/** The body of a message that comes in. */
export interface IncomingBody extends ByteSource {
	/** Whether all of it was read, so that the next message can follow. */
	readonly done: boolean;
}

/** A body of so many bytes. */
class LengthBody implements IncomingBody {
	readonly #input: Input;
	#left: number;

	constructor(input: Input, length: number) {
		this.#input = input;
		this.#left = length;
	}

	get done(): boolean {
		return this.#left === 0;
	}

	async read(): Promise<Uint8Array | null> {
		if (this.#left === 0) return null;
		if (this.#input.buffered === 0 && !(await this.#input.fill())) throw new PrematureEnd(false);
		const bytes = this.#input.take(this.#left);
		this.#left -= bytes.length;
		return bytes;
	}

	async cancel(): Promise<void> {}
}

/** A body that goes on until the connection ends. */
class CloseBody implements IncomingBody {
	readonly #input: Input;
	readonly done = false;

	constructor(input: Input) {
		this.#input = input;
	}

	async read(): Promise<Uint8Array | null> {
		if (this.#input.buffered === 0 && !(await this.#input.fill())) return null;
		return this.#input.take(READ_BYTES);
	}

	async cancel(): Promise<void> {}
}

/** A body in chunks (RFC 9112, 7.1). */
class ChunkedBody implements IncomingBody {
	readonly #input: Input;
	readonly #bytesMax: number;
	/** Bytes left of the chunk under way; `undefined` between chunks. */
	#left: number | undefined;
	#total = 0;
	#extensions = 0;
	done = false;
	/** The fields that followed. */
	trailers: HeaderField[] = [];

	constructor(input: Input, bytesMax: number) {
		this.#input = input;
		this.#bytesMax = bytesMax;
	}

	async read(): Promise<Uint8Array | null> {
		if (this.done) return null;
		if (this.#left === undefined) {
			await this.#nextChunk();
			if (this.done) return null;
		}
		if (this.#input.buffered === 0 && !(await this.#input.fill())) throw new PrematureEnd(false);
		const bytes = this.#input.take(this.#left as number);
		this.#left = (this.#left as number) - bytes.length;
		if (this.#left === 0) {
			if ((await this.#input.line(1, 400)) !== "") throw new HttpError(400, "a chunk is longer than its size");
			this.#left = undefined;
		}
		return bytes;
	}

	async #nextChunk(): Promise<void> {
		const line = await this.#input.line(CHUNK_LINE_BYTES_MAX, 400);
		const size = /^([\da-f]{1,13})(?:[\t ]*;[\t\x20-\x7e\x80-\xff]*)?$/i.exec(line);
		if (size === null) throw new HttpError(400, "the size of a chunk is no number");
		this.#extensions += line.length - (size[1] as string).length;
		if (this.#extensions > EXTENSION_BYTES_MAX) throw new HttpError(400, "the chunks have too many extensions");
		const length = Number.parseInt(size[1] as string, 16);
		this.#total += length;
		if (this.#total > this.#bytesMax) throw new HttpError(413, "the body is too large");
		if (length > 0) this.#left = length;
		else await this.#readTrailers();
	}

	async #readTrailers(): Promise<void> {
		let text = "";
		let count = 0;
		for (let line = await this.#line(); line !== ""; line = await this.#line()) {
			text += `${line}\r\n`;
			if (text.length > HEAD_BYTES_MAX || ++count > FIELDS_MAX) throw new HttpError(431, "the trailers are too long");
		}
		this.trailers = parseFields(text);
		this.done = true;
	}

	#line(): Promise<string> {
		return this.#input.line(LINE_BYTES_MAX, 431);
	}

	async cancel(): Promise<void> {}
}

/** The body that follows a head. 413 where it says that it is longer than `bytesMax`. */
export function incomingBody(input: Input, framing: Framing, bytesMax: number): IncomingBody {
	if (framing === "chunked") return new ChunkedBody(input, bytesMax);
	if (framing === "close") return new CloseBody(input);
	if (framing > bytesMax) throw new HttpError(413, "the body is too large");
	return new LengthBody(input, framing);
}

const CRLF = new Uint8Array([13, 10]);
/** The last chunk, without trailers. */
export const LAST_CHUNK: Uint8Array = utf8Encode("0\r\n\r\n");

/** Bytes as a chunk, which has some. */
export function chunkOf(bytes: Uint8Array): Uint8Array {
	return concat([utf8Encode(`${bytes.length.toString(16)}\r\n`), bytes, CRLF]);
}

/** Longest body that goes out with its head in one write. */
const JOINED_BYTES_MAX = 65_536;

/** Writes a head and what gives the body, whose length is known or which goes in chunks. */
export async function writeMessage(
	sink: Sink,
	head: string,
	body: Uint8Array | ByteSource | undefined,
	length: number | "chunked" | "close",
): Promise<number> {
	const headBytes = bytesOfText(head);
	if (body === undefined) {
		await sink.write(headBytes);
		return 0;
	}
	if (body instanceof Uint8Array) {
		if (body.length <= JOINED_BYTES_MAX) await sink.write(concat([headBytes, body]));
		else {
			await sink.write(headBytes);
			await sink.write(body);
		}
		return body.length;
	}
	return writeSource(sink, headBytes, body, length);
}

async function writeSource(
	sink: Sink,
	head: Uint8Array,
	body: ByteSource,
	length: number | "chunked" | "close",
): Promise<number> {
	let sent = 0;
	let before: Uint8Array | undefined = head;
	try {
		for (let bytes = await body.read(); bytes !== null; bytes = await body.read()) {
			if (bytes.length === 0) continue;
			sent += bytes.length;
			if (typeof length === "number" && sent > length) throw new TypeError("The body is longer than it was said to be");
			const piece = length === "chunked" ? chunkOf(bytes) : bytes;
			await sink.write(before === undefined ? piece : concat([before, piece]));
			before = undefined;
		}
		if (typeof length === "number" && sent < length) throw new TypeError("The body is shorter than it was said to be");
	} catch (error) {
		await body.cancel(error).catch(() => {});
		throw error;
	}
	const last = length === "chunked" ? LAST_CHUNK : undefined;
	if (before !== undefined && last !== undefined) await sink.write(concat([before, last]));
	else if (before !== undefined || last !== undefined) await sink.write((before ?? last) as Uint8Array);
	return sent;
}
