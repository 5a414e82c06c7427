//! Helpers of the scenarios: worlds for tests, and the axes of the determinism matrix.
//!
//! The scenarios are one binary with a `main` of its own (`scenarios/main.rs`), since a program that runs V8 must take the
//! child's role first, initialise V8 then, and start threads last.

use helios::args::HostKind;
use helios::error::Failure;
use helios::sim::{HostChoice, SessionEnd, Sim};
use helios_engine::hash::HashPolicy;
use helios_engine::worlds::{BuildOptions, build_world};

/// The hosts of the matrix: {1, 4 workers} x {threads, children}.
pub const HOSTS: [HostChoice; 4] = [
    HostChoice {
        kind: HostKind::Threads,
        workers: 1,
        live_max: None,
    },
    HostChoice {
        kind: HostKind::Threads,
        workers: 4,
        live_max: None,
    },
    HostChoice {
        kind: HostKind::Children,
        workers: 1,
        live_max: None,
    },
    HostChoice {
        kind: HostKind::Children,
        workers: 4,
        live_max: None,
    },
];

/// One host of each kind.
pub const KINDS: [HostChoice; 2] = [HOSTS[1], HOSTS[3]];

/// A host's name in a test's name.
#[must_use]
pub fn host_name(host: HostChoice) -> String {
    let kind = match host.kind {
        HostKind::Threads => "threads",
        HostKind::Children => "children",
    };
    format!("{kind}{}", host.workers)
}

/// A fresh default world, hashed in every tick.
///
/// # Panics
/// If it cannot be built.
#[must_use]
pub fn test_sim(host: HostChoice) -> Sim {
    helios::soak::fresh(1, host).expect("the default world can be built")
}

/// A world from the text of a world file.
///
/// # Errors
/// As [`build_world`].
pub fn sim_of(text: &str, host: HostChoice) -> Result<Sim, Failure> {
    Sim::built("test.ron", text, BuildOptions::default(), host, HashPolicy::EveryTick)
}

/// Runs a command line as `player` to its end.
///
/// # Panics
/// If the world stops.
pub fn sh(sim: &mut Sim, line: &str) -> SessionEnd {
    let node = sim.machine(None).expect("the world has a machine");
    let argv = ["/bin/sh", "-c", line].map(str::to_owned);
    let session = sim.exec(node, "player", &argv).expect("the command is logged");
    sim.stdin_close(node, session).expect("the command is logged");
    sim.finish_session(session, LIMIT_TICKS)
        .unwrap_or_else(|failure| panic!("{line}: {failure}"))
}

/// Runs TypeScript source as `player` to its end.
///
/// # Panics
/// If the world stops.
pub fn ts(sim: &mut Sim, source: &str) -> SessionEnd {
    let node = sim.machine(None).expect("the world has a machine");
    let modules = [("/host/test.ts".to_owned(), source.to_owned())];
    let session = sim
        .run(node, "player", &modules, &["test.ts".to_owned()])
        .expect("the command is logged");
    sim.stdin_close(node, session).expect("the command is logged");
    sim.finish_session(session, LIMIT_TICKS)
        .unwrap_or_else(|failure| panic!("{source}: {failure}"))
}

/// Ticks after which a session of a test is given up: an hour of virtual time.
pub const LIMIT_TICKS: u64 = 3_600_000;

/// The engine's own check that an app builds a world.
#[doc(hidden)]
pub fn rebuild(sim: &mut Sim, text: &str) -> Result<(), helios_engine::worlds::WorldError> {
    build_world(sim.world_mut(), "test.ron", text, BuildOptions::default())
}
