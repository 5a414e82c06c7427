/**
 * `helios:dissect`: what frames hold, and which of them a filter of tcpdump takes.
 *
 * ```ts
 * const filter = compileFilter("tcp port 80 and not host 10.0.0.1");
 * for await (const { data } of socket) if (filter.matches(data)) console.log(summary(data));
 * ```
 */

import { dissectFrame, filterFault, filterMatches, frameSummary } from "helios:internal";

/** Frames of Ethernet. */
export const ETHERNET = 1;
/** Datagrams of IP with nothing before them. */
export const RAW_IP = 101;

/** Bytes of a frame: from `start` up to `end`. */
export interface ByteRange {
	start: number;
	end: number;
}

/** A field of a layer. */
export interface Field {
	/** Its name in Wireshark's display filters: `tcp.flags.syn`. */
	name: string;
	/** Its value: addresses as text, bytes as hexadecimal text. */
	value: number | boolean | string;
	/** Its bytes. */
	range: ByteRange;
	/** What to show: `Time to live: 64`. */
	text: string;
}

/** Something that is wrong with a layer. */
export interface Flaw {
	/** Bytes are missing; a field has a value that it cannot have; a checksum does not fit. */
	kind: "truncated" | "malformed" | "checksum";
	/** In words. */
	text: string;
}

/** One layer of a frame. */
export interface Layer {
	/** Its protocol, as the fields' names begin: `eth`, `ip`, `tcp`. */
	protocol: string;
	/** The frame in a line, as far as this layer. */
	summary: string;
	/** The bytes of its header; those of the whole message where nothing is inside. */
	range: ByteRange;
	/** Its fields, in the order of their bytes. */
	fields: Field[];
	/** What is wrong with it; absent where nothing is. */
	flaws?: Flaw[];
	/** The layers of the datagram that an ICMP error quotes. */
	quoted?: Layer[];
}

/**
 * The layers of a frame, the outermost first. Any bytes will do: what is cut off or malformed is shown as far as it goes.
 * Charged by size, and dearer than `summary`. Frames have at most 131,072 bytes.
 */
export function dissect(frame: Uint8Array, linkType = ETHERNET): Layer[] {
	return JSON.parse(dissectFrame(frame, linkType)) as Layer[];
}

/** A frame in a line, as `tcpdump -n -S -t` prints it. */
export function summary(frame: Uint8Array, linkType = ETHERNET): string {
	return frameSummary(frame, linkType);
}

/** Why a text is no filter. */
export class FilterError extends SyntaxError {
	/** Where, in characters from 1. */
	readonly column: number;

	constructor(message: string, column: number) {
		super(message);
		this.column = column;
	}
}

/** A filter that was compiled. */
export class Filter {
	/** Its text. */
	readonly text: string;

	/** Compiles a filter, as `compileFilter` does. */
	constructor(text: string) {
		const fault = filterFault(text);
		if (fault !== null) throw new FilterError(fault.message, fault.column);
		this.text = text;
	}

	/** Whether it takes a frame of Ethernet. `length` is what the frame had on the link, where `frame` is cut. */
	matches(frame: Uint8Array, length = frame.length): boolean {
		return this.text === "" || filterMatches(this.text, frame, length);
	}
}

/** Compiles a filter in the language of tcpdump, `pcap-filter(7)`; an empty one takes all frames. FilterError. */
export function compileFilter(text: string): Filter {
	return new Filter(text);
}
