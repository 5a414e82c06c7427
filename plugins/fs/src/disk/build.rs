//! From a directory of a machine to a tree.

use std::collections::{BTreeMap, VecDeque};

use bevy_ecs::prelude::*;
use helios_abi::calls::mode;
use helios_abi::{Errno, NodeId, SysError};
use helios_engine::blobs::{BlobId, Blobs};

use super::tree::{Tree, TreeBody, TreeNode};
use crate::access::{EXEC, READ};
use crate::inode::{Body, Chunk};
use crate::lower::{LowerBody, lower};
use crate::store::{Meta, entries, link_target, meta_of, row};
use crate::walk::Actor;

/// Makes a tree of what is below a directory, level by level, and puts what was written since the last seal into the
/// content store. Where an actor is given, only what it may read is taken, and what it may not read is an error.
///
/// What is mounted below stays out: the directories that volumes cover are in the tree as they are on the disk.
pub(crate) fn tree_of(
    world: &mut World,
    node: NodeId,
    root: u64,
    label: &str,
    actor: Option<&Actor>,
) -> Result<Tree, SysError> {
    let invalid = |error: super::ImageError| SysError::new(Errno::EFBIG, error.to_string());
    let mut known: BTreeMap<u64, u64> = BTreeMap::new();
    let mut nodes = vec![TreeNode {
        body: TreeBody::Dir,
        ..node_of(&meta_of(world, node, root), String::new(), 1, TreeBody::Dir)
    }];
    let mut todo = VecDeque::from([(root, 1, String::new())]);
    while let Some((dir, place, path)) = todo.pop_front() {
        if let Some(actor) = actor {
            actor.permit(&meta_of(world, node, dir), READ | EXEC, &path)?;
        }
        for (name, ino) in entries(world, node, dir) {
            if nodes.len() >= super::tree::TREE_NODES {
                let most = super::tree::TREE_NODES;
                return Err(SysError::new(
                    Errno::EFBIG,
                    format!("an image has at most {most} nodes"),
                ));
            }
            let meta = meta_of(world, node, ino);
            let here = format!("{path}/{name}");
            let body = match (known.get(&ino), meta.kind()) {
                (Some(first), mode::FILE) => TreeBody::Link(*first),
                (_, mode::DIR) => TreeBody::Dir,
                (_, mode::FILE) => {
                    if let Some(actor) = actor {
                        actor.permit(&meta, READ, &here)?;
                    }
                    TreeBody::File {
                        size: meta.size,
                        chunks: sealed(world, node, ino)?,
                    }
                }
                (_, mode::SYMLINK) => TreeBody::Symlink(link_target(world, node, ino).unwrap_or_default()),
                (_, mode::DEVICE) => TreeBody::Device(meta.rdev),
                // What lives in memory alone is in no image.
                _ => continue,
            };
            nodes.push(node_of(&meta, name, place, body));
            let at = nodes.len() as u64;
            match meta.kind() {
                mode::DIR => todo.push_back((ino, at, here)),
                mode::FILE if meta.nlink > 1 => {
                    known.entry(ino).or_insert(at);
                }
                _ => {}
            }
        }
    }
    Tree::new(label, nodes).map_err(invalid)
}

fn node_of(meta: &Meta, name: String, parent: u64, body: TreeBody) -> TreeNode {
    TreeNode {
        name,
        parent,
        perms: meta.mode & mode::PERMS,
        uid: meta.uid,
        gid: meta.gid,
        mtime_ms: meta.mtime_ms,
        body,
    }
}

/// The pieces of a file, all of them in the content store.
fn sealed(world: &mut World, node: NodeId, ino: u64) -> Result<Vec<BlobId>, SysError> {
    let mut open = Vec::new();
    let ids = match row(world, node, ino).map(|inode| &inode.body) {
        Some(Body::File(data)) => data
            .chunks
            .iter()
            .map(|chunk| {
                if let Chunk::Open(bytes) = chunk {
                    open.push(bytes.clone());
                }
                chunk.id()
            })
            .collect(),
        _ => match lower(world, node, ino).node(ino).map(|node| node.body) {
            Some(LowerBody::File { chunks, .. }) => chunks.to_vec(),
            _ => return Err(Errno::EIO.into()),
        },
    };
    let mut blobs = world.resource_mut::<Blobs>();
    for bytes in open {
        blobs
            .put(bytes)
            .map_err(|error| SysError::new(Errno::ENOSPC, error.to_string()))?;
    }
    Ok(ids)
}
