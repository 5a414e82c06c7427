//! Commands of the log that push media in and pull them out.
//!
//! | command | payload | what it does |
//! |---|---|---|
//! | `media.load` | `{slot, at, bytes, new?}` (base64) | bytes of a medium that is to be inserted; `new`: of another one |
//! | `media.insert` | `{slot}` | pushes in what lies beside the slot |
//! | | `{slot, loaded: {label, read_only, capacity_bytes?, size, sha256}}` | pushes in what was loaded |
//! | | `{slot, cargo, move}` | pushes in what another machine gave away |
//! | `media.eject` | `{slot}` | pulls out what is in the slot: it lies beside the machine |
//! | | `{slot, hash, move}` | pulls it out and gives it away |
//! | `media.discard` | `{slot}` | throws away what lies beside the slot |
//!
//! To carry a medium from one machine to another takes two records, one for each, with the same `move`: each machine does
//! its part by what its own record says. [`moves`] makes both of them of the state of the world as it is between two ticks;
//! so does the script verb `move`, when its tick comes. Where the slot holds something else by the time the record applies, the
//! giver refuses; the taker has a copy then, and nothing is lost.

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_abi::program::sha256;
use helios_abi::{Bytes, Errno, NodeId, SysError};
use helios_engine::blobs::BlobId;
use helios_engine::ids::Nodes;
use helios_engine::prelude::{CommandError, LogAppExt};
use helios_engine::time::Clock;
use serde::Deserialize;
use serde_json::{Value, json};

use super::media::{self, Cargo, CargoContents, Contents, DEFAULT_CAPACITY_BYTES};
use super::{IMAGE_BYTES, Image};
use crate::commands::on_disk;
use crate::index::FsIndex;
use crate::inode::FileData;

/// The name of the script's command for a move: its author writes two records instead.
pub(crate) const MOVE: &str = "media.move";

/// Registers the commands.
pub(crate) fn register(app: &mut App) {
    app.register_command("media.load", |world, node, payload| on_disk(world, node, payload, load))
        .register_command("media.insert", |world, node, payload| {
            on_disk(world, node, payload, insert)
        })
        .register_command("media.eject", |world, node, payload| {
            on_disk(world, node, payload, eject)
        })
        .register_command("media.discard", |world, node, payload| {
            on_disk(world, node, payload, |world, node, Slot { slot }| {
                let number = beside(world, node, &slot)?;
                media::take_away(world, node, number);
                Ok(())
            })
        })
        .register_expansion(MOVE, expand_move)
        .register_verb("eject", |arguments| match arguments {
            [Value::String(slot)] => Ok(("media.eject".to_owned(), json!({ "slot": slot }))),
            _ => Err("expected: eject SLOT".to_owned()),
        })
        .register_verb("insert", |arguments| match arguments {
            [Value::String(slot)] => Ok(("media.insert".to_owned(), json!({ "slot": slot }))),
            _ => Err("expected: insert SLOT".to_owned()),
        })
        .register_verb("move", |arguments| match arguments {
            [Value::String(slot), Value::String(to), Value::String(there)] => {
                Ok((MOVE.to_owned(), json!({ "slot": slot, "to": to, "there": there })))
            }
            _ => Err("expected: move SLOT MACHINE SLOT".to_owned()),
        });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Slot {
    slot: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Load {
    slot: String,
    at: u64,
    bytes: Bytes,
    #[serde(default)]
    new: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Insert {
    slot: String,
    loaded: Option<Loaded>,
    cargo: Option<Cargo>,
    #[serde(rename = "move")]
    carried: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Loaded {
    label: String,
    read_only: bool,
    capacity_bytes: Option<u64>,
    size: u64,
    sha256: BlobId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Eject {
    slot: String,
    hash: Option<BlobId>,
    #[serde(rename = "move")]
    carried: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    slot: String,
    to: String,
    there: String,
}

fn beside(world: &World, node: NodeId, slot: &str) -> Result<u64, SysError> {
    media::check_slot(slot)?;
    let medium = media::beside(world, node, slot);
    let none = || SysError::new(Errno::ENXIO, format!("{slot}: nothing lies beside it"));
    Ok(medium.ok_or_else(none)?.number)
}

fn load(world: &mut World, node: NodeId, call: Load) -> Result<(), SysError> {
    let Load { slot, at, bytes, new } = call;
    let number = if new {
        let cargo = Cargo {
            label: String::new(),
            read_only: false,
            capacity_bytes: IMAGE_BYTES,
            contents: CargoContents::Raw(FileData::default()),
        };
        media::add(world, node, &slot, &cargo)?
    } else {
        beside(world, node, &slot)?
    };
    let medium = media::row(world, node, number).expect("found above");
    let Contents::Raw(data) = &medium.contents else {
        return Err(SysError::new(
            Errno::EINVAL,
            "what lies beside the slot is not being loaded",
        ));
    };
    if data.size != at || at + bytes.0.len() as u64 > IMAGE_BYTES {
        let why = format!(
            "{} bytes are loaded, not {at}, or more than {IMAGE_BYTES} would be",
            data.size
        );
        return Err(SysError::new(Errno::EINVAL, why));
    }
    let mut data = data.clone();
    media::write_raw(world, &mut data, at, &bytes.0)?;
    media::change(world, node, number, |medium| medium.contents = Contents::Raw(data));
    Ok(())
}

fn insert(world: &mut World, node: NodeId, call: Insert) -> Result<(), SysError> {
    let slot = call.slot;
    media::check_slot(&slot)?;
    if media::in_slot(world, node, &slot).is_some() {
        return Err(SysError::new(Errno::EBUSY, format!("{slot}: there is something in it")));
    }
    let number = match (call.cargo, call.loaded, call.carried) {
        (None, None, None) => beside(world, node, &slot)?,
        (Some(cargo), None, _) => media::add(world, node, &slot, &cargo)?,
        (None, Some(loaded), None) => finish_loading(world, node, &slot, &loaded)?,
        _ => {
            let why = "one of `loaded` and `cargo` is inserted, and `move` goes with `cargo`";
            return Err(SysError::new(Errno::EINVAL, why));
        }
    };
    media::push_in(world, node, number)
}

/// Takes what was loaded for what it was said to be.
fn finish_loading(world: &mut World, node: NodeId, slot: &str, loaded: &Loaded) -> Result<u64, SysError> {
    let number = beside(world, node, slot)?;
    super::tree::check_label(&loaded.label).map_err(|error| SysError::new(Errno::EINVAL, error.to_string()))?;
    let bytes = media::bytes(world, node, number)?;
    if bytes.len() as u64 != loaded.size || sha256(&bytes) != loaded.sha256 {
        return Err(SysError::new(
            Errno::EIO,
            format!("{slot}: what was loaded is not what it is said to be"),
        ));
    }
    let capacity = loaded.capacity_bytes.unwrap_or(DEFAULT_CAPACITY_BYTES);
    if capacity < loaded.size || capacity > IMAGE_BYTES {
        let why = format!("a medium holds what is on it, and at most {IMAGE_BYTES} bytes");
        return Err(SysError::new(Errno::EINVAL, why));
    }
    // An image is kept as one: its pieces are those of the files that it was made of.
    let contents = match Image::read(&bytes) {
        _ if bytes.is_empty() => Some(Contents::Blank),
        Ok(image) if image.tree.content_bytes() <= capacity => Some(Contents::Image(super::store(world, &image)?)),
        _ => None,
    };
    media::change(world, node, number, |medium| {
        medium.label.clone_from(&loaded.label);
        medium.read_only = loaded.read_only || slot == "cd0";
        medium.capacity_bytes = capacity;
        if let Some(contents) = contents {
            medium.contents = contents;
        }
    });
    Ok(number)
}

fn eject(world: &mut World, node: NodeId, call: Eject) -> Result<(), SysError> {
    let Eject { slot, hash, carried } = call;
    media::check_slot(&slot)?;
    let medium = media::in_slot(world, node, &slot)
        .ok_or_else(|| SysError::new(Errno::ENXIO, format!("{slot}: there is nothing in it")))?;
    let (number, found) = (medium.number, medium.cargo().hash());
    if carried.is_some() != hash.is_some() {
        return Err(SysError::new(Errno::EINVAL, "`move` and `hash` go together"));
    }
    if hash.is_some_and(|hash| hash != found) {
        return Err(SysError::new(
            Errno::EIO,
            format!("{slot}: it holds {found} and not what was to be moved"),
        ));
    }
    media::pull_out(world, node, number);
    if carried.is_some() {
        media::take_away(world, node, number);
    }
    Ok(())
}

/// The two commands that carry a medium from a slot to a slot of another machine (or of the same), by the state of now.
///
/// # Errors
/// When there is nothing to move, or the place is taken or not there.
pub fn moves(
    world: &World,
    from: NodeId,
    slot: &str,
    to: NodeId,
    there: &str,
) -> Result<[(NodeId, &'static str, Value); 2], SysError> {
    media::check_slot(slot)?;
    media::check_slot(there)?;
    for node in [from, to] {
        if !world.resource::<FsIndex>().disks.contains_key(&node) {
            return Err(SysError::new(Errno::ENODEV, "a medium is moved between machines"));
        }
    }
    let medium = media::in_slot(world, from, slot)
        .ok_or_else(|| SysError::new(Errno::ENXIO, format!("{slot}: there is nothing in it")))?;
    if media::in_slot(world, to, there).is_some() && (from, slot) != (to, there) {
        return Err(SysError::new(
            Errno::EBUSY,
            format!("{there}: there is something in it"),
        ));
    }
    let cargo = medium.cargo();
    // The correlation of the two: a slot gives one medium in a tick.
    let carried = format!("{}:{from}:{slot}", world.resource::<Clock>().tick.0);
    let eject = json!({ "slot": slot, "hash": cargo.hash(), "move": carried });
    let insert = json!({ "slot": there, "cargo": cargo, "move": carried });
    Ok([(from, "media.eject", eject), (to, "media.insert", insert)])
}

fn expand_move(world: &World, node: NodeId, payload: &Value) -> Result<Vec<(NodeId, String, Value)>, CommandError> {
    let Move { slot, to, there } = Move::deserialize(payload)?;
    let to = world.resource::<Nodes>().by_name(&to);
    let to = to.ok_or_else(|| CommandError::new("there is no machine of that name"))?;
    let both = moves(world, node, &slot, to, &there).map_err(|error| CommandError::new(error.message))?;
    Ok(both
        .into_iter()
        .map(|(node, name, payload)| (node, name.to_owned(), payload))
        .collect())
}
