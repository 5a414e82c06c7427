//! The network's index: which entity is which interface. Rebuilt from rows.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use helios_engine::ids::{NodeId, RowId};

use crate::link::Interface;

/// Interfaces by node and number, and by node and name.
#[derive(Resource, Debug, Default)]
pub struct NetIndex {
    interfaces: BTreeMap<(NodeId, u32), Entity>,
}

impl NetIndex {
    /// The entity of an interface.
    #[must_use]
    pub fn interface(&self, node: NodeId, number: u32) -> Option<Entity> {
        self.interfaces.get(&(node, number)).copied()
    }

    /// All interfaces of a node, by their numbers.
    pub fn interfaces(&self, node: NodeId) -> impl Iterator<Item = (u32, Entity)> + '_ {
        let own = (node, 0)..=(node, u32::MAX);
        self.interfaces
            .range(own)
            .map(|(&(_, number), &entity)| (number, entity))
    }

    /// All interfaces there are.
    pub fn all(&self) -> impl Iterator<Item = (NodeId, u32, Entity)> + '_ {
        self.interfaces
            .iter()
            .map(|(&(node, number), &entity)| (node, number, entity))
    }

    pub(crate) fn add(&mut self, node: NodeId, number: u32, entity: Entity) {
        let before = self.interfaces.insert((node, number), entity);
        assert!(before.is_none(), "node {node} has two interfaces {number}");
    }

    /// Finds all interfaces again.
    ///
    /// # Errors
    /// Where two of a node have the same number.
    pub(crate) fn rebuild(world: &mut World) -> Result<(), String> {
        let mut index = Self::default();
        let mut rows = world.query::<(Entity, &RowId, &Interface)>();
        for (entity, row, interface) in rows.iter(world) {
            if index.interfaces.insert((row.node, interface.number), entity).is_some() {
                return Err(format!("node {} has two interfaces {}", row.node, interface.number));
            }
        }
        world.insert_resource(index);
        Ok(())
    }
}
