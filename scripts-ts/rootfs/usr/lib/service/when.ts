/** Times that a way down is planned for. */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Most minutes ahead: a year. */
const MINUTES_MAX = 525_600;

/** How long after `nowMs` a time is: `now`, `+MINUTES`, or the next `HH:MM` (UTC). `undefined` for what is none. */
export function delayOf(text: string, nowMs: number): number | undefined {
	if (text === "now") return 0;
	const minutes = /^\+(\d{1,6})$/.exec(text)?.[1];
	if (minutes !== undefined) return Number(minutes) <= MINUTES_MAX ? Number(minutes) * MINUTE_MS : undefined;
	const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
	if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) return undefined;
	const wanted = (Number(hour) * 60 + Number(minute)) * MINUTE_MS;
	return (wanted - (nowMs % DAY_MS) + DAY_MS) % DAY_MS;
}
