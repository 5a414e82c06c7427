/** `ip route` and `ip neigh`. */

import {
	addNeighbour,
	addRoute,
	type InterfaceInfo,
	interfaces,
	type NeighbourInfo,
	neighbours,
	type Route,
	type RouteInfo,
	removeNeighbour,
	removeRoute,
	routes,
} from "helios:net";
import { change, commandOf, garbage, MISTAKE, type Style, tint, type Words } from "/usr/lib/net/ip/words.ts";
import { isLoopback, routeTo, sourceOf } from "/usr/lib/net/lookup.ts";
import { parseMac } from "/usr/lib/net/macs.ts";
import { maskOf, parseNetwork, toAddress, toNumber } from "/usr/lib/net/ports.ts";
import { Failure, print } from "/usr/lib/sh/cli.ts";

const EVERYTHING = "0.0.0.0/0";

/** The network of a word, its host bits cleared; `default` is everything. */
function networkOf(word: string): string {
	if (word === "default" || word === "any") return EVERYTHING;
	const network = parseNetwork(word);
	if (network === undefined) throw garbage(word, "any valid prefix");
	const clean = toAddress((toNumber(network.address) & maskOf(network.prefix)) >>> 0);
	return `${clean}/${network.prefix}`;
}

function shownNetwork(to: string): string {
	return to === EVERYTHING ? "default" : to.replace(/\/32$/, "");
}

/** What is wrong with the interface of a route, so that it is not taken. */
function weakness(one: InterfaceInfo | undefined): string {
	if (one?.up === false) return " dead linkdown";
	return one?.carrier === false ? " linkdown" : "";
}

function line(style: Style, route: RouteInfo, all: readonly InterfaceInfo[]): string {
	const via = route.via == null ? "" : ` via ${tint(style, "inet", route.via)}`;
	const own = route.source == null ? "" : " proto kernel";
	const scope = route.via == null ? " scope link" : "";
	const source = route.source == null ? "" : ` src ${tint(style, "inet", route.source)}`;
	const metric = route.metric === 0 ? "" : ` metric ${route.metric}`;
	const dead = weakness(all.find((one) => one.name === route.interface));
	const to = shownNetwork(route.to);
	const shown = to === "default" ? to : tint(style, "inet", to);
	return `${shown}${via} dev ${tint(style, "name", route.interface)}${own}${scope}${source}${metric}${dead} \n`;
}

/** What a command line says of a route. */
function routeOf(words: Words): Route {
	const route: Route = { to: "" };
	for (let word = words.take(); word !== undefined; word = words.take()) {
		if (word === "via") {
			const via = words.next();
			if (parseNetwork(via)?.prefix !== 32 || via.includes("/")) throw garbage(via, "any valid address");
			route.via = via;
		} else if (word === "dev") route.interface = words.next();
		else if (word === "metric" || word === "preference" || word === "priority") {
			const value = words.next();
			if (!/^\d+$/.test(value))
				throw new Failure(`Error: argument "${value}" is wrong: "metric" value is invalid`, MISTAKE);
			route.metric = Number(value);
		} else if (["proto", "scope", "table", "src"].includes(word)) words.next();
		else if (word === "to") route.to = networkOf(words.next());
		else if (word === "unicast") continue;
		else if (route.to === "") route.to = networkOf(word);
		else throw new Failure(`Error: either "to" is duplicate, or "${word}" is a garbage.`, MISTAKE);
	}
	if (route.to === "") throw new Failure('Command line is not complete. Try option "help"', MISTAKE);
	return route;
}

/** Tables go by networks, everything first. */
function placeOf({ to }: RouteInfo): number {
	const { address, prefix } = parseNetwork(to) ?? { address: "0.0.0.0", prefix: 0 };
	return toNumber(address) * 64 + prefix;
}

/** Routes that are not the loopback's own: those that tables show. */
export async function shownRoutes(): Promise<RouteInfo[]> {
	const loopback = (await interfaces()).find(isLoopback)?.name;
	const shown = (await routes()).filter((route) => route.interface !== loopback || route.source == null);
	return shown.sort((a, b) => placeOf(a) - placeOf(b) || a.metric - b.metric);
}

async function chosenRoutes(words: Words): Promise<RouteInfo[]> {
	let all = await shownRoutes();
	for (let word = words.take(); word !== undefined; word = words.take()) {
		if (word === "dev") {
			const name = words.next();
			if (!(await interfaces()).some((one) => one.name === name)) throw new Failure(`Cannot find device "${name}"`, 1);
			all = all.filter((route) => route.interface === name);
		} else if (word === "via") {
			const via = words.next();
			all = all.filter((route) => route.via === via);
		} else if (["table", "proto", "scope"].includes(word)) words.next();
		else {
			const to = networkOf(word === "to" || word === "exact" || word === "root" ? words.next() : word);
			all = all.filter((route) => route.to === to);
		}
	}
	return all;
}

async function show(style: Style, words: Words): Promise<void> {
	const all = await interfaces();
	for (const each of await chosenRoutes(words)) await print(line(style, each, all));
}

async function get(style: Style, words: Words): Promise<void> {
	const word = words.next();
	const to = word === "to" ? words.next() : word;
	if (parseNetwork(to)?.prefix !== 32) throw garbage(to, "any valid address");
	const all = await interfaces();
	const own = all.find((one) => one.addresses.some((each) => each.startsWith(`${to}/`)));
	const loopback = all.find(isLoopback);
	const local = own ?? (to.startsWith("127.") ? loopback : undefined);
	if (local !== undefined) {
		await print(
			`local ${tint(style, "inet", to)} dev ${loopback?.name ?? "lo"} src ${to} uid 0 \n    cache <local> \n`,
		);
		return;
	}
	const route = routeTo(to, await routes());
	if (route === undefined) throw new Failure("RTNETLINK answers: Network is unreachable", 2);
	const source =
		route.source ??
		sourceOf(
			all.find((one) => one.name === route.interface),
			route.via ?? to,
		);
	const via = route.via == null ? "" : ` via ${tint(style, "inet", route.via)}`;
	const from = source === undefined ? "" : ` src ${tint(style, "inet", source)}`;
	await print(
		`${tint(style, "inet", to)}${via} dev ${tint(style, "name", route.interface)}${from} uid 0 \n    cache \n`,
	);
}

/** `ip route …`. */
export async function route(style: Style, words: Words): Promise<void> {
	const commands = [
		"show",
		"list",
		"lst",
		"add",
		"append",
		"delete",
		"change",
		"replace",
		"get",
		"flush",
		"help",
	] as const;
	const command = commandOf(words.take() ?? "show", commands, "route");
	switch (command) {
		case "get":
			return get(style, words);
		case "add":
		case "append":
		case "delete": {
			const wanted = routeOf(words);
			return change(wanted.interface, () => (command === "delete" ? removeRoute(wanted) : addRoute(wanted)));
		}
		case "change":
		case "replace": {
			const wanted = routeOf(words);
			const metric = wanted.metric ?? 0;
			const old = (await routes()).find((each) => each.to === wanted.to && each.metric === metric);
			if (old === undefined && command === "change")
				throw new Failure("RTNETLINK answers: No such file or directory", 2);
			return change(wanted.interface, async () => {
				if (old !== undefined) await removeRoute({ to: old.to, interface: old.interface, metric: old.metric });
				await addRoute(wanted);
			});
		}
		case "flush": {
			if (words.done) throw new Failure('"ip route flush" requires arguments.', MISTAKE);
			if (words.peek() === "all") words.take();
			for (const each of await chosenRoutes(words)) {
				const via = each.via == null ? {} : { via: each.via };
				await change(each.interface, () =>
					removeRoute({ to: each.to, interface: each.interface, metric: each.metric, ...via }),
				);
			}
			return;
		}
		default:
			await show(style, words);
	}
}

async function chosenNeighbours(words: Words): Promise<NeighbourInfo[]> {
	let all = await neighbours();
	for (let word = words.take(); word !== undefined; word = words.take()) {
		if (word === "all") continue;
		if (word === "nud") {
			const state = words.next().toUpperCase();
			all = all.filter((each) => state === "ALL" || each.state === state);
			continue;
		}
		if (word === "dev") {
			const name = words.next();
			if (!(await interfaces()).some((one) => one.name === name)) throw new Failure(`Cannot find device "${name}"`, 1);
			all = all.filter((each) => each.interface === name);
			continue;
		}
		const address = word === "to" ? words.next() : word;
		all = all.filter((each) => each.address === address);
	}
	return all;
}

/** `ip neigh …`. */
export async function neighbour(style: Style, words: Words): Promise<void> {
	const commands = ["show", "list", "lst", "add", "delete", "change", "replace", "flush", "help"] as const;
	const command = commandOf(words.take() ?? "show", commands, "neighbour");
	if (command === "flush") {
		if (words.done) throw new Failure("Flush requires arguments.", MISTAKE);
		for (const each of await chosenNeighbours(words))
			await change(each.interface, () => removeNeighbour(each.interface, each.address));
		return;
	}
	if (["add", "delete", "change", "replace"].includes(command)) return setNeighbour(command, words);
	for (const each of await chosenNeighbours(words)) {
		const mac = each.mac == null ? "" : ` lladdr ${tint(style, "mac", each.mac)}`;
		const to = tint(style, "inet", each.address);
		await print(`${to} dev ${tint(style, "name", each.interface)}${mac} ${each.state} \n`);
	}
}

async function setNeighbour(command: string, words: Words): Promise<void> {
	let device: string | undefined;
	let address: string | undefined;
	let mac: string | undefined;
	for (let word = words.take(); word !== undefined; word = words.take()) {
		if (word === "dev") device = words.next();
		else if (word === "lladdr") {
			const text = words.next();
			mac = parseMac(text);
			if (mac === undefined) throw new Failure(`"${text}" is invalid lladdr.`, MISTAKE);
		} else if (word === "nud") words.next();
		else if (address === undefined) address = word === "to" ? words.next() : word;
		else throw new Failure(`Error: either "to" is duplicate, or "${word}" is a garbage.`, MISTAKE);
	}
	if (device === undefined || address === undefined)
		throw new Failure("Device and destination are required arguments.", MISTAKE);
	if (parseNetwork(address)?.prefix !== 32) throw garbage(address, "any valid address");
	const [name, to] = [device, address];
	if (command === "delete") return change(name, () => removeNeighbour(name, to));
	if (mac === undefined) throw new Failure("RTNETLINK answers: Invalid argument", 2);
	const hardware = mac;
	const there = (await neighbours()).find((each) => each.interface === name && each.address === to);
	if (command === "add" && there !== undefined) throw new Failure("RTNETLINK answers: File exists", 2);
	if (command === "change" && there === undefined) throw new Failure("RTNETLINK answers: No such file or directory", 2);
	await change(name, () => addNeighbour(name, to, hardware));
}
