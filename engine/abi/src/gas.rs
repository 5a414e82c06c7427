//! Prices. One unit of gas is about one simple step of a script; a machine's CPU does so many in a tick.

/// Gas for each 64 bytes, begun, that a call takes or answers.
pub const PER_64_BYTES: u64 = 1;
/// Gas for each entry of a list that a call answers.
pub const PER_ENTRY: u64 = 2;
/// Gas for each 16 bytes, begun, of source that a program's modules hold, charged to the spawned process.
pub const COMPILE_PER_16_BYTES: u64 = 1;
/// Gas of a machine's CPU in a tick, where its world does not say otherwise.
pub const DEFAULT_PER_TICK: u64 = 10_000;
/// The fixed quantum that the scheduler commits to one slice.
pub const QUANTUM: u64 = 2_000;
/// Fewest units that a slice is granted.
pub const MIN_GRANT: u64 = 1;

/// The part of a call's price that hangs on its size.
#[must_use]
pub const fn for_bytes(bytes: u64) -> u64 {
    bytes.div_ceil(64) * PER_64_BYTES
}

/// The price of compiling `bytes` of source.
#[must_use]
pub const fn for_source(bytes: u64) -> u64 {
    bytes.div_ceil(16) * COMPILE_PER_16_BYTES
}
