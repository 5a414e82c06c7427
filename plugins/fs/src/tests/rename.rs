//! `rename` case by case.

use helios_abi::calls::{Link, Rename};

use super::*;
use crate::read_text;

fn rename(world: &mut World, node: NodeId, old: &str, new: &str) -> Result<(), SysError> {
    ops::rename(
        world,
        &Actor::root(node),
        &Rename {
            old: old.into(),
            new: new.into(),
        },
    )
}

#[test]
fn refusals() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    for dir in ["/w/d", "/w/d/sub", "/w/full", "/w/empty"] {
        mkdir(world, &root, dir).unwrap();
    }
    put(world, node, "/w/f", "f");
    put(world, node, "/w/full/x", "x");
    let table = [
        ("/w/none", "/w/x", Errno::ENOENT),
        ("/w/f", "/w/none/x", Errno::ENOENT),
        ("/w/f", "/w/f/x", Errno::ENOTDIR),
        ("/w/f", "/w/d", Errno::EISDIR),
        ("/w/d", "/w/f", Errno::ENOTDIR),
        ("/w/d", "/w/full", Errno::ENOTEMPTY),
        ("/w/d/sub", "/w/d", Errno::ENOTEMPTY),
        ("/w/d", "/w/d/sub/x", Errno::EINVAL),
        ("/w/d", "/w/d/x", Errno::EINVAL),
        ("/w/f/", "/w/g", Errno::ENOTDIR),
        ("/w/f", "/w/g/", Errno::ENOTDIR),
        ("/w/d/.", "/w/x", Errno::EINVAL),
        ("/w/d/..", "/w/x", Errno::EBUSY),
        ("/", "/w/x", Errno::EBUSY),
        ("/proc", "/w/x", Errno::EBUSY),
        ("/proc/version", "/w/x", Errno::EXDEV),
        ("/w/f", "/proc/x", Errno::EXDEV),
    ];
    for (old, new, expected) in table {
        assert_eq!(errno(rename(world, node, old, new)), expected, "{old} to {new}");
    }
    let _ = assert_sound(&mut app);
}

#[test]
fn replacing_moving_and_naming_the_same() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    mkdir(world, &root, "/w/d").unwrap();
    mkdir(world, &root, "/w/e").unwrap();
    put(world, node, "/w/f", "f");
    put(world, node, "/w/g", "g");
    rename(world, node, "/w/f", "/w/g").unwrap();
    assert_eq!(read_text(world, node, "/w/g").unwrap(), "f");
    assert!(!crate::exists(world, node, "/w/f"));
    // Two names of one inode: nothing happens, both stay.
    ops::link(
        world,
        &root,
        &Link {
            old: "/w/g".into(),
            new: "/w/h".into(),
        },
    )
    .unwrap();
    rename(world, node, "/w/g", "/w/h").unwrap();
    assert_eq!(stat(world, &root, "/w/g").unwrap().nlink, 2);
    // A directory over an empty one, and its parents' links.
    let links = |world: &mut World, path: &str| stat(world, &root, path).unwrap().nlink;
    let before = links(world, "/w");
    mkdir(world, &root, "/w/d/sub").unwrap();
    put(world, node, "/w/d/sub/x", "x");
    rename(world, node, "/w/d/sub", "/w/e").unwrap();
    assert_eq!(read_text(world, node, "/w/e/x").unwrap(), "x");
    assert_eq!((links(world, "/w"), links(world, "/w/d")), (before, 2));
    assert_eq!(ops::realpath(world, &root, "/w/e/../g").unwrap(), "/w/g");
    let _ = assert_sound(&mut app);
}

#[test]
fn directories_of_the_base_image_move_with_what_is_in_them() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    let before = ops::readdir(world, &root, "/usr/lib").unwrap();
    let ino = stat(world, &root, "/usr/lib").unwrap().ino;
    rename(world, node, "/usr/lib", "/w/lib").unwrap();
    assert_eq!(ops::readdir(world, &root, "/w/lib").unwrap(), before);
    assert_eq!(stat(world, &root, "/w/lib").unwrap().ino, ino);
    assert_eq!(errno(stat(world, &root, "/usr/lib")), Errno::ENOENT);
    assert_eq!(errno(rename(world, node, "/w", "/w/lib/x")), Errno::EINVAL);
    let _ = assert_sound(&mut app);
    let world = app.world_mut();
    rename(world, node, "/w/lib", "/usr/lib").unwrap();
    assert_eq!(ops::readdir(world, &root, "/usr/lib").unwrap(), before);
    let _ = assert_sound(&mut app);
}
