//! `helios replay --step`: a walk through a recording, a line of standard input at a time.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use helios_engine::ids::Tick;
use helios_engine::replay::Recording;
use helios_engine::snapshot::{Frame, diff_rows};
use helios_engine::timeline::TimelineConfig;
use serde_json::{Value, json};

use super::{Position, Walk, describe_record, host, write_branch};
use crate::args::ReplayArgs;
use crate::commands::diff::difference_json;
use crate::error::{Failure, Outcome};

/// Most rows that are shown at once.
const SHOWN_ROWS: usize = 20;

const HELP: &str = "\
n [N]      N ticks forwards; so does an empty line, one tick
e [N]      forwards to the Nth tick from here in which something happens
b [N]      N ticks backwards
g TICK     to that tick
d          rows that differ from where the last line was
s FILE     writes the world to a .helios file
x FILE     begins a branch here, in a .hreplay file
h          this list
q          ends; so does the end of input";

/// Runs the command.
///
/// # Errors
/// If the recording cannot be opened. What goes wrong on the way is said, and the walk goes on.
pub(super) fn run(args: &ReplayArgs, recording: &Recording) -> Outcome {
    let config = TimelineConfig {
        budget_bytes: u64::from(args.keyframes) << 20,
        ..TimelineConfig::default()
    };
    let mut walk = Walk::open(&args.file.to_string_lossy(), recording, host(args), config)?;
    walk.go(Tick(args.from.unwrap_or(recording.snapshot.tick.0)))?;
    let last = args.to.map_or(recording.end, Tick);
    let mut steps = Steps {
        before: walk.sim.frame()?,
        walk,
        recording,
        last,
        json: args.json,
        prompt: std::io::stdin().is_terminal() && !args.json,
    };
    steps.show_position();
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|error| Failure::new(format!("standard input: {}", crate::error::describe(&error))))?;
        match steps.obey(&line) {
            Ok(true) => break,
            Ok(false) => {}
            Err(failure) if args.json => println!("{}", json!({ "error": failure.message })),
            Err(failure) => println!("{failure}"),
        }
        steps.prompt();
    }
    Ok(0)
}

struct Steps<'a> {
    walk: Walk,
    recording: &'a Recording,
    /// Where the walk ends, by `--to`.
    last: Tick,
    before: Frame,
    json: bool,
    prompt: bool,
}

impl Steps<'_> {
    /// Does what a line says; whether that is to end.
    fn obey(&mut self, line: &str) -> Result<bool, Failure> {
        let mut words = line.split_whitespace();
        let (verb, argument) = (words.next().unwrap_or("n"), words.next());
        if words.next().is_some() {
            return Err(Failure::new(format!(
                "{line:?}: one argument at most; h lists what there is"
            )));
        }
        let count = || match argument {
            None => Ok(1),
            Some(text) => text
                .parse::<u64>()
                .map_err(|_| Failure::new(format!("{text:?} is not a number"))),
        };
        let file = || {
            argument
                .map(Path::new)
                .ok_or_else(|| Failure::new(format!("{verb}: which file?")))
        };
        let now = self.walk.sim.tick();
        match verb {
            "n" => self.go(Tick(now.0.saturating_add(count()?).min(self.last.0)))?,
            "b" => self.go(Tick(now.0.saturating_sub(count()?).max(self.recording.snapshot.tick.0)))?,
            "g" if argument.is_none() => return Err(Failure::new("g: to which tick?")),
            "g" => self.go(Tick(count()?))?,
            "e" => self.events(count()?)?,
            "d" => self.show_rows()?,
            "s" => {
                self.walk.sim.save(file()?)?;
                self.say(
                    json!({ "saved": file()? }),
                    &format!("{}: tick {now}", file()?.display()),
                );
            }
            "x" => {
                write_branch(&mut self.walk.sim, self.recording, file()?)?;
                self.say(
                    json!({ "branch": file()? }),
                    &format!("{}: a branch from tick {now}", file()?.display()),
                );
            }
            "h" => self.say(json!({ "help": HELP }), HELP),
            "q" => return Ok(true),
            _ => {
                return Err(Failure::new(format!(
                    "{verb:?} is none of n, e, b, g, d, s, x, h, q; h lists them"
                )));
            }
        }
        Ok(false)
    }

    fn go(&mut self, to: Tick) -> Result<(), Failure> {
        if to > self.last {
            return Err(Failure::new(format!(
                "tick {to} is after tick {}, where this walk ends",
                self.last
            )));
        }
        self.before = self.walk.sim.frame()?;
        self.walk.go(to)?;
        self.show_position();
        Ok(())
    }

    fn events(&mut self, count: u64) -> Result<(), Failure> {
        self.before = self.walk.sim.frame()?;
        for _ in 0..count {
            let Some(wake) = self.walk.position().wake else { break };
            self.walk.go(wake.min(self.last))?;
        }
        self.show_position();
        Ok(())
    }

    fn show_position(&mut self) {
        let position = self.walk.position();
        let mut text = describe_position(&position);
        for record in &position.inputs {
            text.push_str("\n  ");
            text.push_str(&describe_record(&self.walk.sim, record));
        }
        self.say(json!(position), &text);
    }

    fn show_rows(&mut self) -> Result<(), Failure> {
        let now = self.walk.sim.frame()?;
        let (rows, count) = diff_rows(&self.before.to_snapshot(), &now.to_snapshot(), SHOWN_ROWS);
        let mut text = format!("{count} rows differ from tick {}", self.before.tick());
        for row in &rows {
            text.push_str(&format!("\n  {row}"));
        }
        let differences: Vec<Value> = rows.iter().map(difference_json).collect();
        self.say(
            json!({ "rows": count, "since": self.before.tick(), "differences": differences }),
            &text,
        );
        Ok(())
    }

    fn say(&self, json: Value, text: &str) {
        if self.json {
            println!("{json}");
        } else {
            println!("{text}");
        }
        std::io::stdout().flush().ok();
    }

    fn prompt(&self) {
        if self.prompt {
            print!("> ");
            std::io::stdout().flush().ok();
        }
    }
}

fn describe_position(position: &Position) -> String {
    let Position { tick, end, hash, .. } = position;
    let recorded = match position.recorded {
        Some(recorded) if recorded == *hash => ", as recorded".to_owned(),
        Some(recorded) => format!(", where {recorded} is on record"),
        None => String::new(),
    };
    let wake = match position.wake {
        Some(wake) => format!("; the next to happen is at tick {wake}"),
        None => "; this is its end".to_owned(),
    };
    format!("tick {tick} of {end}, hash {hash}{recorded}{wake}")
}
