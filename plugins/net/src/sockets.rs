//! Sockets of machines: what programs hold, and what finds them when something arrives.
//!
//! A socket is an entity of its machine: a [`NetSocket`], with an [`Inbox`] where it takes datagrams, a
//! [`TcpConnection`] or a [`TcpListening`] where it is TCP's. An open-file description points at it by its row's number;
//! a connection outlives its description until it has ended.

pub(crate) mod calls;
mod files;
pub(crate) mod icmp;
pub(crate) mod igmp;
mod inbox;
mod index;
pub(crate) mod packet;
mod ports;
pub(crate) mod raw;
pub(crate) mod tcp;
pub(crate) mod udp;

use std::net::{Ipv4Addr, SocketAddrV4};

use bevy_ecs::prelude::*;
use helios_abi::{Errno, NodeId, Pid, ProcKey, SysError};
use helios_engine::ids::spawn_row;
use helios_engine::state::Row;
use helios_kernel::files::{OpenSpec, check_room, install};
use helios_kernel::wait::{WaitKey, wake};
use serde::{Deserialize, Serialize};

pub use inbox::{Datagram, Inbox};
pub use index::SocketIndex;
pub use tcp::{TcpConnection, TcpListening};

/// The kind of open-file descriptions.
pub const KIND: &str = "socket";
/// Most sockets of one machine, connections that end by themselves included: ENOBUFS.
pub const MAX_SOCKETS: usize = 16_384;

/// What a socket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A connection of TCP.
    Tcp,
    /// A socket that listens for connections.
    Listener,
    /// Datagrams.
    Udp,
    /// Echo requests, and what answers them.
    Icmp,
    /// Datagrams of one protocol.
    Raw,
    /// Frames.
    Packet,
}

impl Kind {
    /// Its name, as calls have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tcp | Self::Listener => "tcp",
            Self::Udp => "udp",
            Self::Icmp => "icmp",
            Self::Raw => "raw",
            Self::Packet => "packet",
        }
    }
}

/// The call that opened a connection, until it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opener {
    /// The process.
    pub pid: Pid,
    /// The call's number in its life.
    pub call: u64,
    /// The descriptor that the process will get.
    pub fd: i32,
}

/// A socket.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetSocket {
    /// What it is.
    pub kind: Kind,
    /// This end. An ICMP socket's port is its identifier.
    pub local: SocketAddrV4,
    /// The other end, where there is one.
    pub remote: Option<SocketAddrV4>,
    /// The IP protocol of a raw socket.
    pub protocol: u8,
    /// The interface of a packet socket; none: all.
    pub interface: Option<u32>,
    /// Who opened it.
    pub uid: u32,
    /// Whether a description points at it.
    pub open: bool,
    /// The listener in whose queue a connection waits.
    pub listener: Option<u64>,
    /// The call that waits for a connection.
    pub opener: Option<Opener>,
    /// It shares its address.
    pub reuse: bool,
    /// It may send to everybody.
    pub broadcast: bool,
    /// Errors of ICMP are received like datagrams.
    pub errors: bool,
    /// Hops of what it sends, where it chose them.
    pub hops: Option<u32>,
    /// Groups that it has joined, each at an interface.
    pub groups: Vec<(Ipv4Addr, u32)>,
    /// An error that is answered to the next call.
    pub error: Option<Errno>,
}

impl Row for NetSocket {
    const NAME: &'static str = "socket";
    const SCHEMA: u32 = 1;
}

impl NetSocket {
    /// A socket that is bound nowhere.
    #[must_use]
    pub const fn new(kind: Kind, uid: u32) -> Self {
        Self {
            kind,
            local: SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0),
            remote: None,
            protocol: 0,
            interface: None,
            uid,
            open: true,
            listener: None,
            opener: None,
            reuse: false,
            broadcast: false,
            errors: false,
            hops: None,
            groups: Vec::new(),
            error: None,
        }
    }
}

/// A socket's row.
pub(crate) fn row(world: &World, node: NodeId, id: u64) -> Option<&NetSocket> {
    world.get::<NetSocket>(world.resource::<SocketIndex>().get(node, id)?)
}

/// Changes a socket.
pub(crate) fn change<T>(world: &mut World, node: NodeId, id: u64, with: impl FnOnce(&mut NetSocket) -> T) -> T {
    let entity = world
        .resource::<SocketIndex>()
        .get(node, id)
        .expect("the socket is there");
    with(&mut world.get_mut::<NetSocket>(entity).expect("indexed"))
}

/// Makes a socket.
pub(crate) fn spawn(world: &mut World, node: NodeId, socket: NetSocket, more: impl Bundle) -> Result<u64, SysError> {
    if world.resource::<SocketIndex>().count(node) >= MAX_SOCKETS {
        let why = format!("a machine has at most {MAX_SOCKETS} sockets");
        return Err(SysError::new(Errno::ENOBUFS, why));
    }
    let entry = index::Entry::of(&socket);
    let (entity, row) = spawn_row(world, node, (socket, more));
    world.resource_mut::<SocketIndex>().add(node, row.id, entity, entry);
    Ok(row.id)
}

/// Forgets a socket.
pub(crate) fn remove(world: &mut World, node: NodeId, id: u64) {
    let Some(entity) = world.resource::<SocketIndex>().get(node, id) else {
        return;
    };
    let entry = index::Entry::of(world.get::<NetSocket>(entity).expect("indexed"));
    world.resource_mut::<SocketIndex>().remove(node, id, entry);
    world.despawn(entity);
}

/// Moves a socket in the index when its ends changed.
pub(crate) fn reindex(world: &mut World, node: NodeId, id: u64, with: impl FnOnce(&mut NetSocket)) {
    let entity = world
        .resource::<SocketIndex>()
        .get(node, id)
        .expect("the socket is there");
    let mut row = world.get_mut::<NetSocket>(entity).expect("indexed");
    let before = index::Entry::of(&row);
    with(&mut row);
    let after = index::Entry::of(&row);
    let mut index = world.resource_mut::<SocketIndex>();
    index.remove(node, id, before);
    index.add(node, id, entity, after);
}

/// A UDP socket at a port of a machine, held by no process: for measurements and tests of what is below processes.
///
/// # Errors
/// EADDRINUSE, ENOBUFS.
pub fn hold_udp(world: &mut World, node: NodeId, port: u16) -> Result<u64, SysError> {
    let local = SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, port);
    if !ports::is_free(world, node, Kind::Udp, local, false) {
        return Err(SysError::from(Errno::EADDRINUSE));
    }
    let socket = NetSocket {
        local,
        open: false,
        ..NetSocket::new(Kind::Udp, 0)
    };
    spawn(world, node, socket, udp::inbox())
}

/// Gives a socket a descriptor of a process.
pub(crate) fn open(world: &mut World, process: ProcKey, id: u64) -> Result<i32, SysError> {
    use helios_abi::calls::open_flags;
    let spec = OpenSpec {
        kind: KIND,
        object: id,
        flags: open_flags::READ | open_flags::WRITE,
        path: format!("socket:[{id}]"),
    };
    install(world, process, spec)
}

/// Makes a socket with a descriptor of a process.
pub(crate) fn spawn_open(
    world: &mut World,
    process: ProcKey,
    socket: NetSocket,
    more: impl Bundle,
) -> Result<(u64, i32), SysError> {
    check_room(world, process)?;
    let id = spawn(world, process.node, socket, more)?;
    let fd = open(world, process, id).expect("there is room");
    Ok((id, fd))
}

/// Lets whoever waits for a socket look again.
pub(crate) fn stir(world: &mut World, node: NodeId, id: u64) {
    wake(world, node, WaitKey::Readable(id));
    wake(world, node, WaitKey::Writable(id));
}

/// Takes the error that waits to be told.
pub(crate) fn take_error(world: &mut World, node: NodeId, id: u64) -> Result<(), SysError> {
    let waiting = row(world, node, id).is_some_and(|row| row.error.is_some());
    match waiting
        .then(|| change(world, node, id, |row| row.error.take()))
        .flatten()
    {
        Some(errno) => Err(SysError::from(errno)),
        None => Ok(()),
    }
}

/// Finds every socket again, and schedules the timers of TCP.
pub(crate) fn rebuild(world: &mut World) -> Result<(), String> {
    SocketIndex::rebuild(world)?;
    tcp::rebuild(world)
}
