//! Ours against ours over links of every kind; written down and read back at random moments, which must change nothing.

use helios_net::tcp::{Config, CongestionKind};

use crate::link::Conditions;
use crate::random::{Random, each_seed};
use crate::sim::{Ours, Sim, User, ends, reversed};

const HOUR_NS: u64 = 3_600_000_000_000;

pub(crate) fn random_config(random: &mut Random) -> Config {
    Config {
        nodelay: random.happens(500_000),
        congestion: random.pick(&[CongestionKind::NewReno, CongestionKind::Cubic]),
        send_buffer_bytes: random.between(2 << 10, 1 << 18) as u32,
        receive_buffer_bytes: random.between(2 << 10, 1 << 18) as u32,
        mss: random.between(100, 1460) as u16,
        timestamps: random.happens(700_000),
        sack: random.happens(700_000),
        window_scaling: random.happens(800_000),
        ..Config::default()
    }
}

pub(crate) fn random_conditions(random: &mut Random) -> Conditions {
    let rough = random.happens(800_000);
    let chance = |random: &mut Random, most| if rough { random.below(most) } else { 0 };
    Conditions {
        delay_ns: random.between(1_000, 60_000_000),
        jitter_ns: chance(random, 5_000_000),
        loss: chance(random, 120_000),
        loss_every: 0,
        duplication: chance(random, 50_000),
        reordering: chance(random, 100_000),
        corruption: chance(random, 20_000),
        bits_per_second: random.pick(&[0, 1_000_000, 20_000_000]),
        queue_bytes: random.pick(&[0, 8_000, 100_000]),
    }
}

pub(crate) fn random_user(stream: u64, random: &mut Random) -> User {
    let most = random.pick(&[0, 100, 5_000, 100_000]);
    let to_send = random.below(most + 1);
    let mut user = User::new(stream, to_send, Random::new(random.next(), stream));
    user.piece = random.pick(&[10, 1_000, 1 << 16]);
    user.piece = user.piece.max(to_send / 200 + 1);
    if random.happens(300_000) {
        user.pause_ns = random.between(1, 20_000_000);
    }
    if random.happens(100_000) {
        user.aborts_after = Some(random.below(100_000));
    }
    user
}

fn pair(seed: u64) -> Sim<Ours, Ours> {
    let mut random = Random::new(seed, 1);
    let client = Ours::client(random_config(&mut random), ends(), 0);
    let server = Ours::server(random_config(&mut random), reversed(ends()));
    let users = [random_user(1, &mut random), random_user(2, &mut random)];
    let conditions = [random_conditions(&mut random), random_conditions(&mut random)];
    Sim::new(client, server, users, conditions, seed)
}

#[test]
fn every_byte_arrives_whatever_the_link_does() {
    each_seed(300, |seed| {
        let mut sim = pair(seed);
        while sim.now_ns < HOUR_NS && !sim.is_done() && sim.step() {}
        let what = format!("seed {seed}");
        let aborts = sim.users.iter().any(|user| user.aborts_after.is_some());
        let broke = sim.users.iter().any(|user| user.failed);
        assert!(
            aborts || !broke,
            "{what}: a connection broke: {:?} {:?}",
            sim.a.error,
            sim.b.error
        );
        assert!(
            sim.is_done() || aborts,
            "{what}: nothing moves after {} s: {:?} {:?}",
            sim.now_ns / 1_000_000_000,
            sim.a.connection.as_ref().map(|connection| connection.info()),
            sim.b.connection.as_ref().map(|connection| connection.info()),
        );
        sim.verify(&what);
    });
}

#[test]
fn writing_down_and_reading_back_changes_nothing() {
    each_seed(60, |seed| {
        let mut once = pair(seed);
        let mut twice = pair(seed);
        once.trace = Some(String::new());
        twice.trace = Some(String::new());
        let mut random = Random::new(seed, 9);
        for _ in 0..3_000 {
            let went = once.step();
            assert_eq!(went, twice.step());
            if !went || once.is_done() {
                break;
            }
            if random.happens(30_000) {
                twice.a.round_trip();
                twice.b.round_trip();
            }
        }
        assert!(once.trace == twice.trace, "the traces differ");
    });
}

/// The checkers must fire: a flipped byte that no checksum catches, a byte too few, a setting that a round trip would lose.
#[test]
fn faults_are_found() {
    let calm = || {
        let users = [
            User::new(1, 5_000, Random::new(1, 1)),
            User::new(2, 5_000, Random::new(1, 2)),
        ];
        let client = Ours::client(Config::default(), ends(), 0);
        let server = Ours::server(Config::default(), reversed(ends()));
        let mut sim = Sim::new(client, server, users, [Conditions::default(); 2], 1);
        sim.trace = Some(String::new());
        sim
    };
    let finished = |mut sim: Sim<Ours, Ours>| {
        while !sim.is_done() && sim.step() {}
        sim
    };
    let is_found = |sim: &Sim<Ours, Ours>| {
        let check = std::panic::AssertUnwindSafe(|| sim.verify("a fault"));
        std::panic::catch_unwind(check).is_err()
    };

    let mut sim = finished(calm());
    assert!(!is_found(&sim));
    sim.users[1].received[777] ^= 1;
    assert!(is_found(&sim), "a wrong byte");
    let mut sim = finished(calm());
    sim.users[0].received.pop();
    assert!(is_found(&sim), "a byte too few");

    let plain = finished(calm());
    let mut other = calm();
    other.step();
    other
        .a
        .connection_mut()
        .configure(|config| config.receive_buffer_bytes = 30_000);
    let other = finished(other);
    assert_ne!(plain.trace, other.trace, "a setting that was lost");
}
