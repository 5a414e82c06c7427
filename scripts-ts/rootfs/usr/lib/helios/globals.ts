/**
 * Puts the web-standard globals in place. Each is an accessor that evaluates its module when it is first read, so that
 * a process pays only for what it uses.
 */

import { lazy } from "helios:internal";
import { random } from "helios:random";

/** Interfaces: not enumerable, as Web IDL has it. */
const INTERFACES: readonly (readonly [module: string, names: readonly string[]])[] = [
	["abort", ["AbortController", "AbortSignal"]],
	["blob", ["Blob", "File"]],
	["compression", ["CompressionStream", "DecompressionStream"]],
	["console", ["console"]],
	["crypto", ["Crypto", "CryptoKey", "SubtleCrypto"]],
	["dom-exception", ["DOMException"]],
	["encoding", ["TextDecoder", "TextEncoder"]],
	["encoding-streams", ["TextDecoderStream", "TextEncoderStream"]],
	["events", ["CustomEvent", "ErrorEvent", "Event", "EventTarget", "PromiseRejectionEvent"]],
	["form-data", ["FormData"]],
	["headers", ["Headers"]],
	["navigator", ["Navigator"]],
	["performance", ["Performance", "PerformanceEntry", "PerformanceMark", "PerformanceMeasure"]],
	["readable", ["ReadableStream", "ReadableStreamDefaultController", "ReadableStreamDefaultReader"]],
	["request", ["Request"]],
	["response", ["Response"]],
	["strategies", ["ByteLengthQueuingStrategy", "CountQueuingStrategy"]],
	["transform", ["TransformStream", "TransformStreamDefaultController"]],
	["url", ["URL"]],
	["url-search-params", ["URLSearchParams"]],
	["writable", ["WritableStream", "WritableStreamDefaultController", "WritableStreamDefaultWriter"]],
];

/** Functions and attributes of the global object: enumerable, as Web IDL has it. */
const MEMBERS: readonly (readonly [module: string, names: readonly string[]])[] = [
	["base64", ["atob", "btoa"]],
	["clone", ["structuredClone"]],
	["crypto", ["crypto"]],
	["fetch", ["fetch"]],
	["navigator", ["navigator"]],
	["performance", ["performance"]],
	["report", ["addEventListener", "dispatchEvent", "removeEventListener", "reportError"]],
	["timers", ["clearInterval", "clearTimeout", "queueMicrotask", "setInterval", "setTimeout"]],
];

function settleGlobal(name: string, value: unknown, enumerable: boolean): void {
	Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable });
}

function installLazy(name: string, module: string, enumerable: boolean): void {
	Object.defineProperty(globalThis, name, {
		configurable: true,
		enumerable,
		get() {
			const value = lazy(`helios:web/${module}`)[name];
			settleGlobal(name, value, enumerable);
			return value;
		},
		set(value: unknown) {
			settleGlobal(name, value, enumerable);
		},
	});
}

/** Attributes that are handlers: what is set is called for errors and rejections that nobody caught. */
const HANDLERS = ["onerror", "onunhandledrejection", "onrejectionhandled"] as const;

function installHandler(name: (typeof HANDLERS)[number]): void {
	const report = (): typeof import("helios:web/report") => lazy("helios:web/report") as never;
	Object.defineProperty(globalThis, name, {
		configurable: true,
		enumerable: true,
		get: () => report().getHandler(name),
		set: (value: unknown) => report().setHandler(name, value),
	});
}

/** Defines every global. The host calls it, through `helios:core`, when it makes the startup snapshot. */
export function installGlobals(): void {
	for (const [module, names] of INTERFACES) for (const name of names) installLazy(name, module, false);
	for (const [module, names] of MEMBERS) for (const name of names) installLazy(name, module, true);
	for (const name of HANDLERS) installHandler(name);
	settleGlobal("self", globalThis, true);
	Object.defineProperty(Math, "random", { value: random, writable: true, configurable: true, enumerable: false });
}
