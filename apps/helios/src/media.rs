//! Sticks and discs from this computer's side: pushed into machines, pulled out, carried from one to another.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use base64::Engine as _;
use helios_abi::program::sha256;
use helios_engine::ids::NodeId;
use helios_fs::disk::file::IMAGE_BYTES;
use helios_fs::disk::{self, commands, iso, media};
use serde_json::json;

use crate::error::{Failure, describe, read_host_file};
use crate::sim::Sim;

/// Most bytes of a medium in one record of the log.
const LOAD_CHUNK_BYTES: usize = 256 << 10;

/// A slot of a machine, `MACHINE:SLOT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drive {
    /// The machine's name.
    pub machine: String,
    /// The slot.
    pub slot: String,
}

impl FromStr for Drive {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once(':').filter(|(machine, _)| !machine.is_empty());
        let (machine, slot) = parts.ok_or("expected MACHINE:SLOT")?;
        if !media::is_slot(slot) {
            let slots: Vec<&str> = media::SLOTS.iter().map(|(slot, _)| *slot).collect();
            return Err(format!("machines have the slots {}", slots.join(", ")));
        }
        Ok(Self {
            machine: machine.to_owned(),
            slot: slot.to_owned(),
        })
    }
}

/// What is to be in a slot, `MACHINE:SLOT=FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsertSpec {
    /// Where.
    pub drive: Drive,
    /// The image's file on this computer.
    pub file: PathBuf,
}

impl FromStr for InsertSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (drive, file) = text.split_once('=').ok_or("expected MACHINE:SLOT=FILE")?;
        Ok(Self {
            drive: drive.parse()?,
            file: file.into(),
        })
    }
}

impl Sim {
    /// Pushes a medium with the bytes of a file of this computer into a slot. It is read-only where the bytes are a disc.
    ///
    /// # Errors
    /// If the file cannot be read or is too large, the machine is not there, or the log refuses it.
    pub fn insert_file(&mut self, drive: &Drive, file: &Path) -> Result<(), Failure> {
        let node = self.machine(Some(&drive.machine))?;
        let bytes = read_host_file(file, IMAGE_BYTES)?;
        let label = match disk::Image::read(&bytes) {
            Ok(image) if !image.tree.label().is_empty() => image.tree.label().to_owned(),
            _ => label_of(file),
        };
        self.insert_bytes(node, &drive.slot, &label, iso::is_iso(&bytes), &bytes)
    }

    /// Pushes a medium with these bytes into a slot.
    ///
    /// # Errors
    /// If the slot is taken, or the log refuses it.
    pub fn insert_bytes(
        &mut self,
        node: NodeId,
        slot: &str,
        label: &str,
        read_only: bool,
        bytes: &[u8],
    ) -> Result<(), Failure> {
        if media::in_slot(self.world(), node, slot).is_some() {
            return Err(Failure::new(format!("{slot}: there is something in it")));
        }
        let encode = |part: &[u8]| base64::engine::general_purpose::STANDARD.encode(part);
        // An empty piece makes the medium, so that one without a byte is one as well.
        let pieces = std::iter::once(&bytes[..0]).chain(bytes.chunks(LOAD_CHUNK_BYTES));
        let mut at = 0;
        for (index, piece) in pieces.enumerate() {
            let payload = json!({ "slot": slot, "at": at, "bytes": encode(piece), "new": index == 0 });
            self.submit(node, "media.load", payload)?;
            at += piece.len();
        }
        let loaded = json!({ "label": label, "read_only": read_only, "size": bytes.len(), "sha256": sha256(bytes) });
        self.submit(node, "media.insert", json!({ "slot": slot, "loaded": loaded }))
    }

    /// Pulls a medium out and answers the bytes that it holds: it lies beside the machine then.
    ///
    /// # Errors
    /// If there is nothing in the slot, or the log refuses it.
    pub fn eject(&mut self, drive: &Drive) -> Result<Vec<u8>, Failure> {
        let node = self.machine(Some(&drive.machine))?;
        let fail = |why: &dyn std::fmt::Display| Failure::new(format!("{}:{}: {why}", drive.machine, drive.slot));
        let medium = media::in_slot(self.world(), node, &drive.slot);
        let number = medium.ok_or_else(|| fail(&"there is nothing in it"))?.number;
        let bytes = media::bytes(self.world_mut(), node, number).map_err(|error| fail(&error.message))?;
        self.submit(node, "media.eject", json!({ "slot": drive.slot }))?;
        Ok(bytes)
    }

    /// Carries a medium from one slot to another: two records with one correlation.
    ///
    /// # Errors
    /// If there is nothing to carry or no place for it, or the log refuses it.
    pub fn move_medium(&mut self, from: &Drive, to: &Drive) -> Result<(), Failure> {
        let (giver, taker) = (self.machine(Some(&from.machine))?, self.machine(Some(&to.machine))?);
        let both = commands::moves(self.world(), giver, &from.slot, taker, &to.slot)
            .map_err(|error| Failure::new(error.message))?;
        for (node, name, payload) in both {
            self.submit(node, name, payload)?;
        }
        Ok(())
    }
}

/// Writes an image beside its place and puts it there when it is whole.
///
/// # Errors
/// If it cannot be written.
pub fn write_image(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let fail = |error: std::io::Error| Failure::new(format!("{}: {}", path.display(), describe(&error)));
    let name = path
        .file_name()
        .ok_or_else(|| fail(std::io::ErrorKind::InvalidInput.into()))?;
    let beside = path.with_file_name(format!(".{}.tmp", name.to_string_lossy()));
    std::fs::write(&beside, bytes)
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|error| {
            _ = std::fs::remove_file(&beside);
            fail(error)
        })
}

/// A label from a file's name, as far as it fits.
fn label_of(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let mut label = String::new();
    for letter in stem.chars().filter(|letter| !letter.is_control()) {
        if label.len() + letter.len_utf8() > disk::tree::LABEL_BYTES {
            break;
        }
        label.push(letter);
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drives_and_what_goes_into_them_are_named_in_one_way() {
        let spec: InsertSpec = "home:usb1=a=b.img".parse().unwrap();
        assert_eq!(
            (spec.drive.machine.as_str(), spec.drive.slot.as_str()),
            ("home", "usb1")
        );
        assert_eq!(spec.file, Path::new("a=b.img"));
        for text in ["usb0", ":usb0", "home:usb7", "home:"] {
            assert!(text.parse::<Drive>().is_err(), "{text}");
        }
        assert!(
            "home:usb7=x"
                .parse::<InsertSpec>()
                .unwrap_err()
                .contains("usb0, usb1, cd0")
        );
        assert!("home:usb0".parse::<InsertSpec>().is_err());
        assert_eq!(
            label_of(Path::new("/x/a name that is longer than any label.iso")).len(),
            32
        );
    }
}
