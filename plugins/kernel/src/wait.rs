//! Calls that wait: what they wait for, who is woken first, and how they go on.
//!
//! A call that cannot be answered yet is an [`OpenCall`] of its process: state, with its request. When something it waits
//! for may have happened, its handler runs again. Waiters on one key are served in the order in which they came (`seq`);
//! the lists themselves are an index, rebuilt from the rows.

use std::collections::VecDeque;

use bevy_ecs::prelude::*;
use helios_abi::grant::Call;
use helios_abi::{NodeId, Pid, ProcKey, Value};
use serde::{Deserialize, Serialize};

/// Most outstanding calls of one process, with those whose answers it has not taken: EAGAIN beyond.
pub const MAX_OUTSTANDING: usize = 1024;
/// Most weight of the requests of one process's outstanding calls, in bytes: EAGAIN beyond.
pub const MAX_OUTSTANDING_BYTES: u64 = 4 << 20;

/// Something a call waits for, on its own machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum WaitKey {
    /// Something to read from a kernel object (a pipe, a terminal, a socket).
    #[serde(rename = "r")]
    Readable(u64),
    /// Room to write to a kernel object.
    #[serde(rename = "w")]
    Writable(u64),
    /// Something for the master of a pseudo-terminal to read.
    #[serde(rename = "M")]
    Master(u64),
    /// Room for what the master of a pseudo-terminal types.
    #[serde(rename = "R")]
    MasterRoom(u64),
    /// Another process group in the foreground of a terminal.
    #[serde(rename = "f")]
    Foreground(u64),
    /// A child of this process changed.
    #[serde(rename = "c")]
    Child(Pid),
    /// A message for this process.
    #[serde(rename = "m")]
    Mail(Pid),
    /// Lines of a trace for this process.
    #[serde(rename = "t")]
    Trace(Pid),
    /// An image of the machine.
    #[serde(rename = "i")]
    Image,
    /// Another image in the machine's place.
    #[serde(rename = "l")]
    Load,
}

/// Why a call waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaitReason {
    /// Any of these may let it go on.
    pub keys: Vec<WaitKey>,
    /// At this virtual time its handler runs with [`timed_out`](crate::Caller::timed_out) set.
    pub deadline_ns: Option<u64>,
}

impl WaitReason {
    /// Waits for one thing.
    #[must_use]
    pub fn on(key: WaitKey) -> Self {
        Self {
            keys: vec![key],
            deadline_ns: None,
        }
    }

    /// Waits for a time.
    #[must_use]
    pub const fn until(deadline_ns: u64) -> Self {
        Self {
            keys: Vec::new(),
            deadline_ns: Some(deadline_ns),
        }
    }
}

/// A call without an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenCall {
    /// Its number.
    pub id: u64,
    /// The syscall.
    pub name: String,
    /// Its request.
    pub args: Value,
    /// When it was made.
    #[serde(with = "helios_engine::nanos")]
    pub since_ns: u64,
    /// Its place among the waiters of its machine.
    pub seq: u64,
    /// What it waits for.
    pub keys: Vec<WaitKey>,
    /// When it stops waiting.
    #[serde(with = "helios_engine::nanos::option")]
    pub deadline_ns: Option<u64>,
}

/// A process's outstanding calls, by number, and those that it made while stopped.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outstanding {
    /// Waiting for an answer.
    pub calls: Vec<OpenCall>,
    /// Not applied yet: the process stopped in the middle of its batch.
    pub held: Vec<Call>,
    /// Weight of the requests in `calls`.
    pub weight_bytes: u64,
}

impl Outstanding {
    fn at(&self, id: u64) -> Option<usize> {
        self.calls.binary_search_by_key(&id, |call| call.id).ok()
    }

    /// Finds a call.
    #[must_use]
    pub fn get(&self, id: u64) -> Option<&OpenCall> {
        self.at(id).map(|at| &self.calls[at])
    }

    pub(crate) fn get_mut(&mut self, id: u64) -> Option<&mut OpenCall> {
        self.at(id).map(|at| &mut self.calls[at])
    }

    pub(crate) fn insert(&mut self, call: OpenCall) {
        self.weight_bytes += call.args.weight();
        match self.calls.binary_search_by_key(&call.id, |call| call.id) {
            Ok(_) => panic!("a call's number is used once"),
            Err(at) => self.calls.insert(at, call),
        }
    }

    pub(crate) fn remove(&mut self, id: u64) -> Option<OpenCall> {
        let call = self.at(id).map(|at| self.calls.remove(at))?;
        self.weight_bytes -= call.args.weight();
        Some(call)
    }
}

/// Keys woken and not served yet. Empty between ticks: whoever wakes outside a syscall runs before the kernel's
/// [`KernelSystems::ServeWakes`](crate::KernelSystems::ServeWakes) of the same phase.
#[derive(Resource, Default, Debug)]
pub struct Wakes {
    pub(crate) keys: VecDeque<(NodeId, WaitKey)>,
    /// Processes that were continued and have held calls to make.
    pub(crate) resumed: VecDeque<ProcKey>,
}

impl Wakes {
    /// Announces that calls waiting on `key` may go on.
    pub fn push(&mut self, node: NodeId, key: WaitKey) {
        self.keys.push_back((node, key));
    }
}

/// Announces that calls waiting on `key` may go on. They do at the end of the syscall, timer or command under way.
pub fn wake(world: &mut World, node: NodeId, key: WaitKey) {
    world.resource_mut::<Wakes>().push(node, key);
}
