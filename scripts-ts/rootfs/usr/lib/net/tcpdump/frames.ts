/** Where the headers of a frame are. */

import { ETHERNET, RAW_IP } from "helios:dissect";

/** Names of Ethernet's types, as tcpdump has them. */
const ETHERTYPES: Record<number, string> = {
	2048: "IPv4",
	2054: "ARP",
	33024: "802.1Q",
	34525: "IPv6",
	34984: "802.1Q-QinQ",
};
/** Bytes of Ethernet's header without tags. */
export const ETHERNET_BYTES = 14;
const IP_BYTES = 20;

/** What tcpdump calls the links of a capture. */
export function linkName(linkType: number): string {
	if (linkType === ETHERNET) return "EN10MB (Ethernet)";
	return linkType === RAW_IP ? "RAW (Raw IP)" : String(linkType);
}

/** A number of two bytes. */
export function u16(bytes: Uint8Array, at: number): number {
	return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

/** A number of four bytes. */
export function u32(bytes: Uint8Array, at: number): number {
	return u16(bytes, at) * 65_536 + u16(bytes, at + 2);
}

/** Bytes of the link's header and its tags; what dumps leave out. */
export function linkBytes(frame: Uint8Array, linkType: number): number {
	if (linkType !== ETHERNET) return 0;
	let at = ETHERNET_BYTES;
	while (at <= frame.length && [0x8100, 0x88a8].includes(u16(frame, at - 2))) at += 4;
	return at;
}

/** Where a datagram of IPv4 begins; `undefined` where there is none, or not all of its header. */
export function ipAt(frame: Uint8Array, linkType: number): number | undefined {
	const at = linkBytes(frame, linkType);
	if (linkType !== ETHERNET && linkType !== RAW_IP) return undefined;
	if (linkType === ETHERNET && (at > frame.length || u16(frame, at - 2) !== 0x0800)) return undefined;
	return at + IP_BYTES <= frame.length && (frame[at] as number) >> 4 === 4 ? at : undefined;
}

/** Where what is inside a datagram begins, if that is a protocol and its fixed header is there. */
export function insideAt(frame: Uint8Array, ip: number, protocol: number, bytes: number): number | undefined {
	const at = ip + ((frame[ip] as number) & 15) * 4;
	const first = (u16(frame, ip + 6) & 0x1fff) === 0;
	return frame[ip + 9] === protocol && first && at + bytes <= frame.length ? at : undefined;
}

function mac(frame: Uint8Array, at: number): string {
	return Array.from(frame.subarray(at, at + 6), (byte) => byte.toString(16).padStart(2, "0")).join(":");
}

function ethertype(type: number, quick: boolean): string {
	const name = ETHERTYPES[type];
	const number = `(0x${type.toString(16).padStart(4, "0")})`;
	if (quick) return name ?? `Unknown Ethertype ${number}`;
	return `ethertype ${name ?? "Unknown"} ${number}`;
}

/** The header of Ethernet as `-e` shows it, tags included: all up to the datagram's own text. */
export function linkHeader(frame: Uint8Array, length: number, quick: boolean): string {
	if (frame.length < ETHERNET_BYTES) return "";
	let type = u16(frame, 12);
	const kind = type < 0x600 ? "802.3" : ethertype(type, quick);
	let text = `${mac(frame, 6)} > ${mac(frame, 0)}, ${kind}, length ${length}: `;
	for (let at = ETHERNET_BYTES; [0x8100, 0x88a8].includes(type) && at + 4 <= frame.length; at += 4) {
		const tag = u16(frame, at);
		type = u16(frame, at + 2);
		text += `vlan ${tag & 0xfff}, p ${tag >> 13}${(tag & 0x1000) === 0 ? "" : ", DEI"}, ${ethertype(type, quick)}, `;
	}
	return text;
}
