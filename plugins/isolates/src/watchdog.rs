//! Ends slices that take too much CPU time. Time is the carrier thread's own CPU clock, so a busy or suspended machine
//! convicts nobody.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use helios_abi::ProcKey;
use helios_abi::grant::VerdictReason;

use crate::limits::Control;

/// How often running slices are looked at.
const PERIOD: Duration = Duration::from_millis(50);

/// What the watchdog sees of one carrier.
pub(crate) struct Watch {
    slot: Mutex<Slot>,
}

#[derive(Default)]
struct Slot {
    thread: Option<libc::pthread_t>,
    running: Option<Arc<Control>>,
    /// Counts slices, so that the watchdog knows one it has seen before.
    count: u64,
}

impl Watch {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { slot: Mutex::default() })
    }

    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Called by the carrier itself, first.
    pub(crate) fn adopt_thread(&self) {
        // SAFETY: `pthread_self` has no preconditions.
        self.slot().thread = Some(unsafe { libc::pthread_self() });
    }

    /// A slice begins: whose, which, and whether it is not one of a journal.
    pub(crate) fn begin(&self, carrier: usize, slice: (ProcKey, u64, bool), control: Arc<Control>) {
        crate::marks::begin(carrier, slice);
        let mut slot = self.slot();
        slot.count += 1;
        slot.running = Some(control);
    }

    /// It is over: the watchdog speaks before this returns, or not at all.
    pub(crate) fn end(&self, carrier: usize) {
        self.slot().running = None;
        crate::marks::end(carrier);
    }
}

/// CPU time of a thread, in nanoseconds. `None` when it is gone.
fn cpu_ns(thread: libc::pthread_t) -> Option<u64> {
    let mut clock: libc::clockid_t = 0;
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `thread` is a carrier that is not yet joined (the host joins carriers after it stopped the watchdog), and
    // both out-pointers are valid.
    let failed = unsafe {
        libc::pthread_getcpuclockid(thread, &raw mut clock) != 0 || libc::clock_gettime(clock, &raw mut time) != 0
    };
    if failed {
        return None;
    }
    Some(u64::try_from(time.tv_sec).ok()? * 1_000_000_000 + u64::try_from(time.tv_nsec).ok()?)
}

/// The watchdog of one host.
pub(crate) struct Watchdog {
    shared: Arc<Shared>,
    thread: Option<std::thread::JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

struct State {
    watches: Vec<Arc<Watch>>,
    limit: Duration,
    /// Slices are running somewhere: look.
    active: bool,
    /// Slices have run since the last look. While they do, it sleeps by periods; to wake it for each would cost more
    /// than most slices do.
    touched: bool,
    /// It sleeps without end and must be woken.
    asleep: bool,
    /// What a condemned slice that goes on regardless leads to: the end of this process.
    exit_when_stuck: bool,
    stop: bool,
}

impl Watchdog {
    pub(crate) fn new(limit: Duration) -> Self {
        let state = State {
            watches: Vec::new(),
            limit,
            active: false,
            touched: false,
            asleep: false,
            exit_when_stuck: false,
            stop: false,
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            wake: Condvar::new(),
        });
        let other = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("watchdog".into())
            .spawn(move || watch(&other))
            .ok();
        Self { shared, thread }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, watch: Arc<Watch>) {
        self.state().watches.push(watch);
    }

    pub(crate) fn exit_when_stuck(&self) {
        self.state().exit_when_stuck = true;
    }

    pub(crate) fn set_limit(&self, limit: Duration) {
        self.state().limit = limit;
    }

    /// Whether there is anything to look at.
    pub(crate) fn set_active(&self, active: bool) {
        let mut state = self.state();
        state.active = active;
        if active {
            state.touched = true;
            if state.asleep {
                self.shared.wake.notify_all();
            }
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.state().stop = true;
        self.shared.wake.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn watch(shared: &Shared) {
    /// A slice as last seen: its number and the CPU time then.
    type Seen = Option<(u64, u64)>;
    let mut seen: Vec<Seen> = Vec::new();
    let mut state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if state.stop {
            return;
        }
        let recent = std::mem::take(&mut state.touched);
        state = if state.active || recent {
            shared
                .wake
                .wait_timeout(state, PERIOD)
                .unwrap_or_else(PoisonError::into_inner)
                .0
        } else {
            state.asleep = true;
            let mut state = shared.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.asleep = false;
            state
        };
        seen.resize(state.watches.len(), None);
        let limit_ns = u64::try_from(state.limit.as_nanos()).unwrap_or(u64::MAX);
        for (watch, seen) in state.watches.iter().zip(&mut seen) {
            let slot = watch.slot();
            let (Some(control), Some(thread)) = (&slot.running, slot.thread) else {
                *seen = None;
                continue;
            };
            let Some(now) = cpu_ns(thread) else { continue };
            match *seen {
                Some((count, since)) if count == slot.count => {
                    if now.saturating_sub(since) >= limit_ns {
                        control.condemn(VerdictReason::Watchdog);
                        // Some built-ins do not listen. The marks say which slice it was.
                        if state.exit_when_stuck && now.saturating_sub(since) >= limit_ns.saturating_mul(2) {
                            // SAFETY: nothing of a child outlives it that a destructor would have to see to.
                            unsafe { libc::_exit(crate::child_role::STUCK_STATUS) };
                        }
                    }
                }
                _ => *seen = Some((slot.count, now)),
            }
        }
    }
}
