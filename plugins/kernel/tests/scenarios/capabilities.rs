//! Capabilities of programs.

use helios_abi::Pid;
use helios_abi::calls::{GetProcessInfo, MailboxSend};
use helios_kernel::proc;
use helios_kernel::testing::{TestWorld, any_child, exec, home, print, run_session, spawn};

use crate::script;

fn caps() -> helios_kernel::testing::Script {
    script!(sys => {
        let info = sys.call(GetProcessInfo {}).await.unwrap();
        print(&sys, format!("[{} {}] ", info.euid, info.caps.join(","))).await;
        if let Some(next) = sys.args().get(1) {
            let args = sys.args();
            let rest: Vec<&str> = std::iter::once(next.as_str()).chain(args[2..].iter().map(String::as_str)).collect();
            match spawn(&sys, &rest, None).await {
                Ok(pid) => _ = sys.call(helios_abi::calls::Wait { pid: Some(pid), ..any_child() }).await.unwrap(),
                Err(error) => print(&sys, error.to_string()).await,
            }
        }
        Ok(0)
    })
}

#[test]
fn manifests_narrow_and_only_roots_widen() {
    let mut app = TestWorld::new(&[
        ("free", caps()),
        ("narrow", caps()),
        ("rooted", caps()),
        ("own", caps()),
        ("setuid", caps()),
    ])
    .manifest("narrow", &["proc:spawn", "fs:read:/home"], true)
    .manifest("rooted", &["proc", "net:tcp:80"], true)
    .manifest("own", &["proc:spawn", "fs", "net"], false)
    .manifest("setuid", &["sys"], true)
    .setuid("setuid", 0)
    .build();
    let check = |app: &mut bevy_app::App, session, argv: &[&str], want: &str| {
        exec(app, session, "player", argv);
        assert_eq!(run_session(app, session).0.trim_end(), want, "{argv:?}");
    };
    check(
        &mut app,
        1,
        &["narrow", "free"],
        "[1000 fs:read:/home,proc:spawn] [1000 fs:read:/home,proc:spawn]",
    );
    check(
        &mut app,
        2,
        &["narrow", "rooted"],
        "[1000 fs:read:/home,proc:spawn] [1000 net:tcp:80-80,proc]"
            .replace("80-80", "80")
            .as_str(),
    );
    check(
        &mut app,
        3,
        &["narrow", "own"],
        "[1000 fs:read:/home,proc:spawn] [1000 fs:read:/home,proc:spawn]",
    );
    check(
        &mut app,
        4,
        &["narrow", "setuid"],
        "[1000 fs:read:/home,proc:spawn] [0 sys]",
    );
}

#[test]
fn an_undeclared_call_is_refused_with_one_line() {
    let mut app = TestWorld::new(&[
        ("quiet", caps()),
        (
            "verb",
            script!(sys => {
                let error = sys.call(MailboxSend { pid: Pid(1), data: helios_abi::Bytes(vec![]) }).await.unwrap_err();
                print(&sys, error.to_string()).await;
                Ok(0)
            }),
        ),
    ])
    .manifest("quiet", &["fs"], true)
    .manifest("verb", &["ipc:recv"], true)
    .build();
    exec(&mut app, 1, "player", &["quiet", "quiet"]);
    assert_eq!(
        run_session(&mut app, 1).0,
        "[1000 fs] EPERM: the program does not hold the capability proc"
    );
    exec(&mut app, 2, "player", &["verb"]);
    assert_eq!(
        run_session(&mut app, 2).0,
        "EPERM: the program does not hold the capability ipc:send"
    );
    let log = proc::machine_file(app.world(), home(), "kmsg").unwrap();
    let denied: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("denied"))
        .map(|line| line.split("] ").nth(1).unwrap())
        .collect();
    assert_eq!(
        denied,
        [
            "pid 2: denied, no capability proc",
            "pid 3: denied, no capability ipc:send"
        ]
    );
}
