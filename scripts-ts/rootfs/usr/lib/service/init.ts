/** What `init` keeps: the services of the machine, who is logged in, and when it goes down. */

import { mkdir, readdir, remove, rename, unlink, writeFile } from "helios:fs";
import { exit, stderr } from "helios:process";
import { klog, power } from "helios:sys";
import { sleep } from "helios:time";
import { RotatingLog } from "/usr/lib/log/rotating.ts";
import { order } from "/usr/lib/service/order.ts";
import { broadcast, endEverything, type PowerAction } from "/usr/lib/service/power.ts";
import { announce } from "/usr/lib/service/protocol.ts";
import type { Reaper } from "/usr/lib/service/reaper.ts";
import { Service } from "/usr/lib/service/service.ts";
import { disabledPath, readUnit, type Unit, unitNames, unitPath } from "/usr/lib/service/unit.ts";
import { failedWith, reason } from "/usr/lib/sh/cli.ts";
import { printRecords, type SessionRecord, UTMP, WTMP } from "/usr/lib/users/sessions.ts";

/** Most services of a machine. */
const MAX_SERVICES = 256;
/** Most sessions that are remembered at a time. */
const MAX_SESSIONS = 1024;
/** What each way down is called. */
const PHRASES: Record<PowerAction, string> = { off: "power-off", halt: "halt", reboot: "reboot" };

/** A way down that is due later. */
interface Planned {
	action: PowerAction;
	atMs: number;
	cancel: AbortController;
}

/** The machine's own affairs. */
export class Machine {
	readonly services = new Map<string, Service>();
	/** What is wrong with units that are refused, by their names. */
	readonly refused = new Map<string, string>();
	readonly #reaper: Reaper;
	readonly #wtmp = new RotatingLog(WTMP);
	#sessions: SessionRecord[] = [];
	#writing: Promise<void> = Promise.resolve();
	#planned: Planned | undefined;
	#goingDown = false;

	constructor(reaper: Reaper) {
		this.#reaper = reaper;
	}

	/** Whether the machine is on its way down: nothing is started any more. */
	get goingDown(): boolean {
		return this.#goingDown;
	}

	/** Says something in the kernel's log; where that cannot be, on the console. */
	say = (message: string): void => {
		const line = `init: ${message}`;
		void klog(line).catch(() => stderr.write(`${line}\n`).catch(() => undefined));
	};

	/** What was left of the last time the machine ran goes; commands learn which process this is. */
	async prepare(): Promise<void> {
		await mkdir("/run", { recursive: true });
		for (const { name } of await readdir("/run")) await remove(`/run/${name}`, { recursive: true });
		await announce("init");
		await this.#writeSessions();
		await this.#remember({ type: "boot", timeMs: Date.now() });
	}

	/** Looks at the units again: new ones appear, changed ones count from their next start, gone ones are forgotten. */
	async scan(): Promise<void> {
		const { names, misnamed } = await unitNames();
		const problems = new Map<string, string>(misnamed);
		for (const name of names.splice(MAX_SERVICES))
			problems.set(name, `${unitPath(name)}: more than ${MAX_SERVICES} units`);
		for (const name of names) {
			try {
				this.#take(await readUnit(name));
			} catch (error) {
				problems.set(name, reason(error));
			}
		}
		for (const [name, service] of this.services)
			if (!names.includes(name) && !service.active) this.services.delete(name);
		this.#complain(problems);
	}

	#take(unit: Unit): void {
		const service = this.services.get(unit.name);
		if (service === undefined) this.services.set(unit.name, new Service(unit, this.#reaper, this.say));
		else service.replace(unit);
	}

	/** Each problem is said once, since anybody may have the units looked at. */
	#complain(problems: ReadonlyMap<string, string>): void {
		for (const [name, problem] of problems) if (this.refused.get(name) !== problem) this.say(problem);
		this.refused.clear();
		for (const [name, problem] of problems) this.refused.set(name, problem);
	}

	/** Starts what is enabled, in order. */
	async startAll(): Promise<void> {
		await this.scan();
		const { disabled } = await unitNames();
		const { names, problems } = order([...this.services.values()].map((service) => service.unit));
		for (const problem of problems) this.say(problem);
		for (const name of names) {
			if (disabled.has(name) || this.#goingDown) continue;
			// Why it does not start has been said; the others do not wait for it.
			await this.services
				.get(name)
				?.start()
				.catch(() => undefined);
		}
	}

	/** Whether services are started at boot. */
	async enable(name: string, enabled: boolean): Promise<void> {
		if (!enabled) await writeFile(disabledPath(name), "");
		else
			await unlink(disabledPath(name)).catch((error) => {
				if (!failedWith(error, "ENOENT")) throw error;
			});
	}

	/** Somebody has logged in. */
	async began(session: SessionRecord): Promise<void> {
		this.#sessions = this.#sessions.filter((other) => other.pid !== session.pid).slice(-MAX_SESSIONS + 1);
		this.#sessions.push(session);
		await this.#writeSessions();
		await this.#remember(session);
	}

	/** A process ended; if it led a session, that is over. */
	async ended(leader: number): Promise<void> {
		const session = this.#sessions.find((each) => each.pid === leader);
		if (session === undefined) return;
		this.#sessions = this.#sessions.filter((each) => each !== session);
		await this.#writeSessions();
		await this.#remember({ ...session, type: "logout", timeMs: Date.now() });
	}

	/** One at a time: two sessions that begin together would write over one another. */
	#writeSessions(): Promise<void> {
		const written = this.#writing.then(async () => {
			await writeFile(`${UTMP}.new`, printRecords(this.#sessions), { mode: 0o644 });
			await rename(`${UTMP}.new`, UTMP);
		});
		this.#writing = written.catch(() => undefined);
		return written;
	}

	/** Adds to the history. A full disk costs the history, and nothing else. */
	async #remember(record: SessionRecord): Promise<void> {
		await this.#wtmp.write(printRecords([record])).catch((error) => this.say(`cannot write ${WTMP}: ${reason(error)}`));
	}

	/** Plans the way down; an earlier plan is replaced. */
	async plan(action: PowerAction, delayMs: number, message: string): Promise<void> {
		this.#planned?.cancel.abort();
		const planned: Planned = { action, atMs: Date.now() + delayMs, cancel: new AbortController() };
		this.#planned = planned;
		const time = new Date(planned.atMs).toISOString().slice(0, 16).replace("T", " ");
		const when =
			delayMs > 0 ? `The system will ${PHRASES[action]} at ${time} UTC!` : `The system will ${PHRASES[action]} now!`;
		await broadcast(message === "" ? when : `${message}\n${when}`);
		this.say(`${PHRASES[action]} planned for ${time}`);
		void sleep(delayMs, { signal: planned.cancel.signal }).then(
			() => this.goDown(action).catch((error) => this.say(`cannot go down in order: ${reason(error)}`)),
			() => undefined,
		);
	}

	/** Takes the plan back; answers whether there was one. */
	async unplan(): Promise<boolean> {
		const planned = this.#planned;
		if (planned === undefined || this.#goingDown) return false;
		planned.cancel.abort();
		this.#planned = undefined;
		this.say(`${PHRASES[planned.action]} cancelled`);
		await broadcast(`The ${PHRASES[planned.action]} has been cancelled.`);
		return true;
	}

	/** Takes the machine down: services in reverse order, then everybody else, then the power. */
	async goDown(action: PowerAction): Promise<void> {
		if (this.#goingDown) return;
		this.#goingDown = true;
		this.say(`going down for ${PHRASES[action]}`);
		const { names } = order([...this.services.values()].map((service) => service.unit));
		for (const name of names.reverse()) await this.services.get(name)?.stop();
		await endEverything();
		for (const session of this.#sessions) await this.ended(session.pid ?? 0);
		await this.#remember({ type: "down", timeMs: Date.now() });
		await this.#wtmp.close();
		// Where the machine cannot be switched off, the end of its first process does that.
		await power(action).catch((error) => {
			this.say(`cannot ${PHRASES[action]}: ${reason(error)}`);
			exit(0);
		});
	}
}
