//! Frames that came in: to whom they are addressed, and what they carry.

use bevy_ecs::prelude::*;
use bytes::{Bytes, BytesMut};

use super::output::{is_broadcast_of, pass_on};
use super::routes::route;
use super::{arp, count, icmp, owner_of, reassembly, stack};
use crate::link::{Endpoint, interface};
use crate::sockets;
use crate::wire::icmp::{RedirectScope, TimeExceeded, Unreachable};
use crate::wire::ipv4::hops;
use crate::wire::{EtherType, EthernetHeader, Ipv4, Ipv4Header, Protocol};

/// A datagram, and how it came.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// Where.
    pub(crate) at: Endpoint,
    /// When.
    pub(crate) now_ns: u64,
    /// The datagram, whole.
    pub(crate) datagram: Ipv4,
    /// As it lay on the wire: what an ICMP error quotes. Of one that was put together, its first piece.
    pub(crate) packet: Bytes,
    /// Addressed to many, by the link or by its own address: no ICMP error answers it (RFC 1122 section 3.2.2).
    pub(crate) to_many: bool,
}

impl Received {
    pub(crate) const fn header(&self) -> &Ipv4Header {
        &self.datagram.header
    }
}

/// Takes a frame of a machine.
pub(crate) fn receive(world: &mut World, at: Endpoint, frame: Bytes, now_ns: u64) {
    sockets::packet::deliver(world, at, &frame, now_ns);
    let Ok(header) = EthernetHeader::parse(&frame) else {
        return;
    };
    let row = interface(world, at.node, at.interface).expect("it is there");
    let own = header.destination == row.mac || header.destination.is_multicast();
    // Tagged frames are for interfaces of a VLAN, which machines do not have.
    if !own || header.tag.is_some() || stack(world, at.node).is_none() {
        return;
    }
    let to_many = header.destination.is_multicast();
    let payload = frame.slice(header.len_bytes()..);
    match header.ethertype {
        EtherType::ARP => arp::receive(world, at, &payload, now_ns),
        EtherType::IPV4 => ipv4(world, at, payload, to_many, now_ns),
        _ => {}
    }
}

fn ipv4(world: &mut World, at: Endpoint, packet: Bytes, to_many: bool, now_ns: u64) {
    count(world, at.node, |counters| &mut counters.received);
    let Ok(datagram) = Ipv4::parse(&packet) else {
        return count(world, at.node, |counters| &mut counters.header_errors);
    };
    let (source, destination) = (datagram.header.source, datagram.header.destination);
    let row = interface(world, at.node, at.interface).expect("it is there");
    // Addresses that nobody can send from, and the loopback's own outside of it (RFC 1122 section 3.2.1.3).
    let martian = source.is_multicast()
        || source.is_broadcast()
        || (!row.is_loopback() && (source.is_loopback() || destination.is_loopback()))
        || is_broadcast_of(row, source);
    if martian || datagram.header.options.check().is_err() {
        return count(world, at.node, |counters| &mut counters.address_errors);
    }
    let broadcast = destination.is_broadcast() || is_broadcast_of(row, destination);
    let group = destination.is_multicast();
    let mine = broadcast || owner_of(world, at.node, destination).is_some();
    let wanted = group && sockets::udp::has_joined(world, at, destination);
    // The padding of a short frame is not the datagram's.
    let packet = packet.slice(..datagram.len_bytes().min(packet.len()));
    let received = Received {
        at,
        now_ns,
        datagram,
        packet,
        to_many: to_many || broadcast || group,
    };
    if mine || wanted {
        whole(world, received);
    } else if !group && !to_many {
        forward(world, &received);
    }
}

/// Addressed to this machine: handed up once it is whole.
fn whole(world: &mut World, received: Received) {
    if !received.header().is_fragment() {
        return deliver(world, &received);
    }
    if let Some(datagram) = reassembly::add(world, &received) {
        let whole = Received { datagram, ..received };
        deliver(world, &whole);
    }
}

fn deliver(world: &mut World, received: &Received) {
    let node = received.at.node;
    count(world, node, |counters| &mut counters.delivered);
    let raw = sockets::raw::deliver(world, received);
    match received.header().protocol {
        Protocol::ICMP => icmp::receive(world, received),
        Protocol::UDP => sockets::udp::receive(world, received),
        Protocol::TCP => sockets::tcp::receive(world, received),
        Protocol::IGMP => sockets::igmp::receive(world, received),
        _ if raw => {}
        _ => {
            count(world, node, |counters| &mut counters.unknown_protocol);
            icmp::unreachable(world, received, Unreachable::Protocol);
        }
    }
}

/// Passes a datagram on (RFC 1812 section 5.2).
fn forward(world: &mut World, received: &Received) {
    let node = received.at.node;
    if !stack(world, node).is_some_and(|stack| stack.forwarding) {
        return count(world, node, |counters| &mut counters.address_errors);
    }
    let header = received.header();
    let mut packet = BytesMut::from(&received.packet[..]);
    let left = hops::decrement(&mut packet).unwrap_or(0);
    if left == 0 {
        count(world, node, |counters| &mut counters.hops_exceeded);
        return icmp::time_exceeded(world, received, TimeExceeded::Transit);
    }
    let Some(hop) = route(world, node, header.destination) else {
        count(world, node, |counters| &mut counters.no_route);
        return icmp::unreachable(world, received, Unreachable::Network);
    };
    if hop.interface == received.at.interface {
        let near = interface(world, node, hop.interface)
            .is_some_and(|row| row.addresses.iter().any(|own| own.contains(header.source)));
        if near {
            icmp::redirect(world, received, RedirectScope::Host, hop.next);
        }
    }
    let by = Endpoint {
        node,
        interface: hop.interface,
    };
    let mtu = interface(world, node, hop.interface).map_or(0, |row| row.mtu);
    if pass_on(world, by, hop.next, &packet.freeze(), received.now_ns) {
        count(world, node, |counters| &mut counters.forwarded);
    } else {
        let mtu = u16::try_from(mtu).unwrap_or(u16::MAX);
        icmp::unreachable(world, received, Unreachable::FragmentationNeeded { mtu });
    }
}
