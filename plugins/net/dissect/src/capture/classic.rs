//! The classic form of libpcap's files (draft-ietf-opsawg-pcap), read only.

use super::CaptureError;
use super::blocks::{Fields, Order};
use super::{Interface, LinkType};

/// Bytes of the file's header.
pub(super) const FILE_HEADER_BYTES: usize = 24;
/// Bytes before a packet.
pub(super) const RECORD_HEADER_BYTES: usize = 16;

/// Microseconds, and nanoseconds.
const MAGICS: [(u32, u32); 2] = [(0xa1b2_c3d4, 1000), (0xa1b2_3c4d, 1)];

/// How a file's numbers are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    order: Order,
    /// Nanoseconds of the unit of a packet's fraction of a second.
    unit_ns: u32,
}

/// What stands before a packet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    pub(super) time_ns: u64,
    pub(super) len: u32,
    pub(super) original_len: u32,
}

impl Form {
    /// The form that a file's first bytes name.
    pub(super) fn of(magic: [u8; 4]) -> Option<Self> {
        MAGICS
            .into_iter()
            .find_map(|(number, unit_ns)| Order::of(magic, number).map(|order| Self { order, unit_ns }))
    }

    /// The interface that a file's header describes.
    pub(super) fn interface(self, header: &[u8; FILE_HEADER_BYTES]) -> Result<Interface, CaptureError> {
        let mut fields = Fields {
            bytes: &header[16..],
            order: self.order,
        };
        let snap_len = fields.u32()?;
        // The upper half says whether frames end with a check sequence.
        let link_type = LinkType(fields.u32()? as u16);
        Ok(Interface {
            link_type,
            snap_len,
            ..Interface::default()
        })
    }

    pub(super) fn record(self, header: &[u8; RECORD_HEADER_BYTES]) -> Result<Record, CaptureError> {
        let mut fields = Fields {
            bytes: header,
            order: self.order,
        };
        let seconds = u64::from(fields.u32()?);
        let fraction = u64::from(fields.u32()?);
        Ok(Record {
            time_ns: seconds * 1_000_000_000 + fraction * u64::from(self.unit_ns),
            len: fields.u32()?,
            original_len: fields.u32()?,
        })
    }
}
