//! Images of single nodes: all rows of a node as blobs, taken at the end of a tick, and put in the place of the node's
//! rows at the start of a later one.
//!
//! An image is a manifest, canonical JSON, that names blobs of rows, a megabyte or so each: images of one node share what
//! did not change between them. Whoever keeps one keeps every blob of [`Stored::blobs`] in a row.
//!
//! What a node must not get back stays as it is: its own row with the numbers that it has given out, its key, the
//! positions of its random streams, and what rooms register with [`ImagesAppExt`]. So no number is used twice, and no
//! random number is drawn twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bevy_app::App;
use bevy_ecs::component::{Component, Mutable};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::blobs::{BlobError, BlobId, Blobs};
use crate::canon;
use crate::ids::{Node, NodeId, RowId, Rows, Tick};
use crate::snapshot::NodeRows;
use crate::state::{Decoded, Registry, Row, StateError};
use crate::streams::{NodeKey, NodeStreams};
use crate::time::{Calendar, Clock, Rebuild};
use crate::versions::{BuildVersions, FORMAT, PendingUpgrade, VersionDiff, Versions, compare};

/// The most JSON of one image, in bytes.
pub const MAX_IMAGE_BYTES: u64 = 256 << 20;

/// Rows go into one blob until it has this many bytes.
const PART_BYTES: usize = 1 << 20;

/// What is rebuilt when [`Rebuild`] runs. Rooms whose caches are outside the world keep those of nodes that stay.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RebuildScope {
    /// The world was built or restored.
    #[default]
    World,
    /// The rows of this node were replaced; all others are as they were.
    Node(NodeId),
}

/// Rows of one node, as data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeImage {
    /// Whose they are.
    pub node: NodeId,
    /// The tick at whose end they were taken.
    pub tick: Tick,
    /// Versions under which they can go on.
    pub versions: Versions,
    /// The rows.
    pub rows: NodeRows,
}

/// An image in the content store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The manifest.
    pub image: BlobId,
    /// Every blob that it needs: itself, its parts, and what its rows name.
    pub blobs: BTreeSet<BlobId>,
    /// Bytes of the manifest and of the parts.
    pub bytes: u64,
}

/// Why an image could not be stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A row holds what state must not contain, or names a blob that does not exist.
    #[error("{0}")]
    State(#[from] StateError),
    /// The content store takes no more.
    #[error("{0}")]
    Blobs(#[from] BlobError),
    /// It is larger than what is read.
    #[error("an image of {0} bytes is over the limit of {MAX_IMAGE_BYTES} bytes")]
    TooLarge(u64),
}

/// What is written down of an image.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    format: u32,
    node: NodeId,
    tick: Tick,
    versions: Versions,
    /// By component name: blobs of rows, in the order of the rows' numbers.
    parts: BTreeMap<String, Vec<BlobId>>,
}

type CarryOver = Arc<dyn Fn(&World, Entity) -> Option<Carried> + Send + Sync>;
type Carried = Box<dyn FnOnce(&mut World, Entity)>;

/// What stays when a node's rows are replaced.
#[derive(Resource, Default)]
pub struct ImageRules {
    kept: BTreeSet<&'static str>,
    carried: Vec<CarryOver>,
    mend: Vec<fn(&mut World, NodeId)>,
    left_out: BTreeMap<&'static str, fn(&World, Entity) -> bool>,
}

impl ImageRules {
    fn keeps(&self, name: &str) -> bool {
        [Node::NAME, NodeKey::NAME, NodeStreams::NAME].contains(&name) || self.kept.contains(name)
    }
}

/// Registration of what images leave alone.
pub trait ImagesAppExt {
    /// Rows of this type are in no image, and stay as they are when one is put in: what they are about is not the node's
    /// past. Each is on the node's own entity, or alone on its entity.
    fn keep_in_place<T: Row>(&mut self) -> &mut Self;

    /// When the rows of an image are in, and before anything is rebuilt from them, `mend` fits them to what was kept.
    fn mend_images(&mut self, mend: fn(&mut World, NodeId)) -> &mut Self;

    /// When an image is put in, `carry` is given the row that was on the node's own entity and the one that came, to
    /// take over what must not go back.
    fn carry_over<T: Row + Clone + Component<Mutability = Mutable>>(&mut self, carry: fn(&T, &mut T)) -> &mut Self;

    /// Rows of this type of which `is_left_out` is true are not part of stored images, though the rest of their entity
    /// is: rows that are not hashed, and differ between runs. `is_left_out` must be a function of hashed rows.
    fn leave_out_where<T: Row>(&mut self, is_left_out: fn(&World, Entity) -> bool) -> &mut Self;
}

impl ImagesAppExt for App {
    fn keep_in_place<T: Row>(&mut self) -> &mut Self {
        self.world_mut()
            .get_resource_or_init::<ImageRules>()
            .kept
            .insert(T::NAME);
        self
    }

    fn mend_images(&mut self, mend: fn(&mut World, NodeId)) -> &mut Self {
        self.world_mut().get_resource_or_init::<ImageRules>().mend.push(mend);
        self
    }

    fn carry_over<T: Row + Clone + Component<Mutability = Mutable>>(&mut self, carry: fn(&T, &mut T)) -> &mut Self {
        let rule: CarryOver = Arc::new(move |world, entity| {
            let before = world.get::<T>(entity)?.clone();
            Some(Box::new(move |world: &mut World, entity: Entity| {
                if let Some(mut row) = world.get_mut::<T>(entity) {
                    carry(&before, &mut row);
                }
            }))
        });
        self.world_mut().get_resource_or_init::<ImageRules>().carried.push(rule);
        self
    }

    fn leave_out_where<T: Row>(&mut self, is_left_out: fn(&World, Entity) -> bool) -> &mut Self {
        let mut rules = self.world_mut().get_resource_or_init::<ImageRules>();
        rules.left_out.insert(T::NAME, is_left_out);
        self
    }
}

impl NodeImage {
    /// How the versions under which it can go on differ from this build's.
    #[must_use]
    pub fn differs(&self, world: &World) -> Option<VersionDiff> {
        let ours = Versions {
            parts: world.resource::<BuildVersions>().0.clone(),
            ..Versions::default()
        };
        compare(&self.versions, &ours)
    }
}

/// Takes an image of a node, with everything that is there now. Call it at the end of a tick, or between two.
///
/// # Errors
/// Names the row and field at fault.
pub fn take(world: &mut World, node: NodeId) -> Result<NodeImage, StateError> {
    gather(world, node, true).map(|(image, _)| image)
}

/// Takes an image, and the blobs that its rows name.
fn gather(world: &mut World, node: NodeId, whole: bool) -> Result<(NodeImage, BTreeSet<BlobId>), StateError> {
    let mut rows = NodeRows::new();
    let mut blobs = BTreeSet::new();
    world.resource_scope(|world, mut registry: Mut<Registry>| {
        for (&name, row_type) in &mut registry.types {
            if row_type.is_resource || world.resource::<ImageRules>().keeps(name) {
                continue;
            }
            let own = row_type
                .changed(world, None)
                .into_iter()
                .filter(|(row, _)| row.node == node);
            let left_out = world.resource::<ImageRules>().left_out.get(name).copied();
            for (row, entity) in own.collect::<Vec<_>>() {
                if !whole && left_out.is_some_and(|left_out| left_out(world, entity)) {
                    continue;
                }
                let encoded = row_type.encode(world, entity).expect("a row is on its entity");
                let fault = |fault| StateError {
                    name: name.to_owned(),
                    row,
                    fault,
                };
                let value = encoded.map_err(fault)?;
                let mut named = Vec::new();
                row_type.blobs(world, entity, &mut named);
                if let Some(id) = named.iter().find(|id| !world.resource::<Blobs>().contains(id)) {
                    return Err(fault(canon::error(
                        "",
                        &format!("names the blob {id}, which does not exist"),
                    )));
                }
                blobs.extend(named);
                rows.entry(name.to_owned()).or_default().insert(row.id, value);
            }
        }
        Ok(())
    })?;
    let versions = Versions {
        parts: world.resource::<BuildVersions>().0.clone(),
        schemas: world.resource::<Registry>().schemas(),
    };
    let tick = world.resource::<Clock>().tick;
    let image = NodeImage {
        node,
        tick,
        versions,
        rows,
    };
    Ok((image, blobs))
}

/// Takes an image of a node and puts it into the content store. Call it at the end of a tick, or between two.
///
/// # Errors
/// As [`StoreError`] says. Blobs that were stored already are garbage then.
pub fn store(world: &mut World, node: NodeId) -> Result<Stored, StoreError> {
    let (image, mut blobs) = gather(world, node, false)?;
    let mut bytes = 0;
    let mut parts: BTreeMap<String, Vec<BlobId>> = BTreeMap::new();
    for (name, rows) in image.rows {
        let list = parts.entry(name).or_default();
        for part in written(&rows) {
            bytes += part.len() as u64;
            if bytes > MAX_IMAGE_BYTES {
                return Err(StoreError::TooLarge(bytes));
            }
            let id = world.resource_mut::<Blobs>().put(part)?;
            blobs.insert(id);
            list.push(id);
        }
    }
    let manifest = Manifest {
        format: FORMAT,
        node,
        tick: image.tick,
        versions: image.versions,
        parts,
    };
    let manifest = canon::to_json(&manifest).expect("a manifest is plain data");
    bytes += manifest.len() as u64;
    let image = world.resource_mut::<Blobs>().put(manifest)?;
    blobs.insert(image);
    Ok(Stored { image, blobs, bytes })
}

/// Rows as JSON objects by number, none much longer than [`PART_BYTES`] unless one row is.
fn written(rows: &BTreeMap<u64, Value>) -> Vec<Vec<u8>> {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    let mut open = Vec::new();
    for (id, row) in rows {
        open.push(if open.is_empty() { b'[' } else { b',' });
        open.extend(format!("[{id},").into_bytes());
        open.extend(canon::to_bytes(row));
        open.push(b']');
        if open.len() >= PART_BYTES {
            open.push(b']');
            parts.push(std::mem::take(&mut open));
        }
    }
    if !open.is_empty() {
        open.push(b']');
        parts.push(open);
    }
    parts
}

/// Reads an image of a node from the content store.
///
/// # Errors
/// Says what is wrong with it.
pub fn load(world: &World, node: NodeId, image: &BlobId) -> Result<NodeImage, String> {
    let blobs = world.resource::<Blobs>();
    let get = |id: &BlobId| blobs.get(id).ok_or_else(|| format!("the blob {id} is not there"));
    let manifest: Manifest = serde_json::from_slice(get(image)?).map_err(|error| format!("the manifest: {error}"))?;
    if manifest.format != FORMAT {
        return Err(format!(
            "its format {} is not one that this build reads",
            manifest.format
        ));
    }
    if manifest.node != node {
        return Err(format!("it is an image of node {}", manifest.node));
    }
    let mut rows = NodeRows::new();
    let mut bytes = 0;
    for (name, parts) in manifest.parts {
        let own = rows.entry(name.clone()).or_default();
        for id in &parts {
            let part = get(id)?;
            bytes += part.len() as u64;
            if bytes > MAX_IMAGE_BYTES {
                return Err(format!("it is over the limit of {MAX_IMAGE_BYTES} bytes"));
            }
            let read: Vec<(u64, Value)> =
                serde_json::from_slice(part).map_err(|error| format!("rows {name}: {error}"))?;
            for (id, row) in read {
                if own.insert(id, row).is_some() {
                    return Err(format!("row {name} {id} is there twice"));
                }
            }
        }
    }
    Ok(NodeImage {
        node,
        tick: manifest.tick,
        versions: manifest.versions,
        rows,
    })
}

/// Puts an image in the place of its node's rows, rebuilds every index, and answers an image of what was there.
///
/// Call it at the start of a tick, before its commands. Rooms find faults between rows in [`Rebuild`], as after a
/// restore: whoever calls this looks whether they did, and puts the answer back if so.
///
/// # Errors
/// Says which row is at fault; nothing is changed then.
pub fn put(world: &mut World, image: NodeImage) -> Result<NodeImage, String> {
    let node = image.node;
    let differs = image.differs(world);
    let rows = world.resource_scope(|world, registry: Mut<Registry>| decode(world, &registry, image))?;
    let before = take(world, node).map_err(|error| error.to_string())?;
    world.resource_scope(|world, registry: Mut<Registry>| swap(world, &registry, node, rows));
    // What was written by another build is not rebuilt: whoever calls this power-cycles the node.
    let pending = world.resource::<PendingUpgrade>().clone();
    if differs.is_some() {
        world.resource_mut::<PendingUpgrade>().diff = differs;
    }
    world.insert_resource(RebuildScope::Node(node));
    world.resource_mut::<Calendar>().clear();
    world.run_schedule(Rebuild);
    world.insert_resource(RebuildScope::World);
    world.insert_resource(pending);
    Ok(before)
}

/// Reads every row; what is wrong with the first that cannot be.
fn decode(world: &World, registry: &Registry, image: NodeImage) -> Result<BTreeMap<RowId, Vec<Decoded>>, String> {
    let node = image.node;
    let own = world.resource::<Rows>().get(RowId::of_node(node));
    let own = own.and_then(|entity| world.get::<Node>(entity));
    let next_row_id = own.ok_or_else(|| format!("there is no node {node}"))?.next_row_id;
    let mut found: BTreeMap<RowId, Vec<Decoded>> = BTreeMap::new();
    for (name, rows) in image.rows {
        let row_type = registry.types.get(name.as_str());
        let row_type =
            row_type.filter(|row_type| !row_type.is_resource && !world.resource::<ImageRules>().keeps(&name));
        let row_type = row_type.ok_or_else(|| format!("an image has no rows {name}"))?;
        let schema = image.versions.schemas.get(&name).copied().unwrap_or(0);
        if schema == 0 || schema > row_type.schema {
            return Err(format!("rows {name} have a schema that this build does not know"));
        }
        for (id, value) in rows {
            if id >= next_row_id {
                return Err(format!("row {name} {id}: the node has given out ids to {next_row_id}"));
            }
            let row = row_type
                .decode(&value, schema)
                .map_err(|fault| format!("row {name} {id}: {fault}"))?;
            if let Some(blob) = row.blobs.iter().find(|blob| !world.resource::<Blobs>().contains(blob)) {
                return Err(format!("row {name} {id} names the blob {blob}, which is not there"));
            }
            found.entry(RowId { node, id }).or_default().push(row);
        }
    }
    Ok(found)
}

/// Takes a node's rows away and puts others in their place.
fn swap(world: &mut World, registry: &Registry, node: NodeId, rows: BTreeMap<RowId, Vec<Decoded>>) {
    let own = world
        .resource::<Rows>()
        .get(RowId::of_node(node))
        .expect("checked before");
    let rules = world.resource::<ImageRules>().carried.clone();
    let carried: Vec<Carried> = rules.iter().filter_map(|rule| rule(world, own)).collect();
    let others = world.resource::<Rows>().iter_node(node).map(|(_, entity)| entity);
    let kept = |entity: &Entity| {
        let kept = &world.resource::<ImageRules>().kept;
        kept.iter().any(|name| registry.types[name].is_on(world, *entity))
    };
    let others: Vec<Entity> = others.filter(|entity| *entity != own && !kept(entity)).collect();
    for entity in others {
        if let Ok(entity) = world.get_entity_mut(entity) {
            entity.despawn();
        }
    }
    for (name, row_type) in &registry.types {
        if !row_type.is_resource && !world.resource::<ImageRules>().keeps(name) {
            row_type.remove(world, own);
        }
    }
    for (row, decoded) in rows {
        let entity = if row.id == 0 { own } else { world.spawn(row).id() };
        decoded.into_iter().for_each(|row| (row.insert)(world, entity));
    }
    carried.into_iter().for_each(|carry| carry(world, own));
    for mend in world.resource::<ImageRules>().mend.clone() {
        mend(world, node);
    }
}
