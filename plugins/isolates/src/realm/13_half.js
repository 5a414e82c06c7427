// Numbers of 16 bits: `Math.f16round` and the two methods of `DataView`. An array of them, `Float16Array`, needs V8, which
// would add it to each context as it is made: there is none.

const nativeGetUint16 = uncurry(DataView.prototype.getUint16);
const nativeSetUint16 = uncurry(DataView.prototype.setUint16);
const viewBuffer = uncurry(getOwnPropertyDescriptor(DataView.prototype, "buffer").get);
const { abs: absolute } = Math;

/** Distance of the smallest numbers, and the smallest that has all its digits. */
const HALF_STEP = 2 ** -24;
const HALF_NORMAL = 2 ** -14;
/** From here on a number is nearer to what would be next after the largest, which is infinite. */
const HALF_INFINITE = 65520;

/** Distance of neighbours where `size` lies. */
function halfStep(size) {
  let step = HALF_STEP;
  while (size >= step * 2048) step *= 2;
  return step;
}

/** The nearest number of 16 bits, the even one of two. */
function roundHalf(x) {
  const size = absolute(x);
  if (size === 0 || !(size < Infinity)) return x;
  if (size >= HALF_INFINITE) return x < 0 ? -Infinity : Infinity;
  // Beside a number whose own neighbours are so far apart, addition rounds to multiples of the step.
  const large = halfStep(size) * 2 ** 52;
  const rounded = size + large - large;
  return x < 0 ? -rounded : rounded;
}

function halfBits(x) {
  const rounded = roundHalf(x);
  const size = absolute(rounded);
  const sign = rounded < 0 || sameValue(rounded, -0) ? 0x8000 : 0;
  if (rounded !== rounded) return 0x7e00;
  if (size === Infinity) return sign | 0x7c00;
  if (size < HALF_NORMAL) return sign | (size / HALF_STEP);
  let exponent = 1;
  let step = HALF_STEP;
  while (size >= step * 2048) {
    step *= 2;
    exponent++;
  }
  return sign | (exponent << 10) | (size / step - 1024);
}

function halfOf(bits) {
  const exponent = (bits >> 10) & 31;
  const digits = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return digits === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * digits * HALF_STEP;
  return sign * (1024 + digits) * HALF_STEP * (1 << (exponent - 1));
}

addMethods(Math, {
  f16round(x) {
    return roundHalf(+x);
  },
});
addMethods(DataView.prototype, {
  getFloat16(offset, littleEndian = undefined) {
    viewBuffer(this);
    return halfOf(nativeGetUint16(this, offset, littleEndian));
  },
  setFloat16(offset, value, littleEndian = undefined) {
    viewBuffer(this);
    const at = toInteger(offset);
    nativeSetUint16(this, at, halfBits(+value), littleEndian);
  },
});
