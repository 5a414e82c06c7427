//! `helios replay`: plays a recording again, compares hashes, walks through it, branches off it.

mod steps;
mod walk;

use std::path::Path;

use helios_engine::hash::HashPolicy;
use helios_engine::ids::{NodeId, Nodes, Tick};
use helios_engine::log::{Body, Record};
use helios_engine::replay::{
    Recording, ReplayError, ReplayOptions, ReplayReport, read_recording_file, write_recording_file,
};
use helios_engine::versions::BuildVersions;
use serde_json::{Value, json};

pub(super) use self::walk::{Position, Walk};
use crate::args::ReplayArgs;
use crate::error::{Failure, Outcome};
use crate::sim::{HostChoice, Sim};

/// Longest payload that is shown in a line, in characters.
const MAX_PAYLOAD_CHARS: usize = 100;

/// Runs the command.
///
/// # Errors
/// If the recording is not sound, or the run differs from it.
pub(super) fn replay(args: &ReplayArgs) -> Outcome {
    let recording = open(&args.file, args.other_build)?;
    if let (Some(from), to) = (args.from, args.to.unwrap_or(recording.end.0))
        && from > to
    {
        return Err(Failure::usage(format!(
            "--from {from} is after tick {to}, where the replay stops"
        )));
    }
    for tick in [args.from, args.to].into_iter().flatten().map(Tick) {
        check_within(&args.file, &recording, tick)?;
    }
    if args.step {
        return steps::run(args, &recording);
    }
    let mut sim = Sim::empty(host(args), HashPolicy::EveryEpoch)?;
    sim.capture_from(&recording.snapshot, &args.capture)?;
    let report = play(args, &mut sim, &recording)?;
    leave(args, &mut sim, &recording)?;
    let inputs: Vec<&Record> = args.from.map_or_else(Vec::new, |from| {
        let range = Tick(from)..=report.end;
        let records = recording.log.records.iter();
        records.filter(|record| range.contains(&record.tick)).collect()
    });
    say(args, &sim, &report, &inputs);
    Ok(0)
}

fn host(args: &ReplayArgs) -> HostChoice {
    HostChoice {
        kind: args.host,
        workers: usize::from(args.workers),
        live_max: None,
    }
}

/// Reads a recording; one of another build as if it were of this one, where that is asked for.
///
/// # Errors
/// If it is not sound.
pub(super) fn open(path: &Path, other_build: bool) -> Result<Recording, Failure> {
    let mut recording = read_recording_file(path).map_err(|error| Failure::new(error.to_string()))?;
    if other_build && recording.log.header.snapshot == recording.snapshot.digest() {
        let app = Sim::rooms(HashPolicy::Off);
        let ours = app.world().resource::<BuildVersions>().parts();
        recording.snapshot.versions.parts.clone_from(ours);
        recording.log.header.snapshot = recording.snapshot.digest();
    }
    Ok(recording)
}

fn check_within(file: &Path, recording: &Recording, tick: Tick) -> Result<(), Failure> {
    let (start, end) = (recording.snapshot.tick, recording.end);
    if tick >= start && tick <= end {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{}: tick {tick} is not in it: it goes from tick {start} to tick {end}",
        file.display()
    )))
}

fn play(args: &ReplayArgs, sim: &mut Sim, recording: &Recording) -> Result<ReplayReport, Failure> {
    let name = args.file.display();
    let options = ReplayOptions {
        until: args.to.map(Tick),
        ..ReplayOptions::default()
    };
    let result = helios_engine::replay::replay(sim.app_mut(), recording, &options);
    sim.check_halted()
        .map_err(|failure| Failure::new(format!("{name}: {failure}")))?;
    result.map_err(|error| match error {
        ReplayError::Diverged(divergence) if !args.verify => {
            Failure::new(format!("{name}: the run differs from the recording: {divergence}"))
        }
        error => Failure::new(format!("{name}: {error}")),
    })
}

/// Writes what is asked for where the replay stopped.
fn leave(args: &ReplayArgs, sim: &mut Sim, recording: &Recording) -> Result<(), Failure> {
    if let Some(path) = &args.branch {
        write_branch(sim, recording, path)?;
    }
    match &args.save {
        Some(path) => sim.save(path),
        None => Ok(()),
    }
}

/// Begins a branch of a recording at the present tick.
///
/// # Errors
/// If the file cannot be written, or is the recording itself.
pub(super) fn write_branch(sim: &mut Sim, recording: &Recording, path: &Path) -> Result<(), Failure> {
    let branch = Recording::branch(sim.frame()?.to_snapshot(), recording.log.digest(), sim.hash());
    write_recording_file(path, &branch).map_err(|error| Failure::new(error.to_string()))
}

fn say(args: &ReplayArgs, sim: &Sim, report: &ReplayReport, inputs: &[&Record]) {
    let verified = report.epochs_verified + report.ticks_verified;
    if args.json {
        let mut said = json!({ "file": args.file, "ticks": report.ticks, "verified": verified, "end": report.end, "hash": report.end_hash });
        if args.from.is_some() {
            said["inputs"] = inputs.iter().map(|record| json!(record)).collect();
        }
        if let Some(branch) = &args.branch {
            said["branch"] = json!(branch);
        }
        println!("{said}");
        return;
    }
    for record in inputs {
        println!("{}", describe_record(sim, record));
    }
    println!(
        "{}: {} ticks, {verified} hashes verified, ends at tick {} with hash {}",
        args.file.display(),
        report.ticks,
        report.end,
        report.end_hash
    );
    if let Some(branch) = &args.branch {
        println!("{}: a branch from tick {}", branch.display(), report.end);
    }
}

/// A record in one line.
pub(super) fn describe_record(sim: &Sim, record: &Record) -> String {
    let node = node_name(sim, record.node);
    let what = match &record.body {
        Body::Command { name, payload } => format!("{name} {}", excerpt(payload)),
        Body::Verdict { pid, slice, reason } => format!("verdict: process {pid}, slice {slice}: {}", reason.text()),
        Body::Epoch { hash } => format!("hash {hash}"),
    };
    format!("tick {}: {node}: {what}", record.tick)
}

fn node_name(sim: &Sim, node: NodeId) -> String {
    let mut names = sim.world().resource::<Nodes>().iter_by_name();
    let found = names.find(|(_, id)| *id == node).map(|(name, _)| name.to_owned());
    found.unwrap_or_else(|| node.to_string())
}

fn excerpt(payload: &Value) -> String {
    let text = payload.to_string();
    match text.char_indices().nth(MAX_PAYLOAD_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
