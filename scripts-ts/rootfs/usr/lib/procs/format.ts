/** How times and shares of processes are written. */

import { info } from "helios:sys";

/** Tenths of a per cent, as `40.0`. */
export function percent(permille: number): string {
	return (permille / 10).toFixed(1);
}

/** CPU time as `0:03`: minutes and seconds. */
export function minutes(ms: number): string {
	const seconds = Math.floor(ms / 1000);
	return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function two(value: number): string {
	return String(value).padStart(2, "0");
}

/** A time as `[DD-]HH:MM:SS`; with `short` as `[[DD-]HH:]MM:SS`. */
export function clock(ms: number, short = false): string {
	const seconds = Math.floor(ms / 1000);
	const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24];
	const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
	if (short && days === 0 && hours === 0) return rest;
	return `${days > 0 ? `${days}-` : ""}${two(hours)}:${rest}`;
}

/** When the machine was switched on, in milliseconds since the Unix epoch. */
export async function bootMs(): Promise<number> {
	return Date.now() - (await info()).uptimeMs;
}

/** How long a machine is up, as `uptime` and `w` say it. */
export function upFor(ms: number): string {
	const total = Math.floor(ms / 60_000);
	const [days, hours, rest] = [Math.floor(total / 1440), Math.floor(total / 60) % 24, total % 60];
	const day = days === 0 ? "" : `${days} day${days === 1 ? "" : "s"}, `;
	return day + (hours === 0 ? `${rest} min` : `${String(hours).padStart(2)}:${two(rest)}`);
}
