//! Calls by which a program traces another.

use bevy_ecs::prelude::*;
use helios_abi::calls::{TraceAttach, TraceLines, TraceRead};
use helios_abi::{Errno, ProcKey, SysError};

use crate::caps::Scope;
use crate::lifecycle::alive;
use crate::process::{Creds, TraceQueue, Traces};
use crate::syscall::{Caller, Completion, SysResult};
use crate::wait::{WaitKey, WaitReason};

/// Most processes that one traces at a time.
const MAX_TRACED: usize = 16;

pub(super) fn trace_attach(world: &mut World, caller: &Caller, call: TraceAttach) -> SysResult<()> {
    caller.require(world, "proc", "trace", Scope::None)?;
    let target = ProcKey {
        pid: call.pid,
        ..caller.key
    };
    let entity = alive(world, target);
    let entity = entity.ok_or_else(|| SysError::new(Errno::ESRCH, format!("there is no process {}", call.pid)))?;
    let other = world.get::<Creds>(entity).expect("a process has all its rows");
    // Who could not be that program could not read along with it either: a setuid program is root's alone.
    let own = caller.creds(world);
    if target == caller.key
        || !(own.is_root() || (own.may_signal(other) && other.euid == other.uid && own.caps.covers(&other.caps)))
    {
        return Err(SysError::new(
            Errno::EPERM,
            format!("process {} cannot be traced by this one", call.pid),
        ));
    }
    if world
        .get::<Traces>(entity)
        .expect("a process has all its rows")
        .by
        .is_some()
    {
        return Err(SysError::new(
            Errno::EBUSY,
            format!("process {} is traced already", call.pid),
        ));
    }
    let mut traces = world
        .get_mut::<Traces>(caller.entity)
        .expect("a process has all its rows");
    traces.of.retain(|_, queue| !(queue.ended && queue.lines.is_empty()));
    if traces.of.len() >= MAX_TRACED {
        return Err(SysError::new(
            Errno::EAGAIN,
            format!("a process traces at most {MAX_TRACED} others"),
        ));
    }
    traces.of.insert(call.pid, TraceQueue::default());
    world.get_mut::<Traces>(entity).expect("a process has all its rows").by = Some(caller.key.pid);
    Ok(Completion::Done(()))
}

pub(super) fn trace_read(world: &mut World, caller: &Caller, call: TraceRead) -> SysResult<TraceLines> {
    caller.require(world, "proc", "trace", Scope::None)?;
    let traces = world
        .get_mut::<Traces>(caller.entity)
        .expect("a process has all its rows")
        .into_inner();
    let queue = traces.of.get_mut(&call.pid);
    let queue =
        queue.ok_or_else(|| SysError::new(Errno::ESRCH, format!("this process does not trace {}", call.pid)))?;
    if queue.lines.is_empty() && queue.dropped == 0 && !queue.ended {
        return Ok(Completion::Pending(WaitReason::on(WaitKey::Trace(caller.key.pid))));
    }
    let count = queue.lines.len().min(call.max as usize);
    let lines: Vec<String> = queue.lines.drain(..count).collect();
    let (dropped, ended) = (
        std::mem::take(&mut queue.dropped),
        queue.ended && queue.lines.is_empty(),
    );
    if ended {
        traces.of.remove(&call.pid);
    }
    Ok(Completion::Done(TraceLines { lines, dropped, ended }))
}
