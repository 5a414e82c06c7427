//! What lies below the rows: the base image below a machine's disk, a disk image below a volume.
//!
//! An inode's number says where it belongs ([`volume_of`]), so that the same primitives serve all of them.

use bevy_ecs::prelude::*;
use helios_abi::NodeId;
use helios_engine::blobs::BlobId;

use crate::base::{Base, BaseBody, BaseImage};
use crate::disk::tree::{Tree, TreeBody};
use crate::index::FsIndex;

/// The first number of all volumes' inodes. Those of the disk are below, and so are those of `/proc`.
const FIRST_VOLUME_INO: u64 = 1 << 46;
/// Numbers of one volume.
const VOLUME_INOS: u64 = 1 << 28;
/// The number that the next volume of a machine gets is at most this: those of `/dev/pts` come after.
pub(crate) const VOLUMES_EVER: u32 = 31 << 18;

/// The volume that an inode belongs to; 0 is the machine's own disk.
pub(crate) const fn volume_of(ino: u64) -> u32 {
    match ino.checked_sub(FIRST_VOLUME_INO) {
        Some(above) if above / VOLUME_INOS < VOLUMES_EVER as u64 => (above / VOLUME_INOS) as u32 + 1,
        _ => 0,
    }
}

/// The number of a volume's inode at a place, the root's being 1.
pub(crate) const fn ino_in(volume: u32, place: u64) -> u64 {
    FIRST_VOLUME_INO + (volume as u64 - 1) * VOLUME_INOS + place
}

/// The numbers of a volume's inodes.
pub(crate) const fn inos_of(volume: u32) -> std::ops::Range<u64> {
    ino_in(volume, 0)..ino_in(volume, VOLUME_INOS)
}

/// Whether an inode is the root of a volume.
pub(crate) const fn is_volume_root(ino: u64) -> bool {
    let volume = volume_of(ino);
    volume != 0 && ino == ino_in(volume, 1)
}

/// The layer below rows.
#[derive(Clone, Copy)]
pub(crate) enum Lower<'w> {
    /// The base image.
    Base(&'w BaseImage),
    /// A disk image, and the volume whose inodes it gives numbers.
    Image(&'w Tree, u32),
}

/// An inode of the layer.
pub(crate) struct LowerNode<'w> {
    pub(crate) mode: u32,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) nlink: u32,
    pub(crate) mtime_ms: u64,
    pub(crate) body: LowerBody<'w>,
}

/// What it holds.
pub(crate) enum LowerBody<'w> {
    Dir,
    File { size: u64, chunks: &'w [BlobId] },
    Symlink(&'w str),
    Device(u32),
}

impl LowerNode<'_> {
    pub(crate) const fn size(&self) -> u64 {
        match &self.body {
            LowerBody::File { size, .. } => *size,
            LowerBody::Symlink(target) => target.len() as u64,
            LowerBody::Dir | LowerBody::Device(_) => 0,
        }
    }
}

/// The layer below an inode.
pub(crate) fn lower(world: &World, node: NodeId, ino: u64) -> Lower<'_> {
    lower_of(&world.resource::<Base>().0, world.resource::<FsIndex>(), node, ino)
}

/// The layer below an inode, of an index that is not the world's yet.
pub(crate) fn lower_of<'w>(base: &'w BaseImage, index: &'w FsIndex, node: NodeId, ino: u64) -> Lower<'w> {
    let volume = volume_of(ino);
    match index.volumes.get(&(node, volume)) {
        Some(mounted) => Lower::Image(&mounted.tree, volume),
        // The base image has no inodes of such numbers: it finds nothing of a volume that is not there.
        None => Lower::Base(base),
    }
}

impl<'w> Lower<'w> {
    /// An inode.
    pub(crate) fn node(self, ino: u64) -> Option<LowerNode<'w>> {
        match self {
            Self::Base(base) => {
                let node = base.node(ino)?;
                let body = match &node.body {
                    BaseBody::Dir => LowerBody::Dir,
                    BaseBody::File { size, chunks } => LowerBody::File { size: *size, chunks },
                    BaseBody::Symlink(target) => LowerBody::Symlink(target),
                    BaseBody::Device(rdev) => LowerBody::Device(*rdev),
                };
                Some(LowerNode {
                    mode: node.mode,
                    uid: node.uid,
                    gid: node.gid,
                    nlink: base.nlink(ino),
                    mtime_ms: base.mtime_ms(),
                    body,
                })
            }
            Self::Image(tree, volume) => {
                let place = place(volume, ino)?;
                let node = tree.inode(place)?;
                let body = match &node.body {
                    TreeBody::Dir => LowerBody::Dir,
                    TreeBody::File { size, chunks } => LowerBody::File { size: *size, chunks },
                    TreeBody::Symlink(target) => LowerBody::Symlink(target),
                    TreeBody::Device(rdev) => LowerBody::Device(*rdev),
                    TreeBody::Link(_) => return None,
                };
                Some(LowerNode {
                    mode: node.mode(),
                    uid: node.uid,
                    gid: node.gid,
                    nlink: tree.nlink(place),
                    mtime_ms: node.mtime_ms,
                    body,
                })
            }
        }
    }

    /// One entry of a directory.
    pub(crate) fn entry(self, dir: u64, name: &str) -> Option<u64> {
        match self {
            Self::Base(base) => base.entry(dir, name),
            Self::Image(tree, volume) => {
                let found = tree.entry(place(volume, dir)?, name)?;
                Some(ino_in(volume, found))
            }
        }
    }

    /// The entries of a directory, by name.
    pub(crate) fn entries(self, dir: u64) -> Box<dyn Iterator<Item = (&'w str, u64)> + 'w> {
        match self {
            Self::Base(base) => Box::new(base.entries(dir)),
            Self::Image(tree, volume) => {
                let place = place(volume, dir).unwrap_or(0);
                Box::new(
                    tree.entries(place)
                        .map(move |(name, child)| (name, ino_in(volume, child))),
                )
            }
        }
    }

    /// The names of an inode: directory and name. A root has none.
    pub(crate) fn names(self, ino: u64) -> Vec<(u64, &'w str)> {
        match self {
            Self::Base(base) => base.parent(ino).into_iter().collect(),
            Self::Image(tree, volume) => {
                let names = tree.names(place(volume, ino).unwrap_or(0));
                names.map(|(dir, name)| (ino_in(volume, dir), name)).collect()
            }
        }
    }
}

fn place(volume: u32, ino: u64) -> Option<u64> {
    ino.checked_sub(ino_in(volume, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_say_where_an_inode_belongs() {
        for (ino, volume) in [
            (1, 0),
            (crate::inode::FIRST_OWN_INO, 0),
            ((1 << 45) + u64::from(u32::MAX) * 4096 + 4095, 0),
            (ino_in(1, 1), 1),
            (ino_in(2, 0) - 1, 1),
            (ino_in(VOLUMES_EVER, VOLUME_INOS - 1), VOLUMES_EVER),
            (1 << 51, 0),
        ] {
            assert_eq!(volume_of(ino), volume, "{ino}");
        }
        assert!(is_volume_root(ino_in(7, 1)) && !is_volume_root(ino_in(7, 2)) && !is_volume_root(1));
    }
}
