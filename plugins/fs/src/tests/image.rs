//! Trees of base images as a hostile save may bring them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use helios_engine::blobs::Blobs;
use proptest::prelude::*;

use super::*;
use crate::base::{BaseBody, BaseImage, BaseNode, BaseRow, Packed};

/// Uses everything that an image answers, so that one that was read is one that can be used.
fn use_it(image: &BaseImage) {
    let count = image.len() as u64;
    for ino in [0, 1, count, count + 1, u64::MAX].into_iter().chain(1..=count) {
        let entries: Vec<(String, u64)> = image.entries(ino).map(|(name, ino)| (name.to_owned(), ino)).collect();
        for (name, child) in entries {
            assert!(ino < child && child <= count, "parents come first: there is no circle");
            assert_eq!(image.entry(ino, &name), Some(child));
            assert_eq!(image.parent(child), Some((ino, name.as_str())));
        }
        assert!(image.nlink(ino) as u64 <= count + 2);
    }
    assert!(image.node(1).unwrap().body == BaseBody::Dir);
    // A piece is 66 bytes of the tree at the least: what is kept is bounded by what was read.
    assert!(image.chunks().len() * 64 <= image.tree().len());
    assert!(image.len() <= image.tree().len());
}

/// Reads bytes that may be anything.
fn read(bytes: &[u8]) -> Result<BaseImage, String> {
    let image = BaseImage::read(bytes).map_err(|error| error.to_string());
    match &image {
        Ok(image) => use_it(image),
        // Whoever reads the message reads a line and not the save.
        Err(message) => assert!(message.len() < 1024, "{} bytes of message", message.len()),
    }
    image
}

fn sample() -> BaseImage {
    let files = [
        ("/bin/a".to_owned(), b"a".to_vec()),
        ("/etc/motd".to_owned(), vec![b'x'; 200_000]),
    ];
    let table = "dir 555 /proc\ndev 666 /dev/null 1 3\nlink /dev/fd /proc/self/fd\n".to_owned();
    let files = files.into_iter().collect();
    Packed { table, files }.build().unwrap().0
}

#[test]
fn every_truncation_is_an_error() {
    let image = sample();
    let tree = image.tree();
    assert_eq!(read(tree).unwrap().id(), image.id());
    for end in 0..tree.len() {
        read(&tree[..end]).expect_err("a tree ends with its last brace");
    }
}

#[test]
fn every_flipped_bit_gives_an_error_or_another_image() {
    let image = sample();
    let (mut refused, mut other) = (0, 0);
    for bit in 0..image.tree().len() * 8 {
        let mut bytes = image.tree().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        match read(&bytes) {
            Ok(read) => {
                assert_ne!(read.id(), image.id(), "the id covers every bit");
                other += 1;
            }
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 0 && other > 0, "both happen: {refused} and {other}");
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let nested = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    read(&nested).unwrap_err();
    let in_a_node = format!(
        r#"{{"format":1,"mtime_ms":0,"nodes":[{}"#,
        r#"{"body":"#.repeat(100_000)
    );
    read(in_a_node.as_bytes()).unwrap_err();
    let name = "n".repeat(1 << 20);
    let long = format!(
        r#"{{"format":1,"mtime_ms":0,"nodes":[{{"name":"","parent":1,"mode":16877,"uid":0,"gid":0,"body":"dir"}},{{"name":"{name}","parent":1,"mode":16877,"uid":0,"gid":0,"body":"dir"}}]}}"#
    );
    assert!(read(long.as_bytes()).unwrap_err().contains("not a name"));
    let unknown = format!(r#"{{"format":1,"{name}":0}}"#);
    read(unknown.as_bytes()).unwrap_err();
    assert!(read(&vec![b' '; (64 << 20) + 1]).unwrap_err().contains("at most"));
    for number in ["-1", "1e300", "18446744073709551616", "1.5", "null"] {
        read(format!(r#"{{"format":1,"mtime_ms":{number},"nodes":[]}}"#).as_bytes()).unwrap_err();
    }
}

fn node() -> impl Strategy<Value = BaseNode> {
    let name = prop_oneof!["", "[ab./]{1,2}", "\\PC{0,5}"];
    let body = prop_oneof![
        Just(BaseBody::Dir),
        (any::<u64>(), 0usize..3).prop_map(|(size, chunks)| BaseBody::File {
            size: size >> (size % 64),
            chunks: vec![Default::default(); chunks],
        }),
        ".{0,3}".prop_map(BaseBody::Symlink),
        any::<u32>().prop_map(BaseBody::Device),
    ];
    let kinds = prop_oneof![
        Just(0o040_755),
        Just(0o100_644),
        Just(0o120_777),
        Just(0o020_666),
        any::<u32>()
    ];
    let parent = prop_oneof![0u64..6, any::<u64>()];
    (name, parent, kinds, any::<u32>(), any::<u32>(), body).prop_map(|(name, parent, mode, uid, gid, body)| BaseNode {
        name,
        parent,
        mode,
        uid,
        gid,
        body,
    })
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        _ = read(&bytes);
    }

    #[test]
    fn any_damage_is_read_or_refused(
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0usize..20, prop::collection::vec(any::<u8>(), 0..20)), 1..6),
    ) {
        let mut bytes = sample().tree().to_vec();
        for (at, count, with) in cuts {
            let at = at.index(bytes.len() + 1);
            let end = (at + count).min(bytes.len());
            bytes.splice(at..end, with);
        }
        _ = read(&bytes);
    }

    #[test]
    fn any_nodes_are_a_tree_or_refused(
        format in 0u32..3, mtime in any::<u64>(), rooted in any::<bool>(), nodes in prop::collection::vec(node(), 0..6),
    ) {
        let root = BaseNode { name: String::new(), parent: 1, mode: 0o040_755, uid: 0, gid: 0, body: BaseBody::Dir };
        let nodes: Vec<BaseNode> = rooted.then_some(root).into_iter().chain(nodes).collect();
        let text = serde_json::json!({ "format": format, "mtime_ms": mtime, "nodes": nodes });
        _ = read(text.to_string().as_bytes());
    }
}

/// A save of a machine whose base image is `tree`, restored: what it says, and never a panic.
fn restored(tree: Vec<u8>, also: impl FnOnce(&mut BaseRow)) -> Option<String> {
    let (mut app, node) = machine();
    let world = app.world_mut();
    put(world, node, "/w/f", "x");
    data::seal_world(world);
    let chunks = world.resource::<BaseRow>().chunks.clone();
    let id = world.resource_mut::<Blobs>().put(tree).unwrap();
    let mut row = BaseRow { id, chunks };
    also(&mut row);
    world.insert_resource(row);
    let snapshot = take(world);
    let mut other = empty_app();
    let result = catch_unwind(AssertUnwindSafe(|| {
        restore(other.world_mut(), snapshot).map_err(|error| error.to_string())
    }));
    if let Err(refused) = result.expect("a save is data from outside: it cannot panic") {
        return Some(refused);
    }
    let halted = other.world().resource::<Halted>().0.clone();
    // A world that stands still can be looked at, and stepped without anything happening.
    _ = stat(other.world_mut(), &Actor::root(node), "/w/f");
    helios_engine::time::step(other.world_mut());
    assert_eq!(other.world().resource::<Halted>().0, halted);
    halted
}

#[test]
fn a_save_with_a_tampered_base_image_halts_with_a_reason() {
    let (built_in, _) = crate::base::built_in();
    let tree = built_in.tree().to_vec();
    let text = String::from_utf8(tree.clone()).unwrap();
    assert_eq!(restored(tree.clone(), |_| {}), None, "what nobody touched goes on");
    let tampered: Vec<(&str, Vec<u8>)> = vec![
        ("EOF", tree[..tree.len() - 1].to_vec()),
        ("expected ident", b"not a tree".to_vec()),
        ("EOF", Vec::new()),
        (
            "format 2",
            text.replacen("\"format\":1", "\"format\":2", 1).into_bytes(),
        ),
        (
            "not a name",
            text.replacen("\"name\":\"bin\"", "\"name\":\"..\"", 1).into_bytes(),
        ),
        ("has a root", br#"{"format":1,"mtime_ms":0,"nodes":[]}"#.to_vec()),
        ("pieces are not those", sample().tree().to_vec()),
    ];
    for (expected, tree) in tampered {
        let said = restored(tree, |_| {}).expect("the save is not sound");
        assert!(
            said.contains("base image") && said.contains(expected),
            "{said} should say {expected}"
        );
    }
    let said = restored(sample().tree().to_vec(), |row| row.chunks.clear()).unwrap();
    assert!(said.contains("pieces are not those"), "{said}");
}
