/** `helios:crypto`: digests, keyed digests and random bytes, without waiting. */

import type { DigestName } from "helios:internal";
import { digest as digestOf, hmac as hmacOf } from "helios:internal";
import { toBytes } from "helios:io";
import { fillRandom } from "helios:random";

export type { DigestName } from "helios:internal";

/** A digest; text is taken as UTF-8. */
export function digest(name: DigestName, data: string | Uint8Array): Uint8Array {
	return digestOf(name, toBytes(data));
}

/** SHA-256; text is taken as UTF-8. */
export function sha256(data: string | Uint8Array): Uint8Array {
	return digest("SHA-256", data);
}

/** A keyed digest (RFC 2104). */
export function hmac(name: DigestName, key: string | Uint8Array, data: string | Uint8Array): Uint8Array {
	return hmacOf(name, toBytes(key), toBytes(data));
}

/** Bytes as lower-case hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
	return text;
}

/** `count` bytes of the process's random stream. */
export function randomBytes(count: number): Uint8Array {
	const bytes = new Uint8Array(count);
	fillRandom(bytes);
	return bytes;
}
