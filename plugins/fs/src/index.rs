//! Where things are: from inode numbers and names to entities. Nothing here is state; all of it is rebuilt from rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bevy_ecs::prelude::*;
use helios_abi::NodeId;

use crate::disk::tree::Tree;
use crate::inode::{Body, FIRST_OWN_INO, Inode};
use crate::lower::volume_of;

/// An inode of a machine.
pub(crate) type Key = (NodeId, u64);
/// A volume of a machine; number 0 is its disk.
pub(crate) type VolumeKey = (NodeId, u32);

/// What a disk or a volume holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Bytes of contents.
    pub bytes: u64,
    /// Inodes: of a disk those of the machine's own, of a volume all.
    pub inodes: u64,
    /// Bytes by owner.
    pub by_user: BTreeMap<u32, u64>,
}

/// An entry of the overlay: its inode (absent: a whiteout) and its entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) ino: Option<u64>,
    pub(crate) entity: Entity,
}

/// A volume that is mounted: its row's entity, and the tree below its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mounted {
    pub(crate) entity: Entity,
    pub(crate) tree: Arc<Tree>,
}

/// The index of all machines' file systems.
#[derive(Resource, Debug, Default, PartialEq, Eq)]
pub struct FsIndex {
    pub(crate) disks: BTreeMap<NodeId, Entity>,
    pub(crate) inodes: BTreeMap<Key, Entity>,
    pub(crate) entries: BTreeMap<Key, BTreeMap<String, Entry>>,
    /// Where a directory is, for those that the overlay names.
    pub(crate) parents: BTreeMap<Key, (u64, String)>,
    /// Open-file descriptions by inode, and volumes by the file that they come from.
    pub(crate) opens: BTreeMap<Key, u32>,
    pub(crate) usage: BTreeMap<VolumeKey, Usage>,
    /// Inodes with pieces that are not hashed yet.
    pub(crate) unsealed: BTreeSet<Key>,
    pub(crate) volumes: BTreeMap<VolumeKey, Mounted>,
    /// The volume that is mounted on a directory.
    pub(crate) covers: BTreeMap<Key, u32>,
    /// Removable media by their numbers.
    pub(crate) media: BTreeMap<(NodeId, u64), Entity>,
}

/// What the layer below a volume's rows charges for an inode: owner and bytes. There is none for what the rows made, and
/// the base image charges nothing.
pub(crate) type LowerCharge = Option<(u32, u64)>;

/// Bytes that a row charges.
pub(crate) fn charged(inode: &Inode, lower: LowerCharge) -> u64 {
    match (&inode.body, lower) {
        (Body::Base, Some((_, bytes))) => bytes,
        _ => inode.charged_bytes(),
    }
}

impl FsIndex {
    /// What a machine's disk holds.
    #[must_use]
    pub fn usage(&self, node: NodeId) -> Usage {
        self.usage_of((node, 0))
    }

    /// What a disk or a volume holds.
    pub(crate) fn usage_of(&self, volume: VolumeKey) -> Usage {
        self.usage.get(&volume).cloned().unwrap_or_default()
    }

    /// A volume that was mounted holds what its tree holds.
    pub(crate) fn add_volume(&mut self, volume: VolumeKey, point: u64, mounted: Mounted) {
        let tree = mounted.tree.clone();
        self.covers.insert((volume.0, point), volume.1);
        self.volumes.insert(volume, mounted);
        for place in 1..=tree.len() {
            if let Some(node) = tree.inode(place) {
                self.charge(volume, node.uid, node.size());
            }
        }
        self.usage.entry(volume).or_default().inodes = tree.inodes();
    }

    /// A row instead of what the layer below says, or a new one.
    pub(crate) fn add_inode(&mut self, node: NodeId, inode: &Inode, entity: Entity, lower: LowerCharge) {
        let volume = (node, volume_of(inode.ino));
        self.inodes.insert((node, inode.ino), entity);
        if let Some((uid, bytes)) = lower {
            self.refund(volume, uid, bytes);
        }
        self.charge(volume, inode.uid, charged(inode, lower));
        if inode.ino >= FIRST_OWN_INO && lower.is_none() {
            self.usage.entry(volume).or_default().inodes += 1;
        }
    }

    pub(crate) fn remove_inode(&mut self, node: NodeId, inode: &Inode, lower: LowerCharge) {
        let volume = (node, volume_of(inode.ino));
        self.inodes.remove(&(node, inode.ino));
        self.unsealed.remove(&(node, inode.ino));
        self.refund(volume, inode.uid, charged(inode, lower));
        if inode.ino >= FIRST_OWN_INO {
            self.usage.entry(volume).or_default().inodes -= 1;
        }
    }

    /// An inode of a volume's tree that has no row goes.
    pub(crate) fn remove_lower(&mut self, volume: VolumeKey, uid: u32, bytes: u64) {
        self.refund(volume, uid, bytes);
        self.usage.entry(volume).or_default().inodes -= 1;
    }

    pub(crate) fn charge(&mut self, volume: VolumeKey, uid: u32, bytes: u64) {
        if bytes > 0 {
            let usage = self.usage.entry(volume).or_default();
            usage.bytes += bytes;
            *usage.by_user.entry(uid).or_default() += bytes;
        }
    }

    pub(crate) fn refund(&mut self, volume: VolumeKey, uid: u32, bytes: u64) {
        if bytes > 0 {
            let usage = self.usage.entry(volume).or_default();
            usage.bytes -= bytes;
            let of_user = usage.by_user.entry(uid).or_default();
            *of_user -= bytes;
            if *of_user == 0 {
                usage.by_user.remove(&uid);
            }
        }
    }

    pub(crate) fn entry(&self, node: NodeId, dir: u64, name: &str) -> Option<Entry> {
        self.entries.get(&(node, dir))?.get(name).copied()
    }

    pub(crate) fn open(&mut self, node: NodeId, ino: u64) {
        *self.opens.entry((node, ino)).or_default() += 1;
    }

    /// Forgets one open-file description and answers how many are left.
    pub(crate) fn close(&mut self, node: NodeId, ino: u64) -> u32 {
        let count = self.opens.get_mut(&(node, ino)).expect("an open inode is counted");
        *count -= 1;
        let left = *count;
        if left == 0 {
            self.opens.remove(&(node, ino));
        }
        left
    }
}
