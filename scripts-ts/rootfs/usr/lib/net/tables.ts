/** The tables of routes and interfaces that `route`, `netstat` and `ifconfig` share. */

import { type InterfaceInfo, interfaces, nameOf } from "helios:net";
import { shownRoutes } from "/usr/lib/net/ip/route.ts";
import { isLoopback } from "/usr/lib/net/lookup.ts";
import { maskOf, parseNetwork, toAddress } from "/usr/lib/net/ports.ts";
import { print } from "/usr/lib/sh/cli.ts";

/** The kernel's routing table, in the form of `route`, or in that of `netstat -r`. */
export async function routingTable(numeric: boolean, form: "route" | "netstat"): Promise<void> {
	const all = await interfaces();
	await print("Kernel IP routing table\n");
	await print(
		form === "route"
			? "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n"
			: "Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n",
	);
	for (const route of await shownRoutes()) {
		const network = parseNetwork(route.to) ?? { address: "0.0.0.0", prefix: 0 };
		const everything = network.prefix === 0;
		const to = everything && !numeric ? "default" : await shownHost(network.address, numeric);
		const via =
			route.via == null ? (numeric || form === "netstat" ? "0.0.0.0" : "*") : await shownHost(route.via, numeric);
		const up = all.find((one) => one.name === route.interface)?.up === true ? "U" : "";
		const flags = `${up}${route.via == null ? "" : "G"}${network.prefix === 32 ? "H" : ""}`;
		const numbers =
			form === "route"
				? `${`${route.metric}`.padEnd(6)} ${"0".padEnd(3)} ${"0".padStart(6)}`
				: `${"0".padStart(5)} ${"0".padEnd(7)} ${"0".padStart(4)}`;
		const left = `${to.slice(0, 15).padEnd(15)} ${via.slice(0, 15).padEnd(15)} ${toAddress(maskOf(network.prefix)).padEnd(15)}`;
		await print(`${left} ${flags.padEnd(5)} ${numbers} ${route.interface}\n`);
	}
}

async function shownHost(address: string, numeric: boolean): Promise<string> {
	return numeric ? address : ((await nameOf(address)) ?? address);
}

/** The table of interfaces: `netstat -i`, `ifconfig -s`. */
export async function interfaceTable(shown: readonly InterfaceInfo[]): Promise<void> {
	await print("Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n");
	for (const one of shown) {
		const flags = `${isLoopback(one) ? "L" : "BM"}${one.promiscuous ? "P" : ""}${one.up ? "R" : ""}${one.up ? "U" : ""}`;
		const cells = [
			one.name.padEnd(16),
			`${one.mtu}`.padStart(5),
			`${one.rxFrames}`.padStart(8),
			`${one.rxErrors}`.padStart(6),
			`${one.rxDropped}`.padStart(6),
			"0".padEnd(6),
			`${one.txFrames}`.padStart(8),
			"0".padStart(6),
			`${one.txDropped}`.padStart(6),
			"0".padStart(6),
			flags,
		];
		await print(`${cells.join(" ")}\n`);
	}
}
