//! Packet sockets: frames as they lie on the wire.

use std::net::{Ipv4Addr, SocketAddrV4};

use bevy_ecs::prelude::*;
use bytes::Bytes;
use helios_abi::{Errno, NodeId, SysError};

use super::inbox::put;
use super::{Datagram, Kind, SocketIndex, row};
use crate::flight;
use crate::link::{Endpoint, interface};

/// Shows a frame that came in to the machine's packet sockets.
pub(crate) fn deliver(world: &mut World, at: Endpoint, frame: &Bytes, now_ns: u64) {
    show(world, at, frame, now_ns, false);
}

/// Shows a frame that is sent.
pub(crate) fn sent(world: &mut World, at: Endpoint, frame: &Bytes, now_ns: u64) {
    show(world, at, frame, now_ns, true);
}

fn show(world: &mut World, at: Endpoint, frame: &Bytes, now_ns: u64, sent: bool) {
    if !world.resource::<SocketIndex>().has_kind(at.node, Kind::Packet) {
        return;
    }
    for id in world.resource::<SocketIndex>().packet_sockets(at) {
        let here = row(world, at.node, id).is_some_and(|row| row.interface.is_none_or(|own| own == at.interface));
        if !here {
            continue;
        }
        let nobody = SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0);
        put(
            world,
            at.node,
            id,
            Datagram {
                from: nobody,
                to: nobody,
                interface: at.interface,
                hops: 0,
                sent,
                at_ns: now_ns,
                bytes: frame.clone(),
            },
        );
    }
}

/// Sends a frame.
pub(super) fn send(world: &mut World, node: NodeId, id: u64, data: Bytes, now_ns: u64) -> Result<u32, SysError> {
    let number = row(world, node, id).and_then(|row| row.interface);
    let number = number.ok_or_else(|| SysError::new(Errno::EDESTADDRREQ, "the socket is bound to no interface"))?;
    let row = interface(world, node, number).ok_or_else(|| SysError::new(Errno::ENODEV, "the interface is gone"))?;
    if data.len() < 14 || data.len() > row.mtu as usize + 22 {
        let why = format!("a frame of {} has 14 to {} bytes", row.name, row.mtu + 22);
        return Err(SysError::new(Errno::EMSGSIZE, why));
    }
    if !row.up {
        return Err(SysError::new(Errno::ENETDOWN, "the interface is down"));
    }
    let len = data.len() as u32;
    let at = Endpoint {
        node,
        interface: number,
    };
    flight::send(world, at, data, now_ns);
    Ok(len)
}
