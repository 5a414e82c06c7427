/** What a program prints, as lines of a log: with the time, and never longer than a bound. */

import type { File } from "helios:fs";
import type { RotatingLog } from "/usr/lib/log/rotating.ts";

/** Longest line of a log, in UTF-16 units: what is longer goes on in the next line. */
const LINE_UNITS = 4096;

/** The time of an entry, to the millisecond, UTC. */
export function stamp(ms: number = Date.now()): string {
	return new Date(ms).toISOString();
}

/** Text without what could move a reader's cursor or pretend to be another entry. */
export function printable(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
	return text.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, "?");
}

/** Splits text into lines of a bounded length; answers the rest that has no line end yet. */
function split(text: string, take: (line: string) => void): string {
	let from = 0;
	for (;;) {
		const end = text.indexOf("\n", from);
		const length = (end < 0 ? text.length : end) - from;
		if (length > LINE_UNITS) {
			take(text.slice(from, from + LINE_UNITS));
			from += LINE_UNITS;
		} else if (end < 0) return text.slice(from);
		else {
			take(text.slice(from, end));
			from = end + 1;
		}
	}
}

/** Copies what comes out of `source` to a log until it ends; says once why the log cannot be written. */
export async function pump(source: File, log: RotatingLog, complain: (error: unknown) => void): Promise<void> {
	const decoder = new TextDecoder();
	let rest = "";
	let failing = false;
	const put = async (lines: string[]): Promise<void> => {
		if (lines.length === 0) return;
		const now = stamp();
		try {
			await log.write(lines.map((line) => `${now} ${printable(line)}\n`).join(""));
			failing = false;
		} catch (error) {
			// The service goes on without a log: to stop it because a disk is full would help nobody.
			if (!failing) complain(error);
			failing = true;
		}
	};
	for await (const chunk of source.chunks()) {
		const lines: string[] = [];
		rest = split(rest + decoder.decode(chunk, { stream: true }), (line) => lines.push(line));
		await put(lines);
	}
	if (rest !== "") await put([rest]);
}
