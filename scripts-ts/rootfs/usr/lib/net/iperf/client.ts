/** The end of `iperf` that asks. */

import { connect, UdpSocket } from "helios:net";
import { on } from "helios:process";
import { Control, HEADER_BYTES, type StreamResult, type Test } from "/usr/lib/net/iperf/control.ts";
import { lines } from "/usr/lib/net/iperf/report.ts";
import { Session, summary } from "/usr/lib/net/iperf/session.ts";
import { type Stream, TcpStream, UdpStream, writeHeader } from "/usr/lib/net/iperf/streams.ts";
import { flush } from "/usr/lib/sh/cli.ts";

/** How often a server is greeted with a datagram, and how long apart. */
const GREETINGS = 5;
const GREETING_MS = 500;

/** Opens the streams of a test. */
async function openStreams(address: string, port: number, test: Test): Promise<Stream[]> {
	const streams: Stream[] = [];
	for (let at = 0; at < test.streams; at++) {
		streams.push(test.udp ? await openDatagrams(address, port, at) : await openConnection(address, port, at));
	}
	return streams;
}

async function openConnection(address: string, port: number, index: number): Promise<Stream> {
	const socket = await connect(address, port);
	await socket.write(new Uint8Array([index]));
	return new TcpStream(index, socket);
}

/** Greets the server from the stream's own port, until it answers. */
async function openDatagrams(address: string, port: number, index: number): Promise<Stream> {
	const socket = await UdpSocket.connect(address, port);
	const hello = new Uint8Array(HEADER_BYTES);
	writeHeader(hello, index, 0, 0);
	for (let tries = 0; tries < GREETINGS; tries++) {
		await socket.send(hello);
		const answer = await socket.receive({ timeoutMs: GREETING_MS }).catch(() => undefined);
		if (answer !== undefined) return new UdpStream(index, socket, await socket.local(), { address, port }, false);
	}
	await socket.close();
	throw new Error("unable to read from stream socket: Resource temporarily unavailable");
}

/** Measures, and tells of it. */
export async function measure(
	host: string,
	address: string,
	port: number,
	test: Test,
	intervalMs: number,
): Promise<void> {
	const control = new Control(await connect(address, port));
	const ended = new AbortController();
	on("SIGINT", () => ended.abort());
	await lines(`Connecting to host ${host}, port ${port}\n`);
	if (test.reverse) await lines(`Reverse mode, remote host ${host} is sending\n`);
	await control.say({ kind: "test", test });
	await control.expect("ready");
	const streams = await openStreams(address, port, test);
	for (const { id, local, remote } of streams) {
		await lines(
			`[${`${id}`.padStart(3)}] local ${local.address} port ${local.port} connected to ${remote.address} port ${remote.port}\n`,
		);
	}
	await flush();
	await control.say({ kind: "go" });
	await new Session(test, streams, !test.reverse, intervalMs).run(ended.signal);
	await control.say({ kind: "end" });
	const { streams: theirs } = await control.expect("results");
	const ours: StreamResult[] = streams.map((stream) => stream.result());
	for (const stream of streams) await stream.close();
	await control.socket.close();
	const ids = streams.map(({ id }) => id);
	await (test.reverse ? summary(test, ids, theirs, ours) : summary(test, ids, ours, theirs));
	await lines("\niperf Done.\n");
}
