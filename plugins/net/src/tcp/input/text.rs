//! Seventh and eighth check of RFC 9293 section 3.10.7.4: the data and FIN, and when to acknowledge them.

use super::Next;
use crate::tcp::config::DELAYED_ACK_NS;
use crate::tcp::connection::Connection;
use crate::tcp::state::{State, TcpError};
use crate::wire::tcp::Segment;

/// Acknowledgements of segments out of order that may wait to be fetched.
const MAX_DUPLICATES: u8 = 64;

impl Connection {
    /// Seventh check: takes what of the data is new and inside the window.
    pub(super) fn take_text(&mut self, segment: &Segment, now_ns: u64) -> Next {
        if segment.payload.is_empty() || !self.state.may_receive() {
            return Next::Continue;
        }
        // SYN lies before the data.
        let start = self.receive.position(segment.seq) + i64::from(segment.flags.syn);
        let end = start + segment.payload.len() as i64;
        let nxt = self.receive.nxt.cast_signed();
        if self.orphaned && end > nxt {
            return self.refuse_text();
        }
        self.counters.data_segments_in += 1;
        self.receive.full_bytes = self
            .receive
            .full_bytes
            .max((segment.payload.len() as u64).min(u64::from(self.config.mss)));
        if start < nxt {
            self.note_duplicate(start, end.min(nxt));
            self.acks.now = true;
        }
        let edge = self
            .receive
            .edge
            .min(self.receive.fin_at.unwrap_or(u64::MAX))
            .cast_signed();
        let (from, to) = (start.max(nxt), end.min(edge));
        if from >= to {
            // The window is closed: the peer learns that it still is, and whether it opens.
            self.acks.now = true;
            return Next::Continue;
        }
        let payload = segment.payload.slice((from - start) as usize..(to - start) as usize);
        if from == nxt {
            self.take_in_order(payload, now_ns);
        } else {
            if self.receive.assembler.insert(from.cast_unsigned(), &payload) == 0 {
                self.note_duplicate(from, to);
            }
            self.counters.out_of_order += 1;
            self.acks.duplicates = (self.acks.duplicates + 1).min(MAX_DUPLICATES);
        }
        Next::Continue
    }

    /// Nobody will read it: the peer must not believe otherwise (RFC 9293 section 3.6.1).
    fn refuse_text(&mut self) -> Next {
        self.end(Some(TcpError::Reset));
        self.reset_due = true;
        Next::Drop
    }

    fn take_in_order(&mut self, payload: bytes::Bytes, now_ns: u64) {
        let before = self.receive.nxt;
        self.receive.queue.push(payload);
        let filled_hole = !self.receive.assembler.is_empty();
        if let Some(run) = self.receive.assembler.take_at(self.receive.queue.end()) {
            self.receive.queue.append(run);
        }
        self.receive.nxt = self.receive.queue.end();
        let bytes = self.receive.nxt - before;
        self.counters.bytes_received += bytes;
        if self.read_closed {
            self.receive.queue.clear();
        }
        if now_ns.saturating_sub(self.receive.data_ns) > self.rtt.timeout_ns() {
            self.rearm_quick_acks();
        }
        self.receive.data_ns = now_ns;
        self.acks.pending_bytes += bytes;
        self.schedule_ack(filled_hole, now_ns);
    }

    /// At once where a hole is being filled (RFC 5681 section 4.2), at the beginning, and from the second full segment on;
    /// otherwise after a while, if nothing else takes it along.
    fn schedule_ack(&mut self, filled_hole: bool, now_ns: u64) {
        let second = self.acks.pending_bytes > self.receive.full_bytes;
        if filled_hole || second || self.acks.quick > 0 || !self.config.delayed_ack {
            self.acks.quick = self.acks.quick.saturating_sub(1);
            self.acks.now = true;
        } else if self.timers.delayed_ack.is_none() {
            self.timers.delayed_ack = Some(now_ns + DELAYED_ACK_NS);
        }
    }

    /// Eighth check: FIN. One that came before its turn is remembered, for the data before it may come without it.
    pub(super) fn take_fin(&mut self, segment: &Segment, now_ns: u64) -> Next {
        if segment.flags.fin && self.state.may_receive() && self.receive.fin_at.is_none() {
            let data = segment.payload.len() as i64 + i64::from(segment.flags.syn);
            let position = self.receive.position(segment.seq) + data;
            let nxt = self.receive.nxt.cast_signed();
            let last = self
                .receive
                .assembler
                .ranges()
                .last()
                .map_or(0, |run| run.1)
                .cast_signed();
            if position >= nxt.max(last) && position < self.receive.edge.cast_signed() {
                self.receive.fin_at = Some(position.cast_unsigned());
            }
            // The peer learns at once where we are: whether data is missing, or the window is closed.
            self.acks.now = true;
        }
        if self.receive.fin_at == Some(self.receive.nxt) && self.state.may_receive() {
            self.receive.nxt += 1;
            self.receive.edge = self.receive.edge.max(self.receive.nxt);
            self.receive.assembler.clear();
            self.acks.now = true;
            self.on_fin(now_ns);
        }
        Next::Continue
    }

    fn on_fin(&mut self, now_ns: u64) {
        match self.state {
            State::Established => self.state = State::CloseWait,
            // Our FIN, had it been acknowledged, would have led to FIN-WAIT-2.
            State::FinWait1 => self.state = State::Closing,
            State::FinWait2 => self.enter_time_wait(now_ns),
            _ => {}
        }
    }
}
