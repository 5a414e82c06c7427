//! What to do when nothing comes: retransmission (RFC 6298), probes of a closed window (RFC 9293 section 3.8.6.1), questions to
//! a silent peer (section 3.8.4), the user's patience (RFC 5482), the end of TIME-WAIT.
//!
//! A connection that is idle has no timer at all, unless it was told to ask its peer.

use super::connection::{Connection, Recovery};
use super::state::{State, TcpError};

/// Repetitions before a connection that nobody owns ends, at most.
const ORPHAN_RETRIES: u8 = 8;

impl Connection {
    /// When [`Self::on_timer`] is to be called, in nanoseconds; valid once there is nothing to fetch. Calling earlier does no
    /// harm, so a deadline that has moved need not be taken back.
    #[must_use]
    pub fn next_timer_ns(&self) -> Option<u64> {
        let timers = &self.timers;
        let all = [
            timers.retransmit,
            timers.persist,
            timers.delayed_ack,
            timers.wait,
            self.question_deadline(),
            self.user_deadline(),
        ];
        all.into_iter().flatten().min()
    }

    /// Does what is due. Afterwards there may be something to fetch.
    pub fn on_timer(&mut self, now_ns: u64) {
        let due = |deadline: Option<u64>| deadline.is_some_and(|at| at <= now_ns);
        if due(self.timers.wait) {
            self.end(None);
            return;
        }
        if due(self.user_deadline()) {
            self.fail();
            return;
        }
        if due(self.timers.delayed_ack) {
            self.timers.delayed_ack = None;
            self.acks.now = true;
        }
        if due(self.timers.persist) {
            self.on_persist();
        }
        if due(self.timers.retransmit) {
            self.on_timeout(now_ns);
        }
        if due(self.question_deadline()) {
            self.on_silence(now_ns);
        }
    }

    /// The peer does not answer: the reason is what ICMP said, if it said anything.
    fn fail(&mut self) {
        let error = self.soft_error.take().unwrap_or(TcpError::TimedOut);
        self.end(Some(error));
    }

    /// A retransmission timed out (RFC 6298 (5.4) to (5.7)).
    fn on_timeout(&mut self, now_ns: u64) {
        if self.unanswered.retries >= self.retry_limit() {
            self.fail();
            return;
        }
        self.unanswered.retries += 1;
        self.counters.timeouts += 1;
        self.rtt.back_off();
        self.send.timed = None;
        self.timers.retransmit = Some(now_ns + self.rtt.timeout_ns());
        if self.state.is_synchronised() {
            self.repeat_all();
        } else {
            self.handshake_due = true;
        }
    }

    fn retry_limit(&self) -> u8 {
        if !self.state.is_synchronised() {
            self.config.syn_retries
        } else if self.orphaned {
            self.config.retries.min(ORPHAN_RETRIES)
        } else {
            self.config.retries
        }
    }

    /// All data on its way is taken for lost and sent again from the first on, as slow start lets it (RFC 5681 section 3.1,
    /// RFC 6675 section 5.1). No fast recovery begins before it is through (RFC 6582 section 4).
    fn repeat_all(&mut self) {
        let flight = self.flight_bytes();
        let first = self.unanswered.retries == 1;
        self.congestion.on_timeout(flight, self.smss(), first);
        let send = &mut self.send;
        if send.scoreboard.is_reneged(send.una) {
            send.scoreboard.forget();
        }
        send.scoreboard.give_up(send.una, send.nxt);
        send.repeat_first = false;
        self.recovery = Recovery::Timeout { point: send.nxt };
        self.unanswered.recover = send.nxt;
        self.unanswered.duplicates = 0;
    }

    /// After everything was fetched: where the peer's window holds back all that waits and nothing is on its way that would
    /// bring an answer, a probe is due after a while. The same timer sends what is too little for a segment but all that the
    /// window takes (RFC 9293 section 3.8.6.2.1 (4)).
    pub(super) fn schedule_probe(&mut self, now_ns: u64) {
        let waits = self.state.may_transmit() && self.has_something_waiting();
        let idle = self.send.una == self.send.nxt;
        if !waits || (self.send.window > 0 && !idle) {
            self.timers.persist = None;
            return;
        }
        self.timers.retransmit = None;
        if self.timers.persist.is_none() {
            if idle && self.unanswered.probes == 0 {
                self.unanswered.waiting_ns = now_ns;
            }
            self.timers.persist = Some(now_ns + self.rtt.timeout_ns());
        }
    }

    /// A closed window may stay closed for ever, as long as the peer answers (RFC 9293 section 3.8.6.1).
    fn on_persist(&mut self) {
        self.timers.persist = None;
        let limit = self.retry_limit();
        if self.unanswered.probes >= limit {
            self.fail();
            return;
        }
        self.unanswered.probes += 1;
        self.rtt.back_off();
        self.send.probe_due = true;
    }

    /// The window has opened.
    pub(super) fn leave_persist(&mut self, now_ns: u64) {
        self.timers.persist = None;
        self.unanswered.probes = 0;
        self.rtt.backoff = 0;
        self.send.probe_due = false;
        if self.send.una < self.send.nxt {
            self.timers.retransmit = Some(now_ns + self.rtt.timeout_ns());
        }
    }

    /// When to ask: only where nothing is on its way or waits, for then other timers find out.
    fn question_deadline(&self) -> Option<u64> {
        let keepalive = self.config.keepalive?;
        let asks = self.state.is_synchronised() && self.state != State::TimeWait && !self.has_something_waiting();
        let deadline = if self.unanswered.questions == 0 {
            self.unanswered.heard_ns + keepalive.idle_ns
        } else {
            self.unanswered.question_ns + keepalive.interval_ns
        };
        asks.then_some(deadline)
    }

    fn on_silence(&mut self, now_ns: u64) {
        let limit = self.config.keepalive.map_or(0, |keepalive| keepalive.count);
        if self.unanswered.questions >= limit {
            self.fail();
            self.reset_due = true;
            return;
        }
        self.unanswered.questions += 1;
        self.unanswered.question_ns = now_ns;
        self.send.question_due = true;
    }

    /// When the user's patience ends (RFC 5482).
    fn user_deadline(&self) -> Option<u64> {
        let patience_ns = self.config.user_timeout_ns?;
        let waits = self.send.una < self.send.nxt || self.timers.persist.is_some();
        let counts = waits && !matches!(self.state, State::Closed | State::TimeWait);
        counts.then_some(self.unanswered.waiting_ns + patience_ns)
    }
}
