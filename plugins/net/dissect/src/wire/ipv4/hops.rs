//! The hop limit of a datagram, of 32 bits where 8 are not enough.
//!
//! A world may be wider than 255 hops. A datagram that may take more carries the count in an IPv4 option of kind 158, which
//! RFC 4727 section 2.1 leaves to experiments: `158, 6`, and the count as 4 bytes in network order. Its TTL stays 255
//! meanwhile, so that it looks sound to whoever does not know the option. Where a datagram leaves for the outside,
//! [`strip`] turns the count into a TTL.
//!
//! The functions work on packets in place, with the header's checksum updated (RFC 1624), since every router calls them
//! for every packet.

use bytes::{BufMut, Bytes, BytesMut};

use super::{Ipv4Header, Ipv4Options, OptionsIter, header_len};
use crate::wire::checksum::{update, update_u32};
use crate::wire::{Ipv4Option, WireError, u16_at, u32_at};

impl Ipv4Header {
    /// Hops that the datagram may still take.
    #[must_use]
    pub fn hops(&self) -> u32 {
        self.options.hops().unwrap_or(u32::from(self.ttl))
    }

    /// Sets the hops that the datagram may take: as the TTL where they fit, otherwise with the option.
    ///
    /// # Errors
    /// The option is needed, and the other options leave no room for it.
    pub fn set_hops(&mut self, hops: u32) -> Result<(), WireError> {
        if let Ok(ttl) = u8::try_from(hops) {
            self.options = self.options.without_hops();
            self.ttl = ttl;
        } else {
            self.options.set_hops(hops)?;
            self.ttl = 255;
        }
        Ok(())
    }
}

/// Hops that a packet may still take.
///
/// # Errors
/// Its header is cut off or not of version 4.
pub fn remaining(packet: &[u8]) -> Result<u32, WireError> {
    let header_len = header_len(packet)?;
    Ok(option_at(packet, header_len).map_or(u32::from(packet[8]), |at| u32_at(packet, at)))
}

/// Takes one hop off a packet that is forwarded, and says how many are left. Where none would be left the packet is not
/// changed, must not be forwarded, and is what an ICMP error quotes (RFC 1812 section 5.3.1).
///
/// # Errors
/// Its header is cut off or not of version 4.
pub fn decrement(packet: &mut [u8]) -> Result<u32, WireError> {
    let header_len = header_len(packet)?;
    let Some(at) = option_at(packet, header_len) else {
        let left = packet[8].saturating_sub(1);
        if left > 0 {
            let old = u16_at(packet, 8);
            packet[8] = left;
            let sum = update(u16_at(packet, 10), old, u16_at(packet, 8));
            packet[10..12].copy_from_slice(&sum.to_be_bytes());
        }
        return Ok(u32::from(left));
    };
    let old = u32_at(packet, at);
    let left = old.saturating_sub(1);
    if left > 0 {
        packet[at..at + 4].copy_from_slice(&left.to_be_bytes());
        // The checksum adds the words as they lie, and an option may lie at an odd place: its bytes then count swapped.
        let sum = u16_at(packet, 10);
        let sum = if at.is_multiple_of(2) {
            update_u32(sum, old, left)
        } else {
            update_u32(sum.swap_bytes(), old, left).swap_bytes()
        };
        packet[10..12].copy_from_slice(&sum.to_be_bytes());
    }
    Ok(left)
}

/// The packet with this many hops to take: with the option, whatever their number.
///
/// # Errors
/// The header is cut off or not of version 4, its other options leave no room, or the packet would be longer than 65,535
/// bytes.
pub fn attach(packet: &[u8], hops: u32) -> Result<BytesMut, WireError> {
    let header_len = header_len(packet)?;
    let mut options = Ipv4Options::from_bytes(&packet[super::HEADER_BYTES..header_len])?;
    options.set_hops(hops)?;
    with_options(packet, header_len, &options, 255)
}

/// The packet without the option: its TTL is the count, at most 255. A packet without the option is handed back as it is.
///
/// # Errors
/// The header is cut off or not of version 4.
pub fn strip(packet: &Bytes) -> Result<Bytes, WireError> {
    let header_len = header_len(packet)?;
    let Some(at) = option_at(packet, header_len) else {
        return Ok(packet.clone());
    };
    let options = Ipv4Options::from_bytes(&packet[super::HEADER_BYTES..header_len])?.without_hops();
    let ttl = u32_at(packet, at).min(255) as u8;
    Ok(with_options(packet, header_len, &options, ttl)?.freeze())
}

/// Where the count lies in a header, if it has the option.
fn option_at(packet: &[u8], header_len: usize) -> Option<usize> {
    let mut options = OptionsIter::new(&packet[super::HEADER_BYTES..header_len]);
    loop {
        let start = options.position();
        if let Ipv4Option::Hops(_) = options.next()?.ok()? {
            return Some(super::HEADER_BYTES + start + 2);
        }
    }
}

fn with_options(packet: &[u8], old_len: usize, options: &Ipv4Options, ttl: u8) -> Result<BytesMut, WireError> {
    let new_len = super::HEADER_BYTES + options.as_bytes().len();
    // What follows the datagram is padding of a frame, which the new frame has its own of.
    let end = usize::from(u16_at(packet, 2)).clamp(old_len, packet.len());
    let payload = &packet[old_len..end];
    let have = new_len + payload.len();
    let total_len = u16::try_from(have).map_err(|_| WireError::TooLong {
        format: "IPv4",
        most: super::MAX_DATAGRAM_BYTES,
        have,
    })?;
    let mut out = BytesMut::with_capacity(have);
    out.put_slice(&packet[..super::HEADER_BYTES]);
    out.put_slice(options.as_bytes());
    out.put_slice(payload);
    out[0] = 0x40 | (new_len / 4) as u8;
    out[2..4].copy_from_slice(&total_len.to_be_bytes());
    out[8] = ttl;
    out[10..12].fill(0);
    let sum = crate::wire::checksum::checksum(&out[..new_len]);
    out[10..12].copy_from_slice(&sum.to_be_bytes());
    Ok(out)
}
