/** Looking for pages by what they say of themselves: `apropos` and `whatis`, and `man` with their options. */

import { summaries, summaryLine } from "/usr/lib/man/pages.ts";
import { fail, print, quote } from "/usr/lib/sh/cli.ts";

/** Status where nothing was found, as `man` has it. */
export const STATUS_NOT_FOUND = 16;

/** Prints the pages whose name or line fits each of some words, as regular expressions. */
export async function apropos(words: readonly string[]): Promise<number> {
	const all = await summaries();
	let status = 0;
	for (const word of words) {
		let pattern: RegExp;
		try {
			pattern = new RegExp(word, "i");
		} catch {
			await fail(`invalid pattern ${quote(word)}`);
			status = 1;
			continue;
		}
		const found = all.filter(({ page, names, about }) =>
			[page.name, ...names, about].some((text) => pattern.test(text)),
		);
		for (const summary of found) await print(`${summaryLine(summary)}\n`);
		if (found.length > 0) continue;
		await fail(`${word}: nothing appropriate.`);
		status = STATUS_NOT_FOUND;
	}
	return status;
}

/** Prints the one line of the pages of some names. */
export async function whatis(words: readonly string[]): Promise<number> {
	const all = await summaries();
	let status = 0;
	for (const word of words) {
		const found = all.filter(({ page, names }) => page.name === word || names.includes(word));
		for (const summary of found) await print(`${summaryLine(summary)}\n`);
		if (found.length > 0) continue;
		await fail(`${word}: nothing appropriate.`);
		status = STATUS_NOT_FOUND;
	}
	return status;
}
