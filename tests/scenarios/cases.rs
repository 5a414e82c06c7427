//! Shell scripts of `scripts-ts/tests`, each run on a booted machine.
//!
//! - `userland/CASE.sh`: output, standard error after standard output, is `CASE.out`; the status is `CASE.code`, or 0.
//! - `tty/CASE.ts`: a program that drives others in pseudo-terminals; its output, likewise.
//! - `posix/CASE.sh`: standard output and status are what bash and the GNU tools made of the same script (`tools/case`).

use std::path::{Path, PathBuf};

use helios_tests::{KINDS, sh, test_sim, ts};
use libtest_mimic::Trial;

use crate::trial;

/// The folder of that name among the TypeScript side's tests.
pub(crate) fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../scripts-ts/tests")
        .join(name)
}

/// The scripts of a folder, in order.
pub(crate) fn scripts(name: &str) -> Vec<PathBuf> {
    files(name, "sh")
}

fn files(name: &str, wanted: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder(name))
        .expect("the folder of cases is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == wanted))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "there are no cases");
    paths
}

fn run(path: &Path, both: bool) {
    let script = std::fs::read_to_string(path).expect("the case can be read");
    let mut sim = test_sim(KINDS[0]);
    let end = if path.extension().is_some_and(|extension| extension == "ts") {
        ts(&mut sim, &script)
    } else {
        sh(&mut sim, &script)
    };
    let mut found = end.stdout.clone();
    if both {
        found.extend_from_slice(&end.stderr);
    }
    if both && std::env::var_os("HELIOS_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(path.with_extension("out"), &found).expect("the expectation can be written");
        return;
    }
    let expected = std::fs::read(path.with_extension("out")).expect("the case has an expectation");
    let code =
        std::fs::read_to_string(path.with_extension("code")).map_or(0, |text| text.trim().parse().expect("a status"));
    let errors = String::from_utf8_lossy(&end.stderr);
    assert_eq!(
        String::from_utf8_lossy(&found),
        String::from_utf8_lossy(&expected),
        "{}\n{errors}",
        path.display()
    );
    assert!(found == expected, "{}: bytes differ", path.display());
    assert_eq!(end.code(), code, "the status of {}\n{errors}", path.display());
}

pub(crate) fn trials() -> Vec<Trial> {
    let suite = |name: &'static str, extension: &str, both: bool| {
        files(name, extension).into_iter().map(move |path| {
            let case = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            trial(format!("{name}::{case}"), move || run(&path, both))
        })
    };
    suite("userland", "sh", true)
        .chain(suite("tty", "ts", true))
        .chain(suite("posix", "sh", false))
        .collect()
}
