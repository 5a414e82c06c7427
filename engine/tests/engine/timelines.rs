//! Worlds that are put back to their past, go on, and branch off.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use helios_engine::hash::TickHashes;
use helios_engine::log::{Body, Mode};
use helios_engine::prelude::*;
use helios_engine::replay::{Recorder, Recording, ReplayOptions, replay};
use helios_engine::snapshot::take;
use helios_engine::timeline::{SeekError, Timeline, TimelineConfig};
use serde_json::json;

use crate::toy::{node, toy_app};

const CONFIG: TimelineConfig = TimelineConfig {
    budget_bytes: u64::MAX,
    every_ticks: 50,
};

/// Steps to a tick with a command now and then, and keyframes on the way.
fn live(world: &mut World, timeline: &mut Timeline, until: u64, hashes: &mut BTreeMap<Tick, Hash>) {
    let alpha = node(world, "alpha");
    while world.resource::<Clock>().tick.0 < until {
        let tick = world.resource::<Clock>().tick.0 + 1;
        if tick.is_multiple_of(30) {
            submit(world, alpha, "add", json!({ "amount": tick })).unwrap();
        }
        step(world);
        timeline.advance(world).unwrap();
        hashes.insert(Tick(tick), world_hash(world));
    }
}

#[test]
fn a_live_world_goes_back_and_returns() {
    let mut app = toy_app();
    let world = app.world_mut();
    let mut hashes = BTreeMap::new();
    let mut timeline = Timeline::start(world, CONFIG).unwrap();
    live(world, &mut timeline, 500, &mut hashes);
    // A command that waits for the next tick when the world is taken away.
    let alpha = node(world, "alpha");
    submit(world, alpha, "add", json!({"amount": 7})).unwrap();
    assert_eq!(timeline.keyframes().ticks().count(), 11);
    let every_tick = world.resource::<TickHashes>().0.len();
    for to in [499, 500, 1, 0, 260, 255, 249, 251, 100, 500, 3] {
        let seek = timeline.seek(world, Tick(to)).unwrap();
        assert!(seek.ticks <= 50, "{to}: {seek:?}");
        assert_eq!(world.resource::<Clock>().tick, Tick(to));
        if to > 0 {
            assert_eq!(world_hash(world), hashes[&Tick(to)], "tick {to}");
        }
        let mode = if to == 500 { Mode::Authoring } else { Mode::Following };
        assert_eq!(world.resource::<Log>().mode(), mode, "tick {to}");
        assert_eq!(timeline.end_tick(world), Tick(500));
    }
    let refused = timeline.seek(world, Tick(501)).unwrap_err();
    assert_eq!(refused.to_string(), "tick 501 is not between 0 and 500");
    timeline.seek(world, Tick(500)).unwrap();
    assert_eq!(world.resource::<TickHashes>().0.len(), every_tick);
    live(world, &mut timeline, 600, &mut hashes);

    // Another world that never looked back.
    let mut straight = toy_app();
    let other = straight.world_mut();
    let mut timeline = Timeline::start(other, CONFIG).unwrap();
    let mut again = BTreeMap::new();
    live(other, &mut timeline, 500, &mut again);
    submit(other, alpha, "add", json!({"amount": 7})).unwrap();
    live(other, &mut timeline, 600, &mut again);
    assert_eq!(hashes, again);
    assert_eq!(world.resource::<Log>().records(), other.resource::<Log>().records());
}

#[test]
fn a_small_budget_thins_out_and_keeps_the_start() {
    let mut app = toy_app();
    let world = app.world_mut();
    let mut hashes = BTreeMap::new();
    let config = TimelineConfig {
        budget_bytes: 60_000,
        every_ticks: 10,
    };
    let mut timeline = Timeline::start(world, config).unwrap();
    live(world, &mut timeline, 2_000, &mut hashes);
    let ticks: Vec<u64> = timeline.keyframes().ticks().map(|tick| tick.0).collect();
    assert!(timeline.keyframes().held_bytes() <= 60_000);
    assert!(ticks.len() > 4 && ticks.len() < 100, "{ticks:?}");
    assert_eq!(ticks[0], 0, "{ticks:?}");
    let gaps: Vec<u64> = ticks.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(
        gaps[gaps.len() - 1] < gaps[0],
        "closer together near the end: {ticks:?}"
    );
    for to in [1_990, 5, 700, 701, 1_200, 2_000] {
        timeline.seek(world, Tick(to)).unwrap();
        assert_eq!(world_hash(world), hashes[&Tick(to)], "tick {to}");
        assert!(timeline.keyframes().held_bytes() <= 60_000);
    }
    // A budget for nothing but the start.
    let mut app = toy_app();
    let world = app.world_mut();
    let config = TimelineConfig {
        budget_bytes: 0,
        every_ticks: 10,
    };
    let mut timeline = Timeline::start(world, config).unwrap();
    let mut again = BTreeMap::new();
    live(world, &mut timeline, 100, &mut again);
    assert_eq!(timeline.keyframes().ticks().collect::<Vec<_>>(), [Tick(0)]);
    timeline.seek(world, Tick(60)).unwrap();
    assert_eq!(world_hash(world), hashes[&Tick(60)]);
}

fn recorded() -> (Recording, BTreeMap<Tick, Hash>) {
    let mut app = toy_app();
    let world = app.world_mut();
    step(world);
    let recorder = Recorder::start(world);
    let mut hashes = BTreeMap::new();
    let mut timeline = Timeline::start(world, CONFIG).unwrap();
    live(world, &mut timeline, 400, &mut hashes);
    (recorder.finish(world), hashes)
}

#[test]
fn a_recording_is_a_past_to_be_walked() {
    let (recording, hashes) = recorded();
    let mut app = toy_app();
    let world = app.world_mut();
    let mut timeline = Timeline::of_recording(world, &recording, CONFIG).unwrap();
    assert_eq!((timeline.start_tick(), timeline.end_tick(world)), (Tick(1), Tick(400)));
    for to in [5, 300, 299, 301, 400, 30, 2] {
        timeline.seek(world, Tick(to)).unwrap();
        assert_eq!(world_hash(world), hashes[&Tick(to)], "tick {to}");
    }
    assert_eq!(
        timeline.keyframes().ticks().count(),
        8,
        "left on the way, and each once"
    );
    assert_eq!(timeline.log_file(world), recording.log);
    let [record] = &timeline.records_of(world, Tick(60))[..] else {
        panic!("one command is on record for tick 60");
    };
    assert!(matches!(&record.body, Body::Command { name, .. } if name == "add"));
}

#[test]
fn a_branch_names_its_parent_and_goes_on() {
    let (recording, hashes) = recorded();
    let mut app = toy_app();
    let world = app.world_mut();
    let mut timeline = Timeline::of_recording(world, &recording, CONFIG).unwrap();
    timeline.seek(world, Tick(200)).unwrap();
    let branch = timeline.branch(world).unwrap();
    let parent = branch.log.header.parent.unwrap();
    assert_eq!((parent.log, parent.tick), (recording.log.digest(), Tick(200)));
    assert_eq!((branch.end, branch.end_hash), (Tick(200), hashes[&Tick(200)]));
    assert!(branch.log.records.is_empty());
    replay(&mut toy_app(), &branch, &ReplayOptions::default()).unwrap();

    // Another process opens the branch, goes on, and writes the same log longer.
    let mut other = toy_app();
    replay(&mut other, &branch, &ReplayOptions::default()).unwrap();
    let world = other.world_mut();
    let cursor = *world.resource::<helios_engine::log::InputCursor>();
    world.insert_resource(Log::authoring(cursor));
    let recorder = Recorder::go_on(world, branch.clone());
    let alpha = node(world, "alpha");
    submit(world, alpha, "add", json!({"amount": 1_000})).unwrap();
    (0..50).for_each(|_| step(world));
    let first = recorder.finish(world);
    assert_eq!(first.log.header, branch.log.header);
    assert_eq!((first.end, first.log.records.len()), (Tick(250), 1));
    let mut third = toy_app();
    replay(&mut third, &first, &ReplayOptions::default()).unwrap();
    let world = third.world_mut();
    assert!(world_hash(world) != hashes[&Tick(250)]);
    let cursor = *world.resource::<helios_engine::log::InputCursor>();
    world.insert_resource(Log::authoring(cursor));
    let recorder = Recorder::go_on(world, first);
    submit(world, alpha, "add", json!({"amount": 1})).unwrap();
    (0..50).for_each(|_| step(world));
    let second = recorder.finish(world);
    assert_eq!((second.end, second.log.records.len()), (Tick(300), 2));
    replay(&mut toy_app(), &second, &ReplayOptions::default()).unwrap();
}

#[test]
fn a_world_goes_on_live_from_its_past() {
    let mut app = toy_app();
    let world = app.world_mut();
    let mut hashes = BTreeMap::new();
    let mut timeline = Timeline::start(world, CONFIG).unwrap();
    live(world, &mut timeline, 300, &mut hashes);
    let whole = timeline.log_file(world).digest();
    timeline.seek(world, Tick(120)).unwrap();
    let parent = timeline.go_on_from_here(world).unwrap();
    assert_eq!((parent.log, parent.tick), (whole, Tick(120)));
    assert_eq!(timeline.end_tick(world), Tick(120));
    let alpha = node(world, "alpha");
    submit(world, alpha, "add", json!({"amount": 5})).unwrap();
    let mut branch = BTreeMap::new();
    live(world, &mut timeline, 200, &mut branch);
    assert!(branch[&Tick(200)] != hashes[&Tick(200)]);
    for (to, known) in [(60, &hashes), (130, &branch), (200, &branch)] {
        timeline.seek(world, Tick(to)).unwrap();
        assert_eq!(world_hash(world), known[&Tick(to)], "tick {to}");
    }
    let log = timeline.log_file(world);
    assert_eq!(log.header.parent, Some(parent));
    let commands = log
        .records
        .iter()
        .filter(|record| matches!(record.body, Body::Command { .. }));
    assert_eq!(
        commands.map(|record| record.tick.0).collect::<Vec<_>>(),
        [30, 60, 90, 120, 121, 150, 180]
    );
}

#[test]
fn a_run_that_differs_from_its_log_is_told() {
    let (mut recording, _) = {
        let mut app = toy_app();
        app.insert_resource(HashPolicy::EveryEpoch);
        let world = app.world_mut();
        let recorder = Recorder::start(world);
        helios_engine::time::run_until(world, Tick(7_000));
        (recorder.finish(world), ())
    };
    for record in &mut recording.log.records {
        if let (6_000, Body::Epoch { hash }) = (record.tick.0, &mut record.body) {
            hash.0[0] ^= 1;
        }
    }
    let mut app = toy_app();
    app.insert_resource(HashPolicy::EveryEpoch);
    let world = app.world_mut();
    let mut timeline = Timeline::of_recording(world, &recording, CONFIG).unwrap();
    timeline.seek(world, Tick(5_999)).unwrap();
    let Err(SeekError::Diverged { tick, .. }) = timeline.seek(world, Tick(7_000)) else {
        panic!("the false hash went unnoticed");
    };
    assert_eq!(tick, Tick(6_000));
    // Its past before that is there all the same.
    timeline.seek(world, Tick(100)).unwrap();
    let mut other = toy_app();
    helios_engine::time::run_until(other.world_mut(), Tick(100));
    assert_eq!(take(world).nodes, take(other.world_mut()).nodes);
}
