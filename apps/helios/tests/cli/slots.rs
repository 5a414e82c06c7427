//! Saves of one's own by name: made, listed, gone on with, shared, and what goes wrong with them.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use helios_engine::snapshot::{read_manifest_file, read_snapshot_file};
use serde_json::{Value, json};

use super::files::{end, pause};
use super::{Place, Ran};

impl Place {
    fn saves(&self) -> Vec<Value> {
        let list = self.good(&["saves", "--json"]);
        list.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn slot_names(&self) -> Vec<String> {
        let saves = self.saves();
        saves
            .iter()
            .map(|save| save["slot"].as_str().unwrap().to_owned())
            .collect()
    }
}

#[test]
fn a_slot_is_saved_listed_loaded_and_removed() {
    let place = Place::new();
    assert_eq!(place.good(&["saves"]), "there are no saves\n");
    let saved = place.json(&["save", "heist", "--json", "--ticks", "200", "--title", "The heist"]);
    assert_eq!(saved["tick"], json!(200));
    assert!(place.names().is_empty(), "nothing lies where the program was run");
    place.good(&[
        "exec",
        "--world",
        "slot:heist",
        "--save",
        "slot:heist",
        "--",
        "echo kept > f; echo first; echo last",
    ]);
    let [save] = &place.saves()[..] else {
        panic!("there is one save")
    };
    let manifest = &save["manifest"];
    assert_eq!(
        (&save["slot"], &manifest["title"]),
        (&json!("heist"), &json!("The heist"))
    );
    assert_eq!(manifest["screen"], json!(["first", "last"]));
    assert!(manifest["tick"].as_u64().unwrap() > 200 && manifest["play_ms"].as_u64().unwrap() > 0);
    let list = place.good(&["load", "--list"]);
    for part in [
        "heist",
        "The heist",
        "| last",
        &manifest["hash"].as_str().unwrap()[..12],
        "PLAYED",
    ] {
        assert!(list.contains(part), "{part} is not in\n{list}");
    }

    // A shell at the end of a pipe goes on with it, and saves it there again.
    let ran = place.run_with_input(&["load", "heist"], b"cat f\necho more >> f\n");
    assert_eq!((ran.stdout.as_str(), ran.status), ("kept\n", Some(0)), "{ran:?}");
    assert_eq!(
        place.good(&["exec", "--world", "slot:heist", "--", "cat f"]),
        "kept\nmore\n"
    );
    let played = place.saves()[0]["manifest"]["play_ms"].as_u64();
    assert!(played > manifest["play_ms"].as_u64(), "time played adds up");
    let info = place.json(&["info", "--json", "heist"]);
    assert_eq!((&info["kind"], &info["this_build"]), (&json!("save"), &json!(true)));
    assert_eq!(info["hash"], info["manifest"]["hash"]);
    assert!(place.good(&["info", "heist"]).contains("The heist"));

    place.good(&["saves", "--remove", "heist"]);
    assert_eq!(place.good(&["saves"]), "there are no saves\n");
    let line = place.bad(&["saves", "--remove", "heist"], 1);
    assert!(line.contains("no save named \"heist\""), "{line}");
}

#[test]
fn a_name_that_is_a_path_is_refused() {
    let place = Place::new();
    for args in [
        &["save", "a/b"][..],
        &["save", "../up"],
        &["save", ""],
        &["load", "a/b"],
        &["import", "x.helios", ".."],
        &["exec", "--save", "slot:a/b", "--", "true"],
        &["saves", "--remove", "/etc/passwd"],
    ] {
        let ran = place.run(args);
        assert_eq!(ran.status, Some(2), "{args:?}: {ran:?}");
        assert!(ran.stderr.contains("a save's name is 1 to 64 characters"), "{ran:?}");
    }
    let line = place.bad(&["exec", "--world", "slot:a/b", "--", "true"], 2);
    assert!(line.contains("a save's name is"), "{line}");
    place.good(&["save", "known"]);
    for args in [
        &["load", "nope"][..],
        &["info", "nope"],
        &["export", "nope", "x.helios"],
        &["exec", "--world", "slot:nope", "--", "true"],
    ] {
        let line = place.bad(args, 1);
        assert!(line.contains("no save named \"nope\"; there are: known"), "{line}");
    }
    assert_eq!(
        fs::read_dir(place.data()).unwrap().count(),
        1,
        "only the folder of saves"
    );
}

#[test]
fn a_pack_carries_its_manifest_and_an_export_none() {
    let place = Place::new();
    place.good(&["save", "mine", "--ticks", "50"]);
    place.good(&[
        "snap",
        "pack.helios",
        "--world",
        "slot:mine",
        "--title",
        "A \u{1b}[2Jdemo",
        "--author",
        "ada",
        "--description",
        "Two\nlines.",
    ]);
    let info = place.json(&["info", "--json", "pack.helios"]);
    let manifest = &info["manifest"];
    assert_eq!(
        (&manifest["title"], &manifest["author"], &manifest["description"]),
        (&json!("A [2Jdemo"), &json!("ada"), &json!("Two\nlines."))
    );
    assert_eq!(manifest["versions"]["v8"], info["versions"]["v8"]);
    assert_eq!((&manifest["tick"], &manifest["hash"]), (&json!(50), &info["hash"]));
    assert!(!place.good(&["info", "pack.helios"]).contains('\u{1b}'));

    // Equal worlds export to equal files, and those to what `snapshot` writes.
    place.good(&["export", "mine", "one.helios"]);
    place.good(&["export", "pack.helios", "two.helios"]);
    place.good(&["snapshot", "--ticks", "50", "three.helios"]);
    let one = fs::read(place.path("one.helios")).unwrap();
    assert!(one == fs::read(place.path("two.helios")).unwrap());
    assert!(one == fs::read(place.path("three.helios")).unwrap());
    assert_eq!(read_manifest_file(&place.path("one.helios")).unwrap(), None);

    assert!(
        place
            .good(&["import", "pack.helios", "theirs"])
            .starts_with("theirs: tick 50")
    );
    assert_eq!(place.saves()[1]["manifest"]["author"], json!("ada"));
    let line = place.bad(&["import", "one.helios", "theirs"], 1);
    assert!(line.contains("already: --force"), "{line}");
    place.good(&["import", "--force", "one.helios", "theirs"]);
    // Without processes: their journals go, files and services stay.
    place.good(&[
        "exec",
        "--world",
        "slot:mine",
        "--save",
        "slot:mine",
        "--",
        "echo kept > f; sleep 1000 & true",
    ]);
    place.good(&["export", "--cold", "mine", "cold.helios"]);
    assert_eq!(place.good(&["exec", "--world", "cold.helios", "--", "cat f"]), "kept\n");
    assert!(
        !place
            .good(&["exec", "--world", "cold.helios", "--", "ps"])
            .contains("sleep")
    );
}

#[test]
fn damage_and_other_builds_are_told_and_nothing_is_lost() {
    let place = Place::new();
    place.good(&["save", "good", "--ticks", "30", "--title", "Good"]);
    let path = place.data().join("saves/good.helios");
    let whole = fs::read(&path).unwrap();
    // In the manifest: the world is whole, and opens.
    let mut bad = whole.clone();
    bad[100] ^= 1;
    fs::write(place.data().join("saves/odd.helios"), &bad).unwrap();
    let list = place.good(&["saves"]);
    assert!(
        list.contains("its manifest is damaged") && list.contains("Good"),
        "{list}"
    );
    assert_eq!(place.good(&["exec", "--world", "slot:odd", "--", "echo on"]), "on\n");
    // In the world: refused, by whatever opens it, and left as it is.
    let mut bad = whole.clone();
    bad[whole.len() - 100] ^= 1;
    place.write("bad.helios", &bad);
    fs::write(place.data().join("saves/bad.helios"), &bad).unwrap();
    for args in [
        &["import", "bad.helios", "new"][..],
        &["info", "bad.helios"],
        &["export", "bad", "out.helios"],
        &["load", "bad"],
    ] {
        let line = place.bad_file(args, 1, "bad.helios");
        assert!(line.contains("damaged"), "{line}");
    }
    // A manifest of another world is nobody's.
    let other = place.json(&["save", "other", "--json", "--ticks", "40"]);
    let mut lie = fs::read(place.data().join("saves/other.helios")).unwrap();
    let header = |bytes: &[u8]| 12 + usize::from(u16::from_le_bytes([bytes[10], bytes[11]]));
    lie.splice(..header(&lie), whole[..header(&whole)].iter().copied());
    place.write("lie.helios", &lie);
    place.good(&["import", "lie.helios", "lie"]);
    let lie = place.saves().into_iter().find(|save| save["slot"] == "lie").unwrap();
    assert_eq!(
        (&lie["manifest"]["tick"], &lie["manifest"]["hash"]),
        (&json!(40), &other["hash"])
    );
    assert_eq!(lie["manifest"]["title"], json!("single"));
    // What lies beside a save and is no good is ignored, in a line.
    let good = read_snapshot_file(&place.data().join("saves/good.helios")).unwrap();
    let name = format!("good.{}.sidecar", &good.digest().to_string()[..16]);
    let sidecar = place.data().join("saves").join(&name);
    fs::write(&sidecar, b"HELIOSC\x01nonsense").unwrap();
    let ran = place.run(&["exec", "--world", "slot:good", "--", "echo on"]);
    assert_eq!((ran.stdout.as_str(), ran.status), ("on\n", Some(0)), "{ran:?}");
    assert!(
        ran.stderr.contains(&format!("{name}: ")) && ran.stderr.lines().count() == 1,
        "{ran:?}"
    );
    place.good(&["saves", "--remove", "good"]);
    assert!(!sidecar.exists());
    // Another build's world is power-cycled on its way in.
    let mut snapshot = read_snapshot_file(&place.data().join("saves/other.helios")).unwrap();
    snapshot.versions.parts.insert("abi".into(), "0".into());
    helios_engine::snapshot::write_snapshot_file(&place.path("old.helios"), &snapshot).unwrap();
    assert!(
        place
            .good(&["info", "old.helios"])
            .contains("another: its machines will be power-cycled")
    );
    let ran = place.run(&["import", "old.helios", "old"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    assert!(
        ran.stderr.contains("old.helios: made by another build (abi 0 there, "),
        "{ran:?}"
    );
    assert_eq!(place.json(&["info", "--json", "old"])["this_build"], json!(true));
}

#[test]
fn autosaves_roll_and_belong_to_a_slot() {
    let place = Place::new();
    let line = place.bad(&["exec", "--autosave", "1", "--", "true"], 2);
    assert!(line.contains("--save slot:NAME"), "{line}");
    for minutes in ["0", "-1", "x", "1e9"] {
        let ran = place.run(&[
            "exec",
            &format!("--autosave={minutes}"),
            "--save",
            "slot:a",
            "--",
            "true",
        ]);
        assert_eq!(ran.status, Some(2), "{ran:?}");
    }
    place.good(&["save", "roll", "--ticks", "5"]);
    let newest = || {
        place
            .slot_names()
            .get(1)
            .map_or(0, |name| name["roll@".len()..].parse::<u64>().unwrap())
    };
    let mut known = 0;
    for round in 0..6 {
        let args = [
            "exec",
            "--host",
            "threads",
            "--world",
            "slot:roll",
            "--autosave",
            "0.0002",
            "--autosave-keep",
            "2",
            "--",
            "while :; do echo x >> f; sleep 0.01; done",
        ];
        let mut child = place.command(&args).stderr(Stdio::null()).spawn().unwrap();
        // The player is killed at some moment after a new save, most likely while the next is being written.
        while newest() <= known {
            assert!(
                child.try_wait().unwrap().is_none(),
                "the world goes on until it is killed"
            );
            pause(5);
        }
        pause(17 * round);
        end(&mut child, false);
        // Whatever is in the list is whole; numbers only grow; the newest two stay, and perhaps the one before them.
        let saves = place.saves();
        assert!((2..=4).contains(&saves.len()), "{saves:?}");
        for save in &saves {
            let snapshot = read_snapshot_file(save["file"].as_str().unwrap().as_ref()).expect("a save is whole");
            assert_eq!(json!(snapshot.tick), save["manifest"]["tick"]);
        }
        assert!(newest() > known);
        known = newest();
    }
    let names = place.slot_names();
    // An autosave is a world that goes on, and so is the slot when it ends in peace.
    let world = format!("slot:{}", names[1]);
    assert!(
        place
            .good(&["exec", "--world", &world, "--save", "slot:roll", "--", "cat f"])
            .starts_with("x\n")
    );
    assert!(
        place
            .good(&["exec", "--world", "slot:roll", "--", "cat f"])
            .starts_with("x\n")
    );
    let files = fs::read_dir(place.data().join("saves")).unwrap().count();
    assert!(files <= 5, "what killed writers leave is used up: {files}");
}

#[test]
fn a_full_disk_costs_nothing_that_there_is() {
    let place = Place::new();
    place.good(&["save", "full", "--ticks", "20", "--title", "Before"]);
    place.good(&["exec", "--record", "r.hreplay", "--save", "w.helios", "--", "true"]);
    let before = fs::read(place.data().join("saves/full.helios")).unwrap();
    let recorded = fs::read(place.path("r.hreplay")).unwrap();
    // Files of at most 100 KiB, as if that were all the room there is: the writer gets an error in its midst.
    let limited = |args: &str| {
        let script = format!(
            "trap '' XFSZ; ulimit -f 200; exec {} {args}",
            env!("CARGO_BIN_EXE_helios")
        );
        let mut command = std::process::Command::new("sh");
        command
            .args(["-c", &script])
            .current_dir(place.path(""))
            .env("HELIOS_DATA", place.data());
        Ran::of(command.stdin(Stdio::null()).output().unwrap())
    };
    for args in [
        "save full --host threads --ticks 40",
        "exec --host threads --world slot:full --save slot:full -- true",
        "exec --host threads --save w.helios -- true",
        "exec --host threads --record r.hreplay -- true",
        "snap w.helios",
        "export full w.helios",
        "replay --save w.helios r.hreplay",
        "replay --branch r.hreplay r.hreplay",
    ] {
        let ran = limited(args);
        assert_eq!(ran.status, Some(1), "{args}: {ran:?}");
        assert!(ran.stderr.contains("file too large"), "{args}: {ran:?}");
        assert!(!ran.stderr.contains("panicked"), "{args}: {ran:?}");
    }
    assert!(before == fs::read(place.data().join("saves/full.helios")).unwrap());
    assert!(recorded == fs::read(place.path("r.hreplay")).unwrap());
    assert_eq!(place.names(), ["r.hreplay", "w.helios"], "nothing half-written is left");
    assert_eq!(place.slot_names(), ["full"]);
    read_snapshot_file(&place.path("w.helios")).unwrap();
    // An autosave that finds no room is said, and the world goes on.
    let ran = limited(
        "exec --host threads --world slot:full --autosave 0.0002 -- 'n=0; while [ $n -lt 60 ]; do n=$((n+1)); sleep 0.01; done; echo end'",
    );
    assert!(
        ran.stdout.ends_with("end\n") && ran.stderr.contains("autosave: "),
        "{ran:?}"
    );
    assert_eq!(place.slot_names(), ["full"]);
}

#[test]
fn a_small_file_that_grows_large_is_refused() {
    let place = Place::new();
    let bomb = |name: &str, start: &str, piece: &[u8], count: u64| {
        let file = fs::File::create(place.path(name)).unwrap();
        let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        encoder.write_all(start.as_bytes()).unwrap();
        (0..count).for_each(|_| encoder.write_all(piece).unwrap());
        encoder.finish().unwrap();
        assert!(fs::metadata(place.path(name)).unwrap().len() < 64 << 20);
    };
    let piece = b"[],".repeat(1 << 16);
    bomb("many.helios", "{\"blobs\":[", &piece, 300);
    for args in [
        &["import", "many.helios", "x"][..],
        &["info", "many.helios"],
        &["restore", "many.helios"],
    ] {
        let line = place.bad_file(args, 1, "many.helios");
        assert!(line.contains("values are over the limit"), "{line}");
    }
    assert!(place.slot_names().is_empty());
}
