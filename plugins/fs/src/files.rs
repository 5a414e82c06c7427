//! Open files: inodes, and what the devices among them do; and files of `/proc`.

use bevy_ecs::prelude::*;
use helios_abi::calls::{Stat, mode, open_flags};
use helios_abi::{Errno, SysError};
use helios_engine::streams::with_stream;
use helios_kernel::files::poll_bits;
use helios_kernel::{FileOps, FileRef, Io};

use crate::disk::media;
use crate::store::{closed, meta_of};
use crate::{data, proc};

/// The kind of descriptions that are open on an inode.
pub const KIND: &str = "inode";
/// The kind of descriptions that are open on something of `/proc`.
pub const PROC_KIND: &str = "proc";

/// Numbers of the memory devices, major << 8 | minor, as Linux has them.
pub mod devices {
    /// `/dev/null`.
    pub const NULL: u32 = 0x103;
    /// `/dev/zero`.
    pub const ZERO: u32 = 0x105;
    /// `/dev/full`.
    pub const FULL: u32 = 0x107;
    /// `/dev/random`.
    pub const RANDOM: u32 = 0x108;
    /// `/dev/urandom`.
    pub const URANDOM: u32 = 0x109;
    /// The caller's terminal.
    pub const TTY: u32 = 0x500;
    /// The machine's console.
    pub const CONSOLE: u32 = 0x501;
    /// Major number of the terminals `tty0`, `tty1`, ….
    pub const TERMINALS: u32 = 4;
}

/// Operations of inodes.
pub struct InodeOps;

/// Operations of `/proc`.
pub struct ProcOps;

/// The node's stream that `/dev/random` draws from.
const RANDOM_STREAM: &str = "dev_random";

fn read_device(world: &mut World, file: &FileRef, rdev: u32, at: u64, count: u32) -> Result<Vec<u8>, SysError> {
    match rdev {
        devices::NULL => Ok(Vec::new()),
        devices::ZERO | devices::FULL => Ok(vec![0; count as usize]),
        devices::RANDOM | devices::URANDOM => {
            let mut bytes = vec![0; count as usize];
            let drawn = with_stream(world, file.node, RANDOM_STREAM, |stream| stream.fill(&mut bytes));
            drawn.map(|()| bytes).ok_or_else(|| Errno::ENXIO.into())
        }
        _ => media::read_device(world, file.node, rdev, at, count),
    }
}

fn write_device(world: &mut World, file: &FileRef, rdev: u32, at: u64, data: &[u8]) -> Result<u32, SysError> {
    match rdev {
        devices::FULL if !data.is_empty() => Err(SysError::new(Errno::ENOSPC, "this device is always full")),
        // What is written to the random devices would stir a kernel's pool; this one is a stream that nobody stirs.
        devices::NULL | devices::ZERO | devices::FULL | devices::RANDOM | devices::URANDOM => Ok(data.len() as u32),
        _ => media::write_device(world, file.node, rdev, at, data),
    }
}

fn always_ready(file: &FileRef) -> u32 {
    let of = |flag: u32, bit: u32| if file.file.flags & flag == 0 { 0 } else { bit };
    of(open_flags::READ, poll_bits::IN) | of(open_flags::WRITE, poll_bits::OUT)
}

impl FileOps for InodeOps {
    fn read(&self, world: &mut World, file: &FileRef, at: u64, count: u32) -> Result<Io<Vec<u8>>, SysError> {
        let meta = meta_of(world, file.node, file.file.object);
        let bytes = match meta.kind() {
            mode::DIR => return Err(SysError::new(Errno::EISDIR, format!("{}: a directory", file.file.path))),
            mode::DEVICE => read_device(world, file, meta.rdev, at, count)?,
            _ => data::read(world, file.node, meta.ino, at, u64::from(count))?,
        };
        Ok(Io::Ready(bytes))
    }

    fn write(&self, world: &mut World, file: &FileRef, at: u64, bytes: &[u8]) -> Result<Io<u32>, SysError> {
        let meta = meta_of(world, file.node, file.file.object);
        let count = match meta.kind() {
            mode::DIR => return Err(SysError::new(Errno::EISDIR, format!("{}: a directory", file.file.path))),
            mode::DEVICE => write_device(world, file, meta.rdev, at, bytes)?,
            _ => data::write(world, file.node, meta.ino, at, bytes)?,
        };
        Ok(Io::Ready(count))
    }

    fn poll(&self, _world: &mut World, file: &FileRef) -> u32 {
        always_ready(file)
    }

    fn stat(&self, world: &mut World, file: &FileRef) -> Result<Stat, SysError> {
        Ok(meta_of(world, file.node, file.file.object).stat())
    }

    fn seekable(&self) -> bool {
        true
    }

    fn truncate(&self, world: &mut World, file: &FileRef, size: u64) -> Result<(), SysError> {
        let meta = meta_of(world, file.node, file.file.object);
        match meta.kind() {
            mode::DIR => Err(Errno::EISDIR.into()),
            mode::FILE => data::truncate(world, file.node, meta.ino, size),
            _ => Err(Errno::EINVAL.into()),
        }
    }

    fn close(&self, world: &mut World, file: &FileRef) {
        closed(world, file.node, file.file.object);
    }
}

impl FileOps for ProcOps {
    fn read(&self, world: &mut World, file: &FileRef, at: u64, count: u32) -> Result<Io<Vec<u8>>, SysError> {
        let gone = || SysError::new(Errno::ESRCH, format!("{}: the process is gone", file.file.path));
        let node = proc::at_path(world, file.node, &file.file.path).ok_or_else(gone)?;
        let text = proc::text(world, file.node, &node)?;
        let start = usize::try_from(at).unwrap_or(usize::MAX).min(text.len());
        let end = start.saturating_add(count as usize).min(text.len());
        Ok(Io::Ready(text.as_bytes()[start..end].to_vec()))
    }

    fn write(&self, _: &mut World, _: &FileRef, _: u64, _: &[u8]) -> Result<Io<u32>, SysError> {
        Err(Errno::EACCES.into())
    }

    fn poll(&self, _: &mut World, file: &FileRef) -> u32 {
        always_ready(file)
    }

    fn stat(&self, world: &mut World, file: &FileRef) -> Result<Stat, SysError> {
        let node = proc::at_path(world, file.node, &file.file.path).ok_or(Errno::ESRCH)?;
        Ok(proc::stat(world, file.node, &node))
    }

    fn seekable(&self) -> bool {
        true
    }

    fn close(&self, _: &mut World, _: &FileRef) {}
}
