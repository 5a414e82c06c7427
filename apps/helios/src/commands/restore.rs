//! `helios restore`: opens a snapshot and lets it go on.

use helios_engine::hash::HashPolicy;
use helios_engine::ids::{Nodes, Tick};
use serde_json::json;

use crate::args::RestoreArgs;
use crate::error::{Failure, Outcome};
use crate::sim::{HostChoice, Sim};

/// Runs the command.
///
/// # Errors
/// If the snapshot is not sound, the world stops, or it cannot be written.
pub(super) fn restore(args: &RestoreArgs) -> Outcome {
    let Some(name) = args
        .file
        .to_str()
        .filter(|name| std::path::Path::new(name).extension().is_some_and(|e| e == "helios"))
    else {
        return Err(Failure::usage(format!(
            "{}: a snapshot's name ends in .helios",
            args.file.display()
        )));
    };
    let host = HostChoice {
        kind: args.host,
        workers: 2,
        live_max: None,
    };
    let mut sim = Sim::open(name, host, HashPolicy::Off, args.cold)?;
    sim.capture(&args.capture)?;
    let until = Tick(sim.tick().0 + args.ticks);
    while sim.tick() < until {
        sim.skip(until)?;
    }
    let (tick, hash) = (sim.tick(), sim.hash());
    let machines: Vec<String> = sim
        .world()
        .resource::<Nodes>()
        .iter_by_name()
        .map(|(name, _)| name.to_owned())
        .filter(|name| name != "world")
        .collect();
    if let Some(path) = &args.save {
        sim.save(path)?;
    }
    if args.json {
        println!(
            "{}",
            json!({ "file": args.file, "tick": tick, "hash": hash, "nodes": machines })
        );
    } else {
        println!(
            "{}: tick {tick}, hash {hash}, nodes: {}",
            args.file.display(),
            machines.join(", ")
        );
    }
    Ok(0)
}
