//! `helios load`: a world of a slot, gone on with where it was left.

use crate::args::{LoadArgs, SavesArgs, ShellArgs, WorldArgs};
use crate::commands::{saves, shell};
use crate::error::Outcome;
use crate::slots::{PREFIX, Target};

/// Runs the command: a shell whose world comes from the slot and goes back to it.
///
/// # Errors
/// As `shell`.
pub(super) fn load(args: LoadArgs) -> Outcome {
    let Some(slot) = args.slot.filter(|_| !args.list) else {
        return saves::saves(&SavesArgs {
            remove: None,
            json: false,
        });
    };
    let world = WorldArgs {
        world: format!("{PREFIX}{slot}"),
        machine: args.machine,
        save: Some(Target::Slot(slot.name)),
        autosave: Some(args.autosave),
        autosave_keep: args.autosave_keep,
        record: None,
        script: None,
        sync: Vec::new(),
        insert: Vec::new(),
        capture: args.capture,
        live: None,
        host: args.host,
        workers: 2,
        cold: args.cold,
    };
    shell::shell(&ShellArgs {
        world,
        user: args.user,
        speed: args.speed,
    })
}
