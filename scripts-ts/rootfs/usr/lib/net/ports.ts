/** Lists of ports and of hosts, as scanners take them. */

/** A range, both ends included. */
export type Range = readonly [low: number, high: number];

/** Ranges of ports: `22`, `20-25`, `-100`, `60000-`, separated by commas; `undefined` where it is none. */
export function portRanges(text: string): Range[] | undefined {
	const ranges: Range[] = [];
	for (const part of text.split(",")) {
		const match = /^(\d*)(-?)(\d*)$/.exec(part);
		if (match === null || part === "") return undefined;
		const low = match[1] === "" ? 1 : Number(match[1]);
		const high = match[2] === "" ? low : match[3] === "" ? 65_535 : Number(match[3]);
		if (low > high || high > 65_535 || (match[2] === "" && match[1] === "")) return undefined;
		ranges.push([low, high]);
	}
	return ranges;
}

/** The numbers in ranges, each once, in order. */
export function numbersIn(ranges: readonly Range[]): number[] {
	const numbers = new Set<number>();
	for (const [low, high] of ranges) for (let at = low; at <= high; at++) numbers.add(at);
	return [...numbers].sort((a, b) => a - b);
}

/** The number of an IPv4 address. */
export function toNumber(address: string): number {
	return address.split(".").reduce((whole, part) => whole * 256 + Number(part), 0);
}

/** The IPv4 address of a number. */
export function toAddress(number: number): string {
	return [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join(".");
}

/** The bits of a prefix, as a number. */
export function maskOf(prefix: number): number {
	return prefix === 0 ? 0 : (0xffff_ffff << (32 - prefix)) >>> 0;
}

/** The length of a netmask such as `255.255.255.0`; `undefined` where its ones are not in one piece. */
export function prefixOf(mask: string): number | undefined {
	const number = toNumber(mask);
	for (let prefix = 0; prefix <= 32; prefix++) if (maskOf(prefix) === number) return prefix;
	return undefined;
}

/** A network: its first address and the length of its prefix. */
export interface Network {
	address: string;
	prefix: number;
}

/** Reads `10.0.0.0/24`; an address alone is a network of one. */
export function parseNetwork(text: string): Network | undefined {
	const match = /^(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?$/.exec(text);
	if (match === null) return undefined;
	const address = match[1] as string;
	const prefix = match[2] === undefined ? 32 : Number(match[2]);
	if (prefix > 32 || address.split(".").some((part) => Number(part) > 255)) return undefined;
	return { address, prefix };
}

/** Whether an address lies in a network. */
export function contains({ address, prefix }: Network, other: string): boolean {
	const mask = maskOf(prefix);
	return (toNumber(address) & mask) >>> 0 === (toNumber(other) & mask) >>> 0;
}

/** The last address of a network: what a broadcast goes to. */
export function broadcastOf({ address, prefix }: Network): string {
	return toAddress((toNumber(address) | ~maskOf(prefix)) >>> 0);
}

/** Most addresses that one pattern may stand for. */
const MAX_ADDRESSES = 65_536;

/**
 * The addresses that a pattern stands for: `10.0.0.1`, `10.0.0.0/24`, `10.0.0.1-20`, `10.0.0-3.1,7`; `undefined` where it
 * is no pattern, or one of more than 65,536 addresses.
 */
export function addressesOf(pattern: string): string[] | undefined {
	const network = parseNetwork(pattern);
	if (network !== undefined) {
		const count = 2 ** (32 - network.prefix);
		if (count > MAX_ADDRESSES) return undefined;
		const first = (toNumber(network.address) & maskOf(network.prefix)) >>> 0;
		return Array.from({ length: count }, (_, at) => toAddress(first + at));
	}
	const parts = pattern.split(".");
	if (parts.length !== 4) return undefined;
	let found = [""];
	for (const part of parts) {
		const numbers: number[] = [];
		for (const piece of part.split(",")) {
			const match = /^(\d{1,3})(?:-(\d{1,3}))?$|^\*$/.exec(piece);
			if (match === null) return undefined;
			const [low, high] = piece === "*" ? [0, 255] : [Number(match[1]), Number(match[2] ?? match[1])];
			if (low > high || high > 255) return undefined;
			for (let at = low; at <= high; at++) numbers.push(at);
		}
		if (found.length * numbers.length > MAX_ADDRESSES) return undefined;
		found = found.flatMap((left) => numbers.map((number) => (left === "" ? `${number}` : `${left}.${number}`)));
	}
	return found;
}
