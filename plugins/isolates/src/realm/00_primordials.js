// What the other files of the realm stand on: V8's own functions, taken before any player's code could replace them.
// The files of this folder are joined, in the order of their names, into the body of
// one function of `internal`; so they share these names, and no program sees them.

const { apply, construct, ownKeys, getOwnPropertyDescriptor, defineProperty, getPrototypeOf, deleteProperty } = Reflect;
const { isArray } = Array;
const { is: sameValue, hasOwn, create: createObject } = Object;
const { isInteger, isNaN: isNotANumber } = Number;
const { min, max, floor, trunc } = Math;
const {
  iterator: ITERATOR,
  asyncIterator: ASYNC_ITERATOR,
  isConcatSpreadable: SPREADABLE,
  toStringTag: TAG,
  species: SPECIES,
  split: SPLIT,
  match: MATCH,
  replace: REPLACE,
} = Symbol;
const NativeArray = Array;
const NativeObject = Object;
const NativeProxy = Proxy;
const NativeMap = Map;
const NativeSet = Set;
const NativeWeakMap = WeakMap;
const NativeWeakSet = WeakSet;
const NativeRegExp = RegExp;
const NativeDate = Date;
const NativeBigInt = BigInt;
const NativeString = String;
const NativeNumber = Number;
const NativeError = Error;

/** `f.call(receiver, ...args)` as `g(receiver, ...args)`, which no player can redirect. */
const uncurry = Function.prototype.bind.bind(Function.prototype.call);
const callFunction = uncurry(Function.prototype.call);

const TypedArray = getPrototypeOf(Uint8Array);
const ArrayIteratorPrototype = getPrototypeOf([][ITERATOR]());
const MapIteratorPrototype = getPrototypeOf(new Map().entries());
const SetIteratorPrototype = getPrototypeOf(new Set().entries());
const StringIteratorPrototype = getPrototypeOf(""[ITERATOR]());
const IteratorPrototype = getPrototypeOf(ArrayIteratorPrototype);

const weakHas = uncurry(WeakSet.prototype.has);
const weakAdd = uncurry(WeakSet.prototype.add);
const weakGet = uncurry(WeakMap.prototype.get);
const weakSet = uncurry(WeakMap.prototype.set);
const mapSize = uncurry(getOwnPropertyDescriptor(Map.prototype, "size").get);
const setSize = uncurry(getOwnPropertyDescriptor(Set.prototype, "size").get);
const typedLength = uncurry(getOwnPropertyDescriptor(TypedArray.prototype, "length").get);
const typedTag = uncurry(getOwnPropertyDescriptor(TypedArray.prototype, TAG).get);
const bufferBytes = uncurry(getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength").get);
const isView = ArrayBuffer.isView;
const arrayPush = uncurry(Array.prototype.push);
const arrayPop = uncurry(Array.prototype.pop);
const charCode = uncurry(String.prototype.charCodeAt);
const substring = uncurry(String.prototype.substring);
const nativeText = uncurry(Function.prototype.toString);

/** Longest array, array-like or argument of a built-in that goes over every element. */
const LENGTH_MAX = 1 << 24;
/** Longest string that a built-in makes, or that `JSON.parse` reads, in UTF-16 units. */
const TEXT_MAX = 1 << 24;
/** Most bytes of one `ArrayBuffer`; the isolate's allocator counts the sum. */
const BUFFER_MAX = 1 << 28;
/** Longest list of arguments that `apply` spreads. */
const ARGUMENTS_MAX = 1 << 16;
/** Longest BigInt in bits: the same bound as the transform's operators have. */
const BIGINT_BITS_MAX = 1 << 16;
/** Deepest nesting of what `JSON`, `flat` and `join` walk, and of proxies of proxies. */
const NESTING_MAX = 1000;
/** Longest input for a pattern with back-references or lookaround, and most of any input matched for free. */
const LOOKAROUND_INPUT_MAX = 4096;

/** Charges gas. `n` is an integer and not negative: every caller sees to it, because a NaN would end all metering. */
function charge(n) {
  if (($g -= n) < 0) $o();
}

function refuse(what) {
  throw new RangeError(what);
}

/** Charges for `n` elements at `2 ** shift` of them a gas, and refuses more than any program can need. */
function chargeLength(n, shift) {
  if (n > LENGTH_MAX) refuse(`Too many elements (more than ${LENGTH_MAX})`);
  if (n > 15) charge(n >> shift);
}

/** Charges for text of `n` units that is about to be made or read. */
function chargeText(n, shift) {
  if (n > TEXT_MAX) refuse(`Too much text (more than ${TEXT_MAX} units)`);
  if (n > 63) charge(n >> shift);
}

/** ToIntegerOrInfinity. */
function toInteger(value) {
  const n = trunc(+value);
  return isNotANumber(n) ? 0 : n;
}

/** ToLength. */
function toLength(value) {
  const n = toInteger(value);
  return n <= 0 ? 0 : min(n, NativeNumber.MAX_SAFE_INTEGER);
}

/** How many elements `[start, end)` of a sequence of `n` has; `n` where an argument is not a plain number. */
function span(n, start, end) {
  if (start === undefined) start = 0;
  if (end === undefined) end = n;
  if (typeof start !== "number" || typeof end !== "number") return n;
  start = toInteger(start);
  end = toInteger(end);
  start = start < 0 ? max(0, n + start) : min(n, start);
  end = end < 0 ? max(0, n + end) : min(n, end);
  return end > start ? end - start : 0;
}

function isObject(value) {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

// --- Installing -------------------------------------------------------------------------------------------------------

/** Our functions, with the names that `Function.prototype.toString` prints. */
const ours = new NativeWeakMap();

function disguise(fn, name) {
  weakSet(ours, fn, name);
  return fn;
}

/**
 * Gives `fn` the name and length of the function that it stands for, and notes it as one of ours. Most have them already:
 * a function whose own properties are changed keeps them in a dictionary, in every isolate.
 */
function imitate(fn, native) {
  const { name, length } = native;
  if (fn.length !== length) defineProperty(fn, "length", { __proto__: null, value: length, configurable: true });
  if (fn.name !== name) defineProperty(fn, "name", { __proto__: null, value: name, configurable: true });
  return disguise(fn, name);
}

/** Replaces methods of `holder` by those of `methods` with the same keys; attributes, names and lengths stay. */
function replaceMethods(holder, methods) {
  for (const key of ownKeys(methods)) {
    const descriptor = getOwnPropertyDescriptor(holder, key);
    const aliases = [];
    for (const other of ownKeys(holder)) {
      const d = getOwnPropertyDescriptor(holder, other);
      if (d.value === descriptor.value && other !== key) arrayPush(aliases, [other, d]);
    }
    const method = imitate(methods[key], descriptor.value);
    defineProperty(holder, key, { __proto__: null, value: method });
    for (const [other] of aliases) defineProperty(holder, other, { __proto__: null, value: method });
  }
}

/** Adds a method of our own, with the attributes that built-ins have. */
function addMethod(holder, key, fn, length) {
  if (fn.length !== length) defineProperty(fn, "length", { __proto__: null, value: length, configurable: true });
  hide(holder, key, disguise(fn, fn.name));
}

/** The same for each method of `methods`, whose keys they get. */
function addMethods(holder, methods) {
  for (const key of ownKeys(methods)) addMethod(holder, key, methods[key], methods[key].length);
}

/** Gives an object a property that stays as it is. */
function fixProperty(object, key, value) {
  defineProperty(object, key, { __proto__: null, value, writable: false, enumerable: false, configurable: false });
}

/** Gives an object a property that loops do not show, as built-ins are. */
function hide(object, key, value) {
  defineProperty(object, key, { __proto__: null, value, writable: true, enumerable: false, configurable: true });
}

/** Puts `wrapper` in the place of a constructor: same statics, same prototype object, whose `constructor` it becomes. */
function replaceConstructor(native, wrapper) {
  imitate(wrapper, native);
  for (const key of ownKeys(native)) {
    if (key === "name" || key === "length") continue;
    const descriptor = getOwnPropertyDescriptor(native, key);
    descriptor.__proto__ = null;
    defineProperty(wrapper, key, descriptor);
  }
  NativeObject.setPrototypeOf(wrapper, getPrototypeOf(native));
  if (native.prototype) defineProperty(native.prototype, "constructor", { __proto__: null, value: wrapper });
  defineProperty(globalThis, native.name, { __proto__: null, value: wrapper });
  return wrapper;
}

function needsNew(name) {
  throw new TypeError(`Constructor ${name} requires 'new'`);
}

// --- What an argument holds -------------------------------------------------------------------------------------------

/** Every proxy that a program made, with how many proxies lie under it. */
const proxies = new NativeWeakMap();
/** Whether there is any: ordinary programs are spared the look-up. */
let anyProxy = false;

function isProxy(value) {
  return anyProxy && isObject(value) && weakGet(proxies, value) !== undefined;
}

/** The length of a real array, whose `length` runs no code; -1 for everything else. */
function arrayLength(value) {
  if (!isArray(value) || (anyProxy && weakGet(proxies, value) !== undefined)) return -1;
  return value.length;
}

const arrayValues = Array.prototype.values;
const typedValues = TypedArray.prototype.values;
const mapEntries = Map.prototype.entries;
const setValues = Set.prototype.values;
const stringIterator = String.prototype[ITERATOR];

function isTyped(value) {
  return isView(value) && typedTag(value) !== undefined;
}

/** Steps of iterating `value` where only V8's own code does that; -1 where a program's code may take part. */
function iterationLength(value) {
  if (typeof value === "string") return value[ITERATOR] === stringIterator ? value.length : -1;
  if (!isObject(value) || isProxy(value)) return -1;
  const method = value[ITERATOR];
  if (method === arrayValues) return arrayLength(value);
  if (method === typedValues) return isTyped(value) ? typedLength(value) : -1;
  try {
    if (method === setValues) return setSize(value);
    if (method === mapEntries) return mapSize(value);
  } catch {
    // Another object with a collection's iterator: it throws when it is used.
  }
  return -1;
}

/**
 * Something that V8 can iterate at a bounded cost that has been paid: `value` itself, or an array of what it gave. Any
 * iterator may be endless without running a program's code (`next: Object`), so those are drained here, step by step.
 */
function paidIterable(value) {
  const n = iterationLength(value);
  if (n >= 0) {
    chargeLength(n, 0);
    return value;
  }
  return drain(value);
}

function drain(iterable) {
  const list = [];
  let n = 0;
  for (const item of iterable) {
    charge(2);
    if (++n > LENGTH_MAX) refuse(`Too many elements (more than ${LENGTH_MAX})`);
    arrayPush(list, item);
  }
  return list;
}

/** Whether reading `object.length` runs no code and gives a number, however often it is read. */
function hasPlainLength(object) {
  for (let at = object; at !== null; at = getPrototypeOf(at)) {
    if (isProxy(at)) return false;
    charge(1);
    const descriptor = getOwnPropertyDescriptor(at, "length");
    if (descriptor !== undefined) return hasOwn(descriptor, "value") && typeof descriptor.value === "number";
  }
  return true;
}

/**
 * An array-like whose length is known, paid for and cannot change between two reads. A `length` that runs code is read
 * once and pinned by a proxy, which never reaches the program.
 */
function paidArrayLike(object, each) {
  if (hasPlainLength(object)) {
    const n = toLength(object.length);
    chargeLength(n, 0);
    charge(n * each);
    return object;
  }
  const n = toLength(object.length);
  chargeLength(n, 0);
  charge(n * each * 4);
  return new NativeProxy(object, {
    __proto__: null,
    get: (target, key) => (key === "length" ? n : target[key]),
    set: (target, key, value) => {
      target[key] = value;
      return true;
    },
  });
}
