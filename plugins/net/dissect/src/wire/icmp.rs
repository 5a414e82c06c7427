//! ICMP messages (RFC 792, RFC 1191, RFC 1812).

mod reason;

use std::net::Ipv4Addr;

use bytes::{BufMut, Bytes, BytesMut};

pub use reason::{ParameterProblem, RedirectScope, TimeExceeded, Unreachable};

use super::checksum::checksum;
use super::ipv4::{self, MIN_REASSEMBLY_BYTES};
use super::{WireError, addr_at, u16_at, u32_at};

/// Bytes before the data of an echo, or the quote of an error.
pub const HEADER_BYTES: usize = 8;

const FORMAT: &str = "ICMP";

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Icmp {
    /// A request to send the data back.
    EchoRequest {
        /// Whose request it is, on the host that sent it.
        identifier: u16,
        /// Which of its requests.
        sequence: u16,
        /// What is to come back.
        data: Bytes,
    },
    /// The data of a request.
    EchoReply {
        /// That of the request.
        identifier: u16,
        /// That of the request.
        sequence: u16,
        /// That of the request.
        data: Bytes,
    },
    /// A datagram cannot be delivered.
    Unreachable {
        /// Why.
        reason: Unreachable,
        /// The start of that datagram: see [`quote`].
        quote: Bytes,
    },
    /// A datagram took too long.
    TimeExceeded {
        /// What took too long.
        reason: TimeExceeded,
        /// The start of that datagram.
        quote: Bytes,
    },
    /// There is a better way for a datagram.
    Redirect {
        /// What the better way is for.
        scope: RedirectScope,
        /// The router to send to.
        gateway: Ipv4Addr,
        /// The start of that datagram.
        quote: Bytes,
    },
    /// A datagram's header is wrong.
    ParameterProblem {
        /// What is wrong with it.
        reason: ParameterProblem,
        /// The start of that datagram.
        quote: Bytes,
    },
    /// A request for the receiver's time.
    TimestampRequest(Timestamp),
    /// An answer to one.
    TimestampReply(Timestamp),
    /// Another type, or a known one with an unknown code.
    Other {
        /// Its type.
        kind: u8,
        /// Its code.
        code: u8,
        /// The rest of its header.
        rest: [u8; 4],
        /// What follows the header.
        data: Bytes,
    },
}

/// Times of day of a timestamp message, in milliseconds since midnight UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timestamp {
    /// Whose request it is.
    pub identifier: u16,
    /// Which of its requests.
    pub sequence: u16,
    /// When the sender last touched the request.
    pub originate: u32,
    /// When the receiver first touched it.
    pub receive: u32,
    /// When the receiver last touched the reply.
    pub transmit: u32,
}

impl Icmp {
    /// Reads a message. Data and quotes share the memory of `bytes`.
    ///
    /// # Errors
    /// It is too short, or its checksum is wrong. Unknown types and codes are [`Icmp::Other`].
    pub fn parse(bytes: &Bytes) -> Result<Self, WireError> {
        WireError::need(FORMAT, HEADER_BYTES, bytes.len())?;
        if checksum(bytes) != 0 {
            return Err(WireError::Checksum { format: FORMAT });
        }
        let (kind, code) = (bytes[0], bytes[1]);
        let rest = [bytes[4], bytes[5], bytes[6], bytes[7]];
        let (identifier, sequence) = (u16_at(bytes, 4), u16_at(bytes, 6));
        let data = bytes.slice(HEADER_BYTES..);
        Ok(match (kind, code) {
            (0, 0) => Self::EchoReply {
                identifier,
                sequence,
                data,
            },
            (8, 0) => Self::EchoRequest {
                identifier,
                sequence,
                data,
            },
            (13 | 14, 0) => {
                WireError::need(FORMAT, HEADER_BYTES + 12, bytes.len())?;
                let times = Timestamp {
                    identifier,
                    sequence,
                    originate: u32_at(&data, 0),
                    receive: u32_at(&data, 4),
                    transmit: u32_at(&data, 8),
                };
                if kind == 13 {
                    Self::TimestampRequest(times)
                } else {
                    Self::TimestampReply(times)
                }
            }
            _ => Self::error(kind, code, rest, &data).unwrap_or(Self::Other { kind, code, rest, data }),
        })
    }

    /// The errors, which quote a datagram.
    fn error(kind: u8, code: u8, rest: [u8; 4], quote: &Bytes) -> Option<Self> {
        let quote = quote.clone();
        Some(match kind {
            3 => Self::Unreachable {
                reason: Unreachable::from_code(code, u16_at(&rest, 2))?,
                quote,
            },
            5 => Self::Redirect {
                scope: RedirectScope::from_code(code)?,
                gateway: addr_at(&rest, 0),
                quote,
            },
            11 => Self::TimeExceeded {
                reason: TimeExceeded::from_code(code)?,
                quote,
            },
            12 => Self::ParameterProblem {
                reason: ParameterProblem::from_code(code, rest[0])?,
                quote,
            },
            _ => return None,
        })
    }

    /// Type and code.
    #[must_use]
    pub const fn kind_and_code(&self) -> (u8, u8) {
        match self {
            Self::EchoReply { .. } => (0, 0),
            Self::Unreachable { reason, .. } => (3, reason.code()),
            Self::Redirect { scope, .. } => (5, scope.code()),
            Self::EchoRequest { .. } => (8, 0),
            Self::TimeExceeded { reason, .. } => (11, reason.code()),
            Self::ParameterProblem { reason, .. } => (12, reason.code()),
            Self::TimestampRequest(_) => (13, 0),
            Self::TimestampReply(_) => (14, 0),
            Self::Other { kind, code, .. } => (*kind, *code),
        }
    }

    /// The datagram that an error quotes; nothing where the message is no error. No error is sent about an error (RFC 1122
    /// section 3.2.2).
    #[must_use]
    pub const fn quote(&self) -> Option<&Bytes> {
        match self {
            Self::Unreachable { quote, .. }
            | Self::TimeExceeded { quote, .. }
            | Self::Redirect { quote, .. }
            | Self::ParameterProblem { quote, .. } => Some(quote),
            _ => None,
        }
    }

    /// Bytes of the message.
    #[must_use]
    pub fn len_bytes(&self) -> usize {
        HEADER_BYTES
            + match self {
                Self::TimestampRequest(_) | Self::TimestampReply(_) => 12,
                Self::EchoRequest { data, .. } | Self::EchoReply { data, .. } | Self::Other { data, .. } => data.len(),
                Self::Unreachable { quote, .. }
                | Self::TimeExceeded { quote, .. }
                | Self::Redirect { quote, .. }
                | Self::ParameterProblem { quote, .. } => quote.len(),
            }
    }

    /// Appends the message.
    pub fn emit(&self, out: &mut BytesMut) {
        let start = out.len();
        let (kind, code) = self.kind_and_code();
        out.reserve(self.len_bytes());
        out.put_slice(&[kind, code, 0, 0]);
        out.put_slice(&self.rest());
        match self {
            Self::EchoRequest { data, .. } | Self::EchoReply { data, .. } | Self::Other { data, .. } => {
                out.put_slice(data);
            }
            Self::Unreachable { quote, .. }
            | Self::TimeExceeded { quote, .. }
            | Self::Redirect { quote, .. }
            | Self::ParameterProblem { quote, .. } => out.put_slice(quote),
            Self::TimestampRequest(times) | Self::TimestampReply(times) => {
                out.put_u32(times.originate);
                out.put_u32(times.receive);
                out.put_u32(times.transmit);
            }
        }
        let sum = checksum(&out[start..]);
        out[start + 2..start + 4].copy_from_slice(&sum.to_be_bytes());
    }

    /// The second half of the header.
    fn rest(&self) -> [u8; 4] {
        let pair = |high: u16, low: u16| (u32::from(high) << 16 | u32::from(low)).to_be_bytes();
        match *self {
            Self::EchoRequest {
                identifier, sequence, ..
            }
            | Self::EchoReply {
                identifier, sequence, ..
            } => pair(identifier, sequence),
            Self::TimestampRequest(times) | Self::TimestampReply(times) => pair(times.identifier, times.sequence),
            Self::Unreachable { reason, .. } => pair(0, reason.mtu()),
            Self::TimeExceeded { .. } => [0; 4],
            Self::Redirect { gateway, .. } => gateway.octets(),
            Self::ParameterProblem { reason, .. } => [reason.pointer(), 0, 0, 0],
            Self::Other { rest, .. } => rest,
        }
    }
}

/// What a router's error quotes of a datagram: as much as keeps the error within 576 bytes (RFC 1812 section 4.3.2.3), where
/// the header of its own datagram has no options. Shares the memory of `datagram`, whose padding it leaves out.
#[must_use]
pub fn quote(datagram: &Bytes) -> Bytes {
    quote_at_most(datagram, MIN_REASSEMBLY_BYTES - ipv4::HEADER_BYTES - HEADER_BYTES)
}

/// What RFC 792 asks at least of a quote: the header and 8 bytes, the ports among them.
#[must_use]
pub fn short_quote(datagram: &Bytes) -> Bytes {
    let header_len = ipv4::header_len(datagram).unwrap_or(ipv4::HEADER_BYTES);
    quote_at_most(datagram, header_len + 8)
}

fn quote_at_most(datagram: &Bytes, most: usize) -> Bytes {
    let total_len = datagram.get(2..4).map_or(0, |len| usize::from(u16_at(len, 0)));
    datagram.slice(..most.min(total_len).min(datagram.len()))
}
