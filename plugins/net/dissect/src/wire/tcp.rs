//! TCP segments (RFC 9293 section 3.1) and the options that a stack of today sends.

mod options;
mod seq;

use std::net::Ipv4Addr;

use bytes::{BufMut, Bytes, BytesMut};

use super::{Protocol, Sum, WireError, u16_at, u32_at};

pub(crate) use options::kind as option_kind;
pub use options::{OPTIONS_BYTES, SACK_BLOCKS};
pub use seq::SeqNumber;

/// Bytes of a header without options.
pub const HEADER_BYTES: usize = 20;

pub(crate) const FORMAT: &str = "TCP";

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

impl Flags {
    /// The control bits of the header's byte 13.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self {
            fin: bits & 0x01 != 0,
            syn: bits & 0x02 != 0,
            rst: bits & 0x04 != 0,
            psh: bits & 0x08 != 0,
            ack: bits & 0x10 != 0,
            urg: bits & 0x20 != 0,
            ece: bits & 0x40 != 0,
            cwr: bits & 0x80 != 0,
        }
    }

    /// The header's byte 13.
    #[must_use]
    pub const fn to_bits(self) -> u8 {
        self.fin as u8
            | (self.syn as u8) << 1
            | (self.rst as u8) << 2
            | (self.psh as u8) << 3
            | (self.ack as u8) << 4
            | (self.urg as u8) << 5
            | (self.ece as u8) << 6
            | (self.cwr as u8) << 7
    }
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

impl Segment {
    /// Reads a segment. The data share the memory of `bytes`.
    ///
    /// # Errors
    /// It is too short, its data offset or an option is wrong, or its checksum is.
    pub fn parse(bytes: &Bytes, source: Ipv4Addr, destination: Ipv4Addr) -> Result<Self, WireError> {
        WireError::need(FORMAT, HEADER_BYTES, bytes.len())?;
        let header_len = usize::from(bytes[12] >> 4) * 4;
        if header_len < HEADER_BYTES {
            return Err(WireError::Field {
                format: FORMAT,
                field: "data offset",
            });
        }
        WireError::need(FORMAT, header_len, bytes.len())?;
        let len = u16::try_from(bytes.len()).map_err(|_| WireError::TooLong {
            format: FORMAT,
            most: usize::from(u16::MAX),
            have: bytes.len(),
        })?;
        let sum = Sum::pseudo_header(source, destination, Protocol::TCP, len).bytes(bytes);
        if sum.finish() != 0 {
            return Err(WireError::Checksum { format: FORMAT });
        }
        Ok(Self {
            source_port: u16_at(bytes, 0),
            destination_port: u16_at(bytes, 2),
            seq: SeqNumber(u32_at(bytes, 4)),
            ack: SeqNumber(u32_at(bytes, 8)),
            flags: Flags::from_bits(bytes[13]),
            window: u16_at(bytes, 14),
            urgent: u16_at(bytes, 18),
            options: Options::parse(&bytes[HEADER_BYTES..header_len])?,
            payload: bytes.slice(header_len..),
        })
    }

    /// Bytes of the segment's header, with the options that fit.
    #[must_use]
    pub fn header_len(&self) -> usize {
        HEADER_BYTES + self.options.len_bytes()
    }

    /// Bytes of the segment.
    #[must_use]
    pub fn len_bytes(&self) -> usize {
        self.header_len() + self.payload.len()
    }

    /// Appends the segment with its checksum. Selective acknowledgements that find no room are left out.
    ///
    /// # Panics
    /// Where it is longer than 65,535 bytes: whoever sends keeps to the MSS.
    pub fn emit(&self, source: Ipv4Addr, destination: Ipv4Addr, out: &mut BytesMut) {
        let header_len = self.header_len();
        let len = u16::try_from(header_len + self.payload.len()).expect("a segment is at most 65,535 bytes");
        let start = out.len();
        out.reserve(usize::from(len));
        out.put_u16(self.source_port);
        out.put_u16(self.destination_port);
        out.put_u32(self.seq.0);
        out.put_u32(self.ack.0);
        out.put_u8((header_len as u8 / 4) << 4);
        out.put_u8(self.flags.to_bits());
        out.put_u16(self.window);
        out.put_u16(0);
        out.put_u16(self.urgent);
        self.options.emit(out);
        out.put_slice(&self.payload);
        let sum = Sum::pseudo_header(source, destination, Protocol::TCP, len)
            .bytes(&out[start..])
            .finish();
        out[start + 16..start + 18].copy_from_slice(&sum.to_be_bytes());
    }
}
