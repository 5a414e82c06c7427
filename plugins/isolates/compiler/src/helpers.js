// The helpers that metered code calls, as `$h`. An expression: a function from what the host provides to the object.
//
//   host.isProxy(value)            whether a value is a Proxy; traps must not run twice. It is on the path of every
//                                  spread, so let it be JavaScript: a flag that is set with the first Proxy made, and a
//                                  WeakSet of those made, kept by a wrapper around the constructor
//   host.importModule(name, from)  what `import(name)` in the module `from` returns
//   host.RegExp                    the checked constructor
//   host.collect()                 what takes in the resources of a block: `u(value)` for `using`, `a(value)` for
//                                  `await using`, the setter `e` for the error that the block ended with, and `d()`,
//                                  which disposes of them and throws what is left to throw; where there was an `a`, it
//                                  returns a promise of that
//
// It is evaluated once per realm, in script scope, after `let $g, $t` and `$o` exist and before any player code, and
// keeps its own references to the built-ins it uses. Each helper charges before the work where the size is known
// before, and after it where it is not. One gas stands for about eight elements copied by the engine.
(host) => {
  'use strict';
  const { isProxy, importModule, RegExp, collect } = host;
  const { Number } = globalThis;
  const { apply, ownKeys, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
  const { isArray } = Array;
  const { freeze, defineProperty } = Object;
  const { RangeError } = globalThis;
  const iteratorSymbol = Symbol.iterator;
  const arrayPrototype = Array.prototype;
  const arrayValues = arrayPrototype[iteratorSymbol];
  const arrayIteratorPrototype = getPrototypeOf([][iteratorSymbol]());
  const arrayNext = arrayIteratorPrototype.next;
  const stringPrototype = String.prototype;
  const stringIterator = stringPrototype[iteratorSymbol];
  const stringIteratorPrototype = getPrototypeOf(''[iteratorSymbol]());
  const stringNext = stringIteratorPrototype.next;
  const isView = ArrayBuffer.isView;
  const viewLength = getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), 'length').get;
  const bigToString = BigInt.prototype.toString;

  const BITS_MAX = 65536;
  const { asIntN } = BigInt;
  const SMALL_LIMIT = 1n << 128n;
  const MIDDLE_LIMIT = 1n << 4096n;

  // Charges for `count` elements that the engine handles in one go.
  const charge = (count) => {
    if (($g -= 1 + (count >>> 3)) < 0) $o();
  };

  // How many own properties an object that is no proxy has. Indexed ones are not listed one by one.
  const size = (object) => {
    if (isArray(object)) return object.length;
    if (isView(object)) {
      const length = apply(viewLength, object, []);
      return length === undefined ? 0 : length;
    }
    return ownKeys(object).length;
  };

  // An iterable over what `x` iterates that charges for each step.
  const charged = (x) => {
    const method = x[iteratorSymbol];
    if (typeof method !== 'function') return x;
    const iterator = apply(method, x, []);
    if (iterator === null || (typeof iterator !== 'object' && typeof iterator !== 'function')) {
      return { __proto__: null, [iteratorSymbol]: () => iterator };
    }
    const { next } = iterator;
    const step = () => {
      if (($g -= 1) < 0) $o();
      return apply(next, iterator, []);
    };
    const steps = { __proto__: null, next: step };
    return { __proto__: null, [iteratorSymbol]: () => steps };
  };

  // Checks a value that an operator made: no BigInt may pass the limit.
  const big = (value) => {
    if (typeof value !== 'bigint') return value;
    if (value < SMALL_LIMIT && value > -SMALL_LIMIT) {
      if (($g -= 1) < 0) $o();
    } else if (value < MIDDLE_LIMIT && value > -MIDDLE_LIMIT) {
      if (($g -= 16) < 0) $o();
    } else {
      if (($g -= 1024) < 0) $o();
      // The limit itself would be 8 KiB of every process's heap.
      if (asIntN(BITS_MAX + 1, value) !== value || asIntN(BITS_MAX + 1, -value) !== -value) {
        throw new RangeError('Maximum BigInt size exceeded');
      }
    }
    return value;
  };

  const bits = (value) => {
    const digits = apply(bigToString, value, [16]).length;
    charge(digits);
    return digits * 4;
  };

  return freeze({
    __proto__: null,

    // `f(...x)`, `new F(...x)`, `[...x]`: returns something that iterates as `x` does, and is charged for.
    spread(x) {
      if (typeof x === 'string') {
        if (stringPrototype[iteratorSymbol] !== stringIterator || stringIteratorPrototype.next !== stringNext) {
          return charged(x);
        }
        charge(x.length);
        return x;
      }
      if (x === null || x === undefined) return x;
      if (
        typeof x === 'object' &&
        isArray(x) &&
        !isProxy(x) &&
        x[iteratorSymbol] === arrayValues &&
        arrayIteratorPrototype.next === arrayNext
      ) {
        charge(x.length);
        return x;
      }
      return charged(x);
    },

    // `{ ...x }`: charges for the own properties of `x` and returns it; for a proxy, a copy made with each trap run once.
    own(x) {
      if (typeof x === 'string') {
        charge(x.length);
        return x;
      }
      if (x === null || (typeof x !== 'object' && typeof x !== 'function')) return x;
      if (!isProxy(x)) {
        charge(size(x));
        return x;
      }
      const keys = ownKeys(x);
      charge(keys.length * 8);
      const copy = { __proto__: null };
      for (let index = 0; index < keys.length; index++) {
        const key = keys[index];
        const property = getOwnPropertyDescriptor(x, key);
        if (property !== undefined && property.enumerable) {
          const value = x[key];
          defineProperty(copy, key, { __proto__: null, value, enumerable: true, configurable: true, writable: true });
        }
      }
      return copy;
    },

    // After `[...x] = …` or `{ ...x } = …` has bound `x`: charges for what it took.
    rest(x) {
      if (x !== null && typeof x === 'object' && !isProxy(x)) charge(size(x));
    },

    // `for (key in x)`: charges for the keys that the engine gathers, and returns `x`.
    keys(x) {
      if (typeof x === 'string') {
        charge(x.length * 8);
        return x;
      }
      let object = x;
      while (object !== null && (typeof object === 'object' || typeof object === 'function') && !isProxy(object)) {
        charge(size(object));
        object = getPrototypeOf(object);
      }
      return x;
    },

    // A regular expression literal.
    regexp(source, flags) {
      if (($g -= 8) < 0) $o();
      return new RegExp(source, flags);
    },

    // `import(name)` in the module `from`.
    import(name, from) {
      return importModule(name, from);
    },

    // A block, function or module that declares something with `using`.
    using() {
      if (($g -= 8) < 0) $o();
      return collect();
    },

    big,

    // `a ** b` where both may be BigInts. `x++` returns the number that the language makes of `x`.
    pow(a, b) {
      const base = a++;
      const exponent = b++;
      if (typeof base === 'bigint' && typeof exponent === 'bigint' && exponent > 1n && (base > 1n || base < -1n)) {
        if (exponent > BITS_MAX || (bits(base < 0n ? -base : base) - 4) * Number(exponent) > Number(BITS_MAX)) {
          throw new RangeError('Maximum BigInt size exceeded');
        }
      }
      return big(base ** exponent);
    },

    // `a << b` where both may be BigInts.
    shl(a, b) {
      const value = a++;
      const count = b++;
      if (typeof value === 'bigint' && typeof count === 'bigint' && count > BITS_MAX && value !== 0n) {
        throw new RangeError('Maximum BigInt size exceeded');
      }
      return big(value === 0n && typeof count === 'bigint' ? 0n : value << count);
    },

    // `object[key]` as something that can be read and then written, for `f()[k()] *= y`.
    at(object, key) {
      const type = typeof key;
      const name = type === 'string' || type === 'number' || type === 'symbol' ? key : ownKeys({ __proto__: null, [key]: 0 })[0];
      return {
        __proto__: null,
        get v() {
          return object[name];
        },
        set v(value) {
          object[name] = value;
        },
      };
    },
  });
}
