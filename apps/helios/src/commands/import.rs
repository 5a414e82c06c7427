//! `helios import`: a file, checked, into a slot.

use helios_engine::hash::HashPolicy;

use super::export::HOST;
use crate::args::ImportArgs;
use crate::error::{Failure, Outcome};
use crate::sim::Sim;
use crate::slots::Slot;

/// Runs the command. The world is opened as `--world` opens it: a file that is not sound is refused here and not later.
///
/// # Errors
/// If the file is not sound, the slot is taken, or it cannot be written.
pub(super) fn import(args: &ImportArgs) -> Outcome {
    if args.file.extension().is_none_or(|extension| extension != "helios") {
        return Err(Failure::usage(format!(
            "{}: a save's name ends in .helios",
            args.file.display()
        )));
    }
    let slot = Slot {
        name: args.slot.clone(),
        auto: None,
    };
    if !args.force && slot.path()?.exists() {
        return Err(Failure::new(format!(
            "there is a save named {slot} already: --force replaces it"
        )));
    }
    let mut sim = Sim::open(&args.file.to_string_lossy(), HOST, HashPolicy::Off, false)?;
    sim.check_halted()
        .map_err(|failure| Failure::new(format!("{}: {failure}", args.file.display())))?;
    let manifest = sim.save_slot(&args.slot, None)?;
    println!("{slot}: tick {}, hash {}", manifest.tick, manifest.hash);
    Ok(0)
}
