/**
 * What the two ends of `iperf` say to each other beside the data: lines of JSON on a connection of their own. What
 * comes from the other end is looked at before it is believed.
 */

import type { TcpSocket } from "helios:net";

/** The port of both, unless somebody says otherwise. */
export const PORT = 5201;
/** Longest line. */
const LINE_BYTES = 65_536;
const MAX_STREAMS = 128;
const MAX_SECONDS = 86_400;
const MAX_BLOCK_BYTES = 1_048_576;
export const MAX_DATAGRAM_BYTES = 65_507;
/** Bytes of a datagram's header: its stream, its number, and when it was sent. */
export const HEADER_BYTES = 20;

/** What is measured. */
export interface Test {
	udp: boolean;
	/** The server sends. */
	reverse: boolean;
	streams: number;
	seconds: number;
	/** Bytes after which it ends; 0: only the time says. */
	bytes: number;
	/** Bytes of a write, or of a datagram. */
	length: number;
	/** Bits in a second of each stream; 0: as fast as it goes. */
	rate: number;
}

/** What an end has counted of a stream. */
export interface StreamResult {
	bytes: number;
	ms: number;
	retransmits: number | null;
	jitterMs: number;
	lost: number;
	datagrams: number;
}

/** What the ends say. */
export type Message =
	| { kind: "test"; test: Test }
	| { kind: "ready" }
	| { kind: "busy" }
	| { kind: "go" }
	| { kind: "end" }
	| { kind: "results"; streams: StreamResult[] };

/** Something that is not what was agreed upon. */
export class ProtocolError extends Error {}

function number(value: unknown, least: number, most: number): number {
	if (typeof value !== "number" || !(value >= least && value <= most))
		throw new ProtocolError("unable to receive parameters");
	return value;
}

/** Reads what a client wants measured. */
export function parseTest(value: unknown): Test {
	const { udp, reverse, streams, seconds, bytes, length, rate } = (value ?? {}) as Record<string, unknown>;
	return {
		udp: udp === true,
		reverse: reverse === true,
		streams: Math.floor(number(streams, 1, MAX_STREAMS)),
		seconds: number(seconds, 0, MAX_SECONDS),
		bytes: number(bytes, 0, Number.MAX_SAFE_INTEGER),
		length: Math.floor(
			number(length, udp === true ? HEADER_BYTES : 1, udp === true ? MAX_DATAGRAM_BYTES : MAX_BLOCK_BYTES),
		),
		rate: number(rate, 0, 1e15),
	};
}

function parseResults(value: unknown): StreamResult[] {
	if (!Array.isArray(value) || value.length > MAX_STREAMS) throw new ProtocolError("unable to receive results");
	return value.map((each: unknown) => {
		const { bytes, ms, retransmits, jitterMs, lost, datagrams } = (each ?? {}) as Record<string, unknown>;
		const whole = (one: unknown): number => number(one, 0, Number.MAX_SAFE_INTEGER);
		return {
			bytes: whole(bytes),
			ms: whole(ms),
			retransmits: retransmits === null ? null : whole(retransmits),
			jitterMs: whole(jitterMs),
			lost: whole(lost),
			datagrams: whole(datagrams),
		};
	});
}

/** The connection on which the ends agree. */
export class Control {
	readonly socket: TcpSocket;
	readonly #lines: AsyncGenerator<string, void, undefined>;

	constructor(socket: TcpSocket) {
		this.socket = socket;
		this.#lines = socket.lines();
	}

	async say(message: Message): Promise<void> {
		await this.socket.write(`${JSON.stringify(message)}\n`);
	}

	/** What the other end says next; `undefined` when it has gone. */
	async hear(): Promise<Message | undefined> {
		const { value: line, done } = await this.#lines.next();
		if (done === true || line === undefined) return undefined;
		if (line.length > LINE_BYTES) throw new ProtocolError("unable to receive control message");
		let said: Record<string, unknown>;
		try {
			said = JSON.parse(line) as Record<string, unknown>;
		} catch {
			throw new ProtocolError("unable to receive control message");
		}
		switch (said?.kind) {
			case "test":
				return { kind: "test", test: parseTest(said.test) };
			case "results":
				return { kind: "results", streams: parseResults(said.streams) };
			case "ready":
			case "busy":
			case "go":
			case "end":
				return { kind: said.kind };
			default:
				throw new ProtocolError("unable to receive control message");
		}
	}

	/** Waits for one kind of message. */
	async expect<K extends Message["kind"]>(kind: K): Promise<Extract<Message, { kind: K }>> {
		const said = await this.hear();
		if (said === undefined) throw new ProtocolError("control socket has closed unexpectedly");
		if (said.kind === "busy") throw new ProtocolError("the server is busy running a test. try again later");
		if (said.kind !== kind) throw new ProtocolError("unable to receive control message");
		return said as Extract<Message, { kind: K }>;
	}
}
