//! Ready lists: what has work to do, in order, each thing once.

use std::collections::BTreeSet;

/// A set that phases take their work from, so that a tick costs what is ready and not what exists.
///
/// It is an index, not state: rooms rebuild theirs in [`Rebuild`](super::Rebuild). Its order is that of the ids, so
/// where the order of arrival matters, keep a queue in a row instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadySet<K: Ord> {
    members: BTreeSet<K>,
}

impl<K: Ord> Default for ReadySet<K> {
    fn default() -> Self {
        Self {
            members: BTreeSet::new(),
        }
    }
}

impl<K: Ord> ReadySet<K> {
    /// Adds a member. Returns whether it is new.
    pub fn insert(&mut self, member: K) -> bool {
        self.members.insert(member)
    }

    /// Takes a member out. Returns whether it was in.
    pub fn remove(&mut self, member: &K) -> bool {
        self.members.remove(member)
    }

    /// Whether it is a member.
    #[must_use]
    pub fn contains(&self, member: &K) -> bool {
        self.members.contains(member)
    }

    /// Takes the first member out.
    pub fn pop_first(&mut self) -> Option<K> {
        self.members.pop_first()
    }

    /// Takes all members out, in order.
    pub fn take(&mut self) -> BTreeSet<K> {
        std::mem::take(&mut self.members)
    }

    /// Members in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &K> + '_ {
        self.members.iter()
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether nothing is ready.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Forgets all members.
    pub fn clear(&mut self) {
        self.members.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_in_order_and_once() {
        let mut ready = ReadySet::default();
        assert!(ready.insert(3) && ready.insert(1) && !ready.insert(3));
        assert_eq!(ready.iter().copied().collect::<Vec<_>>(), [1, 3]);
        assert_eq!(ready.pop_first(), Some(1));
        assert!(ready.remove(&3) && !ready.remove(&3) && ready.is_empty());
    }
}
