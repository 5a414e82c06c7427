//! Versions that a save depends on, and what happens when they differ.
//!
//! Schemas of rows are migrated. The other versions (V8 and its flags, the transform, the library, the ABI) decide how
//! a process is rebuilt from its journal: across a difference none is. The host then submits the logged command
//! [`UPGRADE`], and each room's systems in [`OnUpgrade`] power-cycle the machines.

use std::collections::BTreeMap;

use bevy_app::App;
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::ScheduleLabel;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::NodeId;
use crate::log::CommandError;

/// The number of the file format of snapshots, logs and recordings.
pub const FORMAT: u32 = 1;

/// The command that power-cycles the machines of a world from another build. It is addressed to node 0.
pub const UPGRADE: &str = "upgrade";

/// Runs when the `upgrade` command is applied: processes end, files stay, `init` restarts services.
#[derive(ScheduleLabel, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OnUpgrade;

/// Versions under which a world was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// What decides whether a process can be rebuilt: `v8`, `transform`, `library`, `abi`.
    pub parts: BTreeMap<String, String>,
    /// Schema numbers of rows by name.
    pub schemas: BTreeMap<String, u32>,
}

/// One version that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionDiff {
    /// Which part, with its version in the file and in this build; empty where one lacks it.
    pub parts: Vec<(String, String, String)>,
}

impl core::fmt::Display for VersionDiff {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("made by another build (")?;
        for (index, (part, theirs, ours)) in self.parts.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            let none = |text: &str| {
                if text.is_empty() {
                    "none".to_owned()
                } else {
                    text.to_owned()
                }
            };
            write!(f, "{comma}{part} {} there, {} here", none(theirs), none(ours))?;
        }
        f.write_str("): its machines are power-cycled; files stay, running programs end")
    }
}

/// Compares the parts of two versions.
#[must_use]
pub fn compare(theirs: &Versions, ours: &Versions) -> Option<VersionDiff> {
    let names: std::collections::BTreeSet<&String> = theirs.parts.keys().chain(ours.parts.keys()).collect();
    let side = |versions: &Versions, name: &String| versions.parts.get(name).cloned().unwrap_or_default();
    let parts: Vec<_> = names
        .into_iter()
        .map(|name| (name.clone(), side(theirs, name), side(ours, name)))
        .filter(|(_, theirs, ours)| theirs != ours)
        .collect();
    (!parts.is_empty()).then_some(VersionDiff { parts })
}

/// Versions of this build, as rooms registered them.
#[derive(Resource, Clone, Debug, Default)]
pub struct BuildVersions(pub(crate) BTreeMap<String, String>);

impl BuildVersions {
    /// Versions by part.
    #[must_use]
    pub const fn parts(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

/// The difference between the build that wrote this world and this one, until the `upgrade` command was applied.
///
/// While it is there, no process may be rebuilt, and a snapshot still carries the old versions.
#[derive(Resource, Clone, Debug, Default)]
pub struct PendingUpgrade {
    /// The difference.
    pub diff: Option<VersionDiff>,
    pub(crate) parts: BTreeMap<String, String>,
}

/// Registration of versions.
pub trait VersionsAppExt {
    /// Registers the version of a part that decides whether a process can be rebuilt.
    ///
    /// # Panics
    /// When the part is registered already.
    fn register_version(&mut self, part: &str, version: &str) -> &mut Self;
}

impl VersionsAppExt for App {
    fn register_version(&mut self, part: &str, version: &str) -> &mut Self {
        let mut versions = self.world_mut().get_resource_or_init::<BuildVersions>();
        let before = versions.0.insert(part.to_owned(), version.to_owned());
        assert!(before.is_none(), "the version of {part:?} is registered twice");
        self
    }
}

/// Whether this world waits for the `upgrade` command.
#[must_use]
pub fn upgrade_pending(world: &World) -> bool {
    world.resource::<PendingUpgrade>().diff.is_some()
}

/// Applies the `upgrade` command.
pub(crate) fn apply_upgrade(world: &mut World, node: NodeId, _: &Value) -> Result<(), CommandError> {
    if node != NodeId::WORLD {
        return Err(CommandError::new("is addressed to the world itself"));
    }
    world.run_schedule(OnUpgrade);
    world.insert_resource(PendingUpgrade::default());
    Ok(())
}
