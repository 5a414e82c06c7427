/** The pager: files one after the other, what is drawn, and what its commands do. Which key is which is in `keys.ts`. */

import { type File, isDirectory, open } from "helios:fs";
import { env } from "helios:process";
import { Lines } from "/usr/lib/less/lines.ts";
import { BadPattern, type Pattern, parsePattern, searchBackward, searchForward } from "/usr/lib/less/pattern.ts";
import type { Settings } from "/usr/lib/less/settings.ts";
import { type Store, storeOf, storeOfText } from "/usr/lib/less/store.ts";
import { View } from "/usr/lib/less/view.ts";
import { openInput, reason } from "/usr/lib/sh/cli.ts";
import { launch } from "/usr/lib/sh/launch.ts";
import type { Terminal } from "/usr/lib/tui/app.ts";
import { Field, type FieldHistory, remember } from "/usr/lib/tui/field.ts";
import { PLAIN, REVERSE, type Span } from "/usr/lib/tui/style.ts";
import { clip, printable } from "/usr/lib/tui/text.ts";

/** How long what comes through a pipe is waited for before what there is is shown. */
const PATIENCE_MS = 150;
/** How often a followed file is looked at. */
const FOLLOW_MS = 250;

/** Something to say at the bottom, instead of doing what was wanted. */
export class Notice extends Error {}

/** A place that was marked. */
interface Mark {
	file: number;
	at: number;
}

/** A pager on a terminal. */
export class Pager {
	readonly terminal: Terminal;
	readonly settings: Settings;
	readonly files: string[];
	/** The file that is shown. */
	current = -1;
	view: View;
	/** Said at the bottom until the next key. */
	message = "";
	/** The status to end with, once it is time. */
	status: number | undefined;
	/** Lines that `d` and `u` move by, where that was said. */
	half: number | undefined;
	readonly searches: FieldHistory = [];
	readonly #marks = new Map<string, Mark>();
	#fresh = true;
	#endSeen = false;
	#last: { pattern: Pattern; backward: boolean } | undefined;
	#back: (() => Promise<void>) | undefined;
	#watching = false;

	constructor(terminal: Terminal, settings: Settings, files: readonly string[]) {
		this.terminal = terminal;
		this.settings = settings;
		this.files = [...files];
		this.view = new View(new Lines(storeOfText(new Uint8Array(0))), settings.view);
	}

	get #store(): Store {
		return this.view.lines.store;
	}

	/** The name of the file that is shown. */
	get name(): string {
		const name = this.files[this.current] ?? "";
		return name === "-" ? "" : name;
	}

	/** Shows another of the files. One that cannot be read is said so. */
	async show(index: number): Promise<void> {
		const path = this.files[index];
		if (path === undefined) throw new Notice(index < 0 ? "No previous file" : "No next file");
		let file: File;
		try {
			file = await openInput(path);
		} catch (error) {
			throw new Notice(`${path}: ${reason(error)}`);
		}
		if (isDirectory(await file.stat())) {
			await file.close();
			throw new Notice(`${path} is a directory`);
		}
		await this.showStore(await storeOf(file));
		this.current = index;
	}

	/** Shows what a store holds. */
	async showStore(store: Store): Promise<void> {
		const before = this.view;
		this.view = new View(new Lines(store), this.settings.view);
		this.view.pattern = before.pattern;
		this.#fresh = true;
		this.#endSeen = false;
		await before.lines.store.close();
	}

	/** Shows a text of the pager's own; leaving it comes back to what was shown. */
	async showText(text: string): Promise<void> {
		const before = this.view;
		this.#back = async () => {
			this.view = before;
			this.#back = undefined;
		};
		this.view = new View(new Lines(storeOfText(new TextEncoder().encode(text))), this.settings.view);
	}

	/** Ends: of a text of the pager's own, or altogether. */
	async quit(): Promise<void> {
		if (this.#back !== undefined) await this.#back();
		else this.status = 0;
	}

	/** Draws everything. */
	async draw(): Promise<void> {
		const { screen } = this.terminal;
		if (this.view.columns !== screen.columns || this.view.height !== screen.rows - 1) {
			this.view.columns = screen.columns;
			this.view.height = Math.max(1, screen.rows - 1);
			this.view.forget();
		}
		const rows = await this.#patiently(() => this.view.visible());
		for (let row = 0; row < this.view.height; row++) {
			const spans = rows[row];
			screen.set(row, spans ?? [[this.view.lines.store.complete ? "~" : "", PLAIN]]);
		}
		this.#prompt();
		await this.terminal.draw();
		if (rows.length < this.view.height && !this.#store.complete) this.#watch();
	}

	/** Does something that may wait for a pipe, but not for long. */
	async #patiently<T>(work: () => Promise<T>): Promise<T> {
		if (this.#store.complete) return work();
		const store = this.#store;
		const timer = setInterval(() => store.giveUp(), PATIENCE_MS);
		try {
			return await this.terminal.interruptible(work, () => store.giveUp());
		} finally {
			clearInterval(timer);
		}
	}

	/** Has more drawn when it comes. */
	#watch(): void {
		if (this.#watching) return;
		this.#watching = true;
		const store = this.#store;
		void store.until(store.size + 1).then(() => {
			this.#watching = false;
			this.terminal.poke();
		});
	}

	#prompt(): void {
		const { screen } = this.terminal;
		const [text, style] = this.#promptText();
		const cut = clip(printable(text), screen.columns - 1);
		screen.set(screen.rows - 1, [[cut, style]]);
		screen.cursor(screen.rows - 1, cut.length);
	}

	#promptText(): Span {
		if (this.message !== "") return [this.message, REVERSE];
		if (this.#back !== undefined) return ["HELP -- press RETURN for more, or q when done", REVERSE];
		const percent = this.view.percent();
		if (this.settings.style === "more") {
			const part = this.view.atEnd ? "(END)" : percent === undefined ? "" : `(${percent}%)`;
			return [`--More--${part}`, REVERSE];
		}
		if (this.view.atEnd) {
			const next = this.files[this.current + 1];
			return [
				`${this.#fresh ? `${this.#title()} ` : ""}(END)${next === undefined ? "" : ` - Next: ${next}`}`.trim(),
				REVERSE,
			];
		}
		if (this.#fresh && this.#title() !== "") return [this.#title(), REVERSE];
		return [this.view.filter === undefined ? ":" : "& ", PLAIN];
	}

	#title(): string {
		const count = this.files.length;
		return `${this.name}${count > 1 ? ` (file ${this.current + 1} of ${count})` : ""}`;
	}

	/** What a key was has been seen: the file's name and messages go. */
	touched(): void {
		this.message = "";
		this.#fresh = false;
	}

	/** Moves down; at the end that may end the pager. */
	async forward(count: number): Promise<void> {
		await this.view.visible();
		if (await this.#patiently(() => this.view.down(count))) {
			this.#endSeen = false;
			if (this.settings.quitAtEnd === "first" && !this.terminal.busy) {
				await this.view.visible();
				if (this.view.atEnd) await this.#past();
			}
			return;
		}
		await this.#past();
	}

	/** At the end there is the next file, or with `-e` no more to do. */
	async #past(): Promise<void> {
		const { quitAtEnd } = this.settings;
		if (!this.#store.complete || this.#back !== undefined) return this.terminal.screen.bell();
		if (quitAtEnd === "no" || (quitAtEnd === "second" && !this.#endSeen)) {
			this.#endSeen = true;
			return this.terminal.screen.bell();
		}
		if (this.current + 1 < this.files.length) await this.show(this.current + 1);
		else this.status = 0;
	}

	async backward(count: number): Promise<void> {
		if (!(await this.view.up(count))) this.terminal.screen.bell();
	}

	/** Remembers where it is, for `''`. */
	jumping(): void {
		const at = this.view.top?.piece.at;
		if (at !== undefined && this.#back === undefined) this.#marks.set("'", { file: this.current, at });
	}

	async toStart(line: number): Promise<void> {
		this.jumping();
		const at = await this.#long(() => this.view.lines.place(line));
		await this.view.to(at);
	}

	async toEnd(): Promise<void> {
		this.jumping();
		await this.#store.refresh();
		await this.#long(() => this.#store.until(Number.POSITIVE_INFINITY));
		await this.view.end();
	}

	async toPercent(percent: number): Promise<void> {
		this.jumping();
		await this.#long(() => this.#store.until(Number.POSITIVE_INFINITY));
		const at = Math.floor((this.#store.size * Math.min(percent, 100)) / 100);
		await this.view.to(await this.view.lines.lineStart(at));
	}

	/** Long work, that `C-c` ends. */
	async #long<T>(work: () => Promise<T>): Promise<T> {
		const store = this.#store;
		return this.terminal.interruptible(work, () => store.giveUp());
	}

	setMark(letter: string): void {
		if (this.view.top !== undefined) this.#marks.set(letter, { file: this.current, at: this.view.top.piece.at });
	}

	async toMark(letter: string): Promise<void> {
		if (letter === "^") return this.toStart(1);
		if (letter === "$") return this.toEnd();
		const mark = this.#marks.get(letter);
		if (mark === undefined) throw new Notice(letter === "'" ? "No previous position" : "Mark not set");
		this.jumping();
		if (mark.file !== this.current) await this.show(mark.file);
		await this.view.to(mark.at, false);
	}

	/** Asks for a text at the bottom; `undefined` where it is given up. */
	async ask(label: string, history: FieldHistory = []): Promise<string | undefined> {
		const { terminal } = this;
		const field = new Field(label, "", history);
		for (;;) {
			const { spans, column } = field.view(terminal.columns);
			terminal.screen.set(terminal.rows - 1, spans);
			terminal.screen.cursor(terminal.rows - 1, column);
			await terminal.draw();
			const event = await terminal.next();
			if (event === undefined) continue;
			if (event.kind === "end") return undefined;
			if (event.kind === "redraw") await this.draw();
			else if (event.kind === "key" && (event.name === "Enter" || event.name === "C-j")) {
				remember(history, field.text);
				return field.text;
			} else if (event.kind === "key" && ["Escape", "C-c", "C-g"].includes(event.name)) return undefined;
			else if (event.kind === "key" && event.name === "Backspace" && field.text === "") return undefined;
			else if (event.kind === "key" && event.name === "C-r" && field.text === "") field.buffer.insert("\x12");
			else field.handle(event);
		}
	}

	/** Asks for a pattern and searches for it; without one, again for the last. */
	async startSearch(backward: boolean, count: number): Promise<void> {
		const text = await this.ask(backward ? "?" : "/", this.searches);
		if (text === undefined) return;
		if (text !== "") this.#last = { pattern: this.#parse(text), backward };
		else if (this.#last === undefined) throw new Notice("No previous search pattern");
		else this.#last = { pattern: this.#last.pattern, backward };
		await this.search(false, count);
	}

	#parse(text: string): Pattern {
		try {
			return parsePattern(text, this.settings.caseRule);
		} catch (error) {
			if (error instanceof BadPattern) throw new Notice(error.message);
			throw error;
		}
	}

	/** Goes to the `count`-th line that fits, in the direction of the last search or the other one. */
	async search(other: boolean, count: number): Promise<void> {
		const last = this.#last;
		if (last === undefined) throw new Notice("No previous search pattern");
		this.view.pattern = last.pattern;
		this.settings.view.mark = true;
		this.view.forget();
		const backward = last.backward !== other;
		for (let left = count; left > 0; left--) await this.#searchOnce(last.pattern, backward, left < count);
	}

	async #searchOnce(pattern: Pattern, backward: boolean, again: boolean): Promise<void> {
		const { lines, top } = this.view;
		if (top === undefined) throw new Notice("Pattern not found");
		let stopped = false;
		const stop = (): boolean => stopped;
		const store = this.#store;
		const work = async () => {
			if (backward) return searchBackward(lines, await lines.before(top.piece.at), pattern, stop);
			// The line at the top counts the first time that something is searched for.
			const skip = again || this.#foundAt === top.piece.at;
			return searchForward(lines, skip ? await lines.after(top.piece) : top.piece, pattern, stop);
		};
		const found = await this.terminal.interruptible(work, () => {
			stopped = true;
			store.giveUp();
		});
		if (found === undefined) throw new Notice(stopped ? "Interrupted" : "Pattern not found");
		this.jumping();
		this.#foundAt = found.at;
		await this.view.to(found.at, false);
	}

	#foundAt = -1;

	/** Shows only lines that fit what is asked for. */
	async startFilter(): Promise<void> {
		const text = await this.ask("&/", this.searches);
		if (text === undefined) return;
		this.view.filter = text === "" ? undefined : this.#parse(text);
		this.view.forget();
		await this.view.to(this.view.top?.piece.at ?? 0);
	}

	/** Waits at the end for what is added to the file, until a key is typed. */
	async follow(): Promise<void> {
		// A pipe may never end: what has come of it is the end for now.
		if (this.#store.complete) await this.toEnd();
		else await this.view.end();
		for (;;) {
			this.message = "Waiting for data... (interrupt to abort)";
			await this.draw();
			const before = this.#store.size;
			const event = await this.terminal.next(FOLLOW_MS);
			if (event?.kind === "end") {
				this.status = 1;
				return;
			}
			if (event?.kind === "key") break;
			await this.#store.refresh();
			if (!this.#store.complete) this.#watch();
			if (this.#store.size < before) this.view.lines.forget();
			if (this.#store.size !== before) await this.view.end();
		}
		this.message = "";
	}

	/** Where it is, in lines and bytes. */
	async tell(): Promise<void> {
		const { top, bottom, lines } = this.view;
		if (top === undefined || bottom === undefined) {
			this.message = `${this.#title()} (empty)`.trim();
			return;
		}
		const first = await lines.numberAt(top.piece.at);
		const last = await lines.numberAt(bottom.piece.at);
		const of = this.#store.complete ? `/${this.#store.size}` : "";
		const percent = this.view.percent();
		const share = percent === undefined ? "" : ` ${percent}%`;
		const end = Math.min(bottom.piece.next, this.#store.size);
		this.message = `${this.#title()} lines ${first}-${last} byte ${end}${of}${share}`.trim();
	}

	/** Opens the file in an editor at the line that is shown, and shows it anew. */
	async edit(): Promise<void> {
		if (this.name === "") throw new Notice("Cannot edit standard input");
		const line = this.view.top === undefined ? 1 : await this.view.lines.numberAt(this.view.top.piece.at);
		const editor = env.VISUAL ?? env.EDITOR ?? "nano";
		await this.run([editor, `+${line}`, this.name]);
		await this.reload();
	}

	/** Reads the file again from where it is. */
	async reload(): Promise<void> {
		const at = this.view.top?.piece.at ?? 0;
		if (this.name === "") return;
		await this.show(this.current);
		await this.view.to(at, false);
	}

	/** Runs another program on the terminal. */
	async run([name = "", ...args]: readonly string[]): Promise<void> {
		await this.terminal.without(async () => {
			try {
				const child = await launch(name, { args, env });
				await child.wait();
			} catch (error) {
				this.message = `${name}: ${reason(error)}`;
			}
		});
	}

	/** Adds a file behind the one that is shown, and shows it. */
	async examine(path: string): Promise<void> {
		const file = await open(path).catch((error: unknown) => {
			throw new Notice(`${path}: ${reason(error)}`);
		});
		await file.close();
		this.files.splice(this.current + 1, 0, path);
		await this.show(this.current + 1);
	}
}
