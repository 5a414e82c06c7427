/** gzip data (RFC 1952): making it, and reading what gzip made anywhere. */

import { concat } from "helios:io";

/** What cannot be decompressed; the message is gzip's. */
export class CorruptData extends Error {}

/** Bytes that are compressed into one member: what is longer becomes several, which count as one file. */
export const MEMBER_BYTES = 8 * 1024 * 1024;
const HEADER_BYTES = 10;
/** Check value and length behind the data of a member. */
export const TRAILER_BYTES = 8;
const FLAG_NAME = 8;
const FLAG_EXTRA = 4;
const FLAG_COMMENT = 16;
const FLAG_CHECK = 2;

async function through(stream: CompressionStream | DecompressionStream, bytes: Uint8Array): Promise<Uint8Array> {
	const writer = stream.writable.getWriter();
	// What goes wrong shows on the side that is read.
	const written = writer
		.write(bytes)
		.then(() => writer.close())
		.catch(() => undefined);
	const chunks: Uint8Array[] = [];
	const reader = stream.readable.getReader();
	for (let result = await reader.read(); !result.done; result = await reader.read()) chunks.push(result.value);
	await written;
	return concat(chunks);
}

/** One member, with a name and a time where there are some. */
export async function compress(
	bytes: Uint8Array,
	name: Uint8Array,
	mtimeSeconds: number,
	level: number,
): Promise<Uint8Array> {
	const made = await through(new CompressionStream("gzip"), bytes);
	const header = new Uint8Array(HEADER_BYTES + (name.length > 0 ? name.length + 1 : 0));
	// Identification, deflate, flags, time, extra flags, Unix.
	header.set([0x1f, 0x8b, 8, name.length > 0 ? FLAG_NAME : 0]);
	new DataView(header.buffer).setUint32(4, mtimeSeconds, true);
	header[8] = level === 1 ? 4 : level === 9 ? 2 : 0;
	header[9] = 3;
	header.set(name, HEADER_BYTES);
	return concat([header, made.subarray(headerOf(made).length)]);
}

/** The length of a member's header, and the name and time in it. @throws {CorruptData} */
export function headerOf(bytes: Uint8Array): { length: number; name: Uint8Array | undefined; mtimeSeconds: number } {
	if (bytes.length === 0) throw new CorruptData("unexpected end of file");
	if (bytes.length < 2 || bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw new CorruptData("not in gzip format");
	if (bytes.length < HEADER_BYTES + TRAILER_BYTES) throw new CorruptData("unexpected end of file");
	if (bytes[2] !== 8) throw new CorruptData(`unknown method ${bytes[2]} -- not supported`);
	const flags = bytes[3] as number;
	let at = HEADER_BYTES;
	if (flags & FLAG_EXTRA) at += 2 + (bytes[at] as number) + ((bytes[at + 1] ?? 0) << 8);
	const text = (): Uint8Array => {
		const end = bytes.indexOf(0, at);
		if (end < 0) throw new CorruptData("unexpected end of file");
		const found = bytes.subarray(at, end);
		at = end + 1;
		return found;
	};
	const name = flags & FLAG_NAME ? text() : undefined;
	if (flags & FLAG_COMMENT) text();
	if (flags & FLAG_CHECK) at += 2;
	const mtimeSeconds = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
	return { length: at, name, mtimeSeconds };
}

/** All members, decompressed. Zeros behind the last are padding. @throws {CorruptData} */
export async function decompress(bytes: Uint8Array): Promise<Uint8Array> {
	headerOf(bytes);
	try {
		return await through(new DecompressionStream("gzip"), bytes);
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		let end = bytes.length;
		while (end > 0 && bytes[end - 1] === 0) end--;
		// A trailer may end with up to three zeros of its own.
		for (let keep = end; keep <= Math.min(end + 4, bytes.length - 1); keep++) {
			const again = await through(new DecompressionStream("gzip"), bytes.subarray(0, keep)).catch(() => undefined);
			if (again !== undefined) return again;
		}
		if (error instanceof RangeError || /too (?:large|much|big)|more than/i.test(message))
			throw new CorruptData("memory exhausted");
		if (/end of file|incomplete/i.test(message)) throw new CorruptData("unexpected end of file");
		if (/checksum/i.test(message)) throw new CorruptData("invalid compressed data--crc error");
		throw new CorruptData("invalid compressed data--format violated");
	}
}
