//! The plugin that makes an app a world.

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::*;

use crate::blobs::Blobs;
use crate::changes::{Removals, Steps};
use crate::hash::{HashPolicy, HashTree, TickHashes};
use crate::ids::{self, Node, Nodes, Rows};
use crate::images::{ImageRules, RebuildScope};
use crate::log::{self, CommandRegistry, IngestSystems, InputCursor, Log, LogAppExt};
use crate::snapshot::FrameCache;
use crate::state::{Registry, StateAppExt};
use crate::streams::{NodeKey, NodeStreams, WorldSeed};
use crate::time::{self, Calendar, Clock, EventHandlers, IdleProbes, Phase, Rebuild, SimTick, WorldEpoch};
use crate::versions::{self, BuildVersions, OnUpgrade, PendingUpgrade};
use crate::worlds::{WorldInfo, WorldSections};

/// The engine: clock, log, registry, hashes, and node 0. Add it before any other room's plugin.
#[derive(Clone, Copy, Debug, Default)]
pub struct EnginePlugin {
    /// When the engine hashes the world by itself.
    pub hash_policy: HashPolicy,
}

impl Plugin for EnginePlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Rows>()
            .init_resource::<Nodes>()
            .init_resource::<Removals>()
            .init_resource::<Steps>()
            .init_resource::<FrameCache>()
            .init_resource::<HashTree>()
            .init_resource::<TickHashes>()
            .init_resource::<Registry>()
            .init_resource::<Blobs>()
            .init_resource::<Calendar>()
            .init_resource::<EventHandlers>()
            .init_resource::<IdleProbes>()
            .init_resource::<Log>()
            .init_resource::<CommandRegistry>()
            .init_resource::<BuildVersions>()
            .init_resource::<PendingUpgrade>()
            .init_resource::<WorldSections>()
            .init_resource::<ImageRules>()
            .init_resource::<RebuildScope>()
            .insert_resource(self.hash_policy);
        time::configure_schedules(app);
        app.register_row::<Node>()
            .register_row::<NodeKey>()
            .register_row::<NodeStreams>()
            .register_resource_row::<Clock>()
            .register_resource_row::<WorldEpoch>()
            .register_resource_row::<WorldSeed>()
            .register_resource_row::<InputCursor>()
            .register_resource_row::<WorldInfo>()
            .register_command(versions::UPGRADE, versions::apply_upgrade)
            .init_schedule(OnUpgrade)
            .init_schedule(Rebuild)
            .add_systems(SimTick, log::ingest.in_set(Phase::Ingest).in_set(IngestSystems))
            .add_systems(SimTick, time::deliver_events.in_set(Phase::Deliver));
        ids::spawn_world_node(app.world_mut());
    }
}
