/** One measurement at one end: its streams run, and its intervals are told. */

import { sleep } from "helios:time";
import type { StreamResult, Test } from "/usr/lib/net/iperf/control.ts";
import { heading, lines, type Row, RULE, row } from "/usr/lib/net/iperf/report.ts";
import type { Stream } from "/usr/lib/net/iperf/streams.ts";
import { flush } from "/usr/lib/sh/cli.ts";

interface Mark {
	bytes: number;
	datagrams: number;
	lost: number;
	retransmits: number;
}

/** Tells of intervals. */
export class Session {
	readonly #test: Test;
	readonly #streams: readonly Stream[];
	readonly #sends: boolean;
	readonly #intervalMs: number;
	readonly #stop = new AbortController();
	#marks: Mark[];
	#startMs = 0;
	#lastMs = 0;

	constructor(test: Test, streams: readonly Stream[], sends: boolean, intervalMs: number) {
		this.#test = test;
		this.#streams = streams;
		this.#sends = sends;
		this.#intervalMs = intervalMs;
		this.#marks = streams.map(() => ({ bytes: 0, datagrams: 0, lost: 0, retransmits: 0 }));
	}

	/** Runs all streams to their end. Aborting ends the sending. */
	async run(ended: AbortSignal): Promise<void> {
		this.#startMs = Date.now();
		const { seconds } = this.#test;
		const over = (): boolean => ended.aborted || (seconds > 0 && Date.now() - this.#startMs >= seconds * 1000);
		const telling = this.#tell();
		try {
			await Promise.all(
				this.#streams.map((stream) => (this.#sends ? stream.send(this.#test, over) : stream.receive())),
			);
		} finally {
			this.#stop.abort();
			await telling;
		}
	}

	async #tell(): Promise<void> {
		const { udp } = this.#test;
		await lines(heading(udp ? (this.#sends ? "udp-sender" : "udp") : this.#sends ? "tcp-sender" : "plain"));
		if (this.#intervalMs === 0) return;
		for (let turn = 1; !this.#stop.signal.aborted; turn++) {
			const at = this.#startMs + turn * this.#intervalMs;
			await sleep(at - Date.now(), { signal: this.#stop.signal }).catch(() => {});
			const now = Date.now();
			// A last interval of next to nothing is no interval.
			if (this.#stop.signal.aborted && now - this.#startMs - this.#lastMs < this.#intervalMs / 10) return;
			await this.#interval(now - this.#startMs);
		}
	}

	async #interval(toMs: number): Promise<void> {
		const fromMs = this.#lastMs;
		this.#lastMs = toMs;
		const rows: Row[] = [];
		for (const [at, stream] of this.#streams.entries()) {
			await stream.look().catch(() => {});
			const before = this.#marks[at] as Mark;
			const { bytes, datagrams, lost, retransmits = 0 } = stream;
			this.#marks[at] = { bytes, datagrams, lost, retransmits };
			const common = { id: stream.id, fromMs, toMs, bytes: bytes - before.bytes };
			if (this.#test.udp && this.#sends) rows.push({ ...common, sent: datagrams - before.datagrams });
			else if (this.#test.udp) {
				const gone = lost - before.lost;
				const total = datagrams - before.datagrams + gone;
				rows.push({ ...common, datagrams: { jitterMs: stream.jitterMs, lost: gone, total } });
			} else if (this.#sends)
				rows.push({ ...common, retransmits: retransmits - before.retransmits, window: stream.window });
			else rows.push(common);
		}
		await lines(...rows.map(row), ...(rows.length > 1 ? [row(sumOf(rows)), RULE] : []));
		await flush();
	}
}

/** The sum of rows of one interval. */
function sumOf(rows: readonly Row[]): Row {
	const [first] = rows as [Row];
	const add = (value: (row: Row) => number | undefined): number | undefined =>
		value(first) === undefined ? undefined : rows.reduce((sum, each) => sum + (value(each) ?? 0), 0);
	const datagrams = first.datagrams && {
		jitterMs: rows.reduce((sum, each) => sum + (each.datagrams?.jitterMs ?? 0), 0) / rows.length,
		lost: rows.reduce((sum, each) => sum + (each.datagrams?.lost ?? 0), 0),
		total: rows.reduce((sum, each) => sum + (each.datagrams?.total ?? 0), 0),
	};
	return {
		id: undefined,
		fromMs: first.fromMs,
		toMs: Math.max(...rows.map((each) => each.toMs)),
		bytes: add((each) => each.bytes) ?? 0,
		retransmits: add((each) => each.retransmits),
		sent: add((each) => each.sent),
		datagrams,
		...(first.role === undefined ? {} : { role: first.role }),
	};
}

/** What the sender and the receiver have counted, at the end. */
export async function summary(
	test: Test,
	ids: readonly number[],
	sender: readonly StreamResult[] | undefined,
	receiver: readonly StreamResult[] | undefined,
): Promise<void> {
	await lines(RULE, heading(test.udp ? "udp" : sender === undefined ? "plain" : "tcp-end"));
	const rowOf = (
		id: number,
		{ bytes, ms, retransmits, jitterMs, lost, datagrams }: StreamResult,
		role: string,
	): Row => {
		const common = { id, fromMs: 0, toMs: ms, bytes, role };
		if (test.udp) {
			const total = role === "sender" ? datagrams : datagrams + lost;
			return { ...common, datagrams: { jitterMs, lost: role === "sender" ? 0 : lost, total } };
		}
		return role === "sender" && retransmits !== null ? { ...common, retransmits } : common;
	};
	const ends: [string, readonly StreamResult[] | undefined][] = [
		["sender", sender],
		["receiver", receiver],
	];
	const all = new Map<string, Row[]>();
	for (const [at, id] of ids.entries()) {
		for (const [role, results] of ends) {
			const result = results?.[at];
			if (result === undefined) continue;
			const shown = rowOf(id, result, role);
			all.set(role, [...(all.get(role) ?? []), shown]);
			await lines(row(shown));
		}
	}
	if (ids.length > 1) for (const rows of all.values()) await lines(row(sumOf(rows)));
	await flush();
}
