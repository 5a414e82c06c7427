//! Frames are snapshots, and cost what changed.

use bevy_ecs::prelude::*;
use helios_engine::prelude::*;
use helios_engine::snapshot::{
    Manifest, Snapshot, read_manifest_file, read_snapshot, read_snapshot_file, restore, take, take_frame, write_frame,
    write_frame_file, write_snapshot,
};
use helios_engine::testing::test_app;
use helios_engine::time::run_until;
use helios_engine::timeline::Keyframes;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::toy::{Note, Unhashed, node, toy_app};

/// A frame of the world, which is what a snapshot of it is.
fn frame_as_snapshot(world: &mut World) -> Snapshot {
    let frame = take_frame(world).unwrap();
    let snapshot = take(world);
    assert_eq!(frame.to_snapshot(), snapshot);
    assert_eq!(frame.digest(), snapshot.digest());
    snapshot
}

#[test]
fn a_frame_is_the_snapshot_at_every_tick() {
    let mut app = toy_app();
    let world = app.world_mut();
    for tick in 1..400 {
        if tick % 90 == 0 {
            let alpha = node(world, "alpha");
            submit(world, alpha, "add", json!({ "amount": tick })).unwrap();
        }
        step(world);
        if tick % 7 == 0 {
            frame_as_snapshot(world);
        }
    }
    // Long jumps between two frames, and a restore.
    run_until(world, Tick(5_000));
    let snapshot = frame_as_snapshot(world);
    run_until(world, Tick(6_000));
    restore(world, snapshot).unwrap();
    frame_as_snapshot(world);
    run_until(world, Tick(6_000));
    frame_as_snapshot(world);
}

#[test]
fn rows_that_go_and_come_back_are_followed() {
    let mut app = toy_app();
    let world = app.world_mut();
    frame_as_snapshot(world);
    let alpha = node(world, "alpha");
    let note = |text: &str| Note {
        text: text.into(),
        blob: None,
    };
    let (entity, _) = spawn_row(world, alpha, (note("one"), Unhashed::default()));
    frame_as_snapshot(world);
    world.entity_mut(entity).remove::<Note>();
    frame_as_snapshot(world);
    world.entity_mut(entity).insert(note("two"));
    world.entity_mut(entity).remove::<Unhashed>();
    frame_as_snapshot(world);
    world.entity_mut(entity).remove::<Note>().insert(note("three"));
    frame_as_snapshot(world);
    world.despawn(entity);
    frame_as_snapshot(world);
    let beta = world.resource::<Nodes>().get(node(world, "beta")).unwrap();
    let rows: Vec<Entity> = world
        .resource::<Rows>()
        .iter_node(node(world, "beta"))
        .map(|(_, entity)| entity)
        .collect();
    rows.into_iter().for_each(|entity| _ = world.despawn(entity));
    assert!(world.get_entity(beta).is_err());
    assert_eq!(frame_as_snapshot(world).nodes.len(), 3);
}

#[test]
fn the_files_of_a_frame_and_a_snapshot_are_equal() {
    let mut app = toy_app();
    let world = app.world_mut();
    run_until(world, Tick(300));
    let (frame, snapshot) = (take_frame(world).unwrap(), take(world));
    let bytes = write_snapshot(&snapshot).unwrap();
    assert_eq!(write_frame(&frame, None).unwrap(), bytes);

    let manifest = Manifest {
        title: "Title".into(),
        tick: Tick(300),
        hash: world_hash(world),
        ..Manifest::default()
    };
    let with_manifest = write_frame(&frame, Some(&manifest)).unwrap();
    assert!(with_manifest != bytes, "the manifest is in the file");
    assert_eq!(read_snapshot(&with_manifest).unwrap(), snapshot);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("world.helios");
    write_frame_file(&path, &frame, Some(&manifest)).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), with_manifest);
    assert_eq!(read_manifest_file(&path).unwrap(), Some(manifest));
    assert_eq!(read_snapshot_file(&path).unwrap(), snapshot);
    write_frame_file(&path, &frame, None).unwrap();
    assert_eq!(read_manifest_file(&path).unwrap(), None);
}

#[test]
fn a_frame_costs_what_changed() {
    let mut app = toy_app();
    let world = app.world_mut();
    let alpha = node(world, "alpha");
    for index in 0..2_000 {
        let blob = world.resource_mut::<Blobs>().put(vec![index as u8; 1_000]).unwrap();
        let text = format!("{index} {}", "x".repeat(500));
        spawn_row(world, alpha, Note { text, blob: Some(blob) });
    }
    let mut keyframes = Keyframes::new(u64::MAX);
    let frame = take_frame(world).unwrap();
    assert!(frame.len() > 2_000);
    keyframes.insert(frame, Tick(0));
    let first = keyframes.held_bytes();
    assert!(first > 2_000 * 500 + 256_000, "{first}");

    step(world);
    submit(world, alpha, "add", json!({"amount": 1})).unwrap();
    step(world);
    keyframes.insert(take_frame(world).unwrap(), Tick(2));
    let second = keyframes.held_bytes() - first;
    assert!(second < first / 20, "{second} of {first}");

    // A row that was touched and is as it was costs nothing; neither does a restore.
    let entity = world.resource::<Rows>().get(RowId { node: alpha, id: 500 }).unwrap();
    world.get_mut::<Note>(entity).unwrap().set_changed();
    let snapshot = take(world);
    restore(world, snapshot).unwrap();
    let before = keyframes.held_bytes();
    step(world);
    keyframes.insert(take_frame(world).unwrap(), Tick(3));
    let third = keyframes.held_bytes() - before;
    assert!(third < first / 20, "{third} of {first}");

    keyframes.forget_after(Tick(0));
    assert_eq!(keyframes.held_bytes(), first, "what is forgotten is no longer counted");
}

#[derive(Component, Serialize, Deserialize)]
struct Risky {
    value: f64,
}

impl Row for Risky {
    const NAME: &'static str = "risky";
    const SCHEMA: u32 = 1;
}

#[test]
fn what_state_must_not_contain_is_an_error_and_no_frame() {
    let mut app = test_app();
    app.register_row::<Risky>().register_row::<Note>();
    let world = app.world_mut();
    let home = spawn_node(world, "home", NodeKind::Machine).unwrap();
    take_frame(world).unwrap();
    let (entity, _) = spawn_row(world, home, Risky { value: 0.5 });
    let error = take_frame(world).unwrap_err().to_string();
    assert!(error.contains("risky") && error.contains("value"), "{error}");
    world.despawn(entity);
    frame_as_snapshot(world);
    let blob = Some(helios_abi::sha256(b"nowhere"));
    let (entity, _) = spawn_row(world, home, Note { text: "x".into(), blob });
    let error = take_frame(world).unwrap_err().to_string();
    assert!(error.contains("which does not exist"), "{error}");
    world.despawn(entity);
    frame_as_snapshot(world);
}
