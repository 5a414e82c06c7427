//! Recordings verify, and say where they do not.

use std::collections::BTreeMap;

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_engine::log::Body;
use helios_engine::prelude::*;
use helios_engine::replay::{
    Recorder, Recording, ReplayError, ReplayOptions, read_recording, read_recording_file, replay, write_recording,
    write_recording_file,
};
use helios_engine::snapshot::{Snapshot, restore, take};
use helios_engine::time::{EPOCH_TICKS, run_until};
use helios_engine::versions::{UPGRADE, upgrade_pending};
use serde_json::json;

use crate::toy::{Counter, counter, node, toy_app};

fn record(policy: HashPolicy, ticks: u64) -> (Recording, BTreeMap<Tick, Snapshot>) {
    let mut app = toy_app();
    app.insert_resource(policy);
    let world = app.world_mut();
    let alpha = node(world, "alpha");
    run_until(world, Tick(10));
    submit(world, alpha, "add", json!({"amount": 1})).unwrap();
    let recorder = Recorder::start(world);
    let mut snapshots = BTreeMap::new();
    for tick in 11..=10 + ticks {
        if tick % 50 == 0 {
            submit(world, alpha, "add", json!({ "amount": tick })).unwrap();
        }
        step(world);
        if ticks < 1_000 {
            snapshots.insert(Tick(tick), take(world));
        }
    }
    (recorder.finish(world), snapshots)
}

#[test]
fn a_recording_verifies() {
    let (recording, _) = record(HashPolicy::EveryTick, 120);
    let report = replay(&mut toy_app(), &recording, &ReplayOptions::default()).unwrap();
    assert_eq!(
        (report.ticks, report.ticks_verified, report.epochs_verified),
        (120, 120, 0)
    );
    assert_eq!(report.end_hash, recording.end_hash);
    let (recording, _) = record(HashPolicy::EveryEpoch, 2 * EPOCH_TICKS);
    let report = replay(&mut toy_app(), &recording, &ReplayOptions::default()).unwrap();
    assert_eq!((report.ticks_verified, report.epochs_verified), (0, 2));
    let options = ReplayOptions {
        until: Some(Tick(100)),
        ..ReplayOptions::default()
    };
    assert_eq!(replay(&mut toy_app(), &recording, &options).unwrap().end, Tick(100));
}

#[test]
fn a_recording_survives_its_file() {
    let (recording, _) = record(HashPolicy::EveryTick, 60);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("run.hreplay");
    write_recording_file(&path, &recording).unwrap();
    assert_eq!(read_recording_file(&path).unwrap(), recording);
    let bytes = write_recording(&recording).unwrap();
    assert_eq!(
        bytes,
        write_recording(&recording).unwrap(),
        "equal recordings are equal files"
    );
    for end in [0, 1, 10, bytes.len() / 2, bytes.len() - 1] {
        read_recording(&bytes[..end]).unwrap_err();
    }
}

#[test]
fn a_run_that_differs_is_caught_at_its_tick_and_row() {
    let (mut recording, reference) = record(HashPolicy::EveryTick, 120);
    for record in &mut recording.log.records {
        if let (100, Body::Command { payload, .. }) = (record.tick.0, &mut record.body) {
            *payload = json!({"amount": 101});
        }
    }
    let options = ReplayOptions { reference, until: None };
    let Err(ReplayError::Diverged(divergence)) = replay(&mut toy_app(), &recording, &options) else {
        panic!("the changed command went unnoticed");
    };
    assert_eq!((divergence.tick, divergence.agreed), (Tick(100), Tick(99)));
    let difference = divergence.difference.unwrap();
    // Node 0 comes first in the order of nodes.
    assert_eq!(
        (difference.component.as_str(), difference.field.as_str()),
        ("total", "sum")
    );
}

#[test]
fn an_epoch_that_differs_is_caught() {
    let (mut recording, _) = record(HashPolicy::EveryEpoch, EPOCH_TICKS);
    for record in &mut recording.log.records {
        if let Body::Epoch { hash } = &mut record.body {
            hash.0[0] ^= 1;
        }
    }
    let error = replay(&mut toy_app(), &recording, &ReplayOptions::default()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("differs at tick 3000 (it agreed at tick 10)"),
        "{error}"
    );
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    let (recording, _) = record(HashPolicy::Off, 60);
    let spoil = |spoil: fn(&mut Recording)| {
        let mut recording = recording.clone();
        spoil(&mut recording);
        replay(&mut toy_app(), &recording, &ReplayOptions::default())
            .unwrap_err()
            .to_string()
    };
    assert!(spoil(|r| r.log.header.snapshot.0[0] ^= 1).contains("another snapshot"));
    assert!(spoil(|r| r.end = Tick(20)).contains("before its last record"));
    assert!(spoil(|r| r.end_hash.0[0] ^= 1).contains("differs at tick 70"));
}

/// The app as another build would make it.
fn build(version: &str) -> App {
    let mut app = toy_app();
    app.register_version("v8", version);
    app.add_systems(OnUpgrade, |mut counters: Query<&mut Counter>| {
        for mut counter in &mut counters {
            counter.value = 0;
        }
    });
    app
}

#[test]
fn another_build_is_told_so_and_upgrades() {
    let mut old = build("152.2");
    run_until(old.world_mut(), Tick(20));
    let recorder = Recorder::start(old.world_mut());
    run_until(old.world_mut(), Tick(30));
    let recording = recorder.finish(old.world_mut());
    let error = replay(&mut build("153.0"), &recording, &ReplayOptions::default()).unwrap_err();
    assert!(error.to_string().contains("v8 152.2 there, 153.0 here"), "{error}");

    let mut new = build("153.0");
    let world = new.world_mut();
    let outcome = restore(world, take(old.world_mut())).unwrap();
    let diff = outcome.upgrade_needed.unwrap();
    assert_eq!(diff.parts, [("v8".to_owned(), "152.2".to_owned(), "153.0".to_owned())]);
    assert!(upgrade_pending(world));
    assert_eq!(
        take(world).versions.parts["v8"],
        "152.2",
        "until the upgrade, a save is still of the old build"
    );
    let recorder = Recorder::start(world);
    submit(world, NodeId::WORLD, UPGRADE, json!(null)).unwrap();
    step(world);
    assert!(!upgrade_pending(world));
    assert!(
        counter(world, "alpha").value < 2_000,
        "the upgrade ran before the tick went on"
    );
    assert_eq!(take(world).versions.parts["v8"], "153.0");
    let recording = recorder.finish(world);
    replay(&mut build("153.0"), &recording, &ReplayOptions::default()).unwrap();
}
