//! A recording that somebody walks through: a world, its keyframes, and where it stands.

use std::collections::BTreeMap;

use helios_engine::hash::{Hash, HashPolicy};
use helios_engine::ids::Tick;
use helios_engine::log::{Body, Record};
use helios_engine::replay::Recording;
use helios_engine::time::next_wake;
use helios_engine::timeline::{Timeline, TimelineConfig};
use serde::Serialize;

use crate::error::Failure;
use crate::sim::{HostChoice, Sim};

/// Where a walk stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::commands) struct Position {
    /// The tick that ran last.
    pub(in crate::commands) tick: Tick,
    /// The first and the last tick of the recording.
    pub(in crate::commands) start: Tick,
    pub(in crate::commands) end: Tick,
    /// The world's hash.
    pub(in crate::commands) hash: Hash,
    /// The hash on record for this tick, if there is one.
    pub(in crate::commands) recorded: Option<Hash>,
    /// The next tick in which something happens, up to the end.
    pub(in crate::commands) wake: Option<Tick>,
    /// What entered the world in this tick.
    pub(in crate::commands) inputs: Vec<Record>,
}

/// A recording and the world that walks through it.
pub(in crate::commands) struct Walk {
    pub(in crate::commands) sim: Sim,
    timeline: Timeline,
    inputs: BTreeMap<Tick, Vec<Record>>,
    recorded: BTreeMap<Tick, Hash>,
}

impl Walk {
    /// Puts a world at the start of a recording.
    ///
    /// # Errors
    /// If it cannot be restored by this build.
    pub(in crate::commands) fn open(
        name: &str,
        recording: &Recording,
        host: HostChoice,
        config: TimelineConfig,
    ) -> Result<Self, Failure> {
        let fail = |problem: String| Failure::new(format!("{name}: {problem}"));
        // Whoever walks compares hashes by eye or with another run: one that differs does not end it.
        let mut sim = Sim::empty(host, HashPolicy::Off)?;
        helios_engine::replay::check_recording(sim.world(), recording).map_err(|error| fail(error.to_string()))?;
        let timeline =
            Timeline::of_recording(sim.world_mut(), recording, config).map_err(|error| fail(error.to_string()))?;
        sim.check_halted().map_err(|failure| fail(failure.message))?;
        let mut inputs: BTreeMap<Tick, Vec<Record>> = BTreeMap::new();
        let mut recorded = recording.tick_hashes.clone();
        recorded.insert(recording.end, recording.end_hash);
        for record in &recording.log.records {
            match &record.body {
                Body::Epoch { hash } => _ = recorded.insert(record.tick, *hash),
                _ => inputs.entry(record.tick).or_default().push(record.clone()),
            }
        }
        Ok(Self {
            sim,
            timeline,
            inputs,
            recorded,
        })
    }

    /// Goes to a tick, forwards or backwards.
    ///
    /// # Errors
    /// If the tick is not in the recording, or the world cannot go on.
    pub(in crate::commands) fn go(&mut self, to: Tick) -> Result<(), Failure> {
        let sought = self.timeline.seek(self.sim.world_mut(), to);
        self.sim.check_halted()?;
        sought.map(drop).map_err(|error| Failure::new(error.to_string()))
    }

    /// Where it stands.
    pub(in crate::commands) fn position(&mut self) -> Position {
        let (tick, hash) = (self.sim.tick(), self.sim.hash());
        let world = self.sim.world();
        let (start, end) = (self.timeline.start_tick(), self.timeline.end_tick(world));
        let wake = next_wake(world);
        Position {
            tick,
            start,
            end,
            hash,
            recorded: self.recorded.get(&tick).copied(),
            wake: (tick < end).then_some(wake.min(end)),
            inputs: self.inputs.get(&tick).cloned().unwrap_or_default(),
        }
    }
}
