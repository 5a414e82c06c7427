/** The streams of a measurement: what sends, what receives, and what is counted. */

import type { SocketAddress, TcpSocket, UdpSocket } from "helios:net";
import { monotonicNs, sleep } from "helios:time";
import { HEADER_BYTES, type StreamResult, type Test } from "/usr/lib/net/iperf/control.ts";
import { failedWith } from "/usr/lib/sh/cli.ts";

/** The number of the first stream: those below are taken, as in iperf3. */
export const FIRST_ID = 5;
/** Marks the datagram that ends a stream. */
const LAST = 0xffff_ffff;
/** How often the end is sent: some of them may be lost. */
const LAST_TIMES = 3;
/** Datagrams that are sent before there is a pause. */
const BURST = 32;

/** A stream, and what it has counted so far. */
export abstract class Stream {
	readonly id: number;
	bytes = 0;
	datagrams = 0;
	lost = 0;
	jitterMs = 0;
	retransmits: number | undefined;
	window: number | undefined;
	startMs = 0;
	endMs = 0;

	constructor(index: number) {
		this.id = FIRST_ID + index * 2;
	}

	abstract get local(): SocketAddress;
	abstract get remote(): SocketAddress;
	/** Sends until `over` says so. */
	abstract send(test: Test, over: () => boolean): Promise<void>;
	/** Receives to the end. */
	abstract receive(): Promise<void>;
	/** Looks again at what the machine counts. */
	abstract look(): Promise<void>;
	abstract close(): Promise<void>;

	result(): StreamResult {
		const { bytes, startMs, endMs, retransmits, jitterMs, lost, datagrams } = this;
		return { bytes, ms: Math.max(0, endMs - startMs), retransmits: retransmits ?? null, jitterMs, lost, datagrams };
	}
}

/** A stream that is a connection. */
export class TcpStream extends Stream {
	readonly #socket: TcpSocket;

	constructor(index: number, socket: TcpSocket) {
		super(index);
		this.#socket = socket;
	}

	get local(): SocketAddress {
		return this.#socket.local;
	}
	get remote(): SocketAddress {
		return this.#socket.remote;
	}

	async send({ length, rate, bytes, streams }: Test, over: () => boolean): Promise<void> {
		const block = new Uint8Array(length).fill(0x61);
		const most = bytes === 0 ? Number.POSITIVE_INFINITY : Math.ceil(bytes / streams);
		this.startMs = Date.now();
		while (!over() && this.bytes < most) {
			const piece = most - this.bytes < length ? block.subarray(0, most - this.bytes) : block;
			await this.#socket.write(piece);
			this.bytes += piece.length;
			if (rate > 0) await sleep(Math.max(0, (this.bytes * 8000) / rate - (Date.now() - this.startMs)));
		}
		await this.look();
		await this.#socket.shutdown("write");
		this.endMs = Date.now();
	}

	async receive(): Promise<void> {
		this.startMs = Date.now();
		for await (const chunk of this.#socket) this.bytes += chunk.length;
		this.endMs = Date.now();
	}

	async look(): Promise<void> {
		if (this.#socket.closed) return;
		const { details } = await this.#socket.info();
		const value = (name: string): number | undefined => details.find((each) => each.name === name)?.value;
		this.retransmits = value("retransmits") ?? 0;
		this.window = value("cwnd_bytes");
	}

	close(): Promise<void> {
		return this.#socket.close();
	}
}

/** Writes the header of a datagram. */
export function writeHeader(datagram: Uint8Array, stream: number, number: number, atUs: number): void {
	const view = new DataView(datagram.buffer, datagram.byteOffset);
	view.setUint32(0, stream);
	view.setUint32(4, number);
	view.setFloat64(8, atUs);
}

/** A stream of datagrams. */
export class UdpStream extends Stream {
	readonly #socket: UdpSocket;
	readonly #index: number;
	readonly #to: SocketAddress | undefined;
	readonly local: SocketAddress;
	readonly remote: SocketAddress;
	#next = 1;
	#transitUs: number | undefined;
	#ended: (() => void) | undefined;
	#first = true;
	readonly finished: Promise<void>;

	/** With `shared` the socket is one of several streams, whose datagrams somebody else hands over. */
	constructor(index: number, socket: UdpSocket, local: SocketAddress, remote: SocketAddress, shared: boolean) {
		super(index);
		this.#index = index;
		this.#socket = socket;
		this.local = local;
		this.remote = remote;
		this.#to = shared ? remote : undefined;
		this.finished = new Promise((resolve) => {
			this.#ended = resolve;
		});
	}

	async send({ length, rate, bytes, streams }: Test, over: () => boolean): Promise<void> {
		const datagram = new Uint8Array(length);
		const most = bytes === 0 ? Number.POSITIVE_INFINITY : Math.ceil(bytes / streams);
		this.startMs = Date.now();
		while (!over() && this.bytes < most) {
			const due = rate === 0 ? BURST : this.#due(rate, length);
			const waits: Promise<void>[] = [];
			for (let at = 0; at < Math.min(due, BURST) && this.bytes < most; at++) {
				writeHeader(datagram, this.#index, ++this.datagrams, monotonicNs() / 1000);
				this.bytes += length;
				waits.push(this.#put(datagram));
			}
			await Promise.all(waits);
			if (due <= BURST) await sleep(rate === 0 ? 1 : Math.max(1, this.#pauseMs(rate, length)));
		}
		this.endMs = Date.now();
		for (let at = 0; at < LAST_TIMES; at++) {
			writeHeader(datagram, this.#index, LAST, this.datagrams);
			await this.#put(datagram);
			await sleep(10);
		}
	}

	/** How many datagrams should have left by now and have not. */
	#due(rate: number, length: number): number {
		const should = ((Date.now() - this.startMs + 1) * rate) / (8000 * length);
		return Math.ceil(should) - this.datagrams;
	}

	#pauseMs(rate: number, length: number): number {
		return (this.datagrams * length * 8000) / rate - (Date.now() - this.startMs);
	}

	async #put(datagram: Uint8Array): Promise<void> {
		try {
			await this.#socket.send(datagram, this.#to?.address, this.#to?.port);
		} catch (error) {
			// What does not fit anywhere is lost, as any datagram may be.
			if (!failedWith(error, "EAGAIN", "ENOBUFS", "ECONNREFUSED")) throw error;
		}
	}

	async receive(): Promise<void> {
		this.startMs = Date.now();
		if (this.#to === undefined) {
			for await (const { data, atUs } of this.#socket) if (this.take(data, atUs)) break;
		} else await this.finished;
	}

	/** Counts a datagram (RFC 1889, appendix A.8); answers whether it is the last. */
	take(data: Uint8Array, atUs: number): boolean {
		if (data.length < HEADER_BYTES) return false;
		const view = new DataView(data.buffer, data.byteOffset, data.length);
		const number = view.getUint32(4);
		if (number === LAST) {
			this.endMs = Date.now();
			// What was sent and never came.
			const sent = view.getFloat64(8);
			if (sent >= this.#next) this.lost += sent - this.#next + 1;
			this.#next = sent + 1;
			this.#ended?.();
			return true;
		}
		if (this.#first) this.startMs = Date.now();
		this.#first = false;
		this.bytes += data.length;
		this.datagrams++;
		if (number >= this.#next) this.lost += number - this.#next;
		else if (this.lost > 0) this.lost--;
		this.#next = Math.max(this.#next, number + 1);
		const transitUs = atUs - view.getFloat64(8);
		if (this.#transitUs !== undefined)
			this.jitterMs += (Math.abs(transitUs - this.#transitUs) / 1000 - this.jitterMs) / 16;
		this.#transitUs = transitUs;
		return false;
	}

	async look(): Promise<void> {}

	/** It is over, whatever has not come. */
	give(): void {
		if (this.endMs === 0) this.endMs = Date.now();
		this.#ended?.();
	}

	async close(): Promise<void> {
		this.give();
		if (this.#to === undefined) await this.#socket.close();
	}
}
