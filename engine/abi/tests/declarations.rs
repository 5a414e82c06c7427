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
