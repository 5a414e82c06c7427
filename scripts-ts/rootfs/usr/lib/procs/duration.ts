/** Times to wait, as `sleep`, `timeout` and `watch` take them. */

const SECONDS: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Nanoseconds of `1.5`, `2m`, `1h`, `inf`; `undefined` for what is none. */
export function parseDuration(text: string): number | undefined {
	if (/^inf(inity)?$/i.test(text)) return Number.POSITIVE_INFINITY;
	const match = /^(\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?)([smhd]?)$/i.exec(text);
	return match === null ? undefined : Number(match[1]) * (SECONDS[match[2] ?? ""] ?? 1) * 1e9;
}
