/** A field of one row to type in, such as the prompts at the bottom of `less`, `nano` and `top`. */

import { EditBuffer, KillRing } from "/usr/lib/tui/editor/buffer.ts";
import { editText } from "/usr/lib/tui/editor/text-keys.ts";
import type { InputEvent } from "/usr/lib/tui/keys.ts";
import { PLAIN, type Span, type Style } from "/usr/lib/tui/style.ts";
import { printable } from "/usr/lib/tui/text.ts";
import { clusters, textWidth } from "/usr/lib/tui/wcwidth.ts";

/** What was typed in fields of one kind, the oldest first. */
export type FieldHistory = string[];

/** Most entries of a history. */
const MAX_HISTORY = 100;

/** Adds what was typed, unless it was typed just before. */
export function remember(history: FieldHistory, text: string): void {
	if (text === "" || history.at(-1) === text) return;
	history.push(text);
	if (history.length > MAX_HISTORY) history.shift();
}

/** A label and a text under edit. */
export class Field {
	readonly buffer = new EditBuffer(new KillRing());
	readonly label: string;
	readonly #history: FieldHistory;
	#entry: number;
	#draft = "";

	constructor(label: string, text = "", history: FieldHistory = []) {
		this.label = label;
		this.#history = history;
		this.#entry = history.length;
		this.buffer.text = text;
		this.buffer.cursor = text.length;
	}

	get text(): string {
		return this.buffer.text;
	}

	/** Takes a key; answers whether it was one of a field's. */
	handle(event: InputEvent): boolean {
		if (event.kind === "paste") {
			this.buffer.insert(event.text.replaceAll("\n", " ").trimEnd());
			return true;
		}
		if (event.name === "Up" || event.name === "C-p") return this.#walk(-1);
		if (event.name === "Down" || event.name === "C-n") return this.#walk(1);
		return editText(this.buffer, event);
	}

	#walk(by: -1 | 1): boolean {
		const to = this.#entry + by;
		if (to < 0 || to > this.#history.length) return true;
		if (this.#entry === this.#history.length) this.#draft = this.buffer.text;
		this.#entry = to;
		this.buffer.replace(this.#history[to] ?? this.#draft);
		return true;
	}

	/** The row, scrolled so that the cursor is within `columns`. */
	view(columns: number, style: Style = PLAIN): { spans: Span[]; column: number } {
		const label = printable(this.label);
		const room = Math.max(1, columns - textWidth(label) - 1);
		const before = printable(this.buffer.text.slice(0, this.buffer.cursor), 1);
		const after = printable(this.buffer.text.slice(this.buffer.cursor), 1);
		let shown = before;
		if (textWidth(before) > room) {
			const parts = clusters(before);
			let width = textWidth(before);
			let first = 0;
			while (width > room) width -= parts[first++]?.width ?? width;
			shown = parts
				.slice(first)
				.map((part) => part.text)
				.join("");
		}
		return { spans: [[label + shown + after, style]], column: textWidth(label) + textWidth(shown) };
	}
}
