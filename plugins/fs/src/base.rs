//! The base image: the userland that every machine of a world shares and none can change.
//!
//! An image is a tree blob (canonical JSON of its nodes, in a fixed order) and the pieces of its files. Its id is the
//! SHA-256 of the tree, which names every piece, so it covers all of the content. The [`BaseRow`] of the world names
//! tree and pieces: a save carries them, and a build with another userland still opens it.

mod archive;
mod image;
mod pack;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use bevy_ecs::prelude::*;
use helios_engine::blobs::{BlobId, Blobs};
use helios_engine::state::Row;
use serde::{Deserialize, Serialize};

pub use archive::{ArchiveError, Packed};
pub(crate) use image::valid_name;
pub use image::{BaseBody, BaseImage, BaseNode, ImageError};

/// The archive that the build script packed.
static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rootfs.z"));

/// Which base image a world uses. A row of node 0.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaseRow {
    /// The tree: the image's id.
    pub id: BlobId,
    /// The pieces of its files, sorted, each once.
    pub chunks: Vec<BlobId>,
}

impl Row for BaseRow {
    const NAME: &'static str = "base_image";
    const SCHEMA: u32 = 1;

    fn blobs(&self, ids: &mut Vec<BlobId>) {
        // A world that has no image yet names none.
        if self.id != BlobId::default() {
            ids.push(self.id);
            ids.extend_from_slice(&self.chunks);
        }
    }
}

/// The image that [`BaseRow`] names, opened. Not state: opened again after a restore.
#[derive(Resource, Clone, Debug)]
pub struct Base(pub Arc<BaseImage>);

/// An image and the bytes of its pieces.
type Image = (Arc<BaseImage>, BTreeMap<BlobId, Arc<[u8]>>);

static IMAGE: OnceLock<Image> = OnceLock::new();

/// Gives new worlds of this process the userland of a folder (with `rootfs.txt` and `rootfs/`) instead of this build's,
/// so that a change of it can be tried without a build. The library, `/usr/lib/helios`, stays that of the build.
///
/// # Errors
/// When the folder cannot be read or its table is malformed, or when a world was made already.
pub fn use_folder(root: &std::path::Path) -> Result<(), String> {
    let mut packed = Packed::read_folder(root).map_err(|error| error.to_string())?;
    let own = Packed::unpack(PACKED).expect("the build script packed the archive");
    let library = |path: &str| path.starts_with("/usr/lib/helios/");
    packed.files.retain(|path, _| !library(path));
    packed
        .files
        .extend(own.files.into_iter().filter(|(path, _)| library(path)));
    let (image, chunks) = packed.build().map_err(|error| error.to_string())?;
    IMAGE
        .set((Arc::new(image), chunks))
        .map_err(|_| "a world of this process was made already".to_owned())
}

/// The library and what else this build has in `/usr/lib`, by path: sources that declare what programs may import.
///
/// # Panics
/// If the build packed nonsense: its table is checked by a test.
#[must_use]
pub fn library_files() -> BTreeMap<String, Vec<u8>> {
    let packed = Packed::unpack(PACKED).expect("the build script packed the archive");
    let mut files = packed.files;
    files.retain(|path, _| path.starts_with("/usr/lib/"));
    files
}

/// This build's own image with the bytes of its pieces, unpacked once for all worlds of the process.
///
/// # Panics
/// If the build packed nonsense: its table is checked by a test.
#[must_use]
pub fn built_in() -> &'static Image {
    IMAGE.get_or_init(|| {
        let packed = Packed::unpack(PACKED).expect("the build script packed the archive");
        let (image, chunks) = packed.build().expect("scripts-ts/rootfs.txt is well-formed");
        (Arc::new(image), chunks)
    })
}

/// Gives a world that has no image yet this build's.
///
/// # Panics
/// If the content store cannot hold it.
pub(crate) fn ensure(world: &mut World) {
    if world.resource::<BaseRow>().id != BlobId::default() {
        return;
    }
    let (image, chunks) = built_in();
    let mut blobs = world.resource_mut::<Blobs>();
    let tree = blobs
        .provide_base(image.tree().to_vec())
        .expect("the content store has room for the base image");
    assert_eq!(tree, image.id(), "an image is named by its tree");
    for bytes in chunks.values() {
        blobs
            .provide_base(bytes.clone())
            .expect("the content store has room for the base image");
    }
    world.insert_resource(BaseRow {
        id: tree,
        chunks: chunks.keys().copied().collect(),
    });
    world.insert_resource(Base(image.clone()));
}

/// Opens the image that the world's row names, if another one is open.
///
/// # Errors
/// When the tree or a piece is not in the content store, or the tree is malformed.
pub(crate) fn open_named(row: &BaseRow, blobs: &Blobs) -> Result<Arc<BaseImage>, ImageError> {
    let (built_in, _) = built_in();
    if row.id == built_in.id() {
        return Ok(built_in.clone());
    }
    if let Some(missing) = row.chunks.iter().find(|chunk| !blobs.contains(chunk)) {
        return Err(ImageError(format!("piece {missing} is missing")));
    }
    let tree = blobs
        .get(&row.id)
        .ok_or_else(|| ImageError(format!("the tree {} is missing", row.id)))?;
    let image = BaseImage::read(tree)?;
    if image.chunks() != row.chunks {
        return Err(ImageError("its pieces are not those that the world names".to_owned()));
    }
    Ok(Arc::new(image))
}
