//! Another program in a process's place; and who a process is, what it may use, how often it runs.

use helios_abi::calls::{
    Exec, GetProcessInfo, Kill, Limit, MailboxRecv, MailboxSend, Openpty, PasswordHash, Pipe, Priority, Rlimit,
    SetPower, Setcreds, Sethostname, Sigaction, Sleep, Spawn, Wait,
};
use helios_abi::{Bytes, Errno, SysError, signal};
use helios_engine::hash::{TickHashes, world_hash};
use helios_engine::snapshot::{restore, take};
use helios_kernel::testing::{
    Script, TestWorld, any_child, exec, home, print, run, run_session, spawn, spawn_of, test_app,
};
use helios_kernel::{machine::machine, proc};

use crate::script;

const MS: u64 = 1_000_000;

fn become_(argv: &[&str]) -> Exec {
    let Spawn { path, argv, .. } = spawn_of(argv);
    Exec {
        path,
        code: None,
        argv,
        env: None,
        cwd: None,
        fds: None,
    }
}

fn errno<T: core::fmt::Debug>(result: Result<T, SysError>) -> Errno {
    result.unwrap_err().errno
}

fn root_output(scripts: &[(&'static str, Script)], user: &str) -> (String, i32) {
    let mut app = test_app(scripts);
    exec(&mut app, 1, user, &["main"]);
    let (out, errors, status) = run_session(&mut app, 1);
    assert_eq!(errors, "", "{out}");
    (out, status)
}

/// Programs that become one another with calls, mail, signals and descriptors under way.
fn relay() -> Vec<(&'static str, Script)> {
    vec![
        (
            "main",
            script!(sys => {
                let me = sys.pid();
                sys.call(Sigaction { signal: signal::SIGUSR1, action: "handle".into() }).await.unwrap();
                sys.call(Sigaction { signal: signal::SIGTERM, action: "ignore".into() }).await.unwrap();
                sys.call(Pipe {}).await.unwrap();
                sys.call(MailboxSend { pid: me, data: Bytes(b"kept".to_vec()) }).await.unwrap();
                let _timer = sys.call(Sleep { ns: 2 * MS });
                assert_eq!(errno(sys.call(become_(&["nonesuch"])).await), Errno::ENOENT);
                sys.burn(5_000).await;
                _ = sys.call(become_(&["second", "a", "b"]));
                // Nothing of the old program is done after it.
                print(&sys, "not seen").await;
                Ok(3)
            }),
        ),
        (
            "second",
            script!(sys => {
                let info = sys.call(GetProcessInfo {}).await.unwrap();
                let mail = sys.call(MailboxRecv { nohang: Some(true) }).await.unwrap().data;
                sys.call(Kill { pid: i64::from(info.pid.0), signal: signal::SIGTERM }).await.unwrap();
                let ends = sys.call(Pipe {}).await.unwrap();
                print(&sys, format!("{} {:?} {} {} ", info.pid, sys.args(), String::from_utf8(mail.0).unwrap(), ends.read)).await;
                sys.burn(30_000).await;
                // Its handlers are gone: what would have been handled ends it.
                sys.call(Kill { pid: i64::from(info.pid.0), signal: signal::SIGUSR1 }).await.unwrap();
                Ok(0)
            }),
        ),
    ]
}

#[test]
fn exec_keeps_the_process_and_drops_the_program() {
    let (out, status) = root_output(&relay(), "player");
    assert_eq!(
        (out.as_str(), status),
        ("2 [\"second\", \"a\", \"b\"] kept 5 ", 128 + signal::SIGUSR1)
    );
}

#[test]
fn exec_is_the_same_live_rebuilt_and_restored() {
    const TICKS: u64 = 40;
    let start = |world: TestWorld| {
        let mut app = world.build();
        exec(&mut app, 1, "player", &["main"]);
        app
    };
    let mut live = start(TestWorld::new(&relay()));
    run(&mut live, TICKS);
    let mut rebuilt = start(TestWorld::new(&relay()).amnesia());
    run(&mut rebuilt, TICKS);
    assert_eq!(
        live.world().resource::<TickHashes>().0,
        rebuilt.world().resource::<TickHashes>().0
    );
    for at in 1..8 {
        let mut half = start(TestWorld::new(&relay()));
        run(&mut half, at);
        let snapshot = take(half.world_mut());
        let mut restored = TestWorld::new(&relay()).build();
        restore(restored.world_mut(), snapshot).unwrap();
        run(&mut restored, TICKS - at);
        assert_eq!(
            world_hash(restored.world_mut()),
            world_hash(live.world_mut()),
            "restored after {at}"
        );
    }
}

#[test]
fn a_setuid_program_may_become_anybody_and_others_only_themselves() {
    let change = script!(sys => {
        let to = Setcreds { uid: Some(5), euid: Some(5), gid: Some(6), egid: Some(6), groups: Some(vec![7, 7, 3]) };
        let before = sys.call(GetProcessInfo {}).await.unwrap().euid;
        let answer = sys.call(to).await.map_err(|error| error.errno);
        let after = sys.call(GetProcessInfo {}).await.unwrap();
        print(&sys, format!("{before} {answer:?} {} {} {:?}", after.uid, after.euid, after.groups)).await;
        let back = Setcreds { uid: Some(0), euid: Some(0), gid: None, egid: None, groups: None };
        assert_eq!(errno(sys.call(back).await), Errno::EPERM);
        Ok(0)
    });
    let mut app = TestWorld::new(&[("main", change), ("root", change)])
        .setuid("root", 0)
        .build();
    exec(&mut app, 1, "player", &["main"]);
    let refused = run_session(&mut app, 1);
    exec(&mut app, 2, "player", &["root"]);
    let allowed = run_session(&mut app, 2);
    assert!(refused.0.contains("Err(EPERM)"), "{refused:?}");
    assert!(allowed.0.starts_with("0 Ok(()) 5 5 [3, 7]"), "{allowed:?}");
}

#[test]
fn root_starts_programs_as_others_with_fewer_capabilities() {
    let who = script!(sys => {
        let info = sys.call(GetProcessInfo {}).await.unwrap();
        print(&sys, format!("{} {} {:?} {:?}\n", info.uid, info.gid, info.groups, info.caps)).await;
        Ok(0)
    });
    let main = script!(sys => {
        let caps = Some(vec!["fs:read".to_owned(), "ipc".to_owned()]);
        let child = Spawn { uid: Some(5), gid: Some(6), groups: Some(vec![9]), caps, ..spawn_of(&["who"]) };
        let started = sys.call(child).await.map_err(|error| error.errno);
        print(&sys, format!("{}\n", started.is_ok())).await;
        _ = sys.call(any_child()).await;
        let bad = Spawn { caps: Some(vec!["disk".into()]), ..spawn_of(&["who"]) };
        print(&sys, errno(sys.call(bad).await).to_string()).await;
        Ok(0)
    });
    let scripts: &[(&'static str, Script)] = &[("main", main), ("who", who)];
    assert_eq!(
        root_output(scripts, "root").0,
        "true\n5 6 [9] [\"fs:read\", \"ipc\"]\nEINVAL"
    );
    assert_eq!(root_output(scripts, "player").0, "false\nEINVAL");
}

#[test]
fn limits_are_inherited_and_only_root_raises_hard_ones() {
    let main = script!(sys => {
        let set = |soft: u64, hard: u64| Some(Limit { soft: Some(soft), hard: Some(hard) });
        let files = |set| Rlimit { pid: None, resource: "files".into(), set };
        sys.call(files(set(6, 8))).await.unwrap();
        sys.call(Pipe {}).await.unwrap();
        let full = errno(sys.call(Pipe {}).await);
        let raised = errno(sys.call(files(set(9, 9))).await);
        let above = errno(sys.call(files(set(8, 7))).await);
        sys.call(files(set(8, 8))).await.unwrap();
        let unknown = errno(sys.call(Rlimit { pid: None, resource: "lives".into(), set: None }).await);
        print(&sys, format!("{full} {raised} {above} {unknown} ")).await;
        spawn(&sys, &["child"], None).await.unwrap();
        sys.call(any_child()).await.unwrap();
        let processes = Rlimit { pid: None, resource: "processes".into(), set: set(1, 1) };
        sys.call(processes).await.unwrap();
        print(&sys, errno(spawn(&sys, &["child"], None).await).to_string()).await;
        Ok(0)
    });
    let child = script!(sys => {
        let own = sys.call(Rlimit { pid: None, resource: "files".into(), set: None }).await.unwrap();
        let pty = errno_or(sys.call(Openpty { rows: None, columns: None }).await);
        print(&sys, format!("{own:?} {pty} ")).await;
        Ok(0)
    });
    let (out, _) = root_output(&[("main", main), ("child", child)], "player");
    assert_eq!(
        out,
        "EMFILE EPERM EINVAL EINVAL Limit { soft: Some(8), hard: Some(8) } ok EAGAIN"
    );
}

fn errno_or<T>(result: Result<T, SysError>) -> String {
    result.map_or_else(|error| error.errno.to_string(), |_| "ok".to_owned())
}

#[test]
fn nicer_processes_get_less() {
    let spin = script!(sys => {
        if let Some(nice) = sys.args().get(1) {
            sys.call(Priority { pid: None, nice: Some(nice.parse().unwrap()) }).await.unwrap();
        }
        sys.burn(u64::MAX >> 12).await;
        Ok(0)
    });
    let mut app = test_app(&[("spin", spin)]);
    exec(&mut app, 1, "player", &["spin"]);
    exec(&mut app, 2, "player", &["spin", "10"]);
    exec(&mut app, 3, "root", &["spin", "-10"]);
    run(&mut app, 3_000);
    let used = |pid: u32| {
        let key = helios_abi::ProcKey {
            node: home(),
            pid: helios_abi::Pid(pid),
        };
        let stat = proc::process_file(app.world(), key, "stat").unwrap();
        let (_, rest) = stat.rsplit_once(") ").unwrap();
        rest.split(' ').nth(7).unwrap().parse::<u64>().unwrap()
    };
    let (plain, nice, keen) = (used(2), used(3), used(4));
    assert!(
        nice * 2 < plain && plain * 2 < keen && nice > 0,
        "{nice} {plain} {keen}"
    );
}

#[test]
fn only_root_lowers_niceness() {
    let main = script!(sys => {
        let nice = |nice| Priority { pid: None, nice: Some(nice) };
        assert_eq!(sys.call(nice(5)).await.unwrap(), 5);
        let lower = errno(sys.call(nice(4)).await);
        let other = errno(sys.call(Priority { pid: Some(helios_abi::Pid(1)), nice: Some(9) }).await);
        let nobody = errno(sys.call(Priority { pid: Some(helios_abi::Pid(99)), nice: None }).await);
        print(&sys, format!("{lower} {other} {nobody} {}", sys.call(nice(99)).await.unwrap())).await;
        Ok(0)
    });
    assert_eq!(root_output(&[("main", main)], "player").0, "EACCES EPERM ESRCH 19");
}

#[test]
fn passwords_are_salted_and_compared_under_their_salt() {
    let main = script!(sys => {
        let hash = |password: &str, setting: Option<&String>| PasswordHash { password: password.into(), setting: setting.cloned() };
        let one = sys.call(hash("secret", None)).await.unwrap();
        let two = sys.call(hash("secret", None)).await.unwrap();
        assert_ne!(one, two, "salts differ");
        assert!(one.starts_with("$argon2id$v=19$m=1024,t=2,p=1$"), "{one}");
        assert_eq!(sys.call(hash("secret", Some(&one))).await.unwrap(), one);
        assert_ne!(sys.call(hash("Secret", Some(&one))).await.unwrap(), one);
        let costly = one.replace("m=1024", "m=1048576");
        for bad in ["", "!", "x", "$argon2id$", &costly] {
            assert_eq!(errno(sys.call(hash("secret", Some(&bad.to_owned()))).await), Errno::EINVAL, "{bad}");
        }
        assert_eq!(errno(sys.call(hash(&"x".repeat(2000), None)).await), Errno::EINVAL);
        Ok(0)
    });
    root_output(&[("main", main)], "player");
}

#[test]
fn only_root_names_the_machine_and_switches_it_off() {
    let main = script!(sys => {
        let name = |name: &str| Sethostname { name: name.into() };
        let power = |action: &str| SetPower { action: action.into() };
        for bad in ["", "a b", "-x", &"x".repeat(65)] {
            print(&sys, format!("{} ", errno(sys.call(name(bad)).await))).await;
        }
        print(&sys, errno_or(sys.call(name("castle")).await)).await;
        print(&sys, format!(" {} ", errno(sys.call(power("explode")).await))).await;
        print(&sys, errno_or(sys.call(power("reboot")).await)).await;
        sys.call(Sleep { ns: 1 << 50 }).await.unwrap();
        Ok(0)
    });
    let mut app = test_app(&[("main", main)]);
    exec(&mut app, 1, "root", &["main"]);
    let (out, _, status) = run_session(&mut app, 1);
    assert_eq!(
        (out.as_str(), status),
        ("EINVAL EINVAL EINVAL EINVAL ok EINVAL ", 128 + signal::SIGKILL)
    );
    run(&mut app, 2);
    let row = machine(app.world(), home());
    assert_eq!(
        (row.hostname.as_str(), row.init.0 > 1),
        ("castle", true),
        "it came up again"
    );
    exec(&mut app, 2, "player", &["main"]);
    run(&mut app, 5);
    let output = app
        .world_mut()
        .resource_mut::<helios_kernel::HostOutputs>()
        .take_output(2);
    assert_eq!(output.stdout, b"EPERM EPERM EPERM EPERM EPERM EPERM EPERM");
}

#[test]
fn what_children_used_is_told_to_their_parent() {
    let main = script!(sys => {
        spawn(&sys, &["work"], None).await.unwrap();
        let status = sys.call(Wait { ..any_child() }).await.unwrap().unwrap();
        let own = sys.call(GetProcessInfo {}).await.unwrap();
        print(&sys, format!("{} {}", status.cpu_us >= 5_000, own.children_cpu_us == status.cpu_us)).await;
        Ok(0)
    });
    let work = script!(sys => { sys.burn(60_000).await; Ok(0) });
    assert_eq!(root_output(&[("main", main), ("work", work)], "player").0, "true true");
}
