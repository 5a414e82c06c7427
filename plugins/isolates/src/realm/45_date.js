// `Date` on the simulated clock, in UTC whatever the host's zone is.

const dateNatives = {};
for (const key of ownKeys(NativeDate.prototype)) {
  const { value } = getOwnPropertyDescriptor(NativeDate.prototype, key);
  if (typeof value === "function") dateNatives[key] = uncurry(value);
}
const nativeDateParse = NativeDate.parse;
const nativeUtc = NativeDate.UTC;
const test = (pattern, string) => nativeExec(pattern, string) !== null;
const nativePad = nativePadStart;

/** Milliseconds since 1970: set at the start of each slice. */
let now = 0;

/** Longest text that can be a date. */
const DATE_TEXT_MAX = 256;
const ISO_LOCAL = /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?$/;
const ISO = /^[+-]?\d{4,6}(?:-\d\d(?:-\d\d(?:T[^ ]*)?)?)?$/;
const ZONE = /(?:Z|GMT|UTC?|[ECMP][SD]T|[+-]\d\d:?\d\d|\))\s*$/i;

/** `Date.parse`, where a time without a zone is UTC. */
function parseDate(value) {
  const string = `${value}`;
  if (string.length > DATE_TEXT_MAX) return NaN;
  charge(16 + string.length);
  if (test(ISO_LOCAL, string)) return nativeDateParse(`${string}Z`);
  if (test(ISO, string) || test(ZONE, string)) return nativeDateParse(string);
  const utc = nativeDateParse(`${string} UTC`);
  return utc;
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (n) => nativePad(`${n}`, 2, "0");

function dateText(date) {
  const year = dateNatives.getUTCFullYear(date);
  const digits = nativePad(`${abs(year)}`, 4, "0");
  const month = MONTHS[dateNatives.getUTCMonth(date)];
  return `${DAYS[dateNatives.getUTCDay(date)]} ${month} ${two(dateNatives.getUTCDate(date))} ${year < 0 ? "-" : ""}${digits}`;
}

function timeText(date) {
  const time = `${two(dateNatives.getUTCHours(date))}:${two(dateNatives.getUTCMinutes(date))}`;
  return `${time}:${two(dateNatives.getUTCSeconds(date))} GMT+0000 (Coordinated Universal Time)`;
}

function valid(date) {
  return !isNotANumber(dateNatives.getTime(date));
}

/** Options of a locale method, with the zone pinned. */
function inUtc(options, needed) {
  const pinned = { __proto__: null };
  let given = false;
  if (options !== undefined && options !== null) {
    for (const key of [
      "dateStyle", "timeStyle", "weekday", "era", "year", "month", "day", "dayPeriod", "hour", "minute", "second",
      "fractionalSecondDigits", "hour12", "hourCycle", "timeZoneName",
    ]) {
      const value = options[key];
      if (value === undefined) continue;
      pinned[key] = value;
      given = true;
    }
  }
  if (!given) for (const key of needed) pinned[key] = "numeric";
  pinned.timeZone = "UTC";
  return pinned;
}

const dateMethods = {
  toString() {
    return valid(this) ? `${dateText(this)} ${timeText(this)}` : "Invalid Date";
  },
  toDateString() {
    return valid(this) ? dateText(this) : "Invalid Date";
  },
  toTimeString() {
    return valid(this) ? timeText(this) : "Invalid Date";
  },
  toLocaleString(_locales = undefined, options = undefined) {
    charge(FORMATTER_GAS);
    return dateNatives.toLocaleString(this, LOCALE, inUtc(options, ["year", "month", "day", "hour", "minute", "second"]));
  },
  toLocaleDateString(_locales = undefined, options = undefined) {
    charge(FORMATTER_GAS);
    return dateNatives.toLocaleDateString(this, LOCALE, inUtc(options, ["year", "month", "day"]));
  },
  toLocaleTimeString(_locales = undefined, options = undefined) {
    charge(FORMATTER_GAS);
    return dateNatives.toLocaleTimeString(this, LOCALE, inUtc(options, ["hour", "minute", "second"]));
  },
  getTimezoneOffset() {
    return valid(this) ? 0 : NaN;
  },
};
for (const field of ["Date", "Day", "FullYear", "Hours", "Milliseconds", "Minutes", "Month", "Seconds"]) {
  const get = dateNatives[`getUTC${field}`];
  const getName = `get${field}`;
  dateMethods[getName] = {
    [getName]() {
      return get(this);
    },
  }[getName];
  if (field === "Day") continue;
  const set = NativeDate.prototype[`setUTC${field}`];
  const setName = `set${field}`;
  dateMethods[setName] = {
    [setName](...args) {
      // An invalid date stays one, but a year makes it valid again: that is V8's rule for UTC too.
      return apply(set, this, args);
    },
  }[setName];
}
replaceMethods(NativeDate.prototype, dateMethods);

replaceConstructor(NativeDate, function Date(...args) {
  if (new.target === undefined) {
    const date = new NativeDate(now);
    return `${dateText(date)} ${timeText(date)}`;
  }
  if (args.length === 0) return construct(NativeDate, [now], new.target);
  if (args.length === 1) {
    let value = args[0];
    if (isObject(value)) {
      const time = timeOf(value);
      value = time === undefined ? datePrimitive(value) : time;
    }
    return construct(NativeDate, [typeof value === "string" ? parseDate(value) : value], new.target);
  }
  return construct(NativeDate, [apply(nativeUtc, NativeDate, args)], new.target);
});

/** The time of a date object; undefined for another object. */
function timeOf(value) {
  try {
    return dateNatives.getTime(value);
  } catch {
    return undefined;
  }
}

/** ToPrimitive with the hint default. */
function datePrimitive(value) {
  const convert = value[Symbol.toPrimitive];
  if (convert === undefined || convert === null) return primitive(value);
  const result = callFunction(convert, value, "default");
  if (isObject(result)) throw new TypeError("Cannot convert object to primitive value");
  return result;
}

replaceMethods(Date, {
  now() {
    return now;
  },
  parse(value) {
    return parseDate(value);
  },
});
for (const key of ["getYear", "setYear", "toGMTString"]) deleteProperty(NativeDate.prototype, key);
