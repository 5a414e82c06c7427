/** Sizes as people write and read them. */

import type { Stat } from "helios:fs";
import { isFile } from "helios:fs";

/** What disks give files in one piece. */
const CLUSTER_BYTES = 4096;
const UNITS = "KMGTPEZY";

/** A size of at most four characters, as `1.5K` or `2.0M`, rounded up: what does not fit is worse than what is left. */
export function human(bytes: number, base: 1024 | 1000 = 1024): string {
	if (bytes < base) return String(bytes);
	let size = bytes;
	let unit = -1;
	for (; size >= base && unit < UNITS.length - 1; unit++) size /= base;
	const tenths = Math.ceil(size * 10);
	let text = tenths < 100 ? (tenths / 10).toFixed(1) : String(Math.ceil(size));
	if (Number(text) >= base) {
		text = "1.0";
		unit++;
	}
	return text + (base === 1000 && unit === 0 ? "k" : UNITS.charAt(unit));
}

/** Bytes on disk: whole clusters for the contents of files, nothing for what has none. */
export function diskBytes(about: Stat): number {
	return isFile(about) ? Math.ceil(about.size / CLUSTER_BYTES) * CLUSTER_BYTES : 0;
}

/** A size as people write it: `10`, `4K`, `4KiB`, `1MB` (powers of 1000), `2b` (512); `undefined` for what is none. */
export function parseSize(text: string): number | undefined {
	const match = /^(\d*)(?:(b|c|w)|([kKMGTPE])(B|iB)?)?$/.exec(text);
	if (match === null || text === "") return undefined;
	const [, digits = "", small, unit, end] = match;
	if (digits === "" && unit === undefined) return undefined;
	const factor =
		small !== undefined
			? ({ b: 512, c: 1, w: 2 }[small] ?? 1)
			: unit === undefined
				? 1
				: (end === "B" ? 1000 : 1024) ** (UNITS.indexOf(unit.toUpperCase()) + 1);
	return (digits === "" ? 1 : Number(digits)) * factor;
}
