//! Reads a folder of `scripts-ts` into the list that an archive holds: the table first, then every file by its path.
//!
//! The build script uses this file too, so it knows nothing of the crate.

use std::fs;
use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

/// The table and the files of `root`, a folder with `rootfs.txt` and `rootfs/`, and what was read to get them.
pub(crate) fn read_folder(root: &Path) -> Result<(Vec<(String, Vec<u8>)>, Vec<PathBuf>)> {
    let table = root.join("rootfs.txt");
    let mut files = Vec::new();
    let mut read = vec![table.clone()];
    collect(&root.join("rootfs"), "", &mut files, &mut read)?;
    files.sort();
    let table = fs::read(&table).map_err(|error| Error::new(error.kind(), format!("{}: {error}", table.display())))?;
    files.insert(0, ("table".to_owned(), table));
    Ok((files, read))
}

/// Adds every regular file below `dir`, with its path inside the machine. Hidden files are editors' leftovers.
fn collect(dir: &Path, path: &str, files: &mut Vec<(String, Vec<u8>)>, read: &mut Vec<PathBuf>) -> Result<()> {
    let named = |error: Error| Error::new(error.kind(), format!("{}: {error}", dir.display()));
    read.push(dir.to_owned());
    for entry in fs::read_dir(dir).map_err(named)? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|name| {
            Error::new(
                ErrorKind::InvalidData,
                format!("{}: {} is not UTF-8", dir.display(), name.display()),
            )
        })?;
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        let inside = format!("{path}/{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &inside, files, read)?;
        } else {
            files.push((inside, fs::read(entry.path())?));
            read.push(entry.path());
        }
    }
    Ok(())
}
