//! The commands, one file each.

mod bench;
mod bisect;
mod check;
mod diff;
mod exec;
mod export;
mod image;
mod import;
mod info;
mod load;
mod media;
mod new;
mod replay;
mod restore;
mod run;
mod save;
mod saves;
mod shell;
mod snap;
mod snapshot;
mod soak;
mod sync;

use clap::Parser;

use crate::args::{Cli, Command};
use crate::error::{Failure, Outcome};

/// Runs what the command line asks for; without a command, a shell.
///
/// # Errors
/// One sentence and a status.
pub fn run(cli: Cli) -> Outcome {
    if let Some(folder) = &cli.rootfs {
        helios_fs::base::use_folder(folder).map_err(|why| Failure::usage(format!("--rootfs: {why}")))?;
    }
    if let Some(folder) = &cli.data {
        crate::slots::use_folder(folder);
    }
    match cli.command {
        Some(Command::Exec(args)) => exec::exec(&args),
        Some(Command::Shell(args)) => shell::shell(&args),
        Some(Command::Run(args)) => run::run(&args),
        Some(Command::New(args)) => new::new(&args),
        Some(Command::Sync(args)) => sync::sync(&args),
        Some(Command::Image(args)) => image::image(&args),
        Some(Command::Media(args)) => media::media(&args),
        Some(Command::Check(args)) => check::check(&args),
        Some(Command::Save(args)) => save::save(&args),
        Some(Command::Load(args)) => load::load(args),
        Some(Command::Saves(args)) => saves::saves(&args),
        Some(Command::Export(args)) => export::export(&args),
        Some(Command::Import(args)) => import::import(&args),
        Some(Command::Info(args)) => info::info(&args),
        Some(Command::Snap(args)) => snap::snap(&args),
        Some(Command::Snapshot(args)) => snapshot::snapshot(&args),
        Some(Command::Restore(args)) => restore::restore(&args),
        Some(Command::Replay(args)) => replay::replay(&args),
        Some(Command::Bisect(args)) => bisect::bisect(&args),
        Some(Command::Diff(args)) => diff::diff(&args),
        Some(Command::Bench(args)) => bench::bench(&args),
        Some(Command::Soak(args)) => soak::soak(&args),
        None => match Cli::parse_from(["helios", "shell"]).command {
            Some(Command::Shell(args)) => shell::shell(&args),
            _ => unreachable!("the line above names the shell"),
        },
    }
}
