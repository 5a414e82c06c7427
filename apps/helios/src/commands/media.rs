//! `helios media`: sticks and discs of a saved world.

use helios_engine::hash::HashPolicy;
use helios_engine::ids::{NodeId, Nodes};
use helios_fs::disk::media;
use serde_json::json;

use crate::args::{HostKind, MediaAction, MediaArgs};
use crate::error::{Failure, Outcome};
use crate::sim::{HostChoice, Sim};

/// Runs the command.
///
/// # Errors
/// If the world cannot be opened or written, or there is nothing to move or no place for it.
pub(super) fn media(args: &MediaArgs) -> Outcome {
    let host = HostChoice {
        kind: HostKind::Children,
        workers: 1,
        live_max: None,
    };
    let mut sim = Sim::open(&args.world.to_string_lossy(), host, HashPolicy::Off, false)?;
    match &args.action {
        MediaAction::List => {
            list(&sim);
            return Ok(0);
        }
        MediaAction::Eject { drive, out } => {
            let bytes = sim.eject(drive)?;
            if let Some(out) = out {
                crate::media::write_image(out, &bytes)?;
            }
        }
        MediaAction::Insert {
            drive,
            file: Some(file),
        } => sim.insert_file(drive, file)?,
        MediaAction::Insert { drive, file: None } => {
            let node = sim.machine(Some(&drive.machine))?;
            sim.submit(node, "media.insert", json!({ "slot": drive.slot }))?;
        }
        MediaAction::Move { from, to } => sim.move_medium(from, to)?,
    }
    sim.step()?;
    let refusals = sim
        .world_mut()
        .resource_mut::<helios_engine::log::Log>()
        .take_refusals();
    if let Some(refusal) = refusals.first() {
        return Err(Failure::new(format!("{}: {}", refusal.name, refusal.error)));
    }
    sim.save(args.save.as_deref().unwrap_or(&args.world))?;
    Ok(0)
}

fn list(sim: &Sim) {
    let nodes: Vec<(String, NodeId)> = sim
        .world()
        .resource::<Nodes>()
        .iter_by_name()
        .map(|(name, node)| (name.to_owned(), node))
        .collect();
    for (name, node) in nodes {
        for medium in media::all(sim.world(), node) {
            let place = if medium.inserted {
                format!("{name}:{}", medium.slot)
            } else {
                format!("{name}:({})", medium.slot)
            };
            let access = if medium.read_only { "ro" } else { "rw" };
            println!(
                "{place} {access} {} {} {}",
                medium.capacity_bytes,
                medium.cargo().hash(),
                medium.label
            );
        }
    }
}
