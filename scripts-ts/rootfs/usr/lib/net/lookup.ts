/** Which route a machine takes, as its kernel chooses: the first that fits in the order in which they are looked through. */

import type { InterfaceInfo, RouteInfo } from "helios:net";
import { contains, parseNetwork } from "/usr/lib/net/ports.ts";

/** Whether an interface is the loopback. */
export function isLoopback(one: InterfaceInfo): boolean {
	return one.number === 0;
}

/** The route to an address. */
export function routeTo(address: string, all: readonly RouteInfo[]): RouteInfo | undefined {
	return all.find((route) => {
		const network = parseNetwork(route.to);
		return network !== undefined && contains(network, address);
	});
}

/** The address that an interface talks from to what is beyond `next`: one of the same network, else its first. */
export function sourceOf(one: InterfaceInfo | undefined, next: string): string | undefined {
	const near = one?.addresses.find((each) => {
		const network = parseNetwork(each);
		return network !== undefined && contains(network, next);
	});
	return (near ?? one?.addresses[0])?.replace(/\/.*/, "");
}
