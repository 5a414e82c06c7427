/** What `nc -u` does. */

import { UdpSocket } from "helios:net";
import { stdin, stdout } from "helios:process";
import { Idle, type RelayOptions, withCrlf } from "/usr/lib/net/nc/relay.ts";
import { failedWith } from "/usr/lib/sh/cli.ts";

/** Bytes of input that go in one datagram. */
const DATAGRAM_BYTES = 16_384;

interface Peer {
	address: string;
	port: number;
}

async function sendInput(socket: UdpSocket, peer: Peer | undefined, options: RelayOptions, idle: Idle): Promise<void> {
	for (let bytes = await stdin.read(DATAGRAM_BYTES); bytes !== null; bytes = await stdin.read(DATAGRAM_BYTES)) {
		idle.touch();
		await socket.send(options.crlf ? withCrlf(bytes) : bytes, peer?.address, peer?.port);
	}
	if (options.quitAfterMs >= 0) setTimeout(() => void socket.close(), options.quitAfterMs);
}

/** Relays until it is closed. A peer that has gone ends it. */
export async function relayDatagrams(
	socket: UdpSocket,
	peer: Peer | undefined,
	options: RelayOptions,
): Promise<boolean> {
	const idle = new Idle(options.idleMs, () => void socket.close());
	if (!options.detached) sendInput(socket, peer, options, idle).catch(() => void socket.close());
	let well = true;
	try {
		for await (const { data, address, port } of socket) {
			if (peer !== undefined && (address !== peer.address || port !== peer.port)) continue;
			idle.touch();
			await stdout.write(data);
		}
	} catch (error) {
		if (!failedWith(error)) throw error;
		well = false;
	}
	idle.stop();
	await socket.close();
	return well;
}

/** The first that sends a datagram is whom a listener talks to. */
export async function firstPeer(socket: UdpSocket): Promise<Peer> {
	const { data, address, port } = await socket.receive();
	await stdout.write(data);
	return { address, port };
}

/** How long a port is given to say that it is closed. */
const PROBE_MS = 1000;

/** Whether a port says nothing against datagrams. */
export async function probe(address: string, port: number, waitMs: number): Promise<boolean> {
	const socket = await UdpSocket.connect(address, port);
	try {
		await socket.send("X");
		await socket.receive({ timeoutMs: waitMs > 0 ? waitMs : PROBE_MS });
		return true;
	} catch (error) {
		if (!failedWith(error)) throw error;
		return failedWith(error, "EAGAIN");
	} finally {
		await socket.close();
	}
}
