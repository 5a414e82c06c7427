//! ICMP (RFC 792, RFC 1122 section 3.2.2, RFC 1812 section 4.3): echo, and errors, not more of them than a machine should
//! send.

use std::net::Ipv4Addr;

use bevy_ecs::prelude::*;
use bytes::Bytes;
use helios_engine::ids::NodeId;

use super::input::Received;
use super::output::output;
use super::{count, with_stack};
use crate::sockets;
use crate::wire::frame::Body;
use crate::wire::icmp::{RedirectScope, TimeExceeded, Unreachable, quote};
use crate::wire::{EthernetHeader, Icmp, Ipv4, Ipv4Header, Protocol};

/// Errors that may be sent at once.
pub(super) const BURST: u32 = 50;
/// Errors a second.
const PER_SECOND: u64 = 1_000;

/// A message came in.
pub(super) fn receive(world: &mut World, received: &Received) {
    count(world, received.at.node, |counters| &mut counters.icmp_in);
    let Ok(message) = Icmp::parse(&received.datagram.payload) else {
        return count(world, received.at.node, |counters| &mut counters.payload_errors);
    };
    let header = received.header();
    match &message {
        Icmp::EchoRequest {
            identifier,
            sequence,
            data,
        } => {
            // Pings of everybody are not answered: that is how one machine would be made to flood another (RFC 1122 section 3.2.2.6).
            if received.to_many {
                return;
            }
            let reply = Icmp::EchoReply {
                identifier: *identifier,
                sequence: *sequence,
                data: data.clone(),
            };
            let mut answer = Ipv4Header::new(header.destination, header.source, Protocol::ICMP);
            answer.ttl = 0;
            // Whoever cannot be reached gets no answer.
            let _ = output(
                world,
                received.at.node,
                answer,
                Body::Icmp(&reply),
                None,
                received.now_ns,
            );
        }
        Icmp::EchoReply { identifier, .. } => sockets::icmp::deliver(world, received, *identifier, &message),
        Icmp::Unreachable { quote, .. } | Icmp::TimeExceeded { quote, .. } | Icmp::ParameterProblem { quote, .. } => {
            error_of(world, received, &message, quote);
        }
        Icmp::Redirect { .. } | Icmp::TimestampReply(_) | Icmp::Other { .. } => {}
        Icmp::TimestampRequest(stamp) => {
            let day_ms = world
                .resource::<helios_engine::time::WorldEpoch>()
                .unix_ms_at(helios_engine::ids::Tick(received.now_ns / 1_000_000))
                % 86_400_000;
            let reply = Icmp::TimestampReply(crate::wire::icmp::Timestamp {
                receive: day_ms as u32,
                transmit: day_ms as u32,
                ..*stamp
            });
            if received.to_many {
                return;
            }
            let mut answer = Ipv4Header::new(header.destination, header.source, Protocol::ICMP);
            answer.ttl = 0;
            let _ = output(
                world,
                received.at.node,
                answer,
                Body::Icmp(&reply),
                None,
                received.now_ns,
            );
        }
    }
}

/// An error is told to whoever sent the datagram that it quotes.
fn error_of(world: &mut World, received: &Received, message: &Icmp, quote: &Bytes) {
    let Ok(quoted) = Ipv4::parse_quoted(quote) else { return };
    match quoted.header.protocol {
        Protocol::UDP => sockets::udp::on_error(world, received, message, &quoted),
        Protocol::TCP => sockets::tcp::on_error(world, received, message, &quoted),
        Protocol::ICMP => sockets::icmp::on_error(world, received, message, &quoted),
        _ => {}
    }
}

/// Whether an error may be sent about a datagram at all (RFC 1122 section 3.2.2).
fn may_complain(received: &Received) -> bool {
    let header = received.header();
    let about_error = header.protocol == Protocol::ICMP
        && received
            .datagram
            .payload
            .first()
            .is_none_or(|kind| !matches!(kind, 0 | 8 | 13 | 14));
    !received.to_many && !about_error && header.fragment_offset == 0 && !header.source.is_unspecified()
}

/// Takes one of the errors that a machine may send (RFC 1812 section 4.3.2.8).
fn take_token(world: &mut World, node: NodeId, now_ns: u64) -> bool {
    with_stack(world, node, |stack| {
        let gained = now_ns.saturating_sub(stack.icmp_counted_ns) * PER_SECOND / 1_000_000_000;
        if gained > 0 {
            let tokens = u64::from(stack.icmp_tokens) + gained;
            stack.icmp_tokens = tokens.min(u64::from(BURST)) as u32;
            stack.icmp_counted_ns = now_ns;
        }
        if stack.icmp_tokens == 0 {
            stack.counters.icmp_limited += 1;
            return false;
        }
        stack.icmp_tokens -= 1;
        true
    })
}

fn complain(world: &mut World, received: &Received, message: &Icmp) {
    let node = received.at.node;
    if !may_complain(received) || !take_token(world, node, received.now_ns) {
        return;
    }
    let header = received.header();
    // From the address that was meant where it is this machine's; otherwise from that of the interface it leaves by.
    let source = if super::owner_of(world, node, header.destination).is_some() {
        header.destination
    } else {
        Ipv4Addr::UNSPECIFIED
    };
    let mut answer = Ipv4Header::new(source, header.source, Protocol::ICMP);
    answer.ttl = 0;
    let _ = output(world, node, answer, Body::Icmp(message), None, received.now_ns);
}

/// Says that a datagram cannot be delivered.
pub(crate) fn unreachable(world: &mut World, received: &Received, reason: Unreachable) {
    let quote = quote(&received.packet);
    complain(world, received, &Icmp::Unreachable { reason, quote });
}

/// Says that a datagram took too long.
pub(crate) fn time_exceeded(world: &mut World, received: &Received, reason: TimeExceeded) {
    let quote = quote(&received.packet);
    complain(world, received, &Icmp::TimeExceeded { reason, quote });
}

/// Says that there is a better way.
pub(super) fn redirect(world: &mut World, received: &Received, scope: RedirectScope, gateway: Ipv4Addr) {
    let quote = quote(&received.packet);
    complain(world, received, &Icmp::Redirect { scope, gateway, quote });
}

/// A frame waited in vain for a neighbour: its sender is told, who may be this machine itself.
pub(super) fn host_unreachable(world: &mut World, node: NodeId, framed: &Bytes, now_ns: u64) {
    let Ok(header) = EthernetHeader::parse(framed) else {
        return;
    };
    let packet = framed.slice(header.len_bytes()..);
    let Ok(datagram) = Ipv4::parse(&packet) else { return };
    let received = Received {
        at: crate::link::Endpoint {
            node,
            interface: crate::link::LOOPBACK,
        },
        now_ns,
        packet: packet.slice(..datagram.len_bytes().min(packet.len())),
        datagram,
        to_many: false,
    };
    let own = received.header().source;
    if super::owner_of(world, node, own).is_none() {
        return unreachable(world, &received, Unreachable::Host);
    }
    // It was this machine's own: it tells itself, without a datagram.
    let quote = quote(&received.packet);
    let message = Icmp::Unreachable {
        reason: Unreachable::Host,
        quote: quote.clone(),
    };
    let mut payload = bytes::BytesMut::new();
    message.emit(&mut payload);
    let told = Received {
        datagram: Ipv4 {
            header: Ipv4Header::new(own, own, Protocol::ICMP),
            payload: payload.freeze(),
        },
        ..received
    };
    error_of(world, &told, &message, &quote);
}
