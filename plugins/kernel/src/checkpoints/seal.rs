//! Checkpoints on disk: sealed with a key of the installation, since a heap of V8's is as good as machine code, and for
//! one build only. They lie beside a save and never in one that leaves the installation.
//!
//! A file is `helios checkpoints 1\n`, the entries (postcard of [`Sealed`]), and 32 bytes: HMAC-SHA-256 under the key of
//! all that comes before them.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use helios_abi::SharedBytes;
use helios_abi::grant::HeapImage;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::{Checkpoints, Mark};
use crate::host::Isolates;
use crate::journal::{JournalHead, JournalTail};
use crate::rows;

const MAGIC: &[u8] = b"helios checkpoints 1\n";
const MAC_BYTES: usize = 32;

/// The key that an installation seals with.
#[derive(Clone)]
pub struct SealKey(pub [u8; 32]);

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey(…)")
    }
}

/// Why sealed checkpoints are of no use here. Nothing is lost by it but time, or a process ([`super::submit_lost`]).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It is no such file, it was changed, or another installation sealed it.
    #[error("the checkpoints are not sealed by this installation, or were changed")]
    Seal,
    /// They were made by another build.
    #[error("the checkpoints are of another build ({0})")]
    Version(String),
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    /// What the host says of itself, and the base of its checkpoints.
    versions: BTreeMap<String, String>,
    /// For each place, the image and the number of its base.
    images: Vec<(Mark, SharedBytes, Option<u32>)>,
    /// Images that others are differences from.
    bases: Vec<SharedBytes>,
}

/// Seals the checkpoints that the processes of a world need. `None` when they need none.
#[must_use]
pub fn seal(world: &mut World, key: &SealKey) -> Option<Vec<u8>> {
    let marks = needed(world);
    let checkpoints = world.resource::<Checkpoints>();
    let (mut images, mut bases) = (Vec::new(), Vec::new());
    for (_, mark) in &marks {
        let Some(image) = checkpoints.get(mark) else { continue };
        let number = image.base.map(|base| {
            bases.iter().position(|known| *known == base).unwrap_or_else(|| {
                bases.push(base);
                bases.len() - 1
            })
        });
        images.push((*mark, image.bytes, number.and_then(|number| u32::try_from(number).ok())));
    }
    if images.is_empty() {
        return None;
    }
    let versions = versions(world);
    let mut bytes = MAGIC.to_vec();
    bytes.extend(
        postcard::to_allocvec(&Sealed {
            versions,
            images,
            bases,
        })
        .ok()?,
    );
    let mac = mac(key, &bytes).finalize().into_bytes();
    bytes.extend_from_slice(&mac);
    Some(bytes)
}

/// Whether a world has processes that are rebuilt from checkpoints.
#[must_use]
pub fn any(world: &mut World) -> bool {
    !needed(world).is_empty()
}

/// Takes sealed checkpoints in; answers how many. Before the first tick after a restore.
///
/// # Errors
/// When they are not of this installation and build, or were changed: then none is taken.
pub fn unseal(world: &mut World, bytes: &[u8], key: &SealKey) -> Result<usize, SealError> {
    let body = bytes.len().checked_sub(MAC_BYTES).ok_or(SealError::Seal)?;
    let (body, seal) = bytes.split_at(body);
    let entries = body.strip_prefix(MAGIC).ok_or(SealError::Seal)?;
    mac(key, body).verify_slice(seal).map_err(|_| SealError::Seal)?;
    let sealed: Sealed = postcard::from_bytes(entries).map_err(|_| SealError::Seal)?;
    let ours = versions(world);
    let differs = |(part, version): &(&String, &String)| sealed.versions.get(*part) != Some(*version);
    if let Some((part, _)) = ours.iter().find(differs) {
        return Err(SealError::Version(part.clone()));
    }
    let image = |(mark, bytes, number): (Mark, SharedBytes, Option<u32>)| {
        let base = number.map(|number| sealed.bases.get(number as usize).cloned().ok_or(SealError::Seal));
        let base = base.transpose()?;
        Ok((mark, HeapImage { bytes, base }))
    };
    let images = sealed.images.into_iter().map(image).collect::<Result<Vec<_>, _>>()?;
    let count = images.len();
    let mut checkpoints = world.resource_mut::<Checkpoints>();
    for (mark, image) in images {
        checkpoints.put(mark, image);
    }
    start_there(world);
    Ok(count)
}

/// Has every process start at the latest checkpoint that there is of it.
fn start_there(world: &mut World) {
    for (entity, _, _) in rows::all::<JournalTail>(world) {
        let (Some(head), Some(tail)) = (world.get::<JournalHead>(entity), world.get::<JournalTail>(entity)) else {
            continue;
        };
        let checkpoints = world.resource::<Checkpoints>();
        let has = |place| checkpoints.get(&Mark::at(head, place)).is_some();
        if let Some(place) = tail.find(has) {
            let mut tail = world.get_mut::<JournalTail>(entity).expect("just seen");
            tail.bypass_change_detection().start_at(place);
        }
    }
}

/// The places where repetitions of living processes start, where that is not at their beginning.
pub(super) fn needed(world: &mut World) -> Vec<(Entity, Mark)> {
    let mut marks = Vec::new();
    for (entity, _, _) in rows::all::<JournalTail>(world) {
        if let (Some(head), Some(tail)) = (world.get::<JournalHead>(entity), world.get::<JournalTail>(entity))
            && tail.start().len > 0
        {
            marks.push((entity, Mark::of(head, tail)));
        }
    }
    marks
}

fn versions(world: &World) -> BTreeMap<String, String> {
    let host = world.resource::<Isolates>().host.as_ref();
    let mut versions = host.map_or_else(BTreeMap::new, |host| host.versions());
    let base = host.map_or_else(String::new, |host| host.checkpoint_base());
    versions.insert("base".to_owned(), base);
    versions
}

fn mac(key: &SealKey, bytes: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.0).expect("any length of key is one");
    mac.update(bytes);
    mac
}
