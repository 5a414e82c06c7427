//! A scope is on the resolved path: no link, no `..` and no new name leads out of it.

use helios_abi::calls::{Chmod, Chown, Link, Readlink, Rename, Unlink, Utimes};

use super::*;

#[test]
fn a_scope_cannot_be_left() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    for dir in ["/w/pub", "/w/pub2", "/w/secret"] {
        mkdir(world, &root, dir).unwrap();
    }
    put(world, node, "/w/secret/f", "secret");
    put(world, node, "/w/pub/own", "own");
    symlink(world, &root, "/w/secret/f", "/w/pub/link").unwrap();
    symlink(world, &root, "../..", "/w/pub/up").unwrap();
    symlink(world, &root, "/w/secret/new", "/w/pub/dangling").unwrap();
    let caps = CapSet::parse(&["fs:read:/w/pub", "fs:write:/w/pub"]).unwrap();
    let jailed = Actor {
        creds: Creds { caps, ..Creds::root() },
        cwd: "/w/pub".into(),
        ..root.clone()
    };

    assert!(open(world, &jailed, "own", READ | WRITE).is_ok());
    let reads = [
        "/w/secret/f",
        "/w/pub/link",
        "link",
        "../secret/f",
        "up/w/secret/f",
        "/w/pub2",
        "/w",
        "/proc",
        "/etc/issue",
    ];
    for path in reads {
        assert_eq!(errno(stat(world, &jailed, path)), Errno::EPERM, "stat {path}");
        assert_eq!(
            errno(ops::realpath(world, &jailed, path)),
            Errno::EPERM,
            "realpath {path}"
        );
    }
    for path in ["/w/secret/f", "link", "../secret/f", "up/w/secret/f"] {
        assert_eq!(errno(open(world, &jailed, path, READ)), Errno::EPERM, "open {path}");
        assert_eq!(errno(open(world, &jailed, path, WRITE)), Errno::EPERM, "open {path}");
        let path = path.to_owned();
        assert_eq!(errno(ops::truncate(world, &jailed, &path, 0)), Errno::EPERM);
        assert_eq!(
            errno(ops::chmod(
                world,
                &jailed,
                &Chmod {
                    path: path.clone(),
                    mode: 0o777
                }
            )),
            Errno::EPERM
        );
        let chown = Chown {
            path: path.clone(),
            uid: Some(1),
            gid: None,
            nofollow: None,
        };
        assert_eq!(errno(ops::chown(world, &jailed, &chown)), Errno::EPERM);
        assert_eq!(
            errno(ops::utimes(world, &jailed, &Utimes { path, mtime_ms: None })),
            Errno::EPERM
        );
    }
    for path in ["dangling", "../secret/new", "up/w/new"] {
        assert_eq!(errno(open(world, &jailed, path, CREATE)), Errno::EPERM, "create {path}");
    }
    for path in ["../secret/new", "up/w/new"] {
        assert_eq!(errno(mkdir(world, &jailed, path)), Errno::EPERM);
        assert_eq!(errno(symlink(world, &jailed, "x", path)), Errno::EPERM);
        assert_eq!(
            errno(ops::link(
                world,
                &jailed,
                &Link {
                    old: "own".into(),
                    new: path.into()
                }
            )),
            Errno::EPERM
        );
        assert_eq!(
            errno(ops::rename(
                world,
                &jailed,
                &Rename {
                    old: "own".into(),
                    new: path.into()
                }
            )),
            Errno::EPERM
        );
    }
    for (old, new) in [
        ("/w/secret/f", "stolen"),
        ("up/w/secret/f", "stolen"),
        ("/w/secret", "stolen"),
    ] {
        assert_eq!(
            errno(ops::rename(
                world,
                &jailed,
                &Rename {
                    old: old.into(),
                    new: new.into()
                }
            )),
            Errno::EPERM
        );
    }
    let steal = Link {
        old: "/w/secret/f".into(),
        new: "stolen".into(),
    };
    assert_eq!(errno(ops::link(world, &jailed, &steal)), Errno::EPERM);
    let unlink = Unlink {
        path: "up/w/secret/f".into(),
        directory: None,
    };
    assert_eq!(errno(ops::unlink(world, &jailed, &unlink)), Errno::EPERM);
    assert_eq!(errno(ops::readdir(world, &jailed, "up/w/secret")), Errno::EPERM);
    // The link itself is inside.
    assert_eq!(
        ops::readlink(world, &jailed, &Readlink { path: "link".into() }).unwrap(),
        "/w/secret/f"
    );
    let _ = assert_sound(&mut app);
}

#[test]
fn reading_and_writing_are_two_capabilities() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    put(world, node, "/w/f", "x");
    let of = |cap: &str| {
        let caps = CapSet::parse(&[cap]).unwrap();
        Actor {
            creds: Creds { caps, ..Creds::root() },
            ..Actor::root(node)
        }
    };
    assert!(open(world, &of("fs:read"), "/w/f", READ).is_ok());
    assert_eq!(errno(open(world, &of("fs:read"), "/w/f", READ | WRITE)), Errno::EPERM);
    assert_eq!(errno(open(world, &of("fs:write"), "/w/f", READ)), Errno::EPERM);
    assert_eq!(
        errno(open(world, &of("fs:write"), "/w/new", READ | CREATE)),
        Errno::EPERM
    );
    assert!(
        !crate::exists(world, node, "/w/new"),
        "a failed open leaves nothing behind"
    );
}
