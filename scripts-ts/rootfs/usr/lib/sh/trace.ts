/** `set -x`: what runs, on standard error. */

import type { Co } from "/usr/lib/sh/co.ts";
import { expandPrompt } from "/usr/lib/sh/prompt.ts";
import { traced } from "/usr/lib/sh/quote.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";

/** Shows a line, after `$PS4`; its first character once more for each substitution around. */
export function* traceLine(shell: Shell, text: string): Co<void> {
	shell.options.delete("xtrace");
	const { status } = shell;
	const ps4 = yield* expandPrompt(shell, shell.get("PS4") ?? "+ ");
	shell.status = status;
	shell.options.add("xtrace");
	yield* shell.write(2, `${ps4.slice(0, 1).repeat(shell.nesting - 1)}${ps4}${text}\n`);
}

/** An assignment, as it is shown. */
export function assigned(place: string, append: boolean, value: string): string {
	return `${place}${append ? "+" : ""}=${value === "" ? "" : traced(value)}`;
}

/** Shows a command. */
export function traceWords(shell: Shell, words: readonly string[]): Co<void> {
	return traceLine(shell, words.map(traced).join(" "));
}
