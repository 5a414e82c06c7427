//! Modules of a process: its program's, those that it loaded while it ran, and the library's on demand. The graph is
//! closed: what is not in it does not resolve, statically or dynamically.

use std::collections::BTreeMap;
use std::sync::Arc;

use helios_abi::calls::{ImportRef, LoadedModule};
use helios_abi::program::{LOADED_BYTES_MAX, Module, Program, loaded_weight, sha256};

use crate::compile::{self, Compiled};
use crate::library::{self, BASE};
use crate::{stack, state};

/// The module that only the library may import.
pub(crate) const INTERNAL: &str = helios_compiler::INTERNAL_MODULE;

/// What a process has loaded.
#[derive(Default)]
pub(crate) struct Modules {
    program: Option<Arc<Program>>,
    by_name: BTreeMap<String, v8::Global<v8::Module>>,
    /// Those that were defined since the program started. V8 gets one when something imports it.
    defined: BTreeMap<String, Defined>,
    /// What they count.
    defined_bytes: u64,
    /// `(identity hash, name)`: V8 asks with the referring module alone.
    by_hash: Vec<(i32, String)>,
}

/// A module that the process loaded while it ran.
struct Defined {
    imports: Vec<(String, String)>,
    compiled: Arc<Compiled>,
}

impl Modules {
    /// For a program.
    pub(crate) fn new(program: Arc<Program>) -> Self {
        Self {
            program: Some(program),
            ..Self::default()
        }
    }

    /// The program.
    pub(crate) fn program(&self) -> Option<Arc<Program>> {
        self.program.clone()
    }

    /// The entry module's name.
    pub(crate) fn entry(&self) -> Option<String> {
        self.program
            .as_ref()?
            .modules
            .first()
            .map(|module| module.specifier.clone())
    }

    /// Names a module.
    pub(crate) fn add(&mut self, name: &str, hash: i32, module: v8::Global<v8::Module>) {
        self.by_name.insert(name.to_owned(), module);
        self.by_hash.push((hash, name.to_owned()));
    }

    /// A module by its name.
    pub(crate) fn get(&self, name: &str) -> Option<v8::Global<v8::Module>> {
        self.by_name.get(name).cloned()
    }

    /// What was defined, as [`define`] takes it.
    pub(crate) fn defined(&self) -> Vec<LoadedModule> {
        let module = |(name, defined): (&String, &Defined)| LoadedModule {
            specifier: name.clone(),
            source: defined.compiled.source_text().to_owned(),
            imports: defined
                .imports
                .iter()
                .map(|(written, canonical)| ImportRef {
                    written: written.clone(),
                    canonical: canonical.clone(),
                })
                .collect(),
        };
        self.defined.iter().map(module).collect()
    }

    /// The compiled form of what was defined under that name.
    pub(crate) fn defined_compiled(&self, name: &str) -> Option<Arc<Compiled>> {
        self.defined.get(name).map(|defined| Arc::clone(&defined.compiled))
    }

    /// Names and modules.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &v8::Global<v8::Module>)> {
        self.by_name.iter()
    }

    /// Whether the process has a module of that name: the library's are not told from those of the program.
    fn knows(&self, name: &str) -> bool {
        let program = self.program.as_ref();
        library::has(name)
            || self.defined.contains_key(name)
            || program.is_some_and(|program| program.modules.iter().any(|module| module.specifier == name))
    }

    fn name_candidates(&self, hash: i32) -> Vec<(String, v8::Global<v8::Module>)> {
        let names = self.by_hash.iter().filter(|(known, _)| *known == hash);
        names
            .filter_map(|(_, name)| Some((name.clone(), self.by_name.get(name)?.clone())))
            .collect()
    }

    /// What `specifier`, written in the module `referrer`, means: a canonical name.
    fn resolve(&self, referrer: &str, specifier: &str) -> Result<String, String> {
        let base = referrer.starts_with(BASE) && library::has(referrer);
        if specifier == INTERNAL {
            return if base {
                Ok(INTERNAL.into())
            } else {
                Err(format!("only the system library may import {INTERNAL}"))
            };
        }
        if let Some(path) = library::path_of(specifier) {
            return if library::has(&path) {
                Ok(path)
            } else {
                Err(format!("there is no module {specifier}"))
            };
        }
        if base {
            let path = join(referrer, specifier);
            return if library::has(&path) {
                Ok(path)
            } else {
                Err(format!("the library has no module {path}"))
            };
        }
        let module = self
            .program
            .as_ref()
            .and_then(|program| program.modules.iter().find(|m| m.specifier == referrer));
        let defined = || self.defined.get(referrer).map(|module| module.imports.as_slice());
        let imports = module.map(|module| module.imports.as_slice()).or_else(defined);
        let imports = imports.unwrap_or_default();
        let found = imports.iter().find(|(written, _)| written == specifier);
        match found {
            Some((_, canonical)) => library::path_of(canonical).map_or_else(|| Ok(canonical.clone()), Ok),
            None => Err(format!("cannot find module {specifier:?} imported from {referrer}")),
        }
    }
}

/// Joins a relative specifier to its referrer's directory.
fn join(referrer: &str, specifier: &str) -> String {
    if specifier.starts_with('/') {
        return specifier.to_owned();
    }
    let mut parts: Vec<&str> = referrer.split('/').collect();
    parts.pop();
    for part in specifier.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// Throws an error of class `TypeError`.
pub(crate) fn throw_type(scope: &mut v8::PinScope<'_, '_>, text: &str) {
    if let Some(message) = v8::String::new(scope, text) {
        let error = v8::Exception::type_error(scope, message);
        scope.throw_exception(error);
    }
}

/// Compiles one module's JavaScript.
pub(crate) fn compile<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    name: &str,
    source: v8::Local<'s, v8::String>,
) -> Option<v8::Local<'s, v8::Module>> {
    let name = v8::String::new(scope, name)?;
    let origin = v8::ScriptOrigin::new(scope, name.into(), 0, 0, false, 0, None, false, false, true, None);
    let mut source = v8::script_compiler::Source::new(source, Some(&origin));
    let options = v8::script_compiler::CompileOptions::NoCompileOptions;
    let reason = v8::script_compiler::NoCacheReason::NoReason;
    v8::script_compiler::compile_module2(scope, &mut source, options, reason)
}

/// Compiles a module of the program or the library and names it.
pub(crate) fn load<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    name: &str,
    compiled: &Arc<Compiled>,
) -> Option<v8::Local<'s, v8::Module>> {
    let source = compiled.source(scope)?;
    let module = compile(scope, name, source)?;
    register(scope, name, module, Some(compiled));
    Some(module)
}

/// Names a module in the state.
pub(crate) fn register(
    scope: &mut v8::PinScope<'_, '_>,
    name: &str,
    module: v8::Local<'_, v8::Module>,
    compiled: Option<&Arc<Compiled>>,
) {
    let hash = module.get_identity_hash().get();
    let global = v8::Global::new(scope, module);
    state::with(|state| {
        state.modules.add(name, hash, global);
        if let Some(compiled) = compiled {
            state.maps.insert(name.to_owned(), Arc::clone(compiled));
        }
    });
}

/// The module of that canonical name; library modules are compiled when first asked for.
fn find<'s>(scope: &mut v8::PinScope<'s, '_>, name: &str) -> Option<v8::Local<'s, v8::Module>> {
    if let Some(global) = state::with(|state| state.modules.by_name.get(name).cloned()) {
        return Some(v8::Local::new(scope, global));
    }
    if let Some(compiled) = library::get(name) {
        return load(scope, name, &compiled);
    }
    let defined = state::with(|state| state.modules.defined_compiled(name));
    let Some(compiled) = defined else {
        throw_type(scope, &format!("cannot find module {name:?}"));
        return None;
    };
    // The host's frames between the entry and here are not the same in every build: V8's parser must not meet the limit.
    stack::with_extra(scope, |scope| load(scope, name, &compiled))
}

/// Adds modules to the process's graph: a function of them and of those that it has. What it has stays as it is.
///
/// They come from the kernel, which compiled them before; but a program that tampers with the library's objects could
/// put others in their place, so nothing is taken on trust.
///
/// # Errors
/// What is wrong with them, for people; then none is added.
pub(crate) fn define(modules: Vec<LoadedModule>) -> Result<(), String> {
    let mut fresh = BTreeMap::new();
    let mut bytes = state::with(|state| state.modules.defined_bytes);
    for module in modules {
        let name = module.specifier;
        if name.starts_with("helios:") || name.starts_with(BASE) {
            return Err(format!("{name} is a name of the system library"));
        }
        if fresh.contains_key(&name) || state::with(|state| state.modules.knows(&name)) {
            continue;
        }
        bytes = bytes.saturating_add(loaded_weight(module.source.len() as u64));
        if bytes > LOADED_BYTES_MAX {
            return Err(format!("a process loads at most {LOADED_BYTES_MAX} bytes of source"));
        }
        let imports = module
            .imports
            .into_iter()
            .map(|import| (import.written, import.canonical));
        let module = Module {
            specifier: name.clone(),
            source_hash: sha256(module.source.as_bytes()),
            source: module.source.into(),
            imports: imports.collect(),
        };
        let compiled = compile::cached(&module)?;
        let imports = module.imports;
        fresh.insert(name, Defined { imports, compiled });
    }
    state::with(|state| {
        state.modules.defined.extend(fresh);
        state.modules.defined_bytes = bytes;
    });
    Ok(())
}

/// V8's question while it links.
pub(crate) fn resolve<'s>(
    context: v8::Local<'s, v8::Context>,
    specifier: v8::Local<'s, v8::String>,
    _attributes: v8::Local<'s, v8::FixedArray>,
    referrer: v8::Local<'s, v8::Module>,
) -> Option<v8::Local<'s, v8::Module>> {
    v8::callback_scope!(unsafe scope, context);
    let specifier = specifier.to_rust_string_lossy(scope);
    let hash = referrer.get_identity_hash().get();
    let candidates = state::with(|state| state.modules.name_candidates(hash));
    let referrer = candidates
        .into_iter()
        .find(|(_, module)| v8::Local::new(scope, module) == referrer);
    let Some((referrer, _)) = referrer else {
        throw_type(scope, "an unknown module imports");
        return None;
    };
    match state::with(|state| state.modules.resolve(&referrer, &specifier)) {
        Ok(name) => find(scope, &name),
        Err(message) => {
            throw_type(scope, &message);
            None
        }
    }
}

/// Links and evaluates a library module in one go and returns its namespace; throws where that fails.
pub(crate) fn load_lazily<'s>(scope: &mut v8::PinScope<'s, '_>, specifier: &str) -> Option<v8::Local<'s, v8::Value>> {
    let Some(path) = library::path_of(specifier)
        .or_else(|| Some(specifier.to_owned()))
        .filter(|p| library::has(p))
    else {
        throw_type(scope, &format!("there is no module {specifier}"));
        return None;
    };
    let module = find(scope, &path)?;
    if module.get_status() == v8::ModuleStatus::Uninstantiated {
        module.instantiate_module(scope, resolve)?;
    }
    if module.get_status() == v8::ModuleStatus::Instantiated {
        module.evaluate(scope)?;
    }
    if module.get_status() == v8::ModuleStatus::Errored {
        let error = module.get_exception();
        scope.throw_exception(error);
        return None;
    }
    Some(module.get_module_namespace())
}

/// `import(specifier)`: the promise of a namespace. The module runs in a microtask of its own, with a whole stack.
pub(crate) fn import_dynamically<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    _options: v8::Local<'s, v8::Data>,
    referrer: v8::Local<'s, v8::Value>,
    specifier: v8::Local<'s, v8::String>,
    _attributes: v8::Local<'s, v8::FixedArray>,
) -> Option<v8::Local<'s, v8::Promise>> {
    import_later(scope, referrer, specifier)
}

/// As [`import_later`], of a module by its own name.
pub(crate) fn import_by_name<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    name: v8::Local<'s, v8::String>,
) -> Option<v8::Local<'s, v8::Promise>> {
    let nobody = v8::null(scope).into();
    import_later(scope, nobody, name)
}

/// Queues the import; the promise of its namespace.
pub(crate) fn import_later<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    referrer: v8::Local<'s, v8::Value>,
    specifier: v8::Local<'s, v8::String>,
) -> Option<v8::Local<'s, v8::Promise>> {
    let resolver = v8::PromiseResolver::new(scope)?;
    let promise = resolver.get_promise(scope);
    let data = v8::Array::new_with_elements(scope, &[resolver.into(), referrer, specifier.into()]);
    let task = v8::Function::builder(run_import).data(data.into()).build(scope)?;
    scope.enqueue_microtask(task);
    Some(promise)
}

/// The microtask of [`import_dynamically`].
fn run_import(
    scope: &mut v8::PinScope<'_, '_>,
    args: v8::FunctionCallbackArguments<'_>,
    _result: v8::ReturnValue<'_, v8::Value>,
) {
    let Ok(data) = v8::Local::<v8::Array>::try_from(args.data()) else {
        return;
    };
    let (Some(resolver), Some(referrer), Some(specifier)) = (
        data.get_index(scope, 0),
        data.get_index(scope, 1),
        data.get_index(scope, 2),
    ) else {
        return;
    };
    // SAFETY: `import_later` made the array, and its first element is a promise resolver.
    let resolver = unsafe { v8::Local::<v8::PromiseResolver>::cast_unchecked(resolver) };
    let referrer = (!referrer.is_null()).then(|| referrer.to_rust_string_lossy(scope));
    let specifier = specifier.to_rust_string_lossy(scope);
    v8::tc_scope!(let scope, scope);
    let done = stack::restoring(scope, |scope| import_now(scope, referrer.as_deref(), &specifier));
    if let Some(value) = done {
        let _ = resolver.resolve(scope, value);
    } else if let Some(error) = scope.exception()
        && !scope.has_terminated()
    {
        scope.reset();
        let _ = resolver.reject(scope, error);
    }
}

/// Links and evaluates what `specifier` means in the module `referrer`; where there is none, it is a defined one's name.
fn import_now<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    referrer: Option<&str>,
    specifier: &str,
) -> Option<v8::Local<'s, v8::Value>> {
    let name = state::with(|state| match referrer {
        Some(referrer) => state.modules.resolve(referrer, specifier),
        None if state.modules.defined.contains_key(specifier) => Ok(specifier.to_owned()),
        None => Err(format!("there is no module {specifier}")),
    });
    let name = match name {
        Ok(name) => name,
        Err(message) => {
            throw_type(scope, &message);
            return None;
        }
    };
    let module = find(scope, &name)?;
    if module.get_status() == v8::ModuleStatus::Uninstantiated {
        module.instantiate_module(scope, resolve)?;
    }
    let promise = evaluate_anchored(scope, &name)?;
    let namespace = module.get_module_namespace();
    let hooks = state::with(|state| state.hooks.clone()).expect("hooks are set before modules run");
    let function = v8::Local::new(scope, &hooks.namespace);
    let receiver = v8::undefined(scope).into();
    function.call(scope, receiver, &[promise, namespace])
}

/// Evaluates a module under a root of its own, whose first dependency anchors the stack limit.
pub(crate) fn evaluate_anchored<'s>(scope: &mut v8::PinScope<'s, '_>, name: &str) -> Option<v8::Local<'s, v8::Value>> {
    const ANCHOR: &str = "helios:anchor";
    const ROOT: &str = "helios:root";
    // Names may hold anything but a quote or a backslash in them must not end the literal.
    let quoted = serde_json::to_string(name).ok()?;
    let anchor = v8::String::new(scope, "import.meta.anchor();")?;
    let anchor = compile(scope, ANCHOR, anchor)?;
    let root = v8::String::new(scope, &format!("import \"{ANCHOR}\"; import {quoted};"))?;
    let root = compile(scope, ROOT, root)?;
    let anchor = v8::Global::new(scope, anchor);
    ROOTS.with(|cell| cell.borrow_mut().push(anchor));
    let linked = root.instantiate_module(scope, resolve_root);
    ROOTS.with(|cell| cell.borrow_mut().pop());
    linked?;
    root.evaluate(scope)
}

thread_local! {
    /// Anchor modules of the roots being linked on this thread.
    static ROOTS: std::cell::RefCell<Vec<v8::Global<v8::Module>>> = const { std::cell::RefCell::new(Vec::new()) };
}

fn resolve_root<'s>(
    context: v8::Local<'s, v8::Context>,
    specifier: v8::Local<'s, v8::String>,
    attributes: v8::Local<'s, v8::FixedArray>,
    referrer: v8::Local<'s, v8::Module>,
) -> Option<v8::Local<'s, v8::Module>> {
    v8::callback_scope!(unsafe scope, context);
    let hash = referrer.get_identity_hash().get();
    let candidates = state::with(|state| state.modules.name_candidates(hash));
    if candidates
        .iter()
        .any(|(_, module)| v8::Local::new(scope, module) == referrer)
    {
        return resolve(context, specifier, attributes, referrer);
    }
    let name = specifier.to_rust_string_lossy(scope);
    if name == "helios:anchor" {
        let anchor = ROOTS.with(|cell| cell.borrow().last().cloned())?;
        return Some(v8::Local::new(scope, anchor));
    }
    find(scope, &name)
}

/// `import.meta`: `url` is the module's name.
///
/// # Safety
/// V8 calls it with live handles of the current context.
pub(crate) unsafe extern "C" fn import_meta(
    context: v8::Local<'_, v8::Context>,
    module: v8::Local<'_, v8::Module>,
    meta: v8::Local<'_, v8::Object>,
) {
    v8::callback_scope!(unsafe scope, context);
    let hash = module.get_identity_hash().get();
    let candidates = state::with(|state| state.modules.name_candidates(hash));
    let name = candidates
        .into_iter()
        .find(|(_, known)| v8::Local::new(scope, known) == module);
    if let Some((name, _)) = name {
        let (Some(key), Some(url)) = (v8::String::new(scope, "url"), v8::String::new(scope, &name)) else {
            return;
        };
        let _ = meta.create_data_property(scope, key.into(), url.into());
        return;
    }
    // Only the host's own anchor module has no name.
    let hooks = state::with(|state| state.hooks.clone());
    if let (Some(hooks), Some(key)) = (hooks, v8::String::new(scope, "anchor")) {
        let function = v8::Local::new(scope, &hooks.anchor);
        let _ = meta.create_data_property(scope, key.into(), function.into());
    }
}
