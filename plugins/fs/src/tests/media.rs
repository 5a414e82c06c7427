//! Sticks and discs: in and out of their slots, from machine to machine, and their drives.

use helios_engine::log::{Log, submit, submit_at};
use helios_engine::prelude::Nodes;
use helios_engine::time::{Clock, step};
use serde_json::{Value, json};

use super::disks::{mount, sample};
use super::*;
use crate::disk::commands::moves;
use crate::disk::{Contents, Image, media, sync, volume};
use crate::{read_file, read_text};

const WORLD: &str = r#"(name: "x", seed: 1, nodes: [
    (name: "left", kind: machine, machine: (boot: false), media: [
        (slot: "usb0", label: "notes", capacity_bytes: 1000000, files: [
            (path: "read.me", text: "hello\n"),
            (path: "deep/er/", mode: 0o700),
            (path: "deep/link", link: "../read.me"),
        ]),
        (slot: "usb1"),
    ]),
    (name: "right", kind: machine, machine: (boot: false)),
])"#;

fn two_machines() -> (App, NodeId, NodeId) {
    let mut app = empty_app();
    helios_engine::worlds::build_world(app.world_mut(), "x.ron", WORLD, Default::default()).unwrap();
    (app, NodeId::from_name("left"), NodeId::from_name("right"))
}

/// Applies a command and answers why it was refused.
fn command(world: &mut World, node: NodeId, name: &str, payload: Value) -> Option<String> {
    submit(world, node, name, payload).unwrap();
    step(world);
    world
        .resource_mut::<Log>()
        .take_refusals()
        .pop()
        .map(|refusal| refusal.error.0)
}

fn in_slot(world: &World, node: NodeId, slot: &str) -> Option<String> {
    media::in_slot(world, node, slot).map(|medium| medium.label.clone())
}

#[test]
fn a_world_file_puts_media_into_slots() {
    let (mut app, left, right) = two_machines();
    let world = app.world_mut();
    let root = Actor::root(left);
    let text = read_text(world, left, "/proc/media").unwrap();
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
    assert_eq!(lines[0][..4], ["usb0", "rw", "1000000", "image"]);
    assert_eq!(lines[1][..4], ["usb1", "rw", "67108864", "blank"]);
    assert_eq!(lines[2][..4], ["cd0", "-", "-", "-"]);
    mount(world, &root, "/dev/usb0", "/mnt", "").unwrap();
    assert_eq!(read_text(world, left, "/mnt/deep/link").unwrap(), "hello\n");
    assert_eq!(stat(world, &root, "/mnt/deep/er").unwrap().mode & 0o7777, 0o700);
    // A stick that nobody has written to is an empty directory.
    mkdir(world, &root, "/w").unwrap();
    mount(world, &root, "/dev/usb1", "/w", "").unwrap();
    put(world, left, "/w/first", "x");
    assert_eq!(
        errno(mount(world, &Actor::root(right), "/dev/usb0", "/mnt", "")),
        Errno::ENXIO
    );
    let _ = assert_sound(&mut app);
    for (media, expected) in [
        (r#"(slot: "usb9")"#, "no slot"),
        (r#"(slot: "usb0"), (slot: "usb0")"#, "two media"),
        (
            r#"(slot: "usb0", label: "a label that is longer than any label")"#,
            "label",
        ),
        (
            r#"(slot: "usb0", capacity_bytes: 1, files: [(path: "x", text: "xx")])"#,
            "larger than the medium",
        ),
        (r#"(slot: "usb0", files: [(path: "../x", text: "")])"#, "not a name"),
        (
            r#"(slot: "usb0", files: [(path: "x", text: ""), (path: "x/y", text: "")])"#,
            "not a directory",
        ),
    ] {
        let text = format!("(name: \"x\", seed: 1, nodes: [\n(name: \"box\", kind: machine, media: [{media}])])");
        let error = helios_engine::worlds::build_world(empty_app().world_mut(), "x.ron", &text, Default::default());
        let error = error.unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains("x.ron:2:"), "{error}");
    }
}

#[test]
fn a_stick_is_pulled_from_one_machine_and_pushed_into_another() {
    let (mut app, left, right) = two_machines();
    let world = app.world_mut();
    mount(world, &Actor::root(left), "/dev/usb0", "/mnt", "").unwrap();
    put(world, left, "/mnt/synced", "in time");
    sync::all(world, left).unwrap();
    put(world, left, "/mnt/late", "too late");
    put(world, left, "/mnt/synced", "changed too late");
    let both = moves(world, left, "usb0", right, "usb1").unwrap();
    assert_eq!(both[0].2["move"], both[1].2["move"]);
    for (node, name, payload) in both {
        submit(world, node, name, payload).unwrap();
    }
    step(world);
    assert_eq!(world.resource_mut::<Log>().take_refusals(), []);
    // Where it was pulled out, what is mounted is a shell that says so and can be unmounted.
    assert_eq!(in_slot(world, left, "usb0"), None);
    assert_eq!(errno(read_file(world, left, "/mnt/synced")), Errno::EIO);
    assert_eq!(errno(mkdir(world, &Actor::root(left), "/mnt/x")), Errno::EIO);
    assert!(
        read_text(world, left, "/proc/mounts")
            .unwrap()
            .contains("rw,nosuid,nodev,gone")
    );
    sync::all(world, left).unwrap();
    let mut app = assert_sound(&mut app);
    let world = app.world_mut();
    volume::unmount(world, &Actor::root(left), "/mnt").unwrap();
    // Where it was pushed in, it holds what was synced last.
    assert_eq!(in_slot(world, right, "usb1").as_deref(), Some("notes"));
    mount(world, &Actor::root(right), "/dev/usb1", "/mnt", "").unwrap();
    assert_eq!(read_text(world, right, "/mnt/synced").unwrap(), "in time");
    assert_eq!(errno(read_text(world, right, "/mnt/late")), Errno::ENOENT);
    let _ = assert_sound(&mut app);
}

#[test]
fn a_script_moves_a_stick_by_the_state_of_its_tick() {
    let (mut app, left, right) = two_machines();
    let world = app.world_mut();
    let script = "@3 left move usb0 right usb0\n@5 left move usb0 right usb0\n@6 right move usb0 left cd0\n";
    let lines = helios_engine::log::parse_script(world.resource(), script).unwrap();
    helios_engine::log::schedule_script(world, lines).unwrap();
    for _ in 0..4 {
        step(world);
    }
    assert_eq!(
        (in_slot(world, left, "usb0"), in_slot(world, right, "usb0")),
        (None, Some("notes".into()))
    );
    for _ in 0..4 {
        step(world);
    }
    let refusals = world.resource_mut::<Log>().take_refusals();
    assert_eq!(refusals.len(), 1);
    assert!(refusals[0].error.0.contains("there is nothing in it"), "{refusals:?}");
    assert_eq!(in_slot(world, left, "cd0").as_deref(), Some("notes"));
    assert!(media::in_slot(world, left, "cd0").unwrap().read_only);
    // What is in the log are the two records of each move, which say all that there is to say.
    let log: Vec<(NodeId, String)> = world
        .resource::<Log>()
        .records()
        .iter()
        .filter_map(|record| match &record.body {
            helios_engine::log::Body::Command { name, .. } => Some((record.node, name.clone())),
            _ => None,
        })
        .collect();
    let wanted = [(left, "eject"), (right, "insert"), (right, "eject"), (left, "insert")];
    assert_eq!(log, wanted.map(|(node, what)| (node, format!("media.{what}"))));
    let records = world.resource::<Log>().records().to_vec();
    let hash = world_hash(world);
    let (mut other, ..) = two_machines();
    let world = other.world_mut();
    world.insert_resource(Log::following(&records));
    for _ in 0..8 {
        step(world);
    }
    assert_eq!(world_hash(world), hash);
    assert!(submit_at(world, helios_engine::ids::Tick(99), left, "media.eject", json!({})).is_err());
}

#[test]
fn a_move_of_something_else_is_refused_and_loses_nothing() {
    let (mut app, left, right) = two_machines();
    let world = app.world_mut();
    let [eject, _] = moves(world, left, "usb0", right, "usb0").unwrap();
    let [other, _] = moves(world, left, "usb1", right, "usb0").unwrap();
    let mut wrong = eject.2.clone();
    wrong["hash"] = other.2["hash"].clone();
    assert!(
        command(world, left, "media.eject", wrong)
            .unwrap()
            .contains("not what was to be moved")
    );
    assert_eq!(in_slot(world, left, "usb0").as_deref(), Some("notes"));
    for (payload, expected) in [
        (json!({ "slot": "usb7" }), "there is no slot"),
        (json!({ "slot": "cd0" }), "nothing in it"),
        (json!({ "slot": "usb0", "move": "x" }), "go together"),
        (json!({}), "missing field"),
    ] {
        let said = command(world, left, "media.eject", payload).unwrap();
        assert!(said.contains(expected), "{said}");
    }
    let cargo =
        |contents: Value| json!({ "label": "", "read_only": false, "capacity_bytes": 1000, "contents": contents });
    let nothing = "00".repeat(32);
    for (payload, expected) in [
        (json!({ "slot": "usb0" }), "something in it"),
        (json!({ "slot": "cd0" }), "nothing lies beside"),
        (
            json!({ "slot": "cd0", "cargo": cargo(json!({ "image": nothing })) }),
            "is missing",
        ),
        (
            json!({ "slot": "cd0", "cargo": cargo(json!({ "raw": { "size": 5, "chunks": [] } })) }),
            "do not fit",
        ),
        (
            json!({ "slot": "cd0", "cargo": cargo(json!({ "raw": { "size": 5, "chunks": [nothing] } })) }),
            "missing or of",
        ),
    ] {
        let said = command(world, left, "media.insert", payload).unwrap();
        assert!(said.contains(expected), "{said}");
    }
    assert_eq!(media::all(world, left).len(), 2);
    let world_node = NodeId::WORLD;
    assert!(
        command(world, world_node, "media.eject", json!({ "slot": "usb0" }))
            .unwrap()
            .contains("without a disk")
    );
    let _ = assert_sound(&mut app);
}

#[test]
fn an_image_of_the_host_is_loaded_in_pieces() {
    let (mut app, left, _) = two_machines();
    let world = app.world_mut();
    let bytes = sample().write().unwrap();
    let encode = |bytes: &[u8]| serde_json::to_value(helios_abi::Bytes(bytes.to_vec())).unwrap();
    let middle = bytes.len() / 2;
    let load = |at: usize, part: &[u8]| json!({ "slot": "cd0", "at": at, "bytes": encode(part), "new": at == 0 });
    let loaded = |hash: String| json!({ "slot": "cd0", "loaded": { "label": "tools", "read_only": false, "size": bytes.len(), "sha256": hash } });
    let hash = helios_abi::program::sha256(&bytes).to_string();
    assert_eq!(command(world, left, "media.load", load(0, &bytes[..middle])), None);
    assert!(command(world, left, "media.load", load(7, &bytes[middle..])).is_some());
    assert!(
        command(world, left, "media.insert", loaded(hash.clone()))
            .unwrap()
            .contains("not what it is said to be")
    );
    assert_eq!(command(world, left, "media.load", load(middle, &bytes[middle..])), None);
    assert_eq!(command(world, left, "media.insert", loaded(hash)), None);
    let medium = media::in_slot(world, left, "cd0").unwrap();
    assert!(medium.read_only && medium.label == "tools");
    assert!(matches!(&medium.contents, Contents::Image(image) if image.id == sample().tree.id()));
    assert_eq!(command(world, left, "media.eject", json!({ "slot": "cd0" })), None);
    let _ = assert_sound(&mut app);
    let world = app.world_mut();
    assert_eq!(command(world, left, "media.insert", json!({ "slot": "cd0" })), None);
    assert_eq!(command(world, left, "media.eject", json!({ "slot": "cd0" })), None);
    assert_eq!(command(world, left, "media.discard", json!({ "slot": "cd0" })), None);
    assert!(command(world, left, "media.discard", json!({ "slot": "cd0" })).is_some());
    assert_eq!(media::all(world, left).len(), 2);
}

#[test]
fn drives_show_and_take_the_bytes_of_their_media() {
    let (mut app, left, _) = two_machines();
    let world = app.world_mut();
    let (usb0, usb1, cd0) = (0x810, 0x820, 0xb00);
    let all = |world: &mut World, rdev: u32| {
        let mut out = Vec::new();
        loop {
            let more = media::read_device(world, left, rdev, out.len() as u64, 70_000).unwrap();
            if more.is_empty() {
                return out;
            }
            out.extend(more);
        }
    };
    let bytes = all(world, usb0);
    let image = Image::read(&bytes).unwrap();
    assert_eq!(image.tree.label(), "notes");
    assert_eq!(all(world, usb1), b"");
    assert_eq!(
        media::read_device(world, left, cd0, 0, 1).unwrap_err().errno,
        Errno::ENXIO
    );
    // `dd if=/dev/usb0 of=/dev/usb1`, in odd pieces.
    for (at, piece) in bytes.chunks(777).enumerate() {
        let written = media::write_device(world, left, usb1, at as u64 * 777, piece).unwrap();
        assert_eq!(written as usize, piece.len());
    }
    assert_eq!(all(world, usb1), bytes);
    mount(world, &Actor::root(left), "/dev/usb1", "/mnt", "").unwrap();
    assert_eq!(read_text(world, left, "/mnt/read.me").unwrap(), "hello\n");
    assert_eq!(
        media::write_device(world, left, usb1, 0, b"x").unwrap_err().errno,
        Errno::EBUSY
    );
    put(world, left, "/mnt/read.me", "hello again\n");
    volume::unmount(world, &Actor::root(left), "/mnt").unwrap();
    let again = Image::read(&all(world, usb1)).unwrap();
    assert_ne!(again.tree.id(), image.tree.id());
    // A gap is zeros; what is beyond the end has no room.
    assert_eq!(media::write_device(world, left, usb0, 999_999, b"xyz").unwrap(), 1);
    assert_eq!(
        media::write_device(world, left, usb0, 1_000_000, b"x")
            .unwrap_err()
            .errno,
        Errno::ENOSPC
    );
    let raw = all(world, usb0);
    assert_eq!(
        (raw.len(), &raw[..bytes.len()], raw[bytes.len()]),
        (1_000_000, &bytes[..], 0)
    );
    // A stick is larger than what is on it.
    mount(world, &Actor::root(left), "/dev/usb0", "/mnt", "").unwrap();
    let _ = assert_sound(&mut app);
    let nodes = app.world().resource::<Nodes>().iter().count();
    assert_eq!((nodes, app.world().resource::<Clock>().tick.0), (3, 0));
}
