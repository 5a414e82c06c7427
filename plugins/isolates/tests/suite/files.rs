//! `NAME.ts` with `NAME.out` beside it: the program's transcript, word for word. `UPDATE_CASES=1` writes the expected
//! files. Where a case has no expected file, it must end with status 0.

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};

use super::{HOSTS, run};

const FOLDERS: [&str; 4] = [
    "tests/cases",
    "tests/checkpoint",
    "tests/hazards",
    "../../scripts-ts/tests/lib",
];

pub(crate) fn tests() -> Vec<Trial> {
    each("case", check)
}

/// A test for each case.
pub(crate) fn each(kind: &'static str, check: fn(&Path) -> Result<(), Failed>) -> Vec<Trial> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in FOLDERS {
        collect(&root.join(folder), &mut files);
    }
    files.sort();
    let trial = |path: &PathBuf| {
        let name = path
            .strip_prefix(root)
            .unwrap_or(path)
            .display()
            .to_string()
            .replace("../", "");
        let path = path.clone();
        Trial::test(format!("{kind}::{name}"), move || check(&path))
    };
    files.iter().map(trial).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() && !path.ends_with("node_modules") {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "ts") {
            files.push(path);
        }
    }
}

fn check(path: &Path) -> Result<(), Failed> {
    let source = std::fs::read_to_string(path)?;
    let expected_path = path.with_extension("out");
    let least = gas_at_least(&source);
    for (host, make) in HOSTS {
        let transcript = run(make, &source);
        if transcript.gas < least {
            return Err(format!("with {host}: {} gas, not at least {least}", transcript.gas).into());
        }
        let transcript = transcript.to_string();
        if std::env::var_os("UPDATE_CASES").is_some() {
            std::fs::write(&expected_path, &transcript)?;
        }
        let expected = std::fs::read_to_string(&expected_path).unwrap_or_default();
        if transcript != expected {
            return Err(format!("with {host}:\n{transcript}\n=== expected ===\n{expected}").into());
        }
    }
    Ok(())
}

/// A case whose first line is `// gas: at least N` must use so much.
fn gas_at_least(source: &str) -> u64 {
    let first = source.lines().next().unwrap_or_default();
    first
        .strip_prefix("// gas: at least ")
        .map_or(0, |number| number.trim().parse().expect("a number of gas"))
}
