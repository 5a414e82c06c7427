//! Jumps over time in which nothing happens.
//!
//! Each room that has ready lists registers a probe. When no probe is busy, the world's rows cannot change before the
//! next event, record or probed tick, except for the clock: so the clock is set, and hashes and epoch records are what
//! stepping would have made.

use bevy_ecs::prelude::*;

use crate::hash;
use crate::ids::Tick;
use crate::log::Log;

use super::{Calendar, Clock, step};

/// When a room next needs a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// In the next tick: something is ready.
    Busy,
    /// In this tick, unless something happens before.
    At(Tick),
    /// Not before something else happens.
    Never,
}

/// Says when a room next needs a tick. It must be cheap: it is asked before every jump.
pub type IdleProbe = fn(&World) -> Wake;

/// Probes of all rooms.
#[derive(Resource, Default)]
pub(crate) struct IdleProbes(pub(crate) Vec<IdleProbe>);

/// Runs the world to `until`, jumping over idle ticks, and returns after the first tick that ran or at `until`.
///
/// The schedule does not run in an idle tick: a room whose systems have work to do has a probe that says so.
/// Hashes and epoch records are exactly those of stepping. Returns how many ticks passed.
pub fn skip_idle(world: &mut World, until: Tick) -> u64 {
    let start = world.resource::<Clock>().tick;
    if start >= until {
        return 0;
    }
    let wake = next_wake(world);
    while world.resource::<Clock>().tick.next() < wake.min(until.next()) {
        let now = world.resource::<Clock>().tick;
        let stop = hash::next_stop(world, now).min(wake.min(until.next()));
        if stop > now.next() {
            world.resource_mut::<Clock>().tick = Tick(stop.0 - 1);
        } else {
            // The next tick is one that is hashed: it passes without its schedule, since nothing is ready.
            world.resource_mut::<Clock>().tick = now.next();
            hash::after_tick(world);
        }
    }
    if world.resource::<Clock>().tick < until {
        step(world);
    }
    world.resource::<Clock>().tick.0 - start.0
}

/// Runs the world to `until`, however much happens on the way.
pub fn run_until(world: &mut World, until: Tick) {
    while skip_idle(world, until) > 0 {}
}

/// The first tick that must run: later than the present one. Until then only the clock changes.
pub fn next_wake(world: &World) -> Tick {
    let now = world.resource::<Clock>().tick;
    let mut wake = Tick(u64::MAX);
    for probe in &world.resource::<IdleProbes>().0 {
        match probe(world) {
            Wake::Busy => return now.next(),
            Wake::At(tick) => wake = wake.min(tick),
            Wake::Never => {}
        }
    }
    let event = world.resource::<Calendar>().next_due();
    let record = world.resource::<Log>().next_due();
    [event, record]
        .into_iter()
        .flatten()
        .fold(wake, Tick::min)
        .max(now.next())
}
