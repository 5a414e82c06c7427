// Rejections that nobody handles: `on` of `helios:process`, and the events of the web.

import { on } from "helios:process";

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

// With a handler the process goes on.
const off = on("unhandledrejection", (reason, promise) => {
	console.log("on", (reason as Error).message, promise === lost);
});
const offHandled = on("rejectionhandled", (reason, promise) => {
	console.log("handled", (reason as Error).message, promise === lost);
});
const lost = Promise.reject(new Error("lost"));
await pause();
await lost.catch((error: Error) => console.log("caught", error.message));
await pause();
// Handled before the microtasks are over: nobody is told.
const soon = Promise.reject(new Error("soon"));
await null;
await soon.catch(() => console.log("soon enough"));
// In the order in which they were rejected, each once.
for (const name of ["a", "b", "c"]) void Promise.reject(new Error(name));
const nested = (async () => {
	await pause();
	throw new Error("nested");
})();
await pause();
await pause();
void nested.finally(() => undefined).catch(() => undefined);
await pause();
off();
offHandled();

// As events.
const events = (event: Event): void => {
	const { promise, reason } = event as PromiseRejectionEvent;
	console.log(event.type, event.isTrusted, event.cancelable, promise instanceof Promise, reason);
	event.preventDefault();
};
addEventListener("unhandledrejection", events);
addEventListener("rejectionhandled", events);
class Own<T> extends Promise<T> {}
const late = Own.reject("own");
void Promise.reject(null);
await pause();
late.catch(() => undefined);
await pause();
removeEventListener("unhandledrejection", events);
removeEventListener("rejectionhandled", events);
globalThis.onunhandledrejection = (event) => {
	console.log("attribute", (event as PromiseRejectionEvent).reason);
	return false;
};
console.log(typeof onunhandledrejection, onrejectionhandled);
void Promise.reject("attributed");
await pause();
globalThis.onunhandledrejection = null;

// A handler that throws, and one that rejects once more, are told of in their turn.
addEventListener("error", (event) => {
	console.log("error", (event as ErrorEvent).error);
	event.preventDefault();
});
let times = 0;
const again = on("unhandledrejection", (reason) => {
	console.log("again", reason);
	if (++times < 3) void Promise.reject(times);
	throw "from the handler";
});
void Promise.reject(0);
await pause();
again();

// Looking on is not enough: where nobody takes it, the process ends.
addEventListener("unhandledrejection", (event) => {
	console.log("last", (event as PromiseRejectionEvent).reason);
});
void Promise.reject("the end");
await pause();
console.log("never");
