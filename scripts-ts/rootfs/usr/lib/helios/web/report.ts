/** `reportError`, and events of the global object: `error` fires for what nobody caught (HTML, 8.1.4). */

import { onUncaught, reportUncaught } from "helios:core";
import { ErrorEvent, type Event, EventTarget } from "helios:web/events";
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
		return !target.dispatchEvent(event);
	} finally {
		reporting = false;
	}
}
onUncaught(fire);

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

/** The handler that `onerror` is. */
export function getOnError(): OnErrorHandler | null {
	return handler;
}

/** Sets the handler that `onerror` is; anything but a function takes it away. */
export function setOnError(value: unknown): void {
	handler = typeof value === "function" ? (value as OnErrorHandler) : null;
}
