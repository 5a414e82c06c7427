//! The scheduler: fairness, debt, accounting, order.

use helios_abi::calls::Sleep;
use helios_abi::{NodeId, Pid, ProcKey};
use helios_engine::prelude::{OnUpgrade, Rebuild, SimTick};
use helios_engine::testing::assert_unambiguous;
use helios_kernel::process::{Accounting, RunQueue};
use helios_kernel::testing::{Script, TestWorld, exec, exec_on, home, run, test_app};
use helios_kernel::{KernelIndex, proc};
use proptest::prelude::*;

use crate::script;

fn cpu_gas(app: &bevy_app::App, node: NodeId, pid: u32) -> u64 {
    let entity = app
        .world()
        .resource::<KernelIndex>()
        .process(ProcKey { node, pid: Pid(pid) })
        .unwrap();
    app.world().get::<Accounting>(entity).unwrap().cpu_gas
}

fn debt(app: &bevy_app::App) -> u64 {
    let entity = app.world().resource::<KernelIndex>().machine(home()).unwrap();
    app.world().get::<RunQueue>(entity).unwrap().debt_gas
}

fn busy() -> Script {
    script!(sys => { sys.burn(u64::MAX >> 12).await; Ok(0) })
}

#[test]
fn the_schedules_are_without_ambiguity() {
    let mut app = test_app(&[]);
    assert_unambiguous(&mut app, SimTick);
    assert_unambiguous(&mut app, Rebuild);
    assert_unambiguous(&mut app, OnUpgrade);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn busy_processes_share_the_cpu_equally(count in 1u64..9, gas_per_tick in 1_000u64..30_000, ticks in 40u64..120) {
        let mut app = TestWorld::new(&[("busy", busy())]).spec(|spec| spec.gas_per_tick = gas_per_tick).build();
        for session in 0..count {
            exec(&mut app, session, "player", &["busy"]);
        }
        run(&mut app, 30);
        let before: Vec<u64> = (2..2 + count as u32).map(|pid| cpu_gas(&app, home(), pid)).collect();
        run(&mut app, ticks);
        let used: Vec<u64> = (2..2 + count as u32).zip(before).map(|(pid, before)| cpu_gas(&app, home(), pid) - before).collect();
        let (least, most) = (used.iter().min().unwrap(), used.iter().max().unwrap());
        prop_assert!(most - least <= 2 * 2_000, "{used:?}");
        let (total, all) = (used.iter().sum::<u64>(), ticks * gas_per_tick);
        prop_assert!(total <= all + 2_000 && total + 2_000 >= all, "{total} of {all}");
        prop_assert!(debt(&app) < 2_000);
    }
}

#[test]
fn a_flood_of_calls_is_paid_by_who_makes_it() {
    let flood = script!(sys => {
        loop {
            let calls: Vec<_> = (0..1000).map(|_| sys.call(helios_abi::calls::Umask { mask: None })).collect();
            for call in calls {
                call.await.unwrap();
            }
        }
    });
    let mut app = test_app(&[("flood", flood), ("busy", busy())]);
    exec(&mut app, 1, "player", &["flood"]);
    exec(&mut app, 2, "player", &["busy"]);
    run(&mut app, 20);
    let before = (cpu_gas(&app, home(), 2), cpu_gas(&app, home(), 3));
    run(&mut app, 200);
    let (flood, busy) = (cpu_gas(&app, home(), 2) - before.0, cpu_gas(&app, home(), 3) - before.1);
    assert!(
        flood + busy >= 199 * 10_000 && flood + busy <= 201 * 10_000,
        "{flood} {busy}"
    );
    assert!(
        busy * 100 / (flood + busy) >= 45,
        "the flood takes no more than its share: {flood} {busy}"
    );
}

#[test]
fn machines_do_not_share_their_cpus() {
    let other = NodeId::from_name("other");
    let mut app = TestWorld::new(&[("busy", busy())]).machines(&["home", "other"]).build();
    for session in 0..3 {
        exec(&mut app, session, "player", &["busy"]);
    }
    exec_on(&mut app, other, 9, "player", &["busy"]);
    run(&mut app, 1100);
    let tick = 1100;
    assert!(cpu_gas(&app, other, 2) >= (tick - 2) * 10_000);
    let stat = |node, pid| proc::process_file(app.world(), ProcKey { node, pid: Pid(pid) }, "stat").unwrap();
    assert!(
        stat(other, 2).starts_with("2 (/bin/busy) R 1 1000 1000 0 ? "),
        "{}",
        stat(other, 2)
    );
    assert!(
        stat(home(), 2).starts_with("2 (/bin/busy) R 1 1000 333 0 ? "),
        "{}",
        stat(home(), 2)
    );
}

#[test]
fn idle_machines_are_not_touched_and_time_is_skipped() {
    let mut app = test_app(&[(
        "main",
        script!(sys => {
            sys.call(Sleep { ns: 5_000_000_500 }).await.unwrap();
            Ok(0)
        }),
    )]);
    exec(&mut app, 1, "player", &["main"]);
    run(&mut app, 5);
    let started = app.world().resource::<helios_engine::prelude::Clock>().tick.0;
    let skipped = helios_engine::time::skip_idle(app.world_mut(), helios_abi::Tick(10_000));
    // Asked for in tick 1, a wait of 5,000.0005 ms ends in the tick after it.
    assert_eq!(started + skipped, 5_002);
    assert_eq!(
        app.world()
            .resource::<helios_kernel::HostOutputs>()
            .session_status(1)
            .unwrap()
            .code,
        Some(0)
    );
}

#[test]
fn a_host_failure_stops_the_world_with_a_message() {
    let mut app = test_app(&[]);
    app.world_mut().insert_resource(helios_kernel::Isolates::default());
    for _ in 0..3 {
        helios_engine::time::step(app.world_mut());
    }
    let halted = app.world().resource::<helios_kernel::Halted>().0.clone();
    assert_eq!(halted.as_deref(), Some("no isolate host runs in this world"));
}
