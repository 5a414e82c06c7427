//! Scenarios over a machine's whole file system.

mod caps;
mod disks;
mod hostile_images;
mod image;
mod live;
mod loader;
mod media;
mod model;
mod overlay;
mod paths;
mod rename;
mod restore;

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_abi::calls::{Mkdir, Open, StatPath, Symlink, open_flags};
use helios_abi::{Errno, NodeId, SysError};
use helios_engine::hash::world_hash;
use helios_engine::ids::{NodeKind, spawn_node};
use helios_engine::snapshot::{restore, take};
use helios_engine::testing::{assert_hash_is_fresh, test_app};
use helios_engine::time::Rebuild;
use helios_kernel::{CapSet, Creds, Halted, KernelPlugin, MachineSpec, spawn_machine};

use crate::ops::{self, Opened};
use crate::{Actor, DiskLimits, FsIndex, FsPlugin, create_disk, data, write_file};

fn empty_app() -> App {
    let mut app = test_app();
    app.add_plugins((KernelPlugin, FsPlugin));
    app
}

/// A world of one machine that is off, with a disk of these limits and a directory `/w` that is everybody's.
fn machine_with(limits: DiskLimits) -> (App, NodeId) {
    let mut app = empty_app();
    let world = app.world_mut();
    let node = spawn_node(world, "box", NodeKind::Machine).unwrap();
    spawn_machine(
        world,
        node,
        MachineSpec {
            boot: false,
            ..MachineSpec::default()
        },
    );
    create_disk(world, node, limits);
    let open = Actor {
        umask: 0,
        ..Actor::root(node)
    };
    ops::mkdir(
        world,
        &open,
        &Mkdir {
            path: "/w".into(),
            mode: Some(0o777),
        },
    )
    .unwrap();
    (app, node)
}

fn machine() -> (App, NodeId) {
    machine_with(DiskLimits::default())
}

fn user(node: NodeId, uid: u32, groups: &[u32]) -> Actor {
    let creds = Creds {
        uid,
        gid: uid,
        euid: uid,
        egid: uid,
        groups: groups.to_vec(),
        caps: CapSet::all(),
    };
    Actor {
        creds,
        ..Actor::root(node)
    }
}

fn errno<T: std::fmt::Debug>(result: Result<T, SysError>) -> Errno {
    result.expect_err("it should fail").errno
}

fn open(world: &mut World, actor: &Actor, path: &str, flags: u32) -> Result<u64, SysError> {
    match ops::open(
        world,
        actor,
        &Open {
            path: path.into(),
            flags,
            mode: None,
        },
    )? {
        Opened::Inode { ino, .. } => Ok(ino),
        other => panic!("{path} is {other:?}"),
    }
}

fn stat(world: &mut World, actor: &Actor, path: &str) -> Result<helios_abi::calls::Stat, SysError> {
    ops::stat(
        world,
        actor,
        &StatPath {
            path: path.into(),
            nofollow: None,
        },
    )
}

fn symlink(world: &mut World, actor: &Actor, target: &str, path: &str) -> Result<(), SysError> {
    ops::symlink(
        world,
        actor,
        &Symlink {
            target: target.into(),
            path: path.into(),
        },
    )
}

fn mkdir(world: &mut World, actor: &Actor, path: &str) -> Result<(), SysError> {
    ops::mkdir(
        world,
        actor,
        &Mkdir {
            path: path.into(),
            mode: None,
        },
    )
}

fn put(world: &mut World, node: NodeId, path: &str, text: &str) {
    write_file(world, node, path, text.as_bytes(), 0o644).unwrap();
}

const READ: u32 = open_flags::READ;
const WRITE: u32 = open_flags::WRITE;
const CREATE: u32 = open_flags::WRITE | open_flags::CREATE;

/// Asserts that index and hash are functions of the rows, and that a restored world has the same hash.
fn assert_sound(app: &mut App) -> App {
    let world = app.world_mut();
    let before_seal = world_hash(world);
    data::seal_world(world);
    assert_eq!(world_hash(world), before_seal, "sealing changes no row");
    let hash = assert_hash_is_fresh(world);
    let kept = world.remove_resource::<FsIndex>().unwrap();
    world.insert_resource(FsIndex {
        unsealed: kept.unsealed.clone(),
        ..FsIndex::default()
    });
    world.run_schedule(Rebuild);
    assert_eq!(
        *world.resource::<FsIndex>(),
        kept,
        "the index is not a function of the rows"
    );
    assert_eq!(world.resource::<Halted>().0, None);
    let snapshot = take(world);
    let mut other = empty_app();
    restore(other.world_mut(), snapshot).unwrap();
    assert_eq!(other.world().resource::<Halted>().0, None);
    assert_eq!(
        world_hash(other.world_mut()),
        hash,
        "the restored world has another hash"
    );
    other
}

#[test]
fn schedules_have_no_ambiguity() {
    let (mut app, _) = machine();
    helios_engine::testing::assert_unambiguous(&mut app, helios_engine::time::SimTick);
    helios_engine::testing::assert_unambiguous(&mut app, Rebuild);
}

#[test]
fn every_call_on_paths_has_a_handler() {
    let (app, _) = machine();
    let missing = app.world().resource::<helios_kernel::Syscalls>().missing();
    let elsewhere = |name: &&str| {
        let def = helios_abi::calls::find(name).expect("the ABI names it");
        def.family == helios_abi::calls::Family::Net
    };
    assert!(missing.iter().all(elsewhere), "{missing:?}");
}

#[test]
fn the_default_world_gets_its_users_and_files() {
    let mut app = empty_app();
    let world = app.world_mut();
    let text = helios_engine::worlds::builtin_world("single").unwrap();
    helios_engine::worlds::build_world(world, "single.ron", text, Default::default()).unwrap();
    let node = NodeId::from_name("home");
    let root = Actor::root(node);
    assert_eq!(crate::read_text(world, node, "/etc/hostname").unwrap(), "home\n");
    assert!(
        crate::read_text(world, node, "/etc/passwd")
            .unwrap()
            .contains("player:x:1000:1000::/home/player:/bin/sh\n")
    );
    let home = stat(world, &root, "/home/player").unwrap();
    assert_eq!((home.uid, home.gid), (1000, 1000));
    let _ = assert_sound(&mut app);
}

#[test]
fn faults_of_a_world_file_name_their_place() {
    for (sections, expected) in [
        (r#"users: [(name: "a b", uid: 1, gid: 1)]"#, "a user's name"),
        (
            r#"users: [(name: "a", uid: 1, gid: 1), (name: "a", uid: 2, gid: 2)]"#,
            "two users",
        ),
        (r#"files: [(path: "etc", text: "x")]"#, "absolute"),
        (r#"files: [(path: "/x", text: "x", owner: "nobody-here")]"#, "no user"),
        (r#"files: [(path: "/x", mode: 0o17777)]"#, "0o7777"),
        (r#"files: [(path: "/bin/sh/x", text: "")]"#, "ENOTDIR"),
        (
            r#"disk: (disk_bytes: 1), files: [(path: "/x", text: "long")]"#,
            "ENOSPC",
        ),
    ] {
        let text =
            format!("(name: \"x\", seed: 1, nodes: [\n(name: \"box\", kind: machine, machine: (), {sections})])");
        let error = helios_engine::worlds::build_world(empty_app().world_mut(), "x.ron", &text, Default::default());
        let error = error.unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains("x.ron:2:"), "{error}");
    }
}
