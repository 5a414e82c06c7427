//! The list of saves, from the first bytes of each.

use std::path::PathBuf;

use helios_engine::snapshot::{Manifest, read_manifest_file};

use super::{Slot, folder};
use crate::error::{Failure, describe};

/// A save in the list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which one.
    pub slot: Slot,
    /// Its file.
    pub path: PathBuf,
    /// The file's size.
    pub bytes: u64,
    /// What it says of itself; or what is wrong with that.
    pub manifest: Result<Manifest, String>,
}

/// Every save there is: by name, a slot's own first, then its autosaves, newest first.
///
/// # Errors
/// If the folder cannot be read. One that is not there has no saves.
pub fn list() -> Result<Vec<Entry>, Failure> {
    let folder = folder()?;
    let fail = |error: std::io::Error| Failure::new(format!("{}: {}", folder.display(), describe(&error)));
    let files = match std::fs::read_dir(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        files => files.map_err(fail)?,
    };
    let mut entries = Vec::new();
    for file in files {
        let file = file.map_err(fail)?;
        let Some(slot) = file.file_name().to_str().and_then(Slot::of_file) else {
            continue;
        };
        let manifest = match read_manifest_file(&file.path()) {
            Ok(Some(manifest)) => Ok(manifest),
            Ok(None) => Err("it says nothing of itself".to_owned()),
            Err(error) => Err(error.problem),
        };
        entries.push(Entry {
            slot,
            path: file.path(),
            bytes: file.metadata().map_or(0, |metadata| metadata.len()),
            manifest,
        });
    }
    entries.sort_by(|one, two| {
        let key = |entry: &Entry| (entry.slot.name.clone(), entry.slot.auto.map(|auto| u64::MAX - auto));
        key(one).cmp(&key(two))
    });
    Ok(entries)
}
