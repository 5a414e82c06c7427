//! The host's functions that scripts reach, beside the pure intrinsics: the gas callback, system calls and the ends of
//! a process. Only the library and the realm hold them.

use helios_abi::calls::LoadedModule;
use helios_abi::gas;
use helios_abi::grant::Status;
use helios_abi::program::LOADED_BYTES_MAX;
use helios_abi::value::FromValue as _;

use crate::convert::{self, Refusal};
use crate::{carrier, errors, modules, stack, state};

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

/// A named native function, as V8 wants it.
pub(crate) type Native = (&'static str, v8::FunctionCallback);

/// All of them, in a fixed order: a snapshot refers to them by their place.
pub(crate) fn list() -> Vec<Native> {
    use v8::MapFnTo as _;
    vec![
        ("refill", refill.map_fn_to()),
        ("anchor", stack::anchor.map_fn_to()),
        ("syscall", syscall.map_fn_to()),
        ("halt", halt.map_fn_to()),
        ("fatal", fatal.map_fn_to()),
        ("setRef", set_ref.map_fn_to()),
        ("lazy", lazy.map_fn_to()),
        ("isProxy", is_proxy.map_fn_to()),
        ("importModule", import_module.map_fn_to()),
        ("define", define.map_fn_to()),
        ("importDefined", import_defined.map_fn_to()),
        ("functionSource", function_source.map_fn_to()),
        ("limitedPattern", crate::patterns::limited_pattern.map_fn_to()),
        ("isNativeError", is_native_error.map_fn_to()),
    ]
}

/// `refill(left)`: gas is below zero. Parks until there is more, and returns what there is.
fn refill(scope: &mut v8::PinScope<'_, '_>, args: Args<'_>, mut result: Return<'_>) {
    let left = args.get(0).integer_value(scope).unwrap_or(0);
    let Some(gas) = more_gas(scope, left) else { return };
    if interrupted(scope) {
        write_gas(scope, gas);
        throw_interrupt(scope);
        return;
    }
    #[expect(clippy::cast_precision_loss, reason = "gas in `$g` is below 2^31")]
    result.set_double(gas as f64);
}

/// Whether an interrupt that waits is to be thrown here: in the program's own code, never in the library's or the
/// realm's, which nobody wrote with an exception at any step in mind. What it waits for there comes soon, for they only
/// work on behalf of the program: meanwhile gas is handed out in small chunks, which lead here. Takes it.
fn interrupted(scope: &mut v8::PinScope<'_, '_>) -> bool {
    let waits = state::try_with(|state| !state.interrupts.is_empty()).unwrap_or(false);
    let thrown = waits && in_program(scope);
    if thrown {
        state::with(|state| state.interrupts.pop_front());
    }
    thrown
}

/// Whether the innermost frame, but for the gas callback's, is of the program.
fn in_program(scope: &mut v8::PinScope<'_, '_>) -> bool {
    /// The callback, and what it may be called through.
    const FRAMES: usize = 4;
    const CALLBACK: &str = "helios:prelude.js";
    let Some(trace) = v8::StackTrace::current_stack_trace(scope, FRAMES) else {
        return false;
    };
    let names = (0..trace.get_frame_count()).filter_map(|index| trace.get_frame(scope, index)?.get_script_name(scope));
    let names: Vec<String> = names.map(|name| name.to_rust_string_lossy(scope)).collect();
    let innermost = names.iter().find(|name| *name != CALLBACK);
    innermost.is_some_and(|name| !name.starts_with("helios:") && !name.starts_with(crate::library::BASE))
}

fn throw_interrupt(scope: &mut v8::PinScope<'_, '_>) {
    if let Some(message) = v8::String::new(scope, "interrupted") {
        let error = v8::Exception::error(scope, message);
        scope.throw_exception(error);
    }
}

/// More gas, from this grant or the next one. `None` when the isolate is being terminated.
fn more_gas(scope: &mut v8::PinScope<'_, '_>, left: i64) -> Option<i64> {
    // While the snapshot is made there is no process and no price.
    match state::try_with(|state| state.top_up(left)).unwrap_or(Ok(1 << 30)) {
        Ok(gas) => Some(gas),
        Err(left) => park(scope, left),
    }
}

/// Ends the slice in the middle of a computation; returns in the next one.
fn park(scope: &mut v8::PinScope<'_, '_>, left: i64) -> Option<i64> {
    let batch = state::with(|state| state.batch(left, Status::Parked));
    match carrier::next_grant(scope, batch) {
        Some(grant) => Some(state::with(|state| {
            i64::try_from(state.begin(&grant)).expect("a chunk is small")
        })),
        None => {
            terminate(scope);
            None
        }
    }
}

/// Ends the script at once, with nothing that it could catch.
fn terminate(scope: &mut v8::PinScope<'_, '_>) {
    scope.terminate_execution();
    // The next stack check raises the termination: call something that has one, so that not a single instruction of the
    // script runs any more.
    if let Some(hooks) = state::with(|state| state.hooks.clone()) {
        let nothing = v8::Local::new(scope, &hooks.nothing);
        let receiver = v8::undefined(scope).into();
        let _ = nothing.call(scope, receiver, &[]);
    }
}

/// `syscall(name, args)`: queues a call and returns its number.
fn syscall(scope: &mut v8::PinScope<'_, '_>, args: Args<'_>, mut result: Return<'_>) {
    let Ok(name) = v8::Local::<v8::String>::try_from(args.get(0)) else {
        Refusal::Type("a system call's name is a string".into()).throw(scope);
        return;
    };
    if name.length() > 64 {
        Refusal::Range("a system call's name is at most 64 characters long".into()).throw(scope);
        return;
    }
    let name = name.to_rust_string_lossy(scope);
    crate::marks::called(&name);
    let args = match convert::from_v8(scope, args.get(1)) {
        Ok(args) => args,
        Err(refusal) => return refusal.throw(scope),
    };
    let (id, full) = state::with(|state| {
        if state.halted {
            return (0, false);
        }
        (state.call(name, args), state.full())
    });
    if full {
        // A full batch yields as if gas were spent.
        let Some(left) = read_gas(scope) else { return };
        let Some(gas) = park(scope, left) else { return };
        write_gas(scope, gas);
    }
    #[expect(clippy::cast_precision_loss, reason = "call numbers stay under 2^53")]
    result.set_double(id as f64);
}

/// `$g`.
pub(crate) fn read_gas(scope: &mut v8::PinScope<'_, '_>) -> Option<i64> {
    let hooks = state::with(|state| state.hooks.clone())?;
    let function = v8::Local::new(scope, &hooks.gas);
    let receiver = v8::undefined(scope).into();
    function.call(scope, receiver, &[])?.integer_value(scope)
}

fn write_gas(scope: &mut v8::PinScope<'_, '_>, gas: i64) {
    let Some(hooks) = state::with(|state| state.hooks.clone()) else {
        return;
    };
    let function = v8::Local::new(scope, &hooks.set_gas);
    let receiver = v8::undefined(scope).into();
    let gas = convert::number(scope, gas);
    let _ = function.call(scope, receiver, &[gas]);
}

/// `halt()`: ends the slice at once; nothing that the script does afterwards happens.
fn halt(scope: &mut v8::PinScope<'_, '_>, _args: Args<'_>, _result: Return<'_>) {
    if state::try_with(|state| state.halted = true).is_some() {
        terminate(scope);
    }
}

/// `fatal(error)`: ends the process as an uncaught error does.
fn fatal(scope: &mut v8::PinScope<'_, '_>, args: Args<'_>, _result: Return<'_>) {
    let text = errors::describe(scope, args.get(0));
    let ran = state::try_with(|state| {
        state.halted = true;
        state.fatal.get_or_insert(text);
    });
    if ran.is_some() {
        terminate(scope);
    }
}

/// `setRef(callId, keepAlive)`: whether a call under way keeps the process alive.
fn set_ref(scope: &mut v8::PinScope<'_, '_>, args: Args<'_>, _result: Return<'_>) {
    let Some(id) = args.get(0).integer_value(scope).and_then(|id| u64::try_from(id).ok()) else {
        return;
    };
    let keep = args.get(1).is_true();
    state::with(|state| {
        if keep {
            state.unreferenced.remove(&id);
        } else if state.open.contains(&id) {
            state.unreferenced.insert(id);
        }
    });
}

/// `lazy(specifier)`: the namespace of a library module, loaded now.
fn lazy(scope: &mut v8::PinScope<'_, '_>, args: Args<'_>, mut result: Return<'_>) {
    let specifier = args.get(0).to_rust_string_lossy(scope);
    let namespace = stack::with_extra(scope, |scope| modules::load_lazily(scope, &specifier));
    if let Some(namespace) = namespace {
        result.set(namespace);
    }
}

/// `isProxy(value)`.
fn is_proxy(_scope: &mut v8::PinScope<'_, '_>, args: Args<'_>, mut result: Return<'_>) {
    result.set_bool(args.get(0).is_proxy());
}

/// `isNativeError(value)`: whether it is an object that a constructor of errors made, whatever its prototype is now.
fn is_native_error(_scope: &mut v8::PinScope<'_, '_>, args: Args<'_>, mut result: Return<'_>) {
    result.set_bool(args.get(0).is_native_error());
}

/// `importModule(specifier, referrer)`: what `import(specifier)` means in the module `referrer`.
fn import_module<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut result: Return<'s>) {
    let Some(specifier) = args.get(0).to_string(scope) else {
        return;
    };
    if let Some(promise) = modules::import_later(scope, args.get(1), specifier) {
        result.set(promise.into());
    }
}

/// `define(modules)`: adds modules that `load` answered to those of the process. A function of its argument and of what
/// the process has, so that a rebuild, which gets the same answer from the journal, has the same modules.
fn define(scope: &mut v8::PinScope<'_, '_>, args: Args<'_>, _result: Return<'_>) {
    // One graph may hold more than a call's arguments, and its names weigh something too.
    let modules = match convert::from_v8_within(scope, args.get(0), 2 * LOADED_BYTES_MAX) {
        Ok(modules) => modules,
        Err(refusal) => return refusal.throw(scope),
    };
    let modules = match Vec::<LoadedModule>::from_value(modules) {
        Ok(modules) => modules,
        Err(error) => return Refusal::Type(error.to_string()).throw(scope),
    };
    let source_bytes = modules.iter().map(|module| module.source.len() as u64).sum();
    if !charge(scope, gas::for_source(source_bytes)) {
        return;
    }
    if let Err(text) = modules::define(modules)
        && let Some(message) = v8::String::new(scope, &text)
    {
        let error = v8::Exception::syntax_error(scope, message);
        scope.throw_exception(error);
    }
}

/// Charges gas; `false` when the isolate is being terminated.
fn charge(scope: &mut v8::PinScope<'_, '_>, gas: u64) -> bool {
    let Some(left) = read_gas(scope) else { return false };
    let left = left - i64::try_from(gas).unwrap_or(i64::MAX / 2);
    let left = if left < 0 { more_gas(scope, left) } else { Some(left) };
    let Some(left) = left else { return false };
    write_gas(scope, left);
    true
}

/// `importDefined(name)`: the promise of the namespace of a module that was defined, which runs in a microtask.
fn import_defined<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut result: Return<'s>) {
    let Ok(name) = v8::Local::<v8::String>::try_from(args.get(0)) else {
        Refusal::Type("a module's name is a string".into()).throw(scope);
        return;
    };
    if let Some(promise) = modules::import_by_name(scope, name) {
        result.set(promise.into());
    }
}

/// `functionSource(fn, text)`: the TypeScript of the function whose generated text that is; nothing for built-ins.
fn function_source(scope: &mut v8::PinScope<'_, '_>, args: Args<'_>, mut result: Return<'_>) {
    let Ok(function) = v8::Local::<v8::Function>::try_from(args.get(0)) else {
        return;
    };
    let name = function.get_script_origin(scope).resource_name();
    let Some(name) = name.filter(|name| name.is_string()) else {
        return;
    };
    let name = name.to_rust_string_lossy(scope);
    let compiled = state::try_with(|state| state.maps.get(&name).cloned()).flatten();
    let Some(compiled) = compiled.or_else(|| crate::library::get(&name)) else {
        return;
    };
    let text = args.get(1).to_rust_string_lossy(scope);
    if let Some(source) = compiled
        .function_source(&text)
        .and_then(|source| v8::String::new(scope, source))
    {
        result.set(source.into());
    }
}
