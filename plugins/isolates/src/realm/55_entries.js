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
/**
 * Has V8 record traces, or stop. V8 looks for the limit in its own constructor, and adds it to every context but those of
 * an isolate that makes a snapshot: there it has to be set for errors to have a trace, and must be gone when the snapshot
 * is made, because V8 would add it a second time to what is restored.
 */
internal.recordTraces = (on) => {
  if (on) NativeError.stackTraceLimit = TRACE_FRAMES;
  else deleteProperty(NativeError, "stackTraceLimit");
};
/** What the `using` declarations of a block take in. */
internal.collectResources = () => new Resources();
