//! Bounds of a machine's file system, and what is answered when one is reached. Those of images, volumes and media stand with
//! them, in [`crate::disk`].

use serde::{Deserialize, Serialize};

/// Longest name of a directory entry, in bytes: ENAMETOOLONG.
pub const NAME_BYTES: usize = 255;
/// Longest path, in bytes: ENAMETOOLONG.
pub const PATH_BYTES: usize = 4096;
/// Most symbolic links followed while one path is resolved: ELOOP.
pub const SYMLINK_DEPTH: u32 = 40;
/// Most names of one inode: EMLINK.
pub const LINKS: u32 = 65_000;
/// Most entries that a machine adds to one directory, those that hide entries of the base image included: ENOSPC.
pub const DIRECTORY_ENTRIES: usize = 131_072;
/// Longest file, in bytes: EFBIG.
pub const FILE_BYTES: u64 = 256 << 20;
/// Contents are kept in pieces of this many bytes, each named by its hash.
pub const CHUNK_BYTES: u64 = 64 << 10;

/// What one machine's disk holds above the base image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DiskLimits {
    /// Bytes of file contents: ENOSPC.
    pub disk_bytes: u64,
    /// Inodes: ENOSPC.
    pub inodes: u64,
    /// Bytes of file contents of one user other than root, if that is limited: EDQUOT.
    pub user_bytes: Option<u64>,
}

impl Default for DiskLimits {
    fn default() -> Self {
        Self {
            disk_bytes: 1 << 30,
            inodes: 262_144,
            user_bytes: None,
        }
    }
}
