//! Writes the manual's pages of the syscalls into the folder that is named.

fn main() {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: generate_man FOLDER");
        std::process::exit(2);
    };
    for (name, text) in helios_abi::manual::pages() {
        let path = std::path::Path::new(&folder).join(name);
        if let Err(error) = std::fs::write(&path, text) {
            eprintln!("{}: {error}", path.display());
            std::process::exit(1);
        }
    }
}
