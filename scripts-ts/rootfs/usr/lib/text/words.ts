/** Words of a line with quotes and backslashes, as `xargs` reads them, and words written so that they can be read. */

/** A quote that is not closed. */
export class UnmatchedQuote extends Error {}

/** The words of a line. @throws {UnmatchedQuote} */
export function wordsOf(line: string): string[] {
	// Without anything special, which is mostly so, blanks alone separate.
	if (!/["'\\]/.test(line)) return line.split(/[ \t\n]+/).filter((word) => word !== "");
	const words: string[] = [];
	const part = /[^ \t\n"'\\]+|"[^"\n]*"|'[^'\n]*'|\\[\s\S]|[ \t\n]+|["']/g;
	let word: string | undefined;
	for (const [text] of line.matchAll(part)) {
		if (/^[ \t\n]/.test(text)) {
			if (word !== undefined) words.push(word);
			word = undefined;
		} else if (text === '"' || text === "'")
			throw new UnmatchedQuote(`unmatched ${text === '"' ? "double" : "single"} quote`);
		else if (text.startsWith('"') || text.startsWith("'")) word = (word ?? "") + text.slice(1, -1);
		else word = (word ?? "") + (text.startsWith("\\") ? text.slice(1) : text);
	}
	if (word !== undefined) words.push(word);
	return words;
}

/** A word as a shell would read it back. */
export function quoted(word: string): string {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
