//! Committed hashes of scenarios: what a debug build, a release build and every machine must agree on.

use std::collections::BTreeMap;
use std::path::PathBuf;

use helios_engine::hash::Hash;
use helios_engine::ids::Tick;

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("golden")
        .join(format!("{name}.hashes"))
}

/// Compares every hundredth tick with the committed file; with `HELIOS_BLESS=1` writes the file instead.
pub(crate) fn check_hashes(name: &str, hashes: &BTreeMap<Tick, Hash>) {
    let mut text = String::new();
    for (tick, hash) in hashes.iter().filter(|(tick, _)| tick.0 % 100 == 0) {
        text.push_str(&format!("{tick} {hash}\n"));
    }
    if std::env::var_os("HELIOS_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(path(name), text).expect("the golden file can be written");
        return;
    }
    let committed = std::fs::read_to_string(path(name)).unwrap_or_default();
    assert_eq!(
        committed, text,
        "the hashes of {name} changed. If the simulation was meant to change: HELIOS_BLESS=1 cargo test -p helios_tests"
    );
}
