//! Fields of bytes whose length has been checked: beyond the end they panic.

use std::net::Ipv4Addr;

use super::MacAddr;

/// Two bytes in network order.
pub fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

/// Four bytes in network order.
pub fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// An IPv4 address.
pub fn addr_at(bytes: &[u8], at: usize) -> Ipv4Addr {
    Ipv4Addr::new(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3])
}

/// A hardware address.
pub fn mac_at(bytes: &[u8], at: usize) -> MacAddr {
    let mut address = [0; 6];
    address.copy_from_slice(&bytes[at..at + 6]);
    MacAddr(address)
}
