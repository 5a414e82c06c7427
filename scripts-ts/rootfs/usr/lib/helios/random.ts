/**
 * The process's random stream: ChaCha20 under the key that the machine gave it. `Math.random` and `crypto` draw
 * from it in the order in which they are called, so a rebuilt process draws the same numbers.
 */

import { chacha } from "helios:internal";

/** Bytes drawn from the cipher at a time: 4 blocks. */
const CHUNK_BYTES = 256;
const BLOCK_BYTES = 64;
const WORD = 2 ** 32;

let key: Uint8Array | undefined;
let block = 0;
let chunk = new Uint8Array(0);
let used = 0;

function refill(): void {
	if (key === undefined) throw new TypeError("There is no random stream before the process starts");
	chunk = chacha(key, block, CHUNK_BYTES) as Uint8Array<ArrayBuffer>;
	block += CHUNK_BYTES / BLOCK_BYTES;
	used = 0;
}

/** Fills `target` with random bytes. */
export function fillRandom(target: Uint8Array): void {
	let filled = 0;
	while (filled < target.length) {
		if (used === chunk.length) refill();
		const part = chunk.subarray(used, used + target.length - filled);
		target.set(part, filled);
		used += part.length;
		filled += part.length;
	}
}

function nextWord(): number {
	if (used + 4 > chunk.length) refill();
	const at = used;
	used += 4;
	return (
		((chunk[at] as number) |
			((chunk[at + 1] as number) << 8) |
			((chunk[at + 2] as number) << 16) |
			((chunk[at + 3] as number) << 24)) >>>
		0
	);
}

/** A number in [0, 1) with 53 random bits. */
export function random(): number {
	const high = nextWord() >>> 5;
	const low = nextWord() >>> 6;
	return (high * 2 ** 26 + low) / (2 ** 21 * WORD);
}

/** Starts the stream under `newKey`, 32 bytes. */
export function seedRandom(newKey: Uint8Array): void {
	key = newKey;
	block = 0;
	used = 0;
	chunk = new Uint8Array(0);
}
