//! Journals: what a process was given and what it did, slice by slice. They rebuild it, and they are bounded.
//!
//! Long byte arrays are held by name ([`helios_abi::held`]): those that a process was given are blobs of the content
//! store, shared with files and with other journals, and those that it made are named only, to be compared.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::*;
use helios_abi::grant::{Batch, Delivery, Grant, Slice, chain};
use helios_abi::held::{self, Held};
use helios_abi::{Digest32, ProcKey, SharedBytes, sha256};
use helios_engine::blobs::Blobs;
use serde::{Deserialize, Serialize};

use crate::host::Halted;
use crate::lifecycle::{Ending, alive, end};
use crate::process::Run;

/// Most bytes of slices, calls and deliveries in a journal's tail: the process ends beyond, with a reason.
pub const JOURNAL_TAIL_BYTES: u64 = 256 << 20;
/// Most bytes of different pieces of long byte arrays that a journal's tail names: likewise.
pub const JOURNAL_HELD_BYTES: u64 = 1 << 30;

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
    /// Size of the tail, for its bound. Byte arrays that it names count as names.
    pub tail_bytes: u64,
    /// Size of the pieces that the tail names, each counted once.
    pub held_bytes: u64,
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
    /// Pieces that the slices name in what was given. Not state: it follows from them.
    #[serde(skip)]
    pieces: BTreeSet<Digest32>,
}

impl JournalTail {
    /// Adds a slice that is about to run, and answers the bytes of pieces that the journal did not name before.
    pub(crate) fn open(&mut self, slice: Slice) -> u64 {
        let new = name_pieces(&mut self.pieces, &slice);
        self.slices.push(slice);
        new
    }

    /// Finds the pieces that the slices name, after a restore, and answers their bytes.
    pub(crate) fn find_pieces(&mut self) -> u64 {
        self.pieces.clear();
        let named = self.slices.iter().map(|slice| name_pieces(&mut self.pieces, slice));
        named.sum()
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
    let new = world
        .get_mut::<JournalTail>(entity)
        .expect("a process has all its rows")
        .open(slice);
    if new > 0 {
        world
            .get_mut::<JournalHead>(entity)
            .expect("a process has all its rows")
            .held_bytes += new;
    }
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
    let mut tail = world
        .get_mut::<JournalTail>(entity)
        .expect("a process has all its rows");
    let slice = tail.slices.last_mut().expect("its grant was journalled");
    slice.close(batch);
    let (bytes, digest) = (weight(slice), chain(before, slice));
    let mut head = world
        .get_mut::<JournalHead>(entity)
        .expect("a process has all its rows");
    head.len += 1;
    head.digest = digest;
    head.tail_bytes += bytes;
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

/// A journal that outgrows its bounds cannot be rebuilt in reasonable time and memory: its process ends, with a reason.
pub(crate) fn check_bound(world: &mut World, key: ProcKey) {
    let Some(entity) = alive(world, key) else { return };
    let head = world.get::<JournalHead>(entity).expect("a process has all its rows");
    let reason = if head.tail_bytes > JOURNAL_TAIL_BYTES {
        format!("its journal outgrew {JOURNAL_TAIL_BYTES} bytes")
    } else if head.held_bytes > JOURNAL_HELD_BYTES {
        format!("what it was given outgrew {JOURNAL_HELD_BYTES} bytes")
    } else {
        return;
    };
    end(world, key, Ending::Killed(reason));
}

/// The pieces that a journal names, with their bytes.
pub(crate) fn pieces_of(world: &World, tail: &JournalTail) -> BTreeMap<Digest32, SharedBytes> {
    let blobs = world.resource::<Blobs>();
    let piece = |id: &Digest32| Some((*id, SharedBytes::from_owner(blobs.get(id)?.clone())));
    tail.pieces.iter().filter_map(piece).collect()
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
    let (size, held_bytes) = (tail.slices.iter().map(weight).sum::<u64>(), head.held_bytes);
    if tail.head_len == 0 && head.tail_bytes != size {
        return Err("the journal has another size than its head says".into());
    }
    let mut tail = world.get_mut::<JournalTail>(entity).expect("seen above");
    if tail.bypass_change_detection().find_pieces() != held_bytes {
        return Err("the journal names other contents than its head says".into());
    }
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
