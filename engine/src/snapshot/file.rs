//! `.helios` files: gzip of canonical JSON, read within bounds, replaced atomically.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::bufread::GzDecoder;
use flate2::{Compression, GzBuilder};
use helios_abi::Digest32;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::canon;
use crate::ids::{MAX_SAFE, NodeId, Tick};
use crate::versions::{FORMAT, Versions};

use super::bytes::RowBytes;
use super::{Frame, Manifest, NodeRows, Snapshot};

/// The largest snapshot that is read, in bytes of JSON.
pub const MAX_SNAPSHOT_BYTES: u64 = 2 << 30;

/// The most values of JSON that a snapshot has: some gigabytes of memory, where a file of a megabyte could ask for more.
const MAX_SNAPSHOT_VALUES: u64 = 32 << 20;

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
    pub(super) fn io(file: &Path, error: &std::io::Error) -> Self {
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
    to_memory(&Document::of_snapshot(snapshot), None)
}

/// The bytes of a `.helios` file, as [`write_snapshot`] writes them, with a manifest if one is given.
///
/// # Errors
/// When the frame is larger than what [`read_snapshot`] reads.
pub fn write_frame(frame: &Frame, manifest: Option<&Manifest>) -> Result<Vec<u8>, String> {
    to_memory(&Document::of_frame(frame), manifest)
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

/// Writes a `.helios` file of a frame, as [`write_snapshot_file`] does, with a manifest if one is given.
///
/// It goes to the disk as it is made: a large world needs no memory for it.
///
/// # Errors
/// When the file system refuses, or the frame is too large; the old file is then as it was.
pub fn write_frame_file(path: &Path, frame: &Frame, manifest: Option<&Manifest>) -> Result<(), FileError> {
    let document = Document::of_frame(frame);
    replace_file_with(path, |file| compress(&document, manifest, file))
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
    replace_file_with(path, |file| file.write_all(bytes))
}

/// As [`replace_file`], for content that is written piece by piece.
fn replace_file_with(path: &Path, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), FileError> {
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
    let file = open_temporary(&temporary).map_err(fail)?;
    let written = file.set_len(0).and_then(|()| {
        let mut buffered = BufWriter::with_capacity(256 << 10, &file);
        write(&mut buffered)?;
        buffered.flush()?;
        drop(buffered);
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

/// What a file holds, in the order in which it is written: references into a snapshot or a frame.
pub(super) struct Document<'a> {
    versions: &'a Versions,
    tick: Tick,
    blobs: BTreeMap<Digest32, &'a [u8]>,
    nodes: Vec<(String, Vec<DocumentRows<'a>>)>,
}

/// Rows of one component: the name, and the rows by the text of their ids.
type DocumentRows<'a> = (&'a str, Vec<(String, DocumentRow<'a>)>);

#[derive(Clone, Copy)]
enum DocumentRow<'a> {
    Value(&'a Value),
    Json(&'a RowBytes),
}

impl<'a> Document<'a> {
    pub(super) fn of_snapshot(snapshot: &'a Snapshot) -> Self {
        let rows = |rows: &'a BTreeMap<u64, Value>| by_text(rows.iter().map(|(id, row)| (id, DocumentRow::Value(row))));
        let names = |names: &'a NodeRows| {
            let mut names: Vec<DocumentRows<'a>> = names.iter().map(|(name, by_id)| (&**name, rows(by_id))).collect();
            names.sort_by(|(one, _), (two, _)| in_utf16(one, two));
            names
        };
        Self {
            versions: &snapshot.versions,
            tick: snapshot.tick,
            blobs: snapshot.blobs.iter().map(|(id, bytes)| (*id, &**bytes)).collect(),
            nodes: by_text(snapshot.nodes.iter().map(|(node, rows)| (node, names(rows)))),
        }
    }

    pub(super) fn of_frame(frame: &'a Frame) -> Self {
        let mut blobs = BTreeMap::new();
        let mut nodes = Vec::with_capacity(frame.nodes.len());
        for (node, rows) in &frame.nodes {
            let mut names: Vec<DocumentRows<'a>> = Vec::new();
            for (name, id, row) in rows.rows() {
                if names.last().is_none_or(|(last, _)| *last != name) {
                    names.push((name, Vec::new()));
                }
                let (_, by_id) = names.last_mut().expect("put in above");
                by_id.push((id.to_string(), DocumentRow::Json(&row.json)));
                blobs.extend(
                    row.blobs
                        .iter()
                        .flat_map(|named| named.iter())
                        .map(|(id, bytes)| (*id, &**bytes)),
                );
            }
            names
                .iter_mut()
                .for_each(|(_, by_id)| by_id.sort_by(|(one, _), (two, _)| one.cmp(two)));
            nodes.push((node, names));
        }
        Self {
            versions: &frame.versions,
            tick: frame.tick,
            blobs,
            nodes: by_text(nodes),
        }
    }

    /// Writes the canonical JSON.
    fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let fields = ["blobs", "format", "nodes", "tick", "versions"].map(|field| (field, ()));
        write_object(out, fields, |out, field, ()| match field {
            "blobs" => {
                let blobs = self.blobs.iter().map(|(id, bytes)| (id.to_string(), *bytes));
                write_object(out, blobs, |out, _, bytes| write_base64(out, bytes))
            }
            "format" => write!(out, "{FORMAT}"),
            "nodes" => write_object(
                out,
                self.nodes.iter().map(|(id, names)| (&**id, names)),
                |out, _, names| {
                    write_object(out, names.iter().map(|(name, rows)| (*name, rows)), |out, _, rows| {
                        write_object(
                            out,
                            rows.iter().map(|(id, row)| (&**id, *row)),
                            |out, _, row| match row {
                                DocumentRow::Value(row) => out.write_all(&canon::to_bytes(row)),
                                DocumentRow::Json(json) => {
                                    json.blocks().iter().try_for_each(|block| out.write_all(block))
                                }
                            },
                        )
                    })
                },
            ),
            "tick" => write!(out, "{}", self.tick),
            _ => {
                let versions = canon::to_json(self.versions).expect("versions are text and small numbers");
                out.write_all(&versions)
            }
        })
    }
}

fn in_utf16(one: &str, two: &str) -> core::cmp::Ordering {
    one.encode_utf16().cmp(two.encode_utf16())
}

/// Entries with their keys as text, in the order in which canonical JSON has them.
fn by_text<K: core::fmt::Display, V>(entries: impl IntoIterator<Item = (K, V)>) -> Vec<(String, V)> {
    let mut entries: Vec<(String, V)> = entries
        .into_iter()
        .map(|(key, value)| (key.to_string(), value))
        .collect();
    entries.sort_by(|(one, _), (two, _)| in_utf16(one, two));
    entries
}

/// Writes an object whose entries come in canonical order.
fn write_object<K: AsRef<str>, V>(
    out: &mut dyn Write,
    entries: impl IntoIterator<Item = (K, V)>,
    write: impl Fn(&mut dyn Write, &str, V) -> std::io::Result<()>,
) -> std::io::Result<()> {
    out.write_all(b"{")?;
    for (index, (key, value)) in entries.into_iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        out.write_all(&canon::to_bytes(&Value::from(key.as_ref())))?;
        out.write_all(b":")?;
        write(out, key.as_ref(), value)?;
    }
    out.write_all(b"}")
}

fn write_base64(out: &mut dyn Write, bytes: &[u8]) -> std::io::Result<()> {
    // A multiple of three: only the last piece has padding.
    const PIECE_BYTES: usize = 3 << 14;
    out.write_all(b"\"")?;
    for piece in bytes.chunks(PIECE_BYTES) {
        out.write_all(STANDARD.encode(piece).as_bytes())?;
    }
    out.write_all(b"\"")
}

/// Passes bytes on, and refuses those beyond the largest snapshot that is read again.
struct Bounded<W> {
    inner: W,
    written: u64,
}

impl<W: Write> Write for Bounded<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.written += bytes.len() as u64;
        if self.written > MAX_SNAPSHOT_BYTES {
            let problem = format!("the snapshot is over the limit of {MAX_SNAPSHOT_BYTES} bytes");
            return Err(std::io::Error::other(problem));
        }
        self.inner.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

/// Compresses a document as it is written; equal documents and manifests give equal bytes.
fn compress(document: &Document, manifest: Option<&Manifest>, out: &mut dyn Write) -> std::io::Result<()> {
    let mut header = GzBuilder::new().mtime(0);
    if let Some(manifest) = manifest {
        header = header.extra(manifest.to_field());
    }
    let encoder = header.write(out, Compression::new(6));
    let mut buffered = BufWriter::with_capacity(
        64 << 10,
        Bounded {
            inner: encoder,
            written: 0,
        },
    );
    document.write(&mut buffered)?;
    let bounded = buffered.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    bounded.inner.finish()?;
    Ok(())
}

fn to_memory(document: &Document, manifest: Option<&Manifest>) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    compress(document, manifest, &mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// SHA-256 of the canonical JSON.
pub(super) fn digest(document: &Document) -> Digest32 {
    struct Hasher(Sha256);
    impl Write for Hasher {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut buffered = BufWriter::with_capacity(64 << 10, Hasher(Sha256::new()));
    document.write(&mut buffered).expect("hashing does not fail");
    let hasher = buffered.into_inner().map_err(std::io::IntoInnerError::into_error);
    Digest32(hasher.expect("hashing does not fail").0.finalize().into())
}

/// Compares a document with JSON that was read, as it is written. Answers the first byte, counted from 1, that differs.
fn first_other_byte(document: &Document, json: &[u8]) -> Option<usize> {
    struct Comparer<'a> {
        rest: &'a [u8],
        at: usize,
        differs: bool,
    }
    impl Write for Comparer<'_> {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            if !self.differs {
                let same = bytes.iter().zip(self.rest).take_while(|(one, two)| one == two).count();
                self.at += same;
                self.rest = &self.rest[same..];
                self.differs = same < bytes.len();
            }
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut comparer = Comparer {
        rest: json,
        at: 0,
        differs: false,
    };
    document.write(&mut comparer).expect("comparing does not fail");
    (comparer.differs || !comparer.rest.is_empty()).then_some(comparer.at + 1)
}

/// Refuses JSON with more values than memory is meant for: a small file can hold a great many.
fn check_values(json: &[u8]) -> Result<(), String> {
    let (mut values, mut in_text, mut escaped) = (0_u64, false, false);
    for &byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b',' | b'[' | b'{' if !in_text => values += 1,
            _ => {}
        }
    }
    if values > MAX_SNAPSHOT_VALUES {
        return Err(format!(
            "its {values} values are over the limit of {MAX_SNAPSHOT_VALUES}"
        ));
    }
    Ok(())
}

/// Reads canonical JSON.
pub(super) fn from_json(json: &[u8]) -> Result<Snapshot, String> {
    check_values(json)?;
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
    if let Some(byte) = first_other_byte(&Document::of_snapshot(&snapshot), json) {
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
