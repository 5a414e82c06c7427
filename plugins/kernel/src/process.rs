//! Processes: the guide's PCB, split into rows by what changes together.
//!
//! | row | holds |
//! |---|---|
//! | [`Family`] | parent, command, terminal, host session: set at birth |
//! | [`Creds`] | users, groups, capabilities |
//! | [`Env`] | environment, working directory, mask |
//! | [`Run`] | alive, stopped or ended; where the scheduler stands with it |
//! | [`Accounting`] | CPU, memory, quotas |
//! | [`Inbox`] | what it is given at its next slice |
//! | [`Fds`](crate::files::Fds), [`Outstanding`](crate::wait::Outstanding), [`Mailbox`], [`SignalTable`], [`Traces`] | as named |
//! | [`JournalHead`], [`ProgramRow`] | the journal's length and digest, the program's modules by hash |
//! | [`JournalTail`] | the journal itself: saved, not hashed, checked against the head |

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use bevy_ecs::prelude::*;
use helios_abi::calls::{Message, WaitStatus};
use helios_abi::grant::{Delivery, Slice};
use helios_abi::host::Limits;
use helios_abi::program::Program;
use helios_abi::{Digest32, Pid};
use serde::{Deserialize, Serialize};

use crate::caps::CapSet;

/// CPU of one turn before SIGXCPU, in milliseconds of the machine's CPU.
pub const DEFAULT_QUOTA_MS: u64 = 120_000;
/// CPU after SIGXCPU before SIGKILL, in milliseconds.
pub const XCPU_GRACE_MS: u64 = 5_000;
/// Memory of a process, where nothing else says.
pub const DEFAULT_QUOTA_MEM: u64 = 64 << 20;
/// Most messages in a mailbox.
pub const MAILBOX_MESSAGES: usize = 64;
/// Longest message.
pub const MESSAGE_BYTES: usize = 64 << 10;
/// Most slices in a journal's tail, and most bytes of calls and deliveries: the process ends beyond, with a reason.
pub const JOURNAL_TAIL_BYTES: u64 = 256 << 20;

/// A process's place in the family, and what it was started as.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// Its pid.
    pub pid: Pid,
    /// Its parent; 0 of `init`.
    pub ppid: Pid,
    /// Canonical path of the program.
    pub path: String,
    /// Arguments, the program's name first.
    pub argv: Vec<String>,
    /// The tick it was started in.
    pub start_tick: u64,
    /// Terminal device, without `/dev/`.
    pub tty: Option<String>,
    /// The host session that it belongs to.
    pub session: Option<u64>,
    /// It is that session's command.
    pub leader: bool,
}

/// Who a process is and what it may do.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Creds {
    /// Real user.
    pub uid: u32,
    /// Real group.
    pub gid: u32,
    /// Effective user: what permissions are checked against.
    pub euid: u32,
    /// Effective group.
    pub egid: u32,
    /// Supplementary groups, sorted.
    pub groups: Vec<u32>,
    /// Capabilities.
    pub caps: CapSet,
}

impl Creds {
    /// Root with every capability.
    #[must_use]
    pub fn root() -> Self {
        Self {
            uid: 0,
            gid: 0,
            euid: 0,
            egid: 0,
            groups: Vec::new(),
            caps: CapSet::all(),
        }
    }

    /// Whether the effective user is root.
    #[must_use]
    pub const fn is_root(&self) -> bool {
        self.euid == 0
    }

    /// Whether the process is in a group.
    #[must_use]
    pub fn in_group(&self, gid: u32) -> bool {
        self.egid == gid || self.groups.contains(&gid)
    }

    /// Whether this process may signal or trace one with `other`'s credentials.
    #[must_use]
    pub const fn may_signal(&self, other: &Self) -> bool {
        self.euid == 0 || self.euid == other.uid || self.uid == other.uid
    }
}

/// What a process inherits and changes of its surroundings.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Env {
    /// Environment.
    pub vars: BTreeMap<String, String>,
    /// Working directory, canonical.
    pub cwd: String,
    /// File-creation mask.
    pub umask: u32,
}

/// Whether a process lives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Life {
    /// It does.
    Alive,
    /// It ended and waits for its parent to ask.
    Zombie(WaitStatus),
}

/// Where a process stands with the scheduler.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Whether it lives.
    pub life: Life,
    /// Stopped by a signal.
    pub stopped: bool,
    /// In the middle of a computation: its next slice takes no deliveries.
    pub parked: bool,
    /// The number of its next slice.
    pub next_slice: u64,
    /// Gas that it owes for calls and for its start; it pays before it runs again.
    pub owed_gas: u64,
    /// The end that its program came to while it was stopped: status, and the text of an uncaught error.
    pub exit: Option<(i32, Option<String>)>,
}

/// Hundredths of a second in one bucket of [`CpuWindow`] and the number of buckets: one virtual second.
const BUCKET_TICKS: u64 = 100;
const BUCKETS: usize = 10;

/// Gas used in the last virtual second, in buckets of 100 ticks, brought up to date when used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CpuWindow {
    bucket: u64,
    gas: [u64; BUCKETS],
}

impl CpuWindow {
    /// Adds gas used in `tick`.
    pub fn add(&mut self, tick: u64, gas: u64) {
        let now = tick / BUCKET_TICKS;
        for skipped in (self.bucket + 1..=now).take(BUCKETS) {
            self.gas[(skipped % BUCKETS as u64) as usize] = 0;
        }
        self.bucket = now;
        self.gas[(now % BUCKETS as u64) as usize] += gas;
    }

    /// Gas used in the last virtual second before `tick`.
    #[must_use]
    pub fn sum(&self, tick: u64) -> u64 {
        let now = tick / BUCKET_TICKS;
        let oldest = now.saturating_sub(BUCKETS as u64 - 1);
        let first = self.bucket.saturating_sub(BUCKETS as u64 - 1).max(oldest);
        (first..=self.bucket)
            .map(|bucket| self.gas[(bucket % BUCKETS as u64) as usize])
            .sum()
    }
}

/// What a process has used, and what it may use.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounting {
    /// Gas used in its life. `cpuMs` is this over the machine's gas per tick.
    pub cpu_gas: u64,
    /// For `%CPU`.
    pub window: CpuWindow,
    /// Gas of the computation under way, since it last waited.
    pub turn_gas: u64,
    /// SIGXCPU was sent in this turn.
    pub xcpu: bool,
    /// Memory in the last sample.
    pub mem_bytes: u64,
    /// CPU of one turn before SIGXCPU, in milliseconds.
    pub quota_ms: u64,
    /// Most memory.
    pub quota_mem: u64,
}

impl Accounting {
    /// Nothing used yet.
    #[must_use]
    pub fn new(quota_ms: u64, quota_mem: u64) -> Self {
        let window = CpuWindow::default();
        Self {
            cpu_gas: 0,
            window,
            turn_gas: 0,
            xcpu: false,
            mem_bytes: 0,
            quota_ms,
            quota_mem,
        }
    }

    /// Counts gas.
    pub(crate) fn charge(&mut self, tick: u64, gas: u64) {
        self.cpu_gas += gas;
        self.turn_gas += gas;
        self.window.add(tick, gas);
    }

    /// CPU used, in whole milliseconds of a CPU that does `gas_per_tick` in one.
    #[must_use]
    pub const fn cpu_ms(&self, gas_per_tick: u64) -> u64 {
        self.cpu_gas / gas_per_tick
    }

    /// CPU of the last virtual second, in tenths of a per cent: of its nine full buckets and the one under way.
    #[must_use]
    pub fn cpu_permille(&self, tick: u64, gas_per_tick: u64) -> u64 {
        let ticks = (BUCKETS as u64 - 1) * BUCKET_TICKS + tick % BUCKET_TICKS + 1;
        let permille = u128::from(self.window.sum(tick)) * 1000 / (u128::from(gas_per_tick) * u128::from(ticks));
        u64::try_from(permille).unwrap_or(u64::MAX)
    }

    /// Limits for the isolate host.
    #[must_use]
    pub const fn limits(&self) -> Limits {
        Limits {
            heap_bytes: self.quota_mem,
            array_buffer_bytes: self.quota_mem,
        }
    }
}

/// What a process is given at its next slice that takes deliveries.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inbox {
    /// In order.
    pub deliveries: Vec<Delivery>,
}

/// Messages from other processes.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mailbox {
    /// Oldest first.
    pub messages: VecDeque<Message>,
}

/// How a process takes signals. What is in neither set has its default action.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalTable {
    /// Delivered to the program.
    pub handled: BTreeSet<i32>,
    /// Dropped.
    pub ignored: BTreeSet<i32>,
}

/// A queue of trace lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraceQueue {
    /// Oldest first.
    pub lines: VecDeque<String>,
    /// Dropped since the last read.
    pub dropped: u64,
    /// The traced process has ended.
    pub ended: bool,
}

/// Tracing: who traces this process, and what this process traces.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Traces {
    /// Its tracer.
    pub by: Option<Pid>,
    /// What it traces, by pid.
    pub of: BTreeMap<Pid, TraceQueue>,
}

/// The journal's length and digest: what hashes and rebuilds are checked against.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalHead {
    /// Slices in the process's life.
    pub len: u64,
    /// The chain's digest after them.
    pub digest: Digest32,
    /// The program's digest.
    pub program: Digest32,
    /// Size of the tail, for its bound.
    pub tail_bytes: u64,
}

/// The journal's slices after its head: saved, not hashed, verified against [`JournalHead`] after a restore.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalTail {
    /// Slices before the tail (a checkpoint's; 0 without one).
    pub head_len: u64,
    /// The chain's digest before the tail.
    pub head_digest: Digest32,
    /// The slices, oldest first.
    pub slices: Vec<Slice>,
}

/// One module of a program, its source by hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModuleRef {
    /// Canonical specifier.
    pub specifier: String,
    /// The blob that holds the source.
    pub source: Digest32,
    /// What each import resolves to: `(as written, canonical)`.
    pub imports: Vec<(String, String)>,
}

/// A process's program.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramRow {
    /// Its modules, the entry first.
    pub modules: Vec<ModuleRef>,
}

/// A process's program in memory. Not a row: after a restore it is rebuilt from [`ProgramRow`].
#[derive(Component, Clone, Debug)]
pub struct LiveProgram(pub Arc<Program>);

/// A machine's run queue: state, for its order decides who runs.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunQueue {
    /// Who is ready, first come first. Those that a tick did not serve lead the next.
    pub pids: VecDeque<Pid>,
    /// Gas that the machine used beyond its budget, as of `debt_tick`.
    pub debt_gas: u64,
    /// The last tick in which the machine ran anything.
    pub debt_tick: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_busy_process_shows_all_of_its_cpu_and_an_idle_one_none() {
        let mut window = CpuWindow::default();
        (0..1000).for_each(|tick| window.add(tick, 10));
        assert_eq!(window.sum(999), 10_000);
        assert_eq!(window.sum(1_999), 0);
        assert_eq!(window.sum(1_499), 5_000);
    }

    proptest! {
        #[test]
        fn the_window_is_the_sum_of_its_last_ten_buckets(steps in prop::collection::vec((0u64..700, 0u64..100), 0..60), wait in 0u64..2000) {
            let (mut window, mut tick, mut all) = (CpuWindow::default(), 0, Vec::new());
            for (step, gas) in steps {
                tick += step;
                window.add(tick, gas);
                all.push((tick, gas));
            }
            let at = tick + wait;
            let oldest = (at / 100).saturating_sub(9);
            let want: u64 = all.iter().filter(|(tick, _)| tick / 100 >= oldest).map(|(_, gas)| gas).sum();
            prop_assert_eq!(window.sum(at), want);
        }
    }
}
