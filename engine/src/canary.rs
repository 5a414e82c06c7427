//! Faults to inject, so that the determinism tests can show that each would be caught.
//!
//! Each fault lets one thing of the host into a row, in the way in which a careless system would. A checker that does
//! not fire on every one of them checks too little.

use std::sync::{Barrier, Mutex};

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{Nodes, RowId, Rows, spawn_row};
use crate::state::{Row, StateAppExt};
use crate::time::{Phase, SimTick, TimeAppExt, Wake};

/// What leaks into state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The host's clock.
    Clock,
    /// The order of a map that the host seeds.
    MapOrder,
    /// The order in which a query visits entities.
    QueryOrder,
    /// The order in which threads finish.
    ThreadOrder,
    /// An `Entity` id.
    EntityId,
    /// An address: what an uninitialised id holds.
    Address,
    /// A system's own memory, which no snapshot holds.
    SystemMemory,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Clock,
        Self::MapOrder,
        Self::QueryOrder,
        Self::ThreadOrder,
        Self::EntityId,
        Self::Address,
        Self::SystemMemory,
    ];
}

/// Adds rows that soak up the fault, if there is one, at every tick.
#[derive(Clone, Copy, Debug)]
pub struct CanaryPlugin {
    /// What leaks; `None` for the healthy bird.
    pub fault: Option<Fault>,
}

/// A row that soaks up whatever leaks.
#[derive(Component, Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canary {
    /// 32 bits mixed from everything so far.
    pub digest: u32,
}

impl Row for Canary {
    const NAME: &'static str = "canary";
    const SCHEMA: u32 = 1;
}

impl Plugin for CanaryPlugin {
    fn build(&self, app: &mut App) {
        app.register_row::<Canary>();
        // The bird sings at every tick, so that no tick is idle.
        app.register_idle_probe(|_| Wake::Busy);
        match self.fault {
            None => app.add_systems(SimTick, healthy.in_set(Phase::Run)),
            Some(Fault::Clock) => app.add_systems(SimTick, leak_clock.in_set(Phase::Run)),
            Some(Fault::MapOrder) => app.add_systems(SimTick, leak_map_order.in_set(Phase::Run)),
            Some(Fault::QueryOrder) => app.add_systems(SimTick, leak_query_order.in_set(Phase::Run)),
            Some(Fault::ThreadOrder) => app.add_systems(SimTick, leak_thread_order.in_set(Phase::Run)),
            Some(Fault::EntityId) => app.add_systems(SimTick, leak_entity_id.in_set(Phase::Run)),
            Some(Fault::Address) => app.add_systems(SimTick, leak_address.in_set(Phase::Run)),
            Some(Fault::SystemMemory) => app.add_systems(SimTick, leak_system_memory.in_set(Phase::Run)),
        };
    }
}

/// Puts the canary's rows on the first node, in an order that a restore does not repeat.
pub fn release(world: &mut World) {
    let (node, _) = world.resource::<Nodes>().iter().next_back().expect("there is a node");
    let rows: Vec<RowId> = (0..8).map(|_| spawn_row(world, node, Canary::default()).1).collect();
    // The last row takes the place of the one that goes, so the table is no longer in the order of ids.
    let gone = world.resource::<Rows>().get(rows[0]).expect("the row was just spawned");
    world.despawn(gone);
}

fn mix(digest: &mut u32, seen: u64) {
    let folded = (seen ^ (seen >> 32)) as u32;
    *digest = (digest.rotate_left(5) ^ folded).wrapping_mul(0x9e37_79b1);
}

fn first<'a>(canaries: &'a mut Query<(&RowId, &mut Canary)>) -> Option<Mut<'a, Canary>> {
    canaries
        .iter_mut()
        .min_by_key(|(row, _)| **row)
        .map(|(_, canary)| canary)
}

fn healthy(mut canaries: Query<(&RowId, &mut Canary)>) {
    if let Some(mut canary) = first(&mut canaries) {
        mix(&mut canary.digest, 1);
    }
}

#[expect(clippy::disallowed_methods, reason = "the fault that this canary injects")]
fn leak_clock(mut canaries: Query<(&RowId, &mut Canary)>) {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |now| now.as_nanos());
    if let Some(mut canary) = first(&mut canaries) {
        mix(&mut canary.digest, now as u64);
    }
}

#[expect(clippy::disallowed_types, reason = "the fault that this canary injects")]
fn leak_map_order(mut canaries: Query<(&RowId, &mut Canary)>) {
    let map: std::collections::HashMap<u64, ()> = (0..64).map(|key| (key, ())).collect();
    if let Some(mut canary) = first(&mut canaries) {
        map.keys().for_each(|key| mix(&mut canary.digest, *key));
    }
}

fn leak_query_order(mut canaries: Query<(&RowId, &mut Canary)>) {
    let order: Vec<u64> = canaries.iter().map(|(row, _)| row.id).collect();
    if let Some(mut canary) = first(&mut canaries) {
        order.iter().for_each(|id| mix(&mut canary.digest, *id));
    }
}

fn leak_thread_order(mut canaries: Query<(&RowId, &mut Canary)>) {
    let (order, start) = (Mutex::new(Vec::new()), Barrier::new(8));
    std::thread::scope(|scope| {
        for number in 0..8u64 {
            let (order, start) = (&order, &start);
            scope.spawn(move || {
                start.wait();
                for _ in 0..16 {
                    order.lock().expect("no thread panics").push(number);
                    std::thread::yield_now();
                }
            });
        }
    });
    if let Some(mut canary) = first(&mut canaries) {
        order
            .into_inner()
            .expect("no thread panics")
            .iter()
            .for_each(|number| mix(&mut canary.digest, *number));
    }
}

fn leak_entity_id(entities: Query<(Entity, &RowId), With<Canary>>, mut canaries: Query<(&RowId, &mut Canary)>) {
    let ids: std::collections::BTreeMap<RowId, u64> =
        entities.iter().map(|(entity, row)| (*row, entity.to_bits())).collect();
    if let Some(mut canary) = first(&mut canaries) {
        ids.values().for_each(|id| mix(&mut canary.digest, *id));
    }
}

fn leak_address(mut canaries: Query<(&RowId, &mut Canary)>) {
    if let Some(mut canary) = first(&mut canaries) {
        let address = core::ptr::from_ref::<Canary>(&canary).addr();
        mix(&mut canary.digest, address as u64);
    }
}

fn leak_system_memory(mut count: Local<u64>, mut canaries: Query<(&RowId, &mut Canary)>) {
    *count += 1;
    if let Some(mut canary) = first(&mut canaries) {
        mix(&mut canary.digest, *count);
    }
}
