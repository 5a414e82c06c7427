// The newest methods of maps, promises and iterators, and `Math.sumPrecise`. V8 has its own, and would add them to each
// context as it is made.

const mapGet = uncurry(NativeMap.prototype.get);
const mapHas = uncurry(NativeMap.prototype.has);
const mapSet = uncurry(NativeMap.prototype.set);
const weakMapHas = uncurry(NativeWeakMap.prototype.has);
const { keyFor } = Symbol;

function needsFunction(value) {
  if (typeof value !== "function") throw new TypeError("The callback is not a function");
}

addMethods(NativeMap.prototype, {
  getOrInsert(key, value) {
    if (mapHas(this, key)) return mapGet(this, key);
    mapSet(this, key, value);
    return value;
  },
  getOrInsertComputed(key, callback) {
    const found = mapHas(this, key);
    needsFunction(callback);
    if (found) return mapGet(this, key);
    // Zero has no sign as a key.
    if (key === 0) key = 0;
    const value = callback(key);
    mapSet(this, key, value);
    return value;
  },
});
addMethods(NativeWeakMap.prototype, {
  getOrInsert(key, value) {
    if (weakMapHas(this, key)) return weakGet(this, key);
    weakSet(this, key, value);
    return value;
  },
  getOrInsertComputed(key, callback) {
    const found = weakMapHas(this, key);
    if (!isObject(key) && (typeof key !== "symbol" || keyFor(key) !== undefined)) {
      throw new TypeError("The key of a weak map is an object or a symbol that is not shared");
    }
    needsFunction(callback);
    if (found) return weakGet(this, key);
    const value = callback(key);
    weakSet(this, key, value);
    return value;
  },
});

addMethods(Promise, {
  try(callback, ...args) {
    const capability = apply(withResolvers, this, []);
    try {
      needsFunction(callback);
      capability.resolve(apply(callback, undefined, args));
    } catch (error) {
      capability.reject(error);
    }
    return capability.promise;
  },
});

// --- Iterator.concat --------------------------------------------------------------------------------------------------

const nativeIteratorMap = uncurry(iteratorNatives.map);
const same = (value) => value;

/** A method that may be missing. */
function methodOf(object, key) {
  const method = object[key];
  if (method === undefined || method === null) return undefined;
  if (typeof method !== "function") throw new TypeError(`${typeof key === "symbol" ? "The method" : key} is not a function`);
  return method;
}

/** An iterator over iterables, each opened when it is its turn. V8's helper over it is what the program gets. */
function chain(opened) {
  let turn = 0;
  let inner;
  let next;
  let running = false;
  const step = () => {
    while (true) {
      charge(3);
      if (inner === undefined) {
        if (turn === opened.length) return { __proto__: null, value: undefined, done: true };
        const { iterable, open } = opened[turn++];
        const iterator = callFunction(open, iterable);
        if (!isObject(iterator)) throw new TypeError("An iterator is not an object");
        next = iterator.next;
        inner = iterator;
      }
      const result = callFunction(next, inner);
      if (!isObject(result)) throw new TypeError("The result of an iterator is not an object");
      if (!result.done) return { __proto__: null, value: result.value, done: false };
      inner = undefined;
    }
  };
  return {
    __proto__: null,
    next() {
      if (running) throw new TypeError("The iterator is already running");
      running = true;
      try {
        return step();
      } catch (error) {
        inner = undefined;
        turn = opened.length;
        throw error;
      } finally {
        running = false;
      }
    },
    return() {
      if (running) throw new TypeError("The iterator is already running");
      const iterator = inner;
      inner = undefined;
      turn = opened.length;
      const close = iterator === undefined ? undefined : methodOf(iterator, "return");
      return close === undefined ? { __proto__: null, value: undefined, done: true } : callFunction(close, iterator);
    },
  };
}

addMethods(Iterator, {
  concat(...items) {
    const opened = [];
    for (let i = 0; i < items.length; i++) {
      const iterable = items[i];
      if (!isObject(iterable)) throw new TypeError("What is not an object cannot be iterated here");
      const open = methodOf(iterable, ITERATOR);
      if (open === undefined) throw new TypeError("The object is not iterable");
      arrayPush(opened, { __proto__: null, iterable, open });
    }
    return nativeIteratorMap(chain(opened), same);
  },
});
