// V8 adds its newest built-ins to a context only when it was read from a snapshot, so they are replaced then.
//
// What stands in their place is made here, in the snapshot; a fresh context only puts it there. So this part costs each
// process little, and none of it runs often enough for V8 to compile it a second time.

/** `[where V8 puts it, name, our method, where that looks for V8's own]` for each method that comes late. */
const lateMethods = [];

/** Prepares a method that V8 puts into `place`, late: `make` is told where V8's own will be. */
function prepareLate(place, name, make) {
  const late = { __proto__: null, native: undefined };
  const method = disguise(make(late), name);
  arrayPush(lateMethods, [place, name, method, late]);
  return method;
}

for (const name of ["toBase64", "toHex"]) {
  prepareLate(
    NativeUint8Array.prototype,
    name,
    (late) =>
      ({
        [name](options = undefined) {
          charge(typedLength(this) >> 4);
          return callFunction(late.native, this, options);
        },
      })[name],
  );
}
for (const name of ["setFromBase64", "setFromHex", "fromBase64", "fromHex"]) {
  // V8 looks the constructor up in the global object, where it finds the realm's.
  prepareLate(
    name === "fromBase64" || name === "fromHex" ? Uint8Array : NativeUint8Array.prototype,
    name,
    (late) =>
      ({
        [name](text, options = undefined) {
          return callFunction(late.native, this, chargeCoded(text), options);
        },
      })[name],
  );
}
// This one V8 puts into its own constructor, behind the realm's.
const escapeMethod = prepareLate(
  NativeRegExp,
  "escape",
  (late) =>
    ({
      escape(string) {
        if (typeof string === "string") chargeText(string.length, 2);
        return callFunction(late.native, undefined, string);
      },
    }).escape,
);
defineProperty(RegExpWrapper, "escape", {
  __proto__: null, value: escapeMethod, writable: true, enumerable: false, configurable: true,
});
prepareLate(
  Math,
  "sumPrecise",
  (late) =>
    ({
      sumPrecise(items) {
        return callFunction(late.native, undefined, items === null || items === undefined ? items : paidIterable(items));
      },
    }).sumPrecise,
);

let NativeFloat16Array;
const Float16Wrapper = disguise(function Float16Array(source, offset, length) {
  if (new.target === undefined) needsNew("Float16Array");
  return constructTyped(NativeFloat16Array, 2, source, offset, length, new.target);
}, "Float16Array");
NativeObject.setPrototypeOf(Float16Wrapper, TypedArray);
defineProperty(Float16Wrapper, "BYTES_PER_ELEMENT", {
  __proto__: null, value: 2, writable: false, enumerable: false, configurable: false,
});

function replaceLateBuiltIns() {
  for (let i = 0; i < lateMethods.length; i++) {
    const { 0: place, 1: name, 2: method, 3: late } = lateMethods[i];
    late.native = place[name];
    if (late.native === undefined) continue;
    place[name] = method;
  }
  NativeFloat16Array = globalThis.Float16Array;
  if (NativeFloat16Array === undefined) return;
  const { prototype } = NativeFloat16Array;
  fixProperty(Float16Wrapper, "prototype", prototype);
  prototype.constructor = Float16Wrapper;
  globalThis.Float16Array = Float16Wrapper;
}
