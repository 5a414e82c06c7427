//! `helios check`: the compiler's diagnostics for files of this computer.

use crate::args::CheckArgs;
use crate::error::{Failure, Outcome, read_host_file};

/// Largest source that is read, in bytes.
const MAX_SOURCE_BYTES: u64 = 1 << 20;

/// Runs the command. Status 1 if any file has an error.
///
/// # Errors
/// If a file cannot be read.
pub(super) fn check(args: &CheckArgs) -> Outcome {
    let mut failed = false;
    for path in &args.files {
        let bytes = read_host_file(path, MAX_SOURCE_BYTES)?;
        let source = String::from_utf8(bytes).map_err(|error| {
            Failure::new(format!(
                "{}: not UTF-8 at byte {}",
                path.display(),
                error.utf8_error().valid_up_to()
            ))
        })?;
        let name = path.display().to_string();
        let diagnostics = helios_compiler::check(&source, &name);
        failed |= diagnostics.has_errors();
        if args.json {
            println!("{}", diagnostics.to_json());
        } else if !diagnostics.is_empty() {
            eprintln!("{diagnostics}");
        }
    }
    if !args.json && !failed {
        let what = if args.files.len() == 1 {
            "1 file is".to_owned()
        } else {
            format!("{} files are", args.files.len())
        };
        println!("{what} free of errors (types are not checked: use tsc)");
    }
    Ok(u8::from(failed))
}
