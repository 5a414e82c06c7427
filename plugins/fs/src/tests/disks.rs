//! Volumes: where they are mounted, what crosses their edge, what they hold, and how they go.

use helios_abi::calls::{Chmod, Link, Mount, Rename, Unlink, mode};
use helios_kernel::machine::{Machine, Power};

use super::*;
use crate::disk::volume::{self, VOLUMES};
use crate::disk::{Folder, Image, file, iso, sync, tree::Tree};
use crate::lower::volume_of;
use crate::{read_file, read_text};

/// The text of every file of [`sample`] and what else there is.
pub(super) fn sample() -> Image {
    let mut folder = Folder::new(2_051_222_400_000);
    folder.file("hello.txt", 0o644, b"hello\n").unwrap();
    folder.file("bin/su", 0o4755, b"// as root").unwrap();
    folder.file("docs/long", 0o600, &vec![b'x'; 150_000]).unwrap();
    folder.link("docs/loop", "loop").unwrap();
    folder.link("away", "/etc/hostname").unwrap();
    folder.image("sample").unwrap()
}

/// A machine with the image of [`sample`] in the file `/w/img` and a directory `/m`.
pub(super) fn with_image() -> (App, NodeId) {
    let (mut app, node) = machine();
    let world = app.world_mut();
    write_file(world, node, "/w/img", &sample().write().unwrap(), 0o644).unwrap();
    mkdir(world, &Actor::root(node), "/m").unwrap();
    (app, node)
}

pub(super) fn mount(world: &mut World, actor: &Actor, source: &str, path: &str, options: &str) -> Result<(), SysError> {
    let call = Mount {
        source: source.into(),
        path: path.into(),
        options: Some(options.into()),
    };
    volume::mount(world, actor, &call)
}

fn unmount(world: &mut World, node: NodeId, path: &str) -> Result<(), SysError> {
    volume::unmount(world, &Actor::root(node), path)
}

fn rename(world: &mut World, node: NodeId, old: &str, new: &str) -> Result<(), SysError> {
    let call = Rename {
        old: old.into(),
        new: new.into(),
    };
    ops::rename(world, &Actor::root(node), &call)
}

fn unlink(world: &mut World, node: NodeId, path: &str) -> Result<(), SysError> {
    let call = Unlink {
        path: path.into(),
        directory: None,
    };
    ops::unlink(world, &Actor::root(node), &call)
}

fn mounts(world: &World, node: NodeId) -> Vec<String> {
    let text = read_text(world, node, "/proc/mounts").unwrap();
    text.lines().skip(3).map(str::to_owned).collect()
}

#[test]
fn an_image_is_mounted_changed_and_written_back() {
    let (mut app, node) = with_image();
    let world = app.world_mut();
    let root = Actor::root(node);
    put(world, node, "/m/hidden", "below");
    mount(world, &root, "/w/img", "/m", "").unwrap();
    assert_eq!(mounts(world, node), ["/w/img /m helios rw,nosuid,nodev 0 0"]);
    assert_eq!(read_text(world, node, "/m/hello.txt").unwrap(), "hello\n");
    assert_eq!(errno(read_file(world, node, "/m/hidden")), Errno::ENOENT);
    assert_eq!(read_file(world, node, "/m/docs/long").unwrap(), vec![b'x'; 150_000]);
    assert_eq!(errno(read_file(world, node, "/m/docs/loop")), Errno::ELOOP);
    // An absolute link of the image means the machine's tree, as everywhere.
    let hostname = ops::readlink(world, &root, &helios_abi::calls::Readlink { path: "/m/away".into() });
    assert_eq!(hostname.unwrap(), "/etc/hostname");
    put(world, node, "/m/hello.txt", "changed\n");
    let _ = assert_sound(&mut app);
    let world = app.world_mut();
    mkdir(world, &root, "/m/new").unwrap();
    put(world, node, "/m/new/file", "made here");
    rename(world, node, "/m/docs/long", "/m/new/moved").unwrap();
    unlink(world, node, "/m/bin/su").unwrap();
    let unlinked = Unlink {
        path: "/m/bin".into(),
        directory: Some(true),
    };
    ops::unlink(world, &root, &unlinked).unwrap();
    let _ = assert_sound(&mut app);
    let world = app.world_mut();
    unmount(world, node, "/m").unwrap();
    assert_eq!(read_text(world, node, "/m/hidden").unwrap(), "below");
    assert_eq!(mounts(world, node), Vec::<String>::new());
    // Nothing of the volume is left, and the file holds all of what it held.
    let _ = assert_sound(&mut app);
    let world = app.world_mut();
    mount(world, &root, "/w/img", "/m", "ro").unwrap();
    assert_eq!(read_text(world, node, "/m/hello.txt").unwrap(), "changed\n");
    assert_eq!(read_text(world, node, "/m/new/file").unwrap(), "made here");
    assert_eq!(read_file(world, node, "/m/new/moved").unwrap(), vec![b'x'; 150_000]);
    assert_eq!(errno(stat(world, &root, "/m/bin")), Errno::ENOENT);
    assert_eq!(stat(world, &root, "/m/new/moved").unwrap().mode, mode::FILE | 0o600);
    let _ = assert_sound(&mut app);
}

#[test]
fn a_read_only_volume_is_erofs_for_every_change() {
    let (mut app, node) = with_image();
    let world = app.world_mut();
    let root = Actor::root(node);
    mount(world, &root, "/w/img", "/m", "ro").unwrap();
    for result in [
        open(world, &root, "/m/hello.txt", WRITE).map(drop),
        open(world, &root, "/m/new", CREATE).map(drop),
        mkdir(world, &root, "/m/new"),
        symlink(world, &root, "x", "/m/new"),
        unlink(world, node, "/m/hello.txt"),
        rename(world, node, "/m/hello.txt", "/m/new"),
        ops::chmod(
            world,
            &root,
            &Chmod {
                path: "/m/hello.txt".into(),
                mode: 0o600,
            },
        ),
        ops::truncate(world, &root, "/m/hello.txt", 0),
    ] {
        assert_eq!(errno(result), Errno::EROFS);
    }
    assert_eq!(read_text(world, node, "/m/hello.txt").unwrap(), "hello\n");
    // Nothing of it is a row.
    assert!(
        !world
            .resource::<FsIndex>()
            .inodes
            .keys()
            .any(|(_, ino)| volume_of(*ino) != 0)
    );
    let _ = assert_sound(&mut app);
}

#[test]
fn a_volume_is_a_device_of_its_own() {
    let (mut app, node) = with_image();
    let world = app.world_mut();
    let root = Actor::root(node);
    mount(world, &root, "/w/img", "/m", "").unwrap();
    let (outside, inside) = (stat(world, &root, "/w").unwrap(), stat(world, &root, "/m").unwrap());
    assert_ne!(outside.dev, inside.dev);
    assert_ne!(outside.dev, stat(world, &root, "/proc").unwrap().dev);
    put(world, node, "/w/f", "x");
    for (old, new) in [("/w/f", "/m/f"), ("/m/hello.txt", "/w/g"), ("/m/docs", "/w/docs")] {
        assert_eq!(errno(rename(world, node, old, new)), Errno::EXDEV, "{old} {new}");
    }
    let link = Link {
        old: "/m/hello.txt".into(),
        new: "/w/g".into(),
    };
    assert_eq!(errno(ops::link(world, &root, &link)), Errno::EXDEV);
    let link = Link {
        new: "/m/again".into(),
        ..link
    };
    ops::link(world, &root, &link).unwrap();
    assert_eq!(stat(world, &root, "/m/hello.txt").unwrap().nlink, 2);
    // A name of each must survive a round through the file.
    unmount(world, node, "/m").unwrap();
    mount(world, &root, "/w/img", "/m", "").unwrap();
    let (one, two) = (
        stat(world, &root, "/m/hello.txt").unwrap(),
        stat(world, &root, "/m/again").unwrap(),
    );
    assert_eq!((one.ino, one.nlink), (two.ino, 2));
    unlink(world, node, "/m/hello.txt").unwrap();
    assert_eq!(stat(world, &root, "/m/again").unwrap().nlink, 1);
    let _ = assert_sound(&mut app);
}

#[test]
fn mount_says_why_it_does_not() {
    let (mut app, node) = with_image();
    let world = app.world_mut();
    let root = Actor::root(node);
    put(world, node, "/w/text", "not an image");
    for (source, path, options, expected) in [
        ("/w/img", "/", "", Errno::EBUSY),
        ("/w/img", "/proc", "", Errno::EBUSY),
        ("/w/img", "/dev/pts", "", Errno::EBUSY),
        ("/w/img", "/dev", "", Errno::EBUSY),
        ("/w/img", "/none", "", Errno::ENOENT),
        ("/w/img", "/w/text", "", Errno::ENOTDIR),
        ("/w/none", "/m", "", Errno::ENOENT),
        ("/w", "/m", "", Errno::EISDIR),
        ("/dev/null", "/m", "", Errno::EINVAL),
        ("/proc/mounts", "/m", "", Errno::EINVAL),
        ("/dev/usb0", "/m", "", Errno::ENXIO),
        ("/dev/disk", "/m", "", Errno::ENXIO),
        ("/w/text", "/m", "", Errno::EINVAL),
        ("/w/img", "/m", "rw,bind", Errno::EINVAL),
    ] {
        let result = mount(world, &root, source, path, options);
        assert_eq!(errno(result), expected, "{source} on {path} ({options})");
    }
    let player = user(node, 1000, &[]);
    assert_eq!(errno(mount(world, &player, "/w/img", "/m", "")), Errno::EPERM);
    assert_eq!(errno(volume::unmount(world, &player, "/m")), Errno::EPERM);
    mount(world, &root, "/w/img", "/m", "").unwrap();
    // The same file twice, or two on one directory.
    mkdir(world, &root, "/n").unwrap();
    assert_eq!(errno(mount(world, &root, "/w/img", "/n", "ro")), Errno::EBUSY);
    assert_eq!(errno(mount(world, &root, "/w/img", "/m", "")), Errno::EBUSY);
    for (path, expected) in [
        ("/", Errno::EBUSY),
        ("/proc", Errno::EBUSY),
        ("/n", Errno::EINVAL),
        ("/m/docs", Errno::EINVAL),
        ("/none", Errno::ENOENT),
    ] {
        assert_eq!(errno(unmount(world, node, path)), expected, "{path}");
    }
    unmount(world, node, "/m").unwrap();
    mount(world, &root, "/w/img", "/m", "ro").unwrap();
    mount(world, &root, "/w/img", "/n", "ro").unwrap();
    let _ = assert_sound(&mut app);
}

#[test]
fn a_volume_in_use_is_busy() {
    let (mut app, node) = with_image();
    let world = app.world_mut();
    let root = Actor::root(node);
    mount(world, &root, "/w/img", "/m", "").unwrap();
    let ino = open(world, &root, "/m/hello.txt", READ).unwrap();
    crate::store::opened(world, node, ino);
    assert_eq!(errno(unmount(world, node, "/m")), Errno::EBUSY);
    unlink(world, node, "/m/hello.txt").unwrap();
    assert_eq!(data::read(world, node, ino, 0, 10).unwrap(), b"hello\n");
    assert_eq!(errno(unmount(world, node, "/m")), Errno::EBUSY);
    crate::store::closed(world, node, ino);
    // The mount point itself stays where it is, whatever it is called meanwhile.
    assert_eq!(errno(rename(world, node, "/m", "/n")), Errno::EBUSY);
    let rmdir = Unlink {
        path: "/m".into(),
        directory: Some(true),
    };
    assert_eq!(errno(ops::unlink(world, &root, &rmdir)), Errno::EBUSY);
    unmount(world, node, "/m").unwrap();
    mkdir(world, &root, "/w/deep").unwrap();
    mount(world, &root, "/w/img", "/w/deep", "").unwrap();
    rename(world, node, "/w", "/v").unwrap();
    assert_eq!(mounts(world, node), ["/w/img /v/deep helios rw,nosuid,nodev 0 0"]);
    let _ = assert_sound(&mut app);
}

#[test]
fn an_image_in_an_image_in_an_image_has_an_end() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    let mut bytes = sample().write().unwrap();
    for _ in 0..6 {
        let mut folder = Folder::new(0);
        folder.file("img", 0o644, &bytes).unwrap();
        folder.dir("m", 0o755).unwrap();
        bytes = folder.image("").unwrap().write().unwrap();
    }
    mkdir(world, &root, "/m").unwrap();
    write_file(world, node, "/img", &bytes, 0o644).unwrap();
    let mut at = String::new();
    for depth in 1..=6 {
        let made = mount(world, &root, &format!("{at}/img"), &format!("{at}/m"), "");
        if depth > volume::DEPTH {
            assert_eq!(errno(made), Errno::ELOOP);
            break;
        }
        made.unwrap();
        at.push_str("/m");
    }
    assert_eq!(mounts(world, node).len(), volume::DEPTH as usize);
    put(world, node, &format!("{at}/deep"), "kept");
    assert_eq!(errno(unmount(world, node, "/m")), Errno::EBUSY);
    let mut app = assert_sound(&mut app);
    let world = app.world_mut();
    while !at.is_empty() {
        unmount(world, node, &at).unwrap();
        at.truncate(at.len() - 2);
    }
    for path in ["/m", "/m/m", "/m/m/m", "/m/m/m/m"] {
        let image = format!(
            "{}/img",
            path.trim_end_matches("/m").to_owned() + &"/m".repeat(path.len() / 2 - 1)
        );
        mount(world, &root, &image.replace("//", "/"), path, "").unwrap();
    }
    assert_eq!(read_text(world, node, "/m/m/m/m/deep").unwrap(), "kept");
}

#[test]
fn volumes_are_bounded() {
    let (mut app, node) = with_image();
    let world = app.world_mut();
    let root = Actor::root(node);
    for at in 0..=VOLUMES {
        mkdir(world, &root, &format!("/w/{at}")).unwrap();
        let result = mount(world, &root, "/w/img", &format!("/w/{at}"), "ro");
        if at == VOLUMES {
            assert_eq!(errno(result), Errno::ENOSPC);
        } else {
            result.unwrap();
        }
    }
    for at in 0..VOLUMES {
        unmount(world, node, &format!("/w/{at}")).unwrap();
    }
    // A file of two blocks cannot take what is written to its volume, and nothing is lost over it.
    let (mut app, node) = machine_with(DiskLimits {
        disk_bytes: 4096,
        ..DiskLimits::default()
    });
    let world = app.world_mut();
    let root = Actor::root(node);
    let image = Folder::new(0).image("").unwrap().write().unwrap();
    write_file(world, node, "/w/img", &image, 0o644).unwrap();
    mkdir(world, &root, "/m").unwrap();
    mount(world, &root, "/w/img", "/m", "").unwrap();
    let mut noise = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (noise >> 24) as u8
    })
    .take(20_000)
    .collect();
    write_file(world, node, "/m/noise", &noise, 0o644).unwrap();
    let failed = unmount(world, node, "/m").unwrap_err();
    assert_eq!(failed.errno, Errno::ENOSPC);
    assert!(failed.message.contains("does not fit its file"), "{failed}");
    assert_eq!(read_file(world, node, "/m/noise").unwrap(), noise);
    assert_eq!(read_file(world, node, "/w/img").unwrap(), image);
    unlink(world, node, "/m/noise").unwrap();
    unmount(world, node, "/m").unwrap();
    let _ = assert_sound(&mut app);
}

#[test]
fn what_a_volume_holds_is_counted() {
    let (mut app, node) = with_image();
    let world = app.world_mut();
    let root = Actor::root(node);
    let disk = world.resource::<FsIndex>().usage(node);
    mount(world, &root, "/w/img", "/m", "").unwrap();
    let of = |world: &World| {
        let info = ops::statfs(world, &root, "/m/docs").unwrap();
        assert_eq!((info.path.as_str(), info.kind.as_str()), ("/m", "helios"));
        (info.used_bytes, info.used_inodes)
    };
    // hello, su, long, and the texts of two links; six files and links in three directories.
    let before = (6 + 10 + 150_000 + 4 + 13, 8);
    assert_eq!(of(world), before);
    put(world, node, "/m/hello.txt", "longer than that\n");
    assert_eq!(of(world), (before.0 + 11, before.1));
    let mut app = assert_sound(&mut app);
    let world = app.world_mut();
    unlink(world, node, "/m/docs/long").unwrap();
    unlink(world, node, "/m/away").unwrap();
    assert_eq!(of(world), (before.0 + 11 - 150_013, before.1 - 2));
    put(world, node, "/m/more", "12345");
    assert_eq!(of(world), (before.0 + 16 - 150_013, before.1 - 1));
    assert_eq!(world.resource::<FsIndex>().usage(node), disk, "the disk is another");
    let _ = assert_sound(&mut app);
}

#[test]
fn programs_and_devices_of_an_image_are_not_trusted() {
    use crate::disk::tree::{TreeBody, TreeNode};
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    let null = TreeNode {
        name: "null".into(),
        perms: 0o666,
        body: TreeBody::Device(0x103),
        ..TreeNode::root(0o755, 0)
    };
    let su = crate::disk::tree::TreeNode {
        name: "su.ts".into(),
        perms: 0o4755,
        body: TreeBody::File {
            size: 0,
            chunks: Vec::new(),
        },
        ..null.clone()
    };
    let tree = Tree::new("", vec![TreeNode::root(0o755, 0), null, su]).unwrap();
    let bytes = file::write(&tree, |_| None).unwrap();
    write_file(world, node, "/img", &bytes, 0o644).unwrap();
    mkdir(world, &root, "/m").unwrap();
    let load = |world: &mut World| {
        use helios_kernel::{LoadRequest, LoadSource, ProgramLoader};
        let request = LoadRequest {
            node,
            creds: user(node, 1000, &[]).creds,
            cwd: "/".into(),
            source: LoadSource::Path("/m/su.ts".into()),
            argv: vec!["su".into()],
        };
        crate::loader::FsLoader
            .load(world, &request)
            .map(|loaded| loaded.setuid)
    };
    mount(world, &root, "/img", "/m", "").unwrap();
    assert_eq!(errno(open(world, &root, "/m/null", READ)), Errno::EACCES);
    assert_eq!(load(world).unwrap(), None);
    unmount(world, node, "/m").unwrap();
    mount(world, &root, "/img", "/m", "dev,suid").unwrap();
    open(world, &root, "/m/null", READ).unwrap();
    assert_eq!(load(world).unwrap(), Some(0));
    unmount(world, node, "/m").unwrap();
    mount(world, &root, "/img", "/m", "noexec").unwrap();
    assert_eq!(errno(load(world)), Errno::EACCES);
}

#[test]
fn a_disc_of_other_systems_is_read_only() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    let image = sample();
    let disc = iso::write(&image.tree, |id| image.chunks.get(id).map(AsRef::as_ref)).unwrap();
    write_file(world, node, "/w/disc", &disc, 0o644).unwrap();
    mkdir(world, &root, "/m").unwrap();
    assert_eq!(errno(mount(world, &root, "/w/disc", "/m", "rw")), Errno::EROFS);
    mount(world, &root, "/w/disc", "/m", "").unwrap();
    assert_eq!(mounts(world, node), ["/w/disc /m iso9660 ro,nosuid,nodev 0 0"]);
    assert_eq!(read_text(world, node, "/m/hello.txt").unwrap(), "hello\n");
    assert_eq!(stat(world, &root, "/m/docs/long").unwrap().mode, mode::FILE | 0o600);
    assert_eq!(errno(mkdir(world, &root, "/m/x")), Errno::EROFS);
    let _ = assert_sound(&mut app);
}

#[test]
fn the_disk_as_it_was_is_mounted_and_holds_what_is_gone_since() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    mkdir(world, &root, "/m").unwrap();
    put(world, node, "/w/precious", "words");
    sync::all(world, node).unwrap();
    unlink(world, node, "/w/precious").unwrap();
    mount(world, &root, "/dev/disk", "/m", "").unwrap();
    assert_eq!(read_text(world, node, "/m/w/precious").unwrap(), "words");
    assert_eq!(
        read_text(world, node, "/m/etc/issue").unwrap(),
        read_text(world, node, "/etc/issue").unwrap()
    );
    assert_eq!(errno(mkdir(world, &root, "/m/x")), Errno::EROFS);
    let mut app = assert_sound(&mut app);
    let world = app.world_mut();
    // The image goes on being what it was when it was mounted.
    sync::all(world, node).unwrap();
    assert_eq!(read_text(world, node, "/m/w/precious").unwrap(), "words");
    unmount(world, node, "/m").unwrap();
    mount(world, &root, "/dev/disk", "/m", "").unwrap();
    assert_eq!(errno(read_text(world, node, "/m/w/precious")), Errno::ENOENT);
}

#[test]
fn a_machine_that_is_switched_off_forgets_what_it_mounted_and_loses_nothing() {
    let (mut app, node) = with_image();
    let world = app.world_mut();
    let root = Actor::root(node);
    let switch = |world: &mut World, power: Power| {
        let entity = world.resource::<helios_kernel::KernelIndex>().machine(node).unwrap();
        world.get_mut::<Machine>(entity).unwrap().power = power;
    };
    switch(world, Power::On { since_tick: 0 });
    mount(world, &root, "/w/img", "/m", "").unwrap();
    put(world, node, "/m/new", "kept");
    helios_engine::time::step(world);
    assert_eq!(mounts(world, node).len(), 1);
    switch(world, Power::Off);
    helios_engine::time::step(world);
    assert_eq!(mounts(world, node), Vec::<String>::new());
    mount(world, &root, "/w/img", "/m", "").unwrap();
    assert_eq!(read_text(world, node, "/m/new").unwrap(), "kept");
    let _ = assert_sound(&mut app);
}

#[test]
fn a_machine_syncs_by_itself_after_its_minutes() {
    let mut app = empty_app();
    let world = app.world_mut();
    let text = r#"(name: "x", seed: 1, nodes: [(name: "box", kind: machine, machine: (boot: false), disk: (sync_minutes: 2))])"#;
    helios_engine::worlds::build_world(world, "x.ron", text, Default::default()).unwrap();
    let node = NodeId::from_name("box");
    let synced = |world: &World| {
        volume::drives(world, node)
            .unwrap()
            .synced
            .as_ref()
            .map(|synced| synced.tick)
    };
    let first = match node.0 % 120_000 {
        0 => 120_000,
        first => first,
    };
    let run = |world: &mut World, until: u64| {
        while world.resource::<helios_engine::time::Clock>().tick.0 < until {
            helios_engine::time::skip_idle(world, helios_engine::ids::Tick(until));
        }
    };
    run(world, first - 1);
    assert_eq!(synced(world), None);
    let mut other = empty_app();
    restore(other.world_mut(), take(world)).unwrap();
    for world in [world, other.world_mut()] {
        run(world, first + 119_999);
        assert_eq!(synced(world), Some(first));
        run(world, first + 120_000);
        assert_eq!(synced(world), Some(first + 120_000));
    }
}

#[test]
fn unsound_volumes_of_a_save_are_refused() {
    let cases: [(&str, fn(&mut crate::disk::Volume)); 7] = [
        ("the machine gave no such number", |volume| volume.number = 9),
        ("covers a root", |volume| volume.point = 1),
        ("not mounted on a directory", |volume| volume.point = 99_999),
        ("its file is none", |volume| {
            volume.source = crate::disk::Source::File(2)
        }),
        ("its medium is in no slot", |volume| {
            volume.source = crate::disk::Source::Medium(1)
        }),
        ("read-only by what it is", |volume| volume.kind = "iso9660".into()),
        ("its next inode", |volume| volume.next_ino = 7),
    ];
    for (expected, change) in cases {
        let (mut app, node) = with_image();
        let world = app.world_mut();
        mount(world, &Actor::root(node), "/w/img", "/m", "").unwrap();
        put(world, node, "/m/new", "x");
        data::seal_world(world);
        let entity = world.resource::<FsIndex>().volumes[&(node, 1)].entity;
        change(&mut world.get_mut::<crate::disk::Volume>(entity).unwrap());
        let mut other = empty_app();
        restore(other.world_mut(), take(world)).unwrap();
        let said = other.world().resource::<Halted>().0.clone().unwrap_or_default();
        assert!(said.contains(expected), "{said:?} should say {expected:?}");
    }
}

#[test]
fn a_directory_of_the_base_that_went_takes_its_names_along() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let entries: Vec<String> = ops::readdir(world, &Actor::root(node), "/etc/units")
        .unwrap()
        .into_iter()
        .map(|entry| entry.name)
        .collect();
    for name in &entries {
        rename(world, node, &format!("/etc/units/{name}"), &format!("/w/{name}")).unwrap();
    }
    let rmdir = Unlink {
        path: "/etc/units".into(),
        directory: Some(true),
    };
    ops::unlink(world, &Actor::root(node), &rmdir).unwrap();
    assert!(!entries.is_empty());
    let _ = assert_sound(&mut app);
}
