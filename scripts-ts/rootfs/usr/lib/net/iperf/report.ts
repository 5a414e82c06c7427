/** Lines of `iperf`, in the form of iperf3. */

import { print } from "/usr/lib/sh/cli.ts";

const UNITS = ["", "K", "M", "G", "T"];

/** A number with three digits and its unit: `11.2 M`. */
function three(value: number, base: number): string {
	let rest = value;
	let at = 0;
	while (rest >= (base === 1024 ? 1000 : base) && at < UNITS.length - 1) {
		rest /= base;
		at++;
	}
	const text = rest < 9.995 ? rest.toFixed(2) : rest < 99.95 ? rest.toFixed(1) : rest.toFixed(0);
	return `${text} ${UNITS[at]}`;
}

/** Bytes, in powers of 1024: `11.2 MBytes`. */
export function transfer(bytes: number): string {
	return `${three(bytes, 1024)}Bytes`;
}

/** Bits in a second, in powers of 1000: `94.1 Mbits/sec`. */
export function rate(bytes: number, ms: number): string {
	return `${three(ms > 0 ? (bytes * 8000) / ms : 0, 1000)}bits/sec`;
}

/** What is known of datagrams beside their bytes. */
export interface DatagramNumbers {
	jitterMs: number;
	lost: number;
	total: number;
}

/** What a line tells of. */
export interface Row {
	/** The number of the stream; none: their sum. */
	id: number | undefined;
	fromMs: number;
	toMs: number;
	bytes: number;
	/** Segments that were sent again. */
	retransmits?: number | undefined;
	/** The congestion window, in bytes. */
	window?: number | undefined;
	datagrams?: DatagramNumbers | undefined;
	/** Datagrams that were sent. */
	sent?: number | undefined;
	/** `sender`, `receiver` at the end. */
	role?: string;
}

/** The headings of a table. */
export function heading(kind: "plain" | "tcp-sender" | "tcp-end" | "udp-sender" | "udp"): string {
	const more = {
		plain: "",
		"tcp-sender": "         Retr  Cwnd",
		"tcp-end": "         Retr",
		"udp-sender": "         Total Datagrams",
		udp: "         Jitter    Lost/Total Datagrams",
	}[kind];
	return `[ ID] Interval           Transfer     Bitrate${more}\n`;
}

/** A line of a table. */
export function row({ id, fromMs, toMs, bytes, retransmits, window, datagrams, sent, role }: Row): string {
	const label = id === undefined ? "[SUM]" : `[${`${id}`.padStart(3)}]`;
	const interval = `${(fromMs / 1000).toFixed(2).padStart(6)}-${(toMs / 1000).toFixed(2).padEnd(6)}`;
	let more = "";
	if (datagrams !== undefined) {
		const { jitterMs, lost, total } = datagrams;
		const share = total > 0 ? (lost * 100) / total : 0;
		const percent = share === 0 || share >= 10 ? share.toFixed(0) : share.toFixed(1);
		more = `  ${jitterMs.toFixed(3)} ms  ${lost}/${total} (${percent}%)`;
	} else if (sent !== undefined) more = `  ${sent}`;
	else if (retransmits !== undefined) {
		more = `  ${`${retransmits}`.padStart(3)}`;
		if (window !== undefined) more += `   ${transfer(window)}`;
	}
	const end = role === undefined ? "" : `${" ".repeat(Math.max(2, 18 - more.length))}${role}`;
	const amount = `${transfer(bytes).padStart(11)}  ${rate(bytes, toMs - fromMs).padStart(14)}`;
	return `${label} ${interval} sec ${amount}${more}${end}\n`;
}

/** Between the intervals and the end. */
export const RULE = `${"- ".repeat(25)}\n`;

/** Prints lines as `print` does. */
export async function lines(...texts: readonly string[]): Promise<void> {
	for (const text of texts) await print(text);
}
