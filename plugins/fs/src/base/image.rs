//! The tree of a base image: reading, checking, looking up.

use std::collections::{BTreeMap, BTreeSet};

use helios_abi::calls::mode;
use helios_abi::program::sha256;
use helios_engine::blobs::BlobId;
use serde::{Deserialize, Serialize};

use crate::inode::{FIRST_OWN_INO, ROOT_INO};
use crate::limits::{CHUNK_BYTES, FILE_BYTES, NAME_BYTES};

/// Largest tree that is read, in bytes.
const TREE_BYTES: usize = 64 << 20;
/// Longest message about a tree, in characters.
const MESSAGE_CHARS: usize = 200;

/// Why a base image cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("base image: {0}")]
pub struct ImageError(pub String);

impl ImageError {
    /// An error that quotes the tree: cut to a line's length, for what it quotes may be as long as the tree.
    fn quoting(text: &str) -> Self {
        Self(text.chars().take(MESSAGE_CHARS).collect())
    }
}

/// One inode of an image. Its number is its place in the tree, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaseNode {
    /// Its name in its directory; empty for the root.
    pub name: String,
    /// Its directory; the root's is itself.
    pub parent: u64,
    /// Type and permissions.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// What it holds.
    pub body: BaseBody,
}

/// What an inode of an image holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BaseBody {
    /// The inodes that name it as their parent.
    Dir,
    /// Contents.
    File {
        /// Length in bytes.
        size: u64,
        /// Pieces of 64 KiB, the last one shorter.
        chunks: Vec<BlobId>,
    },
    /// What a symbolic link says.
    Symlink(String),
    /// A device's number.
    Device(u32),
}

impl BaseBody {
    const fn kind(&self) -> u32 {
        match self {
            Self::Dir => mode::DIR,
            Self::File { .. } => mode::FILE,
            Self::Symlink(_) => mode::SYMLINK,
            Self::Device(_) => mode::DEVICE,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tree {
    format: u32,
    mtime_ms: u64,
    nodes: Vec<BaseNode>,
}

/// An image, opened.
#[derive(Clone, Debug)]
pub struct BaseImage {
    id: BlobId,
    tree: Vec<u8>,
    mtime_ms: u64,
    nodes: Vec<BaseNode>,
    entries: Vec<BTreeMap<String, u64>>,
}

impl BaseImage {
    /// Makes an image of nodes that are in order: parents first.
    ///
    /// # Errors
    /// The first node that does not fit.
    pub fn new(mtime_ms: u64, nodes: Vec<BaseNode>) -> Result<Self, ImageError> {
        let tree = Tree {
            format: 1,
            mtime_ms,
            nodes,
        };
        let bytes = serde_json::to_vec(&tree).expect("a tree is plain data");
        Self::open(bytes, tree)
    }

    /// Reads a tree blob.
    ///
    /// # Errors
    /// When it is too large, not JSON, of another format, or not a tree.
    pub fn read(bytes: &[u8]) -> Result<Self, ImageError> {
        if bytes.len() > TREE_BYTES {
            return Err(ImageError(format!(
                "the tree is {} bytes; at most {TREE_BYTES} are read",
                bytes.len()
            )));
        }
        let tree = serde_json::from_slice(bytes).map_err(|error| ImageError::quoting(&error.to_string()))?;
        Self::open(bytes.to_vec(), tree)
    }

    fn open(bytes: Vec<u8>, tree: Tree) -> Result<Self, ImageError> {
        let Tree {
            format,
            mtime_ms,
            nodes,
        } = tree;
        if format != 1 {
            return Err(ImageError(format!("format {format} is not known")));
        }
        let mut entries = vec![BTreeMap::new(); nodes.len()];
        for (at, node) in nodes.iter().enumerate() {
            let fail = |why: &str| {
                let error = format!("node {}: {why}: {:?}", at + 1, node.name);
                Err(ImageError::quoting(&error))
            };
            let ino = at as u64 + 1;
            if node.mode & mode::TYPE != node.body.kind() || node.mode & !(mode::TYPE | mode::PERMS) != 0 {
                return fail("the mode does not fit");
            }
            if ino == ROOT_INO {
                if node.parent != ROOT_INO || !node.name.is_empty() || node.body != BaseBody::Dir {
                    return fail("the first node is not a root directory");
                }
                continue;
            }
            if !valid_name(&node.name) {
                return fail("not a name");
            }
            if node.parent == 0 || node.parent >= ino || nodes[node.parent as usize - 1].body != BaseBody::Dir {
                return fail("the parent is not a directory before it");
            }
            if let BaseBody::File { size, chunks } = &node.body
                && (*size > FILE_BYTES || chunks.len() as u64 != size.div_ceil(CHUNK_BYTES))
            {
                return fail("size and pieces do not fit");
            }
            if entries[node.parent as usize - 1]
                .insert(node.name.clone(), ino)
                .is_some()
            {
                return fail("the name is taken");
            }
        }
        if nodes.is_empty() || nodes.len() as u64 >= FIRST_OWN_INO {
            return Err(ImageError("an image has a root, and fewer than 2^32 nodes".to_owned()));
        }
        Ok(Self {
            id: sha256(&bytes),
            tree: bytes,
            mtime_ms,
            nodes,
            entries,
        })
    }

    /// Its id: SHA-256 of the tree.
    #[must_use]
    pub const fn id(&self) -> BlobId {
        self.id
    }

    /// The tree blob.
    #[must_use]
    pub fn tree(&self) -> &[u8] {
        &self.tree
    }

    /// The time that all of its nodes carry.
    #[must_use]
    pub const fn mtime_ms(&self) -> u64 {
        self.mtime_ms
    }

    /// An inode by number.
    #[must_use]
    pub fn node(&self, ino: u64) -> Option<&BaseNode> {
        self.nodes.get(usize::try_from(ino.checked_sub(1)?).ok()?)
    }

    /// How many inodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no inode; never so.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The entries of a directory, by name; none of what is not a directory of the image.
    pub fn entries(&self, ino: u64) -> impl Iterator<Item = (&str, u64)> + '_ {
        let entries = ino
            .checked_sub(1)
            .and_then(|at| self.entries.get(usize::try_from(at).ok()?));
        entries.into_iter().flatten().map(|(name, ino)| (name.as_str(), *ino))
    }

    /// One entry of a directory.
    #[must_use]
    pub fn entry(&self, ino: u64, name: &str) -> Option<u64> {
        self.entries
            .get(usize::try_from(ino.checked_sub(1)?).ok()?)?
            .get(name)
            .copied()
    }

    /// The inode at an absolute path, symbolic links not followed.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<u64> {
        let names = path.split('/').filter(|name| !name.is_empty());
        names.into_iter().try_fold(ROOT_INO, |dir, name| self.entry(dir, name))
    }

    /// The directory that holds an inode, and its name there; none of the root.
    #[must_use]
    pub fn parent(&self, ino: u64) -> Option<(u64, &str)> {
        let node = self.node(ino).filter(|_| ino != ROOT_INO)?;
        Some((node.parent, &node.name))
    }

    /// Names of an inode: 1, or of a directory 2 and one for each directory in it.
    #[must_use]
    pub fn nlink(&self, ino: u64) -> u32 {
        let dirs = self
            .entries(ino)
            .filter(|(_, child)| self.node(*child).is_some_and(|node| node.body == BaseBody::Dir));
        match self.node(ino).map(|node| &node.body) {
            Some(BaseBody::Dir) => 2 + dirs.count() as u32,
            _ => 1,
        }
    }

    /// Every piece of every file, sorted, each once.
    #[must_use]
    pub fn chunks(&self) -> Vec<BlobId> {
        let files = self.nodes.iter().filter_map(|node| match &node.body {
            BaseBody::File { chunks, .. } => Some(chunks),
            _ => None,
        });
        files.flatten().copied().collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// Whether a directory entry may have this name.
pub(crate) fn valid_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && name.len() <= NAME_BYTES && !name.contains(['/', '\0'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dir(name: &str, parent: u64) -> BaseNode {
        BaseNode {
            name: name.into(),
            parent,
            mode: mode::DIR | 0o755,
            uid: 0,
            gid: 0,
            body: BaseBody::Dir,
        }
    }

    #[test]
    fn trees_are_checked_node_by_node() {
        let cases: &[(&str, Vec<BaseNode>)] = &[
            ("has a root", vec![]),
            ("not a root", vec![dir("x", 1)]),
            ("the name is taken", vec![dir("", 1), dir("a", 1), dir("a", 1)]),
            ("directory before it", vec![dir("", 1), dir("a", 3), dir("b", 1)]),
            ("not a name", vec![dir("", 1), dir("..", 1)]),
            (
                "mode does not fit",
                vec![
                    dir("", 1),
                    BaseNode {
                        body: BaseBody::Device(1),
                        ..dir("a", 1)
                    },
                ],
            ),
            (
                "size and pieces",
                vec![
                    dir("", 1),
                    BaseNode {
                        mode: mode::FILE,
                        body: BaseBody::File {
                            size: 1,
                            chunks: vec![],
                        },
                        ..dir("a", 1)
                    },
                ],
            ),
        ];
        for (expected, nodes) in cases {
            let error = BaseImage::new(0, nodes.clone()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error} should say {expected}");
        }
    }

    #[test]
    fn reading_a_tree_gives_the_same_image() {
        let image = BaseImage::new(5, vec![dir("", 1), dir("a", 1), dir("b", 2)]).unwrap();
        let again = BaseImage::read(image.tree()).unwrap();
        assert_eq!(again.id(), image.id());
        assert_eq!(again.find("/a/b"), Some(3));
        assert_eq!(again.nlink(1), 3);
        assert!(BaseImage::read(&image.tree()[1..]).is_err());
    }
}
