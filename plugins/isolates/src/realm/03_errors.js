// `Error`. V8 reads the limit of a trace from its own constructor, and puts it there in each context as it is made. So
// that one stays hidden: programs have a constructor in its place, whose three hooks of V8's are there, and fixed.

/** Frames that a trace shows: the flag `--stack-trace-limit` says the same. */
const TRACE_FRAMES = 20;

const ErrorWrapper = replaceConstructor(NativeError, function Error(message, options = undefined) {
  return construct(NativeError, [message, options], new.target ?? ErrorWrapper);
});
fixProperty(ErrorWrapper, "stackTraceLimit", TRACE_FRAMES);
fixProperty(ErrorWrapper, "prepareStackTrace", undefined);
fixProperty(ErrorWrapper, "captureStackTrace", NativeError.captureStackTrace);
for (const Kind of [AggregateError, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
  NativeObject.setPrototypeOf(Kind, ErrorWrapper);
}

addMethods(ErrorWrapper, {
  isError(value) {
    return internal.isNativeError(value);
  },
});

/** An error on the way from another one. */
const SuppressedErrorWrapper = disguise(function SuppressedError(error, suppressed, message) {
  const made = construct(NativeError, message === undefined ? [] : [message], new.target ?? SuppressedErrorWrapper);
  hide(made, "error", error);
  hide(made, "suppressed", suppressed);
  return made;
}, "SuppressedError");
const SuppressedErrorPrototype = createObject(NativeError.prototype);
hide(SuppressedErrorPrototype, "constructor", SuppressedErrorWrapper);
hide(SuppressedErrorPrototype, "name", "SuppressedError");
hide(SuppressedErrorPrototype, "message", "");
NativeObject.setPrototypeOf(SuppressedErrorWrapper, ErrorWrapper);
fixProperty(SuppressedErrorWrapper, "prototype", SuppressedErrorPrototype);
hide(globalThis, "SuppressedError", SuppressedErrorWrapper);
