//! `.hreplay` files: gzip of canonical JSON with the snapshot, the text of the log, and the hashes.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::canon;
use crate::hash::Hash;
use crate::ids::Tick;
use crate::log::{read_log, write_log};
use crate::snapshot::{
    FileError, MAX_SNAPSHOT_BYTES, gunzip, gzip, read_file, read_snapshot, replace_file, write_snapshot,
};
use crate::versions::FORMAT;

use super::Recording;

/// The largest recording that is read, in bytes of JSON.
pub const MAX_RECORDING_BYTES: u64 = MAX_SNAPSHOT_BYTES;

/// The parts of the file. Snapshot and log are the bytes of their own file forms.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    format: u32,
    snapshot: String,
    log: String,
    tick_hashes: BTreeMap<u64, Hash>,
    end: Tick,
    end_hash: Hash,
}

/// The bytes of a `.hreplay` file.
///
/// # Errors
/// When the recording is larger than what [`read_recording`] reads.
pub fn write_recording(recording: &Recording) -> Result<Vec<u8>, String> {
    use base64::Engine;
    let parts = Parts {
        format: FORMAT,
        snapshot: base64::engine::general_purpose::STANDARD.encode(write_snapshot(&recording.snapshot)?),
        log: write_log(&recording.log),
        tick_hashes: recording
            .tick_hashes
            .iter()
            .map(|(tick, hash)| (tick.0, *hash))
            .collect(),
        end: recording.end,
        end_hash: recording.end_hash,
    };
    let json = canon::to_json(&parts).map_err(|error| error.to_string())?;
    if json.len() as u64 > MAX_RECORDING_BYTES {
        return Err(format!(
            "the recording of {} bytes is over the limit of {MAX_RECORDING_BYTES} bytes",
            json.len()
        ));
    }
    Ok(gzip(&json))
}

/// Reads a `.hreplay` file from memory.
///
/// # Errors
/// Says in one sentence what is wrong and where.
pub fn read_recording(bytes: &[u8]) -> Result<Recording, String> {
    use base64::Engine;
    let json = gunzip(bytes, MAX_RECORDING_BYTES)?;
    let parts: Parts = serde_json::from_slice(&json).map_err(|error| format!("byte {}: {error}", error.column()))?;
    if parts.format != FORMAT {
        return Err(format!(
            "format: {} is not one that this build reads ({FORMAT})",
            parts.format
        ));
    }
    let snapshot = base64::engine::general_purpose::STANDARD
        .decode(&parts.snapshot)
        .map_err(|error| format!("snapshot: is not base64: {error}"))?;
    Ok(Recording {
        snapshot: read_snapshot(&snapshot).map_err(|problem| format!("snapshot: {problem}"))?,
        log: read_log(parts.log.as_bytes()).map_err(|error| format!("log: {error}"))?,
        tick_hashes: parts
            .tick_hashes
            .into_iter()
            .map(|(tick, hash)| (Tick(tick), hash))
            .collect(),
        end: parts.end,
        end_hash: parts.end_hash,
    })
}

/// Writes a `.hreplay` file: the old file is intact until the new one is whole on the disk.
///
/// # Errors
/// When the recording is too large, or the file system refuses.
pub fn write_recording_file(path: &Path, recording: &Recording) -> Result<(), FileError> {
    let bytes = write_recording(recording).map_err(|problem| FileError::new(path, problem))?;
    replace_file(path, &bytes)
}

/// Reads a `.hreplay` file.
///
/// # Errors
/// As [`read_recording`], with the name of the file.
pub fn read_recording_file(path: &Path) -> Result<Recording, FileError> {
    let bytes = read_file(path, MAX_RECORDING_BYTES)?;
    read_recording(&bytes).map_err(|problem| FileError::new(path, problem))
}
