//! Disk images, volumes and removable media.
//!
//! An *image* is a tree and the pieces of its files, all named by hash ([`tree`]); a file form of it travels
//! ([`mod@file`]), and discs of other systems are read and written ([`iso`]). A *volume* ([`volume`]) is an image that a
//! machine has mounted: its inodes are numbered apart from the disk's, the image lies below, and rows hold what was changed
//! since. A *medium* ([`media`]) is a stick or disc that may lie in one of the machine's slots. *Syncing* ([`sync`]) makes an
//! image of what a volume holds now and gives it to the medium or file that the volume came from; every so often a machine
//! does that by itself, and makes an image of its own disk as well.
//!
//! Whatever an image says is checked before anything of it is used. Volumes are `nosuid` and `nodev` unless root says
//! otherwise, bounded in bytes, inodes, number and depth.

pub(crate) mod build;
pub(crate) mod calls;
pub mod commands;
pub mod file;
mod folder;
pub mod host;
pub mod iso;
pub mod media;
pub mod sync;
pub mod tree;
pub mod volume;

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy_ecs::prelude::*;
use helios_abi::{Errno, SysError};
use helios_engine::blobs::{BlobId, Blobs};
use helios_engine::state::Row;
use serde::{Deserialize, Serialize};

pub use file::{IMAGE_BYTES, Image};
pub use folder::Folder;
pub use media::{Contents, Medium};
pub use tree::{ImageError, Tree, TreeBody, TreeNode};
pub use volume::{Options, Source, Volume};

/// An image in the content store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageRef {
    /// The tree: the image's id.
    pub id: BlobId,
    /// The pieces of its files, sorted, each once.
    pub chunks: Vec<BlobId>,
}

impl ImageRef {
    /// Names a tree's blobs.
    #[must_use]
    pub fn of(tree: &Tree) -> Self {
        let mut chunks: Vec<BlobId> = tree.chunks().iter().map(|(id, _)| *id).collect();
        chunks.sort_unstable();
        Self { id: tree.id(), chunks }
    }

    pub(crate) fn blobs(&self, ids: &mut Vec<BlobId>) {
        ids.push(self.id);
        ids.extend_from_slice(&self.chunks);
    }

    /// Opens the tree.
    ///
    /// # Errors
    /// When a blob is missing, or the tree is not sound or names other pieces.
    pub fn open(&self, blobs: &Blobs) -> Result<Arc<Tree>, ImageError> {
        let tree = open_tree(blobs, self.id)?;
        if Self::of(&tree) != *self {
            return Err(ImageError::new("its pieces are not those that it is said to have"));
        }
        Ok(tree)
    }
}

/// Opens a tree of the content store, all of whose pieces are there.
pub(crate) fn open_tree(blobs: &Blobs, id: BlobId) -> Result<Arc<Tree>, ImageError> {
    let bytes = blobs
        .get(&id)
        .ok_or_else(|| ImageError::new(format!("the tree {id} is missing")))?;
    let tree = Tree::read(bytes)?;
    for (chunk, len) in tree.chunks() {
        let bytes = blobs.get(chunk);
        let bytes = bytes.ok_or_else(|| ImageError::new(format!("piece {chunk} is missing")))?;
        if bytes.len() != *len as usize {
            return Err(ImageError::new(format!("piece {chunk} is of another length")));
        }
    }
    Ok(Arc::new(tree))
}

/// Puts an image into the content store.
pub(crate) fn store(world: &mut World, image: &Image) -> Result<ImageRef, SysError> {
    let full = |error: helios_engine::blobs::BlobError| SysError::new(Errno::ENOSPC, error.to_string());
    let mut blobs = world.resource_mut::<Blobs>();
    for bytes in image.chunks.values() {
        blobs.put(bytes.clone()).map_err(full)?;
    }
    blobs.put_copy(image.tree.bytes()).map_err(full)?;
    Ok(ImageRef::of(&image.tree))
}

/// The file forms of images that drives showed last. A cache of the host.
#[derive(Resource, Default)]
pub(crate) struct FileForms(BTreeMap<BlobId, Arc<[u8]>>);

/// Most file forms that are kept.
const FILE_FORMS: usize = 2;

/// The file form of an image of the content store.
pub(crate) fn file_form(world: &mut World, image: &ImageRef) -> Result<Arc<[u8]>, SysError> {
    if let Some(bytes) = world.resource::<FileForms>().0.get(&image.id) {
        return Ok(bytes.clone());
    }
    let blobs = world.resource::<Blobs>();
    let bytes = image
        .open(blobs)
        .and_then(|tree| file::write(&tree, |id| blobs.get(id).map(AsRef::as_ref)));
    let bytes: Arc<[u8]> = bytes.map_err(io_error)?.into();
    let mut forms = world.resource_mut::<FileForms>();
    if forms.0.len() >= FILE_FORMS {
        forms.0.clear();
    }
    forms.0.insert(image.id, bytes.clone());
    Ok(bytes)
}

pub(crate) fn io_error(error: ImageError) -> SysError {
    SysError::new(Errno::EIO, error.to_string())
}

/// What a machine knows of its volumes and media, and its own disk's last image. On the machine's entity.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drives {
    /// Volumes mounted so far: none has the number of another.
    pub volumes: u32,
    /// Media made here so far.
    pub media: u64,
    /// Minutes of virtual time from one sync to the next; 0: nothing is synced by itself.
    pub sync_minutes: u32,
    /// The disk as it was when it was synced last.
    pub synced: Option<Synced>,
}

/// A disk as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Synced {
    /// When.
    pub tick: u64,
    /// Its image.
    pub image: ImageRef,
}

impl Drives {
    /// Goes on counting from where the machine was before an image was put in its place.
    pub(crate) fn carry_over(before: &Self, now: &mut Self) {
        now.volumes = now.volumes.max(before.volumes);
        now.media = now.media.max(before.media);
    }
}

impl Row for Drives {
    const NAME: &'static str = "drives";
    const SCHEMA: u32 = 1;

    fn blobs(&self, ids: &mut Vec<BlobId>) {
        if let Some(synced) = &self.synced {
            synced.image.blobs(ids);
        }
    }
}
