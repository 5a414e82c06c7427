//! Hashes of rows, nodes and the world, kept up to date by what changed.
//!
//! A row's hash is SHA-256 over (component name, id, canonical row). A node's hash is the root of a Merkle tree of fixed
//! shape over its rows sorted by (name, id), the world's the same over nodes. Shape depends on keys alone, so the hash
//! is a function of state, however it was reached.
//!
//! Bevy's change ticks say which rows were touched since the last hash; observers say which went.

mod merkle;

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::*;
use helios_abi::Digest32;
use sha2::{Digest, Sha256};

use merkle::Merkle;

use crate::canon;
use crate::changes::{Gone, Removals, Watch};
use crate::ids::{NodeId, RowId, Rows, Tick};
use crate::log::Log;
use crate::snapshot::Snapshot;
use crate::state::{Registry, StateError};
use crate::time::{Clock, EPOCH_TICKS};

/// SHA-256, hex in JSON.
pub type Hash = Digest32;

/// When the engine hashes the world by itself.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HashPolicy {
    /// Never.
    Off,
    /// Every 3 s of virtual time, into the log.
    #[default]
    EveryEpoch,
    /// As `EveryEpoch`, and after each tick into [`TickHashes`].
    EveryTick,
}

/// Hashes after each tick, under [`HashPolicy::EveryTick`]. Not state: it is for tests and recordings.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq)]
pub struct TickHashes(pub BTreeMap<Tick, Hash>);

/// The hash tree of the world: a cache, made from rows.
#[derive(Resource, Debug, Default)]
pub struct HashTree {
    nodes: BTreeMap<NodeId, Merkle>,
    world: Merkle,
    watch: Watch,
}

impl HashTree {
    /// Forgets everything, so that the next hash is made from all rows.
    pub fn invalidate(&mut self) {
        *self = Self::default();
    }

    fn set(&mut self, name: &'static str, row: RowId, hash: Option<Hash>) {
        self.nodes
            .entry(row.node)
            .or_insert_with(Merkle::of_rows)
            .set(name, row.id, hash);
    }

    fn root(&mut self, dirty: &BTreeSet<NodeId>) -> Hash {
        for node in dirty {
            let tree = self.nodes.get_mut(node).expect("a dirty node has a tree");
            let hash = tree.root();
            if tree.is_empty() {
                self.nodes.remove(node);
                self.world.set("", node.0, None);
            } else {
                self.world.set("", node.0, Some(node_leaf(*node, hash)));
            }
        }
        self.world.root()
    }
}

/// The hash of the whole world.
///
/// # Panics
/// When a row holds what state must not contain: see [`try_world_hash`].
pub fn world_hash(world: &mut World) -> Hash {
    try_world_hash(world).unwrap_or_else(|error| panic!("{error}"))
}

/// The hash of the whole world.
///
/// # Errors
/// Names the row and field that hold a float, an integer of 2^53 or more, or another value that state must not contain.
pub fn try_world_hash(world: &mut World) -> Result<Hash, StateError> {
    world.resource_scope(|world, mut tree: Mut<HashTree>| {
        let refreshed = refresh(world, &mut tree);
        if refreshed.is_err() {
            tree.invalidate();
        }
        let dirty = refreshed?;
        Ok(tree.root(&dirty))
    })
}

/// The hash of one node. A node without rows has the hash of an empty tree.
///
/// # Panics
/// As [`world_hash`].
pub fn node_hash(world: &mut World, node: NodeId) -> Hash {
    world_hash(world);
    world
        .resource_mut::<HashTree>()
        .nodes
        .get_mut(&node)
        .map_or_else(|| Merkle::of_rows().root(), Merkle::root)
}

/// The hash of each node, in order.
///
/// # Panics
/// As [`world_hash`].
pub fn node_hashes(world: &mut World) -> BTreeMap<NodeId, Hash> {
    world_hash(world);
    world
        .resource_mut::<HashTree>()
        .nodes
        .iter_mut()
        .map(|(&node, tree)| (node, tree.root()))
        .collect()
}

/// The hash that a world with exactly these rows has, computed from nothing else.
#[must_use]
pub fn hash_of_snapshot(snapshot: &Snapshot, registry: &Registry) -> Hash {
    let mut tree = HashTree {
        world: Merkle::of_nodes(),
        ..HashTree::default()
    };
    for (&node, names) in &snapshot.nodes {
        for (name, rows) in names {
            let Some((&name, row_type)) = registry.types.get_key_value(name.as_str()) else {
                continue;
            };
            for (&id, value) in rows.iter().filter(|_| row_type.hashed) {
                tree.set(
                    name,
                    RowId { node, id },
                    Some(row_hash(name, id, &canon::to_bytes(value))),
                );
            }
        }
    }
    let all = tree.nodes.keys().copied().collect();
    tree.root(&all)
}

/// SHA-256 over (name, id, canonical row), with a domain of its own.
pub(crate) fn row_hash(name: &str, id: u64, json: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(b"row\0");
    hasher.update((name.len() as u64).to_be_bytes());
    hasher.update(name);
    hasher.update(id.to_be_bytes());
    hasher.update(json);
    Digest32(hasher.finalize().into())
}

fn node_leaf(node: NodeId, root: Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(b"node\0");
    hasher.update(node.0.to_be_bytes());
    hasher.update(root.0);
    Digest32(hasher.finalize().into())
}

/// Brings the tree up to date with the rows. Returns the nodes in which something was touched.
fn refresh(world: &mut World, tree: &mut HashTree) -> Result<BTreeSet<NodeId>, StateError> {
    let removals = std::mem::take(&mut world.resource_mut::<Removals>().hashes);
    let since = tree.watch.look(world, removals.overflowed);
    if since.is_none() {
        *tree = HashTree {
            world: Merkle::of_nodes(),
            watch: tree.watch,
            ..HashTree::default()
        };
    }
    let mut dirty = BTreeSet::new();
    let mut json = Vec::new();
    world.resource_scope(|world, mut registry: Mut<Registry>| {
        drop_removed(world, &registry, tree, &removals, &mut dirty);
        for (name, row_type) in registry.types.iter_mut().filter(|(_, row_type)| row_type.hashed) {
            for (row, entity) in row_type.changed(world, since) {
                json.clear();
                let written = row_type.write(world, entity, &mut json);
                written
                    .expect("a changed row is on its entity")
                    .map_err(|fault| StateError {
                        name: (*name).to_owned(),
                        row,
                        fault,
                    })?;
                tree.set(name, row, Some(row_hash(name, row.id, &json)));
                dirty.insert(row.node);
            }
        }
        Ok(dirty)
    })
}

/// Takes out what went and did not come back.
fn drop_removed(
    world: &World,
    registry: &Registry,
    tree: &mut HashTree,
    removals: &Gone,
    dirty: &mut BTreeSet<NodeId>,
) {
    let rows = world.resource::<Rows>();
    for &(name, row) in &removals.rows {
        let present = rows
            .get(row)
            .is_some_and(|entity| registry.types[name].is_on(world, entity));
        if !present && tree.nodes.contains_key(&row.node) {
            tree.set(name, row, None);
            dirty.insert(row.node);
        }
    }
    for &row in removals.entities.iter().filter(|row| rows.get(**row).is_none()) {
        if tree.nodes.contains_key(&row.node) {
            for (name, _) in registry
                .types
                .iter()
                .filter(|(_, row_type)| row_type.hashed && !row_type.is_resource)
            {
                tree.set(name, row, None);
            }
            dirty.insert(row.node);
        }
    }
}

/// Hashes at the end of a tick, as the policy says, and writes the epoch record where one is due.
pub(crate) fn after_tick(world: &mut World) {
    let tick = world.resource::<Clock>().tick;
    let policy = *world.resource::<HashPolicy>();
    if policy == HashPolicy::EveryTick {
        let hash = world_hash(world);
        world.resource_mut::<TickHashes>().0.insert(tick, hash);
    }
    if policy != HashPolicy::Off && tick.0.is_multiple_of(EPOCH_TICKS) {
        let hash = world_hash(world);
        world.resource_mut::<Log>().record_epoch(tick, hash);
    }
}

/// The first tick after `now` that the policy hashes.
pub(crate) fn next_stop(world: &World, now: Tick) -> Tick {
    match world.resource::<HashPolicy>() {
        HashPolicy::Off => Tick(u64::MAX),
        HashPolicy::EveryEpoch => Tick((now.0 / EPOCH_TICKS + 1) * EPOCH_TICKS),
        HashPolicy::EveryTick => now.next(),
    }
}
