//! Raw sockets: all datagrams of one protocol, with their headers.

use std::net::{Ipv4Addr, SocketAddrV4};

use bevy_ecs::prelude::*;
use bytes::Bytes;
use helios_abi::{Errno, NodeId, SysError};

use super::inbox::put;
use super::udp::header;
use super::{Datagram, Kind, SocketIndex, row};
use crate::stack::input::Received;
use crate::stack::output;
use crate::wire::Protocol;
use crate::wire::frame::Body;

/// Shows a datagram to every raw socket of its protocol. Answers whether there was one.
pub(crate) fn deliver(world: &mut World, received: &Received) -> bool {
    let node = received.at.node;
    if !world.resource::<SocketIndex>().has_kind(node, Kind::Raw) {
        return false;
    }
    let protocol = received.header().protocol.0;
    let ids: Vec<u64> = world.resource::<SocketIndex>().of_kind(node, Kind::Raw).collect();
    let mut any = false;
    for id in ids {
        if row(world, node, id).is_none_or(|row| row.protocol != protocol) {
            continue;
        }
        any = true;
        let mut bytes = bytes::BytesMut::with_capacity(received.datagram.len_bytes());
        received.datagram.emit(&mut bytes);
        let header = received.header();
        put(
            world,
            node,
            id,
            Datagram {
                from: SocketAddrV4::new(header.source, 0),
                to: SocketAddrV4::new(header.destination, 0),
                interface: received.at.interface,
                hops: header.hops(),
                sent: false,
                at_ns: received.now_ns,
                bytes: bytes.freeze(),
            },
        );
    }
    any
}

/// Sends the payload of a datagram.
pub(super) fn send(
    world: &mut World,
    node: NodeId,
    id: u64,
    data: &Bytes,
    to: Ipv4Addr,
    now_ns: u64,
) -> Result<u32, SysError> {
    let socket = row(world, node, id).expect("the socket is there").clone();
    if data.len() > 65_515 {
        return Err(SysError::new(Errno::EMSGSIZE, "the payload does not fit a datagram"));
    }
    let header = header(&socket, *socket.local.ip(), to, Protocol(socket.protocol));
    output(world, node, header, Body::Raw(data), None, now_ns)?;
    Ok(data.len() as u32)
}
