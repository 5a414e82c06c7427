//! What acknowledgements say about losses: SACK (RFC 2018, RFC 6675), duplicate acknowledgements and partial ones (RFC 5681
//! section 3.2, RFC 6582), and the way out of each recovery.

use super::acknowledgement::Report;
use crate::tcp::congestion::Acked;
use crate::tcp::connection::{Connection, Recovery};
use crate::tcp::scoreboard::DUPLICATE_THRESHOLD;
use crate::wire::tcp::Segment;

impl Connection {
    /// Takes the blocks of a SACK option in. Blocks that are not inside what is on its way, D-SACK among them, say nothing.
    pub(super) fn take_sack(&mut self, segment: &Segment, ack: u64) -> u64 {
        if !self.negotiated.sack {
            return 0;
        }
        let mut news = 0;
        for (left, right) in &segment.options.sack {
            let (left, right) = (self.send.position(*left), self.send.position(*right));
            if left > ack.cast_signed() && left < right && right <= self.send.nxt.cast_signed() {
                news += self.send.scoreboard.record(left.cast_unsigned(), right.cast_unsigned());
            }
        }
        news
    }

    /// The same acknowledgement once more.
    pub(super) fn on_duplicate(&mut self, report: Report) {
        self.unanswered.duplicates = self.unanswered.duplicates.saturating_add(1);
        match self.recovery {
            Recovery::Open => self.look_for_loss(),
            // A segment has left the network (RFC 6582 section 3.2 step 2, RFC 5681 section 3.2 step 4); SACK counts better.
            Recovery::Fast { .. } if !self.negotiated.sack => self.congestion.window += self.smss(),
            Recovery::Fast { .. } | Recovery::Timeout { .. } => {}
        }
        debug_assert!(report.ack == self.send.una, "nothing new was acknowledged");
    }

    /// Enters fast recovery where enough says so (RFC 6675 section 5 steps 1 and 2; RFC 6582 section 3.2 step 1).
    fn look_for_loss(&mut self) {
        let smss = self.smss();
        let una = self.send.una;
        let counted = u64::from(self.unanswered.duplicates) >= DUPLICATE_THRESHOLD;
        if self.negotiated.sack {
            if counted || self.send.scoreboard.is_lost(una, smss) {
                self.enter_fast_recovery();
            }
        } else if counted && una > self.unanswered.recover {
            self.enter_fast_recovery();
            // The three segments that have left the network.
            self.congestion.window += DUPLICATE_THRESHOLD * smss;
        }
    }

    fn enter_fast_recovery(&mut self) {
        let flight = self.flight_bytes();
        self.congestion.on_loss(flight, self.smss());
        self.recovery = Recovery::Fast {
            point: self.send.nxt,
            partial: false,
        };
        self.unanswered.recover = self.send.nxt;
        self.send.scoreboard.begin_recovery(self.send.una);
        self.send.repeat_first = true;
        self.send.timed = None;
        self.counters.recoveries += 1;
    }

    /// FlightSize of RFC 5681: what is on its way, without what limited transmit added (RFC 6675 section 5 step 4.2).
    pub(in crate::tcp) fn flight_bytes(&self) -> u64 {
        (self.send.nxt - self.send.una).min(self.congestion.window)
    }

    /// New data was acknowledged: recovery goes on, ends, or the window grows.
    pub(super) fn on_progress(&mut self, bytes: u64, report: Report, now_ns: u64) {
        self.unanswered.duplicates = 0;
        self.send.repeat_first = false;
        match self.recovery {
            Recovery::Open => {
                self.grow(bytes, false, now_ns);
                if report.sacked > 0 && self.send.scoreboard.is_lost(report.ack, self.smss()) {
                    self.look_for_loss();
                }
                self.restart_retransmit(now_ns);
            }
            Recovery::Fast { point, .. } if report.ack >= point => {
                self.leave_fast_recovery();
                self.restart_retransmit(now_ns);
            }
            Recovery::Fast { point, partial } => self.on_partial(bytes, point, partial, now_ns),
            Recovery::Timeout { point } => {
                self.grow(bytes, true, now_ns);
                if report.ack >= point {
                    self.recovery = Recovery::Open;
                }
                self.restart_retransmit(now_ns);
            }
        }
    }

    fn grow(&mut self, bytes: u64, after_timeout: bool, now_ns: u64) {
        let smss = self.smss();
        let used = self.send.limited || (self.congestion.in_slow_start() && self.is_half_used(bytes));
        self.congestion.on_ack(Acked {
            bytes,
            smss,
            rtt_ns: self.rtt.estimate_ns(),
            now_ns,
            limited: used || after_timeout,
            after_timeout,
        });
    }

    /// In slow start a window that is used by half may grow: it will be used soon.
    fn is_half_used(&self, acked_bytes: u64) -> bool {
        let used = self.send.nxt - self.send.una + acked_bytes;
        2 * used > self.congestion.window
    }

    /// Everything that was on its way when the loss was found is there (RFC 6675 section 5 step A, RFC 6582 section 3.2 step
    /// 3).
    fn leave_fast_recovery(&mut self) {
        let smss = self.smss();
        let threshold = self.congestion.threshold.unwrap_or(self.congestion.window);
        self.congestion.window = if self.negotiated.sack {
            threshold
        } else {
            // No burst, should little be on its way.
            threshold.min((self.send.nxt - self.send.una).max(smss) + smss)
        };
        self.recovery = Recovery::Open;
    }

    /// Part of it is there: without SACK, the next hole begins where the acknowledgement ends (RFC 6582 section 3.2 step 3).
    /// With SACK the scoreboard knows.
    fn on_partial(&mut self, bytes: u64, point: u64, partial: bool, now_ns: u64) {
        if self.negotiated.sack {
            self.restart_retransmit(now_ns);
            return;
        }
        let smss = self.smss();
        self.send.repeat_first = true;
        let deflated = self.congestion.window.saturating_sub(bytes);
        self.congestion.window = (deflated + if bytes >= smss { smss } else { 0 }).max(smss);
        if !partial {
            self.recovery = Recovery::Fast { point, partial: true };
            self.restart_retransmit(now_ns);
        }
    }
}
