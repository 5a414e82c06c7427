//! Frames: snapshots whose rows are canonical JSON and shared with the frames before.
//!
//! The first frame of a world encodes every row. Each one after encodes the rows that changed since, and shares all
//! others: a frame costs what changed. Rows of a node lie in groups of ids, so that a change copies a small group; a row
//! that grows at its end shares the blocks that stayed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bevy_ecs::prelude::*;

use crate::blobs::{BlobId, Blobs};
use crate::canon;
use crate::changes::{Gone, Removals, Watch};
use crate::hash::Hash;
use crate::ids::{NodeId, RowId, Rows, Tick};
use crate::state::{Registry, RowType, StateError};
use crate::time::Clock;
use crate::versions::Versions;

use super::bytes::RowBytes;
use super::{NodeRows, Snapshot, file, versions_of};

/// Ids of a group differ in so many low bits.
const GROUP_BITS: u32 = 6;

/// A blob that a row names, with its bytes.
pub(crate) type NamedBlob = (BlobId, Arc<[u8]>);

/// One row of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FrameRow {
    pub(crate) json: RowBytes,
    pub(crate) blobs: Option<Arc<[NamedBlob]>>,
}

/// Rows of one component whose ids are neighbours, by id.
pub(crate) type Group = BTreeMap<u64, FrameRow>;

/// Rows of one node: groups by component name and the high bits of the id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FrameNode {
    pub(crate) groups: BTreeMap<(&'static str, u64), Arc<Group>>,
}

impl FrameNode {
    fn get(&self, name: &'static str, id: u64) -> Option<&FrameRow> {
        self.groups.get(&(name, id >> GROUP_BITS))?.get(&id)
    }

    /// Takes a row out. Answers whether it was there.
    fn remove(&mut self, name: &'static str, id: u64) -> bool {
        let key = (name, id >> GROUP_BITS);
        let Some(group) = self.groups.get_mut(&key) else {
            return false;
        };
        if !group.contains_key(&id) {
            return false;
        }
        Arc::make_mut(group).remove(&id);
        if group.is_empty() {
            self.groups.remove(&key);
        }
        true
    }

    /// Rows in the order of names and ids.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (&'static str, u64, &FrameRow)> {
        let groups = self.groups.iter();
        groups.flat_map(|(&(name, _), group)| group.iter().map(move |(&id, row)| (name, id, row)))
    }
}

/// The whole state of a world between two ticks, shared with the frames before it.
///
/// A clone costs a pointer for each node. It may be sent to another thread, to be written there while the world goes on.
#[derive(Clone, Debug)]
pub struct Frame {
    pub(super) versions: Arc<Versions>,
    pub(super) tick: Tick,
    pub(crate) nodes: BTreeMap<NodeId, Arc<FrameNode>>,
}

impl Frame {
    /// The last tick that ran.
    #[must_use]
    pub const fn tick(&self) -> Tick {
        self.tick
    }

    /// Versions under which it can go on.
    #[must_use]
    pub fn versions(&self) -> &Versions {
        &self.versions
    }

    /// How many rows it has.
    #[must_use]
    pub fn len(&self) -> usize {
        let groups = self.nodes.values().flat_map(|node| node.groups.values());
        groups.map(|group| group.len()).sum()
    }

    /// Whether it has no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// SHA-256 of its canonical JSON: equal to [`Snapshot::digest`] of the same state.
    #[must_use]
    pub fn digest(&self) -> Hash {
        file::digest(&file::Document::of_frame(self))
    }

    /// The same state as a snapshot, to be restored or compared.
    ///
    /// # Panics
    /// Never: rows of a frame are JSON that this build wrote.
    #[must_use]
    pub fn to_snapshot(&self) -> Snapshot {
        let mut nodes: BTreeMap<NodeId, NodeRows> = BTreeMap::new();
        let mut blobs = BTreeMap::new();
        for (&node, rows) in &self.nodes {
            let by_name = nodes.entry(node).or_default();
            for (name, id, row) in rows.rows() {
                if !by_name.contains_key(name) {
                    by_name.insert(name.to_owned(), BTreeMap::new());
                }
                let by_id = by_name.get_mut(name).expect("put in above");
                by_id.insert(id, row.json.parse());
                blobs.extend(row.blobs.iter().flat_map(|named| named.iter().cloned()));
            }
        }
        Snapshot {
            versions: Versions::clone(&self.versions),
            tick: self.tick,
            nodes,
            blobs,
        }
    }
}

/// Rows as the last frame has them, and when that was. A cache, made from rows.
#[derive(Resource, Debug, Default)]
pub(crate) struct FrameCache {
    nodes: BTreeMap<NodeId, Arc<FrameNode>>,
    watch: Watch,
}

impl FrameCache {
    /// Reads every row at the next look. What is equal then is shared all the same.
    pub(crate) fn look_afresh(&mut self) {
        self.watch = Watch::default();
    }

    /// Shares with this frame from now on: the world was restored from it.
    pub(crate) fn share_with(&mut self, frame: &Frame) {
        self.nodes.clone_from(&frame.nodes);
        self.look_afresh();
    }
}

/// Takes a frame. Call it between ticks only.
///
/// # Errors
/// Names the row and field that hold what state must not contain, or name a blob that does not exist.
pub fn take_frame(world: &mut World) -> Result<Frame, StateError> {
    let refreshed = world.resource_scope(|world, mut cache: Mut<FrameCache>| {
        let refreshed = refresh(world, &mut cache);
        if refreshed.is_err() {
            *cache = FrameCache::default();
        }
        refreshed.map(|()| cache.nodes.clone())
    });
    Ok(Frame {
        nodes: refreshed?,
        versions: Arc::new(versions_of(world)),
        tick: world.resource::<Clock>().tick,
    })
}

fn refresh(world: &mut World, cache: &mut FrameCache) -> Result<(), StateError> {
    let gone = world.resource_mut::<Removals>().frames.replace(Gone::default());
    let since = cache
        .watch
        .look(world, gone.as_ref().is_none_or(|gone| gone.overflowed));
    let mut editor = match (since, gone) {
        (Some(_), Some(gone)) => {
            let mut editor = Editor::going_on(std::mem::take(&mut cache.nodes));
            world.resource_scope(|world, registry: Mut<Registry>| editor.drop_removed(world, &registry, &gone));
            editor
        }
        _ => Editor::afresh(std::mem::take(&mut cache.nodes)),
    };
    world.resource_scope(|world, mut registry: Mut<Registry>| {
        for (&name, row_type) in &mut registry.types {
            for (row, entity) in row_type.changed(world, since) {
                editor.put(world, name, row_type, row, entity)?;
            }
        }
        Ok(())
    })?;
    cache.nodes = editor.finish();
    Ok(())
}

/// Makes the nodes of a frame from those of the one before.
struct Editor {
    nodes: BTreeMap<NodeId, Arc<FrameNode>>,
    /// What there was, where everything is read afresh: equal rows, groups and nodes are taken from it.
    before: BTreeMap<NodeId, Arc<FrameNode>>,
    /// The row at hand.
    json: Vec<u8>,
}

impl Editor {
    const fn going_on(nodes: BTreeMap<NodeId, Arc<FrameNode>>) -> Self {
        Self {
            nodes,
            before: BTreeMap::new(),
            json: Vec::new(),
        }
    }

    const fn afresh(before: BTreeMap<NodeId, Arc<FrameNode>>) -> Self {
        Self {
            nodes: BTreeMap::new(),
            before,
            json: Vec::new(),
        }
    }

    /// Takes out what went and did not come back.
    fn drop_removed(&mut self, world: &World, registry: &Registry, gone: &Gone) {
        let rows = world.resource::<Rows>();
        for &(name, row) in &gone.rows {
            let present = rows
                .get(row)
                .is_some_and(|entity| registry.types[name].is_on(world, entity));
            if !present {
                self.remove(row, &[name]);
            }
        }
        let names: Vec<&'static str> = registry
            .types
            .iter()
            .filter(|(_, row_type)| !row_type.is_resource)
            .map(|(&name, _)| name)
            .collect();
        for &row in gone.entities.iter().filter(|row| rows.get(**row).is_none()) {
            self.remove(row, &names);
        }
    }

    fn remove(&mut self, row: RowId, names: &[&'static str]) {
        let Some(node) = self.nodes.get_mut(&row.node) else {
            return;
        };
        let present = names.iter().filter(|name| node.get(name, row.id).is_some());
        let present: Vec<&'static str> = present.copied().collect();
        if present.is_empty() {
            return;
        }
        let rows = Arc::make_mut(node);
        for name in present {
            rows.remove(name, row.id);
        }
        if rows.groups.is_empty() {
            self.nodes.remove(&row.node);
        }
    }

    /// Puts a row in as it is now. One that was touched and is as it was stays shared.
    fn put(
        &mut self,
        world: &World,
        name: &'static str,
        row_type: &RowType,
        row: RowId,
        entity: Entity,
    ) -> Result<(), StateError> {
        let fault = |fault| StateError {
            name: name.to_owned(),
            row,
            fault,
        };
        self.json.clear();
        let written = row_type.write(world, entity, &mut self.json);
        written.expect("a row is on its entity").map_err(fault)?;
        let known = |nodes: &BTreeMap<NodeId, Arc<FrameNode>>| nodes.get(&row.node)?.get(name, row.id).cloned();
        let here = known(&self.nodes);
        let before = here.clone().or_else(|| known(&self.before));
        let row_now = FrameRow {
            json: RowBytes::of(&self.json, before.as_ref().map(|row| &row.json)),
            blobs: named_blobs(world, row_type, entity).map_err(|missing| {
                fault(canon::error(
                    "",
                    &format!("names the blob {missing}, which does not exist"),
                ))
            })?,
        };
        if here.as_ref() == Some(&row_now) {
            return Ok(());
        }
        let row_now = before.filter(|before| *before == row_now).unwrap_or(row_now);
        let node = Arc::make_mut(self.nodes.entry(row.node).or_default());
        let group = node.groups.entry((name, row.id >> GROUP_BITS)).or_default();
        Arc::make_mut(group).insert(row.id, row_now);
        Ok(())
    }

    fn finish(mut self) -> BTreeMap<NodeId, Arc<FrameNode>> {
        for (id, node) in &mut self.nodes {
            let Some(before) = self.before.get(id) else { continue };
            let rows = Arc::make_mut(node);
            for (key, group) in &mut rows.groups {
                if let Some(same) = before.groups.get(key).filter(|before| *before == group) {
                    *group = same.clone();
                }
            }
            if rows == before.as_ref() {
                *node = before.clone();
            }
        }
        self.nodes
    }
}

/// The blobs that a row names, each once, or the first that does not exist.
fn named_blobs(world: &World, row_type: &RowType, entity: Entity) -> Result<Option<Arc<[NamedBlob]>>, BlobId> {
    let mut named = Vec::new();
    row_type.blobs(world, entity, &mut named);
    if named.is_empty() {
        return Ok(None);
    }
    let store = world.resource::<Blobs>();
    let unique: BTreeSet<BlobId> = named.into_iter().collect();
    let found: Result<Vec<NamedBlob>, BlobId> = unique
        .into_iter()
        .map(|id| store.get(&id).map(|bytes| (id, bytes.clone())).ok_or(id))
        .collect();
    Ok(Some(found?.into()))
}
