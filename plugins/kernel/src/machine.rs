//! Machines: their rows, their ids, their log.

use std::collections::VecDeque;

use bevy_ecs::prelude::*;
use helios_abi::{NodeId, Pid, gas};
use helios_engine::prelude::{Node, Nodes, Section, Spanned, WorldError};
use serde::{Deserialize, Serialize};

use crate::index::KernelIndex;
use crate::process::RunQueue;

/// Lines that a machine's kernel log keeps; older ones are dropped and counted.
pub const LOG_LINES: usize = 256;
/// Longest line of the log, in bytes.
pub const LOG_LINE_BYTES: usize = 256;

/// Whether a machine runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Power {
    /// Off.
    Off,
    /// It boots at the next tick.
    Starting,
    /// On since that tick.
    On {
        /// When it booted.
        since_tick: u64,
    },
    /// It stopped by itself: no `init`, or `init` ended.
    Halted {
        /// Why.
        reason: String,
    },
}

/// A machine.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// Its host name.
    pub hostname: String,
    /// Whether it runs.
    pub power: Power,
    /// `init` of the last boot: pid 1 of a machine's first. Pids are never reused, so a power cycle gives it another.
    pub init: Pid,
    /// What its CPU does in a tick.
    pub gas_per_tick: u64,
    /// Its memory.
    pub memory_bytes: u64,
    /// Its disk, above the base image; the fs plugin reads it.
    pub disk_bytes: u64,
    /// Most processes, zombies included: EAGAIN beyond.
    pub max_processes: u32,
    /// Most processes of one user other than root.
    pub max_user_processes: u32,
}

/// What a machine is made with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MachineSpec {
    /// Its host name.
    pub hostname: String,
    /// What its CPU does in a tick.
    pub gas_per_tick: u64,
    /// Its memory.
    pub memory_bytes: u64,
    /// Its disk, above the base image; the fs plugin reads it.
    pub disk_bytes: u64,
    /// Most processes.
    pub max_processes: u32,
    /// Most processes of one user other than root.
    pub max_user_processes: u32,
    /// Whether it boots at the first tick.
    pub boot: bool,
}

impl Default for MachineSpec {
    fn default() -> Self {
        Self {
            hostname: "localhost".into(),
            gas_per_tick: gas::DEFAULT_PER_TICK,
            memory_bytes: 1 << 30,
            disk_bytes: 64 << 20,
            max_processes: 512,
            max_user_processes: 256,
            boot: true,
        }
    }
}

/// Counters of a machine. None goes back, so that no id is used twice.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counters {
    /// The last pid given since the last boot. It goes on counting across power cycles.
    pub last_pid: u32,
    /// The last place among waiters.
    pub last_seq: u64,
}

impl Counters {
    /// Goes on counting from where the machine was before an image was put in its place.
    pub(crate) fn carry_over(before: &Self, now: &mut Self) {
        now.last_pid = now.last_pid.max(before.last_pid);
        now.last_seq = now.last_seq.max(before.last_seq);
    }
}

impl Machine {
    /// An image brings back what runs on a machine, not its hardware.
    pub(crate) fn carry_over(before: &Self, now: &mut Self) {
        *now = Self {
            hostname: std::mem::take(&mut now.hostname),
            power: now.power.clone(),
            init: now.init,
            ..before.clone()
        };
    }
}

/// A machine's kernel log, `dmesg`.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KernelLog {
    /// Tick and text, oldest first.
    pub lines: VecDeque<(u64, String)>,
    /// Lines dropped because the log was full.
    pub dropped: u64,
}

/// The `machine` section of a world file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MachineSection {
    hostname: Option<String>,
    cpu_gas_per_tick: Option<Spanned<u64>>,
    memory_bytes: Option<Spanned<u64>>,
    disk_bytes: Option<Spanned<u64>>,
    max_processes: Option<u32>,
    max_user_processes: Option<u32>,
    boot: Option<bool>,
}

/// Builds a machine from the `machine` section of its node.
pub(crate) fn build_section(world: &mut World, node: NodeId, section: &Section<'_>) -> Result<(), WorldError> {
    let read: MachineSection = section.read()?;
    let default = MachineSpec::default();
    let in_range = |field: &Option<Spanned<u64>>, default: u64, least: u64, most: u64| match field {
        None => Ok(default),
        Some(value) if (least..=most).contains(&value.value) => Ok(value.value),
        Some(value) => Err(section.error_at(value, format!("expected {least} to {most}, got {}", value.value))),
    };
    let named = world
        .resource::<Nodes>()
        .get(node)
        .and_then(|entity| world.get::<Node>(entity));
    let spec = MachineSpec {
        hostname: read
            .hostname
            .or_else(|| named.map(|node| node.name.clone()))
            .unwrap_or(default.hostname),
        gas_per_tick: in_range(&read.cpu_gas_per_tick, default.gas_per_tick, 100, 1_000_000_000)?,
        memory_bytes: in_range(&read.memory_bytes, default.memory_bytes, 1 << 20, 1 << 46)?,
        disk_bytes: in_range(&read.disk_bytes, default.disk_bytes, 0, 1 << 46)?,
        max_processes: read.max_processes.unwrap_or(default.max_processes),
        max_user_processes: read.max_user_processes.unwrap_or(default.max_user_processes),
        boot: read.boot.unwrap_or(default.boot),
    };
    spawn_machine(world, node, spec);
    Ok(())
}

/// Makes a machine of a node.
///
/// # Panics
/// If there is no such node.
pub fn spawn_machine(world: &mut World, node: NodeId, spec: MachineSpec) -> Entity {
    let power = if spec.boot { Power::Starting } else { Power::Off };
    let machine = Machine {
        hostname: spec.hostname,
        power,
        init: Pid(0),
        gas_per_tick: spec.gas_per_tick.max(1),
        memory_bytes: spec.memory_bytes,
        disk_bytes: spec.disk_bytes,
        max_processes: spec.max_processes,
        max_user_processes: spec.max_user_processes,
    };
    let rows = (machine, Counters::default(), KernelLog::default(), RunQueue::default());
    let entity = crate::rows::on_node(world, node, rows);
    let mut index = world.resource_mut::<KernelIndex>();
    index.add_machine(node, entity);
    if spec.boot {
        index.starting.insert(node);
    }
    entity
}

/// A machine's row.
///
/// # Panics
/// If the node is no machine.
#[must_use]
pub fn machine(world: &World, node: NodeId) -> &Machine {
    let entity = world
        .resource::<KernelIndex>()
        .machine(node)
        .expect("the node is a machine");
    world.get::<Machine>(entity).expect("indexed")
}

fn with_row<C: Component<Mutability = bevy_ecs::component::Mutable>, T>(
    world: &mut World,
    node: NodeId,
    change: impl FnOnce(&mut C) -> T,
) -> T {
    let entity = world
        .resource::<KernelIndex>()
        .machine(node)
        .expect("the node is a machine");
    change(&mut world.get_mut::<C>(entity).expect("a machine has all its rows"))
}

/// Changes a machine's row.
pub(crate) fn with_machine<T>(world: &mut World, node: NodeId, change: impl FnOnce(&mut Machine) -> T) -> T {
    with_row(world, node, change)
}

/// Changes a machine's run queue.
pub(crate) fn with_queue<T>(world: &mut World, node: NodeId, change: impl FnOnce(&mut RunQueue) -> T) -> T {
    with_row(world, node, change)
}

pub(crate) fn next_seq(world: &mut World, node: NodeId) -> u64 {
    with_row(world, node, |counters: &mut Counters| {
        counters.last_seq += 1;
        counters.last_seq
    })
}

pub(crate) fn next_pid(world: &mut World, node: NodeId) -> Pid {
    with_row(world, node, |counters: &mut Counters| {
        counters.last_pid = counters
            .last_pid
            .checked_add(1)
            .expect("a machine starts fewer than 2^32 processes");
        Pid(counters.last_pid)
    })
}

/// Writes one line to a machine's kernel log.
pub fn log_line(world: &mut World, node: NodeId, text: impl Into<String>) {
    let mut text = text.into();
    truncate(&mut text, LOG_LINE_BYTES);
    let tick = crate::rows::now(world).0;
    with_row(world, node, |log: &mut KernelLog| {
        log.lines.push_back((tick, text));
        if log.lines.len() > LOG_LINES {
            log.lines.pop_front();
            log.dropped += 1;
        }
    });
}

/// Cuts a text to at most `bytes`, at a character's border.
pub(crate) fn truncate(text: &mut String, bytes: usize) {
    if text.len() > bytes {
        let end = (0..=bytes).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        text.truncate(end);
    }
}
