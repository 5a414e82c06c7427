/** Messages of ICMP (RFC 792), as `ping` and `traceroute` write and read them. */

/** What a message is. */
export const ECHO_REPLY = 0;
export const UNREACHABLE = 3;
export const REDIRECT = 5;
export const ECHO_REQUEST = 8;
export const TIME_EXCEEDED = 11;
export const PARAMETER_PROBLEM = 12;

/** Bytes of the header of a message. */
export const HEADER_BYTES = 8;

/** The checksum of the Internet (RFC 1071). */
export function checksum(bytes: Uint8Array): number {
	let sum = 0;
	for (let at = 0; at + 1 < bytes.length; at += 2) sum += ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
	if (bytes.length % 2 === 1) sum += (bytes.at(-1) as number) << 8;
	while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x1_0000);
	return ~sum & 0xffff;
}

/** A request for an echo; the machine writes the identifier. */
export function echoRequest(sequence: number, payload: Uint8Array, identifier = 0): Uint8Array {
	const message = new Uint8Array(HEADER_BYTES + payload.length);
	const view = new DataView(message.buffer);
	message[0] = ECHO_REQUEST;
	view.setUint16(4, identifier);
	view.setUint16(6, sequence & 0xffff);
	message.set(payload, HEADER_BYTES);
	view.setUint16(2, checksum(message));
	return message;
}

/** What was sent, as an error quotes it. */
export interface Quoted {
	/** The number of its protocol. */
	protocol: number;
	/** Where it went. */
	destination: string;
	/** What follows its IP header: eight bytes at least. */
	payload: Uint8Array;
}

/** A message that came. */
export interface IcmpMessage {
	type: number;
	code: number;
	/** Of an echo: its number. */
	sequence: number;
	/** What follows the header. */
	payload: Uint8Array;
	/** Of an error: what it is about. */
	quoted: Quoted | undefined;
}

function quotedIn(bytes: Uint8Array): Quoted | undefined {
	if (bytes.length < 20) return undefined;
	const header = ((bytes[0] as number) & 15) * 4;
	if (header < 20 || bytes.length < header + 8) return undefined;
	return {
		protocol: bytes[9] as number,
		destination: bytes.subarray(16, 20).join("."),
		payload: bytes.subarray(header),
	};
}

/** Reads a message; `undefined` where it is too short. */
export function parseIcmp(bytes: Uint8Array): IcmpMessage | undefined {
	if (bytes.length < HEADER_BYTES) return undefined;
	const type = bytes[0] as number;
	const payload = bytes.subarray(HEADER_BYTES);
	const isError = [UNREACHABLE, REDIRECT, TIME_EXCEEDED, PARAMETER_PROBLEM].includes(type);
	return {
		type,
		code: bytes[1] as number,
		sequence: ((bytes[6] as number) << 8) | (bytes[7] as number),
		payload,
		quoted: isError ? quotedIn(payload) : undefined,
	};
}

const UNREACHABLE_TEXTS = [
	"Destination Net Unreachable",
	"Destination Host Unreachable",
	"Destination Protocol Unreachable",
	"Destination Port Unreachable",
	"Frag needed and DF set",
	"Source Route Failed",
	"Destination Net Unknown",
	"Destination Host Unknown",
	"Source Host Isolated",
	"Destination Net Prohibited",
	"Destination Host Prohibited",
	"Destination Net Unreachable for Type of Service",
	"Destination Host Unreachable for Type of Service",
	"Packet filtered",
	"Precedence Violation",
	"Precedence Cutoff",
];

/** What an error says, in the words of `ping`. */
export function errorText({ type, code }: Pick<IcmpMessage, "type" | "code">): string {
	if (type === UNREACHABLE) return UNREACHABLE_TEXTS[code] ?? `Dest Unreachable, Bad Code: ${code}`;
	if (type === TIME_EXCEEDED) return code === 0 ? "Time to live exceeded" : "Frag reassembly time exceeded";
	if (type === REDIRECT) return "Redirect Host";
	if (type === PARAMETER_PROBLEM) return "Parameter problem";
	return `Bad ICMP type: ${type}`;
}
