//! The registry of rows: which components and resources are the world's state, and under which stable names.
//!
//! A type is registered once. From then on it is saved, restored, migrated, hashed and compared; a type that is not
//! registered does not survive a save. Resources are rows of node 0 with number 0.

mod erased;

use std::collections::{BTreeMap, BTreeSet};

use bevy_app::App;
use bevy_ecs::change_detection::Tick as ChangeTick;
use bevy_ecs::component::{Component, Mutable};
use bevy_ecs::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) use erased::Decoded;
use erased::{ComponentRows, ResourceRow, RowOps};

use crate::blobs::BlobId;
use crate::canon::{self, CanonError};
use crate::changes;
use crate::ids::RowId;

/// State that is saved under a stable name.
pub trait Row: Component<Mutability = Mutable> + Serialize + DeserializeOwned {
    /// The name in saves. It is never changed and never given to another type.
    const NAME: &'static str;
    /// The number of the present form, counted up from 1. A change of form comes with a migration.
    const SCHEMA: u32;

    /// Adds every blob that this row names.
    fn blobs(&self, ids: &mut Vec<BlobId>) {
        let _ = ids;
    }
}

/// Turns a row of one schema into the next.
pub type Migration = fn(Value) -> Result<Value, String>;

/// How a type is registered.
#[derive(Clone, Copy, Debug)]
pub struct RowOptions {
    /// Whether the row counts for hashes. `false` is for rows whose digest another row carries.
    pub hashed: bool,
    /// One migration for each schema before the present: the first turns schema 1 into schema 2.
    pub migrations: &'static [Migration],
}

impl Default for RowOptions {
    fn default() -> Self {
        Self {
            hashed: true,
            migrations: &[],
        }
    }
}

/// A fault of state: which row, which field, what.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("row {name} {row}: {fault}")]
pub struct StateError {
    /// The name under which the type is registered.
    pub name: String,
    /// Which row.
    pub row: RowId,
    /// The field and its problem.
    pub fault: CanonError,
}

/// Registration of state.
pub trait StateAppExt {
    /// Registers a component with default options.
    ///
    /// # Panics
    /// When the name is taken, the type is registered already, or migrations do not lead up to the schema.
    fn register_row<T: Row>(&mut self) -> &mut Self;

    /// Registers a component.
    ///
    /// # Panics
    /// As [`StateAppExt::register_row`].
    fn register_row_with<T: Row>(&mut self, options: RowOptions) -> &mut Self;

    /// Registers a resource as a row of node 0 and puts in its default value.
    ///
    /// # Panics
    /// As [`StateAppExt::register_row`].
    fn register_resource_row<R: Row + Resource + Default>(&mut self) -> &mut Self;

    /// Registers a resource as [`StateAppExt::register_resource_row`] does, with options.
    ///
    /// # Panics
    /// As [`StateAppExt::register_row`].
    fn register_resource_row_with<R: Row + Resource + Default>(&mut self, options: RowOptions) -> &mut Self;
}

impl StateAppExt for App {
    fn register_row<T: Row>(&mut self) -> &mut Self {
        self.register_row_with::<T>(RowOptions::default())
    }

    fn register_row_with<T: Row>(&mut self, options: RowOptions) -> &mut Self {
        let world = self.world_mut();
        let ops = Box::new(ComponentRows::<T>::new());
        world.get_resource_or_init::<Registry>().add::<T>(options, false, ops);
        // Components with a hook of their own ([`Node`](crate::ids::Node)) note their removal themselves.
        let _ = world
            .register_component_hooks::<T>()
            .try_on_remove(changes::on_remove_component::<T>);
        self
    }

    fn register_resource_row<R: Row + Resource + Default>(&mut self) -> &mut Self {
        self.register_resource_row_with::<R>(RowOptions::default())
    }

    fn register_resource_row_with<R: Row + Resource + Default>(&mut self, options: RowOptions) -> &mut Self {
        let world = self.world_mut();
        let ops = Box::new(ResourceRow::<R>::new());
        world.get_resource_or_init::<Registry>().add::<R>(options, true, ops);
        world.init_resource::<R>();
        self
    }
}

/// A registered type.
pub(crate) struct RowType {
    pub(crate) schema: u32,
    pub(crate) hashed: bool,
    pub(crate) is_resource: bool,
    migrations: &'static [Migration],
    ops: Box<dyn RowOps>,
}

impl RowType {
    /// Rows that changed after `since` (all of them without it), in no particular order.
    pub(crate) fn changed(&mut self, world: &mut World, since: Option<ChangeTick>) -> Vec<(RowId, Entity)> {
        let mut found = Vec::new();
        self.ops.changed(world, since, &mut found);
        found
    }

    /// Appends the row's canonical JSON; `None` when the entity has no such row.
    pub(crate) fn write(&self, world: &World, entity: Entity, out: &mut Vec<u8>) -> Option<Result<(), CanonError>> {
        self.ops.write(world.get_entity(entity).ok()?, out)
    }

    /// The row as a tree of JSON; `None` when the entity has no such row.
    pub(crate) fn encode(&self, world: &World, entity: Entity) -> Option<Result<Value, CanonError>> {
        let mut json = Vec::new();
        let written = self.write(world, entity, &mut json)?;
        Some(written.map(|()| canon::parsed(&json)))
    }

    /// Whether the entity has such a row.
    pub(crate) fn is_on(&self, world: &World, entity: Entity) -> bool {
        world.get_entity(entity).is_ok_and(|entity| self.ops.is_on(entity))
    }

    /// Adds every blob that the entity's row names.
    pub(crate) fn blobs(&self, world: &World, entity: Entity, found: &mut Vec<BlobId>) {
        self.ops.blobs(world.entity(entity), found);
    }

    /// Takes the row from an entity, if it has it.
    pub(crate) fn remove(&self, world: &mut World, entity: Entity) {
        self.ops.remove(world, entity);
    }

    /// Reads a row of any schema up to the present one.
    ///
    /// A row of the present schema must be exactly what this type would write.
    pub(crate) fn decode(&self, value: &Value, schema: u32) -> Result<Decoded, CanonError> {
        if schema < self.schema {
            return self.decode_older(value.clone(), schema);
        }
        canon::check(value)?;
        let decoded = self.ops.decode(value)?;
        // Bytes are compared first: trees only where there is a difference to name.
        if decoded.rewritten != canon::to_bytes(value)
            && let Some((path, found, written)) = canon::first_difference(value, &canon::parsed(&decoded.rewritten))
        {
            let show = |side: Option<Value>| side.map_or_else(|| "nothing".to_owned(), |side| excerpt(&side));
            let problem = format!("found {} where this build would write {}", show(found), show(written));
            return Err(canon::error(&path, &problem));
        }
        Ok(decoded)
    }

    fn decode_older(&self, mut value: Value, schema: u32) -> Result<Decoded, CanonError> {
        for (step, migrate) in self.migrations.iter().enumerate().skip(schema as usize - 1) {
            value = migrate(value)
                .map_err(|why| canon::error("", &format!("migration from schema {} failed: {why}", step + 1)))?;
        }
        canon::check(&value)?;
        self.ops.decode(&value)
    }
}

/// A value as it is shown in a message: its JSON, cut at 60 characters.
pub(crate) fn excerpt(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// All registered types by name.
#[derive(Resource, Default)]
pub struct Registry {
    pub(crate) types: BTreeMap<&'static str, RowType>,
    registered: BTreeSet<&'static str>,
}

impl Registry {
    fn add<T: Row>(&mut self, options: RowOptions, is_resource: bool, ops: Box<dyn RowOps>) {
        let name = T::NAME;
        let valid = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        assert!(
            !name.is_empty() && name.bytes().all(valid),
            "the row name {name:?} is not snake_case ASCII"
        );
        assert!(T::SCHEMA >= 1, "the schema of {name:?} counts up from 1");
        assert!(
            options.migrations.len() + 1 == T::SCHEMA as usize,
            "row {name:?} of schema {} needs {} migrations and has {}",
            T::SCHEMA,
            T::SCHEMA - 1,
            options.migrations.len()
        );
        let type_name = core::any::type_name::<T>();
        assert!(self.registered.insert(type_name), "{type_name} is registered twice");
        let row_type = RowType {
            schema: T::SCHEMA,
            hashed: options.hashed,
            is_resource,
            migrations: options.migrations,
            ops,
        };
        let before = self.types.insert(name, row_type);
        assert!(before.is_none(), "two types are registered under the row name {name:?}");
    }

    /// Names, schemas and whether rows count for hashes, in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u32, bool)> + '_ {
        self.types
            .iter()
            .map(|(&name, row_type)| (name, row_type.schema, row_type.hashed))
    }

    /// Schema numbers by name.
    #[must_use]
    pub fn schemas(&self) -> BTreeMap<String, u32> {
        self.types
            .iter()
            .map(|(&name, row_type)| (name.to_owned(), row_type.schema))
            .collect()
    }

    /// Every blob that any row names, with repetitions.
    pub(crate) fn blobs(&mut self, world: &mut World, found: &mut Vec<BlobId>) {
        for row_type in self.types.values_mut() {
            for (_, entity) in row_type.changed(world, None) {
                row_type.blobs(world, entity, found);
            }
        }
    }

    /// Puts every registered resource back to its default.
    pub(crate) fn reset_resources(&self, world: &mut World) {
        for row_type in self.types.values() {
            row_type.ops.reset(world);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::testing::test_app;

    #[derive(Component, Serialize, Deserialize)]
    struct First(u64);
    impl Row for First {
        const NAME: &'static str = "same";
        const SCHEMA: u32 = 1;
    }

    #[derive(Component, Serialize, Deserialize)]
    struct Second(u64);
    impl Row for Second {
        const NAME: &'static str = "same";
        const SCHEMA: u32 = 1;
    }

    #[test]
    #[should_panic(expected = "two types are registered under the row name \"same\"")]
    fn a_name_is_given_once() {
        test_app().register_row::<First>().register_row::<Second>();
    }

    #[test]
    #[should_panic(expected = "is registered twice")]
    fn a_type_is_registered_once() {
        test_app().register_row::<First>().register_row::<First>();
    }

    #[derive(Component, Serialize, Deserialize)]
    struct NoMigration;
    impl Row for NoMigration {
        const NAME: &'static str = "no_migration";
        const SCHEMA: u32 = 2;
    }

    #[test]
    #[should_panic(expected = "of schema 2 needs 1 migrations and has 0")]
    fn a_schema_comes_with_its_migrations() {
        test_app().register_row::<NoMigration>();
    }
}
