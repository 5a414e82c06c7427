// Regular expressions. V8's own loops over matches call `exec`, so charging there charges `test`, `match`, `replace` and
// the rest. Backtracking beyond V8's bound goes on in its linear engine. What that does not know (back-references,
// lookaround, counted repetition, the flags d, i, u and v) is matched with a bound on backtracks: a try that reaches it is
// paid for and repeated with a higher one, so that the charge follows the work; patterns with back-references or lookaround
// see short inputs alone.

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

/** Backtracks that the shortest text gets for nothing, as a power of two; each further try gets eight times as many. */
const BACKTRACKS_FIRST_SHIFT = 8;
const BACKTRACKS_STEP_SHIFT = 3;
/** Most backtracks of one try, as a power of two: the longest that V8 works without a look at its gas. */
const BACKTRACKS_MAX_SHIFT = 26;
const { limitedPattern } = internal;

/** For each expression that was matched: its bounded forms by their bound, or false where the linear engine knows it. */
const boundedForms = new NativeWeakMap();

/** Flags that the linear engine does not know: d, i, u and v. */
const BACKTRACKING_FLAGS = [0x64, 0x69, 0x75, 0x76];

function hasBacktrackingFlag(flags) {
  for (let i = 0; i < flags.length; i++) {
    const flag = charCode(flags, i);
    for (let k = 0; k < BACKTRACKING_FLAGS.length; k++) if (BACKTRACKING_FLAGS[k] === flag) return true;
  }
  return false;
}

/**
 * Whether a pattern needs a bound on backtracks and can be given one. Bounded forms have a group more, and a decimal escape
 * of just that number would become a back-reference where it was an octal escape: such a pattern stays as it is.
 */
function canBeBounded(source, flags) {
  let needed = hasBacktrackingFlag(flags);
  let inClass = false;
  let groups = 0;
  const escapes = [];
  for (let i = 0; i < source.length; i++) {
    const c = charCode(source, i);
    if (c === 0x5c) {
      let next = charCode(source, ++i);
      if (inClass) continue;
      if (next === 0x6b) needed = true;
      let number = 0;
      for (; next >= 0x30 && next <= 0x39; next = charCode(source, ++i)) number = min(number * 10 + next - 0x30, PATTERN_MAX);
      if (number > 0) {
        needed = true;
        arrayPush(escapes, number);
        i--;
      }
    } else if (c === 0x5b) {
      inClass = true;
    } else if (c === 0x5d) {
      inClass = false;
    } else if (!inClass && c === 0x7b) {
      needed = true;
    } else if (!inClass && c === 0x28) {
      if (charCode(source, i + 1) !== 0x3f) {
        groups++;
        continue;
      }
      const kind = charCode(source, i + 2);
      const after = charCode(source, i + 3);
      if (kind === 0x3c && after !== 0x3d && after !== 0x21) groups++;
      else if (kind !== 0x3a) needed = true;
    }
  }
  for (let i = 0; i < escapes.length; i++) if (escapes[i] === groups + 1) return false;
  return needed;
}

/** The bounded forms of an expression, none yet; false where it has none. Its constructor charged for reading the pattern. */
function formsOf(regexp) {
  let forms = weakGet(boundedForms, regexp);
  if (forms !== undefined) return forms;
  const source = sourceOf(regexp);
  const flags = flagsOf(regexp);
  forms = false;
  if (limitedPattern !== undefined && canBeBounded(source, flags)) {
    // One more way to match, empty and last of all, tells "there is no match" from "not within the bound"; its group tells
    // it from a match of the pattern.
    forms = { source: `(?:${source})|${stickyOf(regexp) ? "" : "(?![^])"}()`, flags };
  }
  weakSet(boundedForms, regexp, forms);
  return forms;
}

function isNativePattern(value) {
  try {
    stickyOf(value);
    return isObject(value) && value !== NativeRegExp.prototype;
  } catch {
    return false;
  }
}

/** V8's `exec`, and for what its linear engine does not know, with a bound that is paid for where it is reached. */
function boundedExec(regexp, string) {
  let forms = weakGet(boundedForms, regexp);
  if (forms === undefined) {
    if (!isNativePattern(regexp)) return nativeExec(regexp, string);
    forms = formsOf(regexp);
  }
  if (forms === false) return nativeExec(regexp, string);
  const moves = globalOf(regexp) || stickyOf(regexp);
  const from = toLength(regexp.lastIndex);
  if (moves && from > string.length) {
    regexp.lastIndex = 0;
    return null;
  }
  let shift = BACKTRACKS_FIRST_SHIFT;
  while (shift < BACKTRACKS_MAX_SHIFT && 1 << shift < string.length * 2) shift += BACKTRACKS_STEP_SHIFT;
  while (true) {
    const form = (forms[shift] ??= boundedForm(forms, shift));
    form.lastIndex = moves ? from : 0;
    const match = nativeExec(form, string);
    if (match !== null) return settleBounded(regexp, form, match, moves);
    if (shift >= BACKTRACKS_MAX_SHIFT) refuse("A pattern takes too long");
    shift = min(shift + BACKTRACKS_STEP_SHIFT, BACKTRACKS_MAX_SHIFT);
    charge(1 << (shift - 2));
  }
}

function boundedForm(forms, shift) {
  charge(32 + forms.source.length);
  return limitedPattern(forms.source, forms.flags, 2 ** shift);
}

/** What the expression itself would have found, and where it would stand. */
function settleBounded(regexp, form, match, moves) {
  if (match[match.length - 1] !== undefined) {
    if (moves) regexp.lastIndex = 0;
    return null;
  }
  arrayPop(match);
  if (match.indices !== undefined) arrayPop(match.indices);
  if (moves) regexp.lastIndex = form.lastIndex;
  return match;
}

/** `exec`, charged by the text that it went over. */
function paidExec(regexp, string) {
  const n = string.length;
  if (n < 64) {
    charge(4);
    return boundedExec(regexp, string);
  }
  if (n > LOOKAROUND_INPUT_MAX) {
    checkInput(regexp);
    if (n > TEXT_MAX) chargeText(n, 0);
  }
  const before = regexp.lastIndex;
  const match = boundedExec(regexp, string);
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
      if (boundedExec(search, string) === null) arrayPush(pieces, string);
      return pieces;
    }
    const unicode = unicodeOf(this) || unicodeSetsOf(this);
    let from = 0;
    while (true) {
      const match = boundedExec(search, string);
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
