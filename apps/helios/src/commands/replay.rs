//! `helios replay`: plays a recording again and compares hashes.

use helios_engine::hash::HashPolicy;
use helios_engine::ids::Tick;
use helios_engine::replay::{ReplayOptions, read_recording_file};
use helios_kernel::host::Halted;
use serde_json::json;

use crate::args::ReplayArgs;
use crate::error::{Failure, Outcome};
use crate::sim::{HostChoice, Sim};

/// Runs the command.
///
/// # Errors
/// If the recording is not sound, or the run differs from it.
pub(super) fn replay(args: &ReplayArgs) -> Outcome {
    let name = args.file.display();
    let recording = read_recording_file(&args.file).map_err(|error| Failure::new(error.to_string()))?;
    let host = HostChoice {
        kind: args.host,
        workers: usize::from(args.workers),
        live_max: None,
    };
    let mut sim = Sim::empty(host, HashPolicy::EveryEpoch)?;
    let options = ReplayOptions {
        until: args.to.map(Tick),
        ..ReplayOptions::default()
    };
    let result = helios_engine::replay::replay(sim.app_mut(), &recording, &options);
    if let Some(reason) = &sim.world().resource::<Halted>().0 {
        return Err(Failure::new(format!(
            "{name}: the world stopped at tick {}: {reason}",
            sim.tick()
        )));
    }
    let report = match result {
        Ok(report) => report,
        Err(error) if args.verify => return Err(Failure::new(format!("{name}: {error}"))),
        Err(helios_engine::replay::ReplayError::Diverged(divergence)) => {
            return Err(Failure::new(format!(
                "{name}: the run differs from the recording: {divergence}"
            )));
        }
        Err(error) => return Err(Failure::new(format!("{name}: {error}"))),
    };
    if args.json {
        let verified = report.epochs_verified + report.ticks_verified;
        println!(
            "{}",
            json!({ "file": args.file, "ticks": report.ticks, "verified": verified, "end": report.end, "hash": report.end_hash })
        );
    } else {
        println!(
            "{name}: {} ticks, {} hashes verified, ends at tick {} with hash {}",
            report.ticks,
            report.epochs_verified + report.ticks_verified,
            report.end,
            report.end_hash
        );
    }
    Ok(0)
}
