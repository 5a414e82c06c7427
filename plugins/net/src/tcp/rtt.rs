//! The round trip and the retransmission timeout (RFC 6298).

use serde::{Deserialize, Serialize};

use super::config::{MAX_RTO_NS, MILLISECOND_NS, SECOND_NS};

/// The timeout before the first measurement (RFC 6298 (2.1)), in nanoseconds.
pub const INITIAL_RTO_NS: u64 = SECOND_NS;
/// The timeout of data after SYN itself had timed out and nothing was measured (RFC 6298 (5.7)), in nanoseconds.
pub const CAUTIOUS_RTO_NS: u64 = 3 * SECOND_NS;

/// What is known of the round trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundTrip {
    /// Smoothed round trip, in nanoseconds; nothing before the first measurement.
    pub smoothed_ns: Option<u64>,
    /// Its variation, in nanoseconds.
    pub variation_ns: u64,
    /// The least that was measured, in nanoseconds.
    pub least_ns: Option<u64>,
    /// The timeout without backoff, in nanoseconds.
    base_ns: u64,
    /// How often the timeout was doubled since the last measurement or progress.
    pub backoff: u8,
}

impl Default for RoundTrip {
    fn default() -> Self {
        Self {
            smoothed_ns: None,
            variation_ns: 0,
            least_ns: None,
            base_ns: INITIAL_RTO_NS,
            backoff: 0,
        }
    }
}

impl RoundTrip {
    /// Takes a measurement (RFC 6298 (2.2), (2.3)).
    ///
    /// The lower bound holds for the variation's part alone, as in the stacks in use, so that the timeout of a long path
    /// leaves room for a delayed acknowledgement.
    pub fn measure(&mut self, sample_ns: u64, min_rto_ns: u64) {
        let sample_ns = sample_ns.min(MAX_RTO_NS);
        let smoothed_ns = match self.smoothed_ns {
            None => {
                self.variation_ns = sample_ns / 2;
                sample_ns
            }
            Some(smoothed_ns) => {
                self.variation_ns = (3 * self.variation_ns + smoothed_ns.abs_diff(sample_ns)) / 4;
                (7 * smoothed_ns + sample_ns) / 8
            }
        };
        self.smoothed_ns = Some(smoothed_ns);
        self.least_ns = Some(self.least_ns.map_or(sample_ns, |least_ns| least_ns.min(sample_ns)));
        let spread_ns = (4 * self.variation_ns).max(MILLISECOND_NS).max(min_rto_ns);
        self.base_ns = (smoothed_ns + spread_ns).min(MAX_RTO_NS);
    }

    /// The timeout with its backoff, in nanoseconds.
    #[must_use]
    pub const fn timeout_ns(&self) -> u64 {
        let doubled = if self.backoff >= 20 {
            MAX_RTO_NS
        } else {
            self.base_ns << self.backoff
        };
        if doubled > MAX_RTO_NS { MAX_RTO_NS } else { doubled }
    }

    /// Doubles the timeout (RFC 6298 (5.5)).
    pub const fn back_off(&mut self) {
        self.backoff = self.backoff.saturating_add(1);
    }

    /// The handshake is done; where SYN had to be repeated, nothing was measured and more caution is due.
    pub fn begin_data(&mut self, syn_was_repeated: bool) {
        self.backoff = 0;
        if syn_was_repeated && self.smoothed_ns.is_none() {
            self.base_ns = CAUTIOUS_RTO_NS;
        }
    }

    /// The smoothed round trip, or the timeout's guess, in nanoseconds.
    #[must_use]
    pub fn estimate_ns(&self) -> u64 {
        self.smoothed_ns.unwrap_or(self.base_ns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimator_of_rfc_6298() {
        let mut rtt = RoundTrip::default();
        assert_eq!(rtt.timeout_ns(), SECOND_NS);
        rtt.measure(100 * MILLISECOND_NS, MILLISECOND_NS);
        assert_eq!(
            (rtt.smoothed_ns, rtt.variation_ns),
            (Some(100_000_000), 50 * MILLISECOND_NS)
        );
        assert_eq!(rtt.timeout_ns(), 300 * MILLISECOND_NS);
        rtt.measure(60 * MILLISECOND_NS, MILLISECOND_NS);
        assert_eq!((rtt.smoothed_ns, rtt.variation_ns), (Some(95_000_000), 47_500_000));
        assert_eq!(rtt.timeout_ns(), 285 * MILLISECOND_NS);
    }

    #[test]
    fn the_timeout_doubles_up_to_its_bound() {
        let mut rtt = RoundTrip::default();
        let mut seen = Vec::new();
        for _ in 0..9 {
            seen.push(rtt.timeout_ns() / SECOND_NS);
            rtt.back_off();
        }
        assert_eq!(seen, [1, 2, 4, 8, 16, 32, 64, 120, 120]);
        rtt.backoff = u8::MAX;
        rtt.back_off();
        assert_eq!(rtt.timeout_ns(), MAX_RTO_NS);
    }

    #[test]
    fn a_repeated_syn_asks_for_caution() {
        let mut rtt = RoundTrip::default();
        rtt.back_off();
        rtt.begin_data(true);
        assert_eq!(rtt.timeout_ns(), CAUTIOUS_RTO_NS);
    }
}
