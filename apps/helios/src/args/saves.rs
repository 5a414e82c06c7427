//! Commands on saves.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use super::{HostKind, WorldArgs};
use crate::capture::CaptureSpec;
use crate::slots::{Slot, SlotName};

/// A time in minutes, with decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minutes(pub Duration);

impl FromStr for Minutes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let minutes = text.parse::<f64>().ok();
        let minutes = minutes.filter(|minutes| (0.000_1..=10_000.0).contains(minutes));
        let minutes = minutes.ok_or_else(|| format!("{text:?} is not a number of minutes above 0"))?;
        Ok(Self(Duration::from_secs_f64(minutes * 60.0)))
    }
}

/// `save`.
#[derive(Debug, Args)]
pub struct SaveArgs {
    /// The slot.
    #[arg(value_name = "NAME")]
    pub slot: SlotName,
    /// The world.
    #[command(flatten)]
    pub world: WorldArgs,
    /// Ticks to run first.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub ticks: u64,
    /// A title for the list of saves.
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `load`.
#[derive(Debug, Args)]
pub struct LoadArgs {
    /// The slot, or one of its autosaves (`NAME@NUMBER`).
    #[arg(value_name = "NAME", required_unless_present = "list")]
    pub slot: Option<Slot>,
    /// List the saves instead, as `saves` does.
    #[arg(long)]
    pub list: bool,
    /// Log in as NAME, with a password; without this as `player`, without one.
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// The machine to use; the world's first one if absent.
    #[arg(long, value_name = "NAME")]
    pub machine: Option<String>,
    /// Virtual milliseconds in a real one.
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub speed: u32,
    /// Write the frames that pass interfaces of a machine or switch to FILE, as pcapng. May be given several times.
    #[arg(long, value_name = "NODE[:INTERFACE]=FILE")]
    pub capture: Vec<CaptureSpec>,
    /// Minutes between two autosaves.
    #[arg(long, default_value = "5", value_name = "MINUTES")]
    pub autosave: Minutes,
    /// How many autosaves are kept.
    #[arg(long, default_value_t = 5, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub autosave_keep: u16,
    /// Where isolates run.
    #[arg(long, value_enum, default_value_t = HostKind::Children, value_name = "KIND")]
    pub host: HostKind,
    /// Power-cycle every machine: processes end, files stay.
    #[arg(long)]
    pub cold: bool,
}

/// `saves`.
#[derive(Debug, Args)]
pub struct SavesArgs {
    /// Remove this save (`NAME`, or `NAME@NUMBER` for an autosave).
    #[arg(long, value_name = "NAME")]
    pub remove: Option<Slot>,
    /// Print the list as JSON, one object a line.
    #[arg(long)]
    pub json: bool,
}

/// `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The save: a slot's name, or a `.helios` or `.hreplay` file.
    #[arg(value_name = "SAVE")]
    pub save: String,
    /// The file to write.
    #[arg(value_name = "OUT.helios")]
    pub out: PathBuf,
    /// Power-cycle every machine first: processes end, and with them their journals; services start again.
    #[arg(long)]
    pub cold: bool,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The file to read.
    #[arg(value_name = "FILE.helios")]
    pub file: PathBuf,
    /// The slot to put it into.
    #[arg(value_name = "NAME")]
    pub slot: SlotName,
    /// Replace what is in the slot.
    #[arg(long)]
    pub force: bool,
}

/// `info`.
#[derive(Debug, Args)]
pub struct InfoArgs {
    /// A slot's name, or a `.helios` or `.hreplay` file.
    #[arg(value_name = "SAVE")]
    pub save: String,
    /// Print it as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `snap`.
#[derive(Debug, Args)]
pub struct SnapArgs {
    /// The file to write.
    #[arg(value_name = "OUT.helios")]
    pub out: PathBuf,
    /// The world.
    #[command(flatten)]
    pub world: WorldArgs,
    /// Ticks to run first; a world that is not from a save runs 1000.
    #[arg(long, value_name = "N")]
    pub ticks: Option<u64>,
    /// Its title; the world's name without it.
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Who made it.
    #[arg(long, value_name = "TEXT")]
    pub author: Option<String>,
    /// What it is.
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}
