//! How deep a script can recurse: the same number of bytes everywhere, counted from V8's own frames.
//!
//! V8 takes its stack bound from the operating system's thread, so the depth would hang on the size of thread-local
//! storage and of the Rust frames below. Instead each entry into V8 begins with a call of [`anchor`] from JavaScript:
//! the callback's receiver is a slot of the caller's frame, whose distance from the entry frame V8 alone decides.
//! The limit is set relative to that slot.

/// Bytes of stack between the first JavaScript frame of an entry and the limit.
pub const JS_STACK_BYTES: usize = 1 << 20;
/// What a carrier's stack holds beside [`JS_STACK_BYTES`]: Rust frames below the entry, native frames above the limit
/// (256 KiB are V8's, for code that checks the limit late), the library's modules that load at any depth, and the
/// compiler.
pub(crate) const EXTRA_STACK_BYTES: usize = 3 << 20;
/// How far below the script's limit a lazy library module may go, so that it loads wherever it is first used.
pub(crate) const LAZY_EXTRA_BYTES: usize = 256 << 10;

unsafe extern "C" {
    /// `v8::Isolate::SetStackLimit(uintptr_t)`: in the library, unbound by the crate.
    #[link_name = "_ZN2v87Isolate13SetStackLimitEm"]
    fn isolate_set_stack_limit(isolate: *mut std::ffi::c_void, limit: usize);
}

thread_local! {
    /// The limit in force on this thread, for [`with_extra`] to return to.
    static LIMIT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
    /// Whether [`with_extra`] is under way.
    static EXTENDED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

fn set(isolate: &mut v8::Isolate, limit: usize) {
    LIMIT.with(|cell| cell.set(limit));
    let raw: v8::UnsafeRawIsolatePtr = {
        // SAFETY: the pointer is used only for the call below, while `isolate` is borrowed.
        unsafe { isolate.as_raw_isolate_ptr() }
    };
    // SAFETY: `UnsafeRawIsolatePtr` is a transparent wrapper of the C++ isolate's address.
    let raw: *mut std::ffi::c_void = unsafe { std::mem::transmute(raw) };
    // SAFETY: the isolate is alive and entered on this thread (it is borrowed from its lock), and the limit lies within
    // this thread's stack, because carriers have `JS_STACK_BYTES + EXTRA_STACK_BYTES` below the entry.
    unsafe { isolate_set_stack_limit(raw, limit) }
}

/// A generous limit for the moments between the entry and its [`anchor`].
pub(crate) fn provisional(isolate: &mut v8::Isolate) {
    let here = 0u8;
    set(isolate, (&raw const here as usize) - JS_STACK_BYTES - LAZY_EXTRA_BYTES);
}

/// Sets the exact limit. Called from JavaScript as the first thing of every entry.
pub(crate) fn anchor(
    scope: &mut v8::PinScope<'_, '_>,
    args: v8::FunctionCallbackArguments<'_>,
    _result: v8::ReturnValue<'_, v8::Value>,
) {
    let this = args.this();
    let slot: *const v8::Object = &*this;
    set(scope, slot as usize - JS_STACK_BYTES);
}

/// Runs `f` with [`LAZY_EXTRA_BYTES`] more stack (once, however deep it nests), and returns to the limit in force.
pub(crate) fn with_extra<'s, 'i, T>(
    scope: &mut v8::PinScope<'s, 'i>,
    f: impl FnOnce(&mut v8::PinScope<'s, 'i>) -> T,
) -> T {
    if EXTENDED.with(|cell| cell.replace(true)) {
        return f(scope);
    }
    let limit = LIMIT.with(std::cell::Cell::get);
    set(scope, limit - LAZY_EXTRA_BYTES);
    let out = f(scope);
    set(scope, limit);
    EXTENDED.with(|cell| cell.set(false));
    out
}

/// Runs `f`, then returns to the limit in force before (entries inside entries set their own).
pub(crate) fn restoring<'s, 'i, T>(
    scope: &mut v8::PinScope<'s, 'i>,
    f: impl FnOnce(&mut v8::PinScope<'s, 'i>) -> T,
) -> T {
    let limit = LIMIT.with(std::cell::Cell::get);
    let out = f(scope);
    set(scope, limit);
    out
}
