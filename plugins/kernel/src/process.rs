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
//! | [`Loads`] | what it has loaded since, if anything |
//! | [`JournalTail`] | the journal itself: saved, not hashed, checked against the head |

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use bevy_ecs::prelude::*;
use helios_abi::calls::{Message, WaitStatus};
use helios_abi::grant::Delivery;
use helios_abi::host::Limits;
use helios_abi::program::Program;
use helios_abi::{Digest32, Pid};
use serde::{Deserialize, Serialize};

use crate::caps::CapSet;
pub use crate::journal::{JournalHead, JournalTail};

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
/// A process's place in the family, and what it was started as.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// Its pid.
    pub pid: Pid,
    /// Its parent; 0 of `init`.
    pub ppid: Pid,
    /// Its process group, by the pid of the process that it was made for.
    pub pgid: Pid,
    /// Its session, by the pid of the process that began it.
    pub sid: Pid,
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

/// What a parent may ask of a child that lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// A signal stopped it.
    Stopped(i32),
    /// It went on after a stop.
    Continued,
}

/// Where a process stands with the scheduler.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Whether it lives.
    pub life: Life,
    /// Stopped by a signal.
    pub stopped: bool,
    /// In the middle of a computation: its next slice takes no deliveries but a signal that interrupts it.
    pub parked: bool,
    /// The last change of it that its parent has not asked about.
    pub change: Option<Change>,
    /// The number of its next slice.
    pub next_slice: u64,
    /// The number of its program's first slice: `exec` puts a new program, with a new journal, into a process.
    pub first_slice: u64,
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
    /// Gas used by children that ended and were waited for, theirs included.
    pub children_gas: u64,
    /// Niceness, -20 to 19: what a quantum is worth.
    pub nice: i32,
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
    /// Bounds beside those two, and how far they may be raised.
    pub bounds: Bounds,
}

/// The soft bounds that a process has beside its quotas, and every hard bound; absent: none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Most descriptors.
    pub files: Option<u64>,
    /// Most processes of its user.
    pub processes: Option<u64>,
    /// Largest file that it may write, in bytes.
    pub file_bytes: Option<u64>,
    /// How far other than root may raise the bound on CPU, in milliseconds.
    pub hard_ms: Option<u64>,
    /// Likewise of memory.
    pub hard_mem: Option<u64>,
    /// Likewise of descriptors.
    pub hard_files: Option<u64>,
    /// Likewise of processes.
    pub hard_processes: Option<u64>,
    /// Likewise of a file's size.
    pub hard_file_bytes: Option<u64>,
}

/// Gas of one quantum at each niceness from -20 to 19: a tenth more or less a step.
const NICE_QUANTUM: [u64; 40] = [
    13_455, 12_232, 11_120, 10_109, 9_190, 8_354, 7_595, 6_905, 6_277, 5_706, 5_187, 4_716, 4_287, 3_897, 3_543, 3_221,
    2_928, 2_662, 2_420, 2_200, 2_000, 1_818, 1_653, 1_503, 1_366, 1_242, 1_129, 1_026, 933, 848, 771, 701, 637, 579,
    527, 479, 435, 396, 360, 327,
];
/// The least niceness, first in line.
pub const NICE_MIN: i32 = -20;
/// The greatest niceness, last in line.
pub const NICE_MAX: i32 = 19;

/// The gas of a quantum at a niceness.
#[must_use]
pub fn quantum(nice: i32) -> u64 {
    let at = nice.clamp(NICE_MIN, NICE_MAX) - NICE_MIN;
    NICE_QUANTUM[at as usize]
}

impl Accounting {
    /// Nothing used yet.
    #[must_use]
    pub fn new(quota_ms: u64, quota_mem: u64) -> Self {
        let window = CpuWindow::default();
        Self {
            cpu_gas: 0,
            children_gas: 0,
            nice: 0,
            bounds: Bounds::default(),
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

    /// CPU used by it and by children that it waited for, in microseconds.
    #[must_use]
    pub fn all_cpu_us(&self, gas_per_tick: u64) -> u64 {
        micros(self.cpu_gas.saturating_add(self.children_gas), gas_per_tick)
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

/// Gas as time of a CPU that does `gas_per_tick` in a millisecond, in microseconds.
#[must_use]
pub fn micros(gas: u64, gas_per_tick: u64) -> u64 {
    let us = u128::from(gas) * 1_000 / u128::from(gas_per_tick);
    u64::try_from(us).unwrap_or(u64::MAX)
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
    /// Those of the handled ones that interrupt a computation under way.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub interrupting: BTreeSet<i32>,
    /// Dropped.
    pub ignored: BTreeSet<i32>,
    /// Kept back until they are unblocked.
    pub blocked: BTreeSet<i32>,
    /// Sent while they were blocked.
    pub pending: BTreeSet<i32>,
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

/// What a process has loaded since its program started. Only processes that did have this row.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loads {
    /// Specifiers of the modules.
    pub modules: BTreeSet<String>,
    /// What they count ([`loaded_weight`](helios_abi::program::loaded_weight)).
    pub bytes: u64,
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
    fn a_quantum_is_worth_less_the_nicer_its_process() {
        assert_eq!(
            (quantum(0), quantum(-20), quantum(19)),
            (helios_abi::gas::QUANTUM, 13_455, 327)
        );
        assert!((NICE_MIN..NICE_MAX).all(|nice| quantum(nice) > quantum(nice + 1)));
    }

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
