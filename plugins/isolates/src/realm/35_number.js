// Numbers: BigInts are bounded as the transform's operators bound them, and `Math` gives the same bits everywhere.

const nativeAsIntN = NativeBigInt.asIntN;
const nativeAsUintN = NativeBigInt.asUintN;
const nativeBigIntText = uncurry(NativeBigInt.prototype.toString);
const nativeBigIntLocaleText = uncurry(NativeBigInt.prototype.toLocaleString);
const nativeNumberLocaleText = uncurry(NativeNumber.prototype.toLocaleString);

/** Longest text that is read as a BigInt: the cost grows with its square. */
const BIGINT_TEXT_MAX = 1 << 15;

function bigIntBits(bits) {
  const n = toInteger(bits);
  if (n > BIGINT_BITS_MAX) refuse(`Maximum BigInt size exceeded (${BIGINT_BITS_MAX} bits)`);
  if (n > 64) charge(n >> 6);
  return n;
}

replaceConstructor(NativeBigInt, function BigInt(value) {
  if (new.target !== undefined) throw new TypeError("BigInt is not a constructor");
  if (isObject(value)) value = primitive(value);
  if (typeof value === "string" && value.length > 15) {
    if (value.length > BIGINT_TEXT_MAX) refuse(`Maximum BigInt size exceeded (${BIGINT_BITS_MAX} bits)`);
    charge(value.length + ((value.length * value.length) >> 12));
    return boundedBigInt(NativeBigInt(value));
  }
  return NativeBigInt(value);
});

function boundedBigInt(value) {
  if (nativeAsIntN(BIGINT_BITS_MAX + 1, value) !== value) refuse(`Maximum BigInt size exceeded (${BIGINT_BITS_MAX} bits)`);
  return value;
}

/** ToPrimitive with the hint number. */
function primitive(value) {
  const convert = value[Symbol.toPrimitive];
  if (convert !== undefined && convert !== null) {
    const result = callFunction(convert, value, "number");
    if (isObject(result)) throw new TypeError("Cannot convert object to primitive value");
    return result;
  }
  for (const key of ["valueOf", "toString"]) {
    const method = value[key];
    if (typeof method !== "function") continue;
    const result = callFunction(method, value);
    if (!isObject(result)) return result;
  }
  throw new TypeError("Cannot convert object to primitive value");
}

replaceMethods(BigInt, {
  asIntN(bits, value) {
    return nativeAsIntN(bigIntBits(bits), value);
  },
  asUintN(bits, value) {
    return nativeAsUintN(bigIntBits(bits), value);
  },
});
replaceMethods(NativeBigInt.prototype, {
  toString(radix = undefined) {
    const text = nativeBigIntText(this, radix);
    if (text.length > 15) charge(text.length + ((text.length * text.length) >> 12));
    return text;
  },
  toLocaleString(_locales = undefined, options = undefined) {
    charge(FORMATTER_GAS);
    const text = nativeBigIntLocaleText(this, LOCALE, options);
    charge(text.length);
    return text;
  },
});
replaceMethods(NativeNumber.prototype, {
  toLocaleString(_locales = undefined, options = undefined) {
    charge(FORMATTER_GAS);
    return nativeNumberLocaleText(this, LOCALE, options);
  },
});

// --- Math -------------------------------------------------------------------------------------------------------------

const { abs, expm1 } = Math;
/** The process's stream of random numbers: the library sets it before any program runs. */
let random = () => 0;

replaceMethods(Math, {
  random() {
    charge(4);
    return random();
  },
  /** As in fdlibm: V8 takes this one from the platform's library. */
  tanh(x) {
    x = +x;
    if (isNotANumber(x) || x === 0) return x;
    const size = abs(x);
    let z;
    if (size < 2 ** -28) return x;
    if (size >= 22) {
      z = 1;
    } else if (size >= 1) {
      z = 1 - 2 / (expm1(2 * size) + 2);
    } else {
      const t = expm1(-2 * size);
      z = -t / (t + 2);
    }
    return x < 0 ? -z : z;
  },
});
