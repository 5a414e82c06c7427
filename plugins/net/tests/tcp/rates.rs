//! Rates against the equations that describe them: the whole of a clean link; Padhye's equation for Reno (RFC 5348 section
//! 3.1); the response functions of CUBIC (RFC 9438 section 5).
//!
//! `HELIOS_RATES=full` runs the figures of the report, 20 seeds of 300 virtual seconds for each row, and prints them.
//!
//! Padhye's `b`, the segments that one acknowledgement covers, is 1: windows here grow by acknowledged bytes (RFC 3465), so
//! that delayed acknowledgements do not slow them, which is what `b = 2` describes.

use helios_net::tcp::{Config, CongestionKind};

use crate::link::Conditions;
use crate::random::Random;
use crate::sim::{Ours, Sim, User, ends, reversed};

const SECOND_NS: u64 = 1_000_000_000;
/// Data of a segment on a path of 1,500 bytes with timestamps.
const SEGMENT_BYTES: f64 = 1448.0;
/// Beta of CUBIC and its C (RFC 9438 sections 4.6 and 5.1).
const BETA: f64 = 0.7;
const C: f64 = 0.4;

/// What a bulk transfer measured.
#[derive(Clone, Copy, Debug, Default)]
struct Measured {
    bytes_per_second: f64,
    /// Loss events for each segment that was sent: of several losses in one round trip one counts (RFC 5348 section 5.2).
    event_rate: f64,
    /// The share of timeouts among the loss events.
    timeouts: f64,
    rtt_s: f64,
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
    let back = Conditions {
        loss: 0,
        loss_every: 0,
        ..conditions
    };
    let mut sim = Sim::new(client, server, users, [conditions, back], seed);
    sim.run_until(seconds * SECOND_NS);
    let info = sim.a.connection().info();
    let events = (info.recoveries + info.timeouts) as f64;
    Measured {
        bytes_per_second: sim.users[1].received_bytes as f64 / seconds as f64,
        event_rate: events / info.data_segments_out as f64,
        timeouts: info.timeouts as f64 / events.max(1.0),
        rtt_s: info.srtt_ns as f64 / 1e9,
    }
}

/// The mean over seeds.
fn transfers(config: Config, conditions: Conditions) -> Measured {
    let full = std::env::var("HELIOS_RATES").is_ok_and(|value| value == "full");
    let (seeds, seconds) = if full { (20, 300) } else { (6, 100) };
    let mut mean = Measured::default();
    for seed in 0..seeds {
        let measured = transfer(config, conditions, seconds, seed);
        mean.bytes_per_second += measured.bytes_per_second / seeds as f64;
        mean.event_rate += measured.event_rate / seeds as f64;
        mean.timeouts += measured.timeouts / seeds as f64;
        mean.rtt_s += measured.rtt_s / seeds as f64;
    }
    mean
}

fn settings(congestion: CongestionKind, sack: bool) -> Config {
    Config {
        congestion,
        sack,
        send_buffer_bytes: 4 << 20,
        receive_buffer_bytes: 4 << 20,
        ..Config::default()
    }
}

fn link(rtt_ms: u64) -> Conditions {
    Conditions {
        delay_ns: rtt_ms * 500_000,
        bits_per_second: 100_000_000,
        ..Conditions::default()
    }
}

/// Padhye's equation in the form of RFC 5348 section 3.1, in bytes per second.
fn padhye(p: f64, rtt_s: f64) -> f64 {
    const B: f64 = 1.0;
    let rto_s = rtt_s + 0.2;
    let steady = rtt_s * (2.0 * B * p / 3.0).sqrt();
    let timeouts = rto_s * 3.0 * (3.0 * B * p / 8.0).sqrt() * p * (1.0 + 32.0 * p * p);
    SEGMENT_BYTES / (steady + timeouts)
}

/// The Reno-friendly region: AVG_W_est of RFC 9438 section 5 with alpha = 3 (1 - beta) / (1 + beta), in bytes per second.
fn friendly(p: f64, rtt_s: f64) -> f64 {
    let alpha = 3.0 * (1.0 - BETA) / (1.0 + BETA);
    (alpha * (1.0 + BETA) / (2.0 * (1.0 - BETA) * p)).sqrt() * SEGMENT_BYTES / rtt_s
}

/// AVG_W_cubic of RFC 9438 section 5.1, in bytes per second.
fn cubic(p: f64, rtt_s: f64) -> f64 {
    let three_quarters = |value: f64| value.sqrt() * value.sqrt().sqrt();
    let scale = (C * (3.0 + BETA) / (4.0 * (1.0 - BETA))).sqrt().sqrt();
    scale * three_quarters(rtt_s / p) * SEGMENT_BYTES / rtt_s
}

fn expect_within(share: f64, percent: f64, what: &str) {
    println!("{what}: {share:.3} of what the equation says");
    let off = (share - 1.0).abs() * 100.0;
    assert!(off <= percent, "{what}: {share:.3} of what the equation says");
}

#[test]
fn a_clean_link_is_used_whole() {
    for (congestion, sack) in [
        (CongestionKind::NewReno, true),
        (CongestionKind::NewReno, false),
        (CongestionKind::Cubic, true),
    ] {
        // With the default buffers, and no loss at all.
        let config = Config {
            congestion,
            sack,
            ..Config::default()
        };
        let measured = transfer(config, link(20), 20, 1);
        // Of 1538 bytes on the line 1448 are data.
        let whole = 100e6 / 8.0 * SEGMENT_BYTES / 1538.0;
        let share = measured.bytes_per_second / whole;
        println!("{congestion:?}, SACK {sack}: {:.1} % of the link", 100.0 * share);
        assert!(share >= 0.95, "{congestion:?}, SACK {sack} uses {share} of the link");
    }
}

#[test]
fn a_short_queue_leaves_most_of_the_link() {
    for congestion in [CongestionKind::NewReno, CongestionKind::Cubic] {
        let conditions = Conditions {
            queue_bytes: 125_000,
            ..link(20)
        };
        let measured = transfer(settings(congestion, true), conditions, 30, 1);
        let share = measured.bytes_per_second / (100e6 / 8.0 * SEGMENT_BYTES / 1538.0);
        println!("{congestion:?}: {:.1} % of the link, {measured:?}", 100.0 * share);
        assert!(share >= 0.85, "{congestion:?} uses {share} of the link");
    }
}

#[test]
fn a_gigabit_on_the_loopback() {
    let conditions = Conditions {
        delay_ns: 1_000_000,
        bits_per_second: 1_000_000_000,
        ..Conditions::default()
    };
    let measured = transfer(Config::default(), conditions, 2, 1);
    let share = measured.bytes_per_second / (1e9 / 8.0 * SEGMENT_BYTES / 1538.0);
    println!("{:.1} % of the link", 100.0 * share);
    assert!(share >= 0.95, "{share} of the link");
}

#[test]
fn newreno_keeps_to_padhyes_equation() {
    for (loss, sack) in [(10_000, true), (10_000, false), (1_000, true)] {
        let conditions = Conditions { loss, ..link(20) };
        let measured = transfers(settings(CongestionKind::NewReno, sack), conditions);
        let p = loss as f64 / 1e6;
        println!("NewReno, SACK {sack}, p = {p}: {measured:?}");
        let by_events = measured.bytes_per_second / padhye(measured.event_rate, measured.rtt_s);
        let by_losses = measured.bytes_per_second / padhye(p, measured.rtt_s);
        expect_within(by_events, 15.0, "with p as RFC 5348 counts it");
        expect_within(by_losses, 15.0, "with p as the link loses");
    }
}

#[test]
fn cubic_is_friendly_where_reno_would_be_faster() {
    let conditions = Conditions {
        loss: 10_000,
        ..link(20)
    };
    let measured = transfers(settings(CongestionKind::Cubic, true), conditions);
    println!("CUBIC, p = 0.01, 20 ms: {measured:?}");
    let share = measured.bytes_per_second / friendly(0.01, measured.rtt_s);
    expect_within(share, 15.0, "CUBIC in the Reno-friendly region");
}

/// RFC 9438 section 5.1 derives its function from losses that come like clockwork.
#[test]
fn cubic_keeps_to_its_response_function() {
    for (every, rtt_ms) in [(10_000, 100), (3_000, 100)] {
        let conditions = Conditions {
            loss_every: every,
            ..link(rtt_ms)
        };
        let measured = transfer(settings(CongestionKind::Cubic, true), conditions, 600, 0);
        println!("CUBIC, p = 1/{every}, {rtt_ms} ms: {measured:?}");
        let p = 1.0 / every as f64;
        assert!(
            cubic(p, measured.rtt_s) > friendly(p, measured.rtt_s),
            "this is CUBIC's own region"
        );
        expect_within(
            measured.bytes_per_second / cubic(p, measured.rtt_s),
            15.0,
            "CUBIC in its own region",
        );
    }
}
