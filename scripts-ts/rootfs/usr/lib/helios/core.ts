/**
 * The library's heart: takes what each slice is given, knows which call waits for which answer, and puts the lazy
 * globals in place. The host evaluates it first, into the startup snapshot; everything else is evaluated when used.
 */

import { SystemError } from "helios:errors";
import { installGlobals } from "helios:globals";
import { fatal, halt, setDeliver, setRef, syscall } from "helios:internal";
import { seedRandom } from "helios:random";
import type { Errno, Syscalls } from "helios-abi";

/** What a process knows when it starts. */
export interface StartInfo {
	pid: number;
	argv: string[];
	env: Record<string, string>;
	cwd: string;
	epochMs: number;
	randomKey: Uint8Array;
}

/** The name of a syscall. */
export type CallName = keyof Syscalls;
/** What a syscall takes. */
export type Request<N extends CallName> = Parameters<Syscalls[N]>[0];
/** What a syscall answers. */
export type Reply<N extends CallName> = ReturnType<Syscalls[N]>;

/** A call that failed, before it becomes an error with a trace. */
class Failure {
	constructor(
		readonly code: Errno,
		readonly message: string,
		readonly name: string,
	) {}

	toError(): SystemError {
		return new SystemError(this.code, this.message, this.name);
	}
}

/** Takes promises that were rejected while nobody listened. */
export interface RejectionListener {
	/** It was rejected, and all microtasks have run. Answers whether the process may go on. */
	rejected(promise: Promise<unknown>, reason: unknown): boolean;
	/** It was told of, and now somebody handles it. */
	handled(promise: Promise<unknown>, reason: unknown): void;
}

interface Waiter {
	name: string;
	settle(reply: unknown): void;
}

const DELIVERY_REPLY = 0;
const DELIVERY_ERROR = 1;
const DELIVERY_SIGNAL = 2;
const DELIVERY_START = 3;
// These two come at the end of a slice, from the isolate's host.
const DELIVERY_REJECTION = 4;
const DELIVERY_REJECTION_HANDLED = 5;

const waiters = new Map<number, Waiter>();
const startHooks: ((info: StartInfo) => void)[] = [];
const exitHooks: (() => void)[] = [];
let startInfo: StartInfo | undefined;
let signalHandler: ((signal: number) => void) | undefined;
let uncaughtHandler: ((error: unknown) => boolean) | undefined;
const rejectionListeners = new Set<RejectionListener>();
let nowMs = 0;
let startMs = 0;

/** Milliseconds since the Unix epoch, virtual, at the start of this slice. */
export function now(): number {
	return nowMs;
}

/** Milliseconds since the Unix epoch, virtual, at which the process started. */
export function startedMs(): number {
	return startMs;
}

/** Milliseconds since the Unix epoch at which the machine's world began. */
export function epoch(): number {
	return startInfo?.epochMs ?? 0;
}

/** Calls `hook` with what the process knows of itself: now if it has started, else when it does. */
export function whenStarted(hook: (info: StartInfo) => void): void {
	if (startInfo === undefined) startHooks.push(hook);
	else hook(startInfo);
}

/** Calls `hook` before the process leaves by `exit`: to hand over output that still waits. */
export function beforeExit(hook: () => void): void {
	exitHooks.push(hook);
}

/** Sets the function that takes handled signals. */
export function onSignal(handler: (signal: number) => void): void {
	signalHandler = handler;
}

/** Sets the function that may take an uncaught error; it answers whether it did. */
export function onUncaught(handler: (error: unknown) => boolean): void {
	uncaughtHandler = handler;
}

/** Reports an error that nobody caught: to the handler there is, else it ends the process. */
export function reportUncaught(error: unknown): void {
	if (uncaughtHandler?.(error) !== true) fatal(error);
}

/** Adds one who is told of rejections that nobody handles. Answers a function that takes it away. */
export function onRejection(listener: RejectionListener): () => void {
	rejectionListeners.add(listener);
	return () => void rejectionListeners.delete(listener);
}

/** Tells everybody of a rejection that nobody handled; where none of them takes it, it ends the process. */
function reportRejection(promise: Promise<unknown>, reason: unknown): void {
	let taken = false;
	for (const listener of [...rejectionListeners]) if (listener.rejected(promise, reason)) taken = true;
	if (!taken) fatal(reason);
}

/** Makes a call; `settle` takes its answer inside the delivery itself. Answers the call's number. */
export function dispatch<N extends CallName>(name: N, request: Request<N>, settle: (reply: unknown) => void): number {
	const id = syscall(name, request);
	waiters.set(id, { name, settle });
	return id;
}

/** Makes a call whose answer nobody waits for, and which does not keep the process alive. */
export function post<N extends CallName>(name: N, request: Request<N>): void {
	setRef(syscall(name, request), false);
}

/** Whether an outstanding call keeps the process alive. */
export function keepAlive(id: number, alive: boolean): void {
	if (waiters.has(id)) setRef(id, alive);
}

/** Withdraws an outstanding call: it then fails with ECANCELED and no longer keeps the process alive. */
export function cancel(id: number): void {
	if (!waiters.has(id)) return;
	setRef(id, false);
	post("cancel", { call: id });
}

/** Forgets a call: its answer is dropped, and it no longer keeps the process alive. */
export function abandon(id: number): void {
	if (!waiters.delete(id)) return;
	setRef(id, false);
	post("cancel", { call: id });
}

/** Whether `reply` is a failure, as `dispatch` hands it to `settle`. */
export function failure(reply: unknown): SystemError | undefined {
	return reply instanceof Failure ? reply.toError() : undefined;
}

/**
 * Makes a call and answers its reply.
 *
 * The error is made here, after the wait, and not in the delivery: so its trace names the functions that awaited it.
 *
 * @throws {SystemError} when the call fails.
 */
export async function call<N extends CallName>(name: N, request: Request<N>): Promise<Reply<N>> {
	const reply = await new Promise<unknown>((resolve) => {
		dispatch(name, request, resolve);
	});
	if (reply instanceof Failure) throw reply.toError();
	return reply as Reply<N>;
}

/** As `call`, with a signal that withdraws it. */
export async function callWith<N extends CallName>(
	name: N,
	request: Request<N>,
	signal: AbortSignal | undefined,
): Promise<Reply<N>> {
	if (signal === undefined) return call(name, request);
	signal.throwIfAborted();
	let id = 0;
	const reply = new Promise<unknown>((resolve) => {
		id = dispatch(name, request, resolve);
	});
	const withdraw = (): void => cancel(id);
	signal.addEventListener("abort", withdraw);
	const settled = await reply;
	signal.removeEventListener("abort", withdraw);
	if (settled instanceof Failure) {
		if (settled.code === "ECANCELED") signal.throwIfAborted();
		throw settled.toError();
	}
	return settled as Reply<N>;
}

/** Ends the process. Output that waits goes first; nothing after this runs. */
export function exit(code: number): never {
	for (const hook of exitHooks) hook();
	syscall("exit", { code: code & 255 });
	halt();
}

function settle(id: number, reply: unknown): void {
	const waiter = waiters.get(id);
	if (waiter === undefined) return;
	waiters.delete(id);
	waiter.settle(reply);
}

function start(info: StartInfo): void {
	startInfo = info;
	startMs = nowMs;
	seedRandom(info.randomKey);
	for (const hook of startHooks.splice(0)) hook(info);
}

function deliverOne(kind: unknown, a: unknown, b: unknown): void {
	switch (kind) {
		case DELIVERY_REPLY:
			settle(a as number, b);
			break;
		case DELIVERY_ERROR: {
			const [code, message] = b as [Errno, string];
			settle(a as number, new Failure(code, message, waiters.get(a as number)?.name ?? ""));
			break;
		}
		case DELIVERY_SIGNAL:
			signalHandler?.(a as number);
			break;
		case DELIVERY_START:
			start(a as StartInfo);
			break;
		case DELIVERY_REJECTION:
			reportRejection(a as Promise<unknown>, b);
			break;
		case DELIVERY_REJECTION_HANDLED:
			for (const listener of [...rejectionListeners]) listener.handled(a as Promise<unknown>, b);
			break;
	}
}

function deliver(at: number, flat: unknown[]): void {
	nowMs = at;
	for (let index = 0; index < flat.length; index += 3) {
		try {
			deliverOne(flat[index], flat[index + 1], flat[index + 2]);
		} catch (error) {
			reportUncaught(error);
		}
	}
}

setDeliver(deliver);
installGlobals();
