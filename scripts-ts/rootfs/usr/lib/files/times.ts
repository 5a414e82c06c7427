/** How `ls`, `find -ls` and others write when a file was changed. */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** After half a year the year says more than the time of day. */
const RECENT_MS = 15_778_476_000;

/** Whether the time of day says more than the year. */
export function isRecent(timeMs: number, nowMs: number): boolean {
	const age = nowMs - timeMs;
	return age >= 0 && age <= RECENT_MS;
}

/** `Jan  1 12:34`, or `Jan  1  2035` of what is old or still to come. */
export function listedTime(timeMs: number, nowMs: number): string {
	const date = new Date(timeMs);
	const day = `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)}`;
	if (!isRecent(timeMs, nowMs)) return `${day}  ${date.getUTCFullYear()}`;
	return `${day} ${date.toISOString().slice(11, 16)}`;
}

/** `2035-01-01 12:34:56.789000000 +0000`, as `stat` and `ls --full-time` have it. */
export function fullTime(timeMs: number): string {
	const [day = "", time = ""] = new Date(timeMs).toISOString().split("T");
	return `${day} ${time.slice(0, -1)}000000 +0000`;
}
