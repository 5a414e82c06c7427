/** `TextEncoderStream` and `TextDecoderStream` (Encoding, 7.5 and 7.6). */

import { utf8Encode } from "helios:internal";
import { type BufferSource, TextDecoder, type TextDecoderOptions } from "helios:web/encoding";
import { webInterface } from "helios:web/idl";
import type { ReadableStream } from "helios:web/readable";
import { TransformStream } from "helios:web/transform";
import type { WritableStream } from "helios:web/writable";

/** Makes text of a stream of bytes. */
export class TextDecoderStream {
	readonly #decoder: TextDecoder;
	readonly #stream: TransformStream<BufferSource, string>;

	constructor(label = "utf-8", options?: TextDecoderOptions) {
		const decoder = new TextDecoder(label, options);
		this.#decoder = decoder;
		this.#stream = new TransformStream<BufferSource, string>({
			transform(chunk, controller) {
				const text = decoder.decode(chunk, { stream: true });
				if (text !== "") controller.enqueue(text);
			},
			flush(controller) {
				const text = decoder.decode();
				if (text !== "") controller.enqueue(text);
			},
		});
	}

	get encoding(): string {
		return this.#decoder.encoding;
	}
	get fatal(): boolean {
		return this.#decoder.fatal;
	}
	get ignoreBOM(): boolean {
		return this.#decoder.ignoreBOM;
	}
	get readable(): ReadableStream<string> {
		return this.#stream.readable;
	}
	get writable(): WritableStream<BufferSource> {
		return this.#stream.writable;
	}
}
webInterface(TextDecoderStream, "TextDecoderStream");

function endsInHighSurrogate(text: string): boolean {
	const last = text.charCodeAt(text.length - 1);
	return last >= 0xd800 && last <= 0xdbff;
}

/** Makes UTF-8 of a stream of text. A surrogate pair may be split between chunks. */
export class TextEncoderStream {
	readonly #stream: TransformStream<string, Uint8Array>;

	constructor() {
		let held = "";
		this.#stream = new TransformStream<string, Uint8Array>({
			transform(chunk, controller) {
				let text = `${held}${chunk}`;
				held = "";
				if (endsInHighSurrogate(text)) {
					held = text.slice(-1);
					text = text.slice(0, -1);
				}
				if (text !== "") controller.enqueue(utf8Encode(text.toWellFormed()));
			},
			flush(controller) {
				if (held !== "") controller.enqueue(utf8Encode("\ufffd"));
			},
		});
	}

	get encoding(): string {
		if (!(#stream in this)) throw new TypeError("Illegal invocation");
		return "utf-8";
	}
	get readable(): ReadableStream<Uint8Array> {
		return this.#stream.readable;
	}
	get writable(): WritableStream<string> {
		return this.#stream.writable;
	}
}
webInterface(TextEncoderStream, "TextEncoderStream");
