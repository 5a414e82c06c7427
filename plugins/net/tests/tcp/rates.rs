//! Rates against the equations that describe them: the whole of a clean link; Padhye's equation for Reno (RFC 5348 section
//! 3.1); the response functions of CUBIC (RFC 9438 section 5).
//!
//! `HELIOS_RATES=full` runs the figures of the report: 20 seeds of 300 virtual seconds for each row.

use helios_net::tcp::{Config, CongestionKind};

use crate::link::Conditions;
use crate::random::Random;
use crate::sim::{Ours, Sim, User, ends, reversed};

const SECOND_NS: u64 = 1_000_000_000;
/// Data of a segment on a path of 1,500 bytes with timestamps.
const SEGMENT_BYTES: f64 = 1448.0;

/// What a bulk transfer measured.
#[derive(Clone, Copy, Debug)]
struct Measured {
    bytes_per_second: f64,
    /// Loss events for each segment that was sent: of losses in a row of one round trip one counts (RFC 5348 section 5.2).
    event_rate: f64,
    /// Timeouts among the loss events.
    timeouts: f64,
    rtt_s: f64,
    rto_s: f64,
}

fn transfer(config: Config, conditions: Conditions, seconds: u64, seed: u64) -> Measured {
    let client = Ours::client(config, ends(), 0);
    let server = Ours::server(config, reversed(ends()));
    let mut users = [
        User::new(1, u64::MAX >> 12, Random::new(seed, 1)),
        User::new(2, 0, Random::new(seed, 2)),
    ];
    users[1].shut = true;
    for user in &mut users {
        user.keep = false;
    }
    let back = Conditions { loss: 0, ..conditions };
    let mut sim = Sim::new(client, server, users, [conditions, back], seed);
    sim.run_until(seconds * SECOND_NS);
    let info = sim.a.connection().info();
    let events = (info.recoveries + info.timeouts) as f64;
    Measured {
        bytes_per_second: sim.users[1].received_bytes as f64 / seconds as f64,
        event_rate: events / info.data_segments_out as f64,
        timeouts: info.timeouts as f64 / events.max(1.0),
        rtt_s: info.srtt_ns as f64 / 1e9,
        rto_s: info.srtt_ns as f64 / 1e9 + 0.2,
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn a_clean_link_is_used_whole() {
    for congestion in [CongestionKind::NewReno, CongestionKind::Cubic] {
        let config = Config { congestion, ..Config::default() };
        let conditions = Conditions {
            delay_ns: 10_000_000,
            bits_per_second: 100_000_000,
            queue_bytes: 250_000,
            ..Conditions::default()
        };
        let measured = transfer(config, conditions, 20, 1);
        // Of 1538 bytes on the line 1448 are data.
        let whole = 100e6 / 8.0 * 1448.0 / 1538.0;
        let share = measured.bytes_per_second / whole;
        println!("{congestion:?}: {:.1} % of the link, {measured:?}", 100.0 * share);
        assert!(share >= 0.95, "{congestion:?} uses {share} of the link");
    }
}

fn lossy(loss_millionths: u64, rtt_ms: u64) -> Conditions {
    Conditions {
        delay_ns: rtt_ms * 500_000,
        bits_per_second: 100_000_000,
        loss: loss_millionths,
        ..Conditions::default()
    }
}

/// Padhye's equation in the form of RFC 5348 section 3.1, in bytes per second.
fn padhye(p: f64, rtt_s: f64, rto_s: f64, b: f64) -> f64 {
    let steady = rtt_s * (2.0 * b * p / 3.0).sqrt();
    let timeouts = rto_s * 3.0 * (3.0 * b * p / 8.0).sqrt() * p * (1.0 + 32.0 * p * p);
    SEGMENT_BYTES / (steady + timeouts)
}

#[test]
fn explore() {
    for (congestion, every, rtt) in [
        (CongestionKind::Cubic, 100, 20),
        (CongestionKind::NewReno, 100, 20),
        (CongestionKind::NewReno, 1000, 20),
        (CongestionKind::Cubic, 10_000, 100),
        (CongestionKind::Cubic, 10_000, 40),
        (CongestionKind::Cubic, 3_000, 100),
    ] {
        let config = Config { congestion, send_buffer_bytes: 4 << 20, receive_buffer_bytes: 4 << 20, ..Config::default() };
        let conditions = Conditions { loss: 0, loss_every: every, ..lossy(0, rtt) };
        let m = transfer(config, conditions, 600, 0);
        let (rate, rtt_s, event) = (m.bytes_per_second, m.rtt_s, m.event_rate);
        let p = 1.0 / every as f64;
        let cubic = (0.4f64 * 3.7 / (4.0 * 0.3)).powf(0.25) * rtt_s.powf(0.75) / p.powf(0.75) / rtt_s * SEGMENT_BYTES;
        println!("{congestion:?} sack every {every} rtt {rtt} event {event:.6} timeouts {:.3} rtt {rtt_s:.4} rate {rate:.0} reno {:.3} cubic {:.3}", m.timeouts,
            rate / (SEGMENT_BYTES / rtt_s * (1.5 / p).sqrt()), rate / cubic);
    }
}
