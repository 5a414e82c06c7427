//! The syscall ABI and the grant/batch contract between the kernel and an isolate host.
//!
//! Plain serde types, no Bevy, no V8: whatever both sides of the contract must agree on is defined here once.
//!
//! Invariants:
//! - every syscall is defined here, with its request, its reply, its capability family and its base cost;
//! - nothing here depends on the host: encodings are fixed-width and ordered.

pub mod ids;

pub use ids::{MAX_SAFE, NodeId, Pid, ProcKey, Tick};
