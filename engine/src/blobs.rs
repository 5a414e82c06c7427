//! The content store: bytes by their SHA-256, each kept once, shared by all nodes.
//!
//! A row names a blob by its id and reports it through [`Row::blobs`](crate::state::Row::blobs); what no row names is
//! garbage, and is neither saved nor kept for long. The bound is a limit of the host, far above what a world's own
//! quotas allow: reaching it is an error to the caller, never a silent loss.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bevy_ecs::prelude::*;
use helios_abi::{Digest32, sha256};

use crate::state::Registry;

/// The name of a blob: SHA-256 of its bytes, hex in JSON.
pub type BlobId = Digest32;

/// The largest single blob, in bytes.
pub const MAX_BLOB_BYTES: usize = 64 << 20;

/// The default bound of the whole store, in bytes.
pub const DEFAULT_STORE_BYTES: u64 = 4 << 30;

/// Garbage is looked for once the store has grown by at least this since the last time.
const COLLECT_STEP_BYTES: u64 = 64 << 20;

/// Why bytes could not be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlobError {
    /// One blob is too large.
    #[error("a blob of {0} bytes is over the limit of {MAX_BLOB_BYTES} bytes")]
    TooLarge(usize),
    /// The store is full.
    #[error("the content store is full: {held} of {limit} bytes")]
    Full {
        /// Bytes held.
        held: u64,
        /// Bytes allowed.
        limit: u64,
    },
}

/// The content store.
#[derive(Resource, Debug)]
pub struct Blobs {
    blobs: BTreeMap<BlobId, Arc<[u8]>>,
    base: BTreeSet<BlobId>,
    held_bytes: u64,
    limit_bytes: u64,
    collect_at_bytes: u64,
}

impl Default for Blobs {
    fn default() -> Self {
        Self::with_limit(DEFAULT_STORE_BYTES)
    }
}

impl Blobs {
    /// An empty store with a bound of its own.
    #[must_use]
    pub fn with_limit(limit_bytes: u64) -> Self {
        Self {
            blobs: BTreeMap::new(),
            base: BTreeSet::new(),
            held_bytes: 0,
            limit_bytes,
            collect_at_bytes: COLLECT_STEP_BYTES,
        }
    }

    /// Stores bytes and names them. Storing the same bytes again costs nothing.
    ///
    /// # Errors
    /// When the blob or the store would be over its bound; nothing is stored then.
    pub fn put(&mut self, bytes: impl Into<Arc<[u8]>>) -> Result<BlobId, BlobError> {
        let bytes = bytes.into();
        self.put_with(&bytes, || bytes.clone())
    }

    /// As [`Blobs::put`], for bytes that are somebody else's: they are copied only where the store does not have them.
    ///
    /// # Errors
    /// As [`Blobs::put`].
    pub fn put_copy(&mut self, bytes: &[u8]) -> Result<BlobId, BlobError> {
        self.put_with(bytes, || bytes.into())
    }

    fn put_with(&mut self, bytes: &[u8], owned: impl FnOnce() -> Arc<[u8]>) -> Result<BlobId, BlobError> {
        if bytes.len() > MAX_BLOB_BYTES {
            return Err(BlobError::TooLarge(bytes.len()));
        }
        let id = sha256(bytes);
        if self.blobs.contains_key(&id) {
            return Ok(id);
        }
        let held = self.held_bytes + bytes.len() as u64;
        if held > self.limit_bytes {
            return Err(BlobError::Full {
                held: self.held_bytes,
                limit: self.limit_bytes,
            });
        }
        self.held_bytes = held;
        self.blobs.insert(id, owned());
        Ok(id)
    }

    /// Stores bytes of the base image: they stay for as long as the store does.
    ///
    /// A save still carries those that a row names, once each.
    ///
    /// # Errors
    /// As [`Blobs::put`].
    pub fn provide_base(&mut self, bytes: impl Into<Arc<[u8]>>) -> Result<BlobId, BlobError> {
        let id = self.put(bytes)?;
        self.base.insert(id);
        Ok(id)
    }

    /// The bytes of a blob.
    #[must_use]
    pub fn get(&self, id: &BlobId) -> Option<&Arc<[u8]>> {
        self.blobs.get(id)
    }

    /// Whether the store has a blob.
    #[must_use]
    pub fn contains(&self, id: &BlobId) -> bool {
        self.blobs.contains_key(id)
    }

    /// Bytes held.
    #[must_use]
    pub const fn held_bytes(&self) -> u64 {
        self.held_bytes
    }

    /// How many blobs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.blobs.len()
    }

    /// Whether there is no blob.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blobs.is_empty()
    }

    /// A store with the same bound and only what the base image provides.
    pub(crate) fn base_only(&self) -> Self {
        let mut store = Self {
            base: self.base.clone(),
            blobs: self.blobs.clone(),
            ..Self::with_limit(self.limit_bytes)
        };
        store.retain(&BTreeSet::new());
        store
    }

    fn retain(&mut self, reachable: &BTreeSet<BlobId>) {
        let base = &self.base;
        self.blobs.retain(|id, _| base.contains(id) || reachable.contains(id));
        self.held_bytes = self.blobs.values().map(|bytes| bytes.len() as u64).sum();
        // At the latest when half of the room is gone: a full store must not be full of garbage.
        let half = self.limit_bytes.saturating_sub(self.held_bytes) / 2;
        self.collect_at_bytes = self.held_bytes + self.held_bytes.max(COLLECT_STEP_BYTES).min(half);
    }
}

/// Every blob that a row names.
pub fn reachable(world: &mut World) -> BTreeSet<BlobId> {
    let mut found = Vec::new();
    world.resource_scope(|world, mut registry: Mut<Registry>| registry.blobs(world, &mut found));
    found.into_iter().collect()
}

/// Drops every blob that no row names and that is not of the base image.
///
/// Call it between ticks only: within one, a blob may be held by a value that is not yet in a row.
pub fn collect(world: &mut World) {
    let reachable = reachable(world);
    world.resource_mut::<Blobs>().retain(&reachable);
}

/// Collects once the store has doubled since the last time. Garbage is invisible to state, so when is free to choose.
pub(crate) fn collect_if_grown(world: &mut World) {
    let blobs = world.resource::<Blobs>();
    if blobs.held_bytes >= blobs.collect_at_bytes {
        collect(world);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_bytes_are_one_blob() {
        let mut blobs = Blobs::default();
        let first = blobs.put(*b"hello").unwrap();
        assert_eq!(first, blobs.put(*b"hello").unwrap());
        assert_eq!(first, blobs.put_copy(b"hello").unwrap());
        assert_eq!((blobs.len(), blobs.held_bytes()), (1, 5));
        assert_eq!(blobs.get(&first).unwrap().as_ref(), b"hello");
        assert_eq!(
            first.to_string(),
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        );
    }

    #[test]
    fn a_full_store_says_so_and_keeps_what_it_has() {
        let mut blobs = Blobs::with_limit(8);
        let first = blobs.put(*b"12345").unwrap();
        assert_eq!(blobs.put(*b"6789"), Err(BlobError::Full { held: 5, limit: 8 }));
        assert!(blobs.contains(&first));
        assert!(blobs.put(*b"678").is_ok());
    }

    #[test]
    fn a_blob_over_the_limit_is_refused() {
        let mut blobs = Blobs::default();
        assert_eq!(
            blobs.put(vec![0; MAX_BLOB_BYTES + 1]),
            Err(BlobError::TooLarge(MAX_BLOB_BYTES + 1))
        );
        assert!(blobs.is_empty());
    }

    #[test]
    fn collection_spares_the_base_image_and_what_is_named() {
        let mut blobs = Blobs::default();
        let base = blobs.provide_base(*b"base").unwrap();
        let named = blobs.put(*b"named").unwrap();
        let garbage = blobs.put(*b"garbage").unwrap();
        blobs.retain(&BTreeSet::from([named]));
        assert!(blobs.contains(&base) && blobs.contains(&named) && !blobs.contains(&garbage));
        assert_eq!(blobs.held_bytes(), 9);
    }
}
