/** Completing what is before the cursor: what the completer answers, and what is made of it. */

/** One way to complete. */
export interface Candidate {
	/** What takes the place of the text from `from` to the cursor. */
	text: string;
	/** What it is: `command`, `file`, `directory`, … */
	kind?: string;
	/** What follows where it is the only one: a blank by default. */
	suffix?: string;
	/** How it is listed, where not as its text. */
	label?: string;
}

/** All the ways to complete. */
export interface Completion {
	/** Where what they replace begins. */
	from: number;
	candidates: readonly Candidate[];
}

/** What all texts begin with. */
export function commonPrefix(texts: readonly string[]): string {
	const [first = "", ...rest] = texts;
	let length = first.length;
	for (const text of rest) {
		let same = 0;
		while (same < length && same < text.length && text[same] === first[same]) same++;
		length = same;
	}
	// Half of a surrogate pair is no text.
	if (length > 0 && /[\ud800-\udbff]/.test(first.charAt(length - 1))) length--;
	return first.slice(0, length);
}

/** How a candidate is listed: a path by its last component. */
export function labelOf(candidate: Candidate): string {
	if (candidate.label !== undefined) return candidate.label;
	const text = candidate.text;
	const slash = text.lastIndexOf("/", text.length - 2);
	const name = slash < 0 ? text : text.slice(slash + 1);
	return candidate.kind === "directory" && !name.endsWith("/") ? `${name}/` : name;
}
