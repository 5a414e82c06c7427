/** `ip link` and `ip addr`: interfaces and their addresses. */

import { addAddress, type InterfaceInfo, interfaces, removeAddress, setInterface } from "helios:net";
import { change, commandOf, garbage, MISTAKE, type Style, tint, type Words } from "/usr/lib/net/ip/words.ts";
import { isLoopback } from "/usr/lib/net/lookup.ts";
import { broadcastOf, parseNetwork } from "/usr/lib/net/ports.ts";
import { Failure, print } from "/usr/lib/sh/cli.ts";

/** The flags of an interface, in angle brackets. */
export function flagsOf(one: InterfaceInfo): string {
	const { up, carrier, promiscuous } = one;
	const flags = [
		...(up && !carrier ? ["NO-CARRIER"] : []),
		...(isLoopback(one) ? ["LOOPBACK"] : ["BROADCAST", "MULTICAST"]),
		...(promiscuous ? ["PROMISC"] : []),
		...(up ? ["UP"] : []),
		...(up && carrier ? ["LOWER_UP"] : []),
	];
	return `<${flags.join(",")}>`;
}

function stateOf(one: InterfaceInfo): "UP" | "DOWN" | "UNKNOWN" {
	if (!one.up) return "DOWN";
	if (isLoopback(one)) return "UNKNOWN";
	return one.carrier ? "UP" : "DOWN";
}

function shownState(style: Style, one: InterfaceInfo, width = 0): string {
	const state = stateOf(one);
	const text = state.padEnd(width);
	return state === "UNKNOWN" ? text : tint(style, state === "UP" ? "up" : "down", text);
}

function head(style: Style, one: InterfaceInfo): string {
	const kind = isLoopback(one) ? "loopback" : "ether";
	const [mac, all] = isLoopback(one) ? [one.mac, "00:00:00:00:00:00"] : [one.mac, "ff:ff:ff:ff:ff:ff"];
	const queue = isLoopback(one) ? "noqueue" : "pfifo";
	const break_ = style.oneLine ? "\\" : "\n";
	return (
		`${one.number + 1}: ${tint(style, "name", one.name)}: ${flagsOf(one)} mtu ${one.mtu} qdisc ${queue} ` +
		`state ${shownState(style, one)} mode DEFAULT group default qlen 1000${break_}` +
		`    link/${kind} ${tint(style, "mac", mac)} brd ${tint(style, "mac", all)}`
	);
}

/** A table of counters: headings over numbers. */
function counters(one: InterfaceInfo): string {
	const line = (cells: readonly (string | number)[]): string =>
		`    ${cells.map((cell, at) => (at === 0 ? `${cell}`.padEnd(10) : `${cell}`.padStart(7))).join(" ")}\n`;
	return (
		line(["RX:  bytes", "packets", "errors", "dropped", "missed", "mcast"]) +
		line([`${one.rxBytes}`.padStart(10), one.rxFrames, one.rxErrors, one.rxDropped, 0, 0]) +
		line(["TX:  bytes", "packets", "errors", "dropped", "carrier", "collsns"]) +
		line([`${one.txBytes}`.padStart(10), one.txFrames, 0, one.txDropped, 0, 0])
	);
}

function scopeOf(one: InterfaceInfo): string {
	return isLoopback(one) ? "host" : "global";
}

function inet(style: Style, one: InterfaceInfo, address: string): string {
	const network = parseNetwork(address) ?? { address, prefix: 32 };
	const broadcast = isLoopback(one) || network.prefix >= 31 ? "" : ` brd ${tint(style, "inet", broadcastOf(network))}`;
	const [first, prefix] = address.split("/");
	return `inet ${tint(style, "inet", first as string)}/${prefix}${broadcast} scope ${scopeOf(one)} ${one.name}`;
}

async function showAddress(style: Style, one: InterfaceInfo): Promise<void> {
	if (style.brief) {
		const addresses = one.addresses.map((each) => {
			const [first, prefix] = each.split("/");
			return `${tint(style, "inet", first as string)}/${prefix} `;
		});
		await print(`${tint(style, "name", one.name.padEnd(16))} ${shownState(style, one, 14)} ${addresses.join("")}\n`);
		return;
	}
	const forever = "valid_lft forever preferred_lft forever";
	if (style.oneLine) {
		for (const address of one.addresses)
			await print(`${one.number + 1}: ${one.name}    ${inet(style, one, address)}\\       ${forever}\n`);
		return;
	}
	await print(`${head(style, one).replace(" mode DEFAULT", "")}\n`);
	for (const address of one.addresses) await print(`    ${inet(style, one, address)}\n       ${forever}\n`);
	if (style.statistics) await print(counters(one));
}

async function showLink(style: Style, one: InterfaceInfo): Promise<void> {
	if (style.brief) {
		const name = tint(style, "name", one.name.padEnd(16));
		await print(`${name} ${shownState(style, one, 14)} ${tint(style, "mac", one.mac)} ${flagsOf(one)} \n`);
		return;
	}
	await print(`${head(style, one)}\n`);
	if (style.statistics) await print(counters(one));
}

/** The interfaces that a command line asks for. */
async function chosen(words: Words): Promise<InterfaceInfo[]> {
	let all = await interfaces();
	for (let word = words.take(); word !== undefined; word = words.take()) {
		if (word === "up") all = all.filter(({ up }) => up);
		else if (word === "scope" || word === "type") words.next();
		else {
			const name = word === "dev" ? words.next() : word;
			all = all.filter((one) => one.name === name);
			if (all.length === 0) throw new Failure(`Device "${name}" does not exist.`, 1);
		}
	}
	return all;
}

/** `ip link …`. */
export async function link(style: Style, words: Words): Promise<void> {
	const command = commandOf(words.take() ?? "show", ["show", "list", "lst", "set", "help"], "link");
	if (command === "set") return setLink(words);
	for (const one of await chosen(words)) await showLink(style, one);
}

async function setLink(words: Words): Promise<void> {
	let device: string | undefined;
	const wanted: { up?: boolean; mtu?: number; promiscuous?: boolean } = {};
	const flag = (word: string, value: string): boolean => {
		if (value !== "on" && value !== "off")
			throw new Failure(`Error: argument of "${word}" must be "on" or "off", not "${value}"`, MISTAKE);
		return value === "on";
	};
	for (let word = words.take(); word !== undefined; word = words.take()) {
		if (word === "up" || word === "down") wanted.up = word === "up";
		else if (word === "mtu") {
			const value = words.next();
			if (!/^\d+$/.test(value))
				throw new Failure(`Error: argument "${value}" is wrong: Invalid "mtu" value\n`.trimEnd(), MISTAKE);
			wanted.mtu = Number(value);
		} else if (word === "promisc") wanted.promiscuous = flag(word, words.next());
		else if (word === "dev") device = words.next();
		else if (device === undefined) device = word;
		else throw new Failure(`Error: either "dev" is duplicate, or "${word}" is a garbage.`, MISTAKE);
	}
	if (device === undefined) throw new Failure('Not enough of information: "dev" argument is required.', MISTAKE);
	const name = device;
	await change(name, () => setInterface(name, wanted));
}

/** `ip addr …`. */
export async function address(style: Style, words: Words): Promise<void> {
	const commands = ["show", "list", "lst", "add", "delete", "replace", "flush", "help"] as const;
	const command = commandOf(words.take() ?? "show", commands, "address");
	if (command === "add" || command === "delete" || command === "replace") return setAddress(command, words);
	const all = await chosen(words);
	if (command === "flush") {
		for (const one of all)
			for (const each of one.addresses) await change(one.name, () => removeAddress(one.name, each));
		return;
	}
	for (const one of all) await showAddress(style, one);
}

async function setAddress(command: "add" | "delete" | "replace", words: Words): Promise<void> {
	let device: string | undefined;
	let given: string | undefined;
	for (let word = words.take(); word !== undefined; word = words.take()) {
		if (word === "dev") device = words.next();
		else if (["broadcast", "brd", "label", "scope"].includes(word)) words.next();
		else if (word === "local") given = words.next();
		else if (given === undefined) given = word;
		else throw new Failure(`Error: either "local" is duplicate, or "${word}" is a garbage.`, MISTAKE);
	}
	if (device === undefined) throw new Failure('Not enough of information: "dev" argument is required.', MISTAKE);
	if (given === undefined) throw new Failure('Command line is not complete. Try option "help"', MISTAKE);
	const network = parseNetwork(given);
	if (network === undefined) throw garbage(given, "any valid prefix");
	const name = device;
	const text = `${network.address}/${network.prefix}`;
	const there = (await interfaces()).find((one) => one.name === name);
	if (there === undefined) throw new Failure(`Cannot find device "${name}"`, 1);
	if (command === "replace" && there.addresses.includes(text)) return;
	await change(name, () => (command === "delete" ? removeAddress(name, text) : addAddress(name, text)));
}
