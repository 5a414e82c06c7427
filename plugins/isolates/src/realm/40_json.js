// `JSON`: text is charged and capped before it is read, values one by one while they are written, nesting is bounded.

const { parse: nativeParse, stringify: nativeStringify, rawJSON: nativeRawJson } = JSON;

/** The deepest nesting of a JSON text's brackets. */
function nestingOf(string) {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < string.length; i++) {
    const c = charCode(string, i);
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) {
      inString = true;
    } else if (c === 0x5b || c === 0x7b) {
      if (++depth > deepest) deepest = depth;
    } else if (c === 0x5d || c === 0x7d) {
      depth--;
    }
  }
  return deepest;
}

replaceMethods(JSON, {
  parse(value, reviver) {
    const string = `${value}`;
    if (string.length > 15) chargeText(string.length, 1);
    // A tree as deep as its text is long could be walked by nothing: not even printed.
    if (string.length > NESTING_MAX) {
      charge(string.length >> 1);
      if (nestingOf(string) > NESTING_MAX) refuse("JSON is nested too deeply");
    }
    return typeof reviver === "function" ? nativeParse(string, reviver) : nativeParse(string);
  },
  rawJSON(value) {
    const string = `${value}`;
    chargeText(string.length, 1);
    return nativeRawJson(string);
  },
  stringify(value, replacer, space) {
    if (!isObject(value) && replacer === undefined) {
      if (typeof value === "string") chargeText(value.length, 3);
      return nativeStringify(value);
    }
    const list = replacer !== undefined && typeof replacer !== "function" && isArray(replacer) ? keyList(replacer) : null;
    const change = typeof replacer === "function" ? replacer : null;
    // The objects around the value being written: the last is its holder.
    const holders = [];
    let written = 0;
    return nativeStringify(
      value,
      function (key, item) {
        while (holders.length > 0 && holders[holders.length - 1] !== this) arrayPop(holders);
        if (holders.length === 0) arrayPush(holders, this);
        if (change !== null) item = callFunction(change, this, key, item);
        let cost = 3;
        if (typeof item === "string") {
          if (item.length > 15) cost += item.length >> 3;
          written += item.length;
        } else if (isObject(item) && typeof item !== "function") {
          if (holders.length > NESTING_MAX) refuse("JSON is nested too deeply");
          const n = arrayLength(item);
          if (n > LENGTH_MAX) chargeLength(n, 0);
          if (list !== null && n < 0 && !isArray(item)) item = pick(item, list);
          arrayPush(holders, item);
        }
        cost += key.length >> 3;
        written += key.length + 2;
        if (written > TEXT_MAX) refuse(`Too much text (more than ${TEXT_MAX} units)`);
        if (($g -= cost) < 0) $o();
        return item;
      },
      space,
    );
  },
});

/** The property list of an array replacer. */
function keyList(replacer) {
  const n = elementCount(replacer);
  const list = [];
  const seen = createObject(null);
  for (let i = 0; i < n; i++) {
    charge(2);
    let key = replacer[i];
    if (typeof key === "number" || key instanceof NativeNumber || key instanceof NativeString) key = `${key}`;
    if (typeof key !== "string" || seen[key]) continue;
    seen[key] = true;
    arrayPush(list, key);
  }
  return list;
}

/** A copy that has the listed properties, in the list's order. */
function pick(object, list) {
  const picked = createObject(null);
  for (let i = 0; i < list.length; i++) {
    charge(1);
    const value = object[list[i]];
    if (value !== undefined) picked[list[i]] = value;
  }
  return picked;
}
