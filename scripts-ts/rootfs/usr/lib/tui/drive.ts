/** Drives an interactive program: it runs in a pseudo-terminal of its own, is typed at, and its screen is read. */

import { close, type File, fromFd } from "helios:fs";
import { type Child, type SpawnRequest, spawn, type WaitStatus } from "helios:process";
import { now, sleep } from "helios:time";
import { openPty, setSize } from "helios:tty";
import { Emulator } from "/usr/lib/tui/emulator.ts";

/** Keys that have a name, as xterm sends them. */
const NAMED: Record<string, string> = {
	Backspace: "\x7f",
	Delete: "\x1b[3~",
	Down: "\x1b[B",
	End: "\x1b[F",
	Enter: "\r",
	Escape: "\x1b",
	Home: "\x1b[H",
	Left: "\x1b[D",
	PageDown: "\x1b[6~",
	PageUp: "\x1b[5~",
	Right: "\x1b[C",
	Tab: "\t",
	Up: "\x1b[A",
};
const QUIET_MS = 100;
const STEP_MS = 1;

/** What a key sends: a name as above, `C-x`, `M-x`, or text as it is. */
export function keyBytes(key: string): string {
	const named = NAMED[key];
	if (named !== undefined) return named;
	if (/^C-.$/.test(key)) return String.fromCharCode(key.toUpperCase().charCodeAt(2) & 0x1f);
	if (key.startsWith("M-")) return `\x1b${keyBytes(key.slice(2))}`;
	return key;
}

/** A program under way in a terminal. */
export class Driver {
	readonly screen: Emulator;
	readonly child: Child;
	/** Bytes that the program wrote so far. */
	written = 0;
	readonly #master: File;
	#lastOutput = 0;
	#ended = false;

	private constructor(master: File, child: Child, screen: Emulator) {
		this.#master = master;
		this.child = child;
		this.screen = screen;
		void this.#read();
	}

	/** Starts a program in a new terminal. */
	static async start(request: SpawnRequest, rows = 24, columns = 80): Promise<Driver> {
		const pty = await openPty({ rows, columns });
		const fds = [0, 1, 2].map((to) => ({ to, from: pty.slave }));
		const child = await spawn({ ...request, fds, setsid: true, ctty: 0 });
		await close(pty.slave);
		return new Driver(fromFd(pty.master), child, new Emulator(rows, columns));
	}

	async #read(): Promise<void> {
		try {
			for await (const chunk of this.#master.chunks()) {
				this.screen.write(chunk);
				this.written += chunk.length;
				this.#lastOutput = now();
			}
		} catch {
			// The last holder of the other side has gone.
		}
		this.#ended = true;
	}

	/** Types keys, one after the other, and waits until the program has come to rest. */
	async keys(...keys: string[]): Promise<void> {
		for (const key of keys) await this.#send(keyBytes(key));
		await this.settle();
	}

	/** Writes to the program. One that has ended reads nothing, which shows elsewhere. */
	async #send(data: string | Uint8Array): Promise<void> {
		if (!this.#ended) await this.#master.write(data).catch(() => undefined);
	}

	/** Types text, or any bytes, in one piece. */
	async type(data: string | Uint8Array): Promise<void> {
		await this.#send(data);
		await this.settle();
	}

	/** Waits until nothing has been written for a while. */
	async settle(quietMs = QUIET_MS): Promise<void> {
		const from = now();
		while (!this.#ended && now() - Math.max(from, this.#lastOutput) < quietMs) await sleep(quietMs / 4);
	}

	/** Waits until some row holds `text`; answers whether one did within the time. */
	async until(text: string, limitMs = 5000): Promise<boolean> {
		const from = now();
		while (now() - from < limitMs) {
			if (this.screen.lines().some((line) => line.includes(text))) return true;
			if (this.#ended) return false;
			await sleep(10);
		}
		return false;
	}

	/** Types a key and answers the virtual milliseconds until the program wrote something; -1 if it does not. */
	async latency(key: string, limitMs = 1000): Promise<number> {
		const before = this.written;
		const from = now();
		await this.#send(keyBytes(key));
		while (this.written === before) {
			if (now() - from > limitMs) return -1;
			await sleep(STEP_MS);
		}
		return now() - from;
	}

	/** Gives the terminal another size. */
	async resize(rows: number, columns: number): Promise<void> {
		this.screen.resize(rows, columns);
		await setSize(this.#master.fd, { rows, columns });
		await this.settle();
	}

	/** The screen as text, with a frame around it. */
	picture(): string {
		const lines = this.screen.lines();
		while (lines.length > 0 && lines.at(-1) === "") lines.pop();
		return lines.map((line) => `| ${line}`.trimEnd()).join("\n");
	}

	/** Takes the terminal away, as a window that is closed does. */
	hangUp(): Promise<void> {
		return this.#master.close();
	}

	/** Whether the program has closed its terminal. */
	get ended(): boolean {
		return this.#ended;
	}

	/** Waits for the program's end. */
	wait(): Promise<WaitStatus> {
		return this.child.wait();
	}
}
