//! Traces, for the host and for programs.

use helios_abi::Pid;
use helios_abi::calls::{Sleep, TraceAttach, TraceRead};
use helios_kernel::testing::{exec, print, run, run_session, test_app};
use helios_kernel::trace::{TraceRing, format_call};

use crate::script;

fn tracer() -> helios_kernel::testing::Script {
    script!(sys => {
        if let Err(error) = sys.call(TraceAttach { pid: Pid(2) }).await {
            print(&sys, error.errno.name()).await;
            return Ok(1);
        }
        loop {
            let read = sys.call(TraceRead { pid: Pid(2), max: 100 }).await.unwrap();
            for line in read.lines {
                print(&sys, format!("{line}\n")).await;
            }
            if read.ended {
                return Ok(0);
            }
        }
    })
}

fn traced() -> helios_kernel::testing::Script {
    script!(sys => {
        for _ in 0..2 {
            sys.call(Sleep { ns: 4_000_000 }).await.unwrap();
        }
        print(&sys, "hi").await;
        Ok(0)
    })
}

#[test]
fn a_program_traces_another_to_its_end() {
    let mut app = test_app(&[("traced", traced()), ("tracer", tracer())]);
    exec(&mut app, 1, "player", &["traced"]);
    run(&mut app, 2);
    exec(&mut app, 2, "player", &["tracer"]);
    let (stdout, _, code) = run_session(&mut app, 2);
    assert_eq!(code, 0);
    let want = [
        "<... sleep resumed> = null",
        "sleep(ns=4000000) <unfinished ...>",
        "<... sleep resumed> = null",
        "write(data=\"hi\", fd=1, offset=null) = 2",
    ];
    assert_eq!(stdout.lines().collect::<Vec<_>>(), want);
}

#[test]
fn root_is_not_traced_by_players_and_nobody_twice() {
    let mut app = test_app(&[("traced", traced()), ("tracer", tracer())]);
    exec(&mut app, 1, "root", &["traced"]);
    run(&mut app, 2);
    exec(&mut app, 2, "player", &["tracer"]);
    exec(&mut app, 3, "root", &["tracer"]);
    assert_eq!(run_session(&mut app, 2).0, "EPERM");
    exec(&mut app, 4, "root", &["tracer"]);
    assert_eq!(run_session(&mut app, 4).0, "EBUSY");
    assert_eq!(run_session(&mut app, 3).2, 0);
}

#[test]
fn the_hosts_ring_does_not_reach_state() {
    let hash_with = |on: bool| {
        let mut app = test_app(&[("traced", traced())]);
        app.world_mut().resource_mut::<TraceRing>().on = on;
        exec(&mut app, 1, "player", &["traced"]);
        run(&mut app, 20);
        let lines: Vec<String> = app
            .world()
            .resource::<TraceRing>()
            .lines
            .iter()
            .map(|line| line.text.clone())
            .collect();
        (helios_engine::hash::world_hash(app.world_mut()), lines)
    };
    let ((off, none), (on, lines)) = (hash_with(false), hash_with(true));
    assert_eq!(off, on);
    assert!(
        none.is_empty() && lines.contains(&"sigaction(action=\"handle\", signal=17) = null".to_owned()),
        "{lines:?}"
    );
    assert_eq!(
        format_call("x", None, &Ok(helios_kernel::Completion::Done(helios_abi::Value::Null))),
        "<... x resumed> = null"
    );
}
