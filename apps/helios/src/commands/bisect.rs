//! `helios bisect`: where two recordings, or one under two builds, begin to differ.
//!
//! Both run side by side, and are compared after every tick in which anything happens in either. A build other than this
//! one is asked for its part over the lines of `replay --step --json`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use helios_engine::hash::Hash;
use helios_engine::ids::Tick;
use helios_engine::snapshot::{Snapshot, diff_rows, read_snapshot_file};
use helios_engine::timeline::TimelineConfig;
use serde_json::{Value, json};

use super::diff::difference_json;
use super::replay::{Position, Walk, describe_record, open};
use crate::args::BisectArgs;
use crate::error::{Failure, Outcome, describe};
use crate::sim::HostChoice;

/// Runs the command. Status 1 if they differ, as `diff` has it.
///
/// # Errors
/// If either cannot be played, or they have no tick in common (status 2).
pub(super) fn bisect(args: &BisectArgs) -> Outcome {
    let host = HostChoice {
        kind: args.host,
        workers: 1,
        live_max: None,
    };
    let usage = |failure: Failure| Failure::usage(failure.message);
    let mut left: Box<dyn Side> = Box::new(Here::open(&args.left, host, args.with.is_some()).map_err(usage)?);
    let mut right: Box<dyn Side> = match (&args.right, &args.with) {
        (Some(path), _) => Box::new(Here::open(path, host, false).map_err(usage)?),
        (None, Some(build)) => Box::new(There::open(build, &args.left).map_err(usage)?),
        (None, None) => return Err(Failure::usage("name a second recording, or another build with --with")),
    };
    match first_difference(&mut *left, &mut *right)? {
        Found::Agree { from, to } => {
            if args.json {
                println!("{}", json!({ "equal": true, "from": from, "to": to }));
            } else {
                println!("they agree from tick {from} to tick {to}");
            }
            Ok(0)
        }
        Found::Differ { tick, agreed } => {
            report(args, &mut *left, &mut *right, tick, agreed)?;
            Ok(1)
        }
        Found::Stopped {
            tick,
            agreed,
            side,
            why,
        } => {
            let which = ["the first", "the second"][side];
            if args.json {
                println!(
                    "{}",
                    json!({ "equal": false, "tick": tick, "agreed": agreed, "stopped": side, "why": why })
                );
            } else {
                println!("{which} cannot go on to tick {tick}: {why}");
            }
            Ok(1)
        }
    }
}

/// One of two runs.
trait Side {
    /// Where it stands.
    fn position(&mut self) -> Result<Position, Failure>;
    /// Goes to a tick.
    fn go(&mut self, tick: Tick) -> Result<Position, Failure>;
    /// The whole state there.
    fn snapshot(&mut self) -> Result<Snapshot, Failure>;
    /// What entered in the tick where it stands, a line each.
    fn inputs(&mut self) -> Result<Vec<String>, Failure>;
}

enum Found {
    Agree {
        from: Tick,
        to: Tick,
    },
    Differ {
        tick: Tick,
        agreed: Option<Tick>,
    },
    Stopped {
        tick: Tick,
        agreed: Option<Tick>,
        side: usize,
        why: String,
    },
}

fn first_difference(left: &mut (dyn Side + 'static), right: &mut (dyn Side + 'static)) -> Result<Found, Failure> {
    let ends = (left.position()?, right.position()?);
    let from = ends.0.start.max(ends.1.start);
    let to = ends.0.end.min(ends.1.end);
    if from > to {
        return Err(Failure::usage(format!(
            "they have no tick in common: one ends at tick {to}, the other begins at tick {from}"
        )));
    }
    let (mut agreed, mut tick) = (None, from);
    loop {
        let mut at = Vec::new();
        for (side, run) in [&mut *left, &mut *right].into_iter().enumerate() {
            match run.go(tick) {
                Ok(position) => at.push(position),
                Err(failure) => {
                    let why = failure.message;
                    return Ok(Found::Stopped {
                        tick,
                        agreed,
                        side,
                        why,
                    });
                }
            }
        }
        if at[0].hash != at[1].hash {
            return Ok(Found::Differ { tick, agreed });
        }
        if tick == to {
            return Ok(Found::Agree { from, to });
        }
        agreed = Some(tick);
        // Until either has something to do, nothing changes but their clocks.
        let wakes = at.iter().filter_map(|position| position.wake);
        tick = wakes.min().unwrap_or(to).clamp(tick.next(), to);
    }
}

fn report(
    args: &BisectArgs,
    left: &mut dyn Side,
    right: &mut dyn Side,
    tick: Tick,
    agreed: Option<Tick>,
) -> Result<(), Failure> {
    let (rows, count) = diff_rows(&left.snapshot()?, &right.snapshot()?, args.rows);
    let inputs = (left.inputs()?, right.inputs()?);
    if args.json {
        let differences: Vec<Value> = rows.iter().map(difference_json).collect();
        println!(
            "{}",
            json!({
                "equal": false, "tick": tick, "agreed": agreed, "rows": count, "differences": differences,
                "inputs": { "left": inputs.0, "right": inputs.1 },
            })
        );
        return Ok(());
    }
    match agreed {
        Some(agreed) => println!("they agree at tick {agreed} and differ at tick {tick}, in {count} rows:"),
        None => println!("they differ from the start, tick {tick}, in {count} rows:"),
    }
    rows.iter().for_each(|row| println!("  {row}"));
    let more = count - rows.len() as u64;
    if more > 0 {
        println!("  and {more} more: --rows shows them");
    }
    if inputs.0 != inputs.1 {
        for (side, lines) in [("left", inputs.0), ("right", inputs.1)] {
            lines
                .iter()
                .for_each(|line| println!("  entered on the {side}: {line}"));
        }
    }
    Ok(())
}

/// A recording that this build plays.
struct Here {
    walk: Walk,
}

impl Here {
    fn open(path: &Path, host: HostChoice, other_build: bool) -> Result<Self, Failure> {
        let recording = open(path, other_build)?;
        // It only ever goes forwards: no keyframes.
        let config = TimelineConfig {
            budget_bytes: 0,
            every_ticks: u64::MAX >> 12,
        };
        let walk = Walk::open(&path.to_string_lossy(), &recording, host, config)?;
        Ok(Self { walk })
    }
}

impl Side for Here {
    fn position(&mut self) -> Result<Position, Failure> {
        Ok(self.walk.position())
    }

    fn go(&mut self, tick: Tick) -> Result<Position, Failure> {
        self.walk.go(tick)?;
        Ok(self.walk.position())
    }

    fn snapshot(&mut self) -> Result<Snapshot, Failure> {
        Ok(self.walk.sim.frame()?.to_snapshot())
    }

    fn inputs(&mut self) -> Result<Vec<String>, Failure> {
        let inputs = self.walk.position().inputs;
        Ok(inputs
            .iter()
            .map(|record| describe_record(&self.walk.sim, record))
            .collect())
    }
}

/// A recording that another build plays, in a process of its own.
struct There {
    build: PathBuf,
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    last: Value,
    scratch: PathBuf,
}

impl There {
    fn open(build: &Path, recording: &Path) -> Result<Self, Failure> {
        let fail = |what: &str, error: &std::io::Error| {
            Failure::new(format!("{}: {what}: {}", build.display(), describe(error)))
        };
        let mut child = Command::new(build)
            .args(["replay", "--step", "--json", "--other-build", "--keyframes", "0"])
            .arg(recording)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| fail("cannot be started", &error))?;
        let (orders, answers) = (child.stdin.take(), child.stdout.take());
        let mut there = Self {
            build: build.to_owned(),
            scratch: std::env::temp_dir().join(format!("helios-bisect-{}.helios", child.id())),
            child,
            orders: orders.expect("it was piped"),
            answers: BufReader::new(answers.expect("it was piped")),
            last: Value::Null,
        };
        there.last = there.answer()?;
        Ok(there)
    }

    fn fail(&self, problem: &str) -> Failure {
        Failure::new(format!("{}: {problem}", self.build.display()))
    }

    fn order(&mut self, line: &str) -> Result<Value, Failure> {
        let sent = writeln!(self.orders, "{line}").and_then(|()| self.orders.flush());
        sent.map_err(|_| self.fail("it has ended"))?;
        self.answer()
    }

    fn answer(&mut self) -> Result<Value, Failure> {
        let mut line = String::new();
        let read = self.answers.read_line(&mut line);
        if read.is_err() || line.is_empty() {
            return Err(self.fail("it has ended; can it `replay --step --json`?"));
        }
        let answer: Value = serde_json::from_str(&line).map_err(|_| self.fail("its answer is not JSON"))?;
        match answer["error"].as_str() {
            Some(problem) => Err(self.fail(problem)),
            None => Ok(answer),
        }
    }
}

impl Side for There {
    fn position(&mut self) -> Result<Position, Failure> {
        // Records of another build may have other forms: only what is compared is read.
        let field = |name: &str| self.last[name].as_u64().map(Tick);
        let hash: Option<Hash> = serde_json::from_value(self.last["hash"].clone()).ok();
        match (field("tick"), field("start"), field("end"), hash) {
            (Some(tick), Some(start), Some(end), Some(hash)) => Ok(Position {
                tick,
                start,
                end,
                hash,
                recorded: None,
                wake: field("wake"),
                inputs: Vec::new(),
            }),
            _ => Err(self.fail("its answer is not a position")),
        }
    }

    fn go(&mut self, tick: Tick) -> Result<Position, Failure> {
        self.last = self.order(&format!("g {tick}"))?;
        self.position()
    }

    fn snapshot(&mut self) -> Result<Snapshot, Failure> {
        let scratch = self.scratch.clone();
        self.order(&format!("s {}", scratch.display()))?;
        let read = read_snapshot_file(&scratch).map_err(|error| Failure::new(error.to_string()));
        _ = std::fs::remove_file(&scratch);
        read
    }

    fn inputs(&mut self) -> Result<Vec<String>, Failure> {
        let lines = self.last["inputs"].as_array().cloned().unwrap_or_default();
        Ok(lines.iter().map(Value::to_string).collect())
    }
}

impl Drop for There {
    fn drop(&mut self) {
        // It ends with its input; it is not asked twice.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
