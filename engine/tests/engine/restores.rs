//! Snapshots: files, damage, migrations, differences.

use std::io::{Read, Write};
use std::sync::OnceLock;

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_engine::prelude::*;
use helios_engine::snapshot::{
    Snapshot, diff, read_snapshot, read_snapshot_file, restore, take, write_snapshot, write_snapshot_file,
};
use helios_engine::state::Migration;
use helios_engine::testing::{assert_hash_is_fresh, test_app};
use helios_engine::time::run_until;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::toy::{Note, counter, node, toy_app};

fn sample() -> (App, Snapshot) {
    let mut app = toy_app();
    run_until(app.world_mut(), Tick(200));
    let snapshot = take(app.world_mut());
    assert!(!snapshot.blobs.is_empty(), "the sample has blobs");
    (app, snapshot)
}

fn unzip(bytes: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

fn zip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_snapshot_restores_to_the_same_world() {
    let (mut app, snapshot) = sample();
    let mut other = toy_app();
    run_until(other.world_mut(), Tick(77));
    restore(other.world_mut(), snapshot.clone()).unwrap();
    assert_eq!(take(other.world_mut()), snapshot);
    assert_eq!(diff(&snapshot, &take(other.world_mut())), None);
    assert_eq!(assert_hash_is_fresh(other.world_mut()), world_hash(app.world_mut()));
}

#[test]
fn a_snapshot_survives_its_file_and_equal_worlds_are_equal_files() {
    let (_, snapshot) = sample();
    let bytes = write_snapshot(&snapshot).unwrap();
    assert_eq!(bytes, write_snapshot(&sample().1).unwrap());
    let back = read_snapshot(&bytes).unwrap();
    assert_eq!(back, snapshot);
    assert_eq!(back.digest(), snapshot.digest());
    let text = unzip(&bytes);
    assert_eq!(serde_json_canonicalizer::pipe(&text).unwrap(), text);
    assert!(text.starts_with("{\"blobs\":{"));
}

#[test]
fn only_blobs_that_rows_name_are_saved_and_kept() {
    let mut app = toy_app();
    let world = app.world_mut();
    let alpha = node(world, "alpha");
    let mut blobs = world.resource_mut::<Blobs>();
    let (named, garbage) = (blobs.put(*b"named").unwrap(), blobs.put(*b"garbage").unwrap());
    let base = blobs.provide_base(*b"base").unwrap();
    let used = blobs.provide_base(*b"used base").unwrap();
    spawn_row(
        world,
        alpha,
        Note {
            text: String::new(),
            blob: Some(named),
        },
    );
    spawn_row(
        world,
        alpha,
        Note {
            text: String::new(),
            blob: Some(used),
        },
    );
    spawn_row(
        world,
        alpha,
        Note {
            text: String::new(),
            blob: Some(used),
        },
    );
    let snapshot = take(world);
    assert_eq!(
        snapshot
            .blobs
            .keys()
            .copied()
            .collect::<std::collections::BTreeSet<_>>(),
        [named, used].into()
    );
    restore(world, snapshot).unwrap();
    let blobs = world.resource::<Blobs>();
    assert!(blobs.contains(&named) && blobs.contains(&base) && blobs.contains(&used) && !blobs.contains(&garbage));
}

/// Checks that damaged bytes are refused with that message and leave a running world as it was.
fn refused(bytes: &[u8], expected: &str) {
    let mut app = toy_app();
    let world = app.world_mut();
    run_until(world, Tick(5));
    let before = take(world);
    let error = match read_snapshot(bytes) {
        Err(error) => error,
        Ok(snapshot) => restore(world, snapshot)
            .expect_err(&format!("{expected:?} was let in"))
            .to_string(),
    };
    assert!(error.contains(expected), "{error:?} does not say {expected:?}");
    assert_eq!(take(world), before, "a refused snapshot changes nothing");
    run_until(world, Tick(9));
}

#[test]
fn damage_is_refused_with_its_place() {
    let (_, snapshot) = sample();
    let bytes = write_snapshot(&snapshot).unwrap();
    let text = unzip(&bytes);
    let alpha = NodeId::from_name("alpha");
    refused(b"", "not a file of ours");
    refused(b"hello", "not a file of ours");
    refused(&bytes[..bytes.len() / 2], "cut off");
    refused(&bytes[..bytes.len() - 1], "cut off");
    refused(&[bytes.as_slice(), b"x"].concat(), "1 bytes follow the end");
    let mut flipped = bytes.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x40;
    assert!(read_snapshot(&flipped).is_err());

    let edit = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        zip(&text.replacen(from, to, 1))
    };
    refused(&zip(&text[..text.len() - 5]), "byte ");
    refused(&zip("[]"), "this is not a snapshot");
    refused(&zip("{}"), "format: is missing");
    refused(
        &edit("\"format\":1", "\"format\":2"),
        "format: 2 is not one that this build reads (1)",
    );
    refused(&edit("\"format\":1", "\"format\": 1"), "not in canonical form");
    refused(
        &edit("\"format\":1", "\"format\":1,\"format\":1"),
        "not in canonical form",
    );
    refused(
        &edit("{\"blobs\"", "{\"a\":1,\"blobs\""),
        "a: this build knows no such field",
    );
    refused(
        &edit("\"tick\":200,\"versions\"", "\"tick\":201,\"versions\""),
        "tick: is 201, where the clock's row",
    );
    refused(
        &edit("\"counter\":1", "\"counter\":2"),
        "versions.schemas.counter: schema 2 is newer than this build",
    );
    refused(
        &edit("\"counter\":1,", ""),
        ".counter: is missing, though there are such rows",
    );
    refused(
        &edit("\"note\":{", "\"nota\":{"),
        ".nota: this build knows no such component",
    );
    refused(
        &edit("\"next_ns\":", "\"next_ms\":"),
        ".counter.1: (the row itself): unknown field `next_ms`",
    );
    refused(
        &edit("\"next_ns\":", "\"aaa\":0,\"next_ns\":"),
        ".counter.1: (the row itself): unknown field `aaa`",
    );
    refused(&edit("\"sequence\":", "\"sequence\":0."), "state has no floats");
    refused(
        &edit("\"name\":\"alpha\"", "\"name\":\"alphb\""),
        &format!("nodes.{alpha}.node.0: the name \"alphb\" belongs to another node id"),
    );
    refused(
        &edit("\"kind\":\"world\"", "\"kind\":\"switch\""),
        "node 0 is the world itself",
    );
    refused(
        &edit("\"kind\":\"world\"", "\"kind\":\"whale\""),
        "unknown variant `whale`",
    );
    let (id, blob) = snapshot.blobs.iter().next().unwrap();
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, blob);
    let entry = format!("\"{id}\":\"{encoded}\"");
    refused(
        &edit(&entry, &format!("\"{id}\":\"AAAA\"")),
        &format!("blobs.{id}: its bytes have the digest"),
    );
    refused(
        &edit(&format!("{entry},"), ""),
        &format!("names the blob {id}, which the file does not carry"),
    );
    let node_0 = text.find("\"nodes\":{\"0\":").unwrap() + 9;
    refused(
        &zip(&format!("{}\"01\":{}", &text[..node_0], &text[node_0 + 4..])),
        "nodes: \"01\" is not an id",
    );
}

#[test]
fn an_id_that_was_never_given_out_is_refused() {
    let (_, mut snapshot) = sample();
    let alpha = NodeId::from_name("alpha");
    let notes = snapshot.nodes.get_mut(&alpha).unwrap().get_mut("note").unwrap();
    notes.insert(1 << 40, json!({"blob": null, "text": ""}));
    refused(
        &write_snapshot(&snapshot).unwrap(),
        &format!("nodes.{alpha}.note.{}: node {alpha} has given out", 1u64 << 40),
    );
}

#[test]
fn no_bytes_panic_the_reader() {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| unzip(&write_snapshot(&sample().1).unwrap()));
    let app = std::sync::Mutex::new(toy_app());
    bolero::check!().with_iterations(400).for_each(|bytes: &[u8]| {
        let _ = read_snapshot(bytes);
        let _ = read_snapshot(&zip(&String::from_utf8_lossy(bytes)));
        if let [high, low, value, ..] = bytes {
            let mut damaged = text.clone().into_bytes();
            let at = usize::from(u16::from_be_bytes([*high, *low])) * damaged.len() / 65_536;
            damaged[at] = *value & 0x7f;
            if let Ok(snapshot) = read_snapshot(&zip(&String::from_utf8(damaged).unwrap())) {
                let mut app = app.lock().unwrap();
                let before = world_hash(app.world_mut());
                if restore(app.world_mut(), snapshot).is_err() {
                    assert_eq!(world_hash(app.world_mut()), before);
                }
            }
        }
    });
}

#[test]
fn a_file_is_replaced_whole_or_not_at_all() {
    let (_, snapshot) = sample();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("world.helios");
    write_snapshot_file(&path, &snapshot).unwrap();
    assert_eq!(read_snapshot_file(&path).unwrap(), snapshot);
    // What a killed process leaves behind is beside the file, and the next save puts it out of the way.
    let beside = directory.path().join(".world.helios.tmp");
    std::fs::write(&beside, b"half of a").unwrap();
    assert_eq!(read_snapshot_file(&path).unwrap(), snapshot);
    write_snapshot_file(&path, &snapshot).unwrap();
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    let error = write_snapshot_file(&directory.path().join("no/such/world.helios"), &snapshot).unwrap_err();
    assert!(error.to_string().contains("no/such/world.helios: "), "{error}");
    // A directory in the file's place: the rename fails, and nothing is left behind.
    let taken = directory.path().join("taken");
    std::fs::create_dir(&taken).unwrap();
    write_snapshot_file(&taken, &snapshot).unwrap_err();
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 2);
    std::fs::write(&path, b"\x1f\x8b").unwrap();
    let error = read_snapshot_file(&path).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{}: ", path.display())), "{error}");
}

#[test]
fn a_bomb_is_stopped_at_the_bound() {
    // 2 GiB and a bit of blanks, in 2 MB of file.
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..=2_048 {
        encoder.write_all(&blanks).unwrap();
    }
    let error = read_snapshot(&encoder.finish().unwrap()).unwrap_err();
    assert!(error.contains("over the limit"), "{error}");
}

#[test]
fn the_first_difference_is_named() {
    let (_, left) = sample();
    let alpha = NodeId::from_name("alpha");
    let mut right = left.clone();
    let rows = right.nodes.get_mut(&alpha).unwrap();
    rows.get_mut("counter").unwrap().get_mut(&1).unwrap()["stream"]["position_words"] = json!(7);
    let found = diff(&left, &right).unwrap();
    assert_eq!((found.node, found.node_name.as_deref()), (alpha, Some("alpha")));
    assert_eq!(
        (found.component.as_str(), found.id, found.field.as_str()),
        ("counter", 1, "stream.position_words")
    );
    assert!(
        found
            .to_string()
            .starts_with(&format!("node {alpha} (alpha), counter 1, stream.position_words: "))
    );
    right.nodes.remove(&alpha);
    let found = diff(&left, &right).unwrap();
    assert_eq!(
        (found.node, found.component.as_str(), found.right),
        (alpha, "counter", None)
    );
}

#[derive(Component, Serialize, Deserialize)]
struct Old {
    seconds: u64,
}

impl Row for Old {
    const NAME: &'static str = "delay";
    const SCHEMA: u32 = 1;
}

#[derive(Component, Debug, PartialEq, Serialize, Deserialize)]
struct New {
    nanoseconds: u64,
    label: String,
}

impl Row for New {
    const NAME: &'static str = "delay";
    const SCHEMA: u32 = 3;
}

const MIGRATIONS: &[Migration] = &[
    |old| Ok(json!({"milliseconds": old["seconds"].as_u64().ok_or("seconds is missing")? * 1_000})),
    |old| Ok(json!({"nanoseconds": old["milliseconds"].as_u64().unwrap_or(0) * 1_000_000, "label": "old"})),
];

#[test]
fn old_rows_are_migrated() {
    let mut old = test_app();
    old.register_row::<Old>();
    let world = old.world_mut();
    let home = spawn_node(world, "home", NodeKind::Machine).unwrap();
    let (_, row) = spawn_row(world, home, Old { seconds: 5 });
    let snapshot = take(world);

    let mut new = test_app();
    new.register_row_with::<New>(RowOptions {
        hashed: true,
        migrations: MIGRATIONS,
    });
    let world = new.world_mut();
    restore(world, snapshot.clone()).unwrap();
    let entity = world.resource::<Rows>().get(row).unwrap();
    assert_eq!(
        world.get::<New>(entity),
        Some(&New {
            nanoseconds: 5_000_000_000,
            label: "old".into()
        })
    );
    assert_eq!(take(world).versions.schemas["delay"], 3);

    let mut spoilt = snapshot;
    spoilt
        .nodes
        .get_mut(&home)
        .unwrap()
        .get_mut("delay")
        .unwrap()
        .insert(1, Value::Null);
    let error = restore(world, spoilt).unwrap_err().to_string();
    assert!(
        error.ends_with("(the row itself): migration from schema 1 failed: seconds is missing"),
        "{error}"
    );
}

#[test]
fn a_restored_world_goes_on() {
    let (mut app, snapshot) = sample();
    let mut other = toy_app();
    restore(other.world_mut(), snapshot).unwrap();
    for world in [app.world_mut(), other.world_mut()] {
        let alpha = node(world, "alpha");
        assert_eq!(submit(world, alpha, "add", json!({"amount": 3})).unwrap(), 0);
        run_until(world, Tick(300));
    }
    assert_eq!(counter(app.world(), "alpha"), counter(other.world(), "alpha"));
    assert_eq!(world_hash(app.world_mut()), world_hash(other.world_mut()));
}
