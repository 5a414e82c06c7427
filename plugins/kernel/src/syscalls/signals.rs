//! Calls on signals.

use std::collections::BTreeSet;

use bevy_ecs::prelude::*;
use helios_abi::calls::{Kill, Sigaction, Sigmask};
use helios_abi::signal::{SIGCONT, SIGKILL, SIGSTOP, default_action};
use helios_abi::{Errno, Pid, ProcKey, SysError};

use crate::index::KernelIndex;
use crate::machine::machine;
use crate::process::{Creds, SignalTable};
use crate::syscall::{Caller, Completion, SysResult};
use crate::{jobs, signals};

pub(super) fn kill(world: &mut World, caller: &Caller, call: Kill) -> SysResult<()> {
    if call.signal != 0 && default_action(call.signal).is_none() {
        return Err(SysError::new(
            Errno::EINVAL,
            format!("kill: signal: there is no signal {}", call.signal),
        ));
    }
    let targets = targets(world, caller, call.pid);
    if targets.is_empty() {
        let what = if call.pid < 0 { "process group" } else { "process" };
        return Err(SysError::new(
            Errno::ESRCH,
            format!("there is no {what} {}", call.pid.unsigned_abs()),
        ));
    }
    let may = |world: &World, target: ProcKey| target == caller.key || may_signal(world, caller, target, call.signal);
    let allowed: Vec<ProcKey> = targets.into_iter().filter(|target| may(world, *target)).collect();
    if allowed.is_empty() {
        return Err(SysError::new(
            Errno::EPERM,
            format!("process {} belongs to another user", call.pid),
        ));
    }
    if call.signal != 0 {
        for target in allowed {
            signals::send(world, target, call.signal);
        }
    }
    Ok(Completion::Done(()))
}

/// The processes that a `kill` names, by pid, zombies included.
fn targets(world: &World, caller: &Caller, pid: i64) -> Vec<ProcKey> {
    let node = caller.node();
    let number = |pid: i64| u32::try_from(pid).map(Pid).unwrap_or(Pid(u32::MAX));
    match pid {
        0 => {
            let own = jobs::family(world, caller.key).map_or(Pid(0), |family| family.pgid);
            jobs::members(world, node, own)
        }
        -1 => {
            let init = machine(world, node).init;
            let all = world.resource::<KernelIndex>().processes_of(node);
            all.map(|(pid, _)| ProcKey { node, pid })
                .filter(|key| *key != caller.key && key.pid != init)
                .collect()
        }
        ..-1 => jobs::members(world, node, number(-pid)),
        _ => {
            let key = ProcKey { node, pid: number(pid) };
            let known = world.resource::<KernelIndex>().process(key);
            known.map(|_| key).into_iter().collect()
        }
    }
}

/// Whether the caller may signal another process. SIGCONT goes to everybody of the own session (POSIX `kill`).
fn may_signal(world: &World, caller: &Caller, target: ProcKey, signal: i32) -> bool {
    let entity = world.resource::<KernelIndex>().process(target).expect("listed");
    let other = world
        .get::<Creds>(entity)
        .expect("a process has credentials, even as a zombie");
    let session = |key| jobs::family(world, key).map(|family| family.sid);
    caller.creds(world).may_signal(other) || (signal == SIGCONT && session(caller.key) == session(target))
}

/// Checks the numbers of signals in a call.
///
/// # Errors
/// EINVAL.
pub(super) fn known(call: &str, numbers: Option<Vec<i32>>) -> Result<BTreeSet<i32>, SysError> {
    let numbers = numbers.unwrap_or_default();
    match numbers.iter().find(|number| default_action(**number).is_none()) {
        None => Ok(numbers.into_iter().collect()),
        Some(number) => Err(SysError::new(
            Errno::EINVAL,
            format!("{call}: there is no signal {number}"),
        )),
    }
}

pub(super) fn sigmask(world: &mut World, caller: &Caller, call: Sigmask) -> SysResult<Vec<i32>> {
    let (block, unblock) = (known("sigmask", call.block)?, known("sigmask", call.unblock)?);
    let mut table = world
        .get_mut::<SignalTable>(caller.entity)
        .expect("a process has all its rows");
    let before = table.blocked.iter().copied().collect();
    let certain = |signal: &i32| matches!(*signal, SIGKILL | SIGSTOP);
    table
        .blocked
        .extend(block.into_iter().filter(|signal| !certain(signal)));
    table.blocked.retain(|signal| !unblock.contains(signal));
    signals::send_unblocked(world, caller.key);
    Ok(Completion::Done(before))
}

pub(super) fn sigaction(world: &mut World, caller: &Caller, call: Sigaction) -> SysResult<()> {
    let Sigaction { signal, action } = call;
    if default_action(signal).is_none() {
        return Err(SysError::new(
            Errno::EINVAL,
            format!("sigaction: signal: there is no signal {signal}"),
        ));
    }
    if matches!(signal, SIGKILL | SIGSTOP) {
        return Err(SysError::new(
            Errno::EINVAL,
            "sigaction: SIGKILL and SIGSTOP cannot be caught or ignored",
        ));
    }
    let mut table = world
        .get_mut::<SignalTable>(caller.entity)
        .expect("a process has all its rows");
    let (handled, interrupting, ignored) = match action.as_str() {
        "default" => (false, false, false),
        "ignore" => (false, false, true),
        "handle" => (true, false, false),
        "interrupt" => (true, true, false),
        _ => {
            return Err(SysError::new(
                Errno::EINVAL,
                "sigaction: action: expected default, ignore, handle or interrupt",
            ));
        }
    };
    let table = &mut *table;
    for (set, member) in [
        (&mut table.handled, handled),
        (&mut table.interrupting, interrupting),
        (&mut table.ignored, ignored),
    ] {
        set.remove(&signal);
        set.extend(member.then_some(signal));
    }
    Ok(Completion::Done(()))
}
