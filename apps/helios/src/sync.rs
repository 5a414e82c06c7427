//! Keeps a folder of this computer and a folder of a machine the same, both ways.
//!
//! Changes on the host enter the world as logged commands, so a recording repeats them. Changes in the world are written
//! to the host. Where both sides changed a file since they were last the same, the host's stays under its name and the
//! machine's is kept beside it as `NAME.orig`, on both sides. Only regular files count: directories are made as they are
//! needed, symbolic links lead nowhere on either side. What was the same is remembered in the host's folder, in
//! `.helios/sync.json`, so that the next world that is opened knows what changed since.

mod host;
mod plan;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;

use base64::Engine as _;
use helios_abi::Digest32;
use helios_abi::calls::Stat;
use helios_abi::program::sha256;
use helios_engine::ids::{NodeId, Tick};
use serde_json::json;

use self::host::HostFolder;
use self::plan::{Step, plan};
use crate::error::Failure;
use crate::sim::Sim;

/// Most files of a folder.
pub(crate) const MAX_FILES: usize = 10_000;
/// Largest file.
pub(crate) const MAX_FILE_BYTES: u64 = 16 << 20;
/// Most bytes of a file in one record of the log.
const CHUNK_BYTES: usize = 512 << 10;

/// Files by their paths below a folder.
pub(crate) type Files = BTreeMap<String, Digest32>;

/// Which folder is to be the same as which: `DIR=MACHINE:PATH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncSpec {
    /// The folder of this computer.
    pub dir: PathBuf,
    /// The machine's name.
    pub machine: String,
    /// The machine's folder, absolute.
    pub path: String,
}

impl FromStr for SyncSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || format!("{text:?}: expected DIR=MACHINE:/PATH");
        let (dir, place) = text.rsplit_once('=').ok_or_else(form)?;
        let (machine, path) = place.split_once(':').ok_or_else(form)?;
        if dir.is_empty() || machine.is_empty() || !path.starts_with('/') {
            return Err(form());
        }
        Ok(Self {
            dir: dir.into(),
            machine: machine.to_owned(),
            path: path.to_owned(),
        })
    }
}

/// Two folders that are kept the same.
pub(crate) struct Sync {
    /// `MACHINE:PATH`, under which the folder remembers what was the same.
    place: String,
    node: NodeId,
    root: String,
    host: HostFolder,
    /// What was the same on both sides last.
    base: Files,
    /// Digests of the machine's files, with what their inodes said then.
    seen: BTreeMap<String, (Stat, Digest32)>,
    /// Commands are under way until this tick has passed.
    busy_until: Tick,
}

impl Sync {
    /// Opens both folders. Nothing is copied yet.
    ///
    /// # Errors
    /// If either is not a folder, or there is no such machine.
    pub(crate) fn open(sim: &Sim, spec: &SyncSpec) -> Result<Self, Failure> {
        let node = sim.machine(Some(&spec.machine))?;
        let fail = |error: helios_abi::SysError| Failure::new(format!("{}:{}", spec.machine, error.message));
        helios_fs::tree(sim.world(), node, &spec.path, MAX_FILES).map_err(fail)?;
        let host = HostFolder::open(&spec.dir)?;
        let place = format!("{}:{}", spec.machine, spec.path);
        let base = host.remembered(&place)?;
        Ok(Self {
            place,
            node,
            root: spec.path.clone(),
            host,
            base,
            seen: BTreeMap::new(),
            busy_until: sim.tick(),
        })
    }

    /// Brings both sides together, as far as they differ. Answers how many files went one way or the other.
    ///
    /// # Errors
    /// If a folder has gone, or grew too large.
    pub(crate) fn run(&mut self, sim: &mut Sim) -> Result<usize, Failure> {
        if sim.tick() < self.busy_until {
            return Ok(0);
        }
        let ours = self.host.scan()?;
        let theirs = self.scan_world(sim)?;
        let steps = plan(&self.base, &ours, &theirs);
        for step in &steps {
            self.apply(sim, step)?;
        }
        if !steps.is_empty() {
            self.host.remember(&self.place, &self.base)?;
        }
        if steps.iter().any(|step| !matches!(step, Step::Same(..))) {
            // Commands are applied in the next tick; until then the machine's side is yesterday's.
            self.busy_until = Tick(sim.tick().0 + 1);
        }
        Ok(steps.iter().filter(|step| !matches!(step, Step::Same(..))).count())
    }

    fn scan_world(&mut self, sim: &Sim) -> Result<Files, Failure> {
        let listed = helios_fs::tree(sim.world(), self.node, &self.root, MAX_FILES)
            .map_err(|error| Failure::new(error.message))?;
        let mut seen = BTreeMap::new();
        for (path, stat) in listed {
            if host::is_ignored(&path) || stat.size > MAX_FILE_BYTES {
                continue;
            }
            let known = self.seen.get(&path).filter(|(before, _)| *before == stat);
            let digest = match known {
                Some((_, digest)) => *digest,
                None => sha256(&self.read_world(sim, &path)?),
            };
            seen.insert(path, (stat, digest));
        }
        self.seen = seen;
        Ok(self
            .seen
            .iter()
            .map(|(path, (_, digest))| (path.clone(), *digest))
            .collect())
    }

    fn read_world(&self, sim: &Sim, path: &str) -> Result<Vec<u8>, Failure> {
        let full = format!("{}/{path}", self.root.trim_end_matches('/'));
        helios_fs::read_file(sim.world(), self.node, &full).map_err(|error| Failure::new(error.message))
    }

    fn apply(&mut self, sim: &mut Sim, step: &Step) -> Result<(), Failure> {
        match step {
            Step::Same(path, digest) => {
                match digest {
                    Some(digest) => self.base.insert(path.clone(), *digest),
                    None => self.base.remove(path),
                };
            }
            Step::ToWorld(path) => {
                let (bytes, digest) = self.host.read(path)?;
                self.put(sim, path, &bytes)?;
                self.base.insert(path.clone(), digest);
            }
            Step::ToHost(path) => {
                let bytes = self.read_world(sim, path)?;
                self.host.write(path, &bytes)?;
                self.base.insert(path.clone(), sha256(&bytes));
            }
            Step::RemoveFromWorld(path) => {
                let payload = json!({ "root": self.root, "path": path });
                sim.submit(self.node, "fs.remove", payload)?;
                self.base.remove(path);
            }
            Step::RemoveFromHost(path) => {
                self.host.remove(path)?;
                self.base.remove(path);
            }
            Step::Conflict(path) => {
                let theirs = self.read_world(sim, path)?;
                let kept = format!("{path}.orig");
                self.host.write(&kept, &theirs)?;
                self.put(sim, &kept, &theirs)?;
                let (bytes, digest) = self.host.read(path)?;
                self.put(sim, path, &bytes)?;
                self.base.insert(path.clone(), digest);
                eprintln!("helios: {path}: changed on both sides; the machine's is kept as {kept}\r");
            }
        }
        Ok(())
    }

    fn put(&self, sim: &mut Sim, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        let pieces = if bytes.is_empty() {
            vec![bytes]
        } else {
            bytes.chunks(CHUNK_BYTES).collect()
        };
        for (at, piece) in pieces.into_iter().enumerate() {
            let text = base64::engine::general_purpose::STANDARD.encode(piece);
            let payload = json!({ "root": self.root, "path": path, "bytes": text, "append": at > 0 });
            sim.submit(self.node, "fs.put", payload)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spec_names_a_folder_a_machine_and_a_path() {
        let spec: SyncSpec = "a=b/src=home:/home/player/src".parse().unwrap();
        let want = ("a=b/src".into(), "home".to_owned(), "/home/player/src".to_owned());
        assert_eq!((spec.dir, spec.machine, spec.path), want);
        for bad in ["", "src", "src=home", "src=home:relative", "=home:/x", "src=:/x"] {
            assert!(
                bad.parse::<SyncSpec>()
                    .unwrap_err()
                    .contains("expected DIR=MACHINE:/PATH")
            );
        }
    }
}
