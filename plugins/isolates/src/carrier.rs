//! Carriers: the threads that scripts run on. A process that runs out of gas in the middle of a computation keeps its
//! carrier, parked inside the gas callback; one that waits for a reply holds none.

use std::cell::RefCell;
use std::sync::Arc;

use crossbeam::channel::{Receiver, Sender};
use helios_abi::ProcKey;
use helios_abi::grant::{Batch, Grant, Journal, VerdictReason};
use helios_abi::host::{Birth, Limits};
use helios_abi::program::Program;
use helios_abi::value::SharedBytes;

use crate::checkpoint;
use crate::host::MemoryUse;
use crate::process::{End, Process};
use crate::stack::{EXTRA_STACK_BYTES, JS_STACK_BYTES};
use crate::state::{self, Next};
use crate::watchdog::Watch;

/// What a carrier is told.
pub(crate) enum Command {
    /// Run this, on an idle carrier.
    Job(Box<Job>),
    /// Go on, on a parked one.
    Resume(Grant),
    /// Give the parked isolate up.
    Abort,
    /// Say what the parked isolate holds.
    Memory(Sender<MemoryUse>),
    /// Make a checkpoint of this, on an idle carrier.
    Make(Box<Make>),
}

/// A checkpoint to be made.
pub(crate) struct Make {
    pub(crate) key: ProcKey,
    pub(crate) birth: Birth,
    /// What it is to be a difference from.
    pub(crate) base: Option<SharedBytes>,
}

/// One granted slice and where its process is.
pub(crate) struct Job {
    pub(crate) key: ProcKey,
    pub(crate) grant: Grant,
    pub(crate) from: From,
}

/// Where a process comes from.
pub(crate) enum From {
    /// It is alive and idle.
    Live(Box<Process>),
    /// It has to be made, and its journal repeated.
    Birth {
        program: Arc<Program>,
        limits: Limits,
        journal: Journal,
        /// Multiplies the limits.
        looser: u64,
    },
}

/// What a carrier says.
pub(crate) struct Report {
    pub(crate) carrier: usize,
    pub(crate) key: ProcKey,
    pub(crate) what: What,
}

/// What became of a job.
pub(crate) enum What {
    /// The slice is done; the process is idle.
    Idle(Batch, Box<Process>),
    /// The process is parked on this carrier.
    Parked(Batch),
    /// The process ended with this slice.
    Ended(Batch),
    /// The slice was ended from outside; `rebuilding` when it was one of the journal's.
    Verdict { reason: VerdictReason, rebuilding: bool },
    /// A repetition differed, or the kernel broke the contract.
    Broken(String),
    /// The parked isolate is gone, as asked.
    Gone,
    /// A checkpoint, or why there is none.
    Made(Result<SharedBytes, String>),
}

/// This thread's connection to its host.
struct Link {
    index: usize,
    commands: Receiver<Command>,
    reports: Sender<Report>,
    watch: Arc<Watch>,
}

thread_local! {
    static LINK: RefCell<Option<Link>> = const { RefCell::new(None) };
}

/// Starts a carrier.
pub(crate) fn spawn(
    index: usize,
    commands: Receiver<Command>,
    reports: Sender<Report>,
    watch: Arc<Watch>,
) -> std::io::Result<std::thread::JoinHandle<()>> {
    let link = Link {
        index,
        commands,
        reports,
        watch,
    };
    let builder = std::thread::Builder::new().name(format!("carrier-{index}"));
    builder.stack_size(JS_STACK_BYTES + EXTRA_STACK_BYTES).spawn(move || {
        link.watch.adopt_thread();
        let commands = link.commands.clone();
        let reports = link.reports.clone();
        LINK.with(|cell| *cell.borrow_mut() = Some(link));
        while let Ok(command) = crate::spin::receive(&commands) {
            let (key, what) = match command {
                Command::Job(job) => (job.key, work(*job)),
                Command::Make(make) => (make.key, What::Made(checkpoint::made(*make))),
                Command::Resume(_) | Command::Abort | Command::Memory(_) => continue,
            };
            let report = Report {
                carrier: index,
                key,
                what,
            };
            if reports.send(report).is_err() {
                break;
            }
        }
        LINK.with(|cell| cell.borrow_mut().take());
    })
}

/// Runs a job to the end of its granted slice.
fn work(job: Job) -> What {
    let (mut process, journal) = match job.from {
        From::Live(process) => (process, Journal::default()),
        From::Birth {
            program,
            limits,
            journal,
            looser,
        } => match Process::born(job.key, program, limits, looser, &journal) {
            Ok(process) => (Box::new(process), journal),
            Err(text) => return What::Broken(format!("process {}: {text}", job.key)),
        },
    };
    let end = match process.state.feed.load(journal, job.grant) {
        Ok(first) => process.run(first),
        Err(text) => End::Broken(format!("process {}: {text}", job.key)),
    };
    let rebuilding = process.state.feed.repeating();
    match end {
        End::Batch(batch) if matches!(batch.status, helios_abi::grant::Status::Exited { .. }) => What::Ended(batch),
        End::Batch(batch) => What::Idle(batch, process),
        End::Verdict(reason) => What::Verdict { reason, rebuilding },
        End::Broken(text) => What::Broken(text),
        End::Aborted => What::Gone,
        End::Done => unreachable!("a slice was granted"),
    }
}

/// A slice begins on this carrier.
pub(crate) fn slice_begins() {
    let (key, slice, live, control) = state::with(|state| {
        (
            state.key,
            state.slice,
            !state.feed.repeating(),
            Arc::clone(&state.control),
        )
    });
    with_link(|link| link.watch.begin(link.index, (key, slice, live), control));
}

/// The slice is over; the verdict that the watchdog has spoken meanwhile.
pub(crate) fn slice_ends() -> Option<VerdictReason> {
    with_link(|link| link.watch.end(link.index));
    state::with(|state| state.control.verdict())
}

fn with_link(f: impl FnOnce(&Link)) {
    LINK.with(|cell| f(cell.borrow().as_ref().expect("scripts run on carriers")));
}

/// A slice ends in the middle of a computation. Waits, parked, for the next grant; `None` when there is none: the
/// isolate is to be terminated.
pub(crate) fn next_grant(scope: &mut v8::PinScope<'_, '_>, batch: Batch) -> Option<Grant> {
    if slice_ends().is_some() {
        return None;
    }
    let grant = match state::with(|state| state.feed.next(state.key, state.slice, batch)) {
        Next::Grant(grant) => grant,
        Next::Diverged => return None,
        Next::Done => {
            let text = "the journal ends in the middle of a computation".to_owned();
            state::with(|state| state.feed.divergence = Some(text));
            return None;
        }
        Next::Report(batch) => wait(scope, batch)?,
    };
    if !state::with(|state| state.interrupt(&grant.deliveries)) {
        state::with(|state| {
            let text = format!(
                "process {}: a parked computation was given more than a signal",
                state.key
            );
            state.feed.divergence = Some(text);
        });
        return None;
    }
    state::with(|state| state.slice = grant.slice);
    slice_begins();
    Some(grant)
}

fn wait(scope: &mut v8::PinScope<'_, '_>, batch: Batch) -> Option<Grant> {
    let (commands, reports, carrier) = LINK.with(|cell| {
        let link = cell.borrow();
        let link = link.as_ref().expect("scripts run on carriers");
        (link.commands.clone(), link.reports.clone(), link.index)
    });
    let key = state::with(|state| state.key);
    let sent = reports.send(Report {
        carrier,
        key,
        what: What::Parked(batch),
    });
    while sent.is_ok() {
        match crate::spin::receive(&commands) {
            Ok(Command::Resume(grant)) => return Some(grant),
            Ok(Command::Memory(answer)) => {
                let control = state::with(|state| Arc::clone(&state.control));
                let _ = answer.send(crate::process::memory_of(scope, &control));
            }
            Ok(Command::Job(_) | Command::Make(_) | Command::Abort) | Err(_) => break,
        }
    }
    state::with(|state| state.aborted = true);
    None
}
