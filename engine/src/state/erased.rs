//! What the engine does with a row without knowing its type.

use std::marker::PhantomData;

use bevy_ecs::change_detection::Tick as ChangeTick;
use bevy_ecs::prelude::*;
use bevy_ecs::world::EntityRef;
use serde_json::Value;

use crate::blobs::BlobId;
use crate::canon::{self, CanonError};
use crate::ids::RowId;

use super::Row;

/// A row that was read and is ready to be put in.
pub(crate) struct Decoded {
    /// The canonical JSON that this type writes for the value.
    pub(crate) rewritten: Vec<u8>,
    /// Blobs that the row names.
    pub(crate) blobs: Vec<BlobId>,
    /// Puts the row into the world, on that entity.
    pub(crate) insert: Box<dyn FnOnce(&mut World, Entity) + Send + Sync>,
}

pub(crate) trait RowOps: Send + Sync {
    fn changed(&mut self, world: &mut World, since: Option<ChangeTick>, found: &mut Vec<(RowId, Entity)>);
    fn is_on(&self, entity: EntityRef) -> bool;
    /// Appends the canonical JSON of the entity's row, if it has it.
    fn write(&self, entity: EntityRef, out: &mut Vec<u8>) -> Option<Result<(), CanonError>>;
    fn blobs(&self, entity: EntityRef, found: &mut Vec<BlobId>);
    fn decode(&self, value: &Value) -> Result<Decoded, CanonError>;
    /// Takes the row from an entity that has it.
    fn remove(&self, world: &mut World, entity: Entity);
    fn reset(&self, world: &mut World);
}

fn write<T: Row>(entity: EntityRef, out: &mut Vec<u8>) -> Option<Result<(), CanonError>> {
    entity.get::<T>().map(|row| canon::write(row, out))
}

fn blobs<T: Row>(entity: EntityRef, found: &mut Vec<BlobId>) {
    if let Some(row) = entity.get::<T>() {
        row.blobs(found);
    }
}

fn decode<T: Row>(
    value: &Value,
    insert: impl FnOnce(T, &mut World, Entity) + Send + Sync + 'static,
) -> Result<Decoded, CanonError> {
    let row: T = T::deserialize(value).map_err(|error| canon::error("", &error.to_string()))?;
    let rewritten = canon::to_json(&row)?;
    let mut ids = Vec::new();
    row.blobs(&mut ids);
    Ok(Decoded {
        rewritten,
        blobs: ids,
        insert: Box::new(move |world, entity| insert(row, world, entity)),
    })
}

/// Rows that are components.
pub(crate) struct ComponentRows<T: Row> {
    query: Option<QueryState<(Entity, &'static RowId, Ref<'static, T>)>>,
}

impl<T: Row> ComponentRows<T> {
    pub(crate) const fn new() -> Self {
        Self { query: None }
    }
}

impl<T: Row> RowOps for ComponentRows<T> {
    fn changed(&mut self, world: &mut World, since: Option<ChangeTick>, found: &mut Vec<(RowId, Entity)>) {
        let this_run = world.change_tick();
        let query = self.query.get_or_insert_with(|| world.query());
        for (entity, &row, value) in query.iter(world) {
            if since.is_none_or(|since| value.last_changed().is_newer_than(since, this_run)) {
                found.push((row, entity));
            }
        }
    }

    fn is_on(&self, entity: EntityRef) -> bool {
        entity.contains::<T>()
    }

    fn write(&self, entity: EntityRef, out: &mut Vec<u8>) -> Option<Result<(), CanonError>> {
        write::<T>(entity, out)
    }

    fn blobs(&self, entity: EntityRef, found: &mut Vec<BlobId>) {
        blobs::<T>(entity, found);
    }

    fn decode(&self, value: &Value) -> Result<Decoded, CanonError> {
        decode::<T>(value, |row, world, entity| {
            world.entity_mut(entity).insert(row);
        })
    }

    fn remove(&self, world: &mut World, entity: Entity) {
        world.entity_mut(entity).remove::<T>();
    }

    fn reset(&self, _: &mut World) {}
}

/// A row that is a resource.
pub(crate) struct ResourceRow<R> {
    resource: PhantomData<fn() -> R>,
}

impl<R> ResourceRow<R> {
    pub(crate) const fn new() -> Self {
        Self { resource: PhantomData }
    }
}

impl<R: Row + Resource + Default> RowOps for ResourceRow<R> {
    fn changed(&mut self, world: &mut World, since: Option<ChangeTick>, found: &mut Vec<(RowId, Entity)>) {
        let this_run = world.change_tick();
        let Some(ticks) = world.get_resource_change_ticks::<R>() else {
            return;
        };
        if since.is_some_and(|since| !ticks.is_changed(since, this_run)) {
            return;
        }
        let id = world
            .components()
            .component_id::<R>()
            .expect("the resource is in the world");
        let entity = world.resource_entities().get(id).expect("a resource has an entity");
        found.push((RowId::WORLD, entity));
    }

    fn is_on(&self, entity: EntityRef) -> bool {
        entity.contains::<R>()
    }

    fn write(&self, entity: EntityRef, out: &mut Vec<u8>) -> Option<Result<(), CanonError>> {
        write::<R>(entity, out)
    }

    fn blobs(&self, entity: EntityRef, found: &mut Vec<BlobId>) {
        blobs::<R>(entity, found);
    }

    fn decode(&self, value: &Value) -> Result<Decoded, CanonError> {
        decode::<R>(value, |row, world, _| world.insert_resource(row))
    }

    fn remove(&self, _: &mut World, _: Entity) {}

    fn reset(&self, world: &mut World) {
        world.insert_resource(R::default());
    }
}
