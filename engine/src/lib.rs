//! The deterministic world: ids, ticks, streams, the log, registered state, hashes, snapshots, replays.
