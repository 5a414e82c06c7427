//! Calls on the machine itself: what it is, its name, its power, its log.

use bevy_ecs::prelude::*;
use helios_abi::calls::{GetSystemInfo, Klog, SetPower, Sethostname, SystemInfo};
use helios_abi::{Errno, SysError};

use crate::caps::Scope;
use crate::lifecycle::power_off;
use crate::machine::{LOG_LINE_BYTES, Power, log_line, machine, with_machine};
use crate::rows;
use crate::syscall::{Caller, Completion, SysResult};

/// Longest host name, as Linux has it.
const MAX_HOSTNAME_BYTES: usize = 64;

pub(super) fn system_info(world: &mut World, caller: &Caller, _: GetSystemInfo) -> SysResult<SystemInfo> {
    let row = machine(world, caller.node()).clone();
    let since = if let Power::On { since_tick } = row.power {
        since_tick
    } else {
        0
    };
    Ok(Completion::Done(SystemInfo {
        hostname: row.hostname,
        sysname: "Helios".into(),
        release: env!("CARGO_PKG_VERSION").into(),
        uptime_ms: rows::now(world).0.saturating_sub(since),
        memory_bytes: row.memory_bytes,
        memory_used_bytes: crate::memory::used(world, caller.node()),
        gas_per_tick: row.gas_per_tick,
    }))
}

fn require_root(world: &World, caller: &Caller, what: &str) -> Result<(), SysError> {
    if caller.creds(world).is_root() {
        return Ok(());
    }
    Err(SysError::new(Errno::EPERM, format!("only root may {what}")))
}

pub(super) fn sethostname(world: &mut World, caller: &Caller, call: Sethostname) -> SysResult<()> {
    caller.require(world, "sys", "hostname", Scope::None)?;
    require_root(world, caller, "set the host name")?;
    let fits = (1..=MAX_HOSTNAME_BYTES).contains(&call.name.len());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    if !fits || !call.name.bytes().all(plain) || call.name.starts_with(['.', '-']) {
        return Err(SysError::new(
            Errno::EINVAL,
            format!("sethostname: expected 1 to {MAX_HOSTNAME_BYTES} letters, digits, dots and hyphens"),
        ));
    }
    with_machine(world, caller.node(), |machine| machine.hostname = call.name);
    Ok(Completion::Done(()))
}

pub(super) fn power(world: &mut World, caller: &Caller, call: SetPower) -> SysResult<()> {
    caller.require(world, "sys", "power", Scope::None)?;
    require_root(world, caller, "switch the machine off")?;
    let (power, text) = match call.action.as_str() {
        "off" => (Power::Off, "power off"),
        "reboot" => (Power::Starting, "reboot"),
        "halt" => {
            let reason = "halted by its operator".to_owned();
            (Power::Halted { reason }, "halt")
        }
        _ => {
            return Err(SysError::new(
                Errno::EINVAL,
                "power: action: expected off, halt or reboot",
            ));
        }
    };
    log_line(world, caller.node(), text);
    // The caller ends with everybody else: nobody waits for an answer.
    power_off(world, caller.node(), power);
    Ok(Completion::Gone)
}

pub(super) fn klog(world: &mut World, caller: &Caller, call: Klog) -> SysResult<()> {
    caller.require(world, "sys", "log", Scope::None)?;
    let line: String = call
        .text
        .chars()
        .filter(|letter| !letter.is_control())
        .take(LOG_LINE_BYTES)
        .collect();
    log_line(world, caller.node(), line);
    Ok(Completion::Done(()))
}
