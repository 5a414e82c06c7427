// Regular expressions. V8's own loops over matches call `exec`, so charging there charges `test`, `match`, `replace` and
// the rest. Backtracking beyond V8's bound goes on in its linear engine, which knows neither back-references nor
// lookaround: patterns with those see short inputs alone.

const nativeExec = uncurry(NativeRegExp.prototype.exec);
const sourceOf = uncurry(getOwnPropertyDescriptor(NativeRegExp.prototype, "source").get);
const flagsOf = uncurry(getOwnPropertyDescriptor(NativeRegExp.prototype, "flags").get);
const stickyOf = uncurry(getOwnPropertyDescriptor(NativeRegExp.prototype, "sticky").get);
const globalOf = uncurry(getOwnPropertyDescriptor(NativeRegExp.prototype, "global").get);
const unicodeOf = uncurry(getOwnPropertyDescriptor(NativeRegExp.prototype, "unicode").get);
const unicodeSetsOf = uncurry(getOwnPropertyDescriptor(NativeRegExp.prototype, "unicodeSets").get);
const nativeRegExpSplit = uncurry(NativeRegExp.prototype[SPLIT]);

/** Longest source of a pattern. */
const PATTERN_MAX = 1 << 15;
/** Deepest nesting of groups: V8 parses by recursion. */
const GROUPS_MAX = 200;

/** Whether each expression that met a long input needs backtracking. */
const needsBacktracking = new NativeWeakMap();

/** Looks through a pattern: nesting is bounded, and back-references and lookaround are found. */
function scanPattern(source) {
  let depth = 0;
  let inClass = 0;
  let special = false;
  for (let i = 0; i < source.length; i++) {
    const c = charCode(source, i);
    if (c === 0x5c) {
      const next = charCode(source, ++i);
      if (!inClass && ((next >= 0x31 && next <= 0x39) || next === 0x6b)) special = true;
    } else if (c === 0x5b) {
      inClass = 1;
    } else if (c === 0x5d) {
      inClass = 0;
    } else if (!inClass && c === 0x28) {
      if (++depth > GROUPS_MAX) refuse("Regular expression is nested too deeply");
      if (charCode(source, i + 1) === 0x3f) {
        let next = charCode(source, i + 2);
        if (next === 0x3c) next = charCode(source, i + 3);
        if (next === 0x3d || next === 0x21) special = true;
      }
    } else if (!inClass && c === 0x29) {
      depth--;
    }
  }
  return special;
}

function checkInput(regexp) {
  let special = weakGet(needsBacktracking, regexp);
  if (special === undefined) {
    const source = sourceOf(regexp);
    charge(source.length);
    special = scanPattern(source);
    weakSet(needsBacktracking, regexp, special);
  }
  if (special) {
    refuse(`A pattern with back-references or lookaround matches at most ${LOOKAROUND_INPUT_MAX} units of text`);
  }
}

/** `exec`, charged by the text that it went over. */
function paidExec(regexp, string) {
  const n = string.length;
  if (n < 64) {
    charge(4);
    return nativeExec(regexp, string);
  }
  if (n > LOOKAROUND_INPUT_MAX) {
    checkInput(regexp);
    if (n > TEXT_MAX) chargeText(n, 0);
  }
  const before = regexp.lastIndex;
  const match = nativeExec(regexp, string);
  const from = typeof before === "number" && before > 0 && before < n ? trunc(before) : 0;
  // Where there is a match, what lies before it and what it took; else all that was left, which a sticky pattern did not
  // go through.
  const end = match !== null ? match.index + match[0].length : stickyOf(regexp) ? from : n;
  charge(4 + (max(0, end - from) >> 3));
  return match;
}

replaceMethods(NativeRegExp.prototype, {
  exec(value) {
    return paidExec(this, typeof value === "string" ? value : `${value}`);
  },
});
const checkedExec = NativeRegExp.prototype.exec;

/** Whether a program changed nothing about an expression, so that its loops can be run here. */
function isPlainPattern(value) {
  return (
    isObject(value) &&
    !isProxy(value) &&
    getPrototypeOf(value) === NativeRegExp.prototype &&
    value.exec === checkedExec
  );
}

/** Steps over an empty match. */
function stepOver(regexp, string) {
  const index = toLength(regexp.lastIndex);
  regexp.lastIndex = index + codeUnits(string, index, unicodeOf(regexp) || unicodeSetsOf(regexp));
}

/** For each expression that split something, a copy that searches from match to match. */
const splitters = new NativeWeakMap();

const nativeRegExpMatch = uncurry(NativeRegExp.prototype[MATCH]);
const nativeRegExpReplace = uncurry(NativeRegExp.prototype[REPLACE]);
// V8 runs these loops slowly where `exec` is not its own, so ordinary uses are run here.
replaceMethods(NativeRegExp.prototype, {
  [MATCH](value) {
    const string = `${value}`;
    if (!isPlainPattern(this) || !globalOf(this)) return nativeRegExpMatch(this, string);
    this.lastIndex = 0;
    const list = [];
    while (true) {
      const match = paidExec(this, string);
      if (match === null) return list.length === 0 ? null : list;
      const found = match[0];
      arrayPush(list, found);
      if (found === "") stepOver(this, string);
    }
  },
  [REPLACE](value, replacement) {
    const string = `${value}`;
    const change = typeof replacement === "function";
    if (!change) replacement = `${replacement}`;
    if (!isPlainPattern(this) || (!change && nativeTextIndexOf(replacement, "$") >= 0)) {
      return nativeRegExpReplace(this, string, replacement);
    }
    const global = globalOf(this);
    if (global) this.lastIndex = 0;
    const matches = [];
    while (true) {
      const match = paidExec(this, string);
      if (match === null) break;
      arrayPush(matches, match);
      if (!global) break;
      if (match[0] === "") stepOver(this, string);
    }
    let out = "";
    let from = 0;
    for (let i = 0; i < matches.length; i++) {
      const match = matches[i];
      const found = match[0];
      const { index, groups } = match;
      if (index > from) out += substring(string, from, index);
      from = index + found.length;
      if (change) {
        const args = [found];
        for (let k = 1; k < match.length; k++) arrayPush(args, match[k]);
        arrayPush(args, index, string);
        if (groups !== undefined) arrayPush(args, groups);
        out += apply(replacement, undefined, args);
      } else {
        out += replacement;
      }
      if (out.length > TEXT_MAX) chargeText(out.length, 5);
    }
    if (from < string.length) out += substring(string, from);
    return out;
  },
  /** V8's way tries each place on its own; a search that jumps from match to match gives the same pieces. */
  [SPLIT](value, limit) {
    if (!isPlainPattern(this)) return nativeRegExpSplit(this, value, limit);
    const string = `${value}`;
    const most = limit === undefined ? 0xffffffff : limit >>> 0;
    const pieces = [];
    if (most === 0) return pieces;
    if (stickyOf(this)) return nativeRegExpSplit(this, string, most);
    let search = weakGet(splitters, this);
    if (search === undefined) {
      search = globalOf(this) ? new NativeRegExp(this) : new NativeRegExp(this, `${flagsOf(this)}g`);
      weakSet(splitters, this, search);
    }
    search.lastIndex = 0;
    if (string.length > LOOKAROUND_INPUT_MAX) checkInput(this);
    charge(8);
    if (string.length === 0) {
      if (nativeExec(search, string) === null) arrayPush(pieces, string);
      return pieces;
    }
    const unicode = unicodeOf(this) || unicodeSetsOf(this);
    let from = 0;
    while (true) {
      const match = nativeExec(search, string);
      if (match === null) break;
      const { index } = match;
      const end = index + match[0].length;
      charge(4);
      if (index >= string.length) break;
      if (end === index) search.lastIndex = index + codeUnits(string, index, unicode);
      // An empty match right where the last piece ended separates nothing.
      if (end === from || (end === index && index === from)) continue;
      arrayPush(pieces, substring(string, from, index));
      if (pieces.length === most) return pieces;
      for (let i = 1; i < match.length; i++) {
        charge(1);
        arrayPush(pieces, match[i]);
        if (pieces.length === most) return pieces;
      }
      from = end;
    }
    charge(string.length >> 3);
    arrayPush(pieces, substring(string, from));
    return pieces;
  },
});

function codeUnits(string, index, unicode) {
  if (!unicode || index + 1 >= string.length) return 1;
  const first = charCode(string, index);
  if (first < 0xd800 || first > 0xdbff) return 1;
  const second = charCode(string, index + 1);
  return second >= 0xdc00 && second <= 0xdfff ? 2 : 1;
}

const RegExpWrapper = replaceConstructor(NativeRegExp, function RegExp(pattern, flags) {
  if (!isObject(pattern)) {
    const source = pattern === undefined ? "" : `${pattern}`;
    if (source.length > PATTERN_MAX) refuse(`Regular expression is longer than ${PATTERN_MAX} units`);
    charge(16 + source.length);
    scanPattern(source);
    pattern = source;
  } else {
    charge(32);
  }
  if (new.target === undefined) {
    // As a function it returns an expression that is one already.
    return isObject(pattern) && flags === undefined && pattern.constructor === RegExpWrapper
      ? pattern
      : new NativeRegExp(pattern, flags);
  }
  return construct(NativeRegExp, [pattern, flags], new.target);
});

// What is no expression becomes one here: V8 would use its own constructor, which nobody checks.
for (const [key, flags] of [["match", undefined], ["matchAll", "g"], ["search", undefined]]) {
  const native = uncurry(stringNatives[key]);
  replaceMethods(String.prototype, {
    [key](pattern) {
      if (this === null || this === undefined || isObject(pattern)) return native(this, pattern);
      return native(this, new RegExpWrapper(pattern, flags));
    },
  });
}
