//! Slots: the images that a machine keeps of itself. They are the machine's own state, but in none of its images, so that
//! putting one back loses no slot.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::*;
use helios_abi::calls::{SnapshotInfo, SnapshotSlot};
use helios_abi::{Errno, NodeId, SysError};
use helios_engine::images::Stored;
use helios_engine::prelude::{BlobId, Blobs, Row};
use serde::{Deserialize, Serialize};

use crate::index::KernelIndex;

/// Most slots of a machine: EDQUOT beyond.
pub const MAX_SLOTS: usize = 16;
/// Most bytes of all of a machine's images together, with the files' contents that they name: ENOSPC beyond.
pub const MAX_SLOT_BYTES: u64 = 256 << 20;
/// Longest name of a slot, in bytes.
pub const MAX_NAME_BYTES: usize = 64;
/// The slot of `save_snapshot`.
pub const AUTO: &str = "auto";

/// An image that a machine keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// The image.
    pub image: BlobId,
    /// Every blob that it needs.
    pub blobs: BTreeSet<BlobId>,
    /// Bytes that it takes beside the files' contents.
    pub bytes: u64,
    /// The tick at whose end it was taken.
    pub tick: u64,
    /// The user who had it taken.
    pub uid: u32,
}

/// A machine's slots, on its own entity. A machine that never had one lacks the row.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slots {
    /// By name.
    pub named: BTreeMap<String, Slot>,
    /// The last image that was taken without a name: its handle is good until the next one.
    pub last: Option<Slot>,
}

impl Row for Slots {
    const NAME: &'static str = "machine_slots";
    const SCHEMA: u32 = 1;

    fn blobs(&self, ids: &mut Vec<BlobId>) {
        ids.extend(self.all().flat_map(|slot| &slot.blobs));
    }
}

impl Slots {
    fn all(&self) -> impl Iterator<Item = &Slot> {
        self.named.values().chain(&self.last)
    }
}

impl Slot {
    /// An image that was just taken.
    pub(crate) fn new(stored: Stored, tick: u64, uid: u32) -> Self {
        let Stored { image, blobs, bytes } = stored;
        Self {
            image,
            blobs,
            bytes,
            tick,
            uid,
        }
    }

    /// As `snapshot` and its like answer it.
    pub(crate) fn info(&self, name: Option<&str>, restored: bool) -> SnapshotInfo {
        SnapshotInfo {
            blob: self.image.to_string(),
            bytes: self.bytes,
            tick: self.tick,
            name: name.map(str::to_owned),
            restored,
        }
    }
}

/// Says whether a slot may have this name.
///
/// # Errors
/// EINVAL.
pub fn check_name(name: &str) -> Result<(), SysError> {
    let fits = (1..=MAX_NAME_BYTES).contains(&name.len()) && name != "." && name != "..";
    if fits && !name.chars().any(|letter| letter == '/' || letter.is_control()) {
        return Ok(());
    }
    let problem = format!("a slot's name has 1 to {MAX_NAME_BYTES} bytes, and no / or control character");
    Err(SysError::new(Errno::EINVAL, problem))
}

/// A machine's slots; `None` where it never had one.
#[must_use]
pub fn of(world: &World, node: NodeId) -> Option<&Slots> {
    world.get::<Slots>(world.resource::<KernelIndex>().machine(node)?)
}

/// The slot of that name.
///
/// # Errors
/// EINVAL, ENOENT.
pub fn get<'w>(world: &'w World, node: NodeId, name: &str) -> Result<&'w Slot, SysError> {
    check_name(name)?;
    let found = of(world, node).and_then(|slots| slots.named.get(name));
    found.ok_or_else(|| SysError::new(Errno::ENOENT, format!("there is no snapshot {name}")))
}

/// The image of a handle: the last that was taken, or one in a slot.
pub(crate) fn by_handle(world: &World, node: NodeId, handle: &str) -> Result<Slot, SysError> {
    let found = of(world, node).and_then(|slots| slots.all().find(|slot| slot.image.to_string() == handle));
    found
        .cloned()
        .ok_or_else(|| SysError::new(Errno::ENOENT, "there is no image of that handle"))
}

/// Every slot, by name.
pub(crate) fn list(world: &World, node: NodeId) -> Vec<SnapshotSlot> {
    let named = of(world, node).map(|slots| &slots.named);
    let slot = |(name, slot): (&String, &Slot)| SnapshotSlot {
        name: name.clone(),
        blob: slot.image.to_string(),
        bytes: slot.bytes,
        tick: slot.tick,
        uid: slot.uid,
    };
    named.into_iter().flatten().map(slot).collect()
}

/// Keeps an image: under a name, in place of one of that name; without, as the last one.
///
/// # Errors
/// EDQUOT, ENOSPC: everything is as it was.
pub(crate) fn keep(world: &mut World, node: NodeId, name: Option<&str>, slot: Slot) -> Result<(), SysError> {
    let mut slots = of(world, node).cloned().unwrap_or_default();
    match name {
        Some(name) => {
            slots.named.insert(name.to_owned(), slot);
        }
        None => slots.last = Some(slot),
    }
    if slots.named.len() > MAX_SLOTS {
        let problem = format!("a machine keeps at most {MAX_SLOTS} snapshots: remove one first");
        return Err(SysError::new(Errno::EDQUOT, problem));
    }
    let too_many = |slots: &Slots| held_bytes(world, slots) > MAX_SLOT_BYTES;
    // The last image without a name has had its time where a slot needs the room.
    if name.is_some() && too_many(&slots) {
        slots.last = None;
    }
    if too_many(&slots) {
        let problem = format!("a machine's snapshots have at most {MAX_SLOT_BYTES} bytes: remove one first");
        return Err(SysError::new(Errno::ENOSPC, problem));
    }
    put(world, node, slots);
    Ok(())
}

/// Empties a slot.
///
/// # Errors
/// EINVAL, ENOENT.
pub(crate) fn remove(world: &mut World, node: NodeId, name: &str) -> Result<(), SysError> {
    get(world, node, name)?;
    let mut slots = of(world, node).expect("it has that slot").clone();
    slots.named.remove(name);
    put(world, node, slots);
    Ok(())
}

fn put(world: &mut World, node: NodeId, slots: Slots) {
    let machine = world
        .resource::<KernelIndex>()
        .machine(node)
        .expect("a caller has a machine");
    world.entity_mut(machine).insert(slots);
}

/// Bytes of all blobs that the images need, each counted once.
fn held_bytes(world: &World, slots: &Slots) -> u64 {
    let blobs = world.resource::<Blobs>();
    let ids: BTreeSet<&BlobId> = slots.all().flat_map(|slot| &slot.blobs).collect();
    let sizes = ids.into_iter().filter_map(|id| blobs.get(id));
    sizes.map(|bytes| bytes.len() as u64).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_slots_are_checked() {
        for name in ["a", "before heist", "ünïcode", &"x".repeat(64)] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for name in [
            "",
            ".",
            "..",
            "a/b",
            "/",
            "a\nb",
            "\u{7f}",
            "\u{85}",
            &"x".repeat(65),
            "\0",
        ] {
            assert_eq!(check_name(name).unwrap_err().errno, Errno::EINVAL, "{name:?}");
        }
    }
}
