/**
 * The line editor: one line, or a text of several, at a terminal, with the keys of Emacs, history, search and
 * completion. What is complete, what completes and what has been typed before come from its owner.
 */

import { now } from "helios:time";
import { ansiLines } from "/usr/lib/tui/ansi.ts";
import { Terminal, type TerminalEvent } from "/usr/lib/tui/app.ts";
import { EditBuffer, KillRing } from "/usr/lib/tui/editor/buffer.ts";
import { type Completion, commonPrefix, labelOf } from "/usr/lib/tui/editor/completion.ts";
import { type Layout, layOut } from "/usr/lib/tui/editor/layout.ts";
import { HistorySearch } from "/usr/lib/tui/editor/search.ts";
import { editText } from "/usr/lib/tui/editor/text-keys.ts";
import { InlineView } from "/usr/lib/tui/inline.ts";
import type { KeyEvent } from "/usr/lib/tui/keys.ts";
import { PLAIN, type Span } from "/usr/lib/tui/style.ts";
import { inColumns } from "/usr/lib/tui/text.ts";

export type { Candidate, Completion } from "/usr/lib/tui/editor/completion.ts";

/** What an editor's owner knows. */
export interface EditorOptions {
	/** What was typed before, the oldest first. */
	history?: () => readonly string[];
	/** How the text before the cursor may go on. */
	complete?: (text: string, cursor: number) => Promise<Completion>;
	/** Whether Enter ends the text; without it, it always does. */
	isComplete?: (text: string) => boolean;
	/** What stands before the second line and those after it; `> ` by default. */
	continuation?: string;
	/** The text in colours. It must have the same characters. */
	highlight?: (text: string) => Span[];
	/** Signals that end or stop the program are its owner's business. */
	ownSignals?: boolean;
	/** Show in grey how the text went on the last time. */
	suggest?: boolean;
}

/** The line was abandoned with `C-c`. */
export class LineInterrupted extends Error {}

/**
 * What brings the cursor to the start of a row: this one where it is there already, else the next, so that output without
 * a newline stays. A mark and blanks as wide as the terminal wrap in the second case only.
 */
function freshRow(columns: number): string {
	return `\x1b[7m%\x1b[m${" ".repeat(Math.max(0, columns - 1))}\r\x1b[K`;
}

/** Keys that follow one another within this time are pasted, or typed by a program. */
const BURST_MS = 1;
/** More candidates than these are listed only if that is wanted. */
const ASK_ABOVE = 100;
/** A word as the shell has them, with its quotes. */
const WORD = /(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g;

/** Reads lines from the terminal. */
export class LineEditor {
	readonly #options: EditorOptions;
	readonly #ring = new KillRing();
	#buffer = new EditBuffer(this.#ring);
	#terminal: Terminal | undefined;
	#view = new InlineView(80);
	#prompt: Span[][] = [[]];
	#continuation: Span[] = [];
	#entries: readonly string[] = [];
	/** Which entry is shown; as many as there are: the line that is being written. */
	#entry = 0;
	#edited = new Map<number, string>();
	#search: HistorySearch | undefined;
	#beforeSearch: { text: string; cursor: number } | undefined;
	#lastName = "";
	#argument: { back: number; from: number } | undefined;
	#prefix: string | undefined;
	#pending: TerminalEvent[] = [];
	#result: string | null | undefined;
	#interrupted = false;

	constructor(options: EditorOptions = {}) {
		this.#options = options;
	}

	/**
	 * Reads one line; `null` at the end of input.
	 *
	 * @throws {LineInterrupted} when it is abandoned.
	 */
	async readLine(prompt: string, continued = false): Promise<string | null> {
		const terminal = await Terminal.open({ paste: true, frugal: true, ownSignals: this.#options.ownSignals === true });
		this.#terminal = terminal;
		terminal.unread(this.#pending.splice(0));
		this.#begin(prompt, continued);
		try {
			await terminal.write(freshRow(terminal.columns));
			let lastMs = Number.NEGATIVE_INFINITY;
			let burst = false;
			while (this.#result === undefined && !this.#interrupted) {
				const event = await this.#next(terminal, burst);
				burst = now() - lastMs <= BURST_MS;
				lastMs = now();
				if (event !== undefined) await this.#handle(event);
			}
			await this.#finish(terminal);
		} finally {
			this.#terminal = undefined;
			await terminal.release();
		}
		if (this.#interrupted) throw new LineInterrupted("interrupted");
		return this.#result as string | null;
	}

	/** The next event. The line is drawn before it is waited for, unless keys come faster than anybody types. */
	async #next(terminal: Terminal, burst: boolean): Promise<TerminalEvent | undefined> {
		if (terminal.busy) return terminal.next();
		const soon = burst ? await terminal.next(BURST_MS) : undefined;
		if (soon !== undefined) return soon;
		await this.#draw();
		return terminal.next();
	}

	/** Writes something above the line under edit, such as news of a job; answers whether there is one. */
	async interject(text: string): Promise<boolean> {
		if (this.#terminal === undefined) return false;
		await this.#terminal.write(`${this.#view.erase()}${text.replaceAll("\n", "\r\n")}`);
		await this.#draw();
		return true;
	}

	#begin(prompt: string, continued: boolean): void {
		this.#buffer = new EditBuffer(this.#ring);
		this.#view = new InlineView((this.#terminal as Terminal).columns);
		this.#prompt = ansiLines(prompt);
		this.#continuation = ansiLines(this.#options.continuation ?? "> ")[0] ?? [];
		this.#entries = continued ? [] : (this.#options.history?.() ?? []);
		this.#entry = this.#entries.length;
		this.#edited.clear();
		this.#search = undefined;
		this.#lastName = "";
		this.#result = undefined;
		this.#interrupted = false;
	}

	async #finish(terminal: Terminal): Promise<void> {
		this.#search = undefined;
		this.#buffer.moveTo(this.#buffer.text.length);
		await terminal.write(this.#draft(false) + (this.#interrupted ? "^C" : "") + this.#view.leave());
		// What was typed ahead within one read belongs to the next line.
		for (let event = await terminal.next(0); event !== undefined; event = await terminal.next(0))
			this.#pending.push(event);
	}

	#layout(withHint: boolean): Layout {
		const { text, cursor } = this.#buffer;
		const search = this.#search;
		const prompt: Span[][] = search === undefined ? this.#prompt : [[[search.prompt, PLAIN]]];
		return layOut({
			prompt,
			continuation: this.#continuation,
			text: this.#options.highlight?.(text) ?? [[text, PLAIN]],
			cursor,
			hint: withHint ? this.#hint() : "",
			columns: (this.#terminal as Terminal).columns,
		});
	}

	#draft(withHint = true): string {
		const { rows, row, column } = this.#layout(withHint);
		const height = (this.#terminal as Terminal).rows;
		// A text that is higher than the terminal is shown around its cursor.
		const first = rows.length <= height ? 0 : Math.min(Math.max(0, row - height + 1), rows.length - height);
		return this.#view.update(rows.slice(first, first + height), row - first, column);
	}

	async #draw(): Promise<void> {
		await this.#terminal?.write(this.#draft());
	}

	/** How the text went on the last time that it began so. */
	#hint(): string {
		const { text, cursor } = this.#buffer;
		if (this.#options.suggest !== true || this.#search !== undefined) return "";
		if (text === "" || cursor !== text.length || text.includes("\n")) return "";
		const entry = this.#entries.findLast((each) => each.length > text.length && each.startsWith(text));
		return entry === undefined ? "" : (entry.slice(text.length).split("\n", 1)[0] as string);
	}

	async #handle(event: TerminalEvent): Promise<void> {
		switch (event.kind) {
			case "end":
				this.#result = null;
				return;
			case "redraw":
				await this.#redraw();
				return;
			case "paste":
				this.#leaveSearch();
				this.#buffer.insert(event.text);
				return;
			case "key":
				if (this.#search !== undefined && this.#searchKey(event, this.#search)) return;
				await this.#key(event);
				this.#lastName = event.name;
		}
	}

	async #redraw(): Promise<void> {
		const terminal = this.#terminal as Terminal;
		await terminal.write(this.#view.erase());
		this.#view = new InlineView(terminal.columns);
	}

	async #key(event: KeyEvent): Promise<void> {
		const action = Object.hasOwn(KEYS, event.name) ? KEYS[event.name] : undefined;
		if (action !== undefined) await action(this.#buffer, this.#commands);
		else editText(this.#buffer, event);
		if (!ARGUMENT_KEYS.includes(event.name)) this.#argument = undefined;
		if (!PREFIX_KEYS.includes(event.name)) this.#prefix = undefined;
	}

	/** What keys do that are about more than the text. */
	readonly #commands: Commands = {
		accept: () => this.#accept(),
		interrupt: () => {
			this.#interrupted = true;
		},
		endOfInput: () => {
			this.#result = null;
		},
		clear: async () => {
			this.#view.reset();
			await this.#terminal?.write("\x1b[H\x1b[2J");
		},
		history: (by) => this.#walk(by),
		historyEnd: (by) => this.#show(by < 0 ? 0 : this.#entries.length),
		prefixSearch: (by) => this.#prefixSearch(by),
		search: (backward) => this.#startSearch(backward),
		complete: () => this.#complete(),
		lastArgument: () => this.#lastArgument(),
		takeHint: () => {
			const hint = this.#hint();
			if (hint !== "") this.#buffer.insert(hint);
			return hint !== "";
		},
		quoted: async () => {
			const event = await this.#terminal?.next();
			if (event?.kind === "key") this.#buffer.insert(literal(event));
		},
	};

	#accept(): void {
		const { text } = this.#buffer;
		if (this.#options.isComplete?.(text) === false) this.#buffer.insert("\n");
		else this.#result = text;
	}

	#show(entry: number): boolean {
		if (entry < 0 || entry > this.#entries.length || entry === this.#entry) return false;
		this.#edited.set(this.#entry, this.#buffer.text);
		this.#entry = entry;
		this.#buffer.replace(this.#edited.get(entry) ?? this.#entries[entry] ?? "");
		return true;
	}

	/** Goes to the line above or below; from the first or the last one, to another entry. */
	#walk(by: -1 | 1): void {
		if (!this.#buffer.vertical(by)) this.#show(this.#entry + by);
	}

	/** Goes to the next entry that begins as what is before the cursor. */
	#prefixSearch(by: -1 | 1): void {
		this.#prefix ??= this.#buffer.text.slice(0, this.#buffer.cursor);
		const prefix = this.#prefix;
		for (let at = this.#entry + by; at >= 0 && at <= this.#entries.length; at += by) {
			const text = this.#edited.get(at) ?? this.#entries[at] ?? "";
			if (!text.startsWith(prefix) || text === this.#buffer.text) continue;
			this.#show(at);
			this.#buffer.moveTo(prefix.length);
			return;
		}
	}

	#startSearch(backward: boolean): void {
		this.#beforeSearch = { text: this.#buffer.text, cursor: this.#buffer.cursor };
		this.#search = new HistorySearch(this.#entries, backward);
	}

	#leaveSearch(): void {
		const search = this.#search;
		if (search === undefined) return;
		this.#search = undefined;
		if (search.found !== undefined) this.#entry = search.index;
	}

	/** A key during a search; answers whether it was about that. */
	#searchKey(event: KeyEvent, search: HistorySearch): boolean {
		if (event.name === "C-r" || event.name === "C-s") search.next(event.name === "C-r");
		else if (event.name === "Backspace" || event.name === "C-h") search.refine(search.query.slice(0, -1));
		else if (event.name === "C-g" || event.name === "C-c") {
			this.#search = undefined;
			const before = this.#beforeSearch;
			if (before !== undefined) this.#buffer.replace(before.text, before.cursor);
			// `C-g` gives up the search, `C-c` the line.
			return event.name === "C-g";
		} else if (event.text !== "") search.refine(search.query + event.text);
		else {
			this.#leaveSearch();
			// Escape ends the search; every other key does what it does, on what was found.
			return event.name === "Escape";
		}
		if (search.found !== undefined && search.query !== "") this.#buffer.replace(search.found, search.offset);
		return true;
	}

	async #complete(): Promise<void> {
		const { complete } = this.#options;
		if (complete === undefined) return this.#buffer.insert("\t");
		const { text, cursor } = this.#buffer;
		// A completer that fails completes nothing; the line must not go with it.
		const { from, candidates } = await complete(text, cursor).catch(() => ({ from: cursor, candidates: [] }));
		const [only] = candidates;
		if (only === undefined) return this.#ringBell();
		if (candidates.length === 1) return this.#buffer.splice(from, cursor, only.text + (only.suffix ?? " "));
		const prefix = commonPrefix(candidates.map((candidate) => candidate.text));
		const written = text.slice(from, cursor);
		// What is common may differ from what was typed by quotes alone; it never makes the text shorter.
		if (prefix.length > written.length) this.#buffer.splice(from, cursor, prefix);
		else if (this.#lastName === "Tab") await this.#list(candidates.map(labelOf));
		else await this.#ringBell();
	}

	async #ringBell(): Promise<void> {
		await this.#terminal?.write("\x07");
	}

	async #list(labels: readonly string[]): Promise<void> {
		const terminal = this.#terminal as Terminal;
		const names = [...new Set(labels)].sort();
		await terminal.write(this.#draft(false) + this.#view.leave());
		this.#view.reset();
		if (names.length > ASK_ABOVE) {
			await terminal.write(`Display all ${names.length} possibilities? (y or n)`);
			const event = await terminal.next();
			await terminal.write("\r\n");
			if (event?.kind !== "key" || !/^[yY ]$/.test(event.text)) return;
		}
		await terminal.write(`${inColumns(names, terminal.columns).join("\r\n")}\r\n`);
	}

	/** Puts in the last word of the entry before; again: of the one before that. */
	#lastArgument(): void {
		const again = this.#argument !== undefined;
		const back = again ? (this.#argument?.back ?? 0) + 1 : 1;
		const from = this.#argument?.from ?? this.#buffer.cursor;
		const entry = this.#entries[this.#entries.length - back];
		if (entry === undefined) return;
		const word = entry.match(WORD)?.at(-1) ?? "";
		this.#buffer.splice(from, again ? this.#buffer.cursor : from, word);
		this.#argument = { back, from };
	}
}

/** What a key may ask of the editor. */
interface Commands {
	accept(): void;
	interrupt(): void;
	endOfInput(): void;
	clear(): Promise<void>;
	history(by: -1 | 1): void;
	historyEnd(by: -1 | 1): void;
	prefixSearch(by: -1 | 1): void;
	search(backward: boolean): void;
	complete(): Promise<void>;
	lastArgument(): void;
	takeHint(): boolean;
	quoted(): Promise<void>;
}

type Action = (buffer: EditBuffer, commands: Commands) => unknown;

/** The character that a key stands for, where it is put in as it is. */
function literal(event: KeyEvent): string {
	if (event.text !== "") return event.text;
	const named: Record<string, string> = { Tab: "\t", Enter: "\r", Escape: "\x1b", Backspace: "\x7f", "C-@": "\0" };
	const known = named[event.name];
	if (known !== undefined) return known;
	return /^C-.$/.test(event.name) ? String.fromCharCode(event.name.toUpperCase().charCodeAt(2) - 0x40) : "";
}

const ARGUMENT_KEYS = ["M-.", "M-_"];
const PREFIX_KEYS = ["PageUp", "PageDown", "M-p", "M-n"];

const right: Action = (buffer, commands) => {
	if (buffer.cursor < buffer.text.length || !commands.takeHint()) buffer.right();
};
const toEnd: Action = (buffer, commands) => {
	if (buffer.cursor < buffer.text.length || !commands.takeHint()) buffer.moveTo(buffer.lineEnd());
};
/** What keys do that is about more than the text; `TEXT_KEYS` has the others. */
const KEYS: Record<string, Action> = {
	"C-c": (_, commands) => commands.interrupt(),
	"C-d": (buffer, commands) => (buffer.text === "" ? commands.endOfInput() : buffer.deleteForward()),
	"C-e": toEnd,
	"C-f": right,
	"C-j": (_, commands) => commands.accept(),
	"C-l": (_, commands) => commands.clear(),
	"C-n": (_, commands) => commands.history(1),
	"C-p": (_, commands) => commands.history(-1),
	"C-r": (_, commands) => commands.search(true),
	"C-s": (_, commands) => commands.search(false),
	"C-v": (_, commands) => commands.quoted(),
	Down: (_, commands) => commands.history(1),
	End: toEnd,
	Enter: (_, commands) => commands.accept(),
	"M-.": (_, commands) => commands.lastArgument(),
	"M-<": (_, commands) => commands.historyEnd(-1),
	"M->": (_, commands) => commands.historyEnd(1),
	"M-Enter": (buffer) => buffer.insert("\n"),
	"M-_": (_, commands) => commands.lastArgument(),
	"M-n": (_, commands) => commands.prefixSearch(1),
	"M-p": (_, commands) => commands.prefixSearch(-1),
	PageDown: (_, commands) => commands.prefixSearch(1),
	PageUp: (_, commands) => commands.prefixSearch(-1),
	Right: right,
	Tab: (_, commands) => commands.complete(),
	Up: (_, commands) => commands.history(-1),
};
