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

/** The one descriptor of what is fixed: each made anew would be garbage in every process. */
const FIXED = { __proto__: null, value: undefined, writable: false, enumerable: false, configurable: false };

/** Gives an object a property that stays as it is. */
function fixProperty(object, key, value) {
  FIXED.value = value;
  defineProperty(object, key, FIXED);
  FIXED.value = undefined;
}

/** Hooks of V8's that let a program see or steer traces: there, and fixed. */
function fixTraces() {
  fixProperty(ErrorWrapper, "stackTraceLimit", TRACE_FRAMES);
  fixProperty(ErrorWrapper, "prepareStackTrace", undefined);
  fixProperty(ErrorWrapper, "captureStackTrace", captureStackTrace);
}

/** V8 steps through its own collections by these: a program that replaced them could make a native loop endless. */
function fixIterators() {
  fixProperty(ArrayIteratorPrototype, "next", ArrayIteratorPrototype.next);
  fixProperty(MapIteratorPrototype, "next", MapIteratorPrototype.next);
  fixProperty(SetIteratorPrototype, "next", SetIteratorPrototype.next);
  fixProperty(StringIteratorPrototype, "next", StringIteratorPrototype.next);
}

removeGlobals(REMOVED_ONCE);
removeLegacy();
fixTraces();
fixIterators();
