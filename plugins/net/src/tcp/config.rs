//! What a socket's owner may choose.

use serde::{Deserialize, Serialize};

use super::congestion::Kind;

/// Nanoseconds in a millisecond.
pub const MILLISECOND_NS: u64 = 1_000_000;
/// Nanoseconds in a second.
pub const SECOND_NS: u64 = 1_000_000_000;
/// The smallest buffer that may be set, in bytes.
pub const MIN_BUFFER_BYTES: u32 = 2 << 10;
/// The largest buffer that may be set, in bytes.
pub const MAX_BUFFER_BYTES: u32 = 4 << 20;
/// The MSS of a path of 1,500 bytes.
pub const DEFAULT_MSS: u16 = 1460;
/// The MSS of a peer that names none (RFC 9293 section 3.7.1).
pub const FALLBACK_MSS: u16 = 536;
/// The smallest MSS that we take from a peer, in bytes. A peer that asks for less would have us send headers mostly.
pub const MIN_MSS: u16 = 48;
/// The longest that the retransmission timeout grows, in nanoseconds (RFC 6298 (2.5): at least 60 s).
pub const MAX_RTO_NS: u64 = 120 * SECOND_NS;
/// The longest of the waits that may be set: 13 days, in nanoseconds. Deadlines stay far below 2^53 so.
pub const MAX_WAIT_NS: u64 = 1 << 50;
/// How long an acknowledgement waits for company, in nanoseconds (RFC 9293 section 3.8.6.3: less than 500 ms).
pub const DELAYED_ACK_NS: u64 = 40 * MILLISECOND_NS;

/// When to ask a silent peer whether it is there (RFC 9293 section 3.8.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepAlive {
    /// Silence before the first question, in nanoseconds.
    pub idle_ns: u64,
    /// Between questions, in nanoseconds.
    pub interval_ns: u64,
    /// Unanswered questions before the connection ends.
    pub count: u32,
}

impl Default for KeepAlive {
    fn default() -> Self {
        Self {
            idle_ns: 7_200 * SECOND_NS,
            interval_ns: 75 * SECOND_NS,
            count: 9,
        }
    }
}

/// The settings of a socket. Those of the handshake (`mss`, `timestamps`, `sack`, `window_scaling`) count when it is opened;
/// the others may change at any time through [`super::Connection::configure`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Send small segments at once: no Nagle (RFC 9293 section 3.7.4).
    pub nodelay: bool,
    /// Ask a silent peer; off where `None`.
    pub keepalive: Option<KeepAlive>,
    /// The congestion control.
    pub congestion: Kind,
    /// Data that a send takes beyond what is acknowledged, in bytes.
    pub send_buffer_bytes: u32,
    /// Data that is held for the user, and so the largest window, in bytes. The scale of windows is settled by what is set when
    /// the socket is opened: what is set above twice of that later is of no use.
    pub receive_buffer_bytes: u32,
    /// How long data may stay unacknowledged before the connection ends (RFC 5482), in nanoseconds.
    pub user_timeout_ns: Option<u64>,
    /// How long a close waits for the data to be acknowledged, in seconds. 0 resets the connection instead; waiting is the
    /// caller's part.
    pub linger_seconds: Option<u32>,
    /// The MSS that we announce, in bytes: the interface's MTU less 40.
    pub mss: u16,
    /// Offer and take timestamps (RFC 7323 section 3).
    pub timestamps: bool,
    /// Offer and take selective acknowledgements (RFC 2018).
    pub sack: bool,
    /// Offer and take scaled windows (RFC 7323 section 2).
    pub window_scaling: bool,
    /// Let an acknowledgement wait for company (RFC 9293 section 3.8.6.3).
    pub delayed_ack: bool,
    /// Repetitions of SYN, and of SYN-ACK, before the attempt ends. 7 make 247 s; Linux's 6 fall short of the three minutes
    /// that RFC 9293 section 3.8.3 demands.
    pub syn_retries: u8,
    /// Repetitions of data before the connection ends: R2 of RFC 9293 section 3.8.3.
    pub retries: u8,
    /// The least that the timeout exceeds the smoothed round trip, in nanoseconds. RFC 6298 (2.4) says a second; 200 ms is
    /// what stacks in use do.
    pub min_rto_ns: u64,
    /// The time in TIME-WAIT: two maximum segment lifetimes, in nanoseconds.
    pub time_wait_ns: u64,
    /// How long a closed socket waits in FIN-WAIT-2 for the peer's FIN, in nanoseconds.
    pub fin_wait_2_ns: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            nodelay: false,
            keepalive: None,
            congestion: Kind::Cubic,
            send_buffer_bytes: 1 << 20,
            receive_buffer_bytes: 1 << 20,
            user_timeout_ns: None,
            linger_seconds: None,
            mss: DEFAULT_MSS,
            timestamps: true,
            sack: true,
            window_scaling: true,
            delayed_ack: true,
            syn_retries: 7,
            retries: 15,
            min_rto_ns: 200 * MILLISECOND_NS,
            time_wait_ns: 60 * SECOND_NS,
            fin_wait_2_ns: 60 * SECOND_NS,
        }
    }
}

impl Config {
    /// The same settings with each number inside its bounds.
    #[must_use]
    pub fn clamped(mut self) -> Self {
        self.send_buffer_bytes = self.send_buffer_bytes.clamp(MIN_BUFFER_BYTES, MAX_BUFFER_BYTES);
        self.receive_buffer_bytes = self.receive_buffer_bytes.clamp(MIN_BUFFER_BYTES, MAX_BUFFER_BYTES);
        self.mss = self.mss.max(MIN_MSS);
        self.min_rto_ns = self.min_rto_ns.clamp(MILLISECOND_NS, MAX_RTO_NS);
        self.time_wait_ns = self.time_wait_ns.min(MAX_WAIT_NS);
        self.fin_wait_2_ns = self.fin_wait_2_ns.min(MAX_WAIT_NS);
        self.user_timeout_ns = self.user_timeout_ns.map(|wait_ns| wait_ns.min(MAX_WAIT_NS));
        if let Some(keepalive) = &mut self.keepalive {
            keepalive.idle_ns = keepalive.idle_ns.clamp(SECOND_NS, MAX_WAIT_NS);
            keepalive.interval_ns = keepalive.interval_ns.clamp(SECOND_NS, MAX_WAIT_NS);
        }
        self
    }

    /// The shift with which the whole receive buffer can be announced in 16 bits (RFC 7323 section 2.3).
    #[must_use]
    pub const fn window_shift(&self) -> u8 {
        let mut shift = 0;
        while shift < 14 && (self.receive_buffer_bytes >> shift) > 0xffff {
            shift += 1;
        }
        shift
    }
}
