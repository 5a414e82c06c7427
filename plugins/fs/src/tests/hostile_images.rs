//! Images that somebody made to break something: each is refused with a line, or is as harmless as what it says; and the
//! committed images of each form, which must stay what they are.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::prelude::*;

use super::disks::{mount, sample};
use super::*;
use crate::disk::file::{IMAGE_BYTES, MAGIC};
use crate::disk::tree::{Tree, TreeBody, TreeNode};
use crate::disk::{Image, iso, volume};

/// Uses everything that an image answers, so that one that was read is one that can be used.
fn use_it(image: &Image) {
    let tree = &image.tree;
    assert!(tree.content_bytes() <= IMAGE_BYTES);
    let held: u64 = image.chunks.values().map(|bytes| bytes.len() as u64).sum();
    assert!(held <= IMAGE_BYTES, "what is kept is bounded");
    for place in [0, 1, tree.len(), tree.len() + 1, u64::MAX]
        .into_iter()
        .chain(1..=tree.len())
    {
        for (name, child) in tree
            .entries(place)
            .map(|(name, child)| (name.to_owned(), child))
            .collect::<Vec<_>>()
        {
            assert!(crate::base::valid_name(&name));
            assert_eq!(tree.entry(place, &name), Some(child));
            assert!(tree.names(child).any(|named| named == (place, name.as_str())));
        }
        let Some(node) = tree.inode(place) else { continue };
        assert!(tree.nlink(place) > 0);
        if let TreeBody::File { chunks, size } = &node.body {
            let len: usize = chunks.iter().map(|id| image.chunks[id].len()).sum();
            assert_eq!(len as u64, *size);
        }
    }
    assert_eq!(Tree::read(tree.bytes()).unwrap(), *tree);
    let again = Image::read(&image.write().unwrap()).unwrap();
    assert_eq!(again.tree, *tree);
}

/// Reads bytes that may be anything, in both forms.
fn read(bytes: &[u8]) -> Result<Image, String> {
    let image = if iso::is_iso(bytes) {
        iso::read(bytes)
    } else {
        Image::read(bytes)
    };
    let image = image.map_err(|error| error.to_string());
    match &image {
        Ok(image) => use_it(image),
        // Whoever reads the message reads a line and not the image.
        Err(message) => assert!(message.len() < 1024 && !message.contains('\n'), "{message:?}"),
    }
    image
}

fn disc(image: &Image) -> Vec<u8> {
    iso::write(&image.tree, |id| image.chunks.get(id).map(AsRef::as_ref)).unwrap()
}

fn node(name: &str, parent: u64, body: TreeBody) -> TreeNode {
    TreeNode {
        name: name.into(),
        parent,
        body,
        ..TreeNode::root(0o644, 0)
    }
}

/// The file form of a tree that was not checked: its nodes are written as they are.
fn forged(change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    use std::io::Write as _;
    let image = sample();
    let mut tree = image.tree.bytes().to_vec();
    change(&mut tree);
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&tree).unwrap();
    let packed = packed.finish().unwrap();
    let mut out = MAGIC.to_vec();
    out.extend(helios_abi::program::sha256(&tree).0);
    out.extend((tree.len() as u64).to_le_bytes());
    out.extend((packed.len() as u64).to_le_bytes());
    out.extend(packed);
    let whole = image.write().unwrap();
    // The pieces are those of the sample.
    let start = 8 + 32 + 16 + u64::from_le_bytes(whole[48..56].try_into().unwrap()) as usize;
    out.extend(&whole[start..]);
    out
}

#[test]
fn trees_are_checked_node_by_node() {
    let root = TreeNode::root(0o755, 0);
    let file = |size, chunks: usize| TreeBody::File {
        size,
        chunks: vec![Default::default(); chunks],
    };
    let link = |text: &str| TreeBody::Symlink(text.into());
    let cases: Vec<(&str, Vec<TreeNode>)> = vec![
        ("no root", vec![]),
        ("not a root directory", vec![node("x", 1, TreeBody::Dir)]),
        ("not a name", vec![root.clone(), node("..", 1, TreeBody::Dir)]),
        ("not a name", vec![root.clone(), node("a/b", 1, TreeBody::Dir)]),
        ("not a name", vec![root.clone(), node("a\0b", 1, TreeBody::Dir)]),
        (
            "not a name",
            vec![root.clone(), node(&"x".repeat(256), 1, TreeBody::Dir)],
        ),
        (
            "taken",
            vec![root.clone(), node("a", 1, TreeBody::Dir), node("a", 1, link("x"))],
        ),
        ("a directory before it", vec![root.clone(), node("a", 2, TreeBody::Dir)]),
        (
            "a directory before it",
            vec![root.clone(), node("a", 1, link("x")), node("b", 2, TreeBody::Dir)],
        ),
        ("size and pieces", vec![root.clone(), node("a", 1, file(1, 0))]),
        (
            "size and pieces",
            vec![root.clone(), node("a", 1, file(1 << 40, 1 << 4))],
        ),
        (
            "two lengths",
            vec![root.clone(), node("a", 1, file(1, 1)), node("b", 1, file(2, 1))],
        ),
        ("says nothing", vec![root.clone(), node("a", 1, link(""))]),
        ("no file before it", vec![root.clone(), node("a", 1, TreeBody::Link(1))]),
        ("no file before it", vec![root.clone(), node("a", 1, TreeBody::Link(2))]),
        ("no file before it", vec![root.clone(), node("a", 1, TreeBody::Link(7))]),
        (
            "names of a file differ",
            vec![
                root.clone(),
                node("a", 1, file(0, 0)),
                TreeNode {
                    perms: 0o4755,
                    ..node("b", 1, TreeBody::Link(2))
                },
            ],
        ),
        (
            "inside one another",
            std::iter::once(root)
                .chain((1..3000).map(|at| node("d", at, TreeBody::Dir)))
                .collect(),
        ),
    ];
    for (expected, nodes) in cases {
        let error = Tree::new("", nodes).unwrap_err().to_string();
        assert!(error.contains(expected), "{error} should say {expected}");
    }
}

#[test]
fn what_is_cut_changed_or_blown_up_is_refused() {
    let good = sample().write().unwrap();
    read(&good).unwrap();
    for end in 0..good.len() {
        read(&good[..end]).expect_err("an image ends with its last piece");
    }
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0x40;
        let same = read(&bad).is_ok_and(|image| image.tree == sample().tree);
        // Beside the form of compression, which may differ, every bit is covered by a hash.
        assert!(same || read(&bad).is_err(), "byte {at}");
    }
    for (expected, bytes) in [
        ("longer than a tree", {
            let mut bytes = good.clone();
            bytes[40..48].copy_from_slice(&u64::MAX.to_le_bytes());
            bytes
        }),
        ("longer than a tree", {
            let mut bytes = good.clone();
            bytes[48..56].copy_from_slice(&u64::MAX.to_le_bytes());
            bytes
        }),
        ("not as long as it says", {
            let mut bytes = good.clone();
            bytes[40..48].copy_from_slice(&1_u64.to_le_bytes());
            bytes
        }),
        ("version", forged(|tree| tree[0] = 9)),
        ("something follows", forged(|tree| tree.push(0))),
        ("ends in the middle", forged(|tree| tree.truncate(tree.len() - 1))),
        ("not in the one form", forged(|tree| tree[48] ^= 1)),
    ] {
        let error = read(&bytes).unwrap_err();
        assert!(error.contains(expected), "{error} should say {expected}");
    }
    // Half a terabyte of zeros in one piece: the tree is sound, and no image.
    let id = helios_abi::program::sha256(&vec![0; 65_536]);
    let zeros = |at: u64| {
        let body = TreeBody::File {
            size: 256 << 20,
            chunks: vec![id; 4096],
        };
        node(&format!("zeros{at}"), 1, body)
    };
    let nodes = std::iter::once(TreeNode::root(0o755, 0)).chain((0..100).map(zeros));
    let bomb = Image {
        tree: Tree::new("", nodes.collect()).unwrap(),
        chunks: BTreeMap::from([(id, vec![0; 65_536].into())]),
    };
    assert!(bomb.write().unwrap_err().to_string().contains("more than"));
}

#[test]
fn a_disc_that_lies_is_refused() {
    let good = disc(&sample());
    read(&good).unwrap();
    let root = 16 * 2048 + 156;
    let change = |at: usize, bytes: &[u8]| {
        let mut bad = good.clone();
        bad[at..at + bytes.len()].copy_from_slice(bytes);
        bad
    };
    for (expected, bytes) in [
        ("beyond its end", change(root + 2, &u32::MAX.to_le_bytes())),
        ("beyond its end", change(root + 10, &u32::MAX.to_le_bytes())),
        ("2048 bytes", change(16 * 2048 + 128, &512_u16.to_le_bytes())),
        ("no primary descriptor", change(16 * 2048, &[255])),
        ("ends among", good[..17 * 2048].to_vec()),
    ] {
        let bytes = if expected == "ends among" {
            let mut bytes = bytes;
            bytes[16 * 2048] = 9;
            bytes
        } else {
            bytes
        };
        let error = read(&bytes).unwrap_err();
        assert!(error.contains(expected), "{error} should say {expected}");
    }
    // A directory that is its own child: the extent of `bin` is made that of the root.
    let extent = &good[root + 2..root + 6];
    let sector = u32::from_le_bytes(extent.try_into().unwrap()) as usize * 2048;
    let mut at = sector;
    let mut records = Vec::new();
    while good[at] != 0 {
        records.push(at);
        at += usize::from(good[at]);
    }
    let dir = records.into_iter().skip(2).find(|at| good[at + 25] & 2 != 0).unwrap();
    let error = read(&change(dir + 2, extent)).unwrap_err();
    assert!(error.contains("inside itself"), "{error}");
}

#[test]
fn discs_and_images_of_one_folder_hold_the_same() {
    let image = sample();
    let again = read(&disc(&image)).unwrap();
    let list = |image: &Image| {
        let mut all: Vec<String> = Vec::new();
        let mut todo = vec![(1, String::new())];
        while let Some((dir, path)) = todo.pop() {
            for (name, child) in image.tree.entries(dir) {
                let node = image.tree.inode(child).unwrap();
                let TreeNode {
                    perms,
                    uid,
                    gid,
                    mtime_ms,
                    body,
                    ..
                } = node;
                all.push(format!("{path}/{name} {perms:o} {uid} {gid} {mtime_ms} {body:?}"));
                todo.push((child, format!("{path}/{name}")));
            }
        }
        all.sort();
        all
    };
    assert_eq!(list(&again), list(&image));
    // Names and links as long as they may be, and a name that differs from another in its case alone.
    let mut folder = crate::disk::Folder::new(0);
    for at in 0..40 {
        folder
            .file(&format!("{}{at}", "n".repeat(253 - at / 10)), 0o644, b"x")
            .unwrap();
    }
    folder.file("Case", 0o644, b"x").unwrap();
    folder.file("case", 0o600, b"").unwrap();
    folder.link("far", &"../".repeat(1300)).unwrap();
    folder.link("long", &format!("/{}", "l".repeat(3000))).unwrap();
    let image = folder.image("").unwrap();
    let again = read(&disc(&image)).unwrap();
    let far = again.tree.inode(again.tree.entry(1, "far").unwrap()).unwrap();
    assert_eq!(
        far.body,
        TreeBody::Symlink("../".repeat(1300).trim_end_matches('/').into())
    );
    let long = again.tree.inode(again.tree.entry(1, "long").unwrap()).unwrap();
    assert_eq!(long.body, TreeBody::Symlink(format!("/{}", "l".repeat(3000))));
    assert_eq!(again.tree.entries(1).count(), 44);
}

fn golden(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/disks")
        .join(name)
}

fn unzipped(name: &str) -> Vec<u8> {
    use std::io::Read as _;
    let file = std::fs::File::open(golden(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn the_committed_images_are_what_this_build_makes() {
    let image = sample();
    if std::env::var_os("HELIOS_BLESS").is_some() {
        std::fs::write(golden("sample.img"), image.write().unwrap()).unwrap();
        std::fs::write(
            golden("sample.iso.sha256"),
            helios_abi::program::sha256(&disc(&image)).to_string(),
        )
        .unwrap();
    }
    let advice =
        "a build that writes other bytes needs another version of the format (HELIOS_BLESS=1 writes them anew)";
    assert!(
        std::fs::read(golden("sample.img")).unwrap() == image.write().unwrap(),
        "{advice}"
    );
    let hash = std::fs::read_to_string(golden("sample.iso.sha256")).unwrap();
    assert_eq!(helios_abi::program::sha256(&disc(&image)).to_string(), hash, "{advice}");
}

#[test]
fn a_disc_that_genisoimage_made_is_read() {
    let image = read(&unzipped("foreign.iso.gz")).unwrap();
    let tree = &image.tree;
    let find = |path: &str| {
        let mut names = path.split('/').filter(|name| !name.is_empty());
        let place = names.try_fold(1, |dir, name| tree.entry(dir, name));
        tree.inode(place.unwrap_or_else(|| panic!("{path}"))).unwrap()
    };
    assert_eq!(tree.label(), "FOREIGN");
    assert_eq!(find("/a-Long.Name with blanks.txt").size(), 6);
    assert_eq!(
        find("/deep/er/link").body,
        TreeBody::Symlink("../../a-Long.Name with blanks.txt".into())
    );
    assert_eq!(find("/run.sh").perms & 0o777, 0o755);
    assert_eq!(find("/deep").body, TreeBody::Dir);
    assert!(find("/run.sh").mtime_ms > 1_500_000_000_000);
}

/// What a machine does with an image that was read: everything that a user may think of.
fn use_mounted(bytes: &[u8]) {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let root = Actor::root(node);
    mkdir(world, &root, "/m").unwrap();
    write_file(world, node, "/w/img", bytes, 0o644).unwrap();
    if mount(world, &root, "/w/img", "/m", "").is_err() {
        return;
    }
    let mut todo = vec!["/m".to_owned()];
    while let Some(dir) = todo.pop() {
        for entry in ops::readdir(world, &root, &dir).unwrap() {
            let path = format!("{dir}/{}", entry.name);
            let _ = stat(world, &root, &path);
            let _ = crate::read_file(world, node, &path);
            let _ = write_file(world, node, &path, b"changed", 0o644);
            if entry.kind == helios_abi::calls::mode::DIR {
                todo.push(path);
            }
        }
    }
    let mut app = assert_sound(&mut app);
    let world = app.world_mut();
    volume::unmount(world, &root, "/m").unwrap();
    let _ = assert_sound(&mut app);
}

/// A fuzz target: `cargo bolero test fuzz_image`; under `cargo test`, some thousand inputs.
#[test]
fn fuzz_image() {
    let good = sample().write().unwrap();
    let tree = sample().tree.bytes().to_vec();
    bolero::check!().with_iterations(3_000).for_each(|bytes: &[u8]| {
        let _ = read(bytes);
        let _ = Tree::read(bytes);
        if let [high, low, value, rest @ ..] = bytes {
            let place = usize::from(u16::from_be_bytes([*high, *low]));
            let mut damaged = tree.clone();
            let at = place * damaged.len() / 65_536;
            damaged[at] = *value;
            let end = (at + 1 + rest.len()).min(damaged.len());
            damaged[at + 1..end].copy_from_slice(&rest[..end - at - 1]);
            let _ = Tree::read(&damaged);
            let forged = forged(|tree| tree.clone_from(&damaged));
            let _ = read(&forged);
            let mut damaged = good.clone();
            damaged[place * good.len() / 65_536] = *value;
            let _ = read(&damaged);
        }
    });
}

/// A fuzz target: `cargo bolero test fuzz_disc`.
#[test]
fn fuzz_disc() {
    let good = disc(&sample());
    // Descriptors and directories lie in these sectors; the rest is contents.
    let (first, last) = (16 * 2048, 32 * 2048);
    bolero::check!().with_iterations(1_500).for_each(|bytes: &[u8]| {
        let mut damaged = good.clone();
        for change in bytes.chunks_exact(3) {
            let at = first + usize::from(u16::from_be_bytes([change[0], change[1]])) * (last - first) / 65_536;
            if let Some(byte) = damaged.get_mut(at) {
                *byte = change[2];
            }
        }
        let _ = read(&damaged);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn whatever_can_be_mounted_can_be_used(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4), on_disc in any::<bool>()) {
        let bytes = if on_disc { disc(&sample()) } else { sample().tree.bytes().to_vec() };
        let mut damaged = bytes;
        for (at, value) in changes {
            let at = if on_disc { 16 * 2048 + at.index(14 * 2048) } else { at.index(damaged.len()) };
            if let Some(byte) = damaged.get_mut(at) {
                *byte = value;
            }
        }
        let bytes = if on_disc { damaged } else { forged(|tree| *tree = damaged) };
        let went = catch_unwind(AssertUnwindSafe(|| use_mounted(&bytes)));
        prop_assert!(went.is_ok());
    }
}
