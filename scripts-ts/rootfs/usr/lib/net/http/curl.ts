/** What `curl` shows besides what it gets: progress, variables of `--write-out`, statuses. */

import { stderr } from "helios:process";
import type { Answer } from "/usr/lib/net/http/ask.ts";

/** What became of a transfer. */
export interface Transfer {
	startMs: number;
	/** When the head of the answer had come. */
	firstMs: number;
	endMs: number;
	received: number;
	/** How many bytes there will be, if known. */
	total: number | undefined;
	sent: number;
	redirects: number;
	url: string;
	file: string;
	answer: Answer | undefined;
}

const SUFFIXES = ["k", "M", "G", "T"];

/** Bytes in five characters, as the progress meter has them. */
export function five(bytes: number): string {
	if (bytes < 100_000) return `${Math.floor(bytes)}`.padStart(5);
	let value = bytes / 1024;
	let at = 0;
	while (value >= 10_000) {
		value /= 1024;
		at++;
	}
	const text = value >= 100 || at === 0 ? `${Math.floor(value)}` : value.toFixed(1);
	return `${text.slice(0, 4)}${SUFFIXES[at]}`.padStart(5);
}

/** `0:00:01`, or dashes. */
function clock(seconds: number | undefined): string {
	const whole = Math.floor(seconds ?? 0);
	if (whole <= 0 || !Number.isFinite(whole)) return "--:--:--";
	const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
	return `${h}:${String(m).padStart(2, "0")}:${String(s).padStart(2, "0")}`.padStart(8);
}

/** How often the meter is drawn again. */
const REDRAW_MS = 500;

/** The meter on standard error. */
export class Meter {
	#drawnMs = Number.NEGATIVE_INFINITY;
	#begun = false;
	readonly #bar: boolean;

	constructor(bar: boolean) {
		this.#bar = bar;
	}

	/** Draws how far it is, if it is time or the end. */
	async draw(transfer: Transfer, end = false): Promise<void> {
		const now = Date.now();
		if (!end && now - this.#drawnMs < REDRAW_MS) return;
		this.#drawnMs = now;
		let text = "";
		if (!this.#begun && !this.#bar) {
			text =
				"  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n" +
				"                                 Dload  Upload   Total   Spent    Left  Speed\n";
		}
		this.#begun = true;
		await stderr.write(`${text}\r${this.#bar ? bar(transfer) : line(transfer, now)}${end ? "\n" : ""}`);
	}
}

function line({ startMs, received, total, sent }: Transfer, now: number): string {
	const seconds = (now - startMs) / 1000;
	const speed = seconds > 0 ? received / seconds : 0;
	const up = seconds > 0 ? sent / seconds : 0;
	const all = total === undefined ? received + sent : total + sent;
	const percent = (part: number, whole: number | undefined): string =>
		`${whole ? Math.floor((part * 100) / whole) : 0}`.padStart(3);
	const totalSeconds = total !== undefined && speed > 0 ? total / speed : undefined;
	const left = totalSeconds === undefined ? undefined : totalSeconds - seconds;
	return (
		`${percent(received + sent, total === undefined ? undefined : all)} ${five(all)}  ` +
		`${percent(received, total)} ${five(received)}  ${percent(sent, sent)} ${five(sent)}  ` +
		`${five(speed)}  ${five(up)} ${clock(totalSeconds)} ${clock(seconds)} ${clock(left)} ${five(speed)}`
	);
}

const BAR_COLUMNS = 72;

function bar({ received, total }: Transfer): string {
	const share = total ? Math.min(1, received / total) : received > 0 ? 1 : 0;
	const filled = "#".repeat(Math.round(share * BAR_COLUMNS));
	return `${filled.padEnd(BAR_COLUMNS)} ${(share * 100).toFixed(1)}%`;
}

const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

/** The text of `--write-out`. */
export function writeOut(format: string, transfer: Transfer): string {
	const seconds = (ms: number): string => (ms / 1000).toFixed(6);
	const { answer, startMs, firstMs, endMs, received } = transfer;
	const took = endMs - startMs;
	const header = (name: string): string => answer?.fields.find(({ key }) => key === name)?.value ?? "";
	const variables: Record<string, () => string> = {
		content_type: () => header("content-type"),
		filename_effective: () => transfer.file,
		http_code: () => String(answer?.status ?? 0).padStart(3, "0"),
		http_version: () => (answer === undefined ? "0" : `1.${answer.minor}`),
		num_redirects: () => `${transfer.redirects}`,
		redirect_url: () => {
			const to = header("location");
			return to !== "" && URL.canParse(to, transfer.url) ? new URL(to, transfer.url).href : "";
		},
		response_code: () => String(answer?.status ?? 0).padStart(3, "0"),
		size_download: () => `${received}`,
		size_upload: () => `${transfer.sent}`,
		speed_download: () => `${took > 0 ? Math.floor((received * 1000) / took) : received}`,
		time_starttransfer: () => seconds(firstMs - startMs),
		time_total: () => seconds(took),
		url: () => transfer.url,
		url_effective: () => transfer.url,
	};
	return format.replace(/%\{([^}]*)\}|%%|\\(.)/g, (whole, name, escaped) => {
		if (whole === "%%") return "%";
		if (escaped !== undefined) return ESCAPES[escaped] ?? whole;
		return Object.hasOwn(variables, name) ? (variables[name] as () => string)() : whole;
	});
}
