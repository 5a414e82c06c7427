//! `helios sync`: a folder of this computer and a folder of a saved world, brought together.

use helios_engine::hash::HashPolicy;

use crate::args::{HostKind, SyncArgs};
use crate::error::Outcome;
use crate::sim::{HostChoice, Sim};

/// Runs the command.
///
/// # Errors
/// If the world or a folder cannot be opened, or the world cannot be written.
pub(super) fn sync(args: &SyncArgs) -> Outcome {
    let host = HostChoice {
        kind: HostKind::Children,
        workers: 1,
        live_max: None,
    };
    let mut sim = Sim::open(&args.world.to_string_lossy(), host, HashPolicy::Off, false)?;
    for spec in &args.folders {
        sim.keep_same(spec)?;
    }
    let moved = sim.sync()?;
    sim.report_refusals();
    sim.step()?;
    sim.save(args.save.as_deref().unwrap_or(&args.world))?;
    let files = if moved == 1 { "file" } else { "files" };
    println!("{moved} {files} brought together");
    Ok(0)
}
