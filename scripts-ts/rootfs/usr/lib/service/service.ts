/** One service: starting it, watching it, starting it again, stopping it. */

import { call } from "helios:core";
import { close, open, pipe } from "helios:fs";
import { kill, type SpawnRequest, signalName, type WaitStatus } from "helios:process";
import { sleep } from "helios:time";
import type { FdMap } from "helios-abi";
import type { Reaper, Started } from "/usr/lib/service/reaper.ts";
import type { Unit } from "/usr/lib/service/unit.ts";
import { reason } from "/usr/lib/sh/cli.ts";
import { groupIdsOf, userByName } from "/usr/lib/users/accounts.ts";

/** What a service is doing. `waiting`: it ended and will be started again; `failed`: it will not, and should run. */
export type State = "stopped" | "running" | "stopping" | "waiting" | "exited" | "failed";

/** The first wait before a service is started again; each further one is twice as long. */
const BACKOFF_MS = 100;
const BACKOFF_MAX_MS = 5000;
/** A service that ends so often within the window is given up. */
const MOST_RESTARTS = 10;
const WINDOW_MS = 60_000;
/** How long a service has between SIGTERM and SIGKILL. */
export const STOP_GRACE_MS = 5000;

/** What writes the output of a service to its log. */
const LOG_WRITER = "/sbin/logwriter";
const POLLIN = 1;

/** The search path that every service gets. */
const SERVICE_PATH = "/bin:/sbin:/usr/bin:/usr/sbin";

/** How a process ended, in words. */
export function describeEnd({ code, signal, reason: why }: WaitStatus): string {
	const how =
		signal === null || signal === undefined
			? `status ${code ?? 0}`
			: `signal ${signalName(signal)?.slice(3) ?? signal}`;
	return why === null || why === undefined ? how : `${how}: ${why}`;
}

/** Waits until there is something to read, or nobody is left who could write. */
async function readable(fd: number): Promise<void> {
	await call("poll", { fds: [{ fd, events: POLLIN }] });
}

/** Standard descriptors: input from one, output and errors to another. */
function descriptors(input: number, output: number): FdMap[] {
	return [
		{ from: input, to: 0 },
		{ from: output, to: 1 },
		{ from: output, to: 2 },
	];
}

/** A service and its process. */
export class Service {
	unit: Unit;
	state: State = "stopped";
	/** Its process, while it runs. */
	pid: number | undefined;
	/** Since when it is in its state. */
	sinceMs = Date.now();
	/** How often it was started again by itself. */
	restarts = 0;
	/** How its last process ended, or why none could be started. */
	lastEnd: string | undefined;

	readonly #reaper: Reaper;
	readonly #say: (message: string) => void;
	#run: Started | undefined;
	#waiting: AbortController | undefined;
	#recent: number[] = [];
	#settled: Promise<void> = Promise.resolve();
	#turn: Promise<void> = Promise.resolve();

	constructor(unit: Unit, reaper: Reaper, say: (message: string) => void) {
		this.unit = unit;
		this.#reaper = reaper;
		this.#say = (message) => say(`${unit.name}: ${message}`);
	}

	/** Takes another version of its unit, which counts from its next start. */
	replace(unit: Unit): void {
		this.unit = unit;
	}

	/** Whether it runs, or will by itself. */
	get active(): boolean {
		return this.state === "running" || this.state === "waiting" || this.state === "stopping";
	}

	/** Starts it, unless it runs. Fails with the reason; the service has then failed. */
	start(): Promise<void> {
		return this.#inTurn(async () => {
			if (this.#run !== undefined) return;
			this.#waiting?.abort();
			this.restarts = 0;
			this.#recent = [];
			await this.#start();
		});
	}

	/** Stops it: SIGTERM to its group, and SIGKILL when the grace is over. */
	stop(): Promise<void> {
		return this.#inTurn(() => this.#stop());
	}

	/** One at a time: between a decision to start and the process there are waits, in which nothing else is decided. */
	#inTurn(act: () => Promise<void>): Promise<void> {
		const done = this.#turn.then(act);
		this.#turn = done.catch(() => undefined);
		return done;
	}

	async #stop(): Promise<void> {
		if (this.state === "waiting") {
			this.#waiting?.abort();
			this.#become("stopped");
		}
		const run = this.#run;
		if (run === undefined) {
			if (this.state !== "stopped") this.#become("stopped");
			return;
		}
		this.#become("stopping");
		await this.#signal(run, "SIGTERM");
		const over = new AbortController();
		const late = sleep(STOP_GRACE_MS, { signal: over.signal }).then(
			() => {
				this.#say("does not stop: killed");
				return this.#signal(run, "SIGKILL");
			},
			() => undefined,
		);
		await run.ended;
		over.abort();
		await late;
		// What it left behind in its group would write into the log of its next run.
		await this.#signal(run, "SIGKILL");
		await this.#settled;
	}

	/** Signals the service and what it started: it leads a group of its own, unless it has left that. */
	async #signal({ child }: Started, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
		await kill(-child.pid, signal).catch(() => child.kill(signal).catch(() => undefined));
	}

	#become(state: State): void {
		this.state = state;
		this.sinceMs = Date.now();
	}

	async #start(): Promise<void> {
		try {
			this.#run = await this.#spawn();
		} catch (error) {
			this.lastEnd = `cannot start ${this.unit.exec[0]}: ${reason(error)}`;
			this.#become("failed");
			this.#say(this.lastEnd);
			throw new Error(this.lastEnd, { cause: error });
		}
		this.pid = this.#run.child.pid;
		this.#become("running");
		this.#settled = this.#run.ended.then((status) => this.#ended(status));
	}

	async #spawn(): Promise<Started> {
		const { exec, user: name, caps, tty } = this.unit;
		const [path = "", ...args] = exec;
		const user = await userByName(name);
		if (user === undefined) throw new Error(`there is no user ${name}`);
		const request: SpawnRequest = {
			path,
			args,
			env: { PATH: SERVICE_PATH, HOME: user.home, USER: name, LOGNAME: name, SHELL: "/bin/sh" },
			cwd: "/",
			setsid: true,
			uid: user.uid,
			gid: user.gid,
			groups: await groupIdsOf(user),
			...(caps === undefined ? {} : { caps }),
		};
		return tty === undefined ? this.#spawnLogged(request) : this.#spawnOnTerminal(request, `/dev/${tty}`);
	}

	async #spawnLogged(request: SpawnRequest): Promise<Started> {
		const input = await open("/dev/null");
		const output = await pipe();
		try {
			const started = await this.#reaper.start({ ...request, fds: descriptors(input.fd, output.write) });
			void this.#copyOutput(output.read);
			return started;
		} catch (error) {
			await close(output.read);
			throw error;
		} finally {
			await close(output.write);
			await input.close();
		}
	}

	/** The terminal becomes that of the service's session: it is the foreground, and hears Ctrl-C. */
	async #spawnOnTerminal(request: SpawnRequest, path: string): Promise<Started> {
		const terminal = await open(path, "r+");
		try {
			return await this.#reaper.start({ ...request, fds: descriptors(terminal.fd, terminal.fd), ctty: 0 });
		} finally {
			await terminal.close();
		}
	}

	/**
	 * Has the output written to the log, until the last process that has the pipe is gone: that may be later than the
	 * end of the service itself.
	 *
	 * What a process reads stays in its journal, which is bounded, and this one must not end: so another process does the
	 * reading, which may. It is started when there is something to read, and again if it ends before the output does.
	 */
	async #copyOutput(fd: number): Promise<void> {
		const { log } = this.unit;
		try {
			for (;;) {
				await readable(fd);
				const { ended } = await this.#reaper.start({
					path: LOG_WRITER,
					args: [log],
					fds: descriptors(fd, 2),
					cwd: "/",
				});
				const status = await ended;
				if (status.code === 0) return;
				this.#say(`the writer of ${log} ended with ${describeEnd(status)}`);
				await sleep(BACKOFF_MAX_MS);
			}
		} catch (error) {
			this.#say(`cannot write ${log}: ${reason(error)}`);
		} finally {
			await close(fd);
		}
	}

	#ended(status: WaitStatus): void {
		const stopped = this.state === "stopping";
		this.pid = undefined;
		this.#run = undefined;
		this.lastEnd = describeEnd(status);
		const well = status.code === 0;
		const again = this.unit.restart === "always" || (this.unit.restart === "on-failure" && !well);
		if (stopped) this.#become("stopped");
		else if (again) this.#again();
		else {
			this.#become(well ? "exited" : "failed");
			if (!well) this.#say(`ended with ${this.lastEnd}`);
		}
	}

	#again(): void {
		const now = Date.now();
		this.#recent = this.#recent.filter((at) => now - at < WINDOW_MS);
		if (this.#recent.length >= MOST_RESTARTS) {
			this.#become("failed");
			this.#say(`ended with ${this.lastEnd}, ${MOST_RESTARTS} times in ${WINDOW_MS / 1000} s: given up`);
			return;
		}
		const delay = Math.min(BACKOFF_MS * 2 ** this.#recent.length, BACKOFF_MAX_MS);
		this.#recent.push(now);
		this.#become("waiting");
		this.#say(`ended with ${this.lastEnd}; started again in ${delay} ms`);
		const waiting = new AbortController();
		this.#waiting = waiting;
		void sleep(delay, { signal: waiting.signal }).then(
			() => this.#inTurn(() => this.#restart()).catch(() => undefined),
			() => undefined,
		);
	}

	/** Unless something else was decided while it waited for its turn. */
	async #restart(): Promise<void> {
		if (this.state !== "waiting") return;
		this.restarts++;
		await this.#start();
	}
}
