/**
 * `reportError`, and events of the global object: `error` fires for what nobody caught, `unhandledrejection` and
 * `rejectionhandled` for promises (HTML, 8.1.4 and 8.1.7).
 */

import { onRejection, onUncaught, reportUncaught } from "helios:core";
import {
	dispatchTrusted,
	ErrorEvent,
	type Event,
	EventTarget,
	handlerAttribute,
	PromiseRejectionEvent,
} from "helios:web/events";
import { need } from "helios:web/idl";

/** What `onerror` is called with. */
export type OnErrorHandler = (
	message: string,
	filename: string,
	lineno: number,
	colno: number,
	error: unknown,
) => unknown;

const target = new EventTarget();
let handler: OnErrorHandler | null = null;
let reporting = false;

function fire(error: unknown): boolean {
	// An error in a listener for errors is not reported to it again.
	if (reporting) return false;
	reporting = true;
	try {
		const message = error instanceof Error ? `Uncaught ${error.name}: ${error.message}` : `Uncaught ${String(error)}`;
		const event = new ErrorEvent("error", { cancelable: true, message, error });
		if (handler?.call(globalThis, message, "", 0, 0, error) === true) event.preventDefault();
		return !dispatchTrusted(target, event);
	} finally {
		reporting = false;
	}
}
onUncaught(fire);
onRejection({
	rejected: (promise, reason) =>
		!dispatchTrusted(target, new PromiseRejectionEvent("unhandledrejection", { cancelable: true, promise, reason })),
	handled: (promise, reason) =>
		void dispatchTrusted(target, new PromiseRejectionEvent("rejectionhandled", { promise, reason })),
});

/** Reports an error as if nobody had caught it. */
export function reportError(error: unknown): void {
	need(arguments.length, 1, "reportError");
	reportUncaught(error);
}

/** Listens to the global object. */
export const addEventListener: EventTarget["addEventListener"] = target.addEventListener.bind(target);
/** Stops listening to the global object. */
export const removeEventListener: EventTarget["removeEventListener"] = target.removeEventListener.bind(target);
/** Dispatches an event at the global object. */
export const dispatchEvent: (event: Event) => boolean = target.dispatchEvent.bind(target);

/** An attribute of the global object that is a handler. */
export type HandlerName = "onerror" | "onunhandledrejection" | "onrejectionhandled";

handlerAttribute(target, "unhandledrejection");
handlerAttribute(target, "rejectionhandled");
const attributes = target as unknown as Record<HandlerName, unknown>;

/** The handler that an attribute is. */
export function getHandler(name: HandlerName): unknown {
	return name === "onerror" ? handler : attributes[name];
}

/** Sets the handler that an attribute is; anything but a function takes it away. */
export function setHandler(name: HandlerName, value: unknown): void {
	if (name !== "onerror") attributes[name] = value;
	else handler = typeof value === "function" ? (value as OnErrorHandler) : null;
}
