//! Congestion control: how much may be on its way at once (RFC 5681), whatever the algorithm.
//!
//! All windows are in bytes. The algorithms differ in how the window grows once slow start is over and how far it shrinks at
//! a loss; what is lost, and what to send when, is not their business.

mod cubic;
mod newreno;

use serde::{Deserialize, Serialize};

pub use cubic::Cubic;
pub use newreno::NewReno;

/// Segments of the initial window (RFC 6928).
const INITIAL_SEGMENTS: u64 = 10;
/// The initial window in bytes, for segments of any size (RFC 6928).
const INITIAL_BYTES: u64 = 14_600;
/// Segments that one acknowledgement may count for in slow start: L of RFC 3465 section 2.2.
const ACK_LIMIT: u64 = 2;
/// The window's bound in bytes, far above what any buffer lets be on its way.
const MAX_WINDOW_BYTES: u64 = 1 << 30;

/// The name of an algorithm, as a socket's option gives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// RFC 5681 and RFC 6582.
    NewReno,
    /// RFC 9438.
    #[default]
    Cubic,
}

/// An algorithm's own state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// RFC 5681.
    NewReno(NewReno),
    /// RFC 9438.
    Cubic(Cubic),
}

impl Algorithm {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::NewReno => Self::NewReno(NewReno::default()),
            Kind::Cubic => Self::Cubic(Cubic::default()),
        }
    }
}

/// What an acknowledgement says to congestion control.
#[derive(Clone, Copy, Debug)]
pub struct Acked {
    /// Bytes that it acknowledged for the first time.
    pub bytes: u64,
    /// The sender's maximum segment size, in bytes.
    pub smss: u64,
    /// The round trip, in nanoseconds.
    pub rtt_ns: u64,
    /// Now, in nanoseconds.
    pub now_ns: u64,
    /// The window was what held the sender back. A window that is not used says nothing, and does not grow.
    pub limited: bool,
    /// The sender repeats what a timeout gave up: slow start counts each acknowledgement once (RFC 3465 section 2.3).
    pub after_timeout: bool,
}

/// The congestion window and its threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Congestion {
    /// The window, in bytes.
    pub window: u64,
    /// Where slow start ends, in bytes; nothing is known at first.
    pub threshold: Option<u64>,
    /// The algorithm.
    pub algorithm: Algorithm,
}

/// The initial window (RFC 6928), in bytes.
#[must_use]
pub const fn initial_window(smss: u64) -> u64 {
    let floor = if 2 * smss > INITIAL_BYTES {
        2 * smss
    } else {
        INITIAL_BYTES
    };
    if INITIAL_SEGMENTS * smss < floor {
        INITIAL_SEGMENTS * smss
    } else {
        floor
    }
}

impl Congestion {
    /// The state of a new connection.
    #[must_use]
    pub fn new(kind: Kind, smss: u64) -> Self {
        Self {
            window: initial_window(smss),
            threshold: None,
            algorithm: Algorithm::new(kind),
        }
    }

    /// The algorithm's name.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self.algorithm {
            Algorithm::NewReno(_) => Kind::NewReno,
            Algorithm::Cubic(_) => Kind::Cubic,
        }
    }

    /// Takes another algorithm, which starts from the window that there is.
    pub fn choose(&mut self, kind: Kind) {
        if self.kind() != kind {
            self.algorithm = Algorithm::new(kind);
        }
    }

    /// Whether the window grows exponentially.
    #[must_use]
    pub fn in_slow_start(&self) -> bool {
        self.threshold.is_none_or(|threshold| self.window < threshold)
    }

    /// Grows the window for data that was acknowledged in order.
    pub fn on_ack(&mut self, mut acked: Acked) {
        if acked.limited && self.in_slow_start() {
            let limit = if acked.after_timeout { 1 } else { ACK_LIMIT };
            let step = acked.bytes.min(limit * acked.smss);
            let room = self
                .threshold
                .map_or(u64::MAX, |threshold| threshold.saturating_sub(self.window));
            self.window += step.min(room);
            acked.bytes = step.saturating_sub(room);
        }
        if !self.in_slow_start() && acked.bytes > 0 {
            match &mut self.algorithm {
                Algorithm::NewReno(reno) => reno.grow(&mut self.window, acked),
                Algorithm::Cubic(cubic) => cubic.grow(&mut self.window, acked),
            }
        }
        self.window = self.window.min(MAX_WINDOW_BYTES);
    }

    /// Shrinks threshold and window: duplicate acknowledgements told of a loss (RFC 5681 section 3.2 step 2).
    pub fn on_loss(&mut self, flight_bytes: u64, smss: u64) {
        let threshold = match &mut self.algorithm {
            Algorithm::NewReno(reno) => reno.on_loss(flight_bytes),
            Algorithm::Cubic(cubic) => cubic.on_loss(self.window, flight_bytes),
        };
        self.threshold = Some(threshold.max(2 * smss));
        self.window = threshold.max(2 * smss);
    }

    /// A retransmission timed out (RFC 5681 section 3.1). Only the first of the same data moves the threshold.
    pub fn on_timeout(&mut self, flight_bytes: u64, smss: u64, first: bool) {
        if first {
            let threshold = match &mut self.algorithm {
                Algorithm::NewReno(reno) => reno.on_loss(flight_bytes),
                Algorithm::Cubic(cubic) => cubic.on_timeout(flight_bytes),
            };
            self.threshold = Some(threshold.max(2 * smss));
        }
        self.window = smss;
    }

    /// Nothing was sent for longer than a timeout: what the window says is stale (RFC 5681 section 4.1).
    pub fn restart(&mut self, smss: u64) {
        self.window = self.window.min(initial_window(smss));
        if let Algorithm::Cubic(cubic) = &mut self.algorithm {
            cubic.end_epoch();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tcp::config::MILLISECOND_NS;

    fn acked(bytes: u64) -> Acked {
        Acked {
            bytes,
            smss: 1000,
            rtt_ns: 100 * MILLISECOND_NS,
            now_ns: 0,
            limited: true,
            after_timeout: false,
        }
    }

    #[test]
    fn the_initial_window_of_rfc_6928() {
        assert_eq!(initial_window(1460), 14_600);
        assert_eq!(initial_window(536), 5_360);
        assert_eq!(initial_window(9000), 18_000);
    }

    #[test]
    fn slow_start_counts_bytes_up_to_its_limit() {
        let mut congestion = Congestion::new(Kind::NewReno, 1000);
        congestion.on_ack(acked(500));
        assert_eq!(congestion.window, 10_500);
        congestion.on_ack(acked(9000));
        assert_eq!(congestion.window, 12_500);
        congestion.on_ack(Acked {
            after_timeout: true,
            ..acked(9000)
        });
        assert_eq!(congestion.window, 13_500);
    }

    #[test]
    fn an_unused_window_does_not_grow() {
        let mut congestion = Congestion::new(Kind::NewReno, 1000);
        congestion.on_ack(Acked {
            limited: false,
            ..acked(2000)
        });
        assert_eq!(congestion.window, 10_000);
    }

    #[test]
    fn the_second_timeout_keeps_the_threshold() {
        let mut congestion = Congestion::new(Kind::NewReno, 1000);
        congestion.on_timeout(10_000, 1000, true);
        assert_eq!((congestion.window, congestion.threshold), (1000, Some(5000)));
        congestion.on_timeout(1000, 1000, false);
        assert_eq!((congestion.window, congestion.threshold), (1000, Some(5000)));
    }
}
