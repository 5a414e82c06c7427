//! One process's isolate: made from the snapshot, run slice by slice.

use std::sync::Arc;

use helios_abi::ProcKey;
use helios_abi::grant::{Batch, Delivery, Grant, Journal, Start, Status, VerdictReason};
use helios_abi::host::Limits;
use helios_abi::program::Program;
use helios_abi::value::Value;

use crate::checkpoint::{self, Beside, Image};
use crate::limits::{self, Control};
use crate::rejections::Rejections;
use crate::state::{Hooks, ProcState};
use crate::{compile, convert, errors, modules, natives, stack, startup, state};

/// An isolate with an empty JavaScript stack, free to move to another thread.
pub(crate) struct Process {
    isolate: v8::SharedIsolate,
    pub(crate) state: Box<ProcState>,
    /// What it held when somebody last looked, in bytes.
    pub(crate) bytes: u64,
    runs: u32,
}

/// How many runs go by between two looks at what an isolate holds, once it is settled.
const LOOK_EVERY: u32 = 32;

/// How a run of slices ended.
pub(crate) enum End {
    /// The granted slice's batch.
    Batch(Batch),
    /// A slice was ended from outside.
    Verdict(VerdictReason),
    /// A repeated slice differed from its record, or the kernel broke the contract.
    Broken(String),
    /// The host wanted the isolate gone.
    Aborted,
    /// The journal is repeated, and nothing was granted after it.
    Done,
}

impl Process {
    /// A fresh isolate. `looser` multiplies its limits.
    pub(crate) fn new(key: ProcKey, program: Arc<Program>, limits: Limits, looser: u64) -> Self {
        Self::with(key, program, limits, looser, startup::create_params(), None).expect("a fresh process opens")
    }

    /// One as its journal's head has it: from a checkpoint, or fresh.
    ///
    /// # Errors
    /// When the checkpoint is not one of this build and program, for people.
    pub(crate) fn born(
        key: ProcKey,
        program: Arc<Program>,
        limits: Limits,
        looser: u64,
        journal: &Journal,
    ) -> Result<Self, String> {
        let Some(head) = &journal.head else {
            if journal.head_len != 0 {
                return Err("its journal begins at a checkpoint, and there is none".into());
            }
            return Ok(Self::new(key, program, limits, looser));
        };
        let image = Image::unpack(head)?;
        // SAFETY: V8 reads the blob while it makes the isolate and its one context, and `with` returns after that.
        let blob: &'static [u8] = unsafe { std::mem::transmute::<&[u8], &'static [u8]>(&image.blob) };
        let params = startup::params_from(blob);
        Self::with(key, program, limits, looser, params, Some(&image.beside))
    }

    fn with(
        key: ProcKey,
        program: Arc<Program>,
        limits: Limits,
        looser: u64,
        params: v8::CreateParams,
        beside: Option<&Beside>,
    ) -> Result<Self, String> {
        let control = Control::new(limits.array_buffer_bytes.saturating_mul(looser));
        let mut isolate = v8::Isolate::new(limited(params, limits, looser, &control));
        attach(&mut isolate, &control);
        state::install(Box::new(ProcState::new(key, program, control)));
        let opened = open(&mut isolate, beside);
        // SAFETY: everything attached to the isolate may move between threads: no slots are set, the callbacks are plain
        // functions that find their state through the thread they run on, the snapshot and the external texts are
        // immutable and never freed, and the allocator's handle is an `Arc` of atomics.
        let isolate = match unsafe { isolate.try_into_shared() } {
            Ok(isolate) => isolate,
            Err(error) => panic!("a fresh isolate can be shared: {error}"),
        };
        let process = Self {
            isolate,
            state: state::remove(),
            bytes: 0,
            runs: 0,
        };
        opened.map(|()| process)
    }

    /// Runs slices until the granted one has its batch.
    pub(crate) fn run(&mut self, first: Grant) -> End {
        let placeholder = Box::new(ProcState::for_snapshot());
        state::install(std::mem::replace(&mut self.state, placeholder));
        let end = {
            let mut lock = self.isolate.lock();
            let end = run_slices(&mut lock, first);
            if self.runs < 2 || self.runs.is_multiple_of(LOOK_EVERY) {
                let control = state::with(|state| Arc::clone(&state.control));
                let used = memory_of(&mut lock, &control);
                self.bytes = used.heap_total_bytes + used.array_buffer_bytes;
            }
            end
        };
        self.runs = self.runs.wrapping_add(1);
        self.state = state::remove();
        end
    }

    /// Works in its context, outside of any slice. For benchmarks.
    pub(crate) fn with_scope<T>(&mut self, f: impl FnOnce(&mut v8::PinScope<'_, '_>) -> T) -> T {
        let placeholder = Box::new(ProcState::for_snapshot());
        state::install(std::mem::replace(&mut self.state, placeholder));
        let out = {
            let mut lock = self.isolate.lock();
            stack::provisional(&mut lock);
            v8::scope!(let scope, &mut *lock);
            let hooks = state::with(|state| state.hooks.clone()).expect("hooks are set when the isolate is made");
            let context = v8::Local::new(scope, &hooks.context);
            let scope = &mut v8::ContextScope::new(scope, context);
            f(scope)
        };
        self.state = state::remove();
        out
    }

    /// Heap and typed arrays, in bytes.
    pub(crate) fn memory(&self) -> crate::host::MemoryUse {
        let mut lock = self.isolate.lock();
        memory_of(&mut lock, &self.state.control)
    }
}

/// Puts a process's limits into an isolate's parameters.
pub(crate) fn limited(
    params: v8::CreateParams,
    limits: Limits,
    looser: u64,
    control: &Arc<Control>,
) -> v8::CreateParams {
    let heap = limits.heap_bytes.max(limits::MIN_HEAP_BYTES).saturating_mul(looser);
    params
        .heap_limits(0, usize::try_from(heap).unwrap_or(usize::MAX))
        .array_buffer_allocator(limits::allocator(control))
}

/// Sets up what every process's isolate has.
pub(crate) fn attach(isolate: &mut v8::OwnedIsolate, control: &Arc<Control>) {
    isolate.set_microtasks_policy(v8::MicrotasksPolicy::Explicit);
    isolate.set_prepare_stack_trace_callback(prepare_stack_trace);
    isolate.set_promise_reject_callback(crate::rejections::promise_rejected);
    isolate.set_host_import_module_dynamically_callback(modules::import_dynamically);
    isolate.set_host_initialize_import_meta_object_callback(modules::import_meta);
    control.govern(isolate.thread_safe_handle());
    limits::watch_heap(isolate, control);
    stack::provisional(isolate);
}

/// Makes the isolate's context, from the startup snapshot or a checkpoint's.
pub(crate) fn open(isolate: &mut v8::Isolate, beside: Option<&Beside>) -> Result<(), String> {
    v8::scope!(let scope, isolate);
    let context = v8::Context::new(scope, v8::ContextOptions::default());
    let scope = &mut v8::ContextScope::new(scope, context);
    let hooks = match beside {
        None => startup::adopt(scope, context),
        Some(beside) => checkpoint::adopt(scope, context, beside)?,
    };
    state::with(|state| state.hooks = Some(Arc::new(hooks)));
    Ok(())
}

/// What an isolate holds.
pub(crate) fn memory_of(isolate: &mut v8::Isolate, control: &Control) -> crate::host::MemoryUse {
    let heap = isolate.get_heap_statistics();
    crate::host::MemoryUse {
        heap_used_bytes: heap.used_heap_size() as u64,
        heap_total_bytes: heap.total_heap_size() as u64,
        array_buffer_bytes: control.buffer_bytes(),
    }
}

/// `Error.stack`, in the form V8 asks for it.
fn prepare_stack_trace<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    error: v8::Local<'s, v8::Value>,
    sites: v8::Local<'s, v8::Array>,
) -> v8::Local<'s, v8::Value> {
    stack::with_extra(scope, |scope| errors::prepare_stack_trace(scope, error, sites))
}

pub(crate) fn run_slices(isolate: &mut v8::Isolate, first: Grant) -> End {
    let mut grant = first;
    loop {
        state::with(|state| state.slice = grant.slice);
        crate::carrier::slice_begins();
        let batch = run_slice(isolate, &grant);
        let verdict = crate::carrier::slice_ends();
        let verdict = verdict.or_else(|| state::with(|state| state.control.verdict()));
        let (aborted, broken) = state::with(|state| (state.aborted, state.feed.divergence.take()));
        if aborted {
            return End::Aborted;
        }
        if let Some(broken) = broken {
            return End::Broken(broken);
        }
        if let Some(reason) = verdict {
            return End::Verdict(reason);
        }
        let batch = match batch {
            Ok(batch) => batch,
            Err(text) => return End::Broken(text),
        };
        match state::with(|state| state.feed.next(state.key, state.slice, batch)) {
            crate::state::Next::Grant(next) => grant = next,
            crate::state::Next::Report(batch) => return End::Batch(batch),
            crate::state::Next::Done => return End::Done,
            crate::state::Next::Diverged => {
                return End::Broken(state::with(|state| state.feed.divergence.take()).unwrap_or_default());
            }
        }
    }
}

/// One slice, from an empty JavaScript stack to an empty one (parking in between).
pub(crate) fn run_slice(isolate: &mut v8::Isolate, grant: &Grant) -> Result<Batch, String> {
    stack::provisional(isolate);
    v8::scope!(let scope, isolate);
    let hooks = state::with(|state| state.hooks.clone()).expect("hooks are set when the isolate is made");
    let context = v8::Local::new(scope, &hooks.context);
    let scope = &mut v8::ContextScope::new(scope, context);
    v8::tc_scope!(let scope, scope);
    let mut failure = live_through(scope, &hooks, grant)?;
    if failure.is_none() && scope.has_caught() && !scope.has_terminated() {
        let error = scope.exception().unwrap_or_else(|| v8::undefined(scope).into());
        scope.reset();
        failure = Some(errors::describe(scope, error));
    }
    if scope.has_terminated() || state::with(|state| state.halted) {
        scope.reset();
        scope.cancel_terminate_execution();
    }
    let left = natives::read_gas(scope).unwrap_or(0);
    let status = failure.map_or_else(
        || status(scope),
        |error| Status::Exited {
            code: 1,
            error: Some(error),
        },
    );
    Ok(state::with(|state| state.batch(left, status)))
}

/// Delivers, evaluates the entry in the first slice, and runs microtasks. The text is of a program that cannot start.
fn live_through<'s>(scope: &mut v8::PinScope<'s, '_>, hooks: &Hooks, grant: &Grant) -> Result<Option<String>, String> {
    let start = grant.deliveries.iter().find_map(|delivery| match delivery {
        Delivery::Start(start) => Some(start),
        _ => None,
    });
    if start.is_some() == state::with(|state| state.started) {
        return Err("a program's first slice, and no other, delivers its start".into());
    }
    if let Some(start) = start {
        state::with(|state| (state.started, state.epoch_ms) = (true, start.epoch_ms));
        if let Some(error) = load_program(scope) {
            return Ok(Some(error));
        }
    }
    let gas = state::with(|state| state.begin(grant));
    let gas = i64::try_from(gas).expect("a chunk is small");
    if deliver(scope, hooks, grant, gas, &grant.deliveries).is_none() {
        return Ok(None);
    }
    if start.is_some() && !state::with(|state| state.halted) {
        let entry = state::with(|state| state.modules.entry());
        let Some(promise) = entry.and_then(|entry| modules::evaluate_anchored(scope, &entry)) else {
            return Ok(None);
        };
        if let Ok(promise) = v8::Local::<v8::Promise>::try_from(promise) {
            promise.mark_as_handled();
            let hash = promise.get_identity_hash().get();
            let promise = v8::Global::new(scope, promise);
            state::with(|state| {
                // What the top level throws ends the process, whoever listens.
                state.rejections.forget(hash, &promise);
                state.entry = Some(promise);
            });
        }
    }
    if !state::with(|state| state.halted) {
        scope.perform_microtask_checkpoint();
    }
    while handle_interrupts(scope, hooks, grant) && tell_of_rejections(scope, hooks, grant) {}
    Ok(None)
}

/// Gives the library what the process is given, on an empty stack. `None` when that fails.
fn deliver(
    scope: &mut v8::PinScope<'_, '_>,
    hooks: &Hooks,
    grant: &Grant,
    gas: i64,
    deliveries: &[Delivery],
) -> Option<()> {
    let flat = flatten(scope, deliveries)?;
    enter(scope, hooks, grant, gas, flat)
}

/// Calls the library on an empty stack. `None` when that fails.
fn enter<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    hooks: &Hooks,
    grant: &Grant,
    gas: i64,
    flat: v8::Local<'s, v8::Value>,
) -> Option<()> {
    // The checkpoint is an entry of its own: its first microtask anchors it.
    let anchor = v8::Local::new(scope, &hooks.anchor);
    scope.enqueue_microtask(anchor);
    let now = state::with(|state| state.epoch_ms).saturating_add(grant.tick.0);
    let now = convert::number(scope, i64::try_from(now).unwrap_or(i64::MAX));
    let gas = convert::number(scope, gas);
    let enter = v8::Local::new(scope, &hooks.enter);
    let receiver = v8::undefined(scope).into();
    enter.call(scope, receiver, &[gas, now, flat]).map(drop)
}

/// The computation that a signal was to interrupt is over, and none of the program's own code was met: the signal is
/// handled like any other. `false` when the script is over.
fn handle_interrupts(scope: &mut v8::PinScope<'_, '_>, hooks: &Hooks, grant: &Grant) -> bool {
    loop {
        if state::with(|state| state.halted) {
            return false;
        }
        let Some(signal) = state::with(|state| state.interrupts.pop_front()) else {
            return true;
        };
        let Some(gas) = natives::read_gas(scope) else {
            return false;
        };
        if deliver(scope, hooks, grant, gas, &[Delivery::Signal { signal }]).is_none() {
            return false;
        }
        scope.perform_microtask_checkpoint();
    }
}

/// Tells the library of promises that were rejected and that nobody handles now that all microtasks have run: it asks the
/// program's listeners, and ends the process where none takes it. Whether there may be more.
fn tell_of_rejections(scope: &mut v8::PinScope<'_, '_>, hooks: &Hooks, grant: &Grant) -> bool {
    let Some(flat) = Rejections::take(scope) else {
        return false;
    };
    let Some(gas) = natives::read_gas(scope) else {
        return false;
    };
    if enter(scope, hooks, grant, gas, flat).is_none() {
        return false;
    }
    scope.perform_microtask_checkpoint();
    true
}

/// Compiles every module of the program; the text of what is wrong with it.
fn load_program(scope: &mut v8::PinScope<'_, '_>) -> Option<String> {
    let program = state::with(|state| state.modules.program())?;
    let mut wrong = String::new();
    for module in &program.modules {
        match compile::cached(module) {
            Ok(compiled) => {
                v8::tc_scope!(let scope, scope);
                if modules::load(scope, &module.specifier, &compiled).is_none() {
                    let error = scope.exception().unwrap_or_else(|| v8::undefined(scope).into());
                    scope.reset();
                    wrong.push_str(&errors::describe(scope, error));
                }
            }
            Err(text) => wrong.push_str(&text),
        }
    }
    (!wrong.is_empty()).then_some(wrong)
}

/// Deliveries as the library takes them: kind and two values each.
fn flatten<'s>(scope: &mut v8::PinScope<'s, '_>, deliveries: &[Delivery]) -> Option<v8::Local<'s, v8::Value>> {
    let mut flat: Vec<v8::Local<'s, v8::Value>> = Vec::with_capacity(deliveries.len() * 3);
    for delivery in deliveries {
        let (kind, a, b) = match delivery {
            Delivery::Reply { call, result } => {
                state::with(|state| state.reply(*call));
                let id = convert::number(scope, i64::try_from(*call).unwrap_or(i64::MAX));
                match result {
                    Ok(value) => (0, id, convert::to_v8(scope, value)?),
                    Err(error) => {
                        let pair = Value::List(vec![
                            Value::Str(error.errno.name().to_owned()),
                            Value::Str(error.message.clone()),
                        ]);
                        (1, id, convert::to_v8(scope, &pair)?)
                    }
                }
            }
            Delivery::Signal { signal } => (2, v8::Integer::new(scope, *signal).into(), v8::undefined(scope).into()),
            Delivery::Start(start) => (
                3,
                convert::to_v8(scope, &start_value(start))?,
                v8::undefined(scope).into(),
            ),
        };
        flat.push(v8::Integer::new(scope, kind).into());
        flat.push(a);
        flat.push(b);
    }
    Some(v8::Array::new_with_elements(scope, &flat).into())
}

/// What the library is told of the process.
fn start_value(start: &Start) -> Value {
    let text = |text: &String| Value::Str(text.clone());
    let env = start
        .env
        .iter()
        .map(|(key, value)| (key.clone(), text(value)))
        .collect();
    Value::Map(
        [
            ("pid", Value::Int(start.pid.into())),
            ("argv", Value::List(start.argv.iter().map(text).collect())),
            ("env", Value::Map(env)),
            ("cwd", text(&start.cwd)),
            ("epochMs", Value::Int(i64::try_from(start.epoch_ms).unwrap_or(i64::MAX))),
            ("randomKey", Value::Bytes(start.random_key.clone().into())),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect(),
    )
}

/// What the process does now that its microtasks are done.
fn status(scope: &mut v8::PinScope<'_, '_>) -> Status {
    let failed = |error| Status::Exited {
        code: 1,
        error: Some(error),
    };
    let (fatal, halted, entry) = state::with(|state| (state.fatal.take(), state.halted, state.entry.clone()));
    if let Some(error) = fatal {
        return failed(error);
    }
    if halted {
        return Status::Pending;
    }
    let Some(entry) = entry else { return Status::Pending };
    let entry = v8::Local::new(scope, entry);
    match entry.state() {
        v8::PromiseState::Rejected => {
            let value = entry.result(scope);
            failed(errors::describe(scope, value))
        }
        v8::PromiseState::Fulfilled if state::with(|state| state.outstanding()) == 0 => {
            Status::Exited { code: 0, error: None }
        }
        _ => Status::Pending,
    }
}
