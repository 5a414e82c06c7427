//! World files: what they build, and where their errors point.

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_engine::prelude::*;
use helios_engine::streams::WorldSeed;
use helios_engine::testing::test_app;
use helios_engine::time::WorldEpoch;
use helios_engine::worlds::{BuildOptions, WorldInfo, build_world, builtin_world};
use serde::Deserialize;

use crate::toy::{Note, add_toys};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: Spanned<String>,
    mode: u32,
    #[serde(default)]
    owner: Option<String>,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Machine {
    cpu_gas_per_tick: u64,
    memory_bytes: u64,
    disk_bytes: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Medium {
    slot: String,
    label: String,
}

fn app() -> App {
    let mut app = test_app();
    add_toys(&mut app);
    app.register_world_section("files", 20, |world, node, section| {
        for entry in section.read::<Vec<Entry>>()? {
            if !entry.path.starts_with('/') {
                return Err(section
                    .error_at(&entry.path, "the path is not absolute")
                    .hint("begin it with `/`"));
            }
            let text = format!(
                "{} {:o} {} {}",
                *entry.path,
                entry.mode,
                entry.owner.unwrap_or_default(),
                entry.text
            );
            spawn_row(world, node, Note { text, blob: None });
        }
        Ok(())
    });
    app.register_world_section("media", 30, |world, node, section| {
        for Medium { slot, label } in section.read::<Vec<Medium>>()? {
            let text = format!("{slot} {label}");
            spawn_row(world, node, Note { text, blob: None });
        }
        Ok(())
    });
    app.register_world_section("machine", 10, |_, _, section| {
        let machine: Machine = section.read()?;
        if machine
            .cpu_gas_per_tick
            .min(machine.memory_bytes)
            .min(machine.disk_bytes)
            == 0
        {
            return Err(section.error("a machine has some of everything"));
        }
        Ok(())
    });
    app.register_world_section("users", 15, |_, _, section| section.read::<ron::Value>().map(drop));
    app
}

fn notes(world: &mut World) -> Vec<String> {
    let mut notes: Vec<_> = world
        .query::<(&RowId, &Note)>()
        .iter(world)
        .map(|(row, note)| (*row, note.text.clone()))
        .collect();
    notes.sort();
    notes.into_iter().map(|(_, text)| text).collect()
}

#[test]
fn the_default_world_builds() {
    let mut app = app();
    let world = app.world_mut();
    build_world(
        world,
        "single.ron",
        builtin_world("single").unwrap(),
        BuildOptions::default(),
    )
    .unwrap();
    assert_eq!(world.resource::<WorldInfo>().name, "single");
    assert_eq!(*world.resource::<WorldEpoch>(), WorldEpoch::default());
    assert_eq!(*world.resource::<WorldSeed>(), WorldSeed::from_number(1));
    let home = world.resource::<Nodes>().by_name("home").unwrap();
    assert_eq!(home, NodeId::from_name("home"));
    assert!(notes(world).iter().any(|note| note.starts_with("/etc/issue 644 root ")));
    let first = world_hash(world);
    build_world(
        world,
        "single.ron",
        builtin_world("single").unwrap(),
        BuildOptions::default(),
    )
    .unwrap();
    assert_eq!(world_hash(world), first, "building again builds the same");
    build_world(
        world,
        "single.ron",
        builtin_world("single").unwrap(),
        BuildOptions { seed: Some(2) },
    )
    .unwrap();
    assert_ne!(world_hash(world), first, "another seed is another world");
}

#[test]
fn the_order_of_the_file_does_not_show() {
    let a = "(name: \"a\", kind: machine, files: [(path: \"/x\", mode: 1, text: \"\")])";
    let b = "(kind: switch, files: [], name: \"b\")";
    let mut hashes = Vec::new();
    for nodes in [format!("{a}, {b}"), format!("{b}, {a}")] {
        let mut app = app();
        let text = format!("(name: \"t\", seed: \"{}\", nodes: [{nodes}])", "0f".repeat(32));
        build_world(app.world_mut(), "t.ron", &text, BuildOptions::default()).unwrap();
        hashes.push(world_hash(app.world_mut()));
    }
    assert_eq!(hashes[0], hashes[1]);
}

#[test]
fn errors_name_file_line_and_column() {
    let node = |node: &str| format!("(\n  name: \"t\",\n  seed: 1,\n  nodes: [\n    {node}\n  ],\n)\n");
    let cases = [
        ("".to_owned(), "t.ron:1:1: "),
        ("(name: \"t\", seed: 1, nodes: [)".into(), "t.ron:1:30: "),
        (
            "(name: \"t\", seed: 1, nodes: [], nods: [])".into(),
            "t.ron:1:33: Unexpected field named `nods`",
        ),
        (
            "(name: \"t\",\n seed: \"xyz\", nodes: [])".into(),
            "t.ron:2:8: \"xyz\" is not a seed\n  hint: a seed is a number",
        ),
        (
            "(name: \"t\", seed: 1, epoch: \"soon\", nodes: [])".into(),
            "t.ron:1:29: \"soon\" is not a time",
        ),
        (
            node("(name: \"A\", kind: machine)"),
            "t.ron:5:12: a node's name is 1 to 64 characters",
        ),
        (node("(kind: machine)"), "t.ron:5:5: the node has no `name`"),
        (
            node("(name: \"a\")"),
            "t.ron:5:5: the node has no `kind`\n  hint: a kind is machine, switch",
        ),
        (
            node("(name: \"a\", kind: whale)"),
            "t.ron:5:23: Unexpected variant named `whale`",
        ),
        (
            node("(name: \"a\", kind: world)"),
            "t.ron:5:23: the world itself is not a node of the file",
        ),
        (
            node("(name: \"a\", kind: machine, fils: [])"),
            "t.ron:5:38: there is no section `fils`\n  hint: did you mean `files`?",
        ),
        (
            node("(name: \"a\", kind: machine), (name: \"a\", kind: switch)"),
            "t.ron:5:40: there is already a node named \"a\"",
        ),
        (node("(name: \"a\", name: \"b\", kind: machine)"), "t.ron:5:"),
        (
            node(
                "(name: \"a\", kind: machine,\n      files: [(path: \"/a\", mode: 1, text: \"\"),\n        /* a comment */ (path: \"b\", mode: 1, text: \"\")])",
            ),
            "t.ron:7:32: the path is not absolute\n  hint: begin it with `/`",
        ),
        (
            node("(name: \"a\", kind: machine,\n      files: [(path: \"/a\", mode: \"é\", text: \"\")])"),
            "t.ron:6:34: ",
        ),
        (
            node("(name: \"a\", kind: machine,\n      files: [(path: 7, mode: 1, text: \"\")])"),
            "t.ron:6:22: ",
        ),
        (
            node("(name: \"a\", kind: machine,\n    machine: (cpu_gas_per_tick: 0, memory_bytes: 1, disk_bytes: 1))"),
            "t.ron:6:14: a machine has some of everything",
        ),
    ];
    for (text, expected) in cases {
        let mut app = app();
        let error = build_world(app.world_mut(), "t.ron", &text, BuildOptions::default())
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with(expected),
            "{error:?} does not start with {expected:?} for {text}"
        );
        let nodes = app.world().resource::<Nodes>().iter().count();
        assert_eq!(nodes, 1, "nothing is half-built");
        step(app.world_mut());
    }
}

#[test]
fn no_text_panics_the_reader() {
    let app = std::sync::Mutex::new(app());
    let whole = builtin_world("single").unwrap();
    bolero::check!().with_iterations(1_500).for_each(|bytes: &[u8]| {
        let mut app = app.lock().unwrap();
        let text = String::from_utf8_lossy(bytes);
        let _ = build_world(app.world_mut(), "t.ron", &text, BuildOptions::default());
        if let [high, low, rest @ ..] = bytes {
            let mut at = usize::from(u16::from_be_bytes([*high, *low])) * whole.len() / 65_536;
            while !whole.is_char_boundary(at) {
                at -= 1;
            }
            let damaged = format!(
                "{}{}{}",
                &whole[..at],
                String::from_utf8_lossy(&rest[..rest.len().min(4)]),
                &whole[at..]
            );
            let _ = build_world(app.world_mut(), "t.ron", &damaged, BuildOptions::default());
        }
    });
}
