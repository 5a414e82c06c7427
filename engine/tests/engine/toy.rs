//! A small room for tests: nodes that count, draw numbers, and spawn and despawn rows when their timers run out.

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_engine::log::CommandError;
use helios_engine::prelude::*;
use helios_engine::testing::test_app;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A counter with a timer.
#[derive(Component, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Counter {
    pub(crate) value: u64,
    pub(crate) stream: NodeStream,
    pub(crate) next_ns: u64,
    pub(crate) sequence: u64,
}

impl Row for Counter {
    const NAME: &'static str = "counter";
    const SCHEMA: u32 = 1;
}

/// A thing that names a blob.
#[derive(Component, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Note {
    pub(crate) text: String,
    pub(crate) blob: Option<BlobId>,
}

impl Row for Note {
    const NAME: &'static str = "note";
    const SCHEMA: u32 = 1;

    fn blobs(&self, ids: &mut Vec<BlobId>) {
        ids.extend(self.blob);
    }
}

/// Something whose digest another row carries.
#[derive(Component, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unhashed {
    pub(crate) lines: Vec<String>,
}

impl Row for Unhashed {
    const NAME: &'static str = "unhashed";
    const SCHEMA: u32 = 1;
}

/// A total over all nodes.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Total {
    pub(crate) sum: u64,
}

impl Row for Total {
    const NAME: &'static str = "total";
    const SCHEMA: u32 = 1;
}

/// Adds the room to an app.
pub(crate) fn add_toys(app: &mut App) {
    app.register_row::<Counter>()
        .register_row::<Note>()
        .register_row_with::<Unhashed>(RowOptions {
            hashed: false,
            ..RowOptions::default()
        })
        .register_resource_row::<Total>()
        .register_event("toy", on_timer)
        .register_command("add", add)
        .add_systems(Rebuild, rebuild);
}

/// An app with three counting nodes.
pub(crate) fn toy_app() -> App {
    let mut app = test_app();
    add_toys(&mut app);
    let world = app.world_mut();
    for name in ["gamma", "alpha", "beta"] {
        let node = spawn_node(world, name, NodeKind::Machine).unwrap();
        let entity = world.resource::<Nodes>().get(node).unwrap();
        let stream = NodeStream::new(&world.get::<NodeKey>(entity).unwrap().0, "toy");
        let counter = Counter {
            value: 0,
            stream,
            next_ns: 1_500_000,
            sequence: 0,
        };
        spawn_row(world, node, (counter, Unhashed::default()));
    }
    world.run_schedule(Rebuild);
    app
}

/// The node of that name.
pub(crate) fn node(world: &World, name: &str) -> NodeId {
    world.resource::<Nodes>().by_name(name).unwrap()
}

/// The counter of a node.
pub(crate) fn counter<'a>(world: &'a World, name: &str) -> &'a Counter {
    let row = RowId {
        node: node(world, name),
        id: 1,
    };
    world
        .get::<Counter>(world.resource::<Rows>().get(row).unwrap())
        .unwrap()
}

fn add(world: &mut World, node: NodeId, payload: &Value) -> Result<(), CommandError> {
    let amount = payload["amount"]
        .as_u64()
        .ok_or_else(|| CommandError::new("amount is missing"))?;
    let entity = world.resource::<Rows>().get(RowId { node, id: 1 });
    let entity = entity.ok_or_else(|| CommandError::new("the node does not count"))?;
    world.get_mut::<Counter>(entity).unwrap().value += amount;
    world.resource_mut::<Total>().sum += amount;
    Ok(())
}

fn key(row: RowId, counter: &Counter) -> EventKey {
    EventKey {
        time_ns: counter.next_ns,
        node: row.node,
        class: EventClass::Timer,
        port: 0,
        sequence: counter.sequence,
    }
}

fn on_timer(world: &mut World, _: &EventKey, event: &CalendarEvent) {
    let entity = world.resource::<Rows>().get(event.row).unwrap();
    let mut counter = world.get_mut::<Counter>(entity).unwrap();
    let draw = counter.stream.below(1_000);
    counter.value += draw;
    counter.sequence += 1;
    counter.next_ns += if draw < 30 { 700_000_000 } else { 1 + draw * 9_000 };
    let next = key(event.row, &counter);
    world.resource_mut::<Calendar>().schedule(next, *event);
    world.get_mut::<Unhashed>(entity).unwrap().lines.push(draw.to_string());
    let node = event.row.node;
    if draw.is_multiple_of(3) {
        let blob = world
            .resource_mut::<Blobs>()
            .put(draw.to_string().into_bytes())
            .unwrap();
        spawn_row(
            world,
            node,
            Note {
                text: json!(draw).to_string(),
                blob: Some(blob),
            },
        );
    } else if draw.is_multiple_of(5) {
        let oldest = world
            .resource::<Rows>()
            .iter_node(node)
            .map(|(_, entity)| entity)
            .nth(2);
        oldest.map(|entity| world.despawn(entity));
    }
}

fn rebuild(counters: Query<(&RowId, &Counter)>, mut calendar: ResMut<Calendar>) {
    for (row, counter) in &counters {
        let event = CalendarEvent {
            kind: "toy",
            row: *row,
            token: 0,
        };
        calendar.schedule(key(*row, counter), event);
    }
}
