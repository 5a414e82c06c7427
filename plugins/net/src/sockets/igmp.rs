//! Groups of receivers: joining, leaving, and answering who listens (RFC 2236).

use std::net::Ipv4Addr;

use bevy_ecs::prelude::*;
use helios_abi::{Errno, NodeId, SysError};

use super::udp::has_joined;
use super::{Kind, SocketIndex, change, row};
use crate::link::Endpoint;
use crate::stack::input::Received;
use crate::stack::output;
use crate::wire::frame::Body;
use crate::wire::igmp::ALL_ROUTERS;
use crate::wire::{Igmp, Ipv4Header, Ipv4Option, Ipv4Options, Protocol};

/// Groups of one socket.
const MAX_GROUPS: usize = 20;

/// A message came in: a query is answered for every group that is listened to.
pub(crate) fn receive(world: &mut World, received: &Received) {
    let Ok(Igmp::Query { group, .. }) = Igmp::parse(&received.datagram.payload) else {
        return;
    };
    let at = received.at;
    let ids = world.resource::<SocketIndex>().of_kind(at.node, Kind::Udp);
    let joined = ids
        .filter_map(|id| row(world, at.node, id))
        .flat_map(|row| row.groups.clone());
    let mut groups: Vec<Ipv4Addr> = joined
        .filter(|(_, interface)| *interface == at.interface)
        .map(|(group, _)| group)
        .collect();
    groups.sort();
    groups.dedup();
    for own in groups {
        if group.is_unspecified() || group == own {
            tell(world, at, own, &Igmp::Report { group: own }, received.now_ns);
        }
    }
}

/// Joins or leaves a group.
pub(super) fn set(
    world: &mut World,
    node: NodeId,
    id: u64,
    group: Ipv4Addr,
    interface: Option<u32>,
    join: bool,
    now_ns: u64,
) -> Result<(), SysError> {
    if !group.is_multicast() {
        return Err(SysError::new(Errno::EINVAL, format!("{group} is no group's address")));
    }
    let number = interface.or_else(|| output::hop(world, node, group, None).map(|hop| hop.interface));
    let number = number.ok_or_else(|| SysError::new(Errno::ENODEV, "no interface leads to the group"))?;
    let at = Endpoint {
        node,
        interface: number,
    };
    let entry = (group, number);
    let groups = &row(world, node, id).expect("the socket is there").groups;
    let member = groups.contains(&entry);
    if member == join {
        let errno = if join { Errno::EADDRINUSE } else { Errno::EADDRNOTAVAIL };
        return Err(SysError::from(errno));
    }
    if join && groups.len() >= MAX_GROUPS {
        let why = format!("a socket joins at most {MAX_GROUPS} groups");
        return Err(SysError::new(Errno::ENOBUFS, why));
    }
    let others = has_joined(world, at, group);
    change(world, node, id, |row| {
        if join {
            row.groups.push(entry);
        } else {
            row.groups.retain(|other| *other != entry);
        }
    });
    if join && !others {
        tell(world, at, group, &Igmp::Report { group }, now_ns);
    } else if !join && !has_joined(world, at, group) {
        tell(world, at, ALL_ROUTERS, &Igmp::Leave { group }, now_ns);
    }
    Ok(())
}

fn tell(world: &mut World, at: Endpoint, to: Ipv4Addr, message: &Igmp, now_ns: u64) {
    let mut header = Ipv4Header::new(Ipv4Addr::UNSPECIFIED, to, Protocol::IGMP);
    header.ttl = 1;
    header.options = Ipv4Options::new(&[Ipv4Option::RouterAlert(0)]).expect("one option fits");
    // Who cannot send has no group either.
    let _ = output(world, at.node, header, Body::Igmp(message), Some(at.interface), now_ns);
}
