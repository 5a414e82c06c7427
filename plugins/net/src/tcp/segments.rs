//! Segments that need no connection: the answer to one that nobody expects.

use crate::wire::tcp::{Flags, Segment, SeqNumber};

use super::seq::sequence_len;

/// The answer of a host that has no connection and no listener for a segment: RST, unless it is an RST itself (RFC 9293
/// section 3.10.7.1).
#[must_use]
pub fn reset_for(segment: &Segment) -> Option<Segment> {
    if segment.flags.rst {
        return None;
    }
    let mut reset = Segment {
        source_port: segment.destination_port,
        destination_port: segment.source_port,
        flags: Flags {
            rst: true,
            ..Flags::default()
        },
        ..Segment::default()
    };
    if segment.flags.ack {
        reset.seq = segment.ack;
    } else {
        reset.seq = SeqNumber(0);
        reset.ack = segment.seq.plus(sequence_len(segment));
        reset.flags.ack = true;
    }
    Some(reset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resets_of_rfc_9293() {
        let mut segment = Segment {
            seq: SeqNumber(100),
            payload: bytes::Bytes::from_static(b"abc"),
            ..Segment::default()
        };
        segment.flags.syn = true;
        let reset = reset_for(&segment).unwrap();
        assert_eq!(
            (reset.seq, reset.ack, reset.flags.ack),
            (SeqNumber(0), SeqNumber(104), true)
        );
        segment.flags.ack = true;
        segment.ack = SeqNumber(77);
        let reset = reset_for(&segment).unwrap();
        assert_eq!((reset.seq, reset.flags.ack), (SeqNumber(77), false));
        segment.flags.rst = true;
        assert_eq!(reset_for(&segment), None);
    }
}
