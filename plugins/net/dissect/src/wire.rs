//! Wire formats: what frames and packets are, byte for byte.
//!
//! Every format is a plain value with `parse` (of untrusted bytes, with a [`WireError`]) and `emit`. Payloads are
//! [`bytes::Bytes`]: whoever parses shares the memory of the frame. `emit` appends to a buffer, so that a whole frame is one
//! allocation: [`frame`] puts the layers together, and changes in place what a switch or router changes.

pub mod arp;
pub mod checksum;
pub mod cidr;
mod error;
pub mod ethernet;
pub mod frame;
pub mod icmp;
pub mod igmp;
pub mod ipv4;
mod link;
pub mod mac;
mod read;
pub mod tcp;
pub mod udp;

pub use arp::{Arp, ArpOperation};
pub use checksum::Sum;
pub use cidr::Ipv4Cidr;
pub use error::WireError;
pub use ethernet::{EtherType, Ethernet, EthernetHeader, VlanTag};
pub use icmp::Icmp;
pub use igmp::Igmp;
pub use ipv4::{Ecn, Ipv4, Ipv4Header, Ipv4Option, Ipv4Options, Protocol};
pub use link::LinkType;
pub use mac::MacAddr;
pub use read::{addr_at, mac_at, u16_at, u32_at};
pub use udp::Udp;

#[cfg(test)]
pub(crate) mod tests;
