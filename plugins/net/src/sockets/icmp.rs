//! Sockets that ping: echo requests go out under the socket's own identifier, and what answers them comes in.

use std::net::SocketAddrV4;

use bevy_ecs::prelude::*;
use bytes::Bytes;
use helios_abi::{Errno, NodeId, SysError};

use super::inbox::put;
use super::udp::{bind_any, errno_of, header, take_report};
use super::{Datagram, Kind, SocketIndex, change, row, stir};
use crate::stack::input::Received;
use crate::stack::output;
use crate::wire::frame::Body;
use crate::wire::{Icmp, Ipv4, Protocol, u16_at};

/// An answer came in.
pub(crate) fn deliver(world: &mut World, received: &Received, identifier: u16) {
    let node = received.at.node;
    let ids: Vec<u64> = world
        .resource::<SocketIndex>()
        .at_port(node, Kind::Icmp, identifier)
        .collect();
    for id in ids {
        let (from, to) = (received.header().source, received.header().destination);
        put(
            world,
            node,
            id,
            Datagram {
                from: SocketAddrV4::new(from, 0),
                to: SocketAddrV4::new(to, identifier),
                interface: received.at.interface,
                hops: received.header().hops(),
                sent: false,
                at_ns: received.now_ns,
                bytes: received.datagram.payload.clone(),
            },
        );
    }
}

/// ICMP says that a request did not arrive.
pub(crate) fn on_error(world: &mut World, received: &Received, message: &Icmp, quoted: &Ipv4) {
    if quoted.payload.len() < 6 || quoted.payload[0] != 8 {
        return;
    }
    let node = received.at.node;
    let identifier = u16_at(&quoted.payload, 4);
    let ids: Vec<u64> = world
        .resource::<SocketIndex>()
        .at_port(node, Kind::Icmp, identifier)
        .collect();
    for id in ids {
        let socket = row(world, node, id).expect("indexed");
        if socket.errors {
            take_report(world, received, id, SocketAddrV4::new(quoted.header.source, identifier));
        } else if let Some(errno) = errno_of(message) {
            change(world, node, id, |row| row.error = Some(errno));
            stir(world, node, id);
        }
    }
}

/// Sends an echo request: a message with its header, whose checksum and identifier are put in here.
pub(super) fn send(
    world: &mut World,
    node: NodeId,
    id: u64,
    data: &Bytes,
    to: std::net::Ipv4Addr,
    now_ns: u64,
) -> Result<u32, SysError> {
    super::take_error(world, node, id)?;
    if data.len() < 8 || data[0] != 8 || data[1] != 0 {
        let why = "an icmp socket sends echo requests: 8 bytes of header and what is to come back";
        return Err(SysError::new(Errno::EINVAL, why));
    }
    if data.len() > super::udp::MAX_PAYLOAD_BYTES {
        return Err(SysError::new(Errno::EMSGSIZE, "the message does not fit a datagram"));
    }
    if row(world, node, id).is_some_and(|row| row.local.port() == 0) {
        bind_any(world, node, id)?;
    }
    let socket = row(world, node, id).expect("the socket is there").clone();
    let request = Icmp::EchoRequest {
        identifier: socket.local.port(),
        sequence: u16_at(data, 6),
        data: data.slice(8..),
    };
    let mut header = header(&socket, *socket.local.ip(), to, Protocol::ICMP);
    if to.is_multicast() && socket.hops.is_none() {
        header.ttl = 1;
    }
    output(world, node, header, Body::Icmp(&request), None, now_ns)?;
    Ok(data.len() as u32)
}
