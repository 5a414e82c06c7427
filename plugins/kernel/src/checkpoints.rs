//! Heap checkpoints of processes: what takes the place of the head of a long journal.
//!
//! The host makes them beside the world, from the journal ([`IsolateHost::begin_checkpoint`]). When one is done, the
//! process is rebuilt from there, and the slices that it stands for are dropped once the journal is long. Nothing here is state: hashes cover the chain of a journal, whichever part of
//! it is kept, and whether, when and where a checkpoint was made changes nothing that a process can see.
//!
//! A checkpoint is due when a journal reaches its bound ([`Policy`]), and when the host drops the isolate of a process
//! that would take long to be repeated.
//!
//! [`IsolateHost::begin_checkpoint`]: helios_abi::host::IsolateHost::begin_checkpoint

mod seal;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bevy_ecs::prelude::*;
use helios_abi::grant::HeapImage;
use helios_abi::host::{Births as _, Checkpoint};
use helios_abi::{Digest32, NodeId, Pid, ProcKey, SharedBytes};
use helios_engine::log::{SubmitError, submit};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::host::{Isolates, JournalBirths};
use crate::journal::{JOURNAL_HELD_BYTES, JOURNAL_TAIL_BYTES, JournalTail, Place, TailSize, WHOLE_BYTES};
use crate::lifecycle::alive;
use crate::process::{JournalHead, Run};
use crate::rows;

pub use seal::{SealError, SealKey, any, seal, unseal};

/// When checkpoints are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Bytes of a journal's tail beyond which one is due; a journal of no more in all its life is kept whole. Not below
    /// [`WHOLE_BYTES`]: images of machines count on that.
    pub tail_bytes: u64,
    /// Milliseconds of the machine's CPU that a tail may take to repeat.
    pub tail_ms: u64,
    /// Gas that a process whose isolate was dropped may take to be repeated.
    pub wake_gas: u64,
    /// Checkpoints under way at a time.
    pub at_a_time: usize,
    /// Most bytes of a tail: beyond, the process ends by a verdict.
    pub tail_bytes_max: u64,
    /// Most bytes of different pieces of long byte arrays that a tail names: likewise.
    pub held_bytes_max: u64,
}

impl Policy {
    /// Whether a tail is beyond what any may be.
    pub(crate) const fn is_too_large(self, size: TailSize) -> bool {
        size.bytes > self.tail_bytes_max || size.held_bytes > self.held_bytes_max
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            tail_bytes: WHOLE_BYTES,
            tail_ms: 120_000,
            wake_gas: 100_000,
            at_a_time: 2,
            tail_bytes_max: JOURNAL_TAIL_BYTES,
            held_bytes_max: JOURNAL_HELD_BYTES,
        }
    }
}

/// Bytes of checkpoints that no process needs any more and that are kept nevertheless, for earlier states of the world
/// that are in memory.
const SUPERSEDED_BYTES: usize = 64 << 20;

/// A place in a life: whose heap it was does not matter beyond that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// The program's digest.
    pub program: Digest32,
    /// Slices before it.
    pub len: u64,
    /// The journal's digest there.
    pub digest: Digest32,
}

impl Mark {
    /// The place where a repetition of a process starts.
    #[must_use]
    pub fn of(head: &JournalHead, tail: &JournalTail) -> Self {
        Self::at(head, tail.start())
    }

    fn at(head: &JournalHead, place: Place) -> Self {
        Self {
            program: head.program,
            len: place.len,
            digest: place.digest,
        }
    }
}

/// The checkpoints of a world's processes. Not state.
#[derive(Resource, Debug, Default)]
pub struct Checkpoints {
    /// When they are made.
    pub policy: Policy,
    /// All that there are, by the places that they stand for.
    images: BTreeMap<Mark, Image>,
    /// For each program, the first image of a process of it: what later ones are differences from. They stay.
    bases: BTreeMap<Digest32, SharedBytes>,
    /// Those that were replaced by later ones, oldest first.
    superseded: VecDeque<Mark>,
    superseded_bytes: usize,
    under_way: BTreeMap<ProcKey, Begun>,
    due: BTreeSet<ProcKey>,
    /// Length of the journal of which the host could make none: it is asked again when there is twice as much.
    refused: BTreeMap<ProcKey, u64>,
}

/// One that is being made.
#[derive(Debug)]
struct Begun {
    mark: Mark,
    base: Option<SharedBytes>,
}

/// A checkpoint: whole, or a difference from its program's base.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Image {
    bytes: SharedBytes,
    base: Option<SharedBytes>,
}

impl Checkpoints {
    /// The checkpoint of a place.
    #[must_use]
    pub fn get(&self, mark: &Mark) -> Option<HeapImage> {
        let Image { bytes, base } = self.images.get(mark)?.clone();
        Some(HeapImage { bytes, base })
    }

    /// Adds one; the first of a program is the base of those that follow.
    pub(crate) fn put(&mut self, mark: Mark, image: HeapImage) {
        let HeapImage { bytes, base } = image;
        let first = base.as_ref().unwrap_or(&bytes);
        self.bases.entry(mark.program).or_insert_with(|| first.clone());
        self.images.insert(mark, Image { bytes, base });
    }

    /// Bytes of checkpoints that belong to one process each, and of the bases that many share.
    #[must_use]
    pub fn bytes(&self) -> (u64, u64) {
        let own = self.images.values().filter(|image| image.base.is_some());
        let own = own.map(|image| image.bytes.len() as u64).sum();
        (own, self.bases.values().map(|base| base.len() as u64).sum())
    }

    /// Those that are being made.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.under_way.len()
    }

    /// A process needs the checkpoint of this place no more.
    fn supersede(&mut self, mark: Mark) {
        let Some(image) = self.images.get(&mark) else { return };
        self.superseded_bytes += image.bytes.len();
        self.superseded.push_back(mark);
        while self.superseded_bytes > SUPERSEDED_BYTES {
            let Some(oldest) = self.superseded.pop_front() else {
                break;
            };
            if let Some(image) = self.images.remove(&oldest) {
                self.superseded_bytes -= image.bytes.len();
            }
            self.let_go_of_base(oldest.program);
        }
    }

    /// Forgets a program's base when no image is left of any process of it.
    fn let_go_of_base(&mut self, program: Digest32) {
        let first = Mark {
            program,
            len: 0,
            digest: Digest32::default(),
        };
        let next = self.images.range(first..).next();
        if next.is_none_or(|(mark, _)| mark.program != program) {
            self.bases.remove(&program);
        }
    }

    /// Processes need these after all: an earlier state of the world came back.
    fn revive(&mut self, needed: &BTreeSet<Mark>) {
        let (back, still): (VecDeque<Mark>, VecDeque<Mark>) =
            self.superseded.drain(..).partition(|mark| needed.contains(mark));
        self.superseded = still;
        let bytes = |mark: &Mark| self.images.get(mark).map_or(0, |image| image.bytes.len());
        self.superseded_bytes -= back.iter().map(bytes).sum::<usize>();
    }
}

/// Another state of the world was loaded: what is under way is of no use, and what its processes need is needed again.
pub(crate) fn start_over(world: &mut World) {
    let needed = seal::needed(world).into_iter().map(|(_, mark)| mark).collect();
    let mut checkpoints = world.resource_mut::<Checkpoints>();
    checkpoints.under_way.clear();
    checkpoints.due.clear();
    checkpoints.refused.clear();
    checkpoints.revive(&needed);
}

/// A process ends, or another program takes its place.
pub(crate) fn forget(world: &mut World, key: ProcKey, entity: Entity) {
    let mark = match (world.get::<JournalHead>(entity), world.get::<JournalTail>(entity)) {
        (Some(head), Some(tail)) => Some(Mark::of(head, tail)),
        _ => None,
    };
    let mut checkpoints = world.resource_mut::<Checkpoints>();
    if let Some(mark) = mark {
        checkpoints.supersede(mark);
    }
    checkpoints.due.remove(&key);
    checkpoints.refused.remove(&key);
}

/// Notes the size of a journal after a slice.
pub(crate) fn note(world: &mut World, key: ProcKey, size: TailSize) {
    let policy = world.resource::<Checkpoints>().policy;
    let large = size.bytes > policy.tail_bytes || size.held_bytes > policy.held_bytes_max / 2;
    if large || size.gas > bound_gas(world, key, policy.tail_ms) {
        world.resource_mut::<Checkpoints>().due.insert(key);
    }
}

/// Asks for a checkpoint of a process, as soon as it stands between two slices.
pub fn request(world: &mut World, key: ProcKey) {
    world.resource_mut::<Checkpoints>().due.insert(key);
}

fn bound_gas(world: &World, key: ProcKey, ms: u64) -> u64 {
    let machine = world.resource::<crate::KernelIndex>().machine(key.node);
    let machine = machine.and_then(|entity| world.get::<crate::machine::Machine>(entity));
    ms.saturating_mul(machine.map_or(u64::MAX, |machine| machine.gas_per_tick))
}

/// In `Account`: takes over what is done, and begins what is due.
pub(crate) fn maintain(world: &mut World) {
    let Some((done, hibernated)) = ask_host(world, false) else {
        return;
    };
    adopt_all(world, done);
    note_hibernated(world, hibernated);
    begin_due(world);
}

/// Waits for all checkpoints that are under way and begins those that are due, until there are none left. Between ticks.
pub fn settle(world: &mut World) {
    loop {
        let Some((done, hibernated)) = ask_host(world, true) else {
            return;
        };
        adopt_all(world, done);
        note_hibernated(world, hibernated);
        world.resource_mut::<Checkpoints>().under_way.clear();
        if begin_due(world) == 0 {
            return;
        }
    }
}

/// Processes that can be rebuilt from nothing that is here: their journals begin at checkpoints of another installation
/// or build.
pub fn lost(world: &mut World) -> Vec<ProcKey> {
    let marks = seal::needed(world);
    let needed = marks.into_iter().filter(|(entity, _)| {
        let tail = world.get::<JournalTail>(*entity);
        tail.is_some_and(|tail| tail.head_len > 0)
    });
    let missing = needed.filter(|(_, mark)| world.resource::<Checkpoints>().get(mark).is_none());
    let missing: Vec<Entity> = missing.map(|(entity, _)| entity).collect();
    let key = |entity| rows::process_of(world, rows::row_id(world, entity));
    let mut lost: Vec<ProcKey> = missing.into_iter().filter_map(key).collect();
    lost.sort_unstable();
    lost
}

/// Ends the processes that are [`lost`] by `kernel.lost` commands of the next tick, so that whoever looks after them
/// starts them again. For authoring runs, after a restore; answers whom it ends.
///
/// # Errors
/// When the log takes no more commands.
pub fn submit_lost(world: &mut World) -> Result<Vec<ProcKey>, SubmitError> {
    let lost = lost(world);
    let mut by_node: BTreeMap<NodeId, Vec<Pid>> = BTreeMap::new();
    for key in &lost {
        by_node.entry(key.node).or_default().push(key.pid);
    }
    for (node, pids) in by_node {
        submit(world, node, "kernel.lost", json!({ "pids": pids }))?;
    }
    Ok(lost)
}

fn ask_host(world: &mut World, wait: bool) -> Option<(Vec<Checkpoint>, Vec<ProcKey>)> {
    let mut isolates = world.resource_mut::<Isolates>();
    let host = isolates.host.as_mut()?;
    Some((host.take_checkpoints(wait), host.take_hibernated()))
}

fn note_hibernated(world: &mut World, hibernated: Vec<ProcKey>) {
    let wake_gas = world.resource::<Checkpoints>().policy.wake_gas;
    for key in hibernated {
        let entity = alive(world, key);
        let tail = entity.and_then(|entity| world.get::<JournalTail>(entity));
        if tail.is_some_and(|tail| tail.size().gas > wake_gas) {
            world.resource_mut::<Checkpoints>().due.insert(key);
        }
    }
}

/// Begins what is due and possible; how many.
fn begin_due(world: &mut World) -> usize {
    if world.resource::<Checkpoints>().due.is_empty() {
        return 0;
    }
    let due: Vec<ProcKey> = world.resource::<Checkpoints>().due.iter().copied().collect();
    let mut begun = 0;
    for key in due {
        let checkpoints = world.resource::<Checkpoints>();
        if checkpoints.under_way.len() >= checkpoints.policy.at_a_time {
            break;
        }
        match readiness(world, key) {
            Ready::Now(entity) => {
                begin(world, key, entity);
                begun += 1;
            }
            Ready::Later => continue,
            Ready::Never => {}
        }
        world.resource_mut::<Checkpoints>().due.remove(&key);
    }
    begun
}

enum Ready {
    Now(Entity),
    /// It is in the middle of a computation, or one is under way.
    Later,
    Never,
}

fn readiness(world: &World, key: ProcKey) -> Ready {
    let Some(entity) = alive(world, key) else {
        return Ready::Never;
    };
    let (Some(run), Some(tail)) = (world.get::<Run>(entity), world.get::<JournalTail>(entity)) else {
        return Ready::Never;
    };
    let checkpoints = world.resource::<Checkpoints>();
    let refused = checkpoints.refused.get(&key).is_some_and(|len| tail.len() < 2 * len);
    if tail.after_start().is_empty() || refused {
        return Ready::Never;
    }
    let between = !run.parked && tail.slices.iter().all(|slice| slice.batch.is_some());
    if !between || checkpoints.under_way.contains_key(&key) {
        return Ready::Later;
    }
    Ready::Now(entity)
}

fn begin(world: &mut World, key: ProcKey, entity: Entity) {
    let run = world.get::<Run>(entity).expect("seen above");
    let next_slice = run.next_slice;
    let head = world.get::<JournalHead>(entity).expect("a process has all its rows");
    let mark = Mark {
        program: head.program,
        len: head.len,
        digest: head.digest,
    };
    let birth = JournalBirths(world).birth(key, next_slice);
    let mut checkpoints = world.resource_mut::<Checkpoints>();
    let base = checkpoints.bases.get(&mark.program).cloned();
    checkpoints.under_way.insert(
        key,
        Begun {
            mark,
            base: base.clone(),
        },
    );
    if let Some(host) = world.resource_mut::<Isolates>().host.as_mut() {
        host.begin_checkpoint(key, birth, base);
    }
}

fn adopt_all(world: &mut World, done: Vec<Checkpoint>) {
    for checkpoint in done {
        adopt(world, checkpoint);
    }
}

/// Puts a checkpoint in the place of the slices that it stands for.
fn adopt(world: &mut World, checkpoint: Checkpoint) {
    let key = checkpoint.process;
    let Some(Begun { mark, base }) = world.resource_mut::<Checkpoints>().under_way.remove(&key) else {
        return;
    };
    let Some(entity) = alive(world, key) else { return };
    let (Some(head), Some(tail)) = (world.get::<JournalHead>(entity), world.get::<JournalTail>(entity)) else {
        return;
    };
    let before = Mark::of(head, tail);
    let still = head.program == mark.program && (tail.head_len..=tail.len()).contains(&mark.len);
    if !still || (checkpoint.slices, checkpoint.digest) != (mark.len, mark.digest) {
        return;
    }
    match checkpoint.image {
        Ok(image) => {
            tracing::debug!(
                "process {key}: a checkpoint of {} bytes after {} slices",
                image.len(),
                mark.len
            );
            let drop_head = head.bytes > world.resource::<Checkpoints>().policy.tail_bytes;
            let mut tail = world
                .get_mut::<JournalTail>(entity)
                .expect("a process has all its rows");
            let Mark { len, digest, .. } = mark;
            tail.start_at(Place { len, digest });
            if drop_head {
                tail.drop_head();
            }
            let mut checkpoints = world.resource_mut::<Checkpoints>();
            checkpoints.put(mark, HeapImage { bytes: image, base });
            if before != mark {
                checkpoints.supersede(before);
            }
            checkpoints.refused.remove(&key);
        }
        Err(why) => {
            tracing::warn!("process {key}: no checkpoint: {why}");
            world.resource_mut::<Checkpoints>().refused.insert(key, mark.len);
        }
    }
}
