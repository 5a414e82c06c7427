/** Frames as lines of text, in the form of tcpdump. */

import { dissect, ETHERNET, type Layer, RAW_IP, summary } from "helios:dissect";
import { characters, hexRows } from "/usr/lib/net/tcpdump/dumps.ts";
import { ETHERNET_BYTES, insideAt, ipAt, linkBytes, linkHeader, u16 } from "/usr/lib/net/tcpdump/frames.ts";
import type { Names } from "/usr/lib/net/tcpdump/names.ts";
import type { Streams } from "/usr/lib/net/tcpdump/streams.ts";

/** A frame that is shown. */
export interface Shown {
	/** What was kept of it. */
	data: Uint8Array;
	/** Bytes that it had on the link. */
	length: number;
	/** When, in nanoseconds since the Unix epoch. */
	timeNs: bigint;
	/** What kind of link it is from. */
	linkType: number;
	/** Where, and which way, if that is to be shown. */
	where?: string;
}

/** What is shown of frames. */
export interface Style {
	/** How often `-t` was given. */
	time: number;
	link: boolean;
	/** How often `-v` was given. */
	verbose: number;
	quick: boolean;
	/** How often `-x`, `-X` and `-A` were given; twice: the link's header too. */
	hex: number;
	hexText: number;
	text: number;
	/** Names; absent: numbers. */
	names?: Names;
	/** Counts numbers of TCP from the beginning; absent: as they are. */
	streams?: Streams;
}

const PROTOCOLS: Record<number, string> = { 1: "ICMP", 2: "IGMP", 4: "IPIP", 6: "TCP", 17: "UDP" };
const ECN = ["", ",ECT(1)", ",ECT(0)", ",CE"];
const IP_OPTIONS: Record<number, string> = {
	0: "EOL",
	1: "NOP",
	7: "RR",
	68: "TS",
	131: "LSRR",
	137: "SSRR",
	148: "RA",
};
const MICROS = 1_000_000n;
const DAY_MICROS = 86_400n * MICROS;

function clock(micros: bigint): string {
	const seconds = Number(micros / MICROS);
	const two = (value: number): string => String(value).padStart(2, "0");
	const fraction = String(micros % MICROS).padStart(6, "0");
	return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${fraction}`;
}

/** Makes lines of frames, one after the other. */
export class Lines {
	readonly #style: Style;
	#firstNs: bigint | undefined;
	#lastNs: bigint | undefined;

	constructor(style: Style) {
		this.#style = style;
	}

	/** A frame, with a line end behind each line. */
	of(frame: Shown): string {
		const { hex, hexText, text } = this.#style;
		const whole = (times: number): Uint8Array =>
			frame.data.subarray(times > 1 ? 0 : linkBytes(frame.data, frame.linkType));
		let out = `${this.#time(frame.timeNs)}${frame.where ?? ""}${this.#line(frame)}\n`;
		if (text > 0) out += characters(whole(text));
		else if (hexText > 0) out += hexRows(whole(hexText), true);
		else if (hex > 0) out += hexRows(whole(hex), false);
		return out;
	}

	#time(ns: bigint): string {
		const micros = ns / 1000n;
		const before = this.#style.time === 5 ? this.#firstNs : this.#lastNs;
		this.#firstNs ??= ns;
		this.#lastNs = ns;
		switch (this.#style.time) {
			case 0:
				return `${clock(micros % DAY_MICROS)} `;
			case 1:
				return "";
			case 2:
				return `${micros / MICROS}.${String(micros % MICROS).padStart(6, "0")} `;
			case 4: {
				const day = new Date(Number(micros / 1000n)).toISOString().slice(0, 10);
				return `${day} ${clock(micros % DAY_MICROS)} `;
			}
			default: {
				// What came before the last one is that much less than nothing.
				const since = micros - (before ?? ns) / 1000n;
				return ` ${since < 0n ? "-" : ""}${clock(since < 0n ? -since : since)} `;
			}
		}
	}

	#line(frame: Shown): string {
		const { data, linkType, length } = frame;
		if (linkType !== ETHERNET && linkType !== RAW_IP) return `link type ${linkType}, length ${length}`;
		const { link, names, quick, streams, verbose } = this.#style;
		const ip = ipAt(data, linkType);
		const protocol = ip === undefined ? undefined : data[ip + 9];
		const layers = verbose > 0 ? dissect(data, linkType) : [];
		let line = verbose > 0 ? (layers.at(-1)?.summary ?? "[|frame]") : summary(data, linkType);
		const tcp = ip === undefined ? undefined : insideAt(data, ip, 6, 20);
		if (quick) line = shortened(line, data, ip);
		else {
			// A datagram inside another one has numbers of its own, which are not those of the outer headers.
			if (streams !== undefined && ip !== undefined && tcp !== undefined) line = streams.relative(line, data, ip, tcp);
			if (verbose > 0) line = withText(line, data, layers);
		}
		if (verbose > 0) line = withChecksums(line, layers, verbose > 1);
		if (names !== undefined) line = names.in(line, protocol);
		if (verbose > 0) line = withHeader(line, data, ip, layers);
		if (linkType !== ETHERNET || data.length < ETHERNET_BYTES) return line;
		// Where nothing is known of what is inside, the line is the link's alone, and the bytes follow unless they are shown anyway.
		if (/^[0-9a-f]{2}(:[0-9a-f]{2}){5} > /.test(line)) {
			const { hex, hexText } = this.#style;
			const rows = quick || hex + hexText > 0 ? "" : hexRows(data.subarray(linkBytes(data, linkType)), true);
			return `${linkHeader(data, length, quick)}\n${rows}`.replace(/\n$/, "");
		}
		return link ? linkHeader(data, length, quick) + line.replace(/^(?:IP|ARP,) /, "") : line;
	}
}

/** As `-q` has it: protocol and length alone. */
function shortened(line: string, data: Uint8Array, ip: number | undefined): string {
	const tcp = /^(IP .*?: )Flags \[[^\]]*\].*?, length (\d+)/s.exec(line);
	if (tcp !== null) return `${tcp[1]}tcp ${tcp[2]}`;
	const udp = ip === undefined ? undefined : insideAt(data, ip, 17, 8);
	if (udp === undefined) return line;
	return line.replace(/^(IP [^:]*: ).*/s, (_, head: string) => `${head}UDP, length ${u16(data, udp + 4) - 8}`);
}

/** The lines of a text that a segment carries. */
function withText(line: string, data: Uint8Array, layers: readonly Layer[]): string {
	const http = layers.at(-1);
	const tcp = layers.at(-2);
	const at = line.indexOf(": HTTP");
	if (http?.protocol !== "http" || tcp === undefined || at < 0) return line;
	const length = /, length (\d+)$/.exec(line.slice(0, at))?.[1] ?? "0";
	const text = characters(data.subarray(tcp.range.end)).replace(/\n$/, "");
	const lines = text.endsWith("\n") ? text.slice(0, -1) : text;
	return `${line.slice(0, at)}: HTTP, length: ${length}\n\t${lines.replaceAll("\n", "\n\t")}`;
}

/** The sum of a layer: what it is, and what it should be where that is not the same. */
function checksum(layers: readonly Layer[], protocol: string): { is: number; should?: string } | undefined {
	const layer = layers.findLast((each) => each.protocol === protocol);
	if (layer?.fields.some(({ name }) => name === `${protocol}.checksum.status`) !== true) return undefined;
	const is = Number(layer.fields.find(({ name }) => name === `${protocol}.checksum`)?.value);
	const flaw = layer.flaws?.find(({ kind }) => kind === "checksum");
	const should = flaw === undefined ? undefined : /should be (0x[0-9a-f]+)/.exec(flaw.text)?.[1];
	return should === undefined ? { is } : { is, should };
}

/** `all`: those of UDP too. */
function withChecksums(line: string, layers: readonly Layer[], all: boolean): string {
	const hex = (value: number): string => `0x${value.toString(16).padStart(4, "0")}`;
	const tcp = checksum(layers, "tcp");
	if (tcp !== undefined) {
		const verdict = tcp.should === undefined ? "(correct)" : `(incorrect -> ${tcp.should})`;
		return line.replace(/Flags \[[^\]]*\]/, (flags) => `${flags}, cksum ${hex(tcp.is)} ${verdict}`);
	}
	const udp = layers.find(({ protocol }) => protocol === "udp");
	if (udp !== undefined) {
		if (!all) return line;
		const sum = checksum(layers, "udp");
		const none = udp.fields.some(({ name, value }) => name === "udp.checksum" && value === 0);
		if (sum === undefined && !none) return line;
		const verdict = none
			? "no cksum"
			: sum?.should === undefined
				? "udp sum ok"
				: `bad udp cksum ${hex(sum.is)} -> ${sum.should}!`;
		return line.replace(/^IP [^:]*: /, (head) => `${head}[${verdict}] `);
	}
	const icmp = checksum(layers, "icmp");
	if (icmp?.should === undefined) return line;
	return `${line} (wrong icmp cksum ${icmp.is.toString(16)} (->${Number(icmp.should).toString(16)})!)`;
}

/** The fields of IP's header before the line of what is inside, which goes to a line of its own. */
function withHeader(line: string, data: Uint8Array, ip: number | undefined, layers: readonly Layer[]): string {
	if (line.startsWith("ARP, ")) return line.replace("ARP, ", "ARP, Ethernet (len 6), IPv4 (len 4), ");
	if (ip === undefined || !line.startsWith("IP ")) return line;
	const byte = (at: number): number => data[ip + at] as number;
	const service = byte(1);
	const word = u16(data, ip + 6);
	const flags = [(word & 0x2000) === 0 ? "" : "+", (word & 0x4000) === 0 ? "" : "DF", word >> 15 === 0 ? "" : "rsvd"];
	const parts = [
		`tos 0x${service.toString(16)}${ECN[service & 3]}`,
		`ttl ${byte(8)}`,
		`id ${u16(data, ip + 4)}`,
		`offset ${(word & 0x1fff) * 8}`,
		`flags [${flags.filter((flag) => flag !== "").join(", ") || "none"}]`,
		`proto ${PROTOCOLS[byte(9)] ?? "unknown"} (${byte(9)})`,
		`length ${u16(data, ip + 2)}`,
	];
	const options = optionNames(data.subarray(ip + 20, ip + (byte(0) & 15) * 4));
	if (options.length > 0) parts.push(`options (${options.join(",")})`);
	const sum = checksum(layers.slice(0, layers.findIndex(({ protocol }) => protocol === "ip") + 1), "ip");
	if (sum?.should !== undefined) parts.push(`bad cksum ${sum.is.toString(16)} (->${Number(sum.should).toString(16)})!`);
	return `IP (${parts.join(", ")})\n    ${line.slice(3)}`;
}

function optionNames(bytes: Uint8Array): string[] {
	const names: string[] = [];
	for (let at = 0; at < bytes.length; ) {
		const kind = bytes[at] as number;
		names.push(IP_OPTIONS[kind] ?? `unknown ${kind}`);
		if (kind === 0) break;
		at += kind === 1 ? 1 : Math.max(2, bytes[at + 1] ?? 2);
	}
	return names;
}
