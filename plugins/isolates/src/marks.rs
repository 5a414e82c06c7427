//! Which slices are under way, in memory that a parent process can read after this one died.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use helios_abi::{NodeId, Pid, ProcKey};

use crate::wire::Chaos;

/// Carriers that a host process can have.
pub(crate) const SLOTS: usize = 1024;

/// One carrier's mark. `pid` is zero when it runs nothing.
#[repr(C)]
#[derive(Default)]
pub(crate) struct Mark {
    pid: AtomicU64,
    node: AtomicU64,
    slice: AtomicU64,
}

/// All marks of a host process.
pub(crate) type Marks = [Mark; SLOTS];

static MARKS: OnceLock<(&'static Marks, Chaos)> = OnceLock::new();
/// Slices begun, for faults.
static BEGUN: AtomicU64 = AtomicU64::new(0);

/// From now on this process marks its slices there, and commits its faults.
pub(crate) fn install(marks: &'static Marks, chaos: Chaos) {
    assert!(MARKS.set((marks, chaos)).is_ok(), "marks are installed once");
}

/// A script makes a call: dies of it where a test wants that.
pub(crate) fn called(name: &str) {
    if name == "crash" && MARKS.get().is_some_and(|(_, chaos)| chaos.crash_call) {
        std::process::abort();
    }
}

/// A carrier begins a slice.
pub(crate) fn begin(carrier: usize, (key, slice, live): (ProcKey, u64, bool)) {
    if let Some(mark) = MARKS.get().and_then(|(marks, _)| marks.get(carrier)) {
        mark.node.store(key.node.0, Ordering::Relaxed);
        mark.slice.store(slice, Ordering::Relaxed);
        mark.pid.store(u64::from(key.pid.0) + 1, Ordering::Release);
        let die_at = MARKS.get().map_or(0, |(_, chaos)| chaos.die_at);
        if live && die_at != 0 && BEGUN.fetch_add(1, Ordering::Relaxed) + 1 == die_at {
            std::process::abort();
        }
    }
}

/// A carrier ended it.
pub(crate) fn end(carrier: usize) {
    if let Some(mark) = MARKS.get().and_then(|(marks, _)| marks.get(carrier)) {
        mark.pid.store(0, Ordering::Release);
    }
}

/// The processes whose slices are under way.
pub(crate) fn running(marks: &Marks) -> Vec<(ProcKey, u64)> {
    let mut running = Vec::new();
    for mark in marks {
        let pid = mark.pid.load(Ordering::Acquire);
        if let Some(pid) = pid.checked_sub(1).and_then(|pid| u32::try_from(pid).ok()) {
            let node = NodeId(mark.node.load(Ordering::Relaxed));
            running.push((ProcKey { node, pid: Pid(pid) }, mark.slice.load(Ordering::Relaxed)));
        }
    }
    running
}
