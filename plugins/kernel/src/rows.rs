//! Where the kernel's rows meet the engine's.

use bevy_ecs::prelude::*;
use helios_abi::{NodeId, Tick};

#[derive(Component, Clone, Copy)]
struct Place(NodeId, u64);

/// Makes an entity that holds rows of a node under an id.
pub(crate) fn spawn(world: &mut World, node: NodeId, id: u64, rows: impl Bundle) -> Entity {
    world.spawn((Place(node, id), rows)).id()
}

pub(crate) fn despawn(world: &mut World, entity: Entity) {
    world.despawn(entity);
}

pub(crate) fn all<C: Component>(world: &mut World) -> Vec<(Entity, NodeId, u64)> {
    let mut query = world.query_filtered::<(Entity, &Place), With<C>>();
    let mut rows: Vec<_> = query
        .iter(world)
        .map(|(entity, place)| (entity, place.0, place.1))
        .collect();
    rows.sort_by_key(|(_, node, id)| (*node, *id));
    rows
}

pub(crate) fn now(_world: &World) -> Tick {
    Tick(0)
}
