/** `time`: how long a pipeline took. */

import { info } from "helios:process";
import { now } from "helios:time";
import type { Co } from "/usr/lib/sh/co.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";

/** Times so far, in milliseconds. */
export interface Usage {
	real: number;
	user: number;
}

/** Times so far. The machine counts no time of its own apart from a process's. */
export async function usage(): Promise<Usage> {
	const { cpuUs, childrenCpuUs } = await info();
	return { real: now(), user: (cpuUs + childrenCpuUs) / 1000 };
}

function seconds(ms: number, precision: number, long: boolean): string {
	const unit = 10 ** precision;
	const total = Math.floor((ms / 1000) * unit + 1e-6) / unit;
	if (!long) return total.toFixed(precision);
	const minutes = Math.floor(total / 60);
	return `${minutes}m${(total - minutes * 60).toFixed(precision)}s`;
}

/** Prints the times of a pipeline, as `$TIMEFORMAT` says. */
export function* reportTime(shell: Shell, before: Usage, after: Usage, posix: boolean): Co<void> {
	const real = after.real - before.real;
	const user = after.user - before.user;
	const form = posix
		? "real %2R\nuser %2U\nsys %2S"
		: (shell.get("TIMEFORMAT") ?? "\nreal\t%3lR\nuser\t%3lU\nsys\t%3lS");
	if (form === "") return;
	const text = form.replace(/%(?:%|P|([0-3])?(l)?([RUS]))/g, (all, precision: string, long: string, what: string) => {
		if (all === "%%") return "%";
		if (all === "%P") return (real === 0 ? 0 : (user / real) * 100).toFixed(2);
		const ms = what === "R" ? real : what === "U" ? user : 0;
		return seconds(ms, Number(precision ?? 3), long !== undefined);
	});
	yield* shell.write(2, `${text}\n`);
}
