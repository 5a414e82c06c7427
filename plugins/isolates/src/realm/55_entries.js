// What the host and the system library get. `internal` is the object that becomes `helios:internal`.

/** Sets what `Date.now()` is, in milliseconds since 1970. */
internal.setNow = (ms) => {
  now = ms;
};
/** Sets where `Math.random()` comes from: a function that gives a number from 0 up to 1. */
internal.setRandom = (fn) => {
  random = fn;
};
/** Makes `fn` print as a built-in does. */
internal.disguise = (fn, name) => disguise(fn, name ?? fn.name);
/** Whether a function is one that the realm put in the place of V8's. */
internal.isRealm = (fn) => weakGet(ours, fn) !== undefined;
/** The checked constructor, which literals are rewritten to. */
internal.checkedRegExp = RegExpWrapper;
/** Whether a value is a proxy: every one is made by the realm's constructor. */
internal.isProxy = isProxy;

// Run in each context that is made from a snapshot: what V8 adds to it goes, or gets its value.
internal.setFinish(() => {
  removeGlobals(REMOVED_LATE);
  replaceLateBuiltIns();
  NativeError.stackTraceLimit = TRACE_FRAMES;
});
// Run before a context becomes a snapshot: what V8 will add must not be there. Whether that is so.
internal.setRetire(() => {
  for (const name of REMOVED_LATE) if (getOwnPropertyDescriptor(globalThis, name) !== undefined) return false;
  return deleteProperty(NativeError, "stackTraceLimit");
});
