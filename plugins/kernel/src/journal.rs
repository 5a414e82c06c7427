//! Journals: what a process was given and what it did, slice by slice. They rebuild it, and they are bounded.
//!
//! Long byte arrays are held by name ([`helios_abi::held`]): those that a process was given are blobs of the content
//! store, shared with files and with other journals, and those that it made are named only, to be compared.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::*;
use helios_abi::grant::{Batch, Delivery, Grant, Slice, VerdictReason, chain};
use helios_abi::held::{self, Held};
use helios_abi::{Digest32, ProcKey, SharedBytes, sha256};
use helios_engine::blobs::Blobs;
use helios_engine::log::{Log, Mode, author_verdict};
use serde::{Deserialize, Serialize};

use crate::checkpoints::{self, Checkpoints};
use crate::host::Halted;
use crate::lifecycle::alive;
use crate::process::Run;
use crate::rows;

/// Most bytes of slices, calls and deliveries in a journal's tail. A checkpoint takes its place long before; where none
/// could, this run ends the process by a verdict.
pub const JOURNAL_TAIL_BYTES: u64 = 256 << 20;
/// Most bytes of different pieces of long byte arrays that a journal's tail names: likewise.
pub const JOURNAL_HELD_BYTES: u64 = 1 << 30;

/// A journal of no more bytes in all its life is kept whole, whatever checkpoints there are: so it can be part of an
/// image of its machine, which is state. A process with a longer one ends where an image is put back.
pub const WHOLE_BYTES: u64 = 8 << 20;

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
    /// Bytes of all its slices, calls and deliveries. Byte arrays that they name count as names.
    pub bytes: u64,
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
    /// Pieces that the slices name in what was given. Not state: it follows from them, as what is below.
    #[serde(skip)]
    pieces: BTreeSet<Digest32>,
    #[serde(skip)]
    size: TailSize,
    /// Where the latest checkpoint stands, if that is after the beginning of what is kept.
    #[serde(skip)]
    checkpoint: Option<Place>,
}

/// A place in a journal: slices before it, and the chain's digest there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// How many.
    pub len: u64,
    /// The digest.
    pub digest: Digest32,
}

/// How large the part of a tail is that has to be repeated. It depends on where the last checkpoint was made, and never reaches state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TailSize {
    /// Bytes of slices, calls and deliveries. Byte arrays that they name count as names.
    pub bytes: u64,
    /// Bytes of the pieces that they name, each counted once.
    pub held_bytes: u64,
    /// Gas that repeating it takes.
    pub gas: u64,
}

impl JournalTail {
    /// How large it is.
    #[must_use]
    pub const fn size(&self) -> TailSize {
        self.size
    }

    /// Adds a slice that is about to run.
    fn open(&mut self, slice: Slice) {
        self.size.held_bytes += name_pieces(&mut self.pieces, &slice);
        self.slices.push(slice);
    }

    /// Takes in what the last slice did, and answers its weight and the chain's digest after it.
    fn close(&mut self, batch: Batch, before: Digest32) -> (u64, Digest32) {
        let gas = batch.gas_used;
        let slice = self.slices.last_mut().expect("its grant was journalled");
        slice.close(batch);
        let weight = weight(slice);
        self.size.bytes += weight;
        self.size.gas += gas;
        (weight, chain(before, slice))
    }

    /// Where a repetition starts: at the latest checkpoint, or where the tail begins.
    #[must_use]
    pub fn start(&self) -> Place {
        self.checkpoint.unwrap_or(Place {
            len: self.head_len,
            digest: self.head_digest,
        })
    }

    /// The slices that have to be repeated.
    #[must_use]
    pub fn after_start(&self) -> &[Slice] {
        let skipped = usize::try_from(self.start().len - self.head_len).unwrap_or(usize::MAX);
        self.slices.get(skipped..).unwrap_or_default()
    }

    /// A checkpoint stands at `place`.
    pub(crate) fn start_at(&mut self, place: Place) {
        self.checkpoint = Some(place);
        self.measure();
    }

    /// The latest place in it of which `has` is true, its own beginning included.
    pub(crate) fn find(&self, has: impl Fn(Place) -> bool) -> Option<Place> {
        let (mut len, mut digest) = (self.head_len, self.head_digest);
        let mut found = None;
        for slice in &self.slices {
            found = Some(Place { len, digest }).filter(|place| has(*place)).or(found);
            (len, digest) = (len + 1, chain(digest, slice));
        }
        Some(Place { len, digest }).filter(|place| has(*place)).or(found)
    }

    /// The journal of a process of which nothing is kept but where it stood.
    pub(crate) fn gone(head: &JournalHead) -> Self {
        Self {
            head_len: head.len,
            head_digest: head.digest,
            ..Self::default()
        }
    }

    /// Finds what follows from the slices, after a restore or when some were dropped.
    fn measure(&mut self) {
        self.pieces.clear();
        let named = self.slices.iter().map(|slice| name_pieces(&mut self.pieces, slice));
        let held_bytes = named.sum();
        let (bytes, gas) = {
            let repeated = self.after_start();
            let batches = repeated.iter().flat_map(|slice| &slice.batch);
            (
                repeated.iter().map(weight).sum(),
                batches.map(|batch| batch.gas_used).sum(),
            )
        };
        self.size = TailSize { bytes, held_bytes, gas };
    }

    /// Slices with those of the head.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.head_len + self.slices.len() as u64
    }

    /// Whether the process has not run yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Drops the slices that the latest checkpoint stands for.
    pub(crate) fn drop_head(&mut self) {
        let Place { len, digest } = self.start();
        let gone = usize::try_from(len.saturating_sub(self.head_len)).unwrap_or(usize::MAX);
        drop(self.slices.drain(..gone.min(self.slices.len())));
        self.slices.shrink_to_fit();
        (self.head_len, self.head_digest, self.checkpoint) = (len, digest, None);
        self.measure();
    }
}

/// Adds what a slice names, and answers the bytes of what was not there.
fn name_pieces(pieces: &mut BTreeSet<Digest32>, slice: &Slice) -> u64 {
    let named = slice.given.iter().flat_map(Held::lengths);
    named.map(|(id, len)| if pieces.insert(id) { len } else { 0 }).sum()
}

/// Journals a grant before it is sent.
///
/// Where the store of the host is full the world stands still: the process could not be rebuilt.
pub(crate) fn open(world: &mut World, entity: Entity, grant: &Grant) {
    world
        .get_mut::<Run>(entity)
        .expect("a process has all its rows")
        .next_slice += 1;
    let mut full = None;
    let mut blobs = world.resource_mut::<Blobs>();
    let slice = Slice::open(grant, |piece| {
        blobs.put_copy(piece).unwrap_or_else(|error| {
            full = Some(error);
            sha256(piece)
        })
    });
    world
        .get_mut::<JournalTail>(entity)
        .expect("a process has all its rows")
        .open(slice);
    if let Some(error) = full {
        Halted::set(world, &format!("a journal cannot be kept: {error}"));
    }
}

/// Journals what a slice did.
pub(crate) fn close(world: &mut World, entity: Entity, batch: Batch) {
    let before = world
        .get::<JournalHead>(entity)
        .expect("a process has all its rows")
        .digest;
    let (bytes, digest) = world
        .get_mut::<JournalTail>(entity)
        .expect("a process has all its rows")
        .close(batch, before);
    let mut head = world
        .get_mut::<JournalHead>(entity)
        .expect("a process has all its rows");
    head.len += 1;
    head.bytes += bytes;
    head.digest = digest;
}

/// Size of a slice, for the bound of a journal.
fn weight(slice: &Slice) -> u64 {
    let delivery = |delivery: &Delivery| match delivery {
        Delivery::Reply { result: Ok(value), .. } => value.weight(),
        Delivery::Reply { result: Err(error), .. } => error.message.len() as u64,
        Delivery::Start(start) => start
            .env
            .iter()
            .map(|(name, value)| (name.len() + value.len()) as u64)
            .sum(),
        Delivery::Signal { .. } => 0,
    };
    let given: u64 = slice.grant.deliveries.iter().map(delivery).sum();
    let made: u64 = slice
        .batch
        .iter()
        .flat_map(|batch| &batch.calls)
        .map(|call| call.args.weight())
        .sum();
    let held: u64 = slice.given.iter().chain(&slice.made).map(Held::weight).sum();
    64 + given + made + held
}

/// Looks at the size of a journal after a slice: a checkpoint may be due.
pub(crate) fn check_bound(world: &mut World, key: ProcKey) {
    let Some(entity) = alive(world, key) else { return };
    let tail = world.get::<JournalTail>(entity).expect("a process has all its rows");
    let size = tail.size();
    checkpoints::note(world, key, size);
}

/// Whether a journal has outgrown its bounds though checkpoints should have taken its place: then its process is not
/// granted the slice. That hangs on checkpoints, so it is a verdict, which a following run takes from its log.
pub(crate) fn verdict(world: &mut World, key: ProcKey, entity: Entity, slice: u64) -> Option<VerdictReason> {
    let size = world.get::<JournalTail>(entity)?.size();
    if !world.resource::<Checkpoints>().policy.is_too_large(size) || world.resource::<Log>().mode() == Mode::Following {
        return None;
    }
    Some(author_verdict(world, key, slice, VerdictReason::Journal).reason)
}

/// The pieces that a journal names, with their bytes.
pub(crate) fn pieces_of(world: &World, tail: &JournalTail) -> BTreeMap<Digest32, SharedBytes> {
    let blobs = world.resource::<Blobs>();
    let piece = |id: &Digest32| Some((*id, SharedBytes::from_owner(blobs.get(id)?.clone())));
    tail.pieces.iter().filter_map(piece).collect()
}

/// After an image was put back: journals that were too long to be part of it.
pub(crate) fn stand_in(world: &mut World) {
    for (entity, _, _) in rows::all::<JournalHead>(world) {
        let head = world.get::<JournalHead>(entity).expect("listed");
        if head.bytes > WHOLE_BYTES && world.get::<JournalTail>(entity).is_none() {
            let tail = JournalTail::gone(head);
            world.entity_mut(entity).insert(tail);
        }
    }
}

/// Whether a process cannot go on where an image of its machine is put back. A function of hashed rows.
pub(crate) fn is_beyond_images(world: &World, entity: Entity) -> bool {
    let head = world.get::<JournalHead>(entity);
    head.is_some_and(|head| head.bytes > WHOLE_BYTES)
}

/// After a restore: whether a journal is the one that its head names, and has all that it names itself.
pub(crate) fn check(world: &mut World, entity: Entity) -> Result<(), String> {
    let (Some(tail), Some(head)) = (world.get::<JournalTail>(entity), world.get::<JournalHead>(entity)) else {
        return Err("a journal without its head".into());
    };
    let blobs = world.resource::<Blobs>();
    for (index, slice) in tail.slices.iter().enumerate() {
        let at = |problem| format!("slice {index} of the journal: {problem}");
        check_held(blobs, slice).map_err(at)?;
    }
    let run = world.get::<Run>(entity).ok_or("a journal without its process")?;
    let len = tail.head_len + tail.slices.len() as u64;
    if len != head.len
        || run.next_slice != run.first_slice.saturating_add(len)
        || tail.slices.iter().fold(tail.head_digest, chain) != head.digest
    {
        return Err("the journal is not the one that its head names".into());
    }
    if tail.head_len == 0 && head.bytes != tail.slices.iter().map(weight).sum::<u64>() {
        return Err("the journal has another size than its head says".into());
    }
    let mut tail = world.get_mut::<JournalTail>(entity).expect("seen above");
    tail.bypass_change_detection().measure();
    Ok(())
}

fn check_held(blobs: &Blobs, slice: &Slice) -> Result<(), String> {
    let calls = slice.batch.as_ref().map_or(&[][..], |batch| &batch.calls);
    held::check_places(&slice.grant.deliveries, &slice.given, calls, &slice.made)?;
    for (id, len) in slice.given.iter().flat_map(Held::lengths) {
        match blobs.get(&id).map(|bytes| bytes.len() as u64) {
            Some(found) if found == len => {}
            Some(found) => return Err(format!("the contents {id} have {found} bytes instead of {len}")),
            None => return Err(format!("the contents {id} are missing")),
        }
    }
    Ok(())
}
