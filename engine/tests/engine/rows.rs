//! Ids, indexes, streams, and the schedule.

use bevy_ecs::prelude::*;
use helios_engine::ids::{NodeError, reserve_row};
use helios_engine::prelude::*;
use helios_engine::streams::{WorldSeed, derive_node_key, with_stream};
use helios_engine::testing::{assert_unambiguous, test_app};

use crate::toy::{Note, add_toys, node, toy_app};

#[test]
fn node_names_are_taken_once_and_checked() {
    let mut app = toy_app();
    let world = app.world_mut();
    assert_eq!(
        spawn_node(world, "alpha", NodeKind::Switch),
        Err(NodeError::Taken("alpha".into()))
    );
    for bad in ["", "world", "Alpha", "a b", "ä", &"x".repeat(65)] {
        assert_eq!(
            spawn_node(world, bad, NodeKind::Switch),
            Err(NodeError::BadName(bad.into()))
        );
    }
    let names: Vec<_> = world
        .resource::<Nodes>()
        .iter_by_name()
        .map(|(name, _)| name.to_owned())
        .collect();
    assert_eq!(names, ["alpha", "beta", "gamma", "world"]);
}

#[test]
fn row_numbers_are_never_reused() {
    let mut app = toy_app();
    let world = app.world_mut();
    let alpha = node(world, "alpha");
    let (entity, first) = spawn_row(
        world,
        alpha,
        Note {
            text: "a".into(),
            blob: None,
        },
    );
    assert_eq!(world.resource::<Rows>().get(first), Some(entity));
    world.despawn(entity);
    assert_eq!(world.resource::<Rows>().get(first), None);
    let (_, second) = spawn_row(
        world,
        alpha,
        Note {
            text: "b".into(),
            blob: None,
        },
    );
    assert_eq!(second.id, first.id + 1);
    assert_eq!(reserve_row(world, alpha).id, second.id + 1);
    let ids: Vec<u64> = world
        .resource::<Rows>()
        .iter_node(alpha)
        .map(|(row, _)| row.id)
        .collect();
    assert_eq!(ids, [0, 1, second.id]);
}

#[test]
#[should_panic(expected = "two entities have the row id")]
fn two_entities_cannot_share_a_row_id() {
    let mut app = toy_app();
    app.world_mut().spawn(RowId::WORLD);
}

#[test]
fn streams_are_golden() {
    let seed = WorldSeed::from_number(1);
    let key = derive_node_key(&seed.0, NodeId::from_name("home"));
    let mut stream = NodeStream::new(&key, "test");
    let drawn = [
        stream.next_u64(),
        u64::from(stream.next_u32()),
        stream.next_u64(),
        stream.below(1_000_000),
    ];
    let mut bytes = [0u8; 6];
    stream.fill(&mut bytes);
    insta::assert_snapshot!(
        format!("{}\n{:x?}\n{bytes:02x?} {}", hex::encode(process_key(&key, Pid(7), 0)), drawn, stream.position_words()),
        @r"
    f3fbfc6cd603f3f55d960ff39db8de9eefb91dda1a7100b300b64b0fb25dab4e
    [aad556c383c0b8cc, 1dbc7b69, a118bf0968be6b98, 9ba99]
    [a4, cc, f1, 32, 5e, ab] 9
    "
    );
}

#[test]
fn a_stream_goes_on_where_its_state_says() {
    let mut stream = NodeStream::new(&[7; 32], "test");
    for draws in 0..70 {
        let mut copy: NodeStream = serde_json::from_str(&serde_json::to_string(&stream).unwrap()).unwrap();
        assert_eq!(copy, stream);
        let mut original = stream.clone();
        assert_eq!(copy.next_u64(), original.next_u64(), "after {draws} draws");
        stream.next_u32();
    }
}

#[test]
fn named_streams_of_nodes_are_apart() {
    let mut app = toy_app();
    let world = app.world_mut();
    let (alpha, beta) = (node(world, "alpha"), node(world, "beta"));
    let mut draw = |node, purpose: &str| with_stream(world, node, purpose, NodeStream::next_u64).unwrap();
    let draws =
        std::collections::BTreeSet::from([draw(alpha, "a"), draw(alpha, "b"), draw(beta, "a"), draw(alpha, "a")]);
    assert_eq!(draws.len(), 4);
    assert_eq!(with_stream(world, NodeId(5), "a", NodeStream::next_u64), None);
}

#[test]
fn the_schedule_has_no_ambiguity() {
    let mut app = test_app();
    add_toys(&mut app);
    assert_unambiguous(&mut app, SimTick);
    assert_unambiguous(&mut app, Rebuild);
    step(app.world_mut());
}

#[derive(Resource)]
struct Shared(#[expect(dead_code, reason = "only access to it counts")] u32);

#[test]
#[should_panic(expected = "is ambiguous")]
fn an_ambiguous_schedule_is_refused() {
    fn one(_: ResMut<Shared>) {}
    fn other(_: ResMut<Shared>) {}
    let mut app = test_app();
    app.insert_resource(Shared(0));
    app.add_systems(SimTick, (one.in_set(Phase::Run), other.in_set(Phase::Run)));
    assert_unambiguous(&mut app, SimTick);
}
