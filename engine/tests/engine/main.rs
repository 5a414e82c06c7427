//! Scenarios of the engine: one file for each feature, one binary for all.

mod canaries;
mod hashes;
mod idle;
mod images;
mod input;
mod replays;
mod restores;
mod rows;
mod toy;
mod world_files;
