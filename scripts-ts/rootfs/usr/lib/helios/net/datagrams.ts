/** Sockets that take one thing at a time: datagrams of UDP, messages of ICMP, datagrams of a protocol, frames. */

import { call } from "helios:core";
import { toBytes } from "helios:io";
import type { WaitOptions } from "helios:net/handle";
import { Socket } from "helios:net/tcp";
import type { SocketAddress, SocketDatagram } from "helios-abi";

export type { SocketDatagram as Datagram } from "helios-abi";

/** How to receive. */
export interface ReceiveOptions extends WaitOptions {
	/** At most this many bytes of it. */
	max?: number;
	/** Wait at most so many milliseconds: EAGAIN. */
	timeoutMs?: number;
}

/** How to bind a socket. */
export interface BindOptions {
	/** An address of this machine; all of them without one. */
	address?: string;
	/** Share the address with others that do so. */
	reuse?: boolean;
}

abstract class DatagramSocket extends Socket implements AsyncIterable<SocketDatagram> {
	/** The oldest one that came; waits for one. What ICMP reported of those sent is thrown: ECONNREFUSED, EHOSTUNREACH. */
	receive(options: ReceiveOptions = {}): Promise<SocketDatagram> {
		const { signal, ...rest } = options;
		return this.handle.call("receive_from", { fd: this.fd, ...rest }, signal);
	}

	/** Every one from now on, until it is closed. */
	async *[Symbol.asyncIterator](): AsyncGenerator<SocketDatagram, void, undefined> {
		while (!this.closed) {
			let datagram: SocketDatagram;
			try {
				datagram = await this.receive();
			} catch (error) {
				if (this.closed) return;
				throw error;
			}
			yield datagram;
		}
	}
}

/** A socket of UDP. */
export class UdpSocket extends DatagramSocket {
	/** One without a port; the first `send` gives it one. */
	static async open(): Promise<UdpSocket> {
		return new UdpSocket(await call("open_socket", { kind: "udp" }));
	}

	/** One at a port; 0 is any that is free. */
	static override async bind(port: number, options: BindOptions = {}): Promise<UdpSocket> {
		return new UdpSocket(await call("listen", { port, proto: "udp", ...options }));
	}

	/** One that talks to one other only. */
	static async connect(address: string, port: number, options: { localPort?: number } = {}): Promise<UdpSocket> {
		const { fd } = await call("connect", { address, port, proto: "udp", ...options });
		return new UdpSocket(fd);
	}

	/** This end. */
	async local(): Promise<SocketAddress> {
		return (await this.info()).local;
	}

	/** Sends a datagram, to an address and a port where the socket is not connected. */
	async send(data: string | Uint8Array, address?: string, port?: number): Promise<void> {
		const to = address === undefined ? {} : { address, ...(port === undefined ? {} : { port }) };
		await this.handle.call("udp_send", { fd: this.fd, data: toBytes(data), ...to });
	}

	/** Joins a group of receivers (multicast). */
	join(group: string, on?: string): Promise<void> {
		return this.#membership(group, on, true);
	}

	/** Leaves a group. */
	leave(group: string, on?: string): Promise<void> {
		return this.#membership(group, on, false);
	}

	async #membership(group: string, on: string | undefined, join: boolean): Promise<void> {
		const where = on === undefined ? {} : { interface: on };
		await this.handle.call("set_membership", { fd: this.fd, group, join, ...where });
	}
}

abstract class SendingSocket extends DatagramSocket {
	protected async sendTo(data: Uint8Array, address?: string): Promise<void> {
		await this.handle.call("raw_send", { fd: this.fd, data, ...(address === undefined ? {} : { address }) });
	}
}

/** A socket of ICMP: it asks for echoes and takes what answers. The identifier of its messages is its own. */
export class IcmpSocket extends SendingSocket {
	static async open(): Promise<IcmpSocket> {
		return new IcmpSocket(await call("open_socket", { kind: "icmp" }));
	}

	/** Sends a message, header and all. */
	send(message: Uint8Array, address: string): Promise<void> {
		return this.sendTo(message, address);
	}
}

/** A socket of one IP protocol. Needs `net:raw`. */
export class RawSocket extends SendingSocket {
	static async open(protocol: number): Promise<RawSocket> {
		return new RawSocket(await call("open_socket", { kind: "raw", protocol }));
	}

	/** Sends the payload of a datagram. */
	send(payload: Uint8Array, address: string): Promise<void> {
		return this.sendTo(payload, address);
	}
}

/** A socket of frames: of one interface, or of all. Needs `net:packet`. */
export class PacketSocket extends SendingSocket {
	static async open(on?: string): Promise<PacketSocket> {
		return new PacketSocket(
			await call("open_socket", { kind: "packet", ...(on === undefined ? {} : { interface: on }) }),
		);
	}

	/** Sends a frame. */
	send(frame: Uint8Array): Promise<void> {
		return this.sendTo(frame);
	}
}
