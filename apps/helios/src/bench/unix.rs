//! Command lines as people type them: each timed on the default machine and, for comparison, under bash on this host.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use helios_engine::hash::HashPolicy;
use helios_engine::ids::NodeId;
use helios_engine::worlds::{BuildOptions, builtin_world};
use helios_fs::base::{BaseImage, built_in};
use helios_fs::inode::ROOT_INO;

use super::{Bound, CHILDREN, Figure, Measurement, figure, milliseconds};
use crate::sim::Sim;

/// Virtual time after which a line is given up.
const LIMIT_TICKS: u64 = 600_000;
/// Where the files for the lines are, on the machine.
const FOLDER: &str = "/tmp/bench";
/// Bytes of the large file, which the machine's disk has room for.
const BIG_BYTES: usize = 40_000_000;

/// A command line. It runs in the folder with the files: `big` of 40 MB, `lines` of 100,000 lines, `text` of ten files
/// with 1 MB each.
struct Line {
    name: &'static str,
    line: &'static str,
    /// What it is on the host, where that differs: `root` there is a copy of the base image's tree.
    host: Option<&'static str>,
    /// Bytes that it moves, where it is speed that counts.
    moves: Option<(usize, Bound)>,
}

impl Line {
    const fn new(name: &'static str, line: &'static str) -> Self {
        Self {
            name,
            line,
            host: None,
            moves: None,
        }
    }
}

const LINES: &[Line] = &[
    Line {
        moves: Some((3 * BIG_BYTES, Bound::AtLeast(100.0))),
        ..Line::new("cat, 3 times 40 MB", "cat big big big > /dev/null")
    },
    Line {
        moves: Some((BIG_BYTES, Bound::Free)),
        ..Line::new("cat through a pipe, 40 MB", "cat big | cat > /dev/null")
    },
    Line {
        host: Some("ls -R root > /dev/null"),
        ..Line::new("ls -R / of the base image", "ls -R /bin /etc /usr > /dev/null")
    },
    Line::new(
        "grep -r over 10 MB",
        "grep -r 'zebra.*quagga' text > /dev/null; [ $? -lt 2 ]",
    ),
    Line::new("sort of 100,000 lines", "sort lines > /dev/null"),
    Line::new(
        "a pipeline of 20 stages, 1 MB",
        "cat text/0 | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | wc -c > /dev/null",
    ),
    Line::new(
        "1,000 spawns of true from a loop",
        "for i in $(seq 1000); do /bin/true; done",
    ),
];

pub(super) fn measurement() -> Measurement {
    Measurement {
        name: "unix",
        about: "command lines on the default machine, beside the same lines under bash on this host",
        run,
    }
}

fn run(samples: u16) -> Vec<Figure> {
    let files = files();
    let host = HostFolder::new(&files);
    let mut machine = Machine::new(&files);
    LINES
        .iter()
        .flat_map(|line| measure(line, samples, &mut machine, host.as_ref()))
        .collect()
}

fn measure(line: &Line, samples: u16, machine: &mut Machine, host: Option<&HostFolder>) -> Vec<Figure> {
    let (unit, bound) = line.moves.map_or(("ms", Bound::Free), |(_, bound)| ("MB/s", bound));
    let figure_of = |name: String, bound: Bound, took: Result<Vec<f64>, String>| match took {
        Ok(took) => {
            let value = |ms: f64| line.moves.map_or(ms, |(bytes, _)| bytes as f64 / 1e3 / ms);
            figure(name, unit, bound, took.into_iter().map(value).collect())
        }
        // A command that is not there yet is no reason to measure nothing else.
        Err(why) => figure(format!("{name}: not measured, {why}"), unit, Bound::Free, vec![0.0]),
    };
    let inside = (0..samples.max(1)).map(|_| machine.time(line.line)).collect();
    let mut figures = vec![figure_of(line.name.to_owned(), bound, inside)];
    if let Some(host) = host {
        let text = line.host.unwrap_or(line.line);
        let outside = (0..samples.max(1)).map(|_| host.time(text)).collect();
        figures.push(figure_of(format!("  {} on the host", line.name), Bound::Free, outside));
    }
    figures
}

/// The machine that runs the lines.
struct Machine {
    sim: Sim,
    node: NodeId,
}

impl Machine {
    fn new(files: &[(String, Vec<u8>)]) -> Self {
        let text = builtin_world("single").expect("the default world is part of the program");
        let mut sim = Sim::built(
            "single.ron",
            text,
            BuildOptions::default(),
            CHILDREN,
            HashPolicy::EveryEpoch,
        )
        .expect("the default world can be built");
        let node = sim.machine(None).expect("there is one");
        let folders = [FOLDER.to_owned(), format!("{FOLDER}/text")];
        for folder in &folders {
            helios_fs::make_dirs(sim.world_mut(), node, folder).expect("the disk is empty");
        }
        for (name, bytes) in files {
            let path = format!("{FOLDER}/{name}");
            helios_fs::write_file(sim.world_mut(), node, &path, bytes, 0o644).expect("the disk has room");
        }
        let mut machine = Self { sim, node };
        // Boots, and seals the files.
        machine.time("true").expect("the machine boots");
        machine
    }

    /// Milliseconds that a line takes; why it failed.
    fn time(&mut self, line: &str) -> Result<f64, String> {
        let line = format!("cd {FOLDER}; {line}");
        let mut end = None;
        let took = milliseconds(|| {
            let argv = ["/bin/sh", "-c", &line].map(str::to_owned);
            let session = self
                .sim
                .exec(self.node, "player", &argv)
                .expect("the command is logged");
            end = Some(self.sim.finish_session(session, LIMIT_TICKS));
        });
        let end = end.expect("it was set").map_err(|failure| failure.to_string())?;
        if end.code() == 0 && end.stderr.is_empty() {
            return Ok(took);
        }
        let said = String::from_utf8_lossy(&end.stderr);
        Err(format!(
            "status {} ({})",
            end.code(),
            said.lines().next().unwrap_or_default()
        ))
    }
}

/// A folder of the host with the same files, gone when dropped.
struct HostFolder(PathBuf);

impl HostFolder {
    /// `None` where the host has no bash, or no room.
    fn new(files: &[(String, Vec<u8>)]) -> Option<Self> {
        let folder = Self(std::env::temp_dir().join(format!("helios-bench-{}", std::process::id())));
        std::fs::create_dir_all(folder.0.join("text")).ok()?;
        for (name, bytes) in files {
            std::fs::write(folder.0.join(name), bytes).ok()?;
        }
        copy_tree(&built_in().0, ROOT_INO, &folder.0.join("root")).ok()?;
        folder.time("true").ok().map(|_| folder)
    }

    fn time(&self, line: &str) -> Result<f64, String> {
        let mut status = None;
        let took = milliseconds(|| {
            let mut bash = Command::new("bash");
            bash.args(["-c", line]).current_dir(&self.0).stdin(Stdio::null());
            status = Some(bash.status());
        });
        match status.expect("it was set") {
            Ok(status) if status.success() => Ok(took),
            Ok(status) => Err(status.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl Drop for HostFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The names of the base image, as empty files: listing them reads no contents.
fn copy_tree(image: &BaseImage, ino: u64, to: &Path) -> std::io::Result<()> {
    let directory = image
        .node(ino)
        .is_some_and(|node| node.body == helios_fs::base::BaseBody::Dir);
    if !directory {
        return std::fs::write(to, []);
    }
    std::fs::create_dir_all(to)?;
    image
        .entries(ino)
        .try_for_each(|(name, child)| copy_tree(image, child, &to.join(name)))
}

/// The files, from a fixed sequence of numbers.
fn files() -> Vec<(String, Vec<u8>)> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut big = Vec::with_capacity(BIG_BYTES + 8);
    while big.len() < BIG_BYTES {
        big.extend(next().to_le_bytes());
    }
    big.truncate(BIG_BYTES);
    let lines: String = (0..100_000)
        .map(|_| format!("{:08x} {}\n", next() as u32, next() % 1000))
        .collect();
    let words = ["quick", "brown", "fox", "zebra", "lazy", "dog", "river", "stone"];
    let mut text = || {
        let mut text = String::with_capacity(1_000_100);
        while text.len() < 1_000_000 {
            let end = if next().is_multiple_of(12) { '\n' } else { ' ' };
            text.push_str(words[(next() % 8) as usize]);
            text.push(end);
        }
        text.into_bytes()
    };
    let mut files: Vec<_> = (0..10).map(|index| (format!("text/{index}"), text())).collect();
    files.push(("big".to_owned(), big));
    files.push(("lines".to_owned(), lines.into_bytes()));
    files
}
