//! Putting a snapshot into a world: everything is read and checked first, then everything is replaced.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use serde_json::Value;

use crate::blobs::{BlobId, Blobs};
use crate::changes::Removals;
use crate::hash::{HashTree, TickHashes};
use crate::ids::{Node, NodeId, NodeKind, RowId, Rows};
use crate::log::{InputCursor, Log};
use crate::state::{Decoded, Registry, Row, excerpt};
use crate::time::{Calendar, Clock, Rebuild};
use crate::versions::{BuildVersions, PendingUpgrade, VersionDiff, Versions, compare};

use super::{FrameCache, Snapshot};

/// What a restore found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RestoreOutcome {
    /// Versions that differ: submit the [`UPGRADE`](crate::versions::UPGRADE) command before the world goes on.
    pub upgrade_needed: Option<VersionDiff>,
}

/// Why a snapshot could not be restored. The world is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct RestoreError {
    /// Where in the snapshot, as in `nodes.7.process.3: state`.
    pub path: String,
    /// What is wrong.
    pub problem: String,
}

impl RestoreError {
    fn new(path: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            problem: problem.into(),
        }
    }
}

/// Rows of a snapshot, read and ready.
struct Plan {
    /// By row, then by component name.
    rows: BTreeMap<RowId, Vec<Decoded>>,
    resources: Vec<Decoded>,
    upgrade: Option<VersionDiff>,
}

/// Replaces a world's state by a snapshot and rebuilds every index.
///
/// The log becomes an authoring one that goes on from the snapshot's cursor; put another in its place to follow.
///
/// # Errors
/// Names the place of the first fault; nothing is changed then.
pub fn restore(world: &mut World, snapshot: Snapshot) -> Result<RestoreOutcome, RestoreError> {
    let plan = world.resource_scope(|world, registry: Mut<Registry>| check(world, &registry, &snapshot))?;
    let blobs = checked_blobs(world, &snapshot)?;
    clear(world);
    world.insert_resource(blobs);
    for (row, decoded) in plan.rows {
        let entity = world.spawn(row).id();
        decoded.into_iter().for_each(|row| (row.insert)(world, entity));
    }
    plan.resources
        .into_iter()
        .for_each(|row| (row.insert)(world, Entity::PLACEHOLDER));
    let cursor = *world.resource::<InputCursor>();
    world.insert_resource(Log::authoring(cursor));
    world.insert_resource(PendingUpgrade {
        diff: plan.upgrade.clone(),
        parts: snapshot.versions.parts,
    });
    world.run_schedule(Rebuild);
    Ok(RestoreOutcome {
        upgrade_needed: plan.upgrade,
    })
}

/// Takes all simulated state out of a world, down to an empty world without node 0.
pub(crate) fn clear(world: &mut World) {
    let entities: Vec<Entity> = world.resource::<Rows>().iter().map(|(_, entity)| entity).collect();
    for entity in entities {
        // Despawning is recursive: a row may have gone with its parent.
        if let Ok(entity) = world.get_entity_mut(entity) {
            entity.despawn();
        }
    }
    assert!(world.resource::<Rows>().is_empty(), "no row outlives the world");
    world.resource_scope(|world, registry: Mut<Registry>| registry.reset_resources(world));
    world.resource_mut::<Calendar>().clear();
    world.resource_mut::<HashTree>().invalidate();
    world.resource_mut::<FrameCache>().look_afresh();
    world.insert_resource(Removals::default());
    world.insert_resource(TickHashes::default());
    world.insert_resource(PendingUpgrade::default());
}

fn check(world: &World, registry: &Registry, snapshot: &Snapshot) -> Result<Plan, RestoreError> {
    check_schemas(registry, &snapshot.versions)?;
    let mut plan = Plan {
        rows: BTreeMap::new(),
        resources: Vec::new(),
        upgrade: None,
    };
    for (&node, names) in &snapshot.nodes {
        let next_row_id = check_node(snapshot, node)?;
        for (name, rows) in names {
            let place = |id: u64| format!("nodes.{node}.{name}.{id}");
            let row_type = registry.types.get(name.as_str());
            let row_type = row_type.ok_or_else(|| {
                RestoreError::new(format!("nodes.{node}.{name}"), "this build knows no such component")
            })?;
            let schema = snapshot.versions.schemas.get(name).copied();
            let schema = schema.ok_or_else(|| {
                RestoreError::new(
                    format!("versions.schemas.{name}"),
                    "is missing, though there are such rows",
                )
            })?;
            for (&id, value) in rows {
                if row_type.is_resource && (node, id) != (NodeId::WORLD, 0) {
                    return Err(RestoreError::new(
                        place(id),
                        "belongs to the world itself: node 0, id 0",
                    ));
                }
                if id >= next_row_id {
                    return Err(RestoreError::new(
                        place(id),
                        format!("node {node} has given out ids to {next_row_id}"),
                    ));
                }
                let decoded = row_type
                    .decode(value, schema)
                    .map_err(|fault| RestoreError::new(place(id), fault.to_string()))?;
                check_blobs(snapshot, &decoded.blobs).map_err(|problem| RestoreError::new(place(id), problem))?;
                if row_type.is_resource {
                    plan.resources.push(decoded);
                } else {
                    plan.rows.entry(RowId { node, id }).or_default().push(decoded);
                }
            }
        }
    }
    if !snapshot.nodes.contains_key(&NodeId::WORLD) {
        return Err(RestoreError::new("nodes.0", "the world's own node is missing"));
    }
    let clock = snapshot
        .row(Clock::NAME, RowId::WORLD)
        .and_then(|clock| clock.get("tick"))
        .and_then(Value::as_u64);
    if clock != Some(snapshot.tick.0) {
        return Err(RestoreError::new(
            "tick",
            format!("is {}, where the clock's row says otherwise", snapshot.tick),
        ));
    }
    let ours = Versions {
        parts: world.resource::<BuildVersions>().0.clone(),
        schemas: registry.schemas(),
    };
    plan.upgrade = compare(&snapshot.versions, &ours);
    Ok(plan)
}

fn check_schemas(registry: &Registry, versions: &Versions) -> Result<(), RestoreError> {
    for (name, &schema) in &versions.schemas {
        let Some(row_type) = registry.types.get(name.as_str()) else {
            continue;
        };
        let place = format!("versions.schemas.{name}");
        if schema == 0 {
            return Err(RestoreError::new(place, "schemas count up from 1"));
        }
        if schema > row_type.schema {
            let problem = format!(
                "schema {schema} is newer than this build, which knows up to {}",
                row_type.schema
            );
            return Err(RestoreError::new(place, problem));
        }
    }
    Ok(())
}

/// Checks the row of the node itself. Returns the bound of the node's ids.
fn check_node(snapshot: &Snapshot, node: NodeId) -> Result<u64, RestoreError> {
    let place = format!("nodes.{node}.{}.0", Node::NAME);
    let row = snapshot.row(Node::NAME, RowId::of_node(node));
    let row = row.ok_or_else(|| RestoreError::new(&place, "the node's own row is missing"))?;
    let parsed: Node = serde_json::from_value(row.clone())
        .map_err(|error| RestoreError::new(&place, format!("{error} in {}", excerpt(row))))?;
    let (is_world, world_name) = (node == NodeId::WORLD, parsed.name == "world");
    if is_world != (parsed.kind == NodeKind::World) || is_world != world_name {
        return Err(RestoreError::new(
            place,
            "node 0 is the world itself, and no other node is",
        ));
    }
    if !is_world {
        crate::ids::check_name(&parsed.name).map_err(|error| RestoreError::new(&place, error.to_string()))?;
        if NodeId::from_name(&parsed.name) != node {
            return Err(RestoreError::new(
                place,
                format!("the name {:?} belongs to another node id", parsed.name),
            ));
        }
    }
    if snapshot.nodes[&node][Node::NAME].len() != 1 {
        return Err(RestoreError::new(place, "a node has one row of its own"));
    }
    Ok(parsed.next_row_id)
}

fn check_blobs(snapshot: &Snapshot, named: &[BlobId]) -> Result<(), String> {
    match named.iter().find(|id| !snapshot.blobs.contains_key(id)) {
        Some(id) => Err(format!("names the blob {id}, which the file does not carry")),
        None => Ok(()),
    }
}

/// The store with the snapshot's blobs in it and everything that was not of the base image gone.
fn checked_blobs(world: &World, snapshot: &Snapshot) -> Result<Blobs, RestoreError> {
    let mut blobs = world.resource::<Blobs>().base_only();
    for (id, bytes) in &snapshot.blobs {
        let place = || format!("blobs.{id}");
        let found = blobs
            .put(bytes.clone())
            .map_err(|error| RestoreError::new(place(), error.to_string()))?;
        if found != *id {
            return Err(RestoreError::new(place(), format!("its bytes have the digest {found}")));
        }
    }
    Ok(blobs)
}
