/**
 * `helios:net`: sockets, interfaces, routes and neighbours.
 *
 * ```ts
 * await using socket = await connect("10.0.0.1", 7);
 * await socket.write("hello\n");
 * for await (const line of socket.lines()) console.log(line);
 * ```
 */

import { call, reportUncaught } from "helios:core";
import { type BindOptions, type Datagram, UdpSocket } from "helios:net/datagrams";
import { type ListenOptions, listenTcp, type TcpListener, type TcpSocket } from "helios:net/tcp";
import type { InterfaceInfo, NeighbourInfo, NetworkInfo, RouteInfo, SocketInfo } from "helios-abi";

export {
	type BindOptions,
	type Datagram,
	IcmpSocket,
	PacketSocket,
	RawSocket,
	type ReceiveOptions,
	UdpSocket,
} from "helios:net/datagrams";
export type { WaitOptions } from "helios:net/handle";
export { isIPv4, nameOf, resolve, UnknownHostError } from "helios:net/names";
export {
	type ConnectOptions,
	connectTcp as connect,
	type ListenOptions,
	type SocketOption,
	TcpListener,
	TcpSocket,
} from "helios:net/tcp";
export type {
	InterfaceInfo,
	NeighbourInfo,
	NetworkInfo,
	RouteInfo,
	SocketAddress,
	SocketDetail,
	SocketInfo,
} from "helios-abi";

/** What a connection is handed to. It is closed when what this answers has settled. */
export type ConnectionHandler = (socket: TcpSocket) => unknown;
/** What a datagram is handed to, with the socket to answer by. */
export type DatagramHandler = (datagram: Datagram, socket: UdpSocket) => unknown;

async function handle(socket: TcpSocket, handler: ConnectionHandler): Promise<void> {
	try {
		await handler(socket);
	} catch (error) {
		reportUncaught(error);
	}
	await socket.close().catch(() => {});
}

async function serve(listener: TcpListener, handler: ConnectionHandler): Promise<void> {
	for await (const socket of listener) void handle(socket, handler);
}

async function serveDatagrams(socket: UdpSocket, handler: DatagramHandler): Promise<void> {
	for await (const datagram of socket) {
		Promise.resolve(handler(datagram, socket)).catch(reportUncaught);
	}
}

/** Listens at a port; 0 is any that is free. EADDRINUSE, EADDRNOTAVAIL, EPERM. */
export function listen(port: number, options?: ListenOptions): Promise<TcpListener>;
/** Calls `handler` with every connection to a port. The connection is closed when what it answers has settled. */
export function listen(
	port: number,
	proto: "tcp",
	handler: ConnectionHandler,
	options?: ListenOptions,
): Promise<TcpListener>;
/** Calls `handler` with every datagram to a port. */
export function listen(port: number, proto: "udp", handler: DatagramHandler, options?: BindOptions): Promise<UdpSocket>;
export async function listen(
	port: number,
	protoOrOptions: "tcp" | "udp" | ListenOptions = {},
	handler?: ConnectionHandler | DatagramHandler,
	options: ListenOptions & BindOptions = {},
): Promise<TcpListener | UdpSocket> {
	if (typeof protoOrOptions === "object") return listenTcp(port, protoOrOptions);
	if (typeof handler !== "function") throw new TypeError("listen: the handler is not a function");
	if (protoOrOptions === "udp") {
		const socket = await UdpSocket.bind(port, options);
		serveDatagrams(socket, handler as DatagramHandler).catch(reportUncaught);
		return socket;
	}
	const listener = await listenTcp(port, options);
	serve(listener, handler as ConnectionHandler).catch(reportUncaught);
	return listener;
}

/** Every socket of the machine. */
export function sockets(): Promise<SocketInfo[]> {
	return call("sockets", {});
}

/** Every interface of the machine. */
export function interfaces(): Promise<InterfaceInfo[]> {
	return call("interfaces", {});
}

/** What can be changed of an interface. */
export interface InterfaceChange {
	/** Switch it on or off. */
	up?: boolean;
	/** Take frames that are addressed to others. */
	promiscuous?: boolean;
	/** The longest datagram that it sends, in bytes. */
	mtu?: number;
}

/** Changes an interface. Needs `net:admin`. ENODEV, EINVAL, EPERM. */
export async function setInterface(name: string, change: InterfaceChange): Promise<void> {
	await call("set_interface", { name, ...change });
}

/** Adds an address, as `10.0.0.1/24`, to an interface. Needs `net:admin`. ENODEV, EINVAL, EEXIST, ENOSPC, EPERM. */
export async function addAddress(name: string, address: string): Promise<void> {
	await call("set_address", { interface: name, address, add: true });
}

/** Removes an address from an interface. Needs `net:admin`. ENODEV, EADDRNOTAVAIL, EPERM. */
export async function removeAddress(name: string, address: string): Promise<void> {
	await call("set_address", { interface: name, address, add: false });
}

/** A route to add or to remove. */
export interface Route {
	/** The network, as `10.0.0.0/24`; `0.0.0.0/0` is everything else. */
	to: string;
	/** The router. */
	via?: string;
	/** The interface's name. */
	interface?: string;
	/** Of two routes to a network the one with the smaller metric is taken. */
	metric?: number;
}

/** Every route, in the order in which they are looked through. */
export function routes(): Promise<RouteInfo[]> {
	return call("routes", {});
}

/** Adds a route. Needs `net:admin`. EINVAL, EEXIST, ENETUNREACH, ENODEV, ENOSPC, EPERM. */
export async function addRoute(route: Route): Promise<void> {
	await call("set_route", { ...route, add: true });
}

/** Removes the first route that fits. Needs `net:admin`. ESRCH, EPERM. */
export async function removeRoute(route: Route): Promise<void> {
	await call("set_route", { ...route, add: false });
}

/** The neighbours of every interface. */
export function neighbours(): Promise<NeighbourInfo[]> {
	return call("neighbours", {});
}

/** Writes a neighbour down for ever. Needs `net:admin`. ENODEV, EINVAL, ENOSPC, EPERM. */
export async function addNeighbour(name: string, address: string, mac: string): Promise<void> {
	await call("set_neighbour", { interface: name, address, mac });
}

/** Forgets a neighbour. Needs `net:admin`. ENODEV, ENOENT, EPERM. */
export async function removeNeighbour(name: string, address: string): Promise<void> {
	await call("set_neighbour", { interface: name, address });
}

/** What the machine's network has counted, and whether it passes datagrams on. */
export function networkStatus(): Promise<NetworkInfo> {
	return call("network_status", {});
}

/** Lets the machine pass datagrams on, or sets the hops that its own may take. Needs `net:admin`. EINVAL, EPERM. */
export async function setNetwork(change: { forwarding?: boolean; hops?: number }): Promise<void> {
	await call("set_network", change);
}
