//! Spawn, wait, zombies, orphans, exit.

use helios_abi::calls::{GetProcessInfo, Sleep, Wait};
use helios_abi::{Errno, Pid, Value};
use helios_kernel::testing::{TestWorld, any_child, exec, home, print, process_run, run, run_session, spawn, test_app};
use helios_kernel::{HostOutputs, proc};

use crate::script;

const MS: u64 = 1_000_000;

#[test]
fn a_child_is_a_zombie_until_its_parent_waits() {
    let mut app = test_app(&[
        (
            "parent",
            script!(sys => {
                let pid = spawn(&sys, &["child"], None).await.unwrap();
                sys.call(Sleep { ns: 20 * MS }).await.unwrap();
                let status = sys.call(Wait { pid: Some(pid), ..any_child() }).await.unwrap().unwrap();
                print(&sys, format!("{} {:?} {:?}", status.pid == pid, status.code, status.signal)).await;
                let again = sys.call(any_child()).await.unwrap_err();
                Ok(i32::from(again.errno != Errno::ECHILD))
            }),
        ),
        ("child", script!(_sys => { Ok(7) })),
    ]);
    exec(&mut app, 1, "player", &["parent"]);
    run(&mut app, 10);
    assert!(
        proc::process_file(app.world(), key(3), "stat")
            .unwrap()
            .starts_with("3 (child) Z 2 1000 ")
    );
    assert_eq!(run_session(&mut app, 1), ("true Some(7) None".into(), String::new(), 0));
    run(&mut app, 2);
    assert_eq!(proc::pids(app.world(), home()), [Pid(1)]);
}

#[test]
fn a_wait_goes_on_until_a_child_ends() {
    let mut app = test_app(&[
        (
            "parent",
            script!(sys => {
                let slow = spawn(&sys, &["sleeper", "30"], None).await.unwrap();
                let fast = spawn(&sys, &["sleeper", "10"], None).await.unwrap();
                let nobody = sys.call(Wait { nohang: Some(true), ..any_child() }).await.unwrap();
                let first = sys.call(any_child()).await.unwrap().unwrap().pid;
                let second = sys.call(Wait { pid: Some(slow), ..any_child() }).await.unwrap().unwrap().pid;
                Ok(i32::from(!(nobody.is_none() && first == fast && second == slow)))
            }),
        ),
        (
            "sleeper",
            script!(sys => {
                let ms: u64 = sys.args()[1].parse().unwrap();
                sys.call(Sleep { ns: ms * MS }).await.unwrap();
                Ok(0)
            }),
        ),
    ]);
    exec(&mut app, 1, "player", &["parent"]);
    assert_eq!(run_session(&mut app, 1).2, 0);
}

#[test]
fn orphans_go_to_init_which_reaps_them() {
    let mut app = test_app(&[
        (
            "parent",
            script!(sys => {
                spawn(&sys, &["orphan"], Some(&[])).await.unwrap();
                Ok(0)
            }),
        ),
        (
            "orphan",
            script!(sys => {
                sys.call(Sleep { ns: 5 * MS }).await.unwrap();
                let info = sys.call(GetProcessInfo {}).await.unwrap();
                sys.call(Sleep { ns: 5 * MS }).await.unwrap();
                Ok(info.ppid.0 as i32)
            }),
        ),
    ]);
    exec(&mut app, 1, "player", &["parent"]);
    run_session(&mut app, 1);
    run(&mut app, 3);
    assert!(
        proc::process_file(app.world(), key(3), "status")
            .unwrap()
            .contains("PPid:\t1\n")
    );
    run(&mut app, 20);
    assert_eq!(proc::pids(app.world(), home()), [Pid(1)]);
}

#[test]
fn nothing_follows_exit() {
    let mut app = test_app(&[(
        "main",
        script!(sys => {
            let hello = |text: &str| sys.raw("write", Value::Map([("fd".into(), Value::Int(1)), ("data".into(), Value::Bytes(text.as_bytes().to_vec().into()))].into()));
            drop(hello("before "));
            drop(sys.raw("exit", Value::Map([("code".into(), Value::Int(3))].into())));
            drop(hello("after"));
            sys.exit(4).await;
            Ok(5)
        }),
    )]);
    exec(&mut app, 1, "player", &["main"]);
    assert_eq!(run_session(&mut app, 1), ("before ".into(), String::new(), 3));
}

#[test]
fn a_command_that_is_not_there_ends_with_127_and_a_line() {
    let mut app = test_app(&[]);
    exec(&mut app, 1, "player", &["nothing"]);
    let (stdout, stderr, code) = run_session(&mut app, 1);
    assert_eq!((stdout.as_str(), code), ("", 127));
    assert_eq!(stderr, "helios: /bin/nothing: /bin/nothing: no such script\n");
    exec(&mut app, 2, "nobody", &["nothing"]);
    assert_eq!(
        run_session(&mut app, 2).1,
        "helios: /bin/nothing: there is no user nobody\n"
    );
}

#[test]
fn without_init_a_machine_halts_and_says_so() {
    let mut app = TestWorld::new(&[
        ("init", script!(_sys => { Ok(0) })),
        ("main", script!(_sys => { Ok(0) })),
    ])
    .build();
    exec(&mut app, 1, "player", &["main"]);
    run(&mut app, 3);
    assert!(process_run(&app, home(), 1).is_none() && proc::pids(app.world(), home()).is_empty());
    exec(&mut app, 2, "player", &["main"]);
    assert_eq!(
        run_session(&mut app, 2).1,
        "helios: /bin/main: the machine is halted: init ended\n"
    );
    assert!(app.world().resource::<HostOutputs>().session_status(1).is_some());
}

fn key(pid: u32) -> helios_abi::ProcKey {
    helios_abi::ProcKey {
        node: home(),
        pid: Pid(pid),
    }
}
