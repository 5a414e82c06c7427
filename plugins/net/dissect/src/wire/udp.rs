//! UDP datagrams (RFC 768).

use std::net::Ipv4Addr;

use bytes::{BufMut, Bytes, BytesMut};

use super::{Protocol, Sum, WireError, u16_at};

/// Bytes of a header.
pub const HEADER_BYTES: usize = 8;
/// Most bytes of payload in an IPv4 datagram without options.
pub const MAX_PAYLOAD_BYTES: usize = 65_535 - 20 - HEADER_BYTES;

const FORMAT: &str = "UDP";

/// A datagram without the addresses that its checksum covers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Udp {
    /// The sender's port, 0 where nobody listens for an answer.
    pub source_port: u16,
    /// The receiver's port.
    pub destination_port: u16,
    /// Data.
    pub payload: Bytes,
}

impl Udp {
    /// Reads a datagram. The payload shares the memory of `bytes`. A checksum of zero says that the sender made none.
    ///
    /// # Errors
    /// It is too short, its length field is wrong, or its checksum is.
    pub fn parse(bytes: &Bytes, source: Ipv4Addr, destination: Ipv4Addr) -> Result<Self, WireError> {
        WireError::need(FORMAT, HEADER_BYTES, bytes.len())?;
        let len = u16_at(bytes, 4);
        if usize::from(len) < HEADER_BYTES {
            return Err(WireError::Field {
                format: FORMAT,
                field: "length",
            });
        }
        WireError::need(FORMAT, usize::from(len), bytes.len())?;
        let datagram = &bytes[..usize::from(len)];
        let sum = Sum::pseudo_header(source, destination, Protocol::UDP, len).bytes(datagram);
        if u16_at(bytes, 6) != 0 && sum.finish() != 0 {
            return Err(WireError::Checksum { format: FORMAT });
        }
        Ok(Self {
            source_port: u16_at(bytes, 0),
            destination_port: u16_at(bytes, 2),
            payload: bytes.slice(HEADER_BYTES..usize::from(len)),
        })
    }

    /// Bytes of the datagram.
    #[must_use]
    pub const fn len_bytes(&self) -> usize {
        HEADER_BYTES + self.payload.len()
    }

    /// Appends the datagram with its checksum, which is never zero.
    ///
    /// # Panics
    /// Where it is longer than 65,535 bytes: whoever sends checks it.
    pub fn emit(&self, source: Ipv4Addr, destination: Ipv4Addr, out: &mut BytesMut) {
        let len = u16::try_from(self.len_bytes()).expect("a datagram is at most 65,535 bytes");
        let start = out.len();
        out.reserve(self.len_bytes());
        out.put_u16(self.source_port);
        out.put_u16(self.destination_port);
        out.put_u16(len);
        out.put_u16(0);
        out.put_slice(&self.payload);
        let sum = Sum::pseudo_header(source, destination, Protocol::UDP, len)
            .bytes(&out[start..])
            .finish();
        // Zero says that there is no checksum; all ones is the other zero of one's complement.
        let sum = if sum == 0 { 0xffff } else { sum };
        out[start + 6..start + 8].copy_from_slice(&sum.to_be_bytes());
    }
}
