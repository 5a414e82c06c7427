/** The editor at its terminal: buffers, bars, messages and prompts. What its keys do is in `keys.ts`. */

import { Document } from "/usr/lib/nano/document.ts";
import type { OnDisk } from "/usr/lib/nano/files.ts";
import type { SearchOptions } from "/usr/lib/nano/search.ts";
import { EditView } from "/usr/lib/nano/view.ts";
import type { Terminal, TerminalEvent } from "/usr/lib/tui/app.ts";
import { Field, type FieldHistory, remember } from "/usr/lib/tui/field.ts";
import { highlighterOf, languageOf } from "/usr/lib/tui/highlight.ts";
import type { KeyEvent } from "/usr/lib/tui/keys.ts";
import { PLAIN, REVERSE, type Span } from "/usr/lib/tui/style.ts";
import { clip, fit, printable } from "/usr/lib/tui/text.ts";
import { textWidth } from "/usr/lib/tui/wcwidth.ts";

/** How the editor was started. */
export interface EditorSettings {
	numbers: boolean;
	viewOnly: boolean;
	autoindent: boolean;
	constant: boolean;
	restricted: boolean;
	blanks: boolean;
	softwrap: boolean;
	/** Columns that justified lines may take; where it is 0 or less, those of the terminal and it. */
	fill: number;
	tab: number;
	colours: boolean;
}

/** One text, its file and its window. */
export interface Buffer {
	/** Where it is saved; empty while it has no name. */
	path: string;
	document: Document;
	view: EditView;
	dos: boolean;
	disk: OnDisk | undefined;
}

/** A key and what it is for, as the two lines at the bottom show them. */
export type Hint = readonly [key: string, about: string];

/** A prompt was given up. */
export class Cancelled extends Error {}

const BAR_ROWS = 1;
const STATUS_ROWS = 1;
const HELP_ROWS = 2;
const HINT_COLUMNS = 16;

const MAIN_HINTS: readonly Hint[] = [
	["^G", "Help"],
	["^X", "Exit"],
	["^O", "Write Out"],
	["^R", "Read File"],
	["^W", "Where Is"],
	["^\\", "Replace"],
	["^K", "Cut"],
	["^U", "Paste"],
	["^C", "Location"],
	["^/", "Go To Line"],
	["M-U", "Undo"],
	["M-E", "Redo"],
	["M-A", "Set Mark"],
	["M-6", "Copy"],
	["M-N", "Numbers"],
	["M-W", "Next"],
	["^J", "Justify"],
	["M-S", "Soft Wrap"],
];

/** A prompt's answer: the text, or a key that means something there. */
export interface Answer {
	text: string;
	key: string;
}

/** The editor. */
export class Editor {
	readonly terminal: Terminal;
	readonly settings: EditorSettings;
	readonly buffers: Buffer[] = [];
	current = 0;
	message = "";
	/** The editor ends. */
	done = false;
	/** What was cut, and whether the next cut adds to it. */
	cutText = "";
	cutting = false;
	readonly search: SearchOptions = { caseSensitive: false, regexp: false, backward: false };
	readonly searches: FieldHistory = [];
	readonly replacements: FieldHistory = [];
	helpShown = true;

	constructor(terminal: Terminal, settings: EditorSettings) {
		this.terminal = terminal;
		this.settings = settings;
	}

	get buffer(): Buffer {
		return this.buffers[this.current] as Buffer;
	}

	get document(): Document {
		return this.buffer.document;
	}

	/** Adds a buffer and makes it the current one. */
	add(path: string, text: string, dos: boolean, disk: OnDisk | undefined): Buffer {
		const document = new Document(text);
		const view = new EditView(document);
		view.tab = this.settings.tab;
		view.numbers = this.settings.numbers;
		view.softwrap = this.settings.softwrap;
		const buffer = { path, document, view, dos, disk };
		this.buffers.push(buffer);
		this.current = this.buffers.length - 1;
		this.recolour();
		return buffer;
	}

	/** Chooses colours by the file's name. */
	recolour(): void {
		const { view, path, document } = this.buffer;
		const language = this.settings.colours ? languageOf(path, document.line(0)) : undefined;
		view.colour(language === undefined ? undefined : highlighterOf(language));
	}

	/** Rows of the text. */
	get textRows(): number {
		const below = STATUS_ROWS + (this.helpShown && this.terminal.rows > 6 ? HELP_ROWS : 0);
		return Math.max(1, this.terminal.rows - BAR_ROWS - below);
	}

	/** Lays everything out and writes what has changed. */
	async draw(hints: readonly Hint[] = MAIN_HINTS): Promise<void> {
		const { screen } = this.terminal;
		const { view } = this.buffer;
		view.rows = this.textRows;
		view.columns = screen.columns;
		view.follow(false);
		screen.set(0, this.#bar());
		for (const [row, spans] of view.visible().entries()) screen.set(BAR_ROWS + row, spans);
		screen.set(this.#statusRow, this.#status());
		this.#hints(hints);
		const { row, column } = view.cursor();
		screen.cursor(BAR_ROWS + row, column);
		await this.terminal.draw();
	}

	get #statusRow(): number {
		return BAR_ROWS + this.textRows;
	}

	#bar(): Span[] {
		const { columns } = this.terminal;
		const { path, document } = this.buffer;
		const count = this.buffers.length > 1 ? `  [${this.current + 1}/${this.buffers.length}]` : "  nano";
		const name = path === "" ? "New Buffer" : printable(path);
		const state = this.settings.viewOnly ? "View" : document.modified ? "Modified" : "";
		const left = count.padEnd(10);
		const middle = clip(name, Math.max(4, columns - left.length - state.length - 3));
		const pad = Math.max(0, Math.floor((columns - textWidth(middle)) / 2) - left.length);
		const text = fit(`${left}${" ".repeat(pad)}${middle}`, Math.max(0, columns - state.length - 2));
		return [[`${text}${state}  `, REVERSE]];
	}

	#status(): Span[] {
		const text = this.message === "" && this.settings.constant ? this.location() : this.message;
		if (text === "") return [];
		const shown = clip(`[ ${printable(text)} ]`, this.terminal.columns);
		return [
			[" ".repeat(Math.floor((this.terminal.columns - textWidth(shown)) / 2)), PLAIN],
			[shown, REVERSE],
		];
	}

	/** Where the cursor is, in words. */
	location(): string {
		const { document, view } = this.buffer;
		const { line, at } = document.cursor;
		const count = document.lines.length;
		const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.floor((part * 100) / whole));
		const column = view.columnOf(document.line(), at) + 1;
		const columns = view.columnOf(document.line(), document.line().length) + 1;
		return `line ${line + 1}/${count} (${percent(line + 1, count)}%), col ${column}/${columns} (${percent(column, columns)}%)`;
	}

	#hints(hints: readonly Hint[]): void {
		const { screen } = this.terminal;
		const first = this.#statusRow + 1;
		if (first >= screen.rows) return;
		const across = Math.max(1, Math.min(Math.floor(screen.columns / HINT_COLUMNS), Math.ceil(hints.length / 2)));
		const width = Math.floor(screen.columns / across);
		for (let row = 0; row < HELP_ROWS; row++) {
			const spans: Span[] = [];
			for (let at = 0; at < across; at++) {
				const hint = hints[at * 2 + row];
				if (hint === undefined) continue;
				const [key, about] = hint;
				spans.push([key, REVERSE], [fit(` ${about}`, Math.max(0, width - key.length)), PLAIN]);
			}
			screen.set(first + row, spans);
		}
	}

	/** The next key, while nothing is asked. */
	async event(timeoutMs?: number): Promise<TerminalEvent | undefined> {
		return this.terminal.next(timeoutMs);
	}

	/** Shows a field with hints and waits for its end; keys in `special` end it too. */
	async ask(
		label: string,
		text = "",
		history: FieldHistory = [],
		hints: readonly Hint[] = [["^C", "Cancel"]],
		special: readonly string[] = [],
	): Promise<Answer> {
		const field = new Field(label, text, history);
		for (;;) {
			await this.#drawField(field, hints);
			const event = await this.terminal.next();
			if (event === undefined || event.kind === "redraw") continue;
			if (event.kind === "end") throw new Cancelled("Cancelled");
			if (event.kind === "key" && special.includes(event.name)) return { text: field.text, key: event.name };
			if (event.kind === "key" && (event.name === "Enter" || event.name === "C-j")) {
				remember(history, field.text);
				return { text: field.text, key: "Enter" };
			}
			if (event.kind === "key" && (event.name === "C-c" || event.name === "Escape")) throw new Cancelled("Cancelled");
			field.handle(event);
		}
	}

	async #drawField(field: Field, hints: readonly Hint[]): Promise<void> {
		const { screen } = this.terminal;
		this.message = "";
		await this.#behind(hints);
		const { spans, column } = field.view(screen.columns, REVERSE);
		const text = spans.map(([piece]) => piece).join("");
		screen.set(this.#statusRow, [[fit(text, screen.columns), REVERSE]]);
		screen.cursor(this.#statusRow, column);
		await this.terminal.draw();
	}

	/** Lays the text out behind a prompt, without writing it yet. */
	async #behind(hints: readonly Hint[]): Promise<void> {
		const { screen } = this.terminal;
		const { view } = this.buffer;
		view.rows = this.textRows;
		view.columns = screen.columns;
		view.follow(false);
		screen.set(0, this.#bar());
		for (const [row, spans] of view.visible().entries()) screen.set(BAR_ROWS + row, spans);
		this.#hints(hints);
	}

	/** Asks for one of some keys. `answers` are letters; `^C` gives up. */
	async choose(question: string, answers: string, hints: readonly Hint[]): Promise<string> {
		const { screen } = this.terminal;
		for (;;) {
			await this.#behind([...hints, ["^C", "Cancel"]]);
			screen.set(this.#statusRow, [[fit(question, screen.columns), REVERSE]]);
			screen.cursor(this.#statusRow, textWidth(question));
			await this.terminal.draw();
			const event = await this.terminal.next();
			if (event?.kind === "end" || (event?.kind === "key" && isCancel(event))) throw new Cancelled("Cancelled");
			if (event?.kind !== "key") continue;
			const letter = event.text.toLowerCase();
			if (letter !== "" && answers.includes(letter)) return letter;
		}
	}

	/** Asks a question that is answered by yes or no. */
	async confirm(question: string): Promise<boolean> {
		const letter = await this.choose(question, "yn", [
			[" Y", "Yes"],
			[" N", "No"],
		]);
		return letter === "y";
	}

	/** Closes the current buffer; the editor ends with the last. */
	drop(): void {
		this.buffers.splice(this.current, 1);
		this.current = Math.max(0, Math.min(this.current, this.buffers.length - 1));
		if (this.buffers.length === 0) this.done = true;
	}
}

function isCancel(event: KeyEvent): boolean {
	return event.name === "C-c" || event.name === "Escape";
}
