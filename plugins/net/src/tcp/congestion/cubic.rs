//! CUBIC (RFC 9438), in whole numbers: bytes, and microseconds for the cubic function. No float comes near it, so every
//! machine computes the same window.

use serde::{Deserialize, Serialize};

use super::Acked;

/// Beta: what a loss leaves of the window (RFC 9438 section 4.6), in tenths.
const BETA_TENTHS: u64 = 7;
/// C in segments per second cubed is 0.4 (RFC 9438 section 5.1): here as a fraction.
const C: (u128, u128) = (2, 5);
/// Microseconds in a second, cubed.
const CUBIC_SECOND: u128 = 1_000_000_000_000_000_000;
/// The time that the cubic function looks at, in microseconds, at most: an hour. Its value is far beyond any window then.
const MAX_TIME_US: u64 = 3_600_000_000;
/// The window of the Reno-friendly region is counted in parts of a byte, so that the growth of large windows is not lost.
const PARTS: u64 = 1 << 16;
/// The bound of that window, twice the largest that there is.
const MAX_FRIENDLY: u64 = PARTS * 2 * super::MAX_WINDOW_BYTES;

/// State of the algorithm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cubic {
    /// W_max: the window before the last reduction, or less of it with fast convergence, in bytes.
    largest: u64,
    /// cwnd_prior: the window before the last reduction, in bytes.
    prior: u64,
    /// The stage of congestion avoidance, once it has begun.
    epoch: Option<Epoch>,
    /// What the divisions of the window's growth left over: a numerator over the window.
    rest: u64,
}

/// A stage of congestion avoidance (RFC 9438 section 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Epoch {
    /// When it began, moved on by the time in which the window was not used (RFC 9438 section 4.2.1: `t` leaves it out).
    start_ns: u64,
    /// The last acknowledgement, in nanoseconds.
    seen_ns: u64,
    /// K: from the start to the plateau, in microseconds.
    plateau_us: u64,
    /// The window of the plateau, in bytes.
    plateau: u64,
    /// W_est: the window that Reno would have, in parts of a byte.
    friendly: u64,
}

impl Cubic {
    /// Grows the window in congestion avoidance (RFC 9438 sections 4.2 to 4.5).
    pub(super) fn grow(&mut self, window: &mut u64, acked: Acked) {
        let mut epoch = self.epoch.unwrap_or_else(|| self.begin(*window, acked));
        if !acked.limited {
            epoch.start_ns += acked.now_ns.saturating_sub(epoch.seen_ns);
            epoch.seen_ns = acked.now_ns;
            self.epoch = Some(epoch);
            return;
        }
        epoch.seen_ns = acked.now_ns;
        epoch.friendly = (epoch.friendly + self.friendly_step(epoch.friendly, *window, acked)).min(MAX_FRIENDLY);
        self.epoch = Some(epoch);

        let elapsed_us = acked.now_ns.saturating_sub(epoch.start_ns) / 1000;
        let friendly = epoch.friendly / PARTS;
        if epoch.at(elapsed_us, acked.smss) < friendly {
            *window = (*window).max(friendly);
            return;
        }
        let ahead = epoch.at(elapsed_us + acked.rtt_ns / 1000, acked.smss);
        let target = ahead.clamp(*window, *window + *window / 2);
        // (target - cwnd) / cwnd for each segment acknowledged, here for each byte.
        let growth = (target - *window) * acked.bytes + self.rest;
        self.rest = growth % *window;
        *window += growth / *window;
    }

    /// Begins a stage (RFC 9438 section 4.2).
    fn begin(&mut self, window: u64, acked: Acked) -> Epoch {
        self.rest = 0;
        let below = self.largest.saturating_sub(window);
        Epoch {
            start_ns: acked.now_ns,
            seen_ns: acked.now_ns,
            plateau_us: time_to_climb_us(below, acked.smss),
            plateau: self.largest.max(window),
            friendly: window * PARTS,
        }
    }

    /// How much Reno's window would grow, in parts of a byte (RFC 9438 section 4.3, equation 4).
    fn friendly_step(&self, friendly: u64, window: u64, acked: Acked) -> u64 {
        // alpha = 3 (1 - beta) / (1 + beta) = 9/17, and 1 once the window has its old size again.
        let (over, under) = if friendly / PARTS >= self.prior {
            (1, 1)
        } else {
            (9, 17)
        };
        over * acked.smss * acked.bytes * PARTS / (under * window)
    }

    /// A loss: answers the threshold, without its lower bound (RFC 9438 sections 4.6 and 4.7).
    pub(super) fn on_loss(&mut self, window: u64, flight_bytes: u64) -> u64 {
        self.epoch = None;
        self.prior = window;
        // Fast convergence: a window that did not get back to where it was makes room for others.
        self.largest = if window < self.largest {
            window * (10 + BETA_TENTHS) / 20
        } else {
            window
        };
        flight_bytes * BETA_TENTHS / 10
    }

    /// A timeout: the next stage starts from where slow start ends, with K = 0 (RFC 9438 section 4.8).
    pub(super) fn on_timeout(&mut self, flight_bytes: u64) -> u64 {
        self.epoch = None;
        self.prior = 0;
        self.largest = 0;
        flight_bytes * BETA_TENTHS / 10
    }

    /// Ends the stage: the time that passed since says nothing about the path.
    pub(super) const fn end_epoch(&mut self) {
        self.epoch = None;
    }
}

impl Epoch {
    /// W_cubic at a time since the stage began, in bytes (RFC 9438 equation 1).
    fn at(&self, elapsed_us: u64, smss: u64) -> u64 {
        let away = u128::from(elapsed_us.min(MAX_TIME_US).abs_diff(self.plateau_us));
        let distance = C.0 * u128::from(smss) * away.pow(3) / (C.1 * CUBIC_SECOND);
        let distance = u64::try_from(distance).unwrap_or(u64::MAX);
        if elapsed_us < self.plateau_us {
            self.plateau.saturating_sub(distance)
        } else {
            self.plateau.saturating_add(distance)
        }
    }
}

/// K: how long the cubic function takes to climb by so many bytes, in microseconds (RFC 9438 equation 2).
fn time_to_climb_us(bytes: u64, smss: u64) -> u64 {
    cube_root(u128::from(bytes) * CUBIC_SECOND * C.1 / (C.0 * u128::from(smss))).min(MAX_TIME_US)
}

/// The largest number whose cube is not above `value`, bit by bit from the top.
fn cube_root(value: u128) -> u64 {
    let mut root = 0u128;
    for bit in (0..42).rev() {
        let with = root | 1 << bit;
        if with.pow(3) <= value {
            root = with;
        }
    }
    root as u64
}

#[cfg(test)]
mod tests {
    use super::super::{Algorithm, Congestion, Kind};
    use super::*;
    use proptest::prelude::*;

    const RTT_NS: u64 = 100_000_000;

    fn acked(bytes: u64, now_ns: u64) -> Acked {
        Acked {
            bytes,
            smss: 1000,
            rtt_ns: RTT_NS,
            now_ns,
            limited: true,
            after_timeout: false,
        }
    }

    proptest! {
        #[test]
        fn cube_roots_are_exact(root in 0u64..1 << 41) {
            let cube = u128::from(root).pow(3);
            prop_assert_eq!(cube_root(cube), root);
            prop_assert_eq!(cube_root(cube + 1), root);
            if root > 0 {
                prop_assert_eq!(cube_root(cube - 1), root - 1);
            }
        }
    }

    /// A window of 1,000 segments that loses one: K = cbrt(1000 * 0.3 / 0.4) = 9.085 s.
    #[test]
    fn the_window_is_back_after_k() {
        let mut congestion = Congestion::new(Kind::Cubic, 1000);
        congestion.window = 1_000_000;
        congestion.on_loss(1_000_000, 1000);
        assert_eq!(congestion.window, 700_000);
        let mut now_ns = 0;
        while congestion.window < 999_500 {
            // A round trip's acknowledgements, two segments each.
            for _ in 0..congestion.window / 2000 {
                congestion.on_ack(acked(2000, now_ns));
            }
            now_ns += RTT_NS;
        }
        let Algorithm::Cubic(cubic) = congestion.algorithm else {
            panic!("CUBIC")
        };
        assert_eq!(cubic.epoch.unwrap().plateau_us, 9_085_602);
        let seconds = now_ns / 1_000_000_000;
        assert!((7..=9).contains(&seconds), "the plateau came after {seconds} s");
    }

    #[test]
    fn fast_convergence_gives_room() {
        let mut cubic = Cubic::default();
        cubic.on_loss(1_000_000, 1_000_000);
        assert_eq!(cubic.largest, 1_000_000);
        assert_eq!(cubic.on_loss(800_000, 800_000), 560_000);
        assert_eq!(cubic.largest, 680_000);
    }

    #[test]
    fn time_without_use_does_not_count() {
        let mut congestion = Congestion::new(Kind::Cubic, 1000);
        congestion.window = 100_000;
        congestion.on_loss(100_000, 1000);
        congestion.on_ack(acked(2000, 0));
        let before = congestion.window;
        congestion.on_ack(Acked {
            limited: false,
            ..acked(2000, 60_000_000_000)
        });
        congestion.on_ack(acked(2000, 60_001_000_000));
        assert!(congestion.window < before + 1000);
    }

    #[test]
    fn after_a_timeout_the_plateau_is_where_slow_start_ends() {
        let mut congestion = Congestion::new(Kind::Cubic, 1000);
        congestion.window = 100_000;
        congestion.on_timeout(100_000, 1000, true);
        assert_eq!((congestion.window, congestion.threshold), (1000, Some(70_000)));
        while congestion.in_slow_start() {
            congestion.on_ack(acked(2000, 0));
        }
        congestion.on_ack(acked(2000, 0));
        let Algorithm::Cubic(cubic) = congestion.algorithm else {
            panic!("CUBIC")
        };
        assert_eq!(cubic.epoch.unwrap().plateau_us, 0);
    }
}
