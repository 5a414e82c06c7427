//! Signals: default actions, handlers, stop and continue, permissions.

use helios_abi::calls::{Cancel, Kill, Sigaction, Sleep};
use helios_abi::grant::Delivery;
use helios_abi::{Errno, Pid, ProcKey, signal};
use helios_kernel::KernelIndex;
use helios_kernel::process::{Inbox, JournalTail};
use helios_kernel::testing::{exec, exec_on, home, print, process_run, run, run_session, spawn, test_app};
use serde_json::json;

use crate::script;

const MS: u64 = 1_000_000;

fn sleeper() -> helios_kernel::testing::Script {
    script!(sys => {
        sys.call(Sleep { ns: 50 * MS }).await.unwrap();
        print(&sys, "awake").await;
        Ok(0)
    })
}

fn killer() -> helios_kernel::testing::Script {
    script!(sys => {
        let (pid, signal): (i64, i32) = (sys.args()[1].parse().unwrap(), sys.args()[2].parse().unwrap());
        match sys.call(Kill { pid, signal }).await {
            Ok(()) => Ok(0),
            Err(error) => Ok(error.errno as i32),
        }
    })
}

#[test]
fn default_actions_end_processes() {
    for signo in [signal::SIGTERM, signal::SIGKILL, signal::SIGINT] {
        let mut app = test_app(&[("sleeper", sleeper()), ("kill", killer())]);
        exec(&mut app, 1, "player", &["sleeper"]);
        run(&mut app, 2);
        exec(&mut app, 2, "player", &["kill", "2", &signo.to_string()]);
        assert_eq!(run_session(&mut app, 1), (String::new(), String::new(), 128 + signo));
        assert_eq!(run_session(&mut app, 2).2, 0);
    }
}

#[test]
fn a_busy_loop_dies_on_kill() {
    let busy = script!(sys => { sys.burn(u64::MAX >> 12).await; Ok(0) });
    let mut app = test_app(&[("busy", busy), ("kill", killer())]);
    exec(&mut app, 1, "player", &["busy"]);
    run(&mut app, 5);
    exec(&mut app, 2, "player", &["kill", "2", "9"]);
    assert_eq!(run_session(&mut app, 1).2, 128 + 9);
}

#[test]
fn handled_signals_reach_the_program_and_ignored_ones_nobody() {
    let mut app = test_app(&[
        (
            "handler",
            script!(sys => {
                sys.call(Sigaction { signal: signal::SIGUSR1, action: "handle".into() }).await.unwrap();
                sys.call(Sigaction { signal: signal::SIGTERM, action: "ignore".into() }).await.unwrap();
                let refused = sys.call(Sigaction { signal: signal::SIGKILL, action: "ignore".into() }).await.unwrap_err();
                let got = sys.signal().await;
                print(&sys, format!("{} {got}", refused.errno)).await;
                Ok(0)
            }),
        ),
        ("kill", killer()),
    ]);
    exec(&mut app, 1, "player", &["handler"]);
    run(&mut app, 2);
    exec(&mut app, 2, "player", &["kill", "2", "15"]);
    run(&mut app, 3);
    exec(&mut app, 3, "player", &["kill", "2", "10"]);
    assert_eq!(run_session(&mut app, 1), ("EINVAL 10".into(), String::new(), 0));
}

#[test]
fn a_signal_that_interrupts_does_not_wait_for_the_end_of_a_computation() {
    let sent_while_busy = |action: &'static str| {
        let busy: helios_kernel::testing::Script = match action {
            "handle" => script!(sys => {
                sys.call(Sigaction { signal: signal::SIGINT, action: "handle".into() }).await.unwrap();
                sys.burn(400_000).await;
                Ok(sys.signal().await)
            }),
            _ => script!(sys => {
                sys.call(Sigaction { signal: signal::SIGINT, action: "interrupt".into() }).await.unwrap();
                sys.burn(400_000).await;
                Ok(sys.signal().await)
            }),
        };
        let mut app = test_app(&[("busy", busy), ("kill", killer())]);
        exec(&mut app, 1, "player", &["busy"]);
        run(&mut app, 5);
        exec(&mut app, 2, "player", &["kill", "2", "2"]);
        run(&mut app, 5);
        let key = ProcKey {
            node: home(),
            pid: Pid(2),
        };
        let entity = app.world().resource::<KernelIndex>().process(key).expect("it computes");
        let waits = !app
            .world()
            .get::<Inbox>(entity)
            .expect("it lives")
            .deliveries
            .is_empty();
        let slices = &app.world().get::<JournalTail>(entity).expect("it lives").slices;
        let told: Vec<_> = slices
            .iter()
            .filter(|slice| {
                slice
                    .grant
                    .deliveries
                    .contains(&Delivery::Signal { signal: signal::SIGINT })
            })
            .map(|slice| slice.grant.deliveries.len())
            .collect();
        let ended = run_session(&mut app, 1).2;
        (waits, told, ended)
    };
    assert_eq!(sent_while_busy("handle"), (true, vec![], signal::SIGINT));
    // The slice in which the computation goes on is given the signal and nothing else; and it is in the journal.
    assert_eq!(sent_while_busy("interrupt"), (false, vec![1], signal::SIGINT));
}

#[test]
fn a_stopped_process_waits_for_its_continuation() {
    let mut app = test_app(&[("sleeper", sleeper()), ("kill", killer())]);
    exec(&mut app, 1, "player", &["sleeper"]);
    run(&mut app, 2);
    exec(&mut app, 2, "player", &["kill", "2", "19"]);
    run(&mut app, 200);
    assert!(process_run(&app, home(), 2).unwrap().stopped);
    exec(&mut app, 3, "player", &["kill", "2", "18"]);
    assert_eq!(run_session(&mut app, 1), ("awake".into(), String::new(), 0));
}

#[test]
fn calls_after_a_stop_are_held_until_the_continuation() {
    let mut app = test_app(&[
        (
            "selfstop",
            script!(sys => {
                let stop = sys.call(Kill { pid: i64::from(sys.pid().0), signal: signal::SIGSTOP });
                print(&sys, "held").await;
                stop.await.unwrap();
                Ok(0)
            }),
        ),
        ("kill", killer()),
    ]);
    exec(&mut app, 1, "player", &["selfstop"]);
    run(&mut app, 20);
    let output = app
        .world_mut()
        .resource_mut::<helios_kernel::HostOutputs>()
        .take_output(1);
    assert_eq!(output.stdout, b"");
    exec(&mut app, 2, "player", &["kill", "2", "18"]);
    assert_eq!(run_session(&mut app, 1), ("held".into(), String::new(), 0));
}

#[test]
fn only_root_and_the_same_user_may_signal() {
    let mut app = test_app(&[("sleeper", sleeper()), ("kill", killer())]);
    exec(&mut app, 1, "root", &["sleeper"]);
    run(&mut app, 2);
    for (session, argv, want) in [
        (2, ["kill", "2", "9"], Errno::EPERM as i32),
        (3, ["kill", "1", "0"], Errno::EPERM as i32),
        (4, ["kill", "77", "9"], Errno::ESRCH as i32),
        (5, ["kill", "2", "99"], Errno::EINVAL as i32),
    ] {
        exec(&mut app, session, "player", &argv);
        assert_eq!(run_session(&mut app, session).2, want, "{argv:?}");
    }
    exec_on(&mut app, home(), 6, "root", &["kill", "1", "9"]);
    assert_eq!(run_session(&mut app, 6).2, 0);
    assert!(process_run(&app, home(), 1).is_some(), "init has no default actions");
}

#[test]
fn a_session_is_signalled_as_a_whole() {
    let mut app = test_app(&[
        (
            "parent",
            script!(sys => {
                spawn(&sys, &["sleeper"], None).await.unwrap();
                sys.call(Sleep { ns: 500 * MS }).await.unwrap();
                Ok(0)
            }),
        ),
        ("sleeper", sleeper()),
    ]);
    exec(&mut app, 1, "player", &["parent"]);
    run(&mut app, 3);
    helios_engine::log::submit(
        app.world_mut(),
        home(),
        "kernel.signal",
        json!({ "session": 1, "signal": 2 }),
    )
    .unwrap();
    assert_eq!(run_session(&mut app, 1).2, 130);
    run(&mut app, 2);
    assert_eq!(helios_kernel::proc::pids(app.world(), home()), [Pid(1)]);
}

#[test]
fn a_withdrawn_call_fails_with_ecanceled() {
    let mut app = test_app(&[(
        "main",
        script!(sys => {
            let sleep = sys.call(Sleep { ns: 1000 * MS });
            let id = sys.last_call();
            let there = sys.call(Cancel { call: id }).await.unwrap();
            let gone = sys.call(Cancel { call: id }).await.unwrap();
            let error = sleep.await.unwrap_err().errno;
            print(&sys, format!("{there} {gone} {error} {}", sys.tick() < 10)).await;
            Ok(0)
        }),
    )]);
    exec(&mut app, 1, "player", &["main"]);
    assert_eq!(run_session(&mut app, 1).0, "true false ECANCELED true");
}
