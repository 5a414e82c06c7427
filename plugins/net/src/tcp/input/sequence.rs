//! First, second and fourth check of RFC 9293 section 3.10.7.4: the sequence number, RST, SYN; with PAWS (RFC 7323 section 5)
//! and the defences of RFC 5961.

use super::Next;
use crate::tcp::config::SECOND_NS;
use crate::tcp::connection::Connection;
use crate::tcp::seq::sequence_len;
use crate::tcp::state::{State, TcpError};
use crate::wire::tcp::Segment;

/// How long a timestamp can be compared with: 24 days (RFC 7323 section 5.5), in nanoseconds.
const STAMP_LIFETIME_NS: u64 = 24 * 86_400 * SECOND_NS;

impl Connection {
    /// First check: is any of the segment in the window (RFC 9293 section 3.4)?
    pub(super) fn check_sequence(&mut self, segment: &Segment, now_ns: u64) -> Next {
        if let Next::Drop = self.check_stamp(segment, now_ns) {
            return self.drop_segment();
        }
        if self.is_handshake_again(segment) {
            self.take_stamp(segment, 0, now_ns);
            return Next::Continue;
        }
        let start = self.receive.position(segment.seq);
        let end = start + i64::from(sequence_len(segment));
        if self.is_acceptable(start, end) {
            self.unanswered.heard_ns = now_ns;
            self.unanswered.questions = 0;
            self.take_stamp(segment, start, now_ns);
            return Next::Continue;
        }
        if !segment.flags.rst {
            self.answer_unacceptable(segment, start, end, now_ns);
        }
        self.drop_segment()
    }

    /// Any overlap with the window will do. A segment without data may also lie at the window's right edge: a peer that has
    /// filled our window has no other number for its acknowledgements. With a closed window, acknowledgements, resets and
    /// urgent pointers of the next segment are still looked at (RFC 9293 section 3.10.7.4).
    fn is_acceptable(&self, start: i64, end: i64) -> bool {
        let nxt = self.receive.nxt.cast_signed();
        let edge = self.receive.edge.cast_signed().max(nxt);
        if edge == nxt || start == end {
            return start == nxt || (start == end && nxt <= start && start <= edge);
        }
        start < edge && end > nxt
    }

    /// The SYN, or SYN-ACK, of the peer's handshake once more: it has not heard our answer, which is sent again; and one that
    /// acknowledges our SYN does so here, where both opened at once (RFC 9293 figure 8).
    fn is_handshake_again(&mut self, segment: &Segment) -> bool {
        let flags = segment.flags;
        let again = self.state == State::SynReceived && flags.syn && !flags.rst && !flags.fin;
        again && segment.seq == self.receive.initial
    }

    /// Tells the peer what is expected. Data that came again means that an acknowledgement was lost, or that the window is
    /// probed: that is always answered; anything else is limited, or else two hosts that disagree answer each other for ever.
    fn answer_unacceptable(&mut self, segment: &Segment, start: i64, end: i64, now_ns: u64) {
        if start == end || segment.flags.syn {
            self.challenge(now_ns);
            return;
        }
        self.acks.now = true;
        let nxt = self.receive.nxt.cast_signed();
        if end <= nxt {
            let data_end = end - i64::from(segment.flags.fin);
            self.note_duplicate(start, data_end);
            self.restart_time_wait(now_ns);
        }
    }

    pub(super) fn note_duplicate(&mut self, start: i64, end: i64) {
        if start >= 1 && start < end {
            self.receive.duplicate = Some((start.cast_unsigned(), end.cast_unsigned()));
        }
    }

    /// The peer's FIN came again, so our acknowledgement was lost (RFC 9293 section 3.10.7.4, eighth check).
    fn restart_time_wait(&mut self, now_ns: u64) {
        if self.state == State::TimeWait {
            self.timers.wait = Some(now_ns + self.config.time_wait_ns);
        }
    }

    /// PAWS (RFC 7323 section 5.3): a segment with an old timestamp is an old segment. One without any is none of this
    /// connection's (section 3.2). RST is exempt (section 5.2).
    fn check_stamp(&mut self, segment: &Segment, now_ns: u64) -> Next {
        if !self.negotiated.timestamps || segment.flags.rst {
            return Next::Continue;
        }
        let Some((value, _)) = segment.options.timestamps else {
            return Next::Drop;
        };
        let old = value.wrapping_sub(self.receive.stamp).cast_signed() < 0;
        let fresh = now_ns.saturating_sub(self.receive.stamp_ns) < STAMP_LIFETIME_NS;
        if old && fresh {
            self.challenge(now_ns);
            return Next::Drop;
        }
        Next::Continue
    }

    /// Keeps the timestamp of a segment that reaches the left edge (RFC 7323 section 4.3): the one that is echoed.
    fn take_stamp(&mut self, segment: &Segment, start: i64, now_ns: u64) {
        let Some((value, _)) = segment.options.timestamps else {
            return;
        };
        if self.negotiated.timestamps && start <= self.acks.sent.cast_signed() && !segment.flags.rst {
            self.receive.stamp = value;
            self.receive.stamp_ns = now_ns;
        }
    }

    /// Second check: RST. Only one with exactly the expected number resets; another in the window is challenged, since whoever
    /// sent it did not see our segments (RFC 5961 section 3.2).
    pub(super) fn check_reset(&mut self, segment: &Segment, now_ns: u64) -> Next {
        if !segment.flags.rst {
            return Next::Continue;
        }
        if self.receive.position(segment.seq) != self.receive.nxt.cast_signed() {
            self.challenge(now_ns);
            return self.drop_segment();
        }
        let error = match self.state {
            // A passive connection goes back to LISTEN: the listener forgets it (RFC 9293 section 3.10.7.4).
            State::SynReceived if self.passive => None,
            State::SynReceived => Some(TcpError::Refused),
            // Both directions were done with; nobody lost anything.
            State::Closing | State::LastAck | State::TimeWait => None,
            _ => Some(TcpError::Reset),
        };
        self.end(error);
        Next::Drop
    }

    /// Fourth check: SYN. It is challenged wherever its number lies (RFC 5961 section 4.2): a peer that has restarted answers
    /// the challenge with RST.
    pub(super) fn check_syn(&mut self, segment: &Segment, now_ns: u64) -> Next {
        if !segment.flags.syn {
            return Next::Continue;
        }
        if self.is_handshake_again(segment) {
            if segment.flags.ack {
                return Next::Continue;
            }
            self.handshake_due = true;
            return Next::Drop;
        }
        if self.state == State::SynReceived && self.passive {
            // Back to LISTEN (RFC 9293 section 3.10.7.4, fourth check): the peer began anew.
            self.end(None);
            return Next::Drop;
        }
        self.challenge(now_ns);
        self.drop_segment()
    }
}
