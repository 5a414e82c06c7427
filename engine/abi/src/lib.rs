//! The syscall ABI and the grant/batch contract between the kernel and an isolate host.
//!
//! Plain serde types, no Bevy, no V8: whatever both sides of the contract must agree on is defined here once.
//!
//! Invariants:
//! - every syscall is defined here, with its request, its reply, its capability family and its base cost;
//! - nothing here depends on the host: encodings are fixed-width and ordered.

pub mod calls;
pub mod define;
pub mod dts;
pub mod errno;
pub mod gas;
pub mod grant;
pub mod held;
pub mod host;
pub mod ids;
pub mod manual;
pub mod program;
pub mod signal;
pub mod value;

pub use errno::{Errno, SysError};
pub use ids::{MAX_SAFE, NodeId, Pid, ProcKey, Tick};
pub use program::{Digest32, sha256};
pub use value::{Bytes, FromValue, IntoValue, SharedBytes, TsType, Value};

/// The ABI's version: it changes whenever a call, a type or a price does.
pub const ABI_VERSION: &str = "2";
