//! What the host keeps beside an isolate. While the isolate runs, its state is in a thread-local of its carrier: an
//! isolate is entered on one thread only, so callbacks find it there.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use helios_abi::ProcKey;
use helios_abi::grant::{Batch, Call, Delivery, Grant, Journal, MAX_BATCH_BYTES, MAX_BATCH_CALLS, Slice, Status};
use helios_abi::held::Held;
use helios_abi::program::{Digest32, Program};
use helios_abi::value::SharedBytes;

use crate::limits::Control;
use crate::modules::Modules;

/// One process's state on the host's side.
pub(crate) struct ProcState {
    /// Whose it is.
    pub(crate) key: ProcKey,
    /// Its program, to resolve imports.
    pub(crate) modules: Modules,
    /// Calls of the slice under way.
    pub(crate) calls: Vec<Call>,
    /// Their weight.
    pub(crate) batch_bytes: u64,
    /// Calls made in the process's life; the last call's number.
    pub(crate) made: u64,
    /// Calls under way.
    pub(crate) open: BTreeSet<u64>,
    /// Calls under way that do not keep the process alive.
    pub(crate) unreferenced: BTreeSet<u64>,
    /// Gas granted to this slice.
    pub(crate) granted: u64,
    /// Part of it that is not yet in `$g`, which stays a small integer.
    pub(crate) reserve: u64,
    /// Slice under way.
    pub(crate) slice: u64,
    /// The program has been delivered its start.
    pub(crate) started: bool,
    /// Signals that interrupt the computation under way and have not met the program's own code yet.
    pub(crate) interrupts: VecDeque<i32>,
    /// `halt()` was called.
    pub(crate) halted: bool,
    /// `fatal(error)` was called: the error's text.
    pub(crate) fatal: Option<String>,
    /// Promises that were rejected while nobody listened.
    pub(crate) rejections: crate::rejections::Rejections,
    /// The entry module's promise.
    pub(crate) entry: Option<v8::Global<v8::Promise>>,
    /// What is still to run.
    pub(crate) feed: Feed,
    /// The host wants the isolate gone.
    pub(crate) aborted: bool,
    /// Milliseconds since the Unix epoch at tick 0.
    pub(crate) epoch_ms: u64,
    /// The isolate's limits and verdict.
    pub(crate) control: Arc<Control>,
    /// Cached handles of the prelude's functions.
    pub(crate) hooks: Option<Arc<Hooks>>,
    /// This process's compiled modules by name.
    pub(crate) maps: BTreeMap<String, Arc<crate::compile::Compiled>>,
}

/// Slices to run: those of the journal first, each compared with its record, then the one that was granted.
#[derive(Default)]
pub(crate) struct Feed {
    /// The record of the slice under way, when it is a repetition.
    recorded: Option<Recorded>,
    /// Slices to repeat.
    replay: VecDeque<Slice>,
    /// The long byte arrays that they were given, by name.
    pieces: BTreeMap<Digest32, SharedBytes>,
    /// The slice that was granted.
    live: Option<Grant>,
    /// Where a repetition differed from its record, for people.
    pub(crate) divergence: Option<String>,
}

/// What a slice did when it ran first: its calls, and their long byte arrays by name.
pub(crate) struct Recorded {
    pub(crate) batch: Batch,
    pub(crate) made: Vec<Held>,
}

/// What follows a slice.
pub(crate) enum Next {
    /// Another one at once: the journal goes on.
    Grant(Grant),
    /// It was the granted one: this is its batch.
    Report(Batch),
    /// It was not what the journal says.
    Diverged,
    /// The journal is repeated, and nothing was granted after it.
    Done,
}

impl Feed {
    /// Sets what to run; returns the first grant.
    ///
    /// # Errors
    /// When the journal lacks what it names.
    pub(crate) fn load(&mut self, journal: Journal, live: Grant) -> Result<Grant, String> {
        match self.repeat(journal)? {
            Some(grant) => {
                self.live = Some(live);
                Ok(grant)
            }
            None => Ok(live),
        }
    }

    /// Sets what to repeat, with nothing granted after it; returns the first grant, if there is any.
    ///
    /// # Errors
    /// When the journal lacks what it names.
    pub(crate) fn repeat(&mut self, journal: Journal) -> Result<Option<Grant>, String> {
        self.replay = journal.tail.into();
        self.pieces = journal.pieces;
        self.recorded = None;
        self.divergence = None;
        self.live = None;
        self.repeat_next()
    }

    /// The grant of the next slice to repeat, whole.
    fn repeat_next(&mut self) -> Result<Option<Grant>, String> {
        let Some(slice) = self.replay.pop_front() else {
            self.pieces = BTreeMap::new();
            return Ok(None);
        };
        let grant = slice.whole_grant(|id| self.pieces.get(id).cloned());
        let grant = grant.map_err(|what| format!("slice {}: {what}", slice.grant.slice))?;
        let made = slice.made;
        self.recorded = slice.batch.map(|batch| Recorded { batch, made });
        Ok(Some(grant))
    }

    /// Whether the slice under way is a repetition.
    pub(crate) fn repeating(&self) -> bool {
        self.recorded.is_some()
    }

    /// Takes a slice's batch; says what follows.
    pub(crate) fn next(&mut self, key: ProcKey, slice: u64, batch: Batch) -> Next {
        let Some(recorded) = self.recorded.take() else {
            return Next::Report(batch);
        };
        let (batch, made) = Slice::repeated(&recorded.made, batch);
        let repeated = Recorded { batch, made };
        if recorded.batch != repeated.batch || recorded.made != repeated.made {
            self.divergence = Some(crate::journal::difference(key, slice, &recorded, &repeated));
            return Next::Diverged;
        }
        match self.repeat_next() {
            Ok(Some(grant)) => Next::Grant(grant),
            Ok(None) => self.live.take().map_or(Next::Done, Next::Grant),
            Err(what) => {
                self.divergence = Some(format!("process {key}: {what}"));
                Next::Diverged
            }
        }
    }
}

/// The prelude's functions.
pub(crate) struct Hooks {
    pub(crate) context: v8::Global<v8::Context>,
    pub(crate) enter: v8::Global<v8::Function>,
    pub(crate) gas: v8::Global<v8::Function>,
    pub(crate) set_gas: v8::Global<v8::Function>,
    pub(crate) anchor: v8::Global<v8::Function>,
    pub(crate) nothing: v8::Global<v8::Function>,
    pub(crate) namespace: v8::Global<v8::Function>,
    /// Has V8 record traces in an isolate that makes a snapshot, or stop.
    pub(crate) traces: v8::Global<v8::Function>,
}

impl Hooks {
    /// The functions, in the order of a snapshot's context data.
    pub(crate) fn functions(&self) -> [&v8::Global<v8::Function>; 7] {
        [
            &self.enter,
            &self.gas,
            &self.set_gas,
            &self.anchor,
            &self.nothing,
            &self.namespace,
            &self.traces,
        ]
    }
}

/// Most gas that `$g` holds at a time: a small integer in V8, whatever a grant is.
const GAS_CHUNK: u64 = 1 << 30;
/// The same while an interrupt waits: how soon it is looked for the program's own code again.
const INTERRUPT_CHUNK: u64 = 16;

impl ProcState {
    /// A process that has lived through nothing.
    pub(crate) fn new(key: ProcKey, program: Arc<Program>, control: Arc<Control>) -> Self {
        Self {
            key,
            modules: Modules::new(program),
            calls: Vec::new(),
            batch_bytes: 0,
            made: 0,
            open: BTreeSet::new(),
            unreferenced: BTreeSet::new(),
            granted: 0,
            reserve: 0,
            slice: 0,
            started: false,
            interrupts: VecDeque::new(),
            halted: false,
            fatal: None,
            rejections: crate::rejections::Rejections::default(),
            entry: None,
            feed: Feed::default(),
            aborted: false,
            epoch_ms: 0,
            control,
            hooks: None,
            maps: BTreeMap::new(),
        }
    }

    /// No process: the snapshot is being made.
    pub(crate) fn for_snapshot() -> Self {
        let program = Arc::new(Program { modules: Vec::new() });
        let mut state = Self::new(ProcKey::default(), program, Control::new(u64::MAX));
        state.reserve = u64::MAX / 2;
        state
    }

    /// Takes what a parked computation is given: nothing, or a signal that interrupts it. `false` for anything else.
    pub(crate) fn interrupt(&mut self, deliveries: &[Delivery]) -> bool {
        match deliveries {
            [] => true,
            [Delivery::Signal { signal }] => {
                if !self.interrupts.contains(signal) {
                    self.interrupts.push_back(*signal);
                }
                true
            }
            _ => false,
        }
    }

    /// Begins a slice; returns what goes into `$g`.
    pub(crate) fn begin(&mut self, grant: &Grant) -> u64 {
        self.slice = grant.slice;
        self.granted = grant.gas;
        let chunk = grant.gas.min(self.chunk());
        self.reserve = grant.gas - chunk;
        chunk
    }

    fn chunk(&self) -> u64 {
        if self.interrupts.is_empty() {
            GAS_CHUNK
        } else {
            INTERRUPT_CHUNK
        }
    }

    /// More of this slice's own grant, when `$g` ran below zero. Where the rest of it is not enough, what is left: below
    /// zero, whatever the chunks were, so that the slice ends where it would have with one.
    ///
    /// # Errors
    /// That.
    pub(crate) fn top_up(&mut self, left: i64) -> Result<i64, i64> {
        let debt = u64::try_from(-left).unwrap_or(0);
        let chunk = self.reserve.min(self.chunk().saturating_add(debt));
        self.reserve -= chunk;
        let left = left + i64::try_from(chunk).expect("a chunk is small");
        if left < 0 { Err(left) } else { Ok(left) }
    }

    /// Gas used so far, when `$g` is `left`.
    pub(crate) fn used(&self, left: i64) -> u64 {
        let left = left + i64::try_from(self.reserve).unwrap_or(i64::MAX / 2);
        let granted = i64::try_from(self.granted).unwrap_or(i64::MAX / 2);
        u64::try_from(granted - left).unwrap_or(0)
    }

    /// Whether the batch can take no further call.
    pub(crate) fn full(&self) -> bool {
        self.calls.len() >= MAX_BATCH_CALLS || self.batch_bytes >= MAX_BATCH_BYTES
    }

    /// Ends the slice's batch.
    pub(crate) fn batch(&mut self, gas_left: i64, status: Status) -> Batch {
        self.batch_bytes = 0;
        Batch {
            calls: std::mem::take(&mut self.calls),
            gas_used: self.used(gas_left),
            status,
        }
    }

    /// Calls under way that keep the process alive.
    pub(crate) fn outstanding(&self) -> u64 {
        (self.open.len() - self.unreferenced.len()) as u64
    }

    /// Counts a call.
    pub(crate) fn call(&mut self, name: String, args: helios_abi::Value) -> u64 {
        self.made += 1;
        self.open.insert(self.made);
        self.batch_bytes += args.weight();
        self.calls.push(Call {
            id: self.made,
            name,
            args,
        });
        self.made
    }

    /// Counts a reply.
    pub(crate) fn reply(&mut self, call: u64) {
        self.open.remove(&call);
        self.unreferenced.remove(&call);
    }
}

thread_local! {
    static CURRENT: RefCell<Option<Box<ProcState>>> = const { RefCell::new(None) };
}

/// Puts the state of the isolate that this thread is about to enter in place.
pub(crate) fn install(state: Box<ProcState>) {
    CURRENT.with(|cell| {
        let before = cell.borrow_mut().replace(state);
        assert!(before.is_none(), "a carrier runs one isolate at a time");
    });
}

/// Takes the state out again.
pub(crate) fn remove() -> Box<ProcState> {
    CURRENT
        .with(|cell| cell.borrow_mut().take())
        .expect("a state was installed")
}

/// Works on the state of the isolate entered on this thread. `f` must not run scripts.
pub(crate) fn with<T>(f: impl FnOnce(&mut ProcState) -> T) -> T {
    CURRENT.with(|cell| {
        f(cell
            .borrow_mut()
            .as_mut()
            .expect("an isolate's callbacks run under its state"))
    })
}

/// The same, where there may be none (the snapshot is being made).
pub(crate) fn try_with<T>(f: impl FnOnce(&mut ProcState) -> T) -> Option<T> {
    CURRENT.with(|cell| cell.borrow_mut().as_mut().map(|state| f(state)))
}
