/** Filling of paragraphs to a width: which lines belong together, and how their words are laid out anew. */

/** What paragraphs may begin with in every line: marks of quotations and of comments. */
const QUOTE = /^(?:[ \t]*(?:[!#%:;>|}]|\/\/))+/;
const BLANKS = /^[ \t]*/;

/** A line's parts: what it is quoted by, how far it is indented, and its words. */
interface Parts {
	quote: string;
	indent: string;
	text: string;
}

function partsOf(line: string): Parts {
	const quote = QUOTE.exec(line)?.[0] ?? "";
	const indent = BLANKS.exec(line.slice(quote.length))?.[0] ?? "";
	return { quote, indent, text: line.slice(quote.length + indent.length) };
}

/** Whether a line goes on with the paragraph that `before` is in, of which it is the second line or a later one. */
function goesOn(line: Parts, before: Parts, second: Parts | undefined): boolean {
	if (line.text.trim() === "" || line.quote !== before.quote) return false;
	// The first line may be indented otherwise; all others are alike.
	return second === undefined ? line.indent.length <= before.indent.length : line.indent === second.indent;
}

/** The first line of a paragraph and the line behind its last one. */
export type Paragraph = [from: number, to: number];

/** The end of the paragraph that begins at a line, which holds words. */
function endOf(lines: readonly string[], from: number, limit: number): number {
	let before = partsOf(lines[from] as string);
	let second: Parts | undefined;
	let at = from + 1;
	for (; at < limit; at++) {
		const line = partsOf(lines[at] as string);
		if (!goesOn(line, before, second)) break;
		second ??= line;
		before = line;
	}
	return at;
}

function isEmpty(line: string): boolean {
	return partsOf(line).text.trim() === "";
}

/** The paragraph that a line is in, or the next one behind it; `undefined` where there is none. */
export function paragraphAt(lines: readonly string[], line: number): Paragraph | undefined {
	let first = line;
	while (first < lines.length && isEmpty(lines[first] as string)) first++;
	if (first === lines.length) return undefined;
	// Paragraphs are found from the start of what has no empty line in it.
	let from = first;
	while (from > 0 && !isEmpty(lines[from - 1] as string)) from--;
	for (;;) {
		const to = endOf(lines, from, lines.length);
		if (to > first) return [from, to];
		from = to;
	}
}

/** The paragraphs of some lines. */
export function paragraphsIn(lines: readonly string[], first: number, limit: number): Paragraph[] {
	const found: Paragraph[] = [];
	for (let at = first; at < limit; ) {
		if (isEmpty(lines[at] as string)) {
			at++;
			continue;
		}
		const to = endOf(lines, at, limit);
		found.push([at, to]);
		at = to;
	}
	return found;
}

/** Words with the blanks behind them: one, or two behind the end of a sentence where there were two. */
function wordsOf(lines: readonly Parts[]): string[] {
	const words: string[] = [];
	for (const { text } of lines) {
		for (const [, word = "", blanks = ""] of text.matchAll(/([^ \t]+)([ \t]*)/g)) {
			const sentence = /[.?!][)\]'"]*$/.test(word) && blanks.length > 1;
			words.push(`${word}${sentence ? "  " : " "}`);
		}
	}
	return words;
}

/** The lines of a paragraph, filled anew: none wider than `width`, but for words that are. */
export function justified(lines: readonly string[], width: number, widthOf: (text: string) => number): string[] {
	const parts = lines.map(partsOf);
	const first = parts[0] as Parts;
	const rest = parts[1] ?? first;
	const made: string[] = [];
	const margin = rest.quote + rest.indent;
	const marginWidth = widthOf(margin);
	let line = first.quote + first.indent;
	let used = widthOf(line);
	let bare = true;
	for (const word of wordsOf(parts)) {
		// No tab is in it: it is as wide wherever it stands.
		const text = word.trimEnd();
		const own = widthOf(text);
		if (!bare && used + own > width) {
			made.push(line.trimEnd());
			line = margin;
			used = marginWidth;
		}
		line += word;
		used += own + word.length - text.length;
		bare = false;
	}
	made.push(line.trimEnd());
	return made;
}
