//! Descriptors, open-file descriptions, and the registry of what lies behind them.
//!
//! A process's descriptors ([`Fds`]) point to open-file descriptions ([`OpenFile`]), entities of their own that `dup` and
//! `spawn` share. What a description does is decided by its *kind*: inodes are the fs plugin's, sockets the net plugin's,
//! pipes, terminals and the host's streams the kernel's. Each kind is one [`FileOps`].

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_abi::calls::{Stat, open_flags};
use helios_abi::{Errno, NodeId, ProcKey, SysError};
use serde::{Deserialize, Serialize};

use crate::index::KernelIndex;
use crate::process::Accounting;
use crate::wait::{WaitKey, wake};

pub mod host;
pub mod pipe;
pub mod tty;

/// Most descriptors of one process: EMFILE beyond.
pub const MAX_FDS: usize = 256;
/// Most open-file descriptions of one machine: ENFILE beyond.
pub const MAX_OPEN_FILES: u32 = 8192;
/// Most bytes of one read or write.
pub const MAX_IO_BYTES: u32 = 1 << 20;

/// Bits of `poll`'s events and answers.
pub mod poll_bits {
    /// There is something to read, or the end.
    pub const IN: u32 = 1;
    /// A write would go through.
    pub const OUT: u32 = 4;
    /// An error; nobody reads the other end.
    pub const ERR: u32 = 8;
    /// The other end is closed.
    pub const HUP: u32 = 16;
    /// No such descriptor.
    pub const INVALID: u32 = 32;
}

/// An open-file description: what `open` makes and descriptors share.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenFile {
    /// Which [`FileOps`] serves it.
    pub kind: String,
    /// What it is open on, in the kind's own numbering: an inode, a pipe, a socket.
    pub object: u64,
    /// Bits of `OpenFlags`.
    pub flags: u32,
    /// Where the next read or write goes.
    pub offset: u64,
    /// Descriptors that point here, and references that the kernel holds.
    pub refs: u32,
    /// The path it was opened by, or a name such as `pipe:[3]`, for `/proc`.
    pub path: String,
}

/// An open-file description as a [`FileOps`] sees it: a copy, of the moment of the call.
#[derive(Clone, Debug)]
pub struct FileRef {
    /// The machine.
    pub node: NodeId,
    /// The description's number on the machine, never reused.
    pub id: u64,
    /// The description.
    pub file: OpenFile,
}

/// What became of a read or write that may have to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Io<T> {
    /// It went.
    Ready(T),
    /// It would have to wait until this key is woken. The kernel answers EAGAIN to a non-blocking caller.
    WouldBlock(WaitKey),
}

/// What a kind of file does.
///
/// Methods run inside a system call, with the world to themselves. Offsets are the kernel's business: it passes where to
/// read or write, and moves the description's offset where [`seekable`](Self::seekable) says that there is one. Access
/// bits of the flags are checked before. A change that may let somebody go on is announced with [`wake`].
pub trait FileOps: Send + Sync {
    /// Reads up to `count` bytes at `at`. No bytes mean the end.
    ///
    /// # Errors
    /// EISDIR, EIO, EINVAL…
    fn read(&self, world: &mut World, file: &FileRef, at: u64, count: u32) -> Result<Io<Vec<u8>>, SysError>;

    /// Writes `data` at `at` and answers how many bytes went, at least one unless `data` is empty.
    ///
    /// # Errors
    /// EPIPE (the kernel adds the SIGPIPE), ENOSPC, EDQUOT, EFBIG…
    fn write(&self, world: &mut World, file: &FileRef, at: u64, data: &[u8]) -> Result<Io<u32>, SysError>;

    /// What is possible now, as [`poll_bits`].
    fn poll(&self, world: &mut World, file: &FileRef) -> u32;

    /// Which keys are woken when `events` may have become possible. Empty: it is always ready.
    fn poll_keys(&self, file: &FileRef, events: u32) -> Vec<WaitKey> {
        let _ = (file, events);
        Vec::new()
    }

    /// Tells of the file.
    ///
    /// # Errors
    /// EIO.
    fn stat(&self, world: &mut World, file: &FileRef) -> Result<Stat, SysError>;

    /// Whether the file has an offset, and a size in [`stat`](Self::stat) that seeking from the end means.
    fn seekable(&self) -> bool {
        false
    }

    /// Cuts or extends the file.
    ///
    /// # Errors
    /// EINVAL where there is nothing to cut, EISDIR, EFBIG, ENOSPC.
    fn truncate(&self, world: &mut World, file: &FileRef, size: u64) -> Result<(), SysError> {
        let _ = (world, file, size);
        Err(SysError::new(Errno::EINVAL, "this kind of file cannot be truncated"))
    }

    /// The last descriptor is gone; the description is gone already.
    fn close(&self, world: &mut World, file: &FileRef);

    /// The terminal's device name, of a terminal.
    fn tty_name(&self, world: &World, file: &FileRef) -> Option<String> {
        let _ = (world, file);
        None
    }
}

/// Every kind of file, by name.
#[derive(Resource, Default)]
pub struct FileKinds(BTreeMap<&'static str, Arc<dyn FileOps>>);

impl FileKinds {
    /// The operations of a kind.
    ///
    /// # Panics
    /// If nobody registered it: a description of that kind cannot exist.
    #[must_use]
    pub fn get(&self, kind: &str) -> Arc<dyn FileOps> {
        self.0
            .get(kind)
            .unwrap_or_else(|| panic!("no file kind {kind}"))
            .clone()
    }

    /// Whether the kind is registered.
    #[must_use]
    pub fn has(&self, kind: &str) -> bool {
        self.0.contains_key(kind)
    }
}

/// Adds kinds of files to an app.
pub trait RegisterFileKind {
    /// Attaches the operations of `kind`.
    ///
    /// # Panics
    /// If the kind is there already.
    fn register_file_kind(&mut self, kind: &'static str, ops: impl FileOps + 'static) -> &mut Self;
}

impl RegisterFileKind for App {
    fn register_file_kind(&mut self, kind: &'static str, ops: impl FileOps + 'static) -> &mut Self {
        let before = self
            .world_mut()
            .get_resource_or_init::<FileKinds>()
            .0
            .insert(kind, Arc::new(ops));
        assert!(before.is_none(), "the file kind {kind} is registered twice");
        self
    }
}

/// One descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fd {
    /// Its number.
    pub fd: i32,
    /// The open-file description.
    pub file: u64,
    /// It is not inherited.
    pub cloexec: bool,
}

/// A process's descriptors, sorted by number.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fds {
    /// The descriptors.
    pub table: Vec<Fd>,
}

impl Fds {
    /// Finds a descriptor.
    #[must_use]
    pub fn get(&self, fd: i32) -> Option<Fd> {
        self.table
            .binary_search_by_key(&fd, |entry| entry.fd)
            .ok()
            .map(|at| self.table[at])
    }

    /// The lowest number that is free, or `None` when the table is full.
    #[must_use]
    pub fn lowest_free(&self) -> Option<i32> {
        if self.table.len() >= MAX_FDS {
            return None;
        }
        let mut wanted = 0;
        for entry in &self.table {
            if entry.fd != wanted {
                break;
            }
            wanted += 1;
        }
        Some(wanted)
    }

    pub(crate) fn insert(&mut self, entry: Fd) {
        match self.table.binary_search_by_key(&entry.fd, |entry| entry.fd) {
            Ok(at) => self.table[at] = entry,
            Err(at) => self.table.insert(at, entry),
        }
    }

    fn remove(&mut self, fd: i32) -> Option<Fd> {
        self.table
            .binary_search_by_key(&fd, |entry| entry.fd)
            .ok()
            .map(|at| self.table.remove(at))
    }
}

/// What a new open-file description is.
#[derive(Clone, Debug)]
pub struct OpenSpec {
    /// Which [`FileOps`] serves it.
    pub kind: &'static str,
    /// What it is open on.
    pub object: u64,
    /// Bits of `OpenFlags`.
    pub flags: u32,
    /// Its path or name, for `/proc`.
    pub path: String,
}

/// Says whether `process` may open one more file. Call it before making anything that [`install`] would hold.
///
/// # Errors
/// EMFILE, ENFILE.
pub fn check_room(world: &World, process: ProcKey) -> Result<(), SysError> {
    let index = world.resource::<KernelIndex>();
    let fds = index
        .process(process)
        .and_then(|entity| world.get::<Fds>(entity))
        .ok_or(Errno::ESRCH)?;
    let most = most_fds(world, process);
    if fds.table.len() >= most {
        return Err(SysError::new(
            Errno::EMFILE,
            format!("the process has at most {most} descriptors"),
        ));
    }
    if index.open_files(process.node) >= MAX_OPEN_FILES {
        return Err(SysError::new(
            Errno::ENFILE,
            format!("a machine has at most {MAX_OPEN_FILES} open files"),
        ));
    }
    Ok(())
}

/// How many descriptors a process may have.
fn most_fds(world: &World, process: ProcKey) -> usize {
    let entity = world.resource::<KernelIndex>().process(process);
    let bound = entity
        .and_then(|entity| world.get::<Accounting>(entity))
        .and_then(|accounting| accounting.bounds.files);
    bound.map_or(MAX_FDS, |bound| usize::try_from(bound).unwrap_or(MAX_FDS).min(MAX_FDS))
}

/// Makes an open-file description and gives it the lowest free descriptor of `process`.
///
/// # Errors
/// EMFILE, ENFILE: nothing was made, and [`FileOps::close`] is not called.
pub fn install(world: &mut World, process: ProcKey, spec: OpenSpec) -> Result<i32, SysError> {
    check_room(world, process)?;
    let cloexec = spec.flags & open_flags::CLOEXEC != 0;
    let file = create(world, process.node, spec);
    let fds_of = world.resource::<KernelIndex>().process(process).expect("checked above");
    let mut fds = world.get_mut::<Fds>(fds_of).expect("checked above");
    let fd = fds.lowest_free().expect("checked above");
    fds.insert(Fd { fd, file, cloexec });
    Ok(fd)
}

/// Makes an open-file description with one reference, which the caller places.
pub(crate) fn create(world: &mut World, node: NodeId, spec: OpenSpec) -> u64 {
    assert!(
        world.resource::<FileKinds>().has(spec.kind),
        "no file kind {}",
        spec.kind
    );
    let OpenSpec {
        kind,
        object,
        flags,
        path,
    } = spec;
    let file = OpenFile {
        kind: kind.to_owned(),
        object,
        flags,
        offset: 0,
        refs: 1,
        path,
    };
    let (entity, id) = crate::rows::spawn(world, node, file);
    world.resource_mut::<KernelIndex>().add_open_file(node, id, entity);
    id
}

/// The description behind a descriptor.
///
/// # Errors
/// EBADF.
pub fn lookup(world: &World, process: ProcKey, fd: i32) -> Result<FileRef, SysError> {
    let entity = world.resource::<KernelIndex>().process(process).ok_or(Errno::ESRCH)?;
    let entry = world.get::<Fds>(entity).and_then(|fds| fds.get(fd));
    let entry = entry.ok_or_else(|| SysError::new(Errno::EBADF, format!("{fd} is not an open descriptor")))?;
    Ok(describe(world, process.node, entry.file))
}

/// The description of that number.
///
/// # Panics
/// If there is none: descriptors hold references.
#[must_use]
pub fn describe(world: &World, node: NodeId, id: u64) -> FileRef {
    let entity = world
        .resource::<KernelIndex>()
        .open_file(node, id)
        .expect("a descriptor holds its description");
    FileRef {
        node,
        id,
        file: world.get::<OpenFile>(entity).expect("indexed").clone(),
    }
}

/// The operations behind a description.
#[must_use]
pub fn ops(world: &World, file: &FileRef) -> Arc<dyn FileOps> {
    world.resource::<FileKinds>().get(&file.file.kind)
}

/// Moves a description's offset.
pub fn set_offset(world: &mut World, file: &FileRef, offset: u64) {
    with_file(world, file.node, file.id, |file| file.offset = offset);
}

fn with_file<T>(world: &mut World, node: NodeId, id: u64, change: impl FnOnce(&mut OpenFile) -> T) -> T {
    let entity = world
        .resource::<KernelIndex>()
        .open_file(node, id)
        .expect("a descriptor holds its description");
    change(&mut world.get_mut::<OpenFile>(entity).expect("indexed"))
}

/// Adds a reference to a description.
pub(crate) fn retain(world: &mut World, node: NodeId, id: u64) {
    with_file(world, node, id, |file| file.refs += 1);
}

/// Drops a reference; with the last one the description is closed.
pub(crate) fn release(world: &mut World, node: NodeId, id: u64) {
    let file = describe(world, node, id);
    // Whoever waits on this description through the descriptor that went must look again.
    for key in ops(world, &file).poll_keys(&file, poll_bits::IN | poll_bits::OUT) {
        wake(world, node, key);
    }
    if with_file(world, node, id, |file| {
        file.refs -= 1;
        file.refs > 0
    }) {
        return;
    }
    let entity = world
        .resource_mut::<KernelIndex>()
        .remove_open_file(node, id)
        .expect("described above");
    crate::rows::despawn(world, entity);
    ops(world, &file).close(world, &file);
}

/// Closes a descriptor.
///
/// # Errors
/// EBADF.
pub fn close(world: &mut World, process: ProcKey, fd: i32) -> Result<(), SysError> {
    let entity = world.resource::<KernelIndex>().process(process).ok_or(Errno::ESRCH)?;
    let entry = world.get_mut::<Fds>(entity).and_then(|mut fds| fds.remove(fd));
    let entry = entry.ok_or_else(|| SysError::new(Errno::EBADF, format!("{fd} is not an open descriptor")))?;
    release(world, process.node, entry.file);
    Ok(())
}

/// Duplicates a descriptor to `to`, or to the lowest free number.
///
/// # Errors
/// EBADF, EMFILE.
pub fn dup(world: &mut World, process: ProcKey, fd: i32, to: Option<i32>) -> Result<i32, SysError> {
    let entity = world.resource::<KernelIndex>().process(process).ok_or(Errno::ESRCH)?;
    let fds = world.get::<Fds>(entity).ok_or(Errno::ESRCH)?;
    let bad = |fd: i32| SysError::new(Errno::EBADF, format!("{fd} is not an open descriptor"));
    let entry = fds.get(fd).ok_or_else(|| bad(fd))?;
    let most = most_fds(world, process);
    let full = || SysError::new(Errno::EMFILE, format!("the process has at most {most} descriptors"));
    let to = match to {
        Some(to) if to == fd => return Ok(fd),
        Some(to) if !(0..MAX_FDS as i32).contains(&to) => return Err(bad(to)),
        Some(to) => to,
        None => fds.lowest_free().ok_or_else(full)?,
    };
    if fds.get(to).is_none() && fds.table.len() >= most {
        return Err(full());
    }
    retain(world, process.node, entry.file);
    if world.get::<Fds>(entity).and_then(|fds| fds.get(to)).is_some() {
        close(world, process, to)?;
    }
    let mut fds = world.get_mut::<Fds>(entity).expect("looked up above");
    fds.insert(Fd {
        fd: to,
        file: entry.file,
        cloexec: false,
    });
    Ok(to)
}

/// Closes every descriptor of a process that ends.
pub(crate) fn close_all(world: &mut World, node: NodeId, entity: Entity) {
    let fds = world
        .get_mut::<Fds>(entity)
        .map(|mut fds| std::mem::take(&mut fds.table))
        .unwrap_or_default();
    for entry in fds {
        release(world, node, entry.file);
    }
}

/// Gives a process whose program is replaced its descriptors: those named, or all but the ones closed on exec.
pub(crate) fn replace_all(world: &mut World, process: ProcKey, entity: Entity, wanted: Option<Vec<(i32, u64)>>) {
    let old = std::mem::take(&mut world.get_mut::<Fds>(entity).expect("a process has all its rows").table);
    let kept: Vec<Fd> = match wanted {
        None => old.iter().filter(|entry| !entry.cloexec).copied().collect(),
        Some(wanted) => {
            let entry = |(fd, file)| Fd {
                fd,
                file,
                cloexec: false,
            };
            wanted.into_iter().map(entry).collect()
        }
    };
    for entry in &kept {
        retain(world, process.node, entry.file);
    }
    world.get_mut::<Fds>(entity).expect("a process has all its rows").table = kept;
    for entry in old {
        release(world, process.node, entry.file);
    }
}

/// A [`Stat`] for something that has no inode.
#[must_use]
pub fn plain_stat(object: u64, mode: u32, size: u64) -> Stat {
    Stat {
        dev: 0,
        ino: object,
        mode,
        nlink: 1,
        uid: 0,
        gid: 0,
        size,
        mtime_ms: 0,
        ctime_ms: 0,
        rdev: 0,
    }
}

/// Whether a kind's objects are the kernel's.
pub(crate) fn is_kernel_kind(kind: &str) -> bool {
    matches!(kind, pipe::KIND | host::KIND | tty::KIND | tty::pty::KIND)
}

/// Every kernel object of the world: entity, machine, id.
pub(crate) fn objects(world: &mut World) -> Vec<(Entity, NodeId, u64)> {
    let mut all = crate::rows::all::<pipe::PipeBuffer>(world);
    all.extend(crate::rows::all::<host::HostSession>(world));
    all.extend(crate::rows::all::<tty::Tty>(world));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_free_descriptor_fills_gaps() {
        let mut fds = Fds::default();
        for fd in [0, 1, 3] {
            fds.insert(Fd {
                fd,
                file: 1,
                cloexec: false,
            });
        }
        assert_eq!(fds.lowest_free(), Some(2));
        fds.insert(Fd {
            fd: 2,
            file: 1,
            cloexec: false,
        });
        assert_eq!(fds.lowest_free(), Some(4));
        assert!(fds.remove(0).is_some() && fds.remove(0).is_none());
        assert_eq!(fds.lowest_free(), Some(0));
    }

    #[test]
    fn a_full_table_has_no_free_descriptor() {
        let table = (0..MAX_FDS as i32)
            .map(|fd| Fd {
                fd,
                file: 1,
                cloexec: false,
            })
            .collect();
        assert_eq!(Fds { table }.lowest_free(), None);
    }
}
