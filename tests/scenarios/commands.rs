//! Every program of `/bin` and `/sbin`: what it says of itself, whether its options are tried, and what it makes of
//! binary garbage, a line of 10 MB, a pipe that nobody reads and a full disk.

use std::collections::BTreeMap;
use std::path::Path;

use helios::sim::Sim;
use helios_tests::{KINDS, LIMIT_TICKS, sh, test_sim};
use libtest_mimic::Trial;

use crate::cases::{folder, scripts};
use crate::trial;

/// Length of the line that is too long for anything made for people.
const LONG_LINE_BYTES: usize = 10 << 20;
const GARBAGE_BYTES: usize = 64 << 10;

/// The programs, with the section of the manual that each belongs to.
fn programs() -> Vec<(String, &'static str)> {
    let rootfs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts-ts/rootfs");
    let mut all = Vec::new();
    for (folder, section) in [("bin", "1"), ("sbin", "8")] {
        for entry in std::fs::read_dir(rootfs.join(folder)).expect("the rootfs is there") {
            let name = entry.expect("it can be read").file_name().into_string().expect("UTF-8");
            all.push((name, section));
        }
    }
    all.sort();
    all
}

/// The text of a program's cases, by suite.
fn cases_of(name: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for suite in ["userland", "posix"] {
        for path in scripts(suite) {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).expect("the case can be read");
            let own = stem == name || stem.strip_prefix(name).is_some_and(|rest| rest.starts_with('-'));
            if own || mentions(&text, name) {
                found.push((format!("{suite}/{stem}"), text));
            }
        }
    }
    found
}

/// Whether a script runs a program: its name stands where a command may.
fn mentions(script: &str, name: &str) -> bool {
    script
        .split(|letter: char| letter.is_whitespace() || "|;&(){}`$\"'=".contains(letter))
        .any(|word| {
            word == name || word.strip_prefix("/bin/") == Some(name) || word.strip_prefix("/sbin/") == Some(name)
        })
}

/// The options that a help text documents: letters and long names of lines that begin with one.
fn options(help: &str) -> Vec<(Option<String>, Option<String>)> {
    help.lines()
        .filter(|line| line.starts_with("  -") || line.starts_with("      --"))
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().take(2).collect();
            let short = words.first().and_then(|word| word.strip_prefix('-'));
            let short = short
                .filter(|word| !word.starts_with('-'))
                .map(|word| word.trim_end_matches(',').to_owned());
            let long = words.iter().find_map(|word| word.strip_prefix("--"));
            let long = long.map(|word| {
                word.split(['=', '['])
                    .next()
                    .unwrap_or_default()
                    .trim_end_matches(',')
                    .to_owned()
            });
            (short, long)
        })
        .filter(|(_, long)| long.as_deref() != Some("help"))
        .collect()
}

/// Whether a script gives an option: a long one by its name (or what a name may be cut to), a letter in any cluster. The
/// first word after the program may be a cluster without a hyphen, as `tar xf` has it.
fn gives(script: &str, name: &str, short: Option<&str>, long: Option<&str>) -> bool {
    let words: Vec<&str> = script
        .split(|letter: char| letter.is_whitespace() || "|;&()'\"".contains(letter))
        .filter(|word| !word.is_empty())
        .collect();
    words.iter().enumerate().any(|(at, word)| {
        let hyphen = word.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
        let bare = (at > 0 && words[at - 1] == name && name == "tar").then_some(*word);
        let letters = hyphen.or(bare);
        let by_letter = short.is_some_and(|short| letters.is_some_and(|letters| letters.contains(short)));
        let given = word
            .strip_prefix("--")
            .map(|rest| rest.split('=').next().unwrap_or_default());
        let given = given.filter(|given| given.len() > 1);
        by_letter || given.is_some_and(|given| long.is_some_and(|long| long.starts_with(given)))
    })
}

/// Programs whose `--help` is not a page: POSIX has `test --help` test a text.
const WITHOUT_HELP: &[&str] = &["test"];

fn help_of(sim: &mut Sim, name: &str, section: &str) -> Result<String, String> {
    let folder = if section == "8" { "/sbin" } else { "/bin" };
    let end = sh(sim, &format!("{folder}/{name} --help"));
    let text = String::from_utf8_lossy(&end.stdout).into_owned();
    match end.code() {
        // It is `false`, even so.
        1 if name == "false" && text.starts_with("Usage: ") => Ok(text),
        0 if text.starts_with("Usage: ") => Ok(text),
        status => Err(format!(
            "{name} --help: status {status}, prints {:?} {:?}",
            text.lines().next(),
            String::from_utf8_lossy(&end.stderr)
        )),
    }
}

/// Programs say how they are used, have a page, and their cases try every option and an error.
fn documented() {
    let mut sim = test_sim(KINDS[0]);
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts-ts/rootfs/usr/share/man");
    let mut problems = Vec::new();
    for (name, section) in programs() {
        let page = std::fs::read_to_string(pages.join(format!("{name}.{section}.md"))).unwrap_or_default();
        for part in ["## NAME", "## SYNOPSIS", "## DESCRIPTION"] {
            if !page.contains(part) {
                problems.push(format!("{name}.{section}.md: no {part}"));
            }
        }
        if !folder("hostile").join(format!("{name}.sh")).is_file() {
            problems.push(format!("{name}: no line in tests/hostile"));
        }
        let cases = cases_of(&name);
        let shows_error = |(case, text): &(String, String)| {
            text.contains("2>&1") || folder(case).with_extension("code").is_file() || text.contains("$?")
        };
        if !cases.iter().any(shows_error) {
            problems.push(format!("{name}: no case shows an error"));
        }
        if WITHOUT_HELP.contains(&name.as_str()) {
            continue;
        }
        let help = match help_of(&mut sim, &name, section) {
            Ok(help) => help,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        for (short, long) in options(&help) {
            let tried = cases
                .iter()
                .any(|(_, text)| gives(text, &name, short.as_deref(), long.as_deref()));
            if !tried {
                problems.push(format!("{name}: no case gives {short:?} {long:?}"));
            }
        }
    }
    assert!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

/// What `$IN` holds in each run, where the output goes, and what that run is called.
const RUNS: &[(&str, &str, &str)] = &[
    ("garbage", "> /tmp/out", "garbage to a file"),
    ("long", "> /tmp/out", "a long line to a file"),
    ("long", "| true", "a long line to a closed pipe"),
    ("text", "> /dev/full", "text to a full disk"),
];

fn inputs() -> BTreeMap<&'static str, Vec<u8>> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let garbage = (0..GARBAGE_BYTES).map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    });
    let mut long = b"word ".repeat(LONG_LINE_BYTES / 5);
    long.push(b'\n');
    let text: String = (0..200)
        .map(|line| format!("{line} some words on line {line}\n"))
        .collect();
    BTreeMap::from([
        ("garbage", garbage.collect()),
        ("long", long),
        ("text", text.into_bytes()),
    ])
}

/// Runs a program's line on every input: it ends, with a status, and the machine goes on.
fn withstands(path: &Path) {
    let line = std::fs::read_to_string(path).expect("the line can be read");
    for (input, output, name) in RUNS {
        let mut sim = test_sim(KINDS[0]);
        let node = sim.machine(None).expect("the world has a machine");
        sim.step().expect("the machine boots");
        let bytes = &inputs()[input];
        helios_fs::write_file(sim.world_mut(), node, "/tmp/in", bytes, 0o666).expect("the disk has room");
        let script = format!("IN=/tmp/in; export IN\n( {} ) < /dev/null {output}", line.trim_end());
        let argv = ["/bin/sh".to_owned(), "-c".to_owned(), script];
        let session = sim.exec(node, "player", &argv).expect("the command is logged");
        sim.stdin_close(node, session).expect("the command is logged");
        let end = sim
            .finish_session(session, LIMIT_TICKS)
            .unwrap_or_else(|failure| panic!("{}: {name}: {failure}", path.display()));
        assert!(end.status.is_some(), "{}: {name}: does not end", path.display());
        let errors = String::from_utf8_lossy(&end.stderr);
        let internal = ["TypeError", "ReferenceError", "\n    at "];
        assert!(
            !internal.iter().any(|sign| errors.contains(sign)),
            "{}: {name}: fails inside:\n{errors}",
            path.display()
        );
        // A line may switch the machine off: then there is nobody to ask.
        let off = !matches!(
            helios_kernel::machine::machine(sim.world(), node).power,
            helios_kernel::machine::Power::On { .. }
        );
        assert!(
            off || sh(&mut sim, "echo alive").stdout == b"alive\n",
            "{}: {name}: the machine does not go on",
            path.display()
        );
    }
}

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![trial("commands::documented", documented)];
    trials.extend(scripts("hostile").into_iter().map(|path| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        trial(format!("commands::withstands::{name}"), move || withstands(&path))
    }));
    trials.push(trial("commands::the_checker_sees", || {
        let help = "Usage: x\n  -a, --all                  everything\n      --long=N               value\n      --help                 this\n";
        let found = options(help);
        let want = [
            (Some("a".to_owned()), Some("all".to_owned())),
            (None, Some("long".to_owned())),
        ];
        assert_eq!(found, want);
        let given = |script| gives(script, "x", Some("a"), Some("all"));
        assert!(given("x -ba") && given("x --al") && !given("x --long a") && !given("x a"));
        assert!(gives("tar xaf t", "tar", Some("a"), None) && !gives("tar xf a", "tar", Some("a"), None));
        assert!(mentions("echo hi | x -a", "x") && !mentions("echo xx", "x"));
    }));
    trials
}
