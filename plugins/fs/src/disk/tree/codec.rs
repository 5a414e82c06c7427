//! The bytes of a tree, as `docs/disks.md` has them.

use std::collections::BTreeMap;

use helios_engine::blobs::BlobId;

use super::{ImageError, TREE_BYTES, TREE_NODES, Tree, TreeBody, TreeNode};
use crate::limits::{CHUNK_BYTES, FILE_BYTES};

/// The number of the present layout.
const VERSION: u32 = 1;

/// The bytes of a tree.
pub(super) fn encode(tree: &Tree) -> Result<Vec<u8>, ImageError> {
    let mut out = Vec::new();
    out.extend(VERSION.to_le_bytes());
    put_text(&mut out, &tree.label);
    out.extend((tree.chunks.len() as u32).to_le_bytes());
    let mut places = BTreeMap::new();
    for (at, (id, len)) in tree.chunks.iter().enumerate() {
        places.insert(id, at as u32);
        out.extend(id.0);
        out.extend(len.to_le_bytes());
    }
    out.extend((tree.nodes.len() as u32).to_le_bytes());
    for node in &tree.nodes {
        let kind = match &node.body {
            TreeBody::Dir => 0,
            TreeBody::File { .. } => 1,
            TreeBody::Symlink(_) => 2,
            TreeBody::Device(_) => 3,
            TreeBody::Link(_) => 4,
        };
        out.push(kind);
        out.extend((node.parent as u32).to_le_bytes());
        put_text(&mut out, &node.name);
        if let TreeBody::Link(target) = &node.body {
            out.extend((*target as u32).to_le_bytes());
            continue;
        }
        out.extend((node.perms as u16).to_le_bytes());
        out.extend(node.uid.to_le_bytes());
        out.extend(node.gid.to_le_bytes());
        out.extend(node.mtime_ms.to_le_bytes());
        match &node.body {
            TreeBody::Dir | TreeBody::Link(_) => {}
            TreeBody::File { size, chunks } => {
                out.extend(size.to_le_bytes());
                for chunk in chunks {
                    out.extend(places[chunk].to_le_bytes());
                }
            }
            TreeBody::Symlink(target) => put_text(&mut out, target),
            TreeBody::Device(rdev) => out.extend(rdev.to_le_bytes()),
        }
    }
    if out.len() > TREE_BYTES {
        return Err(ImageError::new(format!("a tree has at most {TREE_BYTES} bytes")));
    }
    Ok(out)
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u16).to_le_bytes());
    out.extend(text.as_bytes());
}

/// Bytes that are taken from the front; every taking may find that they end.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], ImageError> {
        let (taken, rest) = self
            .0
            .split_at_checked(count)
            .ok_or_else(|| ImageError::new("it ends in the middle"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ImageError> {
        Ok(self.take(N)?.try_into().expect("as many as were asked for"))
    }

    pub(crate) fn u8(&mut self) -> Result<u8, ImageError> {
        Ok(self.array::<1>()?[0])
    }

    fn u16(&mut self) -> Result<u16, ImageError> {
        self.array().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, ImageError> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, ImageError> {
        self.array().map(u64::from_le_bytes)
    }

    pub(crate) fn id(&mut self) -> Result<BlobId, ImageError> {
        self.array().map(helios_abi::program::Digest32)
    }

    fn text(&mut self) -> Result<String, ImageError> {
        let len = self.u16()?;
        let bytes = self.take(usize::from(len))?;
        String::from_utf8(bytes.to_vec()).map_err(|_| ImageError::new("a name is not UTF-8"))
    }
}

/// The label and the nodes that bytes say, not checked against each other.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Vec<TreeNode>), ImageError> {
    let mut from = Reader(bytes);
    let version = from.u32()?;
    if version != VERSION {
        return Err(ImageError::new(format!("version {version} of the layout is not known")));
    }
    let label = from.text()?;
    // What is counted is there: nothing is reserved on the word of a number.
    let count = from.u32()?;
    let mut chunks = Vec::new();
    for _ in 0..count {
        chunks.push(from.id()?);
        from.u32()?;
    }
    let count = from.u32()?;
    if count as usize > TREE_NODES {
        return Err(ImageError::new(format!("an image has at most {TREE_NODES} nodes")));
    }
    let mut nodes: Vec<TreeNode> = Vec::new();
    for _ in 0..count {
        let node = decode_node(&mut from, &chunks, &nodes)?;
        nodes.push(node);
    }
    if !from.0.is_empty() {
        return Err(ImageError::new("something follows the last node"));
    }
    Ok((label, nodes))
}

fn decode_node(from: &mut Reader<'_>, chunks: &[BlobId], before: &[TreeNode]) -> Result<TreeNode, ImageError> {
    let kind = from.u8()?;
    let parent = u64::from(from.u32()?);
    let name = from.text()?;
    if kind == 4 {
        let target = from.u32()?;
        let file = target.checked_sub(1).and_then(|at| before.get(at as usize));
        let file = file.ok_or_else(|| ImageError::new("a name of a file that is not before it"))?;
        let (perms, uid, gid, mtime_ms) = (file.perms, file.uid, file.gid, file.mtime_ms);
        let body = TreeBody::Link(u64::from(target));
        return Ok(TreeNode {
            name,
            parent,
            perms,
            uid,
            gid,
            mtime_ms,
            body,
        });
    }
    let perms = u32::from(from.u16()?);
    let (uid, gid, mtime_ms) = (from.u32()?, from.u32()?, from.u64()?);
    let body = match kind {
        0 => TreeBody::Dir,
        1 => {
            let size = from.u64()?;
            if size > FILE_BYTES {
                return Err(ImageError::new("a file is too large"));
            }
            let mut pieces = Vec::new();
            for _ in 0..size.div_ceil(CHUNK_BYTES) {
                let place = from.u32()? as usize;
                let piece = chunks.get(place);
                pieces.push(*piece.ok_or_else(|| ImageError::new("a piece is not in the table"))?);
            }
            TreeBody::File { size, chunks: pieces }
        }
        2 => TreeBody::Symlink(from.text()?),
        3 => TreeBody::Device(from.u32()?),
        _ => return Err(ImageError::new(format!("there is no kind {kind} of nodes"))),
    };
    Ok(TreeNode {
        name,
        parent,
        perms,
        uid,
        gid,
        mtime_ms,
        body,
    })
}
