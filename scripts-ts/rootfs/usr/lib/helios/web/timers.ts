/**
 * Timers (HTML, 8.6) and `queueMicrotask`.
 *
 * All timers of a process share one `sleep`. Each callback is a task of its own: where several are due, one runs, its
 * microtasks follow, and a `sleep` of nothing brings the next.
 */

import { abandon, dispatch, now, reportUncaught } from "helios:core";
import { need, toLong } from "helios:web/idl";

/** From the sixth timer set by a timer on, a delay is at least 4 ms: HTML's guard against busy loops. */
const NESTING_LIMIT = 5;
const NESTED_DELAY_MS = 4;
const NANOS_PER_MILLI = 1_000_000;

// biome-ignore lint/suspicious/noExplicitAny: a timer's callback takes whatever it is given.
type AnyCallback = (...args: any[]) => unknown;
type Callback = (...args: unknown[]) => unknown;

interface Timer {
	id: number;
	due: number;
	sequence: number;
	callback: Callback;
	args: unknown[];
	/** Milliseconds between runs of an interval. */
	interval: number | undefined;
	nesting: number;
}

const timers = new Map<number, Timer>();
let heap: Timer[] = [];
let lastId = 0;
let lastSequence = 0;
let nesting = 0;
let armed: { call: number; due: number } | undefined;

function before(a: Timer, b: Timer): boolean {
	return a.due < b.due || (a.due === b.due && a.sequence < b.sequence);
}

function push(timer: Timer): void {
	let at = heap.length;
	heap.push(timer);
	while (at > 0) {
		const parent = (at - 1) >> 1;
		const above = heap[parent] as Timer;
		if (!before(timer, above)) break;
		heap[at] = above;
		at = parent;
	}
	heap[at] = timer;
}

function pop(): void {
	const last = heap.pop() as Timer;
	if (heap.length === 0) return;
	let at = 0;
	for (;;) {
		let child = 2 * at + 1;
		if (child >= heap.length) break;
		if (child + 1 < heap.length && before(heap[child + 1] as Timer, heap[child] as Timer)) child++;
		if (!before(heap[child] as Timer, last)) break;
		heap[at] = heap[child] as Timer;
		at = child;
	}
	heap[at] = last;
}

/** The next timer that was not cleared. Cleared ones stay in the heap until they come up, or outnumber the others. */
function next(): Timer | undefined {
	if (heap.length > 64 && heap.length > 2 * timers.size) {
		const live = heap.filter((timer) => timers.get(timer.id) === timer);
		heap = [];
		for (const timer of live) push(timer);
	}
	while (heap.length > 0) {
		const first = heap[0] as Timer;
		if (timers.get(first.id) === first) return first;
		pop();
	}
	return undefined;
}

/** Makes the one outstanding `sleep` fit the next timer. */
function arm(): void {
	const first = next();
	if (armed !== undefined) {
		if (first !== undefined && armed.due <= first.due) return;
		abandon(armed.call);
		armed = undefined;
	}
	if (first === undefined) return;
	const ns = Math.max(0, first.due - now()) * NANOS_PER_MILLI;
	armed = { due: first.due, call: dispatch("sleep", { ns }, wake) };
}

function wake(): void {
	armed = undefined;
	const first = next();
	if (first !== undefined && first.due <= now()) {
		pop();
		run(first);
	}
	arm();
}

function run(timer: Timer): void {
	if (timer.interval === undefined) timers.delete(timer.id);
	nesting = timer.nesting;
	try {
		timer.callback.apply(globalThis, timer.args);
	} catch (error) {
		reportUncaught(error);
	} finally {
		nesting = 0;
	}
	if (timer.interval === undefined || timers.get(timer.id) !== timer) return;
	timer.nesting++;
	timer.due = now() + clampDelay(timer.interval, timer.nesting);
	timer.sequence = ++lastSequence;
	push(timer);
}

function clampDelay(delay: number, depth: number): number {
	return depth > NESTING_LIMIT ? Math.max(delay, NESTED_DELAY_MS) : delay;
}

function add(name: string, callback: unknown, timeout: unknown, args: unknown[], repeat: boolean): number {
	if (typeof callback !== "function") throw new TypeError(`${name}: the callback is not a function`);
	const delay = Math.max(0, toLong(timeout));
	const depth = nesting + 1;
	const timer: Timer = {
		id: ++lastId,
		due: now() + clampDelay(delay, depth),
		sequence: ++lastSequence,
		callback: callback as Callback,
		args,
		interval: repeat ? delay : undefined,
		nesting: depth,
	};
	timers.set(timer.id, timer);
	push(timer);
	// Inside a callback the wake that runs it arms afterwards.
	if (nesting === 0) arm();
	return timer.id;
}

function clear(id: unknown): void {
	if (timers.delete(toLong(id)) && nesting === 0) arm();
}

/** Calls `callback` once, after `timeout` milliseconds. */
export function setTimeout(callback: AnyCallback, timeout?: number, ...args: unknown[]): number {
	need(arguments.length, 1, "setTimeout");
	return add("setTimeout", callback, timeout, args, false);
}

/** Calls `callback` every `timeout` milliseconds. */
export function setInterval(callback: AnyCallback, timeout?: number, ...args: unknown[]): number {
	need(arguments.length, 1, "setInterval");
	return add("setInterval", callback, timeout, args, true);
}

/** Takes a timer away. */
export function clearTimeout(id?: number): void {
	clear(id);
}

/** Takes a timer away. */
export function clearInterval(id?: number): void {
	clear(id);
}

/** Calls `callback` when the current task is done. */
export function queueMicrotask(callback: () => unknown): void {
	need(arguments.length, 1, "queueMicrotask");
	if (typeof callback !== "function") throw new TypeError("queueMicrotask: the callback is not a function");
	void Promise.resolve().then(() => {
		try {
			callback();
		} catch (error) {
			reportUncaught(error);
		}
	});
}
