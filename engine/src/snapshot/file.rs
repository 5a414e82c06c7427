//! `.helios` files: gzip of canonical JSON, read within bounds, replaced atomically.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::bufread::GzDecoder;
use flate2::{Compression, GzBuilder};
use helios_abi::Digest32;
use serde_json::Value;

use crate::canon;
use crate::ids::{MAX_SAFE, NodeId, Tick};
use crate::versions::FORMAT;

use super::{NodeRows, Snapshot};

/// The largest snapshot that is read, in bytes of JSON.
pub const MAX_SNAPSHOT_BYTES: u64 = 2 << 30;

/// What a file is when it is none of ours.
const NOT_GZIP: &str = "this is not a file of ours, or it is damaged";

/// A file that could not be read or written: one sentence with the file and the place in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {problem}", file.display())]
pub struct FileError {
    /// The file.
    pub file: PathBuf,
    /// What is wrong, and where in the file.
    pub problem: String,
}

impl FileError {
    pub(crate) fn new(file: &Path, problem: impl core::fmt::Display) -> Self {
        Self {
            file: file.to_owned(),
            problem: problem.to_string(),
        }
    }

    /// What the file system says, without the operating system's number for it.
    fn io(file: &Path, error: &std::io::Error) -> Self {
        let text = error.to_string();
        let words = text.split(" (os error").next().unwrap_or_default();
        Self::new(file, words.to_lowercase())
    }
}

/// The bytes of a `.helios` file.
///
/// # Errors
/// When the snapshot is larger than what [`read_snapshot`] reads.
pub fn write_snapshot(snapshot: &Snapshot) -> Result<Vec<u8>, String> {
    let json = to_json(snapshot);
    if json.len() as u64 > MAX_SNAPSHOT_BYTES {
        return Err(format!(
            "the snapshot of {} bytes is over the limit of {MAX_SNAPSHOT_BYTES} bytes",
            json.len()
        ));
    }
    Ok(gzip(&json))
}

/// Reads a `.helios` file from memory.
///
/// # Errors
/// Says in one sentence what is wrong and at which byte or JSON path.
pub fn read_snapshot(bytes: &[u8]) -> Result<Snapshot, String> {
    let json = gunzip(bytes, MAX_SNAPSHOT_BYTES)?;
    from_json(&json)
}

/// Writes a `.helios` file: the old file is intact until the new one is whole on the disk.
///
/// # Errors
/// When the file system refuses; the old file is then as it was.
pub fn write_snapshot_file(path: &Path, snapshot: &Snapshot) -> Result<(), FileError> {
    let bytes = write_snapshot(snapshot).map_err(|problem| FileError::new(path, problem))?;
    replace_file(path, &bytes)
}

/// Reads a `.helios` file.
///
/// # Errors
/// As [`read_snapshot`], with the name of the file.
pub fn read_snapshot_file(path: &Path) -> Result<Snapshot, FileError> {
    let bytes = read_file(path, MAX_SNAPSHOT_BYTES)?;
    read_snapshot(&bytes).map_err(|problem| FileError::new(path, problem))
}

/// Reads a whole file of at most `limit` bytes.
pub(crate) fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let fail = |error: std::io::Error| FileError::io(path, &error);
    let too_large = || FileError::new(path, format!("the file is over the limit of {limit} bytes"));
    let file = File::open(path).map_err(fail)?;
    // What is too large by its own account need not be read to know that.
    if file.metadata().map_err(fail)?.len() > limit {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > limit {
        return Err(too_large());
    }
    Ok(bytes)
}

/// Writes beside the file, forces that to the disk, and renames it over the file.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let fail = |error: std::io::Error| FileError::io(path, &error);
    let name = path
        .file_name()
        .ok_or_else(|| FileError::new(path, "this names no file"))?;
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut temporary = std::ffi::OsString::from(".");
    temporary.push(name);
    temporary.push(".tmp");
    let temporary = directory.join(temporary);
    let mut file = open_temporary(&temporary).map_err(fail)?;
    let written = file.set_len(0).and_then(|()| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)?;
        File::open(directory)?.sync_all()
    });
    written.map_err(|error| {
        // The temporary file is worthless now; that it may stay behind is no second fault.
        let _ = fs::remove_file(&temporary);
        fail(error)
    })
}

/// Opens the file beside, for this writer alone.
///
/// Its name is always the same, so that writers who were killed leave one such file behind and not one each; a lock,
/// which ends with its holder, keeps those who live apart.
fn open_temporary(path: &Path) -> std::io::Result<File> {
    loop {
        let file = File::options().write(true).create(true).truncate(false).open(path)?;
        file.lock()?;
        let (ours, there) = (file.metadata()?, fs::symlink_metadata(path));
        match there {
            Ok(there) if there.is_symlink() => {
                let problem = format!("{} is a symbolic link", path.display());
                return Err(std::io::Error::other(problem));
            }
            Ok(there) if (there.dev(), there.ino()) == (ours.dev(), ours.ino()) => return Ok(file),
            // The writer before us has put it in its place.
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
}

/// Compresses; equal bytes give equal files.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::new(6));
    encoder.write_all(bytes).expect("writing to memory does not fail");
    encoder.finish().expect("writing to memory does not fail")
}

/// Decompresses at most `limit` bytes.
pub(crate) fn gunzip(bytes: &[u8], limit: u64) -> Result<Vec<u8>, String> {
    let mut decoder = GzDecoder::new(bytes);
    let mut json = Vec::new();
    let read = decoder.by_ref().take(limit + 1).read_to_end(&mut json);
    read.map_err(|error| match json.len() {
        0 => format!("{NOT_GZIP} ({error})"),
        length => format!("the file is damaged or cut off after {length} bytes of content ({error})"),
    })?;
    if json.len() as u64 > limit {
        return Err(format!("the content is over the limit of {limit} bytes"));
    }
    match decoder.into_inner() {
        [] => Ok(json),
        rest => Err(format!("{} bytes follow the end of the content", rest.len())),
    }
}

/// The canonical JSON of a snapshot, written piece by piece: a whole tree of it would be several times its size.
pub(super) fn to_json(snapshot: &Snapshot) -> Vec<u8> {
    let mut out = Vec::new();
    write_object(
        &mut out,
        ["blobs", "format", "nodes", "tick", "versions"],
        |out, field| match field {
            "blobs" => write_object(
                out,
                snapshot.blobs.iter().map(|(id, bytes)| (id.to_string(), bytes)),
                |out, (_, bytes)| {
                    out.push(b'"');
                    out.extend(STANDARD.encode(bytes).bytes());
                    out.push(b'"');
                },
            ),
            "format" => out.extend(FORMAT.to_string().bytes()),
            "nodes" => write_object(out, by_text(&snapshot.nodes), |out, (_, names)| {
                write_object(out, by_text(names), |out, (_, rows)| {
                    write_object(out, by_text(rows), |out, (_, row)| out.extend(canon::to_bytes(row)));
                });
            }),
            "tick" => out.extend(snapshot.tick.to_string().bytes()),
            _ => {
                let versions = canon::to_value(&snapshot.versions).expect("versions are text and small numbers");
                out.extend(canon::to_bytes(&versions));
            }
        },
    );
    out
}

/// The entries of a map in the order in which canonical JSON has their keys.
fn by_text<K: core::fmt::Display, V>(map: &BTreeMap<K, V>) -> Vec<(String, &V)> {
    let mut entries: Vec<(String, &V)> = map.iter().map(|(key, value)| (key.to_string(), value)).collect();
    entries.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
    entries
}

/// What names an entry of an object.
trait Key {
    fn key(&self) -> &str;
}

impl Key for &str {
    fn key(&self) -> &str {
        self
    }
}

impl<V> Key for (String, V) {
    fn key(&self) -> &str {
        &self.0
    }
}

/// Writes an object whose entries come in canonical order.
fn write_object<E: Key>(out: &mut Vec<u8>, entries: impl IntoIterator<Item = E>, write: impl Fn(&mut Vec<u8>, E)) {
    out.push(b'{');
    for (index, entry) in entries.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend(canon::to_bytes(&Value::from(entry.key())));
        out.push(b':');
        write(out, entry);
    }
    out.push(b'}');
}

/// Reads canonical JSON.
pub(super) fn from_json(json: &[u8]) -> Result<Snapshot, String> {
    let value: Value = serde_json::from_slice(json).map_err(|error| format!("byte {}: {error}", error.column()))?;
    let Value::Object(mut fields) = value else {
        return Err("byte 1: this is not a snapshot".into());
    };
    let mut field = |name: &str| fields.remove(name).ok_or_else(|| format!("{name}: is missing"));
    let format = field("format")?;
    if format.as_u64() != Some(u64::from(FORMAT)) {
        return Err(format!("format: {format} is not one that this build reads ({FORMAT})"));
    }
    let versions = serde_json::from_value(field("versions")?).map_err(|error| format!("versions: {error}"))?;
    let tick = field("tick")?
        .as_u64()
        .filter(|tick| *tick < MAX_SAFE)
        .ok_or("tick: is not a number of ticks")?;
    let nodes = read_nodes(field("nodes")?)?;
    let blobs = read_blobs(field("blobs")?)?;
    if let Some(name) = fields.keys().next() {
        return Err(format!("{name}: this build knows no such field"));
    }
    let snapshot = Snapshot {
        versions,
        tick: Tick(tick),
        nodes,
        blobs,
    };
    let written = to_json(&snapshot);
    if written != json {
        let byte = written.iter().zip(json).take_while(|(a, b)| a == b).count() + 1;
        return Err(format!("byte {byte}: not in canonical form"));
    }
    Ok(snapshot)
}

fn object(value: Value, path: &str) -> Result<serde_json::Map<String, Value>, String> {
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err(format!("{path}: is not an object")),
    }
}

fn read_id(text: &str, path: &str) -> Result<u64, String> {
    let id = text
        .parse::<u64>()
        .ok()
        .filter(|id| *id < MAX_SAFE && id.to_string() == text);
    id.ok_or_else(|| format!("{path}: {text:?} is not an id"))
}

fn read_nodes(value: Value) -> Result<BTreeMap<NodeId, NodeRows>, String> {
    let mut nodes = BTreeMap::new();
    for (node, names) in object(value, "nodes")? {
        let node = NodeId(read_id(&node, "nodes")?);
        let path = format!("nodes.{node}");
        let mut by_name = NodeRows::new();
        for (name, rows) in object(names, &path)? {
            let path = format!("{path}.{name}");
            let mut by_id = BTreeMap::new();
            for (id, row) in object(rows, &path)? {
                let id = read_id(&id, &path)?;
                canon::check(&row).map_err(|error| format!("{path}.{id}: {error}"))?;
                by_id.insert(id, row);
            }
            by_name.insert(name, by_id);
        }
        nodes.insert(node, by_name);
    }
    Ok(nodes)
}

fn read_blobs(value: Value) -> Result<BTreeMap<Digest32, Arc<[u8]>>, String> {
    let mut blobs = BTreeMap::new();
    for (id, text) in object(value, "blobs")? {
        let path = format!("blobs.{id}");
        let text = text.as_str().ok_or_else(|| format!("{path}: is not text"))?;
        let bytes = STANDARD
            .decode(text)
            .map_err(|error| format!("{path}: is not base64: {error}"))?;
        let digest = helios_abi::sha256(&bytes);
        if digest.to_string() != id {
            return Err(format!("{path}: its bytes have the digest {digest}"));
        }
        blobs.insert(digest, Arc::from(bytes));
    }
    Ok(blobs)
}
