//! The log: the one door through which anything from outside enters the world.
//!
//! *Commands* are stamped for the next tick and applied in `Ingest`, ordered by (node, sequence), node 0 first.
//! *Verdicts* are found during a tick and say that the host killed a process in one of its slices. *Epoch records* hold
//! the world's hash every 3 s. An authoring run writes records; a following run consumes them and writes none.
//!
//! The log is not state: a snapshot holds only the cursor (which sequence number comes next). A record stamped for a
//! tick after a snapshot belongs to the log that goes with it ([`Log::pending`]).

mod file;
mod script;

use std::collections::{BTreeMap, VecDeque};

use bevy_app::App;
use bevy_ecs::prelude::*;
pub use helios_abi::grant::VerdictReason;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use file::{LogFile, LogHeader, LogReadError, MAX_LOG_BYTES, Parent, read_log, write_log};
pub use script::{MAX_SCRIPT_BYTES, ScriptError, ScriptLine, Verb, parse_script, schedule_script};

use crate::canon;
use crate::hash::Hash;
use crate::ids::{NodeId, Nodes, Pid, ProcKey, Tick};
use crate::state::Row;
use crate::time::Clock;

/// The largest payload of one command, in bytes of canonical JSON.
pub const MAX_PAYLOAD_BYTES: usize = 1 << 20;

/// The longest name of a command, in bytes.
pub const MAX_COMMAND_NAME_BYTES: usize = 64;

/// The most commands for one tick.
pub const MAX_COMMANDS_PER_TICK: usize = 65_536;

/// The most records that a log holds in memory.
pub const MAX_RECORDS: usize = 16 << 20;

/// The most bytes of payloads that a log holds in memory.
pub const MAX_HELD_BYTES: usize = 1 << 30;

/// How many refused commands are kept for the host; older ones are dropped first.
const MAX_REFUSALS: usize = 1024;

/// One record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// For a command its own number, counted up over the world's life; for others the number of the next command.
    pub seq: u64,
    /// The tick in which it applies.
    pub tick: Tick,
    /// The node it is addressed to.
    pub node: NodeId,
    /// What it says.
    pub body: Body,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Body {
    /// Something from outside.
    Command {
        /// The name under which its handler is registered.
        name: String,
        /// Whatever the handler reads.
        payload: Value,
    },
    /// The host killed a process in the middle of a slice.
    Verdict {
        /// The process.
        pid: Pid,
        /// Which of its slices, counted from 0.
        slice: u64,
        /// Why.
        reason: VerdictReason,
    },
    /// The hash of the world after that tick.
    Epoch {
        /// The hash.
        hash: Hash,
    },
}

/// A verdict on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The process.
    pub process: ProcKey,
    /// Which of its slices.
    pub slice: u64,
    /// Why.
    pub reason: VerdictReason,
}

/// Whether a run writes records or consumes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// This run is the authority: it writes records.
    #[default]
    Authoring,
    /// This run follows a log.
    Following,
}

/// Why a handler refused a command. The command has then changed nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CommandError(pub String);

impl CommandError {
    /// An error with that message.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl From<serde_json::Error> for CommandError {
    fn from(error: serde_json::Error) -> Self {
        Self(format!("malformed payload: {error}"))
    }
}

/// A command that was applied without effect, as the host sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The tick.
    pub tick: Tick,
    /// Its number.
    pub seq: u64,
    /// The node it was addressed to.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// Why.
    pub error: CommandError,
}

/// Why a command could not be submitted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// This run follows a log.
    #[error("this run follows a log: it takes no commands of its own")]
    Following,
    /// The payload is too large.
    #[error("the payload of {0} bytes is over the limit of {MAX_PAYLOAD_BYTES} bytes")]
    TooLarge(usize),
    /// The payload holds what canonical JSON does not.
    #[error("malformed payload: {0}")]
    Malformed(#[from] canon::CanonError),
    /// The name is empty or too long.
    #[error("a command's name is 1 to {MAX_COMMAND_NAME_BYTES} bytes")]
    BadName,
    /// The tick has as many commands as it can have, or the log is full.
    #[error("{0}")]
    Full(&'static str),
    /// The tick is over.
    #[error("tick {0} is over")]
    Past(Tick),
}

/// The sequence number of the next command. A row of node 0.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputCursor {
    /// The number of the next command to be applied.
    pub next_seq: u64,
}

impl Row for InputCursor {
    const NAME: &'static str = "input_cursor";
    const SCHEMA: u32 = 1;
}

/// The handler of a command.
pub type CommandHandler = fn(&mut World, NodeId, &Value) -> Result<(), CommandError>;

/// Turns a command of an author into the records that say the same of single nodes, by the state of the world as it is when
/// they are stamped. Records alone are replayed: what an expansion saw is in them.
pub type Expansion = fn(&World, NodeId, &Value) -> Result<Vec<(NodeId, String, Value)>, CommandError>;

/// Handlers and script verbs by name.
#[derive(Resource, Default)]
pub struct CommandRegistry {
    pub(crate) handlers: BTreeMap<&'static str, CommandHandler>,
    pub(crate) expansions: BTreeMap<&'static str, Expansion>,
    pub(crate) verbs: BTreeMap<&'static str, Verb>,
}

/// Registration of commands.
pub trait LogAppExt {
    /// Registers the handler of a command. On an error it must have changed nothing.
    ///
    /// # Panics
    /// When the name has a handler already.
    fn register_command(&mut self, name: &'static str, handler: CommandHandler) -> &mut Self;

    /// Registers a name under which an author schedules several records at once: see [`Expansion`].
    ///
    /// # Panics
    /// When the name is taken already.
    fn register_expansion(&mut self, name: &'static str, expansion: Expansion) -> &mut Self;

    /// Registers a verb of script files, which turns the rest of a line into a command.
    ///
    /// # Panics
    /// When the verb is registered already.
    fn register_verb(&mut self, name: &'static str, verb: Verb) -> &mut Self;
}

impl LogAppExt for App {
    fn register_command(&mut self, name: &'static str, handler: CommandHandler) -> &mut Self {
        let before = self
            .world_mut()
            .get_resource_or_init::<CommandRegistry>()
            .handlers
            .insert(name, handler);
        assert!(before.is_none(), "two handlers for the command {name:?}");
        self
    }

    fn register_expansion(&mut self, name: &'static str, expansion: Expansion) -> &mut Self {
        let before = self
            .world_mut()
            .get_resource_or_init::<CommandRegistry>()
            .expansions
            .insert(name, expansion);
        assert!(before.is_none(), "two expansions of the command {name:?}");
        self
    }

    fn register_verb(&mut self, name: &'static str, verb: Verb) -> &mut Self {
        let before = self
            .world_mut()
            .get_resource_or_init::<CommandRegistry>()
            .verbs
            .insert(name, verb);
        assert!(before.is_none(), "the verb {name:?} is registered twice");
        self
    }
}

/// In `Ingest`: the commands of the tick are applied.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IngestSystems;

/// The log of a run.
#[derive(Resource, Debug, Default)]
pub struct Log {
    mode: Mode,
    next_seq: u64,
    /// Commands that wait, in the order in which they apply.
    pending: BTreeMap<(Tick, NodeId, u64), (String, Value)>,
    /// Commands of an authoring host for later ticks: they become records when their tick begins.
    scheduled: BTreeMap<(Tick, u64), (NodeId, String, Value)>,
    next_scheduled: u64,
    /// By the tick in which each was found: a process that an image brought back lives through slices of the same
    /// numbers again.
    verdicts: BTreeMap<(Tick, ProcKey, u64), VerdictReason>,
    /// Epoch hashes: those written by an authoring run, or those that a following run expects.
    epochs: BTreeMap<Tick, Hash>,
    /// The first epoch at which a following run differs: tick, on record, found.
    divergence: Option<(Tick, Hash, Hash)>,
    records: Vec<Record>,
    held_bytes: usize,
    refusals: VecDeque<Refusal>,
}

impl Log {
    /// A log that consumes these records and writes none.
    #[must_use]
    pub fn following(records: &[Record]) -> Self {
        let mut log = Self {
            mode: Mode::Following,
            ..Self::default()
        };
        for record in records {
            match &record.body {
                Body::Command { name, payload } => {
                    let key = (record.tick, record.node, record.seq);
                    log.pending.insert(key, (name.clone(), payload.clone()));
                }
                Body::Verdict { pid, slice, reason } => {
                    let process = ProcKey {
                        node: record.node,
                        pid: *pid,
                    };
                    log.verdicts.insert((record.tick, process, *slice), *reason);
                }
                Body::Epoch { hash } => {
                    log.epochs.insert(record.tick, *hash);
                }
            }
        }
        log
    }

    /// A log that writes from this cursor on.
    #[must_use]
    pub fn authoring(cursor: InputCursor) -> Self {
        Self {
            next_seq: cursor.next_seq,
            ..Self::default()
        }
    }

    /// Whether this run writes records or consumes them.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// Every record that this run wrote, in the order of writing.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Commands that are stamped and not yet applied, in order. They go with a snapshot taken now.
    pub fn pending(&self) -> impl Iterator<Item = Record> + '_ {
        self.pending.iter().map(|(&(tick, node, seq), (name, payload))| Record {
            seq,
            tick,
            node,
            body: Body::Command {
                name: name.clone(),
                payload: payload.clone(),
            },
        })
    }

    /// The tick of the next command.
    #[must_use]
    pub fn next_due(&self) -> Option<Tick> {
        let pending = self.pending.first_key_value().map(|((tick, ..), _)| *tick);
        let scheduled = self.scheduled.first_key_value().map(|((tick, _), _)| *tick);
        [pending, scheduled].into_iter().flatten().min()
    }

    /// Takes the commands that were refused since the last call, oldest first.
    pub fn take_refusals(&mut self) -> Vec<Refusal> {
        self.refusals.drain(..).collect()
    }

    /// The first epoch at which this following run differs from its log: tick, hash on record, hash found.
    #[must_use]
    pub const fn divergence(&self) -> Option<(Tick, Hash, Hash)> {
        self.divergence
    }

    /// Writes the epoch record of an authoring run; compares that of a following one.
    pub(crate) fn record_epoch(&mut self, tick: Tick, hash: Hash) {
        match self.mode {
            Mode::Authoring => {
                self.epochs.insert(tick, hash);
                self.write(tick, NodeId::WORLD, Body::Epoch { hash });
            }
            Mode::Following => {
                let expected = self.epochs.get(&tick).copied();
                if let Some(expected) = expected.filter(|expected| *expected != hash && self.divergence.is_none()) {
                    self.divergence = Some((tick, expected, hash));
                }
            }
        }
    }

    fn write(&mut self, tick: Tick, node: NodeId, body: Body) {
        assert!(self.records.len() < MAX_RECORDS, "the log is full");
        self.records.push(Record {
            seq: self.next_seq,
            tick,
            node,
            body,
        });
    }

    fn check(&self, name: &str, payload: &Value) -> Result<usize, SubmitError> {
        if self.mode == Mode::Following {
            return Err(SubmitError::Following);
        }
        if name.is_empty() || name.len() > MAX_COMMAND_NAME_BYTES {
            return Err(SubmitError::BadName);
        }
        canon::check(payload)?;
        let bytes = canon::to_bytes(payload).len();
        if bytes > MAX_PAYLOAD_BYTES {
            return Err(SubmitError::TooLarge(bytes));
        }
        // Verdicts and epochs must always find room: commands stop short of the bound.
        if self.records.len() + self.scheduled.len() >= MAX_RECORDS / 2 || self.held_bytes + bytes > MAX_HELD_BYTES {
            return Err(SubmitError::Full(
                "the log is full: save the world and go on with a new log",
            ));
        }
        Ok(bytes)
    }

    fn refuse(&mut self, refusal: Refusal) {
        if self.refusals.len() == MAX_REFUSALS {
            self.refusals.pop_front();
        }
        self.refusals.push_back(refusal);
    }

    fn stamp(&mut self, tick: Tick, node: NodeId, name: String, payload: Value) -> u64 {
        let seq = self.next_seq;
        self.write(
            tick,
            node,
            Body::Command {
                name: name.clone(),
                payload: payload.clone(),
            },
        );
        self.next_seq += 1;
        self.pending.insert((tick, node, seq), (name, payload));
        seq
    }
}

/// Submits a command for the next tick. Returns its sequence number.
///
/// An unknown or malformed command is accepted here, logged, and applied without effect: see [`Log::take_refusals`].
///
/// # Errors
/// When this run follows a log, or when a bound is reached.
pub fn submit(world: &mut World, node: NodeId, name: &str, payload: Value) -> Result<u64, SubmitError> {
    let tick = world.resource::<Clock>().tick.next();
    let mut log = world.resource_mut::<Log>();
    let bytes = log.check(name, &payload)?;
    let (first, last) = ((tick, NodeId::WORLD, 0), (tick, NodeId(u64::MAX), u64::MAX));
    if log.pending.len() >= MAX_COMMANDS_PER_TICK && log.pending.range(first..=last).count() >= MAX_COMMANDS_PER_TICK {
        return Err(SubmitError::Full("the next tick has as many commands as it can have"));
    }
    log.held_bytes += bytes;
    Ok(log.stamp(tick, node, name.to_owned(), payload))
}

/// Submits a command for a tick to come: it becomes a record when that tick begins.
///
/// # Errors
/// When the tick is not after the present one, and as [`submit`].
pub fn submit_at(world: &mut World, tick: Tick, node: NodeId, name: &str, payload: Value) -> Result<(), SubmitError> {
    if tick <= world.resource::<Clock>().tick {
        return Err(SubmitError::Past(tick));
    }
    let mut log = world.resource_mut::<Log>();
    let bytes = log.check(name, &payload)?;
    log.held_bytes += bytes;
    let order = log.next_scheduled;
    log.next_scheduled += 1;
    log.scheduled.insert((tick, order), (node, name.to_owned(), payload));
    Ok(())
}

/// The verdict on record for a slice of the tick that runs, whoever wrote it.
#[must_use]
pub fn verdict_on_record(world: &World, process: ProcKey, slice: u64) -> Option<Verdict> {
    let tick = world.resource::<Clock>().tick;
    let reason = *world.resource::<Log>().verdicts.get(&(tick, process, slice))?;
    Some(Verdict { process, slice, reason })
}

/// Records that the host killed a process in a slice of the tick that runs.
///
/// # Panics
/// When this run follows a log: a host failure there is reported, never recorded.
pub fn author_verdict(world: &mut World, process: ProcKey, slice: u64, reason: VerdictReason) -> Verdict {
    let tick = world.resource::<Clock>().tick;
    let mut log = world.resource_mut::<Log>();
    assert!(log.mode == Mode::Authoring, "a following run writes no verdicts");
    let before = log.verdicts.insert((tick, process, slice), reason);
    assert!(before.is_none(), "a second verdict for slice {slice} of {process}");
    log.write(
        tick,
        process.node,
        Body::Verdict {
            pid: process.pid,
            slice,
            reason,
        },
    );
    Verdict { process, slice, reason }
}

/// Applies the commands of this tick.
pub(crate) fn ingest(world: &mut World) {
    let tick = world.resource::<Clock>().tick;
    let mut log = world.resource_mut::<Log>();
    if log.next_due().is_none_or(|due| due > tick) {
        return;
    }
    while let Some(entry) = log.scheduled.first_entry().filter(|entry| entry.key().0 <= tick) {
        let (node, name, payload) = entry.remove();
        match world.resource::<CommandRegistry>().expansions.get(name.as_str()) {
            None => {
                world.resource_mut::<Log>().stamp(tick, node, name, payload);
            }
            Some(expand) => match expand(world, node, &payload) {
                Ok(records) => {
                    for (node, name, payload) in records {
                        world.resource_mut::<Log>().stamp(tick, node, name, payload);
                    }
                }
                Err(error) => {
                    let mut log = world.resource_mut::<Log>();
                    log.refuse(Refusal {
                        tick,
                        // It never became a record.
                        seq: u64::MAX,
                        node,
                        name,
                        error,
                    });
                }
            },
        }
        log = world.resource_mut::<Log>();
    }
    while let Some(entry) = log.pending.first_entry().filter(|entry| entry.key().0 <= tick) {
        let ((stamped, node, seq), (name, payload)) = entry.remove_entry();
        assert!(
            stamped == tick,
            "command {seq} for tick {stamped} is late: it is tick {tick}"
        );
        let applied = apply(world, node, &name, &payload);
        let mut cursor = world.resource_mut::<InputCursor>();
        cursor.next_seq = cursor.next_seq.max(seq + 1);
        log = world.resource_mut::<Log>();
        if let Err(error) = applied {
            log.refuse(Refusal {
                tick,
                seq,
                node,
                name,
                error,
            });
        }
    }
}

fn apply(world: &mut World, node: NodeId, name: &str, payload: &Value) -> Result<(), CommandError> {
    let handler = world.resource::<CommandRegistry>().handlers.get(name).copied();
    let handler = handler.ok_or_else(|| CommandError(format!("there is no command {name:?}")))?;
    if world.resource::<Nodes>().get(node).is_none() {
        return Err(CommandError(format!("there is no node {node}")));
    }
    handler(world, node, payload)
}
