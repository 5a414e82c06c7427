//! Snapshots: the whole state of a world as data, taken and restored between ticks.
//!
//! A snapshot is `{format, versions, tick, nodes, blobs}`: rows by node, component name and id, and the bytes of every
//! blob that a row names. Restoring validates all of it in memory before it touches the world.

mod bytes;
mod diff;
mod file;
mod frame;
mod manifest;
mod restore;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bevy_ecs::prelude::*;
use serde_json::Value;

pub use diff::{Difference, diff, diff_rows};
pub use file::{
    FileError, MAX_SNAPSHOT_BYTES, read_snapshot, read_snapshot_file, write_frame, write_frame_file, write_snapshot,
    write_snapshot_file,
};
pub(crate) use file::{gunzip, gzip, read_file, replace_file};
pub use frame::{Frame, take_frame};
pub(crate) use frame::{FrameCache, FrameNode, Group};
pub use manifest::{MAX_MANIFEST_BYTES, Manifest, read_manifest, read_manifest_file};
pub(crate) use restore::clear;
pub use restore::{RestoreError, RestoreOutcome, restore};

use crate::blobs::{BlobId, Blobs};
use crate::canon;
use crate::hash::Hash;
use crate::ids::{NodeId, RowId, Tick};
use crate::state::{Registry, StateError};
use crate::time::Clock;
use crate::versions::{BuildVersions, PendingUpgrade, Versions};

/// Rows of one node: by component name, then by id.
pub type NodeRows = BTreeMap<String, BTreeMap<u64, Value>>;

/// The whole state of a world between two ticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Versions under which it can go on.
    pub versions: Versions,
    /// The last tick that ran.
    pub tick: Tick,
    /// All rows.
    pub nodes: BTreeMap<NodeId, NodeRows>,
    /// Every blob that a row names.
    pub blobs: BTreeMap<BlobId, Arc<[u8]>>,
}

impl Snapshot {
    /// One row.
    #[must_use]
    pub fn row(&self, name: &str, row: RowId) -> Option<&Value> {
        self.nodes.get(&row.node)?.get(name)?.get(&row.id)
    }

    /// SHA-256 of its canonical JSON: what a log names as its start.
    #[must_use]
    pub fn digest(&self) -> Hash {
        file::digest(&file::Document::of_snapshot(self))
    }
}

/// Takes a snapshot. Call it between ticks only.
///
/// # Panics
/// When a row holds what state must not contain, or names a blob that does not exist: see [`try_take`].
pub fn take(world: &mut World) -> Snapshot {
    try_take(world).unwrap_or_else(|error| panic!("{error}"))
}

/// Takes a snapshot. Call it between ticks only.
///
/// # Errors
/// Names the row and field at fault.
pub fn try_take(world: &mut World) -> Result<Snapshot, StateError> {
    let mut nodes: BTreeMap<NodeId, NodeRows> = BTreeMap::new();
    let mut named = Vec::new();
    let mut blobs = BTreeMap::new();
    world.resource_scope(|world, mut registry: Mut<Registry>| {
        for (&name, row_type) in &mut registry.types {
            for (row, entity) in row_type.changed(world, None) {
                let encoded = row_type.encode(world, entity).expect("a row is on its entity");
                let fault = |fault| StateError {
                    name: name.to_owned(),
                    row,
                    fault,
                };
                let value = encoded.map_err(fault)?;
                row_type.blobs(world, entity, &mut named);
                for id in named.drain(..).collect::<BTreeSet<_>>() {
                    let bytes = world.resource::<Blobs>().get(&id);
                    let missing = || fault(canon::error("", &format!("names the blob {id}, which does not exist")));
                    blobs.insert(id, bytes.ok_or_else(missing)?.clone());
                }
                nodes
                    .entry(row.node)
                    .or_default()
                    .entry(name.to_owned())
                    .or_default()
                    .insert(row.id, value);
            }
        }
        Ok(())
    })?;
    Ok(Snapshot {
        versions: versions_of(world),
        tick: world.resource::<Clock>().tick,
        nodes,
        blobs,
    })
}

/// Versions under which this world can go on: those of this build, unless an upgrade is due.
fn versions_of(world: &World) -> Versions {
    let pending = world.resource::<PendingUpgrade>();
    let parts = match pending.diff {
        Some(_) => pending.parts.clone(),
        None => world.resource::<BuildVersions>().0.clone(),
    };
    Versions {
        parts,
        schemas: world.resource::<Registry>().schemas(),
    }
}
