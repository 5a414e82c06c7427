/** What `crond` keeps: every user's jobs, when each is due next, and what runs. */

import { O, open, readdir, readTextFile, rename, unlink } from "helios:fs";
import { sleep } from "helios:time";
import { runJob } from "/usr/lib/cron/runner.ts";
import { nextDue } from "/usr/lib/cron/schedule.ts";
import { type Job, parseTable, SPOOL, TABLE_BYTES, TableError } from "/usr/lib/cron/table.ts";
import type { Asked, Refusal } from "/usr/lib/service/protocol.ts";
import { failedWith, reason } from "/usr/lib/sh/cli.ts";
import { userById, userByName } from "/usr/lib/users/accounts.ts";
import { isUserName } from "/usr/lib/users/check.ts";

/** Most jobs of one user that run at the same time, and of all users. */
const RUNNING_OF_USER = 8;
const RUNNING = 64;
/** Left behind by the first start after a boot, which empties the directory. */
const STARTED = "/run/crond.started";

interface Pending {
	user: string;
	job: Job;
	/** When it is due; never, for a job that runs when the machine has come up. */
	dueMs: number | undefined;
}

/** The jobs of the machine. */
export class Cron {
	#pending: Pending[] = [];
	readonly #running = new Map<string, number>();
	#changed = new AbortController();

	/** What is worth knowing goes to standard output, and so to the service's log. */
	say = (message: string): void => console.log(message);

	/** Reads every table again. What means nothing is said, and left out. */
	async load(): Promise<void> {
		this.#pending = [];
		for (const { name } of await readdir(SPOOL)) {
			if (!isUserName(name)) continue;
			try {
				this.#take(name, await readTextFile(`${SPOOL}/${name}`));
			} catch (error) {
				this.say(`${SPOOL}/${name}: ${reason(error)}`);
			}
		}
	}

	/** Puts a user's jobs in the place of those that there are. */
	#take(user: string, text: string): void {
		const now = Date.now();
		const jobs = parseTable(text).map((job) => ({
			user,
			job,
			dueMs: job.schedule === "reboot" ? undefined : nextDue(job.schedule, now),
		}));
		this.#pending = [...this.#pending.filter((pending) => pending.user !== user), ...jobs];
		this.#changed.abort();
	}

	/** Runs the jobs for a machine that has come up: once, however often this daemon is started. */
	async started(): Promise<void> {
		try {
			const marker = await open(STARTED, "wx");
			await marker.close();
		} catch (error) {
			if (failedWith(error, "EEXIST")) return;
			throw error;
		}
		for (const { user, job } of this.#pending) if (job.schedule === "reboot") void this.#run(user, job);
	}

	/** Runs jobs when they are due, for ever. Between them nothing happens: an idle `crond` costs nothing. */
	async run(): Promise<never> {
		for (;;) {
			const now = Date.now();
			for (const pending of this.#pending) {
				if (pending.dueMs === undefined || pending.dueMs > now || pending.job.schedule === "reboot") continue;
				void this.#run(pending.user, pending.job);
				pending.dueMs = nextDue(pending.job.schedule, now);
			}
			const due = this.#pending.flatMap(({ dueMs }) => (dueMs === undefined ? [] : [dueMs]));
			this.#changed = new AbortController();
			const { signal } = this.#changed;
			if (due.length === 0)
				await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
			else await sleep(due.reduce((a, b) => Math.min(a, b)) - now, { signal }).catch(() => undefined);
		}
	}

	async #run(name: string, job: Job): Promise<void> {
		const all = [...this.#running.values()].reduce((sum, count) => sum + count, 0);
		const own = this.#running.get(name) ?? 0;
		if (own >= RUNNING_OF_USER || all >= RUNNING) {
			this.say(`(${name}) TOO MANY RUN, LEFT OUT (${job.command})`);
			return;
		}
		this.#running.set(name, own + 1);
		try {
			const user = await userByName(name);
			if (user === undefined) {
				this.say(`(${name}) NO SUCH USER`);
				this.#pending = this.#pending.filter((pending) => pending.user !== name);
				return;
			}
			this.say(`(${name}) CMD (${job.command})`);
			await runJob(user, job, this.say);
		} catch (error) {
			this.say(`(${name}) FAILED (${job.command}): ${reason(error)}`);
		} finally {
			const left = (this.#running.get(name) ?? 1) - 1;
			if (left === 0) this.#running.delete(name);
			else this.#running.set(name, left);
		}
	}

	/** Answers `crontab`. Whose table is meant follows from who asks; root may name another. */
	async serve({ uid, request }: Asked<Record<string, unknown>>): Promise<object | Refusal> {
		const { op, user: named, text } = request;
		const user =
			named === undefined ? await userById(uid) : typeof named === "string" ? await userByName(named) : undefined;
		if (named !== undefined && uid !== 0 && user?.uid !== uid)
			return { error: "must be privileged to use -u", why: "denied" };
		if (user === undefined || !isUserName(user.name)) return { error: "there is no such user" };
		const path = `${SPOOL}/${user.name}`;
		if (op === "put" && typeof text === "string") return this.#put(user.name, path, text);
		if (op !== "get" && op !== "remove") return { error: "no such request" };
		try {
			if (op === "get") return { text: await readTextFile(path) };
			await unlink(path);
		} catch (error) {
			if (failedWith(error, "ENOENT")) return { error: `no crontab for ${user.name}` };
			throw error;
		}
		this.#take(user.name, "");
		return {};
	}

	async #put(name: string, path: string, text: string): Promise<object | Refusal> {
		if (new TextEncoder().encode(text).length > TABLE_BYTES) return { error: `longer than ${TABLE_BYTES} bytes` };
		try {
			parseTable(text);
		} catch (error) {
			if (error instanceof TableError) return { error: error.message, why: "syntax" };
			throw error;
		}
		const fresh = `${SPOOL}/.${name}.new`;
		const file = await open(fresh, O.WRITE | O.CREATE | O.TRUNCATE | O.NOFOLLOW, 0o600);
		try {
			await file.write(text);
		} finally {
			await file.close();
		}
		await rename(fresh, path);
		this.#take(name, text);
		this.say(`(${name}) REPLACE`);
		return {};
	}
}
