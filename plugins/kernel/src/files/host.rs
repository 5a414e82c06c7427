//! The host's streams: standard input, output and error of a command that was started from outside the world.
//!
//! Input enters through the log and is state until it is read. Output leaves the world: it is collected in
//! [`HostOutputs`], which is not state and which nothing in the world can see.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use helios_abi::calls::{Stat, WaitStatus, mode, open_flags};
use helios_abi::{Bytes, NodeId, Pid, SysError};
use serde::{Deserialize, Serialize};

use super::{FileOps, FileRef, Io, plain_stat, poll_bits};
use crate::index::KernelIndex;
use crate::wait::{WaitKey, wake};

/// The kind's name.
pub const KIND: &str = "host";
/// Most input that a session holds unread; a command that brings more is cut there, with a line in the kernel's log.
pub const STDIN_BYTES: usize = 16 << 20;
/// Most output that is kept for a host that does not take it; what comes after is dropped and counted.
pub const OUTPUT_BYTES: usize = 64 << 20;

/// From here on are the numbers of sessions that no host asked for: those that a script starts without one.
pub const UNNAMED_SESSIONS: u64 = 1 << 52;

/// A host session: one command started from outside.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostSession {
    /// The session's number, as commands name it.
    pub session: u64,
    /// Its first process.
    pub pid: Pid,
    /// Input that was not read.
    pub stdin: Bytes,
    /// No more input will come.
    pub stdin_closed: bool,
    /// Open descriptions of its streams.
    pub refs: u32,
}

/// What a session wrote, and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionOutput {
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// Bytes dropped because nobody took them.
    pub dropped: u64,
}

/// What the world says to its host. Not state: a reader outside the world drains it.
#[derive(Resource, Default, Debug)]
pub struct HostOutputs {
    sessions: BTreeMap<u64, SessionOutput>,
    status: BTreeMap<u64, WaitStatus>,
    ttys: BTreeMap<(NodeId, String), Vec<u8>>,
    terminals: BTreeMap<u64, (NodeId, String)>,
}

impl HostOutputs {
    /// Takes what a session wrote since the last time.
    pub fn take_output(&mut self, session: u64) -> SessionOutput {
        self.sessions.remove(&session).unwrap_or_default()
    }

    /// How a session's command ended, once it has.
    #[must_use]
    pub fn session_status(&self, session: u64) -> Option<&WaitStatus> {
        self.status.get(&session)
    }

    /// Takes what was written to a terminal since the last time.
    pub fn take_tty(&mut self, node: NodeId, tty: &str) -> Vec<u8> {
        self.ttys.remove(&(node, tty.to_owned())).unwrap_or_default()
    }

    /// The terminal that a session was given.
    #[must_use]
    pub fn terminal(&self, session: u64) -> Option<&(NodeId, String)> {
        self.terminals.get(&session)
    }

    pub(crate) fn open_terminal(&mut self, session: u64, node: NodeId, tty: &str) {
        self.terminals.insert(session, (node, tty.to_owned()));
        self.ttys.remove(&(node, tty.to_owned()));
    }

    pub(crate) fn end(&mut self, session: u64, status: WaitStatus) {
        if session < UNNAMED_SESSIONS {
            self.status.insert(session, status);
        }
    }

    /// As `end`, for a session that may have ended before.
    pub(crate) fn end_once(&mut self, session: u64, status: WaitStatus) {
        if session < UNNAMED_SESSIONS {
            self.status.entry(session).or_insert(status);
        }
    }

    pub(crate) fn write_session(&mut self, session: u64, stderr: bool, data: &[u8]) {
        // Nobody takes what an unnamed session writes, and there may be any number of them.
        if session >= UNNAMED_SESSIONS {
            return;
        }
        let output = self.sessions.entry(session).or_default();
        let room = OUTPUT_BYTES
            .saturating_sub(output.stdout.len() + output.stderr.len())
            .min(data.len());
        output.dropped += (data.len() - room) as u64;
        let stream = if stderr { &mut output.stderr } else { &mut output.stdout };
        stream.extend_from_slice(&data[..room]);
    }

    /// A terminal that nobody drains keeps its last bytes, as a screen does.
    pub(crate) fn write_tty(&mut self, node: NodeId, tty: &str, data: &[u8]) {
        const KEEP: usize = 1 << 20;
        let screen = self.ttys.entry((node, tty.to_owned())).or_default();
        screen.extend_from_slice(data);
        if screen.len() > KEEP {
            let extra = screen.len() - KEEP / 2;
            screen.drain(..extra);
        }
    }
}

/// Operations of a session's streams. Flags say which: reading is standard input; `APPEND` marks standard error.
pub struct HostOps;

/// Flags of standard output.
pub const STDOUT_FLAGS: u32 = open_flags::WRITE;
/// Flags of standard error.
pub const STDERR_FLAGS: u32 = open_flags::WRITE | open_flags::APPEND;

fn session_entity(world: &World, file: &FileRef) -> Entity {
    world
        .resource::<KernelIndex>()
        .object(file.node, file.file.object)
        .expect("an open session exists")
}

/// Finds a session of a machine by its number.
#[must_use]
pub fn find(world: &World, node: NodeId, session: u64) -> Option<Entity> {
    let index = world.resource::<KernelIndex>();
    let mut objects = index.objects_of(node).map(|(_, entity)| entity);
    objects.find(|entity| {
        world
            .get::<HostSession>(*entity)
            .is_some_and(|row| row.session == session)
    })
}

/// A free number for a session that has none of its own.
pub(crate) fn unnamed_session(world: &World, node: NodeId) -> u64 {
    let objects = world.resource::<KernelIndex>().objects_of(node);
    let taken = objects.filter_map(|(_, entity)| world.get::<HostSession>(entity).map(|row| row.session));
    taken
        .max()
        .map_or(UNNAMED_SESSIONS, |highest| (highest + 1).max(UNNAMED_SESSIONS))
}

/// How much more input a session takes now.
#[must_use]
pub fn stdin_room(world: &World, node: NodeId, session: u64) -> usize {
    let held = find(world, node, session).and_then(|entity| world.get::<HostSession>(entity));
    held.map_or(0, |row| STDIN_BYTES - row.stdin.0.len())
}

impl FileOps for HostOps {
    fn read(&self, world: &mut World, file: &FileRef, _at: u64, count: u32) -> Result<Io<Vec<u8>>, SysError> {
        let entity = session_entity(world, file);
        let row = world.get::<HostSession>(entity).expect("indexed");
        if row.stdin.0.is_empty() && !row.stdin_closed && count > 0 {
            return Ok(Io::WouldBlock(WaitKey::Readable(file.file.object)));
        }
        let end = row.stdin.0.len().min(count as usize);
        if end == 0 {
            return Ok(Io::Ready(Vec::new()));
        }
        let mut row = world.get_mut::<HostSession>(entity).expect("indexed");
        Ok(Io::Ready(row.stdin.0.drain(..end).collect()))
    }

    fn write(&self, world: &mut World, file: &FileRef, _at: u64, data: &[u8]) -> Result<Io<u32>, SysError> {
        let entity = session_entity(world, file);
        let session = world.get::<HostSession>(entity).expect("indexed").session;
        let stderr = file.file.flags & open_flags::APPEND != 0;
        world.resource_mut::<HostOutputs>().write_session(session, stderr, data);
        Ok(Io::Ready(data.len() as u32))
    }

    fn poll(&self, world: &mut World, file: &FileRef) -> u32 {
        if file.file.flags & open_flags::READ == 0 {
            return poll_bits::OUT;
        }
        let row = world.get::<HostSession>(session_entity(world, file)).expect("indexed");
        let hup = if row.stdin_closed { poll_bits::HUP } else { 0 };
        hup | if row.stdin.0.is_empty() { 0 } else { poll_bits::IN }
    }

    fn poll_keys(&self, file: &FileRef, _events: u32) -> Vec<WaitKey> {
        if file.file.flags & open_flags::READ == 0 {
            Vec::new()
        } else {
            vec![WaitKey::Readable(file.file.object)]
        }
    }

    fn stat(&self, _world: &mut World, file: &FileRef) -> Result<Stat, SysError> {
        Ok(plain_stat(file.file.object, mode::FIFO | 0o600, 0))
    }

    fn close(&self, world: &mut World, file: &FileRef) {
        let entity = session_entity(world, file);
        let mut row = world.get_mut::<HostSession>(entity).expect("indexed");
        row.refs -= 1;
        if row.refs == 0 {
            super::pipe::remove_object(world, file.node, file.file.object);
        }
    }
}

/// Gives a session input, or closes it.
pub(crate) fn feed(world: &mut World, node: NodeId, session: u64, bytes: &[u8], close: bool) {
    let Some(entity) = find(world, node, session) else {
        return;
    };
    let mut row = world.get_mut::<HostSession>(entity).expect("found");
    let room = if row.stdin_closed {
        0
    } else {
        (STDIN_BYTES - row.stdin.0.len()).min(bytes.len())
    };
    row.stdin.0.extend_from_slice(&bytes[..room]);
    row.stdin_closed |= close;
    if room < bytes.len() {
        let lost = bytes.len() - room;
        crate::machine::log_line(world, node, format!("session {session}: {lost} bytes of input lost"));
    }
    let id = crate::rows::id(world, entity);
    wake(world, node, WaitKey::Readable(id));
}
