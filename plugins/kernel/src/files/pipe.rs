//! Pipes: 64 KiB between writers and readers.

use bevy_ecs::prelude::*;
use helios_abi::calls::{Stat, mode, open_flags};
use helios_abi::{Bytes, Errno, NodeId, ProcKey, SysError};
use serde::{Deserialize, Serialize};

use super::{FileOps, FileRef, Io, OpenSpec, check_room, install, plain_stat, poll_bits};
use crate::index::KernelIndex;
use crate::wait::{WaitKey, wake};

/// The kind's name.
pub const KIND: &str = "pipe";
/// What a pipe holds.
pub const PIPE_BYTES: usize = 64 << 10;
/// Writes of up to this many bytes go whole or wait.
pub const ATOMIC_BYTES: usize = 4 << 10;

/// A pipe.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PipeBuffer {
    /// What was written and not read.
    pub data: Bytes,
    /// Descriptions open for reading.
    pub readers: u32,
    /// Descriptions open for writing.
    pub writers: u32,
}

/// Operations of a pipe's ends.
pub struct PipeOps;

fn buffer<'w>(world: &'w World, file: &FileRef) -> &'w PipeBuffer {
    let entity = world
        .resource::<KernelIndex>()
        .object(file.node, file.file.object)
        .expect("an open pipe exists");
    world.get::<PipeBuffer>(entity).expect("indexed")
}

fn change<T>(world: &mut World, file: &FileRef, with: impl FnOnce(&mut PipeBuffer) -> T) -> T {
    let entity = world
        .resource::<KernelIndex>()
        .object(file.node, file.file.object)
        .expect("an open pipe exists");
    with(&mut world.get_mut::<PipeBuffer>(entity).expect("indexed"))
}

/// Makes a pipe and answers the descriptors of its ends: for reading, for writing.
///
/// # Errors
/// EMFILE, ENFILE: nothing was made.
pub fn make(world: &mut World, process: ProcKey) -> Result<(i32, i32), SysError> {
    let node = process.node;
    check_room(world, process)?;
    let pipe = PipeBuffer {
        readers: 1,
        writers: 1,
        ..Default::default()
    };
    let (entity, id) = crate::rows::spawn(world, node, pipe);
    world.resource_mut::<KernelIndex>().add_object(node, id, entity);
    let spec = |flags| OpenSpec {
        kind: KIND,
        object: id,
        flags,
        path: format!("pipe:[{id}]"),
    };
    let read = install(world, process, spec(open_flags::READ)).expect("there is room for one");
    match install(world, process, spec(open_flags::WRITE)) {
        Ok(write) => Ok((read, write)),
        Err(error) => {
            let end = super::lookup(world, process, read)?;
            change(world, &end, |pipe| pipe.writers = 0);
            super::close(world, process, read)?;
            Err(error)
        }
    }
}

impl FileOps for PipeOps {
    fn read(&self, world: &mut World, file: &FileRef, _at: u64, count: u32) -> Result<Io<Vec<u8>>, SysError> {
        let pipe = buffer(world, file);
        if pipe.data.0.is_empty() && pipe.writers > 0 && count > 0 {
            return Ok(Io::WouldBlock(WaitKey::Readable(file.file.object)));
        }
        if pipe.data.0.is_empty() || count == 0 {
            return Ok(Io::Ready(Vec::new()));
        }
        let taken = change(world, file, |pipe| {
            let end = pipe.data.0.len().min(count as usize);
            pipe.data.0.drain(..end).collect()
        });
        wake(world, file.node, WaitKey::Writable(file.file.object));
        Ok(Io::Ready(taken))
    }

    fn write(&self, world: &mut World, file: &FileRef, _at: u64, data: &[u8]) -> Result<Io<u32>, SysError> {
        let pipe = buffer(world, file);
        if pipe.readers == 0 {
            return Err(SysError::new(Errno::EPIPE, "nobody reads the other end of the pipe"));
        }
        let room = PIPE_BYTES - pipe.data.0.len();
        let fits = if data.len() <= ATOMIC_BYTES {
            room >= data.len()
        } else {
            room > 0
        };
        if !fits {
            return Ok(Io::WouldBlock(WaitKey::Writable(file.file.object)));
        }
        let count = room.min(data.len());
        change(world, file, |pipe| pipe.data.0.extend_from_slice(&data[..count]));
        if count > 0 {
            wake(world, file.node, WaitKey::Readable(file.file.object));
        }
        Ok(Io::Ready(count as u32))
    }

    fn poll(&self, world: &mut World, file: &FileRef) -> u32 {
        let pipe = buffer(world, file);
        let mut seen = 0;
        if file.file.flags & open_flags::READ != 0 {
            seen |= if pipe.data.0.is_empty() { 0 } else { poll_bits::IN };
            seen |= if pipe.writers == 0 { poll_bits::HUP } else { 0 };
        }
        if file.file.flags & open_flags::WRITE != 0 {
            seen |= if PIPE_BYTES - pipe.data.0.len() >= ATOMIC_BYTES {
                poll_bits::OUT
            } else {
                0
            };
            seen |= if pipe.readers == 0 { poll_bits::ERR } else { 0 };
        }
        seen
    }

    fn poll_keys(&self, file: &FileRef, _events: u32) -> Vec<WaitKey> {
        // An end has one direction, and its hang-up is announced under the same key.
        let object = file.file.object;
        vec![if file.file.flags & open_flags::READ != 0 {
            WaitKey::Readable(object)
        } else {
            WaitKey::Writable(object)
        }]
    }

    fn stat(&self, world: &mut World, file: &FileRef) -> Result<Stat, SysError> {
        Ok(plain_stat(
            file.file.object,
            mode::FIFO | 0o600,
            buffer(world, file).data.0.len() as u64,
        ))
    }

    fn close(&self, world: &mut World, file: &FileRef) {
        let reading = file.file.flags & open_flags::READ != 0;
        let (readers, writers) = change(world, file, |pipe| {
            let end = if reading { &mut pipe.readers } else { &mut pipe.writers };
            *end -= 1;
            (pipe.readers, pipe.writers)
        });
        if readers == 0 && writers == 0 {
            remove_object(world, file.node, file.file.object);
        } else if readers == 0 {
            wake(world, file.node, WaitKey::Writable(file.file.object));
        } else if writers == 0 {
            wake(world, file.node, WaitKey::Readable(file.file.object));
        }
    }
}

/// Despawns a kernel object.
pub(super) fn remove_object(world: &mut World, node: NodeId, id: u64) {
    let entity = world
        .resource_mut::<KernelIndex>()
        .remove_object(node, id)
        .expect("the object exists");
    crate::rows::despawn(world, entity);
}
