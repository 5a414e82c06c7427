//! Fifth check of RFC 9293 section 3.10.7.4: the acknowledgement, with the window, the round trip and the states that an
//! acknowledged FIN leads to.

use super::Next;
use crate::tcp::config::MILLISECOND_NS;
use crate::tcp::connection::{Connection, Recovery};
use crate::tcp::state::State;
use crate::wire::tcp::Segment;

/// An echo that claims a longer round trip is not believed, in milliseconds.
const MAX_ECHO_MS: u32 = 120_000;

/// What a segment says of our stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Report {
    /// SND.UNA to be.
    pub ack: u64,
    /// Bytes that SACK reports for the first time.
    pub sacked: u64,
    /// It repeats the acknowledgement and nothing else (RFC 5681 section 2).
    pub duplicate: bool,
}

impl Connection {
    /// Fifth check. An acknowledgement outside of what was sent within the peer's largest window is not the peer's (RFC 5961
    /// section 5.2).
    pub(super) fn check_acknowledgement(&mut self, segment: &Segment, now_ns: u64) -> Next {
        if !segment.flags.ack {
            return self.drop_segment();
        }
        let ack = self.send.position(segment.ack);
        if self.state == State::SynReceived {
            return self.acknowledge_syn(segment, ack, now_ns);
        }
        let oldest = self.send.una.cast_signed() - self.send.max_window.cast_signed();
        if ack > self.send.max.cast_signed() || ack < oldest {
            self.challenge(now_ns);
            return self.drop_segment();
        }
        // An acknowledgement that another has overtaken says nothing new, but its data may.
        if let Ok(ack) = u64::try_from(ack)
            && ack >= self.send.una
        {
            self.acknowledge(segment, ack, now_ns);
        }
        if self.state == State::Closed {
            Next::Drop
        } else {
            Next::Continue
        }
    }

    fn acknowledge_syn(&mut self, segment: &Segment, ack: i64, now_ns: u64) -> Next {
        // A segment that acknowledges what we never sent belongs to another connection (RFC 9293 section 3.10.7.4).
        if ack <= self.send.una.cast_signed() || ack > self.send.max.cast_signed() {
            self.stray_reset = Some(segment.ack);
            return self.drop_segment();
        }
        self.send.una = 1;
        if let Some(timed) = self.send.timed.take() {
            self.rtt
                .measure(now_ns.saturating_sub(timed.sent_ns), self.config.min_rto_ns);
        } else {
            self.measure_echo(segment, now_ns);
        }
        self.establish(now_ns);
        self.note_window(segment);
        // Where both opened at once, the peer may not know yet that we heard its SYN.
        self.acks.now |= segment.flags.syn;
        Next::Continue
    }

    fn acknowledge(&mut self, segment: &Segment, ack: u64, now_ns: u64) {
        let window_before = self.send.window;
        self.update_window(segment, ack, now_ns);
        let sacked = self.take_sack(segment, ack);
        let outstanding = self.send.una < self.send.nxt;
        let bare = segment.payload.is_empty() && !segment.flags.fin;
        let same = ack == self.send.una && self.send.window == window_before;
        let told = self.negotiated.sack && !segment.options.sack.is_empty();
        let report = Report {
            ack,
            sacked,
            // Where SACK tells what arrived, nothing new means that nothing arrived (RFC 6675 section 2).
            duplicate: ack == self.send.una && outstanding && (sacked > 0 || (bare && same && !told)),
        };
        if ack > self.send.una {
            self.advance(segment, report, now_ns);
        } else if report.duplicate {
            self.counters.duplicate_acks_in += 1;
            self.on_duplicate(report);
        }
        self.unanswered.probes = 0;
        self.leave_closing_states(now_ns);
    }

    /// Takes the window from the newest segment (RFC 9293 section 3.10.7.4: SND.WL1, SND.WL2).
    fn update_window(&mut self, segment: &Segment, ack: u64, now_ns: u64) {
        let Ok(seq) = u64::try_from(self.receive.position(segment.seq)) else {
            return;
        };
        let newer = self.send.window_seq < seq;
        if !newer && (self.send.window_seq != seq || self.send.window_ack > ack) {
            return;
        }
        let was_closed = self.send.window == 0;
        self.note_window(segment);
        self.send.window_ack = ack;
        if was_closed && self.send.window > 0 {
            self.leave_persist(now_ns);
        }
    }

    pub(super) fn note_window(&mut self, segment: &Segment) {
        // A window on a SYN is never scaled (RFC 7323 section 2.2).
        let shift = if segment.flags.syn {
            0
        } else {
            self.negotiated.send_shift
        };
        self.send.window = u64::from(segment.window) << shift;
        self.send.max_window = self.send.max_window.max(self.send.window);
        self.send.window_seq = self.receive.position(segment.seq).max(0).cast_unsigned();
        self.send.window_ack = self.send.una;
    }

    /// New data is acknowledged.
    fn advance(&mut self, segment: &Segment, report: Report, now_ns: u64) {
        let ack = report.ack;
        let bytes = ack - self.send.una;
        self.send.una = ack;
        self.send.nxt = self.send.nxt.max(ack);
        self.send.queue.discard_to(ack);
        self.send.scoreboard.advance(ack);
        self.counters.bytes_acked += bytes;
        self.measure(segment, ack, now_ns);
        self.rtt.backoff = 0;
        self.unanswered.retries = 0;
        self.unanswered.waiting_ns = now_ns;
        self.soft_error = None;
        self.on_progress(bytes, report, now_ns);
    }

    /// Measures the round trip: of the segment that was timed, or by the echo of a timestamp where that was given up. Never of
    /// data that was sent twice without an echo (Karn, RFC 6298 section 3).
    fn measure(&mut self, segment: &Segment, ack: u64, now_ns: u64) {
        match self.send.timed {
            Some(timed) if ack >= timed.end => {
                self.send.timed = None;
                self.rtt
                    .measure(now_ns.saturating_sub(timed.sent_ns), self.config.min_rto_ns);
            }
            Some(_) => {}
            None => self.measure_echo(segment, now_ns),
        }
    }

    pub(super) fn measure_echo(&mut self, segment: &Segment, now_ns: u64) {
        let Some((_, echo)) = segment.options.timestamps.filter(|_| self.negotiated.timestamps) else {
            return;
        };
        let elapsed_ms = self.clock(now_ns).wrapping_sub(echo);
        if echo != 0 && elapsed_ms < MAX_ECHO_MS {
            self.rtt
                .measure(u64::from(elapsed_ms) * MILLISECOND_NS, self.config.min_rto_ns);
        }
    }

    /// The clock of timestamps (RFC 7323 section 4.1): milliseconds and the connection's offset.
    pub(in crate::tcp) const fn clock(&self, now_ns: u64) -> u32 {
        let milliseconds = (now_ns / MILLISECOND_NS) & 0xffff_ffff;
        (milliseconds as u32).wrapping_add(self.negotiated.timestamp_offset)
    }

    /// Starts, restarts or stops the timer after progress (RFC 6298 (5.2), (5.3)).
    pub(super) fn restart_retransmit(&mut self, now_ns: u64) {
        self.timers.retransmit = (self.send.una < self.send.nxt).then(|| now_ns + self.rtt.timeout_ns());
    }

    /// The states that an acknowledged FIN leads to.
    fn leave_closing_states(&mut self, now_ns: u64) {
        if !self.send.fin_is_acknowledged() {
            return;
        }
        match self.state {
            State::FinWait1 => {
                self.state = State::FinWait2;
                if self.orphaned {
                    self.timers.wait = Some(now_ns + self.config.fin_wait_2_ns);
                }
            }
            State::Closing => self.enter_time_wait(now_ns),
            State::LastAck => self.end(None),
            _ => {}
        }
    }

    /// Both directions are done with; what is still under way must not meet another connection.
    pub(super) fn enter_time_wait(&mut self, now_ns: u64) {
        self.state = State::TimeWait;
        self.recovery = Recovery::Open;
        self.timers.retransmit = None;
        self.timers.persist = None;
        self.timers.wait = Some(now_ns + self.config.time_wait_ns);
    }
}
