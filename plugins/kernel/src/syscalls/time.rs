//! Calls on time, and the withdrawal of waiting calls.

use bevy_ecs::prelude::*;
use helios_abi::calls::{Cancel, Sleep};

use crate::calls;
use crate::syscall::{Caller, Completion, SysResult};
use crate::wait::WaitReason;

pub(super) fn sleep(_: &mut World, caller: &Caller, call: Sleep) -> SysResult<()> {
    if call.ns == 0 || caller.timed_out {
        return Ok(Completion::Done(()));
    }
    Ok(Completion::Pending(WaitReason::until(
        caller.since_ns.saturating_add(call.ns),
    )))
}

pub(super) fn cancel(world: &mut World, caller: &Caller, call: Cancel) -> SysResult<bool> {
    Ok(Completion::Done(calls::cancel(
        world,
        caller.key,
        caller.entity,
        call.call,
    )))
}
