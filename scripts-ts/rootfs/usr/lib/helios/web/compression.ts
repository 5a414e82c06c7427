/** `CompressionStream` and `DecompressionStream` (Compression, 3 and 4). The output comes when the input has ended. */

import { type CompressionName, deflate, inflate } from "helios:internal";
import { concat } from "helios:io";
import type { BufferSource } from "helios:web/encoding";
import { bytesOf, need, webInterface } from "helios:web/idl";
import type { ReadableStream } from "helios:web/readable";
import { TransformStream } from "helios:web/transform";
import type { WritableStream } from "helios:web/writable";

/** Most bytes that one stream holds, before and after: 64 MiB. A stream that outgrows it fails. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Bytes in one chunk of output. */
const CHUNK_BYTES = 65_536;

function formatOf(format: string, where: string): CompressionName {
	const name = `${format}`;
	if (name !== "gzip" && name !== "deflate" && name !== "deflate-raw") {
		throw new TypeError(`${where}: there is no format "${name}"`);
	}
	return name;
}

/** A transform that takes everything, and gives `whole` of it at the end. */
function transformWhole(
	where: string,
	whole: (bytes: Uint8Array) => Uint8Array,
): TransformStream<BufferSource, Uint8Array> {
	let chunks: Uint8Array[] = [];
	let length = 0;
	return new TransformStream<BufferSource, Uint8Array>({
		transform(chunk) {
			const bytes = bytesOf(chunk, where).slice();
			length += bytes.length;
			if (length > MAX_BYTES) throw new RangeError(`${where}: more than ${MAX_BYTES} bytes`);
			chunks.push(bytes);
		},
		flush(controller) {
			const output = whole(concat(chunks));
			chunks = [];
			for (let at = 0; at < output.length; at += CHUNK_BYTES) controller.enqueue(output.slice(at, at + CHUNK_BYTES));
		},
	});
}

/** Compresses a stream of bytes. */
export class CompressionStream {
	readonly #stream: TransformStream<BufferSource, Uint8Array>;

	constructor(format: "gzip" | "deflate" | "deflate-raw") {
		need(arguments.length, 1, "CompressionStream");
		const name = formatOf(format, "CompressionStream");
		this.#stream = transformWhole("CompressionStream", (bytes) => deflate(name, bytes));
	}

	get readable(): ReadableStream<Uint8Array> {
		return this.#stream.readable;
	}
	get writable(): WritableStream<BufferSource> {
		return this.#stream.writable;
	}
}
webInterface(CompressionStream, "CompressionStream", 1);

/** Decompresses a stream of bytes. */
export class DecompressionStream {
	readonly #stream: TransformStream<BufferSource, Uint8Array>;

	constructor(format: "gzip" | "deflate" | "deflate-raw") {
		need(arguments.length, 1, "DecompressionStream");
		const name = formatOf(format, "DecompressionStream");
		this.#stream = transformWhole("DecompressionStream", (bytes) => {
			const output = inflate(name, bytes, MAX_BYTES);
			if (typeof output === "string") throw new TypeError(`DecompressionStream: ${output}`);
			return output;
		});
	}

	get readable(): ReadableStream<Uint8Array> {
		return this.#stream.readable;
	}
	get writable(): WritableStream<BufferSource> {
		return this.#stream.writable;
	}
}
webInterface(DecompressionStream, "DecompressionStream", 1);
