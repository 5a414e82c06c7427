//! Calls as live processes make them: scripted programs that lie in the machine's file system and are loaded from it.

use helios_abi::calls::{
    Chdir, Chmod, Chown, Close, Dup, Fstat, GetProcessInfo, Pipe, Read, Readdir, Readlink, Realpath, Seek, Spawn,
    Truncate, Unlink, mode,
};
use helios_kernel::HostOutputs;
use helios_kernel::testing::{Script, ScriptFuture, Sys, TestWorld, exec, home, print, read_all, run, run_session};
use helios_kernel::testing::{any_child, spawn, spawn_of, write_all};

use super::*;

macro_rules! script {
    ($sys:ident => $body:block) => {
        (|$sys: Sys| -> ScriptFuture { Box::pin(async move $body) }) as Script
    };
}

/// A machine whose file system holds the scripts as programs: the source of each is its name.
fn live(scripts: &[(&'static str, Script)]) -> App {
    let mut app = TestWorld::new(scripts).build();
    app.add_plugins(FsPlugin);
    let world = app.world_mut();
    create_disk(world, home(), DiskLimits::default());
    write_file(world, home(), "/sbin/init", b"init", 0o755).unwrap();
    for (name, _) in scripts.iter().filter(|(name, _)| *name != "init") {
        write_file(world, home(), &format!("/bin/{name}"), name.as_bytes(), 0o755).unwrap();
    }
    app
}

/// Runs one script as `player` and answers what it printed; it must end well.
fn output(script: Script) -> String {
    let idle = script!(sys => {
        loop {
            sys.signal().await;
        }
    });
    let mut app = live(&[("tester", script), ("idler", idle)]);
    exec(&mut app, 1, "player", &["tester"]);
    let (out, err, code) = run_session(&mut app, 1);
    assert_eq!((err.as_str(), code), ("", 0), "{out}");
    helios_engine::testing::assert_hash_is_fresh(app.world_mut());
    out
}

async fn open_file(sys: &Sys, path: &str, flags: u32) -> Result<i32, SysError> {
    let path = path.to_owned();
    sys.call(Open {
        path,
        flags,
        mode: None,
    })
    .await
}

async fn text_of(sys: &Sys, path: &str) -> Result<String, SysError> {
    let fd = open_file(sys, path, READ).await?;
    let text = String::from_utf8(read_all(sys, fd).await?).unwrap();
    sys.call(Close { fd }).await?;
    Ok(text)
}

async fn names(sys: &Sys, path: &str) -> Result<Vec<String>, SysError> {
    let entries = sys.call(Readdir { path: path.into() }).await?;
    Ok(entries.into_iter().map(|entry| entry.name).collect())
}

fn denials(app: &App) -> Vec<String> {
    let log = crate::read_text(app.world(), home(), "/proc/kmsg").unwrap();
    let denied = log.lines().filter(|line| line.contains("denied"));
    denied.map(|line| line.split_once("] ").unwrap().1.to_owned()).collect()
}

#[test]
fn a_call_outside_its_scope_is_eperm_and_one_line() {
    let mut app = live(&[(
        "jailed",
        script!(sys => {
            let open = open_file(&sys, "/w/secret", READ).await.unwrap_err();
            assert_eq!(open.errno, Errno::EPERM, "{open}");
            let make = open_file(&sys, "/w/pub/new", CREATE).await.unwrap_err();
            assert_eq!(make.errno, Errno::EPERM, "{make}");
            let names = names(&sys, "/w").await.unwrap_err();
            assert_eq!(names.errno, Errno::EPERM, "{names}");
            let real = sys.call(Realpath { path: "/w/pub/../secret".into() }).await.unwrap_err();
            assert_eq!(real.errno, Errno::EPERM, "{real}");
            let unlink = Unlink { path: "/w/pub/f".into(), directory: None };
            assert_eq!(sys.call(unlink).await.unwrap_err().errno, Errno::EPERM);
            // Neither what is allowed nor what fails for another reason is a line, even where it is EPERM as well.
            print(&sys, text_of(&sys, "/w/pub/f").await.unwrap()).await;
            assert_eq!(errno(text_of(&sys, "/w/pub/none").await), Errno::ENOENT);
            let chown = Chown { path: "/w/own/f".into(), uid: Some(0), gid: None, nofollow: None };
            assert_eq!(sys.call(chown).await.unwrap_err().errno, Errno::EPERM);
            Ok(0)
        }),
    )]);
    let world = app.world_mut();
    let manifest = r#"{ "caps": ["fs:read:/w/pub", "fs:write:/w/own"] }"#;
    crate::make_dirs(world, home(), "/w/pub").unwrap();
    crate::make_dirs(world, home(), "/w/own").unwrap();
    for path in ["/w/pub", "/w/own"] {
        let everybodys = Chmod {
            path: path.into(),
            mode: 0o777,
        };
        ops::chmod(world, &Actor::root(home()), &everybodys).unwrap();
    }
    put(world, home(), "/etc/caps/jailed.json", manifest);
    put(world, home(), "/w/secret", "secret");
    put(world, home(), "/w/own/f", "own");
    put(world, home(), "/w/pub/f", "open to all");
    exec(&mut app, 1, "player", &["jailed"]);
    assert_eq!(run_session(&mut app, 1), ("open to all".into(), String::new(), 0));
    assert_eq!(
        denials(&app),
        [
            "pid 2: denied, no capability fs:read:/w/secret",
            "pid 2: denied, no capability fs:write:/w/pub/new",
            "pid 2: denied, no capability fs:read:/w",
            "pid 2: denied, no capability fs:read:/w/secret",
            "pid 2: denied, no capability fs:write:/w/pub/f",
        ]
    );
}

#[test]
fn an_import_outside_the_spawners_scope_is_one_line() {
    let mut app = live(&[
        (
            "jailed",
            script!(sys => {
                let error = spawn(&sys, &["importer"], None).await.unwrap_err();
                assert_eq!(error.errno, Errno::EPERM, "{error}");
                Ok(0)
            }),
        ),
        ("importer", script!(_sys => { Ok(0) })),
    ]);
    let world = app.world_mut();
    let manifest = r#"{ "caps": ["proc:spawn", "fs:read:/bin"] }"#;
    put(world, home(), "/etc/caps/jailed.json", manifest);
    put(world, home(), "/tmp/secret.ts", "export {}");
    put(world, home(), "/bin/importer", "import '/tmp/secret.ts';");
    exec(&mut app, 1, "player", &["jailed"]);
    assert_eq!(run_session(&mut app, 1), (String::new(), String::new(), 0));
    assert_eq!(
        denials(&app),
        ["/bin/importer: denied, no capability fs:read:/tmp/secret.ts"]
    );
}

#[test]
fn dev_null_takes_everything_and_gives_nothing() {
    output(script!(sys => {
        let fd = open_file(&sys, "/dev/null", READ | WRITE | open_flags::CREATE | open_flags::TRUNCATE).await.unwrap();
        write_all(&sys, fd, vec![7; 100_000]).await.unwrap();
        assert_eq!(read_all(&sys, fd).await.unwrap(), b"");
        sys.call(Seek { fd, offset: 0, whence: 0 }).await.unwrap();
        assert_eq!(read_all(&sys, fd).await.unwrap(), b"");
        let stat = sys.call(Fstat { fd }).await.unwrap();
        assert_eq!((stat.mode, stat.size, stat.rdev), (mode::DEVICE | 0o666, 0, 0x103));
        let cut = sys.call(Truncate { path: None, fd: Some(fd), size: 0 }).await;
        assert_eq!(errno(cut), Errno::EINVAL);
        let full = open_file(&sys, "/dev/full", WRITE).await.unwrap();
        assert_eq!(errno(write_all(&sys, full, vec![0]).await), Errno::ENOSPC);
        let zero = open_file(&sys, "/dev/zero", READ).await.unwrap();
        assert_eq!(sys.call(Read { fd: zero, count: 3, offset: None }).await.unwrap().0, [0, 0, 0]);
        Ok(0)
    }));
}

#[test]
fn dev_stdin_is_descriptor_0_whatever_that_is() {
    output(script!(sys => {
        // A pipe.
        let ends = sys.call(Pipe {}).await.unwrap();
        sys.call(Dup { fd: ends.read, to: Some(0) }).await.unwrap();
        sys.call(Close { fd: ends.read }).await.unwrap();
        write_all(&sys, ends.write, b"through".to_vec()).await.unwrap();
        assert_eq!(errno(open_file(&sys, "/dev/stdin", WRITE).await), Errno::EACCES);
        assert_eq!(errno(open_file(&sys, "/dev/stdin", READ | open_flags::DIRECTORY).await), Errno::ENOTDIR);
        for path in ["/dev/stdin", "/proc/self/fd/0"] {
            assert_eq!(errno(open_file(&sys, path, READ | open_flags::NOFOLLOW).await), Errno::ELOOP, "{path}");
        }
        let fd = open_file(&sys, "/dev/stdin", READ).await.unwrap();
        assert_eq!(sys.call(Read { fd, count: 3, offset: None }).await.unwrap().0, b"thr");
        assert_eq!(sys.call(Read { fd: 0, count: 9, offset: None }).await.unwrap().0, b"ough");
        sys.call(Close { fd: ends.write }).await.unwrap();
        assert_eq!(sys.call(Read { fd, count: 3, offset: None }).await.unwrap().0, b"", "the writer is gone");
        // A file, opened anew: at its start, with permissions of its own.
        let file = open_file(&sys, "/etc/hostname", READ).await.unwrap();
        let all = read_all(&sys, file).await.unwrap();
        sys.call(Dup { fd: file, to: Some(0) }).await.unwrap();
        let again = open_file(&sys, "/dev/stdin", READ).await.unwrap();
        assert_eq!(read_all(&sys, again).await.unwrap(), all);
        assert_eq!(errno(open_file(&sys, "/dev/stdin", WRITE).await), Errno::EACCES);
        // Nothing.
        sys.call(Close { fd: 0 }).await.unwrap();
        assert_eq!(errno(open_file(&sys, "/dev/stdin", READ).await), Errno::ENOENT);
        Ok(0)
    }));
}

#[test]
fn a_descriptor_opened_again_is_inherited_unless_the_call_says_not() {
    output(script!(sys => {
        let (child_of, fds_of) = (async || spawn(&sys, &["idler"], None).await.unwrap(), async |pid| {
            names(&sys, &format!("/proc/{pid}/fd")).await.unwrap()
        });
        let ends = sys.call(Pipe {}).await.unwrap();
        sys.call(Dup { fd: ends.read, to: Some(0) }).await.unwrap();
        for (flags, inherited) in [(0, vec!["0", "1", "2"]), (open_flags::CLOEXEC, vec!["0", "2"])] {
            sys.call(Close { fd: 1 }).await.unwrap();
            assert_eq!(open_file(&sys, "/dev/stdin", READ | flags).await.unwrap(), 1);
            assert_eq!(fds_of(child_of().await).await, inherited);
        }
        Ok(0)
    }));
}

#[test]
fn dev_tty_is_the_callers_terminal() {
    // Without one there is nothing to open.
    output(script!(sys => {
        assert_eq!(sys.call(GetProcessInfo {}).await.unwrap().tty, None);
        assert_eq!(errno(open_file(&sys, "/dev/tty", READ | WRITE).await), Errno::ENXIO);
        assert_eq!(errno(open_file(&sys, "/dev/console", WRITE).await), Errno::EACCES);
        Ok(0)
    }));
    let mut app = live(&[
        (
            "init",
            script!(sys => {
                let tty = Some("tty0".to_owned());
                sys.call(Spawn { tty, ..spawn_of(&["main"]) }).await.unwrap();
                loop {
                    sys.signal().await;
                }
            }),
        ),
        (
            "main",
            script!(sys => {
                assert_eq!(sys.call(GetProcessInfo {}).await.unwrap().euid, 1000);
                let tty = open_file(&sys, "/dev/tty", READ | WRITE).await.unwrap();
                write_all(&sys, tty, b"tty ".to_vec()).await.unwrap();
                let stdin = open_file(&sys, "/dev/stdin", READ).await.unwrap();
                let again = open_file(&sys, &format!("/dev/fd/{tty}"), WRITE).await.unwrap();
                write_all(&sys, again, b"fd ".to_vec()).await.unwrap();
                let line = sys.call(Read { fd: stdin, count: 99, offset: None }).await.unwrap();
                print(&sys, format!("[{}]", String::from_utf8(line.0).unwrap().trim_end())).await;
                std::future::pending::<()>().await;
                Ok(0)
            }),
        ),
    ]);
    let world = app.world_mut();
    let root = Actor::root(home());
    let owner = Chown {
        path: "/bin/main".into(),
        uid: Some(1000),
        gid: None,
        nofollow: None,
    };
    ops::chown(world, &root, &owner).unwrap();
    let setuid = Chmod {
        path: "/bin/main".into(),
        mode: 0o4755,
    };
    ops::chmod(world, &root, &setuid).unwrap();
    run(&mut app, 10);
    let typed = serde_json::json!({ "tty": "tty0", "bytes": "aGkK" });
    helios_engine::log::submit(app.world_mut(), home(), "kernel.tty_input", typed).unwrap();
    run(&mut app, 10);
    let screen = app.world_mut().resource_mut::<HostOutputs>().take_tty(home(), "tty0");
    assert_eq!(String::from_utf8(screen).unwrap(), "tty fd hi\r\n[hi]");
}

#[test]
fn proc_self_is_the_caller_and_its_files_are_of_now() {
    output(script!(sys => {
        let pid = sys.pid();
        let stat = text_of(&sys, "/proc/self/stat").await.unwrap();
        assert!(stat.starts_with(&format!("{pid} (/bin/tester) S 1 1000 ")), "{stat}");
        assert_eq!(stat.lines().count(), 1);
        assert_eq!(text_of(&sys, &format!("/proc/{pid}/comm")).await.unwrap(), "tester\n");
        assert_eq!(sys.call(Readlink { path: "/proc/self".into() }).await.unwrap(), pid.to_string());
        assert_eq!(
            sys.call(Realpath { path: "/proc/self/stat".into() }).await.unwrap(),
            format!("/proc/{pid}/stat")
        );
        assert_eq!(errno(open_file(&sys, "/proc/self/stat", WRITE).await), Errno::EACCES);
        assert_eq!(errno(open_file(&sys, "/proc/self/new", CREATE).await), Errno::ENOENT);
        assert_eq!(errno(open_file(&sys, "/dev/fd/9", CREATE).await), Errno::ENOENT);
        assert_eq!(errno(open_file(&sys, "/proc/99/stat", READ).await), Errno::ENOENT);
        assert_eq!(errno(open_file(&sys, "/proc/self/stat/x", READ).await), Errno::ENOTDIR);
        assert_eq!(errno(open_file(&sys, "/proc/self/stat/", READ).await), Errno::ENOTDIR);
        // A file that was opened of a process that then ends.
        let child = spawn(&sys, &["idler"], None).await.unwrap();
        let fd = open_file(&sys, &format!("/proc/{child}/stat"), READ).await.unwrap();
        assert!(!read_all(&sys, fd).await.unwrap().is_empty());
        sys.call(helios_abi::calls::Kill { pid: i64::from(child.0), signal: 9 }).await.unwrap();
        sys.call(helios_abi::calls::Wait { pid: Some(child), ..any_child() }).await.unwrap();
        assert_eq!(errno(sys.call(Read { fd, count: 9, offset: Some(0) }).await), Errno::ESRCH);
        assert_eq!(errno(sys.call(Fstat { fd }).await), Errno::ESRCH);
        Ok(0)
    }));
}

#[test]
fn directories_of_proc_list_what_is_in_them() {
    output(script!(sys => {
        let pid = sys.pid();
        let top = names(&sys, "/proc").await.unwrap();
        let files = ["cpuinfo", "kmsg", "loadavg", "media", "meminfo", "mounts", "self", "uptime", "version"];
        let expected: Vec<String> = ["1".to_owned(), pid.to_string()].into_iter().chain(files.map(str::to_owned)).collect();
        assert_eq!(top, expected);
        let own = names(&sys, &format!("/proc/{pid}")).await.unwrap();
        assert_eq!(own, ["cmdline", "comm", "cwd", "environ", "exe", "fd", "limits", "stat", "status"]);
        assert_eq!(names(&sys, "/proc/self").await.unwrap(), own);
        assert_eq!(names(&sys, "/proc/1").await.unwrap(), own, "of other users' processes too");
        assert_eq!(names(&sys, "/proc/self/fd").await.unwrap(), ["0", "1", "2"]);
        assert_eq!(names(&sys, "/dev/fd").await.unwrap(), ["0", "1", "2"]);
        assert_eq!(errno(names(&sys, "/proc/1/fd").await), Errno::EACCES);
        assert_eq!(errno(names(&sys, "/proc/self/stat").await), Errno::ENOTDIR);
        assert_eq!(errno(names(&sys, "/proc/99").await), Errno::ENOENT);
        for name in own {
            let entries = sys.call(Readdir { path: "/proc/self".into() }).await.unwrap();
            let entry = entries.into_iter().find(|entry| entry.name == name).unwrap();
            let path = format!("/proc/self/{name}");
            let stat = sys.call(StatPath { path, nofollow: Some(true) }).await.unwrap();
            assert_eq!((stat.ino, stat.mode & mode::TYPE, stat.uid), (entry.ino, entry.kind, 1000), "{name}");
        }
        Ok(0)
    }));
}

#[test]
fn descriptors_cut_and_extend_files() {
    output(script!(sys => {
        let fd = open_file(&sys, "/tmp/f", CREATE | READ).await.unwrap();
        let cut = async |fd, size| sys.call(Truncate { path: None, fd: Some(fd), size }).await;
        write_all(&sys, fd, b"0123456789".to_vec()).await.unwrap();
        cut(fd, 4).await.unwrap();
        assert_eq!(sys.call(Fstat { fd }).await.unwrap().size, 4);
        // The offset stays: what is written next leaves zeros before it.
        write_all(&sys, fd, b"x".to_vec()).await.unwrap();
        assert_eq!(text_of(&sys, "/tmp/f").await.unwrap(), "0123\0\0\0\0\0\0x");
        cut(fd, 100_000).await.unwrap();
        assert_eq!(sys.call(Read { fd, count: 5, offset: Some(70_000) }).await.unwrap().0, [0; 5]);
        cut(fd, 0).await.unwrap();
        assert_eq!(sys.call(Read { fd, count: 5, offset: Some(0) }).await.unwrap().0, b"");
        assert_eq!(errno(cut(fd, crate::limits::FILE_BYTES + 1).await), Errno::EFBIG);
        // It works on a file without a name, and not on a descriptor that only reads.
        let only = open_file(&sys, "/tmp/f", READ).await.unwrap();
        sys.call(Unlink { path: "/tmp/f".into(), directory: None }).await.unwrap();
        cut(fd, 3).await.unwrap();
        assert_eq!(sys.call(Fstat { fd: only }).await.unwrap().size, 3);
        assert_eq!(errno(cut(only, 1).await), Errno::EINVAL);
        assert_eq!(errno(cut(99, 1).await), Errno::EBADF);
        let ends = sys.call(Pipe {}).await.unwrap();
        assert_eq!(errno(cut(ends.write, 1).await), Errno::EINVAL);
        let both = Truncate { path: Some("/tmp/f".into()), fd: Some(fd), size: 0 };
        assert_eq!(errno(sys.call(both).await), Errno::EINVAL);
        Ok(0)
    }));
}

#[test]
fn relative_paths_start_at_the_working_directory() {
    output(script!(sys => {
        let chdir = async |path: &str| sys.call(Chdir { path: path.into() }).await;
        let cwd = async || sys.call(GetProcessInfo {}).await.unwrap().cwd;
        let mkdir = async |path: &str| sys.call(Mkdir { path: path.into(), mode: None }).await;
        chdir("/tmp").await.unwrap();
        mkdir("a").await.unwrap();
        mkdir("a/b").await.unwrap();
        sys.call(Symlink { target: "a/b".into(), path: "short".into() }).await.unwrap();
        chdir("short").await.unwrap();
        assert_eq!(cwd().await, "/tmp/a/b", "canonical");
        let fd = open_file(&sys, "f", CREATE).await.unwrap();
        write_all(&sys, fd, b"here".to_vec()).await.unwrap();
        assert_eq!(text_of(&sys, "/tmp/a/b/f").await.unwrap(), "here");
        assert_eq!(text_of(&sys, "../b/./f").await.unwrap(), "here");
        chdir("..").await.unwrap();
        assert_eq!(text_of(&sys, "b/f").await.unwrap(), "here");
        assert_eq!(errno(chdir("b/f").await), Errno::ENOTDIR);
        assert_eq!(errno(chdir("none").await), Errno::ENOENT);
        assert_eq!(errno(chdir("/root").await), Errno::EACCES);
        assert_eq!(errno(chdir("").await), Errno::ENOENT);
        assert_eq!(cwd().await, "/tmp/a", "what failed changed nothing");
        // A child starts where its parent is, or where it is told to, which may be relative as well.
        let child = Spawn {
            argv: None,
            cwd: Some("b".into()),
            ..spawn_of(&["idler"])
        };
        sys.call(child).await.unwrap();
        // Below /proc.
        chdir("/proc/self").await.unwrap();
        assert_eq!(cwd().await, format!("/proc/{}", sys.pid()));
        assert_eq!(text_of(&sys, "comm").await.unwrap(), "tester\n");
        assert_eq!(names(&sys, "fd").await.unwrap().len(), 4);
        assert_eq!(text_of(&sys, "../../tmp/a/b/f").await.unwrap(), "here");
        assert_eq!(errno(chdir("/proc/1/fd").await), Errno::EACCES);
        // A directory that is gone.
        chdir("/tmp/a/b").await.unwrap();
        sys.call(Unlink { path: "f".into(), directory: None }).await.unwrap();
        sys.call(Unlink { path: "/tmp/a/b".into(), directory: Some(true) }).await.unwrap();
        assert_eq!(errno(open_file(&sys, "f", CREATE).await), Errno::ENOENT);
        assert_eq!(errno(names(&sys, ".").await), Errno::ENOENT);
        chdir("/").await.unwrap();
        assert_eq!(text_of(&sys, "proc/self/comm").await.unwrap(), "tester\n");
        Ok(0)
    }));
}
