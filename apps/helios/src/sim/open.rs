//! Opening a world: by name, from a world file, from a snapshot.

use std::path::Path;

use helios_engine::hash::HashPolicy;
use helios_engine::ids::NodeId;
use helios_engine::log::{CommandRegistry, parse_script, schedule_script};
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

/// Largest script file, in bytes.
const MAX_SCRIPT_BYTES: u64 = 16 << 20;

impl Sim {
    /// Opens the world that `name` says: one of the program's own, a `.ron` file or a `.helios` file.
    ///
    /// # Errors
    /// If there is no such world or file, or it is not sound.
    pub fn open(name: &str, host: HostChoice, policy: HashPolicy, cold: bool) -> Result<Self, Failure> {
        let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
        let mut sim = match (extension, builtin_world(name)) {
            (Some("helios"), _) => Self::open_snapshot(Path::new(name), host, policy, cold)?,
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
                    "there is no world named {name:?}: there is {known}, or name a .ron or a .helios file"
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
        let mut sim = Self::empty(host, policy)?;
        let outcome = snapshot::restore(sim.world_mut(), snapshot)
            .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
        if let Some(difference) = &outcome.upgrade_needed {
            eprintln!("helios: {}: {difference}", path.display());
        }
        if cold || outcome.upgrade_needed.is_some() {
            sim.submit(NodeId::WORLD, UPGRADE, json!({}))?;
            // At once, so that what is saved or recorded from here on is of this build.
            sim.step()?;
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
    };
    let policy = if args.record.is_some() {
        HashPolicy::EveryEpoch
    } else {
        HashPolicy::Off
    };
    let mut sim = Sim::open(&args.world, host, policy, args.cold)?;
    if args.record.is_some() {
        sim.record();
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
