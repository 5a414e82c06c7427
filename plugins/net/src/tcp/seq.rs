//! Positions in a stream, which do not wrap, and the sequence numbers that stand for them (RFC 9293 section 3.4).
//!
//! Inside a connection everything is counted in *positions*: SYN is position 0, the first byte position 1. Numbers that
//! wrap exist on the wire alone, so the rest of the room compares with `<` and cannot compare wrongly.

use crate::wire::tcp::{Segment, SeqNumber};

/// The wire's number of a position in a stream that began at `initial`.
#[must_use]
pub const fn number_at(initial: SeqNumber, position: u64) -> SeqNumber {
    // The ring is 2^32 long: the upper half of a position is the number of times around it.
    initial.plus((position & 0xffff_ffff) as u32)
}

/// The position that `number` stands for, of all those that it could stand for the one nearest to `near`.
///
/// It is negative for a number before the stream's SYN.
#[must_use]
pub const fn position_of(initial: SeqNumber, number: SeqNumber, near: u64) -> i64 {
    near.cast_signed() + number.since(number_at(initial, near)) as i64
}

/// SEG.LEN: the room that a segment takes in sequence space, SYN and FIN counted (RFC 9293 section 3.4).
#[must_use]
pub fn sequence_len(segment: &Segment) -> u32 {
    // A segment comes from one IP datagram, so its payload fits 16 bits.
    segment.payload.len() as u32 + u32::from(segment.flags.syn) + u32::from(segment.flags.fin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn positions_before_syn_are_negative() {
        assert_eq!(position_of(SeqNumber(100), SeqNumber(90), 1), -10);
        assert_eq!(position_of(SeqNumber(100), SeqNumber(100), 1), 0);
    }

    proptest! {
        #[test]
        fn numbers_and_positions_agree(initial: u32, position in 0u64..1 << 50, drift in -0x7fff_ffffi64..0x7fff_ffff) {
            let initial = SeqNumber(initial);
            let near = position.saturating_add_signed(drift);
            prop_assert_eq!(position_of(initial, number_at(initial, position), near), position as i64);
        }
    }
}
