// What does not exist here, because it shows the host (clocks, the collector, threads, locales), runs code that nobody
// metered, or is a second way to something that is guarded.

/** Globals that go once; the library may put its own in their place. */
const REMOVED_ONCE = ["Intl", "Temporal", "console", "escape", "eval", "performance", "unescape"];
/** Globals that V8 puts back, or fills, when a context is made from a snapshot: these go then. */
const REMOVED_LATE = [
  "Atomics", "FinalizationRegistry", "SharedArrayBuffer", "WeakRef", "WebAssembly", "gc", "d8",
];

function removeGlobals(names) {
  for (const key of names) deleteProperty(globalThis, key);
}

function removeLegacy() {
  // The last match of any expression in the realm: ours too.
  for (const key of ownKeys(NativeRegExp)) {
    if (key === "prototype" || key === "escape" || key === "length" || key === "name" || key === SPECIES) continue;
    deleteProperty(NativeRegExp, key);
    deleteProperty(RegExpWrapper, key);
  }
  deleteProperty(NativeRegExp.prototype, "compile");
  deleteProperty(Function.prototype, "arguments");
  deleteProperty(Function.prototype, "caller");
}

/** Frames that a trace shows. */
const TRACE_FRAMES = 20;

/** Hooks of V8's that let a program see or steer traces: there, and fixed. */
function fixTraces() {
  defineProperty(Error, "stackTraceLimit", { __proto__: null, value: TRACE_FRAMES, writable: false, enumerable: false, configurable: false });
  defineProperty(Error, "prepareStackTrace", { __proto__: null, value: undefined, writable: false, enumerable: false, configurable: false });
  defineProperty(Error, "captureStackTrace", { __proto__: null, value: captureStackTrace, writable: false, enumerable: false, configurable: false });
}
const { captureStackTrace } = Error;

/** V8 steps through its own collections by these: a program that replaced them could make a native loop endless. */
function fixIterators() {
  for (const prototype of [ArrayIteratorPrototype, MapIteratorPrototype, SetIteratorPrototype, StringIteratorPrototype]) {
    const descriptor = getOwnPropertyDescriptor(prototype, "next");
    defineProperty(prototype, "next", { __proto__: null, value: descriptor.value, writable: false, enumerable: false, configurable: false });
  }
}

removeGlobals(REMOVED_ONCE);
removeLegacy();
