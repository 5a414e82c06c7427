//! A Merkle tree whose shape depends on keys alone.
//!
//! Leaves are keyed by (name, id). Ids that agree in all but their low bits form a group, groups form larger groups, and
//! the root is over the largest, in order. A group of one passes its member's hash on: leaves already name their key.

use std::collections::{BTreeMap, BTreeSet};

use helios_abi::Digest32;
use sha2::{Digest, Sha256};

use super::Hash;

type Key = (&'static str, u64);

/// A tree of two levels of groups below its root.
#[derive(Clone, Debug, Default)]
pub(crate) struct Merkle {
    /// Bits that a group's ids may differ in, for each level.
    shifts: [u32; 2],
    leaves: BTreeMap<Key, Hash>,
    groups: [BTreeMap<Key, Hash>; 2],
    dirty: BTreeSet<Key>,
    root: Option<Hash>,
}

impl Merkle {
    /// For a node's rows, whose ids count up from 0.
    pub(crate) fn of_rows() -> Self {
        Self {
            shifts: [6, 12],
            ..Self::default()
        }
    }

    /// For the world's nodes, whose ids are 52 random bits.
    pub(crate) fn of_nodes() -> Self {
        Self {
            shifts: [40, 46],
            ..Self::default()
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }

    /// Sets a leaf, or takes it out.
    pub(crate) fn set(&mut self, name: &'static str, id: u64, hash: Option<Hash>) {
        let key = (name, id);
        let before = match hash {
            Some(hash) => self.leaves.insert(key, hash),
            None => self.leaves.remove(&key),
        };
        if before != hash {
            self.dirty.insert(key);
            self.root = None;
        }
    }

    /// The root, after rehashing the groups that changed.
    pub(crate) fn root(&mut self) -> Hash {
        if let Some(root) = self.root {
            return root;
        }
        let mut dirty = std::mem::take(&mut self.dirty);
        for level in 0..self.shifts.len() {
            let shift = self.shifts[level];
            let below = if level == 0 { 0 } else { self.shifts[level - 1] };
            dirty = dirty.iter().map(|&(name, id)| (name, id >> (shift - below))).collect();
            for &(name, prefix) in &dirty {
                let first = prefix << (shift - below);
                let last = first | ((1 << (shift - below)) - 1);
                let members = if level == 0 {
                    &self.leaves
                } else {
                    &self.groups[level - 1]
                };
                let hash = group_hash(level as u8, members.range((name, first)..=(name, last)));
                match hash {
                    Some(hash) => self.groups[level].insert((name, prefix), hash),
                    None => self.groups[level].remove(&(name, prefix)),
                };
            }
        }
        let root = root_hash(&self.groups[1]);
        self.root = Some(root);
        root
    }
}

fn group_hash<'a>(level: u8, members: impl Iterator<Item = (&'a Key, &'a Hash)> + Clone) -> Option<Hash> {
    let mut rest = members.clone();
    let (_, first) = rest.next()?;
    if rest.next().is_none() {
        return Some(*first);
    }
    let mut hasher = Sha256::new();
    hasher.update([b'g', level]);
    for ((_, prefix), hash) in members {
        hasher.update(prefix.to_be_bytes());
        hasher.update(hash.0);
    }
    Some(Digest32(hasher.finalize().into()))
}

fn root_hash(groups: &BTreeMap<Key, Hash>) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(b"root");
    for ((name, prefix), hash) in groups {
        hasher.update((name.len() as u64).to_be_bytes());
        hasher.update(name);
        hasher.update(prefix.to_be_bytes());
        hasher.update(hash.0);
    }
    Digest32(hasher.finalize().into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn leaf(seed: u8) -> Hash {
        helios_abi::sha256(&[seed])
    }

    proptest! {
        #[test]
        fn the_root_depends_on_the_leaves_alone(
            steps in proptest::collection::vec((0usize..2, 0u64..10_000, proptest::option::of(any::<u8>()), any::<bool>()), 1..200),
        ) {
            let names = ["a", "b"];
            let mut grown = Merkle::of_rows();
            let mut leaves = BTreeMap::new();
            for (name, id, seed, look) in steps {
                grown.set(names[name], id, seed.map(leaf));
                match seed {
                    Some(seed) => leaves.insert((names[name], id), leaf(seed)),
                    None => leaves.remove(&(names[name], id)),
                };
                if look {
                    grown.root();
                }
            }
            let mut fresh = Merkle::of_rows();
            for (&(name, id), &hash) in leaves.iter().rev() {
                fresh.set(name, id, Some(hash));
            }
            prop_assert_eq!(grown.root(), fresh.root());
        }

        #[test]
        fn another_leaf_is_another_root(ids in proptest::collection::btree_set(0u64..100_000, 1..50), pick in any::<prop::sample::Index>()) {
            let mut tree = Merkle::of_rows();
            for &id in &ids {
                tree.set("a", id, Some(leaf(1)));
            }
            let before = tree.root();
            let id = *ids.iter().nth(pick.index(ids.len())).unwrap();
            tree.set("a", id, Some(leaf(2)));
            prop_assert_ne!(tree.root(), before);
            tree.set("a", id, None);
            prop_assert_ne!(tree.root(), before);
            tree.set("a", id, Some(leaf(1)));
            prop_assert_eq!(tree.root(), before);
        }
    }
}
