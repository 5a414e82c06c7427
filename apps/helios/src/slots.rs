//! Save slots: saves of one's own, by name, in the platform's folder for such data.
//!
//! A slot is a `.helios` file with a manifest, so that a list needs no more than its first bytes. Beside it may lie
//! autosaves, which are numbered, and a [`Sidecar`], which belongs to this installation alone. Every file is written
//! beside its place, forced to the disk and put there whole.

mod autosave;
mod list;
mod sidecar;

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::OnceLock;

pub use autosave::{Autosave, AutosaveConfig};
pub use list::{Entry, list};
pub use sidecar::{MAX_SIDECAR_BYTES, Sidecar};

use crate::error::{Failure, describe};

/// Longest name of a slot, in characters.
const MAX_NAME_CHARS: usize = 64;

/// What a slot's name begins with where a file could stand as well.
pub const PREFIX: &str = "slot:";

static FOLDER: OnceLock<PathBuf> = OnceLock::new();

/// Keeps saves below this folder instead of the platform's. Only the first call counts.
pub fn use_folder(folder: &Path) {
    // A second call would be this program's own.
    _ = FOLDER.set(folder.join("saves"));
}

/// The folder of all slots. It need not be there yet.
///
/// # Errors
/// If the platform names no home.
pub fn folder() -> Result<PathBuf, Failure> {
    if let Some(folder) = FOLDER.get() {
        return Ok(folder.clone());
    }
    let dirs = directories::ProjectDirs::from("", "", "helios");
    let dirs = dirs.ok_or_else(|| Failure::new("there is no home folder to keep saves in: name one with --data"))?;
    Ok(dirs.data_dir().join("saves"))
}

/// The name of a slot, which is also that of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SlotName(String);

impl FromStr for SlotName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let good = (1..=MAX_NAME_CHARS).contains(&text.len()) && text.chars().all(fits) && !text.starts_with('-');
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "a save's name is 1 to {MAX_NAME_CHARS} characters out of letters, digits, '-' and '_', and begins with none of '-': not {text:?}"
            ))
        }
    }
}

impl fmt::Display for SlotName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One save: a slot's own, or one of its autosaves, `NAME@NUMBER`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// The slot.
    pub name: SlotName,
    /// Which of its autosaves; none for the save that the player asked for.
    pub auto: Option<u64>,
}

impl FromStr for Slot {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.strip_prefix(PREFIX).unwrap_or(text);
        let Some((name, number)) = text.split_once('@') else {
            return Ok(Self {
                name: text.parse()?,
                auto: None,
            });
        };
        let auto = number.parse::<u64>().ok().filter(|auto| auto.to_string() == number);
        Ok(Self {
            name: name.parse()?,
            auto: Some(auto.ok_or_else(|| format!("{text:?}: an autosave is NAME@NUMBER"))?),
        })
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.auto {
            None => write!(f, "{}", self.name),
            Some(auto) => write!(f, "{}@{auto}", self.name),
        }
    }
}

impl Slot {
    /// The file of this save.
    ///
    /// # Errors
    /// If the platform names no home.
    pub fn path(&self) -> Result<PathBuf, Failure> {
        Ok(folder()?.join(self.file_name()))
    }

    fn file_name(&self) -> String {
        match self.auto {
            None => format!("{}.helios", self.name),
            Some(auto) => format!("{}.auto-{auto}.helios", self.name),
        }
    }

    /// The save of a file of this folder, if it is one.
    fn of_file(name: &str) -> Option<Self> {
        let stem = name.strip_suffix(".helios")?;
        let slot = match stem.split_once(".auto-") {
            None => Self {
                name: stem.parse().ok()?,
                auto: None,
            },
            Some((name, auto)) => Self {
                name: name.parse().ok()?,
                auto: Some(auto.parse().ok()?),
            },
        };
        (slot.file_name() == name).then_some(slot)
    }

    /// Removes this save and what lies beside it.
    ///
    /// # Errors
    /// If there is no such save, or it cannot be removed.
    pub fn remove(&self) -> Result<(), Failure> {
        let path = self.path()?;
        let fail = |error: std::io::Error| Failure::new(format!("{self}: {}", describe(&error)));
        std::fs::remove_file(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => self.missing(),
            _ => fail(error),
        })?;
        Sidecar::remove_beside(&path, None)
    }

    /// The failure that there is no such save, with those that there are.
    #[must_use]
    pub fn missing(&self) -> Failure {
        let known = list().unwrap_or_default();
        let mut names: Vec<String> = known.iter().map(|entry| entry.slot.to_string()).collect();
        names.truncate(20);
        Failure::new(if names.is_empty() {
            format!("there is no save named {:?}, nor any other", self.to_string())
        } else {
            format!(
                "there is no save named {:?}; there are: {}",
                self.to_string(),
                names.join(", ")
            )
        })
    }
}

/// Makes the folder of all slots.
pub(crate) fn make_folder() -> Result<PathBuf, Failure> {
    let folder = folder()?;
    std::fs::create_dir_all(&folder)
        .map_err(|error| Failure::new(format!("{}: {}", folder.display(), describe(&error))))?;
    Ok(folder)
}

/// Where a world is written: a file, or a slot (`slot:NAME`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file of this computer.
    File(PathBuf),
    /// A slot.
    Slot(SlotName),
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix(PREFIX) {
            Some(name) => Ok(Self::Slot(name.parse()?)),
            None if text.is_empty() => Err("a file's name is empty".into()),
            None => Ok(Self::File(text.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) {
        assert!(text.parse::<Slot>().is_err(), "{text:?}");
        assert!(format!("{PREFIX}{text}").parse::<Target>().is_err(), "{text:?}");
    }

    #[test]
    fn a_name_is_no_path() {
        for text in [
            "", "a/b", "..", ".", ".hidden", "a b", "-x", "a\0", "ä", "a\\b", "a.helios", "~",
        ] {
            refused(text);
        }
        refused(&"x".repeat(65));
        let slot: Slot = "slot:Heist_2-b".parse().unwrap();
        assert_eq!((slot.to_string().as_str(), slot.auto), ("Heist_2-b", None));
    }

    #[test]
    fn files_are_named_one_way() {
        for (text, file) in [
            ("a", "a.helios"),
            ("a@0", "a.auto-0.helios"),
            ("b-1@12", "b-1.auto-12.helios"),
        ] {
            let slot: Slot = text.parse().unwrap();
            assert_eq!((slot.to_string().as_str(), slot.file_name().as_str()), (text, file));
            assert_eq!(Slot::of_file(file), Some(slot));
        }
        for text in ["a@", "a@01", "a@-1", "a@x", "@1", "a@1@2"] {
            assert!(text.parse::<Slot>().is_err(), "{text:?}");
        }
        for file in [".a.helios.tmp", "a.sidecar", "a.auto-01.helios", "a.b.helios", "a"] {
            assert_eq!(Slot::of_file(file), None, "{file}");
        }
    }

    #[test]
    fn a_target_is_a_file_or_a_slot() {
        assert_eq!("slot:x".parse(), Ok(Target::Slot("x".parse().unwrap())));
        assert_eq!("a/b.helios".parse(), Ok(Target::File("a/b.helios".into())));
        assert!("".parse::<Target>().is_err());
    }
}
