// Maps, sets, iterators and the combinators of promises: whatever takes an iterable pays for its steps.

const NativeAggregateError = AggregateError;
const nativeMapGroupBy = NativeMap.groupBy;

for (const Native of [NativeMap, NativeSet, NativeWeakMap, NativeWeakSet]) {
  const { name } = Native;
  const wrapper = replaceConstructor(Native, function (iterable) {
    if (new.target === undefined) needsNew(name);
    if (iterable === undefined || iterable === null) {
      return new.target === wrapper ? new Native() : construct(Native, [], new.target);
    }
    return construct(Native, [paidIterable(iterable)], new.target);
  });
}
replaceMethods(Map, {
  groupBy(items, callback) {
    return nativeMapGroupBy(items === null || items === undefined ? items : paidIterable(items), callback);
  },
});

const nativeMapForEach = uncurry(NativeMap.prototype.forEach);
const nativeSetForEach = uncurry(NativeSet.prototype.forEach);
const nativeMapClear = uncurry(NativeMap.prototype.clear);
const nativeSetClear = uncurry(NativeSet.prototype.clear);
replaceMethods(NativeMap.prototype, {
  forEach(callback, thisArg = undefined) {
    charge(mapSize(this) * 2);
    return nativeMapForEach(this, callback, thisArg);
  },
  clear() {
    charge(mapSize(this) >> 4);
    return nativeMapClear(this);
  },
});

const setNatives = {};
for (const key of ownKeys(NativeSet.prototype)) {
  const { value } = getOwnPropertyDescriptor(NativeSet.prototype, key);
  if (typeof value === "function") setNatives[key] = value;
}

/**
 * The other operand of a set method: its `size`, `has` and `keys` are read once, as the language says, and its keys come
 * through an iterator that charges.
 */
function paidSetRecord(other) {
  if (!isObject(other)) return other;
  const { size, has, keys } = other;
  if (typeof has !== "function" || typeof keys !== "function") return { __proto__: null, size, has, keys };
  return {
    __proto__: null,
    size: +size,
    has(value) {
      charge(2);
      return callFunction(has, other, value);
    },
    keys() {
      const iterator = callFunction(keys, other);
      if (!isObject(iterator)) return iterator;
      const { next } = iterator;
      return {
        __proto__: null,
        next() {
          charge(2);
          return callFunction(next, iterator);
        },
        get return() {
          const close = iterator.return;
          return typeof close === "function" ? () => callFunction(close, iterator) : close;
        },
      };
    },
  };
}

const setMethods = {
  forEach(callback, thisArg = undefined) {
    charge(setSize(this) * 2);
    return nativeSetForEach(this, callback, thisArg);
  },
  clear() {
    charge(setSize(this) >> 4);
    return nativeSetClear(this);
  },
};
for (const key of [
  "union", "intersection", "difference", "symmetricDifference", "isSubsetOf", "isSupersetOf", "isDisjointFrom",
]) {
  const native = uncurry(setNatives[key]);
  setMethods[key] = {
    [key](other) {
      charge(setSize(this));
      return native(this, paidSetRecord(other));
    },
  }[key];
}
replaceMethods(NativeSet.prototype, setMethods);

replaceConstructor(NativeAggregateError, function AggregateError(errors, message, options) {
  const list = paidIterable(errors);
  const target = new.target ?? NativeAggregateError;
  const args = [list, message];
  if (options !== undefined) arrayPush(args, options);
  return construct(NativeAggregateError, args, target);
});

const promiseMethods = {};
for (const key of ["all", "allSettled", "any", "race"]) {
  const native = Promise[key];
  promiseMethods[key] = {
    [key](iterable) {
      let list = iterable;
      try {
        list = paidIterable(iterable);
      } catch (error) {
        // What iteration throws is a rejection here.
        const capability = apply(withResolvers, this, []);
        capability.reject(error);
        return capability.promise;
      }
      charge(8 * (arrayLength(list) > 0 ? list.length : 1));
      return apply(native, this, [list]);
    },
  }[key];
}
const { withResolvers } = Promise;
replaceMethods(Promise, promiseMethods);

// --- Iterator helpers -------------------------------------------------------------------------------------------------

const iteratorNatives = {};
for (const key of ownKeys(IteratorPrototype)) {
  const { value } = getOwnPropertyDescriptor(IteratorPrototype, key);
  if (typeof value === "function") iteratorNatives[key] = value;
}

/** A callback that pays for its step: the loop around it is V8's, and the iterator under it may be too. */
function paidCallback(fn) {
  if (typeof fn !== "function") return fn;
  return (a, b, c) => {
    charge(2);
    return fn(a, b, c);
  };
}

const iteratorMethods = {};
for (const key of ["every", "filter", "find", "flatMap", "forEach", "map", "some"]) {
  const native = uncurry(iteratorNatives[key]);
  iteratorMethods[key] = {
    [key](callback) {
      return native(this, paidCallback(callback));
    },
  }[key];
}
const nativeIteratorReduce = iteratorNatives.reduce;
const nativeIteratorDrop = uncurry(iteratorNatives.drop);
const nativeIteratorFilter = uncurry(iteratorNatives.filter);
const nativeIteratorToArray = uncurry(iteratorNatives.toArray);
Object.assign(iteratorMethods, {
  reduce(...args) {
    if (args.length) args[0] = paidCallback(args[0]);
    return apply(nativeIteratorReduce, this, args);
  },
  drop(limit) {
    const n = +limit;
    // What is no limit is V8's to refuse.
    if (isNotANumber(n) || toInteger(n) < 0) return nativeIteratorDrop(this, n);
    let left = toInteger(n);
    return nativeIteratorFilter(this, () => {
      charge(2);
      return left <= 0 || left-- <= 0;
    });
  },
  toArray() {
    let n = 0;
    const counted = nativeIteratorFilter(this, () => {
      charge(2);
      if (++n > LENGTH_MAX) refuse(`Too many elements (more than ${LENGTH_MAX})`);
      return true;
    });
    return nativeIteratorToArray(counted);
  },
});
replaceMethods(IteratorPrototype, iteratorMethods);
