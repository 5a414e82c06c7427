//! `helios export`: a save as a file that any computer can open.

use std::path::Path;

use helios_engine::hash::HashPolicy;
use serde_json::json;

use crate::args::{ExportArgs, HostKind};
use crate::error::{Failure, Outcome};
use crate::sim::{HostChoice, Sim};
use crate::slots::PREFIX;

/// What loads and runs a save for a moment.
pub(super) const HOST: HostChoice = HostChoice {
    kind: HostKind::Children,
    workers: 1,
    live_max: None,
};

/// Runs the command. What is written holds the world alone: nothing of what this installation keeps beside a save.
///
/// # Errors
/// If the save is not sound, or the file cannot be written.
pub(super) fn export(args: &ExportArgs) -> Outcome {
    if args.out.extension().is_none_or(|extension| extension != "helios") {
        return Err(Failure::usage(format!(
            "{}: an export's name ends in .helios",
            args.out.display()
        )));
    }
    let mut sim = Sim::open(&world_name(&args.save), HOST, HashPolicy::Off, args.cold)?;
    sim.check_halted()?;
    let (tick, hash) = (sim.tick(), sim.hash());
    sim.save(&args.out)?;
    let bytes = std::fs::metadata(&args.out).map_or(0, |metadata| metadata.len());
    if args.json {
        println!(
            "{}",
            json!({ "file": args.out, "bytes": bytes, "tick": tick, "hash": hash })
        );
    } else {
        println!(
            "{}: {} KiB, tick {tick}, hash {hash}",
            args.out.display(),
            bytes.div_ceil(1024)
        );
    }
    Ok(0)
}

/// What `--world` would call a save: a file as it is, and any other name a slot.
pub(super) fn world_name(save: &str) -> String {
    let is_file = Path::new(save)
        .extension()
        .is_some_and(|extension| extension == "helios" || extension == "hreplay");
    if is_file || save.starts_with(PREFIX) {
        save.to_owned()
    } else {
        format!("{PREFIX}{save}")
    }
}
