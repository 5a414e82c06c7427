//! The `helios` command: a thin main over the library beside it.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    // A child that runs isolates is this same program in another role: it must take it before anything else happens.
    helios_isolates::maybe_run_child_role();
    let cli = helios::args::Cli::parse();
    helios::logging::start(cli.log.as_deref());
    match helios::commands::run(cli) {
        Ok(status) => ExitCode::from(status),
        Err(failure) => {
            eprintln!("helios: {failure}");
            ExitCode::from(failure.status)
        }
    }
}
