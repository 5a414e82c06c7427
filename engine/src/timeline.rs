//! A world's past, to be gone back to: keyframes in memory, and the log between them.
//!
//! [`Timeline::seek`] puts a world at any tick of its past: it restores the nearest keyframe before that tick and follows
//! the log from there. A live world that is taken away from its end keeps its log, and is put back with it. From any
//! tick a branch can be made, which is a log of its own.

mod keyframes;

use bevy_ecs::prelude::*;

pub use keyframes::Keyframes;

use crate::hash::{Hash, TickHashes};
use crate::ids::Tick;
use crate::log::{InputCursor, Log, LogFile, LogHeader, Mode, Parent, Record};
use crate::replay::Recording;
use crate::snapshot::{Frame, FrameCache, RestoreError, Snapshot, restore, take_frame};
use crate::state::StateError;
use crate::time::{Clock, skip_idle};
use crate::versions::FORMAT;

/// How much a timeline keeps.
#[derive(Clone, Copy, Debug)]
pub struct TimelineConfig {
    /// Most bytes of keyframes.
    pub budget_bytes: u64,
    /// Ticks from one keyframe to the next.
    pub every_ticks: u64,
}

impl Default for TimelineConfig {
    fn default() -> Self {
        Self {
            budget_bytes: 256 << 20,
            every_ticks: 1_000,
        }
    }
}

/// Why a world could not be put at a tick.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeekError {
    /// The tick is not in this timeline.
    #[error("tick {to} is not between {start} and {end}")]
    Outside {
        /// The tick that was asked for.
        to: Tick,
        /// The first there is.
        start: Tick,
        /// The last there is.
        end: Tick,
    },
    /// The run differs from its log.
    #[error("the run differs from its log at tick {tick}: hash {expected} on record, {found} found")]
    Diverged {
        /// The first tick that is known to differ.
        tick: Tick,
        /// The hash on record.
        expected: Hash,
        /// The hash found.
        found: Hash,
    },
    /// A keyframe could not be restored.
    #[error("keyframe: {0}")]
    Restore(#[from] RestoreError),
    /// A row holds what state must not contain.
    #[error("{0}")]
    State(#[from] StateError),
}

/// How a world was put at a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seek {
    /// The keyframe that was restored; none where the world only went on.
    pub keyframe: Option<Tick>,
    /// Ticks that ran, or were passed over, from there.
    pub ticks: u64,
}

/// What a live world is put back with when it returns from its past.
#[derive(Debug)]
struct Live {
    frame: Frame,
    log: Log,
    hashes: TickHashes,
}

/// The past of one world.
#[derive(Debug)]
pub struct Timeline {
    keyframes: Keyframes,
    every_ticks: u64,
    start: Tick,
    /// Who wrote it, and what it branched off.
    header: LogHeader,
    /// Records of the past: of a world that follows a log, all of them; of a live one, those before its log began.
    records: Vec<Record>,
    /// The last tick of a past that is over; none while the world's own clock is the end.
    end: Option<Tick>,
    live: Option<Box<Live>>,
}

impl Timeline {
    /// The past of a live world from now on.
    ///
    /// # Errors
    /// When a row holds what state must not contain.
    pub fn start(world: &mut World, config: TimelineConfig) -> Result<Self, StateError> {
        let frame = take_frame(world)?;
        let header = LogHeader {
            format: FORMAT,
            versions: frame.versions().clone(),
            snapshot: frame.digest(),
            start: frame.tick(),
            parent: None,
        };
        Ok(Self::of(frame, header, Vec::new(), None, config))
    }

    /// The past that a recording holds. The world is restored to its start and follows it.
    ///
    /// # Errors
    /// When its snapshot cannot be restored here.
    pub fn of_recording(world: &mut World, recording: &Recording, config: TimelineConfig) -> Result<Self, SeekError> {
        restore(world, recording.snapshot.clone())?;
        world.insert_resource(Log::following(&recording.log.records));
        let frame = take_frame(world)?;
        let (header, records) = (recording.log.header.clone(), recording.log.records.clone());
        Ok(Self::of(frame, header, records, Some(recording.end), config))
    }

    fn of(frame: Frame, header: LogHeader, records: Vec<Record>, end: Option<Tick>, config: TimelineConfig) -> Self {
        let start = frame.tick();
        let mut keyframes = Keyframes::new(config.budget_bytes);
        keyframes.insert(frame, start);
        Self {
            keyframes,
            every_ticks: config.every_ticks.max(1),
            start,
            header,
            records,
            end,
            live: None,
        }
    }

    /// The first tick that the world can be put at.
    #[must_use]
    pub const fn start_tick(&self) -> Tick {
        self.start
    }

    /// The last tick that the world can be put at.
    #[must_use]
    pub fn end_tick(&self, world: &World) -> Tick {
        let live = self.live.as_ref().map(|live| live.frame.tick());
        live.or(self.end).unwrap_or(world.resource::<Clock>().tick)
    }

    /// The keyframes there are.
    #[must_use]
    pub const fn keyframes(&self) -> &Keyframes {
        &self.keyframes
    }

    /// Takes a keyframe where one is due. Call it between ticks, as the world goes on.
    ///
    /// # Errors
    /// When a row holds what state must not contain.
    pub fn advance(&mut self, world: &mut World) -> Result<(), StateError> {
        let now = world.resource::<Clock>().tick;
        let last = self.keyframes.at_or_before(now).map_or(self.start, Frame::tick);
        if now.0 >= last.0.saturating_add(self.every_ticks) {
            let frame = take_frame(world)?;
            self.keyframes.insert(frame, now);
        }
        Ok(())
    }

    /// Puts the world at a tick. It follows the log then, except at the end of a live world, where it is live again.
    ///
    /// # Errors
    /// When the tick is outside of this past, or the run differs from its log. The world is then at some tick of its
    /// past, and may be put at another.
    pub fn seek(&mut self, world: &mut World, to: Tick) -> Result<Seek, SeekError> {
        let (start, end) = (self.start, self.end_tick(world));
        if to < start || to > end {
            return Err(SeekError::Outside { to, start, end });
        }
        let now = world.resource::<Clock>().tick;
        if to == now {
            return Ok(Seek {
                keyframe: None,
                ticks: 0,
            });
        }
        if let Some(live) = self.live.take_if(|live| live.frame.tick() == to) {
            return Self::go_live(world, *live);
        }
        self.leave_live(world)?;
        // A keyframe between here and there is nearer than here.
        let keyframe = self
            .keyframes
            .at_or_before(to)
            .filter(|frame| to < now || frame.tick() > now);
        let keyframe = keyframe.cloned();
        let from = keyframe.as_ref().map_or(now, Frame::tick);
        if let Some(frame) = &keyframe {
            self.follow_from(world, frame)?;
        }
        self.run(world, to)?;
        Ok(Seek {
            keyframe: keyframe.map(|frame| frame.tick()),
            ticks: to.0 - from.0,
        })
    }

    fn go_live(world: &mut World, live: Live) -> Result<Seek, SeekError> {
        let Live { frame, log, hashes } = live;
        put_back(world, &frame)?;
        world.insert_resource(log);
        world.insert_resource(hashes);
        Ok(Seek {
            keyframe: Some(frame.tick()),
            ticks: 0,
        })
    }

    /// Keeps what a live world needs to be live again.
    fn leave_live(&mut self, world: &mut World) -> Result<(), StateError> {
        if self.live.is_some() || self.end.is_some() {
            return Ok(());
        }
        let frame = take_frame(world)?;
        self.live = Some(Box::new(Live {
            frame,
            log: std::mem::take(&mut *world.resource_mut::<Log>()),
            hashes: world.resource::<TickHashes>().clone(),
        }));
        Ok(())
    }

    fn follow_from(&self, world: &mut World, frame: &Frame) -> Result<(), RestoreError> {
        put_back(world, frame)?;
        let records: Vec<Record> = self.records_after(frame.tick()).collect();
        world.insert_resource(Log::following(&records));
        Ok(())
    }

    fn all_records<'a>(&'a self, log: Option<&'a Log>) -> impl Iterator<Item = &'a Record> {
        let live = log.or(self.live.as_ref().map(|live| &live.log));
        self.records.iter().chain(live.into_iter().flat_map(Log::records))
    }

    /// Records after a tick. Verdicts name a slice, not a tick: all of them go along.
    fn records_after(&self, tick: Tick) -> impl Iterator<Item = Record> + '_ {
        let command = |record: &Record| matches!(record.body, crate::log::Body::Command { .. });
        let after = move |record: &&Record| !command(record) || record.tick > tick;
        self.all_records(None).filter(after).cloned()
    }

    /// Goes on along the log, and leaves keyframes on the way.
    fn run(&mut self, world: &mut World, to: Tick) -> Result<(), SeekError> {
        loop {
            let now = world.resource::<Clock>().tick;
            if now >= to {
                return Ok(());
            }
            let last = self.keyframes.at_or_before(now).map_or(self.start, Frame::tick);
            let after = |tick: Tick| Tick(tick.0.saturating_add(self.every_ticks));
            // Where keyframes are thinned out, the next one is counted from here.
            let due = Some(after(last)).filter(|due| *due > now).unwrap_or(after(now));
            let stop = due.min(to);
            while world.resource::<Clock>().tick < stop {
                skip_idle(world, stop);
            }
            if let Some((tick, expected, found)) = world.resource::<Log>().divergence() {
                return Err(SeekError::Diverged { tick, expected, found });
            }
            if stop == due && self.keyframes.get(due).is_none() {
                let frame = take_frame(world)?;
                self.keyframes.insert(frame, to);
            }
        }
    }

    /// Makes a branch at the present tick: a recording that starts here, ends here, and names its parent.
    ///
    /// # Errors
    /// When a row holds what state must not contain.
    pub fn branch(&self, world: &mut World) -> Result<Recording, StateError> {
        let snapshot = take_frame(world)?.to_snapshot();
        let parent = self.log_file(world).digest();
        Ok(Recording::branch(snapshot, parent, crate::hash::world_hash(world)))
    }

    /// Makes the present tick of a past the end of the timeline: the world is live from here, on a branch.
    ///
    /// What came after is forgotten. A world that is live already stays as it is.
    ///
    /// # Errors
    /// When a row holds what state must not contain.
    pub fn go_on_from_here(&mut self, world: &mut World) -> Result<Parent, StateError> {
        let tick = world.resource::<Clock>().tick;
        let log = self.log_file(world).digest();
        let parent = Parent { log, tick };
        if world.resource::<Log>().mode() == Mode::Authoring {
            return Ok(parent);
        }
        let frame = take_frame(world)?;
        self.records = self
            .all_records(None)
            .filter(|record| record.tick <= tick)
            .cloned()
            .collect();
        self.keyframes.forget_after(tick);
        self.header.parent = Some(parent);
        self.live = None;
        self.end = None;
        self.keyframes.insert(frame, tick);
        let cursor = *world.resource::<InputCursor>();
        world.insert_resource(Log::authoring(cursor));
        Ok(parent)
    }

    /// The whole log of this past.
    #[must_use]
    pub fn log_file(&self, world: &World) -> LogFile {
        LogFile {
            header: self.header.clone(),
            records: self.past_records(world).cloned().collect(),
        }
    }

    /// What is on record for a tick, in order.
    #[must_use]
    pub fn records_of(&self, world: &World, tick: Tick) -> Vec<Record> {
        self.past_records(world)
            .filter(|record| record.tick == tick)
            .cloned()
            .collect()
    }

    fn past_records<'a>(&'a self, world: &'a World) -> impl Iterator<Item = &'a Record> {
        let here = world.resource::<Log>();
        let own = (self.live.is_none() && here.mode() == Mode::Authoring).then_some(here);
        self.all_records(own).filter(|record| record.tick > self.start)
    }
}

/// Restores a frame, and lets the next one share with it.
fn put_back(world: &mut World, frame: &Frame) -> Result<(), RestoreError> {
    let snapshot: Snapshot = frame.to_snapshot();
    restore(world, snapshot)?;
    world.resource_mut::<FrameCache>().share_with(frame);
    Ok(())
}
