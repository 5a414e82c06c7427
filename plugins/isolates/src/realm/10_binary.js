// `ArrayBuffer` and the typed arrays: sizes are charged before memory is taken or moved.

const bufferNatives = ArrayBuffer.prototype;
const nativeBufferSlice = uncurry(bufferNatives.slice);
const nativeResize = uncurry(bufferNatives.resize);
const nativeTransfer = bufferNatives.transfer;
const nativeTransferFixed = bufferNatives.transferToFixedLength;
const NativeArrayBuffer = ArrayBuffer;

function chargeBytes(n) {
  if (n > BUFFER_MAX) refuse(`Too much memory (more than ${BUFFER_MAX} bytes)`);
  if (n > 63) charge(floor(n / 64));
}

/** ToIndex, for sizes: what is no index is left to V8 to refuse. */
function toIndex(value) {
  const n = toInteger(value);
  return n < 0 ? 0 : n;
}

replaceConstructor(
  NativeArrayBuffer,
  function ArrayBuffer(length, options) {
    if (new.target === undefined) needsNew("ArrayBuffer");
    const n = toIndex(length);
    chargeBytes(n);
    if (!isObject(options)) return construct(NativeArrayBuffer, [n], new.target);
    const most = options.maxByteLength;
    if (most === undefined) return construct(NativeArrayBuffer, [n], new.target);
    const maxByteLength = toIndex(most);
    chargeBytes(maxByteLength);
    return construct(NativeArrayBuffer, [n, { __proto__: null, maxByteLength }], new.target);
  },
);

replaceMethods(bufferNatives, {
  slice(start, end) {
    chargeBytes(span(bufferBytes(this), start, end));
    return nativeBufferSlice(this, start, end);
  },
  resize(length) {
    const n = toIndex(length);
    chargeBytes(n);
    return nativeResize(this, n);
  },
  transfer(...args) {
    if (args.length && args[0] !== undefined) args[0] = toIndex(args[0]);
    chargeBytes(max(bufferBytes(this), args[0] ?? 0));
    return apply(nativeTransfer, this, args);
  },
  transferToFixedLength(...args) {
    if (args.length && args[0] !== undefined) args[0] = toIndex(args[0]);
    chargeBytes(max(bufferBytes(this), args[0] ?? 0));
    return apply(nativeTransferFixed, this, args);
  },
});

const typedNatives = {};
for (const key of ownKeys(TypedArray.prototype)) {
  const { value } = getOwnPropertyDescriptor(TypedArray.prototype, key);
  if (typeof value === "function") typedNatives[key] = value;
}

function typedMethod(native, shift) {
  const call = uncurry(native);
  const { name } = native;
  return {
    [name](a, b = undefined, c = undefined) {
      const n = typedLength(this);
      if (n > 15) charge(floor(n / (1 << shift)));
      return call(this, a, b, c);
    },
  }[name];
}

function variadicTypedMethod(native, shift) {
  const { name } = native;
  return {
    [name](...args) {
      const n = typedLength(this);
      if (n > 15) charge(floor(n / (1 << shift)));
      return apply(native, this, args);
    },
  }[name];
}

const typedMethods = {};
for (const key of ["copyWithin", "fill", "reverse", "toReversed", "with"]) {
  typedMethods[key] = typedMethod(typedNatives[key], 5);
}
for (const key of ["includes", "indexOf"]) typedMethods[key] = typedMethod(typedNatives[key], 4);
typedMethods.lastIndexOf = variadicTypedMethod(typedNatives.lastIndexOf, 4);
for (const key of ["forEach", "map", "filter"]) typedMethods[key] = typedMethod(typedNatives[key], 1);
for (const key of ["every", "some", "find", "findIndex", "findLast", "findLastIndex"]) {
  typedMethods[key] = typedMethod(typedNatives[key], 3);
}
for (const key of ["reduce", "reduceRight"]) typedMethods[key] = variadicTypedMethod(typedNatives[key], 1);

const nativeTypedSlice = uncurry(typedNatives.slice);
const nativeTypedSort = uncurry(typedNatives.sort);
const nativeTypedToSorted = uncurry(typedNatives.toSorted);
const nativeTypedSet = uncurry(typedNatives.set);
const nativeTypedJoin = uncurry(typedNatives.join);
const nativeTypedLocaleString = uncurry(typedNatives.toLocaleString);

Object.assign(typedMethods, {
  slice(start, end) {
    const n = span(typedLength(this), start, end);
    if (n > 63) charge(n >> 5);
    return nativeTypedSlice(this, start, end);
  },
  sort(compare) {
    chargeSort(typedLength(this));
    return nativeTypedSort(this, compare);
  },
  toSorted(compare) {
    chargeSort(typedLength(this));
    return nativeTypedToSorted(this, compare);
  },
  set(source, offset = undefined) {
    typedLength(this);
    if (isObject(source)) {
      if (isTyped(source)) {
        charge(typedLength(source) >> 5);
      } else {
        const n = arrayLength(source);
        if (n >= 0) chargeLength(n, 1);
        else source = paidArrayLike(source, 2);
      }
    }
    return nativeTypedSet(this, source, offset);
  },
  join(separator) {
    const text = separator === undefined ? "," : `${separator}`;
    const n = typedLength(this);
    chargeLength(n, 0);
    chargeText(n * text.length, 4);
    return nativeTypedJoin(this, text);
  },
  toLocaleString() {
    chargeLength(typedLength(this), 0);
    return nativeTypedLocaleString(this);
  },
});
replaceMethods(TypedArray.prototype, typedMethods);

const nativeTypedFrom = TypedArray.from;
replaceMethods(TypedArray, {
  from(source, mapper = undefined, thisArg = undefined) {
    let list = source;
    if (source !== null && source !== undefined) {
      if (source[ITERATOR] !== undefined && source[ITERATOR] !== null) list = paidIterable(source);
      else if (isObject(source)) list = paidArrayLike(source, 1);
    }
    return apply(nativeTypedFrom, this, [list, mapper, thisArg]);
  },
});

/** What a typed array is made of, paid for: a size, a buffer, or elements. */
function paidElements(source, bytes) {
  if (!isObject(source)) {
    const n = toIndex(source);
    chargeBytes(n * bytes);
    return n;
  }
  if (isTyped(source)) {
    chargeBytes(typedLength(source) * bytes);
    return source;
  }
  const n = arrayLength(source);
  if (n >= 0 && source[ITERATOR] === arrayValues) {
    chargeLength(n, 1);
    return source;
  }
  if (isBuffer(source)) return source;
  const method = source[ITERATOR];
  return method === undefined || method === null ? paidArrayLike(source, 2) : paidIterable(source);
}

function isBuffer(value) {
  try {
    bufferBytes(value);
    return true;
  } catch {
    return false;
  }
}

/** Puts a checked constructor in the place of a typed array's. */
function replaceTyped(name) {
  const Native = globalThis[name];
  const bytes = Native.BYTES_PER_ELEMENT;
  replaceConstructor(Native, function (source, offset, length) {
    if (new.target === undefined) needsNew(name);
    return constructTyped(Native, bytes, source, offset, length, new.target);
  });
}

function constructTyped(Native, bytes, source, offset, length, target) {
  if (isObject(source) && isBuffer(source)) return construct(Native, [source, offset, length], target);
  return construct(Native, [paidElements(source, bytes)], target);
}

const NativeUint8Array = Uint8Array;
for (const name of [
  "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array",
  "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array",
]) {
  replaceTyped(name);
}
