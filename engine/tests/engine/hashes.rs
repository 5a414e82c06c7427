//! Hashes kept up to date are the hashes made afresh; what state must not contain is refused with its place.

use bevy_ecs::prelude::*;
use helios_engine::hash::{node_hash, try_world_hash};
use helios_engine::prelude::*;
use helios_engine::snapshot::try_take;
use helios_engine::testing::{assert_hash_is_fresh, test_app};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::toy::{Note, Total, Unhashed, node, toy_app};

#[derive(Clone, Debug)]
enum Change {
    Spawn(u8, u8),
    Edit(u8, u8),
    Despawn(u8),
    Remove(u8),
    Insert(u8, u8),
    Resource(u8),
    Unhashed(u8),
    Look,
    Tick,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<u8>(), any::<u8>()).prop_map(|(a, b)| Change::Spawn(a, b)),
        (any::<u8>(), any::<u8>()).prop_map(|(a, b)| Change::Edit(a, b)),
        any::<u8>().prop_map(Change::Despawn),
        any::<u8>().prop_map(Change::Remove),
        (any::<u8>(), any::<u8>()).prop_map(|(a, b)| Change::Insert(a, b)),
        any::<u8>().prop_map(Change::Resource),
        any::<u8>().prop_map(Change::Unhashed),
        Just(Change::Look),
        Just(Change::Tick),
    ]
}

/// A spawned row, picked by number.
fn pick(world: &World, number: u8) -> Option<Entity> {
    let notes: Vec<Entity> = world
        .resource::<Rows>()
        .iter()
        .filter(|(row, _)| row.id > 1)
        .map(|(_, e)| e)
        .collect();
    (!notes.is_empty()).then(|| notes[usize::from(number) % notes.len()])
}

fn note(text: u8) -> Note {
    Note {
        text: text.to_string(),
        blob: None,
    }
}

fn apply(world: &mut World, change: &Change) {
    match *change {
        Change::Spawn(node_number, text) => {
            let name = ["alpha", "beta", "gamma"][usize::from(node_number) % 3];
            let node = node(world, name);
            spawn_row(world, node, note(text));
        }
        Change::Edit(number, text) => {
            let entity = pick(world, number);
            if let Some(mut found) = entity.and_then(|entity| world.get_mut::<Note>(entity)) {
                found.text = text.to_string();
            }
        }
        Change::Despawn(number) => {
            pick(world, number).map(|entity| world.despawn(entity));
        }
        Change::Remove(number) => {
            pick(world, number).map(|entity| world.entity_mut(entity).remove::<Note>().id());
        }
        Change::Insert(number, text) => {
            pick(world, number).map(|entity| world.entity_mut(entity).insert(note(text)).id());
        }
        Change::Resource(sum) => world.resource_mut::<Total>().sum = sum.into(),
        Change::Unhashed(number) => {
            pick(world, number).map(|entity| world.entity_mut(entity).insert(Unhashed::default()).id());
        }
        Change::Look => {
            world_hash(world);
        }
        Change::Tick => step(world),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn kept_hashes_equal_fresh_ones(changes in proptest::collection::vec(change(), 1..60)) {
        let mut app = toy_app();
        let world = app.world_mut();
        for change in &changes {
            apply(world, change);
            if matches!(change, Change::Look) {
                assert_hash_is_fresh(world);
            }
        }
        assert_hash_is_fresh(world);
    }
}

#[test]
fn every_part_of_a_row_counts() {
    let mut app = toy_app();
    let world = app.world_mut();
    let before = world_hash(world);
    assert_eq!(before, world_hash(world));
    let (alpha, beta) = (node(world, "alpha"), node(world, "beta"));
    let hashes = (node_hash(world, alpha), node_hash(world, beta));
    let (entity, _) = spawn_row(world, alpha, note(1));
    let spawned = world_hash(world);
    assert_ne!(before, spawned);
    assert_ne!(node_hash(world, alpha), hashes.0);
    assert_eq!(
        node_hash(world, beta),
        hashes.1,
        "what happens on one node is nobody else's"
    );
    world.get_mut::<Note>(entity).unwrap().text = "2".into();
    let edited = world_hash(world);
    assert_ne!(spawned, edited);
    world.get_mut::<Note>(entity).unwrap().text = "1".into();
    assert_eq!(
        world_hash(world),
        spawned,
        "the hash is of the state, not of its history"
    );
    // The node remembers that it gave out a number.
    world.despawn(entity);
    assert_ne!(world_hash(world), before);
}

#[test]
fn rows_that_do_not_count_are_saved_all_the_same() {
    let mut app = toy_app();
    let world = app.world_mut();
    let before = world_hash(world);
    let alpha = RowId {
        node: node(world, "alpha"),
        id: 1,
    };
    let entity = world.resource::<Rows>().get(alpha).unwrap();
    world.get_mut::<Unhashed>(entity).unwrap().lines.push("x".into());
    assert_eq!(world_hash(world), before);
    let snapshot = helios_engine::snapshot::take(world);
    assert_eq!(
        snapshot.row("unhashed", alpha),
        Some(&serde_json::json!({"lines": ["x"]}))
    );
}

#[test]
fn many_removals_are_hashed_afresh() {
    let mut app = toy_app();
    let world = app.world_mut();
    let alpha = node(world, "alpha");
    world_hash(world);
    let rows: Vec<Entity> = (0..200).map(|_| spawn_row(world, alpha, note(0)).0).collect();
    world_hash(world);
    rows.into_iter().for_each(|entity| {
        world.despawn(entity);
    });
    assert_hash_is_fresh(world);
}

#[derive(Component, Clone, Serialize, Deserialize)]
struct Faulty {
    list: Vec<Inner>,
}

#[derive(Clone, Default, Serialize, Deserialize)]
struct Inner {
    float: Option<f64>,
    integer: u64,
    negative: i64,
    map: std::collections::BTreeMap<String, f32>,
}

impl Row for Faulty {
    const NAME: &'static str = "faulty";
    const SCHEMA: u32 = 1;
}

#[test]
fn what_state_must_not_contain_is_named() {
    let mut app = test_app();
    app.register_row::<Faulty>();
    let world = app.world_mut();
    let node = spawn_node(world, "n", NodeKind::Machine).unwrap();
    let (entity, row) = spawn_row(
        world,
        node,
        Faulty {
            list: vec![Inner::default(); 2],
        },
    );
    assert!(try_world_hash(world).is_ok());
    let cases: [(fn(&mut Inner), &str); 5] = [
        (
            |inner| inner.float = Some(1.5),
            "list[1].float: 1.5 is a float, and state has no floats",
        ),
        (
            |inner| inner.float = Some(f64::NAN),
            "list[1].float: NaN is a float, and state has no floats",
        ),
        (
            |inner| inner.integer = 1 << 53,
            "list[1].integer: the integer 9007199254740992 is not below 2^53",
        ),
        (
            |inner| inner.negative = -(1 << 53),
            "list[1].negative: the integer -9007199254740992 is not below 2^53",
        ),
        (
            |inner| inner.map = [("k".to_owned(), 0.0)].into(),
            "list[1].map.k: 0.0 is a float, and state has no floats",
        ),
    ];
    for (spoil, expected) in cases {
        let sound = world.get::<Faulty>(entity).unwrap().clone();
        spoil(&mut world.get_mut::<Faulty>(entity).unwrap().list[1]);
        let expected = format!("row faulty {row}: {expected}");
        assert_eq!(try_world_hash(world).unwrap_err().to_string(), expected);
        assert_eq!(try_take(world).unwrap_err().to_string(), expected);
        *world.get_mut::<Faulty>(entity).unwrap() = sound;
        assert_hash_is_fresh(world);
    }
}
