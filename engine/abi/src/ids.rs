//! Stable, fixed-width names of things. They are plain numbers in state and on the wire; none is ever reused.

use serde::{Deserialize, Serialize};

/// Numbers in state stay below this bound (2^53), so that every JSON reader keeps them exact.
pub const MAX_SAFE: u64 = 1 << 53;

/// One millisecond of virtual time. The world starts at tick 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tick(pub u64);

impl Tick {
    /// Nanoseconds of virtual time in a tick.
    pub const NANOS: u64 = 1_000_000;

    /// The tick after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// Virtual nanoseconds at which this tick starts.
    #[must_use]
    pub const fn start_ns(self) -> u64 {
        self.0 * Self::NANOS
    }
}

impl core::fmt::Display for Tick {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A node of the world: a machine or a piece of fabric. Node 0 is the world itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub u64);

impl NodeId {
    /// The world's own node: topology, seed, input cursor.
    pub const WORLD: Self = Self(0);

    /// Derives a node's id from its name in the world file: the first 52 bits of SHA-256, never zero.
    ///
    /// The order of a file therefore never shows in ids. Two names that collide are refused when a world is built.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        use sha2::{Digest, Sha256};
        let digest = Sha256::digest(name.as_bytes());
        let mut first = [0u8; 8];
        first.copy_from_slice(&digest[..8]);
        Self((u64::from_be_bytes(first) >> 12).max(1))
    }
}

impl core::fmt::Display for NodeId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A process number on one machine, counted up from 1 and never reused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pid(pub u32);

impl core::fmt::Display for Pid {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// One process of the world: its machine and its pid. A pid is never reused, so this names a process for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ProcKey {
    /// The machine.
    pub node: NodeId,
    /// The process on it.
    pub pid: Pid,
}

impl core::fmt::Display for ProcKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}:{}", self.node, self.pid)
    }
}
