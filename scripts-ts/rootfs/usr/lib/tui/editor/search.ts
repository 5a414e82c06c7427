/** Searching the history step by step, as `C-r` and `C-s` do. */

/** A search under way. */
export class HistorySearch {
	query = "";
	/** The entry that was found; -1 before there is one. */
	index: number;
	/** Where in it. */
	offset = 0;
	failed = false;
	backward: boolean;
	readonly #entries: readonly string[];

	constructor(entries: readonly string[], backward: boolean) {
		this.#entries = entries;
		this.backward = backward;
		this.index = backward ? entries.length : -1;
	}

	/** The entry that was found. */
	get found(): string | undefined {
		return this.#entries[this.index];
	}

	/** What stands in the place of the prompt. */
	get prompt(): string {
		const name = this.backward ? "reverse-i-search" : "i-search";
		return `(${this.failed ? "failed " : ""}${name})\`${this.query}': `;
	}

	/** Goes on to the next entry that holds the query. */
	next(backward: boolean): void {
		this.backward = backward;
		this.#look(this.index + (backward ? -1 : 1));
	}

	/** Searches for a longer query, beginning with the entry that was found; for a shorter one from the start. */
	refine(query: string): void {
		const longer = query.startsWith(this.query) && !this.failed;
		this.query = query;
		if (query === "") {
			this.failed = false;
			return;
		}
		const start = this.backward ? this.#entries.length - 1 : 0;
		this.#look(longer && this.index >= 0 && this.index < this.#entries.length ? this.index : start);
	}

	#look(from: number): void {
		const step = this.backward ? -1 : 1;
		for (let at = from; at >= 0 && at < this.#entries.length; at += step) {
			const entry = this.#entries[at] as string;
			const offset = this.backward ? entry.lastIndexOf(this.query) : entry.indexOf(this.query);
			// The same line again is no news.
			if (offset < 0 || (at !== from && entry === this.found)) continue;
			this.index = at;
			this.offset = offset;
			this.failed = false;
			return;
		}
		this.failed = true;
	}
}
