//! Regular expressions that give up after so many backtracks: how the realm bounds, and charges for, what V8's linear
//! engine cannot match.

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

unsafe extern "C" {
    /// `v8::RegExp::NewWithBacktrackLimit(Local<Context>, Local<String>, Flags, uint32_t)`: in the library, unbound by
    /// the crate. A `Local` is a pointer, here and there; an empty one is null.
    #[link_name = "_ZN2v86RegExp21NewWithBacktrackLimitENS_5LocalINS_7ContextEEENS1_INS_6StringEEENS0_5FlagsEj"]
    fn new_with_backtrack_limit(
        context: *const v8::Context,
        pattern: *const v8::String,
        flags: std::ffi::c_int,
        limit: u32,
    ) -> *const v8::RegExp;
}

/// Most backtracks that can be asked for: what V8 takes as a small integer.
const LIMIT_MAX: u32 = (1 << 30) - 1;

/// `limitedPattern(source, flags, backtracks)`: an expression whose `exec` gives null after so many backtracks.
pub(crate) fn limited_pattern(scope: &mut v8::PinScope<'_, '_>, args: Args<'_>, mut result: Return<'_>) {
    let (Ok(source), Some(limit)) = (
        v8::Local::<v8::String>::try_from(args.get(0)),
        args.get(2).uint32_value(scope),
    ) else {
        return;
    };
    let flags = bits(&args.get(1).to_rust_string_lossy(scope));
    let limit = limit.clamp(1, LIMIT_MAX);
    let context = scope.get_current_context();
    // SAFETY: both handles are live in the scope of this callback, whose context is entered; the limit is neither zero
    // nor beyond a small integer, which V8 would not survive.
    let made = unsafe { new_with_backtrack_limit(&raw const *context, &raw const *source, flags, limit) };
    let made = made.cast_mut();
    // SAFETY: a `Local` is a non-null pointer to a slot of the innermost handle scope, which is this callback's; null,
    // where an exception was thrown, is `None`.
    let made: Option<v8::Local<'_, v8::RegExp>> = unsafe { std::mem::transmute(made) };
    if let Some(made) = made {
        result.set(made.into());
    }
}

/// `v8::RegExp::Flags`.
fn bits(flags: &str) -> std::ffi::c_int {
    let bit = |flag| match flag {
        'g' => 1,
        'i' => 1 << 1,
        'm' => 1 << 2,
        'y' => 1 << 3,
        'u' => 1 << 4,
        's' => 1 << 5,
        'd' => 1 << 7,
        'v' => 1 << 8,
        _ => 0,
    };
    flags.chars().map(bit).fold(0, |all, bit| all | bit)
}
