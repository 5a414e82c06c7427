//! Where things are: from inode numbers and names to entities. Nothing here is state; all of it is rebuilt from rows.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::*;
use helios_abi::NodeId;

use crate::inode::{FIRST_OWN_INO, Inode};

/// An inode of a machine.
pub(crate) type Key = (NodeId, u64);

/// What a machine's disk holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Bytes of contents.
    pub bytes: u64,
    /// Inodes of the machine's own.
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

/// The index of all machines' file systems.
#[derive(Resource, Debug, Default, PartialEq, Eq)]
pub struct FsIndex {
    pub(crate) disks: BTreeMap<NodeId, Entity>,
    pub(crate) inodes: BTreeMap<Key, Entity>,
    pub(crate) entries: BTreeMap<Key, BTreeMap<String, Entry>>,
    /// Where a directory is, for those that the overlay names.
    pub(crate) parents: BTreeMap<Key, (u64, String)>,
    /// Open-file descriptions by inode.
    pub(crate) opens: BTreeMap<Key, u32>,
    pub(crate) usage: BTreeMap<NodeId, Usage>,
    /// Inodes with pieces that are not hashed yet.
    pub(crate) unsealed: BTreeSet<Key>,
}

impl FsIndex {
    /// What a machine's disk holds.
    #[must_use]
    pub fn usage(&self, node: NodeId) -> Usage {
        self.usage.get(&node).cloned().unwrap_or_default()
    }

    pub(crate) fn add_inode(&mut self, node: NodeId, inode: &Inode, entity: Entity) {
        self.inodes.insert((node, inode.ino), entity);
        self.charge(node, inode.uid, inode.charged_bytes());
        if inode.ino >= FIRST_OWN_INO {
            self.usage.entry(node).or_default().inodes += 1;
        }
    }

    pub(crate) fn remove_inode(&mut self, node: NodeId, inode: &Inode) {
        self.inodes.remove(&(node, inode.ino));
        self.unsealed.remove(&(node, inode.ino));
        self.refund(node, inode.uid, inode.charged_bytes());
        if inode.ino >= FIRST_OWN_INO {
            self.usage.entry(node).or_default().inodes -= 1;
        }
    }

    pub(crate) fn charge(&mut self, node: NodeId, uid: u32, bytes: u64) {
        if bytes > 0 {
            let usage = self.usage.entry(node).or_default();
            usage.bytes += bytes;
            *usage.by_user.entry(uid).or_default() += bytes;
        }
    }

    pub(crate) fn refund(&mut self, node: NodeId, uid: u32, bytes: u64) {
        if bytes > 0 {
            let usage = self.usage.entry(node).or_default();
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
