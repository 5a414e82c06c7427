//! Where the kernel's rows meet the engine's.

use bevy_ecs::prelude::*;
use helios_abi::{NodeId, ProcKey, Tick};
use helios_engine::prelude::{Clock, Nodes, RowId, Rows, spawn_row};

use crate::process::Family;

/// Makes an entity that holds rows of a node; answers it and its number on the node.
pub(crate) fn spawn(world: &mut World, node: NodeId, rows: impl Bundle) -> (Entity, u64) {
    let (entity, row) = spawn_row(world, node, rows);
    (entity, row.id)
}

/// Puts rows on a node's own entity.
pub(crate) fn on_node(world: &mut World, node: NodeId, rows: impl Bundle) -> Entity {
    let entity = world
        .resource::<Nodes>()
        .get(node)
        .unwrap_or_else(|| panic!("there is no node {node}"));
    world.entity_mut(entity).insert(rows);
    entity
}

pub(crate) fn despawn(world: &mut World, entity: Entity) {
    world.despawn(entity);
}

/// Every entity with a row of that kind: entity, node, number; in order.
pub(crate) fn all<C: Component>(world: &mut World) -> Vec<(Entity, NodeId, u64)> {
    let mut query = world.query_filtered::<(Entity, &RowId), With<C>>();
    let mut rows: Vec<_> = query
        .iter(world)
        .map(|(entity, row)| (entity, row.node, row.id))
        .collect();
    rows.sort_by_key(|(_, node, id)| (*node, *id));
    rows
}

/// The name of an entity's rows.
pub(crate) fn row_id(world: &World, entity: Entity) -> RowId {
    *world.get::<RowId>(entity).expect("the kernel's entities hold rows")
}

/// The number of an entity's rows.
pub(crate) fn id(world: &World, entity: Entity) -> u64 {
    row_id(world, entity).id
}

/// The process that a row belongs to.
pub(crate) fn process_of(world: &World, row: RowId) -> Option<ProcKey> {
    let entity = world.resource::<Rows>().get(row)?;
    world.get::<Family>(entity).map(|family| ProcKey {
        node: row.node,
        pid: family.pid,
    })
}

/// The tick that runs.
pub(crate) fn now(world: &World) -> Tick {
    world.resource::<Clock>().tick
}
