//! IGMP version 2 (RFC 2236): which groups the hosts of a segment listen to. Its datagrams have a TTL of 1 and the router
//! alert option.

use std::net::Ipv4Addr;

use bytes::{BufMut, BytesMut};

use super::checksum::checksum;
use super::{WireError, addr_at};

/// Bytes of a message.
pub const MESSAGE_BYTES: usize = 8;
/// All systems of a segment: where general queries go.
pub const ALL_SYSTEMS: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 1);
/// All routers of a segment: where hosts say that they leave.
pub const ALL_ROUTERS: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 2);

const FORMAT: &str = "IGMP";

/// A message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Igmp {
    /// Who listens? About all groups where the group is unspecified (section 2.1).
    Query {
        /// Answers come within this time, in tenths of a second. 0 in a query of version 1.
        max_response_tenths: u8,
        /// The group, or unspecified.
        group: Ipv4Addr,
    },
    /// A host of version 1 listens (RFC 1112).
    ReportV1 {
        /// The group.
        group: Ipv4Addr,
    },
    /// A host listens, or joins.
    Report {
        /// The group.
        group: Ipv4Addr,
    },
    /// A host leaves.
    Leave {
        /// The group.
        group: Ipv4Addr,
    },
}

impl Igmp {
    /// Reads a message; bytes that follow are ignored, but checked (section 2.5). A longer query is one of version 3, read
    /// as one of version 2 (RFC 3376 section 7.2.1).
    ///
    /// # Errors
    /// It is too short, of an unknown type, or its checksum is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, WireError> {
        WireError::need(FORMAT, MESSAGE_BYTES, bytes.len())?;
        if checksum(bytes) != 0 {
            return Err(WireError::Checksum { format: FORMAT });
        }
        let group = addr_at(bytes, 4);
        match bytes[0] {
            0x11 => Ok(Self::Query {
                max_response_tenths: bytes[1],
                group,
            }),
            0x12 => Ok(Self::ReportV1 { group }),
            0x16 => Ok(Self::Report { group }),
            0x17 => Ok(Self::Leave { group }),
            _ => Err(WireError::Field {
                format: FORMAT,
                field: "type",
            }),
        }
    }

    /// Appends the message.
    pub fn emit(&self, out: &mut BytesMut) {
        let (kind, time, group) = match *self {
            Self::Query {
                max_response_tenths,
                group,
            } => (0x11, max_response_tenths, group),
            Self::ReportV1 { group } => (0x12, 0, group),
            Self::Report { group } => (0x16, 0, group),
            Self::Leave { group } => (0x17, 0, group),
        };
        let mut bytes = [0; MESSAGE_BYTES];
        bytes[..2].copy_from_slice(&[kind, time]);
        bytes[4..].copy_from_slice(&group.octets());
        let sum = checksum(&bytes);
        bytes[2..4].copy_from_slice(&sum.to_be_bytes());
        out.put_slice(&bytes);
    }
}
