// `RegExp.escape`: text that a pattern matches as it is.

/** Punctuation that a pattern gives a meaning, for which a backslash is enough. */
const SYNTAX = "^$\\.*+?()[]{}|/";
/** Other punctuation that might have one after what it is put behind. */
const PUNCTUATION = ",-=<>#&!%:;@~'`\"";
/** The letters of control characters from 9 on. */
const CONTROLS = "tnvfr";

/** What a unit below 128 becomes: itself, where nothing is here. */
const ESCAPES = createObject(null);
for (let i = 0; i < SYNTAX.length; i++) ESCAPES[charCode(SYNTAX, i)] = `\\${SYNTAX[i]}`;
for (let i = 0; i < CONTROLS.length; i++) ESCAPES[9 + i] = `\\${CONTROLS[i]}`;
for (let i = 0; i < PUNCTUATION.length; i++) ESCAPES[charCode(PUNCTUATION, i)] = hexEscape(charCode(PUNCTUATION, i));
ESCAPES[0x20] = hexEscape(0x20);

function hexEscape(unit) {
  let digits = "";
  for (let shift = unit < 256 ? 4 : 12; shift >= 0; shift -= 4) digits += HEX_DIGITS[(unit >> shift) & 15];
  return `${unit < 256 ? "\\x" : "\\u"}${digits}`;
}

/** Whitespace and ends of lines beyond ASCII. */
function isBlank(unit) {
  return (
    unit === 0xa0 ||
    unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200a) ||
    unit === 0x2028 ||
    unit === 0x2029 ||
    unit === 0x202f ||
    unit === 0x205f ||
    unit === 0x3000 ||
    unit === 0xfeff
  );
}

/** Whether the unit at `at` is half of a pair whose other half is not there. */
function isLone(text, at, unit) {
  if (unit < 0xd800 || unit > 0xdfff) return false;
  if (unit < 0xdc00) {
    const next = at + 1 < text.length ? charCode(text, at + 1) : 0;
    return next < 0xdc00 || next > 0xdfff;
  }
  const before = at > 0 ? charCode(text, at - 1) : 0;
  return before < 0xd800 || before > 0xdbff;
}

/** What stands for the unit at `at`; nothing where that is the unit itself. */
function escapeAt(text, at) {
  const unit = charCode(text, at);
  if (at === 0 && ((unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a))) {
    // Behind a backslash and a digit or a letter it could go on with an escape.
    return hexEscape(unit);
  }
  if (unit < 128) return ESCAPES[unit];
  return isBlank(unit) || isLone(text, at, unit) ? hexEscape(unit) : undefined;
}

addMethods(RegExpWrapper, {
  escape(text) {
    if (typeof text !== "string") throw new TypeError("The text to escape is not a string");
    if (text.length > TEXT_MAX) chargeText(text.length, 0);
    let out = "";
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      charge(8);
      const escape = escapeAt(text, at);
      if (escape === undefined) continue;
      out += substring(text, from, at) + escape;
      if (out.length > TEXT_MAX) chargeText(out.length, 5);
      from = at + 1;
    }
    return from === 0 ? text : out + substring(text, from, text.length);
  },
});
