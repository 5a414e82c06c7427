//! The file form of a disk image: a tree and its pieces, compressed, in one file.
//!
//! This is what a player's `mkimage` writes, what the drive of a stick shows, and what leaves for the host. Reading checks
//! every size before it is believed and every hash before it is used, and gives nothing where anything is wrong.
//! `docs/disks.md` has the layout.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::sync::Arc;

use flate2::Compression;
use helios_abi::program::sha256;
use helios_engine::blobs::BlobId;

use super::tree::{ImageError, Reader, TREE_BYTES, Tree};

/// What an image file begins with.
pub const MAGIC: &[u8; 8] = b"HELIOSD1";
/// Most bytes of an image file, and of the contents of an image that is mounted or inserted.
pub const IMAGE_BYTES: u64 = 64 << 20;

/// An image in memory: its tree and the bytes of its pieces.
#[derive(Clone, Debug)]
pub struct Image {
    /// The tree.
    pub tree: Tree,
    /// Every piece that the tree names.
    pub chunks: BTreeMap<BlobId, Arc<[u8]>>,
}

/// How hard pieces are compressed. The bytes of an image file hang on it, and on the compressor: a committed image
/// guards both.
const LEVEL: u32 = 1;

impl Image {
    /// Writes the file.
    ///
    /// # Errors
    /// When a piece is not there, or the image is beyond the bound.
    pub fn write(&self) -> Result<Vec<u8>, ImageError> {
        write(&self.tree, |id| self.chunks.get(id).map(|bytes| bytes.as_ref()))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it is not an image, is cut or changed, or is beyond a bound.
    pub fn read(bytes: &[u8]) -> Result<Self, ImageError> {
        let mut from = Reader(bytes);
        if bytes.len() as u64 > 2 * IMAGE_BYTES || from.take(MAGIC.len()).ok() != Some(MAGIC.as_slice()) {
            return Err(ImageError::new("not an image, or too large for one"));
        }
        let id = from.id()?;
        let (plain, packed) = (from.u64()?, from.u64()?);
        if plain > TREE_BYTES as u64 || packed > from.0.len() as u64 {
            return Err(ImageError::new("the tree is longer than a tree, or than the file"));
        }
        let tree = inflate(from.take(packed as usize)?, plain)?;
        if sha256(&tree) != id {
            return Err(ImageError::new("the tree is not the one that the file names"));
        }
        let tree = Tree::read(&tree)?;
        if tree.content_bytes() > IMAGE_BYTES {
            return Err(ImageError::new(format!("its files have more than {IMAGE_BYTES} bytes")));
        }
        let mut chunks = BTreeMap::new();
        for (id, len) in tree.chunks() {
            let form = from.u8()?;
            let packed = from.u32()? as usize;
            let packed = from.take(packed)?;
            let bytes = match form {
                0 => packed.to_vec(),
                1 => inflate(packed, u64::from(*len))?,
                _ => return Err(ImageError::new(format!("there is no form {form} of pieces"))),
            };
            if bytes.len() != *len as usize || sha256(&bytes) != *id {
                return Err(ImageError::new(format!("piece {id} is not what its name says")));
            }
            chunks.insert(*id, bytes.into());
        }
        // What follows is nobody's: a stick is larger than what is on it.
        Ok(Self { tree, chunks })
    }
}

/// Writes the file form of an image whose pieces `chunk` finds.
pub(crate) fn write<'b>(tree: &Tree, chunk: impl Fn(&BlobId) -> Option<&'b [u8]>) -> Result<Vec<u8>, ImageError> {
    if tree.content_bytes() > IMAGE_BYTES {
        return Err(ImageError::new(format!("its files have more than {IMAGE_BYTES} bytes")));
    }
    let packed = deflate(tree.bytes());
    let mut out = Vec::new();
    out.extend(MAGIC);
    out.extend(tree.id().0);
    out.extend((tree.bytes().len() as u64).to_le_bytes());
    out.extend((packed.len() as u64).to_le_bytes());
    out.extend(packed);
    for (id, _) in tree.chunks() {
        let bytes = chunk(id).ok_or_else(|| ImageError::new(format!("piece {id} is missing")))?;
        let packed = deflate(bytes);
        // What does not get shorter stays as it is.
        let (form, packed) = if packed.len() < bytes.len() {
            (1, packed.as_slice())
        } else {
            (0, bytes)
        };
        out.push(form);
        out.extend((packed.len() as u32).to_le_bytes());
        out.extend(packed);
    }
    Ok(out)
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::new(LEVEL));
    encoder.write_all(bytes).expect("memory takes everything");
    encoder.finish().expect("memory takes everything")
}

/// Inflates to exactly `plain` bytes, and never to more.
fn inflate(packed: &[u8], plain: u64) -> Result<Vec<u8>, ImageError> {
    let mut out = Vec::new();
    let mut reader = flate2::read::ZlibDecoder::new(packed).take(plain + 1);
    reader
        .read_to_end(&mut out)
        .map_err(|error| ImageError::new(format!("a compressed part is damaged: {error}")))?;
    if out.len() as u64 != plain {
        return Err(ImageError::new("a compressed part is not as long as it says"));
    }
    Ok(out)
}
