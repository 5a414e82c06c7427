/** `echo`, as the command and as the shell's builtin. */

import { type Dialect, settled, unescape } from "/usr/lib/text/escapes.ts";

const ESCAPES: Dialect = { octal: /^0[0-7]{0,3}/, quotes: false };

/** What `echo` prints for its arguments; `escapes` says whether it resolves them where no option does. */
export function echo(words: readonly string[], escapes = false): string {
	let at = 0;
	let newline = true;
	let resolves = escapes;
	for (; /^-[neE]+$/.test(words[at] ?? ""); at++) {
		for (const letter of (words[at] as string).slice(1)) {
			if (letter === "n") newline = false;
			else resolves = letter === "e";
		}
	}
	const text = words.slice(at).join(" ");
	const [out, cut] = resolves && text.includes("\\") ? unescape(text, ESCAPES) : [text, false];
	return newline && !cut ? `${settled(out)}\n` : settled(out);
}
