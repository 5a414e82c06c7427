// `Array`: every method that goes over elements charges by length first. A real array takes the fast way; array-likes and
// proxies, whose length may be anything or change while it is read, the slow one.

const arrayNatives = {};
for (const key of ownKeys(Array.prototype)) {
  const { value } = getOwnPropertyDescriptor(Array.prototype, key);
  if (typeof value === "function") arrayNatives[key] = value;
}

/** Runs `native` on a receiver that is not a real array. `callback` is the place of a callback that is told its array. */
function slowArray(native, self, args, callback) {
  if (self === null || self === undefined) return apply(native, self, args);
  const object = NativeObject(self);
  const paid = paidArrayLike(object, 4);
  if (paid === object) return apply(native, self, args);
  const fn = args[callback];
  if (callback !== undefined && typeof fn === "function") {
    args[callback] =
      native === arrayNatives.reduce || native === arrayNatives.reduceRight
        ? (before, value, index) => fn(before, value, index, self)
        : function (value, index) {
            return callFunction(fn, this, value, index, self);
          };
  }
  const result = apply(native, paid, args);
  return result === paid ? object : result;
}

/** A method of up to three arguments that charges a gas for each `2 ** shift` elements. */
function arrayMethod(native, shift, callback) {
  const call = uncurry(native);
  const { name } = native;
  return {
    [name](a, b = undefined, c = undefined) {
      const n = arrayLength(this);
      if (n < 0) return slowArray(native, this, [a, b, c], callback);
      if (n > 15) chargeLength(n, shift);
      return call(this, a, b, c);
    },
  }[name];
}

/** The same for methods that tell an absent argument from `undefined`, or take any number. */
function variadicArrayMethod(native, shift, callback) {
  const { name } = native;
  return {
    [name](...args) {
      const n = arrayLength(this);
      if (n < 0) return slowArray(native, this, args, callback);
      chargeLength(n + args.length, shift);
      return apply(native, this, args);
    },
  }[name];
}

const arrayMethods = {};
// Copies and moves of memory.
for (const key of ["copyWithin", "fill", "reverse", "toReversed", "with"]) {
  arrayMethods[key] = arrayMethod(arrayNatives[key], 3);
}
for (const key of ["splice", "toSpliced", "unshift"]) arrayMethods[key] = variadicArrayMethod(arrayNatives[key], 3);
// V8 moves the start of an array rather than its elements, mostly.
arrayMethods.shift = arrayMethod(arrayNatives.shift, 7);
// Searches.
arrayMethods.includes = arrayMethod(arrayNatives.includes, 2);
arrayMethods.lastIndexOf = variadicArrayMethod(arrayNatives.lastIndexOf, 2);
// Callbacks, which charge for themselves.
for (const key of ["forEach", "map", "filter"]) arrayMethods[key] = arrayMethod(arrayNatives[key], 1, 0);
for (const key of ["every", "some", "find", "findIndex", "findLast", "findLastIndex"]) {
  arrayMethods[key] = arrayMethod(arrayNatives[key], 3, 0);
}
for (const key of ["reduce", "reduceRight"]) arrayMethods[key] = variadicArrayMethod(arrayNatives[key], 1, 0);

const nativeIndexOf = uncurry(arrayNatives.indexOf);
const nativeSlice = uncurry(arrayNatives.slice);
const nativeSort = uncurry(arrayNatives.sort);
const nativeToSorted = uncurry(arrayNatives.toSorted);
const nativeConcat = arrayNatives.concat;
const nativeJoin = uncurry(arrayNatives.join);
const nativeArrayLocaleString = uncurry(arrayNatives.toLocaleString);

/** A search this short is paid by what it found rather than by what it might have cost. */
const SHORT_SEARCH = 1 << 14;

function chargeSort(n) {
  if (n > LENGTH_MAX) chargeLength(n, 0);
  // 31 - clz32 is the integer logarithm.
  if (n > 1) charge((n * (32 - Math_clz32(n))) >> 1);
}
const Math_clz32 = Math.clz32;

/** How many joins are under way: nested arrays are joined by recursion in V8. */
let joins = 0;

function joinWith(native, array, separator) {
  if (joins >= NESTING_MAX) refuse("Arrays are nested too deeply");
  joins++;
  try {
    const text = native(array, separator);
    chargeText(text.length, 4);
    return text;
  } finally {
    joins--;
  }
}

Object.assign(arrayMethods, {
  indexOf(searchElement, fromIndex = undefined) {
    const n = arrayLength(this);
    if (n < 0) return slowArray(arrayNatives.indexOf, this, [searchElement, fromIndex]);
    if (n > SHORT_SEARCH) {
      chargeLength(n, 2);
      return nativeIndexOf(this, searchElement, fromIndex);
    }
    const found = nativeIndexOf(this, searchElement, fromIndex);
    if (n > 15) charge((found < 0 ? n : found) >> 2);
    return found;
  },
  slice(start, end) {
    const n = arrayLength(this);
    if (n < 0) return slowArray(arrayNatives.slice, this, [start, end]);
    if (n > 15) chargeLength(span(n, start, end), 3);
    return nativeSlice(this, start, end);
  },
  sort(compare) {
    const n = arrayLength(this);
    if (n < 0) return slowArray(arrayNatives.sort, this, [compare]);
    chargeSort(n);
    return nativeSort(this, compare);
  },
  toSorted(compare) {
    const n = arrayLength(this);
    if (n < 0) return slowArray(arrayNatives.toSorted, this, [compare]);
    chargeSort(n);
    return nativeToSorted(this, compare);
  },
  concat(...items) {
    for (let i = -1; i < items.length; i++) {
      const item = i < 0 ? this : items[i];
      const n = arrayLength(item);
      if (n >= 0) {
        chargeLength(n, 3);
      } else if (isObject(item)) {
        // What else can be spread is copied here, so that V8 is left with real arrays.
        const spread = item[SPREADABLE];
        const list = (spread === undefined ? isArray(item) : spread) ? copyArrayLike(item) : [item];
        if (i < 0) return apply(nativeConcat, list, items.length ? checkedItems(items) : items);
        items[i] = list;
      }
    }
    return apply(nativeConcat, this, items);
  },
  join(separator) {
    const text = separator === undefined ? "," : `${separator}`;
    const n = arrayLength(this);
    if (n < 0) return slowArray(arrayNatives.join, this, [text]);
    chargeLength(n, 0);
    chargeText(n * text.length, 4);
    return joinWith(nativeJoin, this, text);
  },
  toLocaleString() {
    const n = arrayLength(this);
    if (n < 0) return slowArray(arrayNatives.toLocaleString, this, []);
    chargeLength(n, 0);
    return joinWith(nativeArrayLocaleString, this);
  },
  flat(depth = undefined) {
    if (this === null || this === undefined) return apply(arrayNatives.flat, this, []);
    const levels = depth === undefined ? 1 : toInteger(depth);
    const out = [];
    flatten(out, NativeObject(this), levels, 0);
    return out;
  },
  flatMap(callback, thisArg = undefined) {
    if (this === null || this === undefined || typeof callback !== "function") {
      return apply(arrayNatives.flatMap, this, [callback, thisArg]);
    }
    const object = NativeObject(this);
    const n = elementCount(object);
    const out = [];
    for (let i = 0; i < n; i++) {
      charge(2);
      if (!(i in object)) continue;
      const value = callFunction(callback, thisArg, object[i], i, object);
      if (isArray(value)) flatten(out, value, 0, 0);
      else arrayPush(out, value);
    }
    return out;
  },
});

function elementCount(object) {
  const n = toLength(object.length);
  if (n > LENGTH_MAX) refuse(`Too many elements (more than ${LENGTH_MAX})`);
  return n;
}

function copyArrayLike(object) {
  const n = elementCount(object);
  const list = [];
  for (let i = 0; i < n; i++) {
    charge(2);
    if (i in object) defineProperty(list, i, { __proto__: null, value: object[i], writable: true, enumerable: true, configurable: true });
  }
  list.length = n;
  return list;
}

/** The arguments of `concat` as real arrays, where its receiver was none. */
function checkedItems(items) {
  const list = [];
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    const n = arrayLength(item);
    if (n >= 0) {
      chargeLength(n, 3);
      arrayPush(list, item);
    } else if (isObject(item)) {
      const spread = item[SPREADABLE];
      arrayPush(list, (spread === undefined ? isArray(item) : spread) ? copyArrayLike(item) : [item]);
    } else {
      arrayPush(list, item);
    }
  }
  return list;
}

function flatten(out, array, levels, nesting) {
  if (nesting > NESTING_MAX) refuse("Arrays are nested too deeply");
  const n = elementCount(array);
  for (let i = 0; i < n; i++) {
    charge(1);
    if (!(i in array)) continue;
    const value = array[i];
    if (levels > 0 && isArray(value)) flatten(out, value, levels - 1, nesting + 1);
    else arrayPush(out, value);
  }
}

const nativeArrayFrom = Array.from;
replaceMethods(Array.prototype, arrayMethods);
replaceMethods(Array, {
  from(items, mapper = undefined, thisArg = undefined) {
    if (items === null || items === undefined) return apply(nativeArrayFrom, this, [items]);
    let list = items;
    if (items[ITERATOR] !== undefined && items[ITERATOR] !== null) list = paidIterable(items);
    else if (isObject(items)) list = paidArrayLike(items, 1);
    return apply(nativeArrayFrom, this, [list, mapper, thisArg]);
  },
  async fromAsync(items, mapper = undefined, thisArg = undefined) {
    if (mapper !== undefined && typeof mapper !== "function") throw new TypeError("The mapper is not a function");
    const list = typeof this === "function" && this !== NativeArray ? new this() : [];
    let n = 0;
    const add = async (value) => {
      charge(4);
      if (n >= LENGTH_MAX) refuse(`Too many elements (more than ${LENGTH_MAX})`);
      if (mapper !== undefined) value = await callFunction(mapper, thisArg, value, n);
      defineProperty(list, n++, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
    };
    const iterable = items[ASYNC_ITERATOR] ?? items[ITERATOR];
    if (iterable !== undefined) {
      for await (const value of items) await add(value);
    } else {
      const length = elementCount(NativeObject(items));
      for (let i = 0; i < length; i++) await add(await items[i]);
    }
    list.length = n;
    return list;
  },
});
