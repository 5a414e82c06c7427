// Bytes as base64 and as hexadecimal digits: `Uint8Array`'s methods. They go over their input once, here, so each pays by
// its length.

const NATIVE_UINT8 = NativeUint8Array.prototype;
const nativeTypedAt = uncurry(typedNatives.at);
const fromCharCode = NativeString.fromCharCode;

/** Units of text that are put together at a time. */
const PIECE_UNITS = 4096;
const PLAIN_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const HEX_DIGITS = "0123456789abcdef";
const PADDING = 0x3d;

/** Values of units below 128 in an alphabet; -1 for those that are not in it. */
function valuesIn(alphabet) {
  const values = [];
  for (let unit = 0; unit < 128; unit++) arrayPush(values, -1);
  for (let i = 0; i < alphabet.length; i++) values[charCode(alphabet, i)] = i;
  return values;
}
const PLAIN_VALUES = valuesIn(PLAIN_ALPHABET);
const URL_VALUES = valuesIn(URL_ALPHABET);
const HEX_VALUES = valuesIn(HEX_DIGITS);
for (let i = 0; i < 6; i++) HEX_VALUES[0x41 + i] = 10 + i;

function valueOf(values, unit) {
  return unit < 128 ? values[unit] : -1;
}

/** The receiver, which must be a `Uint8Array`. */
function uint8(value, method) {
  if (!isView(value) || typedTag(value) !== "Uint8Array") throw new TypeError(`${method} is for a Uint8Array`);
  return value;
}

/** Throws where the memory under an array is gone. */
function attached(array) {
  nativeTypedAt(array, 0);
  return typedLength(array);
}

function codedText(text) {
  if (typeof text !== "string") throw new TypeError("The text is not a string");
  chargeText(text.length, 0);
  return text;
}

function optionsOf(options) {
  if (options === undefined) return { __proto__: null };
  if (!isObject(options)) throw new TypeError("The options are not an object");
  return options;
}

/** An option that is one of a few words: the first where it is not there. */
function wordOf(options, name, words) {
  const word = options[name];
  if (word === undefined) return words[0];
  for (let i = 0; i < words.length; i++) if (word === words[i]) return word;
  throw new TypeError(`The option ${name} is none of ${words[0]}, ${words[1]}${words.length > 2 ? `, ${words[2]}` : ""}`);
}
const ALPHABETS = ["base64", "base64url"];
const LAST_CHUNKS = ["loose", "strict", "stop-before-partial"];

/** The text of many units: some at a time, so that no list of arguments is too long. */
function joinUnits(text, units) {
  return text + apply(fromCharCode, undefined, units);
}

function encodeBase64(bytes, alphabet, padded) {
  const n = bytes.length;
  let text = "";
  let units = [];
  for (let i = 0; i < n; i += 3) {
    const left = n - i;
    const group = (bytes[i] << 16) | (left > 1 ? bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
    arrayPush(units, charCode(alphabet, group >> 18), charCode(alphabet, (group >> 12) & 63));
    if (left > 1) arrayPush(units, charCode(alphabet, (group >> 6) & 63));
    else if (padded) arrayPush(units, PADDING);
    if (left > 2) arrayPush(units, charCode(alphabet, group & 63));
    else if (padded) arrayPush(units, PADDING);
    if (units.length >= PIECE_UNITS) {
      text = joinUnits(text, units);
      units = [];
    }
  }
  return joinUnits(text, units);
}

function encodeHex(bytes) {
  const n = bytes.length;
  let text = "";
  let units = [];
  for (let i = 0; i < n; i++) {
    const byte = bytes[i];
    arrayPush(units, charCode(HEX_DIGITS, byte >> 4), charCode(HEX_DIGITS, byte & 15));
    if (units.length >= PIECE_UNITS) {
      text = joinUnits(text, units);
      units = [];
    }
  }
  return joinUnits(text, units);
}

/** The first place from `at` on that is no ASCII whitespace. */
function skipBlanks(text, at) {
  while (at < text.length) {
    const unit = charCode(text, at);
    if (unit !== 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0c && unit !== 0x0d) break;
    at++;
  }
  return at;
}

/** What was decoded: the bytes, how much of the text they took, and what is wrong with the rest of it. */
function decoded(bytes, read, wrong) {
  return { __proto__: null, bytes, read, wrong };
}

const NOT_BASE64 = "The text is not correctly encoded as base64";

/** FromBase64 of the specification: at most `most` bytes. */
function decodeBase64(text, values, lastChunk, most) {
  const bytes = [];
  if (most === 0) return decoded(bytes, 0, undefined);
  const n = text.length;
  let read = 0;
  let chunk = 0;
  let count = 0;
  let at = 0;
  while (true) {
    at = skipBlanks(text, at);
    if (at === n) {
      if (count === 0) return decoded(bytes, n, undefined);
      if (lastChunk === "stop-before-partial") return decoded(bytes, read, undefined);
      if (lastChunk === "strict" || count === 1) return decoded(bytes, read, NOT_BASE64);
      pushPartial(bytes, chunk, count);
      return decoded(bytes, n, undefined);
    }
    const unit = charCode(text, at++);
    if (unit === PADDING) {
      if (count < 2) return decoded(bytes, read, NOT_BASE64);
      at = skipBlanks(text, at);
      if (count === 2) {
        if (at === n) {
          return decoded(bytes, read, lastChunk === "stop-before-partial" ? undefined : NOT_BASE64);
        }
        if (charCode(text, at) === PADDING) at = skipBlanks(text, at + 1);
      }
      if (at < n) return decoded(bytes, read, NOT_BASE64);
      if (lastChunk === "strict" && (chunk & (count === 2 ? 15 : 3)) !== 0) return decoded(bytes, read, NOT_BASE64);
      pushPartial(bytes, chunk, count);
      return decoded(bytes, n, undefined);
    }
    const value = valueOf(values, unit);
    if (value < 0) return decoded(bytes, read, NOT_BASE64);
    const left = most - bytes.length;
    if ((left === 1 && count === 2) || (left === 2 && count === 3)) return decoded(bytes, read, undefined);
    chunk = (chunk << 6) | value;
    if (++count < 4) continue;
    arrayPush(bytes, chunk >> 16, (chunk >> 8) & 255, chunk & 255);
    chunk = 0;
    count = 0;
    read = at;
    if (bytes.length === most) return decoded(bytes, read, undefined);
  }
}

/** The bytes of two or three characters. */
function pushPartial(bytes, chunk, count) {
  if (count === 2) arrayPush(bytes, chunk >> 4);
  else arrayPush(bytes, chunk >> 10, (chunk >> 2) & 255);
}

/** FromHex of the specification. */
function decodeHex(text, most) {
  const bytes = [];
  const n = text.length;
  if (n % 2 !== 0) return decoded(bytes, 0, "The text has an odd number of hexadecimal digits");
  let at = 0;
  while (at < n && bytes.length < most) {
    const high = valueOf(HEX_VALUES, charCode(text, at));
    const low = valueOf(HEX_VALUES, charCode(text, at + 1));
    if (high < 0 || low < 0) return decoded(bytes, at, "The text is not hexadecimal digits");
    arrayPush(bytes, (high << 4) | low);
    at += 2;
  }
  return decoded(bytes, at, undefined);
}

function base64Of(text, options, most) {
  const values = wordOf(options, "alphabet", ALPHABETS) === "base64" ? PLAIN_VALUES : URL_VALUES;
  const lastChunk = wordOf(options, "lastChunkHandling", LAST_CHUNKS);
  return decodeBase64(text, values, lastChunk, most === undefined ? Infinity : attached(most));
}

/** An array of what was decoded, all of it. */
function whole({ bytes, wrong }) {
  if (wrong !== undefined) throw new SyntaxError(wrong);
  const n = bytes.length;
  chargeBytes(n);
  const array = new NativeUint8Array(n);
  for (let i = 0; i < n; i++) array[i] = bytes[i];
  return array;
}

/** Writes what was decoded, even where the rest is wrong. */
function write(array, { bytes, read, wrong }) {
  const written = bytes.length;
  for (let i = 0; i < written; i++) array[i] = bytes[i];
  if (wrong !== undefined) throw new SyntaxError(wrong);
  return { read, written };
}

addMethods(NATIVE_UINT8, {
  toBase64(options = undefined) {
    uint8(this, "toBase64");
    const given = optionsOf(options);
    const alphabet = wordOf(given, "alphabet", ALPHABETS) === "base64" ? PLAIN_ALPHABET : URL_ALPHABET;
    const padded = !given.omitPadding;
    chargeText(floor((attached(this) * 4) / 3), 0);
    return encodeBase64(this, alphabet, padded);
  },
  toHex() {
    chargeText(attached(uint8(this, "toHex")) * 2, 0);
    return encodeHex(this);
  },
  setFromBase64(text, options = undefined) {
    uint8(this, "setFromBase64");
    return write(this, base64Of(codedText(text), optionsOf(options), this));
  },
  setFromHex(text) {
    uint8(this, "setFromHex");
    return write(this, decodeHex(codedText(text), attached(this)));
  },
});
addMethods(Uint8Array, {
  fromBase64(text, options = undefined) {
    return whole(base64Of(codedText(text), optionsOf(options)));
  },
  fromHex(text) {
    return whole(decodeHex(codedText(text), Infinity));
  },
});
