//! Packs `scripts-ts/rootfs/**` into one compressed archive, in a fixed order and without times.
//!
//! The archive is a list of `(path, contents)`. What is a directory, a device or runnable is decided by the crate, from
//! `scripts-ts/rootfs.txt`, so that the rules have tests.

#[path = "src/base/pack.rs"]
mod pack;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../scripts-ts");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/base/pack.rs");
    let (files, read) = pack::read_folder(&root).expect("scripts-ts holds rootfs.txt and rootfs/");
    for path in read {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    let packed = postcard::to_stdvec(&files).expect("paths and bytes are plain data");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it")).join("rootfs.z");
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&packed).expect("writing to memory");
    fs::write(out, encoder.finish().expect("writing to memory")).expect("the output directory is writable");
}
