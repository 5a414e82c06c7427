//! Wire formats: what frames and packets are, byte for byte.
//!
//! Every format is a plain value with `parse` (of untrusted bytes, with a typed error) and `emit`. Payloads are
//! [`bytes::Bytes`]: whoever parses shares the memory of the frame.

pub mod mac;
pub mod tcp;

pub use mac::MacAddr;
