/** Filling of paragraphs: where lines are broken so that all are about as long. */

/** A filled line. */
export interface FilledLine {
	text: string;
	first: boolean;
}

/** How far lines may reach, how far they should, and how far the first and the others are indented. */
export interface Measure {
	width: number;
	goal: number;
	firstIndent: number;
	restIndent: number;
}

const LINE_COST = 4900;
/** Behind the end of a sentence is a good place to break. */
const SENTENCE_BONUS = 2500;
/** Behind a full stop that ends none, such as an abbreviation's, is a very bad one. */
const ABBREVIATION_COST = 360_000;
/** Behind other punctuation and before a parenthesis are good ones. */
const PUNCTUATION_BONUS = 1600;
/** A sentence should not leave one short word on its last line, or begin with one on it. */
const WIDOW_COST = 40_000;
const ORPHAN_COST = 22_500;

interface Word {
	text: string;
	/** With the blanks behind it. */
	full: string;
	/** It ends with a full stop, or its like. */
	period: boolean;
	/** It ends a sentence. */
	final: boolean;
}

function wordOf(full: string): Word {
	const text = full.trimEnd();
	const period = /[.?!][)\]'"]*$/.test(text);
	return { text, full, period, final: period && full.length - text.length > 1 };
}

/** What it costs to break before a word. */
function breakCost(words: readonly Word[], at: number): number {
	const word = words[at] as Word;
	const before = words[at - 1];
	let cost = LINE_COST;
	if (before?.period === true) cost += before.final ? -SENTENCE_BONUS : ABBREVIATION_COST;
	else if (before !== undefined && /[!-/:-@[-`{-~]$/.test(before.text)) cost -= PUNCTUATION_BONUS;
	else if (before !== undefined && words[at - 2]?.final === true)
		cost += Math.floor(WIDOW_COST / (before.text.length + 2));
	if (/^[(['"`]/.test(word.text)) cost -= PUNCTUATION_BONUS;
	else if (word.final) cost += Math.floor(ORPHAN_COST / (word.text.length + 2));
	return cost;
}

function square(columns: number): number {
	return columns * columns * 100;
}

/**
 * Breaks words, each with the blanks behind it, into lines, all lines of the paragraph considered together (as Knuth and
 * Plass do it for TeX): lines should end near the goal and be like the next ones.
 */
export function fill(texts: readonly string[], { width, goal, firstIndent, restIndent }: Measure): FilledLine[] {
	const words = texts.map(wordOf);
	const count = words.length;
	// A paragraph ends as a sentence does.
	Object.assign(words[count - 1] as Word, { period: true, final: true });
	const best = new Array<number>(count + 1).fill(0);
	const next = new Array<number>(count + 1).fill(count);
	const lengths = new Array<number>(count + 1).fill(0);
	for (let start = count - 1; start >= 0; start--) {
		let length = (start === 0 ? firstIndent : restIndent) + (words[start] as Word).text.length;
		let least = Number.POSITIVE_INFINITY;
		for (let end = start + 1; ; end++) {
			let cost = best[end] as number;
			if (end < count) {
				cost += square(goal - length);
				if ((next[end] as number) < count) cost += Math.floor(square(length - (lengths[end] as number)) / 2);
			}
			if (cost < least) {
				least = cost;
				next[start] = end;
				lengths[start] = length;
			}
			if (end >= count) break;
			const before = words[end - 1] as Word;
			length += before.full.length - before.text.length + (words[end] as Word).text.length;
			if (length >= width) break;
		}
		best[start] = least + breakCost(words, start);
	}
	const lines: FilledLine[] = [];
	for (let at = 0; at < count; at = next[at] as number) {
		lines.push({ text: texts.slice(at, next[at]).join("").trimEnd(), first: at === 0 });
	}
	return lines;
}
