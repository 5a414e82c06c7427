/** What `init` does when it is asked. */

import { info } from "helios:process";
import type { Machine } from "/usr/lib/service/init.ts";
import { isPowerAction } from "/usr/lib/service/power.ts";
import type { Asked, Refusal } from "/usr/lib/service/protocol.ts";
import type { Service, State } from "/usr/lib/service/service.ts";
import { isUnitName, unitNames } from "/usr/lib/service/unit.ts";
import { reason } from "/usr/lib/sh/cli.ts";

/** What there is to know of a service. */
export interface ServiceStatus {
	name: string;
	state: State;
	enabled: boolean;
	pid: number | null;
	sinceMs: number;
	restarts: number;
	lastEnd: string | null;
	log: string;
	exec: string[];
	user: string;
}

/** The longest message that a way down carries, in UTF-16 units, and the longest time that it may be ahead. */
const MESSAGE_UNITS = 1024;
const AHEAD_MAX_MS = 366 * 86_400_000;
/** The longest names of users and lines that are remembered. */
const WORD_UNITS = 64;

type Request = Record<string, unknown>;
type Answer = object | Refusal;

function describe(service: Service, disabled: ReadonlySet<string>): ServiceStatus {
	const { unit, state, pid, sinceMs, restarts, lastEnd } = service;
	const { name, log, exec, user } = unit;
	const enabled = !disabled.has(name);
	return { name, state, enabled, pid: pid ?? null, sinceMs, restarts, lastEnd: lastEnd ?? null, log, exec, user };
}

async function list(machine: Machine): Promise<Answer> {
	await machine.scan();
	const { disabled } = await unitNames();
	const all = [...machine.services.values()].sort((a, b) => (a.unit.name < b.unit.name ? -1 : 1));
	return { services: all.map((service) => describe(service, disabled)) };
}

async function act(machine: Machine, op: string, service: Service): Promise<Answer> {
	const { name } = service.unit;
	if (machine.goingDown) return { error: "the machine is going down" };
	if (op === "enable" || op === "disable") await machine.enable(name, op === "enable");
	if (op === "stop" || op === "restart") await service.stop();
	if (op === "start" || op === "restart") await service.start();
	const { disabled } = await unitNames();
	return { services: [describe(service, disabled)] };
}

async function onService(machine: Machine, op: string, name: unknown): Promise<Answer> {
	if (typeof name !== "string" || !isUnitName(name)) return { error: "not a name of a service", why: "unknown" };
	await machine.scan();
	const service = machine.services.get(name);
	if (service === undefined) return { error: machine.refused.get(name) ?? "there is no such service", why: "unknown" };
	if (op !== "status") return act(machine, op, service);
	const { disabled } = await unitNames();
	return { services: [describe(service, disabled)] };
}

async function shutDown(machine: Machine, { action, delayMs, message }: Request): Promise<Answer> {
	if (!isPowerAction(action)) return { error: "no such action" };
	if (typeof delayMs !== "number" || !(delayMs >= 0 && delayMs <= AHEAD_MAX_MS)) return { error: "no such time" };
	if (typeof message !== "string" || message.length > MESSAGE_UNITS) return { error: "the message is too long" };
	if (machine.goingDown) return { error: "the machine is going down" };
	await machine.plan(action, delayMs, message);
	return {};
}

function isWord(value: unknown): value is string {
	return typeof value === "string" && value !== "" && value.length <= WORD_UNITS;
}

async function logIn(machine: Machine, from: number, { user, line, host }: Request): Promise<Answer> {
	if (!isWord(user) || !isWord(line) || (host !== undefined && !isWord(host))) return { error: "no such session" };
	const where = host === undefined ? {} : { host };
	await machine.began({ type: "login", timeMs: Date.now(), pid: from, user, line, ...where });
	return {};
}

/** What anybody may ask; everything else is root's. */
const OPEN: readonly unknown[] = ["list", "status"];
const ON_SERVICE: readonly unknown[] = ["status", "start", "stop", "restart", "enable", "disable"];

async function serve(machine: Machine, { from, uid, request }: Asked<Request>): Promise<Answer> {
	const { op } = request;
	if (uid !== 0 && !OPEN.includes(op)) return { error: "only root may do that", why: "denied" };
	if (op === "list") return list(machine);
	if (typeof op === "string" && ON_SERVICE.includes(op)) return onService(machine, op, request.name);
	if (op === "shutdown") return shutDown(machine, request);
	if (op === "cancel") return (await machine.unplan()) ? {} : { error: "nothing is planned" };
	if (op === "login") return logIn(machine, from, request);
	return { error: "no such request" };
}

/** Answers a request. Those that take long do not keep others waiting. */
export async function handle(machine: Machine, asked: Asked<Request>): Promise<void> {
	try {
		await asked.answer(await serve(machine, asked));
	} catch (error) {
		await asked.answer({ error: reason(error) });
	}
}

/** Whether this process may be `init` at all: it is root's, and nobody's child. */
export async function isInit(): Promise<boolean> {
	const { euid, ppid } = await info();
	return euid === 0 && ppid === 0;
}
