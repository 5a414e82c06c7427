//! `helios new`: a folder of scripts with an example, a test, and what an ordinary editor needs to check and complete them.

use std::fs;
use std::path::Path;

use crate::args::NewArgs;
use crate::error::{Failure, Outcome, describe};

/// Where the folder keeps what belongs to Helios and not to its player.
const OWN: &str = ".helios";

const TYPES: &[(&str, &str)] = &[
    ("helios.d.ts", include_str!("../../../../scripts-ts/types/helios.d.ts")),
    (
        "helios-abi.d.ts",
        include_str!("../../../../scripts-ts/types/helios-abi.d.ts"),
    ),
    (
        "helios-internal.d.ts",
        include_str!("../../../../scripts-ts/types/helios-internal.d.ts"),
    ),
];

const FILES: &[(&str, &str)] = &[
    ("tsconfig.json", include_str!("new/tsconfig.json")),
    ("README.md", include_str!("new/README.md")),
    ("greet.ts", include_str!("new/greet.ts")),
    ("hello.ts", include_str!("new/hello.ts")),
    ("greet.test.ts", include_str!("new/greet.test.ts")),
];

/// Runs the command.
///
/// # Errors
/// If the folder is there and not empty, or cannot be written.
pub(super) fn new(args: &NewArgs) -> Outcome {
    let folder = args.folder.as_path();
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::usage(format!("{}: is there already", folder.display())));
    }
    for (name, text) in FILES {
        write(&folder.join(name), text.as_bytes())?;
    }
    for (name, text) in TYPES {
        write(&folder.join(OWN).join("types").join(name), text.as_bytes())?;
    }
    // The library's own sources are its declarations: they cannot differ from what a machine runs.
    for (path, bytes) in helios_fs::base::library_files() {
        write(&folder.join(OWN).join(path.trim_start_matches('/')), &bytes)?;
    }
    println!(
        "{0}: made. Try `helios run {0}/hello.ts you`, and `helios run {0}/greet.test.ts`",
        folder.display()
    );
    Ok(0)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, bytes))
        .map_err(|error| Failure::new(format!("{}: {}", path.display(), describe(&error))))
}
