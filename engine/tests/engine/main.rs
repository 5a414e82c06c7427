//! Scenarios of the engine: one file for each feature, one binary for all.

mod canaries;
mod crashes;
mod formats;
mod frames;
mod hashes;
mod idle;
mod images;
mod input;
mod replays;
mod restores;
mod rows;
mod timelines;
mod toy;
mod world_files;
