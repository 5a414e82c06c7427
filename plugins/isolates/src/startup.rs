//! The startup snapshot: a context with the realm hardened and the core library evaluated, made once for the process.
//! Every isolate begins as a copy of it; child processes are handed the blob.
//!
//! All isolates of a process must come from this one snapshot: they share a read-only heap, which is that of whichever was
//! first, and V8 does not check that it fits the others (`docs/hazards.md`, One snapshot in a process).

mod rehearsal;

use std::borrow::Cow;
use std::sync::{Once, OnceLock};

use crate::compile::{ascii, resource};
use crate::state::{Hooks, ProcState};
use crate::{intrinsics, library, modules, natives};

pub(crate) use rehearsal::PROGRAM as REHEARSAL;

pub(crate) const PRELUDE: &str = include_str!("prelude.js");

/// The blob and what must be known to use it.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct Startup {
    #[serde(with = "serde_bytes")]
    pub(crate) blob: Vec<u8>,
    /// Library modules that it holds, in the order of its context data, after the hooks.
    pub(crate) modules: Vec<String>,
    /// Their compiled forms, so that a child process need not make them again.
    compiled: Vec<(String, helios_compiler::Compiled)>,
}

impl Startup {
    /// The blob's SHA-256.
    pub(crate) fn digest(&self) -> String {
        helios_abi::sha256(&self.blob).to_string()
    }
}

static STARTUP: OnceLock<Startup> = OnceLock::new();

/// The process's startup snapshot; makes it when first asked for.
pub(crate) fn get() -> &'static Startup {
    STARTUP.get_or_init(make)
}

/// Makes the snapshot where it is not made yet, and keeps one isolate of it alive for the rest of the process: the
/// read-only part of the heap, which all isolates share, goes with the last of them and would be read anew with the next.
pub(crate) fn warm_up() {
    static WARM: Once = Once::new();
    WARM.call_once(|| {
        let isolate = v8::Isolate::new(create_params());
        // SAFETY: nothing is attached to it, and nobody ever enters it.
        let isolate = unsafe { isolate.try_into_shared() };
        assert!(isolate.is_ok(), "a fresh isolate can be shared");
        std::mem::forget(isolate);
    });
}

/// Uses a snapshot that the parent made. Before anything else asks for one.
pub(crate) fn install(mut startup: Startup) {
    for (path, whole) in std::mem::take(&mut startup.compiled) {
        library::preload(&path, whole);
    }
    assert!(STARTUP.set(startup).is_ok(), "the startup snapshot was already there");
}

/// The prelude's functions in the order of the context data.
pub(crate) const HOOKS: [&str; 7] = ["enter", "gas", "setGas", "anchor", "nothing", "namespace", "traces"];

/// A global that V8 puts into every context of an isolate that makes no snapshot.
pub(crate) const LATE_GLOBAL: &str = "WebAssembly";

/// Everything outside V8's heap that a snapshot may refer to, in the same order in every process of this build.
pub(crate) fn external_references() -> Cow<'static, [v8::ExternalReference]> {
    static REFERENCES: OnceLock<Vec<SendReference>> = OnceLock::new();
    let references = REFERENCES.get_or_init(|| {
        let functions = natives::list()
            .into_iter()
            .chain(intrinsics::list())
            .map(|(_, function)| function);
        let functions = functions.map(|function| SendReference(v8::ExternalReference { function }));
        let texts = core_closure()
            .into_iter()
            .filter_map(|path| library::get(path)?.external());
        let texts = texts.chain(realm_texts().iter().map(|(_, text)| *text));
        let texts = texts.map(|text| {
            let pointer = std::ptr::from_ref(text).cast_mut().cast();
            SendReference(v8::ExternalReference { pointer })
        });
        let end = SendReference(v8::ExternalReference {
            pointer: std::ptr::null_mut(),
        });
        functions.chain(texts).chain([end]).collect()
    });
    Cow::Owned(references.iter().map(|reference| reference.0).collect())
}

/// An address of something that is never freed.
struct SendReference(v8::ExternalReference);
// SAFETY: the addresses are of functions and of leaked, immutable texts.
unsafe impl Send for SendReference {}
// SAFETY: as above.
unsafe impl Sync for SendReference {}

/// Library modules whose text the snapshot may hold: all that could be reached from the core when it is made.
fn core_closure() -> Vec<&'static str> {
    let mut closure: Vec<&'static str> = Vec::new();
    let mut queue: Vec<&'static str> = library::paths()
        .filter(|path| library::SNAPSHOT.contains(path))
        .collect();
    while let Some(path) = queue.pop() {
        if closure.contains(&path) {
            continue;
        }
        closure.push(path);
        let imports = library::imports(path);
        queue.extend(library::paths().filter(|path| imports.iter().any(|import| import == path)));
    }
    closure.sort_unstable();
    closure
}

/// The host's own scripts as external texts: the prelude, the realm, the transform's helpers.
fn realm_texts() -> &'static [(&'static str, &'static v8::OneByteConst); 3] {
    static TEXTS: OnceLock<[(&'static str, &'static v8::OneByteConst); 3]> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let text = |text: String| resource(ascii(text).into());
        [
            ("prelude.js", text(PRELUDE.into())),
            ("realm.js", text(realm())),
            ("helpers.js", text(helpers())),
        ]
    })
}

/// The realm's files are one function body, in the order of their names, so that they share their names and nobody else
/// does.
fn realm() -> String {
    let body: String = library::realm().flat_map(|(_, text)| [text, "\n"]).collect();
    format!("(function (internal) {{\n\"use strict\";\n{body}\n}})")
}

/// `$h`: the transform's helpers, over the host's functions.
fn helpers() -> String {
    let helpers = helios_compiler::HELPERS_JS.trim().trim_end_matches(';');
    format!("const $h = ({helpers}\n)(globalThis.$internal);")
}

/// Creation parameters of an isolate that starts from the snapshot.
pub(crate) fn create_params() -> v8::CreateParams {
    params_from(&get().blob)
}

/// The same, from another snapshot of this build.
pub(crate) fn params_from(blob: &'static [u8]) -> v8::CreateParams {
    v8::Isolate::create_params()
        .snapshot_blob(v8::StartupData::from(blob))
        .external_references(external_references())
}

/// Runs a script of the host's.
fn run<'s>(scope: &mut v8::PinScope<'s, '_>, name: &str, text: &'static v8::OneByteConst) -> v8::Local<'s, v8::Value> {
    v8::tc_scope!(let scope, scope);
    let name_text = v8::String::new(scope, &format!("helios:{name}")).expect("a short name");
    let source = v8::String::new_from_onebyte_const(scope, text).expect("scripts are shorter than V8's limit");
    let origin = v8::ScriptOrigin::new(scope, name_text.into(), 0, 0, false, 0, None, false, false, false, None);
    let result = v8::Script::compile(scope, source, Some(&origin)).and_then(|script| script.run(scope));
    match result {
        Some(value) => value,
        None => panic!("the realm's script {name} fails: {}", caught(scope)),
    }
}

/// Calls a function of the host's scripts.
fn call_host<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    name: &str,
    function: v8::Local<'s, v8::Function>,
    args: &[v8::Local<'s, v8::Value>],
) -> v8::Local<'s, v8::Value> {
    v8::tc_scope!(let scope, scope);
    let receiver = v8::undefined(scope).into();
    match function.call(scope, receiver, args) {
        Some(value) => value,
        None => panic!("the realm's script {name} fails: {}", caught(scope)),
    }
}

/// What a failed script threw, with its place.
fn caught<'s, 'i>(scope: &mut v8::PinnedRef<'_, v8::TryCatch<'s, 'i, v8::HandleScope<'_>>>) -> String {
    let text = scope
        .exception()
        .map(|error| error.to_rust_string_lossy(scope))
        .unwrap_or_default();
    let line = scope
        .message()
        .and_then(|message| message.get_line_number(scope))
        .unwrap_or(0);
    let stack = scope
        .stack_trace()
        .map(|stack| stack.to_rust_string_lossy(scope))
        .unwrap_or_default();
    format!("{text} (line {line})\n{stack}")
}

fn set<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    object: v8::Local<'s, v8::Object>,
    key: &str,
    value: v8::Local<'s, v8::Value>,
) {
    let key = v8::String::new(scope, key).expect("a short key");
    object
        .set(scope, key.into(), value)
        .expect("a fresh object takes properties");
}

fn get_function<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    object: v8::Local<'s, v8::Object>,
    key: &str,
) -> v8::Local<'s, v8::Function> {
    let name = v8::String::new(scope, key).expect("a short key");
    let value = object.get(scope, name.into()).expect("the prelude's object has it");
    value
        .try_into()
        .unwrap_or_else(|_| panic!("the prelude's {key} is a function"))
}

fn native_table<'s>(scope: &mut v8::PinScope<'s, '_>, list: Vec<natives::Native>) -> v8::Local<'s, v8::Object> {
    let table = v8::Object::new(scope);
    for (name, callback) in list {
        let function = v8::Function::builder_raw(callback)
            .constructor_behavior(v8::ConstructorBehavior::Throw)
            .build(scope)
            .expect("a native function");
        let title = v8::String::new(scope, name).expect("a short name");
        function.set_name(title);
        set(scope, table, name, function.into());
    }
    table
}

fn make() -> Startup {
    crate::platform::initialize();
    // A script that fails here is a panic with its own message: the creator must not add another as it unwinds.
    let isolate = v8::Isolate::snapshot_creator(Some(external_references()), None);
    let mut isolate = std::mem::ManuallyDrop::new(isolate);
    isolate.set_microtasks_policy(v8::MicrotasksPolicy::Explicit);
    isolate.set_host_initialize_import_meta_object_callback(modules::import_meta);
    rehearsal::rehearse(&mut isolate);
    let state = Box::new(ProcState::for_snapshot());
    crate::state::install(state);
    let names = {
        v8::scope!(let scope, &mut **isolate);
        let context = v8::Context::new(scope, v8::ContextOptions::default());
        let scope = &mut v8::ContextScope::new(scope, context);
        let filled = fill(scope, context);
        keep(scope, context, &filled);
        scope.set_default_context(context);
        filled.modules
    };
    drop(crate::state::remove());
    let isolate = std::mem::ManuallyDrop::into_inner(isolate);
    let blob = isolate
        .create_blob(v8::FunctionCodeHandling::Keep)
        .expect("V8 makes a blob");
    let compiled = core_closure().into_iter().filter_map(|path| {
        let compiled = library::get(path)?;
        Some((path.to_owned(), compiled.whole().clone()))
    });
    Startup {
        blob: blob.to_vec(),
        modules: names,
        compiled: compiled.collect(),
    }
}

/// What [`fill`] made of a context.
struct Filled<'s> {
    /// The prelude's functions.
    hooks: v8::Local<'s, v8::Object>,
    /// Names of the modules in it.
    modules: Vec<String>,
}

/// Evaluates the prelude, the realm and the core library in a fresh context.
fn fill<'s>(scope: &mut v8::PinScope<'s, '_>, context: v8::Local<'s, v8::Context>) -> Filled<'s> {
    let global = context.global(scope);
    let native = native_table(scope, natives::list());
    let pure = native_table(scope, intrinsics::functions());
    set(scope, native, "intrinsics", pure.into());
    let prices = native_table(scope, intrinsics::prices());
    set(scope, native, "prices", prices.into());
    let result_price = native_table(scope, intrinsics::result_price());
    let result_price = get_function(scope, result_price, "resultPrice");
    set(scope, native, "resultPrice", result_price.into());
    let [(_, prelude), (_, realm), (_, helpers)] = realm_texts();
    let prelude = run(scope, "prelude.js", prelude);
    let prelude = v8::Local::<v8::Function>::try_from(prelude).expect("the prelude is a function");
    let hooks = call_host(scope, "prelude.js", prelude, &[native.into()]);
    let hooks = v8::Local::<v8::Object>::try_from(hooks).expect("the prelude returns its entries");
    let key = v8::String::new(scope, "internal").expect("a short key");
    let internal = hooks.get(scope, key.into()).expect("the prelude makes it");
    set(scope, global, "$internal", internal);
    run(scope, "helpers.js", helpers);
    let realm = run(scope, "realm.js", realm);
    let realm = v8::Local::<v8::Function>::try_from(realm).expect("the realm is a function");
    call_host(scope, "realm.js", realm, &[internal]);
    let adopt = get_function(scope, hooks, "adopt");
    call_host(scope, "prelude.js", adopt, &[]);
    let modules = evaluate_core(scope, internal);
    let key = v8::String::new(scope, "$internal").expect("a short key");
    global.delete(scope, key.into());
    Filled { hooks, modules }
}

/// Puts what [`adopt`] asks for into the snapshot.
fn keep<'s>(scope: &mut v8::PinScope<'s, '_>, context: v8::Local<'s, v8::Context>, filled: &Filled<'s>) {
    for (index, hook) in HOOKS.iter().enumerate() {
        let function = get_function(scope, filled.hooks, hook);
        assert_eq!(scope.add_context_data(context, function), index, "hooks come first");
    }
    for name in &filled.modules {
        let module = crate::state::with(|state| state.modules.get(name)).expect("it was just loaded");
        let module = v8::Local::new(scope, module);
        scope.add_context_data(context, module);
    }
}

/// Evaluates `helios:internal` and the core library; returns the names of all modules that were loaded.
fn evaluate_core<'s>(scope: &mut v8::PinScope<'s, '_>, internal: v8::Local<'s, v8::Value>) -> Vec<String> {
    v8::tc_scope!(let scope, scope);
    let object = v8::Local::<v8::Object>::try_from(internal).expect("it is an object");
    let keys = object
        .get_own_property_names(scope, v8::GetPropertyNamesArgs::default())
        .expect("it has keys");
    let mut text = String::new();
    for index in 0..keys.length() {
        let key = keys
            .get_index(scope, index)
            .expect("in range")
            .to_rust_string_lossy(scope);
        text.push_str(&format!("export const {key} = globalThis.$internal.{key};\n"));
    }
    let source = v8::String::new(scope, &text).expect("a short text");
    let module = modules::compile(scope, modules::INTERNAL, source).expect("it is well-formed");
    modules::register(scope, modules::INTERNAL, module, None);
    let done = module
        .instantiate_module(scope, modules::resolve)
        .and_then(|_| module.evaluate(scope));
    assert!(done.is_some(), "helios:internal fails: {}", caught(scope));
    for path in library::SNAPSHOT.iter().filter(|path| library::has(path)) {
        let loaded = modules::load_lazily(scope, path);
        assert!(loaded.is_some(), "{path} fails: {}", caught(scope));
        scope.perform_microtask_checkpoint();
    }
    crate::state::with(|state| state.modules.iter().map(|(name, _)| name.clone()).collect())
}

/// What a fresh context from the snapshot holds: the prelude's functions, and the library's modules put in the state.
pub(crate) fn adopt<'s>(scope: &mut v8::PinScope<'s, '_>, context: v8::Local<'s, v8::Context>) -> Hooks {
    let hooks = hooks(scope, context);
    for (index, name) in get().modules.iter().enumerate() {
        let module = scope.get_context_data_from_snapshot_once::<v8::Module>(HOOKS.len() + index);
        let module = module.expect("the snapshot holds its modules");
        modules::register(scope, name, module, None);
    }
    hooks
}

/// The prelude's functions, from a snapshot, whose context is finished.
pub(crate) fn hooks<'s>(scope: &mut v8::PinScope<'s, '_>, context: v8::Local<'s, v8::Context>) -> Hooks {
    let functions = std::array::from_fn(|index| {
        let function = scope.get_context_data_from_snapshot_once::<v8::Function>(index);
        v8::Global::new(scope, function.expect("the snapshot holds the hooks"))
    });
    settle(scope, context);
    hooks_of(scope, context, functions)
}

/// Takes away what V8 puts into every context as it is made: `docs/hazards.md` says what else it does then.
fn settle<'s>(scope: &mut v8::PinScope<'s, '_>, context: v8::Local<'s, v8::Context>) {
    let key = v8::String::new(scope, LATE_GLOBAL).expect("a short key");
    context.global(scope).delete(scope, key.into());
}

fn hooks_of<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    context: v8::Local<'s, v8::Context>,
    functions: [v8::Global<v8::Function>; HOOKS.len()],
) -> Hooks {
    let [enter, gas, set_gas, anchor, nothing, namespace, traces] = functions;
    let context = v8::Global::new(scope, context);
    Hooks {
        context,
        enter,
        gas,
        set_gas,
        anchor,
        nothing,
        namespace,
        traces,
    }
}
