//! Opening a world: by name, from a world file, from a snapshot, a slot, or the end of a recording.

use std::path::Path;

use helios_engine::hash::HashPolicy;
use helios_engine::ids::NodeId;
use helios_engine::log::{CommandRegistry, parse_script, schedule_script};
use helios_engine::replay::{ReplayOptions, read_recording_file, replay};
use helios_engine::snapshot;
use helios_engine::versions::UPGRADE;
pub use helios_engine::worlds::WORLDS;
use helios_engine::worlds::{BuildOptions, MAX_WORLD_BYTES, build_world, builtin_world};
use helios_kernel::files::host::{HostSession, UNNAMED_SESSIONS};
use helios_kernel::files::tty::{Master, Tty};
use serde_json::json;

use super::{HostChoice, Sim};
use crate::args::WorldArgs;
use crate::error::{Failure, read_host_file};
use crate::slots::{AutosaveConfig, PREFIX, Sidecar, Slot, Target};

/// Largest script file, in bytes.
const MAX_SCRIPT_BYTES: u64 = 16 << 20;

impl Sim {
    /// Opens the world that `name` says: one of the program's own, a `.ron` file, a `.helios` file, a slot (`slot:NAME`),
    /// or a `.hreplay` file, at whose end it stands.
    ///
    /// # Errors
    /// If there is no such world or file, or it is not sound.
    pub fn open(name: &str, host: HostChoice, policy: HashPolicy, cold: bool) -> Result<Self, Failure> {
        if name.starts_with(PREFIX) {
            let slot: Slot = name.parse().map_err(Failure::usage)?;
            let path = slot.path()?;
            if !path.exists() {
                return Err(slot.missing());
            }
            return Self::open(&path.to_string_lossy(), host, policy, cold);
        }
        let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
        let mut sim = match (extension, builtin_world(name)) {
            (Some("helios"), _) => Self::open_snapshot(Path::new(name), host, policy, cold)?,
            (Some("hreplay"), _) => Self::open_recording(Path::new(name), host, policy, cold)?,
            (Some("ron"), _) => {
                let bytes = read_host_file(Path::new(name), MAX_WORLD_BYTES as u64)?;
                let text = String::from_utf8(bytes).map_err(|error| {
                    Failure::new(format!(
                        "{name}: not UTF-8 at byte {}",
                        error.utf8_error().valid_up_to()
                    ))
                })?;
                Self::built(name, &text, BuildOptions::default(), host, policy)?
            }
            (_, Some(text)) => Self::built(&format!("{name}.ron"), text, BuildOptions::default(), host, policy)?,
            (_, None) => {
                let known: Vec<&str> = WORLDS.iter().map(|(known, _)| *known).collect();
                let known = known.join(", ");
                return Err(Failure::usage(format!(
                    "there is no world named {name:?}: there is {known}, or name a .ron, a .helios or a .hreplay file, or slot:NAME"
                )));
            }
        };
        let highest = highest_session(&mut sim);
        sim.set_next_session(highest + 1);
        Ok(sim)
    }

    /// Builds a world from the text of a world file.
    ///
    /// # Errors
    /// With file, line and column.
    pub fn built(
        file: &str,
        text: &str,
        options: BuildOptions,
        host: HostChoice,
        policy: HashPolicy,
    ) -> Result<Self, Failure> {
        let mut sim = Self::empty(host, policy)?;
        build_world(sim.world_mut(), file, text, options).map_err(|error| Failure::new(error.to_string()))?;
        Ok(sim)
    }

    fn open_snapshot(path: &Path, host: HostChoice, policy: HashPolicy, cold: bool) -> Result<Self, Failure> {
        let snapshot = snapshot::read_snapshot_file(path).map_err(|error| Failure::new(error.to_string()))?;
        // One that is damaged is as good as none: the world is whole.
        let manifest = snapshot::read_manifest_file(path).unwrap_or_default();
        let digest = (!Sidecar::all_beside(path).is_empty()).then(|| snapshot.digest());
        let mut sim = Self::empty(host, policy)?;
        let outcome = snapshot::restore(sim.world_mut(), snapshot)
            .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
        if let Some(difference) = &outcome.upgrade_needed {
            eprintln!("helios: {}: {difference}", path.display());
        }
        if manifest.is_some() {
            sim.take_manifest(manifest);
        }
        if let Some(world) = digest {
            sim.read_beside(path, world);
        }
        if !cold && outcome.upgrade_needed.is_none() {
            sim.take_over_checkpoints(path)?;
        } else {
            sim.submit(NodeId::WORLD, UPGRADE, json!({}))?;
            // At once, so that what is saved or recorded from here on is of this build.
            sim.step()?;
        }
        Ok(sim)
    }

    fn open_recording(path: &Path, host: HostChoice, policy: HashPolicy, cold: bool) -> Result<Self, Failure> {
        let recording = read_recording_file(path).map_err(|error| Failure::new(error.to_string()))?;
        let mut sim = Self::empty(host, policy)?;
        let replayed = replay(sim.app_mut(), &recording, &ReplayOptions::default());
        sim.check_halted()?;
        replayed.map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
        sim.author_from(recording);
        if cold {
            sim.submit(NodeId::WORLD, UPGRADE, json!({}))?;
        }
        Ok(sim)
    }
}

fn highest_session(sim: &mut Sim) -> u64 {
    let world = sim.world_mut();
    let mut rows = world.query::<&HostSession>();
    let mut sessions: Vec<u64> = rows.iter(world).map(|row| row.session).collect();
    let mut terminals = world.query::<&Tty>();
    sessions.extend(terminals.iter(world).filter_map(|row| match row.master {
        Master::Host { session } => Some(session),
        _ => None,
    }));
    sessions
        .into_iter()
        .filter(|session| *session < UNNAMED_SESSIONS)
        .max()
        .unwrap_or(0)
}

/// Opens the world of a command, with its script and its recording.
///
/// # Errors
/// If anything named is not there or not sound.
pub fn open(args: &WorldArgs) -> Result<Sim, Failure> {
    let host = HostChoice {
        kind: args.host,
        workers: usize::from(args.workers),
        live_max: args.live.map(usize::from),
    };
    let policy = if args.record.is_some() {
        HashPolicy::EveryEpoch
    } else {
        HashPolicy::Off
    };
    let mut sim = Sim::open(&args.world, host, policy, args.cold)?;
    sim.capture(&args.capture)?;
    if let Some(path) = &args.record {
        // The same file goes on with the same log; another one begins a branch.
        if same_file(path, Path::new(&args.world)) {
            sim.record_on();
        } else {
            sim.record();
        }
    }
    if let Some(config) = autosave(args)? {
        sim.autosave(config);
    }
    if let Some(path) = &args.script {
        let bytes = read_host_file(path, MAX_SCRIPT_BYTES)?;
        let text = String::from_utf8(bytes).map_err(|_| Failure::new(format!("{}: not UTF-8", path.display())))?;
        let fail = |error: helios_engine::log::ScriptError| Failure::new(format!("{}:{error}", path.display()));
        let lines = parse_script(sim.world().resource::<CommandRegistry>(), &text).map_err(fail)?;
        schedule_script(sim.world_mut(), lines).map_err(fail)?;
    }
    for spec in &args.insert {
        sim.insert_file(&spec.drive, &spec.file)?;
    }
    if !args.insert.is_empty() {
        // What is pushed in is there when the command begins.
        sim.step()?;
    }
    for spec in &args.sync {
        sim.keep_same(spec)?;
    }
    if !args.sync.is_empty() {
        sim.sync()?;
        // What the host has is there when the command begins.
        sim.step()?;
    }
    sim.sample_memory();
    sim.report_refusals();
    Ok(sim)
}

fn same_file(one: &Path, two: &Path) -> bool {
    let (one, two) = (std::fs::canonicalize(one), std::fs::canonicalize(two));
    one.ok().zip(two.ok()).is_some_and(|(one, two)| one == two)
}

/// Whose autosaves a command makes: those of the slot that it saves to, or of the one that it opened.
fn autosave(args: &WorldArgs) -> Result<Option<AutosaveConfig>, Failure> {
    let Some(minutes) = args.autosave else { return Ok(None) };
    let opened = args.world.strip_prefix(PREFIX).map(str::parse::<Slot>);
    let slot = match (&args.save, opened) {
        (Some(Target::Slot(name)), _) => name.clone(),
        (_, Some(Ok(slot))) => slot.name,
        _ => {
            return Err(Failure::usage(
                "--autosave needs a slot to belong to: name one with --save slot:NAME, or open one with --world slot:NAME",
            ));
        }
    };
    Ok(Some(AutosaveConfig {
        slot,
        every: minutes.0,
        keep: usize::from(args.autosave_keep),
    }))
}
