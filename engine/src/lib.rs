//! The deterministic world: ids, ticks, streams, the log, registered state, hashes, snapshots, replays.
//!
//! A world is a set of nodes; every row of state belongs to exactly one node; only logged records enter from outside.
//! Other rooms register their components as rows and their systems in [`SimTick`](time::SimTick); from then on their
//! state is saved, restored, migrated, hashed and compared without another line of theirs.
//!
//! Invariants:
//! - nothing of the host reaches a row: no clock, no map order, no [`Entity`](bevy_ecs::entity::Entity) id, no float;
//! - snapshots, hashes and branches are taken between ticks only;
//! - an index ([`Rows`](ids::Rows), [`Calendar`](time::Calendar), ready lists) is rebuilt from rows, never saved;
//! - whatever is read from a file is bounded, validated whole in memory, and only then applied.

pub mod blobs;
#[doc(hidden)]
pub mod canary;
pub mod canon;
mod changes;
pub mod hash;
pub mod ids;
pub mod images;
pub mod log;
pub mod nanos;
pub mod replay;
pub mod snapshot;
pub mod state;
pub mod streams;
pub mod testing;
pub mod time;
pub mod timeline;
pub mod versions;
pub mod worlds;

mod plugin;

pub use plugin::EnginePlugin;

/// What most rooms need of this one.
pub mod prelude {
    pub use crate::EnginePlugin;
    pub use crate::blobs::{BlobId, Blobs};
    pub use crate::hash::{Hash, HashPolicy, world_hash};
    pub use crate::ids::{Node, NodeId, NodeKind, Nodes, Pid, ProcKey, RowId, Rows, Tick, spawn_node, spawn_row};
    pub use crate::images::{ImagesAppExt, RebuildScope};
    pub use crate::log::{CommandError, IngestSystems, Log, LogAppExt, submit};
    pub use crate::state::{Row, RowOptions, StateAppExt};
    pub use crate::streams::{NodeKey, NodeStream, process_key};
    pub use crate::time::{
        Calendar, CalendarEvent, Clock, EventClass, EventKey, Phase, ReadySet, Rebuild, SimTick, TimeAppExt, Wake, step,
    };
    pub use crate::versions::{OnUpgrade, VersionsAppExt};
    pub use crate::worlds::{Section, Spanned, WorldError, WorldText, WorldsAppExt};
}
