// V8 adds its newest built-ins to a context only when it was read from a snapshot, so they are replaced then. Those that
// belong to a constructor come on V8's own, behind the realm's.

/** Replaces methods that came late: `make` is told V8's own. A static is moved to the realm's constructor. */
function replaceLate(native, holder, makers) {
  for (const key of ownKeys(makers)) {
    const descriptor = getOwnPropertyDescriptor(holder, key) ?? getOwnPropertyDescriptor(native, key);
    const method = imitate(makers[key](descriptor.value), descriptor.value);
    if (native !== holder) deleteProperty(native, key);
    defineProperty(holder, key, { __proto__: null, value: method, writable: true, enumerable: false, configurable: true });
  }
}

function replaceLateBuiltIns() {
  replaceTyped("Float16Array");
  const coded = (name, decode) => (native) => {
    const call = uncurry(native);
    return decode
      ? { [name](text, options) { return call(this, chargeCoded(text), options); } }[name]
      : {
          [name](options) {
            charge(typedLength(this) >> 4);
            return call(this, options);
          },
        }[name];
  };
  replaceLate(NativeUint8Array.prototype, NativeUint8Array.prototype, {
    toBase64: coded("toBase64", false),
    toHex: coded("toHex", false),
    setFromBase64: coded("setFromBase64", true),
    setFromHex: coded("setFromHex", true),
  });
  replaceLate(NativeUint8Array, Uint8Array, {
    fromBase64: coded("fromBase64", true),
    fromHex: coded("fromHex", true),
  });
  replaceLate(NativeRegExp, RegExpWrapper, {
    escape: (native) =>
      ({
        escape(string) {
          if (typeof string === "string") chargeText(string.length, 2);
          return native(string);
        },
      }).escape,
  });
  replaceLate(Math, Math, {
    sumPrecise: (native) =>
      ({
        sumPrecise(items) {
          return native(items === null || items === undefined ? items : paidIterable(items));
        },
      }).sumPrecise,
  });
}
