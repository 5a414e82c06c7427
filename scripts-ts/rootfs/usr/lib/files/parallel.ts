/** Many calls at a time: a round trip for hundreds of files instead of one for each. */

/** Calls under way at most. A process may have 1,024. */
const WIDTH = 256;

/** What `use` answers for each item, in their order; up to `width` at a time. `use` shall not throw. */
export async function inParallel<T, R>(
	items: readonly T[],
	use: (item: T, index: number) => Promise<R>,
	width = WIDTH,
): Promise<R[]> {
	if (items.length <= width) return Promise.all(items.map(use));
	const answers: R[] = [];
	for (let at = 0; at < items.length; at += width) {
		const part = items.slice(at, at + width);
		for (const answer of await Promise.all(part.map((item, index) => use(item, at + index)))) answers.push(answer);
	}
	return answers;
}
