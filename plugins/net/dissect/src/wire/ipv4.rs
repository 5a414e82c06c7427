//! IPv4 datagrams (RFC 791), their differentiated services field (RFC 2474) and congestion bits (RFC 3168).

pub mod fragment;
pub mod hops;
mod options;

use core::fmt;
use std::net::Ipv4Addr;

use bytes::{BufMut, Bytes, BytesMut};
use serde::{Deserialize, Serialize};

pub use options::{Ipv4Option, Ipv4Options, OPTIONS_BYTES, OptionsIter, Route, Timestamps};

use super::checksum::checksum;
use super::{WireError, addr_at, u16_at};

/// Bytes of a header without options.
pub const HEADER_BYTES: usize = 20;
/// Most bytes of a datagram.
pub const MAX_DATAGRAM_BYTES: usize = 65_535;
/// A datagram of this size every host must take (RFC 791 section 3.1).
pub const MIN_REASSEMBLY_BYTES: usize = 576;
/// The MTU that every link must have (RFC 791 section 3.2).
pub const MIN_MTU_BYTES: usize = 68;

const FORMAT: &str = "IPv4";

/// What the payload of a datagram is (IANA, Assigned Internet Protocol Numbers).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Protocol(pub u8);

impl Protocol {
    /// ICMP (RFC 792).
    pub const ICMP: Self = Self(1);
    /// IGMP (RFC 2236).
    pub const IGMP: Self = Self(2);
    /// IPv4 in IPv4 (RFC 2003).
    pub const IPIP: Self = Self(4);
    /// TCP (RFC 9293).
    pub const TCP: Self = Self(6);
    /// UDP (RFC 768).
    pub const UDP: Self = Self(17);
    /// GRE (RFC 2784).
    pub const GRE: Self = Self(47);
    /// OSPF (RFC 2328).
    pub const OSPF: Self = Self(89);
    /// SCTP (RFC 9260).
    pub const SCTP: Self = Self(132);
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ICMP => f.write_str("ICMP"),
            Self::IGMP => f.write_str("IGMP"),
            Self::IPIP => f.write_str("IPIP"),
            Self::TCP => f.write_str("TCP"),
            Self::UDP => f.write_str("UDP"),
            Self::GRE => f.write_str("GRE"),
            Self::OSPF => f.write_str("OSPF"),
            Self::SCTP => f.write_str("SCTP"),
            Self(other) => write!(f, "{other}"),
        }
    }
}

/// The congestion bits of a datagram (RFC 3168 section 5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ecn {
    /// The transport does not understand ECN.
    #[default]
    NotCapable,
    /// It does: ECT(1).
    Capable1,
    /// It does: ECT(0), what senders set.
    Capable0,
    /// A router met congestion on the way.
    Congestion,
}

impl Ecn {
    /// From the two low bits of a byte.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        match bits & 3 {
            0 => Self::NotCapable,
            1 => Self::Capable1,
            2 => Self::Capable0,
            _ => Self::Congestion,
        }
    }

    /// The two bits.
    #[must_use]
    pub const fn to_bits(self) -> u8 {
        match self {
            Self::NotCapable => 0,
            Self::Capable1 => 1,
            Self::Capable0 => 2,
            Self::Congestion => 3,
        }
    }
}

/// What stands before the payload of a datagram. Version, lengths and checksum follow from it and the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ipv4Header {
    /// Differentiated services code point, 0 to 63.
    pub dscp: u8,
    /// Congestion bits.
    pub ecn: Ecn,
    /// What the fragments of one datagram share (RFC 6864).
    pub identification: u16,
    /// No router may fragment it.
    pub dont_fragment: bool,
    /// Fragments follow this one.
    pub more_fragments: bool,
    /// Where the payload belongs in the whole datagram's, in bytes: a multiple of 8.
    pub fragment_offset: u16,
    /// Hops that it may still take; see [`hops`] for more than 255.
    pub ttl: u8,
    /// What the payload is.
    pub protocol: Protocol,
    /// The sender.
    pub source: Ipv4Addr,
    /// The receiver.
    pub destination: Ipv4Addr,
    /// Options.
    pub options: Ipv4Options,
}

impl Ipv4Header {
    /// The header of a whole datagram with a TTL of 64 (RFC 1700) and no options, which may be fragmented.
    #[must_use]
    pub const fn new(source: Ipv4Addr, destination: Ipv4Addr, protocol: Protocol) -> Self {
        Self {
            dscp: 0,
            ecn: Ecn::NotCapable,
            identification: 0,
            dont_fragment: false,
            more_fragments: false,
            fragment_offset: 0,
            ttl: 64,
            protocol,
            source,
            destination,
            options: Ipv4Options::NONE,
        }
    }

    /// Bytes of the header with its options.
    #[must_use]
    pub const fn len_bytes(&self) -> usize {
        HEADER_BYTES + self.options.as_bytes().len()
    }

    /// Whether it is a part of a datagram only.
    #[must_use]
    pub const fn is_fragment(&self) -> bool {
        self.more_fragments || self.fragment_offset != 0
    }

    /// Appends the header of a datagram with `payload_len` bytes of payload.
    ///
    /// # Panics
    /// Where the datagram would be longer than 65,535 bytes, or the fragment offset is no multiple of 8: whoever sends
    /// checks both.
    pub fn emit(&self, payload_len: usize, out: &mut BytesMut) {
        let header_len = self.len_bytes();
        let total_len = u16::try_from(header_len + payload_len).expect("a datagram is at most 65,535 bytes");
        assert!(
            self.fragment_offset.is_multiple_of(8),
            "fragments begin at multiples of 8 bytes"
        );
        let flags = u16::from(self.dont_fragment) << 14 | u16::from(self.more_fragments) << 13;
        let start = out.len();
        out.put_u8(0x40 | (header_len / 4) as u8);
        out.put_u8(self.dscp << 2 | self.ecn.to_bits());
        out.put_u16(total_len);
        out.put_u16(self.identification);
        out.put_u16(flags | (self.fragment_offset / 8));
        out.put_u8(self.ttl);
        out.put_u8(self.protocol.0);
        out.put_u16(0);
        out.put_slice(&self.source.octets());
        out.put_slice(&self.destination.octets());
        out.put_slice(self.options.as_bytes());
        let sum = checksum(&out[start..]);
        out[start + 10..start + 12].copy_from_slice(&sum.to_be_bytes());
    }

    /// Reads a header whose version and length [`header_len`] has checked.
    fn read(bytes: &[u8], header_len: usize) -> Self {
        let fragment = u16_at(bytes, 6);
        Self {
            dscp: bytes[1] >> 2,
            ecn: Ecn::from_bits(bytes[1]),
            identification: u16_at(bytes, 4),
            dont_fragment: fragment & 0x4000 != 0,
            more_fragments: fragment & 0x2000 != 0,
            fragment_offset: (fragment & 0x1fff) * 8,
            ttl: bytes[8],
            protocol: Protocol(bytes[9]),
            source: addr_at(bytes, 12),
            destination: addr_at(bytes, 16),
            options: Ipv4Options::copied(&bytes[HEADER_BYTES..header_len]),
        }
    }
}

/// A datagram, or a fragment of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ipv4 {
    /// The header.
    pub header: Ipv4Header,
    /// What it carries.
    pub payload: Bytes,
}

impl Ipv4 {
    /// Reads a datagram; what follows it in `packet` is the frame's padding. The payload shares the memory of `packet`.
    /// Options are not looked into: a host or router that acts on them calls [`Ipv4Options::check`].
    ///
    /// # Errors
    /// It is too short, not of version 4, or its header checksum is wrong.
    pub fn parse(packet: &Bytes) -> Result<Self, WireError> {
        let header_len = header_len(packet)?;
        if checksum(&packet[..header_len]) != 0 {
            return Err(WireError::Checksum { format: FORMAT });
        }
        let total_len = usize::from(u16_at(packet, 2));
        if total_len < header_len {
            return Err(WireError::Field {
                format: FORMAT,
                field: "total length",
            });
        }
        WireError::need(FORMAT, total_len, packet.len())?;
        Ok(Self {
            header: Ipv4Header::read(packet, header_len),
            payload: packet.slice(header_len..total_len),
        })
    }

    /// Reads what an ICMP error quotes of a datagram: the payload may be cut off, and the checksum is that of the header as
    /// the quoting router had it, which is not checked.
    ///
    /// # Errors
    /// The header is cut off or not of version 4.
    pub fn parse_quoted(quote: &Bytes) -> Result<Self, WireError> {
        let header_len = header_len(quote)?;
        let total_len = usize::from(u16_at(quote, 2)).clamp(header_len, quote.len());
        Ok(Self {
            header: Ipv4Header::read(quote, header_len),
            payload: quote.slice(header_len..total_len),
        })
    }

    /// Appends the datagram.
    ///
    /// # Panics
    /// As [`Ipv4Header::emit`].
    pub fn emit(&self, out: &mut BytesMut) {
        out.reserve(self.len_bytes());
        self.header.emit(self.payload.len(), out);
        out.put_slice(&self.payload);
    }

    /// Bytes of the datagram.
    #[must_use]
    pub const fn len_bytes(&self) -> usize {
        self.header.len_bytes() + self.payload.len()
    }
}

/// Bytes of a packet's header, all of which are there.
///
/// # Errors
/// The header is cut off, or not of version 4.
pub fn header_len(packet: &[u8]) -> Result<usize, WireError> {
    WireError::need(FORMAT, HEADER_BYTES, packet.len())?;
    let header_len = usize::from(packet[0] & 0x0f) * 4;
    let wrong = |field| Err(WireError::Field { format: FORMAT, field });
    if packet[0] >> 4 != 4 {
        return wrong("version");
    }
    if header_len < HEADER_BYTES {
        return wrong("header length");
    }
    WireError::need(FORMAT, header_len, packet.len())?;
    Ok(header_len)
}
