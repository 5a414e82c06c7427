//! Saves that do not fit together stop the world with a reason; a base image of another build opens.

use std::collections::BTreeMap;
use std::sync::Arc;

use helios_engine::blobs::Blobs;
use helios_engine::ids::spawn_row;

use super::*;
use crate::base::{Base, BaseRow, Packed};
use crate::inode::{Body, Chunk, FileData};
use crate::{Dentry, Inode, read_text};

/// Breaks a sound machine and answers what its restore says.
fn complaint(break_it: impl FnOnce(&mut World, NodeId)) -> String {
    let (mut app, node) = machine();
    let world = app.world_mut();
    put(world, node, "/w/f", "x");
    mkdir(world, &Actor::root(node), "/w/d").unwrap();
    data::seal_world(world);
    break_it(world, node);
    let mut other = empty_app();
    restore(other.world_mut(), take(world)).unwrap();
    other
        .world()
        .resource::<Halted>()
        .0
        .clone()
        .expect("the save is not sound")
}

fn change(world: &mut World, node: NodeId, path: &str, with: impl FnOnce(&mut Inode)) {
    let ino = ops::stat(
        world,
        &Actor::root(node),
        &StatPath {
            path: path.into(),
            nofollow: None,
        },
    )
    .unwrap()
    .ino;
    crate::store::change(world, node, ino, with);
}

#[test]
fn unsound_saves_are_refused_with_a_reason() {
    let entry = |parent, name: &str, ino| Dentry {
        parent,
        name: name.into(),
        ino,
    };
    let cases: Vec<(&str, Box<dyn FnOnce(&mut World, NodeId)>)> = vec![
        (
            "2 names",
            Box::new(|world, node| change(world, node, "/w/f", |inode| inode.nlink = 2)),
        ),
        (
            "mode and body",
            Box::new(|world, node| change(world, node, "/w/f", |inode| inode.body = Body::Dir)),
        ),
        (
            "no contents for it",
            Box::new(|world, node| change(world, node, "/w/f", |inode| inode.body = Body::Base)),
        ),
        (
            "size and pieces",
            Box::new(|world, node| {
                change(world, node, "/w/f", |inode| {
                    inode.body = Body::File(FileData {
                        size: 9,
                        chunks: vec![],
                    })
                });
            }),
        ),
        (
            "no such directory",
            Box::new(move |world, node| {
                spawn_row(world, node, entry(1 << 33, "x", None));
            }),
        ),
        (
            "not a name",
            Box::new(move |world, node| {
                spawn_row(world, node, entry(1, "a/b", Some(1)));
            }),
        ),
        (
            "names no inode",
            Box::new(move |world, node| {
                spawn_row(world, node, entry(1, "x", Some(1 << 33)));
            }),
        ),
        (
            "base image says",
            Box::new(move |world, node| {
                spawn_row(world, node, entry(1, "x", None));
            }),
        ),
        (
            "number is neither",
            Box::new(|world, node| change(world, node, "/w/f", |inode| inode.ino = 1 << 40)),
        ),
    ];
    for (expected, break_it) in cases {
        let said = complaint(break_it);
        assert!(said.contains(expected), "{said} should say {expected}");
    }
}

#[test]
fn a_piece_that_is_too_short_is_an_error_of_the_file() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    put(world, node, "/w/f", "x");
    let short = world.resource_mut::<Blobs>().put(*b"ab").unwrap();
    let data = FileData {
        size: 10,
        chunks: vec![Chunk::Sealed(short)],
    };
    change(world, node, "/w/f", |inode| inode.body = Body::File(data));
    assert_eq!(errno(crate::read_file(world, node, "/w/f")), Errno::EIO);
    let ino = open(world, &Actor::root(node), "/w/f", WRITE).unwrap();
    assert_eq!(errno(data::write(world, node, ino, 5, b"x")), Errno::EIO);
}

#[test]
fn a_world_keeps_the_image_it_was_made_with() {
    let files = BTreeMap::from([("/bin/old".to_owned(), b"old".to_vec())]);
    let (image, chunks) = Packed {
        table: "dir 555 /proc".into(),
        files,
    }
    .build()
    .unwrap();
    let mut app = empty_app();
    let world = app.world_mut();
    world.resource_mut::<Blobs>().put(image.tree().to_vec()).unwrap();
    for bytes in chunks.values() {
        world.resource_mut::<Blobs>().put(bytes.clone()).unwrap();
    }
    world.insert_resource(BaseRow {
        id: image.id(),
        chunks: chunks.keys().copied().collect(),
    });
    world.insert_resource(Base(Arc::new(image)));
    let node = spawn_node(world, "box", NodeKind::Machine).unwrap();
    spawn_machine(
        world,
        node,
        MachineSpec {
            boot: false,
            ..MachineSpec::default()
        },
    );
    create_disk(world, node, DiskLimits::default());
    put(world, node, "/new", "new");
    let other = assert_sound(&mut app);
    assert_eq!(read_text(other.world(), node, "/bin/old").unwrap(), "old");
    assert!(
        !crate::exists(other.world(), node, "/bin/sh"),
        "the build's own image does not shine through"
    );
}
