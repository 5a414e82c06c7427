/**
 * Bodies of requests and responses (Fetch, 2.2.4 and 5.3).
 *
 * A body is bytes, something that bytes are read from, or a stream; it becomes a stream only when a program asks for
 * one, so that who reads whole texts pays for no streams.
 */

import { lazy, utf8Encode } from "helios:internal";
import { concat, toText } from "helios:io";
import type { Blob } from "helios:web/blob";
import type { FormData } from "helios:web/form-data";
import type { HeaderField } from "helios:web/header-list";
import { bytesOf, isArrayBuffer, isPlatformObject, usv } from "helios:web/idl";
import { formatMimeType, mimeTypeOf } from "helios:web/mime-type";
import type { ReadableStream } from "helios:web/readable";
import type { ReadableCore, ReaderState } from "helios:web/readable-core";
import type { URLSearchParams } from "helios:web/url-search-params";

/** What a body may be made of. */
export type BodyInit =
	| ReadableStream<Uint8Array>
	| Blob
	| ArrayBuffer
	| ArrayBufferView
	| FormData
	| URLSearchParams
	| string;

/** Where the bytes of a body come from. */
export interface ByteSource {
	/** The next bytes; `null` at the end. */
	read(): Promise<Uint8Array | null>;
	/** Nobody wants the rest. */
	cancel(reason?: unknown): Promise<void>;
}

const readables = (): typeof import("helios:web/readable") => lazy("helios:web/readable") as never;
const cores = (): typeof import("helios:web/readable-core") => lazy("helios:web/readable-core") as never;
const blobs = (): typeof import("helios:web/blob") => lazy("helios:web/blob") as never;
const forms = (): typeof import("helios:web/form-data") => lazy("helios:web/form-data") as never;
const parameters = (): typeof import("helios:web/url-search-params") => lazy("helios:web/url-search-params") as never;

/** A source of bytes that are there already. */
function sourceOfBytes(bytes: Uint8Array): ByteSource {
	let rest: Uint8Array | null = bytes.length === 0 ? null : bytes;
	return {
		read: () => {
			const next = rest;
			rest = null;
			return Promise.resolve(next);
		},
		cancel: () => {
			rest = null;
			return Promise.resolve();
		},
	};
}

/** A source that reads a stream, which stays locked. */
function sourceOfStream(stream: ReadableStream<Uint8Array>): ByteSource {
	const core = readables().readableCore(stream) as ReadableCore;
	const reader: ReaderState = core.acquire();
	return {
		read: () =>
			new Promise((resolve, reject) => {
				const chunk = (value: unknown): void => {
					if (value instanceof Uint8Array) {
						resolve(value);
						return;
					}
					const error = new TypeError("A chunk of the body is not a Uint8Array");
					core.cancel(error).catch(() => {});
					reject(error);
				};
				core.read({ chunk, close: () => resolve(null), error: reject });
			}),
		cancel: (reason) => (reader.stream ?? core).cancel(reason),
	};
}

/** A stream of what a source gives, read when wanted. */
function streamOfSource(source: ByteSource): ReadableStream<Uint8Array> {
	const { ReadableCore } = cores();
	const core: ReadableCore = new ReadableCore(
		{
			start: () => undefined,
			pull: async () => {
				const chunk = await source.read();
				if (chunk === null) core.close();
				else core.enqueue(chunk);
			},
			cancel: (reason) => source.cancel(reason),
		},
		0,
		() => 1,
	);
	core.start();
	return readables().wrapReadable<Uint8Array>(core);
}

/** A body. */
export class Body {
	#bytes: Uint8Array | undefined;
	#source: ByteSource | undefined;
	#stream: ReadableStream<Uint8Array> | undefined;
	/** Taken without a stream. */
	#taken = false;
	/** How many bytes it has, where that is known before they are read. */
	readonly length: number | undefined;

	/** Of bytes that do not change, of a source, or of a stream. */
	constructor(content: Uint8Array | ByteSource | ReadableStream<Uint8Array>, length?: number) {
		if (content instanceof Uint8Array) {
			this.#bytes = content;
			this.length = content.length;
			return;
		}
		this.length = length;
		if ("read" in content) this.#source = content;
		else this.#stream = content;
	}

	/** Its bytes where they are there and nobody has taken them, so that it can be sent more than once. */
	get bytes(): Uint8Array | undefined {
		return this.#taken || this.#stream !== undefined ? undefined : this.#bytes;
	}

	get #core(): ReadableCore | undefined {
		return this.#stream === undefined ? undefined : readables().readableCore(this.#stream);
	}

	/** Whether some of it was read. */
	get used(): boolean {
		return this.#taken || (this.#core?.disturbed ?? false);
	}

	/** Whether it cannot be read any more, or not now. */
	get unusable(): boolean {
		return this.#taken || (this.#stream !== undefined && (this.used || this.#stream.locked));
	}

	/** It as a stream, which stays the same. */
	get stream(): ReadableStream<Uint8Array> {
		if (this.#stream !== undefined) return this.#stream;
		if (this.#taken) {
			// Its bytes went another way: a stream that was read to its end, and is still locked.
			this.#stream = streamOfSource(sourceOfBytes(new Uint8Array(0)));
			const core = this.#core as ReadableCore;
			core.close();
			core.disturbed = true;
			core.acquire();
			return this.#stream;
		}
		this.#stream = streamOfSource(this.#source ?? sourceOfBytes((this.#bytes as Uint8Array).slice()));
		this.#source = undefined;
		return this.#stream;
	}

	/** What gives its bytes to the one who calls this, alone. TypeError where it was read already. */
	take(): ByteSource {
		if (this.unusable) throw new TypeError("The body was read already, or is locked");
		this.#taken = true;
		if (this.#stream !== undefined) return sourceOfStream(this.#stream);
		const source = this.#source ?? sourceOfBytes(this.#bytes as Uint8Array);
		this.#source = undefined;
		this.#bytes = undefined;
		return source;
	}

	/** All of it. What is answered may be the body's own memory. */
	async takeBytes(): Promise<Uint8Array> {
		const there = this.bytes;
		const source = this.take();
		if (there !== undefined) return there;
		const chunks: Uint8Array[] = [];
		for (let chunk = await source.read(); chunk !== null; chunk = await source.read()) chunks.push(chunk);
		return concat(chunks);
	}

	/** Another body of the same bytes. */
	clone(): Body {
		const there = this.bytes;
		if (there !== undefined) return new Body(there);
		const [mine, other] = this.stream.tee();
		this.#stream = mine;
		return new Body(other, this.length);
	}
}

/** A body and the media type that it suggests (Fetch, 5.2, "extract a body"). */
export function extractBody(init: unknown): { body: Body; type: string | undefined } {
	if (typeof init === "object" && init !== null) {
		if (ArrayBuffer.isView(init) || isArrayBuffer(init)) {
			return { body: new Body(bytesOf(init, "body").slice()), type: undefined };
		}
		if (isPlatformObject(init)) {
			const extracted = extractFromObject(init);
			if (extracted !== undefined) return extracted;
		}
	}
	return { body: new Body(utf8Encode(usv(init))), type: "text/plain;charset=UTF-8" };
}

function extractFromObject(init: object): { body: Body; type: string | undefined } | undefined {
	const bytes = blobs().blobBytes(init);
	if (bytes !== undefined) {
		const { type } = init as Blob;
		return { body: new Body(bytes), type: type === "" ? undefined : type };
	}
	if (parameters().isParams(init)) {
		const type = "application/x-www-form-urlencoded;charset=UTF-8";
		return { body: new Body(utf8Encode(init.toString())), type };
	}
	if (readables().readableCore(init) !== undefined) {
		const stream = init as ReadableStream<Uint8Array>;
		const body = new Body(stream);
		if (body.unusable) throw new TypeError("The stream was read already, or is locked");
		return { body, type: undefined };
	}
	if (forms().entriesOf(init) === undefined) return undefined;
	const form = forms().encodeMultipart(init as FormData);
	return { body: new Body(form.bytes), type: form.type };
}

function takeBytes(body: Body | undefined): Promise<Uint8Array> {
	return body === undefined ? Promise.resolve(new Uint8Array(0)) : body.takeBytes();
}

/** `text()` of a body. */
export async function readText(body: Body | undefined): Promise<string> {
	return toText(await takeBytes(body));
}

/** `json()` of a body. */
export async function readJson(body: Body | undefined): Promise<unknown> {
	return JSON.parse(toText(await takeBytes(body)));
}

/** `bytes()` of a body. */
export async function readBytes(body: Body | undefined): Promise<Uint8Array> {
	return (await takeBytes(body)).slice();
}

/** `arrayBuffer()` of a body. */
export async function readArrayBuffer(body: Body | undefined): Promise<ArrayBuffer> {
	return (await takeBytes(body)).slice().buffer as ArrayBuffer;
}

/** `blob()` of a body. */
export async function readBlob(body: Body | undefined, fields: readonly HeaderField[]): Promise<Blob> {
	const bytes = await takeBytes(body);
	const type = mimeTypeOf(fields);
	const { Blob } = blobs();
	return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: type === undefined ? "" : formatMimeType(type) });
}

/** `formData()` of a body. */
export async function readFormData(body: Body | undefined, fields: readonly HeaderField[]): Promise<FormData> {
	const bytes = await takeBytes(body);
	const type = mimeTypeOf(fields);
	if (type?.essence === "multipart/form-data") {
		return forms().parseMultipart(bytes, type.parameters.get("boundary") ?? "");
	}
	if (type?.essence === "application/x-www-form-urlencoded") return forms().parseUrlencoded(toText(bytes));
	throw new TypeError("The body is not a form: its type is neither multipart/form-data nor urlencoded");
}
