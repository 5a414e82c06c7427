/** Jobs: pipelines as the terminal and the user see them, each a process group of its own under job control. */

import { type Child, kill, signalName, type WaitStatus, wait as waitFor } from "helios:process";

/** What a signal is called where it ended or stopped a job. */
const SIGNAL_TEXTS: Record<string, string> = {
	SIGABRT: "Aborted",
	SIGALRM: "Alarm clock",
	SIGBUS: "Bus error",
	SIGFPE: "Floating point exception",
	SIGHUP: "Hangup",
	SIGILL: "Illegal instruction",
	SIGINT: "Interrupt",
	SIGIO: "I/O possible",
	SIGKILL: "Killed",
	SIGPIPE: "Broken pipe",
	SIGPWR: "Power failure",
	SIGQUIT: "Quit",
	SIGSEGV: "Segmentation fault",
	SIGSTOP: "Stopped (signal)",
	SIGSYS: "Bad system call",
	SIGTERM: "Terminated",
	SIGTRAP: "Trace/breakpoint trap",
	SIGTSTP: "Stopped",
	SIGTTIN: "Stopped (tty input)",
	SIGTTOU: "Stopped (tty output)",
	SIGUSR1: "User defined signal 1",
	SIGUSR2: "User defined signal 2",
	SIGXCPU: "CPU time limit exceeded",
	SIGXFSZ: "File size limit exceeded",
};
/** Signals that by themselves end nothing. */
const HARMLESS = ["", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGWINCH"];
/** Columns of a job's state. */
export const STATE_WIDTH = 24;

/** What is said of a signal that ended or stopped something. */
export function signalText(signal: number): string {
	const name = signalName(signal);
	return (name === undefined ? undefined : SIGNAL_TEXTS[name]) ?? `Unknown signal ${signal}`;
}

/** The status of a child that ended, as `$?` has it. */
export function statusOf(ended: WaitStatus): number {
	return ended.code ?? 128 + (ended.signal ?? 0);
}

/** A pipeline, from its start to its end. */
export class Job {
	/** `%N`; 0 as long as it is in the foreground and was never stopped. */
	number = 0;
	/** Its text. */
	readonly text: string;
	/** Whether its processes have a group of their own. */
	readonly grouped: boolean;
	/** Whether the terminal is its own. */
	foreground: boolean;
	/** Its process group, once it has one. */
	pgid: number | undefined;
	/** Its processes, the last last. */
	readonly pids: number[] = [];
	/** Its processes that have ended, and how. */
	readonly ended = new Map<number, WaitStatus>();
	state: "running" | "stopped" | "done" = "running";
	/** The signal that stopped it, or ended its last process. */
	signal: number | undefined;
	/** Its status, once it is done. */
	status: number | undefined;
	/** The signal that was sent to end all of it. */
	doomed: number | undefined;
	/** The user has been told of its state. */
	told = true;
	/** Not to be hung up with the shell. */
	kept = false;
	/** Where it was started. */
	readonly directory: string;
	#done: Promise<number> | undefined;
	#lastSignal: number | undefined;
	/** Processes are started one after another, so that the first leads the group. */
	#starting: Promise<unknown> = Promise.resolve();
	readonly #watchers = new Set<() => void>();

	constructor(text: string, grouped: boolean, foreground: boolean, directory: string) {
		this.text = text;
		this.grouped = grouped;
		this.foreground = foreground;
		this.directory = directory;
	}

	/** Resolves to its status when all of it has ended. */
	get done(): Promise<number> {
		return this.#done ?? Promise.resolve(0);
	}

	/** Says what it is waiting for. */
	begin(work: Promise<number>): void {
		this.#done = work.then((status) => {
			this.status = status;
			this.signal = this.#lastSignal;
			this.state = "done";
			this.told = false;
			this.#tell();
			return status;
		});
		// Whoever waits sees the failure.
		this.#done.catch(() => undefined);
	}

	/**
	 * Starts a process in its group. The first one leads the group; where it has gone already, the next one leads a group
	 * anew.
	 */
	start(spawn: (group: { pgroup?: number; foreground?: boolean }) => Promise<Child>): Promise<Child> {
		const started = this.#starting.then(() => this.#start(spawn));
		this.#starting = started.catch(() => undefined);
		return started;
	}

	async #start(spawn: (group: { pgroup?: number; foreground?: boolean }) => Promise<Child>): Promise<Child> {
		if (!this.grouped) return this.#own(await spawn({}));
		const { pgid } = this;
		if (pgid !== undefined) {
			try {
				return this.#own(await spawn({ pgroup: pgid }));
			} catch (error) {
				if (this.pids.some((pid) => !this.ended.has(pid))) throw error;
			}
		}
		const child = await spawn({ pgroup: 0, ...(this.foreground ? { foreground: true } : {}) });
		this.pgid = child.pid;
		return this.#own(child);
	}

	#own(child: Child): Child {
		this.pids.push(child.pid);
		return child;
	}

	/** Waits for a process of it to end, and notes when it stops or goes on. */
	async wait(child: Child): Promise<WaitStatus> {
		const options = this.grouped ? { untraced: true, continued: true } : {};
		for (;;) {
			const status = (await waitFor(child.pid, options)) as WaitStatus;
			if (typeof status.stopped === "number") this.stop(status.stopped);
			else if (status.continued === true) this.proceed();
			else {
				this.ended.set(child.pid, status);
				if (child.pid === this.pids.at(-1)) this.#lastSignal = status.signal ?? undefined;
				return status;
			}
		}
	}

	/** A process of it has stopped. */
	stop(signal: number): void {
		if (this.state === "done") return;
		this.state = "stopped";
		this.signal = signal;
		this.told = false;
		this.#tell();
	}

	/** It goes on after a stop. */
	proceed(): void {
		if (this.state !== "stopped") return;
		this.state = "running";
		this.signal = undefined;
		this.told = true;
		this.#tell();
	}

	#tell(): void {
		for (const watcher of [...this.#watchers]) watcher();
	}

	/** Waits until it is done, or has stopped. */
	settled(): Promise<void> {
		return new Promise((resolve, reject) => {
			const look = (): void => {
				if (this.state === "running") return;
				this.#watchers.delete(look);
				resolve();
			};
			this.#watchers.add(look);
			this.done.catch(reject);
			look();
		});
	}

	/** Sends a signal to all of it. What of it runs in the shell's own process ends when it sees that. */
	async kill(signal: number): Promise<void> {
		if (!HARMLESS.includes(signalName(signal) ?? "")) this.doomed = signal;
		if (this.grouped && this.pgid !== undefined) return kill(-this.pgid, signal);
		for (const pid of this.pids) if (!this.ended.has(pid)) await kill(pid, signal);
	}

	/** What it does, in a word or a few. */
	get description(): string {
		if (this.state === "running") return "Running";
		if (this.state === "stopped") return signalText(this.signal ?? 0);
		if (this.signal !== undefined) return signalText(this.signal);
		return this.status === 0 ? "Done" : `Exit ${this.status}`;
	}
}

/** The jobs of a shell. */
export class Jobs {
	readonly all: Job[] = [];
	/** Those of the shell that this is a subshell of: they can be listed and sent signals. */
	readonly #outer: Jobs | undefined;
	/** The ones that `%+` and `%-` mean, the current one last. */
	#recent: Job[] = [];
	/** Statuses of background processes that were forgotten as jobs, for `wait`. */
	readonly statuses = new Map<number, number>();

	constructor(outer?: Jobs) {
		this.#outer = outer;
	}

	/** The jobs there are to list. */
	get visible(): readonly Job[] {
		return this.all.length > 0 || this.#outer === undefined ? this.all : this.#outer.visible;
	}

	/** Gives a job its number. */
	add(job: Job): void {
		if (job.number !== 0) return;
		job.number = Math.max(0, ...this.all.map((each) => each.number)) + 1;
		this.all.push(job);
		this.touch(job);
	}

	/** Makes a job the current one. */
	touch(job: Job): void {
		this.#recent = [...this.#recent.filter((each) => each !== job), job];
	}

	remove(job: Job): void {
		const last = job.pids.at(-1);
		if (last !== undefined && job.status !== undefined) this.statuses.set(last, job.status);
		const at = this.all.indexOf(job);
		if (at >= 0) this.all.splice(at, 1);
		this.#recent = this.#recent.filter((each) => each !== job);
	}

	/** The current job, or the one before it: stopped ones first. */
	recent(back: 0 | 1): Job | undefined {
		const order = [
			...this.#recent.filter((job) => job.state !== "stopped"),
			...this.#recent.filter((job) => job.state === "stopped"),
		];
		return order.at(-1 - back);
	}

	/** `+` for the current job, `-` for the one before it. */
	mark(job: Job): string {
		if (this.#outer !== undefined && !this.all.includes(job)) return this.#outer.mark(job);
		return job === this.recent(0) ? "+" : job === this.recent(1) ? "-" : " ";
	}

	/** The job that `%…` means; `ambiguous` where several begin so. */
	find(spec: string): Job | "ambiguous" | undefined {
		if (this.all.length === 0 && this.#outer !== undefined) return this.#outer.find(spec);
		const text = spec.startsWith("%") ? spec.slice(1) : spec;
		if (text === "" || text === "+" || text === "%") return this.recent(0);
		if (text === "-") return this.recent(1) ?? this.recent(0);
		if (/^\d+$/.test(text)) return this.all.find((job) => job.number === Number(text));
		const found = this.all.filter((job) =>
			text.startsWith("?") ? job.text.includes(text.slice(1)) : job.text.startsWith(text),
		);
		return found.length > 1 ? "ambiguous" : found[0];
	}

	/** A line about a job, as `jobs` prints it. */
	line(job: Job, pids: boolean): string {
		const text = job.state === "running" ? `${job.text} &` : job.text;
		const before = pids ? `${job.pgid ?? job.pids[0] ?? ""} ` : "";
		return `[${job.number}]${this.mark(job)}  ${before}${job.description.padEnd(STATE_WIDTH)}${text}`;
	}
}
