//! Whole frames: the layers put together in one allocation, and changed in place on their way.

use bytes::{BufMut, Bytes, BytesMut};

use super::ethernet::{self, MIN_FRAME_BYTES};
use super::tcp::Segment;
use super::{Arp, EtherType, EthernetHeader, Icmp, Igmp, Ipv4Header, Protocol, Udp};

/// What a datagram carries.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// A TCP segment.
    Tcp(&'a Segment),
    /// A UDP datagram.
    Udp(&'a Udp),
    /// An ICMP message.
    Icmp(&'a Icmp),
    /// An IGMP message.
    Igmp(&'a Igmp),
    /// Bytes of the protocol that the header names.
    Raw(&'a [u8]),
}

impl Body<'_> {
    /// Bytes of the body.
    #[must_use]
    pub fn len_bytes(&self) -> usize {
        match self {
            Self::Tcp(segment) => segment.len_bytes(),
            Self::Udp(datagram) => datagram.len_bytes(),
            Self::Icmp(message) => message.len_bytes(),
            Self::Igmp(_) => super::igmp::MESSAGE_BYTES,
            Self::Raw(bytes) => bytes.len(),
        }
    }

    /// Its protocol, unless it is raw.
    #[must_use]
    pub const fn protocol(&self) -> Option<Protocol> {
        match self {
            Self::Tcp(_) => Some(Protocol::TCP),
            Self::Udp(_) => Some(Protocol::UDP),
            Self::Icmp(_) => Some(Protocol::ICMP),
            Self::Igmp(_) => Some(Protocol::IGMP),
            Self::Raw(_) => None,
        }
    }

    fn emit(&self, header: &Ipv4Header, out: &mut BytesMut) {
        match self {
            Self::Tcp(segment) => segment.emit(header.source, header.destination, out),
            Self::Udp(datagram) => datagram.emit(header.source, header.destination, out),
            Self::Icmp(message) => message.emit(out),
            Self::Igmp(message) => message.emit(out),
            Self::Raw(bytes) => out.put_slice(bytes),
        }
    }
}

/// Appends a datagram. Its protocol is the body's; that of `header` counts where the body is raw.
///
/// # Panics
/// Where it is longer than 65,535 bytes.
pub fn emit_datagram(header: &Ipv4Header, body: Body<'_>, out: &mut BytesMut) {
    let protocol = body.protocol().unwrap_or(header.protocol);
    let header = Ipv4Header { protocol, ..*header };
    header.emit(body.len_bytes(), out);
    body.emit(&header, out);
}

/// A frame with a datagram, in one allocation. `ethernet.ethertype` is taken to be IPv4. Where the next hop's address is
/// not known yet, send the frame when it is: [`ethernet::readdress`] puts it in.
///
/// # Panics
/// Where the datagram is longer than 65,535 bytes.
#[must_use]
pub fn ipv4(ethernet: &EthernetHeader, header: &Ipv4Header, body: Body<'_>) -> BytesMut {
    let len = ethernet.len_bytes() + header.len_bytes() + body.len_bytes();
    let mut out = start(ethernet, EtherType::IPV4, len);
    emit_datagram(header, body, &mut out);
    ethernet::pad(&mut out);
    out
}

/// A frame with an ARP packet, in one allocation.
#[must_use]
pub fn arp(ethernet: &EthernetHeader, packet: &Arp) -> BytesMut {
    let mut out = start(ethernet, EtherType::ARP, MIN_FRAME_BYTES);
    packet.emit(&mut out);
    ethernet::pad(&mut out);
    out
}

/// A frame with a datagram that is there as bytes, such as a fragment or one that a router forwards to a link of another
/// kind.
#[must_use]
pub fn datagram(ethernet: &EthernetHeader, datagram: &[u8]) -> BytesMut {
    let mut out = start(ethernet, EtherType::IPV4, ethernet.len_bytes() + datagram.len());
    out.put_slice(datagram);
    ethernet::pad(&mut out);
    out
}

/// The frame as bytes that can be changed: without a copy where nobody else holds it.
#[must_use]
pub fn into_mut(frame: Bytes) -> BytesMut {
    frame
        .try_into_mut()
        .unwrap_or_else(|shared| BytesMut::from(&shared[..]))
}

fn start(ethernet: &EthernetHeader, ethertype: EtherType, len: usize) -> BytesMut {
    let mut out = BytesMut::with_capacity(len.max(MIN_FRAME_BYTES));
    EthernetHeader { ethertype, ..*ethernet }.emit(&mut out);
    out
}
