//! `helios info`: what a file or a slot holds, without running it.

use std::path::{Path, PathBuf};

use helios_engine::hash::hash_of_snapshot;
use helios_engine::ids::RowId;
use helios_engine::log::{Body, LogFile};
use helios_engine::replay::{Recording, read_recording_file};
use helios_engine::snapshot::{Snapshot, read_manifest_file, read_snapshot_file};
use helios_engine::state::Registry;
use serde_json::{Value, json};

use super::saves::{date, duration};
use crate::args::InfoArgs;
use crate::error::{Failure, Outcome};
use crate::sim::Sim;
use crate::slots::{PREFIX, Sidecar, Slot};

/// Runs the command.
///
/// # Errors
/// If there is no such file, or it is damaged.
pub(super) fn info(args: &InfoArgs) -> Outcome {
    let path = find(&args.save)?;
    let fail = |error: helios_engine::snapshot::FileError| Failure::new(error.to_string());
    let mut facts = if path.extension().is_some_and(|extension| extension == "hreplay") {
        of_recording(&read_recording_file(&path).map_err(fail)?)
    } else {
        let snapshot = read_snapshot_file(&path).map_err(fail)?;
        let mut facts = of_snapshot(&snapshot);
        facts["manifest"] = match read_manifest_file(&path) {
            Ok(manifest) => json!(manifest),
            Err(error) => json!({ "problem": error.problem }),
        };
        facts["sidecar"] = json!(!Sidecar::all_beside(&path).is_empty());
        facts
    };
    facts["file"] = json!(path);
    facts["bytes"] = json!(std::fs::metadata(&path).map_or(0, |metadata| metadata.len()));
    if args.json {
        println!("{facts}");
    } else {
        show(&facts);
    }
    Ok(0)
}

/// The file that is meant: one that is named as such, or a slot's.
fn find(save: &str) -> Result<PathBuf, Failure> {
    let name = super::export::world_name(save);
    if !name.starts_with(PREFIX) {
        return Ok(PathBuf::from(name));
    }
    let slot: Slot = name.parse().map_err(Failure::usage)?;
    let path = slot.path()?;
    if path.exists() { Ok(path) } else { Err(slot.missing()) }
}

fn of_snapshot(snapshot: &Snapshot) -> Value {
    let app = Sim::rooms(helios_engine::hash::HashPolicy::Off);
    let registry = app.world().resource::<Registry>();
    let parts = app.world().resource::<helios_engine::versions::BuildVersions>().parts();
    let count = |name: &str| -> usize {
        snapshot
            .nodes
            .values()
            .filter_map(|names| names.get(name))
            .map(|rows| rows.len())
            .sum()
    };
    let nodes: Vec<&str> = snapshot
        .nodes
        .keys()
        .filter_map(|node| snapshot.row("node", RowId::of_node(*node))?.get("name")?.as_str())
        .filter(|name| *name != "world")
        .collect();
    let epoch = snapshot
        .row("world_epoch", RowId::WORLD)
        .and_then(|row| row["unix_ms"].as_u64());
    json!({
        "kind": "save",
        "world": snapshot.row("world_info", RowId::WORLD).map(|row| row["name"].clone()),
        "tick": snapshot.tick,
        "clock_unix_ms": epoch.map(|epoch| epoch + snapshot.tick.0),
        "hash": hash_of_snapshot(snapshot, registry),
        "digest": snapshot.digest(),
        "this_build": snapshot.versions.parts == *parts,
        "versions": snapshot.versions.parts,
        "nodes": nodes.len(),
        "node_names": nodes.iter().take(100).collect::<Vec<_>>(),
        "processes": count("process"),
        "rows": snapshot.nodes.values().flat_map(|names| names.values()).map(|rows| rows.len()).sum::<usize>(),
        "blobs": snapshot.blobs.len(),
        "blob_bytes": snapshot.blobs.values().map(|bytes| bytes.len()).sum::<usize>(),
    })
}

fn of_recording(recording: &Recording) -> Value {
    let LogFile { header, records } = &recording.log;
    let commands = records
        .iter()
        .filter(|record| matches!(record.body, Body::Command { .. }));
    let verdicts = records
        .iter()
        .filter(|record| matches!(record.body, Body::Verdict { .. }));
    let mut facts = of_snapshot(&recording.snapshot);
    facts["kind"] = json!("recording");
    facts["end"] = json!(recording.end);
    facts["end_hash"] = json!(recording.end_hash);
    facts["log"] = json!(recording.log.digest());
    facts["parent"] = json!(header.parent);
    facts["commands"] = json!(commands.count());
    facts["verdicts"] = json!(verdicts.count());
    facts
}

/// Prints facts for people, a line each.
fn show(facts: &Value) {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let line = |name: &str, value: String| println!("{name:<12} {value}");
    let kib = |value: &Value| format!("{} KiB", value.as_u64().unwrap_or(0).div_ceil(1024));
    println!(
        "{}: a {}, {}",
        Path::new(facts["file"].as_str().unwrap_or("")).display(),
        text(&facts["kind"]),
        kib(&facts["bytes"])
    );
    line("world", text(&facts["world"]));
    let tick = facts["tick"].as_u64().unwrap_or(0);
    line("tick", format!("{tick} ({})", duration(tick)));
    if let Some(clock) = facts["clock_unix_ms"].as_u64() {
        line("clock", format!("{} UTC", date(clock)));
    }
    line("hash", text(&facts["hash"]));
    if facts["kind"] == "recording" {
        let end = facts["end"].as_u64().unwrap_or(0);
        line("end", format!("{end} ({} on)", duration(end.saturating_sub(tick))));
        line("end hash", text(&facts["end_hash"]));
        line(
            "inputs",
            format!("{} commands, {} verdicts", facts["commands"], facts["verdicts"]),
        );
        line("log", text(&facts["log"]));
        if let Some(parent) = facts["parent"].as_object() {
            line(
                "branch of",
                format!("log {} at tick {}", text(&parent["log"]), parent["tick"]),
            );
        }
    }
    line(
        "nodes",
        format!(
            "{}, with {} processes and {} rows",
            facts["nodes"], facts["processes"], facts["rows"]
        ),
    );
    line(
        "contents",
        format!("{} pieces, {}", facts["blobs"], kib(&facts["blob_bytes"])),
    );
    let build = if facts["this_build"] == true {
        "this one"
    } else {
        "another: its machines will be power-cycled"
    };
    line("build", build.to_owned());
    if facts["sidecar"] == true {
        line("beside it", "what this installation keeps to open it faster".to_owned());
    }
    show_manifest(&facts["manifest"]);
}

fn show_manifest(manifest: &Value) {
    if let Some(problem) = manifest["problem"].as_str() {
        println!("{:<12} {problem}", "manifest");
    }
    for field in ["title", "author", "description"] {
        if let Some(text) = manifest[field].as_str().filter(|text| !text.is_empty()) {
            println!("{field:<12} {}", text.replace('\n', "\n             "));
        }
    }
    if let Some(saved) = manifest["saved_unix_ms"].as_u64() {
        println!("{:<12} {} UTC", "saved", date(saved));
        println!(
            "{:<12} {}",
            "played",
            duration(manifest["play_ms"].as_u64().unwrap_or(0))
        );
    }
    for line in manifest["screen"].as_array().into_iter().flatten() {
        println!("{:<12} | {}", "", line.as_str().unwrap_or(""));
    }
}
