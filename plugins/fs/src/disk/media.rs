//! Removable media: sticks and discs, in a machine's slots or lying beside it.
//!
//! A medium's contents are an image, or bytes that nobody has looked at yet (a disc, whatever was written to the drive), or
//! nothing. Its drive, a device, shows the bytes of either. A medium that is pulled out lies beside the machine until it is
//! pushed in again, here or, carried by two commands of the log ([`super::commands`]), at another machine.

use bevy_ecs::prelude::*;
use helios_abi::program::sha256;
use helios_abi::{Errno, NodeId, SysError};
use helios_engine::blobs::{BlobId, Blobs};
use helios_engine::ids::spawn_row;
use helios_engine::state::Row;
use serde::{Deserialize, Serialize};

use super::volume::{self, Source};
use super::{IMAGE_BYTES, ImageRef, file_form};
use crate::index::FsIndex;
use crate::inode::{Chunk, FileData};
use crate::limits::CHUNK_BYTES;

/// Most media of one machine, those that lie beside it included: ENOSPC.
pub const MEDIA: usize = 16;
/// What a stick holds where nobody says otherwise.
pub const DEFAULT_CAPACITY_BYTES: u64 = IMAGE_BYTES;
/// The device of the machine's own disk, as it was synced last.
pub(crate) const DISK_DEVICE: u32 = 0x800;
/// The slots that every machine has, with the numbers of their devices in `/dev`.
pub const SLOTS: [(&str, u32); 3] = [("usb0", 0x810), ("usb1", 0x820), ("cd0", 0xb00)];

/// The slot behind a device's number.
pub(crate) fn slot_of(rdev: u32) -> Option<&'static str> {
    SLOTS.iter().find(|(_, device)| *device == rdev).map(|(slot, _)| *slot)
}

/// Whether a machine has a slot of this name.
#[must_use]
pub fn is_slot(name: &str) -> bool {
    SLOTS.iter().any(|(slot, _)| *slot == name)
}

/// What is on a medium.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contents {
    /// Nothing.
    Blank,
    /// An image.
    Image(ImageRef),
    /// Bytes.
    Raw(FileData),
}

/// A stick or a disc.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Medium {
    /// Its number among those of the machine.
    pub number: u64,
    /// The slot that it is in or was in last.
    pub slot: String,
    /// Whether it is in it.
    pub inserted: bool,
    /// What is written on it.
    pub label: String,
    /// Whether nothing can be written to it, as on every disc.
    pub read_only: bool,
    /// Bytes that it holds.
    pub capacity_bytes: u64,
    /// What is on it.
    pub contents: Contents,
}

impl Row for Medium {
    const NAME: &'static str = "medium";
    const SCHEMA: u32 = 1;

    fn blobs(&self, ids: &mut Vec<BlobId>) {
        match &self.contents {
            Contents::Blank => {}
            Contents::Image(image) => image.blobs(ids),
            Contents::Raw(data) => ids.extend(data.chunks.iter().map(Chunk::id)),
        }
    }
}

/// A medium as it is carried from one machine to another: contents by hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cargo {
    /// What is written on it.
    pub label: String,
    /// Whether nothing can be written to it.
    pub read_only: bool,
    /// Bytes that it holds.
    pub capacity_bytes: u64,
    /// What is on it.
    pub contents: CargoContents,
}

/// The contents of what is carried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CargoContents {
    /// Nothing.
    Blank,
    /// An image, by its id.
    Image(BlobId),
    /// Bytes.
    Raw(FileData),
}

impl Medium {
    /// The medium as it is carried.
    #[must_use]
    pub fn cargo(&self) -> Cargo {
        let contents = match &self.contents {
            Contents::Blank => CargoContents::Blank,
            Contents::Image(image) => CargoContents::Image(image.id),
            Contents::Raw(data) => CargoContents::Raw(data.clone()),
        };
        Cargo {
            label: self.label.clone(),
            read_only: self.read_only,
            capacity_bytes: self.capacity_bytes,
            contents,
        }
    }
}

impl Cargo {
    /// The hash of a medium: what ejecting it yields.
    ///
    /// # Panics
    /// Never: it is plain data.
    #[must_use]
    pub fn hash(&self) -> BlobId {
        sha256(&serde_json::to_vec(self).expect("plain data"))
    }
}

/// A medium's row.
pub(crate) fn row(world: &World, node: NodeId, number: u64) -> Option<&Medium> {
    world.get::<Medium>(*world.resource::<FsIndex>().media.get(&(node, number))?)
}

/// Changes a medium.
pub(crate) fn change<T>(world: &mut World, node: NodeId, number: u64, with: impl FnOnce(&mut Medium) -> T) -> T {
    let entity = world.resource::<FsIndex>().media[&(node, number)];
    with(&mut world.get_mut::<Medium>(entity).expect("indexed"))
}

/// The media of a machine, in slots and beside it, by their numbers.
#[must_use]
pub fn all(world: &World, node: NodeId) -> Vec<&Medium> {
    let of_node = (node, 0)..=(node, u64::MAX);
    let media = world.resource::<FsIndex>().media.range(of_node);
    media.filter_map(|(_, entity)| world.get::<Medium>(*entity)).collect()
}

/// The medium in a slot.
#[must_use]
pub fn in_slot<'w>(world: &'w World, node: NodeId, slot: &str) -> Option<&'w Medium> {
    let mut media = all(world, node).into_iter();
    media.find(|medium| medium.inserted && medium.slot == slot)
}

/// The youngest medium that was in a slot and lies beside the machine.
pub(crate) fn beside<'w>(world: &'w World, node: NodeId, slot: &str) -> Option<&'w Medium> {
    let media = all(world, node).into_iter().rev();
    media.into_iter().find(|medium| !medium.inserted && medium.slot == slot)
}

/// Adds a medium to those of a machine, not in its slot yet.
pub(crate) fn add(world: &mut World, node: NodeId, slot: &str, cargo: &Cargo) -> Result<u64, SysError> {
    check(world, slot, cargo)?;
    if all(world, node).len() >= MEDIA {
        let why = format!("a machine has at most {MEDIA} media, those beside it included");
        return Err(SysError::new(Errno::ENOSPC, why));
    }
    let contents = match &cargo.contents {
        CargoContents::Blank => Contents::Blank,
        CargoContents::Raw(data) => Contents::Raw(data.clone()),
        CargoContents::Image(id) => {
            let tree = super::open_tree(world.resource::<Blobs>(), *id).map_err(super::io_error)?;
            if tree.content_bytes() > cargo.capacity_bytes {
                return Err(SysError::new(Errno::EFBIG, "the image is larger than the medium"));
            }
            Contents::Image(ImageRef::of(&tree))
        }
    };
    let number = volume::with_drives(world, node, |drives| {
        drives.media += 1;
        drives.media
    });
    let medium = Medium {
        number,
        slot: slot.to_owned(),
        inserted: false,
        label: cargo.label.clone(),
        read_only: cargo.read_only || slot == "cd0",
        capacity_bytes: cargo.capacity_bytes,
        contents,
    };
    let (entity, _) = spawn_row(world, node, medium);
    world.resource_mut::<FsIndex>().media.insert((node, number), entity);
    Ok(number)
}

fn check(world: &World, slot: &str, cargo: &Cargo) -> Result<(), SysError> {
    let invalid = |why: String| SysError::new(Errno::EINVAL, why);
    check_slot(slot)?;
    super::tree::check_label(&cargo.label).map_err(|error| invalid(error.to_string()))?;
    if cargo.capacity_bytes > IMAGE_BYTES {
        return Err(invalid(format!("a medium holds at most {IMAGE_BYTES} bytes")));
    }
    if let CargoContents::Raw(data) = &cargo.contents {
        check_raw(data, cargo.capacity_bytes).map_err(|why| invalid(why.to_owned()))?;
        let blobs = world.resource::<Blobs>();
        for (index, chunk) in data.chunks.iter().enumerate() {
            let bytes = blobs.get(&chunk.id());
            if bytes.is_none_or(|bytes| bytes.len() as u64 != data.chunk_len(index as u64)) {
                return Err(invalid(format!("piece {} is missing or of another length", chunk.id())));
            }
        }
    }
    Ok(())
}

/// Checks the sizes of raw contents.
pub(crate) fn check_raw(data: &FileData, capacity_bytes: u64) -> Result<(), &'static str> {
    if data.size > capacity_bytes || data.chunks.len() as u64 != data.size.div_ceil(CHUNK_BYTES) {
        return Err("size and pieces of the medium do not fit");
    }
    Ok(())
}

/// EINVAL for a slot that machines do not have.
pub(crate) fn check_slot(slot: &str) -> Result<(), SysError> {
    if is_slot(slot) {
        return Ok(());
    }
    let slots: Vec<&str> = SLOTS.iter().map(|(slot, _)| *slot).collect();
    let shown: String = slot.chars().take(32).collect();
    let why = format!("there is no slot {shown:?}; machines have: {}", slots.join(", "));
    Err(SysError::new(Errno::EINVAL, why))
}

/// Pushes a medium that lies beside the machine into its slot.
pub(crate) fn push_in(world: &mut World, node: NodeId, number: u64) -> Result<(), SysError> {
    let slot = row(world, node, number).expect("it is there").slot.clone();
    if in_slot(world, node, &slot).is_some() {
        return Err(SysError::new(Errno::EBUSY, format!("{slot}: there is something in it")));
    }
    change(world, node, number, |medium| medium.inserted = true);
    helios_kernel::machine::log_line(world, node, format!("{slot}: inserted"));
    Ok(())
}

/// Volumes of a medium.
fn volumes_of(world: &World, node: NodeId, number: u64) -> Vec<u32> {
    let of_medium = |volume: &u32| {
        volume::row(world, node, *volume).is_some_and(|row| row.source == Source::Medium(number) && !row.gone)
    };
    volume::all(world, node).into_iter().filter(of_medium).collect()
}

/// Pulls a medium out, whoever uses it: what was not synced is not on it.
pub(crate) fn pull_out(world: &mut World, node: NodeId, number: u64) {
    for volume in volumes_of(world, node, number) {
        volume::change(world, node, volume, |volume| volume.gone = true);
    }
    let slot = change(world, node, number, |medium| {
        medium.inserted = false;
        medium.slot.clone()
    });
    helios_kernel::machine::log_line(world, node, format!("{slot}: pulled out"));
}

/// Unmounts a medium, everything on it synced, and gives it out. EBUSY where it is in use.
pub(crate) fn eject(world: &mut World, node: NodeId, number: u64) -> Result<(), SysError> {
    for volume in volumes_of(world, node, number).into_iter().rev() {
        volume::take_down(world, node, volume)?;
    }
    pull_out(world, node, number);
    Ok(())
}

/// Forgets a medium that is not in a slot.
pub(crate) fn take_away(world: &mut World, node: NodeId, number: u64) {
    let entity = world.resource_mut::<FsIndex>().media.remove(&(node, number));
    world.despawn(entity.expect("it is there"));
}

/// All bytes of a medium, as its drive shows them.
///
/// # Errors
/// EIO where a piece is missing or the image is damaged.
///
/// # Panics
/// If there is no such medium.
pub fn bytes(world: &mut World, node: NodeId, number: u64) -> Result<Vec<u8>, SysError> {
    let contents = row(world, node, number).expect("it is there").contents.clone();
    match contents {
        Contents::Blank => Ok(Vec::new()),
        Contents::Image(image) => Ok(file_form(world, &image)?.to_vec()),
        Contents::Raw(data) => {
            let mut out = Vec::with_capacity(data.size as usize);
            for chunk in &data.chunks {
                out.extend_from_slice(piece(world, &chunk.id())?);
            }
            Ok(out)
        }
    }
}

fn piece<'w>(world: &'w World, id: &BlobId) -> Result<&'w [u8], SysError> {
    let bytes = world.resource::<Blobs>().get(id).map(AsRef::as_ref);
    bytes.ok_or_else(|| SysError::new(Errno::EIO, format!("contents {id} are missing")))
}

/// Reads from a drive.
pub(crate) fn read_device(
    world: &mut World,
    node: NodeId,
    rdev: u32,
    at: u64,
    count: u32,
) -> Result<Vec<u8>, SysError> {
    let cut = |bytes: &[u8]| {
        let start = usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
        let end = start.saturating_add(count as usize).min(bytes.len());
        bytes[start..end].to_vec()
    };
    if rdev == DISK_DEVICE {
        let synced = volume::drives(world, node).and_then(|drives| drives.synced.clone());
        let synced = synced.ok_or_else(|| SysError::new(Errno::ENXIO, "the disk has not been synced yet"))?;
        return Ok(cut(&file_form(world, &synced.image)?));
    }
    let medium = at_device(world, node, rdev)?;
    match medium.contents.clone() {
        Contents::Blank => Ok(Vec::new()),
        Contents::Image(image) => Ok(cut(&file_form(world, &image)?)),
        Contents::Raw(data) => {
            let end = at.saturating_add(u64::from(count)).min(data.size);
            let mut out = Vec::new();
            for index in at / CHUNK_BYTES..end.max(at).div_ceil(CHUNK_BYTES) {
                let Some(chunk) = data.chunks.get(index as usize) else {
                    break;
                };
                let start = index * CHUNK_BYTES;
                let (from, to) = (at.max(start) - start, end.min(start + CHUNK_BYTES) - start);
                let bytes = piece(world, &chunk.id())?.get(from as usize..to as usize);
                out.extend_from_slice(bytes.ok_or(Errno::EIO)?);
            }
            Ok(out)
        }
    }
}

fn at_device(world: &World, node: NodeId, rdev: u32) -> Result<&Medium, SysError> {
    let slot = slot_of(rdev).ok_or(Errno::ENXIO)?;
    in_slot(world, node, slot).ok_or_else(|| SysError::new(Errno::ENXIO, format!("{slot}: there is nothing in it")))
}

/// Writes to a drive: from then on its medium holds bytes, whatever they mean.
pub(crate) fn write_device(world: &mut World, node: NodeId, rdev: u32, at: u64, bytes: &[u8]) -> Result<u32, SysError> {
    if rdev == DISK_DEVICE {
        return Err(SysError::new(Errno::EROFS, "the image of the disk is not written to"));
    }
    let medium = at_device(world, node, rdev)?;
    let (number, capacity) = (medium.number, medium.capacity_bytes);
    if medium.read_only {
        return Err(SysError::new(Errno::EROFS, format!("{}: it is read-only", medium.slot)));
    }
    if !volumes_of(world, node, number).is_empty() {
        return Err(SysError::new(Errno::EBUSY, format!("{}: it is mounted", medium.slot)));
    }
    if at >= capacity && !bytes.is_empty() {
        return Err(SysError::new(
            Errno::ENOSPC,
            format!("the medium of {capacity} bytes is full"),
        ));
    }
    let bytes = &bytes[..bytes.len().min(capacity.saturating_sub(at) as usize)];
    let mut data = raw(world, node, number)?;
    write_raw(world, &mut data, at, bytes)?;
    change(world, node, number, |medium| medium.contents = Contents::Raw(data));
    Ok(bytes.len() as u32)
}

/// The contents of a medium as bytes.
fn raw(world: &mut World, node: NodeId, number: u64) -> Result<FileData, SysError> {
    if let Contents::Raw(data) = &row(world, node, number).expect("it is there").contents {
        return Ok(data.clone());
    }
    let bytes = bytes(world, node, number)?;
    let mut data = FileData::default();
    write_raw(world, &mut data, 0, &bytes)?;
    Ok(data)
}

/// Writes into bytes that are pieces of the content store; a gap is zeros.
pub(crate) fn write_raw(world: &mut World, data: &mut FileData, at: u64, bytes: &[u8]) -> Result<(), SysError> {
    if bytes.is_empty() {
        return Ok(());
    }
    let end = at + bytes.len() as u64;
    let first = at.min(data.size) / CHUNK_BYTES;
    let size = data.size.max(end);
    for index in first..size.div_ceil(CHUNK_BYTES) {
        let start = index * CHUNK_BYTES;
        if start >= end && index < data.chunks.len() as u64 {
            break;
        }
        let mut whole = match data.chunks.get(index as usize) {
            Some(chunk) => piece(world, &chunk.id())?.to_vec(),
            None => Vec::new(),
        };
        whole.resize((size - start).min(CHUNK_BYTES) as usize, 0);
        let (from, to) = (at.max(start), end.min(start + CHUNK_BYTES));
        if from < to {
            let source = &bytes[(from - at) as usize..(to - at) as usize];
            whole[(from - start) as usize..(to - start) as usize].copy_from_slice(source);
        }
        let stored = world.resource_mut::<Blobs>().put(whole);
        let chunk = Chunk::Sealed(stored.map_err(|error| SysError::new(Errno::ENOSPC, error.to_string()))?);
        match data.chunks.get_mut(index as usize) {
            Some(there) => *there = chunk,
            None => data.chunks.push(chunk),
        }
    }
    data.size = size;
    Ok(())
}
