/** The end of `iperf` that waits to be asked. */

import { type TcpListener, type TcpSocket, UdpSocket } from "helios:net";
import { stderr } from "helios:process";
import { sleep } from "helios:time";
import { Control, HEADER_BYTES, ProtocolError, type Test } from "/usr/lib/net/iperf/control.ts";
import { lines } from "/usr/lib/net/iperf/report.ts";
import { Session, summary } from "/usr/lib/net/iperf/session.ts";
import { type Stream, TcpStream, UdpStream } from "/usr/lib/net/iperf/streams.ts";
import { failedWith, flush, reason } from "/usr/lib/sh/cli.ts";

/** How long datagrams that are on their way are waited for. */
const LATE_MS = 500;

/** Connections come in one after the other: the first begins a test, the next are its streams. */
class Incoming {
	readonly #listener: TcpListener;

	constructor(listener: TcpListener) {
		this.#listener = listener;
	}

	next(): Promise<TcpSocket> {
		return this.#listener.accept();
	}

	/** While a test runs whoever else comes is told so. */
	async whileBusy(over: AbortSignal): Promise<void> {
		while (!over.aborted) {
			let socket: TcpSocket;
			try {
				socket = await this.#listener.accept({ signal: over });
			} catch (error) {
				if (over.aborted) return;
				throw error;
			}
			await new Control(socket).say({ kind: "busy" }).catch(() => {});
			await socket.close();
		}
	}
}

async function openConnections(incoming: Incoming, test: Test): Promise<Stream[]> {
	const streams: Stream[] = [];
	for (let at = 0; at < test.streams; at++) {
		const socket = await incoming.next();
		await socket.read(1);
		streams.push(new TcpStream(at, socket));
	}
	return streams;
}

/** Waits for a greeting of each stream, and answers it. */
async function openDatagrams(socket: UdpSocket, port: number, address: string, test: Test): Promise<UdpStream[]> {
	const streams = new Map<number, UdpStream>();
	while (streams.size < test.streams) {
		const { data, address: from, port: fromPort } = await socket.receive();
		if (data.length < HEADER_BYTES) continue;
		const index = new DataView(data.buffer, data.byteOffset).getUint32(0);
		if (index >= test.streams) continue;
		const remote = { address: from, port: fromPort };
		if (!streams.has(index)) streams.set(index, new UdpStream(index, socket, { address, port }, remote, true));
		await socket.send(data, from, fromPort);
	}
	return [...streams.values()].sort((a, b) => a.id - b.id);
}

/** Hands datagrams to the streams that they belong to. */
async function dispatch(socket: UdpSocket, streams: readonly UdpStream[]): Promise<void> {
	for await (const { data, atUs, address, port } of socket) {
		const stream = streams.find(({ remote }) => remote.port === port && remote.address === address);
		if (stream === undefined || data.length < HEADER_BYTES) continue;
		const number = new DataView(data.buffer, data.byteOffset).getUint32(4);
		// A greeting that was sent again.
		if (number === 0) await socket.send(data, address, port);
		else stream.take(data, atUs);
	}
}

async function runTest(incoming: Incoming, control: Control, port: number, intervalMs: number): Promise<void> {
	const { test } = await control.expect("test");
	const local = control.socket.local;
	const udp = test.udp ? await UdpSocket.bind(port) : undefined;
	const busy = new AbortController();
	try {
		await udp?.setOption("rcvbuf", 4 * 1024 * 1024);
		await control.say({ kind: "ready" });
		const datagrams = udp === undefined ? [] : await openDatagrams(udp, port, local.address, test);
		const streams: Stream[] = udp === undefined ? await openConnections(incoming, test) : datagrams;
		for (const { id, local: here, remote } of streams) {
			await lines(
				`[${`${id}`.padStart(3)}] local ${here.address} port ${here.port} connected to ${remote.address} port ${remote.port}\n`,
			);
		}
		await flush();
		await control.expect("go");
		const refusing = incoming.whileBusy(busy.signal);
		refusing.catch(() => {});
		const dispatching = udp === undefined ? undefined : dispatch(udp, datagrams);
		dispatching?.catch(() => {});
		const over = new AbortController();
		const hearing = control.hear().then(
			async (said) => {
				if (said === undefined) over.abort();
				// The end of a stream may be lost, as any datagram.
				if (said !== undefined && udp !== undefined) await sleep(LATE_MS);
				for (const stream of datagrams) stream.give();
				return said;
			},
			(error) => {
				over.abort();
				for (const stream of datagrams) stream.give();
				throw error;
			},
		);
		await new Session(test, streams, test.reverse, intervalMs).run(over.signal);
		if ((await hearing) === undefined) throw new ProtocolError("the client has terminated");
		const results = streams.map((stream) => stream.result());
		await control.say({ kind: "results", streams: results });
		for (const stream of streams) await stream.close();
		const ids = streams.map(({ id }) => id);
		await (test.reverse ? summary(test, ids, results, undefined) : summary(test, ids, undefined, results));
	} finally {
		busy.abort();
		await udp?.close();
	}
}

/** Serves tests, one after the other; with `once` only one. */
export async function serveTests(listener: TcpListener, once: boolean, intervalMs: number): Promise<void> {
	const rule = `${"-".repeat(59)}\n`;
	const incoming = new Incoming(listener);
	for (let number = 1; ; number++) {
		await lines(rule, `Server listening on ${listener.local.port} (test #${number})\n`, rule);
		await flush();
		const socket = await incoming.next();
		await lines(`Accepted connection from ${socket.remote.address}, port ${socket.remote.port}\n`);
		try {
			await runTest(incoming, new Control(socket), listener.local.port, intervalMs);
		} catch (error) {
			if (!failedWith(error) && !(error instanceof ProtocolError)) throw error;
			await flush();
			await stderr.write(`iperf: error - ${reason(error)}\n`);
		}
		await socket.close();
		if (once) return;
	}
}
