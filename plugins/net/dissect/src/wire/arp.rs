//! Address resolution for IPv4 over Ethernet (RFC 826).

use std::net::Ipv4Addr;

use bytes::{BufMut, BytesMut};

use super::{EtherType, MacAddr, WireError, addr_at, mac_at, u16_at};

/// Bytes of a packet.
pub const PACKET_BYTES: usize = 28;

/// What a packet says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArpOperation {
    /// Who has the target's protocol address?
    Request,
    /// The sender has the sender's protocol address.
    Reply,
    /// Another one, such as reverse ARP's (RFC 903).
    Other(u16),
}

impl ArpOperation {
    /// The field's value.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Request => 1,
            Self::Reply => 2,
            Self::Other(code) => code,
        }
    }

    /// What a value of the field means.
    #[must_use]
    pub const fn from_code(code: u16) -> Self {
        match code {
            1 => Self::Request,
            2 => Self::Reply,
            other => Self::Other(other),
        }
    }
}

/// A packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arp {
    /// What it says.
    pub operation: ArpOperation,
    /// The sender's hardware address.
    pub sender_mac: MacAddr,
    /// The sender's protocol address; unspecified in a probe (RFC 5227 section 1.1).
    pub sender: Ipv4Addr,
    /// The target's hardware address; zeros in a request.
    pub target_mac: MacAddr,
    /// The target's protocol address.
    pub target: Ipv4Addr,
}

impl Arp {
    /// The question who has an address.
    #[must_use]
    pub const fn request(sender_mac: MacAddr, sender: Ipv4Addr, target: Ipv4Addr) -> Self {
        Self {
            operation: ArpOperation::Request,
            sender_mac,
            sender,
            target_mac: MacAddr([0; 6]),
            target,
        }
    }

    /// The answer of whoever has the address that this packet asks for.
    #[must_use]
    pub const fn reply(&self, mac: MacAddr) -> Self {
        Self {
            operation: ArpOperation::Reply,
            sender_mac: mac,
            sender: self.target,
            target_mac: self.sender_mac,
            target: self.sender,
        }
    }

    /// Whether the sender tells everybody its own address (RFC 5227 section 3).
    #[must_use]
    pub fn is_gratuitous(&self) -> bool {
        self.sender == self.target
    }

    /// Reads a packet; what follows it is padding.
    ///
    /// # Errors
    /// It is too short, or not about IPv4 over Ethernet.
    pub fn parse(bytes: &[u8]) -> Result<Self, WireError> {
        let format = "ARP";
        WireError::need(format, PACKET_BYTES, bytes.len())?;
        let wrong = |field| Err(WireError::Field { format, field });
        if u16_at(bytes, 0) != 1 || bytes[4] != 6 {
            return wrong("hardware type");
        }
        if u16_at(bytes, 2) != EtherType::IPV4.0 || bytes[5] != 4 {
            return wrong("protocol type");
        }
        Ok(Self {
            operation: ArpOperation::from_code(u16_at(bytes, 6)),
            sender_mac: mac_at(bytes, 8),
            sender: addr_at(bytes, 14),
            target_mac: mac_at(bytes, 18),
            target: addr_at(bytes, 24),
        })
    }

    /// Appends the packet.
    pub fn emit(&self, out: &mut BytesMut) {
        out.put_slice(&[0, 1, 8, 0, 6, 4]);
        out.put_u16(self.operation.code());
        out.put_slice(&self.sender_mac.0);
        out.put_slice(&self.sender.octets());
        out.put_slice(&self.target_mac.0);
        out.put_slice(&self.target.octets());
    }
}
