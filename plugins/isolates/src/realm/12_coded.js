// Bytes as base64 and as hexadecimal digits: `Uint8Array`'s methods. What nearly everybody asks for the host does, at the
// price of its intrinsics; the rest is done here, step by step, and paid for so.

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
  if (text.length > TEXT_MAX) chargeText(text.length, 0);
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

/** Puts a piece behind a text: some units at a time, so that no list of arguments is too long. */
function joinUnits(text, units) {
  charge(units.length * 3);
  return text + apply(fromCharCode, undefined, units);
}

function encodeBase64(bytes, n, alphabet, padded) {
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

function encodeHex(bytes, n) {
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
    charge(2);
    at++;
  }
  return at;
}

/** What was decoded: how many bytes, of how much of the text, and what is wrong with the rest of it. */
function decoded(written, read, wrong) {
  return { __proto__: null, written, read, wrong };
}

const NOT_BASE64 = "The text is not correctly encoded as base64";

/** FromBase64 of the specification, into an array that has room for `most` bytes. */
function decodeBase64(text, values, lastChunk, into, most) {
  if (most === 0) return decoded(0, 0, undefined);
  const n = text.length;
  let written = 0;
  let read = 0;
  let chunk = 0;
  let count = 0;
  let at = 0;
  while (true) {
    charge(8);
    at = skipBlanks(text, at);
    if (at === n) {
      if (count === 0) return decoded(written, n, undefined);
      if (lastChunk === "stop-before-partial") return decoded(written, read, undefined);
      if (lastChunk === "strict" || count === 1) return decoded(written, read, NOT_BASE64);
      return decoded(putPartial(into, written, chunk, count), n, undefined);
    }
    const unit = charCode(text, at++);
    if (unit === PADDING) {
      if (count < 2) return decoded(written, read, NOT_BASE64);
      at = skipBlanks(text, at);
      if (count === 2) {
        if (at === n) {
          return decoded(written, read, lastChunk === "stop-before-partial" ? undefined : NOT_BASE64);
        }
        if (charCode(text, at) === PADDING) at = skipBlanks(text, at + 1);
      }
      if (at < n) return decoded(written, read, NOT_BASE64);
      if (lastChunk === "strict" && (chunk & (count === 2 ? 15 : 3)) !== 0) return decoded(written, read, NOT_BASE64);
      return decoded(putPartial(into, written, chunk, count), n, undefined);
    }
    const value = valueOf(values, unit);
    if (value < 0) return decoded(written, read, NOT_BASE64);
    const left = most - written;
    if ((left === 1 && count === 2) || (left === 2 && count === 3)) return decoded(written, read, undefined);
    chunk = (chunk << 6) | value;
    if (++count < 4) continue;
    into[written++] = chunk >> 16;
    into[written++] = (chunk >> 8) & 255;
    into[written++] = chunk & 255;
    chunk = 0;
    count = 0;
    read = at;
    if (written === most) return decoded(written, read, undefined);
  }
}

/** Writes the bytes of two or three characters; returns how many there are then. */
function putPartial(into, written, chunk, count) {
  if (count === 2) {
    into[written++] = chunk >> 4;
  } else {
    into[written++] = chunk >> 10;
    into[written++] = (chunk >> 2) & 255;
  }
  return written;
}

/** FromHex of the specification, likewise. */
function decodeHex(text, into, most) {
  const n = text.length;
  if (n % 2 !== 0) return decoded(0, 0, "The text has an odd number of hexadecimal digits");
  let written = 0;
  while (written * 2 < n && written < most) {
    charge(8);
    const high = valueOf(HEX_VALUES, charCode(text, written * 2));
    const low = valueOf(HEX_VALUES, charCode(text, written * 2 + 1));
    if (high < 0 || low < 0) return decoded(written, written * 2, "The text is not hexadecimal digits");
    into[written++] = (high << 4) | low;
  }
  return decoded(written, written * 2, undefined);
}

/** The options of decoding. */
function base64Options(options) {
  const given = optionsOf(options);
  const values = wordOf(given, "alphabet", ALPHABETS) === "base64" ? PLAIN_VALUES : URL_VALUES;
  return { __proto__: null, values, lastChunk: wordOf(given, "lastChunkHandling", LAST_CHUNKS) };
}

function room(n) {
  chargeBytes(n);
  return new NativeUint8Array(n);
}

/** An array of what was decoded, all of it. */
function whole(into, { written, wrong }) {
  if (wrong !== undefined) throw new SyntaxError(wrong);
  if (written === typedLength(into)) return into;
  const array = room(written);
  for (let i = 0; i < written; i++) {
    if ((i & 1023) === 0) charge(512);
    array[i] = into[i];
  }
  return array;
}

/** How far it came, where nothing is wrong with the text so far. */
function progress({ read, written, wrong }) {
  if (wrong !== undefined) throw new SyntaxError(wrong);
  return { read, written };
}

addMethods(NATIVE_UINT8, {
  toBase64(options = undefined) {
    uint8(this, "toBase64");
    const given = optionsOf(options);
    const alphabet = wordOf(given, "alphabet", ALPHABETS) === "base64" ? PLAIN_ALPHABET : URL_ALPHABET;
    const padded = !given.omitPadding;
    const n = attached(this);
    if (n > TEXT_MAX / 2) chargeText(floor((n * 4) / 3), 0);
    const { base64Encode } = internal;
    if (base64Encode === undefined || alphabet !== PLAIN_ALPHABET) return encodeBase64(this, n, alphabet, padded);
    const text = base64Encode(this);
    return padded || n % 3 === 0 ? text : substring(text, 0, text.length - 3 + (n % 3));
  },
  toHex() {
    const n = attached(uint8(this, "toHex"));
    if (n > TEXT_MAX / 2) chargeText(n * 2, 0);
    return encodeHex(this, n);
  },
  setFromBase64(text, options = undefined) {
    uint8(this, "setFromBase64");
    codedText(text);
    const { values, lastChunk } = base64Options(options);
    return progress(decodeBase64(text, values, lastChunk, this, attached(this)));
  },
  setFromHex(text) {
    uint8(this, "setFromHex");
    return progress(decodeHex(codedText(text), this, attached(this)));
  },
});
addMethods(Uint8Array, {
  fromBase64(text, options = undefined) {
    const n = codedText(text).length;
    const { values, lastChunk } = base64Options(options);
    const { base64Decode } = internal;
    if (base64Decode !== undefined && values === PLAIN_VALUES && lastChunk === "loose") {
      // The web's forgiving decoding is the same.
      const bytes = base64Decode(text);
      if (bytes === null) throw new SyntaxError(NOT_BASE64);
      return bytes;
    }
    const into = room(floor((n + 3) / 4) * 3);
    return whole(into, decodeBase64(text, values, lastChunk, into, Infinity));
  },
  fromHex(text) {
    const n = codedText(text).length >> 1;
    const into = room(n);
    return whole(into, decodeHex(text, into, n));
  },
});
