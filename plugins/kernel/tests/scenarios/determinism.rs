//! Twin runs, restores, replays: the same hashes.

use bevy_app::App;
use helios_abi::calls::{Close, MailboxRecv, MailboxSend, Pipe, Poll, PollFd, Sigaction, Sleep, Wait};
use helios_abi::grant::VerdictReason;
use helios_abi::{Bytes, Pid, Tick};
use helios_engine::hash::{TickHashes, world_hash};
use helios_engine::log::{Body, Log};
use helios_engine::replay::Recorder;
use helios_engine::snapshot::{restore, take};
use helios_engine::time::step;
use helios_kernel::testing::{TestWorld, any_child, exec, exec_on, home, print, read_all, run, spawn, write_all};
use helios_kernel::{Halted, HostOutputs};

use crate::script;

const TICKS: u64 = 60;

/// Pipes, children, mail, signals, timers, computation, on two machines.
fn world() -> TestWorld {
    TestWorld::new(&[
        (
            "pipeline",
            script!(sys => {
                let ends = sys.call(Pipe {}).await.unwrap();
                let writer = spawn(&sys, &["writer"], Some(&[(1, ends.write), (2, 2)])).await.unwrap();
                sys.call(Close { fd: ends.write }).await.unwrap();
                let poll = Poll { fds: vec![PollFd { fd: ends.read, events: 1 }], timeout_ms: Some(3) };
                let ready = sys.call(poll).await.unwrap().len();
                let all = read_all(&sys, ends.read).await.unwrap();
                let status = sys.call(Wait { pid: Some(writer), ..any_child() }).await.unwrap().unwrap();
                print(&sys, format!("{ready} {} {:?}\n", all.len(), status.code)).await;
                Ok(0)
            }),
        ),
        (
            "writer",
            script!(sys => {
                for chunk in 0..8 {
                    sys.burn(1_500 * chunk).await;
                    sys.call(Sleep { ns: 1_300_000 * chunk }).await.unwrap();
                    write_all(&sys, 1, vec![b'x'; 20_000]).await.unwrap();
                }
                Ok(9)
            }),
        ),
        (
            "mail",
            script!(sys => {
                let me = sys.pid();
                for round in 0..20u64 {
                    sys.call(MailboxSend { pid: me, data: Bytes(vec![round as u8; 100]) }).await.unwrap();
                    sys.call(Sleep { ns: 700_000 }).await.unwrap();
                    sys.call(MailboxRecv { nohang: None }).await.unwrap();
                }
                Ok(0)
            }),
        ),
        (
            "busy",
            script!(sys => {
                sys.call(Sigaction { signal: 10, action: "handle".into() }).await.unwrap();
                sys.burn(90_000).await;
                sys.call(helios_abi::calls::Kill { pid: i64::from(sys.pid().0), signal: 10 }).await.unwrap();
                Ok(sys.signal().await)
            }),
        ),
        (
            "doomed",
            script!(sys => {
                sys.call(Sleep { ns: 4_000_000 }).await.unwrap();
                sys.burn(100).await;
                sys.die(VerdictReason::Watchdog).await;
                Ok(0)
            }),
        ),
    ])
    .machines(&["home", "away"])
}

fn start(app: &mut App) {
    let away = helios_abi::NodeId::from_name("away");
    exec(app, 1, "player", &["pipeline"]);
    exec(app, 2, "player", &["mail"]);
    exec_on(app, away, 3, "root", &["busy"]);
    exec_on(app, away, 4, "player", &["pipeline"]);
}

fn hashes(app: &App, from: u64) -> Vec<helios_abi::Digest32> {
    let all = &app.world().resource::<TickHashes>().0;
    (from..=TICKS).map(|tick| all[&Tick(tick)]).collect()
}

fn live() -> App {
    let mut app = world().build();
    start(&mut app);
    run(&mut app, TICKS);
    app
}

#[test]
fn twin_runs_are_equal_and_do_their_work() {
    let (mut one, two) = (live(), live());
    assert_eq!(hashes(&one, 1), hashes(&two, 1));
    let mut outputs = one.world_mut().resource_mut::<HostOutputs>();
    assert_eq!(outputs.take_output(1).stdout, b"1 160000 Some(9)\n");
    assert_eq!(outputs.session_status(2).unwrap().code, Some(0));
    assert_eq!(outputs.session_status(3).unwrap().code, Some(10));
    helios_engine::testing::assert_hash_is_fresh(one.world_mut());
}

#[test]
fn processes_rebuilt_before_every_slice_behave_the_same() {
    let mut app = world().amnesia().build();
    start(&mut app);
    run(&mut app, TICKS);
    assert_eq!(hashes(&app, 1), hashes(&live(), 1));
}

#[test]
fn a_run_restored_at_any_tick_goes_on_as_if_nothing_had_been() {
    let want = hashes(&live(), 1);
    let mut app = world().build();
    start(&mut app);
    for tick in 1..TICKS {
        run(&mut app, 1);
        let snapshot = take(app.world_mut());
        let mut other = world().build();
        restore(other.world_mut(), snapshot).unwrap();
        assert_eq!(world_hash(other.world_mut()), want[tick as usize - 1], "tick {tick}");
        if tick % 7 == 0 {
            run(&mut other, TICKS - tick);
            assert_eq!(
                hashes(&other, tick + 1),
                want[tick as usize..],
                "restored at tick {tick}"
            );
        } else {
            // The run goes on in the restored world, so that losses would add up.
            app = other;
        }
    }
}

#[test]
fn verdicts_are_written_by_the_author_and_followed_by_a_replay() {
    let mut app = world().build();
    let recorder = Recorder::start(app.world_mut());
    exec(&mut app, 1, "player", &["doomed"]);
    start_others(&mut app);
    run(&mut app, TICKS);
    let recording = recorder.finish(app.world_mut());
    let verdicts = recording.log.records.iter().filter(|record| {
        matches!(
            record.body,
            Body::Verdict {
                pid: Pid(2),
                slice: 1,
                ..
            }
        )
    });
    assert_eq!(verdicts.count(), 1);
    let mut follower = world().build();
    restore(follower.world_mut(), recording.snapshot.clone()).unwrap();
    follower
        .world_mut()
        .insert_resource(Log::following(&recording.log.records));
    run(&mut follower, TICKS);
    assert_eq!(hashes(&follower, 1), hashes(&app, 1));
    assert_eq!(
        follower
            .world()
            .resource::<HostOutputs>()
            .session_status(1)
            .unwrap()
            .signal,
        Some(9)
    );
}

#[test]
fn a_follower_that_wants_a_verdict_of_its_own_has_failed() {
    let mut app = world().build();
    let recorder = Recorder::start(app.world_mut());
    exec(&mut app, 1, "player", &["doomed"]);
    run(&mut app, TICKS);
    let mut recording = recorder.finish(app.world_mut());
    recording
        .log
        .records
        .retain(|record| !matches!(record.body, Body::Verdict { .. }));
    let mut follower = world().build();
    restore(follower.world_mut(), recording.snapshot.clone()).unwrap();
    follower
        .world_mut()
        .insert_resource(Log::following(&recording.log.records));
    for _ in 0..TICKS {
        step(follower.world_mut());
    }
    let halted = follower.world().resource::<Halted>().0.clone().expect("it stops");
    assert!(
        halted.contains("slice 1") && halted.contains("no such verdict is on record"),
        "{halted}"
    );
}

fn start_others(app: &mut App) {
    exec(app, 2, "player", &["mail"]);
}

#[test]
fn an_upgrade_power_cycles_every_machine() {
    let mut app = live();
    helios_engine::log::submit(
        app.world_mut(),
        helios_abi::NodeId::WORLD,
        helios_engine::versions::UPGRADE,
        serde_json::json!({}),
    )
    .unwrap();
    run(&mut app, 2);
    let pids = helios_kernel::proc::pids(app.world(), home());
    assert_eq!(pids.len(), 1, "init alone: {pids:?}");
    assert!(pids[0] > Pid(1), "pids are never reused");
    exec(&mut app, 50, "player", &["mail"]);
    assert_eq!(helios_kernel::testing::run_session(&mut app, 50).2, 0);
}

#[test]
fn a_command_of_the_upgrades_own_tick_boots_the_machine() {
    let mut app = live();
    let world = app.world_mut();
    let upgrade = helios_engine::versions::UPGRADE;
    helios_engine::log::submit(world, helios_abi::NodeId::WORLD, upgrade, serde_json::json!({})).unwrap();
    exec(&mut app, 51, "player", &["mail"]);
    assert_eq!(helios_kernel::testing::run_session(&mut app, 51).2, 0);
}

#[test]
fn a_save_whose_rows_contradict_each_other_does_not_run() {
    let tampered = |name: &str, change: fn(&mut serde_json::Value)| {
        let mut app = world().build();
        start(&mut app);
        run(&mut app, 12);
        let mut snapshot = take(app.world_mut());
        let rows = snapshot
            .nodes
            .get_mut(&home())
            .unwrap()
            .get_mut(name)
            .unwrap_or_else(|| panic!("rows {name}"));
        let row = rows.values_mut().last().unwrap();
        let before = row.clone();
        change(row);
        assert_ne!(*row, before, "{name} was not changed");
        let mut other = world().build();
        restore(other.world_mut(), snapshot).unwrap();
        for _ in 0..20 {
            step(other.world_mut());
        }
        other
            .world()
            .resource::<Halted>()
            .0
            .clone()
            .unwrap_or_else(|| panic!("{name}: it ran"))
    };
    let check = |name, change, want: &str| {
        let message = tampered(name, change);
        assert!(
            message.starts_with("the save is not sound: ") && message.contains(want),
            "{name}: {message}"
        );
    };
    check(
        "process_journal_tail",
        |row| row["slices"][0]["grant"]["gas"] = 1.into(),
        "the journal is not the one that its head names",
    );
    check(
        "process_calls",
        |row| {
            row["calls"] = serde_json::json!([]);
            row["weight_bytes"] = 0.into();
        },
        "the calls without an answer are not those of the journal",
    );
    check("open_file", |row| row["refs"] = 77.into(), "which is wrong");
    check("open_file", |row| row["kind"] = "gone".into(), "unknown kind gone");
    check(
        "process",
        |row| row["pid"] = 1.into(),
        "the pid is not one that the machine gave once",
    );
    check(
        "machine_queue",
        |row| row["pids"] = serde_json::json!([99]),
        "names what is not there",
    );
}
