/** When a job of a crontab is due: five fields, or a name for five. */

/** The values that are let through, field by field. */
export interface Schedule {
	minutes: ReadonlySet<number>;
	hours: ReadonlySet<number>;
	days: ReadonlySet<number>;
	months: ReadonlySet<number>;
	/** 0 is Sunday. */
	weekdays: ReadonlySet<number>;
	/** Days of the month and of the week are both named: a day of either kind will do (POSIX, crontab). */
	eitherDay: boolean;
}

/** A field that means nothing. */
export class ScheduleError extends Error {}

interface Field {
	name: string;
	low: number;
	high: number;
	/** Names of the values, from `low` on. */
	names?: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FIELDS: readonly Field[] = [
	{ name: "minute", low: 0, high: 59 },
	{ name: "hour", low: 0, high: 23 },
	{ name: "day of the month", low: 1, high: 31 },
	{ name: "month", low: 1, high: 12, names: MONTHS },
	// 7 is Sunday too.
	{ name: "day of the week", low: 0, high: 7, names: WEEKDAYS },
];
/** What the names stand for. `@reboot` is no time, and known elsewhere. */
const NICKNAMES: Record<string, string> = {
	"@yearly": "0 0 1 1 *",
	"@annually": "0 0 1 1 *",
	"@monthly": "0 0 1 * *",
	"@weekly": "0 0 * * 0",
	"@daily": "0 0 * * *",
	"@midnight": "0 0 * * *",
	"@hourly": "0 * * * *",
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The 29th of February comes at least once in so many days, also around 2100. */
const DAYS_AHEAD = 9 * 366;

function number(field: Field, text: string): number {
	const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
	const value = named >= 0 ? named + field.low : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
	if (!(value >= field.low && value <= field.high))
		throw new ScheduleError(`${field.name}: '${text}' is not between ${field.low} and ${field.high}`);
	return value;
}

/** `*`, `5`, `1-5`, any of them with `/2`. */
function addRange(field: Field, text: string, values: Set<number>): void {
	const [range = "", step, ...more] = text.split("/");
	if (more.length > 0 || (step !== undefined && !/^[1-9]\d?$/.test(step)))
		throw new ScheduleError(`${field.name}: '${text}' has no step that could be taken`);
	const [from = "", to, ...others] = range.split("-");
	if (others.length > 0) throw new ScheduleError(`${field.name}: '${text}' is no range`);
	const all = range === "*";
	const low = all ? field.low : number(field, from);
	const high = all ? field.high : to === undefined ? (step === undefined ? low : field.high) : number(field, to);
	if (high < low) throw new ScheduleError(`${field.name}: '${text}' ends before it begins`);
	for (let value = low; value <= high; value += Number(step ?? 1)) values.add(value);
}

function parseField(field: Field, text: string): Set<number> {
	const values = new Set<number>();
	for (const part of text.split(",")) addRange(field, part, values);
	return values;
}

/**
 * Reads a schedule: five fields, or a nickname.
 *
 * @throws {ScheduleError} when it is none.
 */
export function parseSchedule(words: readonly string[]): Schedule {
	const [first = ""] = words;
	if (first.startsWith("@")) {
		const stands = Object.hasOwn(NICKNAMES, first) ? NICKNAMES[first] : undefined;
		if (stands === undefined) throw new ScheduleError(`there is no '${first}'`);
		return parseSchedule(stands.split(" "));
	}
	const values = FIELDS.map((field, at) => parseField(field, words[at] ?? ""));
	const [minutes, hours, days, months, weekdays] = values as [
		Set<number>,
		Set<number>,
		Set<number>,
		Set<number>,
		Set<number>,
	];
	if (weekdays.delete(7)) weekdays.add(0);
	const restricted = (text: string | undefined): boolean => text?.startsWith("*") === false;
	return { minutes, hours, days, months, weekdays, eitherDay: restricted(words[2]) && restricted(words[4]) };
}

function isDay(schedule: Schedule, date: Date): boolean {
	const [ofMonth, ofWeek] = [schedule.days.has(date.getUTCDate()), schedule.weekdays.has(date.getUTCDay())];
	return schedule.eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
}

/** The first minute after `afterMs` on which a job is due, in milliseconds since the Unix epoch, UTC. */
export function nextDue(schedule: Schedule, afterMs: number): number | undefined {
	const first = Math.floor(afterMs / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
	let day = Math.floor(first / DAY_MS) * DAY_MS;
	const last = day + DAYS_AHEAD * DAY_MS;
	for (; day < last; day += DAY_MS) {
		const date = new Date(day);
		if (!schedule.months.has(date.getUTCMonth() + 1)) {
			// The day before the next month: months that do not count cost nothing.
			day = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0);
			continue;
		}
		if (!isDay(schedule, date)) continue;
		for (let hour = 0; hour < 24; hour++) {
			if (!schedule.hours.has(hour) || day + (hour + 1) * HOUR_MS <= first) continue;
			for (let minute = 0; minute < 60; minute++) {
				const at = day + hour * HOUR_MS + minute * MINUTE_MS;
				if (schedule.minutes.has(minute) && at >= first) return at;
			}
		}
	}
	return undefined;
}
