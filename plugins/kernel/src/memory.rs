//! A machine's memory: what its processes hold together, from the last samples, and who goes when that is too much.

use bevy_ecs::prelude::*;
use helios_abi::{Errno, NodeId, Pid, ProcKey, SysError};

use crate::index::KernelIndex;
use crate::lifecycle::{Ending, alive, check_memory, end};
use crate::machine::machine;
use crate::process::Accounting;

/// The least that a process takes, in bytes: an isolate that has done nothing. One starts only where so much is free.
pub const LEAST_PROCESS_BYTES: u64 = 1 << 20;

/// Takes samples in and enforces the processes' quotas, then the machine's memory.
///
/// A sample of a process that has ended since is of no consequence.
pub(crate) fn sample(world: &mut World, node: NodeId, samples: Vec<(Pid, u64)>) {
    for (pid, bytes) in samples {
        let key = ProcKey { node, pid };
        if let Some(entity) = alive(world, key) {
            world
                .get_mut::<Accounting>(entity)
                .expect("a process has all its rows")
                .mem_bytes = bytes;
            check_memory(world, key);
        }
    }
    fit(world, node);
}

/// Memory of each living process of a machine.
fn held(world: &World, node: NodeId) -> Vec<(u64, Pid)> {
    let processes = world.resource::<KernelIndex>().processes_of(node);
    processes
        .filter(|(pid, _)| alive(world, ProcKey { node, pid: *pid }).is_some())
        .filter_map(|(pid, entity)| Some((world.get::<Accounting>(entity)?.mem_bytes, pid)))
        .collect()
}

/// Memory in use on a machine, in bytes, from the last samples.
#[must_use]
pub fn used(world: &World, node: NodeId) -> u64 {
    held(world, node).iter().map(|(bytes, _)| bytes).sum()
}

/// Ends the process that holds most, the youngest of equals, until the rest fits. `init` stays.
fn fit(world: &mut World, node: NodeId) {
    let row = machine(world, node);
    let (total, init) = (row.memory_bytes, row.init);
    let mut held = held(world, node);
    let mut used: u64 = held.iter().map(|(bytes, _)| bytes).sum();
    held.retain(|(_, pid)| *pid != init);
    held.sort_unstable();
    while used > total
        && let Some((bytes, pid)) = held.pop()
    {
        let reason = format!("out of memory: the machine has {total} bytes");
        end(world, ProcKey { node, pid }, Ending::Killed(reason));
        used -= bytes;
    }
}

/// Whether there is room for another process.
///
/// # Errors
/// ENOMEM where there is none.
pub(crate) fn check_room(world: &World, node: NodeId) -> Result<(), SysError> {
    let total = machine(world, node).memory_bytes;
    if used(world, node).saturating_add(LEAST_PROCESS_BYTES) > total {
        return Err(SysError::new(
            Errno::ENOMEM,
            format!("the machine has {total} bytes of memory, and they are in use"),
        ));
    }
    Ok(())
}
