// The host's own script, evaluated first into the startup snapshot. `$g` is the gas that is left, `$o` asks for more.
// The transform lets no module bind, shadow or name them. `native` holds the host's functions; what is returned are the
// entries that the host calls.
let $g = 0;
let $t = 0;
let $o;
(function (native) {
  "use strict";
  const { refill, anchor } = native;
  const { apply } = Reflect;
  const NativeRegExp = RegExp;
  const text = Function.prototype.toString;
  $o = function $o() {
    $g = refill($g);
  };
  let deliver = function () {};
  let setNow;
  const internal = {
    __proto__: null,
    syscall: native.syscall,
    halt: native.halt,
    fatal: native.fatal,
    setRef: native.setRef,
    lazy: native.lazy,
    isProxy: native.isProxy,
    importModule: native.importModule,
    limitedPattern: native.limitedPattern,
    isNativeError: native.isNativeError,
    define: native.define,
    importDefined: native.importDefined,
    // `$h` is made before the realm, whose checked constructor it calls.
    RegExp: function (pattern, flags) {
      return new (internal.checkedRegExp ?? NativeRegExp)(pattern, flags);
    },
    // What the `using` declarations of a block take in: likewise the realm's.
    collect() {
      return internal.collectResources();
    },
    // A function's text as the player wrote it, where the player wrote it.
    functionSource(fn) {
      return native.functionSource(fn, apply(text, fn, []));
    },
    setDeliver(fn) {
      deliver = fn;
    },
    charge(n) {
      if (($g -= n) < 0) $o();
    },
  };
  const intrinsic = (name) => {
    const call = native.intrinsics[name];
    const price = native.prices[name];
    const resultPrice = native.resultPrice;
    internal[name] = {
      [name](a, b, c, d) {
        if (($g -= price(a, b, c, d)) < 0) $o();
        const result = call(a, b, c, d);
        if (($g -= resultPrice(result)) < 0) $o();
        return result;
      },
    }[name];
  };
  for (const name of Object.keys(native.intrinsics)) intrinsic(name);
  return {
    __proto__: null,
    internal,
    adopt() {
      setNow = internal.setNow;
    },
    enter(gas, now, flat) {
      $g = gas;
      anchor();
      if (setNow !== undefined) setNow(now);
      deliver(now, flat);
    },
    gas() {
      return $g;
    },
    setGas(gas) {
      $g = gas;
    },
    anchor() {
      anchor();
    },
    nothing() {},
    // Has V8 record traces in a context of an isolate that makes a snapshot, or stop; in others it does.
    traces(on) {
      internal.recordTraces(on);
    },
    namespace(promise, namespace) {
      return promise.then(() => namespace);
    },
  };
})
