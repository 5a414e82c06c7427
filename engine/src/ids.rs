//! Names of nodes and rows, and the indexes that find their entities.
//!
//! [`RowId`] is on every simulated entity and never changes. `Entity` ids differ from run to run: they are never
//! compared, saved or hashed, and rows name one another by `RowId`.

use std::collections::BTreeMap;

use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::prelude::*;
use bevy_ecs::world::DeferredWorld;
pub use helios_abi::ids::{MAX_SAFE, NodeId, Pid, ProcKey, Tick};
use serde::{Deserialize, Serialize};

use crate::changes::{self, Removals};
use crate::state::Row;
use crate::streams::{NodeKey, NodeStreams, WorldSeed, derive_node_key};

/// The longest name of a node, in bytes.
pub const MAX_NODE_NAME_BYTES: usize = 64;

/// The stable name of a simulated entity: its node and a number that is unique on that node and never reused.
///
/// A node's own entity has number 0. Resources registered as rows share the name of the world's own entity, `0:0`.
/// It is put on when the entity is spawned and goes only when the entity is despawned.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[component(immutable, on_add = on_add_row, on_remove = on_remove_row)]
pub struct RowId {
    /// The node that owns the row.
    pub node: NodeId,
    /// Its number on that node.
    pub id: u64,
}

impl RowId {
    /// The world's own entity.
    pub const WORLD: Self = Self {
        node: NodeId::WORLD,
        id: 0,
    };

    /// The entity of a node itself.
    #[must_use]
    pub const fn of_node(node: NodeId) -> Self {
        Self { node, id: 0 }
    }
}

impl core::fmt::Display for RowId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}:{}", self.node, self.id)
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// Node 0: topology, ledgers, seed, input cursor.
    World,
    /// A computer with processes.
    Machine,
    /// An Ethernet switch.
    Switch,
    /// A wireless access point with its air.
    AccessPoint,
    /// An Internet provider's network.
    Provider,
    /// A door to the host's own network.
    Gateway,
}

/// A node of the world. It is on the entity whose [`RowId`] has number 0.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[component(on_add = on_add_node, on_remove = on_remove_node)]
pub struct Node {
    /// Its name; unique in the world, and what its id derives from.
    pub name: String,
    /// What it is.
    pub kind: NodeKind,
    /// The number that the node's next row gets.
    pub next_row_id: u64,
}

impl Row for Node {
    const NAME: &'static str = "node";
    const SCHEMA: u32 = 1;
}

/// Why a node could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NodeError {
    /// The name is in use.
    #[error("there is already a node named {0:?}")]
    Taken(String),
    /// Another name has the same id.
    #[error("the node names {0:?} and {1:?} have the same id: choose another name for one of them")]
    Collision(String, String),
    /// The name is not one that a node can have.
    #[error("a node's name is 1 to 64 characters out of a-z, 0-9, '-', '.' and '_', not {0:?}")]
    BadName(String),
    /// There is no such node.
    #[error("there is no node {0}")]
    Missing(NodeId),
}

/// Index: [`RowId`] to entity, in order. Kept by the component's hooks.
#[derive(Resource, Debug, Default)]
pub struct Rows {
    entities: BTreeMap<RowId, Entity>,
}

impl Rows {
    /// The entity of a row.
    #[must_use]
    pub fn get(&self, row: RowId) -> Option<Entity> {
        self.entities.get(&row).copied()
    }

    /// All rows of a node in the order of their numbers.
    pub fn iter_node(&self, node: NodeId) -> impl DoubleEndedIterator<Item = (RowId, Entity)> + '_ {
        let (first, last) = (RowId { node, id: 0 }, RowId { node, id: u64::MAX });
        self.entities.range(first..=last).map(|(&row, &entity)| (row, entity))
    }

    /// All rows in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (RowId, Entity)> + '_ {
        self.entities.iter().map(|(&row, &entity)| (row, entity))
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entities.len()
    }

    /// Whether there is no row at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty()
    }
}

/// Index: nodes by id and by name. Kept by the component's hooks.
#[derive(Resource, Debug, Default)]
pub struct Nodes {
    entities: BTreeMap<NodeId, Entity>,
    names: BTreeMap<String, NodeId>,
}

impl Nodes {
    /// The entity of a node.
    #[must_use]
    pub fn get(&self, node: NodeId) -> Option<Entity> {
        self.entities.get(&node).copied()
    }

    /// The id of the node of that name.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<NodeId> {
        self.names.get(name).copied()
    }

    /// All nodes in the order of their ids.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (NodeId, Entity)> + '_ {
        self.entities.iter().map(|(&node, &entity)| (node, entity))
    }

    /// All nodes in the order of their names.
    pub fn iter_by_name(&self) -> impl DoubleEndedIterator<Item = (&str, NodeId)> + '_ {
        self.names.iter().map(|(name, &node)| (name.as_str(), node))
    }
}

/// Spawns a node with its key, derived from the world's seed.
///
/// # Errors
/// When the name is malformed, in use, or collides with another by id.
pub fn spawn_node(world: &mut World, name: &str, kind: NodeKind) -> Result<NodeId, NodeError> {
    check_name(name)?;
    let id = NodeId::from_name(name);
    if let Some(entity) = world.resource::<Nodes>().get(id) {
        let other = world
            .get::<Node>(entity)
            .map_or_else(String::new, |node| node.name.clone());
        return Err(if other == name {
            NodeError::Taken(other)
        } else {
            NodeError::Collision(other, name.to_owned())
        });
    }
    insert_node(world, id, name, kind);
    Ok(id)
}

/// Spawns node 0, which every world has.
pub(crate) fn spawn_world_node(world: &mut World) {
    insert_node(world, NodeId::WORLD, "world", NodeKind::World);
}

/// Spawns an entity with the next number of its node.
///
/// # Panics
/// When there is no such node, or when it has used 2^53 numbers.
pub fn spawn_row(world: &mut World, node: NodeId, bundle: impl Bundle) -> (Entity, RowId) {
    let row = reserve_row(world, node);
    (world.spawn((row, bundle)).id(), row)
}

/// Takes the next number of a node, for a row that is spawned by other means.
///
/// # Panics
/// As [`spawn_row`].
pub fn reserve_row(world: &mut World, node: NodeId) -> RowId {
    let entity = world
        .resource::<Nodes>()
        .get(node)
        .unwrap_or_else(|| panic!("there is no node {node}"));
    let mut owner = world
        .get_mut::<Node>(entity)
        .expect("the index of nodes points at nodes");
    let id = owner.next_row_id;
    assert!(id < MAX_SAFE, "node {node} has used all its row numbers");
    owner.next_row_id += 1;
    RowId { node, id }
}

/// Whether a node may have this name.
pub(crate) fn check_name(name: &str) -> Result<(), NodeError> {
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_');
    if name.is_empty() || name.len() > MAX_NODE_NAME_BYTES || name == "world" || !name.bytes().all(allowed) {
        return Err(NodeError::BadName(name.to_owned()));
    }
    Ok(())
}

fn insert_node(world: &mut World, id: NodeId, name: &str, kind: NodeKind) {
    let key = derive_node_key(&world.resource::<WorldSeed>().0, id);
    let node = Node {
        name: name.to_owned(),
        kind,
        next_row_id: 1,
    };
    world.spawn((RowId::of_node(id), node, NodeKey(key), NodeStreams::default()));
}

/// A frame in flight is a row, and there are a million of them a second: hooks cost a fraction of what observers do.
fn on_add_row(mut world: DeferredWorld<'_>, context: HookContext) {
    let row = *world
        .get::<RowId>(context.entity)
        .expect("the component was just added");
    let before = world.resource_mut::<Rows>().entities.insert(row, context.entity);
    assert!(before.is_none(), "two entities have the row id {row}");
}

fn on_remove_row(mut world: DeferredWorld<'_>, context: HookContext) {
    let row = *world.get::<RowId>(context.entity).expect("it is about to be removed");
    world.resource_mut::<Rows>().entities.remove(&row);
    world.resource_mut::<Removals>().note_entity(row);
}

fn on_add_node(mut world: DeferredWorld<'_>, context: HookContext) {
    let row = *world
        .get::<RowId>(context.entity)
        .expect("a node has a row id from the moment it is spawned");
    assert!(row.id == 0, "a node's own row is number 0");
    let name = world
        .get::<Node>(context.entity)
        .expect("the component was just added")
        .name
        .clone();
    let mut nodes = world.resource_mut::<Nodes>();
    nodes.entities.insert(row.node, context.entity);
    nodes.names.insert(name, row.node);
}

fn on_remove_node(mut world: DeferredWorld<'_>, context: HookContext) {
    let (Some(row), Some(node)) = (world.get::<RowId>(context.entity), world.get::<Node>(context.entity)) else {
        return;
    };
    let (id, name) = (row.node, node.name.clone());
    let mut nodes = world.resource_mut::<Nodes>();
    nodes.entities.remove(&id);
    nodes.names.remove(&name);
    // A component has one hook of a kind: what every row's hook does is done here for this one.
    changes::on_remove_component::<Node>(world, context);
}
