// `Error`. V8 gives its own one `stackTraceLimit` in every context that it makes, and aborts where that is there already,
// as it would be in a checkpoint. So V8's stays out of reach, and what programs have is ours, whose hooks are fixed.

const NativeError = Error;
const { captureStackTrace } = NativeError;
/** Frames that a trace shows. */
const TRACE_FRAMES = 20;

const ErrorWrapper = replaceConstructor(NativeError, function Error(message, options = undefined) {
  return construct(NativeError, [message, options], new.target === undefined ? ErrorWrapper : new.target);
});
for (const key of [
  "AggregateError", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError",
]) {
  NativeObject.setPrototypeOf(globalThis[key], ErrorWrapper);
}
