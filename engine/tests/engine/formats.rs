//! A committed file of each format: it is read, means what it meant, and is written again byte for byte.
//!
//! `HELIOS_BLESS_FORMATS=1 cargo test -p helios_engine --test engine formats` makes those that are missing. A file that is
//! there is never made anew: one of a new format gets a name of its own, and the old one stays.

use std::path::PathBuf;

use helios_engine::hash::{HashPolicy, hash_of_snapshot};
use helios_engine::prelude::*;
use helios_engine::replay::{Recorder, Recording, ReplayOptions, read_recording, replay, write_recording};
use helios_engine::snapshot::{
    Manifest, read_manifest, read_snapshot, restore, take_frame, write_frame, write_snapshot,
};
use helios_engine::state::Registry;
use helios_engine::time::run_until;
use serde_json::json;

use crate::toy::{node, toy_app};

/// The committed bytes of a file; made by `make` where it is missing and that is asked for.
fn golden(name: &str, make: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if !path.exists() && std::env::var_os("HELIOS_BLESS_FORMATS").is_some_and(|value| value == "1") {
        std::fs::write(&path, make()).unwrap();
    }
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn manifest() -> Manifest {
    Manifest {
        title: "Toys".into(),
        author: "The engine's tests".into(),
        description: "Three counters.\nThey count.".into(),
        versions: [("helios".to_owned(), "0.1.0".to_owned())].into(),
        tick: Tick(120),
        hash: helios_abi::sha256(b"toys"),
        saved_unix_ms: 2_051_222_400_000,
        play_ms: 61_000,
        screen: vec!["$ count".into(), "3".into()],
    }
}

fn recording() -> Recording {
    let mut app = toy_app();
    app.insert_resource(HashPolicy::EveryEpoch);
    let world = app.world_mut();
    run_until(world, Tick(10));
    let recorder = Recorder::start(world);
    let alpha = node(world, "alpha");
    for tick in [100, 2_000, 4_000] {
        run_until(world, Tick(tick));
        submit(world, alpha, "add", json!({ "amount": tick })).unwrap();
    }
    run_until(world, Tick(6_500));
    recorder.finish(world)
}

#[test]
fn the_first_format_of_saves() {
    let bytes = golden("1.helios", || {
        let mut app = toy_app();
        run_until(app.world_mut(), Tick(120));
        write_frame(&take_frame(app.world_mut()).unwrap(), Some(&manifest())).unwrap()
    });
    assert_eq!(read_manifest(&bytes).unwrap(), Some(manifest()));
    let snapshot = read_snapshot(&bytes).unwrap();
    let mut app = toy_app();
    let world = app.world_mut();
    restore(world, snapshot.clone()).unwrap();
    assert_eq!(
        world_hash(world),
        hash_of_snapshot(&snapshot, world.resource::<Registry>())
    );
    assert_eq!(
        write_frame(&take_frame(world).unwrap(), Some(&manifest())).unwrap(),
        bytes
    );
    // The same world without what it says of itself.
    assert_eq!(read_snapshot(&write_snapshot(&snapshot).unwrap()).unwrap(), snapshot);
    let mut fresh = toy_app();
    run_until(fresh.world_mut(), Tick(120));
    assert_eq!(world_hash(world), world_hash(fresh.world_mut()));
}

#[test]
fn the_first_format_of_recordings() {
    let bytes = golden("1.hreplay", || write_recording(&recording()).unwrap());
    let read = read_recording(&bytes).unwrap();
    assert_eq!(write_recording(&read).unwrap(), bytes);
    let report = replay(&mut toy_app(), &read, &ReplayOptions::default()).unwrap();
    assert_eq!((report.end, report.epochs_verified), (Tick(6_500), 2));
    assert_eq!(read, recording());
}

#[test]
fn the_first_format_of_branches() {
    let branch = || {
        let parent = recording();
        let mut app = toy_app();
        let options = ReplayOptions {
            until: Some(Tick(3_000)),
            ..ReplayOptions::default()
        };
        replay(&mut app, &parent, &options).unwrap();
        let frame = take_frame(app.world_mut()).unwrap();
        Recording::branch(frame.to_snapshot(), parent.log.digest(), world_hash(app.world_mut()))
    };
    let bytes = golden("1-branch.hreplay", || write_recording(&branch()).unwrap());
    let read = read_recording(&bytes).unwrap();
    assert_eq!(write_recording(&read).unwrap(), bytes);
    let parent = read.log.header.parent.unwrap();
    assert_eq!((parent.log, parent.tick), (recording().log.digest(), Tick(3_000)));
    replay(&mut toy_app(), &read, &ReplayOptions::default()).unwrap();
}
