/** What `wget` shows while it gets something: a bar on a terminal, dots elsewhere. */

import { stderr } from "helios:process";
import { size } from "helios:tty";
import { human } from "/usr/lib/files/sizes.ts";

const DOT_BYTES = 1024;
const DOTS_IN_CLUSTER = 10;
const DOTS_IN_LINE = 50;
const REDRAW_MS = 200;
const NAME_COLUMNS = 20;

/** Bytes in a second, as `1.25 MB/s`. */
export function speed(bytes: number, ms: number): string {
	let value = ms > 0 ? (bytes * 1000) / ms : bytes * 1000;
	let at = 0;
	while (value >= 1024 && at < 3) {
		value /= 1024;
		at++;
	}
	const digits = value >= 99.95 || at === 0 ? 0 : value >= 9.995 ? 1 : 2;
	return `${value.toFixed(digits)} ${["B", "KB", "MB", "GB"][at]}/s`;
}

/** A time in seconds, minutes and hours: `0.2s`, `1m 5s`. */
export function took(ms: number): string {
	const seconds = ms / 1000;
	if (seconds === 0) return "0s";
	if (seconds < 10) return `${Number(seconds.toPrecision(seconds < 1 ? 1 : 2))}s`;
	const whole = Math.round(seconds);
	if (whole < 60) return `${whole}s`;
	if (whole < 3600) return `${Math.floor(whole / 60)}m ${whole % 60}s`;
	return `${Math.floor(whole / 3600)}h ${Math.floor(whole / 60) % 60}m`;
}

/** A size such as `1.5K`. */
export function shortSize(bytes: number): string {
	return human(bytes);
}

/** What shows how far a transfer is. */
export interface Progress {
	add(bytes: number): Promise<void>;
	end(): Promise<void>;
}

/** Nothing is shown. */
export const NO_PROGRESS: Progress = { add: async () => {}, end: async () => {} };

/** Dots: one for each kibibyte. */
export class Dots implements Progress {
	readonly #total: number | undefined;
	readonly #start: number;
	readonly #startMs = Date.now();
	#received: number;
	/** Dots that were drawn. */
	#dots = 0;

	constructor(total: number | undefined, start: number) {
		this.#total = total;
		this.#start = start;
		this.#received = start;
	}

	async add(bytes: number): Promise<void> {
		this.#received += bytes;
		let text = "";
		const dots = Math.floor(this.#received / DOT_BYTES);
		while (this.#dots < dots) text += this.#dot();
		if (text !== "") await stderr.write(text);
	}

	#dot(): string {
		const column = this.#dots % DOTS_IN_LINE;
		const from = column === 0 ? `${String((this.#dots * DOT_BYTES) / 1024).padStart(6)}K` : "";
		const gap = column % DOTS_IN_CLUSTER === 0 ? " " : "";
		const mark = (this.#dots + 1) * DOT_BYTES <= this.#start ? "," : ".";
		this.#dots++;
		const end = this.#dots % DOTS_IN_LINE === 0 ? `${this.#tail(this.#dots * DOT_BYTES)}\n` : "";
		return `${from}${gap}${mark}${end}`;
	}

	#tail(at: number): string {
		const share = this.#total ? `${Math.floor((at * 100) / this.#total)}%` : "";
		const rate = speed(this.#received - this.#start, Date.now() - this.#startMs);
		return ` ${share.padStart(4)} ${rate.replace(/ (\w)B\/s| B\/s/, (_, unit) => unit ?? "")}`;
	}

	async end(): Promise<void> {
		const column = this.#dots % DOTS_IN_LINE;
		const rest = DOTS_IN_LINE - column;
		const head = column === 0 ? `${String((this.#dots * DOT_BYTES) / 1024).padStart(6)}K` : "";
		const gaps = Math.ceil((DOTS_IN_LINE - column) / DOTS_IN_CLUSTER) - (column % DOTS_IN_CLUSTER === 0 ? 0 : 1);
		await stderr.write(`${head}${" ".repeat(rest + gaps)}${this.#tail(this.#total ?? this.#received)}\n`);
	}
}

/** A bar, drawn again and again in one line. */
export class Bar implements Progress {
	readonly #name: string;
	readonly #total: number | undefined;
	readonly #start: number;
	readonly #columns: number;
	readonly #startMs = Date.now();
	#received: number;
	#drawnMs = Number.NEGATIVE_INFINITY;
	#step = 0;

	constructor(name: string, total: number | undefined, start: number, columns: number) {
		this.#name = name;
		this.#total = total;
		this.#start = start;
		this.#received = start;
		this.#columns = columns;
	}

	async add(bytes: number): Promise<void> {
		this.#received += bytes;
		const now = Date.now();
		if (now - this.#drawnMs < REDRAW_MS) return;
		this.#drawnMs = now;
		await stderr.write(`\r${this.#line(now)}`);
	}

	#line(now: number, end = false): string {
		const ms = now - this.#startMs;
		const got = this.#received - this.#start;
		const share = this.#total ? Math.min(1, this.#received / this.#total) : undefined;
		const rate = speed(got, ms).replace(" ", "");
		const left = share && got > 0 ? (ms * ((this.#total as number) - this.#received)) / got : undefined;
		const time = end ? `in ${took(ms)}` : left === undefined ? "" : `eta ${took(left)}`;
		const name = this.#name.length > NAME_COLUMNS ? `${this.#name.slice(0, NAME_COLUMNS - 1)}…` : this.#name;
		const percent = share === undefined ? "" : `${Math.floor(share * 100)}%`;
		const tail = `] ${shortSize(this.#received).padStart(7)}  ${rate.padStart(8)}    ${time.padEnd(10)}`;
		const head = `${name.padEnd(NAME_COLUMNS)}${percent.padStart(4)}[`;
		const width = Math.max(5, this.#columns - head.length - tail.length - 1);
		return head + this.#bar(share, width) + tail;
	}

	#bar(share: number | undefined, width: number): string {
		if (share === undefined) {
			const at = this.#step++ % Math.max(1, width - 3);
			return `${" ".repeat(at)}<=>`.padEnd(width);
		}
		const filled = Math.round(share * width);
		return `${filled === 0 ? "" : `${"=".repeat(filled - 1)}>`}`.padEnd(width);
	}

	async end(): Promise<void> {
		await stderr.write(`\r${this.#line(Date.now(), true)}\n`);
	}
}

/** The columns of standard error's terminal. */
export async function columns(): Promise<number> {
	return (await size(2).catch(() => ({ columns: 80 }))).columns;
}
