/** Stamps of digits: `[[CC]YY]MMDDhhmm[.ss]` of `touch -t`, and `MMDDhhmm[[CC]YY][.ss]` of `date`. */

function timeOf(year: number, digits: string, seconds: number): number | undefined {
	const [month = 0, day = 0, hour = 0, minute = 0] = (digits.match(/../g) ?? []).map(Number);
	const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
	if (month < 1 || month > 12 || day < 1 || day > days || hour > 23 || minute > 59 || seconds > 60) return undefined;
	return Date.UTC(year, month - 1, day, hour, minute, seconds);
}

function yearOf(text: string, nowMs: number): number {
	if (text === "") return new Date(nowMs).getUTCFullYear();
	const year = Number(text);
	return text.length === 4 ? year : year + (year < 69 ? 2000 : 1900);
}

/** The time of a stamp, the year before the rest; `undefined` for what is none. */
export function parseStamp(text: string, nowMs: number): number | undefined {
	const match = /^((?:\d{2}){0,2})(\d{8})(?:\.(\d{2}))?$/.exec(text);
	if (match === null) return undefined;
	return timeOf(yearOf(match[1] ?? "", nowMs), match[2] ?? "", Number(match[3] ?? 0));
}

/** The same, the year after the rest. */
export function parseDateStamp(text: string, nowMs: number): number | undefined {
	const match = /^(\d{8})((?:\d{2}){0,2})(?:\.(\d{2}))?$/.exec(text);
	if (match === null) return undefined;
	return timeOf(yearOf(match[2] ?? "", nowMs), match[1] ?? "", Number(match[3] ?? 0));
}
