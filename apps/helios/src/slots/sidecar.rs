//! What lies beside a save and belongs to this installation alone: sections by name, for whoever keeps caches in them.
//!
//! A sidecar is never needed. It names the world that it goes with; one of another world, another program, or damaged by
//! a byte is as good as none. Exports and packs never carry it.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use helios_abi::{Digest32, sha256};

use crate::error::{Failure, describe, read_host_file};

/// Largest sidecar, in bytes.
pub const MAX_SIDECAR_BYTES: u64 = 1 << 30;

/// The first bytes of every sidecar, its format's number last.
const MAGIC: &[u8; 8] = b"HELIOSC\x01";
/// Most sections.
const MAX_SECTIONS: u32 = 64;

/// Digits of the world's digest in the file's name.
const NAME_CHARS: usize = 16;

/// Sections by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sidecar {
    /// What whoever wrote it wants back.
    pub sections: BTreeMap<String, Vec<u8>>,
}

impl Sidecar {
    /// The file beside a save that holds this world: its name says which one, so that a save that is being replaced keeps
    /// its own until the new one is in its place.
    #[must_use]
    pub fn path(save: &Path, world: Digest32) -> PathBuf {
        save.with_extension(format!("{}.sidecar", &world.to_string()[..NAME_CHARS]))
    }

    /// Every such file beside a save, of whatever world.
    #[must_use]
    pub fn all_beside(save: &Path) -> Vec<PathBuf> {
        let folder = save.parent().filter(|folder| !folder.as_os_str().is_empty());
        let entries = std::fs::read_dir(folder.unwrap_or(Path::new(".")))
            .into_iter()
            .flatten()
            .flatten();
        let is_its_own = |path: &PathBuf| {
            let world = path.file_stem().map(Path::new).and_then(Path::extension);
            let world = world
                .map(|world| world.to_string_lossy().into_owned())
                .unwrap_or_default();
            world.len() == NAME_CHARS
                && world.bytes().all(|byte| byte.is_ascii_hexdigit())
                && path.file_name() == save.with_extension(format!("{world}.sidecar")).file_name()
        };
        entries.map(|entry| entry.path()).filter(is_its_own).collect()
    }

    /// Removes what lies beside a save, but what belongs to the world that it holds now.
    ///
    /// # Errors
    /// If the file system refuses.
    pub fn remove_beside(save: &Path, keep: Option<Digest32>) -> Result<(), Failure> {
        let keep = keep.map(|world| Self::path(save, world));
        for path in Self::all_beside(save) {
            if keep.as_ref().and_then(|keep| keep.file_name()) != path.file_name() {
                std::fs::remove_file(&path)
                    .map_err(|error| Failure::new(format!("{}: {}", path.display(), describe(&error))))?;
            }
        }
        Ok(())
    }

    /// The bytes of the file: magic, digest of all that follows, the world's digest, and the sections.
    #[must_use]
    pub fn to_bytes(&self, world: Digest32) -> Vec<u8> {
        let mut body = world.0.to_vec();
        body.extend((self.sections.len() as u32).to_le_bytes());
        for (name, content) in &self.sections {
            for part in [name.as_bytes(), content] {
                body.extend((part.len() as u64).to_le_bytes());
                body.extend(part);
            }
        }
        [&MAGIC[..], &sha256(&body).0, &body].concat()
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// Says in some words what is wrong.
    pub fn from_bytes(bytes: &[u8], world: Digest32) -> Result<Self, &'static str> {
        let rest = bytes.strip_prefix(MAGIC).ok_or("it is of another format")?;
        let (digest, mut body) = rest.split_first_chunk::<32>().ok_or("it is cut off")?;
        if sha256(body).0 != *digest {
            return Err("it is damaged");
        }
        let named: [u8; 32] = take(&mut body)?;
        if named != world.0 {
            return Err("it goes with another world");
        }
        let count = u32::from_le_bytes(take(&mut body)?);
        if count > MAX_SECTIONS {
            return Err("it has too many sections");
        }
        let mut sections = BTreeMap::new();
        for _ in 0..count {
            let name = take_part(&mut body)?;
            let name = String::from_utf8(name.to_vec()).map_err(|_| "a section's name is not text")?;
            sections.insert(name, take_part(&mut body)?.to_vec());
        }
        if body.is_empty() {
            Ok(Self { sections })
        } else {
            Err("something follows its end")
        }
    }

    /// Writes the file beside a save, where there is something to keep. It comes before the save itself: a crash between
    /// the two leaves the old save with its own, and one more file that the next save removes.
    ///
    /// # Errors
    /// If the file system refuses.
    pub fn write_beside(&self, save: &Path, world: Digest32) -> Result<(), Failure> {
        if self.sections.is_empty() {
            return Ok(());
        }
        let path = Self::path(save, world);
        let fail = |error: std::io::Error| Failure::new(format!("{}: {}", path.display(), describe(&error)));
        let temporary = path.with_extension("sidecar.tmp");
        let written = std::fs::File::create(&temporary).and_then(|mut file| {
            file.write_all(&self.to_bytes(world))?;
            file.sync_all()?;
            std::fs::rename(&temporary, &path)
        });
        written.map_err(|error| {
            // What is left of it is worthless; that it may stay behind is no second fault.
            _ = std::fs::remove_file(&temporary);
            fail(error)
        })
    }

    /// Reads the file beside a save; nothing where there is none, or none that is any good, which is said in a line.
    #[must_use]
    pub fn read_beside(save: &Path, world: Digest32) -> Option<Self> {
        let path = Self::path(save, world);
        if !path.exists() {
            return None;
        }
        let read = read_host_file(&path, MAX_SIDECAR_BYTES).map_err(|failure| failure.message);
        let read = read.and_then(|bytes| {
            Self::from_bytes(&bytes, world).map_err(|problem| format!("{}: {problem}", path.display()))
        });
        read.inspect_err(|problem| eprintln!("helios: {problem}: what lies beside the save is ignored"))
            .ok()
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], &'static str> {
    let (first, rest) = bytes.split_first_chunk::<N>().ok_or("it is cut off")?;
    *bytes = rest;
    Ok(*first)
}

fn take_part<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8], &'static str> {
    let length = usize::try_from(u64::from_le_bytes(take(bytes)?)).map_err(|_| "it is cut off")?;
    let (part, rest) = bytes.split_at_checked(length).ok_or("it is cut off")?;
    *bytes = rest;
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Sidecar {
        let sections = [("checkpoints", &b"native"[..]), ("none", b"")];
        Sidecar {
            sections: sections
                .map(|(name, content)| (name.to_owned(), content.to_vec()))
                .into(),
        }
    }

    #[test]
    fn a_sidecar_reads_back_for_its_own_world() {
        let world = sha256(b"world");
        let bytes = sample().to_bytes(world);
        assert_eq!(Sidecar::from_bytes(&bytes, world), Ok(sample()));
        assert_eq!(
            Sidecar::from_bytes(&bytes, sha256(b"other")),
            Err("it goes with another world")
        );
    }

    #[test]
    fn a_byte_that_differs_makes_it_none() {
        let world = sha256(b"world");
        let bytes = sample().to_bytes(world);
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 0x20;
            Sidecar::from_bytes(&bad, world).unwrap_err();
            Sidecar::from_bytes(&bytes[..at], world).unwrap_err();
        }
        // Lengths that point nowhere, under a sound digest.
        let mut body = world.0.to_vec();
        body.extend(1_u32.to_le_bytes());
        body.extend(u64::MAX.to_le_bytes());
        let bytes = [&MAGIC[..], &sha256(&body).0, &body].concat();
        assert_eq!(Sidecar::from_bytes(&bytes, world), Err("it is cut off"));
    }

    #[test]
    fn it_lies_beside_its_save() {
        let folder = tempfile::tempdir().unwrap();
        let (save, world) = (folder.path().join("a.helios"), sha256(b"world"));
        assert_eq!(Sidecar::read_beside(&save, world), None);
        sample().write_beside(&save, world).unwrap();
        assert_eq!(Sidecar::read_beside(&save, world), Some(sample()));
        let other = sha256(b"other");
        assert_eq!(Sidecar::read_beside(&save, other), None);
        // Another save in its place: both are there until it is, and the neighbours' are nobody else's.
        sample().write_beside(&save, other).unwrap();
        let neighbour = folder.path().join("a.b.helios");
        sample().write_beside(&neighbour, world).unwrap();
        assert_eq!(Sidecar::read_beside(&save, world), Some(sample()));
        Sidecar::remove_beside(&save, Some(other)).unwrap();
        assert_eq!(Sidecar::read_beside(&save, world), None);
        assert_eq!(Sidecar::read_beside(&save, other), Some(sample()));
        Sidecar::remove_beside(&save, None).unwrap();
        assert_eq!(Sidecar::all_beside(&save), Vec::<PathBuf>::new());
        assert_eq!(Sidecar::read_beside(&neighbour, world), Some(sample()));
    }
}
