//! A folder in memory on its way to an image: files by their paths, directories made where they are missing.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use helios_abi::program::sha256;
use helios_engine::blobs::BlobId;

use super::file::Image;
use super::tree::{ImageError, Tree, TreeBody, TreeNode};
use crate::limits::CHUNK_BYTES;

/// One thing of a folder.
#[derive(Debug)]
struct Thing {
    perms: u32,
    body: TreeBody,
    entries: BTreeMap<String, Thing>,
}

/// A folder in memory. Everything in it belongs to root and is of one age.
#[derive(Debug)]
pub struct Folder {
    root: Thing,
    mtime_ms: u64,
    chunks: BTreeMap<BlobId, Arc<[u8]>>,
}

impl Thing {
    const fn dir(perms: u32) -> Self {
        Self {
            perms,
            body: TreeBody::Dir,
            entries: BTreeMap::new(),
        }
    }
}

impl Folder {
    /// An empty folder of that age.
    #[must_use]
    pub const fn new(mtime_ms: u64) -> Self {
        Self {
            root: Thing::dir(0o755),
            mtime_ms,
            chunks: BTreeMap::new(),
        }
    }

    /// Adds a directory; one that was made on the way to something else gets these permissions.
    ///
    /// # Errors
    /// When the path leads through a file, or there is one.
    pub fn dir(&mut self, path: &str, perms: u32) -> Result<(), String> {
        let dir = self.open(path.trim_end_matches('/'))?;
        dir.perms = perms;
        Ok(())
    }

    /// Adds a file.
    ///
    /// # Errors
    /// When the path leads through a file, or is taken.
    pub fn file(&mut self, path: &str, perms: u32, bytes: &[u8]) -> Result<(), String> {
        let pieces = bytes.chunks(CHUNK_BYTES as usize).map(|piece| {
            let id = sha256(piece);
            self.chunks.entry(id).or_insert_with(|| piece.into());
            id
        });
        let body = TreeBody::File {
            chunks: pieces.collect(),
            size: bytes.len() as u64,
        };
        self.add(path, perms, body)
    }

    /// Adds a symbolic link.
    ///
    /// # Errors
    /// As [`Folder::file`].
    pub fn link(&mut self, path: &str, target: &str) -> Result<(), String> {
        self.add(path, 0o777, TreeBody::Symlink(target.to_owned()))
    }

    fn add(&mut self, path: &str, perms: u32, body: TreeBody) -> Result<(), String> {
        let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
        let thing = Thing {
            perms,
            body,
            entries: BTreeMap::new(),
        };
        let before = self.open(dir)?.entries.insert(name.to_owned(), thing);
        if before.is_some() {
            return Err(format!("{path}: there are two of it"));
        }
        Ok(())
    }

    fn open(&mut self, path: &str) -> Result<&mut Thing, String> {
        let mut at = &mut self.root;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            at = at.entries.entry(name.to_owned()).or_insert_with(|| Thing::dir(0o755));
            if at.body != TreeBody::Dir {
                return Err(format!("{path}: {name} is not a directory"));
            }
        }
        Ok(at)
    }

    /// Makes the image.
    ///
    /// # Errors
    /// As [`Tree::new`]: names that are none, or too much of something.
    pub fn image(self, label: &str) -> Result<Image, ImageError> {
        let mtime_ms = self.mtime_ms;
        let mut nodes = vec![TreeNode::root(self.root.perms, mtime_ms)];
        let mut todo = VecDeque::from([(1, self.root.entries)]);
        while let Some((parent, entries)) = todo.pop_front() {
            for (name, thing) in entries {
                let is_dir = thing.body == TreeBody::Dir;
                nodes.push(TreeNode {
                    name,
                    parent,
                    perms: thing.perms,
                    uid: 0,
                    gid: 0,
                    mtime_ms,
                    body: thing.body,
                });
                if is_dir {
                    todo.push_back((nodes.len() as u64, thing.entries));
                }
            }
        }
        Ok(Image {
            tree: Tree::new(label, nodes)?,
            chunks: self.chunks,
        })
    }
}
