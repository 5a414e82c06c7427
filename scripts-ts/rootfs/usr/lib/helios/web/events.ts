/** `Event`, `CustomEvent`, `ErrorEvent`, `PromiseRejectionEvent` and `EventTarget` (DOM, 2; HTML, 8.1.4). */

import { now, reportUncaught, startedMs } from "helios:core";
import { DOMException } from "helios:web/dom-exception";
import { dictionary, need, webConstants, webInterface } from "helios:web/idl";

/** What an event is made with. */
export interface EventInit {
	bubbles?: boolean;
	cancelable?: boolean;
	composed?: boolean;
}

const PHASES = { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 };

interface EventState {
	type: string;
	bubbles: boolean;
	cancelable: boolean;
	composed: boolean;
	target: EventTarget | null;
	currentTarget: EventTarget | null;
	phase: number;
	initialised: boolean;
	dispatching: boolean;
	stopped: boolean;
	stoppedNow: boolean;
	canceled: boolean;
	inPassive: boolean;
	trusted: boolean;
}

let eventState: (event: Event) => EventState;
let isEvent: (value: unknown) => value is Event;

/** `isTrusted` is an own accessor of every event, and one function for all of them. */
const trustedDescriptor = Object.getOwnPropertyDescriptor(
	{
		get isTrusted(): boolean {
			return eventState(this as unknown as Event).trusted;
		},
	},
	"isTrusted",
) as PropertyDescriptor;
trustedDescriptor.configurable = false;

/** Something that happened. */
export class Event {
	declare readonly isTrusted: boolean;
	declare static readonly NONE: 0;
	declare static readonly CAPTURING_PHASE: 1;
	declare static readonly AT_TARGET: 2;
	declare static readonly BUBBLING_PHASE: 3;
	declare readonly NONE: 0;
	declare readonly CAPTURING_PHASE: 1;
	declare readonly AT_TARGET: 2;
	declare readonly BUBBLING_PHASE: 3;

	readonly #state: EventState;
	readonly #time: number;

	constructor(type: string, init?: EventInit) {
		need(arguments.length, 1, "Event");
		const options = dictionary(init, "Event");
		this.#state = {
			type: `${type}`,
			bubbles: Boolean(options.bubbles),
			cancelable: Boolean(options.cancelable),
			composed: Boolean(options.composed),
			target: null,
			currentTarget: null,
			phase: PHASES.NONE,
			initialised: true,
			dispatching: false,
			stopped: false,
			stoppedNow: false,
			canceled: false,
			inPassive: false,
			trusted: false,
		};
		this.#time = now() - startedMs();
		Object.defineProperty(this, "isTrusted", trustedDescriptor);
	}

	static {
		eventState = (event) => event.#state;
		isEvent = (value): value is Event => typeof value === "object" && value !== null && #state in value;
	}

	get type(): string {
		return this.#state.type;
	}
	get target(): EventTarget | null {
		return this.#state.target;
	}
	get srcElement(): EventTarget | null {
		return this.#state.target;
	}
	get currentTarget(): EventTarget | null {
		return this.#state.currentTarget;
	}
	get eventPhase(): number {
		return this.#state.phase;
	}
	get bubbles(): boolean {
		return this.#state.bubbles;
	}
	get cancelable(): boolean {
		return this.#state.cancelable;
	}
	get composed(): boolean {
		return this.#state.composed;
	}
	get defaultPrevented(): boolean {
		return this.#state.canceled;
	}
	get timeStamp(): number {
		return this.#time;
	}
	get returnValue(): boolean {
		return !this.#state.canceled;
	}
	set returnValue(value: boolean) {
		if (!value) this.preventDefault();
	}
	get cancelBubble(): boolean {
		return this.#state.stopped;
	}
	set cancelBubble(value: boolean) {
		if (value) this.#state.stopped = true;
	}
	composedPath(): EventTarget[] {
		const { currentTarget } = this.#state;
		return currentTarget === null ? [] : [currentTarget];
	}
	stopPropagation(): void {
		this.#state.stopped = true;
	}
	stopImmediatePropagation(): void {
		this.#state.stopped = true;
		this.#state.stoppedNow = true;
	}
	preventDefault(): void {
		const state = this.#state;
		if (state.cancelable && !state.inPassive) state.canceled = true;
	}
	initEvent(type: string, bubbles = false, cancelable = false): void {
		need(arguments.length, 1, "initEvent");
		const state = this.#state;
		if (state.dispatching) return;
		Object.assign(state, {
			type: `${type}`,
			bubbles: Boolean(bubbles),
			cancelable: Boolean(cancelable),
			initialised: true,
			stopped: false,
			stoppedNow: false,
			canceled: false,
			trusted: false,
			target: null,
		});
	}
}
webInterface(Event, "Event", 1);
webConstants(Event, PHASES);

/** What a custom event is made with. */
export interface CustomEventInit<T = unknown> extends EventInit {
	detail?: T;
}

/** An event that carries something of the program's own. */
export class CustomEvent<T = unknown> extends Event {
	#detail: T;

	constructor(type: string, init?: CustomEventInit<T>) {
		need(arguments.length, 1, "CustomEvent");
		super(type, init);
		this.#detail = (init?.detail ?? null) as T;
	}

	get detail(): T {
		return this.#detail;
	}
	initCustomEvent(type: string, bubbles = false, cancelable = false, detail: T = null as T): void {
		need(arguments.length, 1, "initCustomEvent");
		if (eventState(this).dispatching) return;
		this.initEvent(type, bubbles, cancelable);
		this.#detail = detail;
	}
}
webInterface(CustomEvent, "CustomEvent", 1);

/** What an error event is made with. */
export interface ErrorEventInit extends EventInit {
	message?: string;
	filename?: string;
	lineno?: number;
	colno?: number;
	error?: unknown;
}

/** An error that nobody caught. */
export class ErrorEvent extends Event {
	readonly #init: Required<Omit<ErrorEventInit, keyof EventInit>>;

	constructor(type: string, init?: ErrorEventInit) {
		need(arguments.length, 1, "ErrorEvent");
		super(type, init);
		this.#init = {
			message: `${init?.message ?? ""}`,
			filename: `${init?.filename ?? ""}`,
			lineno: Number(init?.lineno ?? 0) >>> 0,
			colno: Number(init?.colno ?? 0) >>> 0,
			error: init?.error,
		};
	}

	get message(): string {
		return this.#init.message;
	}
	get filename(): string {
		return this.#init.filename;
	}
	get lineno(): number {
		return this.#init.lineno;
	}
	get colno(): number {
		return this.#init.colno;
	}
	get error(): unknown {
		return this.#init.error;
	}
}
webInterface(ErrorEvent, "ErrorEvent", 1);

/** What a rejection event is made with. */
export interface PromiseRejectionEventInit extends EventInit {
	promise: Promise<unknown>;
	reason?: unknown;
}

/** A rejection that nobody handled, or that somebody handled after that was told. */
export class PromiseRejectionEvent extends Event {
	readonly #promise: Promise<unknown>;
	readonly #reason: unknown;

	constructor(type: string, init: PromiseRejectionEventInit) {
		need(arguments.length, 2, "PromiseRejectionEvent");
		super(type, init);
		if (init?.promise === undefined) throw new TypeError("PromiseRejectionEvent: promise is required");
		// A promise of a class of its own stays what it is: another one made of it would be rejected in its turn.
		this.#promise = init.promise instanceof Promise ? init.promise : Promise.resolve(init.promise);
		this.#reason = init.reason;
	}

	get promise(): Promise<unknown> {
		return this.#promise;
	}
	get reason(): unknown {
		return this.#reason;
	}
}
webInterface(PromiseRejectionEvent, "PromiseRejectionEvent", 2);

/** Takes events. */
export type EventListener = ((event: Event) => void | Promise<void>) | { handleEvent(event: Event): void };

/** How to listen. */
export interface EventListenerOptions {
	capture?: boolean;
}

/** How to listen, when beginning to. */
export interface AddEventListenerOptions extends EventListenerOptions {
	once?: boolean;
	passive?: boolean;
	signal?: AbortSignal;
}

interface Listener {
	type: string;
	callback: EventListener;
	capture: boolean;
	once: boolean;
	passive: boolean;
	removed: boolean;
}

function flatten(options: unknown): boolean {
	if (typeof options === "object" && options !== null) return Boolean((options as EventListenerOptions).capture);
	return Boolean(options);
}

function checkCallback(callback: unknown, where: string): void {
	if (callback === null || callback === undefined) return;
	if (typeof callback !== "object" && typeof callback !== "function") {
		throw new TypeError(`${where}: the listener is not an object`);
	}
}

function callListener(listener: Listener, event: Event, target: EventTarget): void {
	const { callback } = listener;
	try {
		if (typeof callback === "function") {
			callback.call(target, event);
			return;
		}
		const handle: unknown = callback.handleEvent;
		if (typeof handle !== "function") throw new TypeError("handleEvent of the listener is not a function");
		handle.call(callback, event);
	} catch (error) {
		reportUncaught(error);
	}
}

/** Dispatches an event of the library's own making, which is trusted. Answers whether it was not canceled. */
export let dispatchTrusted: (target: EventTarget, event: Event) => boolean;
/** The listeners for `type` that `target` has now. */
export let countListeners: (target: EventTarget, type: string) => number;

/** Something that events happen to. */
export class EventTarget {
	#listeners: Listener[] = [];

	static {
		dispatchTrusted = (target, event) => {
			eventState(event).trusted = true;
			return target.#dispatch(event);
		};
		countListeners = (target, type) => target.#listeners.filter((listener) => listener.type === type).length;
	}

	addEventListener(type: string, callback: EventListener | null, options?: AddEventListenerOptions | boolean): void {
		need(arguments.length, 2, "addEventListener");
		const capture = flatten(options);
		const more = typeof options === "object" && options !== null ? options : {};
		const once = Boolean(more.once);
		const passive = Boolean(more.passive);
		const { signal } = more;
		if (signal !== undefined && !(signal instanceof EventTarget && "aborted" in signal)) {
			throw new TypeError("addEventListener: the signal is not an AbortSignal");
		}
		checkCallback(callback, "addEventListener");
		if (signal?.aborted === true || callback === null || callback === undefined) return;
		const name = `${type}`;
		const same = (other: Listener): boolean =>
			other.type === name && other.callback === callback && other.capture === capture;
		if (this.#listeners.some(same)) return;
		const listener: Listener = { type: name, callback, capture, once, passive, removed: false };
		this.#listeners.push(listener);
		signal?.addEventListener("abort", () => this.#remove(listener), { once: true });
	}

	removeEventListener(type: string, callback: EventListener | null, options?: EventListenerOptions | boolean): void {
		need(arguments.length, 2, "removeEventListener");
		const capture = flatten(options);
		checkCallback(callback, "removeEventListener");
		const name = `${type}`;
		const found = this.#listeners.find(
			(other) => other.type === name && other.callback === callback && other.capture === capture,
		);
		if (found !== undefined) this.#remove(found);
	}

	dispatchEvent(event: Event): boolean {
		need(arguments.length, 1, "dispatchEvent");
		if (!isEvent(event)) throw new TypeError("dispatchEvent: the argument is not an Event");
		const state = eventState(event);
		if (state.dispatching || !state.initialised) {
			throw new DOMException("The event is already being dispatched", "InvalidStateError");
		}
		state.trusted = false;
		return this.#dispatch(event);
	}

	#remove(listener: Listener): void {
		listener.removed = true;
		this.#listeners = this.#listeners.filter((other) => other !== listener);
	}

	#dispatch(event: Event): boolean {
		const state = eventState(event);
		state.dispatching = true;
		state.target = this;
		state.currentTarget = this;
		state.phase = PHASES.AT_TARGET;
		// Capturing listeners first and then the others, each time over the list as it stands when that begins.
		if (!state.stopped) this.#invoke(event, state, true);
		if (!state.stopped) this.#invoke(event, state, false);
		state.phase = PHASES.NONE;
		state.currentTarget = null;
		state.dispatching = false;
		state.stopped = false;
		state.stoppedNow = false;
		return !state.canceled;
	}

	#invoke(event: Event, state: EventState, capture: boolean): void {
		for (const listener of [...this.#listeners]) {
			if (listener.removed || listener.type !== state.type || listener.capture !== capture) continue;
			if (listener.once) this.#remove(listener);
			state.inPassive = listener.passive;
			callListener(listener, event, this);
			state.inPassive = false;
			if (state.stoppedNow) return;
		}
	}
}
webInterface(EventTarget, "EventTarget");

/** Defines an event handler attribute (`onabort` for `abort`): called in the place where it was first set. */
export function handlerAttribute(prototype: EventTarget, type: string): void {
	const handlers = new WeakMap<EventTarget, { current: ((event: Event) => unknown) | null }>();
	Object.defineProperty(prototype, `on${type}`, {
		configurable: true,
		enumerable: true,
		get(this: EventTarget) {
			return handlers.get(this)?.current ?? null;
		},
		set(this: EventTarget, value: unknown) {
			const handler = typeof value === "function" ? (value as (event: Event) => unknown) : null;
			const entry = handlers.get(this);
			if (entry !== undefined) {
				entry.current = handler;
				return;
			}
			if (handler === null) return;
			const fresh = { current: handler as ((event: Event) => unknown) | null };
			handlers.set(this, fresh);
			this.addEventListener(type, (event) => {
				if (fresh.current?.call(this, event) === false) event.preventDefault();
			});
		},
	});
}
