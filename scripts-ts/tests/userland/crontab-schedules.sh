exec 2>&1
ts -e '
import { nextDue, parseSchedule } from "/usr/lib/cron/schedule.ts";
const from = Date.UTC(2035, 0, 1, 0, 0, 30);
const show = (text: string, count = 3) => {
	try {
		const schedule = parseSchedule(text.split(" "));
		const times: string[] = [];
		for (let at: number | undefined = from; times.length < count; ) {
			at = nextDue(schedule, at);
			if (at === undefined) break;
			times.push(new Date(at).toISOString().slice(0, 16));
		}
		console.log(text.padEnd(22), times.join(" ") || "never");
	} catch (error) {
		console.log(text.padEnd(22), (error as Error).message);
	}
};
for (const text of ["* * * * *", "*/20 * * * *", "5-7 3 * * *", "0 0 29 2 *", "0 0 31 feb *", "30 12 1,15 * fri", "0 8-18/4 * * mon-fri", "0 0 * * 7", "0 0 * DEC Sun", "1 2 3 4 *", "10/25 0 * * *", "@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"]) show(text);
for (const text of ["60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "*/0 * * * *", "5-1 * * * *", "a * * * *", "1-2-3 * * * *", "1/2/3 * * * *", "* * * * mon-", "@never", "-1 * * * *", ", * * * *"]) show(text);
'
