//! Sequence numbers: arithmetic on the ring of 2^32 (RFC 9293 section 3.4).

/// A sequence number: 32 bits that wrap around.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct SeqNumber(pub u32);

impl SeqNumber {
    /// The number `count` places further on the ring.
    #[must_use]
    pub const fn plus(self, count: u32) -> Self {
        Self(self.0.wrapping_add(count))
    }

    /// The number `count` places back on the ring.
    #[must_use]
    pub const fn minus(self, count: u32) -> Self {
        Self(self.0.wrapping_sub(count))
    }

    /// How far this number lies after `other`: negative where it lies before it. Numbers 2^31 apart count as before.
    #[must_use]
    pub const fn since(self, other: Self) -> i32 {
        self.0.wrapping_sub(other.0).cast_signed()
    }

    /// Whether this number lies before `other`: within the half of the ring that ends there.
    #[must_use]
    pub const fn is_before(self, other: Self) -> bool {
        self.since(other) < 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_ring_has_no_seam() {
        let last = SeqNumber(u32::MAX);
        assert_eq!(last.plus(1), SeqNumber(0));
        assert!(last.is_before(SeqNumber(0)));
        assert!(!SeqNumber(0).is_before(last));
        assert_eq!(SeqNumber(5).since(SeqNumber(u32::MAX - 4)), 10);
    }

    proptest! {
        #[test]
        fn plus_and_since_are_inverse(base: u32, count in 0u32..0x7fff_ffff) {
            let base = SeqNumber(base);
            prop_assert_eq!(base.plus(count).since(base), count as i32);
            prop_assert_eq!(base.plus(count).minus(count), base);
            prop_assert_eq!(base.is_before(base.plus(count)), count != 0);
        }
    }
}
