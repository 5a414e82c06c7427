//! Shell scripts of `scripts-ts/tests/userland`: `case.sh` runs on a booted machine; its output, standard error after
//! standard output, is `case.out`; its status is `case.code`, or 0.

use std::path::{Path, PathBuf};

use helios_tests::{KINDS, sh, test_sim};
use libtest_mimic::Trial;

use crate::trial;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../scripts-ts/tests/userland")
}

fn run(path: &Path) {
    let script = std::fs::read_to_string(path).expect("the case can be read");
    let mut sim = test_sim(KINDS[0]);
    let end = sh(&mut sim, &script);
    let mut found = String::from_utf8_lossy(&end.stdout).into_owned();
    found.push_str(&String::from_utf8_lossy(&end.stderr));
    if std::env::var_os("HELIOS_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(path.with_extension("out"), &found).expect("the expectation can be written");
        return;
    }
    let expected = std::fs::read_to_string(path.with_extension("out")).expect("the case has an expectation");
    let code =
        std::fs::read_to_string(path.with_extension("code")).map_or(0, |text| text.trim().parse().expect("a status"));
    assert_eq!(found, expected, "{}", path.display());
    assert_eq!(end.code(), code, "the status of {}", path.display());
}

pub(crate) fn trials() -> Vec<Trial> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the folder of cases is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sh"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "there are no cases");
    let name = |path: &Path| format!("userland::{}", path.file_stem().unwrap_or_default().to_string_lossy());
    paths
        .into_iter()
        .map(|path| trial(name(&path), move || run(&path)))
        .collect()
}
