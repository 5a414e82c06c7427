//! Blocks of pcapng (draft-ietf-opsawg-pcapng section 4) as they lie in a file, in either byte order.

use bytes::Bytes;

use super::{CaptureError, Direction, INTERFACES, Interface, Packet};
use crate::wire::{LinkType, MacAddr};

/// Types of blocks.
pub(super) mod kind {
    pub(in super::super) const SECTION: u32 = 0x0a0d_0d0a;
    pub(in super::super) const INTERFACE: u32 = 1;
    /// The obsolete form of a packet.
    pub(in super::super) const PACKET: u32 = 2;
    pub(in super::super) const SIMPLE_PACKET: u32 = 3;
    pub(in super::super) const ENHANCED_PACKET: u32 = 6;
}

/// Codes of options.
pub(super) mod option {
    pub(in super::super) const END: u16 = 0;
    pub(in super::super) const COMMENT: u16 = 1;
    pub(in super::super) const SECTION_HARDWARE: u16 = 2;
    pub(in super::super) const SECTION_OS: u16 = 3;
    pub(in super::super) const SECTION_APPLICATION: u16 = 4;
    pub(in super::super) const INTERFACE_NAME: u16 = 2;
    pub(in super::super) const INTERFACE_DESCRIPTION: u16 = 3;
    pub(in super::super) const INTERFACE_MAC: u16 = 6;
    pub(in super::super) const INTERFACE_RESOLUTION: u16 = 9;
    pub(in super::super) const INTERFACE_OFFSET: u16 = 14;
    pub(in super::super) const PACKET_FLAGS: u16 = 2;
}

/// The number that tells the byte order.
pub(super) mod byte_order {
    pub(in super::super) const MAGIC: u32 = 0x1a2b_3c4d;
}

/// The byte order of a section or file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

impl Order {
    /// The order in which bytes are this number, if there is one.
    pub(super) fn of(bytes: [u8; 4], number: u32) -> Option<Self> {
        [Self::Little, Self::Big]
            .into_iter()
            .find(|order| order.u32(bytes) == number)
    }

    pub(super) const fn u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        }
    }

    pub(super) const fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }
}

/// Bytes that are read one field after the other.
pub(super) struct Fields<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) order: Order,
}

impl<'a> Fields<'a> {
    pub(super) fn u32(&mut self) -> Result<u32, CaptureError> {
        let (field, rest) = self.bytes.split_first_chunk().ok_or(SHORT)?;
        self.bytes = rest;
        Ok(self.order.u32(*field))
    }

    pub(super) fn u16(&mut self) -> Result<u16, CaptureError> {
        let (field, rest) = self.bytes.split_first_chunk().ok_or(SHORT)?;
        self.bytes = rest;
        Ok(self.order.u16(*field))
    }

    /// Takes bytes and the padding behind them.
    fn padded(&mut self, len: usize) -> Result<&'a [u8], CaptureError> {
        let (field, rest) = self.bytes.split_at_checked(len).ok_or(SHORT)?;
        let padding = len.next_multiple_of(4) - len;
        self.bytes = rest.get(padding..).ok_or(SHORT)?;
        Ok(field)
    }

    /// Takes the next option, unless there is none.
    fn option(&mut self) -> Result<Option<(u16, &'a [u8])>, CaptureError> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let code = self.u16()?;
        let len = self.u16()?;
        if code == option::END {
            return Ok(None);
        }
        Ok(Some((code, self.padded(usize::from(len))?)))
    }
}

const SHORT: CaptureError = CaptureError::Malformed("a block is shorter than its fields");

/// How an interface counts time.
#[derive(Clone, Copy, Debug)]
struct Clock {
    /// As in the file: a power of ten, or of two with the high bit.
    resolution: u8,
    /// Seconds to add.
    offset: i64,
}

impl Clock {
    /// A count of the interface's units as nanoseconds since the Unix epoch, as near as 64 bits hold.
    fn to_ns(self, count: u64) -> u64 {
        let count = u128::from(count);
        let exponent = u32::from(self.resolution & 0x7f);
        let ns = if self.resolution & 0x80 != 0 {
            // Under 2^94, so that shifts by up to 127 are within the type.
            (count * 1_000_000_000) >> exponent
        } else if exponent <= 9 {
            count * 10u128.pow(9 - exponent)
        } else {
            10u128.checked_pow(exponent - 9).map_or(0, |unit| count / unit)
        };
        let offset = i128::from(self.offset) * 1_000_000_000;
        let ns = i128::try_from(ns).unwrap_or(i128::MAX).saturating_add(offset);
        u64::try_from(ns.max(0)).unwrap_or(u64::MAX)
    }
}

/// What was said so far: the interfaces of all sections, and which of them are the current section's.
#[derive(Debug)]
pub(super) struct Sections {
    pub(super) order: Order,
    pub(super) interfaces: Vec<Interface>,
    clocks: Vec<Clock>,
    first: usize,
}

impl Sections {
    pub(super) const fn new(order: Order) -> Self {
        Self {
            order,
            interfaces: Vec::new(),
            clocks: Vec::new(),
            first: 0,
        }
    }

    /// Begins a section; `body` is what follows the number that tells the byte order.
    pub(super) fn begin(&mut self, order: Order, body: &[u8]) -> Result<(), CaptureError> {
        self.order = order;
        self.first = self.interfaces.len();
        let mut fields = Fields { bytes: body, order };
        if fields.u16()? != 1 {
            return Err(CaptureError::Malformed("a version other than 1"));
        }
        Ok(())
    }

    /// Takes a block that is no section's; a packet if it is one. Types that are not known are skipped.
    pub(super) fn take(&mut self, kind: u32, body: &Bytes) -> Result<Option<Packet>, CaptureError> {
        let fields = Fields {
            bytes: body,
            order: self.order,
        };
        match kind {
            kind::INTERFACE => self.interface(fields).map(|()| None),
            kind::ENHANCED_PACKET | kind::PACKET => self.packet(kind, fields, body).map(Some),
            kind::SIMPLE_PACKET => self.simple_packet(fields, body).map(Some),
            _ => Ok(None),
        }
    }

    fn interface(&mut self, mut fields: Fields<'_>) -> Result<(), CaptureError> {
        if self.interfaces.len() == INTERFACES {
            return Err(CaptureError::TooManyInterfaces);
        }
        let link_type = LinkType(fields.u16()?);
        fields.u16()?;
        let mut interface = Interface {
            link_type,
            snap_len: fields.u32()?,
            ..Interface::default()
        };
        let mut clock = Clock {
            resolution: 6,
            offset: 0,
        };
        while let Some((code, value)) = fields.option()? {
            match (code, value) {
                (option::INTERFACE_NAME, text) => interface.name = read_text(text),
                (option::INTERFACE_DESCRIPTION, text) => interface.description = read_text(text),
                (option::INTERFACE_MAC, &[a, b, c, d, e, f]) => interface.mac = Some(MacAddr([a, b, c, d, e, f])),
                (option::INTERFACE_RESOLUTION, &[resolution]) => clock.resolution = resolution,
                (option::INTERFACE_OFFSET, bytes) => {
                    let bytes = <[u8; 8]>::try_from(bytes)
                        .map_err(|_| CaptureError::Malformed("a time offset that is not 8 bytes"))?;
                    clock.offset = match fields.order {
                        Order::Little => i64::from_le_bytes(bytes),
                        Order::Big => i64::from_be_bytes(bytes),
                    };
                }
                _ => {}
            }
        }
        self.interfaces.push(interface);
        self.clocks.push(clock);
        Ok(())
    }

    fn packet(&self, kind: u32, mut fields: Fields<'_>, body: &Bytes) -> Result<Packet, CaptureError> {
        let id = if kind == kind::PACKET {
            let id = fields.u16()?;
            fields.u16()?;
            u32::from(id)
        } else {
            fields.u32()?
        };
        let (number, clock) = self.find(id)?;
        let high = fields.u32()?;
        let low = fields.u32()?;
        let len = fields.u32()?;
        let original_len = fields.u32()?;
        let data = body.slice_ref(fields.padded(len as usize)?);
        let mut packet = Packet {
            interface: number,
            time_ns: clock.to_ns(u64::from(high) << 32 | u64::from(low)),
            direction: Direction::Unknown,
            original_len,
            data,
            comments: Vec::new(),
        };
        while let Some((code, value)) = fields.option()? {
            match (code, value) {
                (option::COMMENT, text) => packet.comments.push(read_text(text)),
                (option::PACKET_FLAGS, &[a, b, c, d]) => {
                    packet.direction = match fields.order.u32([a, b, c, d]) & 3 {
                        1 => Direction::Inbound,
                        2 => Direction::Outbound,
                        _ => Direction::Unknown,
                    };
                }
                _ => {}
            }
        }
        Ok(packet)
    }

    /// A packet of the section's first interface, with no time.
    fn simple_packet(&self, mut fields: Fields<'_>, body: &Bytes) -> Result<Packet, CaptureError> {
        let (number, _) = self.find(0)?;
        let original_len = fields.u32()?;
        let snap_len = match self.interfaces[number as usize].snap_len {
            0 => u32::MAX,
            most => most,
        };
        let data = fields.padded(original_len.min(snap_len) as usize)?;
        Ok(Packet {
            interface: number,
            original_len,
            data: body.slice_ref(data),
            ..Packet::default()
        })
    }

    /// The number in the file, and the clock, of an interface of this section.
    fn find(&self, id: u32) -> Result<(u32, Clock), CaptureError> {
        let unknown = CaptureError::UnknownInterface(id);
        let number = self.first as u64 + u64::from(id);
        match self.clocks.get(usize::try_from(number).unwrap_or(usize::MAX)) {
            Some(clock) => Ok((number as u32, *clock)),
            None => Err(unknown),
        }
    }
}

fn read_text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches('\0').into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_of_all_kinds() {
        let ns = |resolution, offset, count| Clock { resolution, offset }.to_ns(count);
        assert_eq!(ns(6, 0, 1_500_000), 1_500_000_000);
        assert_eq!(ns(9, 0, 7), 7);
        assert_eq!(ns(0, -1, 3), 2_000_000_000);
        assert_eq!(ns(12, 0, 5_000), 5);
        assert_eq!(ns(127, 0, u64::MAX), 0);
        assert_eq!(ns(0x80 | 10, 0, 1024), 1_000_000_000);
        assert_eq!(ns(0xff, 0, u64::MAX), 0);
        assert_eq!(ns(0, i64::MAX, u64::MAX), u64::MAX);
        assert_eq!(ns(9, i64::MIN, 1), 0);
    }
}
