//! Recordings: verified, walked through, branched off, compared.

use std::fs;

use helios_engine::log::Body;
use helios_engine::replay::{read_recording_file, write_recording_file};
use serde_json::{Value, json};

use super::Place;

#[test]
fn a_recording_is_verified_and_a_damaged_one_is_refused() {
    let place = Place::new();
    place.good(&["exec", "--record", "r.hreplay", "--", "echo text > f; cat f; sleep 4"]);
    for host in ["threads", "children"] {
        let report = place.json(&["replay", "--verify", "--json", "--host", host, "r.hreplay"]);
        assert!(
            report["ticks"].as_u64().unwrap() > 4000 && report["verified"].as_u64().unwrap() >= 1,
            "{report}"
        );
    }
    let part = place.json(&["replay", "--verify", "--json", "--to", "50", "r.hreplay"]);
    assert_eq!(part["end"], json!(50));
    let whole = fs::read(place.path("r.hreplay")).unwrap();
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 0x10;
    place.write("damaged.hreplay", damaged);
    place.bad_file(&["replay", "--verify", "damaged.hreplay"], 1, "damaged.hreplay");
    for length in [0, 5, whole.len() / 2, whole.len() - 1] {
        place.write("cut.hreplay", &whole[..length]);
        place.bad_file(&["replay", "--verify", "cut.hreplay"], 1, "cut.hreplay");
    }
    // A file of the right form whose story is another one.
    let mut recording = read_recording_file(&place.path("r.hreplay")).unwrap();
    let payload = recording
        .log
        .records
        .iter_mut()
        .find_map(|record| match &mut record.body {
            Body::Command { name, payload } if name == "kernel.exec" => Some(payload),
            _ => None,
        });
    payload.unwrap()["argv"][2] = json!("echo other > f; cat f; sleep 4");
    write_recording_file(&place.path("false.hreplay"), &recording).unwrap();
    let line = place.bad_file(&["replay", "--verify", "false.hreplay"], 1, "false.hreplay");
    assert!(line.contains("differs at tick"), "{line}");
    place.bad_file(
        &["replay", "none.hreplay"],
        1,
        "none.hreplay: no such file or directory",
    );
}

/// A recording of a little more than a second: two writes, and a wait between them.
fn recorded(place: &Place) -> u64 {
    place.good(&[
        "exec",
        "--record",
        "a.hreplay",
        "--",
        "echo one > f; sleep 1; echo two >> f",
    ]);
    place.json(&["info", "--json", "a.hreplay"])["end"].as_u64().unwrap()
}

#[test]
fn a_recording_is_walked_through_both_ways() {
    let place = Place::new();
    let end = recorded(&place);
    let straight =
        |tick: u64| place.json(&["replay", "--json", "--to", &tick.to_string(), "a.hreplay"])["hash"].clone();
    let walk = |args: &[&str], lines: &str| -> Vec<Value> {
        let args = [&["replay", "--step", "--json"], args, &["a.hreplay"]].concat();
        let ran = place.run_with_input(&args, lines.as_bytes());
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
        ran.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let said = walk(&["--from", "5"], &format!("\nn 2\nb\ng {end}\nb 2000\ne 1\nq\nn 1\n"));
    let ticks: Vec<u64> = said.iter().map(|line| line["tick"].as_u64().unwrap()).collect();
    assert_eq!(ticks, [5, 6, 8, 7, end, 0, 1]);
    for (tick, line) in [(6, &said[1]), (8, &said[2]), (7, &said[3]), (end, &said[4])] {
        assert_eq!(line["hash"], straight(tick), "tick {tick}");
    }
    assert_eq!(
        (&said[4]["recorded"], &said[4]["wake"]),
        (&said[4]["hash"], &Value::Null)
    );
    assert_eq!(said[6]["inputs"][0]["body"]["command"]["name"], json!("kernel.exec"));

    // The wait is passed over in one event; the rows that differ then are named; a world is written on the way.
    let said = walk(
        &["--from", "400", "--to", "900"],
        "e\nd\ns mid.helios\nx mid.hreplay\ng 901\nwhat\nn x\ns\nh\n",
    );
    assert_eq!(said[1]["tick"], json!(900), "{said:?}");
    assert_eq!(
        (&said[2]["rows"], &said[2]["differences"][0]["component"]),
        (&json!(1), &json!("clock"))
    );
    assert_eq!(place.json(&["restore", "--json", "mid.helios"])["hash"], straight(900));
    assert_eq!(
        place.json(&["info", "--json", "mid.hreplay"])["parent"]["tick"],
        json!(900)
    );
    for (line, says) in said[5..9]
        .iter()
        .zip(["after tick 900", "\"what\"", "\"x\" is not a number", "which file"])
    {
        assert!(line["error"].as_str().unwrap().contains(says), "{line}");
    }
    assert!(said[9]["help"].as_str().unwrap().contains("ticks backwards"));
    // For people.
    let ran = place.run_with_input(&["replay", "--step", "a.hreplay"], b"n 1\nd\n");
    for part in [
        &format!("tick 0 of {end}, hash "),
        "tick 1: home: kernel.exec {",
        "rows differ from tick 0",
        "(home), process",
    ] {
        assert!(ran.stdout.contains(part), "{part} is not in\n{}", ran.stdout);
    }
    let text = place.good(&["replay", "--from", "0", "--to", "10", "a.hreplay"]);
    assert!(
        text.starts_with("tick 1: home: kernel.exec {") && text.contains("ends at tick 10"),
        "{text}"
    );
    for (args, says) in [
        (&["--to", "999999"][..], "is not in it: it goes from tick 0 to tick"),
        (&["--from", "9", "--to", "5"], "--from 9 is after tick 5"),
    ] {
        let args = [&["replay"], args, &["a.hreplay"]].concat();
        let ran = place.run(&args);
        assert!(ran.status != Some(0) && ran.stderr.contains(says), "{ran:?}");
    }
}

#[test]
fn a_branch_is_gone_on_with_and_branched_again() {
    let place = Place::new();
    recorded(&place);
    place.good(&[
        "replay",
        "--to",
        "500",
        "--branch",
        "b.hreplay",
        "--save",
        "at.helios",
        "a.hreplay",
    ]);
    let (parent, branch) = (
        place.json(&["info", "--json", "a.hreplay"]),
        place.json(&["info", "--json", "b.hreplay"]),
    );
    assert_eq!(branch["parent"], json!({ "log": parent["log"], "tick": 500 }));
    assert_eq!((&branch["tick"], &branch["end"]), (&json!(500), &json!(500)));
    assert_eq!(
        place.json(&["restore", "--json", "at.helios"])["hash"],
        branch["end_hash"]
    );
    // The same file goes on with the same log, twice.
    let on = |line: &str| place.good(&["exec", "--world", "b.hreplay", "--record", "b.hreplay", "--", line]);
    assert_eq!(on("cat f; echo other >> f"), "one\n");
    assert_eq!(on("cat f"), "one\nother\n");
    let longer = place.json(&["info", "--json", "b.hreplay"]);
    assert_eq!((&longer["parent"], &longer["commands"]), (&branch["parent"], &json!(4)));
    assert!(longer["end"].as_u64() > Some(500));
    place.good(&["replay", "--verify", "b.hreplay"]);
    // Another file begins a branch where the recording ends.
    place.good(&[
        "exec",
        "--world",
        "b.hreplay",
        "--record",
        "c.hreplay",
        "--",
        "echo third >> f",
    ]);
    let third = place.json(&["info", "--json", "c.hreplay"]);
    assert_eq!(third["parent"], json!({ "log": longer["log"], "tick": longer["end"] }));
    place.good(&["replay", "--verify", "c.hreplay"]);
    assert_eq!(
        place.good(&["exec", "--world", "c.hreplay", "--", "cat f"]),
        "one\nother\nthird\n"
    );
    // A shell goes on as well.
    let ran = place.run_with_input(
        &["shell", "--world", "c.hreplay", "--record", "c.hreplay"],
        b"echo fourth >> f\n",
    );
    assert_eq!(ran.status, Some(0), "{ran:?}");
    place.good(&["replay", "--verify", "c.hreplay"]);
    assert!(
        place
            .good(&["exec", "--world", "c.hreplay", "--", "cat f"])
            .ends_with("third\nfourth\n")
    );
}

#[test]
fn the_first_tick_that_differs_is_found_with_its_rows() {
    let place = Place::new();
    recorded(&place);
    place.good(&["replay", "--to", "500", "--branch", "b.hreplay", "a.hreplay"]);
    let same = place.json(&["bisect", "--json", "a.hreplay", "b.hreplay"]);
    assert_eq!(same, json!({ "equal": true, "from": 500, "to": 500 }));
    place.good(&[
        "exec",
        "--world",
        "b.hreplay",
        "--record",
        "b.hreplay",
        "--",
        "sleep 0.2; echo b",
    ]);
    let ran = place.run(&["bisect", "a.hreplay", "b.hreplay"]);
    assert_eq!(ran.status, Some(1), "{ran:?}");
    for part in [
        "they agree at tick 500 and differ at tick 501, in ",
        "node 0 (world), input_cursor 0, next_seq: 2 on the left, ",
        "(home), process ",
        "more: --rows shows them",
        "entered on the right: tick 501: home: kernel.exec {",
    ] {
        assert!(ran.stdout.contains(part), "{part} is not in\n{}", ran.stdout);
    }
    let found: Value = serde_json::from_str(
        &place
            .run(&["bisect", "--json", "--rows", "1", "a.hreplay", "b.hreplay"])
            .stdout,
    )
    .unwrap();
    assert_eq!((&found["tick"], &found["agreed"]), (&json!(501), &json!(500)));
    assert_eq!(found["differences"].as_array().unwrap().len(), 1);
    assert!(found["rows"].as_u64() > Some(10));

    // Logs without a tick in common.
    place.good(&["exec", "--world", "b.hreplay", "--record", "late.hreplay", "--", "true"]);
    place.good(&["snapshot", "--ticks", "10", "--record", "early.hreplay", "x.helios"]);
    let line = place.bad(&["bisect", "early.hreplay", "late.hreplay"], 2);
    assert!(line.contains("no tick in common"), "{line}");
    place.bad_file(&["bisect", "a.hreplay", "none.hreplay"], 2, "none.hreplay");
}

#[test]
fn two_builds_are_compared_on_one_recording() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let end = recorded(&place);
    let helios = env!("CARGO_BIN_EXE_helios");
    let same = place.json(&["bisect", "--json", "a.hreplay", "--with", helios]);
    assert_eq!(same, json!({ "equal": true, "from": 0, "to": end }));
    // A build that plays it otherwise: this one, on a recording whose command is another.
    let mut recording = read_recording_file(&place.path("a.hreplay")).unwrap();
    for record in &mut recording.log.records {
        if let Body::Command { payload, .. } = &mut record.body
            && let Some(line) = payload.get_mut("argv").and_then(|argv| argv.get_mut(2))
        {
            *line = json!("echo one > f; sleep 1; echo TWO >> f");
        }
    }
    write_recording_file(&place.path("false.hreplay"), &recording).unwrap();
    let script = |name: &str, text: &str| {
        place.write(name, format!("#!/bin/sh\n{text}\n"));
        fs::set_permissions(place.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    };
    script(
        "other",
        &format!("for last; do :; done\nexec {helios} replay --step --json --other-build false.hreplay"),
    );
    let found: Value = serde_json::from_str(
        &place
            .run(&["bisect", "--json", "a.hreplay", "--with", "./other"])
            .stdout,
    )
    .unwrap();
    assert_eq!(
        (&found["equal"], &found["tick"], &found["agreed"]),
        (&json!(false), &json!(1), &json!(0))
    );
    let argv = found["differences"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["component"] == "process")
        .unwrap();
    assert_eq!(argv["field"], json!("argv[2]"));
    assert_eq!(argv["right"], json!("echo one > f; sleep 1; echo TWO >> f"));
    // One that stops on the way, one that cannot do it at all, one that is not there.
    script(
        "stops",
        &format!("{helios} replay --step --json --other-build a.hreplay --to 400"),
    );
    let ran = place.run(&["bisect", "a.hreplay", "--with", "./stops"]);
    assert_eq!(ran.status, Some(1), "{ran:?}");
    assert!(
        ran.stdout.contains("the second cannot go on to tick") && ran.stdout.contains("after tick 400"),
        "{ran:?}"
    );
    script("old", "echo no such option >&2; exit 2");
    let ran = place.run(&["bisect", "a.hreplay", "--with", "./old"]);
    assert_eq!(ran.status, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("can it `replay --step --json`?"), "{ran:?}");
    assert!(
        place
            .bad(&["bisect", "a.hreplay", "--with", "./gone"], 2)
            .contains("cannot be started")
    );
    assert_eq!(place.run(&["bisect", "a.hreplay"]).status, Some(2));
    // A recording of another build is refused, unless that is what is asked for.
    recording.snapshot.versions.parts.insert("v8".into(), "1.2.3".into());
    recording.log.header.snapshot = recording.snapshot.digest();
    write_recording_file(&place.path("theirs.hreplay"), &recording).unwrap();
    assert!(place.bad(&["replay", "theirs.hreplay"], 1).contains("v8 1.2.3 there"));
    place.good(&["replay", "--other-build", "--to", "100", "theirs.hreplay"]);
}
