//! Commands on recordings.

use std::path::PathBuf;

use clap::Args;

use super::HostKind;
use crate::capture::CaptureSpec;

/// `replay`.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// The recording.
    #[arg(value_name = "FILE.hreplay")]
    pub file: PathBuf,
    /// Compare every recorded hash; fail at the first that differs.
    #[arg(long, conflicts_with_all = ["step", "from"])]
    pub verify: bool,
    /// Stop at this tick.
    #[arg(long, value_name = "TICK")]
    pub to: Option<u64>,
    /// Show what entered the world from this tick on; with `--step`, start there.
    #[arg(long, value_name = "TICK")]
    pub from: Option<u64>,
    /// Walk through it, forwards and backwards, as lines on standard input say; `h` lists them.
    #[arg(long)]
    pub step: bool,
    /// Begin a branch where the replay stops: a new recording, to be gone on with by `--world OUT --record OUT`.
    #[arg(long, value_name = "OUT.hreplay")]
    pub branch: Option<PathBuf>,
    /// Write the world to FILE where the replay stops.
    #[arg(long, value_name = "FILE.helios")]
    pub save: Option<PathBuf>,
    /// Write the frames that pass interfaces of a machine or switch to FILE, as pcapng. May be given several times.
    #[arg(long, conflicts_with = "step", value_name = "NODE[:INTERFACE]=FILE")]
    pub capture: Vec<CaptureSpec>,
    /// Play a recording of another build as if it were of this one, and see how far that goes.
    #[arg(long)]
    pub other_build: bool,
    /// Most memory for keyframes, in MiB.
    #[arg(long, default_value_t = 256, value_name = "MIB", value_parser = clap::value_parser!(u32).range(0..=1_048_576))]
    pub keyframes: u32,
    /// Where isolates run.
    #[arg(long, value_enum, default_value_t = HostKind::Children, value_name = "KIND")]
    pub host: HostKind,
    /// Worker threads, or child processes.
    #[arg(long, default_value_t = 2, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub workers: u16,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `bisect`.
#[derive(Debug, Args)]
pub struct BisectArgs {
    /// The first recording.
    #[arg(value_name = "A.hreplay")]
    pub left: PathBuf,
    /// The second one.
    #[arg(value_name = "B.hreplay", required_unless_present = "with", conflicts_with = "with")]
    pub right: Option<PathBuf>,
    /// Compare with how another build of this program, a binary, plays the first recording.
    #[arg(long, value_name = "HELIOS")]
    pub with: Option<PathBuf>,
    /// Most rows that are shown.
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub rows: usize,
    /// Where isolates run.
    #[arg(long, value_enum, default_value_t = HostKind::Children, value_name = "KIND")]
    pub host: HostKind,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}
