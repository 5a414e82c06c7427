//! The tree of a disk image: nodes in order, their contents by hash.
//!
//! A tree is a blob. It names every piece of every file by SHA-256, so its own SHA-256, the image's *id*, covers all of the
//! content, and two images that share a file share its pieces. There is one encoding of a tree: what decodes encodes to
//! the same bytes. `docs/disks.md` has the layout.
//!
//! Trees come from players, hosts and saves. Reading checks everything that later code relies on: parents come before
//! what is in them, names are names, sizes and pieces fit, hard links name files, and nothing is beyond its bound.

mod codec;

use std::collections::BTreeMap;

use helios_abi::calls::mode;
use helios_abi::program::sha256;
use helios_engine::blobs::BlobId;

pub(super) use codec::Reader;

use crate::base::valid_name;
use crate::inode::ROOT_INO;
use crate::limits::{CHUNK_BYTES, FILE_BYTES, LINKS, PATH_BYTES};

/// Most bytes of one tree.
pub const TREE_BYTES: usize = 32 << 20;
/// Most nodes of one tree.
pub const TREE_NODES: usize = 1 << 17;
/// Directories inside one another.
pub const TREE_DEPTH: u32 = 2048;
/// Longest label, in bytes.
pub const LABEL_BYTES: usize = 32;

/// Why an image cannot be used. The message names what is wrong, in at most a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("disk image: {0}")]
pub struct ImageError(String);

impl ImageError {
    /// An error; what it quotes is cut to a line.
    pub(crate) fn new(text: impl AsRef<str>) -> Self {
        Self(text.as_ref().chars().take(200).collect())
    }
}

/// One node of a tree: an inode under its first name, or another name of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeNode {
    /// Its name in its directory; empty for the root.
    pub name: String,
    /// Its directory, by its place in the tree from 1; the root's is itself.
    pub parent: u64,
    /// Permissions, setuid, setgid and sticky.
    pub perms: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Last change of the contents, in milliseconds since the Unix epoch.
    pub mtime_ms: u64,
    /// What it holds.
    pub body: TreeBody,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeBody {
    /// The nodes that name it as their parent.
    Dir,
    /// Contents: length in bytes, and pieces of 64 KiB, the last one shorter.
    File {
        /// Length in bytes.
        size: u64,
        /// The pieces.
        chunks: Vec<BlobId>,
    },
    /// What a symbolic link says.
    Symlink(String),
    /// A device's number, major << 8 | minor.
    Device(u32),
    /// Another name of the file at that place of the tree. The node's other fields are that file's.
    Link(u64),
}

impl TreeNode {
    /// The root of a tree.
    #[must_use]
    pub const fn root(perms: u32, mtime_ms: u64) -> Self {
        Self {
            name: String::new(),
            parent: ROOT_INO,
            perms,
            uid: 0,
            gid: 0,
            mtime_ms,
            body: TreeBody::Dir,
        }
    }

    /// Type and permissions.
    #[must_use]
    pub const fn mode(&self) -> u32 {
        let kind = match self.body {
            TreeBody::Dir => mode::DIR,
            TreeBody::File { .. } | TreeBody::Link(_) => mode::FILE,
            TreeBody::Symlink(_) => mode::SYMLINK,
            TreeBody::Device(_) => mode::DEVICE,
        };
        kind | self.perms
    }

    /// Length in bytes.
    #[must_use]
    pub const fn size(&self) -> u64 {
        match &self.body {
            TreeBody::File { size, .. } => *size,
            TreeBody::Symlink(target) => target.len() as u64,
            TreeBody::Dir | TreeBody::Device(_) | TreeBody::Link(_) => 0,
        }
    }
}

/// A tree that was read and found sound.
#[derive(Clone, Debug)]
pub struct Tree {
    id: BlobId,
    bytes: Vec<u8>,
    label: String,
    nodes: Vec<TreeNode>,
    entries: Vec<BTreeMap<String, u64>>,
    /// Names of each inode: places of the nodes that have them.
    names: Vec<Vec<u64>>,
    /// Directories in each directory.
    dirs: Vec<u32>,
    chunks: Vec<(BlobId, u32)>,
    content_bytes: u64,
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}
impl Eq for Tree {}

/// Checks a label: at most 32 bytes of text that fits a line.
///
/// # Errors
/// Says what a label is.
pub fn check_label(label: &str) -> Result<(), ImageError> {
    if label.len() <= LABEL_BYTES && !label.chars().any(char::is_control) {
        return Ok(());
    }
    Err(ImageError::new(format!(
        "a label is a line of at most {LABEL_BYTES} bytes"
    )))
}

impl Tree {
    /// Makes a tree of nodes that are in order, parents first, and that pass every check.
    ///
    /// # Errors
    /// The first node that does not fit.
    pub fn new(label: &str, nodes: Vec<TreeNode>) -> Result<Self, ImageError> {
        check_label(label)?;
        if nodes.len() > TREE_NODES {
            return Err(ImageError::new(format!("an image has at most {TREE_NODES} nodes")));
        }
        let mut tree = Self {
            id: BlobId::default(),
            bytes: Vec::new(),
            label: label.to_owned(),
            entries: vec![BTreeMap::new(); nodes.len()],
            names: vec![Vec::new(); nodes.len()],
            dirs: vec![0; nodes.len()],
            nodes,
            chunks: Vec::new(),
            content_bytes: 0,
        };
        tree.check_nodes()?;
        tree.bytes = codec::encode(&tree)?;
        tree.id = sha256(&tree.bytes);
        Ok(tree)
    }

    /// Reads a tree.
    ///
    /// # Errors
    /// When it is too large, of another version, cut, or not sound.
    pub fn read(bytes: &[u8]) -> Result<Self, ImageError> {
        if bytes.len() > TREE_BYTES {
            return Err(ImageError::new(format!("a tree has at most {TREE_BYTES} bytes")));
        }
        let (label, nodes) = codec::decode(bytes)?;
        let tree = Self::new(&label, nodes)?;
        if tree.bytes != bytes {
            return Err(ImageError::new("the tree is not in the one form that trees have"));
        }
        Ok(tree)
    }

    fn check_nodes(&mut self) -> Result<(), ImageError> {
        let mut depths = vec![0u32; self.nodes.len()];
        let mut known: BTreeMap<BlobId, u32> = BTreeMap::new();
        if self.nodes.is_empty() {
            return Err(ImageError::new("it has no root"));
        }
        for at in 0..self.nodes.len() {
            let node = &self.nodes[at];
            let ino = at as u64 + 1;
            let fail = |why: &str| Err(ImageError::new(format!("node {ino}: {why}: {:?}", node.name)));
            if node.perms & !mode::PERMS != 0 {
                return fail("not permissions");
            }
            if node.mtime_ms >= helios_abi::MAX_SAFE {
                return fail("a time beyond all times");
            }
            if ino == ROOT_INO {
                if node.parent != ROOT_INO || !node.name.is_empty() || node.body != TreeBody::Dir {
                    return fail("the first node is not a root directory");
                }
                continue;
            }
            if !valid_name(&node.name) {
                return fail("not a name");
            }
            if node.parent == 0 || node.parent >= ino || self.nodes[node.parent as usize - 1].body != TreeBody::Dir {
                return fail("the parent is not a directory before it");
            }
            let above = node.parent as usize - 1;
            depths[at] = depths[above] + 1;
            if depths[at] > TREE_DEPTH {
                return fail("too many directories inside one another");
            }
            let target = match &node.body {
                TreeBody::Dir | TreeBody::Device(_) => ino,
                TreeBody::File { size, chunks } => {
                    if *size > FILE_BYTES || chunks.len() as u64 != size.div_ceil(CHUNK_BYTES) {
                        return fail("size and pieces do not fit");
                    }
                    self.content_bytes += size;
                    for (index, chunk) in chunks.iter().enumerate() {
                        let len = (size - index as u64 * CHUNK_BYTES).min(CHUNK_BYTES) as u32;
                        match known.get(chunk) {
                            Some(before) if *before != len => return fail("a piece has two lengths"),
                            Some(_) => {}
                            None => {
                                known.insert(*chunk, len);
                                self.chunks.push((*chunk, len));
                            }
                        }
                    }
                    ino
                }
                TreeBody::Symlink(target) => {
                    if target.is_empty() || target.len() >= PATH_BYTES || target.contains('\0') {
                        return fail("a link says nothing, or too much");
                    }
                    self.content_bytes += target.len() as u64;
                    ino
                }
                TreeBody::Link(target) => {
                    let file = target.checked_sub(1).and_then(|at| self.nodes.get(at as usize));
                    let Some(file) = file.filter(|file| *target < ino && matches!(file.body, TreeBody::File { .. }))
                    else {
                        return fail("it is another name of no file before it");
                    };
                    let same = |one: &TreeNode| (one.perms, one.uid, one.gid, one.mtime_ms);
                    if same(file) != same(node) {
                        return fail("two names of a file differ");
                    }
                    *target
                }
            };
            if self.entries[above].insert(node.name.clone(), target).is_some() {
                return fail("the name is taken");
            }
            if node.body == TreeBody::Dir {
                self.dirs[above] += 1;
            }
            let names = &mut self.names[target as usize - 1];
            names.push(ino);
            if names.len() as u64 > u64::from(LINKS) {
                return fail("too many names of one file");
            }
        }
        Ok(())
    }

    /// Its id: SHA-256 of the bytes.
    #[must_use]
    pub const fn id(&self) -> BlobId {
        self.id
    }

    /// The bytes of the tree.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The name that its maker gave it; may be empty.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The nodes, in order.
    #[must_use]
    pub fn nodes(&self) -> &[TreeNode] {
        &self.nodes
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.nodes.len() as u64
    }

    /// Whether there is no node; never so.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The inode at a place of the tree; none of what is only another name.
    #[must_use]
    pub fn inode(&self, place: u64) -> Option<&TreeNode> {
        let node = self.nodes.get(usize::try_from(place.checked_sub(1)?).ok()?)?;
        (!matches!(node.body, TreeBody::Link(_))).then_some(node)
    }

    /// The entries of a directory, by name.
    pub fn entries(&self, place: u64) -> impl Iterator<Item = (&str, u64)> + '_ {
        let entries = place
            .checked_sub(1)
            .and_then(|at| self.entries.get(usize::try_from(at).ok()?));
        entries.into_iter().flatten().map(|(name, ino)| (name.as_str(), *ino))
    }

    /// One entry of a directory.
    #[must_use]
    pub fn entry(&self, place: u64, name: &str) -> Option<u64> {
        self.entries
            .get(usize::try_from(place.checked_sub(1)?).ok()?)?
            .get(name)
            .copied()
    }

    /// The names of an inode: directory and name.
    pub fn names(&self, place: u64) -> impl Iterator<Item = (u64, &str)> + '_ {
        let names = place
            .checked_sub(1)
            .and_then(|at| self.names.get(usize::try_from(at).ok()?));
        names.into_iter().flatten().map(|at| {
            let node = &self.nodes[*at as usize - 1];
            (node.parent, node.name.as_str())
        })
    }

    /// Number of names; of a directory, 2 and one for each directory in it.
    #[must_use]
    pub fn nlink(&self, place: u64) -> u32 {
        match self.inode(place).map(|node| &node.body) {
            Some(TreeBody::Dir) => 2 + self.dirs[place as usize - 1],
            Some(_) => self.names[place as usize - 1].len() as u32,
            None => 0,
        }
    }

    /// The pieces of all files with their lengths, each once, in the order of first use.
    #[must_use]
    pub fn chunks(&self) -> &[(BlobId, u32)] {
        &self.chunks
    }

    /// Bytes of contents: of each file once, whatever its number of names.
    #[must_use]
    pub const fn content_bytes(&self) -> u64 {
        self.content_bytes
    }

    /// How many inodes there are: names beyond the first of a file are not counted.
    #[must_use]
    pub fn inodes(&self) -> u64 {
        let links = |node: &&TreeNode| !matches!(node.body, TreeBody::Link(_));
        self.nodes.iter().filter(links).count() as u64
    }
}
