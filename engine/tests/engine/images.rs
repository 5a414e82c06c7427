//! Images of single nodes: taken, put back, and what they leave alone.

use bevy_ecs::prelude::*;
use helios_engine::images::{self, NodeImage};
use helios_engine::prelude::*;
use helios_engine::snapshot;
use helios_engine::testing::assert_hash_is_fresh;
use helios_engine::time::step_many;

use crate::toy::{Counter, Note, counter, node, toy_app};

/// Rows of a node that an image holds, as the snapshot of the whole world has them.
fn rows_of(world: &mut World, node: NodeId) -> snapshot::NodeRows {
    let mut rows = snapshot::take(world).nodes.remove(&node).unwrap();
    for kept in ["node", "node_key", "node_streams"] {
        rows.remove(kept);
    }
    rows
}

#[test]
fn an_image_brings_back_every_row_of_its_node_and_no_other() {
    let mut app = toy_app();
    let world = app.world_mut();
    step_many(world, 40);
    let (alpha, beta) = (node(world, "alpha"), node(world, "beta"));
    let stored = images::store(world, alpha).unwrap();
    let before = rows_of(world, alpha);
    step_many(world, 60);
    assert_ne!(rows_of(world, alpha), before);
    let other = rows_of(world, beta);
    let next = |world: &World| {
        let entity = world.resource::<Nodes>().get(alpha).unwrap();
        world.get::<Node>(entity).unwrap().next_row_id
    };
    let numbers = next(world);
    let image = images::load(world, alpha, &stored.image).unwrap();
    assert_eq!(image.tick, Tick(40));
    let there = images::put(world, image).unwrap();
    assert_eq!(rows_of(world, alpha), before);
    assert_eq!(rows_of(world, beta), other, "the others go on");
    assert_eq!(next(world), numbers, "numbers of rows go on");
    assert_hash_is_fresh(world);
    // And what was there can be put back as well.
    let after = there.rows.clone();
    images::put(world, there).unwrap();
    assert_eq!(rows_of(world, alpha), after);
    assert_hash_is_fresh(world);
    step_many(world, 20);
    assert_hash_is_fresh(world);
}

#[test]
fn a_world_that_loads_an_image_saves_and_restores_to_the_same_hashes() {
    let run = |save_at: u64| {
        let mut app = toy_app();
        let world = app.world_mut();
        step_many(world, 30);
        let alpha = node(world, "alpha");
        let stored = images::store(world, alpha).unwrap();
        // Somebody keeps the image.
        let blobs: Vec<BlobId> = stored.blobs.iter().copied().collect();
        for blob in blobs {
            let note = Note {
                text: "kept".into(),
                blob: Some(blob),
            };
            spawn_row(world, node(world, "gamma"), note);
        }
        let mut hashes = Vec::new();
        for at in 0..60 {
            if at == save_at {
                let saved = snapshot::take(world);
                snapshot::restore(world, saved).unwrap();
            }
            if at == 30 {
                let image = images::load(world, alpha, &stored.image).unwrap();
                images::put(world, image).unwrap();
            }
            step(world);
            hashes.push(world_hash(world));
        }
        hashes
    };
    let plain = run(1_000);
    for save_at in [0, 29, 30, 31, 45] {
        assert_eq!(run(save_at), plain, "saved and restored before step {save_at}");
    }
}

#[test]
fn what_is_wrong_with_an_image_is_said_and_changes_nothing() {
    let mut app = toy_app();
    let world = app.world_mut();
    step_many(world, 40);
    let (alpha, beta) = (node(world, "alpha"), node(world, "beta"));
    let good = images::take(world, alpha).unwrap();
    let hash = world_hash(world);
    let with = |change: &dyn Fn(&mut NodeImage)| {
        let mut image = good.clone();
        change(&mut image);
        image
    };
    let counters = |image: &mut NodeImage| image.rows.get_mut("counter").unwrap().clone();
    let cases: [(&str, NodeImage); 6] = [
        (
            "an image has no rows unknown",
            with(&|image| {
                let rows = counters(image);
                image.rows.insert("unknown".into(), rows);
            }),
        ),
        (
            "an image has no rows node_key",
            with(&|image| {
                let rows = counters(image);
                image.rows.insert("node_key".into(), rows);
            }),
        ),
        (
            "an image has no rows clock",
            with(&|image| {
                let rows = counters(image);
                image.rows.insert("clock".into(), rows);
            }),
        ),
        (
            "has given out ids to",
            with(&|image| {
                let row = counters(image)[&1].clone();
                image.rows.get_mut("counter").unwrap().insert(1 << 40, row);
            }),
        ),
        (
            "a schema that this build does not know",
            with(&|image| {
                image.versions.schemas.insert("counter".into(), 9);
            }),
        ),
        (
            "row counter 1: ",
            with(&|image| {
                *image.rows.get_mut("counter").unwrap().get_mut(&1).unwrap() = serde_json::json!({ "value": 1.5 });
            }),
        ),
    ];
    for (wanted, image) in cases {
        let problem = images::put(world, image).unwrap_err();
        assert!(problem.contains(wanted), "{wanted:?} is not in {problem:?}");
        assert_eq!(world_hash(world), hash, "{wanted}");
    }
    let stored = images::store(world, alpha).unwrap();
    let problem = images::load(world, beta, &stored.image).unwrap_err();
    assert!(problem.contains("it is an image of node"), "{problem}");
    let garbage = world.resource_mut::<Blobs>().put(*b"no image").unwrap();
    assert!(
        images::load(world, alpha, &garbage)
            .unwrap_err()
            .starts_with("the manifest: ")
    );
    assert_eq!(
        images::load(world, alpha, &BlobId::default())
            .unwrap_err()
            .split(' ')
            .next(),
        Some("the")
    );
}

#[test]
fn images_share_what_did_not_change() {
    let mut app = toy_app();
    let world = app.world_mut();
    step_many(world, 40);
    let alpha = node(world, "alpha");
    let first = images::store(world, alpha).unwrap();
    let again = images::store(world, alpha).unwrap();
    assert_eq!(first, again, "the same rows are the same image");
    let entity = world.resource::<Rows>().get(RowId { node: alpha, id: 1 }).unwrap();
    world.get_mut::<Counter>(entity).unwrap().value += 1;
    let other = images::store(world, alpha).unwrap();
    assert_ne!(first.image, other.image);
    // The manifest and the counters are new; notes and lines are not.
    assert_eq!(other.blobs.difference(&first.blobs).count(), 2);
    assert!(counter(world, "alpha").value > 0);
}
