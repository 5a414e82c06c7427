//! The determinism check: the same world run twice, restored half way, and replayed, compared at every tick.

use bevy_app::App;
use bevy_ecs::prelude::*;

use crate::hash::{Hash, world_hash};
use crate::ids::Tick;
use crate::replay::{Recorder, ReplayOptions, read_recording, replay, write_recording};
use crate::snapshot::{Difference, diff, read_snapshot, restore, take, write_snapshot};
use crate::time::{Clock, step};

/// Two runs that should be equal and are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// Which comparison failed.
    pub runs: &'static str,
    /// The first tick after which they differ.
    pub tick: Tick,
    /// The first row and field.
    pub difference: Option<Box<Difference>>,
    /// Whatever else there is to say.
    pub note: String,
}

impl core::fmt::Display for Disagreement {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} differ at tick {}", self.runs, self.tick)?;
        if let Some(difference) = &self.difference {
            write!(f, ": {difference}")?;
        }
        if !self.note.is_empty() {
            write!(f, ": {}", self.note)?;
        }
        Ok(())
    }
}

/// Runs a world for `ticks` in every way that must come to the same, and returns the last hash.
///
/// `make` builds an app whose world is ready to run, the same at every call. `drive` is called before each tick and may
/// submit commands; what it does must depend on the tick and the world's state alone.
///
/// # Errors
/// Names the first comparison, tick, row and field that disagree.
///
/// # Panics
/// When a snapshot or recording does not survive its own file form.
pub fn check_determinism(
    make: &dyn Fn() -> App,
    ticks: u64,
    drive: &dyn Fn(&mut World, Tick),
) -> Result<Hash, Disagreement> {
    let (mut live, mut twin) = (make(), make());
    let start = live.world().resource::<Clock>().tick.0;
    let recorder = Recorder::start(live.world_mut());
    let half = Tick(start + ticks / 2);
    run_both("two live runs", &mut live, &mut twin, half, drive)?;

    let saved = write_snapshot(&take(live.world_mut())).expect("the snapshot is within its bounds");
    let mut restored = make();
    let snapshot = read_snapshot(&saved).expect("a snapshot that was just written reads back");
    let outcome = restore(restored.world_mut(), snapshot).expect("a snapshot that was just taken can be restored");
    assert_eq!(outcome.upgrade_needed, None, "both apps are of one build");
    compare("a live run and its restored snapshot", &mut live, &mut restored)?;
    run_both(
        "a live run and one restored half way",
        &mut live,
        &mut restored,
        Tick(start + ticks),
        drive,
    )?;

    let recording = recorder.finish(live.world_mut());
    let bytes = write_recording(&recording).expect("the recording is within its bounds");
    let recording = read_recording(&bytes).expect("a recording that was just written reads back");
    replay(&mut make(), &recording, &ReplayOptions::default()).map_err(|error| Disagreement {
        runs: "a live run and its replay",
        tick: half,
        difference: None,
        note: error.to_string(),
    })?;
    Ok(world_hash(live.world_mut()))
}

fn run_both(
    runs: &'static str,
    left: &mut App,
    right: &mut App,
    until: Tick,
    drive: &dyn Fn(&mut World, Tick),
) -> Result<(), Disagreement> {
    while left.world().resource::<Clock>().tick < until {
        for app in [&mut *left, &mut *right] {
            let next = app.world().resource::<Clock>().tick.next();
            drive(app.world_mut(), next);
            step(app.world_mut());
        }
        compare(runs, left, right)?;
    }
    Ok(())
}

fn compare(runs: &'static str, left: &mut App, right: &mut App) -> Result<(), Disagreement> {
    let hashes = (world_hash(left.world_mut()), world_hash(right.world_mut()));
    if hashes.0 == hashes.1 {
        return Ok(());
    }
    let difference = diff(&take(left.world_mut()), &take(right.world_mut()));
    let tick = left.world().resource::<Clock>().tick;
    Err(Disagreement {
        runs,
        tick,
        difference: difference.map(Box::new),
        note: String::new(),
    })
}
