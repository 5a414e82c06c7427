//! The overlay: copy-up, whiteouts, contents, links, quotas, and what a save makes of them.

use helios_abi::calls::{Chmod, Link, Unlink};
use helios_engine::blobs::Blobs;
use helios_engine::ids::spawn_row;
use helios_kernel::files::OpenFile;

use super::*;
use crate::inode::FIRST_OWN_INO;
use crate::limits::{CHUNK_BYTES, FILE_BYTES};
use crate::{Inode, read_file, read_text, store};

fn unlink(world: &mut World, node: NodeId, path: &str) -> Result<(), SysError> {
    ops::unlink(
        world,
        &Actor::root(node),
        &Unlink {
            path: path.into(),
            directory: None,
        },
    )
}

#[test]
fn an_untouched_machine_has_next_to_no_rows() {
    let (mut app, _) = machine();
    let inodes = app.world_mut().query::<&Inode>().iter(app.world()).count();
    assert_eq!(inodes, 2, "the root and /w");
}

#[test]
fn a_base_file_keeps_its_number_when_it_changes() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    let (before, text) = (
        stat(world, &root, "/etc/issue").unwrap(),
        read_text(world, node, "/etc/issue").unwrap(),
    );
    ops::chmod(
        world,
        &root,
        &Chmod {
            path: "/etc/issue".into(),
            mode: 0o600,
        },
    )
    .unwrap();
    assert_eq!(
        world.resource::<FsIndex>().usage(node).bytes,
        0,
        "contents are still the image's"
    );
    assert_eq!(read_text(world, node, "/etc/issue").unwrap(), text);
    let ino = open(world, &root, "/etc/issue", WRITE).unwrap();
    data::write(world, node, ino, before.size, b"more").unwrap();
    assert_eq!(read_text(world, node, "/etc/issue").unwrap(), text + "more");
    let after = stat(world, &root, "/etc/issue").unwrap();
    assert_eq!((after.ino, after.mode & 0o777), (before.ino, 0o600));
    assert_eq!(world.resource::<FsIndex>().usage(node).bytes, before.size + 4);
    let other = assert_sound(&mut app);
    assert_eq!(
        read_file(other.world(), node, "/etc/issue"),
        read_file(app.world(), node, "/etc/issue")
    );
}

#[test]
fn a_whiteout_hides_and_a_new_file_takes_its_place() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    unlink(world, node, "/etc/issue").unwrap();
    assert_eq!(errno(stat(world, &root, "/etc/issue")), Errno::ENOENT);
    assert!(
        ops::readdir(world, &root, "/etc")
            .unwrap()
            .iter()
            .all(|entry| entry.name != "issue")
    );
    let _ = assert_sound(&mut app);
    let world = app.world_mut();
    put(world, node, "/etc/issue", "new");
    let stat = stat(world, &root, "/etc/issue").unwrap();
    assert!(stat.ino >= FIRST_OWN_INO);
    let other = assert_sound(&mut app);
    assert_eq!(read_text(other.world(), node, "/etc/issue").unwrap(), "new");
}

#[test]
fn hard_links_share_an_inode_until_the_last_goes() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    let link = |world: &mut World, old: &str, new: &str| {
        ops::link(
            world,
            &root,
            &Link {
                old: old.into(),
                new: new.into(),
            },
        )
    };
    link(world, "/etc/issue", "/w/issue").unwrap();
    put(world, node, "/w/issue", "changed");
    assert_eq!(read_text(world, node, "/etc/issue").unwrap(), "changed");
    assert_eq!(stat(world, &root, "/etc/issue").unwrap().nlink, 2);
    assert_eq!(errno(link(world, "/w", "/w/x")), Errno::EPERM);
    assert_eq!(errno(link(world, "/w/issue", "/etc/issue")), Errno::EEXIST);
    assert_eq!(errno(link(world, "/proc/version", "/w/x")), Errno::EXDEV);
    let _ = assert_sound(&mut app);
    let world = app.world_mut();
    unlink(world, node, "/etc/issue").unwrap();
    assert_eq!(read_text(world, node, "/w/issue").unwrap(), "changed");
    let _ = assert_sound(&mut app);
    let world = app.world_mut();
    unlink(world, node, "/w/issue").unwrap();
    assert_eq!(world.resource::<FsIndex>().usage(node).bytes, 0);
    let _ = assert_sound(&mut app);
}

#[test]
fn an_unlinked_file_lives_while_it_is_open_and_across_a_save() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    put(world, node, "/w/f", "still here");
    let own = open(world, &root, "/w/f", READ).unwrap();
    let base = open(world, &root, "/etc/issue", READ).unwrap();
    let size = stat(world, &root, "/etc/issue").unwrap().size;
    for ino in [own, base] {
        let (kind, path) = (crate::files::KIND.to_owned(), String::new());
        spawn_row(
            world,
            node,
            OpenFile {
                kind,
                object: ino,
                flags: READ,
                offset: 0,
                refs: 1,
                path,
            },
        );
        store::opened(world, node, ino);
    }
    unlink(world, node, "/w/f").unwrap();
    unlink(world, node, "/etc/issue").unwrap();
    data::seal_world(world);
    let mut other = empty_app();
    restore(other.world_mut(), take(world)).unwrap();
    for world in [app.world_mut(), other.world_mut()] {
        assert_eq!(data::read(world, node, own, 0, 100).unwrap(), b"still here");
        assert_eq!(data::read(world, node, base, 0, 10_000).unwrap().len() as u64, size);
        assert_eq!(store::meta_of(world, node, own).nlink, 0);
        store::closed(world, node, own);
        store::closed(world, node, base);
        assert_eq!(store::meta(world, node, own), None);
        assert_eq!(
            world.resource::<FsIndex>().usage(node),
            crate::Usage {
                inodes: 1,
                ..crate::Usage::default()
            }
        );
    }
}

#[test]
fn contents_are_exact_across_pieces() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let ino = open(world, &Actor::root(node), "/w/f", CREATE).unwrap();
    let mut model: Vec<u8> = Vec::new();
    let mut write = |world: &mut World, at: u64, bytes: &[u8]| {
        assert_eq!(data::write(world, node, ino, at, bytes).unwrap() as usize, bytes.len());
        let end = at as usize + bytes.len();
        model.resize(model.len().max(end), 0);
        model[at as usize..end].copy_from_slice(bytes);
        assert_eq!(data::read(world, node, ino, 0, u64::MAX).unwrap(), model);
    };
    write(world, 0, b"hello");
    write(world, CHUNK_BYTES - 2, b"border");
    write(world, 5 * CHUNK_BYTES + 7, &[7; 100]);
    data::seal_world(world);
    write(world, 3, &vec![9; 2 * CHUNK_BYTES as usize]);
    for size in [
        4 * CHUNK_BYTES + 1,
        CHUNK_BYTES,
        10,
        0,
        3 * CHUNK_BYTES,
        3 * CHUNK_BYTES + 9,
    ] {
        data::truncate(world, node, ino, size).unwrap();
        model.resize(size as usize, 0);
        assert_eq!(
            data::read(world, node, ino, 0, u64::MAX).unwrap(),
            model,
            "after a cut to {size}"
        );
    }
    assert_eq!(errno(data::write(world, node, ino, FILE_BYTES, b"x")), Errno::EFBIG);
    assert_eq!(errno(data::truncate(world, node, ino, FILE_BYTES + 1)), Errno::EFBIG);
    let _ = assert_sound(&mut app);
}

#[test]
fn a_written_piece_is_hashed_once_a_tick() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let ino = open(world, &Actor::root(node), "/w/log", CREATE).unwrap();
    let before = world.resource::<Blobs>().len();
    for line in 0..1000 {
        data::write(world, node, ino, line * 8, b"line....").unwrap();
    }
    assert_eq!(
        world.resource::<Blobs>().len(),
        before,
        "nothing is stored before the seal"
    );
    helios_engine::time::step(world);
    assert_eq!(world.resource::<Blobs>().len(), before + 1);
}

#[test]
fn a_full_disk_takes_what_fits_and_then_says_so() {
    let limits = DiskLimits {
        disk_bytes: 100,
        inodes: 4,
        user_bytes: Some(60),
    };
    let (mut app, node) = machine_with(limits);
    let world = app.world_mut();
    let (root, one) = (Actor::root(node), user(node, 1000, &[]));
    let mine = open(world, &one, "/w/mine", CREATE).unwrap();
    assert_eq!(
        data::write(world, node, mine, 0, &[1; 80]).unwrap(),
        60,
        "the user's quota"
    );
    assert_eq!(errno(data::write(world, node, mine, 60, b"x")), Errno::EDQUOT);
    let roots = open(world, &root, "/w/root", CREATE).unwrap();
    assert_eq!(data::write(world, node, roots, 0, &[1; 80]).unwrap(), 40, "the disk");
    assert_eq!(errno(data::write(world, node, roots, 40, b"x")), Errno::ENOSPC);
    assert_eq!(errno(data::truncate(world, node, roots, 41)), Errno::ENOSPC);
    assert_eq!(
        data::write(world, node, roots, 0, b"over").unwrap(),
        4,
        "overwriting needs no room"
    );
    assert_eq!(errno(symlink(world, &root, "target", "/w/l")), Errno::ENOSPC);
    open(world, &root, "/w/third", CREATE).unwrap();
    assert_eq!(errno(open(world, &root, "/w/fourth", CREATE)), Errno::ENOSPC, "inodes");
    unlink(world, node, "/w/mine").unwrap();
    assert_eq!(data::write(world, node, roots, 40, b"now").unwrap(), 3);
    let _ = assert_sound(&mut app);
}

#[test]
fn devices_do_what_their_names_say() {
    use helios_kernel::{FileOps, FileRef, Io};
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    let mut run = |path: &str| {
        let object = open(world, &root, path, READ | WRITE).unwrap();
        let (kind, path) = (crate::files::KIND.to_owned(), path.to_owned());
        let file = FileRef {
            id: 1,
            node,
            file: OpenFile {
                kind,
                object,
                flags: READ | WRITE,
                offset: 0,
                refs: 1,
                path,
            },
        };
        let ops = crate::files::InodeOps;
        let Io::Ready(read) = ops.read(world, &file, 0, 16).unwrap() else {
            panic!("devices do not wait")
        };
        (read, ops.write(world, &file, 0, b"abc").map_err(|error| error.errno))
    };
    assert_eq!(run("/dev/null"), (vec![], Ok(Io::Ready(3))));
    assert_eq!(run("/dev/zero"), (vec![0; 16], Ok(Io::Ready(3))));
    assert_eq!(run("/dev/full"), (vec![0; 16], Err(Errno::ENOSPC)));
    let (one, two) = (run("/dev/random").0, run("/dev/urandom").0);
    assert!(one.len() == 16 && one != two, "each draw is new");
    let _ = assert_sound(&mut app);
}
