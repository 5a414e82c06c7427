//! The Helios command line as a library: assembling a world, driving it, and the commands over both.
//!
//! Invariants:
//! - a world is touched through its log: commands here submit records and step ticks, nothing else;
//! - every failure is one sentence and a status; nothing is half-written.

pub mod args;
pub mod bench;
pub mod capture;
pub mod commands;
pub mod error;
pub mod generate;
pub mod logging;
pub mod media;
pub mod sim;
pub mod slots;
pub mod soak;
pub mod sync;
mod terminal;
