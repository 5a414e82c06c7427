//! World files: RON documents that say which nodes there are and what is on them.
//!
//! The engine reads the document in two passes. The first finds its shape: name, seed, epoch, nodes and the text of
//! each node's sections. The second hands every section to the room that registered it. All text stays in place, so
//! whatever is wrong, in form or in meaning, is reported with file, line and column.

mod builtin;
mod document;
mod error;
mod section;

use std::collections::BTreeMap;

use bevy_app::App;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

pub use builtin::{WORLDS, builtin_world};
pub use error::WorldError;
pub use section::{Section, Spanned};

use crate::ids::{NodeId, NodeKind, spawn_node, spawn_world_node};
use crate::log::{InputCursor, Log};
use crate::snapshot::clear;
use crate::state::Row;
use crate::streams::WorldSeed;
use crate::time::{Rebuild, WorldEpoch};

use document::Document;

/// The largest world file, in bytes.
pub const MAX_WORLD_BYTES: usize = 16 << 20;

/// The most nodes of a world file.
pub const MAX_NODES: usize = 100_000;

/// Reads a section of a node and puts what it says into the world.
pub type SectionBuilder = fn(&mut World, NodeId, &Section) -> Result<(), WorldError>;

/// Completes a world after all sections were built.
pub type WorldFinisher = fn(&mut World, &WorldText<'_>) -> Result<(), WorldError>;

/// The file that a world is built from, for errors that are about no one place in it.
#[derive(Clone, Copy, Debug)]
pub struct WorldText<'a> {
    file: &'a str,
    text: &'a str,
}

impl WorldText<'_> {
    /// An error about one value, which a section was read into before.
    #[must_use]
    pub fn error_at<T>(&self, value: &Spanned<T>, problem: impl Into<String>) -> WorldError {
        WorldError::at(self.file, self.text, value.at, problem)
    }

    /// An error of the whole file.
    #[must_use]
    pub fn error(&self, problem: impl Into<String>) -> WorldError {
        WorldError::at(self.file, self.text, 0, problem)
    }
}

/// What a world is called. A row of node 0.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorldInfo {
    /// Its name.
    pub name: String,
    /// One or two sentences.
    pub description: String,
    /// Its history is everybody's: nobody in it turns a machine back.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub authoritative: bool,
}

impl Row for WorldInfo {
    const NAME: &'static str = "world_info";
    const SCHEMA: u32 = 1;
}

/// Sections by name, each with its place in the order of building.
#[derive(Resource, Default)]
pub struct WorldSections {
    sections: BTreeMap<&'static str, (u32, SectionBuilder)>,
    finishers: Vec<(u32, WorldFinisher)>,
}

impl WorldSections {
    fn names(&self) -> Vec<&'static str> {
        self.sections.keys().copied().collect()
    }
}

/// Registration of sections.
pub trait WorldsAppExt {
    /// Registers the builder of a section of nodes. A node's sections are built in the order of `order`, then of names,
    /// wherever they stand in the file; nodes are built in the order of their names.
    ///
    /// # Panics
    /// When the section has a builder already.
    fn register_world_section(&mut self, name: &'static str, order: u32, builder: SectionBuilder) -> &mut Self;

    /// Registers what runs once all nodes and sections are built, in the order of `order`.
    ///
    /// # Panics
    /// When another finisher has the same place.
    fn register_world_finisher(&mut self, order: u32, finisher: WorldFinisher) -> &mut Self;
}

impl WorldsAppExt for App {
    fn register_world_section(&mut self, name: &'static str, order: u32, builder: SectionBuilder) -> &mut Self {
        let mut sections = self.world_mut().get_resource_or_init::<WorldSections>();
        let before = sections.sections.insert(name, (order, builder));
        assert!(before.is_none(), "two builders for the section {name:?}");
        self
    }

    fn register_world_finisher(&mut self, order: u32, finisher: WorldFinisher) -> &mut Self {
        let mut sections = self.world_mut().get_resource_or_init::<WorldSections>();
        assert!(
            sections.finishers.iter().all(|(other, _)| *other != order),
            "two finishers at place {order}"
        );
        sections.finishers.push((order, finisher));
        sections.finishers.sort_by_key(|(order, _)| *order);
        self
    }
}

/// How a world is built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BuildOptions {
    /// Another seed than that of the file.
    pub seed: Option<u64>,
}

/// Builds a world from the text of a file, in place of whatever the app's world held.
///
/// # Errors
/// Names file, line and column. A fault of form leaves the world as it was; a fault of meaning, found by a section's
/// builder, leaves it empty: never half-built.
pub fn build_world(world: &mut World, file: &str, text: &str, options: BuildOptions) -> Result<(), WorldError> {
    let document = Document::read(file, text, &world.resource::<WorldSections>().names())?;
    empty(world, &document, options);
    let built = build_nodes(world, file, text, &document);
    if built.is_err() {
        clear(world);
        spawn_world_node(world);
    }
    built?;
    world.run_schedule(Rebuild);
    Ok(())
}

/// Brings the world back to node 0 alone, with the document's seed and epoch.
fn empty(world: &mut World, document: &Document, options: BuildOptions) {
    clear(world);
    let seed = options
        .seed
        .map_or_else(|| document.seed.clone(), WorldSeed::from_number);
    world.insert_resource(seed);
    world.insert_resource(WorldEpoch {
        unix_ms: document.epoch_ms,
    });
    world.insert_resource(WorldInfo {
        name: document.name.clone(),
        description: document.description.clone(),
        authoritative: document.authoritative,
    });
    world.insert_resource(Log::authoring(InputCursor::default()));
    spawn_world_node(world);
}

fn build_nodes(world: &mut World, file: &str, text: &str, document: &Document) -> Result<(), WorldError> {
    let mut nodes: Vec<_> = document.nodes.iter().collect();
    nodes.sort_by(|left, right| left.name.value.cmp(&right.name.value));
    let mut ids = Vec::with_capacity(nodes.len());
    for node in &nodes {
        let spawned = spawn_node(world, &node.name.value, node.kind);
        let fail = |error: crate::ids::NodeError| WorldError::at(file, text, node.name.at, error.to_string());
        ids.push(spawned.map_err(fail)?);
    }
    for (node, id) in nodes.iter().zip(ids) {
        let builders = &world.resource::<WorldSections>().sections;
        let mut sections: Vec<_> = node
            .sections
            .iter()
            .map(|(name, raw)| (builders[name], *name, *raw))
            .collect();
        sections.sort_by_key(|((order, _), name, _)| (*order, *name));
        for ((_, builder), name, raw) in sections {
            builder(world, id, &Section::new(file, text, name, raw))?;
        }
    }
    let finishers = world.resource::<WorldSections>().finishers.clone();
    for (_, finish) in finishers {
        finish(world, &WorldText { file, text })?;
    }
    Ok(())
}

/// Kinds as a world file writes them.
fn kind_of(kind: NodeKind) -> Result<NodeKind, &'static str> {
    match kind {
        NodeKind::World => Err("the world itself is not a node of the file"),
        kind => Ok(kind),
    }
}
