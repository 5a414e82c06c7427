//! Resolving paths and opening files, under permission bits.

use helios_abi::calls::{Chmod, Chown, Link, Readlink, Rename, Unlink, mode};

use super::*;
use crate::walk::walk;

#[test]
fn paths_answer_as_posix_says() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    mkdir(world, &root, "/w/d").unwrap();
    put(world, node, "/w/f", "x");
    symlink(world, &root, "loop", "/w/loop").unwrap();
    symlink(world, &root, "b", "/w/a").unwrap();
    symlink(world, &root, "a", "/w/b").unwrap();
    symlink(world, &root, "d", "/w/ld").unwrap();
    symlink(world, &root, "nowhere", "/w/dangling").unwrap();
    let long = "x".repeat(256);
    let table: &[(&str, Result<&str, Errno>)] = &[
        ("/", Ok("/")),
        ("//w///d/.", Ok("/w/d")),
        ("/w/d/..", Ok("/w")),
        ("/../..", Ok("/")),
        ("/w/ld", Ok("/w/d")),
        ("/w/ld/../f", Ok("/w/f")),
        ("/w/d/", Ok("/w/d")),
        ("/proc/version", Ok("/proc/version")),
        ("/w/../proc/../w", Ok("/w")),
        ("", Err(Errno::ENOENT)),
        ("/w/none", Err(Errno::ENOENT)),
        ("/w/none/x", Err(Errno::ENOENT)),
        ("/w/f/x", Err(Errno::ENOTDIR)),
        ("/w/f/", Err(Errno::ENOTDIR)),
        ("/w/f/.", Err(Errno::ENOTDIR)),
        ("/w/loop", Err(Errno::ELOOP)),
        ("/w/a/x", Err(Errno::ELOOP)),
        ("/w/dangling", Err(Errno::ENOENT)),
        ("/w/\0", Err(Errno::EINVAL)),
        ("/proc/none", Err(Errno::ENOENT)),
        ("/proc/version/x", Err(Errno::ENOTDIR)),
    ];
    for (path, expected) in table {
        let got = ops::realpath(world, &root, path).map_err(|error| error.errno);
        assert_eq!(got.as_deref(), expected.as_ref().map(|path| *path), "{path:?}");
    }
    assert_eq!(
        errno(ops::realpath(world, &root, &format!("/{long}"))),
        Errno::ENAMETOOLONG
    );
    assert_eq!(
        errno(ops::realpath(world, &root, &"/w".repeat(2049))),
        Errno::ENAMETOOLONG
    );
}

#[test]
fn no_call_takes_an_empty_path() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    put(world, node, "/w/f", "x");
    let names = |old: &str, new: &str| (old.to_owned(), new.to_owned());
    assert_eq!(errno(mkdir(world, &root, "")), Errno::ENOENT);
    assert_eq!(errno(mkdir(world, &root, "/")), Errno::EEXIST);
    for directory in [None, Some(true)] {
        let call = |path: &str| Unlink {
            path: path.into(),
            directory,
        };
        assert_eq!(errno(ops::unlink(world, &root, &call(""))), Errno::ENOENT);
    }
    for (old, new) in [names("", "/w/x"), names("/w/f", "")] {
        let call = Rename {
            old: old.clone(),
            new: new.clone(),
        };
        assert_eq!(errno(ops::rename(world, &root, &call)), Errno::ENOENT);
        assert_eq!(errno(ops::link(world, &root, &Link { old, new })), Errno::ENOENT);
    }
    assert_eq!(errno(symlink(world, &root, "", "/w/x")), Errno::ENOENT);
    assert_eq!(errno(symlink(world, &root, "f", "")), Errno::ENOENT);
    assert_eq!(errno(open(world, &root, "", open_flags::READ)), Errno::ENOENT);
    assert_eq!(errno(stat(world, &root, "")), Errno::ENOENT);
    assert_eq!(errno(ops::readdir(world, &root, "")), Errno::ENOENT);
    assert_eq!(errno(ops::truncate(world, &root, "", 0)), Errno::ENOENT);
    assert_eq!(errno(ops::statfs(world, &root, "")), Errno::ENOENT);
    let readlink = Readlink { path: String::new() };
    assert_eq!(errno(ops::readlink(world, &root, &readlink)), Errno::ENOENT);
    assert_eq!(errno(crate::walk::resolve_dir(world, &root, "")), Errno::ENOENT);
    let chmod = Chmod {
        path: String::new(),
        mode: 0o700,
    };
    assert_eq!(errno(ops::chmod(world, &root, &chmod)), Errno::ENOENT);
}

#[test]
fn forty_links_are_followed_and_no_more() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    put(world, node, "/w/l0", "end");
    for at in 1..=41 {
        symlink(world, &root, &format!("l{}", at - 1), &format!("/w/l{at}")).unwrap();
    }
    assert!(walk(world, &root, "/w/l40", true).is_ok());
    assert_eq!(errno(walk(world, &root, "/w/l41", true)), Errno::ELOOP);
}

#[test]
fn every_component_must_let_the_caller_search() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let (root, one, two) = (Actor::root(node), user(node, 1000, &[]), user(node, 1001, &[]));
    mkdir(world, &one, "/w/home").unwrap();
    put(world, node, "/w/home/f", "x");
    ops::chmod(
        world,
        &one,
        &Chmod {
            path: "/w/home".into(),
            mode: 0o600,
        },
    )
    .unwrap();
    for actor in [&one, &two] {
        assert_eq!(errno(stat(world, actor, "/w/home/f")), Errno::EACCES);
        assert_eq!(errno(ops::realpath(world, actor, "/w/home/..")), Errno::EACCES);
    }
    assert!(stat(world, &root, "/w/home/f").is_ok());
    assert_eq!(errno(ops::readdir(world, &two, "/w/home")), Errno::EACCES);
    assert_eq!(ops::readdir(world, &one, "/w/home").unwrap().len(), 1);
    ops::chmod(
        world,
        &one,
        &Chmod {
            path: "/w/home".into(),
            mode: 0o711,
        },
    )
    .unwrap();
    assert!(open(world, &two, "/w/home/f", READ).is_ok());
    assert_eq!(errno(open(world, &two, "/w/home/f", WRITE)), Errno::EACCES);
    assert_eq!(errno(open(world, &two, "/w/home/new", CREATE)), Errno::EACCES);
    assert_eq!(
        errno(ops::chmod(
            world,
            &two,
            &Chmod {
                path: "/w/home".into(),
                mode: 0o777
            }
        )),
        Errno::EPERM
    );
}

#[test]
fn open_takes_its_flags_seriously() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    mkdir(world, &root, "/w/d").unwrap();
    put(world, node, "/w/f", "x");
    symlink(world, &root, "f", "/w/l").unwrap();
    symlink(world, &root, "new", "/w/dangling").unwrap();
    use open_flags::{APPEND, DIRECTORY, EXCLUSIVE, NOFOLLOW, TRUNCATE};
    let table = [
        ("/w/f", 0, Errno::EINVAL),
        ("/w/f", READ | 1 << 20, Errno::EINVAL),
        ("/w/f", READ | TRUNCATE, Errno::EINVAL),
        ("/w/f", READ | APPEND, Errno::EINVAL),
        ("/w/f", READ | DIRECTORY, Errno::ENOTDIR),
        ("/w/d", WRITE, Errno::EISDIR),
        ("/w/d", CREATE, Errno::EISDIR),
        ("/w/d", CREATE | EXCLUSIVE, Errno::EEXIST),
        ("/w/f", CREATE | EXCLUSIVE, Errno::EEXIST),
        ("/w/dangling", CREATE | EXCLUSIVE, Errno::EEXIST),
        ("/w/l", READ | NOFOLLOW, Errno::ELOOP),
        ("/w/none/", CREATE, Errno::EISDIR),
        ("/w/none", READ, Errno::ENOENT),
        ("/proc/version", WRITE, Errno::EACCES),
        ("/proc/x", CREATE, Errno::ENOENT),
    ];
    for (path, flags, expected) in table {
        let call = Open {
            path: path.into(),
            flags,
            mode: None,
        };
        assert_eq!(errno(ops::open(world, &root, &call)), expected, "{path} {flags}");
    }
    assert!(open(world, &root, "/w/dangling", CREATE).is_ok());
    assert!(
        crate::exists(world, node, "/w/new"),
        "a file is made where a dangling link leads"
    );
    assert!(open(world, &root, "/w/f", WRITE | TRUNCATE).is_ok());
    assert_eq!(stat(world, &root, "/w/f").unwrap().size, 0);
}

#[test]
fn new_files_get_owner_group_and_mask() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let actor = Actor {
        umask: 0o027,
        ..user(node, 1000, &[50])
    };
    open(world, &actor, "/w/f", CREATE).unwrap();
    mkdir(world, &actor, "/w/d").unwrap();
    let (file, dir) = (
        stat(world, &actor, "/w/f").unwrap(),
        stat(world, &actor, "/w/d").unwrap(),
    );
    assert_eq!((file.mode, file.uid, file.gid), (mode::FILE | 0o640, 1000, 1000));
    assert_eq!(dir.mode, mode::DIR | 0o750);
    // A setgid directory hands its group down, and the bit to directories.
    let chown = Chown {
        path: "/w/d".into(),
        uid: None,
        gid: Some(50),
        nofollow: None,
    };
    ops::chown(world, &actor, &chown).unwrap();
    ops::chmod(
        world,
        &actor,
        &Chmod {
            path: "/w/d".into(),
            mode: 0o2770,
        },
    )
    .unwrap();
    mkdir(world, &actor, "/w/d/sub").unwrap();
    let sub = stat(world, &actor, "/w/d/sub").unwrap();
    assert_eq!((sub.gid, sub.mode & mode::SETGID), (50, mode::SETGID));
}

#[test]
fn set_id_bits_go_when_the_file_changes() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let actor = user(node, 1000, &[50]);
    let ino = open(world, &actor, "/w/f", CREATE).unwrap();
    let set = |world: &mut World| {
        ops::chmod(
            world,
            &actor,
            &Chmod {
                path: "/w/f".into(),
                mode: 0o6755,
            },
        )
        .unwrap();
        assert_eq!(stat(world, &actor, "/w/f").unwrap().mode & mode::PERMS, 0o6755);
    };
    set(world);
    data::write(world, node, ino, 0, b"x").unwrap();
    assert_eq!(stat(world, &actor, "/w/f").unwrap().mode & mode::PERMS, 0o755);
    set(world);
    let chown = Chown {
        path: "/w/f".into(),
        uid: None,
        gid: Some(50),
        nofollow: None,
    };
    ops::chown(world, &actor, &chown).unwrap();
    assert_eq!(stat(world, &actor, "/w/f").unwrap().mode & mode::PERMS, 0o755);
    let away = Chown {
        path: "/w/f".into(),
        uid: Some(0),
        gid: None,
        nofollow: None,
    };
    assert_eq!(errno(ops::chown(world, &actor, &away)), Errno::EPERM);
    let foreign = Chown {
        path: "/w/f".into(),
        uid: None,
        gid: Some(77),
        nofollow: None,
    };
    assert_eq!(errno(ops::chown(world, &actor, &foreign)), Errno::EPERM);
}

#[test]
fn sticky_directories_keep_other_peoples_files() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let (one, two) = (user(node, 1000, &[]), user(node, 1001, &[]));
    open(world, &one, "/tmp/f", CREATE).unwrap();
    let unlink = Unlink {
        path: "/tmp/f".into(),
        directory: None,
    };
    assert_eq!(errno(ops::unlink(world, &two, &unlink)), Errno::EPERM);
    let rename = helios_abi::calls::Rename {
        old: "/tmp/f".into(),
        new: "/w/f".into(),
    };
    assert_eq!(errno(ops::rename(world, &two, &rename)), Errno::EPERM);
    ops::unlink(world, &one, &unlink).unwrap();
    let _ = assert_sound(&mut app);
}

#[test]
fn removing_answers_as_posix_says() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    mkdir(world, &root, "/w/d").unwrap();
    put(world, node, "/w/d/f", "x");
    let table = [
        ("/w/d", false, Errno::EISDIR),
        ("/w/d", true, Errno::ENOTEMPTY),
        ("/w/d/f", true, Errno::ENOTDIR),
        ("/w/none", false, Errno::ENOENT),
        ("/w/d/.", true, Errno::EINVAL),
        ("/w/d/..", true, Errno::ENOTEMPTY),
        ("/", true, Errno::EBUSY),
        ("/proc", true, Errno::EBUSY),
        ("/proc/version", false, Errno::EROFS),
        ("/bin", true, Errno::ENOTEMPTY),
    ];
    for (path, directory, expected) in table {
        let call = Unlink {
            path: path.into(),
            directory: Some(directory),
        };
        assert_eq!(errno(ops::unlink(world, &root, &call)), expected, "{path} {directory}");
    }
}
