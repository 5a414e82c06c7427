/** `Blob` and `File` (File API, 3 and 4). */

import { now } from "helios:core";
import { utf8Decode, utf8Encode } from "helios:internal";
import { setBlobClone } from "helios:web/blob-clone";
import { bytesOf, dictionary, INTERNAL, isArrayBuffer, need, usv, webInterface } from "helios:web/idl";

/** What a blob is made of. */
export type BlobPart = ArrayBuffer | ArrayBufferView | Blob | string;

/** How a blob is made. */
export interface BlobPropertyBag {
	type?: string;
	endings?: "transparent" | "native";
}

/** How a file is made. */
export interface FilePropertyBag extends BlobPropertyBag {
	lastModified?: number;
}

/** Bytes that a blob's stream hands out at a time. */
const STREAM_CHUNK_BYTES = 65_536;

/** The bytes of a blob; they never change. `undefined` for what is none. */
export let blobBytes: (value: unknown) => Uint8Array<ArrayBuffer> | undefined;
/** A blob around bytes. */
export let wrapBlob: (bytes: Uint8Array, type: string) => Blob;

function normalType(type: string): string {
	return /^[\x20-\x7e]*$/.test(type) ? type.toLowerCase() : "";
}

function bytesOfPart(part: unknown, native: boolean): Uint8Array {
	if (ArrayBuffer.isView(part) || isArrayBuffer(part)) return bytesOf(part, "Blob");
	const blob = blobBytes(part);
	if (blob !== undefined) return blob;
	const text = usv(part);
	return utf8Encode(native ? text.replace(/\r\n?/g, "\n") : text);
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
	const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

/** Converts as `[Clamp] long long` and then as an index that may count from the end. */
function toIndex(value: number | undefined, size: number, fallback: number): number {
	if (value === undefined) return fallback;
	const number = Number(value);
	const index = Number.isNaN(number) ? 0 : Math.trunc(number);
	return index < 0 ? Math.max(size + index, 0) : Math.min(index, size);
}

/** Bytes that do not change. */
export class Blob {
	readonly #bytes: Uint8Array<ArrayBuffer>;
	readonly #type: string;

	constructor(parts?: Iterable<BlobPart>, options?: BlobPropertyBag) {
		if ((parts as unknown) === INTERNAL) {
			const [bytes, type] = options as unknown as [Uint8Array<ArrayBuffer>, string];
			this.#bytes = bytes;
			this.#type = type;
			return;
		}
		if (parts !== undefined && (typeof parts !== "object" || parts === null || !(Symbol.iterator in parts))) {
			throw new TypeError("Blob: the parts are not a sequence");
		}
		const given = [...(parts ?? [])];
		const { endings = "transparent", type } = dictionary<BlobPropertyBag>(options, "Blob");
		if (endings !== "transparent" && endings !== "native") throw new TypeError(`Blob: there is no ending "${endings}"`);
		this.#type = type === undefined ? "" : normalType(`${type}`);
		this.#bytes = join(given.map((part) => bytesOfPart(part, endings === "native")));
	}

	static {
		blobBytes = (value) => (typeof value === "object" && value !== null && #bytes in value ? value.#bytes : undefined);
		wrapBlob = (bytes, type) => new Blob(INTERNAL as never, [bytes, type] as never);
	}

	get size(): number {
		return this.#bytes.length;
	}
	get type(): string {
		return this.#type;
	}
	slice(start?: number, end?: number, contentType?: string): Blob {
		const size = this.#bytes.length;
		const from = toIndex(start, size, 0);
		const to = toIndex(end, size, size);
		const type = contentType === undefined ? "" : normalType(`${contentType}`);
		return wrapBlob(this.#bytes.subarray(from, Math.max(from, to)), type);
	}
	stream(): ReadableStream<Uint8Array> {
		const bytes = this.#bytes;
		let at = 0;
		return new ReadableStream<Uint8Array>(
			{
				pull(controller) {
					if (at < bytes.length) controller.enqueue(bytes.slice(at, at + STREAM_CHUNK_BYTES));
					at += STREAM_CHUNK_BYTES;
					if (at >= bytes.length) controller.close();
				},
			},
			{ highWaterMark: 0 },
		);
	}
	async text(): Promise<string> {
		const text = utf8Decode(this.#bytes, false) as string;
		return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
	}
	async arrayBuffer(): Promise<ArrayBuffer> {
		return this.#bytes.slice().buffer;
	}
	async bytes(): Promise<Uint8Array> {
		return this.#bytes.slice();
	}
}
webInterface(Blob, "Blob");

/** A blob with a name. */
export class File extends Blob {
	readonly #name: string;
	readonly #lastModified: number;

	constructor(parts: Iterable<BlobPart>, name: string, options?: FilePropertyBag) {
		need(arguments.length, 2, "File");
		super(parts, options);
		this.#name = usv(name);
		const modified = options?.lastModified;
		this.#lastModified = modified === undefined ? now() : Math.trunc(Number(modified)) || 0;
	}

	get name(): string {
		return this.#name;
	}
	get lastModified(): number {
		return this.#lastModified;
	}
}
webInterface(File, "File", 2);

setBlobClone((value) => {
	const bytes = blobBytes(value);
	if (bytes === undefined) return undefined;
	const { type } = value as Blob;
	if (!(value instanceof File)) return wrapBlob(bytes, type);
	return new File([bytes], value.name, { type, lastModified: value.lastModified });
});
