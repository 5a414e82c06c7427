// `String` and the functions of text: charged by the text read before, by the text made after, and refused above a cap.

const stringNatives = {};
for (const key of ownKeys(String.prototype)) {
  const { value } = getOwnPropertyDescriptor(String.prototype, key);
  if (typeof value === "function") stringNatives[key] = value;
}

/** The receiver as a string; V8 words the complaint about `null` and `undefined`. */
function text(self, native) {
  if (typeof self === "string") return self;
  if (self === null || self === undefined) return apply(native, self, []);
  return `${self}`;
}

/** A method that reads its receiver once, at a gas for each `2 ** shift` units. */
function textMethod(native, shift) {
  const call = uncurry(native);
  const { name } = native;
  if (native.length === 0) {
    return {
      [name]() {
        const string = text(this, native);
        if (string.length > 63) chargeText(string.length, shift);
        return call(string);
      },
    }[name];
  }
  return {
    [name](a, b = undefined) {
      const string = text(this, native);
      if (string.length > 63) chargeText(string.length, shift);
      return call(string, a, b);
    },
  }[name];
}

const stringMethods = {};
for (const key of ["isWellFormed", "toWellFormed", "trim", "trimStart", "trimEnd", "startsWith", "endsWith"]) {
  stringMethods[key] = textMethod(stringNatives[key], 5);
}
for (const key of ["includes", "indexOf"]) stringMethods[key] = textMethod(stringNatives[key], 3);
for (const key of ["toLowerCase", "toUpperCase"]) stringMethods[key] = textMethod(stringNatives[key], 4);

const nativeLastIndexOf = stringNatives.lastIndexOf;
const nativeRepeat = uncurry(stringNatives.repeat);
const nativePadStart = uncurry(stringNatives.padStart);
const nativePadEnd = uncurry(stringNatives.padEnd);
const nativeNormalize = uncurry(stringNatives.normalize);
const nativeLower = uncurry(stringNatives.toLowerCase);
const nativeUpper = uncurry(stringNatives.toUpperCase);
const nativeLocaleCompare = uncurry(stringNatives.localeCompare);
const nativeSplit = uncurry(stringNatives.split);
const nativeReplace = uncurry(stringNatives.replace);
const nativeReplaceAll = uncurry(stringNatives.replaceAll);
const nativeConcatText = stringNatives.concat;
const nativeRaw = String.raw;

/** Most comparisons of one `lastIndexOf`, which V8 does naively. */
const COMPARISONS_MAX = 1 << 28;
/** Longest text that is normalised: one unit may become 18. */
const NORMALIZE_MAX = 1 << 20;

function paid(result) {
  if (result.length > 63) chargeText(result.length, 5);
  return result;
}

Object.assign(stringMethods, {
  lastIndexOf(...args) {
    const string = text(this, nativeLastIndexOf);
    const search = `${args[0]}`;
    const steps = max(1, string.length - search.length) * max(1, search.length);
    if (steps > COMPARISONS_MAX) refuse("Too long a search");
    if (steps > 63) charge(steps >> 4);
    args[0] = search;
    return apply(nativeLastIndexOf, string, args);
  },
  repeat(count) {
    const string = text(this, stringNatives.repeat);
    const n = toInteger(count);
    if (n > 0) chargeText(n === Infinity ? n : string.length * n, 5);
    return nativeRepeat(string, n);
  },
  padStart(length, fill = undefined) {
    const string = text(this, stringNatives.padStart);
    const n = toLength(length);
    if (n > string.length) chargeText(n, 5);
    return nativePadStart(string, n, fill);
  },
  padEnd(length, fill = undefined) {
    const string = text(this, stringNatives.padEnd);
    const n = toLength(length);
    if (n > string.length) chargeText(n, 5);
    return nativePadEnd(string, n, fill);
  },
  normalize(form = undefined) {
    const string = text(this, stringNatives.normalize);
    if (string.length > NORMALIZE_MAX) refuse(`Too much text (more than ${NORMALIZE_MAX} units)`);
    charge(string.length);
    return nativeNormalize(string, form);
  },
  toLocaleLowerCase() {
    const string = text(this, stringNatives.toLowerCase);
    chargeText(string.length, 4);
    return nativeLower(string);
  },
  toLocaleUpperCase() {
    const string = text(this, stringNatives.toUpperCase);
    chargeText(string.length, 4);
    return nativeUpper(string);
  },
  localeCompare(that, _locales = undefined, options = undefined) {
    const string = text(this, stringNatives.localeCompare);
    const other = `${that}`;
    chargeText(string.length + other.length, 2);
    if (options === undefined) return nativeLocaleCompare(string, other, LOCALE);
    charge(FORMATTER_GAS);
    return nativeLocaleCompare(string, other, LOCALE, options);
  },
  split(separator, limit) {
    if (isObject(separator)) {
      if (this === null || this === undefined) return nativeSplit(this, separator, limit);
      return nativeSplit(this, separator, limit);
    }
    const string = text(this, stringNatives.split);
    if (string.length > 15) chargeText(string.length, separator === "" ? 0 : 3);
    const list = nativeSplit(string, separator, limit);
    if (list.length > 15) charge(list.length >> 1);
    return list;
  },
  replace(pattern, replacement) {
    if (isObject(pattern)) return paid(nativeReplace(this, pattern, replacement));
    const string = text(this, stringNatives.replace);
    if (string.length > 63) chargeText(string.length, 3);
    return paid(nativeReplace(string, pattern, replacement));
  },
  replaceAll(pattern, replacement) {
    if (isObject(pattern)) return paid(nativeReplaceAll(this, pattern, replacement));
    const string = text(this, stringNatives.replaceAll);
    chargeText(string.length, 2);
    if (typeof replacement !== "function") {
      // A match is at least one unit, or lies between two of them, and becomes at most the template with the whole text
      // for each of its dollars.
      replacement = `${replacement}`;
      const search = `${pattern}`;
      chargeMade(string, search, replacement);
      return nativeReplaceAll(string, search, replacement);
    }
    return paid(nativeReplaceAll(string, pattern, replacement));
  },
  concat(...args) {
    const string = text(this, nativeConcatText);
    charge(args.length);
    return apply(nativeConcatText, string, args);
  },
});

/** Charges for what `replaceAll` will make of plain texts: counts the matches as it would find them. */
function chargeMade(string, search, replacement) {
  if (string.length * (replacement.length + 1) <= LOOKAROUND_INPUT_MAX) return;
  const step = max(1, search.length);
  let matches = 0;
  if (search.length === 0) {
    matches = string.length + 1;
  } else {
    for (let at = nativeTextIndexOf(string, search, 0); at >= 0; at = nativeTextIndexOf(string, search, at + step)) {
      charge(1);
      matches++;
    }
  }
  let dollars = 0;
  for (let at = nativeTextIndexOf(replacement, "$", 0); at >= 0; at = nativeTextIndexOf(replacement, "$", at + 1)) {
    charge(1);
    dollars++;
  }
  chargeText(string.length + matches * (replacement.length + dollars * (dollars ? string.length : 0)), 5);
}
const nativeTextIndexOf = uncurry(stringNatives.indexOf);

/** The one locale there is. */
const LOCALE = "en-US";
/** What making a formatter or a collator costs. */
const FORMATTER_GAS = 3000;

replaceMethods(String.prototype, stringMethods);
// HTML of 1996, and a second spelling of `substring`.
for (const key of [
  "anchor", "big", "blink", "bold", "fixed", "fontcolor", "fontsize", "italics", "link", "small", "strike", "sub", "sup",
]) {
  deleteProperty(String.prototype, key);
}
replaceMethods(String, {
  raw(strings, ...values) {
    if (strings === null || strings === undefined) return apply(nativeRaw, this, [strings]);
    const raw = strings.raw;
    if (raw === null || raw === undefined) return apply(nativeRaw, this, [{ __proto__: null, raw }]);
    const pieces = typeof raw === "string" || arrayLength(raw) >= 0 ? raw : paidArrayLike(NativeObject(raw), 1);
    chargeLength(pieces.length, 1);
    return paid(apply(nativeRaw, this, [{ __proto__: null, raw: pieces }, ...values]));
  },
});

// --- Functions of text in the global object -----------------------------------------------------------------------------

for (const name of ["decodeURI", "decodeURIComponent", "encodeURI", "encodeURIComponent"]) {
  const native = globalThis[name];
  replaceMethods(globalThis, {
    [name](value) {
      const string = `${value}`;
      chargeText(string.length, 1);
      return paid(native(string));
    },
  });
}
for (const name of ["parseFloat", "parseInt"]) {
  const native = globalThis[name];
  const method = {
    [name](value, radix) {
      if (typeof value === "number") return native(value, radix);
      const string = `${value}`;
      if (string.length > 63) chargeText(string.length, 2);
      return native(string, radix);
    },
  }[name];
  replaceMethods(globalThis, { [name]: method });
  // The same function object in both places, as the language has it.
  defineProperty(NativeNumber, name, { __proto__: null, value: globalThis[name] });
}
