//! From a disc to a tree.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use helios_abi::calls::mode;
use helios_abi::program::sha256;
use helios_engine::blobs::BlobId;

use super::susp::{Said, short_time};
use super::{FIRST_DESCRIPTOR, SECTOR, STANDARD_ID, posix};
use crate::disk::file::{IMAGE_BYTES, Image};
use crate::disk::tree::{ImageError, TREE_NODES, Tree, TreeBody, TreeNode};
use crate::limits::{CHUNK_BYTES, FILE_BYTES};

/// Most volume descriptors that are looked at for the primary one.
const DESCRIPTORS: usize = 64;
/// Most areas in which the entries of one record go on.
const CONTINUATIONS: usize = 64;

/// Whether bytes are a disc by their first descriptor.
#[must_use]
pub fn is_iso(bytes: &[u8]) -> bool {
    let at = FIRST_DESCRIPTOR * SECTOR + 1;
    bytes.get(at..at + STANDARD_ID.len()) == Some(STANDARD_ID.as_slice())
}

/// A directory record.
struct Record<'a> {
    extent: usize,
    size: u64,
    time: u64,
    flags: u8,
    name: &'a [u8],
    system_use: &'a [u8],
}

mod flags {
    pub(super) const DIRECTORY: u8 = 2;
    pub(super) const ASSOCIATED: u8 = 4;
    pub(super) const MULTI_EXTENT: u8 = 0x80;
}

/// Reads a disc.
///
/// # Errors
/// When it is none, is damaged, holds what trees do not, or is beyond a bound.
pub fn read(bytes: &[u8]) -> Result<Image, ImageError> {
    if bytes.len() as u64 > 2 * IMAGE_BYTES {
        return Err(ImageError::new("the disc is too large"));
    }
    let primary = primary(bytes)?;
    let label: String = String::from_utf8_lossy(&primary[40..72])
        .trim_end_matches([' ', '\0'])
        .into();
    let label: String = label
        .chars()
        .filter(|letter| letter.is_ascii_graphic() || *letter == ' ')
        .collect();
    let root = record(&primary[156..190])?.ok_or_else(|| ImageError::new("the disc has no root"))?;
    let mut disc = Disc {
        bytes,
        skip: None,
        nodes: vec![TreeNode::root(0o755, root.time)],
        chunks: BTreeMap::new(),
        content_bytes: 0,
    };
    disc.begin(&root)?;
    let mut seen = BTreeSet::from([root.extent]);
    let mut todo = VecDeque::from([(1, root.extent, root.size)]);
    while let Some((place, extent, size)) = todo.pop_front() {
        for (child, extent, size) in disc.directory(place, extent, size)? {
            if !seen.insert(extent) {
                return Err(ImageError::new(
                    "a directory of the disc is inside itself, or in two places",
                ));
            }
            todo.push_back((child, extent, size));
        }
    }
    Ok(Image {
        tree: Tree::new(&label, disc.nodes)?,
        chunks: disc.chunks,
    })
}

fn primary(bytes: &[u8]) -> Result<&[u8], ImageError> {
    for at in FIRST_DESCRIPTOR..FIRST_DESCRIPTOR + DESCRIPTORS {
        let sector = bytes.get(at * SECTOR..(at + 1) * SECTOR);
        let sector = sector.ok_or_else(|| ImageError::new("the disc ends among its descriptors"))?;
        if &sector[1..6] != STANDARD_ID {
            return Err(ImageError::new("not a disc"));
        }
        match sector[0] {
            1 if sector[128..130] != (SECTOR as u16).to_le_bytes() => {
                return Err(ImageError::new("blocks of the disc are not of 2048 bytes"));
            }
            1 => return Ok(sector),
            255 => break,
            _ => {}
        }
    }
    Err(ImageError::new("the disc has no primary descriptor"))
}

/// Reads the record at the front of `bytes`; none where zeros fill a sector up.
fn record(bytes: &[u8]) -> Result<Option<Record<'_>>, ImageError> {
    let len = bytes.first().map_or(0, |len| usize::from(*len));
    if len == 0 {
        return Ok(None);
    }
    let bad = || ImageError::new("a directory record does not fit");
    let bytes = bytes.get(..len).filter(|bytes| bytes.len() >= 34).ok_or_else(bad)?;
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    let name_end = 33 + usize::from(bytes[32]);
    let name = bytes.get(33..name_end).ok_or_else(bad)?;
    // Names of even length are padded.
    let system_use = bytes
        .get(name_end + usize::from(name.len().is_multiple_of(2))..)
        .unwrap_or_default();
    Ok(Some(Record {
        extent: number(2) as usize + usize::from(bytes[1]),
        size: u64::from(number(10)),
        time: short_time(&bytes[18..25]),
        flags: bytes[25],
        name,
        system_use,
    }))
}

struct Disc<'a> {
    bytes: &'a [u8],
    /// Bytes of a record's system use before entries; none: the disc has no Rock Ridge.
    skip: Option<usize>,
    nodes: Vec<TreeNode>,
    chunks: BTreeMap<BlobId, Arc<[u8]>>,
    content_bytes: u64,
}

impl<'a> Disc<'a> {
    fn extent(&self, extent: usize, size: u64) -> Result<&'a [u8], ImageError> {
        let start = extent.checked_mul(SECTOR);
        let end = start.and_then(|start| start.checked_add(usize::try_from(size).ok()?));
        let range = start.zip(end).map(|(start, end)| start..end);
        range
            .and_then(|range| self.bytes.get(range))
            .ok_or_else(|| ImageError::new("something of the disc lies beyond its end"))
    }

    /// Looks at the root's own record for the sign of Rock Ridge, and at what it says of the root.
    fn begin(&mut self, root: &Record<'_>) -> Result<(), ImageError> {
        let bytes = self.extent(root.extent, root.size)?;
        let Some(own) = record(bytes)? else {
            return Ok(());
        };
        if let [b'S', b'P', 7, 1, 0xbe, 0xef, skip, ..] = own.system_use {
            self.skip = Some(usize::from(*skip));
            // The root's own entries begin where they are, whatever is skipped elsewhere.
            let said = self.entries(own.system_use)?;
            let root = &mut self.nodes[0];
            root.perms = said.mode.unwrap_or(0o755) & mode::PERMS;
            (root.uid, root.gid) = (said.uid, said.gid);
            root.mtime_ms = said.mtime_ms.unwrap_or(root.mtime_ms);
        }
        Ok(())
    }

    fn entries(&self, area: &[u8]) -> Result<Said, ImageError> {
        let mut said = Said::default();
        said.read(area)?;
        for _ in 0..CONTINUATIONS {
            let Some((sector, offset, len)) = said.next else {
                return Ok(said);
            };
            let area = self.extent(sector as usize, u64::from(offset) + u64::from(len))?;
            said.read(&area[offset as usize..])?;
        }
        Err(ImageError::new("the entries of a record go on and on"))
    }

    /// Adds what is in a directory, and answers the directories among it.
    fn directory(&mut self, place: u64, extent: usize, size: u64) -> Result<Vec<(u64, usize, u64)>, ImageError> {
        let bytes = self.extent(extent, size)?;
        let mut found: BTreeMap<String, (Record<'_>, Said)> = BTreeMap::new();
        // A record never crosses a sector's end.
        for sector in bytes.chunks(SECTOR) {
            let mut rest = sector;
            while let Some(record) = record(rest)? {
                rest = &rest[usize::from(rest[0])..];
                if matches!(record.name, [0 | 1]) || record.flags & flags::ASSOCIATED != 0 {
                    continue;
                }
                let said = match self.skip {
                    Some(skip) => self.entries(record.system_use.get(skip..).unwrap_or_default())?,
                    None => Said::default(),
                };
                let name = self.name(&record, &said)?;
                if self.nodes.len() + found.len() >= TREE_NODES {
                    return Err(ImageError::new(format!("an image has at most {TREE_NODES} nodes")));
                }
                if found.insert(name.clone(), (record, said)).is_some() {
                    return Err(ImageError::new(format!("the name is taken: {name:?}")));
                }
            }
        }
        let mut dirs = Vec::new();
        for (name, (record, said)) in found {
            let Some(body) = self.body(&record, &said)? else {
                continue;
            };
            let is_dir = body == TreeBody::Dir;
            let plain = if is_dir { 0o555 } else { 0o444 };
            self.nodes.push(TreeNode {
                name,
                parent: place,
                perms: said.mode.unwrap_or(plain) & mode::PERMS,
                uid: said.uid,
                gid: said.gid,
                mtime_ms: said.mtime_ms.unwrap_or(record.time),
                body,
            });
            if is_dir {
                dirs.push((self.nodes.len() as u64, record.extent, record.size));
            }
        }
        Ok(dirs)
    }

    fn name(&self, record: &Record<'_>, said: &Said) -> Result<String, ImageError> {
        let text = |bytes: &[u8]| {
            String::from_utf8(bytes.to_vec()).map_err(|_| ImageError::new("a name of the disc is not UTF-8"))
        };
        if !said.name.is_empty() {
            return text(&said.name);
        }
        let plain = text(record.name)?.to_lowercase();
        let plain = plain.split_once(';').map_or(plain.as_str(), |(name, _)| name);
        Ok(plain.strip_suffix('.').unwrap_or(plain).to_owned())
    }

    /// What a record's node holds; none of what no tree has.
    fn body(&mut self, record: &Record<'_>, said: &Said) -> Result<Option<TreeBody>, ImageError> {
        if record.flags & flags::DIRECTORY != 0 {
            return Ok(Some(TreeBody::Dir));
        }
        let kind = said.mode.map_or(posix::FILE, |word| word & posix::TYPE);
        Ok(match kind {
            posix::FILE => Some(self.file(record)?),
            posix::SYMLINK => {
                let target = said.link.clone().unwrap_or_default();
                let target = String::from_utf8(target).map_err(|_| ImageError::new("a link is not UTF-8"))?;
                Some(TreeBody::Symlink(target))
            }
            posix::CHAR_DEVICE | posix::BLOCK_DEVICE => {
                let (major, minor) = said.device.unwrap_or_default();
                Some(TreeBody::Device((major & 0xff_ffff) << 8 | (minor & 0xff)))
            }
            posix::DIR => return Err(ImageError::new("a file of the disc says that it is a directory")),
            // Pipes and sockets of other systems.
            _ => None,
        })
    }

    fn file(&mut self, record: &Record<'_>) -> Result<TreeBody, ImageError> {
        if record.flags & flags::MULTI_EXTENT != 0 {
            return Err(ImageError::new("a file of the disc is in several pieces"));
        }
        self.content_bytes += record.size;
        if record.size > FILE_BYTES || self.content_bytes > IMAGE_BYTES {
            return Err(ImageError::new(format!("its files have more than {IMAGE_BYTES} bytes")));
        }
        let bytes = if record.size == 0 {
            &[]
        } else {
            self.extent(record.extent, record.size)?
        };
        let pieces = bytes.chunks(CHUNK_BYTES as usize).map(|piece| {
            let id = sha256(piece);
            self.chunks.entry(id).or_insert_with(|| piece.into());
            id
        });
        Ok(TreeBody::File {
            chunks: pieces.collect(),
            size: record.size,
        })
    }
}
