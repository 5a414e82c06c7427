/** Web streams over descriptors. Apart from `helios:io`, so that who reads and writes plainly does not pay for them. */

import type { Stream } from "helios:io";

/** The bytes of `stream`, read when wanted. */
export function readableOf(stream: Stream): ReadableStream<Uint8Array> {
	return new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				const chunk = await stream.read();
				if (chunk === null) controller.close();
				else controller.enqueue(chunk);
			},
		},
		{ highWaterMark: 0 },
	);
}

/** Writes every chunk whole, one after the other. */
export function writableOf(stream: Stream): WritableStream<string | Uint8Array> {
	return new WritableStream<string | Uint8Array>({ write: (chunk) => stream.write(chunk) });
}
