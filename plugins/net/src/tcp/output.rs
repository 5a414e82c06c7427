//! What to send: fetched segment by segment until nothing is left.
//!
//! The order is that of urgency: a reset, the handshake, acknowledgements that must be counted, data, a question to a silent
//! peer, an acknowledgement that found no company.

mod build;
mod data;

use super::connection::Connection;
use super::state::State;
use crate::wire::tcp::Segment;

impl Connection {
    /// The next segment to send, ready but for addresses and checksum. To be called until there is none, after every call
    /// that may have changed something.
    pub fn poll_transmit(&mut self, now_ns: u64) -> Option<Segment> {
        let segment = self.next_segment(now_ns);
        self.counters.segments_out += u64::from(segment.is_some());
        segment
    }

    fn next_segment(&mut self, now_ns: u64) -> Option<Segment> {
        if let Some(number) = self.stray_reset.take() {
            return Some(self.build_stray_reset(number));
        }
        if std::mem::take(&mut self.reset_due) {
            return Some(self.build_reset(now_ns));
        }
        match self.state {
            State::Closed => None,
            State::SynSent | State::SynReceived => self.next_of_handshake(now_ns),
            _ => self.next_of_stream(now_ns),
        }
    }

    fn next_of_handshake(&mut self, now_ns: u64) -> Option<Segment> {
        if std::mem::take(&mut self.handshake_due) {
            return Some(self.build_handshake(now_ns));
        }
        let answers = self.acks.now && self.state == State::SynReceived;
        answers.then(|| self.build_acknowledgement(now_ns))
    }

    fn next_of_stream(&mut self, now_ns: u64) -> Option<Segment> {
        if self.acks.duplicates > 0 {
            self.acks.duplicates -= 1;
            return Some(self.build_acknowledgement(now_ns));
        }
        if self.state.may_transmit()
            && let Some(segment) = self.next_data(now_ns)
        {
            return Some(segment);
        }
        if std::mem::take(&mut self.send.question_due) {
            return Some(self.build_question(now_ns));
        }
        if self.acks.now {
            return Some(self.build_acknowledgement(now_ns));
        }
        self.schedule_probe(now_ns);
        None
    }
}
