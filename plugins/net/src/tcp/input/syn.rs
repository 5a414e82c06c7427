//! The handshake: SYN-SENT (RFC 9293 section 3.10.7.3), what a SYN's options settle, and the step into ESTABLISHED.

use crate::tcp::config::{FALLBACK_MSS, MIN_MSS};
use crate::tcp::congestion::Congestion;
use crate::tcp::connection::{Connection, Timers};
use crate::tcp::state::{State, TcpError};
use crate::wire::tcp::{Options, Segment};

/// Segments that are acknowledged at once when a connection is new or wakes up, at most.
const QUICK_ACKS: u64 = 16;

impl Connection {
    /// The five steps of RFC 9293 section 3.10.7.3.
    pub(super) fn in_syn_sent(&mut self, segment: &Segment, now_ns: u64) {
        let flags = segment.flags;
        // SYN is all that we have sent, so one number alone is acceptable.
        let acceptable = flags.ack && self.send.nxt == 1 && self.send.position(segment.ack) == 1;
        if flags.ack && !acceptable {
            self.counters.dropped += 1;
            if !flags.rst {
                self.stray_reset = Some(segment.ack);
            }
            return;
        }
        if flags.rst {
            // Without an acknowledgement anybody could have sent it.
            if acceptable {
                self.end(Some(TcpError::Refused));
            } else {
                self.counters.dropped += 1;
            }
            return;
        }
        if !flags.syn {
            self.counters.dropped += 1;
            return;
        }
        self.take_syn(segment, now_ns);
        if acceptable {
            self.send.una = 1;
            self.note_window(segment);
            self.measure_handshake(segment, now_ns);
            self.establish(now_ns);
            self.acks.now = true;
            // Whatever else the segment holds is taken as in any other state.
            self.take_text(segment, now_ns);
            self.take_fin(segment, now_ns);
        } else {
            // Both opened at once: our SYN again, now with an acknowledgement.
            self.state = State::SynReceived;
            self.handshake_due = true;
        }
    }

    /// Takes a SYN: the peer's first number, its options, its first window, which is never scaled.
    pub(in crate::tcp) fn take_syn(&mut self, syn: &Segment, now_ns: u64) {
        self.receive.initial = syn.seq;
        self.receive.nxt = 1;
        self.acks.sent = 1;
        self.negotiate(&syn.options, now_ns);
        self.receive.open_window(self.config.receive_buffer_bytes);
        self.send.window = u64::from(syn.window);
        self.send.max_window = self.send.window;
        self.unanswered.heard_ns = now_ns;
    }

    /// What both understand holds (RFC 9293 section 3.7.1, RFC 7323 sections 2 and 3, RFC 2018 section 2).
    pub(in crate::tcp) fn negotiate(&mut self, options: &Options, now_ns: u64) {
        self.send.peer_mss = options.mss.unwrap_or(FALLBACK_MSS).max(MIN_MSS);
        // We send nothing larger than we announce: both come from the interface.
        self.send.mss = self.send.peer_mss.min(self.config.mss);
        self.negotiated.sack = self.config.sack && options.sack_permitted;
        if let Some(shift) = options.window_scale.filter(|_| self.config.window_scaling) {
            self.negotiated.scaling = true;
            self.negotiated.send_shift = shift.min(14);
        }
        if let Some((value, _)) = options.timestamps.filter(|_| self.config.timestamps) {
            self.negotiated.timestamps = true;
            self.receive.stamp = value;
            self.receive.stamp_ns = now_ns;
        }
    }

    fn measure_handshake(&mut self, segment: &Segment, now_ns: u64) {
        if let Some(timed) = self.send.timed.take() {
            self.rtt.measure(now_ns - timed.sent_ns, self.config.min_rto_ns);
        } else {
            self.measure_echo(segment, now_ns);
        }
    }

    /// Enters ESTABLISHED, or FIN-WAIT-1 where the user has closed already.
    pub(in crate::tcp) fn establish(&mut self, now_ns: u64) {
        let smss = self.smss();
        self.congestion = Congestion::new(self.config.congestion, smss);
        // One lost SYN may have been a late one, since its timeout is short; two are a sign of congestion (RFC 6928
        // section 2, RFC 5681 section 3.1).
        if self.unanswered.retries > 1 {
            self.congestion.window = smss;
        }
        self.rtt.begin_data(self.unanswered.retries > 0);
        self.unanswered.retries = 0;
        self.unanswered.waiting_ns = now_ns;
        self.timers = Timers::default();
        self.handshake_due = false;
        self.send.sent_ns = now_ns;
        self.receive.data_ns = now_ns;
        self.rearm_quick_acks();
        self.state = State::Established;
        if self.send.fin_queued {
            self.state = State::FinWait1;
        }
    }

    /// The next segments are acknowledged at once, so that the sender's window opens quickly: as many as fill half of our
    /// window, as Linux does it.
    pub(super) fn rearm_quick_acks(&mut self) {
        let segments = self.receive.window() / (2 * self.receive.full_bytes);
        self.acks.quick = segments.clamp(2, QUICK_ACKS) as u8;
    }
}
