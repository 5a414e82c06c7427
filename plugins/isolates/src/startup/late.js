// Stand-ins, in the context that is thrown away, for the built-ins that V8 adds only to a context from a snapshot: so that
// the realm's part that deals with them can be rehearsed before there is a snapshot.
(function () {
  "use strict";
  const stand = (holder, names) => {
    for (const name of names) holder[name] ??= { [name]() {} }[name];
  };
  stand(Uint8Array.prototype, ["toBase64", "toHex", "setFromBase64", "setFromHex"]);
  stand(Uint8Array, ["fromBase64", "fromHex"]);
  stand(RegExp, ["escape"]);
  stand(Math, ["sumPrecise"]);
  if (false) globalThis.Float16Array ??= class Float16Array extends Object.getPrototypeOf(Uint8Array) {
    static BYTES_PER_ELEMENT = 2;
  };
})();
