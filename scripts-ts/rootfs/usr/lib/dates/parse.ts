/** Dates as people write them, for `date -d`, `touch -d` and `find -newermt`. The machine's time is UTC. */

import { MONTHS } from "/usr/lib/dates/format.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const UNITS_MS: Record<string, number> = {
	sec: SECOND_MS,
	second: SECOND_MS,
	min: MINUTE_MS,
	minute: MINUTE_MS,
	hour: HOUR_MS,
	day: DAY_MS,
	week: 7 * DAY_MS,
	fortnight: 14 * DAY_MS,
};
const UNITS_MONTHS: Record<string, number> = { month: 1, year: 12 };
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const ORDINALS: Record<string, number> = { last: -1, this: 0, next: 1, a: 1, an: 1, third: 3, fourth: 4, fifth: 5 };
const ZONES: Record<string, number> = {
	z: 0,
	utc: 0,
	gmt: 0,
	est: -5,
	edt: -4,
	cst: -6,
	pst: -8,
	pdt: -7,
	cet: 1,
	cest: 2,
};
const NUMERIC_ZONE = /^([+-])(\d{2}):?(\d{2})?$/;

/** What has been said so far. */
interface Reading {
	year: number;
	month: number;
	day: number;
	/** Time of day, in milliseconds; unsaid: as it is now, or midnight where a day was named. */
	time: number | undefined;
	dated: boolean;
	months: number;
	offset: number;
	zone: number;
	weekday: { day: number; step: number } | undefined;
}

/** A year of two digits: 69 to 99 are of the last century. */
function fullYear(text: string): number {
	const year = Number(text);
	return text.length > 2 ? year : year + (year < 69 ? 2000 : 1900);
}

function setDate(reading: Reading, year: number, month: number, day: number): boolean {
	if (month < 1 || month > 12 || day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return false;
	if (reading.dated) return false;
	Object.assign(reading, { year, month, day, dated: true });
	return true;
}

function setTime(reading: Reading, match: RegExpExecArray, half: string): boolean {
	let hours = Number(match[1]);
	const [minutes, seconds] = [Number(match[2] ?? 0), Number(match[3] ?? 0)];
	if (reading.time !== undefined || minutes > 59 || seconds >= 61) return false;
	if (half !== "") {
		if (hours < 1 || hours > 12) return false;
		hours = (hours % 12) + (half.startsWith("p") ? 12 : 0);
	}
	if (hours > 23) return false;
	const fraction = Number(`0.${(match[4] ?? "").slice(0, 3) || 0}`) * SECOND_MS;
	reading.time = hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS + Math.round(fraction);
	return true;
}

function monthOf(word: string): number {
	if (word.length < 3) return 0;
	return (
		MONTHS.findIndex(
			(name) => name.toLowerCase() === word || name.toLowerCase().slice(0, 3) === word.replace(/\.$/, ""),
		) + 1
	);
}

function weekdayOf(word: string): number {
	const names = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
	return word.length < 3
		? -1
		: names.findIndex((name) => name === word || (WEEKDAYS.includes(word) && name.startsWith(word)));
}

/** Reads words from the front; each reader takes some or none. */
class Reader {
	readonly #words: string[];
	readonly #reading: Reading;

	constructor(words: string[], reading: Reading) {
		this.#words = words;
		this.#reading = reading;
	}

	/** Reads all; whether every word meant something. */
	all(): boolean {
		while (this.#words.length > 0) {
			const word = this.#words[0] as string;
			const taken =
				this.#named(word) || this.#date(word) || this.#time(word) || this.#relative(word) || this.#day(word);
			if (!taken) return false;
		}
		return true;
	}

	#take(count: number): true {
		this.#words.splice(0, count);
		return true;
	}

	#named(word: string): boolean {
		if (word === "now" || word === "today") return this.#take(1);
		if (word === "yesterday" || word === "tomorrow") {
			this.#reading.offset += word === "tomorrow" ? DAY_MS : -DAY_MS;
			return this.#take(1);
		}
		if (word === "noon" || word === "midnight") {
			this.#reading.time = word === "noon" ? 12 * HOUR_MS : 0;
			return this.#take(1);
		}
		if (!Object.hasOwn(ZONES, word)) return false;
		this.#reading.zone = (ZONES[word] ?? 0) * HOUR_MS;
		return this.#take(1);
	}

	#date(word: string): boolean {
		const reading = this.#reading;
		const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(word);
		if (iso !== null) return setDate(reading, Number(iso[1]), Number(iso[2]), Number(iso[3])) && this.#take(1);
		const american = /^(\d{1,2})\/(\d{1,2})(?:\/(\d{2}|\d{4}))?$/.exec(word);
		if (american !== null) {
			const year = american[3] === undefined ? reading.year : fullYear(american[3]);
			return setDate(reading, year, Number(american[1]), Number(american[2])) && this.#take(1);
		}
		const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(word);
		if (compact !== null)
			return setDate(reading, Number(compact[1]), Number(compact[2]), Number(compact[3])) && this.#take(1);
		const joined = /^(\d{1,2})-([a-z]{3,9})-(\d{2}|\d{4})$/.exec(word);
		if (joined !== null)
			return setDate(reading, fullYear(joined[3] ?? ""), monthOf(joined[2] ?? ""), Number(joined[1])) && this.#take(1);
		return this.#written(word);
	}

	/** `3 Jan 2035`, `Jan 3, 2035`, `Jan 3`. */
	#written(word: string): boolean {
		const [, second = "", third = ""] = this.#words;
		const [before, after] = [monthOf(word), monthOf(second)];
		if (after > 0 && /^\d{1,2}$/.test(word)) {
			const said = /^\d{4}$/.test(third);
			return (
				setDate(this.#reading, said ? Number(third) : this.#reading.year, after, Number(word)) &&
				this.#take(said ? 3 : 2)
			);
		}
		const day = /^(\d{1,2}),?$/.exec(second);
		if (before === 0 || day === null) return false;
		const said = /^\d{4}$/.test(third);
		return (
			setDate(this.#reading, said ? Number(third) : this.#reading.year, before, Number(day[1])) &&
			this.#take(said ? 3 : 2)
		);
	}

	#time(word: string): boolean {
		const match = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(am|pm|a\.m\.|p\.m\.)?(z|[+-]\d{2}:?(?:\d{2})?)?$/.exec(
			word,
		);
		const short = match === null ? /^(\d{1,2})(am|pm)$/.exec(word) : null;
		if (short !== null)
			return (
				setTime(this.#reading, [short[0], short[1]] as unknown as RegExpExecArray, short[2] ?? "") && this.#take(1)
			);
		if (match === null) return this.#zone(word);
		const next = this.#words[1] ?? "";
		const apart = match[5] === undefined && /^(am|pm|a\.m\.|p\.m\.)$/.test(next);
		if (!setTime(this.#reading, match, match[5] ?? (apart ? next : ""))) return false;
		if (match[6] !== undefined && match[6] !== "z") this.#setZone(match[6]);
		return this.#take(apart ? 2 : 1);
	}

	#setZone(text: string): void {
		const [, sign, hours, minutes = "0"] = NUMERIC_ZONE.exec(text) ?? [];
		this.#reading.zone = (sign === "-" ? -1 : 1) * (Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS);
	}

	/** `+0200` after a time of day. */
	#zone(word: string): boolean {
		if (this.#reading.time === undefined || !NUMERIC_ZONE.test(word) || this.#unit(this.#words[1] ?? "") !== undefined)
			return false;
		this.#setZone(word);
		return this.#take(1);
	}

	#unit(word: string): { months: number; ms: number } | undefined {
		const one = word.replace(/s$/, "");
		if (Object.hasOwn(UNITS_MONTHS, one)) return { months: UNITS_MONTHS[one] ?? 0, ms: 0 };
		return Object.hasOwn(UNITS_MS, one) ? { months: 0, ms: UNITS_MS[one] ?? 0 } : undefined;
	}

	/** `2 days ago`, `+1 week`, `next month`, `hour`. */
	#relative(word: string): boolean {
		const number = /^([+-]?\d+)([a-z]*)$/.exec(word);
		const ordinal = Object.hasOwn(ORDINALS, word);
		let count = number === null ? (ordinal ? (ORDINALS[word] ?? 0) : 1) : Number(number[1]);
		let words = 1;
		let unit = this.#unit(number === null ? word : (number[2] ?? ""));
		if (unit === undefined && (ordinal || number?.[2] === "")) {
			unit = this.#unit(this.#words[1] ?? "");
			words = 2;
		}
		if (unit === undefined) return false;
		if (this.#words[words] === "ago") {
			count = -count;
			words++;
		}
		this.#reading.months += unit.months * count;
		this.#reading.offset += unit.ms * count;
		return this.#take(words);
	}

	/** `monday`, `next fri`. */
	#day(word: string): boolean {
		const ordinal = Object.hasOwn(ORDINALS, word);
		const day = weekdayOf((ordinal ? (this.#words[1] ?? "") : word).replace(/,$/, ""));
		if (day < 0) return false;
		this.#reading.weekday = { day, step: ordinal ? (ORDINALS[word] ?? 0) : 0 };
		return this.#take(ordinal ? 2 : 1);
	}
}

function resolve(reading: Reading, nowMs: number): number {
	const { weekday } = reading;
	const midnight = reading.dated || weekday !== undefined;
	const time = reading.time ?? (midnight ? 0 : ((nowMs % DAY_MS) + DAY_MS) % DAY_MS);
	let day = Date.UTC(reading.year, reading.month - 1 + reading.months, reading.day);
	if (weekday !== undefined && !reading.dated) {
		const ahead = (weekday.day - new Date(day).getUTCDay() + 7) % 7;
		const weeks = weekday.step > 0 && ahead > 0 ? weekday.step - 1 : weekday.step;
		day += (ahead + weeks * 7) * DAY_MS;
	}
	return day + time + reading.offset - reading.zone;
}

/** The time that `text` means, in milliseconds since the Unix epoch; `undefined` for what is none. */
export function parseDate(text: string, nowMs: number): number | undefined {
	const seconds = /^\s*@(-?\d+(?:\.\d+)?)\s*$/.exec(text);
	if (seconds !== null) return Math.floor(Number(seconds[1]) * SECOND_MS);
	const now = new Date(nowMs);
	const reading: Reading = {
		year: now.getUTCFullYear(),
		month: now.getUTCMonth() + 1,
		day: now.getUTCDate(),
		time: undefined,
		dated: false,
		months: 0,
		offset: 0,
		zone: 0,
		weekday: undefined,
	};
	// The day and the time of ISO 8601 are two words; a sign belongs to its number.
	const spaced = text
		.replace(/(^|\s)([-+])\s+(\d)/g, "$1$2$3")
		.toLowerCase()
		.replace(/(\d{4}-\d{1,2}-\d{1,2})t(\d)/, "$1 $2")
		.trim();
	const words = spaced.split(/\s+/).filter((word) => word !== "");
	if (words.length === 0) return nowMs - (((nowMs % DAY_MS) + DAY_MS) % DAY_MS);
	if (!new Reader(words, reading).all()) return undefined;
	const time = resolve(reading, nowMs);
	return Number.isSafeInteger(time) ? time : undefined;
}
