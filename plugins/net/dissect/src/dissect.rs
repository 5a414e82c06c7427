//! What a frame holds, layer by layer, for whoever shows it: `tcpdump`, the client's inspector.
//!
//! [`dissect`] reads any bytes. What is cut off or malformed is shown as far as it goes and carries a [`Flaw`]; checksums are
//! verified. The names of fields are those of Wireshark's display filters; the summary of a layer is the line that `tcpdump
//! -n -S` would print for the packet if it knew nothing beyond that layer.
//!
//! A protocol is one function and one line of the table here.

mod build;
mod dhcp;
mod dns;
pub mod filter;
mod http;
mod icmp;
mod ip;
mod link;
mod tcp;
mod udp;

use std::net::Ipv4Addr;

use serde::Serialize;

use crate::wire::{LinkType, MacAddr};
use build::{Next, Packet};

/// Most layers of a packet, without those that an ICMP error quotes.
pub const LAYERS: usize = 12;
/// Most fields of a layer that repeat: headers of HTTP, records of DNS, options.
pub const REPEATED_FIELDS: usize = 128;
/// Longest text of a field, in characters.
pub const TEXT_CHARS: usize = 256;

/// One layer of a packet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Layer {
    /// Its protocol, as the fields' names begin: `eth`, `ip`, `tcp`.
    pub protocol: &'static str,
    /// The packet in a line, as far as this layer.
    pub summary: String,
    /// The bytes of its header; those of the whole message where nothing is inside.
    pub range: ByteRange,
    /// Its fields, in the order of their bytes.
    pub fields: Vec<Field>,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flaws: Vec<Flaw>,
    /// The layers of the datagram that an ICMP error quotes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quoted: Vec<Layer>,
}

/// Bytes of the frame: from `start` up to `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ByteRange {
    /// The first byte.
    pub start: u32,
    /// The byte behind the last.
    pub end: u32,
}

/// A field of a layer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Field {
    /// Its name in Wireshark's display filters: `tcp.flags.syn`.
    pub name: &'static str,
    /// Its value.
    pub value: Value,
    /// Its bytes.
    pub range: ByteRange,
    /// What to show: `Flags: 0x002 (SYN)`.
    pub text: String,
}

/// The value of a field. In JSON a number, a boolean or a text; bytes are hexadecimal text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A number.
    Number(u64),
    /// A bit.
    Bit(bool),
    /// An address.
    Address(Ipv4Addr),
    /// A hardware address.
    Mac(MacAddr),
    /// Text.
    Text(String),
    /// Bytes.
    #[serde(serialize_with = "build::serialize_hex")]
    Bytes(Vec<u8>),
}

/// Something that is wrong with a layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flaw {
    /// Of what kind.
    pub kind: FlawKind,
    /// In words.
    pub text: String,
}

/// Kinds of flaws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FlawKind {
    /// Bytes are missing: of the capture, or of the packet.
    Truncated,
    /// A field has a value that it cannot have.
    Malformed,
    /// A checksum does not fit.
    Checksum,
}

/// Reads one layer. Where the bytes are none of its protocol it adds no layer.
type Dissector = fn(&mut Packet<'_>, Next);

/// Who reads what is inside which protocol: its name, the value of its field that says what follows (a type, a protocol
/// number, a port), and the function.
const TABLE: &[(&str, u32, Dissector)] = &[
    ("frame", LinkType::ETHERNET.0 as u32, link::ethernet),
    ("frame", LinkType::RAW_IP.0 as u32, ip::ipv4),
    ("eth", 0x0800, ip::ipv4),
    ("eth", 0x0806, link::arp),
    ("eth", 0x8100, link::vlan),
    ("eth", 0x88a8, link::vlan),
    ("ip", 1, icmp::icmp),
    ("ip", 2, icmp::igmp),
    ("ip", 4, ip::ipv4),
    ("ip", 6, tcp::tcp),
    ("ip", 17, udp::udp),
    ("tcp", 80, http::http),
    ("tcp", 8000, http::http),
    ("tcp", 8080, http::http),
    ("udp", 53, dns::dns),
    ("udp", 67, dhcp::dhcp),
    ("udp", 68, dhcp::dhcp),
];

/// The layers of a captured frame, the outermost first. `frame` may be less than was on the link.
#[must_use]
pub fn dissect(link_type: LinkType, frame: &[u8]) -> Vec<Layer> {
    let mut packet = Packet::new(frame);
    packet.run(Next::all("frame", u32::from(link_type.0), frame.len()));
    packet.into_layers()
}

/// A packet in a line, as `tcpdump -n -S` prints it without the time.
#[must_use]
pub fn summary(layers: &[Layer]) -> &str {
    layers.last().map_or("[|frame]", |layer| &layer.summary)
}

#[cfg(test)]
mod tests;
