//! Node keys and random streams.
//!
//! A node's key is HMAC-SHA-256 of its id under the world's seed, derived once and stored in the node. Whoever holds
//! one node can draw its future numbers and no other node's. The seed stays in node 0.
//! A stream is ChaCha20 under a key derived from the node's key and a purpose; its state is that key and a position.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use chacha::ChaCha20Rng;
use hmac::{Hmac, KeyInit, Mac};
use rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Sha256;

use crate::ids::{NodeId, Nodes, Pid};
use crate::state::Row;

/// The most named streams that a node keeps in [`NodeStreams`].
pub const MAX_STREAMS_PER_NODE: usize = 256;

/// The world's seed. A row of node 0: it never leaves the authority.
#[derive(Resource, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WorldSeed(#[serde(with = "hex32")] pub [u8; 32]);

impl core::fmt::Debug for WorldSeed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("WorldSeed(..)")
    }
}

impl Row for WorldSeed {
    const NAME: &'static str = "world_seed";
    const SCHEMA: u32 = 1;
}

impl WorldSeed {
    /// The seed that stands for a number, as the command line and world files write it.
    #[must_use]
    pub fn from_number(number: u64) -> Self {
        Self(hmac(b"helios world seed", &[&number.to_be_bytes()]))
    }
}

/// A node's key: the root of all its randomness.
#[derive(Component, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeKey(#[serde(with = "hex32")] pub [u8; 32]);

impl core::fmt::Debug for NodeKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("NodeKey(..)")
    }
}

impl Row for NodeKey {
    const NAME: &'static str = "node_key";
    const SCHEMA: u32 = 1;
}

/// A node's named streams, made when first drawn from.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeStreams {
    streams: BTreeMap<String, NodeStream>,
}

impl Row for NodeStreams {
    const NAME: &'static str = "node_streams";
    const SCHEMA: u32 = 1;
}

/// A random stream: ChaCha20 under a derived key, at a position counted in 32-bit words.
///
/// It may be embedded in any row. Equal state gives equal numbers, whatever was drawn before on this host.
#[derive(Clone)]
pub struct NodeStream {
    key: [u8; 32],
    position_words: u64,
    /// The generator at that position; absent after it was read from a file.
    generator: Option<Box<ChaCha20Rng>>,
}

impl NodeStream {
    /// The stream of a purpose under a key, at its start.
    #[must_use]
    pub fn new(key: &[u8; 32], purpose: &str) -> Self {
        Self::at(hmac(key, &[b"stream\0", purpose.as_bytes()]), 0)
    }

    /// How many 32-bit words were drawn.
    #[must_use]
    pub const fn position_words(&self) -> u64 {
        self.position_words
    }

    /// The next 32 bits.
    pub fn next_u32(&mut self) -> u32 {
        self.draw(1, |rng| rng.next_u32())
    }

    /// The next 64 bits: two words, the low one first.
    pub fn next_u64(&mut self) -> u64 {
        self.draw(2, |rng| rng.next_u64())
    }

    /// A number below `bound`, each with the same chance: draws are repeated until one falls in a whole multiple.
    ///
    /// # Panics
    /// When `bound` is zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "no number is below zero");
        let unfair = (u64::MAX % bound + 1) % bound;
        loop {
            let draw = self.next_u64();
            if draw <= u64::MAX - unfair {
                return draw % bound;
            }
        }
    }

    /// Fills `bytes`; a last partial word is drawn whole.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        let words = bytes.len().div_ceil(4) as u64;
        self.draw(words, |rng| {
            for chunk in bytes.chunks_mut(4) {
                chunk.copy_from_slice(&rng.next_u32().to_le_bytes()[..chunk.len()]);
            }
        });
    }

    const fn at(key: [u8; 32], position_words: u64) -> Self {
        Self {
            key,
            position_words,
            generator: None,
        }
    }

    fn draw<T>(&mut self, words: u64, take: impl FnOnce(&mut ChaCha20Rng) -> T) -> T {
        let position = self.position_words;
        let generator = self.generator.get_or_insert_with(|| {
            let mut generator = ChaCha20Rng::from_seed(self.key);
            generator.set_word_pos(u128::from(position));
            Box::new(generator)
        });
        let drawn = take(generator);
        self.position_words += words;
        assert!(
            self.position_words < crate::ids::MAX_SAFE,
            "a random stream is at its end"
        );
        drawn
    }
}

impl core::fmt::Debug for NodeStream {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "NodeStream(at {})", self.position_words)
    }
}

impl PartialEq for NodeStream {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.position_words == other.position_words
    }
}

impl Eq for NodeStream {}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamState {
    #[serde(with = "hex32")]
    key: [u8; 32],
    position_words: u64,
}

impl Serialize for NodeStream {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        StreamState {
            key: self.key,
            position_words: self.position_words,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for NodeStream {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let state = StreamState::deserialize(deserializer)?;
        Ok(Self::at(state.key, state.position_words))
    }
}

/// The key of one program of a process, by the number of its first slice (0 but after `exec`): the root of its
/// randomness. Neither pids nor slices are reused, so neither are these keys.
#[must_use]
pub fn process_key(node_key: &[u8; 32], pid: Pid, first_slice: u64) -> [u8; 32] {
    match first_slice {
        0 => hmac(node_key, &[b"process\0", &pid.0.to_be_bytes()]),
        _ => hmac(
            node_key,
            &[b"program\0", &pid.0.to_be_bytes(), &first_slice.to_be_bytes()],
        ),
    }
}

/// A node's key under the world's seed.
#[must_use]
pub fn derive_node_key(seed: &[u8; 32], node: NodeId) -> [u8; 32] {
    hmac(seed, &[b"node\0", &node.0.to_be_bytes()])
}

/// Lends a node's stream of that purpose. `None` when there is no such node.
///
/// # Panics
/// When the node has more than [`MAX_STREAMS_PER_NODE`] purposes: purposes are named in code, not by players.
pub fn with_stream<T>(
    world: &mut World,
    node: NodeId,
    purpose: &str,
    draw: impl FnOnce(&mut NodeStream) -> T,
) -> Option<T> {
    let entity = world.resource::<Nodes>().get(node)?;
    let key = world.get::<NodeKey>(entity)?.0;
    let mut streams = world.get_mut::<NodeStreams>(entity)?;
    if !streams.streams.contains_key(purpose) {
        assert!(
            streams.streams.len() < MAX_STREAMS_PER_NODE,
            "node {node} has too many random streams"
        );
        streams
            .streams
            .insert(purpose.to_owned(), NodeStream::new(&key, purpose));
    }
    streams.streams.get_mut(purpose).map(draw)
}

/// HMAC-SHA-256 over the parts, one after the other.
fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Serde for 32 bytes as 64 lower-case hex digits.
pub(crate) mod hex32 {
    use helios_abi::Digest32;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        Digest32(*bytes).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        Digest32::deserialize(deserializer).map(|digest| digest.0)
    }
}
