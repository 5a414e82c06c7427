//! Sessions, groups, pseudo-terminals: who reads, who is stopped, who hears of what.

use helios_abi::calls::{
    Close, FdMap, GetProcessInfo, Kill, Openpty, PtyPair, Read, SetCtty, Setpgid, Setsid, Sigaction, Sigmask, Sleep,
    Spawn, Tcgetattr, Tcgetpgrp, Tcgetwinsize, Tcsetattr, Tcsetpgrp, Tcsetwinsize, Wait, WaitStatus, Write, termios,
};
use helios_abi::{Bytes, Errno, Pid, SysError, signal};
use helios_engine::hash::{TickHashes, world_hash};
use helios_engine::snapshot::{restore, take};
use helios_kernel::testing::{
    Script, Sys, TestWorld, any_child, exec, home, print, run, run_session, spawn_of, test_app, write_all,
};

use crate::script;

const MS: u64 = 1_000_000;

async fn pty(sys: &Sys) -> PtyPair {
    sys.call(Openpty {
        rows: Some(24),
        columns: Some(80),
    })
    .await
    .unwrap()
}

/// A program in a session of its own on the slave's side.
fn on(pty: &PtyPair, argv: &[&str]) -> Spawn {
    let fds = (0..3).map(|to| FdMap { to, from: pty.slave }).collect();
    Spawn {
        setsid: Some(true),
        ctty: Some(0),
        fds: Some(fds),
        ..spawn_of(argv)
    }
}

async fn read_text(sys: &Sys, fd: i32) -> String {
    let read = Read {
        fd,
        count: 4096,
        offset: None,
    };
    String::from_utf8(sys.call(read).await.unwrap().0).unwrap()
}

async fn rest(sys: &Sys) {
    sys.call(Sleep { ns: 5 * MS }).await.unwrap();
}

async fn wait_change(sys: &Sys, pid: Pid) -> WaitStatus {
    let wait = Wait {
        pid: Some(pid),
        untraced: Some(true),
        continued: Some(true),
        ..any_child()
    };
    sys.call(wait).await.unwrap().unwrap()
}

fn errno<T: core::fmt::Debug>(result: Result<T, SysError>) -> Errno {
    result.unwrap_err().errno
}

/// Runs `main` as a player among the other scripts and answers what it printed.
fn output(scripts: &[(&'static str, Script)]) -> String {
    let mut app = test_app(scripts);
    exec(&mut app, 1, "player", &["main"]);
    let (out, errors, status) = run_session(&mut app, 1);
    assert_eq!((errors.as_str(), status), ("", 0), "{out}");
    out
}

/// Echoes lines until the end.
fn cat() -> Script {
    script!(sys => {
        loop {
            let line = read_text(&sys, 0).await;
            if line.is_empty() {
                return Ok(7);
            }
            print(&sys, format!("<{}>\n", line.trim_end())).await;
        }
    })
}

#[test]
fn what_the_master_types_the_slave_reads_and_the_master_sees_the_screen() {
    let out = output(&[
        ("cat", cat()),
        (
            "main",
            script!(sys => {
                let pty = pty(&sys).await;
                let child = sys.call(on(&pty, &["cat"])).await.unwrap();
                sys.call(Close { fd: pty.slave }).await.unwrap();
                write_all(&sys, pty.master, b"hello\r".to_vec()).await.unwrap();
                rest(&sys).await;
                let seen = read_text(&sys, pty.master).await;
                write_all(&sys, pty.master, b"\x04".to_vec()).await.unwrap();
                let status = wait_change(&sys, child).await;
                let end = read_text(&sys, pty.master).await;
                print(&sys, format!("{seen:?} {:?} {end:?} {}", status.code, pty.name)).await;
                Ok(0)
            }),
        ),
    ]);
    assert_eq!(out, r#""hello\r\n<hello>\r\n" Some(7) "" pts/0"#);
}

#[test]
fn raw_terminals_hand_over_every_byte_and_keep_their_settings() {
    let out = output(&[(
        "main",
        script!(sys => {
            let pty = pty(&sys).await;
            let before = sys.call(Tcgetattr { fd: pty.slave }).await.unwrap();
            let mut raw = before.clone();
            raw.lflag = 0;
            raw.iflag = 0;
            raw.cc.0[termios::VMIN] = 2;
            sys.call(Tcsetattr { fd: pty.slave, termios: raw.clone(), flush: Some(true) }).await.unwrap();
            assert_eq!(sys.call(Tcgetattr { fd: pty.master }).await.unwrap(), raw);
            write_all(&sys, pty.master, b"\x03\r".to_vec()).await.unwrap();
            let keys = read_text(&sys, pty.slave).await;
            // Without a minimum a read waits as long as VTIME says.
            raw.cc.0[termios::VMIN] = 0;
            raw.cc.0[termios::VTIME] = 1;
            sys.call(Tcsetattr { fd: pty.slave, termios: raw.clone(), flush: None }).await.unwrap();
            let from = sys.tick();
            let nothing = read_text(&sys, pty.slave).await;
            let waited = sys.tick() - from;
            let short = helios_abi::calls::Termios { cc: Bytes(vec![0; 3]), ..raw };
            let refused = errno(sys.call(Tcsetattr { fd: pty.slave, termios: short, flush: None }).await);
            let none = errno(sys.call(Tcgetattr { fd: 1 }).await);
            print(&sys, format!("{keys:?} {nothing:?} {} {refused} {none}", waited >= 100)).await;
            Ok(0)
        }),
    )]);
    assert_eq!(out, r#""\u{3}\r" "" true EINVAL ENOTTY"#);
}

#[test]
fn a_new_size_is_told_to_the_foreground() {
    let watcher = script!(sys => {
        sys.call(Sigaction { signal: signal::SIGWINCH, action: "handle".into() }).await.unwrap();
        print(&sys, "ready\n").await;
        let got = sys.signal().await;
        let size = sys.call(Tcgetwinsize { fd: 0 }).await.unwrap();
        print(&sys, format!("{got} {}x{}\n", size.rows, size.columns)).await;
        Ok(0)
    });
    let out = output(&[
        ("watcher", watcher),
        (
            "main",
            script!(sys => {
                let pty = pty(&sys).await;
                let child = sys.call(on(&pty, &["watcher"])).await.unwrap();
                rest(&sys).await;
                let same = Tcsetwinsize { fd: pty.master, rows: 24, columns: 80 };
                sys.call(same).await.unwrap();
                rest(&sys).await;
                let first = read_text(&sys, pty.master).await;
                sys.call(Tcsetwinsize { fd: pty.master, rows: 50, columns: 132 }).await.unwrap();
                wait_change(&sys, child).await;
                let huge = Tcsetwinsize { fd: pty.master, rows: 5000, columns: 80 };
                let refused = errno(sys.call(huge).await);
                print(&sys, format!("{first:?} {:?} {refused}", read_text(&sys, pty.master).await)).await;
                Ok(0)
            }),
        ),
    ]);
    assert_eq!(out, r#""ready\r\n" "28 50x132\r\n" EINVAL"#);
}

/// A shell in small: runs `job` in the foreground, tells of its stop, then brings it back.
fn shell() -> Script {
    script!(sys => {
        for signal in [signal::SIGTTOU, signal::SIGTSTP] {
            sys.call(Sigaction { signal, action: "ignore".into() }).await.unwrap();
        }
        let own = sys.call(GetProcessInfo {}).await.unwrap().pgid;
        let defaults = Some(vec![signal::SIGTTOU, signal::SIGTSTP]);
        let job = Spawn { pgroup: Some(Pid(0)), foreground: Some(true), defaults, ..spawn_of(&["cat"]) };
        let job = sys.call(job).await.unwrap();
        let status = wait_change(&sys, job).await;
        sys.call(Tcsetpgrp { fd: 0, pgid: own }).await.unwrap();
        print(&sys, format!("stopped by {:?}\n", status.stopped)).await;
        // In the background it reads nothing: it is stopped again.
        sys.call(Kill { pid: -i64::from(job.0), signal: signal::SIGCONT }).await.unwrap();
        let status = wait_change(&sys, job).await;
        print(&sys, format!("stopped again by {:?}\n", status.stopped)).await;
        sys.call(Tcsetpgrp { fd: 0, pgid: job }).await.unwrap();
        sys.call(Kill { pid: -i64::from(job.0), signal: signal::SIGCONT }).await.unwrap();
        let went_on = wait_change(&sys, job).await.continued;
        assert_eq!(went_on, Some(true));
        let status = wait_change(&sys, job).await;
        sys.call(Tcsetpgrp { fd: 0, pgid: own }).await.unwrap();
        print(&sys, format!("ended with {:?} in {:?}\n", status.code, sys.call(Tcgetpgrp { fd: 0 }).await.unwrap() == own)).await;
        Ok(0)
    })
}

fn job_control() -> Vec<(&'static str, Script)> {
    vec![
        ("cat", cat()),
        ("shell", shell()),
        (
            "main",
            script!(sys => {
                let pty = pty(&sys).await;
                let child = sys.call(on(&pty, &["shell"])).await.unwrap();
                for keys in ["one\r", "\x1a", "two\r", "\x04"] {
                    sys.call(Sleep { ns: 20 * MS }).await.unwrap();
                    write_all(&sys, pty.master, keys.as_bytes().to_vec()).await.unwrap();
                }
                wait_change(&sys, child).await;
                print(&sys, read_text(&sys, pty.master).await).await;
                Ok(0)
            }),
        ),
    ]
}

#[test]
fn jobs_stop_and_go_on_and_the_background_reads_nothing() {
    let want = "one\r\n<one>\r\n^Zstopped by Some(20)\r\nstopped again by Some(21)\r\ntwo\r\n<two>\r\nended with Some(7) in true\r\n";
    assert_eq!(output(&job_control()), want);
}

#[test]
fn job_control_is_the_same_live_rebuilt_and_restored() {
    const TICKS: u64 = 120;
    let start = |world: TestWorld| {
        let mut app = world.build();
        exec(&mut app, 1, "player", &["main"]);
        app
    };
    let hashes = |app: &bevy_app::App| app.world().resource::<TickHashes>().0.clone();
    let mut live = start(TestWorld::new(&job_control()));
    run(&mut live, TICKS);
    let mut rebuilt = start(TestWorld::new(&job_control()).amnesia());
    run(&mut rebuilt, TICKS);
    assert_eq!(hashes(&live), hashes(&rebuilt));
    for at in [7, 19, 24, 33, 47, 60] {
        let mut half = start(TestWorld::new(&job_control()));
        run(&mut half, at);
        let snapshot = take(half.world_mut());
        let mut restored = TestWorld::new(&job_control()).build();
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
fn a_hangup_reaches_the_session_and_its_foreground() {
    let stubborn = script!(sys => {
        sys.call(Sigaction { signal: signal::SIGHUP, action: "handle".into() }).await.unwrap();
        let got = sys.signal().await;
        let end = sys.call(Read { fd: 0, count: 10, offset: None }).await.unwrap().0.len();
        let gone = errno(sys.call(Write { fd: 1, data: Bytes(b"x".to_vec()), offset: None }).await);
        Ok(got * 10 + i32::try_from(end).unwrap() + i32::from(gone == Errno::EIO))
    });
    let out = output(&[
        ("stubborn", stubborn),
        (
            "main",
            script!(sys => {
                let pty = pty(&sys).await;
                let child = sys.call(on(&pty, &["stubborn"])).await.unwrap();
                sys.call(Close { fd: pty.slave }).await.unwrap();
                rest(&sys).await;
                sys.call(Close { fd: pty.master }).await.unwrap();
                print(&sys, format!("{:?}", wait_change(&sys, child).await.code)).await;
                Ok(0)
            }),
        ),
    ]);
    assert_eq!(out, "Some(11)");
}

#[test]
fn stopped_jobs_that_nobody_could_continue_are_hung_up() {
    let leader = script!(sys => {
        let job = Spawn { pgroup: Some(Pid(0)), ..spawn_of(&["sleeper"]) };
        let job = sys.call(job).await.unwrap();
        sys.call(Kill { pid: i64::from(job.0), signal: signal::SIGSTOP }).await.unwrap();
        print(&sys, job.0.to_string()).await;
        Ok(0)
    });
    let mut app = test_app(&[
        ("leader", leader),
        (
            "sleeper",
            script!(sys => { sys.call(Sleep { ns: 1 << 50 }).await.unwrap(); Ok(0) }),
        ),
    ]);
    exec(&mut app, 1, "player", &["leader"]);
    let (job, _, _) = run_session(&mut app, 1);
    run(&mut app, 3);
    let job = job.parse().unwrap();
    assert!(
        helios_kernel::testing::process_run(&app, home(), job).is_none(),
        "SIGHUP ended it"
    );
}

#[test]
fn what_is_stopped_in_a_group_that_was_orphaned_all_along_stays_stopped() {
    let out = output(&[
        (
            "sleeper",
            script!(sys => { sys.call(Sleep { ns: 20 * MS }).await.unwrap(); Ok(0) }),
        ),
        ("quick", script!(sys => { print(&sys, "quick ").await; Ok(0) })),
        (
            "main",
            script!(sys => {
                let sleeper = sys.call(spawn_of(&["sleeper"])).await.unwrap();
                sys.call(Kill { pid: i64::from(sleeper.0), signal: signal::SIGSTOP }).await.unwrap();
                let quick = sys.call(spawn_of(&["quick"])).await.unwrap();
                sys.call(Wait { pid: Some(quick), ..any_child() }).await.unwrap();
                sys.call(Kill { pid: i64::from(sleeper.0), signal: signal::SIGCONT }).await.unwrap();
                let status = sys.call(Wait { pid: Some(sleeper), ..any_child() }).await.unwrap().unwrap();
                print(&sys, format!("{:?}", status.code)).await;
                Ok(0)
            }),
        ),
    ]);
    assert_eq!(out, "quick Some(0)");
}

#[test]
fn keys_that_stop_are_nothing_to_a_group_that_nobody_controls() {
    let out = output(&[
        ("cat", cat()),
        (
            "main",
            script!(sys => {
                let pty = pty(&sys).await;
                let child = sys.call(on(&pty, &["cat"])).await.unwrap();
                rest(&sys).await;
                write_all(&sys, pty.master, b"\x1a\x04".to_vec()).await.unwrap();
                print(&sys, format!("{:?}", wait_change(&sys, child).await.code)).await;
                Ok(0)
            }),
        ),
    ]);
    assert_eq!(out, "Some(7)");
}

#[test]
fn sessions_and_groups_keep_their_rules() {
    let out = output(&[
        (
            "idle",
            script!(sys => { sys.call(Sleep { ns: 20 * MS }).await.unwrap(); Ok(0) }),
        ),
        (
            "main",
            script!(sys => {
                let info = sys.call(GetProcessInfo {}).await.unwrap();
                assert_eq!((info.sid, info.pgid), (info.pid, info.pid), "a host session leads itself");
                assert_eq!(errno(sys.call(Setsid {}).await), Errno::EPERM);
                let own = Setpgid { pid: None, pgid: None };
                assert_eq!(errno(sys.call(own).await), Errno::EPERM, "a leader stays in its group");
                let one = sys.call(Spawn { pgroup: Some(Pid(0)), ..spawn_of(&["idle"]) }).await.unwrap();
                let two = sys.call(Spawn { pgroup: Some(one), ..spawn_of(&["idle"]) }).await.unwrap();
                let stranger = Spawn { pgroup: Some(Pid(999)), ..spawn_of(&["idle"]) };
                assert_eq!(errno(sys.call(stranger).await), Errno::EPERM);
                let both = Spawn { pgroup: Some(one), setsid: Some(true), ..spawn_of(&["idle"]) };
                assert_eq!(errno(sys.call(both).await), Errno::EINVAL);
                sys.call(Setpgid { pid: Some(two), pgid: None }).await.unwrap();
                assert_eq!(errno(sys.call(Setpgid { pid: Some(Pid(1)), pgid: None }).await), Errno::ESRCH);
                let of_group = Wait { pgid: Some(two), ..any_child() };
                let ended = sys.call(of_group).await.unwrap().unwrap().pid;
                assert_eq!(ended, two);
                let nobody = Wait { pgid: Some(two), ..any_child() };
                assert_eq!(errno(sys.call(nobody).await), Errno::ECHILD);
                assert_eq!(errno(sys.call(Kill { pid: -999, signal: 0 }).await), Errno::ESRCH);
                assert_eq!(errno(sys.call(SetCtty { fd: 1 }).await), Errno::ENOTTY);
                let pty = pty(&sys).await;
                assert_eq!(errno(sys.call(Tcsetpgrp { fd: pty.slave, pgid: info.pgid }).await), Errno::ENOTTY);
                sys.call(SetCtty { fd: pty.slave }).await.unwrap();
                assert_eq!(sys.call(GetProcessInfo {}).await.unwrap().tty.as_deref(), Some("pts/0"));
                assert_eq!(errno(sys.call(Tcsetpgrp { fd: pty.slave, pgid: Pid(1) }).await), Errno::EPERM);
                assert_eq!(errno(sys.call(Tcsetpgrp { fd: pty.slave, pgid: Pid(0) }).await), Errno::EPERM);
                let taken = on(&pty, &["idle"]);
                assert_eq!(errno(sys.call(taken).await), Errno::EPERM, "a terminal has one session");
                Ok(0)
            }),
        ),
    ]);
    assert_eq!(out, "");
}

#[test]
fn blocked_signals_wait() {
    let out = output(&[(
        "main",
        script!(sys => {
            sys.call(Sigaction { signal: signal::SIGUSR1, action: "handle".into() }).await.unwrap();
            let block = Sigmask { block: Some(vec![signal::SIGUSR1, signal::SIGKILL, signal::SIGTERM]), unblock: None };
            assert_eq!(sys.call(block).await.unwrap(), Vec::<i32>::new());
            let me = i64::from(sys.pid().0);
            for signal in [signal::SIGUSR1, signal::SIGTERM, signal::SIGUSR1] {
                sys.call(Kill { pid: me, signal }).await.unwrap();
            }
            rest(&sys).await;
            let unblock = Sigmask { block: None, unblock: Some(vec![signal::SIGUSR1]) };
            let before = sys.call(unblock).await.unwrap();
            print(&sys, format!("{before:?} {}", sys.signal().await)).await;
            assert_eq!(errno(sys.call(Sigmask { block: Some(vec![99]), unblock: None }).await), Errno::EINVAL);
            Ok(0)
        }),
    )]);
    assert_eq!(out, "[10, 15] 10");
}

#[test]
fn a_full_screen_makes_its_writer_wait() {
    let out = output(&[
        (
            "writer",
            script!(sys => {
                write_all(&sys, 1, vec![b'x'; 200_000]).await.unwrap();
                Ok(0)
            }),
        ),
        (
            "main",
            script!(sys => {
                let pty = pty(&sys).await;
                sys.call(on(&pty, &["writer"])).await.unwrap();
                sys.call(Close { fd: pty.slave }).await.unwrap();
                let mut seen = 0;
                loop {
                    let read = Read { fd: pty.master, count: 10_000, offset: None };
                    match sys.call(read).await.unwrap().0.len() {
                        0 => break,
                        count => seen += count,
                    }
                }
                print(&sys, seen.to_string()).await;
                Ok(0)
            }),
        ),
    ]);
    assert_eq!(out, "200000");
}
