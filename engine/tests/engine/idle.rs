//! Jumps over idle time leave no trace.

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_engine::hash::TickHashes;
use helios_engine::log::submit_at;
use helios_engine::prelude::*;
use helios_engine::time::{EPOCH_TICKS, run_until, skip_idle, step_many};
use serde_json::json;

use crate::toy::{node, toy_app};

fn scripted(policy: HashPolicy) -> App {
    let mut app = toy_app();
    app.insert_resource(policy);
    let world = app.world_mut();
    let alpha = node(world, "alpha");
    for tick in [3, 700, 700, 2_999, 3_000, 3_001, 6_500] {
        submit_at(world, Tick(tick), alpha, "add", json!({ "amount": tick })).unwrap();
    }
    app
}

fn compare(policy: HashPolicy, until: Tick) {
    let (mut stepped, mut jumped) = (scripted(policy), scripted(policy));
    step_many(stepped.world_mut(), until.0);
    run_until(jumped.world_mut(), until);
    assert_eq!(jumped.world().resource::<Clock>().tick, until);
    let log = |app: &App| app.world().resource::<Log>().records().to_vec();
    assert_eq!(log(&stepped), log(&jumped));
    assert_eq!(
        stepped.world().resource::<TickHashes>(),
        jumped.world().resource::<TickHashes>()
    );
    assert_eq!(world_hash(stepped.world_mut()), world_hash(jumped.world_mut()));
}

#[test]
fn jumping_equals_stepping() {
    compare(HashPolicy::EveryTick, Tick(EPOCH_TICKS + 5));
    compare(HashPolicy::EveryEpoch, Tick(2 * EPOCH_TICKS));
    compare(HashPolicy::Off, Tick(2_500));
}

#[derive(Resource, Default)]
struct Ticks(Vec<u64>);

#[test]
fn an_idle_world_runs_no_tick_before_something_is_due() {
    let mut app = helios_engine::testing::test_app();
    app.insert_resource(HashPolicy::EveryEpoch).init_resource::<Ticks>();
    let count = |clock: Res<Clock>, mut ticks: ResMut<Ticks>| ticks.0.push(clock.tick.0);
    app.add_systems(SimTick, count.in_set(Phase::Account));
    app.register_event("nothing", |_, _, _| {});
    let world = app.world_mut();
    let key = EventKey {
        time_ns: 10_000_500_000,
        node: NodeId::WORLD,
        class: EventClass::Timer,
        port: 0,
        sequence: 0,
    };
    world.resource_mut::<Calendar>().schedule(
        key,
        CalendarEvent {
            kind: "nothing",
            row: RowId::WORLD,
            token: 0,
        },
    );
    assert_eq!(skip_idle(world, Tick(5_000)), 5_000);
    run_until(world, Tick(20_000));
    assert_eq!(world.resource::<Ticks>().0, [10_001]);
    assert_eq!(world.resource::<Log>().records().len(), 6, "an epoch record every 3 s");
    assert_eq!(skip_idle(world, Tick(7)), 0);
}

#[derive(Resource, Default)]
struct Busy(bool);

#[test]
fn probes_hold_the_clock() {
    let mut app = helios_engine::testing::test_app();
    app.init_resource::<Busy>();
    app.register_idle_probe(|world| {
        if world.resource::<Busy>().0 {
            Wake::Busy
        } else {
            Wake::At(Tick(40))
        }
    });
    let world = app.world_mut();
    assert_eq!(skip_idle(world, Tick(100)), 40);
    world.resource_mut::<Busy>().0 = true;
    assert_eq!(skip_idle(world, Tick(100)), 1);
}
