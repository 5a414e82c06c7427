//! The section `media`: sticks and discs that are in a machine's slots from the start.

use bevy_ecs::prelude::*;
use helios_abi::NodeId;
use helios_abi::calls::mode;
use helios_engine::worlds::{Section, Spanned, WorldError};
use serde::Deserialize;

use super::{create_disk, default_limits};
use crate::disk::{Folder, Image, media};

/// A medium that is in a slot from the start.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MediumSection {
    slot: Spanned<String>,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    read_only: bool,
    #[serde(default)]
    capacity_bytes: Option<u64>,
    #[serde(default)]
    files: Vec<MediumFile>,
}

/// A file of a medium.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MediumFile {
    path: String,
    #[serde(default)]
    mode: Option<u32>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    link: Option<String>,
}

/// Media become rows; their files an image, as `root` and as old as the world.
pub(super) fn build_media(world: &mut World, node: NodeId, section: &Section) -> Result<(), WorldError> {
    let read: Vec<MediumSection> = section.read()?;
    let limits = default_limits(world, node);
    create_disk(world, node, limits);
    for medium in read {
        let slot = medium.slot.value.as_str();
        let failed = |why: String| section.error_at(&medium.slot, why);
        if media::in_slot(world, node, slot).is_some() {
            return Err(failed(format!("there are two media in {slot}")));
        }
        let label = medium.label.clone().unwrap_or_default();
        let contents = if medium.files.is_empty() {
            media::CargoContents::Blank
        } else {
            let image = image_of(world, &label, &medium.files).map_err(failed)?;
            crate::disk::store(world, &image).map_err(|error| failed(error.to_string()))?;
            media::CargoContents::Image(image.tree.id())
        };
        let cargo = media::Cargo {
            label,
            read_only: medium.read_only,
            capacity_bytes: medium.capacity_bytes.unwrap_or(media::DEFAULT_CAPACITY_BYTES),
            contents,
        };
        let added = media::add(world, node, slot, &cargo);
        let number = added.map_err(|error| failed(error.message))?;
        media::change(world, node, number, |medium| medium.inserted = true);
    }
    Ok(())
}

fn image_of(world: &World, label: &str, files: &[MediumFile]) -> Result<Image, String> {
    let now = crate::store::now_ms(world);
    let mut folder = Folder::new(now);
    for file in files {
        let bits = file.mode;
        if bits.is_some_and(|bits| bits & !mode::PERMS != 0) {
            return Err(format!("{}: a mode is at most 0o7777", file.path));
        }
        match (&file.link, &file.text, file.path.ends_with('/')) {
            (None, None, true) => folder.dir(&file.path, bits.unwrap_or(0o755))?,
            (Some(target), None, false) => folder.link(&file.path, target)?,
            (None, text, false) => {
                folder.file(
                    &file.path,
                    bits.unwrap_or(0o644),
                    text.as_deref().unwrap_or_default().as_bytes(),
                )?;
            }
            _ => {
                return Err(format!(
                    "{}: a file has either text or link, and a directory has neither",
                    file.path
                ));
            }
        }
    }
    folder.image(label).map_err(|error| error.to_string())
}
