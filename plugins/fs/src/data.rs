//! Contents: reading, writing, cutting, and sealing what was written.
//!
//! A write opens the pieces that it touches. They are hashed once, at the end of the tick, however often they were
//! written: appending lines to a log costs copying them.

use bevy_ecs::prelude::*;
use helios_abi::{Errno, NodeId, SysError};
use helios_engine::blobs::{BlobError, BlobId, Blobs};

use crate::access::without_set_id;
use crate::disk::volume;
use crate::index::FsIndex;
use crate::inode::{Body, Chunk, FileData, Inode};
use crate::limits::{CHUNK_BYTES, FILE_BYTES};
use crate::lower::{LowerBody, lower, volume_of};
use crate::store::{change, copy_up, meta_of, now_ms, room, row};

/// Reads up to `count` bytes at `at`.
pub(crate) fn read(world: &World, node: NodeId, ino: u64, at: u64, count: u64) -> Result<Vec<u8>, SysError> {
    volume::check_present(world, node, ino)?;
    let size = meta_of(world, node, ino).size;
    let end = at.saturating_add(count).min(size);
    if at >= end {
        return Ok(Vec::new());
    }
    let mut out = Vec::with_capacity((end - at) as usize);
    for index in at / CHUNK_BYTES..end.div_ceil(CHUNK_BYTES) {
        let start = index * CHUNK_BYTES;
        let (from, to) = (at.max(start) - start, end.min(start + CHUNK_BYTES) - start);
        let bytes = piece(world, node, ino, index)?.get(from as usize..to as usize);
        out.extend_from_slice(bytes.ok_or_else(|| SysError::new(Errno::EIO, "a piece of the file is too short"))?);
    }
    Ok(out)
}

/// The bytes of one piece.
fn piece(world: &World, node: NodeId, ino: u64, index: u64) -> Result<&[u8], SysError> {
    let at = index as usize;
    let id = match row(world, node, ino).map(|inode| &inode.body) {
        Some(Body::File(data)) => match &data.chunks[at] {
            Chunk::Open(bytes) => return Ok(bytes),
            Chunk::Sealed(id) => *id,
        },
        _ => match lower(world, node, ino).node(ino).map(|node| node.body) {
            Some(LowerBody::File { chunks, .. }) => chunks[at],
            _ => return Err(Errno::EIO.into()),
        },
    };
    stored(world, &id)
}

fn stored<'w>(world: &'w World, id: &BlobId) -> Result<&'w [u8], SysError> {
    let bytes = world.resource::<Blobs>().get(id);
    bytes
        .map(AsRef::as_ref)
        .ok_or_else(|| SysError::new(Errno::EIO, format!("contents {id} are missing")))
}

/// Gives a file contents of its own, if they are still the image's, and charges them.
fn own(world: &mut World, node: NodeId, ino: u64, keep: u64) -> Result<(), SysError> {
    let entity = copy_up(world, node, ino);
    let inode = world.get::<Inode>(entity).expect("indexed");
    match inode.body {
        Body::File(_) => return Ok(()),
        Body::Base => {}
        _ => return Err(SysError::new(Errno::EINVAL, "only regular files have contents")),
    }
    let uid = inode.uid;
    let Some(LowerBody::File { size, chunks }) = lower(world, node, ino).node(ino).map(|node| node.body) else {
        return Err(Errno::EIO.into());
    };
    let mut data = FileData {
        size,
        chunks: chunks.iter().copied().map(Chunk::Sealed).collect(),
    };
    if keep == 0 {
        data = FileData::default();
    }
    // A volume holds its image's files already.
    let more = if volume_of(ino) == 0 { data.size } else { 0 };
    if room(world, node, ino, uid, more)? < more {
        return Err(SysError::new(
            Errno::ENOSPC,
            "there is no room for a copy of the base image's file",
        ));
    }
    change(world, node, ino, |inode| inode.body = Body::File(data));
    Ok(())
}

/// Writes at `at` and answers how many bytes went: fewer where disk, quota or file size end.
pub(crate) fn write(world: &mut World, node: NodeId, ino: u64, at: u64, data: &[u8]) -> Result<u32, SysError> {
    if data.is_empty() {
        return Ok(0);
    }
    volume::check_present(world, node, ino)?;
    if at >= FILE_BYTES {
        return Err(SysError::new(
            Errno::EFBIG,
            format!("a file has at most {FILE_BYTES} bytes"),
        ));
    }
    own(world, node, ino, u64::MAX)?;
    let meta = meta_of(world, node, ino);
    let wanted = (at + data.len() as u64).min(FILE_BYTES);
    let end = if wanted > meta.size {
        meta.size + room(world, node, ino, meta.uid, wanted - meta.size)?
    } else {
        wanted
    };
    if end <= at {
        return Err(SysError::new(
            Errno::ENOSPC,
            "there is no room for the gap before what is written",
        ));
    }
    resize(world, node, ino, end.max(meta.size))?;
    let data = &data[..(end - at) as usize];
    for index in at / CHUNK_BYTES..end.div_ceil(CHUNK_BYTES) {
        let start = index * CHUNK_BYTES;
        let (from, to) = (at.max(start), end.min(start + CHUNK_BYTES));
        let source = &data[(from - at) as usize..(to - at) as usize];
        let range = (from - start) as usize..(to - start) as usize;
        open_piece(world, node, ino, index, |bytes| bytes[range].copy_from_slice(source))?;
    }
    stamp(world, node, ino);
    Ok(data.len() as u32)
}

/// Cuts or extends to `size` bytes; new bytes are zero.
pub(crate) fn truncate(world: &mut World, node: NodeId, ino: u64, size: u64) -> Result<(), SysError> {
    if size > FILE_BYTES {
        return Err(SysError::new(
            Errno::EFBIG,
            format!("a file has at most {FILE_BYTES} bytes"),
        ));
    }
    volume::check_present(world, node, ino)?;
    own(world, node, ino, size)?;
    let meta = meta_of(world, node, ino);
    let more = size.saturating_sub(meta.size);
    if room(world, node, ino, meta.uid, more)? < more {
        return Err(SysError::new(
            Errno::ENOSPC,
            format!("there is no room for {more} bytes more"),
        ));
    }
    resize(world, node, ino, size)?;
    stamp(world, node, ino);
    Ok(())
}

fn stamp(world: &mut World, node: NodeId, ino: u64) {
    let now = now_ms(world);
    change(world, node, ino, |inode| {
        inode.mtime_ms = now;
        inode.ctime_ms = now;
        inode.mode = without_set_id(inode.mode);
    });
}

/// Sets the length; the caller has checked that there is room.
fn resize(world: &mut World, node: NodeId, ino: u64, size: u64) -> Result<(), SysError> {
    let before = meta_of(world, node, ino).size;
    if size == before {
        return Ok(());
    }
    let last = before.min(size) / CHUNK_BYTES;
    // The piece in which the shorter of the two ends changes its length.
    if !before.min(size).is_multiple_of(CHUNK_BYTES) {
        let len = size.min((last + 1) * CHUNK_BYTES) - last * CHUNK_BYTES;
        open_piece(world, node, ino, last, |bytes| bytes.resize(len as usize, 0))?;
    }
    let whole = size / CHUNK_BYTES;
    let had = before.div_ceil(CHUNK_BYTES);
    let zeros = (whole > had)
        .then(|| world.resource_mut::<Blobs>().put(vec![0; CHUNK_BYTES as usize]))
        .transpose()
        .map_err(|error| SysError::new(Errno::ENOSPC, error.to_string()))?;
    let open = change(world, node, ino, |inode| {
        let Body::File(data) = &mut inode.body else {
            unreachable!("the file has contents of its own")
        };
        data.size = size;
        data.chunks.truncate(size.div_ceil(CHUNK_BYTES) as usize);
        if let Some(zeros) = zeros {
            data.chunks
                .resize((whole.max(data.chunks.len() as u64)) as usize, Chunk::Sealed(zeros));
        }
        let ends_open = (data.chunks.len() as u64) < size.div_ceil(CHUNK_BYTES);
        if ends_open {
            data.chunks
                .push(Chunk::Open(vec![0; data.chunk_len(size / CHUNK_BYTES) as usize]));
        }
        ends_open
    });
    if open {
        world.resource_mut::<FsIndex>().unsealed.insert((node, ino));
    }
    Ok(())
}

/// Changes the bytes of a piece.
fn open_piece(
    world: &mut World,
    node: NodeId,
    ino: u64,
    index: u64,
    with: impl FnOnce(&mut Vec<u8>),
) -> Result<(), SysError> {
    let sealed = match row(world, node, ino).map(|inode| &inode.body) {
        Some(Body::File(data)) => match &data.chunks[index as usize] {
            Chunk::Sealed(id) => {
                let bytes = stored(world, id)?;
                if bytes.len() as u64 != data.chunk_len(index) {
                    return Err(SysError::new(Errno::EIO, "a piece of the file has a wrong length"));
                }
                Some(bytes.to_vec())
            }
            Chunk::Open(_) => None,
        },
        _ => unreachable!("the file has contents of its own"),
    };
    let entity = copy_up(world, node, ino);
    let mut inode = world.get_mut::<Inode>(entity).expect("indexed");
    let Body::File(data) = &mut inode.body else {
        unreachable!("matched above")
    };
    let chunk = &mut data.chunks[index as usize];
    if let Some(bytes) = sealed {
        *chunk = Chunk::Open(bytes);
    }
    let Chunk::Open(bytes) = chunk else {
        unreachable!("opened above")
    };
    with(bytes);
    world.resource_mut::<FsIndex>().unsealed.insert((node, ino));
    Ok(())
}

/// Hashes what was written since the last time and moves it to the content store.
///
/// Rows look the same before and after, so this is no change of theirs. Where the store of the host is full a piece stays
/// open, and is tried again.
pub(crate) fn seal(mut index: ResMut<FsIndex>, mut inodes: Query<&mut Inode>, mut blobs: ResMut<Blobs>) {
    if index.unsealed.is_empty() {
        return;
    }
    for key in std::mem::take(&mut index.unsealed) {
        let Some(mut inode) = index.inodes.get(&key).and_then(|entity| inodes.get_mut(*entity).ok()) else {
            continue;
        };
        let Body::File(data) = &mut inode.bypass_change_detection().body else {
            continue;
        };
        if let Err(error) = seal_file(data, &mut blobs) {
            tracing::error!(node = %key.0, ino = key.1, "contents stay in memory: {error}");
            index.unsealed.insert(key);
        }
    }
}

fn seal_file(data: &mut FileData, blobs: &mut Blobs) -> Result<(), BlobError> {
    for chunk in &mut data.chunks {
        if let Chunk::Open(bytes) = chunk {
            *chunk = Chunk::Sealed(blobs.put(bytes.as_slice())?);
        }
    }
    Ok(())
}

/// Seals at once, outside a tick: after a world was built, so that a save finds every piece.
pub(crate) fn seal_world(world: &mut World) {
    use bevy_ecs::system::RunSystemOnce as _;
    world.run_system_once(seal).expect("the resources are there");
}
