//! Calls on signals.

use bevy_ecs::prelude::*;
use helios_abi::calls::{Kill, Sigaction};
use helios_abi::signal::{SIGKILL, SIGSTOP, default_action};
use helios_abi::{Errno, ProcKey, SysError};

use crate::index::KernelIndex;
use crate::process::{Creds, SignalTable};
use crate::signals;
use crate::syscall::{Caller, Completion, SysResult};

pub(super) fn kill(world: &mut World, caller: &Caller, call: Kill) -> SysResult<()> {
    if call.signal != 0 && default_action(call.signal).is_none() {
        return Err(SysError::new(
            Errno::EINVAL,
            format!("kill: signal: there is no signal {}", call.signal),
        ));
    }
    let target = ProcKey {
        pid: helios_abi::Pid(u32::try_from(call.pid).unwrap_or(u32::MAX)),
        ..caller.key
    };
    let entity = world.resource::<KernelIndex>().process(target);
    let entity = entity.ok_or_else(|| SysError::new(Errno::ESRCH, format!("there is no process {}", call.pid)))?;
    let other = world
        .get::<Creds>(entity)
        .expect("a process has credentials, even as a zombie");
    if target != caller.key && !caller.creds(world).may_signal(other) {
        return Err(SysError::new(
            Errno::EPERM,
            format!("process {} belongs to another user", call.pid),
        ));
    }
    if call.signal != 0 {
        signals::send(world, target, call.signal);
    }
    Ok(Completion::Done(()))
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
    let (handled, ignored) = match action.as_str() {
        "default" => (false, false),
        "ignore" => (false, true),
        "handle" => (true, false),
        _ => {
            return Err(SysError::new(
                Errno::EINVAL,
                "sigaction: action: expected default, ignore or handle",
            ));
        }
    };
    table.handled.remove(&signal);
    table.ignored.remove(&signal);
    if handled {
        table.handled.insert(signal);
    }
    if ignored {
        table.ignored.insert(signal);
    }
    Ok(Completion::Done(()))
}
