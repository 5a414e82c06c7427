// `Math.sumPrecise`: the exact sum, rounded once. Numbers are whole multiples of the smallest one, so they are added up as
// what they are: integers of some two thousand bits, in digits of 32.

const DIGIT_BITS = 32;
const DIGIT = 2 ** DIGIT_BITS;
/** Digits of the largest number. */
const DIGITS = 66;
/** What a one in each digit stands for. */
const DIGIT_UNITS = [];
for (let i = 0; i < DIGITS; i++) arrayPush(DIGIT_UNITS, 2 ** (DIGIT_BITS * i - 1074));
/** Numbers that can be added before a digit, which takes less than 2^32 from each, is no safe integer any more. */
const ADDITIONS_MAX = 1 << 20;
const { MAX_SAFE_INTEGER } = NativeNumber;
const { abs: sizeOf } = Math;

/** Digits that are all zero, and one more for what is carried out of the last. */
function zeroDigits() {
  const digits = [];
  for (let i = 0; i <= DIGITS; i++) arrayPush(digits, 0);
  return digits;
}

/** Adds a finite number that is not zero. Returns its highest digit: what comes next is often about as large. */
function addTo(digits, x, guess) {
  const sign = x < 0 ? -1 : 1;
  let left = sizeOf(x);
  let at = guess;
  while (at > 0 && left < DIGIT_UNITS[at]) at--;
  while (at < DIGITS - 1 && left >= DIGIT_UNITS[at + 1]) at++;
  for (let i = at; left !== 0; i--) {
    const unit = DIGIT_UNITS[i];
    const digit = floor(left / unit);
    digits[i] += sign * digit;
    left -= digit * unit;
  }
  return at;
}

/** Brings each digit but the last into its range. */
function carry(digits) {
  for (let i = 0; i < DIGITS; i++) {
    const over = floor(digits[i] / DIGIT);
    digits[i] -= over * DIGIT;
    digits[i + 1] += over;
  }
}

/** The nearest number. */
function roundDigits(digits) {
  carry(digits);
  let sign = 1;
  if (digits[DIGITS] < 0) {
    sign = -1;
    for (let i = 0; i <= DIGITS; i++) digits[i] = -digits[i];
    carry(digits);
  }
  let top = DIGITS;
  while (top >= 0 && digits[top] === 0) top--;
  if (top < 0) return 0;
  if (top === DIGITS) return sign * Infinity;
  // Three digits hold more bits than a number and the one that decides; of what is below only whether it is nothing.
  const base = max(top - 2, 0);
  let leading = 0n;
  for (let i = top; i >= base; i--) leading = (leading << 32n) | NativeBigInt(digits[i]);
  for (let i = 0; i < base; i++) {
    if (digits[i] === 0) continue;
    leading |= 1n;
    break;
  }
  return sign * NativeNumber(leading) * DIGIT_UNITS[base];
}

addMethods(Math, {
  sumPrecise(items) {
    if (items === undefined || items === null) throw new TypeError("There is nothing to iterate");
    let nothing = true;
    let special = 0;
    let isSpecial = false;
    // Small integers need no digits.
    let plain = 0;
    let digits;
    let additions = 0;
    let guess = 0;
    for (const item of items) {
      charge(4);
      if (typeof item !== "number") throw new TypeError("What is summed up must be numbers");
      if (item - item !== 0) {
        special += item;
        isSpecial = true;
        continue;
      }
      if (nothing && !sameValue(item, -0)) nothing = false;
      const next = plain + item;
      if (isInteger(item) && sizeOf(next) <= MAX_SAFE_INTEGER && sizeOf(item) <= MAX_SAFE_INTEGER) {
        plain = next;
        continue;
      }
      charge(12);
      if (digits === undefined) digits = zeroDigits();
      guess = addTo(digits, item, guess);
      if (++additions < ADDITIONS_MAX) continue;
      carry(digits);
      additions = 0;
    }
    if (isSpecial) return special;
    if (digits === undefined) return nothing ? -0 : plain === 0 ? 0 : plain;
    if (plain !== 0) addTo(digits, plain, guess);
    return roundDigits(digits);
  },
});
