/** `top` on a terminal: draws, waits for a key or for its delay, and does what keys ask for. */

import { kill, priority } from "helios:process";
import { signalOf } from "/usr/lib/procs/signals.ts";
import { reason } from "/usr/lib/sh/cli.ts";
import { type Sample, sample } from "/usr/lib/top/sample.ts";
import { type Choice, chosen, headingSpans, type SortKey, summary, taskSpans } from "/usr/lib/top/table.ts";
import type { Terminal } from "/usr/lib/tui/app.ts";
import { Field } from "/usr/lib/tui/field.ts";
import type { KeyEvent } from "/usr/lib/tui/keys.ts";
import { BOLD, PLAIN, type Span } from "/usr/lib/tui/style.ts";
import { clip } from "/usr/lib/tui/text.ts";
import { users } from "/usr/lib/users/accounts.ts";

/** How long and how often. */
export interface Pace {
	delayMs: number;
	/** Looks until the end; absent: until `q`. */
	iterations: number | undefined;
}

/** Least time between two looks. */
export const MIN_DELAY_MS = 50;
const MESSAGE_ROW = 4;
const HEADING_ROW = 5;
const FIRST_ROW = 6;

const HELP = [
	"Keys of top",
	"",
	"  P M N T   sort by CPU, memory, number, CPU time     R   the other way round",
	"  k         send a signal to a process                r   change its niceness",
	"  u         only one user's processes (nothing: all)  i   only those at work",
	"  c         whole command lines, or names             n   how many are shown",
	"  d s       another delay                             SPACE  look now",
	"  arrows    further down and up, HOME to the top      ^L  draw again",
	"  ^Z        stop                                      q   quit",
	"",
	"Any key goes back.",
];

/** A number of seconds as milliseconds; `undefined` for what is none. */
export function delayOf(text: string): number | undefined {
	if (!/^\d*\.?\d+$|^\d+\.$/.test(text)) return undefined;
	return Math.max(MIN_DELAY_MS, Math.round(Number(text) * 1000));
}

/** The program. */
export class Top {
	readonly #terminal: Terminal;
	readonly #choice: Choice;
	readonly #pace: Pace;
	#now: Sample | undefined;
	#first = 0;
	#most: number | undefined;
	#message = "";
	#done = false;

	constructor(terminal: Terminal, choice: Choice, pace: Pace) {
		this.#terminal = terminal;
		this.#choice = choice;
		this.#pace = pace;
	}

	/** Shows processes until it is told to end; the status. */
	async run(): Promise<number> {
		let left = this.#pace.iterations ?? Number.POSITIVE_INFINITY;
		while (!this.#done && left > 0) {
			this.#now = await sample(this.#now);
			await this.#draw();
			if (--left <= 0 && this.#pace.iterations !== undefined) return 0;
			if (!(await this.#keysUntil(this.#now.atMs + this.#pace.delayMs))) return 1;
		}
		return 0;
	}

	/** Handles keys until it is time to look again; answers whether the terminal is still there. */
	async #keysUntil(time: number): Promise<boolean> {
		for (;;) {
			const left = time - Date.now();
			if (left <= 0) return true;
			const event = await this.#terminal.next(left);
			if (event === undefined) return true;
			if (event.kind === "end") return false;
			this.#message = "";
			if (event.kind === "key") {
				if (event.text === " " || event.name === "Enter") return true;
				await this.#key(event);
			}
			if (this.#done) return true;
			await this.#draw();
		}
	}

	async #draw(): Promise<void> {
		const { screen } = this.#terminal;
		const now = this.#now;
		if (now === undefined) return;
		for (const [row, line] of summary(now).entries()) screen.set(row, [[clip(line, screen.columns), PLAIN]]);
		screen.set(MESSAGE_ROW, this.#message === "" ? [] : [[clip(this.#message, screen.columns), BOLD]]);
		screen.set(HEADING_ROW, headingSpans(this.#choice, screen.columns));
		const tasks = chosen(now, this.#choice);
		const room = Math.max(0, Math.min(screen.rows - FIRST_ROW, this.#most ?? Number.POSITIVE_INFINITY));
		this.#first = Math.max(0, Math.min(this.#first, tasks.length - 1));
		screen.clear(FIRST_ROW);
		for (const [row, task] of tasks.slice(this.#first, this.#first + room).entries())
			screen.set(FIRST_ROW + row, taskSpans(task, this.#choice, screen.columns));
		screen.cursor(null);
		await this.#terminal.draw();
	}

	async #key(event: KeyEvent): Promise<void> {
		const { name } = event;
		if (name === "P" || name === "M" || name === "N" || name === "T") this.#sort(name);
		else if (name === "q" || name === "C-c") this.#done = true;
		else if (name === "C-z") await this.#terminal.suspend();
		else if (name === "C-l") this.#terminal.screen.invalidate();
		else if (name === "h" || name === "?") await this.#help();
		else if (Object.hasOwn(TOGGLES, name)) TOGGLES[name]?.(this.#choice);
		else if (name === "k") await this.#kill();
		else if (name === "r") await this.#renice();
		else if (name === "u") await this.#chooseUser();
		else if (name === "n") await this.#chooseCount();
		else if (name === "d" || name === "s") await this.#chooseDelay();
		else this.#scroll(name);
	}

	#sort(key: SortKey): void {
		this.#choice.sort = key;
		this.#choice.reversed = false;
	}

	#scroll(name: string): void {
		const page = Math.max(1, this.#terminal.rows - FIRST_ROW);
		const by: Record<string, number> = {
			Down: 1,
			Up: -1,
			PageDown: page,
			PageUp: -page,
			Home: Number.NEGATIVE_INFINITY,
		};
		const step = by[name];
		if (step === undefined) this.#message = ` Unknown command - try 'h' for help`;
		else this.#first = Math.max(0, this.#first + step);
	}

	async #help(): Promise<void> {
		const { screen } = this.#terminal;
		screen.clear();
		for (const [row, line] of HELP.entries()) screen.set(row, [[line, row === 0 ? BOLD : PLAIN]]);
		await this.#terminal.draw();
		await this.#terminal.next();
	}

	/** Asks something in the line above the heading; `undefined` where it is given up. */
	async #ask(label: string): Promise<string | undefined> {
		const { screen } = this.#terminal;
		const field = new Field(label);
		for (;;) {
			const { spans, column } = field.view(screen.columns, BOLD);
			const shown: Span[] = [...spans];
			screen.set(MESSAGE_ROW, shown);
			screen.cursor(MESSAGE_ROW, column);
			await this.#terminal.draw();
			const event = await this.#terminal.next();
			if (event === undefined || event.kind === "redraw") continue;
			if (event.kind === "end") return undefined;
			if (event.kind === "key" && (event.name === "Enter" || event.name === "C-j")) return field.text.trim();
			if (event.kind === "key" && (event.name === "Escape" || event.name === "C-c")) return undefined;
			field.handle(event);
		}
	}

	/** The process that a word names, or the one that is shown first; says so where there is none. */
	#target(text: string): number | undefined {
		const [first] = this.#now === undefined ? [] : chosen(this.#now, this.#choice);
		if (text === "") return first?.pid;
		if (/^\d+$/.test(text)) return Number(text);
		this.#message = ` Unacceptable integer '${text}'`;
		return undefined;
	}

	async #kill(): Promise<void> {
		const first = this.#target("");
		const text = await this.#ask(`PID to signal/kill [default pid = ${first}] `);
		if (text === undefined) return;
		const pid = this.#target(text);
		if (pid === undefined) return;
		const word = await this.#ask(`Send pid ${pid} signal [15/sigterm] `);
		if (word === undefined) return;
		const signal = signalOf(word === "" ? "TERM" : word);
		if (signal === undefined) {
			this.#message = ` Invalid signal '${word}'`;
			return;
		}
		await kill(pid, signal).catch((error: unknown) => {
			this.#message = ` Failed signal pid '${pid}' with '${signal}': ${reason(error)}`;
		});
	}

	async #renice(): Promise<void> {
		const first = this.#target("");
		const text = await this.#ask(`PID to renice [default pid = ${first}] `);
		if (text === undefined) return;
		const pid = this.#target(text);
		if (pid === undefined) return;
		const word = await this.#ask(`Renice PID ${pid} to value `);
		if (word === undefined) return;
		if (!/^[+-]?\d+$/.test(word)) {
			this.#message = ` Unacceptable integer '${word}'`;
			return;
		}
		await priority(pid, Math.max(-20, Math.min(19, Number(word)))).catch((error: unknown) => {
			this.#message = ` Failed renice of PID ${pid} to ${word}: ${reason(error)}`;
		});
	}

	async #chooseUser(): Promise<void> {
		const text = await this.#ask("Which user (blank for all) ");
		if (text === undefined) return;
		if (text !== "" && !/^\d+$/.test(text) && !(await users()).some((user) => user.name === text)) {
			this.#message = ` Invalid user`;
			return;
		}
		this.#choice.user = text === "" ? undefined : text;
		this.#first = 0;
	}

	async #chooseCount(): Promise<void> {
		const text = await this.#ask("Maximum tasks (0 is unlimited) ");
		if (text === undefined) return;
		if (/^\d+$/.test(text)) this.#most = Number(text) === 0 ? undefined : Number(text);
		else this.#message = ` Unacceptable integer '${text}'`;
	}

	async #chooseDelay(): Promise<void> {
		const text = await this.#ask(`Change delay from ${(this.#pace.delayMs / 1000).toFixed(1)} to `);
		if (text === undefined || text === "") return;
		const delay = delayOf(text);
		if (delay === undefined) this.#message = ` Unacceptable floating point '${text}'`;
		else this.#pace.delayMs = delay;
	}
}

const TOGGLES: Record<string, (choice: Choice) => void> = {
	R: (choice) => {
		choice.reversed = !choice.reversed;
	},
	c: (choice) => {
		choice.commands = !choice.commands;
	},
	i: (choice) => {
		choice.busy = !choice.busy;
	},
};
