/**
 * `helios:pcapng`: captures, in the files that Wireshark opens. Writes pcapng; reads pcapng and the classic form of libpcap.
 *
 * ```ts
 * const writer = new CaptureWriter((bytes) => file.write(bytes));
 * const eth0 = await writer.addInterface({ name: "eth0" });
 * await writer.write({ interface: eth0, timeNs, data });
 *
 * for await (const packet of readCapture(file.chunks())) console.log(packet.interface.name, packet.data.length);
 * ```
 */

import { utf8Decode, utf8Encode } from "helios:internal";
import { concat } from "helios:io";

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BYTE_ORDER = 0x1a2b3c4d;
const CLASSIC_MICROS = 0xa1b2c3d4;
const CLASSIC_NANOS = 0xa1b23c4d;

const END = 0;
const COMMENT = 1;
const APPLICATION = 4;
const NAME = 2;
const DESCRIPTION = 3;
const RESOLUTION = 9;
const OFFSET = 14;
const FLAGS = 2;

const ETHERNET = 1;
/** Longest block or record that is read. */
const MAX_BLOCK_BYTES = 4_194_304;
/** Most interfaces of a file. */
const MAX_INTERFACES = 65_536;
/** Longest text that is written. */
const MAX_TEXT_BYTES = 4096;
const BILLION = 1_000_000_000n;

/** Where frames were captured. */
export interface CaptureInterface {
	/** Its name. */
	name: string;
	/** What it is, in words. */
	description: string;
	/** What its frames are: 1 is Ethernet. */
	linkType: number;
	/** Most bytes that are kept of a frame; 0 where all are. */
	snapLength: number;
}

/** Which way a frame passed an interface. */
export type Direction = "in" | "out";

/** A frame to write. */
export interface Packet {
	/** Where: the number that `addInterface` gave. */
	interface: number;
	/** When, in nanoseconds since the Unix epoch. */
	timeNs: bigint;
	/** What was kept of it. */
	data: Uint8Array;
	/** Bytes that it had on the link; as many as are kept without it. */
	length?: number;
	/** Which way; absent where nobody knows. */
	direction?: Direction | undefined;
	/** What is to be said about it. */
	comments?: readonly string[];
}

/** A frame that was read. */
export interface CapturedPacket {
	/** Where it was captured. */
	interface: CaptureInterface;
	/** The interface's number, counted from 0 over the whole file. */
	interfaceNumber: number;
	/** When, in nanoseconds since the Unix epoch. */
	timeNs: bigint;
	/** What was kept of it. */
	data: Uint8Array;
	/** Bytes that it had on the link. */
	length: number;
	/** Which way; absent where nobody knows. */
	direction: Direction | undefined;
	/** What was said about it. */
	comments: string[];
}

/** Why bytes are no capture, or end too early. What was read before is good. */
export class CaptureError extends Error {}

/** Takes bytes of a capture, in order. */
export type Sink = (bytes: Uint8Array) => unknown;

/** A block that is put together. */
class Block {
	#bytes = new Uint8Array(256);
	#view = new DataView(this.#bytes.buffer);
	#length = 8;

	constructor(type: number) {
		this.#view.setUint32(0, type, true);
	}

	#room(more: number): number {
		const at = this.#length;
		this.#length += more;
		if (this.#length > this.#bytes.length) {
			const bytes = new Uint8Array(this.#length * 2);
			bytes.set(this.#bytes.subarray(0, at));
			this.#bytes = bytes;
			this.#view = new DataView(bytes.buffer);
		}
		return at;
	}

	u16(value: number): this {
		const at = this.#room(2);
		this.#view.setUint16(at, value, true);
		return this;
	}

	u32(value: number): this {
		const at = this.#room(4);
		this.#view.setUint32(at, value, true);
		return this;
	}

	/** Bytes, and zeros up to the next multiple of four. */
	padded(bytes: Uint8Array): this {
		const at = this.#room(bytes.length + (-bytes.length & 3));
		this.#bytes.set(bytes, at);
		return this;
	}

	option(code: number, value: Uint8Array): this {
		return this.u16(code).u16(value.length).padded(value);
	}

	/** An option of text; none where it is empty. */
	text(code: number, text: string): this {
		if (text === "") return this;
		let bytes = utf8Encode(text);
		if (bytes.length > MAX_TEXT_BYTES) {
			let end = MAX_TEXT_BYTES;
			while (((bytes[end] as number) & 0xc0) === 0x80) end--;
			bytes = bytes.subarray(0, end);
		}
		return this.option(code, bytes);
	}

	end(): Uint8Array {
		const length = this.#length + 4;
		this.u32(length);
		this.#view.setUint32(4, length, true);
		return this.#bytes.subarray(0, length);
	}
}

/** Writes a capture, block by block: of a file whose writer died only the last block can be torn. */
export class CaptureWriter {
	readonly #sink: Sink;
	readonly #snapLengths: number[] = [];
	#head: Uint8Array | undefined;

	/** Hands bytes to `sink`; what it answers is awaited. Nothing is handed over before the first interface. */
	constructor(sink: Sink, options: { application?: string; comment?: string } = {}) {
		this.#sink = sink;
		const block = new Block(SECTION).u32(BYTE_ORDER).u16(1).u16(0).u32(0xffffffff).u32(0xffffffff);
		const { application = "", comment = "" } = options;
		block.text(COMMENT, comment).text(APPLICATION, application);
		if (application !== "" || comment !== "") block.u32(END);
		this.#head = block.end();
	}

	/** Describes one more interface, and answers its number. */
	async addInterface(about: Partial<CaptureInterface>): Promise<number> {
		const { name = "", description = "", linkType = ETHERNET, snapLength = 0 } = about;
		const number = this.#snapLengths.length;
		if (number === MAX_INTERFACES) throw new CaptureError(`more than ${MAX_INTERFACES} interfaces`);
		this.#snapLengths.push(snapLength);
		const block = new Block(INTERFACE).u16(linkType).u16(0).u32(snapLength);
		block.text(NAME, name).text(DESCRIPTION, description);
		block.option(RESOLUTION, Uint8Array.of(9)).u32(END);
		const head = this.#head;
		this.#head = undefined;
		if (head !== undefined) await this.#sink(head);
		await this.#sink(block.end());
		return number;
	}

	/** Writes a frame, cut to what its interface keeps. */
	async write(packet: Packet): Promise<void> {
		const snapLength = this.#snapLengths[packet.interface];
		if (snapLength === undefined) throw new CaptureError(`interface ${packet.interface} was not described`);
		const data = snapLength === 0 ? packet.data : packet.data.subarray(0, snapLength);
		const block = new Block(ENHANCED_PACKET)
			.u32(packet.interface)
			.u32(Number(packet.timeNs >> 32n))
			.u32(Number(packet.timeNs & 0xffffffffn))
			.u32(data.length)
			.u32(Math.max(packet.length ?? packet.data.length, data.length))
			.padded(data);
		const { comments = [], direction } = packet;
		for (const comment of comments) block.text(COMMENT, comment);
		if (direction !== undefined) block.option(FLAGS, Uint8Array.of(direction === "in" ? 1 : 2, 0, 0, 0));
		if (comments.some((comment) => comment !== "") || direction !== undefined) block.u32(END);
		await this.#sink(block.end());
	}
}

/** Nanoseconds of a count of an interface's units. The high bit of `resolution` says that it is a power of two. */
function nanoseconds(count: bigint, resolution: number, offset: bigint): bigint {
	const exponent = BigInt(resolution & 0x7f);
	let ns: bigint;
	if ((resolution & 0x80) !== 0) ns = (count * BILLION) >> exponent;
	else if (exponent <= 9n) ns = count * 10n ** (9n - exponent);
	else ns = count / 10n ** (exponent - 9n);
	ns += offset * BILLION;
	return ns < 0n ? 0n : ns;
}

function textOf(bytes: Uint8Array): string {
	return (utf8Decode(bytes, false) as string).replace(/\0+$/, "");
}

/** Fields of a block that are read one after the other. */
class Fields {
	readonly #bytes: Uint8Array;
	readonly #view: DataView;
	readonly #little: boolean;
	#at: number;

	constructor(bytes: Uint8Array, little: boolean, at: number) {
		this.#bytes = bytes;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		this.#little = little;
		this.#at = at;
	}

	#take(length: number): number {
		const at = this.#at;
		if (at + length > this.#bytes.length) throw new CaptureError("a block is shorter than its fields");
		this.#at += length;
		return at;
	}

	u16(): number {
		return this.#view.getUint16(this.#take(2), this.#little);
	}

	u32(): number {
		return this.#view.getUint32(this.#take(4), this.#little);
	}

	padded(length: number): Uint8Array {
		const at = this.#take(length + (-length & 3));
		return this.#bytes.slice(at, at + length);
	}

	/** The options, up to their end. */
	*options(): Generator<[code: number, value: Uint8Array]> {
		while (this.#at < this.#bytes.length) {
			const code = this.u16();
			const length = this.u16();
			if (code === END) return;
			yield [code, this.padded(length)];
		}
	}
}

interface Clock {
	resolution: number;
	offset: bigint;
}

/** Reads a capture that comes in pieces of any size. */
export class CaptureReader {
	/** The interfaces that were described so far. */
	readonly interfaces: CaptureInterface[] = [];
	readonly #clocks: Clock[] = [];
	/** Yields how many bytes it takes next, and gets them. */
	readonly #parser = this.#parse();
	/** What came and was not taken, and how much that is. */
	readonly #pieces: Uint8Array[] = [];
	#have = 0;
	#wanted = this.#parser.next().value as number;
	/** The first bytes were those of a capture. */
	#known = false;
	/** Nothing is under way: a capture may end here. */
	#between = false;
	#little = true;
	/** The number of the section's first interface. */
	#first = 0;
	#out: CapturedPacket[] = [];
	#fault: unknown;

	/** Takes the next bytes, and answers the frames that they complete. CaptureError, after the frames before the fault. */
	push(bytes: Uint8Array): CapturedPacket[] {
		if (this.#fault !== undefined) throw this.#fault;
		this.#pieces.push(bytes);
		this.#have += bytes.length;
		try {
			if (this.#have >= this.#wanted) this.#take(concat(this.#pieces.splice(0)));
		} catch (error) {
			this.#fault = error;
			if (this.#out.length === 0) throw error;
		}
		return this.#out.splice(0);
	}

	/** Says that nothing more comes. CaptureError where something was to come. */
	end(): void {
		if (this.#fault !== undefined) throw this.#fault;
		if (!this.#known) throw notACapture();
		if (!this.#between || this.#have > 0) throw new CaptureError("the file ends within a block");
	}

	#take(whole: Uint8Array): void {
		let at = 0;
		while (whole.length - at >= this.#wanted) {
			const bytes = whole.subarray(at, at + this.#wanted);
			at += bytes.length;
			this.#wanted = this.#parser.next(bytes).value as number;
		}
		const rest = whole.subarray(at);
		this.#have = rest.length;
		this.#pieces.push(rest);
	}

	*#parse(): Generator<number, never, Uint8Array> {
		const magic = yield 4;
		const view = new DataView(magic.buffer, magic.byteOffset, 4);
		if (view.getUint32(0) === SECTION) {
			this.#known = true;
			this.#section(yield* this.#sectionBody());
			return yield* this.#blocks();
		}
		for (const little of [true, false]) {
			const number = view.getUint32(0, little);
			this.#little = little;
			if (number === CLASSIC_MICROS) return yield* this.#records(1000n);
			if (number === CLASSIC_NANOS) return yield* this.#records(1n);
		}
		throw notACapture();
	}

	/** The classic form behind its first four bytes. */
	*#records(unit: bigint): Generator<number, never, Uint8Array> {
		this.#known = true;
		const header = new Fields(yield 20, this.#little, 12);
		const snapLength = header.u32();
		// The upper half says whether frames end with a check sequence.
		const linkType = header.u32() & 0xffff;
		this.interfaces.push({ name: "", description: "", linkType, snapLength });
		while (true) {
			this.#between = true;
			const fields = new Fields(yield 16, this.#little, 0);
			this.#between = false;
			const timeNs = BigInt(fields.u32()) * BILLION + BigInt(fields.u32()) * unit;
			const kept = fields.u32();
			const length = fields.u32();
			if (kept > MAX_BLOCK_BYTES) throw tooLong(kept);
			this.#add(0, timeNs, kept === 0 ? new Uint8Array() : (yield kept).slice(), length);
		}
	}

	*#blocks(): Generator<number, never, Uint8Array> {
		while (true) {
			this.#between = true;
			const bytes = yield 4;
			this.#between = false;
			const type = new Fields(bytes, this.#little, 0).u32();
			if (type === SECTION) this.#section(yield* this.#sectionBody());
			else this.#block(type, new Fields(yield* this.#body(yield 4, 8), this.#little, 0));
		}
	}

	/** What is in a section's block, behind the number that tells the byte order. */
	*#sectionBody(): Generator<number, Fields, Uint8Array> {
		const head = yield 8;
		const order = new DataView(head.buffer, head.byteOffset, 8);
		this.#little = order.getUint32(4, true) === BYTE_ORDER;
		if (!this.#little && order.getUint32(4) !== BYTE_ORDER) throw new CaptureError("a section without a byte order");
		return new Fields(yield* this.#body(head, 12), this.#little, 0);
	}

	/** The rest of a block whose length `head` begins with and of which `read` bytes were taken; without its second length. */
	*#body(head: Uint8Array, read: number): Generator<number, Uint8Array, Uint8Array> {
		const length = new Fields(head, this.#little, 0).u32();
		if (length > MAX_BLOCK_BYTES) throw tooLong(length);
		if (length < read + 4 || length % 4 !== 0) throw new CaptureError(`a block of ${length} bytes`);
		const body = yield length - read;
		if (new Fields(body, this.#little, body.length - 4).u32() !== length)
			throw new CaptureError("a block whose lengths differ");
		return body.subarray(0, body.length - 4);
	}

	#section(fields: Fields): void {
		if (fields.u16() !== 1) throw new CaptureError("a version other than 1");
		this.#first = this.interfaces.length;
	}

	#block(type: number, fields: Fields): void {
		if (type === INTERFACE) this.#interface(fields);
		else if (type === ENHANCED_PACKET || type === PACKET) this.#packet(type, fields);
		else if (type === SIMPLE_PACKET) {
			const { snapLength } = this.#at(0);
			const length = fields.u32();
			const kept = snapLength === 0 ? length : Math.min(length, snapLength);
			this.#add(this.#first, 0n, fields.padded(kept), length);
		}
	}

	/** An interface of this section. */
	#at(id: number): CaptureInterface {
		const found = this.interfaces[this.#first + id];
		if (found === undefined) throw new CaptureError(`interface ${id} was not described`);
		return found;
	}

	#interface(fields: Fields): void {
		if (this.interfaces.length === MAX_INTERFACES) throw new CaptureError(`more than ${MAX_INTERFACES} interfaces`);
		const linkType = fields.u16();
		fields.u16();
		const about = { name: "", description: "", linkType, snapLength: fields.u32() };
		const clock = { resolution: 6, offset: 0n };
		for (const [code, value] of fields.options()) {
			if (code === NAME) about.name = textOf(value);
			else if (code === DESCRIPTION) about.description = textOf(value);
			else if (code === RESOLUTION && value.length === 1) clock.resolution = value[0] as number;
			else if (code === OFFSET && value.length === 8)
				clock.offset = new DataView(value.buffer, value.byteOffset).getBigInt64(0, this.#little);
		}
		this.interfaces.push(about);
		this.#clocks.push(clock);
	}

	#packet(type: number, fields: Fields): void {
		const id = type === PACKET ? fields.u16() : fields.u32();
		if (type === PACKET) fields.u16();
		this.#at(id);
		const high = BigInt(fields.u32());
		const count = (high << 32n) | BigInt(fields.u32());
		const kept = fields.u32();
		const length = fields.u32();
		const { resolution, offset } = this.#clocks[this.#first + id] as Clock;
		const timeNs = nanoseconds(count, resolution, offset);
		const packet = this.#add(this.#first + id, timeNs, fields.padded(kept), length);
		for (const [code, value] of fields.options()) {
			if (code === COMMENT) packet.comments.push(textOf(value));
			else if (code === FLAGS && value.length === 4) {
				const way = new Fields(value, this.#little, 0).u32() & 3;
				if (way === 1 || way === 2) packet.direction = way === 1 ? "in" : "out";
			}
		}
	}

	#add(number: number, timeNs: bigint, data: Uint8Array, length: number): CapturedPacket {
		const packet: CapturedPacket = {
			interface: this.interfaces[number] as CaptureInterface,
			interfaceNumber: number,
			timeNs,
			data,
			length: Math.max(length, data.length),
			direction: undefined,
			comments: [],
		};
		this.#out.push(packet);
		return packet;
	}
}

function notACapture(): CaptureError {
	return new CaptureError("neither pcapng nor pcap");
}

function tooLong(length: number): CaptureError {
	return new CaptureError(`a block of ${length} bytes, where ${MAX_BLOCK_BYTES} are the most`);
}

/**
 * The frames of a capture whose bytes come in pieces: `file.chunks()`, a stream, an array of arrays. CaptureError for what is
 * no capture or ends too early, after the frames before that.
 */
export async function* readCapture(
	chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<CapturedPacket, void, undefined> {
	const reader = new CaptureReader();
	for await (const chunk of chunks) yield* reader.push(chunk);
	reader.end();
}
