//! The two hosts: threads of this process, and child processes.

mod child;
mod maker;
mod thread;

pub use child::{Chaos, ChildConfig, ChildHost};
pub(crate) use maker::Bench;
pub(crate) use thread::{Pending, Tried};
pub use thread::{ThreadConfig, ThreadHost};

/// What one isolate holds, for inspectors. It never reaches state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MemoryUse {
    /// Bytes of live JavaScript objects.
    pub heap_used_bytes: u64,
    /// Bytes that the heap takes from the system.
    pub heap_total_bytes: u64,
    /// Bytes of typed arrays.
    pub array_buffer_bytes: u64,
}

/// How many times looser limits are where a verdict would be a failure.
pub(crate) const LOOSER: u64 = 4;
/// How often a slice is tried there before it is one.
pub(crate) const TRIES: u32 = 3;
