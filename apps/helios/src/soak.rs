//! Generated worlds by seed: live, restored half way and replayed runs must agree in every tick.

use helios_engine::hash::HashPolicy;
use helios_engine::ids::Tick;
use helios_engine::replay::ReplayOptions;
use helios_engine::worlds::{BuildOptions, builtin_world};

use crate::args::HostKind;
use crate::error::Failure;
use crate::generate;
use crate::sim::{HostChoice, SessionEnd, Sim};

/// What a seed's runs agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// The last tick.
    pub end: Tick,
    /// The hash there.
    pub hash: helios_engine::hash::Hash,
    /// What the program printed.
    pub session: SessionEnd,
}

/// Runs the program of `seed` live, restored half way, and replayed, and compares every tick.
///
/// # Errors
/// The first tick at which two of them differ, and the seed that shows it again.
pub fn run(seed: u64, ticks: u64, live: HostChoice, again: HostChoice) -> Result<Agreement, Failure> {
    let context = |what: &str, error: Failure| Failure::new(format!("seed {seed}: {what}: {error}"));
    let mut sim = fresh(seed, live).map_err(|error| context("live", error))?;
    sim.record();
    let node = sim.machine(None)?;
    let modules = [("/host/generated.ts".to_owned(), generate::program(seed))];
    let session = sim.run(node, "player", &modules, &[format!("generated-{seed}")])?;
    let half = Tick(ticks / 2);
    while sim.tick() < half {
        sim.step().map_err(|error| context("live", error))?;
    }
    let middle = sim.snapshot();
    while sim.tick().0 < ticks {
        sim.step().map_err(|error| context("live", error))?;
    }
    let output = sim.take_output(session);
    let end = SessionEnd {
        stdout: output.stdout,
        stderr: output.stderr,
        status: sim.session_status(session),
    };
    let hashes = sim.tick_hashes().clone();
    let agreement = Agreement {
        end: sim.tick(),
        hash: sim.hash(),
        session: end,
    };
    let recording = sim.take_recording().expect("the recording was started above");

    let records: Vec<_> = recording
        .log
        .records
        .iter()
        .filter(|record| record.tick > half)
        .cloned()
        .collect();
    let mut restored = Sim::restored(middle, Some(&records), again, HashPolicy::EveryTick)
        .map_err(|error| context("restored", error))?;
    while restored.tick().0 < ticks {
        restored.step().map_err(|error| context("restored", error))?;
    }
    for (tick, hash) in restored.tick_hashes() {
        if hashes.get(tick) != Some(hash) {
            let known = hashes.get(tick).map_or_else(|| "none".to_owned(), ToString::to_string);
            return Err(Failure::new(format!(
                "seed {seed}: restored at tick {half}, tick {tick} has hash {hash}, live it had {known}"
            )));
        }
    }

    let mut replayed = Sim::empty(again, HashPolicy::EveryTick)?;
    let report = helios_engine::replay::replay(replayed.app_mut(), &recording, &ReplayOptions::default())
        .map_err(|error| Failure::new(format!("seed {seed}: replayed: {error}")))?;
    if report.end_hash != agreement.hash {
        return Err(Failure::new(format!(
            "seed {seed}: replayed, it ends with hash {}, live with {}",
            report.end_hash, agreement.hash
        )));
    }
    Ok(agreement)
}

/// The default world under another seed, hashed in every tick.
///
/// # Errors
/// If the host cannot be made.
pub fn fresh(seed: u64, host: HostChoice) -> Result<Sim, Failure> {
    let text = builtin_world("single").expect("the default world is part of the program");
    Sim::built(
        "single.ron",
        text,
        BuildOptions { seed: Some(seed) },
        host,
        HashPolicy::EveryTick,
    )
}

/// The two hosts that a soak compares.
pub const HOSTS: (HostChoice, HostChoice) = (
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
);
