// `Event`, `EventTarget`, `CustomEvent`, `AbortController`, `AbortSignal`, `reportError`, `DOMException`.

function attempt(what: string, run: () => unknown): void {
	try {
		console.log(what, run());
	} catch (error) {
		console.log(what, "throws", (error as Error).name);
	}
}

const event = new Event("e", { cancelable: true });
console.log(
	event.type,
	event.bubbles,
	event.cancelable,
	event.composed,
	event.isTrusted,
	event.eventPhase,
	event.target,
);
console.log(Event.AT_TARGET, event.BUBBLING_PHASE, Object.getOwnPropertyNames(event), typeof event.timeStamp);
attempt("no type", () => new (Event as never as new () => Event)());
event.preventDefault();
console.log(event.defaultPrevented, event.returnValue);

// The order of listeners: capturing first at the target, then the others, in the order in which they came.
const target = new EventTarget();
const order: string[] = [];
const say = (word: string) => (): void => void order.push(word);
target.addEventListener("x", say("1"));
target.addEventListener("x", say("2 capture"), true);
target.addEventListener("x", say("3 once"), { once: true });
target.addEventListener("x", { handleEvent: () => void order.push("4 object") });
const twice = say("5 only once in the list");
target.addEventListener("x", twice);
target.addEventListener("x", twice);
target.addEventListener("x", twice, { capture: true });
target.addEventListener("x", () => {
	target.addEventListener("x", say("added meanwhile"));
	target.removeEventListener("x", late);
});
const late = say("removed meanwhile");
target.addEventListener("x", late);
console.log(target.dispatchEvent(new Event("x")), order.splice(0));
target.dispatchEvent(new Event("x"));
console.log(order.splice(0));
target.addEventListener("x", null);
attempt("not a listener", () => target.addEventListener("x", 5 as never));

const stop = new EventTarget();
stop.addEventListener("s", (e) => {
	e.stopImmediatePropagation();
	console.log("stopped", e.cancelBubble, e.currentTarget === stop, e.composedPath().length, e.eventPhase);
});
stop.addEventListener("s", say("never"));
stop.dispatchEvent(new Event("s"));
const passive = new EventTarget();
passive.addEventListener("p", (e) => e.preventDefault(), { passive: true });
const kept = new Event("p", { cancelable: true });
console.log(passive.dispatchEvent(kept), kept.defaultPrevented, kept.currentTarget, kept.target === passive);
passive.addEventListener("p", (e) => e.preventDefault());
console.log(passive.dispatchEvent(kept), passive.dispatchEvent(new Event("p")));
attempt("twice at once", () => {
	const again = new EventTarget();
	again.addEventListener("a", (e) => attempt("  inside", () => again.dispatchEvent(e)));
	return again.dispatchEvent(new Event("a"));
});
attempt("not an event", () => target.dispatchEvent({ type: "x" } as never));

const custom = new CustomEvent("c", { detail: { a: 1 } });
console.log(
	custom.detail,
	new CustomEvent("c").detail,
	custom instanceof Event,
	Object.prototype.toString.call(custom),
);
const failed = new ErrorEvent("error", { message: "m", lineno: 3, error: 7 });
console.log(failed.message, failed.filename, failed.lineno, failed.colno, failed.error);

const controller = new AbortController();
const { signal } = controller;
console.log(signal.aborted, signal.reason, Object.prototype.toString.call(signal), controller.signal === signal);
signal.onabort = (e) => console.log("onabort", e.type, e.isTrusted);
signal.addEventListener("abort", () => console.log("listener", signal.reason));
const removed = new EventTarget();
removed.addEventListener("r", say("signal gone"), { signal });
controller.abort("why");
controller.abort("again");
removed.dispatchEvent(new Event("r"));
console.log(signal.aborted, signal.reason, order);
attempt("throwIfAborted", () => AbortSignal.abort().throwIfAborted());
console.log(
	AbortSignal.abort().reason.name,
	AbortSignal.abort(1).reason,
	new AbortController().signal.throwIfAborted(),
);
attempt("constructor", () => new (AbortSignal as never as new () => AbortSignal)());

const first = new AbortController();
const second = new AbortController();
const either = AbortSignal.any([first.signal, second.signal]);
const nested = AbortSignal.any([either, AbortSignal.timeout(1000)]);
either.addEventListener("abort", () => console.log("either", nested.aborted));
nested.addEventListener("abort", () => console.log("nested", nested.reason));
first.signal.addEventListener("abort", () => console.log("source", either.aborted));
first.abort("first");
second.abort("second");
console.log(either.reason, AbortSignal.any([]).aborted, AbortSignal.any([AbortSignal.abort("old")]).reason);
attempt("any of nothing", () => AbortSignal.any([{} as never]));
const timeout = AbortSignal.timeout(10);
await new Promise((resolve) => timeout.addEventListener("abort", resolve));
console.log(timeout.reason.name, timeout.reason.code, performance.now());
attempt("negative timeout", () => AbortSignal.timeout(-1));

const exception = new DOMException("message", "AbortError");
console.log(exception.name, exception.message, exception.code, exception instanceof Error, String(exception));
console.log(new DOMException().name, new DOMException("m", "Own").code, DOMException.ABORT_ERR, typeof exception.stack);
attempt("brand", () => DOMException.prototype.name);

globalThis.addEventListener("error", (e) => {
	console.log("error event", (e as ErrorEvent).message);
	e.preventDefault();
});
reportError(new RangeError("reported"));
setTimeout(() => {
	throw new Error("in a timer");
}, 1);
queueMicrotask(() => {
	throw new Error("in a microtask");
});
await new Promise((resolve) => setTimeout(resolve, 5));
console.log(self === globalThis, typeof onerror);
