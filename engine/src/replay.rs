//! Recordings: a snapshot, the log from there on, and the hashes to verify it against.
//!
//! A replay restores the snapshot, follows the log, and compares each hash on record. The first tick that differs ends
//! it; where the recording run's snapshots are at hand, so does the first row and field.

mod file;

use std::collections::BTreeMap;

use bevy_app::App;
use bevy_ecs::prelude::*;

pub use file::{MAX_RECORDING_BYTES, read_recording, read_recording_file, write_recording, write_recording_file};

use crate::hash::{self, Hash, HashPolicy, TickHashes};
use crate::ids::Tick;
use crate::log::{Body, InputCursor, Log, LogFile, LogHeader, Parent, Record};
use crate::snapshot::{self, Difference, RestoreError, Snapshot, diff, restore};
use crate::time::{Clock, skip_idle};
use crate::versions::{BuildVersions, FORMAT, VersionDiff, Versions, compare};

/// A run that can be verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Where it starts.
    pub snapshot: Snapshot,
    /// What happened to it: header and records, epochs among them.
    pub log: LogFile,
    /// Hashes after single ticks, where the run was hashed at every tick.
    pub tick_hashes: BTreeMap<Tick, Hash>,
    /// The last tick.
    pub end: Tick,
    /// The hash after the last tick.
    pub end_hash: Hash,
}

impl Recording {
    /// A recording that starts and ends at one tick, where it branches off another log.
    #[must_use]
    pub fn branch(snapshot: Snapshot, parent: Hash, hash: Hash) -> Self {
        let tick = snapshot.tick;
        let header = LogHeader {
            format: FORMAT,
            versions: snapshot.versions.clone(),
            snapshot: snapshot.digest(),
            start: tick,
            parent: Some(Parent { log: parent, tick }),
        };
        Self {
            snapshot,
            log: LogFile {
                header,
                records: Vec::new(),
            },
            tick_hashes: BTreeMap::new(),
            end: tick,
            end_hash: hash,
        }
    }
}

/// Records the run of a world from now on.
#[derive(Clone, Debug)]
pub struct Recorder {
    snapshot: Snapshot,
    parent: Option<Parent>,
    /// What was recorded before, where this goes on with a recording.
    before: Option<(Vec<Record>, BTreeMap<Tick, Hash>, Tick)>,
}

impl Recorder {
    /// Starts between two ticks. Commands already stamped for the next tick belong to the recording.
    pub fn start(world: &mut World) -> Self {
        Self {
            snapshot: snapshot::take(world),
            parent: None,
            before: None,
        }
    }

    /// Starts between two ticks, on a branch of another log.
    pub fn start_branch(world: &mut World, parent: Hash) -> Self {
        let started = Self::start(world);
        let tick = started.snapshot.tick;
        Self {
            parent: Some(Parent { log: parent, tick }),
            ..started
        }
    }

    /// Goes on with a recording, in a world that stands at its end and writes a log of its own from there.
    ///
    /// # Panics
    /// When the world stands elsewhere.
    pub fn go_on(world: &World, recording: Recording) -> Self {
        let now = world.resource::<Clock>().tick;
        assert!(
            now == recording.end,
            "the world is at tick {now}, the recording ends at {}",
            recording.end
        );
        Self {
            snapshot: recording.snapshot,
            parent: recording.log.header.parent,
            before: Some((recording.log.records, recording.tick_hashes, recording.end)),
        }
    }

    /// Ends between two ticks.
    ///
    /// # Panics
    /// When this run follows a log: what it would record is that log.
    pub fn finish(self, world: &mut World) -> Recording {
        let end_hash = hash::world_hash(world);
        let (start, end) = (self.snapshot.tick, world.resource::<Clock>().tick);
        let log = world.resource::<Log>();
        assert!(
            log.mode() == crate::log::Mode::Authoring,
            "a following run has nothing of its own to record"
        );
        let (mut records, mut tick_hashes, from) = self.before.unwrap_or_else(|| (Vec::new(), BTreeMap::new(), start));
        let new = log
            .records()
            .iter()
            .filter(|record| record.tick > from && record.tick <= end);
        records.extend(new.cloned());
        let header = LogHeader {
            format: FORMAT,
            versions: self.snapshot.versions.clone(),
            snapshot: self.snapshot.digest(),
            start,
            parent: self.parent,
        };
        let hashes = &world.resource::<TickHashes>().0;
        tick_hashes.extend(
            hashes
                .range(from.next()..=end.max(from.next()))
                .map(|(&tick, &hash)| (tick, hash)),
        );
        Recording {
            snapshot: self.snapshot,
            log: LogFile { header, records },
            tick_hashes,
            end,
            end_hash,
        }
    }
}

/// How a recording is replayed.
#[derive(Clone, Debug, Default)]
pub struct ReplayOptions {
    /// Snapshots of the recording run, with which a divergence names the row and field.
    pub reference: BTreeMap<Tick, Snapshot>,
    /// Stop after this tick instead of at the end.
    pub until: Option<Tick>,
}

/// What a replay verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplayReport {
    /// Ticks that ran.
    pub ticks: u64,
    /// Epoch hashes that agreed.
    pub epochs_verified: u64,
    /// Hashes of single ticks that agreed.
    pub ticks_verified: u64,
    /// The last tick.
    pub end: Tick,
    /// The hash there.
    pub end_hash: Hash,
}

/// Where a replay differs from its recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The first tick that is known to differ.
    pub tick: Tick,
    /// The last tick that is known to agree.
    pub agreed: Tick,
    /// The hash on record.
    pub expected: Hash,
    /// The hash found.
    pub found: Hash,
    /// The first row and field, recording on the left, where a snapshot of that tick was at hand.
    pub difference: Option<Box<Difference>>,
}

impl core::fmt::Display for Divergence {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            f,
            "the replay differs at tick {} (it agreed at tick {})",
            self.tick, self.agreed
        )?;
        match &self.difference {
            Some(difference) => write!(f, ": {difference}"),
            None => write!(f, ": hash {} on record, {} found", self.expected, self.found),
        }
    }
}

/// Why a replay failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The run differs.
    #[error("{0}")]
    Diverged(Divergence),
    /// The snapshot could not be restored.
    #[error("the recording's snapshot: {0}")]
    Restore(#[from] RestoreError),
    /// The recording is of another build.
    #[error("the recording cannot be verified: it was {0}")]
    OtherBuild(VersionDiff),
    /// The parts of the recording do not belong together.
    #[error("the recording is not of a piece: {0}")]
    Inconsistent(&'static str),
}

/// Replays a recording in an app with the same plugins and verifies every hash on record.
///
/// # Errors
/// When the recording cannot be restored here, or with the first hash that differs.
pub fn replay(app: &mut App, recording: &Recording, options: &ReplayOptions) -> Result<ReplayReport, ReplayError> {
    check_recording(app.world(), recording)?;
    let world = app.world_mut();
    restore(world, recording.snapshot.clone())?;
    world.insert_resource(Log::following(&recording.log.records));
    let policy = if recording.tick_hashes.is_empty() {
        HashPolicy::EveryEpoch
    } else {
        HashPolicy::EveryTick
    };
    let before = *world.resource::<HashPolicy>();
    world.insert_resource(policy);
    let verified = verify(world, recording, options);
    world.insert_resource(before);
    verified
}

fn is_upgrade(record: &Record) -> bool {
    matches!(&record.body, Body::Command { name, .. } if name == crate::versions::UPGRADE)
}

/// Whether the parts of a recording belong together, and this build can play it.
///
/// # Errors
/// When they do not, or when it cannot.
pub fn check_recording(world: &World, recording: &Recording) -> Result<(), ReplayError> {
    let fail = |problem| Err(ReplayError::Inconsistent(problem));
    let header = &recording.log.header;
    if header.start != recording.snapshot.tick || header.snapshot != recording.snapshot.digest() {
        return fail("the log starts from another snapshot");
    }
    if recording.end < header.start || recording.log.records.iter().any(|record| record.tick > recording.end) {
        return fail("it ends before its last record");
    }
    let cursor = recording.snapshot.row("input_cursor", crate::ids::RowId::WORLD);
    let next_seq = cursor.and_then(|cursor| serde_json::from_value::<InputCursor>(cursor.clone()).ok());
    let first = recording
        .log
        .records
        .iter()
        .find(|record| matches!(record.body, Body::Command { .. }));
    match (next_seq, first) {
        (Some(cursor), Some(first)) if first.seq < cursor.next_seq => {
            return fail("the log repeats commands of the snapshot");
        }
        _ => {}
    }
    let ours = Versions {
        parts: world.resource::<BuildVersions>().parts().clone(),
        schemas: BTreeMap::new(),
    };
    let upgraded_first = recording.log.records.first().is_some_and(is_upgrade);
    match compare(&recording.snapshot.versions, &ours) {
        Some(diff) if !upgraded_first => Err(ReplayError::OtherBuild(diff)),
        _ => Ok(()),
    }
}

fn verify(world: &mut World, recording: &Recording, options: &ReplayOptions) -> Result<ReplayReport, ReplayError> {
    let start = recording.snapshot.tick;
    let end = options
        .until
        .map_or(recording.end, |until| until.min(recording.end))
        .max(start);
    let epochs: BTreeMap<Tick, Hash> = recording
        .log
        .records
        .iter()
        .filter_map(|record| match record.body {
            Body::Epoch { hash } => Some((record.tick, hash)),
            _ => None,
        })
        .collect();
    let mut known = recording.tick_hashes.clone();
    known.extend(epochs.iter().map(|(&tick, &hash)| (tick, hash)));
    known.insert(recording.end, recording.end_hash);
    let (mut agreed, mut now) = (start, start);
    while now < end {
        // A jump never passes a tick whose hash is on record.
        let stop = known.range(now.next()..=end).next().map_or(end, |(&tick, _)| tick);
        skip_idle(world, stop);
        now = world.resource::<Clock>().tick;
        if let Some(&expected) = known.get(&now) {
            let found = hash::world_hash(world);
            if found != expected {
                let divergence = name_difference(
                    world,
                    options,
                    Divergence {
                        tick: now,
                        agreed,
                        expected,
                        found,
                        difference: None,
                    },
                );
                return Err(ReplayError::Diverged(divergence));
            }
            agreed = now;
        }
    }
    Ok(ReplayReport {
        ticks: now.0 - start.0,
        epochs_verified: epochs
            .range(start.next()..)
            .take_while(|(tick, _)| **tick <= now)
            .count() as u64,
        ticks_verified: recording.tick_hashes.keys().filter(|tick| **tick <= now).count() as u64,
        end: now,
        end_hash: hash::world_hash(world),
    })
}

fn name_difference(world: &mut World, options: &ReplayOptions, divergence: Divergence) -> Divergence {
    let Some(reference) = options.reference.get(&divergence.tick) else {
        return divergence;
    };
    let found = snapshot::take(world);
    Divergence {
        difference: diff(reference, &found).map(Box::new),
        ..divergence
    }
}
