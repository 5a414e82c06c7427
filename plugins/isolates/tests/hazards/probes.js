// For every function that is classified as charged: what it costs at a size. An expression: a function from a size to
// calls by name. Each is made ready first and measured alone.
(() => {
  const list = (n) => Array.from({ length: n }, (_, i) => i);
  const bytes = (n) => new Uint8Array(n);
  const object = (n) => Object.fromEntries(list(n).map((i) => [`k${i}`, i]));
  const text = (n) => "a".repeat(n);
  const set = (n) => new Set(list(n));
  const map = (n) => new Map(list(n).map((i) => [i, i]));
  const probes = {};
  const on = (prefix, names, make) => {
    for (const name of names.split(" ")) probes[`${prefix}${name}`] = (n) => make(name, n);
  };
  const method = (receiver, ...args) => (name, n) => {
    const self = receiver(n);
    return () => self[name](...args.map((arg) => (typeof arg === "function" && arg.sized ? arg(n) : arg)));
  };
  const sized = (make) => Object.assign(make, { sized: true });
  const callback = () => false;
  for (const [prefix, make] of [["Array.prototype.", list], ["%TypedArray%.prototype.", bytes]]) {
    on(prefix, "fill reverse toReversed", method(make, 0));
    on(prefix, "copyWithin", method(make, 0, 1));
    on(prefix, "with", method(make, 0, 1));
    on(prefix, "slice", method(make));
    on(prefix, "includes indexOf lastIndexOf", method(make, -1));
    on(prefix, "forEach map filter some find findIndex findLast findLastIndex", method(make, callback));
    on(prefix, "every", method(make, () => true));
    on(prefix, "reduce reduceRight", method(make, callback, 0));
    on(prefix, "sort toSorted", method(make));
    on(prefix, "join toLocaleString", method(make));
  }
  on("Array.prototype.", "splice toSpliced", method(list, 0, 1));
  on("Array.prototype.", "unshift", method(list, 1));
  on("Array.prototype.", "shift", method((n) => list(n * 16)));
  on("Array.prototype.", "concat", method(list, [1]));
  on("Array.prototype.", "flat", method(list));
  on("Array.prototype.", "flatMap", method(list, callback));
  on("%TypedArray%.prototype.", "set", method((n) => bytes(n * 4), sized((n) => bytes(n))));
  on("Array.", "from", (_, n) => () => Array.from({ length: n }));
  on("%TypedArray%.", "from", (_, n) => {
    const items = list(n);
    return () => Uint8Array.from(items);
  });
  on("Object.", "fromEntries", (_, n) => {
    const entries = list(n).map((i) => [`k${i}`, i]);
    return () => Object.fromEntries(entries);
  });
  on("Object.", "groupBy", (_, n) => () => Object.groupBy(list(n), () => "x"));
  on("Map.", "groupBy", (_, n) => () => Map.groupBy(list(n), () => "x"));
  on("", "Map", (_, n) => {
    const entries = list(n).map((i) => [i, i]);
    return () => new Map(entries);
  });
  on("", "Set", (_, n) => {
    const items = list(n);
    return () => new Set(items);
  });
  on("", "WeakMap", (_, n) => {
    const entries = list(n).map((i) => [{}, i]);
    return () => new WeakMap(entries);
  });
  on("", "WeakSet", (_, n) => {
    const items = list(n).map(() => ({}));
    return () => new WeakSet(items);
  });
  on("", "AggregateError", (_, n) => {
    const items = list(n);
    return () => new AggregateError(items);
  });
  on("Math.", "sumPrecise", (_, n) => {
    const items = list(n);
    return () => Math.sumPrecise(items);
  });
  on("Promise.", "all allSettled any race", (name, n) => {
    const items = list(n);
    return () => void Promise[name](items);
  });
  on(
    "",
    "Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array",
    (name, n) => () => new globalThis[name](n),
  );
  on("", "ArrayBuffer", (_, n) => () => new ArrayBuffer(n));
  const buffer = (n) => new ArrayBuffer(n, { maxByteLength: n * 2 });
  on("ArrayBuffer.prototype.", "slice transfer transferToFixedLength", method(buffer));
  on("ArrayBuffer.prototype.", "resize", method(buffer, sized((n) => n * 2)));
  on("Uint8Array.prototype.", "toBase64 toHex", method(bytes));
  on("Uint8Array.prototype.", "setFromBase64 setFromHex", method(bytes, sized((n) => text(n))));
  on("DisposableStack.prototype.", "dispose", (_, n) => {
    const stack = new DisposableStack();
    for (const _ of list(n)) stack.defer(callback);
    return () => stack.dispose();
  });
  on("Uint8Array.", "fromBase64 fromHex", (name, n) => () => Uint8Array[name](text(n)));
  on(
    "String.prototype.",
    "isWellFormed toWellFormed trim trimStart trimEnd toLowerCase toUpperCase toLocaleLowerCase toLocaleUpperCase normalize",
    method(text),
  );
  on("String.prototype.", "startsWith endsWith includes indexOf lastIndexOf localeCompare split", method(text, "b"));
  on("String.prototype.", "replace replaceAll", method(text, "b", "c"));
  on("String.prototype.", "match matchAll search", (name, n) => () => [...(text(n)[name]("b") ?? [])]);
  on("String.prototype.", "repeat", (_, n) => () => "a".repeat(n));
  on("String.prototype.", "padStart padEnd", (name, n) => () => "a"[name](n));
  on("String.prototype.", "concat", (_, n) => {
    const items = list(min(n));
    return () => "a".concat(...items);
  });
  // Few enough to be arguments.
  const min = (n) => Math.floor(n / 10);
  probes["String.prototype.search"] = (n) => () => text(n).search("b");
  probes["String.prototype.matchAll"] = (n) => () => [...text(n).matchAll("b")];
  on("String.", "raw", (_, n) => {
    const raw = list(n);
    return () => String.raw({ raw });
  });
  on("", "decodeURI decodeURIComponent encodeURI encodeURIComponent parseFloat", (name, n) => () => globalThis[name](text(n)));
  on("", "parseInt", (_, n) => () => parseInt("1".repeat(n), 10));
  on("RegExp.", "escape", (_, n) => () => RegExp.escape(text(n)));
  on("RegExp.prototype.", "exec", (_, n) => {
    const pattern = /b/;
    return () => pattern.exec(text(n));
  });
  on("RegExp.prototype", "[Symbol.match] [Symbol.replace] [Symbol.split]", (name, n) => {
    const pattern = /b/g;
    const key = Symbol[name.slice(8, -1)];
    return () => pattern[key](text(n), "c");
  });
  probes.RegExp = (n) => () => new RegExp(text(min(n)));
  on(
    "Object.",
    "keys values entries getOwnPropertyNames getOwnPropertyDescriptors freeze seal preventExtensions isFrozen isSealed",
    (name, n) => {
      const self = object(n);
      return () => Object[name](self);
    },
  );
  on("Object.", "getOwnPropertySymbols", (_, n) => {
    const self = {};
    for (let i = 0; i < n; i++) self[Symbol()] = i;
    return () => Object.getOwnPropertySymbols(self);
  });
  on("Object.", "assign", (_, n) => {
    const self = object(n);
    return () => Object.assign({}, self);
  });
  on("Object.", "create defineProperties", (name, n) => {
    const properties = {};
    for (let i = 0; i < n; i++) properties[`k${i}`] = { value: i };
    return () => Object[name]({}, properties);
  });
  on("Reflect.", "ownKeys preventExtensions", (name, n) => {
    const self = object(n);
    return () => Reflect[name](self);
  });
  const nothing = function () {};
  on("Reflect.", "apply construct", (name, n) => {
    const items = list(min(n));
    return name === "apply" ? () => Reflect.apply(nothing, null, items) : () => Reflect.construct(nothing, items);
  });
  on("Function.prototype.", "apply", (_, n) => {
    const items = list(min(n));
    return () => nothing.apply(null, items);
  });
  on("Map.prototype.", "forEach", method(map, callback));
  on("Set.prototype.", "forEach", method(set, callback));
  on("Map.prototype.", "clear", method(map));
  on("Set.prototype.", "clear", method(set));
  on(
    "Set.prototype.",
    "union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom",
    method(set, sized((n) => set(n))),
  );
  const steps = (n) => list(n).values();
  on("Iterator.prototype.", "forEach some find", method(steps, callback));
  on("Iterator.prototype.", "every", method(steps, () => true));
  on("Iterator.prototype.", "filter flatMap map", (name, n) => () => {
    for (const _ of steps(n)[name](() => [])) nothing();
  });
  on("Iterator.prototype.", "reduce", method(steps, callback, 0));
  on("Iterator.prototype.", "drop", (_, n) => () => [...steps(n).drop(n)]);
  on("Iterator.prototype.", "toArray", method(steps));
  on("Iterator.", "concat", (_, n) => () => {
    for (const _ of Iterator.concat(list(n), list(n))) nothing();
  });
  probes.BigInt = (n) => () => BigInt("1".repeat(min(n)));
  on("BigInt.prototype.", "toString", (_, n) => {
    const big = 1n << BigInt(min(n));
    return () => big.toString();
  });
  on("BigInt.", "asIntN asUintN", (name, n) => () => BigInt[name](min(n) * 5, -1n));
  on("JSON.", "parse", (_, n) => () => JSON.parse(`[${text(n).replaceAll("a", "1,")}1]`));
  on("JSON.", "rawJSON", (_, n) => () => JSON.rawJSON("1".repeat(n)));
  on("JSON.", "stringify", (_, n) => {
    const items = list(n);
    return () => JSON.stringify(items);
  });
  return probes;
})()
