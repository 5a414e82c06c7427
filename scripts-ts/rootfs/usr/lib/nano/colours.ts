/** The colours of a document's lines, worked out once for each line and state. */

import type { Change, Document } from "/usr/lib/nano/document.ts";
import type { Highlighter, State } from "/usr/lib/tui/highlight.ts";
import { PLAIN, type Span } from "/usr/lib/tui/style.ts";

/** Lines above the window from which colours are worked out, where nothing is known. */
const LINES_BACK = 200;
/** More new lines than these are not looked at before they are shown. */
const MAX_ADDED = 100;
const LINES_KEPT = 256;
/** Longer lines are not kept by their text. */
const MAX_UNITS = 4096;

interface Coloured {
	state: State;
	spans: Span[];
	after: State;
}

/** What is open at the start of each line, as far as it is known, and how lines look. */
export class Colours {
	readonly #document: Document;
	readonly #highlighter: Highlighter | undefined;
	/** The first line that something is known of. */
	#base = 0;
	#states: State[] = [0];
	/** Lines by their text: they move, and their colours with them. */
	readonly #kept = new Map<string, Coloured>();

	constructor(document: Document, highlighter: Highlighter | undefined) {
		this.#document = document;
		this.#highlighter = highlighter;
	}

	/** The spans of a line that begins in a state. */
	spans(index: number, state: State): Span[] {
		return this.#coloured(index, state).spans;
	}

	#coloured(index: number, state: State): Coloured {
		const text = this.#document.line(index);
		const kept = this.#kept.get(text);
		if (kept !== undefined && kept.state === state) return kept;
		const highlighter = this.#highlighter;
		const done = highlighter === undefined ? { spans: [[text, PLAIN]] as Span[], state: 0 } : highlighter(text, state);
		const coloured = { state, spans: done.spans, after: done.state };
		if (this.#kept.size > LINES_KEPT) this.#kept.clear();
		if (text.length <= MAX_UNITS) this.#kept.set(text, coloured);
		return coloured;
	}

	/** What is open at the start of a line. */
	state(index: number): State {
		const changes = this.#document.changes.splice(0);
		if (this.#highlighter === undefined) return 0;
		for (const change of changes) this.#follow(change);
		if (index < this.#base || index - this.#base - this.#states.length > LINES_BACK * 2) {
			// Far from what is known: the lines shortly above will have to do.
			this.#base = Math.max(0, index - LINES_BACK);
			this.#states = [0];
		}
		while (this.#base + this.#states.length <= index) {
			const line = this.#base + this.#states.length - 1;
			this.#states.push(this.#coloured(line, this.#states.at(-1) as State).after);
		}
		return this.#states[index - this.#base] as State;
	}

	/** Puts what is known right after a change; below it, nothing need be done where the same is open as before. */
	#follow({ line, removed, added }: Change): void {
		const at = line - this.#base;
		if (at < 0) {
			this.#base = 0;
			this.#states = [0];
			return;
		}
		if (at >= this.#states.length) return;
		const known = this.#states[at + removed];
		if (known === undefined || added > MAX_ADDED) {
			this.#states.length = at + 1;
			return;
		}
		const fresh: State[] = [];
		let state = this.#states[at] as State;
		for (let more = 0; more < added; more++) {
			state = this.#coloured(line + more, state).after;
			fresh.push(state);
		}
		if (state === known) this.#states.splice(at + 1, removed, ...fresh);
		else {
			this.#states.length = at + 1;
			this.#states.push(...fresh);
		}
	}
}
