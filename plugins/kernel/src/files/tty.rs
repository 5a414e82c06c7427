//! Terminals: a line discipline between whoever types and whoever reads, and the session that a terminal controls.
//!
//! A terminal has two sides. Programs hold the *slave* ([`TtyOps`]). The other side is the console, the host (what is
//! typed enters through the log as `kernel.tty_input`, what is written leaves through [`HostOutputs`]), or a program that
//! holds the *master* of a pseudo-terminal ([`pty::PtyOps`]). When the other side is gone the terminal is *hung up*:
//! reads find the end, writes fail with EIO, and its session gets SIGHUP.
//!
//! Who may read is decided by sessions and groups (`jobs.rs`).

pub mod line;
pub mod pty;

use bevy_ecs::prelude::*;
use helios_abi::calls::{Stat, Termios, mode, open_flags};
use helios_abi::{Bytes, Errno, NodeId, Pid, SysError, signal};
use serde::{Deserialize, Serialize};

use super::host::HostOutputs;
use super::{FileOps, FileRef, Io, poll_bits};
use crate::index::KernelIndex;
use crate::wait::{WaitKey, wake};
use crate::{jobs, signals};

pub use line::{TtyLine, Typed, sane};

/// The kind's name.
pub const KIND: &str = "tty";
/// Largest screen, in rows and in columns.
pub const MAX_SCREEN: u32 = 4096;
/// Most terminals of one machine: EAGAIN beyond.
pub const MAX_TTYS: usize = 256;
/// Where the names of pseudo-terminals begin.
pub const PTY_PREFIX: &str = "pts/";
/// Major number of the console terminals, as on Linux.
pub const TTY_MAJOR: u32 = 4;
/// Major number of pseudo-terminals, as on Linux.
pub const PTY_MAJOR: u32 = 136;

/// Who holds a terminal's other side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Master {
    /// Nobody in particular: the machine's console, which is always there.
    Console,
    /// The host, in the name of a session: the terminal goes when no program holds it.
    Host {
        /// The session's number, as commands name it.
        session: u64,
    },
    /// A program.
    Pty {
        /// Descriptions open on the master.
        masters: u32,
        /// What was written and the master has not read.
        output: Bytes,
    },
}

/// A terminal.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tty {
    /// Its device name, without `/dev/`.
    pub name: String,
    /// Its line discipline.
    pub line: TtyLine,
    /// Rows of its screen.
    pub rows: u16,
    /// Columns of its screen.
    pub columns: u16,
    /// Its other side.
    pub master: Master,
    /// Descriptions open on it.
    pub slaves: u32,
    /// The session that it controls.
    pub session: Option<Pid>,
    /// The process group in its foreground.
    pub foreground: Option<Pid>,
    /// The other side is gone.
    pub hung_up: bool,
    /// Whose device it is.
    pub owner: u32,
}

/// Operations of a terminal's slave side.
pub struct TtyOps;

/// Makes a terminal of a machine.
pub fn spawn(world: &mut World, node: NodeId, name: &str, master: Master, rows: u16, columns: u16) -> u64 {
    let tty = Tty {
        name: name.to_owned(),
        line: TtyLine::default(),
        rows,
        columns,
        master,
        slaves: 0,
        session: None,
        foreground: None,
        hung_up: false,
        owner: 0,
    };
    let (entity, id) = crate::rows::spawn(world, node, tty);
    world.resource_mut::<KernelIndex>().add_object(node, id, entity);
    id
}

/// The terminals of a machine: numbers and names, in the order in which they were made.
#[must_use]
pub fn all(world: &World, node: NodeId) -> Vec<(u64, String)> {
    let objects = world.resource::<KernelIndex>().objects_of(node);
    objects
        .filter_map(|(id, entity)| world.get::<Tty>(entity).map(|tty| (id, tty.name.clone())))
        .collect()
}

/// The object id of a machine's terminal: what a description of kind [`KIND`] is open on.
#[must_use]
pub fn find(world: &World, node: NodeId, name: &str) -> Option<u64> {
    let index = world.resource::<KernelIndex>();
    let mut objects = index.objects_of(node);
    objects
        .find(|(_, entity)| world.get::<Tty>(*entity).is_some_and(|tty| tty.name == name))
        .map(|(id, _)| id)
}

/// The terminal that the host holds in the name of a session.
#[must_use]
pub fn of_session(world: &World, node: NodeId, session: u64) -> Option<u64> {
    let index = world.resource::<KernelIndex>();
    let held = |tty: &Tty| matches!(tty.master, Master::Host { session: own } if own == session);
    let mut objects = index.objects_of(node);
    objects
        .find(|(_, entity)| world.get::<Tty>(*entity).is_some_and(held))
        .map(|(id, _)| id)
}

/// The first free name of a pseudo-terminal.
///
/// # Errors
/// EAGAIN at the machine's limit.
pub fn free_name(world: &World, node: NodeId) -> Result<String, SysError> {
    let taken = all(world, node);
    if taken.len() >= MAX_TTYS {
        return Err(SysError::new(
            Errno::EAGAIN,
            format!("the machine has {MAX_TTYS} terminals, which is its limit"),
        ));
    }
    let free = (0..=taken.len()).map(|number| format!("{PTY_PREFIX}{number}"));
    let free = free
        .into_iter()
        .find(|name| taken.iter().all(|(_, other)| other != name));
    Ok(free.expect("there are more names than terminals"))
}

/// A terminal's row.
///
/// # Panics
/// If there is none of that number: descriptions hold their terminal.
#[must_use]
pub fn row(world: &World, node: NodeId, id: u64) -> &Tty {
    world.get::<Tty>(entity(world, node, id)).expect("indexed")
}

pub(crate) fn row_mut(world: &mut World, node: NodeId, id: u64) -> Mut<'_, Tty> {
    let entity = entity(world, node, id);
    world.get_mut::<Tty>(entity).expect("indexed")
}

fn entity(world: &World, node: NodeId, id: u64) -> Entity {
    world
        .resource::<KernelIndex>()
        .object(node, id)
        .expect("a terminal stays while something is open on it")
}

/// Counts one more description of the slave side; whoever makes one calls this first.
///
/// # Errors
/// EIO on a terminal that is hung up.
pub fn opened(world: &mut World, node: NodeId, id: u64) -> Result<(), SysError> {
    let mut tty = row_mut(world, node, id);
    if tty.hung_up {
        return Err(gone(&tty.name));
    }
    tty.slaves += 1;
    Ok(())
}

fn gone(name: &str) -> SysError {
    SysError::new(Errno::EIO, format!("the terminal {name} is hung up"))
}

/// Types bytes at a terminal: what the other side sends.
pub(crate) fn type_at(world: &mut World, node: NodeId, id: u64, bytes: &[u8]) {
    let mut tty = row_mut(world, node, id);
    if tty.hung_up {
        return;
    }
    let Typed { echo, signals, started } = tty.line.type_bytes(bytes);
    show(world, node, id, &echo);
    for signal in signals {
        signal_foreground(world, node, id, signal);
    }
    if started {
        wake(world, node, WaitKey::Writable(id));
    }
    wake(world, node, WaitKey::Readable(id));
}

/// Puts processed output before whoever looks at the screen. What a full master does not take is lost: this is echo.
fn show(world: &mut World, node: NodeId, id: u64, bytes: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    let mut tty = row_mut(world, node, id);
    if let Master::Pty { output, .. } = &mut tty.master {
        let room = pty::OUTPUT_BYTES.saturating_sub(output.0.len()).min(bytes.len());
        output.0.extend_from_slice(&bytes[..room]);
        wake(world, node, WaitKey::Master(id));
    } else {
        let name = tty.name.clone();
        world.resource_mut::<HostOutputs>().write_tty(node, &name, bytes);
    }
}

/// Sends a signal to a terminal's foreground; to everybody who has it, where no session claimed it.
pub(crate) fn signal_foreground(world: &mut World, node: NodeId, id: u64, signal: i32) {
    let tty = row(world, node, id);
    match (tty.foreground, tty.session) {
        (Some(group), _) => signals::send_to_group(world, node, group, signal),
        (None, Some(_)) => {}
        (None, None) => {
            let name = tty.name.clone();
            signals::send_to_tty(world, node, &name, signal);
        }
    }
}

/// Sets a screen's size; the foreground hears of a change.
///
/// # Errors
/// EINVAL for a screen without rows or columns, or beyond [`MAX_SCREEN`].
pub(crate) fn resize(world: &mut World, node: NodeId, id: u64, rows: u32, columns: u32) -> Result<(), SysError> {
    let size = |count: u32| {
        let fits = (1..=MAX_SCREEN).contains(&count);
        let count = u16::try_from(count).ok().filter(|_| fits);
        count.ok_or_else(|| {
            SysError::new(
                Errno::EINVAL,
                format!("a screen has 1 to {MAX_SCREEN} rows and columns"),
            )
        })
    };
    let (rows, columns) = (size(rows)?, size(columns)?);
    let mut tty = row_mut(world, node, id);
    if (tty.rows, tty.columns) != (rows, columns) {
        (tty.rows, tty.columns) = (rows, columns);
        signal_foreground(world, node, id, signal::SIGWINCH);
    }
    Ok(())
}

/// How long a reader of a terminal waits for its first byte, in nanoseconds (`VTIME`); `None`: until it comes.
pub(crate) fn patience_ns(world: &World, file: &FileRef) -> Option<u64> {
    if file.file.kind != KIND {
        return None;
    }
    row(world, file.node, file.file.object).line.patience_ns()
}

/// Changes how a terminal treats input and output.
pub(crate) fn set_termios(world: &mut World, node: NodeId, id: u64, termios: Termios, flush: bool) {
    let mut tty = row_mut(world, node, id);
    if flush {
        tty.line.flush_input();
    }
    tty.line.set_termios(termios);
    wake(world, node, WaitKey::Readable(id));
    wake(world, node, WaitKey::Writable(id));
}

/// The other side is gone: the session hears of it, readers find the end, writers an error.
pub(crate) fn hang_up(world: &mut World, node: NodeId, id: u64) {
    let mut tty = row_mut(world, node, id);
    if std::mem::replace(&mut tty.hung_up, true) {
        return;
    }
    tty.line.flush_input();
    let (session, foreground) = (tty.session, tty.foreground);
    jobs::hang_up(world, node, session, foreground);
    for key in [
        WaitKey::Readable(id),
        WaitKey::Writable(id),
        WaitKey::Foreground(id),
        WaitKey::MasterRoom(id),
        WaitKey::Master(id),
    ] {
        wake(world, node, key);
    }
    remove_if_unused(world, node, id);
}

/// A terminal goes when nobody holds it any more and nobody can open it again.
fn remove_if_unused(world: &mut World, node: NodeId, id: u64) {
    let entity = world.resource::<KernelIndex>().object(node, id);
    let Some(tty) = entity.and_then(|entity| world.get::<Tty>(entity)) else {
        // Its last holder ended while it was hung up.
        return;
    };
    let held = match &tty.master {
        Master::Console => true,
        Master::Host { .. } => tty.slaves > 0,
        Master::Pty { masters, .. } => tty.slaves > 0 || *masters > 0,
    };
    if !held {
        if let Some(session) = tty.session {
            jobs::forget_tty(world, node, session);
        }
        super::pipe::remove_object(world, node, id);
    }
}

impl FileOps for TtyOps {
    fn read(&self, world: &mut World, file: &FileRef, _at: u64, count: u32) -> Result<Io<Vec<u8>>, SysError> {
        let (node, id) = (file.node, file.file.object);
        let mut tty = row_mut(world, node, id);
        if count == 0 || tty.hung_up {
            return Ok(Io::Ready(Vec::new()));
        }
        match tty.line.take(count as usize) {
            None if tty.line.patience_ns() == Some(0) => Ok(Io::Ready(Vec::new())),
            None => Ok(Io::WouldBlock(WaitKey::Readable(id))),
            Some(taken) => {
                wake(world, node, WaitKey::MasterRoom(id));
                Ok(Io::Ready(taken))
            }
        }
    }

    fn write(&self, world: &mut World, file: &FileRef, _at: u64, data: &[u8]) -> Result<Io<u32>, SysError> {
        let (node, id) = (file.node, file.file.object);
        let mut tty = row_mut(world, node, id);
        if tty.hung_up {
            return Err(gone(&tty.name));
        }
        if tty.line.stopped && !data.is_empty() {
            return Ok(Io::WouldBlock(WaitKey::Writable(id)));
        }
        // A byte is at most two on the screen.
        let count = match &tty.master {
            Master::Pty { output, .. } => (pty::OUTPUT_BYTES.saturating_sub(output.0.len()) / 2).min(data.len()),
            Master::Console | Master::Host { .. } => data.len(),
        };
        if count == 0 && !data.is_empty() {
            return Ok(Io::WouldBlock(WaitKey::Writable(id)));
        }
        let shown = tty.line.process_output(&data[..count]);
        show(world, node, id, &shown);
        Ok(Io::Ready(count as u32))
    }

    fn poll(&self, world: &mut World, file: &FileRef) -> u32 {
        let tty = row(world, file.node, file.file.object);
        let flags = file.file.flags;
        let full = matches!(&tty.master, Master::Pty { output, .. } if output.0.len() + 1 >= pty::OUTPUT_BYTES);
        let of = |flag: u32, bit: u32, ready: bool| if flags & flag != 0 && ready { bit } else { 0 };
        of(open_flags::READ, poll_bits::IN, tty.line.has_input() || tty.hung_up)
            | of(
                open_flags::WRITE,
                poll_bits::OUT,
                tty.hung_up || (!full && !tty.line.stopped),
            )
            | if tty.hung_up { poll_bits::HUP } else { 0 }
    }

    fn poll_keys(&self, file: &FileRef, events: u32) -> Vec<WaitKey> {
        let id = file.file.object;
        let wanted = [
            (poll_bits::IN, WaitKey::Readable(id)),
            (poll_bits::OUT, WaitKey::Writable(id)),
        ];
        let wanted = wanted.into_iter().filter(|(bit, _)| events & bit != 0);
        wanted.map(|(_, key)| key).collect()
    }

    fn stat(&self, world: &mut World, file: &FileRef) -> Result<Stat, SysError> {
        Ok(device_stat(row(world, file.node, file.file.object), file.file.object))
    }

    fn close(&self, world: &mut World, file: &FileRef) {
        let (node, id) = (file.node, file.file.object);
        row_mut(world, node, id).slaves -= 1;
        wake(world, node, WaitKey::Master(id));
        remove_if_unused(world, node, id);
    }

    fn tty_name(&self, world: &World, file: &FileRef) -> Option<String> {
        Some(row(world, file.node, file.file.object).name.clone())
    }
}

/// What `stat` tells of a terminal's device.
#[must_use]
pub fn device_stat(tty: &Tty, id: u64) -> Stat {
    let (major, number) = match tty.name.strip_prefix(PTY_PREFIX) {
        Some(number) => (PTY_MAJOR, number),
        None => (TTY_MAJOR, tty.name.strip_prefix("tty").unwrap_or_default()),
    };
    Stat {
        // By the major number a program tells a terminal.
        rdev: major << 8 | number.parse::<u32>().unwrap_or(0) & 0xff,
        uid: tty.owner,
        gid: TTY_GROUP,
        ..super::plain_stat(id, mode::DEVICE | 0o620, 0)
    }
}

/// The group that terminals belong to, as in `/etc/group`.
pub const TTY_GROUP: u32 = 5;
