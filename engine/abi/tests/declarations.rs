//! The committed TypeScript declarations are those that the ABI generates.

use std::path::PathBuf;

fn committed() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../scripts-ts/types/helios-abi.d.ts")
}

#[test]
fn the_committed_declarations_are_fresh() {
    let path = committed();
    let found = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let wanted = helios_abi::dts::generate();
    let stale = found
        .lines()
        .zip(wanted.lines())
        .position(|(found, wanted)| found != wanted);
    assert!(
        found == wanted,
        "{} is stale from line {}: run `cargo run -p helios_abi --example generate_dts > scripts-ts/types/helios-abi.d.ts`",
        path.display(),
        stale.unwrap_or_else(|| found.lines().count().min(wanted.lines().count())) + 1,
    );
}

#[test]
fn the_committed_pages_are_fresh() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../scripts-ts/rootfs/usr/share/man");
    let mut found: Vec<String> = std::fs::read_dir(&folder)
        .expect("the manual is there")
        .map(|entry| entry.expect("it can be read").file_name().into_string().expect("UTF-8"))
        .filter(|name| name.ends_with(".2.md"))
        .collect();
    found.sort();
    let mut wanted = helios_abi::manual::pages();
    wanted.sort();
    let advice = "run `cargo run -p helios_abi --example generate_man scripts-ts/rootfs/usr/share/man`";
    assert_eq!(
        found,
        wanted.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(),
        "{advice}"
    );
    for (name, text) in wanted {
        let page = std::fs::read_to_string(folder.join(&name)).expect("it can be read");
        assert_eq!(page, text, "{name} is stale: {advice}");
    }
}

#[test]
fn every_syscall_and_structure_is_declared() {
    let text = helios_abi::dts::generate();
    for def in helios_abi::calls::SYSCALLS {
        assert!(
            text.contains(&format!("\t{}(request: {}Request)", def.name, def.request.name)),
            "{}",
            def.name
        );
    }
    for def in helios_abi::calls::STRUCTS {
        assert!(
            text.contains(&format!("export interface {} {{", def.name)),
            "{}",
            def.name
        );
    }
}
