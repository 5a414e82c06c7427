//! `helios save`: a world into a slot.

use helios_engine::ids::Tick;
use serde_json::json;

use crate::args::SaveArgs;
use crate::commands::exec::finish;
use crate::error::{Failure, Outcome};
use crate::sim::{Sim, open};

/// Runs the command.
///
/// # Errors
/// If the world cannot be opened, stops, or cannot be written.
pub(super) fn save(args: &SaveArgs) -> Outcome {
    let mut sim = open(&args.world)?;
    run_for(&mut sim, args.ticks)?;
    finish(&mut sim, &args.world)?;
    let manifest = sim.save_slot(&args.slot, args.title.as_deref())?;
    if args.json {
        println!(
            "{}",
            json!({ "slot": args.slot.to_string(), "tick": manifest.tick, "hash": manifest.hash })
        );
    } else {
        println!("{}: tick {}, hash {}", args.slot, manifest.tick, manifest.hash);
    }
    Ok(0)
}

/// Runs a world for some ticks.
///
/// # Errors
/// If the world stops.
pub(super) fn run_for(sim: &mut Sim, ticks: u64) -> Result<(), Failure> {
    let until = Tick(sim.tick().0.saturating_add(ticks).min(1 << 52));
    while sim.tick() < until {
        sim.skip(until)?;
    }
    sim.check_halted()
}
