//! Lists the library's TypeScript and the realm's JavaScript, so that the crate embeds whatever is there.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let manifest = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let library = manifest.join("../../scripts-ts/rootfs/usr/lib/helios");
    let realm = manifest.join("src/realm");
    println!("cargo::rerun-if-changed={}", library.display());
    println!("cargo::rerun-if-changed={}", realm.display());
    let mut out = String::new();
    table(
        &mut out,
        "LIBRARY",
        "Base-layer modules: path on the machine, TypeScript.",
        &library,
        "ts",
        "/usr/lib/helios/",
    );
    table(
        &mut out,
        "REALM",
        "Realm scripts in the order of their names.",
        &realm,
        "js",
        "",
    );
    let path = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it")).join("embedded.rs");
    std::fs::write(path, out).expect("the build directory is writable");
}

/// Writes one table of `(name, contents)`, sorted by name.
fn table(out: &mut String, name: &str, doc: &str, root: &Path, extension: &str, prefix: &str) {
    let mut files = Vec::new();
    collect(root, extension, &mut files);
    // As text: whoever looks a name up compares text, in which `net.ts` comes before `net/tcp.ts`.
    files.sort_by(|one, two| one.as_os_str().cmp(two.as_os_str()));
    writeln!(out, "/// {doc}\npub(crate) const {name}: &[(&str, &str)] = &[").expect("strings grow");
    for file in files {
        let relative = file
            .strip_prefix(root)
            .expect("found below the root")
            .to_str()
            .expect("names are UTF-8");
        println!("cargo::rerun-if-changed={}", file.display());
        writeln!(
            out,
            "    ({:?}, include_str!({:?})),",
            format!("{prefix}{relative}"),
            file
        )
        .expect("strings grow");
    }
    out.push_str("];\n");
}

fn collect(directory: &Path, extension: &str, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(&path, extension, files);
        } else if path.extension().is_some_and(|found| found == extension) && !path.to_string_lossy().ends_with(".d.ts")
        {
            files.push(path);
        }
    }
}
