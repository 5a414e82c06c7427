//! The host's side: a folder, what is in it, and whether something changed.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use helios_abi::Digest32;
use helios_abi::program::sha256;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use super::{Files, MAX_FILE_BYTES, MAX_FILES};
use crate::error::{Failure, describe};

/// Names that are nobody's work: version control, installed packages, editors' leftovers, what a conflict kept.
const IGNORED: &[&str] = &[".git", ".helios", "node_modules", ".DS_Store"];
const IGNORED_ENDS: &[&str] = &["~", ".swp", ".tmp", ".orig"];

/// Where the folder remembers what was the same.
const MEMORY: &str = ".helios/sync.json";

/// Whether a path below the folder is left alone on both sides.
pub(crate) fn is_ignored(path: &str) -> bool {
    path.split('/')
        .any(|name| IGNORED.contains(&name) || IGNORED_ENDS.iter().any(|end| name.ends_with(end)))
}

/// What told a file's contents last: length and time of change.
type Mark = (u64, Option<std::time::SystemTime>);

/// A folder of this computer.
pub(crate) struct HostFolder {
    root: PathBuf,
    known: BTreeMap<String, (Mark, Digest32)>,
    changed: Arc<AtomicBool>,
    /// It watches as long as it lives.
    _watcher: RecommendedWatcher,
}

impl HostFolder {
    /// Opens a folder and watches it.
    pub(crate) fn open(root: &Path) -> Result<Self, Failure> {
        let root = fs::canonicalize(root)
            .map_err(|error| Failure::new(format!("{}: {}", root.display(), describe(&error))))?;
        if !root.is_dir() {
            return Err(Failure::new(format!("{}: not a directory", root.display())));
        }
        let changed = Arc::new(AtomicBool::new(true));
        let flag = changed.clone();
        let fail = |error: notify::Error| Failure::new(format!("cannot watch {}: {error}", root.display()));
        let mut watcher =
            notify::recommended_watcher(move |_event| flag.store(true, Ordering::Release)).map_err(fail)?;
        watcher.watch(&root, RecursiveMode::Recursive).map_err(fail)?;
        Ok(Self {
            root,
            known: BTreeMap::new(),
            changed,
            _watcher: watcher,
        })
    }

    fn fail(&self, path: &str, error: &std::io::Error) -> Failure {
        Failure::new(format!("{}: {}", self.root.join(path).display(), describe(error)))
    }

    /// What was the same here and at a place of a machine, when it was brought together last.
    pub(crate) fn remembered(&self, place: &str) -> Result<Files, Failure> {
        Ok(self.memory()?.remove(place).unwrap_or_default())
    }

    /// Remembers what is the same now.
    pub(crate) fn remember(&mut self, place: &str, files: &Files) -> Result<(), Failure> {
        let mut memory = self.memory()?;
        memory.insert(place.to_owned(), files.clone());
        let text = serde_json::to_vec_pretty(&memory).expect("paths and digests are JSON");
        self.write(MEMORY, &text)?;
        self.known.remove(MEMORY);
        Ok(())
    }

    fn memory(&self) -> Result<BTreeMap<String, Files>, Failure> {
        match fs::read(self.root.join(MEMORY)) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| Failure::new(format!("{}: {error}", self.root.join(MEMORY).display()))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(error) => Err(self.fail(MEMORY, &error)),
        }
    }

    /// The folder's files. Looks at the disk only if something changed there.
    pub(crate) fn scan(&mut self) -> Result<Files, Failure> {
        if self.changed.swap(false, Ordering::Acquire) {
            let mut found = BTreeMap::new();
            self.walk("", &mut found)?;
            self.known = found;
        }
        Ok(self
            .known
            .iter()
            .map(|(path, (_, digest))| (path.clone(), *digest))
            .collect())
    }

    fn walk(&self, below: &str, found: &mut BTreeMap<String, (Mark, Digest32)>) -> Result<(), Failure> {
        let entries = fs::read_dir(self.root.join(below)).map_err(|error| self.fail(below, &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| self.fail(below, &error))?;
            // A name that is not UTF-8 cannot be one on a machine.
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let path = format!("{below}{name}");
            let kind = entry.file_type().map_err(|error| self.fail(&path, &error))?;
            if is_ignored(&path) {
                continue;
            }
            if kind.is_dir() {
                self.walk(&format!("{path}/"), found)?;
            } else if kind.is_file() {
                // It may be gone again by now: then the next look finds that.
                if let Some(file) = self.look(&path) {
                    found.insert(path, file);
                }
            }
            if found.len() > MAX_FILES {
                return Err(Failure::new(format!(
                    "{}: more than {MAX_FILES} files",
                    self.root.display()
                )));
            }
        }
        Ok(())
    }

    fn look(&self, path: &str) -> Option<(Mark, Digest32)> {
        let metadata = fs::symlink_metadata(self.root.join(path)).ok()?;
        if metadata.len() > MAX_FILE_BYTES {
            return None;
        }
        let mark = (metadata.len(), metadata.modified().ok());
        let known = self.known.get(path).filter(|(before, _)| *before == mark);
        match known {
            Some(same) => Some(*same),
            None => Some((mark, sha256(&fs::read(self.root.join(path)).ok()?))),
        }
    }

    /// A file's contents with their digest.
    pub(crate) fn read(&self, path: &str) -> Result<(Vec<u8>, Digest32), Failure> {
        let bytes = fs::read(self.root.join(path)).map_err(|error| self.fail(path, &error))?;
        let digest = sha256(&bytes);
        Ok((bytes, digest))
    }

    /// The place of a path, if no symbolic link lies on the way: the machine does not decide where on this computer to write.
    fn place(&self, path: &str) -> Result<PathBuf, Failure> {
        let mut place = self.root.clone();
        for name in path.split('/') {
            if matches!(name, "" | "." | "..") {
                return Err(Failure::new(format!("{path}: not a path below the folder")));
            }
            place.push(name);
            if fs::symlink_metadata(&place).is_ok_and(|metadata| metadata.is_symlink()) {
                return Err(Failure::new(format!(
                    "{}: a symbolic link is in the way",
                    place.display()
                )));
            }
        }
        Ok(place)
    }

    /// Writes a file, replacing it whole or not at all.
    pub(crate) fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        let place = self.place(path)?;
        let fail = |error: std::io::Error| self.fail(path, &error);
        let folder = place.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(fail)?;
        let draft = folder.join(format!(".helios-sync-{}.tmp", std::process::id()));
        let written = fs::File::create(&draft).and_then(|mut file| {
            file.write_all(bytes)?;
            fs::rename(&draft, &place)
        });
        if let Err(error) = written {
            fs::remove_file(&draft).ok();
            return Err(fail(error));
        }
        if let Some(file) = self.look(path) {
            self.known.insert(path.to_owned(), file);
        }
        Ok(())
    }

    /// Removes a file; that it is gone already is no error.
    pub(crate) fn remove(&mut self, path: &str) -> Result<(), Failure> {
        let place = self.place(path)?;
        self.known.remove(path);
        match fs::remove_file(place) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(self.fail(path, &error)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobodys_work_is_left_alone() {
        for path in [".git/config", "a/node_modules/b.ts", "x.ts~", "x.ts.orig", "d/.x.swp"] {
            assert!(is_ignored(path), "{path}");
        }
        for path in ["x.ts", "git/x.ts", "orig.ts"] {
            assert!(!is_ignored(path), "{path}");
        }
    }

    #[test]
    fn a_link_on_the_way_is_not_followed() {
        let outside = tempfile::tempdir().unwrap();
        let inside = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(outside.path(), inside.path().join("link")).unwrap();
        let mut folder = HostFolder::open(inside.path()).unwrap();
        assert!(
            folder
                .write("link/x", b"1")
                .unwrap_err()
                .message
                .contains("symbolic link")
        );
        assert!(
            folder
                .write("../x", b"1")
                .unwrap_err()
                .message
                .contains("not a path below")
        );
        folder.write("deep/er/x", b"1").unwrap();
        assert_eq!(folder.scan().unwrap().keys().collect::<Vec<_>>(), ["deep/er/x"]);
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    }
}
