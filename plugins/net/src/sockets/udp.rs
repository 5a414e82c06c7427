//! UDP (RFC 768, RFC 1122 section 4.1).

use std::net::{Ipv4Addr, SocketAddrV4};

use bevy_ecs::prelude::*;
use bytes::Bytes;
use helios_abi::{Errno, NodeId, SysError};

use super::inbox::put;
use super::{Datagram, Inbox, Kind, NetSocket, SocketIndex, change, ports, row, stir};
use crate::link::Endpoint;
use crate::stack::input::Received;
use crate::stack::{self, icmp, output};
use crate::wire::frame::Body;
use crate::wire::icmp::Unreachable;
use crate::wire::{Icmp, Ipv4, Ipv4Header, Protocol, Udp, u16_at};

/// The most that a datagram carries (RFC 768: 65,535 less both headers).
pub(super) const MAX_PAYLOAD_BYTES: usize = 65_507;

/// A datagram came in.
pub(crate) fn receive(world: &mut World, received: &Received) {
    let header = received.header();
    let node = received.at.node;
    let Ok(datagram) = Udp::parse(&received.datagram.payload, header.source, header.destination) else {
        return stack::count(world, node, |counters| &mut counters.payload_errors);
    };
    stack::count(world, node, |counters| &mut counters.udp_in);
    let from = SocketAddrV4::new(header.source, datagram.source_port);
    let to = SocketAddrV4::new(header.destination, datagram.destination_port);
    let ids: Vec<u64> = world
        .resource::<SocketIndex>()
        .at_port(node, Kind::Udp, to.port())
        .collect();
    let mut fitting: Vec<(u32, u64)> = ids
        .into_iter()
        .filter_map(|id| Some((fits(row(world, node, id)?, received, from, to)?, id)))
        .collect();
    if fitting.is_empty() {
        stack::count(world, node, |counters| &mut counters.udp_no_port);
        return icmp::unreachable(world, received, Unreachable::Port);
    }
    // One datagram to one socket, the one that fits closest; one to many to all of them.
    fitting.sort_by_key(|(score, id)| (core::cmp::Reverse(*score), *id));
    if !received.to_many {
        fitting.truncate(1);
    }
    for (_, id) in fitting {
        put(
            world,
            node,
            id,
            Datagram {
                from,
                to,
                interface: received.at.interface,
                hops: header.hops(),
                sent: false,
                at_ns: received.now_ns,
                bytes: datagram.payload.clone(),
            },
        );
    }
}

/// How closely a socket fits; none: not at all.
fn fits(socket: &NetSocket, received: &Received, from: SocketAddrV4, to: SocketAddrV4) -> Option<u32> {
    if socket.remote.is_some_and(|remote| remote != from) {
        return None;
    }
    let group = to.ip().is_multicast();
    let joined = socket.groups.contains(&(*to.ip(), received.at.interface));
    let bound = socket.local.ip();
    if group && !joined || !bound.is_unspecified() && bound != to.ip() && !received.to_many {
        return None;
    }
    Some(2 * u32::from(socket.remote.is_some()) + u32::from(!bound.is_unspecified()))
}

/// Whether a socket of the machine has joined a group at an interface.
pub(crate) fn has_joined(world: &World, at: Endpoint, group: Ipv4Addr) -> bool {
    if group == crate::wire::igmp::ALL_SYSTEMS {
        return true;
    }
    let mut sockets = world.resource::<SocketIndex>().of_kind(at.node, Kind::Udp);
    sockets.any(|id| row(world, at.node, id).is_some_and(|row| row.groups.contains(&(group, at.interface))))
}

/// Sends a datagram.
pub(super) fn send(
    world: &mut World,
    node: NodeId,
    id: u64,
    data: Bytes,
    to: Option<SocketAddrV4>,
    now_ns: u64,
) -> Result<u32, SysError> {
    super::take_error(world, node, id)?;
    let socket = row(world, node, id).expect("the socket is there").clone();
    let to = to.or(socket.remote);
    let to = to.ok_or_else(|| SysError::new(Errno::EDESTADDRREQ, "the socket is connected to nobody"))?;
    if to.port() == 0 || to.ip().is_unspecified() {
        return Err(SysError::new(Errno::EINVAL, format!("nobody is at {to}")));
    }
    if data.len() > MAX_PAYLOAD_BYTES {
        let why = format!("a datagram carries at most {MAX_PAYLOAD_BYTES} bytes");
        return Err(SysError::new(Errno::EMSGSIZE, why));
    }
    if is_broadcast(world, node, *to.ip()) && !socket.broadcast {
        let why = "sending to everybody needs the option broadcast";
        return Err(SysError::new(Errno::EACCES, why));
    }
    if socket.local.port() == 0 {
        bind_any(world, node, id)?;
    }
    let local = row(world, node, id).expect("the socket is there").local;
    let hop = output::hop(world, node, *to.ip(), None);
    let source = match local.ip() {
        own if own.is_unspecified() => hop.map_or(Ipv4Addr::UNSPECIFIED, |hop| hop.source),
        own => *own,
    };
    let len = data.len() as u32;
    let datagram = Udp {
        source_port: local.port(),
        destination_port: to.port(),
        payload: data,
    };
    let header = header(&socket, source, *to.ip(), Protocol::UDP);
    output(world, node, header, Body::Udp(&datagram), None, now_ns)?;
    Ok(len)
}

/// The header of what a socket sends.
pub(super) fn header(socket: &NetSocket, source: Ipv4Addr, to: Ipv4Addr, protocol: Protocol) -> Ipv4Header {
    let mut header = Ipv4Header::new(source, to, protocol);
    header.ttl = 0;
    match socket.hops {
        Some(hops) => {
            // Options leave room: there are none.
            header.set_hops(hops).expect("an empty header has room");
        }
        None if to.is_multicast() => header.ttl = 1,
        None => {}
    }
    header
}

fn is_broadcast(world: &World, node: NodeId, to: Ipv4Addr) -> bool {
    let interfaces = world.resource::<crate::NetIndex>().interfaces(node);
    let mut rows = interfaces.filter_map(|(_, entity)| world.get::<crate::link::Interface>(entity));
    to.is_broadcast() || rows.any(|row| output::is_broadcast_of(row, to))
}

/// Gives a socket a port that is free.
pub(super) fn bind_any(world: &mut World, node: NodeId, id: u64) -> Result<(), SysError> {
    let socket = row(world, node, id).expect("the socket is there").clone();
    let port = ports::ephemeral(world, node, |world, port| {
        ports::is_free(
            world,
            node,
            socket.kind,
            SocketAddrV4::new(*socket.local.ip(), port),
            false,
        )
    })?;
    super::reindex(world, node, id, |row| row.local.set_port(port));
    Ok(())
}

/// ICMP says that something that was sent did not arrive.
pub(crate) fn on_error(world: &mut World, received: &Received, message: &Icmp, quoted: &Ipv4) {
    if quoted.payload.len() < 4 {
        return;
    }
    let node = received.at.node;
    let local = SocketAddrV4::new(quoted.header.source, u16_at(&quoted.payload, 0));
    let remote = SocketAddrV4::new(quoted.header.destination, u16_at(&quoted.payload, 2));
    let ids: Vec<u64> = world
        .resource::<SocketIndex>()
        .at_port(node, Kind::Udp, local.port())
        .collect();
    for id in ids {
        let socket = row(world, node, id).expect("indexed");
        let ours = socket.local.ip().is_unspecified() || socket.local.ip() == local.ip();
        if !ours || socket.remote.is_some_and(|to| to != remote) {
            continue;
        }
        if socket.errors {
            take_report(world, received, id, local);
        } else if socket.remote.is_some()
            && let Some(errno) = errno_of(message)
        {
            change(world, node, id, |row| row.error = Some(errno));
            stir(world, node, id);
        }
    }
}

/// Hands an ICMP error to a socket that asked for them: the message as it came.
pub(super) fn take_report(world: &mut World, received: &Received, id: u64, to: SocketAddrV4) {
    put(
        world,
        received.at.node,
        id,
        Datagram {
            from: SocketAddrV4::new(received.header().source, 0),
            to,
            interface: received.at.interface,
            hops: received.header().hops(),
            sent: false,
            at_ns: received.now_ns,
            bytes: received.datagram.payload.clone(),
        },
    );
}

/// What an error of ICMP is to a program (RFC 1122 section 4.1.3.3).
pub(super) const fn errno_of(message: &Icmp) -> Option<Errno> {
    match message {
        Icmp::Unreachable { reason, .. } => Some(match reason {
            Unreachable::Network | Unreachable::NetworkUnknown | Unreachable::NetworkProhibited => Errno::ENETUNREACH,
            Unreachable::Port => Errno::ECONNREFUSED,
            Unreachable::FragmentationNeeded { .. } => Errno::EMSGSIZE,
            Unreachable::Protocol => Errno::ENOPROTOOPT,
            _ => Errno::EHOSTUNREACH,
        }),
        Icmp::TimeExceeded { .. } => Some(Errno::EHOSTUNREACH),
        Icmp::ParameterProblem { .. } => Some(Errno::EPROTO),
        _ => None,
    }
}

/// The inbox of a new socket.
pub(super) fn inbox() -> Inbox {
    Inbox::default()
}
