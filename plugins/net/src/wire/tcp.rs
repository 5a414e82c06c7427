//! TCP segments (RFC 9293 section 3.1) and the options that a stack of today sends.

use bytes::Bytes;

/// A sequence number: 32 bits that wrap around (RFC 9293 section 3.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct SeqNumber(pub u32);

/// The control bits of a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// No more data from the sender.
    pub fin: bool,
    /// Synchronise sequence numbers.
    pub syn: bool,
    /// Reset the connection.
    pub rst: bool,
    /// Push.
    pub psh: bool,
    /// The acknowledgement field counts.
    pub ack: bool,
    /// The urgent pointer counts.
    pub urg: bool,
    /// ECN echo (RFC 3168).
    pub ece: bool,
    /// Congestion window reduced (RFC 3168).
    pub cwr: bool,
}

/// Options of a segment. Kinds that are not listed are skipped where they are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The largest segment that the sender takes, in bytes (RFC 9293 section 3.7.1). On SYN only.
    pub mss: Option<u16>,
    /// The shift of the sender's window (RFC 7323 section 2). On SYN only.
    pub window_scale: Option<u8>,
    /// The sender understands selective acknowledgements (RFC 2018 section 2). On SYN only.
    pub sack_permitted: bool,
    /// What the sender has received beyond the acknowledgement: `[left, right)`, at most 4, the newest first (RFC 2018).
    pub sack: Vec<(SeqNumber, SeqNumber)>,
    /// The timestamps TSval and TSecr (RFC 7323 section 3).
    pub timestamps: Option<(u32, u32)>,
}

/// A segment without the addresses that its checksum covers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// The sender's port.
    pub source_port: u16,
    /// The receiver's port.
    pub destination_port: u16,
    /// Of the first byte, or of SYN.
    pub seq: SeqNumber,
    /// The next byte that is expected, where `flags.ack`.
    pub ack: SeqNumber,
    /// Control bits.
    pub flags: Flags,
    /// The window as it lies on the wire: not scaled.
    pub window: u16,
    /// The urgent pointer, where `flags.urg`.
    pub urgent: u16,
    /// Options.
    pub options: Options,
    /// Data.
    pub payload: Bytes,
}
