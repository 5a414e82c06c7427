//! Worlds: opened, gone on with, fed by scripts, and of another build.

use std::fs;

use helios_engine::snapshot::{read_snapshot_file, write_snapshot_file};
use serde_json::json;

use super::{BUSY, Place};

#[test]
fn a_world_goes_on_where_it_was_saved() {
    let place = Place::new();
    place.write("busy.txt", BUSY);
    let saved = place.json(&[
        "snapshot", "--json", "--script", "busy.txt", "--ticks", "400", "a.helios",
    ]);
    assert_eq!(saved["tick"], json!(400));
    let restored = place.json(&["restore", "--json", "a.helios"]);
    assert_eq!((&restored["tick"], &restored["hash"]), (&saved["tick"], &saved["hash"]));
    assert_eq!(restored["nodes"], json!(["home"]));
    // In one go, and with a save and a restore on the way.
    let straight = place.json(&[
        "snapshot", "--json", "--script", "busy.txt", "--ticks", "900", "b.helios",
    ]);
    let resumed = place.json(&["restore", "--json", "--ticks", "500", "--save", "c.helios", "a.helios"]);
    assert_eq!(resumed["hash"], straight["hash"]);
    assert_eq!(
        fs::read(place.path("b.helios")).unwrap(),
        fs::read(place.path("c.helios")).unwrap()
    );
    assert_eq!(
        place.good(&["exec", "--world", "c.helios", "--", "cat f g; ls"]),
        "out\ndone\nf\ng\n"
    );
    // What `exec` leaves behind is saved as well.
    place.good(&[
        "exec",
        "--world",
        "c.helios",
        "--save",
        "d.helios",
        "--",
        "echo more > i",
    ]);
    assert_eq!(place.good(&["exec", "--world", "d.helios", "--", "cat i"]), "more\n");
}

#[test]
fn both_hosts_run_the_same_world() {
    let place = Place::new();
    place.write("busy.txt", BUSY);
    let run = |host: &str, workers: &str, file: &str| {
        place.json(&[
            "snapshot",
            "--json",
            "--script",
            "busy.txt",
            "--ticks",
            "300",
            "--host",
            host,
            "--workers",
            workers,
            file,
        ])["hash"]
            .clone()
    };
    let hash = run("threads", "1", "a.helios");
    assert_eq!(run("children", "2", "b.helios"), hash);
    assert_eq!(run("threads", "3", "c.helios"), hash);
    assert_eq!(
        place.good(&["diff", "a.helios", "b.helios"]),
        "the snapshots are equal\n"
    );
}

#[test]
fn bad_worlds_and_scripts_are_refused_with_their_place() {
    let place = Place::new();
    let line = place.bad_file(&["snapshot", "--world", "nope", "out.helios"], 2, "\"nope\"");
    assert!(line.contains("single"), "{line}");
    let world = |section: &str| {
        format!(
            "(\n    name: \"w\",\n    seed: 1,\n    nodes: [\n        (name: \"pc\", kind: machine,\n            {section}\n        ),\n    ],\n)\n"
        )
    };
    for (section, place_in_file, says) in [
        ("machine: (memory_bytes: 5),", "w.ron:6:37: ", "expected 1048576"),
        ("machine: (speed: 5),", "w.ron:6:", "speed"),
        ("machin: (),", "w.ron:6:21: ", "did you mean `machine`?"),
        (
            "users: [(name: \"A b\", uid: 1, gid: 1)],",
            "w.ron:6:28: ",
            "a user's name",
        ),
        ("files: [(path: \"etc/x\")],", "w.ron:6:28: ", "absolute"),
        (
            "files: [(path: \"/x\", owner: \"nobody-here\")],",
            "w.ron:6:41: ",
            "nobody-here",
        ),
        ("files: [(path: \"/x\", text: \"y\"", "w.ron:10:1: ", ""),
    ] {
        place.write("w.ron", world(section));
        let text = place.bad(&["snapshot", "--world", "w.ron", "out.helios"], 1);
        assert!(text.contains(place_in_file) && text.contains(says), "{section}: {text}");
    }
    place.write("w.ron", b"(name: \"\xff\")");
    place.bad_file(
        &["exec", "--world", "w.ron", "--", "true"],
        1,
        "w.ron: not UTF-8 at byte 8",
    );
    place.bad_file(
        &["exec", "--world", "gone.ron", "--", "true"],
        1,
        "gone.ron: no such file or directory",
    );
    fs::File::create(place.path("big.ron"))
        .unwrap()
        .set_len((16 << 20) + 1)
        .unwrap();
    place.bad_file(
        &["exec", "--world", "big.ron", "--", "true"],
        1,
        "big.ron: 16777217 bytes are more than",
    );

    for (script, says) in [
        ("@5 home explode", "s.txt:1:9: there is no verb \"explode\""),
        ("\n@5 mars boot", "s.txt:2:1: there is no machine \"mars\""),
        ("@5 home boot now", "s.txt:1:9: `boot` takes no arguments"),
        ("@5 home exec player", "s.txt:1:9: expected: exec USER"),
        ("@5 home signal 1 SIGNONE", "s.txt:1:9: there is no signal"),
        ("@5 home type \"x", "s.txt:1:"),
        ("@9 home boot\n@8 home boot", "s.txt:2:1: tick 8 is before tick 9"),
        ("home boot", "s.txt:1:1: expected @TICK"),
    ] {
        place.write("s.txt", script);
        place.bad_file(&["snapshot", "--script", "s.txt", "out.helios"], 1, says);
    }
    place.bad_file(&["snapshot", "--script", "gone.txt", "out.helios"], 1, "gone.txt");
}

#[test]
fn a_script_is_told_what_had_no_effect() {
    let place = Place::new();
    place.write("s.txt", "@1 home exec player \"true\" 1\n@3 home command kernel.signal {\"session\":1,\"signal\":99}\n@4 home command nope {}\n");
    let ran = place.run(&["exec", "--script", "s.txt", "--", "sleep 0.1; echo on"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(0), "on\n"), "{ran:?}");
    for line in [
        "tick 1: home: kernel.exec: session 1 is in use",
        "tick 3: home: kernel.signal: there is no signal 99",
        "tick 4: home: nope: there is no command",
    ] {
        assert!(ran.stderr.contains(line), "{line} is not in {ran:?}");
    }
}

#[test]
fn a_world_of_another_build_is_power_cycled_and_keeps_its_files() {
    let place = Place::new();
    place.write("s.txt", "@20 home exec player \"echo kept > kept; sleep 100000\"\n");
    place.good(&["snapshot", "--script", "s.txt", "--ticks", "200", "ours.helios"]);
    let mut snapshot = read_snapshot_file(&place.path("ours.helios")).unwrap();
    let ours = snapshot.versions.clone();
    snapshot.versions.parts.insert("v8".into(), "1.2.3".into());
    write_snapshot_file(&place.path("theirs.helios"), &snapshot).unwrap();
    assert!(
        place
            .good(&["exec", "--world", "ours.helios", "--", "ps"])
            .contains("sleep")
    );

    let ran = place.run(&["restore", "--save", "cycled.helios", "theirs.helios"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    assert!(
        ran.stderr
            .starts_with("helios: theirs.helios: made by another build (v8 1.2.3 there, "),
        "{ran:?}"
    );
    assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
    assert_eq!(read_snapshot_file(&place.path("cycled.helios")).unwrap().versions, ours);
    place.good(&["restore", "--cold", "--save", "cold.helios", "ours.helios"]);
    for name in ["cycled.helios", "cold.helios"] {
        assert_eq!(place.good(&["exec", "--world", name, "--", "cat kept"]), "kept\n");
        assert!(!place.good(&["exec", "--world", name, "--", "ps"]).contains("sleep"));
    }
}
