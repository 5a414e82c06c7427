//! Sending datagrams: where to, in how many pieces, and to whom on the link.

use std::net::Ipv4Addr;

use bevy_ecs::prelude::*;
use bytes::{Bytes, BytesMut};
use helios_abi::{Errno, SysError};
use helios_engine::ids::NodeId;

use super::routes::{Hop, route};
use super::{arp, count, stack, with_stack};
use crate::flight::send;
use crate::link::{Endpoint, Interface, interface};
use crate::wire::frame::{self, Body};
use crate::wire::ipv4::fragment;
use crate::wire::{EtherType, EthernetHeader, Ipv4, Ipv4Header, MacAddr};

/// Sends a datagram of this machine. An unspecified source becomes the address of the interface that it leaves by; the
/// number of hops, unless the header's option says more, is the machine's where its TTL is 0. Answers the source.
///
/// # Errors
/// ENETUNREACH where nothing leads there, ENETDOWN, EMSGSIZE where it does not fit the link and must not be cut.
pub fn output(
    world: &mut World,
    node: NodeId,
    mut header: Ipv4Header,
    body: Body<'_>,
    by: Option<u32>,
    now_ns: u64,
) -> Result<Ipv4Addr, SysError> {
    let hop = hop(world, node, header.destination, by).ok_or_else(|| {
        count(world, node, |counters| &mut counters.no_route);
        SysError::new(Errno::ENETUNREACH, format!("nothing leads to {}", header.destination))
    })?;
    if header.source.is_unspecified() {
        header.source = hop.source;
    }
    let (mtu, up) = interface(world, node, hop.interface).map_or((0, false), |row| (row.mtu, row.up));
    if !up {
        return Err(SysError::new(Errno::ENETDOWN, "the interface is down"));
    }
    let hops = with_stack(world, node, |stack| {
        stack.counters.sent += 1;
        match body {
            Body::Icmp(_) => stack.counters.icmp_out += 1,
            Body::Udp(_) => stack.counters.udp_out += 1,
            Body::Tcp(_) => stack.counters.tcp_segments_out += 1,
            Body::Igmp(_) | Body::Raw(_) => {}
        }
        stack.identification = stack.identification.wrapping_add(1);
        header.identification = stack.identification;
        stack.hops
    });
    if header.ttl == 0 {
        // Options leave room for the count, or it is 255 at most.
        header
            .set_hops(hops)
            .or_else(|_| header.set_hops(hops.min(255)))
            .expect("255 fits the TTL");
    }
    let len = header.len_bytes() + body.len_bytes();
    let at = Endpoint {
        node,
        interface: hop.interface,
    };
    if len <= mtu as usize {
        let framed = frame::ipv4(&ethernet(world, at), &header, body);
        resolve(world, at, hop.next, framed, now_ns);
        return Ok(header.source);
    }
    if len > 65_535 {
        return Err(SysError::new(Errno::EMSGSIZE, "a datagram has at most 65,535 bytes"));
    }
    let mut whole = BytesMut::with_capacity(len);
    frame::emit_datagram(&header, body, &mut whole);
    let datagram = Ipv4::parse(&whole.freeze()).expect("it was written just now");
    if !pieces(world, at, hop.next, &datagram, mtu, now_ns) {
        return Err(SysError::new(Errno::EMSGSIZE, format!("the link takes {mtu} bytes")));
    }
    Ok(header.source)
}

/// The next step of a datagram, by the interface that it must leave by if one is named.
pub(crate) fn hop(world: &World, node: NodeId, to: Ipv4Addr, by: Option<u32>) -> Option<Hop> {
    let Some(number) = by else {
        return route(world, node, to);
    };
    let row = interface(world, node, number)?;
    if row.is_loopback() {
        return route(world, node, to);
    }
    let found = route(world, node, to).filter(|hop| hop.interface == number);
    let source = row.addresses.first().map_or(Ipv4Addr::UNSPECIFIED, |own| own.address());
    Some(found.unwrap_or(Hop {
        interface: number,
        next: to,
        source,
    }))
}

/// Sends a datagram in pieces. Answers whether it could be cut.
fn pieces(world: &mut World, at: Endpoint, next: Ipv4Addr, datagram: &Ipv4, mtu: u32, now_ns: u64) -> bool {
    let Ok(cut) = fragment::split(datagram, u16::try_from(mtu).unwrap_or(u16::MAX)) else {
        count(world, at.node, |counters| &mut counters.cannot_fragment);
        return false;
    };
    for piece in &cut {
        count(world, at.node, |counters| &mut counters.fragments_made);
        let framed = frame::ipv4(&ethernet(world, at), &piece.header, Body::Raw(&piece.payload));
        resolve(world, at, next, framed, now_ns);
    }
    true
}

/// Sends a datagram on that is not this machine's own. Answers whether it fits the link, or could be cut.
pub(super) fn pass_on(world: &mut World, at: Endpoint, next: Ipv4Addr, packet: &Bytes, now_ns: u64) -> bool {
    let mtu = interface(world, at.node, at.interface).map_or(0, |row| row.mtu);
    if packet.len() <= mtu as usize {
        let framed = frame::datagram(&ethernet(world, at), packet);
        resolve(world, at, next, framed, now_ns);
        return true;
    }
    let datagram = Ipv4::parse(packet).expect("it was read before");
    pieces(world, at, next, &datagram, mtu, now_ns)
}

/// The header of a frame whose receiver is not known yet.
fn ethernet(world: &World, at: Endpoint) -> EthernetHeader {
    EthernetHeader {
        destination: MacAddr::default(),
        source: interface(world, at.node, at.interface).map_or(MacAddr::default(), |row| row.mac),
        tag: None,
        ethertype: EtherType::IPV4,
    }
}

/// Sends a frame with a datagram to whoever is next on the link.
fn resolve(world: &mut World, at: Endpoint, next: Ipv4Addr, mut framed: BytesMut, now_ns: u64) {
    let row = interface(world, at.node, at.interface).expect("it is there");
    if row.is_loopback() {
        send(world, at, framed.freeze(), now_ns);
        return;
    }
    match group_mac(row, next) {
        Some(mac) => {
            let own = row.mac;
            crate::wire::ethernet::readdress(&mut framed, mac, own);
            send(world, at, framed.freeze(), now_ns);
        }
        None => arp::send_to(world, at, next, framed, now_ns),
    }
}

/// The hardware address of an address of many: broadcast, or a group's (RFC 1112 section 6.4).
fn group_mac(row: &Interface, to: Ipv4Addr) -> Option<MacAddr> {
    if to.is_broadcast() || is_broadcast_of(row, to) {
        return Some(MacAddr::BROADCAST);
    }
    let [_, b, c, d] = to.octets();
    to.is_multicast().then_some(MacAddr([0x01, 0x00, 0x5e, b & 0x7f, c, d]))
}

/// Whether an address is that of all machines of one of an interface's networks.
pub(crate) fn is_broadcast_of(row: &Interface, to: Ipv4Addr) -> bool {
    row.addresses
        .iter()
        .any(|own| own.prefix() < 31 && own.broadcast() == Some(to))
}

/// The longest datagram that goes to an address uncut, as far as this machine knows.
#[must_use]
pub fn mtu_to(world: &World, node: NodeId, to: Ipv4Addr) -> u32 {
    let hop = stack(world, node).and_then(|_| route(world, node, to));
    hop.and_then(|hop| interface(world, node, hop.interface))
        .map_or(576, |row| row.mtu)
}
