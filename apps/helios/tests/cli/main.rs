//! The command line as its users meet it: the program is run, and what it prints, answers and leaves behind is looked at.

mod captures;
mod files;
mod folders;
mod past;
mod programs;
mod slots;
mod terminal;
mod worlds;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A directory that the program runs in.
struct Place(TempDir, TempDir);

/// How a run of the program went.
#[derive(Debug)]
struct Ran {
    stdout: String,
    stderr: String,
    /// The exit status; `None` if a signal ended it.
    status: Option<i32>,
}

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Where the program keeps saves.
    fn data(&self) -> PathBuf {
        self.1.path().to_owned()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    /// The names of what lies there, in order.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_helios"));
        command.args(args).current_dir(self.0.path()).env_remove("HELIOS_LOG");
        // Saves of a test lie in a directory of their own, out of the way of what it looks at.
        command.env("HELIOS_DATA", self.data());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    fn run_with_input(&self, args: &[&str], input: &[u8]) -> Ran {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        Ran::of(child.wait_with_output().unwrap())
    }

    /// Runs what must succeed and say nothing on standard error.
    fn good(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""), "{args:?}: {ran:?}");
        ran.stdout
    }

    /// Runs what must succeed and print one JSON object.
    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.good(args)).unwrap()
    }

    /// Runs what must fail with one line on standard error and nothing else, changing nothing; answers the line.
    fn bad(&self, args: &[&str], status: i32) -> String {
        let before = self.names();
        let ran = self.run(args);
        assert_eq!(
            (ran.status, ran.stdout.as_str()),
            (Some(status), ""),
            "{args:?}: {ran:?}"
        );
        assert!(ran.stderr.starts_with("helios: "), "{args:?}: {ran:?}");
        assert_eq!(self.names(), before, "{args:?} left something behind");
        ran.stderr
    }

    /// [`Self::bad`], where the sentence is a single line that names the file.
    fn bad_file(&self, args: &[&str], status: i32, file: &str) -> String {
        let line = self.bad(args, status);
        assert_eq!(line.lines().count(), 1, "{line}");
        assert!(line.contains(file), "{line:?} does not name {file}");
        assert!(!line.contains("panicked") && line.len() < 400, "{line}");
        line
    }
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self {
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            status: output.status.code(),
        }
    }
}

/// A script that leaves files, a waiting process and a used terminal behind.
const BUSY: &str = r#"
# Writes, waits, and is interrupted.
@20 home exec player "echo out > f; cat > g; echo done >> g"
+1 home exec player "sleep 10; echo never > h" 77
+50 home signal 77 TERM
+5 home exec root "sleep 1000"
"#;

#[test]
fn every_command_says_what_it_does() {
    let place = Place::new();
    let all = place.good(&["--help"]);
    let commands = [
        ("exec", "command line"),
        ("shell", "shell"),
        ("run", "TypeScript file"),
        ("check", "compiler refuses"),
        ("snapshot", "`.helios` file"),
        ("restore", "`.helios` file"),
        ("save", "slot"),
        ("load", "slot"),
        ("saves", "all slots"),
        ("export", "any computer"),
        ("import", "into a slot"),
        ("info", "without running it"),
        ("snap", "for sharing"),
        ("bisect", "first tick"),
        ("replay", "recording"),
        ("diff", "first difference"),
        ("bench", "speed and memory"),
        ("soak", "by seed"),
    ];
    for (command, about) in commands {
        assert!(all.contains(&format!("\n  {command} ")), "{command} is not in\n{all}");
        let help = place.good(&[command, "--help"]);
        assert!(help.contains(about), "{command}: {help}");
        assert!(help.contains(&format!("Usage: helios {command}")), "{command}: {help}");
    }
    assert!(place.good(&["--version"]).starts_with("helios "));
    let ran = place.run(&["explode"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.contains("explode"), "{ran:?}");
}

#[test]
fn without_arguments_it_is_a_shell() {
    let place = Place::new();
    let ran = place.run_with_input(&[], b"echo hi\nexit 4\n");
    assert_eq!(ran.status, Some(4), "{ran:?}");
    assert!(ran.stdout.contains("hi\n"), "{ran:?}");
    let ran = place.run_with_input(&["shell", "--user", "root", "--speed", "10"], b"cat /etc/hostname\n");
    assert_eq!(ran.status, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("home\n"), "{ran:?}");
}

#[test]
fn measurements_are_listed() {
    let place = Place::new();
    let list = place.good(&["bench", "--list"]);
    assert!(
        list.lines().count() >= 5 && list.lines().any(|line| line.starts_with("compile ")),
        "{list}"
    );
    assert!(place.bad(&["bench", "nonesuch"], 2).contains("nonesuch"));
}

#[test]
fn the_examples_of_the_guide_work() {
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/worlds.md")).unwrap();
    let block = |language: &str| {
        let (_, rest) = guide
            .split_once(&format!("```{language}\n"))
            .unwrap_or_else(|| panic!("the guide has no {language} block"));
        rest.split_once("```").unwrap().0.to_owned()
    };
    let place = Place::new();
    place.write("office.ron", block("ron"));
    place.write("day.script", block("script"));
    let saved = place.json(&[
        "snapshot",
        "--json",
        "--world",
        "office.ron",
        "--script",
        "day.script",
        "--ticks",
        "2000",
        "office.helios",
    ]);
    let restored = place.json(&["restore", "--json", "office.helios"]);
    assert_eq!(restored["nodes"], json!(["desk", "vault"]));
    assert_eq!(restored["hash"], saved["hash"]);
    let on = |machine: &str, user: &str, line: &str| {
        place.good(&[
            "exec",
            "--world",
            "office.helios",
            "--machine",
            machine,
            "--user",
            user,
            "--",
            line,
        ])
    };
    assert_eq!(on("desk", "ada", "cat notes/today.txt"), "Water the plants.\n");
    assert_eq!(on("desk", "ada", "cat listing"), "today.txt\n");
    assert_eq!(on("desk", "root", "cat /tmp/typed"), "typed at the console\n");
    assert_eq!(on("desk", "ada", "cat heard"), "first line\nsecond line\n");
    let ran = place.run(&["exec", "--world", "office.helios", "--machine", "vault", "--", "true"]);
    assert_eq!(ran.status, Some(126), "{ran:?}");
    assert!(ran.stderr.contains("the machine is off"), "{ran:?}");
}
