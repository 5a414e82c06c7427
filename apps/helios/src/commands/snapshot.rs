//! `helios snapshot`: runs a world for some ticks and writes it.

use helios_engine::ids::Tick;
use serde_json::json;

use crate::args::SnapshotArgs;
use crate::commands::exec::finish;
use crate::error::Outcome;
use crate::sim::open;

/// Runs the command.
///
/// # Errors
/// If the world cannot be opened, stops, or cannot be written.
pub(super) fn snapshot(args: &SnapshotArgs) -> Outcome {
    let mut sim = open(&args.world)?;
    let until = Tick(sim.tick().0 + args.ticks);
    while sim.tick() < until {
        sim.skip(until)?;
    }
    let (tick, hash) = (sim.tick(), sim.hash());
    sim.save(&args.out)?;
    finish(&mut sim, &args.world)?;
    if args.json {
        println!("{}", json!({ "file": args.out, "tick": tick, "hash": hash }));
    } else {
        println!("{}: tick {tick}, hash {hash}", args.out.display());
    }
    Ok(0)
}
