//! The master side of pseudo-terminals: a program in the place of the keyboard and the screen.

use bevy_ecs::prelude::*;
use helios_abi::calls::{PtyPair, Stat, mode, open_flags};
use helios_abi::{Bytes, Errno, ProcKey, SysError};

use super::line::INPUT_BYTES;
use super::{Master, Tty};
use crate::files::{self, FileOps, FileRef, Io, OpenSpec, plain_stat, poll_bits};
use crate::process::Creds;
use crate::wait::{WaitKey, wake};

/// The kind's name.
pub const KIND: &str = "pty";
/// What a master holds unread; who writes more waits.
pub const OUTPUT_BYTES: usize = 64 << 10;

/// Operations of masters.
pub struct PtyOps;

/// Makes a pseudo-terminal and answers the descriptors of its sides.
///
/// # Errors
/// EMFILE, ENFILE, EAGAIN: nothing was made.
pub fn make(world: &mut World, process: ProcKey, rows: u16, columns: u16) -> Result<PtyPair, SysError> {
    let node = process.node;
    files::check_room(world, process)?;
    let name = super::free_name(world, node)?;
    let entity = crate::lifecycle::alive(world, process).ok_or(Errno::ESRCH)?;
    let owner = world.get::<Creds>(entity).map_or(0, |creds| creds.uid);
    let pty = Master::Pty {
        masters: 1,
        output: Bytes::default(),
    };
    let id = super::spawn(world, node, &name, pty, rows, columns);
    super::row_mut(world, node, id).owner = owner;
    let flags = open_flags::READ | open_flags::WRITE;
    let spec = |kind, path| OpenSpec {
        kind,
        object: id,
        flags,
        path,
    };
    let master = files::install(world, process, spec(KIND, "/dev/ptmx".to_owned())).expect("there is room for one");
    super::row_mut(world, node, id).slaves += 1;
    match files::install(world, process, spec(super::KIND, format!("/dev/{name}"))) {
        Ok(slave) => Ok(PtyPair { master, slave, name }),
        Err(error) => {
            super::row_mut(world, node, id).slaves -= 1;
            files::close(world, process, master)?;
            Err(error)
        }
    }
}

fn output(tty: &mut Tty) -> &mut Vec<u8> {
    match &mut tty.master {
        Master::Pty { output, .. } => &mut output.0,
        Master::Console | Master::Host { .. } => unreachable!("a master is open on pseudo-terminals alone"),
    }
}

impl FileOps for PtyOps {
    fn read(&self, world: &mut World, file: &FileRef, _at: u64, count: u32) -> Result<Io<Vec<u8>>, SysError> {
        let (node, id) = (file.node, file.file.object);
        let mut tty = super::row_mut(world, node, id);
        let slaves = tty.slaves;
        let waiting = output(&mut tty);
        if waiting.is_empty() && count > 0 {
            // As on Linux before a program has opened the other side, and after the last one has closed it: the end.
            return Ok(match slaves {
                0 => Io::Ready(Vec::new()),
                _ => Io::WouldBlock(WaitKey::Master(id)),
            });
        }
        let end = waiting.len().min(count as usize);
        let taken = waiting.drain(..end).collect();
        wake(world, node, WaitKey::Writable(id));
        Ok(Io::Ready(taken))
    }

    fn write(&self, world: &mut World, file: &FileRef, _at: u64, data: &[u8]) -> Result<Io<u32>, SysError> {
        let (node, id) = (file.node, file.file.object);
        let tty = super::row(world, node, id);
        if tty.slaves == 0 {
            return Err(super::gone(&tty.name));
        }
        let room = INPUT_BYTES.saturating_sub(tty.line.ready.0.len() + tty.line.edit.0.len());
        let count = room.min(data.len());
        if count == 0 && !data.is_empty() {
            return Ok(Io::WouldBlock(WaitKey::MasterRoom(id)));
        }
        super::type_at(world, node, id, &data[..count]);
        Ok(Io::Ready(count as u32))
    }

    fn poll(&self, world: &mut World, file: &FileRef) -> u32 {
        let tty = super::row(world, file.node, file.file.object);
        let waiting = matches!(&tty.master, Master::Pty { output, .. } if !output.0.is_empty());
        let closed = tty.slaves == 0;
        let room = tty.line.ready.0.len() + tty.line.edit.0.len() < INPUT_BYTES;
        let bit = |bit: u32, ready: bool| if ready { bit } else { 0 };
        bit(poll_bits::IN, waiting || closed) | bit(poll_bits::OUT, room) | bit(poll_bits::HUP, closed)
    }

    fn poll_keys(&self, file: &FileRef, events: u32) -> Vec<WaitKey> {
        let id = file.file.object;
        let wanted = [
            (poll_bits::IN, WaitKey::Master(id)),
            (poll_bits::OUT, WaitKey::MasterRoom(id)),
        ];
        let wanted = wanted.into_iter().filter(|(bit, _)| events & bit != 0);
        wanted.map(|(_, key)| key).collect()
    }

    fn stat(&self, _world: &mut World, file: &FileRef) -> Result<Stat, SysError> {
        Ok(Stat {
            rdev: 5 << 8 | 2,
            ..plain_stat(file.file.object, mode::DEVICE | 0o666, 0)
        })
    }

    fn close(&self, world: &mut World, file: &FileRef) {
        let (node, id) = (file.node, file.file.object);
        let mut tty = super::row_mut(world, node, id);
        let Master::Pty { masters, .. } = &mut tty.master else {
            unreachable!("a master is open on pseudo-terminals alone");
        };
        *masters -= 1;
        if *masters == 0 {
            super::hang_up(world, node, id);
        }
    }
}
