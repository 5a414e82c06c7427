//! Sockets as files: `read`, `write`, `poll`, `close`.

use bevy_ecs::prelude::*;
use bytes::Bytes;
use helios_abi::calls::{Stat, mode};
use helios_abi::{Errno, SysError};
use helios_engine::time::Clock;
use helios_kernel::files::{FileOps, FileRef, Io, plain_stat, poll_bits};
use helios_kernel::wait::WaitKey;

use super::{Inbox, Kind, SocketIndex, remove, row, tcp, udp};
use crate::tcp::{Received, State};

/// Operations of sockets.
pub(crate) struct SocketOps;

impl FileOps for SocketOps {
    fn read(&self, world: &mut World, file: &FileRef, _at: u64, count: u32) -> Result<Io<Vec<u8>>, SysError> {
        let (node, id) = (file.node, file.file.object);
        match kind(world, file) {
            Kind::Tcp => match receive(world, file, count)? {
                Received::Data(bytes) => Ok(Io::Ready(bytes.to_vec())),
                Received::End => Ok(Io::Ready(Vec::new())),
                Received::Nothing => Ok(Io::WouldBlock(WaitKey::Readable(id))),
            },
            Kind::Listener => Err(SysError::new(Errno::ENOTCONN, "the socket listens")),
            _ => {
                super::take_error(world, node, id)?;
                let entity = world
                    .resource::<SocketIndex>()
                    .get(node, id)
                    .expect("an open socket is there");
                let taken = world.get_mut::<Inbox>(entity).and_then(|mut inbox| inbox.pop());
                Ok(taken.map_or(Io::WouldBlock(WaitKey::Readable(id)), |datagram| {
                    Io::Ready(datagram.bytes[..datagram.bytes.len().min(count as usize)].to_vec())
                }))
            }
        }
    }

    fn write(&self, world: &mut World, file: &FileRef, _at: u64, data: &[u8]) -> Result<Io<u32>, SysError> {
        let now_ns = world.resource::<Clock>().now_ns();
        let (node, id) = (file.node, file.file.object);
        match kind(world, file) {
            Kind::Tcp => send(world, file, &Bytes::copy_from_slice(data)),
            Kind::Udp => udp::send(world, node, id, Bytes::copy_from_slice(data), None, now_ns).map(Io::Ready),
            Kind::Packet => super::packet::send(world, node, id, Bytes::copy_from_slice(data), now_ns).map(Io::Ready),
            Kind::Listener => Err(SysError::new(Errno::ENOTCONN, "the socket listens")),
            Kind::Icmp | Kind::Raw => Err(SysError::new(Errno::EDESTADDRREQ, "the socket is connected to nobody")),
        }
    }

    fn poll(&self, world: &mut World, file: &FileRef) -> u32 {
        let (node, id) = (file.node, file.file.object);
        let socket = row(world, node, id).expect("an open socket is there");
        let failed = if socket.error.is_some() {
            poll_bits::ERR | poll_bits::IN
        } else {
            0
        };
        match socket.kind {
            Kind::Tcp => {
                let connection = tcp::connection(world, node, id).expect("it is a connection");
                let readiness = connection.readiness();
                let mut seen = if readiness.readable || readiness.peer_closed {
                    poll_bits::IN
                } else {
                    0
                };
                seen |= if readiness.writable { poll_bits::OUT } else { 0 };
                seen |= if readiness.hang_up { poll_bits::HUP } else { 0 };
                seen | if readiness.error { poll_bits::ERR } else { 0 }
            }
            Kind::Listener => {
                let waiting = tcp::listener(world, node, id).is_some_and(|listener| listener.waiting() > 0);
                if waiting { poll_bits::IN } else { 0 }
            }
            _ => {
                let entity = world.resource::<SocketIndex>().get(node, id).expect("indexed");
                let full = world.get::<Inbox>(entity).is_some_and(|inbox| !inbox.is_empty());
                failed | poll_bits::OUT | if full { poll_bits::IN } else { 0 }
            }
        }
    }

    fn poll_keys(&self, file: &FileRef, _events: u32) -> Vec<WaitKey> {
        let id = file.file.object;
        vec![WaitKey::Readable(id), WaitKey::Writable(id)]
    }

    fn stat(&self, _: &mut World, file: &FileRef) -> Result<Stat, SysError> {
        Ok(plain_stat(file.file.object, mode::SOCKET | 0o777, 0))
    }

    fn close(&self, world: &mut World, file: &FileRef) {
        let now_ns = world.resource::<Clock>().now_ns();
        let (node, id) = (file.node, file.file.object);
        match kind(world, file) {
            Kind::Tcp => tcp::close(world, node, id, now_ns),
            Kind::Listener => tcp::close_listener(world, node, id, now_ns),
            _ => {
                let groups = row(world, node, id).map(|row| row.groups.clone()).unwrap_or_default();
                for (group, interface) in groups {
                    // It was joined, so it can be left.
                    let _ = super::igmp::set(world, node, id, group, Some(interface), false, now_ns);
                }
                remove(world, node, id);
            }
        }
    }
}

fn kind(world: &World, file: &FileRef) -> Kind {
    row(world, file.node, file.file.object)
        .expect("an open socket is there")
        .kind
}

/// Takes bytes of a connection.
pub(super) fn receive(world: &mut World, file: &FileRef, count: u32) -> Result<Received, SysError> {
    let now_ns = world.resource::<Clock>().now_ns();
    let (node, id) = (file.node, file.file.object);
    let connecting = tcp::connection(world, node, id).is_some_and(|connection| connection.state() == State::SynSent);
    if connecting {
        return Ok(Received::Nothing);
    }
    tcp::with(world, node, id, now_ns, |connection| connection.receive(count)).map_err(tcp::error)
}

/// Gives bytes to a connection.
pub(super) fn send(world: &mut World, file: &FileRef, data: &Bytes) -> Result<Io<u32>, SysError> {
    let now_ns = world.resource::<Clock>().now_ns();
    let (node, id) = (file.node, file.file.object);
    let taken = tcp::with(world, node, id, now_ns, |connection| connection.send(data)).map_err(tcp::error)?;
    Ok(if taken == 0 && !data.is_empty() {
        Io::WouldBlock(WaitKey::Writable(id))
    } else {
        Io::Ready(taken)
    })
}
