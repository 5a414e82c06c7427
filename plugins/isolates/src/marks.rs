//! Which slices are under way, in memory that a parent process can read after this one died.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use helios_abi::{NodeId, Pid, ProcKey};

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

static MARKS: OnceLock<&'static Marks> = OnceLock::new();

/// From now on this process marks its slices there.
pub(crate) fn install(marks: &'static Marks) {
    assert!(MARKS.set(marks).is_ok(), "marks are installed once");
}

/// A carrier begins a slice.
pub(crate) fn begin(carrier: usize, key: ProcKey, slice: u64) {
    if let Some(mark) = MARKS.get().and_then(|marks| marks.get(carrier)) {
        mark.node.store(key.node.0, Ordering::Relaxed);
        mark.slice.store(slice, Ordering::Relaxed);
        mark.pid.store(u64::from(key.pid.0) + 1, Ordering::Release);
    }
}

/// A carrier ended it.
pub(crate) fn end(carrier: usize) {
    if let Some(mark) = MARKS.get().and_then(|marks| marks.get(carrier)) {
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
