/** Dates of HTTP (RFC 9110, 5.6.7). */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

let cachedSecond = -1;
let cachedText = "";

/** A date as HTTP writes it: `Mon, 01 Jan 2035 00:00:00 GMT`. */
export function httpDate(ms: number): string {
	const second = Math.floor(ms / 1000);
	if (second !== cachedSecond) {
		cachedSecond = second;
		cachedText = new Date(second * 1000).toUTCString();
	}
	return cachedText;
}

const FIXDATE = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/;
const RFC850 = /^[A-Z][a-z]{5,8}, (\d{2})-([A-Z][a-z]{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2}) GMT$/;
const ASCTIME = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d{2}):(\d{2}):(\d{2}) (\d{4})$/;

function toMs(
	year: number,
	month: string,
	day: string,
	hour: string,
	minute: string,
	second: string,
): number | undefined {
	const index = MONTHS.indexOf(month);
	const numbers = [day, hour, minute, second].map(Number) as [number, number, number, number];
	const [d, h, m, s] = numbers;
	if (index < 0 || d < 1 || d > 31 || h > 23 || m > 59 || s > 60) return undefined;
	return Date.UTC(year, index, d, h, m, s);
}

/** A year of two digits is the last one that is not more than 50 years ahead. */
function fullYear(short: number, now: number): number {
	const current = new Date(now).getUTCFullYear();
	const year = current - (current % 100) + short;
	return year > current + 50 ? year - 100 : year;
}

/** The milliseconds since the Unix epoch of a date in one of the three forms; `undefined` where it is none. */
export function parseHttpDate(text: string, now: number = Date.now()): number | undefined {
	const fix = FIXDATE.exec(text) as string[] | null;
	if (fix !== null) {
		const [, day, month, year, hour, minute, second] = fix as [string, string, string, string, string, string, string];
		return toMs(Number(year), month, day, hour, minute, second);
	}
	const old = RFC850.exec(text) as string[] | null;
	if (old !== null) {
		const [, day, month, year, hour, minute, second] = old as [string, string, string, string, string, string, string];
		return toMs(fullYear(Number(year), now), month, day, hour, minute, second);
	}
	const asctime = ASCTIME.exec(text) as string[] | null;
	if (asctime === null) return undefined;
	const [, month, day, hour, minute, second, year] = asctime as [
		string,
		string,
		string,
		string,
		string,
		string,
		string,
	];
	return toMs(Number(year), month, day, hour, minute, second);
}
