//! Ethernet II frames (RFC 894, IEEE 802.3 clause 3) and the tags of 802.1Q.
//!
//! A frame here has no preamble and no frame check sequence, like one that a capture holds.

use core::fmt;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use serde::{Deserialize, Serialize};

use super::{MacAddr, WireError, mac_at, u16_at};

/// Bytes of a header without a tag.
pub const HEADER_BYTES: usize = 14;
/// Bytes that a tag adds.
pub const TAG_BYTES: usize = 4;
/// Fewest bytes of a frame: 64 on the cable, less the check sequence. Shorter payloads are padded with zeros.
pub const MIN_FRAME_BYTES: usize = 60;
/// Most bytes of the payload.
pub const MTU_BYTES: usize = 1500;
/// Most bytes of a frame without a tag.
pub const MAX_FRAME_BYTES: usize = HEADER_BYTES + MTU_BYTES;
/// Most bytes of a frame with a tag (IEEE 802.3 clause 3.2.7: a tagged frame may be 4 bytes longer).
pub const MAX_TAGGED_FRAME_BYTES: usize = MAX_FRAME_BYTES + TAG_BYTES;

/// What the payload of a frame is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EtherType(pub u16);

impl EtherType {
    /// IPv4 (RFC 894).
    pub const IPV4: Self = Self(0x0800);
    /// ARP (RFC 826).
    pub const ARP: Self = Self(0x0806);
    /// A tag of 802.1Q follows.
    pub const VLAN: Self = Self(0x8100);
    /// IPv6 (RFC 2464). Helios carries it and does not route it.
    pub const IPV6: Self = Self(0x86dd);
    /// A service provider's tag (802.1ad).
    pub const PROVIDER_VLAN: Self = Self(0x88a8);

    /// Whether the value is a length, as in frames of 802.3 with an LLC header, and not a type.
    #[must_use]
    pub const fn is_length(self) -> bool {
        self.0 <= 1500
    }
}

impl fmt::Display for EtherType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::IPV4 => f.write_str("IPv4"),
            Self::ARP => f.write_str("ARP"),
            Self::VLAN => f.write_str("802.1Q"),
            Self::IPV6 => f.write_str("IPv6"),
            Self::PROVIDER_VLAN => f.write_str("802.1Q-QinQ"),
            Self(other) => write!(f, "0x{other:04x}"),
        }
    }
}

/// The tag control information of 802.1Q.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VlanTag {
    /// Priority code point, 0 to 7.
    pub pcp: u8,
    /// Drop eligible indicator.
    pub dei: bool,
    /// VLAN identifier, 0 to 4095. 0 is a priority tag: it names no VLAN. 4095 is reserved.
    pub vid: u16,
}

impl VlanTag {
    /// The tag of a VLAN, with no priority.
    #[must_use]
    pub const fn vlan(vid: u16) -> Self {
        Self {
            pcp: 0,
            dei: false,
            vid,
        }
    }

    /// Reads the two bytes of tag control information.
    #[must_use]
    pub const fn from_bits(bits: u16) -> Self {
        Self {
            pcp: (bits >> 13) as u8,
            dei: bits & 0x1000 != 0,
            vid: bits & 0x0fff,
        }
    }

    /// The two bytes of tag control information.
    #[must_use]
    pub const fn to_bits(self) -> u16 {
        ((self.pcp & 7) as u16) << 13 | (self.dei as u16) << 12 | (self.vid & 0x0fff)
    }
}

/// What stands before the payload of a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EthernetHeader {
    /// Who is to take it.
    pub destination: MacAddr,
    /// Who sent it.
    pub source: MacAddr,
    /// The outer tag, of type [`EtherType::VLAN`].
    pub tag: Option<VlanTag>,
    /// What the payload is. With two tags it is the type of the second, which is payload.
    pub ethertype: EtherType,
}

impl EthernetHeader {
    /// Reads the header at the start of a frame.
    ///
    /// # Errors
    /// The frame is shorter than its header.
    pub fn parse(frame: &[u8]) -> Result<Self, WireError> {
        WireError::need("Ethernet", HEADER_BYTES, frame.len())?;
        let ethertype = EtherType(u16_at(frame, 12));
        let (tag, ethertype) = if ethertype == EtherType::VLAN {
            WireError::need("802.1Q", HEADER_BYTES + TAG_BYTES, frame.len())?;
            let tag = VlanTag::from_bits(u16_at(frame, 14));
            (Some(tag), EtherType(u16_at(frame, 16)))
        } else {
            (None, ethertype)
        };
        Ok(Self {
            destination: mac_at(frame, 0),
            source: mac_at(frame, 6),
            tag,
            ethertype,
        })
    }

    /// Bytes of the header: 14, or 18 with a tag.
    #[must_use]
    pub const fn len_bytes(&self) -> usize {
        if self.tag.is_some() {
            HEADER_BYTES + TAG_BYTES
        } else {
            HEADER_BYTES
        }
    }

    /// Appends the header.
    pub fn emit(&self, out: &mut BytesMut) {
        out.put_slice(&self.destination.0);
        out.put_slice(&self.source.0);
        if let Some(tag) = self.tag {
            out.put_u16(EtherType::VLAN.0);
            out.put_u16(tag.to_bits());
        }
        out.put_u16(self.ethertype.0);
    }
}

/// A frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ethernet {
    /// Addresses, tag and type.
    pub header: EthernetHeader,
    /// What it carries, with the padding that a short frame has.
    pub payload: Bytes,
}

impl Ethernet {
    /// Reads a frame. The payload shares its memory.
    ///
    /// # Errors
    /// The frame is shorter than its header. Frames shorter than [`MIN_FRAME_BYTES`] are read: [`check_len`] is for ports.
    pub fn parse(frame: &Bytes) -> Result<Self, WireError> {
        let header = EthernetHeader::parse(frame)?;
        let payload = frame.slice(header.len_bytes()..);
        Ok(Self { header, payload })
    }

    /// The frame in one allocation, padded to [`MIN_FRAME_BYTES`].
    #[must_use]
    pub fn emit(&self) -> BytesMut {
        let len = self.header.len_bytes() + self.payload.len();
        let mut out = BytesMut::with_capacity(len.max(MIN_FRAME_BYTES));
        self.header.emit(&mut out);
        out.put_slice(&self.payload);
        pad(&mut out);
        out
    }
}

/// Pads a frame with zeros to [`MIN_FRAME_BYTES`] (IEEE 802.3 clause 3.2.8).
pub fn pad(frame: &mut BytesMut) {
    if frame.len() < MIN_FRAME_BYTES {
        frame.resize(MIN_FRAME_BYTES, 0);
    }
}

/// Whether a port takes a frame of this length: neither a runt nor a giant.
///
/// # Errors
/// Says which of the two it is.
pub fn check_len(frame: &[u8]) -> Result<(), WireError> {
    WireError::need("Ethernet", MIN_FRAME_BYTES, frame.len())?;
    let most = if u16_at(frame, 12) == EtherType::VLAN.0 {
        MAX_TAGGED_FRAME_BYTES
    } else {
        MAX_FRAME_BYTES
    };
    if frame.len() > most {
        return Err(WireError::TooLong {
            format: "Ethernet",
            most,
            have: frame.len(),
        });
    }
    Ok(())
}

/// Puts other addresses in the header of a frame, as a router does. The frame is at least a header long.
pub fn readdress(frame: &mut [u8], destination: MacAddr, source: MacAddr) {
    frame[..6].copy_from_slice(&destination.0);
    frame[6..12].copy_from_slice(&source.0);
}

/// The frame with one more tag, the outer one. Copies the frame: there is no room before it.
///
/// # Errors
/// The frame is shorter than a header.
pub fn push_tag(frame: &[u8], tag: VlanTag) -> Result<BytesMut, WireError> {
    WireError::need("Ethernet", HEADER_BYTES, frame.len())?;
    let mut out = BytesMut::with_capacity(frame.len() + TAG_BYTES);
    out.put_slice(&frame[..12]);
    out.put_u16(EtherType::VLAN.0);
    out.put_u16(tag.to_bits());
    out.put_slice(&frame[12..]);
    Ok(out)
}

/// Takes the outer tag off a frame, padding it where it is then too short. The frame is unchanged where it has no tag.
///
/// # Errors
/// The frame is shorter than its header.
pub fn pop_tag(frame: &mut BytesMut) -> Result<Option<VlanTag>, WireError> {
    let header = EthernetHeader::parse(frame)?;
    if header.tag.is_some() {
        frame.copy_within(..12, TAG_BYTES);
        frame.advance(TAG_BYTES);
        pad(frame);
    }
    Ok(header.tag)
}
