//! The Internet checksum (RFC 1071), and its update where a field changes (RFC 1624).

use std::net::Ipv4Addr;

use super::Protocol;

/// A running one's complement sum. Add the pieces that a checksum covers, then [`Sum::finish`].
///
/// It adds in the machine's byte order, since the sum does not depend on it (RFC 1071 section 2 (B)); the result does not
/// either.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum(u64);

impl Sum {
    /// Nothing added yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(0)
    }

    /// The pseudo header of TCP and UDP (RFC 9293 section 3.1, RFC 768): `len` is that of the segment or datagram.
    #[must_use]
    pub const fn pseudo_header(source: Ipv4Addr, destination: Ipv4Addr, protocol: Protocol, len: u16) -> Self {
        Self::new()
            .address(source)
            .address(destination)
            .word(protocol.0 as u16)
            .word(len)
    }

    /// Adds bytes. All pieces but the last must have even length.
    #[must_use]
    pub fn bytes(self, bytes: &[u8]) -> Self {
        let mut sum = self.0;
        let (words, tail) = bytes.as_chunks::<4>();
        for word in words {
            sum += u64::from(u32::from_ne_bytes(*word));
        }
        let (words, tail) = tail.as_chunks::<2>();
        for word in words {
            sum += u64::from(u16::from_ne_bytes(*word));
        }
        if let [last] = tail {
            sum += u64::from(u16::from_ne_bytes([*last, 0]));
        }
        Self(sum)
    }

    /// Adds a 16-bit field.
    #[must_use]
    pub const fn word(self, word: u16) -> Self {
        Self(self.0 + word.to_be() as u64)
    }

    /// Adds an address.
    #[must_use]
    pub const fn address(self, address: Ipv4Addr) -> Self {
        Self(self.0 + u32::from_ne_bytes(address.octets()) as u64)
    }

    /// The checksum: the complement of the sum. Zero where the bytes included a right checksum.
    #[must_use]
    pub const fn finish(self) -> u16 {
        let mut sum = self.0;
        while sum > 0xffff {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        !u16::from_be(sum as u16)
    }
}

/// The checksum of bytes; zero where they include a right one.
#[must_use]
pub fn checksum(bytes: &[u8]) -> u16 {
    Sum::new().bytes(bytes).finish()
}

/// What a checksum becomes when a 16-bit field that it covers changes (RFC 1624 section 3, equation 3).
#[must_use]
pub const fn update(checksum: u16, old: u16, new: u16) -> u16 {
    let mut sum = !checksum as u32 + !old as u32 + new as u32;
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    !(sum as u16)
}

/// [`update`] for a field of 32 bits, such as an address.
#[must_use]
pub const fn update_u32(checksum: u16, old: u32, new: u32) -> u16 {
    let high = update(checksum, (old >> 16) as u16, (new >> 16) as u16);
    update(high, old as u16, new as u16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, word by word, as RFC 1071 section 4.1 has it.
    fn by_the_book(bytes: &[u8]) -> u16 {
        let mut sum = 0u32;
        for pair in bytes.chunks(2) {
            sum += u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0));
            sum = (sum & 0xffff) + (sum >> 16);
        }
        !(sum as u16)
    }

    #[test]
    fn the_example_of_the_rfc() {
        // RFC 1071 section 3: the sum of these bytes is ddf2.
        assert_eq!(checksum(&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]), !0xddf2);
        // RFC 1624 section 4: the field goes from 5555 to 3285, the checksum from dd2f to 0000.
        assert_eq!(update(0xdd2f, 0x5555, 0x3285), 0x0000);
    }

    proptest! {
        #[test]
        fn the_sum_is_the_one_of_the_book(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0usize..100) {
            prop_assert_eq!(checksum(&bytes), by_the_book(&bytes));
            let (head, tail) = bytes.split_at((cut * 2).min(bytes.len()));
            prop_assert_eq!(Sum::new().bytes(head).bytes(tail).finish(), by_the_book(&bytes));
        }

        #[test]
        fn an_update_is_the_sum_of_the_changed_bytes(mut words in prop::collection::vec(any::<u16>(), 2..40), at: prop::sample::Index, new: u16) {
            // At least one word is not zero, as in every header: a sum of nothing but zeros has two representations.
            words[0] |= 1;
            let at = 1 + at.index(words.len() - 1);
            let bytes = |words: &[u16]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>();
            let (before, old) = (checksum(&bytes(&words)), words[at]);
            words[at] = new;
            prop_assert_eq!(update(before, old, new), checksum(&bytes(&words)));
        }

        #[test]
        fn an_update_of_an_address_is_two_of_its_halves(sum: u16, old: u32, new: u32) {
            let back = update_u32(update_u32(sum, old, new), new, old);
            prop_assert!(back == sum || (sum == 0xffff && back == 0));
        }
    }
}
