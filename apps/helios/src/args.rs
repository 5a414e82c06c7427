//! What the command line takes.

mod past;
mod saves;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use self::past::{BisectArgs, ReplayArgs};
pub use self::saves::{ExportArgs, ImportArgs, InfoArgs, LoadArgs, Minutes, SaveArgs, SavesArgs, SnapArgs};
use crate::capture::CaptureSpec;
use crate::media::{Drive, InsertSpec};
use crate::slots::Target;
use crate::sync::SyncSpec;

/// Helios: a deterministic world of simulated machines, programmed in TypeScript.
///
/// Without a command, opens a shell on the first machine of the default world.
#[derive(Debug, Parser)]
#[command(name = "helios", version, about, max_term_width = 110)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Show the engine's log on standard error (e.g. `info`, `helios_kernel=debug`).
    #[arg(long, global = true, env = "HELIOS_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// Give new worlds the userland of DIR, a checkout's `scripts-ts`, instead of this build's: to try changes of it.
    #[arg(long, global = true, env = "HELIOS_ROOTFS", value_name = "DIR")]
    pub rootfs: Option<PathBuf>,
    /// Keep saves below DIR instead of the platform's folder for them.
    #[arg(long, global = true, env = "HELIOS_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Boots a world and runs a command line on one of its machines; standard streams and the exit status pass through.
    Exec(ExecArgs),
    /// Logs a player in on a machine, in real time, on this terminal. Enter ~ . ends it from outside; piped input is a
    /// script.
    Shell(ShellArgs),
    /// Runs a TypeScript file of this computer as a process on a machine; errors show TypeScript positions.
    Run(RunArgs),
    /// Checks a TypeScript file for what the compiler refuses: syntax, scope, imports. Types are not checked.
    Check(CheckArgs),
    /// Makes a folder of scripts: an example with a test, types and settings for an ordinary editor.
    New(NewArgs),
    /// Brings a folder of this computer and a folder of a saved world together, both ways, and saves the world.
    Sync(SyncArgs),
    /// Saves a world to a slot of your own, by name.
    Save(SaveArgs),
    /// Goes on with a world of a slot, in real time, on this terminal; saves it there at the end and on the way.
    Load(LoadArgs),
    /// Lists the saves of all slots, or removes one.
    Saves(SavesArgs),
    /// Writes a save to a `.helios` file that any computer can open.
    Export(ExportArgs),
    /// Checks a `.helios` file and puts it into a slot.
    Import(ImportArgs),
    /// Says what a `.helios` or `.hreplay` file or a slot holds, without running it.
    Info(InfoArgs),
    /// Packs a world for sharing, with a title, an author and a description.
    Snap(SnapArgs),
    /// Runs a world for some ticks and writes it to a `.helios` file.
    Snapshot(SnapshotArgs),
    /// Opens a `.helios` file, lets it go on, and says where it stands.
    Restore(RestoreArgs),
    /// Plays a recording again: verifies it, walks through it tick by tick, branches off it.
    Replay(ReplayArgs),
    /// Finds the first tick at which two recordings, or one under two builds, differ, and the rows that do.
    Bisect(BisectArgs),
    /// Names the first difference between two snapshots: node, component, id and field.
    Diff(DiffArgs),
    /// Makes a disk image of a folder of this computer: a stick or disc for a machine.
    Image(ImageArgs),
    /// Pushes sticks and discs into machines of a saved world, pulls them out, carries them from one to another.
    Media(MediaArgs),
    /// Measures speed and memory on this computer.
    Bench(BenchArgs),
    /// Runs generated worlds by seed and compares live, restored and replayed runs.
    Soak(SoakArgs),
}

/// Which world, and how it is run. Options of every command that runs one.
#[derive(Clone, Debug, Args)]
pub struct WorldArgs {
    /// A world's name (`single`), a `.ron` world file, a `.helios` snapshot, `slot:NAME`, or the end of a `.hreplay`
    /// recording.
    #[arg(long, default_value = "single", value_name = "WORLD")]
    pub world: String,
    /// The machine to use; the world's first one if absent.
    #[arg(long, value_name = "NAME")]
    pub machine: Option<String>,
    /// Write the world to FILE, or to a slot (`slot:NAME`), when the command ends.
    #[arg(long, value_name = "FILE")]
    pub save: Option<Target>,
    /// Save to a numbered autosave of the slot every so many minutes.
    #[arg(long, value_name = "MINUTES")]
    pub autosave: Option<Minutes>,
    /// How many autosaves of the slot are kept.
    #[arg(long, default_value_t = 5, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub autosave_keep: u16,
    /// Write a recording (snapshot, inputs and hashes) that `replay` can verify. The recording that `--world` opened is
    /// gone on with; another file begins a branch of it.
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Inputs from a script file: lines of `@TICK MACHINE VERB …`.
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// Keep a folder of this computer and a folder of a machine the same, both ways. May be given several times.
    #[arg(long, value_name = "DIR=MACHINE:/PATH")]
    pub sync: Vec<SyncSpec>,
    /// Push the image of FILE, as `helios image` makes it or an ISO 9660 disc, into a slot of a machine (`usb0`, `usb1`,
    /// `cd0`) before anything else. May be given several times.
    #[arg(long, value_name = "MACHINE:SLOT=FILE")]
    pub insert: Vec<InsertSpec>,
    /// Write the frames that pass interfaces of a machine or switch to FILE, as pcapng. May be given several times.
    #[arg(long, value_name = "NODE[:INTERFACE]=FILE")]
    pub capture: Vec<CaptureSpec>,
    /// Where isolates run.
    #[arg(long, value_enum, default_value_t = HostKind::Children, value_name = "KIND")]
    pub host: HostKind,
    /// Worker threads, or child processes.
    #[arg(long, default_value_t = 2, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub workers: u16,
    /// Processes that each worker keeps in memory; the others hibernate until something reaches them.
    #[arg(long, value_name = "N")]
    pub live: Option<u16>,
    /// Power-cycle every machine of an opened snapshot: processes end, files stay.
    #[arg(long)]
    pub cold: bool,
}

/// Where isolates run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum HostKind {
    /// Threads of this process: fastest; for tests and embedding.
    Threads,
    /// Confined child processes: a crash or an escape stays there.
    Children,
}

/// `exec`.
#[derive(Debug, Args)]
pub struct ExecArgs {
    /// The world.
    #[command(flatten)]
    pub world: WorldArgs,
    /// The user who runs it.
    #[arg(long, default_value = "player", value_name = "NAME")]
    pub user: String,
    /// Stop after this many ticks of virtual time with status 124.
    #[arg(long, value_name = "TICKS")]
    pub limit: Option<u64>,
    /// The command line, run by the machine's shell.
    #[arg(
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "COMMAND"
    )]
    pub command: Vec<String>,
}

/// `shell`.
#[derive(Debug, Args)]
pub struct ShellArgs {
    /// The world.
    #[command(flatten)]
    pub world: WorldArgs,
    /// Log in as NAME, with a password; without this as `player`, without one.
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// Virtual milliseconds in a real one.
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub speed: u32,
}

/// `run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The world.
    #[command(flatten)]
    pub world: WorldArgs,
    /// The user who runs it.
    #[arg(long, default_value = "player", value_name = "NAME")]
    pub user: String,
    /// Stop after this many ticks of virtual time with status 124.
    #[arg(long, value_name = "TICKS")]
    pub limit: Option<u64>,
    /// The TypeScript file.
    #[arg(value_name = "FILE.ts")]
    pub file: PathBuf,
    /// Its arguments.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARG")]
    pub args: Vec<String>,
}

/// `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The TypeScript files.
    #[arg(required = true, value_name = "FILE.ts")]
    pub files: Vec<PathBuf>,
    /// Print diagnostics as JSON, one object a line.
    #[arg(long)]
    pub json: bool,
}

/// `new`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// The folder to make.
    #[arg(value_name = "NAME")]
    pub folder: PathBuf,
}

/// `sync`.
#[derive(Debug, Args)]
pub struct SyncArgs {
    /// The saved world. It is written back unless `--save` names another file.
    #[arg(long, value_name = "FILE.helios")]
    pub world: PathBuf,
    /// Write the world to FILE instead.
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// The folders.
    #[arg(required = true, value_name = "DIR=MACHINE:/PATH")]
    pub folders: Vec<SyncSpec>,
}

/// `image`.
#[derive(Debug, Args)]
pub struct ImageArgs {
    /// The folder.
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    /// The file to write. Its name says of which form it is: `.iso` is an ISO 9660 disc with Rock Ridge.
    #[arg(short, long, value_name = "FILE")]
    pub out: PathBuf,
    /// A name for it, at most 32 bytes; the folder's if absent.
    #[arg(long, value_name = "LABEL")]
    pub label: Option<String>,
    /// Of which form it is, whatever its name.
    #[arg(long, value_enum, value_name = "FORM")]
    pub format: Option<ImageFormat>,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Forms of images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ImageFormat {
    /// Helios's own: small, and of one form for one content.
    Helios,
    /// ISO 9660 with Rock Ridge: other systems read it.
    Iso,
}

/// `media`.
#[derive(Debug, Args)]
pub struct MediaArgs {
    /// The saved world. It is written back unless `--save` names another file.
    #[arg(long, value_name = "FILE.helios")]
    pub world: PathBuf,
    /// Write the world to FILE instead.
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub action: MediaAction,
}

/// What `media` does.
#[derive(Debug, Subcommand)]
pub enum MediaAction {
    /// Lists what is in the slots of all machines, and beside them.
    List,
    /// Pulls out what is in a slot. It lies beside the machine then; with `-o` its bytes come to this computer as well.
    Eject {
        /// The slot.
        #[arg(value_name = "MACHINE:SLOT")]
        drive: Drive,
        /// The file to write.
        #[arg(short, long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Pushes in an image of this computer, or what lies beside the slot.
    Insert {
        /// The slot.
        #[arg(value_name = "MACHINE:SLOT")]
        drive: Drive,
        /// The image.
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Pulls a stick from one machine and pushes it into another.
    Move {
        /// Where it is.
        #[arg(value_name = "MACHINE:SLOT")]
        from: Drive,
        /// Where it is to be.
        #[arg(value_name = "MACHINE:SLOT")]
        to: Drive,
    },
}

/// `snapshot`.
#[derive(Debug, Args)]
pub struct SnapshotArgs {
    /// The world.
    #[command(flatten)]
    pub world: WorldArgs,
    /// Ticks to run first.
    #[arg(long, default_value_t = 1000, value_name = "N")]
    pub ticks: u64,
    /// The file to write.
    #[arg(value_name = "OUT.helios")]
    pub out: PathBuf,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `restore`.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The snapshot.
    #[arg(value_name = "FILE.helios")]
    pub file: PathBuf,
    /// Ticks to run after it is open.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub ticks: u64,
    /// Write the frames that pass interfaces of a machine or switch to FILE, as pcapng. May be given several times.
    #[arg(long, value_name = "NODE[:INTERFACE]=FILE")]
    pub capture: Vec<CaptureSpec>,
    /// Write the world to FILE then.
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// Where isolates run.
    #[arg(long, value_enum, default_value_t = HostKind::Children, value_name = "KIND")]
    pub host: HostKind,
    /// Power-cycle every machine: processes end, files stay.
    #[arg(long)]
    pub cold: bool,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The first snapshot.
    #[arg(value_name = "A.helios")]
    pub left: PathBuf,
    /// The second snapshot.
    #[arg(value_name = "B.helios")]
    pub right: PathBuf,
    /// Print the difference as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Which measurements; if absent all but those of many minutes.
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Samples of each; medians are printed.
    #[arg(long, default_value_t = 5, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub samples: u16,
    /// List the measurements.
    #[arg(long)]
    pub list: bool,
    /// Print the figures as JSON, one object a line.
    #[arg(long)]
    pub json: bool,
}

/// `soak`.
#[derive(Debug, Args)]
pub struct SoakArgs {
    /// How many seeds.
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1, value_name = "SEED")]
    pub from: u64,
    /// Ticks of each run.
    #[arg(long, default_value_t = 400, value_name = "N")]
    pub ticks: u64,
    /// Print the results as JSON, one object a line.
    #[arg(long)]
    pub json: bool,
}
