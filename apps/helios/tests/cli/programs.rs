//! Programs on a machine: their streams, their status, their errors.

use std::fs;

use helios_engine::log::Body;
use helios_engine::replay::read_recording_file;
use serde_json::{Value, json};

use super::Place;

#[test]
fn exec_passes_streams_and_status() {
    let place = Place::new();
    assert_eq!(place.good(&["exec", "--", "cat", "/etc/issue"]), "Welcome to Helios.\n");
    let ran = place.run(&["exec", "--", "echo out; echo err >&2; exit 3"]);
    assert_eq!(
        (ran.stdout.as_str(), ran.stderr.as_str(), ran.status),
        ("out\n", "err\n", Some(3))
    );
    let ran = place.run(&["exec", "--", "nonesuch"]);
    assert_eq!(ran.status, Some(127));
    assert!(ran.stderr.contains("nonesuch"), "{ran:?}");
    assert_eq!(place.run(&["exec", "--", "kill -TERM $$"]).status, Some(143));
    assert_eq!(
        place.run(&["exec", "--host", "threads", "--", "kill -KILL $$"]).status,
        Some(137)
    );
    assert_eq!(
        place.good(&["exec", "--user", "root", "--", "echo $USER $HOME"]),
        "root /root\n"
    );
    let ran = place.run(&["exec", "--limit", "50", "--", "sleep 1000"]);
    assert_eq!(ran.status, Some(124));
    assert!(ran.stderr.contains("limit of 50 ticks"), "{ran:?}");
    let line = place.run(&["exec", "--user", "nobody-here", "--", "true"]);
    assert_eq!(line.status, Some(126));
    assert!(line.stderr.contains("nobody-here"), "{line:?}");
    let line = place.bad(&["exec", "--machine", "mars", "--", "true"], 1);
    assert!(line.contains("\"mars\"") && line.contains("home"), "{line}");
}

#[test]
fn standard_input_reaches_the_program_through_the_log() {
    let place = Place::new();
    let ran = place.run_with_input(
        &["exec", "--record", "in.hreplay", "--", "cat; echo end"],
        b"one\ntwo\n",
    );
    assert_eq!(
        (ran.stdout.as_str(), ran.status),
        ("one\ntwo\nend\n", Some(0)),
        "{ran:?}"
    );
    let recording = read_recording_file(&place.path("in.hreplay")).unwrap();
    let commands: Vec<(&str, &Value)> = recording
        .log
        .records
        .iter()
        .filter_map(|record| match &record.body {
            Body::Command { name, payload } => Some((name.as_str(), payload)),
            _ => None,
        })
        .collect();
    // "one\ntwo\n", in base64.
    assert!(
        commands
            .iter()
            .any(|(name, payload)| *name == "kernel.stdin" && payload["bytes"] == json!("b25lCnR3bwo=")),
        "{commands:?}"
    );
    assert!(
        commands.iter().any(|(name, _)| *name == "kernel.stdin_close"),
        "{commands:?}"
    );
    place.good(&["replay", "--verify", "in.hreplay"]);
}

#[test]
fn run_shows_errors_where_they_are_in_typescript() {
    let place = Place::new();
    fs::create_dir(place.path("lib")).unwrap();
    place.write("lib/two.ts", "export function two(): number {\n  return 2;\n}\nexport function fail(): never {\n  throw new TypeError(\"no\");\n}\n");
    place.write("good.ts", "import { two } from \"./lib/two.ts\";\nimport { args } from \"helios:process\";\nconsole.log(two() as number, args.join(\",\"));\n");
    assert_eq!(place.good(&["run", "good.ts", "a", "--b"]), "2 a,--b\n");
    place.write(
        "bad.ts",
        "import { fail } from \"./lib/two.ts\";\n\ninterface Unused {\n  x: number;\n}\n\nfail();\n",
    );
    for host in ["threads", "children"] {
        let ran = place.run(&["run", "--host", host, "bad.ts"]);
        assert_eq!((ran.status, ran.stdout.as_str()), (Some(1), ""), "{ran:?}");
        for part in ["TypeError: no", "lib/two.ts:5:", "bad.ts:7:"] {
            assert!(ran.stderr.contains(part), "{part} is not in {ran:?}");
        }
    }
    place.write("lost.ts", "\nimport \"./gone.ts\";\n");
    let line = place.bad_file(&["run", "lost.ts"], 1, "lost.ts:2:");
    assert!(line.contains("gone.ts"), "{line}");
    place.write("syntax.ts", "let x = ;\n");
    let text = place.bad(&["run", "syntax.ts"], 1);
    assert!(text.contains("syntax.ts:1:9") && text.contains("let x = ;"), "{text}");
    place.bad_file(&["run", "nowhere.ts"], 1, "nowhere.ts");
    place.write("bytes.ts", b"const a = '\xff';");
    assert!(place.bad_file(&["run", "bytes.ts"], 1, "bytes.ts").contains("byte 11"));
}

#[test]
fn check_shows_the_place() {
    let place = Place::new();
    place.write("good.ts", "const x: number = 1;\nconsole.log(x);\n");
    place.write("bad.ts", "const ok = 1;\nlet x = ;\n");
    assert!(
        place
            .good(&["check", "good.ts"])
            .starts_with("1 file is free of errors")
    );
    let ran = place.run(&["check", "good.ts", "bad.ts"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(1), ""), "{ran:?}");
    assert!(
        ran.stderr.contains("bad.ts:2:9") && ran.stderr.contains("2 | let x = ;"),
        "{ran:?}"
    );
    let ran = place.run(&["check", "--json", "good.ts", "bad.ts"]);
    assert_eq!(ran.status, Some(1));
    let lines: Vec<Value> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0], json!({ "specifier": "good.ts", "list": [] }));
    assert_eq!(
        (&lines[1]["specifier"], &lines[1]["list"][0]["line"]),
        (&json!("bad.ts"), &json!(2))
    );
    place.bad_file(&["check", "gone.ts"], 1, "gone.ts");
    place.bad_file(&["check", "."], 1, ".: is a directory");
}
