//! Isolates on threads of this process.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use crossbeam::channel::{Receiver, Sender, unbounded};
use helios_abi::ProcKey;
use helios_abi::grant::{Batch, Grant, MemorySample, VerdictReason};
use helios_abi::host::{Birth, Births, Checkpoint, IsolateHost, Outcome, Strictness};
use helios_abi::value::SharedBytes;

use super::maker::Maker;
use super::{LOOSER, MemoryUse, TRIES};
use crate::carrier::{self, Command, From, Job, Report, What};
use crate::process::Process;
use crate::watchdog::{Watch, Watchdog};

/// How a [`ThreadHost`] is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ThreadConfig {
    /// Slices that run at the same time.
    pub workers: usize,
    /// Processes that may be parked, each on a thread of its own. Beyond that, one is rebuilt at every grant.
    pub parked_max: usize,
    /// Processes that may be alive and idle. Beyond that, the one that ran longest ago is dropped and rebuilt when it
    /// is granted a slice.
    pub live_max: usize,
    /// Bytes that live and idle processes may hold together, by what each held when it was last looked at; likewise.
    pub live_bytes: u64,
    /// CPU time of one slice.
    pub slice_cpu: Duration,
}

impl Default for ThreadConfig {
    fn default() -> Self {
        Self {
            workers: 2,
            parked_max: 64,
            live_max: 4096,
            live_bytes: 8 << 30,
            slice_cpu: Duration::from_secs(5),
        }
    }
}

impl ThreadConfig {
    /// With so many workers, else as by default.
    #[must_use]
    pub fn workers(workers: usize) -> Self {
        Self {
            workers: workers.max(1),
            ..Self::default()
        }
    }
}

/// How many grants go by between two looks at what all idle isolates hold.
const WEIGH_EVERY: u64 = 64;

/// A carrier as the host sees it.
struct Carrier {
    commands: Option<Sender<Command>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// A process as the host sees it.
struct Entry {
    /// The slice that it is to run next.
    next_slice: u64,
    /// The carrier that it last ran on, where it runs best.
    carrier: usize,
    /// When it ran last, in grants.
    used: u64,
    place: Place,
}

impl Entry {
    /// What it held when it was last looked at, if it is idle.
    fn bytes(&self) -> u64 {
        match &self.place {
            Place::Idle(process) => process.bytes,
            Place::Parked | Place::Running => 0,
        }
    }
}

enum Place {
    Idle(Box<Process>),
    Parked,
    /// A carrier has it.
    Running,
}

/// Runs isolates on threads of this process.
pub struct ThreadHost {
    config: ThreadConfig,
    strictness: Strictness,
    carriers: Vec<Carrier>,
    /// Carriers that hold no process.
    free: Vec<usize>,
    reports: Receiver<Report>,
    report_to: Sender<Report>,
    processes: BTreeMap<ProcKey, Entry>,
    parked: usize,
    clock: u64,
    /// Processes dropped since the last time somebody asked.
    dropped: Vec<ProcKey>,
    watchdog: Watchdog,
    /// Makes checkpoints, once there was one to make.
    maker: Option<Maker>,
}

impl std::fmt::Debug for ThreadHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ThreadHost")
            .field("config", &self.config)
            .field("processes", &self.processes.len())
            .field("carriers", &self.carriers.len())
            .field("parked", &self.parked)
            .finish_non_exhaustive()
    }
}

/// A slice on its way through [`ThreadHost::run`].
pub(crate) struct Pending {
    pub(crate) index: usize,
    pub(crate) key: ProcKey,
    pub(crate) grant: Grant,
    /// How often it was ended from outside where no verdict may be given.
    pub(crate) tries: u32,
}

/// What became of a slice, this time.
pub(crate) enum Tried {
    /// It has its outcome.
    Done(Outcome),
    /// It has to be tried again, from its journal.
    Again(Pending),
}

impl ThreadHost {
    /// A host with no processes. V8 is initialised if it is not yet: do that first thing in `main`
    /// ([`initialize`](crate::initialize)) where other threads exist.
    #[must_use]
    pub fn new(config: ThreadConfig) -> Self {
        crate::initialize();
        crate::startup::warm_up();
        let (report_to, reports) = unbounded();
        let watchdog = Watchdog::new(config.slice_cpu);
        Self {
            config,
            strictness: Strictness::Authoring,
            carriers: Vec::new(),
            free: Vec::new(),
            reports,
            report_to,
            processes: BTreeMap::new(),
            parked: 0,
            clock: 0,
            dropped: Vec::new(),
            watchdog,
            maker: None,
        }
    }

    /// What a live process holds; `None` when it is not alive here. A side query: the journal never sees it.
    #[must_use]
    pub fn memory(&self, process: ProcKey) -> Option<MemoryUse> {
        let entry = self.processes.get(&process)?;
        match &entry.place {
            Place::Idle(process) => Some(process.memory()),
            Place::Parked => {
                let (to, from) = crossbeam::channel::bounded(1);
                self.send(entry.carrier, Command::Memory(to));
                from.recv().ok()
            }
            Place::Running => None,
        }
    }

    /// Live isolates, and how many of them are parked.
    #[must_use]
    pub fn live(&self) -> (usize, usize) {
        (self.processes.len(), self.parked)
    }

    /// Drops a process's isolate, as the bounds do: its next grant rebuilds it.
    pub fn evict(&mut self, process: ProcKey) {
        self.discard(process);
        self.dropped.push(process);
    }

    fn send(&self, carrier: usize, command: Command) {
        let sender = self.carriers[carrier]
            .commands
            .as_ref()
            .expect("carriers live as long as their host");
        sender.send(command).expect("a carrier lives as long as its channel");
    }

    /// A carrier that holds no process: `preferred` where it is free.
    fn take_carrier(&mut self, preferred: Option<usize>) -> usize {
        let place = preferred.and_then(|preferred| self.free.iter().position(|free| *free == preferred));
        if let Some(place) = place {
            return self.free.swap_remove(place);
        }
        if let Some(carrier) = self.free.pop() {
            return carrier;
        }
        let index = self.carriers.len();
        let (commands, receiver) = unbounded();
        let watch = Watch::new();
        self.watchdog.add(Arc::clone(&watch));
        let thread = carrier::spawn(index, receiver, self.report_to.clone(), watch)
            .expect("the system has a thread for a carrier");
        self.carriers.push(Carrier {
            commands: Some(commands),
            thread: Some(thread),
        });
        index
    }

    /// Gives a slice to a carrier.
    fn dispatch(&mut self, pending: &Pending, births: &dyn Births) {
        self.clock += 1;
        let clock = self.clock;
        let (key, grant) = (pending.key, pending.grant.clone());
        let stale = self
            .processes
            .get(&key)
            .is_some_and(|entry| entry.next_slice != grant.slice);
        if stale {
            self.discard(key);
        }
        let entry = self.processes.get_mut(&key).map(|entry| {
            entry.used = clock;
            entry.next_slice = grant.slice + 1;
            (entry.carrier, std::mem::replace(&mut entry.place, Place::Running))
        });
        match entry {
            Some((carrier, Place::Parked)) => {
                self.parked -= 1;
                self.send(carrier, Command::Resume(grant));
            }
            Some((preferred, Place::Idle(process))) => {
                let carrier = self.take_carrier(Some(preferred));
                self.processes.get_mut(&key).expect("just seen").carrier = carrier;
                self.send(
                    carrier,
                    Command::Job(Box::new(Job {
                        key,
                        grant,
                        from: From::Live(process),
                    })),
                );
            }
            Some((_, Place::Running)) => unreachable!("a process is named at most once, and runs nowhere between runs"),
            None => self.dispatch_birth(pending, births),
        }
    }

    fn dispatch_birth(&mut self, pending: &Pending, births: &dyn Births) {
        let (key, grant) = (pending.key, pending.grant.clone());
        let birth = births.birth(key, grant.slice);
        let carrier = self.take_carrier(None);
        let used = self.clock;
        self.processes.insert(
            key,
            Entry {
                next_slice: grant.slice + 1,
                carrier,
                used,
                place: Place::Running,
            },
        );
        let mut journal = birth.journal;
        journal.tail.retain(|slice| slice.grant.slice < grant.slice);
        let looser = match (self.strictness, pending.tries) {
            (Strictness::Authoring, 0) => 1,
            _ => LOOSER,
        };
        let from = From::Birth {
            program: birth.program,
            limits: birth.limits,
            journal,
            looser,
        };
        self.send(carrier, Command::Job(Box::new(Job { key, grant, from })));
    }

    /// Forgets a process wherever it is. A parked one is terminated, and its carrier is free when this returns.
    fn discard(&mut self, key: ProcKey) {
        let Some(entry) = self.processes.remove(&key) else {
            return;
        };
        if matches!(entry.place, Place::Parked) {
            self.parked -= 1;
            self.send(entry.carrier, Command::Abort);
            // Nothing runs between runs, so the next report is this carrier's; within a run others may come first.
            let mut others = VecDeque::new();
            loop {
                let report = self.reports.recv().expect("the host holds both ends");
                if report.carrier == entry.carrier {
                    break;
                }
                others.push_back(report);
            }
            for report in others {
                self.report_to.send(report).expect("the host holds both ends");
            }
            self.free.push(entry.carrier);
        }
    }

    /// Takes a report in; an outcome, or the slice again.
    fn settle(&mut self, report: Report, pending: Pending) -> Result<Outcome, Pending> {
        let Report { carrier, key, what } = report;
        match what {
            What::Idle(batch, process) => {
                self.free.push(carrier);
                if let Some(entry) = self.processes.get_mut(&key) {
                    entry.place = Place::Idle(process);
                }
                Ok(Outcome::Ran(batch))
            }
            What::Parked(batch) => Ok(self.park(key, batch)),
            What::Ended(batch) => {
                self.free.push(carrier);
                self.processes.remove(&key);
                Ok(Outcome::Ran(batch))
            }
            What::Verdict { reason, rebuilding } => {
                self.free.push(carrier);
                self.processes.remove(&key);
                self.judge(pending, reason, rebuilding)
            }
            What::Broken(text) => {
                self.free.push(carrier);
                self.processes.remove(&key);
                Ok(Outcome::Failure(text))
            }
            What::Gone => unreachable!("only `discard` sends `Abort`, and it takes the answer itself"),
            What::Made(_) => unreachable!("the maker reports elsewhere"),
        }
    }

    fn park(&mut self, key: ProcKey, batch: Batch) -> Outcome {
        if let Some(entry) = self.processes.get_mut(&key) {
            entry.place = Place::Parked;
            self.parked += 1;
        }
        if self.parked > self.config.parked_max {
            // The one that ran last will run again last of all.
            self.evict(key);
        }
        Outcome::Ran(batch)
    }

    /// A slice was ended from outside: a verdict where this run may write one, else another try.
    fn judge(&self, mut pending: Pending, reason: VerdictReason, rebuilding: bool) -> Result<Outcome, Pending> {
        let detail = format!(
            "process {}, slice {}: {}",
            pending.key,
            pending.grant.slice,
            reason.text()
        );
        if self.strictness == Strictness::Authoring && !rebuilding {
            return Ok(Outcome::Verdict { reason, detail });
        }
        pending.tries += 1;
        if pending.tries >= TRIES {
            return Ok(Outcome::Failure(format!(
                "{detail} (after {TRIES} tries with limits {LOOSER} times looser)"
            )));
        }
        Err(pending)
    }

    /// Keeps idle isolates within their bounds: those that were granted a slice longest ago go first.
    fn trim(&mut self) {
        // To add up what thousands hold costs more than a short slice: now and then will do.
        let look = self.clock.is_multiple_of(WEIGH_EVERY);
        let mut bytes: u64 = if look {
            self.processes.values().map(Entry::bytes).sum()
        } else {
            0
        };
        while self.processes.len() > self.config.live_max || bytes > self.config.live_bytes {
            let idle = self
                .processes
                .iter()
                .filter(|(_, entry)| matches!(entry.place, Place::Idle(_)));
            let Some((key, entry)) = idle.min_by_key(|(_, entry)| entry.used) else {
                return;
            };
            let key = *key;
            bytes = bytes.saturating_sub(entry.bytes());
            self.evict(key);
        }
    }

    fn slice_limit(&self) -> Duration {
        match self.strictness {
            Strictness::Authoring => self.config.slice_cpu,
            Strictness::Following => self.config.slice_cpu * u32::try_from(LOOSER).expect("a small factor"),
        }
    }
}

impl ThreadHost {
    /// Runs each slice once; answers in their order.
    pub(crate) fn run_once(&mut self, slices: Vec<Pending>, births: &dyn Births) -> Vec<Tried> {
        let mut results: Vec<Option<Tried>> = slices.iter().map(|_| None).collect();
        let mut waiting: VecDeque<(usize, Pending)> = slices.into_iter().enumerate().collect();
        let mut running: BTreeMap<ProcKey, (usize, Pending)> = BTreeMap::new();
        self.watchdog.set_active(true);
        loop {
            while running.len() < self.config.workers {
                let Some((place, pending)) = waiting.pop_front() else {
                    break;
                };
                self.dispatch(&pending, births);
                let before = running.insert(pending.key, (place, pending));
                assert!(before.is_none(), "a process is named at most once in a run");
            }
            if running.is_empty() {
                break;
            }
            let report = crate::spin::receive(&self.reports).expect("the host holds both ends");
            let (place, pending) = running.remove(&report.key).expect("only running slices report");
            results[place] = Some(match self.settle(report, pending) {
                Ok(outcome) => Tried::Done(outcome),
                Err(again) => Tried::Again(again),
            });
        }
        self.watchdog.set_active(false);
        self.trim();
        results
            .into_iter()
            .map(|result| result.expect("every slice has its result"))
            .collect()
    }

    /// A slice that does not end though it was told to takes this process along. Not for a process that has other work.
    pub(crate) fn exit_when_stuck(&self) {
        self.watchdog.exit_when_stuck();
    }
}

impl IsolateHost for ThreadHost {
    fn run(&mut self, grants: Vec<(ProcKey, Grant)>, births: &dyn Births) -> Vec<Outcome> {
        let mut outcomes: Vec<Option<Outcome>> = grants.iter().map(|_| None).collect();
        let slices = grants.into_iter().enumerate();
        let mut slices: Vec<_> = slices
            .map(|(index, (key, grant))| Pending {
                index,
                key,
                grant,
                tries: 0,
            })
            .collect();
        while !slices.is_empty() {
            let indices: Vec<_> = slices.iter().map(|slice| slice.index).collect();
            let results = self.run_once(std::mem::take(&mut slices), births);
            for (index, tried) in indices.into_iter().zip(results) {
                match tried {
                    Tried::Done(outcome) => outcomes[index] = Some(outcome),
                    Tried::Again(again) => slices.push(again),
                }
            }
        }
        outcomes
            .into_iter()
            .map(|outcome| outcome.expect("every slice has its outcome"))
            .collect()
    }

    fn forget(&mut self, process: ProcKey) {
        self.discard(process);
    }

    fn forget_all(&mut self) {
        for key in self.processes.keys().copied().collect::<Vec<_>>() {
            self.discard(key);
        }
    }

    fn sample_memory(&mut self) -> Vec<MemorySample> {
        let keys = self.processes.keys().copied().collect::<Vec<_>>();
        let sample = |process: ProcKey| {
            let used = self.memory(process)?;
            Some(MemorySample {
                process,
                bytes: used.heap_used_bytes + used.array_buffer_bytes,
            })
        };
        keys.into_iter().filter_map(sample).collect()
    }

    fn set_strictness(&mut self, strictness: Strictness) {
        if self.strictness != strictness {
            self.strictness = strictness;
            // Heap limits are an isolate's for life: those with the other limits are rebuilt.
            self.forget_all();
        }
        self.watchdog.set_limit(self.slice_limit());
    }

    fn take_hibernated(&mut self) -> Vec<ProcKey> {
        std::mem::take(&mut self.dropped)
    }

    fn begin_checkpoint(&mut self, process: ProcKey, birth: Birth, base: Option<SharedBytes>) {
        self.maker.get_or_insert_with(Maker::new).begin(process, birth, base);
    }

    fn take_checkpoints(&mut self, wait: bool) -> Vec<Checkpoint> {
        self.maker.as_mut().map_or_else(Vec::new, |maker| maker.take(wait))
    }

    fn checkpoint_base(&self) -> String {
        crate::startup::get().digest()
    }

    fn versions(&self) -> BTreeMap<String, String> {
        crate::versions()
    }
}

impl Drop for ThreadHost {
    fn drop(&mut self) {
        self.forget_all();
        for carrier in &mut self.carriers {
            carrier.commands = None;
        }
        for carrier in &mut self.carriers {
            if let Some(thread) = carrier.thread.take() {
                let _ = thread.join();
            }
        }
    }
}
