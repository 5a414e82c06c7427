//! What a save says of itself beside the world: for lists of saves, and for sharing.
//!
//! A manifest lies in the header of the `.helios` file, in a field that RFC 1952 leaves to programs, so that it is read
//! without the world, and that whoever knows nothing of it reads the world all the same. It is no part of the world:
//! neither digest nor hash covers it, and one that is damaged is ignored.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::canon;
use crate::hash::Hash;
use crate::ids::Tick;

use super::FileError;

/// The largest manifest, in bytes of JSON: what a field of the header holds.
pub const MAX_MANIFEST_BYTES: usize = 60_000;

/// Longest text in one line: a title, an author, a line of the screen.
const MAX_LINE_CHARS: usize = 200;
/// Longest description, in characters.
const MAX_DESCRIPTION_CHARS: usize = 4_000;
/// Most lines of the screen.
const MAX_SCREEN_LINES: usize = 24;

/// The field's name, in the header's list of fields.
const FIELD: [u8; 2] = *b"Hm";
/// Bytes of a gzip header before its optional parts.
const FIXED_BYTES: usize = 10;
/// The flag of a header with fields.
const HAS_FIELDS: u8 = 4;

/// What a save says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Manifest {
    /// A title in one line.
    pub title: String,
    /// Who made it.
    pub author: String,
    /// What it is, in some lines.
    pub description: String,
    /// The program's version and those that running programs depend on.
    pub versions: BTreeMap<String, String>,
    /// The world's tick.
    pub tick: Tick,
    /// The world's hash.
    pub hash: Hash,
    /// When it was saved, in milliseconds since 1970.
    pub saved_unix_ms: u64,
    /// How long the world has been played, in milliseconds of the player's time.
    pub play_ms: u64,
    /// The last lines on the player's screen.
    pub screen: Vec<String>,
}

impl Manifest {
    /// Cuts texts to their bounds, and takes out whatever a terminal would obey.
    #[must_use]
    pub fn cleaned(mut self) -> Self {
        let line = |text: &str| clean(text, MAX_LINE_CHARS, false);
        self.title = line(&self.title);
        self.author = line(&self.author);
        self.description = clean(&self.description, MAX_DESCRIPTION_CHARS, true);
        self.screen.truncate(MAX_SCREEN_LINES);
        self.screen.iter_mut().for_each(|text| *text = line(text));
        self.versions = self
            .versions
            .iter()
            .take(MAX_SCREEN_LINES)
            .map(|(part, version)| (clean(part, 60, false), clean(version, 60, false)))
            .collect();
        self
    }

    /// The fields of a gzip header: this one alone, with a digest of its own.
    pub(super) fn to_field(&self) -> Vec<u8> {
        let json = canon::to_json(&self.clone().cleaned()).expect("a manifest is text and numbers");
        assert!(
            json.len() <= MAX_MANIFEST_BYTES,
            "the bounds of texts keep a manifest small"
        );
        let length = u16::try_from(json.len() + 32).expect("bounded above");
        let mut field = FIELD.to_vec();
        field.extend(length.to_le_bytes());
        field.extend(helios_abi::sha256(&json).0);
        field.extend(json);
        field
    }
}

fn clean(text: &str, max_chars: usize, lines: bool) -> String {
    text.chars()
        .filter(|c| !c.is_control() || (lines && *c == '\n'))
        .take(max_chars)
        .collect()
}

/// Reads the manifest of a `.helios` file from its first bytes; nothing where it has none.
///
/// # Errors
/// When it is damaged.
pub fn read_manifest(file: &[u8]) -> Result<Option<Manifest>, String> {
    let damaged = || "its manifest is damaged".to_owned();
    let Some((&[0x1f, 0x8b, 8, flags, ..], rest)) = file.split_at_checked(FIXED_BYTES) else {
        return Ok(None);
    };
    if flags & HAS_FIELDS == 0 {
        return Ok(None);
    }
    let (length, rest) = take_length(rest).ok_or_else(damaged)?;
    let mut fields = rest.get(..length).ok_or_else(damaged)?;
    while let Some((name, rest)) = fields.split_at_checked(2) {
        let (length, rest) = take_length(rest).ok_or_else(damaged)?;
        let (content, rest) = rest.split_at_checked(length).ok_or_else(damaged)?;
        if name == FIELD {
            return parse(content).map(Some).ok_or_else(damaged);
        }
        fields = rest;
    }
    Ok(None)
}

fn take_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    Some((usize::from(u16::from_le_bytes(*length)), rest))
}

fn parse(content: &[u8]) -> Option<Manifest> {
    let (digest, json) = content.split_first_chunk::<32>()?;
    if helios_abi::sha256(json).0 != *digest {
        return None;
    }
    let manifest: Manifest = serde_json::from_slice(json).ok()?;
    Some(manifest.cleaned())
}

/// Reads the manifest of a `.helios` file, and no more of it than that.
///
/// # Errors
/// When the file cannot be read, or its manifest is damaged.
pub fn read_manifest_file(path: &Path) -> Result<Option<Manifest>, FileError> {
    let fail = |error: std::io::Error| FileError::io(path, &error);
    let mut start = Vec::new();
    let most = (FIXED_BYTES + 2 + usize::from(u16::MAX)) as u64;
    File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut start))
        .map_err(fail)?;
    read_manifest(&start).map_err(|problem| FileError::new(path, problem))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, GzBuilder};

    use super::*;

    fn sample() -> Manifest {
        Manifest {
            title: "A heist".into(),
            author: "ada".into(),
            description: "Two lines.\nOf text.".into(),
            versions: BTreeMap::from([("abi".into(), "1".into())]),
            tick: Tick(4),
            hash: helios_abi::sha256(b"world"),
            saved_unix_ms: 1,
            play_ms: 2,
            screen: vec!["$ ls".into(), String::new()],
        }
    }

    fn file(fields: &[u8]) -> Vec<u8> {
        let mut encoder = GzBuilder::new().extra(fields).write(Vec::new(), Compression::fast());
        encoder.write_all(b"world").unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_manifest_reads_back_from_the_start_of_a_file() {
        let bytes = file(&sample().to_field());
        assert_eq!(read_manifest(&bytes).unwrap(), Some(sample()));
        // Another program's field comes first.
        let other = [&b"Xx\x02\x00ab"[..], &sample().to_field()].concat();
        assert_eq!(read_manifest(&file(&other)).unwrap(), Some(sample()));
        assert_eq!(read_manifest(&file(b"Xx\x02\x00ab")).unwrap(), None);
        assert_eq!(read_manifest(b"hello").unwrap(), None);
        assert_eq!(read_manifest(b"").unwrap(), None);
    }

    #[test]
    fn damage_is_noticed() {
        let bytes = file(&sample().to_field());
        let end = 12 + sample().to_field().len();
        for at in 16..end {
            let mut bad = bytes.clone();
            bad[at] ^= 1;
            read_manifest(&bad).unwrap_err();
        }
        for end in 12..end {
            read_manifest(&bytes[..end]).unwrap_err();
        }
        bolero::check!().with_iterations(2_000).for_each(|noise: &[u8]| {
            let _ = read_manifest(&[&[0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0], noise].concat());
            let _ = parse(&[&helios_abi::sha256(noise).0, noise].concat());
        });
    }

    #[test]
    fn a_terminal_obeys_nothing_in_it() {
        let manifest = Manifest {
            title: format!("\u{1b}[2J{}\u{9b}5m", "x".repeat(500)),
            description: "a\nb\r\u{7}c".into(),
            screen: vec!["\u{1b}]0;title\u{7}".into(); 100],
            ..sample()
        };
        let read = read_manifest(&file(&manifest.to_field())).unwrap().unwrap();
        assert!(read.title.starts_with("[2Jxxx") && read.title.chars().count() == 200);
        assert_eq!(read.description, "a\nbc");
        assert_eq!((read.screen.len(), read.screen[0].as_str()), (24, "]0;title"));
    }
}
