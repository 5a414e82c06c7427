/** Connections of TCP, whose numbers are shown counted from their beginnings. */

import { u16, u32 } from "/usr/lib/net/tcpdump/frames.ts";

/** Most connections that are remembered; beyond that the oldest is forgotten. */
const MAX_STREAMS = 4096;
const NUMBERS = /^(.*? Flags \[[^\]]*\](?:, cksum [^,]*)?)(?:, seq (\d+)(?::(\d+))?)?(?:, ack (\d+))?(, win .*)$/s;
const SACK = /sack \d+ (?:\{\d+:\d+\})+/g;

interface Stream {
	/** What the number of the end with the lower name counts from. */
	seq: number;
	/** What the other end's counts from. */
	ack: number;
}

/** Makes numbers of TCP relative, as tcpdump does: from what is seen of a connection first. */
export class Streams {
	readonly #streams = new Map<string, Stream>();

	/** The line of a segment whose TCP header is at `tcp` of the frame, and the datagram's at `ip`. */
	relative(line: string, frame: Uint8Array, ip: number, tcp: number): string {
		const flags = frame[tcp + 13] as number;
		if ((flags & 0x10) === 0) return line;
		const seq = u32(frame, tcp + 4);
		const ack = u32(frame, tcp + 8);
		const from = `${u32(frame, ip + 12)}.${u16(frame, tcp)}`;
		const to = `${u32(frame, ip + 16)}.${u16(frame, tcp + 2)}`;
		const backward = from > to;
		const name = backward ? `${to} ${from}` : `${from} ${to}`;
		const known = this.#streams.get(name);
		if (known === undefined || (flags & 0x02) !== 0) {
			// A connection that is new is shown as it is.
			this.#add(name, backward ? { seq: ack - 1, ack: seq } : { seq, ack: ack - 1 });
			return line;
		}
		const own = backward ? known.ack : known.seq;
		const other = backward ? known.seq : known.ack;
		return shifted(line, own, other);
	}

	#add(name: string, stream: Stream): void {
		this.#streams.delete(name);
		this.#streams.set(name, stream);
		if (this.#streams.size <= MAX_STREAMS) return;
		for (const oldest of this.#streams.keys()) {
			this.#streams.delete(oldest);
			break;
		}
	}
}

/** A line whose numbers count from `own`, and what is acknowledged from `other`. */
function shifted(line: string, own: number, other: number): string {
	const parts = NUMBERS.exec(line);
	if (parts === null) return line;
	const [, head = "", seq, end, ack, tail = ""] = parts;
	const minus = (text: string, base: number): number => (Number(text) - base) >>> 0;
	let out = head;
	if (seq !== undefined) out += `, seq ${minus(seq, own)}${end === undefined ? "" : `:${minus(end, own)}`}`;
	if (ack !== undefined) out += `, ack ${minus(ack, other)}`;
	const blocks = (text: string): string =>
		text.replace(/(\d+):(\d+)/g, (_, from: string, to: string) => `${minus(from, other)}:${minus(to, other)}`);
	return out + tail.replace(SACK, blocks);
}
