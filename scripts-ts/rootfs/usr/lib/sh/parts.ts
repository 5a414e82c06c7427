/** Makes parts of words. */

import type { List, Part } from "/usr/lib/sh/ast.ts";

/** Adds text to the parts of a word. */
export function addText(parts: Part[], text: string, quoted: boolean): void {
	const last = parts.at(-1);
	if (last?.type === "text" && last.quoted === quoted) last.text += text;
	else parts.push({ type: "text", text, quoted });
}

/** A command substitution; one that only redirects its input is the file's text. */
export function command(list: List, quoted: boolean): Part {
	const [item, more] = list;
	const [only, piped] = item?.first.commands ?? [];
	if (
		more === undefined &&
		item?.rest.length === 0 &&
		!item.background &&
		piped === undefined &&
		only?.type === "simple" &&
		only.words.length + only.assignments.length === 0
	) {
		const [redirection, another] = only.redirections;
		if (another === undefined && redirection?.operator === "<" && redirection.fd === 0)
			return { type: "command", list, quoted, file: redirection.target };
	}
	return { type: "command", list, quoted };
}
