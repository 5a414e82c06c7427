//! What an arriving segment does: the steps of RFC 9293 section 3.10.7, a file for each group.

mod acknowledgement;
mod loss;
mod sequence;
mod syn;
mod text;

use super::config::MILLISECOND_NS;
use super::connection::Connection;
use super::state::State;
use crate::wire::tcp::Segment;

/// Challenges in a window of time, at most (RFC 5961 section 7).
const CHALLENGES: u8 = 10;
/// That window, in nanoseconds.
const CHALLENGE_WINDOW_NS: u64 = 5_000 * MILLISECOND_NS;

/// Whether the next step looks at the segment too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// It does.
    Continue,
    /// The segment is done with.
    Drop,
}

impl Connection {
    /// A segment for this connection arrives (RFC 9293 section 3.10.7). Its checksum was found right, its ports are ours.
    pub fn on_segment(&mut self, segment: &Segment, now_ns: u64) {
        self.counters.segments_in += 1;
        match self.state {
            State::Closed => self.in_closed(segment),
            State::SynSent => self.in_syn_sent(segment, now_ns),
            _ => self.in_other_states(segment, now_ns),
        }
    }

    /// A connection that has ended answers as a host without it (RFC 9293 section 3.10.7.1). A segment without an
    /// acknowledgement can only be a SYN for another connection, which [`Self::gives_way_to`] lets pass, or noise.
    fn in_closed(&mut self, segment: &Segment) {
        self.counters.dropped += 1;
        if segment.flags.ack && !segment.flags.rst {
            self.stray_reset = Some(segment.ack);
        }
    }

    /// The eight checks of RFC 9293 section 3.10.7.4. The third, security, is no longer anybody's; the sixth is the urgent
    /// pointer, which is ignored: urgent data stays in its place in the stream (RFC 6093 section 6).
    fn in_other_states(&mut self, segment: &Segment, now_ns: u64) {
        let steps = [
            Self::check_sequence,
            Self::check_reset,
            Self::check_syn,
            Self::check_acknowledgement,
            Self::take_text,
            Self::take_fin,
        ];
        for step in steps {
            if step(self, segment, now_ns) == Next::Drop {
                break;
            }
        }
    }

    /// Answers with an acknowledgement that tells the peer where we are; a peer that means well finds its place, an attacker
    /// who cannot see it learns nothing (RFC 5961). Their number is limited (RFC 5961 section 7).
    fn challenge(&mut self, now_ns: u64) {
        if now_ns >= self.acks.challenges_ns + CHALLENGE_WINDOW_NS {
            self.acks.challenges_ns = now_ns;
            self.acks.challenges = 0;
        }
        if self.acks.challenges < CHALLENGES {
            self.acks.challenges += 1;
            self.counters.challenges += 1;
            self.acks.now = true;
        }
    }

    fn drop_segment(&mut self) -> Next {
        self.counters.dropped += 1;
        Next::Drop
    }
}
