//! Commands and verdicts.

use bevy_ecs::prelude::*;
use helios_engine::log::{
    Body, MAX_COMMANDS_PER_TICK, MAX_PAYLOAD_BYTES, Mode, Record, SubmitError, VerdictReason, author_verdict,
    parse_script, schedule_script, submit_at, verdict_on_record,
};
use helios_engine::prelude::*;
use helios_engine::time::run_until;
use serde_json::json;

use crate::toy::{counter, node, toy_app};

#[derive(Resource, Default)]
struct Seen(Vec<(NodeId, u64)>);

#[test]
fn commands_apply_by_node_then_by_number() {
    let mut app = toy_app();
    app.init_resource::<Seen>();
    app.register_command("see", |world, node, payload| {
        world.resource_mut::<Seen>().0.push((node, payload.as_u64().unwrap()));
        Ok(())
    });
    let world = app.world_mut();
    let mut nodes = [node(world, "alpha"), node(world, "beta"), NodeId::WORLD];
    for (number, node) in nodes.into_iter().chain(nodes).enumerate() {
        submit(world, node, "see", json!(number)).unwrap();
    }
    step(world);
    nodes.sort();
    let order: Vec<NodeId> = world.resource::<Seen>().0.iter().map(|(node, _)| *node).collect();
    assert_eq!(order, [nodes[0], nodes[0], nodes[1], nodes[1], nodes[2], nodes[2]]);
    assert!(world.resource::<Seen>().0.chunks(2).all(|pair| pair[0].1 < pair[1].1));
    assert_eq!(world.resource::<helios_engine::log::InputCursor>().next_seq, 6);
}

#[test]
fn a_command_applies_in_the_tick_after_it_was_submitted() {
    let mut app = toy_app();
    let world = app.world_mut();
    let alpha = node(world, "alpha");
    submit(world, alpha, "add", json!({"amount": 5})).unwrap();
    assert_eq!(counter(world, "alpha").value, 0);
    assert_eq!(world.resource::<Log>().pending().count(), 1);
    step(world);
    assert_eq!(counter(world, "alpha").value, 5);
    assert_eq!(world.resource::<Log>().pending().count(), 0);
}

#[test]
fn what_cannot_be_applied_is_logged_and_without_effect() {
    let mut app = toy_app();
    let world = app.world_mut();
    let alpha = node(world, "alpha");
    submit(world, alpha, "nonsense", json!(1)).unwrap();
    submit(world, alpha, "add", json!({"amount": "much"})).unwrap();
    submit(world, NodeId(99), "add", json!({"amount": 1})).unwrap();
    step(world);
    let mut log = world.resource_mut::<Log>();
    assert_eq!(log.records().len(), 3);
    let mut refused: Vec<_> = log
        .take_refusals()
        .into_iter()
        .map(|refusal| (refusal.seq, refusal.error.0))
        .collect();
    refused.sort();
    assert_eq!(
        refused,
        [
            (0, "there is no command \"nonsense\"".to_owned()),
            (1, "amount is missing".to_owned()),
            (2, "there is no node 99".to_owned()),
        ]
    );
    assert!(log.take_refusals().is_empty());
    assert_eq!(counter(world, "alpha").value, 0);
}

#[test]
fn bounds_are_answered() {
    let mut app = toy_app();
    let world = app.world_mut();
    let large = json!("x".repeat(MAX_PAYLOAD_BYTES));
    assert_eq!(
        submit(world, NodeId::WORLD, "add", large),
        Err(SubmitError::TooLarge(MAX_PAYLOAD_BYTES + 2))
    );
    assert_eq!(submit(world, NodeId::WORLD, "", json!(1)), Err(SubmitError::BadName));
    assert!(matches!(
        submit(world, NodeId::WORLD, "add", json!(0.5)),
        Err(SubmitError::Malformed(_))
    ));
    assert_eq!(
        submit_at(world, Tick(0), NodeId::WORLD, "add", json!(1)),
        Err(SubmitError::Past(Tick(0)))
    );
    for _ in 0..MAX_COMMANDS_PER_TICK {
        submit(world, NodeId::WORLD, "add", json!(null)).unwrap();
    }
    assert!(matches!(
        submit(world, NodeId::WORLD, "add", json!(null)),
        Err(SubmitError::Full(_))
    ));
    step(world);
    assert!(submit(world, NodeId::WORLD, "add", json!(null)).is_ok());
    assert_eq!(
        world.resource_mut::<Log>().take_refusals().len(),
        1024,
        "refusals are bounded too"
    );
}

fn verdict(tick: u64) -> Record {
    let body = Body::Verdict {
        pid: Pid(3),
        slice: 8,
        reason: VerdictReason::Watchdog,
    };
    Record {
        seq: 0,
        tick: Tick(tick),
        node: NodeId(4),
        body,
    }
}

#[test]
fn verdicts_are_written_once_and_found_again() {
    let process = ProcKey {
        node: NodeId(4),
        pid: Pid(3),
    };
    let mut app = toy_app();
    let world = app.world_mut();
    step(world);
    assert_eq!(verdict_on_record(world, process, 8), None);
    let written = author_verdict(world, process, 8, VerdictReason::Watchdog);
    assert_eq!(verdict_on_record(world, process, 8), Some(written));
    assert_eq!(verdict_on_record(world, process, 7), None);
    assert_eq!(world.resource::<Log>().records(), [verdict(1)]);

    let mut app = toy_app();
    app.insert_resource(Log::following(&[verdict(1)]));
    // It is one of its tick: an image may bring the process back to before that slice.
    for wanted in [None, Some(written), None] {
        assert_eq!(verdict_on_record(app.world(), process, 8), wanted);
        step(app.world_mut());
    }
}

#[test]
#[should_panic(expected = "a following run writes no verdicts")]
fn a_following_run_writes_no_verdicts() {
    let mut app = toy_app();
    app.insert_resource(Log::following(&[]));
    author_verdict(app.world_mut(), ProcKey::default(), 0, VerdictReason::Heap);
}

#[test]
fn a_following_run_takes_no_commands() {
    let mut app = toy_app();
    app.insert_resource(Log::following(&[]));
    assert_eq!(app.world().resource::<Log>().mode(), Mode::Following);
    assert_eq!(
        submit(app.world_mut(), NodeId::WORLD, "add", json!(1)),
        Err(SubmitError::Following)
    );
}

#[test]
fn a_script_is_a_log_in_other_words() {
    let mut app = toy_app();
    app.register_verb("add", |arguments| match arguments {
        [amount] if amount.is_u64() => Ok(("add".into(), json!({ "amount": amount }))),
        _ => Err("add takes a number".into()),
    });
    let world = app.world_mut();
    let text = "@1 alpha add 5\n+1 beta add 7 # comment\n@2 alpha command add {\"amount\": 1}\n";
    let lines = parse_script(world.resource(), text).unwrap();
    schedule_script(world, lines).unwrap();
    run_until(world, Tick(1));
    assert_eq!((counter(world, "alpha").value, counter(world, "beta").value), (5, 0));
    step(world);
    let total = world.resource::<crate::toy::Total>().sum;
    assert_eq!(total, 13);

    let lines = parse_script(world.resource(), "@9 alpha add 1\n@10 nowhere add 1").unwrap();
    let error = schedule_script(world, lines).unwrap_err();
    assert_eq!(error.to_string(), "2:1: there is no machine \"nowhere\"");
    assert_eq!(
        world.resource::<Log>().next_due(),
        None,
        "nothing of a faulty script is submitted"
    );
}
