//! `helios snap`: a world packed for sharing.

use std::path::Path;

use serde_json::json;

use super::save::run_for;
use crate::args::SnapArgs;
use crate::commands::exec::finish;
use crate::error::{Failure, Outcome};
use crate::sim::open;
use crate::slots::PREFIX;

/// Ticks that a world runs which is not from a save: its machines boot.
const BOOT_TICKS: u64 = 1_000;

/// Runs the command.
///
/// # Errors
/// If the world cannot be opened, stops, or cannot be written.
pub(super) fn snap(args: &SnapArgs) -> Outcome {
    if args.out.extension().is_none_or(|extension| extension != "helios") {
        return Err(Failure::usage(format!(
            "{}: a pack's name ends in .helios",
            args.out.display()
        )));
    }
    let world = &args.world.world;
    let extension = Path::new(world).extension().and_then(|extension| extension.to_str());
    let is_save = world.starts_with(PREFIX) || matches!(extension, Some("helios" | "hreplay"));
    let mut sim = open(&args.world)?;
    run_for(&mut sim, args.ticks.unwrap_or(if is_save { 0 } else { BOOT_TICKS }))?;
    finish(&mut sim, &args.world)?;
    let mut manifest = sim.manifest();
    for (field, given) in [
        (&mut manifest.title, &args.title),
        (&mut manifest.author, &args.author),
        (&mut manifest.description, &args.description),
    ] {
        if let Some(given) = given {
            field.clone_from(given);
        }
    }
    let manifest = manifest.cleaned();
    sim.save_with(&args.out, &manifest)?;
    if args.json {
        println!("{}", json!({ "file": args.out, "manifest": manifest }));
    } else {
        let (tick, hash) = (manifest.tick, manifest.hash);
        println!("{}: {:?}, tick {tick}, hash {hash}", args.out.display(), manifest.title);
    }
    Ok(0)
}
