/**
 * A program's hold on its terminal: raw mode, the alternate screen, signals, and events of keys and sizes. Whatever
 * ends the program, and whenever it stops, the terminal is first put back as it was.
 */

import { abandon, cancel, dispatch, failure } from "helios:core";
import { type File, fromFd, open } from "helios:fs";
import { exit, kill, on, pid, type Signal, signals } from "helios:process";
import { getAttributes, isatty, onResize, rawAttributes, setAttributes, size, type Termios } from "helios:tty";
import { type InputEvent, KeyDecoder } from "/usr/lib/tui/keys.ts";
import { Screen } from "/usr/lib/tui/screen.ts";

/** The terminal got another size, or the program goes on after a stop: everything must be drawn. */
export interface RedrawEvent {
	kind: "redraw";
}

/** The terminal has gone. */
export interface EndEvent {
	kind: "end";
}

/** What a program at a terminal waits for. */
export type TerminalEvent = InputEvent | RedrawEvent | EndEvent;

/** How to hold the terminal. */
export interface TerminalOptions {
	/** Use the alternate screen; what was there before comes back at the end. */
	alternate?: boolean;
	/** Mark pasted text. */
	paste?: boolean;
	/** Read one byte at a time, so that what is typed ahead is left to others. */
	frugal?: boolean;
	/** Leave signals that end or stop the program to its owner: a shell has its own ways with them. */
	ownSignals?: boolean;
}

/** How long a lone ESC waits for what may follow it. */
const ESCAPE_MS = 30;
const NS_PER_MS = 1_000_000;
const READ_BYTES = 4096;
/** What ends a program at a terminal, after the terminal has been put back. */
const DEADLY: readonly Signal[] = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"];
const STATUS_SIGNALLED = 128;

/** The terminal of a descriptor, or else the one that the session is at. ENXIO where it is at none. */
async function openTerminal(fd: number): Promise<File> {
	return (await isatty(fd)) ? fromFd(fd) : open("/dev/tty", "r+");
}

/** A terminal that has gone is found out by whoever reads it next. */
const gone = (): undefined => undefined;

/** A terminal in this program's hands. */
export class Terminal {
	readonly screen: Screen;
	/** Called before a signal ends the program, with the terminal back as it was. */
	dying: (() => Promise<void>) | undefined;
	readonly #input: File;
	readonly #output: File;
	readonly #options: TerminalOptions;
	readonly #decoder = new KeyDecoder();
	readonly #events: TerminalEvent[] = [];
	readonly #hooks: (() => void)[] = [];
	#before: Termios | undefined;
	#reading: number | undefined;
	#wake: (() => void) | undefined;
	#held = false;
	#interrupt: (() => void) | undefined;

	private constructor(input: File, output: File, options: TerminalOptions, rows: number, columns: number) {
		this.#input = input;
		this.#output = output;
		this.#options = options;
		this.screen = new Screen(rows, columns);
	}

	/** Takes the terminal of standard input and output, or else `/dev/tty`. */
	static async open(options: TerminalOptions = {}): Promise<Terminal> {
		const input = await openTerminal(0);
		const output = await openTerminal(1);
		const { rows, columns } = await size(output.fd);
		const terminal = new Terminal(input, output, options, rows || 24, columns || 80);
		await terminal.take();
		return terminal;
	}

	get rows(): number {
		return this.screen.rows;
	}

	get columns(): number {
		return this.screen.columns;
	}

	/** Puts the terminal into the program's own state, and catches signals. */
	async take(): Promise<void> {
		if (this.#held) return;
		this.#before = await getAttributes(this.#input.fd);
		await setAttributes(this.#input.fd, rawAttributes(this.#before));
		this.#held = true;
		if (this.#options.ownSignals !== true) {
			for (const signal of DEADLY) this.#hooks.push(on(signal, () => void this.#die(signal)));
			this.#hooks.push(on("SIGTSTP", () => void this.suspend().catch(gone)));
		}
		this.#hooks.push(on("SIGCONT", () => void this.#continued().catch(gone)));
		this.#hooks.push(onResize((to) => this.#resized(to.rows, to.columns), this.#output.fd));
		await this.#output.write(this.#entering());
		this.screen.invalidate();
	}

	/** Gives the terminal back as it was. */
	async release(): Promise<void> {
		if (!this.#held) return;
		this.#held = false;
		for (const unhook of this.#hooks.splice(0)) unhook();
		this.#stopReading();
		try {
			await this.#output.write(this.#leaving());
			if (this.#before !== undefined) await setAttributes(this.#input.fd, this.#before);
		} catch {
			// A terminal that has gone needs nothing.
		}
	}

	/** Writes text to the terminal as it is. */
	write(text: string): Promise<void> {
		return this.#output.write(text);
	}

	/** Writes what has changed on the screen. */
	async draw(): Promise<void> {
		const text = this.screen.flush();
		if (text !== "") await this.#output.write(text);
	}

	/** Gives the terminal back, runs `use`, and takes it again: for programs that this one starts. */
	async without<T>(use: () => Promise<T>): Promise<T> {
		await this.release();
		try {
			return await use();
		} finally {
			await this.take();
			this.#resizedTo(await size(this.#output.fd));
		}
	}

	/** Stops the program's whole job as ^Z does, with the terminal put back; comes back when it goes on. */
	async suspend(): Promise<void> {
		await this.release();
		await kill(0, "SIGTSTP");
		await this.take();
		this.#resizedTo(await size(this.#output.fd));
	}

	/** The next event; `undefined` if none has come after `timeoutMs`. */
	async next(timeoutMs?: number): Promise<TerminalEvent | undefined> {
		let left = timeoutMs;
		for (;;) {
			const event = this.#events.shift();
			if (event !== undefined) return event;
			if (left !== undefined && left <= 0) return undefined;
			if (this.#reading === undefined) this.#read();
			const patience = this.#decoder.waiting ? ESCAPE_MS : left;
			const slept = await this.#wait(patience);
			if (!slept) continue;
			if (this.#decoder.waiting) this.#events.push(...this.#decoder.flush());
			else left = 0;
		}
	}

	/** Whether something waits to be handled: drawing can be put off until it is. */
	get busy(): boolean {
		return this.#events.length > 0;
	}

	/** Puts events back in front of those that wait. */
	unread(events: readonly TerminalEvent[]): void {
		this.#events.unshift(...events);
	}

	#entering(): string {
		return (
			(this.#options.alternate === true ? "\x1b[?1049h" : "") + (this.#options.paste === true ? "\x1b[?2004h" : "")
		);
	}

	#leaving(): string {
		const paste = this.#options.paste === true ? "\x1b[?2004l" : "";
		if (this.#options.alternate !== true) return paste;
		return `${paste}\x1b[m\x1b[${this.rows};1H\x1b[?25h\x1b[?1049l`;
	}

	#push(event: TerminalEvent): void {
		this.#events.push(event);
		this.#wake?.();
	}

	#read(): void {
		const count = this.#options.frugal === true && !this.#decoder.pasting ? 1 : READ_BYTES;
		this.#reading = dispatch("read", { fd: this.#input.fd, count }, (reply) => {
			this.#reading = undefined;
			const wrong = failure(reply);
			if (wrong !== undefined) {
				if (wrong.code !== "ECANCELED" && wrong.code !== "EINTR") this.#events.push({ kind: "end" });
			} else {
				const bytes = reply as Uint8Array;
				if (bytes.length === 0) this.#events.push({ kind: "end" });
				else this.#take(this.#decoder.feed(bytes));
			}
			this.#wake?.();
		});
	}

	#take(events: readonly InputEvent[]): void {
		for (const event of events) {
			if (this.#interrupt !== undefined && event.kind === "key" && event.name === "C-c") this.#interrupt();
			else this.#events.push(event);
		}
		// Nobody asks for events during long work, but an interrupt must be seen.
		if (this.#interrupt !== undefined && this.#reading === undefined) this.#read();
	}

	/** Runs long work; `C-c` meanwhile calls `interrupt` and is no event. Other keys wait. */
	async interruptible<T>(work: () => Promise<T>, interrupt: () => void): Promise<T> {
		this.#interrupt = interrupt;
		if (this.#reading === undefined) this.#read();
		try {
			return await work();
		} finally {
			this.#interrupt = undefined;
		}
	}

	/** Has the program draw again: something has come that it shows. */
	poke(): void {
		this.#push({ kind: "redraw" });
	}

	#stopReading(): void {
		if (this.#reading !== undefined) cancel(this.#reading);
		this.#reading = undefined;
	}

	/** Waits for something to happen; answers whether the time passed instead. */
	#wait(ms: number | undefined): Promise<boolean> {
		return new Promise((resolve) => {
			let timer: number | undefined;
			this.#wake = () => {
				this.#wake = undefined;
				if (timer !== undefined) abandon(timer);
				resolve(false);
			};
			if (ms === undefined) return;
			timer = dispatch("sleep", { ns: Math.round(ms * NS_PER_MS) }, () => {
				this.#wake = undefined;
				resolve(true);
			});
		});
	}

	#resizedTo(to: { rows: number; columns: number }): void {
		this.#resized(to.rows, to.columns);
	}

	#resized(rows: number, columns: number): void {
		this.screen.resize(rows || 24, columns || 80);
		this.#push({ kind: "redraw" });
	}

	/** Goes on after a stop that could not be caught: the shell has used the terminal meanwhile. */
	async #continued(): Promise<void> {
		if (!this.#held || this.#before === undefined) return;
		await setAttributes(this.#input.fd, rawAttributes(this.#before));
		await this.#output.write(this.#entering());
		this.#resizedTo(await size(this.#output.fd));
	}

	async #die(signal: Signal): Promise<void> {
		await this.release();
		await this.dying?.().catch(() => undefined);
		// With the last handler gone the default action is back, and the parent sees what ended the program.
		await kill(pid, signal).catch(() => undefined);
		exit(STATUS_SIGNALLED + signals[signal]);
	}
}

/** Runs a program at its terminal, and puts the terminal back whatever happens. */
export async function atTerminal<T>(options: TerminalOptions, use: (terminal: Terminal) => Promise<T>): Promise<T> {
	const terminal = await Terminal.open(options);
	try {
		return await use(terminal);
	} finally {
		await terminal.release();
	}
}
