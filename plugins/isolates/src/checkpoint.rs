//! Heap checkpoints: a process rebuilt from its journal in an isolate that V8 can serialise, and the isolate made of it.
//!
//! The live isolate is never touched. A checkpoint stands for the slices that the rebuilt one repeated, each compared
//! with its record; a process made from it goes on as one that repeated them itself (`docs/hazards.md`, Heap checkpoints).

use std::mem::ManuallyDrop;
use std::sync::{Arc, Mutex, PoisonError};

use helios_abi::ProcKey;
use helios_abi::calls::LoadedModule;
use helios_abi::grant::{HeapImage, Journal};
use helios_abi::host::Limits;
use helios_abi::program::Program;
use helios_abi::value::SharedBytes;
use serde::{Deserialize, Serialize};
use zstd::zstd_safe::{self, CCtx, CParameter, DCtx, DParameter};

use crate::carrier::Make;
use crate::host::LOOSER;
use crate::limits::Control;
use crate::process::{self, End};
use crate::state::{self, Hooks, ProcState};
use crate::{compile, library, modules, stack, startup};

/// A process between two slices: what V8 keeps of it, and what its host keeps beside V8.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Image {
    #[serde(with = "serde_bytes")]
    pub(crate) blob: Vec<u8>,
    pub(crate) beside: Beside,
}

/// The host's part of a process's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Beside {
    /// Calls made so far.
    made: u64,
    /// Calls under way.
    open: Vec<u64>,
    /// Those of them that do not keep the process alive.
    unreferenced: Vec<u64>,
    /// Milliseconds since the Unix epoch at tick 0.
    epoch_ms: u64,
    /// Names of the modules, in the order of the context's data after the hooks.
    modules: Vec<String>,
    /// Modules that it loaded while it ran.
    defined: Vec<LoadedModule>,
}

/// How hard an image is compressed: it is made once, and mostly lies there.
const LEVEL: i32 = 9;
/// Largest distance of a match, as a power of two.
const WINDOW_LOG_MAX: u32 = 30;

/// Unpacked bases that are kept: each is as long as a heap.
const BASES: usize = 8;

/// Bases that were unpacked lately, with their packed form.
static UNPACKED: Mutex<Vec<(SharedBytes, Arc<Vec<u8>>)>> = Mutex::new(Vec::new());

impl Image {
    /// As it is kept: what differs from `base`, or from the startup snapshot, compressed.
    fn pack(&self, base: Option<&SharedBytes>) -> Result<SharedBytes, String> {
        let whole = postcard::to_allocvec(self).map_err(|error| error.to_string())?;
        let base = base.map(unpack_base).transpose()?;
        let prefix: &[u8] = base.as_ref().map_or(&startup::get().blob, |base| base);
        let mut context = CCtx::create();
        let window = (whole.len() + prefix.len())
            .next_power_of_two()
            .trailing_zeros()
            .clamp(20, WINDOW_LOG_MAX);
        let mut packed = Vec::with_capacity(zstd_safe::compress_bound(whole.len()));
        context
            .set_parameter(CParameter::CompressionLevel(LEVEL))
            .and_then(|_| context.set_parameter(CParameter::WindowLog(window)))
            .and_then(|_| context.set_parameter(CParameter::EnableLongDistanceMatching(true)))
            .and_then(|_| context.ref_prefix(prefix))
            .and_then(|_| context.compress2(&mut packed, &whole))
            .map_err(|code| zstd_safe::get_error_name(code).to_owned())?;
        packed.shrink_to_fit();
        Ok(packed.into())
    }

    /// The inverse.
    ///
    /// # Errors
    /// When the bytes are not an image of this build, for people.
    pub(crate) fn unpack(image: &HeapImage) -> Result<Self, String> {
        let base = image.base.as_ref().map(unpack_base).transpose()?;
        let prefix: &[u8] = base.as_ref().map_or(&startup::get().blob, |base| base);
        let whole = unpack(&image.bytes, prefix)?;
        postcard::from_bytes(&whole).map_err(|error| wrong(&error))
    }
}

fn wrong(error: &dyn std::fmt::Display) -> String {
    format!("its checkpoint does not unpack: {error}")
}

fn unpack_base(packed: &SharedBytes) -> Result<Arc<Vec<u8>>, String> {
    if let Some(whole) = unpacked_lately(packed) {
        return Ok(whole);
    }
    let whole = Arc::new(unpack(packed, &startup::get().blob)?);
    let mut kept = UNPACKED.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= BASES {
        kept.remove(0);
    }
    kept.push((packed.clone(), Arc::clone(&whole)));
    Ok(whole)
}

/// Looks a base up; the one that was used last goes last.
fn unpacked_lately(packed: &SharedBytes) -> Option<Arc<Vec<u8>>> {
    let mut kept = UNPACKED.lock().unwrap_or_else(PoisonError::into_inner);
    let at = kept.iter().position(|(known, _)| known == packed)?;
    let entry = kept.remove(at);
    let whole = Arc::clone(&entry.1);
    kept.push(entry);
    Some(whole)
}

fn unpack(packed: &[u8], prefix: &[u8]) -> Result<Vec<u8>, String> {
    let len = zstd_safe::get_frame_content_size(packed)
        .ok()
        .flatten()
        .filter(|len| *len <= IMAGE_BYTES_MAX)
        .ok_or_else(|| wrong(&"it is longer than a checkpoint may be"))?;
    let mut whole = Vec::with_capacity(usize::try_from(len).unwrap_or(usize::MAX));
    let mut context = DCtx::create();
    context
        .set_parameter(DParameter::WindowLogMax(WINDOW_LOG_MAX))
        .and_then(|_| context.ref_prefix(prefix))
        .and_then(|_| context.decompress(&mut whole, packed))
        .map_err(|code| wrong(&zstd_safe::get_error_name(code)))?;
    Ok(whole)
}

/// Most bytes of an image, unpacked.
const IMAGE_BYTES_MAX: u64 = 1 << 30;

/// Makes what a host was asked for. On a carrier.
pub(crate) fn made(make: Make) -> Result<SharedBytes, String> {
    let Make { key, birth, base } = make;
    let head = birth.journal.head.as_ref();
    let before = head.map(Image::unpack).transpose()?;
    make_image(key, birth.program, birth.limits, before.as_ref(), birth.journal)?.pack(base.as_ref())
}

/// Rebuilds the process in an isolate of its own and serialises it. On a carrier.
///
/// # Errors
/// Why there is no checkpoint, for people: the repetition differed or was ended from outside, or it does not end between
/// two slices.
fn make_image(
    key: ProcKey,
    program: Arc<Program>,
    limits: Limits,
    before: Option<&Image>,
    journal: Journal,
) -> Result<Image, String> {
    let control = Control::new(limits.array_buffer_bytes.saturating_mul(LOOSER));
    let blob: &'static [u8] = match before {
        // SAFETY: V8 reads the blob while it makes the isolate and its context; both happen in this function, and the
        // isolate is gone when it returns.
        Some(image) => unsafe { std::mem::transmute::<&[u8], &'static [u8]>(&image.blob) },
        None => &startup::get().blob,
    };
    let params = process::limited(v8::Isolate::create_params(), limits, LOOSER, &control);
    let isolate = v8::Isolate::snapshot_creator_from_existing_snapshot(
        v8::StartupData::from(blob),
        Some(startup::external_references()),
        Some(params),
    );
    let mut isolate = ManuallyDrop::new(isolate);
    process::attach(&mut isolate, &control);
    state::install(Box::new(ProcState::new(key, program, control)));
    let done = open(&mut isolate, before).and_then(|()| repeat(&mut isolate, journal));
    let image = done.and_then(|()| keep(&mut isolate));
    if image.is_err() {
        abandon(&mut isolate);
    }
    drop(state::remove());
    let isolate = ManuallyDrop::into_inner(isolate);
    let blob = isolate.create_blob(v8::FunctionCodeHandling::Keep);
    let beside = image?;
    let blob = blob.ok_or("V8 makes no blob")?.to_vec();
    Ok(Image { blob, beside })
}

/// Makes the context. V8 sets up traces in those of other isolates by itself.
fn open(isolate: &mut v8::OwnedIsolate, before: Option<&Image>) -> Result<(), String> {
    process::open(isolate, before.map(|image| &image.beside))?;
    v8::scope!(let scope, &mut **isolate);
    let hooks = state::with(|state| state.hooks.clone()).ok_or("no context")?;
    let context = v8::Local::new(scope, &hooks.context);
    let scope = &mut v8::ContextScope::new(scope, context);
    record_traces(scope, &hooks, true);
    Ok(())
}

fn record_traces(scope: &mut v8::PinScope<'_, '_>, hooks: &Hooks, on: bool) {
    let traces = v8::Local::new(scope, &hooks.traces);
    let (receiver, on) = (v8::undefined(scope).into(), v8::Boolean::new(scope, on).into());
    traces.call(scope, receiver, &[on]).expect("the realm's own function");
}

/// Repeats the journal.
fn repeat(isolate: &mut v8::Isolate, journal: Journal) -> Result<(), String> {
    let Some(first) = state::with(|state| state.feed.repeat(journal))? else {
        return Ok(());
    };
    match process::run_slices(isolate, first) {
        End::Done => Ok(()),
        End::Batch(_) => unreachable!("nothing is granted"),
        End::Verdict(reason) => Err(format!("the repetition was ended: {}", reason.text())),
        End::Broken(text) => Err(text),
        End::Aborted => Err("the host ended it".into()),
    }
}

/// Puts what [`process::open`] asks for into the snapshot, and lets go of everything else.
fn keep(isolate: &mut v8::OwnedIsolate) -> Result<Beside, String> {
    let idle = state::with(|state| {
        state.started
            && state.calls.is_empty()
            && state.interrupts.is_empty()
            && state.rejections.is_empty()
            && state.fatal.is_none()
            && !state.halted
    });
    if !idle {
        return Err("it does not stand between two slices".into());
    }
    stack::provisional(isolate);
    v8::scope!(let scope, &mut **isolate);
    let (hooks, entry) = state::with(|state| (state.hooks.take(), state.entry.take()));
    let (hooks, entry) = (hooks.ok_or("no context")?, entry.ok_or("it has not started")?);
    let context = v8::Local::new(scope, &hooks.context);
    let scope = &mut v8::ContextScope::new(scope, context);
    let late = v8::String::new(scope, startup::LATE_GLOBAL).ok_or("no memory")?;
    if context.global(scope).has_own_property(scope, late.into()) != Some(false) {
        return Err(format!(
            "it has a global {}, which V8 makes again",
            startup::LATE_GLOBAL
        ));
    }
    record_traces(scope, &hooks, false);
    for (index, hook) in hooks.functions().into_iter().enumerate() {
        let hook = v8::Local::new(scope, hook);
        assert_eq!(scope.add_context_data(context, hook), index, "hooks come first");
    }
    let names: Vec<String> = state::with(|state| state.modules.iter().map(|(name, _)| name.clone()).collect());
    for name in &names {
        let module = state::with(|state| state.modules.get(name)).expect("just listed");
        let module = v8::Local::new(scope, module);
        scope.add_context_data(context, module);
    }
    let entry = v8::Local::new(scope, entry);
    scope.add_context_data(context, entry);
    scope.set_default_context(context);
    Ok(state::with(|state| Beside {
        made: state.made,
        open: state.open.iter().copied().collect(),
        unreferenced: state.unreferenced.iter().copied().collect(),
        epoch_ms: state.epoch_ms,
        modules: names,
        defined: state.modules.defined(),
    }))
}

/// Gives the creator something to serialise, since V8 wants it to: nothing of it is used.
fn abandon(isolate: &mut v8::OwnedIsolate) {
    stack::provisional(isolate);
    isolate.cancel_terminate_execution();
    state::with(|state| (state.hooks, state.entry) = (None, None));
    v8::scope!(let scope, &mut **isolate);
    let context = v8::Context::new(scope, v8::ContextOptions::default());
    scope.set_default_context(context);
}

/// Takes over what the snapshot of a checkpoint holds.
pub(crate) fn adopt<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    context: v8::Local<'s, v8::Context>,
    beside: &Beside,
) -> Result<Hooks, String> {
    let hooks = startup::hooks(scope, context);
    modules::define(beside.defined.clone())?;
    let program = state::with(|state| state.modules.program()).ok_or("no program")?;
    for (index, name) in beside.modules.iter().enumerate() {
        let module = scope
            .get_context_data_from_snapshot_once::<v8::Module>(startup::HOOKS.len() + index)
            .map_err(|error| format!("module {name}: {error}"))?;
        let compiled = match program.modules.iter().find(|module| module.specifier == *name) {
            Some(module) => Some(compile::cached(module)?),
            None => state::with(|state| state.modules.defined_compiled(name)).or_else(|| library::get(name)),
        };
        modules::register(scope, name, module, compiled.as_ref());
    }
    let entry = scope
        .get_context_data_from_snapshot_once::<v8::Promise>(startup::HOOKS.len() + beside.modules.len())
        .map_err(|error| format!("its entry: {error}"))?;
    let entry = v8::Global::new(scope, entry);
    state::with(|state| {
        state.made = beside.made;
        state.open = beside.open.iter().copied().collect();
        state.unreferenced = beside.unreferenced.iter().copied().collect();
        state.epoch_ms = beside.epoch_ms;
        state.started = true;
        state.entry = Some(entry);
    });
    Ok(hooks)
}
