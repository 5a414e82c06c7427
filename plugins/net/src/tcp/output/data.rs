//! Which data to send: what is lost, what is new, what recovery adds (RFC 6675 section 4 NextSeg), within the windows of the
//! peer and of congestion control, and not in crumbs (RFC 9293 sections 3.7.4 and 3.8.6.2).

use crate::tcp::connection::{Connection, Recovery, Timed};
use crate::wire::tcp::Segment;

/// Segments that limited transmit adds to the window, at most (RFC 3042 section 2).
const LIMITED_TRANSMIT: u64 = 2;

/// Why there is nothing new to send.
enum Hold {
    /// The congestion window.
    Congestion,
    /// There is nothing, the peer has no room, or it is too little to be worth a segment.
    Other,
}

impl Connection {
    /// The next segment with data, or FIN.
    pub(super) fn next_data(&mut self, now_ns: u64) -> Option<Segment> {
        if self.send.window == 0 {
            let probe = std::mem::take(&mut self.send.probe_due) && self.has_something_waiting();
            return probe.then(|| self.probe(now_ns));
        }
        let max = self.payload_max();
        if std::mem::take(&mut self.send.repeat_first) && self.send.una < self.send.nxt {
            return Some(self.repeat_first(max, now_ns));
        }
        let smss = self.smss();
        let (una, nxt) = (self.send.una, self.send.nxt);
        let pipe = self.send.scoreboard.pipe(una, nxt, smss);
        let room = (self.congestion.window + self.limited_transmit()).saturating_sub(pipe);
        let fits = |bytes: u64| pipe == 0 || bytes <= room;

        if let Some((start, end)) = self.send.scoreboard.next_lost(una, nxt, smss, max) {
            self.send.limited = !fits(end - start);
            return (!self.send.limited).then(|| self.repeat(start, end, true, now_ns));
        }
        match self.next_new(max, fits) {
            Ok(bytes) => return Some(self.send_new(bytes, now_ns)),
            Err(hold) => self.send.limited = matches!(hold, Hold::Congestion),
        }
        if self.send.limited || !fits(smss) {
            return None;
        }
        self.recover_further(max, now_ns)
    }

    pub(in crate::tcp) const fn has_something_waiting(&self) -> bool {
        self.send.una < self.send.limit()
    }

    /// The first two duplicate acknowledgements let a new segment each out, so that there is a third (RFC 3042). With SACK the
    /// pipe does that by itself (RFC 6675 section 5 step 3).
    fn limited_transmit(&self) -> u64 {
        if self.negotiated.sack || self.recovery != Recovery::Open {
            return 0;
        }
        u64::from(self.unanswered.duplicates).min(LIMITED_TRANSMIT) * self.smss()
    }

    /// The first data on its way once more, whatever the window: what fast retransmit does.
    fn repeat_first(&mut self, max: u64, now_ns: u64) -> Segment {
        let una = self.send.una;
        let held = self.send.scoreboard.ranges().first().map_or(u64::MAX, |range| range.0);
        let end = (una + max).min(self.send.nxt).min(held);
        // Without SACK the window is inflated instead (RFC 6582), and what was repeated is not counted twice.
        if self.negotiated.sack {
            self.send.scoreboard.note_first(end);
        }
        self.repeat(una, end, false, now_ns)
    }

    fn repeat(&mut self, start: u64, end: u64, note: bool, now_ns: u64) -> Segment {
        if note {
            self.send.scoreboard.note_repeated(end);
        }
        self.counters.retransmits += 1;
        self.counters.bytes_retransmitted += end - start;
        self.send.timed = None;
        self.arm_retransmit(now_ns);
        self.build_data(start, end, now_ns)
    }

    fn arm_retransmit(&mut self, now_ns: u64) {
        if self.timers.retransmit.is_none() {
            self.timers.retransmit = Some(now_ns + self.rtt.timeout_ns());
        }
    }

    /// How much new data may leave in one segment now, FIN not counted.
    fn next_new(&self, max: u64, fits: impl Fn(u64) -> bool) -> Result<u64, Hold> {
        let send = &self.send;
        let waiting = send.queue.end().saturating_sub(send.nxt);
        let usable = send.usable_window();
        if send.nxt >= send.limit() || usable == 0 {
            return Err(Hold::Other);
        }
        let bytes = waiting.min(usable).min(max);
        if bytes < max && !self.is_worth_sending(bytes, waiting) {
            return Err(Hold::Other);
        }
        if fits(bytes) { Ok(bytes) } else { Err(Hold::Congestion) }
    }

    /// Whether less than a full segment may leave: Nagle's rule (RFC 9293 section 3.7.4) and the sender's part of avoiding
    /// silly windows (section 3.8.6.2.1). The last data before FIN does not wait, for no more will come to join it.
    fn is_worth_sending(&self, bytes: u64, waiting: u64) -> bool {
        let idle = self.send.una == self.send.nxt;
        let prompt = self.config.nodelay || idle;
        if bytes == waiting {
            return prompt || self.send.fin_queued;
        }
        prompt && (self.send.probe_due || 2 * bytes >= self.send.max_window)
    }

    fn send_new(&mut self, bytes: u64, now_ns: u64) -> Segment {
        let idle = self.send.una == self.send.nxt;
        if idle {
            self.unanswered.waiting_ns = now_ns;
            if now_ns.saturating_sub(self.send.sent_ns) > self.rtt.timeout_ns() {
                self.congestion.restart(self.smss());
            }
        }
        let start = self.send.nxt;
        let mut end = start + bytes;
        let last = end == self.send.queue.end();
        if last && self.send.fin_queued && self.send.usable_window() > bytes {
            end += 1;
        }
        self.send.nxt = end;
        self.send.probe_due = false;
        if self.send.timed.is_none() {
            self.send.timed = Some(Timed { end, sent_ns: now_ns });
        }
        self.arm_retransmit(now_ns);
        self.build_data(start, end, now_ns)
    }

    /// Rules 3 and 4 of NextSeg: in a recovery that has nothing better to send.
    fn recover_further(&mut self, max: u64, now_ns: u64) -> Option<Segment> {
        let Recovery::Fast { point, .. } = self.recovery else {
            return None;
        };
        if !self.negotiated.sack {
            return None;
        }
        let (una, nxt) = (self.send.una, self.send.nxt);
        if let Some((start, end)) = self.send.scoreboard.next_hole(una, nxt, max) {
            return Some(self.repeat(start, end, true, now_ns));
        }
        let (start, end) = self.send.scoreboard.rescue(una, nxt, point, max)?;
        Some(self.repeat(start, end, false, now_ns))
    }

    /// One byte beyond a closed window, or FIN: the peer answers with its window (RFC 9293 section 3.8.6.1). The byte does not
    /// count as sent, for the peer is not expected to take it.
    fn probe(&mut self, now_ns: u64) -> Segment {
        self.counters.probes += 1;
        let start = if self.send.una < self.send.nxt {
            self.send.una
        } else {
            self.send.nxt
        };
        self.build_data(start, start + 1, now_ns)
    }
}
