//! The rows of a file system: inodes, directory entries, and a machine's own numbers.
//!
//! They are an overlay. What the base image has and a machine never changed has no row at all. A base inode that changes
//! is *copied up*: it gets a row under the number it already had, and its contents stay in the image until somebody
//! writes. A base entry that goes is covered by an entry without an inode, a *whiteout*.

use bevy_ecs::prelude::*;
use helios_abi::calls::mode;
use helios_abi::program::sha256;
use helios_engine::blobs::BlobId;
use helios_engine::state::Row;
use serde::{Deserialize, Serialize};

use crate::limits::{CHUNK_BYTES, DiskLimits};

/// The number of the root directory, in every image.
pub const ROOT_INO: u64 = 1;
/// The first number that a machine gives to an inode of its own. Base images count from 1 and stay below.
pub const FIRST_OWN_INO: u64 = 1 << 32;

/// An inode of a machine's overlay.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inode {
    /// Its number: the base image's, or one of the machine's own.
    pub ino: u64,
    /// Type, setuid, setgid, sticky and permissions, the traditional `st_mode`.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Number of names; of a directory, 2 and one for each directory in it. A file without a name lives while it is open.
    pub nlink: u32,
    /// Last change of the contents, in milliseconds since the Unix epoch.
    pub mtime_ms: u64,
    /// Last change of the inode, likewise.
    pub ctime_ms: u64,
    /// What it holds.
    pub body: Body,
}

/// What an inode holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// Directory entries, which are rows of their own.
    Dir,
    /// Contents that are still the base image's.
    Base,
    /// Contents of its own.
    File(FileData),
    /// What a symbolic link says.
    Symlink(String),
    /// A device's number, major << 8 | minor.
    Device(u32),
}

/// A file's contents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileData {
    /// Length in bytes.
    pub size: u64,
    /// Pieces of [`CHUNK_BYTES`], the last one shorter.
    pub chunks: Vec<Chunk>,
}

impl FileData {
    /// How many bytes piece `index` has.
    #[must_use]
    pub const fn chunk_len(&self, index: u64) -> u64 {
        let left = self.size - index * CHUNK_BYTES;
        if left < CHUNK_BYTES { left } else { CHUNK_BYTES }
    }
}

/// A piece of a file. Its row form is its hash: whether it is sealed shows nowhere.
#[derive(Clone, Debug)]
pub enum Chunk {
    /// In the content store under this name.
    Sealed(BlobId),
    /// Written since the last seal, and not hashed yet.
    Open(Vec<u8>),
}

impl Chunk {
    /// The hash of the bytes.
    #[must_use]
    pub fn id(&self) -> BlobId {
        match self {
            Self::Sealed(id) => *id,
            Self::Open(bytes) => sha256(bytes),
        }
    }
}

impl PartialEq for Chunk {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}
impl Eq for Chunk {}

impl Serialize for Chunk {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.id().serialize(serializer)
    }
}
impl<'de> Deserialize<'de> for Chunk {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BlobId::deserialize(deserializer).map(Self::Sealed)
    }
}

impl Inode {
    /// Bytes that count against the disk.
    #[must_use]
    pub fn charged_bytes(&self) -> u64 {
        match &self.body {
            Body::File(data) => data.size,
            Body::Symlink(target) => target.len() as u64,
            Body::Dir | Body::Base | Body::Device(_) => 0,
        }
    }

    /// Whether it is a directory.
    #[must_use]
    pub const fn is_dir(&self) -> bool {
        self.mode & mode::TYPE == mode::DIR
    }
}

/// A directory entry of a machine's overlay.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dentry {
    /// The directory.
    pub parent: u64,
    /// The name.
    pub name: String,
    /// The inode; absent: the base image's entry of that name is gone.
    pub ino: Option<u64>,
}

/// A machine's file system as a whole: on the machine's own entity.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disk {
    /// The number that the next new inode gets.
    pub next_ino: u64,
    /// What it may hold.
    pub limits: DiskLimits,
}

impl Disk {
    /// An empty overlay.
    #[must_use]
    pub const fn new(limits: DiskLimits) -> Self {
        Self {
            next_ino: FIRST_OWN_INO,
            limits,
        }
    }
}

impl Disk {
    /// Goes on counting from where the disk was before an image was put in its machine's place, and is as large.
    pub(crate) fn carry_over(before: &Self, now: &mut Self) {
        now.next_ino = now.next_ino.max(before.next_ino);
        now.limits = before.limits;
    }
}

impl Row for Inode {
    const NAME: &'static str = "inode";
    const SCHEMA: u32 = 1;

    fn blobs(&self, ids: &mut Vec<BlobId>) {
        if let Body::File(data) = &self.body {
            ids.extend(data.chunks.iter().map(Chunk::id));
        }
    }
}

impl Row for Dentry {
    const NAME: &'static str = "dentry";
    const SCHEMA: u32 = 1;
}

impl Row for Disk {
    const NAME: &'static str = "disk";
    const SCHEMA: u32 = 1;
}
