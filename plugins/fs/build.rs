//! Packs `scripts-ts/rootfs/**` into one compressed archive, in a fixed order and without times.
//!
//! The archive is a list of `(path, contents)`. What is a directory, a device or runnable is decided by the crate, from
//! `scripts-ts/rootfs.txt`, so that the rules have tests.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../scripts-ts");
    let rootfs = root.join("rootfs");
    println!("cargo::rerun-if-changed={}", rootfs.display());
    println!("cargo::rerun-if-changed={}", root.join("rootfs.txt").display());
    println!("cargo::rerun-if-changed=build.rs");
    let mut files = Vec::new();
    if rootfs.is_dir() {
        collect(&rootfs, "", &mut files);
    }
    files.sort();
    let table = fs::read_to_string(root.join("rootfs.txt")).expect("scripts-ts/rootfs.txt is there");
    files.insert(0, ("table".to_owned(), table.into_bytes()));
    let packed = postcard::to_stdvec(&files).expect("paths and bytes are plain data");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it")).join("rootfs.z");
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&packed).expect("writing to memory");
    fs::write(out, encoder.finish().expect("writing to memory")).expect("the output directory is writable");
}

/// Adds every regular file below `dir`, with its path inside the machine. Hidden files are editors' leftovers.
fn collect(dir: &Path, path: &str, files: &mut Vec<(String, Vec<u8>)>) {
    println!("cargo::rerun-if-changed={}", dir.display());
    for entry in fs::read_dir(dir).expect("the rootfs is readable") {
        let entry = entry.expect("the rootfs is readable");
        let name = entry.file_name().into_string().expect("names in the rootfs are UTF-8");
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        let inside = format!("{path}/{name}");
        if entry.file_type().expect("the rootfs is readable").is_dir() {
            collect(&entry.path(), &inside, files);
        } else {
            println!("cargo::rerun-if-changed={}", entry.path().display());
            files.push((
                inside,
                fs::read(entry.path()).expect("files of the rootfs are readable"),
            ));
        }
    }
}
