//! Virtual time: the clock, the schedule of a tick, the calendar of events, and jumps over idle time.
//!
//! One tick is one run of [`SimTick`]. It is single-threaded, its phases are chained, and two systems whose order
//! matters but is not given are an error when the schedule is built. [`step`] is the only door: it advances the clock,
//! runs the schedule, and hashes if the policy says so.

mod calendar;
mod idle;
mod ready;

use bevy_app::App;
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::{LogLevel, ScheduleBuildSettings, ScheduleLabel, SingleThreadedExecutor};
use serde::{Deserialize, Serialize};

pub use calendar::{Calendar, CalendarEvent, EventClass, EventHandler, EventKey, EventKind};
pub(crate) use calendar::{EventHandlers, deliver_events};
pub(crate) use idle::IdleProbes;
pub use idle::{IdleProbe, Wake, next_wake, run_until, skip_idle};
pub use ready::ReadySet;

use crate::changes::Steps;
use crate::ids::{MAX_SAFE, Tick};
use crate::state::Row;
use crate::{blobs, hash};

/// Ticks between two epoch records: 3 s of virtual time.
pub const EPOCH_TICKS: u64 = 3_000;

/// 2035-01-01T00:00:00Z in milliseconds of Unix time.
pub const DEFAULT_EPOCH_MS: u64 = 2_051_222_400_000;

/// The schedule of one tick. Add systems to one of its [`Phase`]s.
#[derive(ScheduleLabel, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SimTick;

/// Runs after a world was built or restored: each room rebuilds its indexes, its part of the [`Calendar`] and its ready
/// lists from rows. It must not change any row.
#[derive(ScheduleLabel, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rebuild;

/// The phases of a tick, in order.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Commands stamped for this tick are applied.
    Ingest,
    /// Due timers and frames are handled; waiting processes become ready.
    Deliver,
    /// Processes run.
    Run,
    /// Socket queues become frames on their links.
    Transmit,
    /// CPU is accounted for, tables age.
    Account,
}

/// The world's clock: the tick that runs, or between ticks the last that ran. A row of node 0.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Ticks since the world began.
    pub tick: Tick,
}

impl Clock {
    /// Virtual nanoseconds since the world began, at the start of this tick.
    #[must_use]
    pub const fn now_ns(&self) -> u64 {
        self.tick.start_ns()
    }
}

impl Row for Clock {
    const NAME: &'static str = "clock";
    const SCHEMA: u32 = 1;
}

/// Unix time of tick 0, in milliseconds. A row of node 0.
#[derive(Resource, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorldEpoch {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub unix_ms: u64,
}

impl Default for WorldEpoch {
    fn default() -> Self {
        Self {
            unix_ms: DEFAULT_EPOCH_MS,
        }
    }
}

impl WorldEpoch {
    /// Unix time in milliseconds at a tick: `Date.now()` inside the world.
    #[must_use]
    pub const fn unix_ms_at(&self, tick: Tick) -> u64 {
        self.unix_ms + tick.0
    }
}

impl Row for WorldEpoch {
    const NAME: &'static str = "world_epoch";
    const SCHEMA: u32 = 1;
}

/// What rooms register with time.
pub trait TimeAppExt {
    /// Registers the handler of a kind of calendar event. It runs in [`Phase::Deliver`] with the whole world.
    ///
    /// # Panics
    /// When the kind has a handler already.
    fn register_event(&mut self, kind: EventKind, handler: EventHandler) -> &mut Self;

    /// Registers a probe that says when its room next needs a tick; see [`skip_idle`].
    fn register_idle_probe(&mut self, probe: IdleProbe) -> &mut Self;
}

impl TimeAppExt for App {
    fn register_event(&mut self, kind: EventKind, handler: EventHandler) -> &mut Self {
        self.world_mut()
            .get_resource_or_init::<EventHandlers>()
            .add(kind, handler);
        self
    }

    fn register_idle_probe(&mut self, probe: IdleProbe) -> &mut Self {
        self.world_mut().get_resource_or_init::<IdleProbes>().0.push(probe);
        self
    }
}

/// Runs exactly one tick.
///
/// # Panics
/// When the clock reaches 2^53, after 285,000 years.
pub fn step(world: &mut World) {
    let mut clock = world.resource_mut::<Clock>();
    clock.tick = clock.tick.next();
    assert!(clock.tick.0 < MAX_SAFE, "the clock is at its end");
    world.run_schedule(SimTick);
    world.resource_mut::<Steps>().0 += 1;
    hash::after_tick(world);
    blobs::collect_if_grown(world);
}

/// Runs `count` ticks.
pub fn step_many(world: &mut World, count: u64) {
    for _ in 0..count {
        step(world);
    }
}

/// Settings that every schedule of the simulation has.
pub(crate) fn configure_schedules(app: &mut App) {
    app.edit_schedule(SimTick, |schedule| {
        schedule
            .set_executor(SingleThreadedExecutor::new())
            .set_build_settings(strict());
        schedule.configure_sets(
            (
                Phase::Ingest,
                Phase::Deliver,
                Phase::Run,
                Phase::Transmit,
                Phase::Account,
            )
                .chain(),
        );
    });
    app.edit_schedule(Rebuild, |schedule| {
        schedule
            .set_executor(SingleThreadedExecutor::new())
            .set_build_settings(strict());
    });
}

/// Build settings under which an ambiguity is an error.
pub(crate) fn strict() -> ScheduleBuildSettings {
    ScheduleBuildSettings {
        ambiguity_detection: LogLevel::Error,
        ..ScheduleBuildSettings::new()
    }
}
