// Lists every function that a program can reach without calling anything, as [name, function]. An expression: a function
// of the global object, so that the test of the bare realm and the test in a process walk alike.
((globalThis) => {
  const found = new Map();
  const queue = [];
  const add = (value, name) => {
    if (value === null || (typeof value !== "object" && typeof value !== "function") || found.has(value)) return;
    found.set(value, name);
    queue.push(value);
  };
  const keyName = (key) => (typeof key === "symbol" ? `[${String(key).slice(7, -1)}]` : `.${key}`);
  const visit = (object, name) => {
    for (const key of Reflect.ownKeys(object)) {
      const descriptor = Object.getOwnPropertyDescriptor(object, key);
      const full = name === "" ? String(key) : `${name}${keyName(key)}`;
      if ("value" in descriptor) {
        add(descriptor.value, full);
      } else {
        add(descriptor.get, `get ${full}`);
        add(descriptor.set, `set ${full}`);
        // The library makes its globals when they are first used.
        if (name === "") add(globalThis[key], full);
      }
    }
    const prototype = Object.getPrototypeOf(object);
    add(prototype, `${name}.__proto__`);
  };
  const get = Object.getPrototypeOf;
  // Names that people know first.
  found.set(globalThis, "");
  for (const key of Object.getOwnPropertyNames(globalThis).sort()) {
    const value = globalThis[key];
    add(value, key);
    if (typeof value === "function") add(value.prototype, `${key}.prototype`);
  }
  const intrinsics = {
    "%TypedArray%": get(Uint8Array),
    "%TypedArray%.prototype": get(Uint8Array.prototype),
    "%GeneratorFunction%": get(function* () {}).constructor,
    "%GeneratorFunction%.prototype": get(function* () {}),
    "%GeneratorPrototype%": get(function* () {}).prototype,
    "%AsyncFunction%": get(async () => {}).constructor,
    "%AsyncFunction%.prototype": get(async () => {}),
    "%AsyncGeneratorFunction%": get(async function* () {}).constructor,
    "%AsyncGeneratorFunction%.prototype": get(async function* () {}),
    "%AsyncGeneratorPrototype%": get(async function* () {}).prototype,
    "%AsyncIteratorPrototype%": get(get(async function* () {}).prototype),
    "%ArrayIteratorPrototype%": get([][Symbol.iterator]()),
    "%StringIteratorPrototype%": get(""[Symbol.iterator]()),
    "%MapIteratorPrototype%": get(new Map().entries()),
    "%SetIteratorPrototype%": get(new Set().entries()),
    "%RegExpStringIteratorPrototype%": get("".matchAll(/a/g)),
    "%IteratorHelperPrototype%": get([].values().map((x) => x)),
    "%WrapForValidIteratorPrototype%": get(Iterator.from({ next() {} })),
    "%ThrowTypeError%": Object.getOwnPropertyDescriptor((function () { "use strict"; return arguments; })(), "callee").get,
  };
  for (const name of Object.keys(intrinsics)) add(intrinsics[name], name);
  visit(globalThis, "");
  for (let at = 0; at < queue.length; at++) visit(queue[at], found.get(queue[at]));
  const functions = [];
  for (const [value, name] of found) if (typeof value === "function") functions.push([name, value]);
  return functions;
})
