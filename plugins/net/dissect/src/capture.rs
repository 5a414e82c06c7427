//! Captures: what passed interfaces, in the files that Wireshark opens.
//!
//! [`pcapng`] writes them, block by block, so that a file whose writer died is good up to its last whole block. [`Reader`]
//! reads pcapng and the classic form of libpcap from untrusted bytes.

mod blocks;
mod classic;
pub mod pcapng;
mod reader;

use std::io;

use bytes::Bytes;

pub use reader::Reader;

use crate::wire::{LinkType, MacAddr};

/// Longest block or record that is read.
pub const BLOCK_BYTES: usize = 4 << 20;
/// Most interfaces of a file.
pub const INTERFACES: usize = 65_536;
/// Longest text that is written: a name or comment.
pub const TEXT_BYTES: usize = 4096;

/// Where frames were captured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interface {
    /// Its name: `eth0`, or with the machine's before it.
    pub name: String,
    /// What it is, in words.
    pub description: String,
    /// What its frames are.
    pub link_type: LinkType,
    /// Most bytes that are kept of a frame; 0 where all are.
    pub snap_len: u32,
    /// Its hardware address.
    pub mac: Option<MacAddr>,
}

/// Which way a frame passed an interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Nobody says.
    #[default]
    Unknown,
    /// It was received.
    Inbound,
    /// It was sent.
    Outbound,
}

/// A frame that was captured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packet {
    /// Where: counted from 0 in the order of the file's interfaces.
    pub interface: u32,
    /// When, in nanoseconds since the Unix epoch.
    pub time_ns: u64,
    /// Which way.
    pub direction: Direction,
    /// Bytes that it had on the link.
    pub original_len: u32,
    /// What was kept of it.
    pub data: Bytes,
    /// What was said about it.
    pub comments: Vec<String>,
}

/// Why a capture cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The host's file.
    #[error("capture: {0}")]
    Io(#[from] io::Error),
    /// The file ends within a block: its writer died. What was read before is good.
    #[error("capture: the file ends within a block")]
    Truncated,
    /// It is no capture.
    #[error("capture: neither pcapng nor pcap")]
    NotACapture,
    /// A block is longer than is read.
    #[error("capture: a block of {0} bytes, where {BLOCK_BYTES} are the most")]
    TooLong(u64),
    /// A block is malformed.
    #[error("capture: {0}")]
    Malformed(&'static str),
    /// A packet is of an interface that was not described.
    #[error("capture: interface {0} was not described")]
    UnknownInterface(u32),
    /// The file has as many interfaces as one may.
    #[error("capture: more than {INTERFACES} interfaces")]
    TooManyInterfaces,
}

#[cfg(test)]
mod tests;
