/** Filling of paragraphs: where lines are broken so that all are about as long. */

/** A filled line. */
export interface FilledLine {
	text: string;
	first: boolean;
}

/** What a line costs that ends `short` columns before the goal: squares keep lines alike. */
function shortCost(short: number): number {
	return short * short * 100;
}

/**
 * Breaks words, each with the blanks behind it, into lines of at most `width` columns that come near `goal`, all lines of
 * the paragraph considered together (as Knuth and Plass do it for TeX).
 */
export function fill(
	words: readonly string[],
	width: number,
	goal: number,
	firstIndent: number,
	restIndent: number,
): FilledLine[] {
	const bare = words.map((word) => word.trimEnd());
	const count = words.length;
	const best = new Array<number>(count + 1).fill(Number.POSITIVE_INFINITY);
	const next = new Array<number>(count + 1).fill(count);
	best[count] = 0;
	for (let start = count - 1; start >= 0; start--) {
		let length = start === 0 ? firstIndent : restIndent;
		for (let end = start; end < count; end++) {
			const fits = length + (bare[end] as string).length;
			if (fits > width && end > start) break;
			const rest = best[end + 1] as number;
			const followed = end + 1 < count;
			let cost = rest + (followed ? shortCost(goal - fits) : 0);
			if (followed) cost += breakCost(bare, end) + raggedCost(fits, bare, end + 1, next, restIndent, words);
			if (cost < (best[start] as number)) {
				best[start] = cost;
				next[start] = end + 1;
			}
			length += (words[end] as string).length;
		}
	}
	const lines: FilledLine[] = [];
	for (let at = 0; at < count; at = next[at] as number) {
		lines.push({ text: words.slice(at, next[at]).join("").trimEnd(), first: at === 0 });
	}
	return lines;
}

/** Ends of sentences are good places to break, the word behind one is a bad place, and so are short words. */
function breakCost(bare: readonly string[], end: number): number {
	const word = bare[end] as string;
	if (/[.?!]["')\]]*$/.test(word)) return -2500;
	const before = end > 0 ? (bare[end - 1] as string) : "";
	if (/[.?!]["')\]]*$/.test(before)) return Math.floor(40_000 / (word.length + 2));
	return /[,;:]$/.test(word) ? -1600 : 0;
}

/** Lines that follow each other should be alike. */
function raggedCost(
	length: number,
	bare: readonly string[],
	from: number,
	next: readonly number[],
	indent: number,
	words: readonly string[],
): number {
	const to = next[from] as number;
	if (to >= bare.length) return 0;
	const following = indent + words.slice(from, to).join("").trimEnd().length;
	return ((length - following) * (length - following) * 100) / 2;
}
