// What does not exist here, because it shows the host (clocks, the collector, threads, locales), runs code that nobody
// metered, or is a second way to something that is guarded.

/** Globals that are not there; the library may put its own in their place. `WebAssembly` V8 adds later: the host removes it. */
const REMOVED = [
  "Atomics", "FinalizationRegistry", "Intl", "SharedArrayBuffer", "Temporal", "WeakRef", "console", "d8", "escape", "eval",
  "gc", "performance", "unescape",
];

function removeLegacy() {
  // The last match of any expression in the realm: ours too.
  for (const key of ownKeys(NativeRegExp)) {
    if (key === "prototype" || key === "length" || key === "name" || key === SPECIES) continue;
    deleteProperty(NativeRegExp, key);
    deleteProperty(RegExpWrapper, key);
  }
  deleteProperty(NativeRegExp.prototype, "compile");
  deleteProperty(Function.prototype, "arguments");
  deleteProperty(Function.prototype, "caller");
}

for (const key of REMOVED) deleteProperty(globalThis, key);
removeLegacy();
// V8 steps through its own collections by these: a program that replaced them could make a native loop endless.
for (const prototype of [
  ArrayIteratorPrototype, MapIteratorPrototype, SetIteratorPrototype, StringIteratorPrototype,
]) {
  fixProperty(prototype, "next", prototype.next);
}
